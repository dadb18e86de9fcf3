/** Criteria as they are written: what they say, where a fault is, and how it is cured. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { parse } from "yaml";
import { type Diagnostic, limits, packagePath } from "../../data/foundation/index.ts";
import { criterionFigures, readCriteriaFile, readCriteriaLines, resolveCriteria } from "../../simulations/comparison/index.ts";
import { panelOf, source } from "./small-market.ts";

interface FaultyRow {
  readonly code: string;
  readonly at: string;
  readonly why: string;
  readonly near?: string;
  readonly line: string;
}

const rows = parse(readFileSync(packagePath("test", "comparison", "faulty-criteria.yaml"), "utf8")) as readonly FaultyRow[];
const placed = ({ place, code }: Diagnostic) => `${place?.line}:${place?.column} ${code}`;

describe("criteria as they are written", () => {
  for (const row of rows) {
    it(`refuses ${row.why} (${row.code} at ${row.at})`, () => {
      const { criteria, diagnostics } = readFile(row.line);
      expect(diagnostics.map(placed)).to.deep.equal([`${row.at} ${row.code}`]);
      expect(criteria).to.deep.equal([]);
      expect(diagnostics[0]?.cure).to.match(/[.?]$/);
      if (row.near !== undefined) expect(diagnostics[0]?.near).to.equal(row.near);
    });
  }

  it("refuses a file of another programme, a file without a criterion, and too many", () => {
    const read = (text: string) => readCriteriaFile({ text, file: "criteria.yaml", programme: "shop" }).diagnostics.map(placed);
    expect(read("programme: other\ncriteria: [movers at most 3 %]\n")).to.deep.equal(["1:12 cases-mismatch"]);
    expect(read("programme: shop\ncriteria: []\n")).to.deep.equal(["2:11 missing-key"]);
    expect(read("programme: shop\nguards: [movers at most 3 %]\n").join()).to.contain("2:1 unknown-key");
    const many = Array.from({ length: limits.criteria.value + 1 }, (_, index) => `movers at most ${index} %`);
    expect(readCriteriaLines(many, "--criteria").diagnostics.map(({ code }) => code)).to.deep.equal(["limit-exceeded"]);
  });

  it("reads figure, segment, side and bound; a hyphen may be left out", () => {
    const { criteria, diagnostics } = readCriteriaLines(
      [
        "movers at most 3 %",
        "",
        "false positive change at most 0.3 points",
        "newly adverse of small sellers at most 1.2 x overall",
        "miss change at most -0.1 points",
        "worst segment ratio at most 1.5 x",
        "whiplash at most 1 x baseline",
        "released of 'far south' at least 0.5 %",
      ],
      "form",
    );
    expect(diagnostics).to.deep.equal([]);
    expect(
      criteria.map(({ figure, segment, operator, bound, place }) => [figure, segment?.value, operator, bound, place.line]),
    ).to.deep.equal([
      ["movers", undefined, "at most", { kind: "share", value: 0.03 }, 1],
      ["false-positive change", undefined, "at most", { kind: "points", value: 0.003 }, 3],
      ["newly adverse", "small", "at most", { kind: "overall", value: 1.2 }, 4],
      ["miss change", undefined, "at most", { kind: "points", value: -0.001 }, 5],
      ["worst segment ratio", undefined, "at most", { kind: "overall", value: 1.5 }, 6],
      ["whiplash", undefined, "at most", { kind: "baseline", value: 1 }, 7],
      ["released", "far south", "at least", { kind: "share", value: 0.005 }, 8],
    ]);
  });

  it("every figure can be written with a bound that it takes", () => {
    const bounds = { share: "3 %", points: "0.3 points", overall: "1.2 x overall", baseline: "1.2 x baseline" } as const;
    for (const [figure, rule] of Object.entries(criterionFigures)) {
      for (const kind of rule.bounds) {
        const line = `${figure}${kind === "overall" && rule.ofSegment ? " of small" : ""} at most ${bounds[kind]}`;
        expect(readCriteriaLines([line], "form").diagnostics, line).to.deep.equal([]);
      }
    }
  });

  it("never throws, whatever is typed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom("movers", "at", "most", "of", "3 %", "'", "x", "-")), { maxLength: 8 }),
        (words) => {
          const { criteria, diagnostics } = readCriteriaLines([words.join(" ")], "form");
          expect(criteria.length + diagnostics.length + (words.join("").trim() === "" ? 1 : 0)).to.be.at.least(1);
        },
      ),
    );
  });
});

describe("criteria on a dataset", () => {
  const panel = panelOf({ sellers: { a: { baseline: "gg", candidate: "gw", state: "SP" } }, sources: [source("bad")] });
  const resolve = (line: string, schema = panel.schema) => resolveCriteria(readCriteriaLines([line], "form").criteria, schema);

  it("know a size band and a value of an attribute, and suggest the near one", () => {
    expect(resolve("movers of small at most 3 %").criteria[0]?.who.kind).to.equal("size");
    expect(resolve("movers of SP at most 3 %").criteria[0]?.who).to.include({ kind: "attribute", name: "state" });
    const { diagnostics } = resolve("movers of smal at most 3 %");
    expect(diagnostics.map(({ code, near }) => [code, near])).to.deep.equal([["unknown-value", "small"]]);
  });

  it("refuse figures that the dataset cannot give", () => {
    const { gmvMeasure: _, ...withoutGmv } = panel.schema;
    expect(resolve("gmv at stake at most 3 %", withoutGmv).diagnostics.map(placed)).to.deep.equal(["1:1 criterion-unfit"]);
    const { diagnostics } = resolve("false-positive change at most 1 points", { ...panel.schema, outcomes: [] });
    expect(diagnostics.map(placed)).to.deep.equal(["1:1 criterion-unfit"]);
  });
});

function readFile(line: string) {
  return readCriteriaFile({
    text: `programme: shop\ncriteria:\n  - movers at most 1 %\n  - ${line}\n`,
    file: "criteria.yaml",
    programme: "shop",
  });
}
