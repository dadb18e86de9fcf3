/** The check against tiers really assigned: tables and classes by hand, kappa against R and by simulation, and the laws. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { packagePath } from "../../data/foundation/index.ts";
import { type Assigned, compare } from "../../simulations/comparison/index.ts";
import { clusteredAgreement } from "../../simulations/statistics/index.ts";
import { letterPolicy, panelOf, type SmallMarket, type SmallSeller } from "./small-market.ts";

function assignedOf(market: SmallMarket): Assigned | undefined {
  return compare({
    baseline: letterPolicy("baseline"),
    candidates: [letterPolicy("candidate")],
    panel: panelOf(market),
    seed: 1,
    replicates: 20,
  }).assigned;
}

const seller = (baseline: string, assigned: string): SmallSeller => ({ baseline, candidate: baseline, assigned });
const classesOf = (found: Assigned | undefined) =>
  Object.fromEntries((found?.classes ?? []).flatMap(({ name, entityPeriods }) => (entityPeriods === 0 ? [] : [[name, entityPeriods]])));

describe("tiers really assigned beside the replay", () => {
  it("are counted by assigned and replayed tier, over the range and at its end", () => {
    const found = assignedOf({ sellers: { a: seller("ggs", "gss"), b: seller("www", "-ww"), c: seller("rru", "rr-") } });
    expect(found?.range).to.deep.include({
      rows: ["gold", "standard", "watch", "restricted", "unrated"],
      columns: ["gold", "standard", "watch", "restricted", "unrated"],
      total: 7,
      agreeing: 6,
    });
    expect(found?.range.counts[1]).to.deep.equal([1, 1, 0, 0, 0]);
    expect([found?.end?.total, found?.end?.agreeing]).to.deep.equal([2, 2]);
    expect(assignedOf({ sellers: { a: { baseline: "gg", candidate: "gg" } } })).to.equal(undefined);
  });

  it("part in classes: a little earlier or later, one step, further, and what the one did not know", () => {
    expect(classesOf(assignedOf({ sellers: { a: seller("ggggss", "ggssss") } }))).to.deep.equal({ timing: 2 });
    expect(classesOf(assignedOf({ sellers: { a: seller("gggggg", "ssgggg") } }))).to.deep.equal({ step: 2 });
    expect(classesOf(assignedOf({ sellers: { a: seller("gggggg", "gggggr") } }))).to.deep.equal({ rule: 1 });
    expect(classesOf(assignedOf({ sellers: { a: seller("uugggg", "gggggg") } }))).to.deep.equal({ data: 2 });
    expect(classesOf(assignedOf({ sellers: { a: seller("ggguuu", "ggguug"), b: seller("gw", "gu") } }))).to.deep.equal({ data: 2 });
  });

  it("are known to start or to movement where the replay merits them and holds another", () => {
    const slow = {
      ...letterPolicy("baseline"),
      movement: { evaluate: { kind: "every", unit: "week" }, promote: { after: 1 }, demote: { after: 3 } },
    } as const;
    const panel = panelOf({ sellers: { a: seller("ggwwwww", "ggwwwww") } });
    const { assigned } = compare({ baseline: slow, candidates: [slow], panel, seed: 1, replicates: 20 });
    expect(classesOf(assigned)).to.deep.equal({ start: 2 });
    const later = panelOf({ sellers: { a: seller("ssggwwwww", "ssggwwwww") } });
    expect(classesOf(compare({ baseline: slow, candidates: [slow], panel: later, seed: 1, replicates: 20 }).assigned)).to.deep.equal({
      movement: 2,
    });
  });

  it("sum to all that disagree, whatever the chunks", () => {
    const letters = (length: number) => fc.string({ unit: fc.constantFrom("g", "s", "w", "r", "u"), minLength: length, maxLength: length });
    const pair = fc.tuple(letters(7), letters(7), fc.nat(6)).map(([baseline, assigned, gap]) => ({
      baseline,
      candidate: baseline,
      assigned: `${assigned.slice(0, gap)}-${assigned.slice(gap + 1)}`,
    }));
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 9 }), fc.integer({ min: 1, max: 4 }), (list, chunkEntities) => {
        const sellers = Object.fromEntries(list.map((one, index) => [`s${index}`, one]));
        const found = assignedOf({ sellers });
        const { total = 0, agreeing = 0, counts = [] } = found?.range ?? {};
        expect(found?.classes.reduce((sum, { entityPeriods }) => sum + entityPeriods, 0)).to.equal(total - agreeing);
        expect(counts.flat().reduce((sum, count) => sum + count, 0)).to.equal(total);
        expect(assignedOf({ sellers, chunkEntities })).to.deep.equal(found);
        expect(JSON.parse(JSON.stringify(found))).to.deep.equal(found);
      }),
      { numRuns: 25 },
    );
  });
});

describe("agreement of clustered units", () => {
  it("has the kappa and the error that R computes from the long data", () => {
    const reference = JSON.parse(readFileSync(packagePath("test", "comparison", "references", "clustered-kappa.json"), "utf8")) as Readonly<
      Record<"units" | "kappa" | "standardError" | "jackknife" | "tQuantile", number>
    >;
    let state = 7;
    const draw = (n: number): number => {
      state = (state * 1103 + 12345) % 65536;
      return Math.floor((state / 65536) * n);
    };
    const clusters: [number, number][][] = [];
    for (let entity = 0; entity < 40; entity++) {
      const units: [number, number][] = [];
      const count = 3 + draw(9);
      for (let unit = 0; unit < count; unit++) {
        const a = draw(3);
        units.push([a, draw(10) < 6 ? a : draw(4)]);
      }
      clusters.push(units);
    }
    const { kappa } = agreementOf(clusters, { rows: 3, columns: 4, matched: [0, 1, -1] });
    if (kappa.kind !== "estimate" || kappa.interval === undefined) throw new Error("no estimate");
    expect(kappa.n).to.equal(reference.units);
    expect(kappa.value).to.be.closeTo(reference.kappa, 1e-12);
    expect(kappa.standardError).to.be.closeTo(reference.standardError, 1e-8);
    expect(kappa.standardError).to.be.closeTo(reference.jackknife, 0.05 * reference.jackknife);
    expect(kappa.interval.upper - kappa.value).to.be.closeTo(reference.tQuantile * reference.standardError, 1e-8);
  });

  it("is 1 for full agreement, 0 for independent margins, and the same when the two are swapped", () => {
    const full = agreementOf([[[0, 0]], [[1, 1]], [[1, 1]]], { rows: 2, columns: 2, matched: [0, 1] });
    expect([full.kappa.kind === "estimate" && full.kappa.value, full.share.kind === "estimate" && full.share.value]).to.deep.equal([1, 1]);
    const chance = agreementOf([[[0, 0]], [[0, 1]], [[1, 0]], [[1, 1]]], { rows: 2, columns: 2, matched: [0, 1] });
    expect(chance.kappa.kind === "estimate" && chance.kappa.value).to.equal(0);
    expect(agreementOf([[[0, 0]], [[0, 0]]], { rows: 2, columns: 2, matched: [0, 1] }).kappa.kind).to.equal("undetermined");
    const units: [number, number][][] = [
      [
        [0, 1],
        [1, 1],
        [0, 0],
      ],
      [
        [1, 0],
        [1, 1],
      ],
      [[0, 0]],
    ];
    const swapped = units.map((cluster) => cluster.map(([a, b]): [number, number] => [b, a]));
    const [there, back] = [units, swapped].map((one) => agreementOf(one, { rows: 2, columns: 2, matched: [0, 1] }).kappa);
    if (there?.kind !== "estimate" || back?.kind !== "estimate") throw new Error("no estimate");
    expect(back.value).to.be.closeTo(there.value, 1e-12);
    expect(back.standardError).to.be.closeTo(there.standardError ?? 0, 1e-12);
  });
});

function agreementOf(
  clusters: readonly (readonly (readonly [number, number])[])[],
  { rows, columns, matched }: { readonly rows: number; readonly columns: number; readonly matched: readonly number[] },
) {
  const table = Array.from({ length: rows }, () => Array.from({ length: columns }, () => 0));
  const side = 1 + rows + columns;
  const moments = new Float64Array(side * side);
  for (const cluster of clusters) {
    const features = new Float64Array(side);
    for (const [a, b] of cluster) {
      const cells = table[a] ?? [];
      cells[b] = (cells[b] ?? 0) + 1;
      for (const place of [...(matched[a] === b ? [0] : []), 1 + a, 1 + rows + b]) features[place] = (features[place] ?? 0) + 1;
    }
    for (const [i, left] of features.entries())
      for (const [j, right] of features.entries()) moments[i * side + j] = (moments[i * side + j] ?? 0) + left * right;
  }
  return clusteredAgreement({ table, matched, moments, clusters: clusters.length, level: 0.95 });
}
