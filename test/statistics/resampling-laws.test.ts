/** Laws of resampling: same seed same bytes, order irrelevant, scale and shift, interval and p agree, and what has no answer. */
import { expect } from "chai";
import fc from "fast-check";
import { randomStream } from "../../data/foundation/index.ts";
import {
  type Alternative,
  type BootstrapMethod,
  bootstrap,
  bootstrapDifference,
  type Found,
  percentileBounds,
  permutationTest,
  poissonBootstrapRatio,
  quantileOf,
  replicateQuantiles,
} from "../../simulations/statistics/index.ts";
import { endsOf, excludes, findingOf, testOf } from "./finding-parts.ts";

const alternatives = fc.constantFrom<Alternative>("two-sided", "less", "greater");
const levels = fc.constantFrom(0.6, 0.8, 0.9);
const methods = fc.constantFrom<BootstrapMethod>("percentile", "bca", "studentised");
const interpolations = fc.constantFrom("linear" as const, "normal" as const);
const value = fc.oneof(
  fc.integer({ min: -5, max: 9 }),
  fc.integer({ min: -50_000, max: 100_000 }).map((thousandths) => thousandths / 1000),
);
const list = fc.array(value, { minLength: 2, maxLength: 12 });
const drawing = fc.record({
  method: methods,
  interpolation: interpolations,
  alternative: alternatives,
  level: levels,
  seed: fc.nat(99),
  replicates: fc.constantFrom(99, 150),
  nullValue: fc.oneof(fc.constant(0), value),
});
const kinds = fc.constantFrom({ name: "mean" } as const, { name: "total" } as const, { name: "quantile", share: 0.4 } as const);

/** p < 1 - level exactly when the null value is left out; p within rounding of the boundary says nothing. */
function consistent(found: Found, level: number): void {
  if (found.kind === "undetermined") return;
  const { estimate, test } = found;
  if (test === undefined || (estimate.interval === undefined && estimate.set === undefined)) return;
  if (Math.abs(test.pValue - (1 - level)) < 1e-9) return;
  expect(excludes(estimate, test.nullValue), JSON.stringify(found)).to.equal(test.pValue < 1 - level);
}

/** The finding of values at `scale` (a power of two) is the finding, scaled, to the last bit. */
function scaledBy(found: Found, other: Found, scale: number): void {
  expect(other.kind).to.equal(found.kind);
  if (found.kind === "undetermined" || other.kind === "undetermined") return;
  expect(other.estimate.value).to.equal(found.estimate.value * scale);
  const [ends, others] = [endsOf(found.estimate), endsOf(other.estimate)];
  expect(others).to.deep.equal(ends.map((end) => (end === null ? null : end * scale)));
  expect(other.test?.pValue).to.equal(found.test?.pValue);
}

describe("the bootstrap", () => {
  it("gives the same bytes for the same seed and any order of units, scales with them, and agrees with its p", () => {
    fc.assert(
      fc.property(list, kinds, drawing, (values, kind, options) => {
        const found = bootstrap({ values }, kind, options);
        consistent(found, options.level);
        expect(bootstrap({ values: [...values].reverse() }, kind, options)).to.deep.equal(found);
        const times = { ...options, nullValue: options.nullValue * 8 };
        scaledBy(found, bootstrap({ values: values.map((x) => x * 8) }, kind, times), 8);
      }),
      { numRuns: 60 },
    );
  });

  it("of entities draws all of an entity together, in any order of rows and under any names", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, fc.nat(5)), { minLength: 4, maxLength: 20 }), kinds, drawing, (rows, kind, options) => {
        const made = (order: typeof rows, name: (key: number) => string | number): Found =>
          bootstrap({ values: order.map(([x]) => x), clusters: order.map(([, key]) => name(key)) }, kind, options);
        const found = made(rows, (key) => key);
        consistent(found, options.level);
        expect(made([...rows].reverse(), (key) => `seller ${9 - key}`)).to.deep.equal(found);
      }),
      { numRuns: 60 },
    );
  });

  it("moves with a shift", () => {
    const values = [3.5, 1.25, 9, 4.75, 6, 2.5, 7.25, 5];
    for (const method of ["percentile", "bca", "studentised"] as const) {
      const options = { method, interpolation: "linear", alternative: "two-sided", level: 0.9, seed: 3, replicates: 499 } as const;
      for (const kind of [{ name: "mean" }, { name: "quantile", share: 0.5 }] as const) {
        const ends = [0, 1024].map((shift) =>
          endsOf(findingOf(bootstrap({ values: values.map((x) => x + shift) }, kind, options)).estimate),
        );
        for (const side of [0, 1] as const) expect((ends[1]?.[side] ?? 0) - 1024).to.be.closeTo(ends[0]?.[side] ?? Number.NaN, 1e-9);
      }
    }
  });

  it("of a difference agrees with its p; order of units is irrelevant", () => {
    fc.assert(
      fc.property(
        list,
        list,
        fc.constantFrom({ name: "mean" } as const, { name: "quantile", share: 0.6 } as const),
        drawing,
        (c, t, kind, options) => {
          const found = bootstrapDifference({ control: { values: c }, treatment: { values: t } }, kind, options);
          consistent(found, options.level);
          const turned = { control: { values: [...c].reverse() }, treatment: { values: [...t].reverse() } };
          expect(bootstrapDifference(turned, kind, options)).to.deep.equal(found);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("of a difference knows no offset: beside 1e15 it is what it is beside 0", () => {
    const arms = { control: [0, 7, 3, 12, 5, 9, 4, 21], treatment: [6, 11, 2, 17, 8, 30] };
    const clusters = { control: [1, 1, 2, 3, 3, 4, 5, 5], treatment: [1, 2, 2, 3, 4, 4] };
    const ask = (offset: number, kind: "mean" | "median", method: BootstrapMethod, isClustered: boolean): Found => {
      const armOf = (arm: "control" | "treatment") => ({
        values: arms[arm].map((one) => one + offset),
        ...(isClustered ? { clusters: clusters[arm] } : {}),
      });
      return bootstrapDifference(
        { control: armOf("control"), treatment: armOf("treatment") },
        kind === "mean" ? { name: "mean" } : { name: "quantile", share: 0.37 },
        { method, interpolation: "linear", alternative: "two-sided", level: 0.8, seed: 4, replicates: 199, nullValue: 0 },
      );
    };
    for (const [kind, method, isClustered] of [
      ["mean", "bca", false],
      ["mean", "studentised", true],
      ["median", "percentile", true],
      ["median", "studentised", false],
    ] as const) {
      const plain = findingOf(ask(0, kind, method, isClustered));
      for (const offset of [1e15, -1e15, 1e6]) {
        const far = findingOf(ask(offset, kind, method, isClustered));
        expect(far.estimate.value).to.be.closeTo(plain.estimate.value, 1e-13);
        for (const end of [0, 1] as const)
          expect(endsOf(far.estimate)[end]).to.be.closeTo(endsOf(plain.estimate)[end] ?? Number.NaN, 1e-12);
        expect(far.test?.pValue).to.be.closeTo(plain.test?.pValue ?? Number.NaN, 1e-12);
      }
    }
  });

  it("of a ratio agrees with its p; order and power-of-two units are irrelevant", () => {
    const pairs = fc.array(fc.tuple(value, fc.integer({ min: 0, max: 9 })), { minLength: 2, maxLength: 15 });
    fc.assert(
      fc.property(pairs, drawing, (rows, options) => {
        const made = (order: typeof rows, scale: number): Found =>
          poissonBootstrapRatio(
            { numerators: order.map(([x]) => x * scale), denominators: order.map(([, y]) => y) },
            { ...options, nullValue: options.nullValue * scale },
          );
        const found = made(rows, 1);
        consistent(found, options.level);
        expect(made([...rows].reverse(), 1)).to.deep.equal(found);
        scaledBy(found, made(rows, 4), 4);
      }),
      { numRuns: 60 },
    );
  });

  it("is what the definition says, written out: drawn lists, and the statistic of each", () => {
    const values = [2, 3.5, 3.5, 8, 11, 14.25];
    const owners = ["a", "b", "b", "c", "a", "d"];
    // The entities in the order of the definition: by number of values, then by the values.
    const ordered = { single: values.map((x) => [x]), entities: [[8], [14.25], [2, 11], [3.5, 3.5]] };
    for (const clustered of [false, true]) {
      const entities = clustered ? ordered.entities : ordered.single;
      const stream = randomStream(5, "bootstrap");
      const samples = Array.from({ length: 199 }, () => entities.flatMap(() => entities[stream.below(entities.length)] as number[]));
      const slow = {
        mean: samples.map((drawn) => drawn.reduce((sum, x) => sum + x, 0) / drawn.length),
        total: samples.map((drawn) => drawn.reduce((sum, x) => sum + x, 0)),
        quantile: samples.map((drawn) =>
          quantileOf(
            drawn.sort((a, b) => a - b),
            0.35,
          ),
        ),
      };
      for (const name of ["mean", "total", "quantile"] as const) {
        const options = {
          method: "percentile",
          interpolation: "linear",
          alternative: "two-sided",
          level: 0.9,
          seed: 5,
          replicates: 199,
        } as const;
        const kind = name === "quantile" ? { name, share: 0.35 } : { name };
        const sample = clustered ? { values, clusters: owners } : { values };
        const ends = endsOf(findingOf(bootstrap(sample, kind, options)).estimate);
        const expected = percentileBounds(Float64Array.from(slow[name]), 0.9);
        expect(ends[0], name).to.be.closeTo(expected?.lower ?? Number.NaN, 1e-12);
        expect(ends[1], name).to.be.closeTo(expected?.upper ?? Number.NaN, 1e-12);
      }
    }
  });

  it("inverts its own quantiles, between replicates and at ties", () => {
    for (const interpolation of ["linear", "normal"] as const) {
      const { at, shareAtMost, shareBelow } = replicateQuantiles(Float64Array.of(-2, 0, 1, 1, 1, 4, 9), interpolation);
      for (const p of [0.2, 0.3, 0.75, 0.85]) expect(shareBelow(at(p))).to.be.closeTo(p, 1e-12);
      expect([at(shareBelow(1)), at(shareAtMost(1))]).to.deep.equal([1, 1]);
      expect([shareAtMost(-3), shareBelow(10)]).to.deep.equal([0, 1]);
    }
  });

  it("survives values of extreme size", () => {
    const options = {
      method: "studentised",
      interpolation: "linear",
      alternative: "two-sided",
      level: 0.9,
      seed: 5,
      replicates: 499,
    } as const;
    for (const size of [1e300, 1e-300, 1]) {
      const [lower, upper] = endsOf(
        findingOf(bootstrap({ values: [1, 2, 4, 7, 3].map((x) => x * size) }, { name: "mean" }, options)).estimate,
      );
      expect(lower ?? 0).to.be.greaterThan(0);
      expect(lower ?? 0).to.be.lessThan(3.4 * size);
      expect(upper ?? 0).to.be.greaterThan(3.4 * size);
    }
    for (const [method, name] of [
      ["studentised", "mean"],
      ["bca", "total"],
      ["percentile", "mean"],
    ] as const) {
      const parts = [1, 2 ** 900, 2 ** -900].map((size) => {
        const { estimate, test } = findingOf(
          bootstrap({ values: [1, 2, 4, 7, 3].map((x) => x * size) }, { name }, { ...options, method, nullValue: 3 * size }),
        );
        return [...[estimate.standardError ?? 0, ...endsOf(estimate)].map((part) => (part ?? Number.NaN) / size), test?.pValue];
      });
      expect(parts[1]).to.deep.equal(parts[0]);
      expect(parts[2]).to.deep.equal(parts[0]);
    }
    const huge = bootstrap({ values: [1.7e308, 1.6e308, 1.5e308] }, { name: "total" }, { ...options, method: "percentile" });
    expect(huge).to.deep.include({ kind: "undetermined", reason: "the numbers leave the range of doubles" });
  });
});

describe("the permutation test", () => {
  const modes = fc.constantFrom("exact" as const, "drawn" as const);
  const short = fc.array(value, { minLength: 1, maxLength: 6 });

  it("agrees with its own interval at any null value; order of units is irrelevant", () => {
    fc.assert(
      fc.property(
        short,
        short,
        fc.boolean(),
        modes,
        alternatives,
        levels,
        fc.oneof(fc.constant(0), value),
        (c, t, paired, method, alternative, level, nullValue) => {
          const shorter = Math.min(c.length, t.length);
          const arms = { control: paired ? c.slice(0, shorter) : c, treatment: paired ? t.slice(0, shorter) : t, paired };
          const options = { method, draws: 199, seed: 4, level, alternative, nullValue };
          const found = permutationTest(arms, options);
          consistent(found, level);
          const turned = { ...arms, control: [...arms.control].reverse(), treatment: [...arms.treatment].reverse() };
          expect(permutationTest(turned, options)).to.deep.equal(found);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("leaves out just the constants that a test of the shifted values rejects", () => {
    const control = [3.1, 4.7, 5.2, 6.6, 2.8];
    const treatment = [5.5, 7.1, 4.9, 8.3, 6.4];
    for (const paired of [false, true]) {
      const options = { method: "exact", draws: 99, seed: 1, level: 0.9, alternative: "two-sided" } as const;
      const [lower, upper] = endsOf(findingOf(permutationTest({ control, treatment, paired }, { ...options, nullValue: 0 })).estimate);
      const pAt = (shift: number): number =>
        testOf(permutationTest({ control, treatment: treatment.map((x) => x - shift), paired }, { ...options, nullValue: 0 })).pValue;
      for (const [end, outwards] of [
        [lower ?? 0, -1],
        [upper ?? 0, 1],
      ] as const) {
        expect(pAt(end + outwards * 1e-6)).to.be.lessThan(0.1);
        expect(pAt(end - outwards * 1e-6)).to.be.at.least(0.1);
      }
    }
  });

  it("drawn comes near to exact, and levels nest", () => {
    const arms = { control: [1, 2, 4, 8, 3, 5, 9], treatment: [6, 7, 3, 11, 8, 12, 4], paired: false };
    const made = (method: "exact" | "drawn", level: number) =>
      findingOf(permutationTest(arms, { method, draws: 9999, seed: 2, level, alternative: "two-sided", nullValue: 0 }));
    expect(made("drawn", 0.9).test?.pValue).to.be.closeTo(made("exact", 0.9).test?.pValue ?? Number.NaN, 0.015);
    const [inner, outer] = [endsOf(made("exact", 0.8).estimate), endsOf(made("exact", 0.95).estimate)];
    expect(outer[0]).to.be.at.most(inner[0] ?? 0);
    expect(outer[1]).to.be.at.least(inner[1] ?? 0);
  });

  it("lists one unit against many, and rejects nothing where the relabellings are too few", () => {
    const options = { method: "auto", draws: 99, seed: 1, level: 0.95, alternative: "two-sided", nullValue: 0 } as const;
    const many = Array.from({ length: 3000 }, (_, i) => i);
    expect(testOf(permutationTest({ control: many, treatment: [5000], paired: false }, options)).pValue).to.be.closeTo(2 / 3001, 1e-15);
    const few = findingOf(permutationTest({ control: [1, 2], treatment: [8, 9], paired: false }, options));
    expect([few.estimate.set?.kind, few.test?.pValue, few.warnings.length]).to.deep.equal(["everything", 1 / 3, 1]);
  });
});

describe("resampling without an answer", () => {
  const drawn = { method: "bca", interpolation: "linear", alternative: "two-sided", level: 0.95, seed: 1, replicates: 199 } as const;
  const relabel = { method: "auto", draws: 99, seed: 1, level: 0.95, alternative: "two-sided", nullValue: 0 } as const;
  const mean = { name: "mean" } as const;
  const found: Record<string, Found> = {
    "no value": bootstrap({ values: [] }, mean, drawn),
    "one value": bootstrap({ values: [3] }, mean, drawn),
    "one entity": bootstrap({ values: [3, 4], clusters: ["a", "a"] }, mean, drawn),
    "equal values": bootstrap({ values: [0.1, 0.1, 0.1] }, mean, drawn),
    "equal values, studentised": bootstrap({ values: [0.1, 0.1, 0.1] }, mean, { ...drawn, method: "studentised" }),
    "replicates too few for the level": bootstrap({ values: [1, 2, 3, 4] }, mean, { ...drawn, level: 0.99 }),
    "an arm of one": bootstrapDifference({ control: { values: [1] }, treatment: { values: [1, 2] } }, mean, drawn),
    "equal arms": bootstrapDifference({ control: { values: [1, 1] }, treatment: { values: [1, 1] } }, mean, drawn),
    "no denominator": poissonBootstrapRatio({ numerators: [1, 2], denominators: [0, 0] }, drawn),
    "one ratio": poissonBootstrapRatio({ numerators: [1, 3, 0.1], denominators: [10, 30, 1] }, drawn),
    "one unit of a ratio": poissonBootstrapRatio({ numerators: [1], denominators: [10] }, drawn),
    "an empty arm": permutationTest({ control: [], treatment: [1, 2], paired: false }, relabel),
    "arms that are alike without the effect": permutationTest(
      { control: [1, 1, 1], treatment: [2, 2], paired: false },
      { ...relabel, nullValue: 1 },
    ),
    "differences that are the null value": permutationTest(
      { control: [1, 2, 3], treatment: [2, 3, 4], paired: true },
      { ...relabel, nullValue: 1 },
    ),
    "a list that is too long": permutationTest(
      { control: Array.from({ length: 30 }, (_, i) => i), treatment: Array.from({ length: 30 }, (_, i) => i), paired: false },
      { ...relabel, method: "exact" },
    ),
  };
  for (const [name, result] of Object.entries(found)) {
    it(`${name} is Undetermined, with a reason and a cure`, () => {
      expect(result.kind, JSON.stringify(result)).to.equal("undetermined");
      if (result.kind === "undetermined") expect([result.reason, result.wouldDetermine].every((text) => text.length > 5)).to.equal(true);
    });
  }

  it("arms of one value each, and pairs of one difference, have the p-value of their relabellings", () => {
    const answered = (count: number) => ({ control: Array(count).fill(0), treatment: Array(count).fill(1), paired: false });
    const { estimate, test } = findingOf(permutationTest(answered(8), relabel));
    expect([test?.pValue, estimate.value, estimate.interval, estimate.set]).to.deep.equal([2 / 12_870, 1, undefined, undefined]);
    expect(findingOf(permutationTest(answered(8), { ...relabel, alternative: "less" })).test?.pValue).to.equal(1);
    const pairs = findingOf(permutationTest({ control: [1, 2, 3, 4, 5], treatment: [2, 3, 4, 5, 6], paired: true }, relabel));
    expect([pairs.test?.pValue, pairs.estimate.set?.kind]).to.deep.equal([2 / 32, "everything"]);
  });

  it("warns of heavy tails, few units and few replicates", () => {
    const heavy = Array.from({ length: 60 }, (_, i) => Math.exp(5 * Math.sin(i * i)));
    const { warnings } = findingOf(bootstrap({ values: heavy }, mean, drawn));
    expect(warnings[0]).to.match(/^Heavy tails: at a nominal 95 % such intervals cover (about|less than) \d+ %/);
    expect(warnings[1]).to.match(/^199 replicates/);
    // A quantile does not feel the tail.
    expect(findingOf(bootstrap({ values: heavy }, { name: "quantile", share: 0.5 }, drawn)).warnings.join()).to.not.match(/Heavy/);
    // What contributes nothing says nothing of the tail.
    expect(findingOf(bootstrap({ values: [...heavy, 0, 0] }, mean, drawn)).warnings[0]).to.match(/^Heavy tails: at a nominal/);
    expect(findingOf(bootstrap({ values: [1, 2, 3, 4] }, mean, { ...drawn, replicates: 1999 })).warnings.join()).to.match(/^4 units/);
  });
});
