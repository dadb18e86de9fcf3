/** Laws that every test of proportions keeps: interval and p-value agree, swapping the arms mirrors, levels nest, nothing degenerate breaks. */
import { expect } from "chai";
import fc from "fast-check";
import {
  type Alternative,
  agrestiCaffo,
  barnardExact,
  boschlooExact,
  bowker,
  exactProportion,
  type Finding,
  type Found,
  fisherExact,
  independence,
  logOddsRatio,
  logRiskRatio,
  mcnemar,
  mcnemarExact,
  newcombeDifference,
  sampleRatio,
  sampleRatioExact,
  scoreDifference,
  scoreOddsRatio,
  scorePairedRatio,
  scoreProportion,
  scoreRatio,
  stuartMaxwell,
  waldDifference,
  waldProportion,
} from "../../simulations/statistics/index.ts";
import { endsOf } from "./finding-parts.ts";

interface Sample {
  readonly successes: number;
  readonly trials: number;
}

const size = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1e6, max: 1e15 }));
const sample: fc.Arbitrary<Sample> = size.chain((trials) =>
  fc.oneof(fc.constant(0), fc.constant(trials), fc.integer({ min: 0, max: trials })).map((successes) => ({ successes, trials })),
);
const smallSample: fc.Arbitrary<Sample> = fc
  .integer({ min: 0, max: 14 })
  .chain((trials) => fc.integer({ min: 0, max: trials }).map((successes) => ({ successes, trials })));
const alternative = fc.constantFrom<Alternative>("two-sided", "less", "greater");
/** Below 0.5 a one-sided critical value is below 0: the bound lies past the estimate. */
const level = fc.constantFrom(0.04, 0.3, 0.5, 0.8, 0.9, 0.95, 0.999);
const claim = { alternative, level };
const share = fc.constantFrom(0.001, 0.1, 0.31, 0.5, 0.77, 0.999);
const difference = fc.constantFrom(0, 0, 0.02, -0.1, 0.4, -0.7);
const ratio = fc.constantFrom(1, 1, 0.8, 1.25, 3, 0.05);
const exactMethod = fc.constantFrom("minimum-likelihood", "blaker", "central", "mid-p");

/** Excludes the null value exactly when p is below 1 - level; at the very edge doubles may go either way. */
function agrees(result: Found, claimed: { readonly level: number }): void {
  const { test } = result;
  if (test === undefined) return;
  const [lower, upper] = endsOf(result.kind === "finding" ? result.estimate : result);
  if (Math.abs(test.pValue / (1 - claimed.level) - 1) < 1e-6) return;
  const excluded = test.nullValue < (lower ?? Number.NEGATIVE_INFINITY) || test.nullValue > (upper ?? Number.POSITIVE_INFINITY);
  expect(excluded, JSON.stringify(result)).to.equal(test.pValue < 1 - claimed.level);
}

/** Each comparison of two samples, with the sign or the inversion that swapping the arms does to it. */
const comparisons: Readonly<Record<string, { readonly compute: (options: Options) => Found; readonly swap: "sign" | "inverse" }>> = {
  "Miettinen-Nurminen": { compute: (o) => scoreDifference({ ...o, variant: "miettinen-nurminen" }), swap: "sign" },
  "Farrington-Manning": { compute: (o) => scoreDifference({ ...o, variant: "farrington-manning" }), swap: "sign" },
  Newcombe: { compute: newcombeDifference, swap: "sign" },
  "Agresti-Caffo": { compute: agrestiCaffo, swap: "sign" },
  Wald: { compute: (o) => waldDifference({ ...o, pooled: false, continuityCorrection: false }), swap: "sign" },
  "Wald, corrected": { compute: (o) => waldDifference({ ...o, pooled: false, continuityCorrection: true }), swap: "sign" },
  "Wald, pooled, corrected": { compute: (o) => waldDifference({ ...o, pooled: true, continuityCorrection: true }), swap: "sign" },
  Koopman: { compute: (o) => scoreRatio({ ...o, variant: "koopman" }), swap: "inverse" },
  "Miettinen-Nurminen ratio": { compute: (o) => scoreRatio({ ...o, variant: "miettinen-nurminen" }), swap: "inverse" },
  Katz: { compute: (o) => logRiskRatio({ ...o, variant: "katz" }), swap: "inverse" },
  Walter: { compute: (o) => logRiskRatio({ ...o, variant: "walter" }), swap: "inverse" },
  "score odds ratio": { compute: (o) => scoreOddsRatio({ ...o, variant: "miettinen-nurminen" }), swap: "inverse" },
  Woolf: { compute: (o) => logOddsRatio({ ...o, variant: "woolf" }), swap: "inverse" },
  Gart: { compute: (o) => logOddsRatio({ ...o, variant: "gart" }), swap: "inverse" },
};

interface Options {
  readonly control: Sample;
  readonly treatment: Sample;
  readonly nullDifference: number;
  readonly nullRatio: number;
  readonly alternative: Alternative;
  readonly level: number;
}

const options: fc.Arbitrary<Options> = fc.record({
  control: sample,
  treatment: sample,
  nullDifference: difference,
  nullRatio: ratio,
  ...claim,
});

/** The lower end lies past the value of 0, beside ratios at which a share is 1 but for what a double keeps. */
const emptyCells: Options = {
  control: { successes: 1, trials: 1 },
  treatment: { successes: 0, trials: 3 },
  nullDifference: 0,
  nullRatio: 1,
  alternative: "greater",
  level: 0.04,
};

describe("laws of two proportions", () => {
  for (const [name, { compute, swap }] of Object.entries(comparisons)) {
    it(`${name}: interval and p-value agree, at margins and one-sided`, () => {
      fc.assert(
        fc.property(options, (given) => agrees(compute(given), given)),
        { numRuns: 150, examples: [[emptyCells]] },
      );
    });

    it(`${name}: swapping the arms mirrors the interval${swap === "sign" ? " and the p-value to the last bit" : ""}`, () => {
      fc.assert(
        fc.property(options, (given) => {
          const even = { ...given, alternative: "two-sided" } as const;
          const one = compute(even);
          const other = compute({
            ...even,
            control: given.treatment,
            treatment: given.control,
            nullDifference: 0 - given.nullDifference,
            nullRatio: 1 / given.nullRatio,
          });
          if (one.kind === "undetermined" || other.kind === "undetermined") return;
          const [left, right] = [one.estimate.interval, other.estimate.interval];
          if (left === undefined || right === undefined) return;
          if (swap === "sign") {
            expect([right.lower, right.upper, other.test?.pValue]).to.deep.equal([0 - left.upper, 0 - left.lower, one.test?.pValue]);
            return;
          }
          const near = (a: number, b: number): boolean =>
            Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b)) || (a < 1e-40 && b < 1e-40);
          expect(
            near(right.lower * left.upper, 1) && (left.lower === 0 || near(right.upper * left.lower, 1)),
            JSON.stringify([left, right]),
          ).to.equal(true);
        }),
        { numRuns: 100 },
      );
    });

    it(`${name}: a higher level contains a lower one`, () => {
      fc.assert(
        fc.property(options, ({ ...given }) => {
          const ends = [0.8, 0.95].map((at) => compute({ ...given, alternative: "two-sided", level: at }));
          const [narrow, wide] = ends.map((found) => (found.kind === "finding" ? found.estimate.interval : undefined));
          if (narrow === undefined || wide === undefined) return;
          const slack = 1e-14 * Math.max(1, Math.abs(narrow.upper), Math.abs(narrow.lower));
          expect(wide.lower <= narrow.lower + slack && wide.upper >= narrow.upper - slack, JSON.stringify([narrow, wide])).to.equal(true);
        }),
        { numRuns: 60 },
      );
    });
  }

  it("Katz, corrected: interval and p-value agree, at margins and one-sided", () => {
    fc.assert(
      fc.property(options, (given) => agrees(logRiskRatio({ ...given, variant: "katz", continuityCorrection: true }), given)),
      { numRuns: 150 },
    );
  });

  it("the relative set of the score difference leaves out 0 exactly when the difference does", () => {
    fc.assert(
      fc.property(options, (given) => {
        const result = scoreDifference({ ...given, nullDifference: 0, variant: "miettinen-nurminen" });
        if (result.kind === "undetermined" || result.test === undefined) return;
        for (const relative of [result.relative, result.logRatio]) {
          if (relative?.kind !== "estimate") continue;
          agrees({ ...result, estimate: relative }, given);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("laws of one proportion, of pairs and of exact tests", () => {
  it("interval and p-value agree", () => {
    const corrected: typeof scoreProportion = (given) => scoreProportion({ ...given, continuityCorrection: true });
    fc.assert(
      fc.property(fc.record({ sample, nullValue: share, ...claim }), ({ sample: { successes, trials }, ...rest }) => {
        for (const compute of [scoreProportion, corrected, waldProportion]) agrees(compute({ successes, trials, ...rest }), rest);
      }),
      { numRuns: 300 },
    );
    const small = fc.record({ sample: smallSample, nullValue: share, method: exactMethod, ...claim });
    fc.assert(
      fc.property(small, ({ sample: { successes, trials }, ...rest }) => agrees(exactProportion({ successes, trials, ...rest }), rest)),
      { numRuns: 400 },
    );
    const tables = fc.record({ control: smallSample, treatment: smallSample, nullRatio: ratio, method: exactMethod, ...claim });
    fc.assert(
      fc.property(tables, (given) => agrees(fisherExact(given), given)),
      { numRuns: 300 },
    );
  });

  it("Barnard's interval and p-value agree, also at margins", () => {
    const tiny = fc
      .integer({ min: 1, max: 6 })
      .chain((trials) => fc.integer({ min: 0, max: trials }).map((successes) => ({ successes, trials })));
    const given = fc.record({ control: tiny, treatment: tiny, nullDifference: difference, ...claim });
    fc.assert(
      fc.property(given, (one) => agrees(barnardExact({ ...one, ordering: "score" }), one)),
      { numRuns: 12 },
    );
  });

  it("Boschloo rejects whenever Fisher does", () => {
    fc.assert(
      fc.property(smallSample, smallSample, fc.constantFrom<Alternative>("less", "greater"), (control, treatment, side) => {
        const boschloo = boschlooExact({ control, treatment, alternative: side });
        const fisher = fisherExact({ control, treatment, nullRatio: 1, method: "central", alternative: side, level: 0.95 });
        if (boschloo.kind === "undetermined" || fisher.kind === "undetermined") return;
        expect(boschloo.test?.pValue ?? 2).to.be.at.most((fisher.test?.pValue ?? 0) * (1 + 1e-9));
      }),
      { numRuns: 40 },
    );
  });

  it("pairs: interval and p-value of their ratio agree", () => {
    const count = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 1e14 }));
    const pairs = fc.record({ both: count, onlySecond: count, onlyFirst: count, neither: count, nullRatio: ratio, ...claim });
    fc.assert(
      fc.property(pairs, (given) => agrees(scorePairedRatio(given), given)),
      { numRuns: 200 },
    );
  });

  it("pairs: interval and p-value agree, and swapping the answers mirrors to the last bit", () => {
    const count = fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 1e14 }));
    const pairs = fc.record({ both: count, onlySecond: count, onlyFirst: count, neither: count, nullDifference: difference, ...claim });
    fc.assert(
      fc.property(pairs, (given) => {
        for (const continuityCorrection of [false, true]) agrees(mcnemar({ ...given, continuityCorrection }), given);
        for (const method of ["central", "mid-p"] as const) agrees(mcnemarExact({ ...given, method }), given);
        const even = { ...given, alternative: "two-sided" } as const;
        const [one, other] = [
          mcnemar(even),
          mcnemar({ ...even, onlySecond: given.onlyFirst, onlyFirst: given.onlySecond, nullDifference: 0 - given.nullDifference }),
        ];
        if (one.kind === "undetermined" || other.kind === "undetermined") return;
        const { lower, upper } = one.estimate.interval ?? { lower: 0, upper: 0 };
        expect([other.estimate.interval?.lower, other.estimate.interval?.upper, other.test?.pValue]).to.deep.equal([
          0 - upper,
          0 - lower,
          one.test?.pValue,
        ]);
      }),
      { numRuns: 200 },
    );
  });

  it("the bound of V is above 0 exactly when independence is rejected; transposing the table changes nothing", () => {
    const count = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 1e12 }));
    const table = fc.array(fc.tuple(count, count, count), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(table, fc.constantFrom("pearson" as const, "likelihood-ratio" as const), level, (rows, statistic, at) => {
        const given = { statistic, continuityCorrection: false, level: at };
        const result = independence({ table: rows, ...given });
        agrees(result, { level: at });
        const turned = independence({ table: [0, 1, 2].map((column) => rows.map((row) => row[column] ?? 0)), ...given });
        expect(turned.kind).to.equal(result.kind);
        if (result.kind === "undetermined" || turned.kind === "undetermined") return;
        expect(turned.test?.statistic).to.be.closeTo(result.test?.statistic ?? Number.NaN, 1e-9 * Math.max(1, result.test?.statistic ?? 1));
      }),
      { numRuns: 150 },
    );
  });

  it("square tables: renaming the classes changes nothing, and one pair of classes is McNemar's", () => {
    const count = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(fc.array(fc.array(count, { minLength: 4, maxLength: 4 }), { minLength: 4, maxLength: 4 }), (table) => {
        const order = [2, 0, 3, 1];
        const renamed = order.map((row) => order.map((column) => table[row]?.[column] ?? 0));
        for (const compute of [stuartMaxwell, bowker]) {
          const [one, other] = [compute({ table }), compute({ table: renamed })];
          if (one.kind === "undetermined" || other.kind === "undetermined") expect(one).to.deep.equal(other);
          else expect(other.test?.pValue).to.be.closeTo(one.test?.pValue ?? Number.NaN, 1e-9);
        }
      }),
      { numRuns: 60 },
    );
    const table = [
      [50, 31],
      [17, 80],
    ];
    const pairs = mcnemar({
      both: 80,
      onlySecond: 31,
      onlyFirst: 17,
      neither: 50,
      nullDifference: 0,
      alternative: "two-sided",
      level: 0.95,
    }) as Finding;
    for (const compute of [stuartMaxwell, bowker])
      expect((compute({ table }) as Finding).test?.pValue).to.be.closeTo(pairs.test?.pValue ?? 2, 1e-12);
  });

  it("sample ratios: interval and p-value agree", () => {
    const count = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1e6, max: 1e15 }));
    const arms = fc.array(fc.tuple(count, fc.integer({ min: 0, max: 5 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(arms, level, fc.boolean(), (pairs, at, continuityCorrection) => {
        const given = { observed: pairs.map(([units]) => units), weights: pairs.map(([, weight]) => weight), level: at };
        agrees(sampleRatio({ ...given, continuityCorrection }), given);
        if (pairs.length === 2) agrees(sampleRatioExact(given), given);
      }),
      { numRuns: 200 },
    );
  });
});
