/** Distances between distributions of scores and metrics: against SciPy, and against what must hold whatever the values. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { lastDayOf, limits, packagePath, present } from "../../data/foundation/index.ts";
import { type PanelSchema, panelFromRows } from "../../data/panel/index.ts";
import type { Policy } from "../../policies/language/index.ts";
import { addDrift, collectDrift, driftColumns, planDrift } from "../../simulations/comparison/drift/collect-drift.ts";
import { pairedDistances } from "../../simulations/comparison/drift/paired-distances.ts";
import { pairedPoints, tenths } from "../../simulations/comparison/drift/paired-values.ts";
import { compare, type Distance, type Drift, type DriftRow } from "../../simulations/comparison/index.ts";
import { replay } from "../../simulations/replay/index.ts";
import { kolmogorovSmirnovLattice, type PointCounts, wasserstein } from "../../simulations/statistics/index.ts";
import { letterPolicy, panelOf } from "./small-market.ts";

const first = 2800;
const policyOf = (measure: "baseline" | "candidate"): Policy => ({
  ...letterPolicy(measure),
  scores: [
    {
      kind: "curve",
      name: "overall",
      title: "Overall",
      round: 6,
      from: { to: "metric", name: "mark" },
      shape: "linear",
      anchors: [
        { x: { kind: "number", value: 0, unit: "number" }, y: { kind: "number", value: 0, unit: "number" } },
        { x: { kind: "number", value: 200, unit: "number" }, y: { kind: "number", value: 200, unit: "number" } },
      ],
    },
  ],
});

/** A market whose entities have these scores under both policies, week by week; undefined: no score. */
function driftOf(
  entities: readonly { readonly baseline: readonly (number | undefined)[]; readonly candidate: readonly (number | undefined)[] }[],
  chunkEntities = 64,
): Drift {
  const weeks = Math.max(...entities.map(({ baseline }) => baseline.length));
  const level = (name: string) => ({ name, kind: "level", unit: "number", decimals: 1, title: name }) as const;
  const schema: PanelSchema = {
    entity: "seller",
    grain: "week",
    firstPeriod: first,
    lastPeriod: first + weeks - 1,
    measures: [level("baseline"), level("candidate")],
    attributes: [],
    events: [],
    outcomes: [],
    assignedTiers: [],
    knownAt: lastDayOf("week", first + weeks - 1),
  };
  const rows = entities.flatMap(({ baseline, candidate }, index) =>
    baseline.map((value, week) => {
      const measures: Record<string, number> = {};
      if (value !== undefined) measures["baseline"] = Math.round(value * 10);
      const other = candidate[week];
      if (other !== undefined) measures["candidate"] = Math.round(other * 10);
      return { entity: `s${String(index).padStart(4, "0")}`, period: first + week, measures };
    }),
  );
  const panel = panelFromRows({ schema, rows, outcomes: [], chunkEntities });
  const { candidates } = compare({ baseline: policyOf("baseline"), candidates: [policyOf("candidate")], panel, seed: 1, replicates: 20 });
  return present(candidates[0]?.drift, "drift");
}

const scores = (drift: Drift): DriftRow =>
  present(
    drift.rows.find(({ isScore, between }) => isScore && between === "policies"),
    "scores",
  );
const valueIn = (distance: Distance) => (distance.kind === "distance" ? distance.value : undefined);

describe("drift, by SciPy", () => {
  const lines = (name: string) =>
    readFileSync(packagePath("test", "comparison", "references", name), "utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .slice(1)
      .map((line) => line.split(","));
  const expected = new Map(lines("drift.csv").map(([name = "", value]) => [name, Number(value)]));
  const row = scores(driftOf(lines("drift-values.csv").map(([a, b]) => ({ baseline: [Number(a)], candidate: [Number(b)] }))));

  for (const name of ["kolmogorovSmirnov", "wasserstein", "jensenShannon", "populationStability"] as const) {
    it(`gives the ${name} distance`, () => {
      expect(valueIn(row[name])).to.be.closeTo(present(expected.get(name), name), 1e-12);
    });
  }

  it("gives the null quantiles of label swaps within entities", () => {
    for (const name of ["kolmogorovSmirnov", "wasserstein"] as const) {
      const found = row[name];
      // Of 199 shuffles, the 190th stands for the quantile: its own error is about a twelfth.
      const wanted = present(expected.get(`${name} null`), name);
      expect(found.kind === "distance" ? found.nullQuantile : 0, name).to.be.within(wanted * 0.85, wanted * 1.15);
    }
    expect(row).to.include({ bins: expected.get("bins"), bits: 52, entities: 240 });
  });

  it("gives the distances of all digits where there are more values than swaps carry whole", () => {
    const index = Array.from({ length: 3000 }, (_, i) => i);
    const spread = index.map((i) => (i * 7919) % 100_003);
    const { counts, bits, exact } = pairedPoints(
      Float64Array.from(spread, (value) => value / 997),
      Float64Array.from(spread, (value, i) => value / 1013 + ((i * 31) % 101) / 37),
    );
    expect(bits).to.be.below(52);
    const kolmogorovSmirnov = (of: PointCounts): number => kolmogorovSmirnovLattice(of, "both") / 3000 ** 2;
    const found = pairedDistances(counts, { wasserstein, kolmogorovSmirnov }, { draws: 19, seed: 1, level: 0.95 }, { exact });
    for (const name of ["wasserstein", "kolmogorovSmirnov"] as const)
      expect(valueIn(found[name]), name).to.be.closeTo(present(expected.get(`${name} of many`), name), 1e-12);
  });
});

describe("drift", () => {
  const value = fc.option(
    fc.integer({ min: 0, max: 1000 }).map((tenth) => tenth / 10),
    { nil: undefined, freq: 8 },
  );
  const market = fc.array(
    fc.record({ baseline: fc.array(value, { minLength: 3, maxLength: 3 }), candidate: fc.array(value, { minLength: 3, maxLength: 3 }) }),
    {
      minLength: 1,
      maxLength: 20,
    },
  );

  it("is the same bytes whatever the chunks", () => {
    fc.assert(
      fc.property(market, (entities) => {
        expect(driftOf(entities, 3)).to.deep.equal(driftOf(entities));
      }),
      { numRuns: 10 },
    );
  });

  it("between a policy and itself has nothing to swap, and no distance is stated", () => {
    fc.assert(
      fc.property(market, (entities) => {
        const drift = driftOf(entities.map(({ baseline }) => ({ baseline, candidate: baseline })));
        const row = drift.rows.find(({ isScore, between }) => isScore && between === "policies");
        if (row === undefined) return;
        for (const distance of [row.kolmogorovSmirnov, row.wasserstein, row.jensenShannon, row.populationStability])
          expect(distance.kind).to.equal("undetermined");
        expect(drift.unchanged.length + drift.rows.length).to.be.greaterThan(0);
      }),
      { numRuns: 10 },
    );
  });

  it("says that entities differ also where all differences lie below the digits that swaps carry", () => {
    const { rows } = driftOf(
      Array.from({ length: 1100 }, (_, index) => {
        const value = 8000 + 3 * index;
        return { baseline: [value], candidate: [index % 2 === 0 ? value + 0.1 : value] };
      }),
    );
    const row = present(
      rows.find(({ isScore, between }) => !isScore && between === "policies"),
      "the metric",
    );
    expect(row.bits).to.be.below(52);
    expect(row.differing).to.equal(550);
    const reason = "550 differ, all of them by less than the binary digits that swaps carry";
    for (const distance of [row.kolmogorovSmirnov, row.wasserstein]) expect(distance).to.deep.include({ kind: "undetermined", reason });
  });

  it("swapped, keeps its distances on the scale and turns its medians", () => {
    fc.assert(
      fc.property(market, (entities) => {
        const swapped = entities.map(({ baseline, candidate }) => ({ baseline: candidate, candidate: baseline }));
        const [there, back] = [driftOf(entities), driftOf(swapped)].map((drift) =>
          drift.rows.find(({ isScore, between }) => isScore && between === "policies"),
        );
        if (there === undefined || back === undefined) return;
        expect(valueIn(back.kolmogorovSmirnov)).to.equal(valueIn(there.kolmogorovSmirnov));
        expect(back.medians).to.deep.equal(there.medians === undefined ? undefined : [there.medians[1], there.medians[0]]);
        expect([back.firstOnly, back.secondOnly]).to.deep.equal([there.secondOnly, there.firstOnly]);
      }),
      { numRuns: 10 },
    );
  });

  it("follows those who are there at both dates, and counts the others", () => {
    const drift = driftOf([
      { baseline: [10, 20, 30, 40, 50], candidate: [10, 20, 30, 40, 50] },
      { baseline: [10, 20], candidate: [10, 20] },
      { baseline: [undefined, undefined, undefined, undefined, 70], candidate: [1, 1, 1, 1, 1] },
    ]);
    const dates = present(
      drift.rows.find(({ isScore, between, version }) => isScore && between === "dates" && version === "1.0.0"),
      "dates",
    );
    expect(dates).to.include({ from: "2023-09-10", to: "2023-10-01", entities: 1, firstOnly: 1, secondOnly: 1 });
    expect(dates.medians).to.deep.equal([20, 50]);
    const at = drift.spread.filter(({ version }) => version === "1.0.0").map(({ at: day, scored, missing }) => [day, scored, missing]);
    expect(at).to.deep.equal([
      ["2023-09-03", 2, 1],
      ["2023-09-10", 2, 1],
      ["2023-09-17", 1, 1],
      ["2023-09-24", 1, 1],
      ["2023-10-01", 2, 0],
    ]);
  });
});

describe("which entities are looked at", () => {
  const policies = [policyOf("baseline"), policyOf("candidate")];
  const range = { from: first, to: first };
  const panelWith = (chunkEntities: number) =>
    panelOf({
      sellers: Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`s${at}`, { baseline: "g", candidate: "s" }])),
      chunkEntities,
    });
  const chosen = (entityCount: number, chunkEntities: number) => {
    const plan = planDrift(policies, range, entityCount);
    const columns = driftColumns(plan, 2);
    replay({ policies, panel: panelWith(chunkEntities), visit: (chunk, frames) => addDrift(columns, collectDrift(plan, chunk, frames)) });
    return { every: plan.every, count: columns.count };
  };

  it("is all of them up to the limit", () => {
    expect(chosen(limits.driftEntities.value, 50)).to.deep.equal({ every: 1, count: 300 });
  });

  it("is about one in so many above it, the same ones whatever the chunks", () => {
    const found = chosen(3 * limits.driftEntities.value, 50);
    expect(found.every).to.equal(3);
    expect(found.count).to.be.within(70, 130);
    expect(chosen(3 * limits.driftEntities.value, 7)).to.deep.equal(found);
  });

  it("looks at numbers only, the baseline's metrics first, each name once", () => {
    const [mark] = policyOf("baseline").metrics;
    const more = { ...policyOf("candidate"), metrics: [present(mark, "a metric"), { ...present(mark, "a metric"), name: "other" }] };
    expect(planDrift([policyOf("baseline"), more], range, 1).metrics.map(({ name }) => name)).to.deep.equal(["mark", "other"]);
  });
});

describe("pairs of values", () => {
  const numbers = fc.array(
    fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.double({ noNaN: true, noDefaultInfinity: true })),
    {
      minLength: 1,
      maxLength: 60,
    },
  );
  const split = (pairs: readonly (readonly [number, number])[]) =>
    [0, 1].map((side) => Float64Array.from(pairs, (pair) => present(pair[side], "a value"))) as [Float64Array, Float64Array];

  it("are exact while there are few", () => {
    fc.assert(
      fc.property(numbers, (pairs) => {
        const { counts, bits } = pairedPoints(...split(pairs));
        expect(bits).to.equal(52);
        expect(Array.from(counts.points)).to.deep.equal([...new Set(pairs.flat().map((one) => one + 0))].sort((a, b) => a - b));
        expect(counts.pairs.reduce((sum, { count }) => sum + count, 0)).to.equal(pairs.length);
      }),
    );
  });

  it("lose bits when there are many: fewer points, in the same order, each moved by less than its last bit", () => {
    const values = Array.from({ length: 5000 }, (_, at) => [1000 + at * 1.37, -at / 7] as const);
    const { counts, bits } = pairedPoints(...split(values));
    expect(counts.points.length).to.be.within(100, 1024);
    const largest = present(counts.points.at(-1), "a point");
    const real = 1000 + 4999 * 1.37;
    expect((real - largest) / real).to.be.within(0, 2 ** -bits);
  });

  it("fall into bins that hold a tenth of the first side each, all of them somewhere", () => {
    fc.assert(
      fc.property(numbers, (pairs) => {
        const table = tenths(...split(pairs));
        expect(table.flat().reduce((sum, count) => sum + count, 0)).to.equal(pairs.length);
        expect(table.length).to.be.at.most(11);
      }),
    );
    const even = tenths(...split(Array.from({ length: 100 }, (_, at) => [at, at] as const)));
    expect(even.map((row, bin) => row[bin])).to.deep.equal(Array.from({ length: 10 }, () => 10));
    // However many values there are: none is cut off for the bins.
    const many = tenths(...split(Array.from({ length: 20_000 }, (_, at) => [Math.sqrt(2 + at), Math.sqrt(3 + at)] as const)));
    expect(many.map((row) => row.reduce((sum, count) => sum + count, 0))).to.deep.equal([...Array.from({ length: 10 }, () => 2_000), 0]);
    expect(many.map((_, bin) => many.reduce((sum, row) => sum + (row[bin] ?? 0), 0))).to.deep.equal([
      1_999,
      ...Array.from({ length: 9 }, () => 2_000),
      1,
    ]);
  });
});
