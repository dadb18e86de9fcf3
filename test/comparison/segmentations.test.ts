/** What entities are parted by is chosen; who is replayed and counted is not. */
import { expect } from "chai";
import { type Comparison, compare, readCriteriaLines, resolveCriteria, segmentationsOf } from "../../simulations/comparison/index.ts";
import { demoMarket, libraryPolicy } from "./demo-market.ts";

describe("segmentations of a comparison", () => {
  let market: Awaited<ReturnType<typeof demoMarket>>;
  let all: Comparison;
  const ask = (segments?: readonly string[]): Comparison =>
    compare({
      baseline: libraryPolicy("seller-performance@1.0.0"),
      candidates: [libraryPolicy("seller-performance@2.0.0")],
      panel: market.panel,
      seed: 1,
      replicates: 200,
      studies: false,
      ...(segments === undefined ? {} : { segments }),
    });
  const candidateOf = (comparison: Comparison) => {
    const [candidate] = comparison.candidates;
    if (candidate === undefined) throw new Error("no candidate");
    return candidate;
  };

  before(async () => {
    market = await demoMarket({ sellers: 300, weeks: 40 });
    all = ask();
  });
  after(() => market.remove());

  it("are the text attributes, size and age of a panel", () => {
    const { schema } = market.panel;
    expect(segmentationsOf(schema)).to.deep.equal(["region", "category", "size", "age"]);
    const { ordersMeasure: _, ...without } = schema;
    expect(segmentationsOf(without)).to.deep.equal(["region", "category", "age"]);
    expect([...new Set(candidateOf(all).segments.map(({ segment }) => segment))]).to.deep.equal(segmentationsOf(schema));
    expect(candidateOf(all).fairness?.segmentations.map(({ segment }) => segment)).to.deep.equal(segmentationsOf(schema));
  });

  it("are the same groups, with the same counts, for who bears the change and for fairness", () => {
    const { segments, fairness } = candidateOf(all);
    const fair = fairness?.segmentations.flatMap(({ segment, groups }) =>
      groups
        .filter(({ entities }) => entities > 0)
        .map(({ value, entities, rated, counts }) => [segment, value, entities, rated, counts.newlyAdverse, counts.released]),
    );
    const borne = segments
      .filter(({ entities }) => entities > 0)
      .map(({ segment, value, entities, rated, newlyAdverse, released }) => [segment, value, entities, rated, newlyAdverse, released]);
    expect(borne).to.deep.equal(fair);
    expect(borne.some(([segment]) => segment === "age")).to.equal(true);
  });

  for (const chosen of [["region"], ["size"], ["age"], ["region", "size"]])
    it(`chosen as ${chosen.join(" and ")}: those groups as they are among all, and not a figure of everyone is another`, () => {
      const some = ask(chosen);
      const [{ segments, fairness, ...rest }, { segments: allSegments, fairness: allFairness, ...allRest }] = [
        candidateOf(some),
        candidateOf(all),
      ];
      expect(rest).to.deep.equal(allRest);
      expect(some.panel).to.deep.equal(all.panel);
      expect(some.baseline).to.deep.equal(all.baseline);
      expect(segments).to.deep.equal(allSegments.filter(({ segment }) => chosen.includes(segment)));
      expect(fairness?.all).to.deep.equal(allFairness?.all);
      expect(fairness?.segmentations.map(({ segment }) => segment)).to.deep.equal(chosen);
      const counts = (of: typeof fairness) =>
        of?.segmentations.filter(({ segment }) => chosen.includes(segment)).map(({ groups }) => groups.map((group) => group.counts));
      expect(counts(fairness)).to.deep.equal(counts(allFairness));
      expect(fairness?.family["newly-adverse"]).to.be.below(allFairness?.family["newly-adverse"] ?? 0);
      expect(some.provenance).to.deep.equal({ ...all.provenance, segments: chosen });
    });

  it("are what a criterion of a segment needs", () => {
    const { schema } = market.panel;
    const { criteria } = readCriteriaLines(["movers of small at most 9 %", "movers of West at most 9 %"], "form");
    const read = (segments?: readonly string[]) => resolveCriteria(criteria, schema, segments).diagnostics;
    expect(read()).to.deep.equal([]);
    const [fault, ...others] = read(["size"]);
    expect(others).to.deep.equal([]);
    expect(fault).to.deep.include({ code: "criterion-unfit", found: "region", expected: "size" });
    expect(fault?.place).to.deep.include({ file: "form", line: 2 });
  });
});
