/** Laws of a comparison: null reform, antisymmetry, additivity, order, determinism, plain JSON. */
import { expect } from "chai";
import fc from "fast-check";
import { type CandidateComparison, type Comparison, compare } from "../../simulations/comparison/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import { label, letterPolicy, panelOf, type SmallMarket, type SmallSeller, source } from "./small-market.ts";

const periods = 6;

const letters = (length: number) => fc.string({ unit: fc.constantFrom("g", "s", "w", "r", "u"), minLength: length, maxLength: length });

const seller: fc.Arbitrary<SmallSeller> = fc.tuple(fc.nat(periods - 2), fc.nat(periods - 2)).chain(([first, spare]) => {
  const length = Math.max(1, periods - first - spare);
  return fc.record({
    baseline: letters(length),
    candidate: letters(length),
    first: fc.constant(first),
    gmv: fc.array(fc.nat(1_000_000), { minLength: length, maxLength: length }),
    orders: fc.array(fc.nat(300), { minLength: length, maxLength: length }),
    state: fc.constantFrom("SP", "RJ"),
  });
});

const market: fc.Arbitrary<SmallMarket> = fc
  .record({
    sellers: fc.array(seller, { minLength: 1, maxLength: 14 }),
    harmful: fc.array(fc.constantFrom(-1, 0, 1, 2), { minLength: 14, maxLength: 14 }),
  })
  .map(({ sellers, harmful }) => {
    const named = sellers.map((one, index) => [`s${String(index).padStart(2, "0")}`, one] as const);
    return {
      sellers: Object.fromEntries(named),
      periods,
      sources: [source("bad", { horizonDays: 7, lagDays: 7 })],
      outcomes: named.flatMap(([entity], index) => (harmful[index] === 2 ? [] : [label(entity, "bad", periods - 3, harmful[index] ?? 0)])),
    };
  });

function run(small: SmallMarket, swapped = false, seed = 3): Comparison {
  const [baseline, candidate] = [letterPolicy("baseline"), letterPolicy("candidate")];
  return compare({
    baseline: swapped ? candidate : baseline,
    candidates: [swapped ? baseline : candidate],
    panel: panelOf(small),
    seed,
    replicates: 40,
  });
}

function first(comparison: Comparison): CandidateComparison {
  const [candidate] = comparison.candidates;
  if (candidate === undefined) throw new Error("no candidate");
  return candidate;
}

function numberIn(estimated: Estimated | undefined): number | undefined {
  return estimated?.kind === "estimate" ? estimated.value : undefined;
}

function intervalIn(estimated: Estimated | undefined): { lower: number; upper: number } | undefined {
  if (estimated?.kind !== "estimate" || estimated.interval === undefined) return undefined;
  const { lower, upper } = estimated.interval;
  return { lower, upper };
}

function negative(value: number | undefined): number | undefined {
  return value === undefined ? undefined : 0 - value;
}

describe("laws of the comparison", () => {
  it("a policy against itself moves nobody, and every delta and bound is exactly 0", () => {
    fc.assert(
      fc.property(market, (small) => {
        const panel = panelOf(small);
        const { movement, range, gmv, errors, newlyAdverse, released } = first(
          compare({ baseline: letterPolicy("baseline"), candidates: [letterPolicy("baseline")], panel, seed: 3, replicates: 20 }),
        );
        expect(movement.movers + newlyAdverse + released + range.everDiffered + range.afterFirstDivergence).to.equal(0);
        expect(numberIn(gmv?.atStake) ?? 0).to.equal(0);
        for (const table of errors) {
          expect(numberIn(table.falsePositiveChange) ?? 0).to.equal(0);
          expect(numberIn(table.falsePositiveChangeBounds.lower) ?? 0).to.equal(0);
          expect(numberIn(table.falsePositiveChangeBounds.upper) ?? 0).to.equal(0);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("swapping the policies transposes matrices, swaps directions and flips signed differences", () => {
    fc.assert(
      fc.property(market, (small) => {
        const [there, back] = [first(run(small)), first(run(small, true))];
        expect(back.movement.matrix).to.deep.equal(
          there.movement.columns.map((_, column) => there.movement.matrix.map((row) => row[column])),
        );
        expect([back.movement.up, back.movement.intoUnrated, back.newlyAdverse]).to.deep.equal([
          there.movement.down,
          there.movement.outOfUnrated,
          there.released,
        ]);
        expect(numberIn(back.gmv?.lower)).to.equal(numberIn(there.gmv?.higher));
        expect(numberIn(back.gmv?.atStake)).to.equal(numberIn(there.gmv?.atStake));
        for (const [index, table] of there.errors.entries()) {
          const other = back.errors[index];
          expect(numberIn(other?.falsePositiveChange)).to.equal(negative(numberIn(table.falsePositiveChange)));
          const [ours, theirs] = [intervalIn(table.falsePositiveChange), intervalIn(other?.falsePositiveChange)];
          expect(theirs).to.deep.equal(ours === undefined ? undefined : { lower: negative(ours.upper), upper: negative(ours.lower) });
          expect(numberIn(other?.falsePositiveChangeBounds.lower)).to.equal(negative(numberIn(table.falsePositiveChangeBounds.upper)));
        }
      }),
      { numRuns: 15 },
    );
  });

  it("parts sum to the whole: movers, segments, GMV, distributions, coverage", () => {
    fc.assert(
      fc.property(market, (small) => {
        const comparison = run(small);
        const { movement, segments, gmv, errors, distribution } = first(comparison);
        expect(movement.up + movement.down + movement.intoUnrated + movement.outOfUnrated).to.equal(movement.movers);
        expect(movement.matrix.flat().reduce((sum, cell) => sum + cell, 0)).to.equal(comparison.panel.entitiesAtEnd);
        for (const name of ["state", "size"]) {
          const rows = segments.filter(({ segment }) => segment === name);
          expect(rows.reduce((sum, row) => sum + row.entities, 0)).to.equal(comparison.panel.entitiesAtEnd);
          expect(rows.reduce((sum, row) => sum + row.gmv, 0)).to.equal(gmv?.total);
        }
        expect((numberIn(gmv?.lower) ?? 0) + (numberIn(gmv?.higher) ?? 0) + (numberIn(gmv?.other) ?? 0)).to.equal(
          numberIn(gmv?.atStake) ?? 0,
        );
        for (const [index, period] of distribution.entries()) {
          const entities = (tiers: (typeof period)["tiers"]) => Object.values(tiers).reduce((sum, tier) => sum + tier.entities, 0);
          expect(entities(period.tiers)).to.equal(entities(comparison.baseline.distribution[index]?.tiers ?? {}));
        }
        for (const table of errors) {
          expect(table.coverage.reduce((sum, group) => sum + group.entities, 0)).to.equal(table.inFrame);
          expect(table.unlabelled.reduce((sum, group) => sum + group.entities, 0)).to.equal(table.inFrame - table.labelled);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("bounds contain the labelled-only rate", () => {
    fc.assert(
      fc.property(market, (small) => {
        for (const table of first(run(small)).errors) {
          for (const [index, { estimate }] of table.candidate.rates.entries()) {
            const value = numberIn(estimate);
            if (value === undefined) continue;
            expect(numberIn(table.candidate.bounds[index]?.lower)).to.be.at.most(value);
            expect(numberIn(table.candidate.bounds[index]?.upper)).to.be.at.least(value);
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  it("is the same bytes whatever the chunks, and whatever order the rows came in", () => {
    fc.assert(
      fc.property(market, fc.integer({ min: 1, max: 5 }), (small, chunkEntities) => {
        const reversed = { ...small, sellers: Object.fromEntries(Object.entries(small.sellers).reverse()) };
        const text = (comparison: Comparison) => JSON.stringify({ ...comparison, panel: { ...comparison.panel, digest: "" } });
        expect(text(run({ ...reversed, chunkEntities }))).to.equal(text(run(small)));
      }),
      { numRuns: 15 },
    );
  });

  it("survives JSON unchanged: plain numbers, no NaN, no null, no bigint", () => {
    fc.assert(
      fc.property(market, (small) => {
        const comparison = run(small);
        expect(JSON.parse(JSON.stringify(comparison))).to.deep.equal(comparison);
        expect(JSON.stringify(comparison)).to.not.match(/[:,[]null\b/);
      }),
      { numRuns: 15 },
    );
  });
});
