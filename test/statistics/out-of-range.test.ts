/** What no caller may ask of a function of the statistics: it is our bug, and is told with what was asked. What is just within may be asked. */
import { expect } from "chai";
import {
  allocateUnits,
  bernoulliSequence,
  betaDistribution,
  betaPosterior,
  binomial,
  countPairs,
  criticalValue,
  delayDistribution,
  doubleStitchingBound,
  drawnSum,
  driftForPower,
  effectOf,
  empiricalProcessBound,
  estimated,
  finding,
  fRatio,
  gammaDistribution,
  gaussLegendre,
  groupSequentialBoundaries,
  groupSequentialPower,
  hypergeometric,
  maximumOfT,
  mixtureBound,
  mixturePrecision,
  noncentralChiSquared,
  noncentralF,
  noncentralT,
  normalDistribution,
  normalQuantile,
  paired,
  pairwiseDifferences,
  poisson,
  polyStitchingBound,
  poolRows,
  postStratified,
  quantileComparisonPValue,
  quantileOf,
  rowsApart,
  sequencePValue,
  sequenceWidth,
  signedRank,
  spentError,
  student,
  studentisedRange,
  sumOf,
  tablePairs,
  unitsOf,
  walshAverages,
  winsorised,
  yuen,
} from "../../simulations/statistics/index.ts";
import { varianceTable } from "../../simulations/statistics/means/anova.ts";
import { powerSums } from "../../simulations/statistics/numerics/index.ts";
import { clusterSums } from "../../simulations/statistics/ratios/cluster-sums.ts";
import { poissonTable } from "../../simulations/statistics/resampling/poisson-table.ts";

type Ask = () => unknown;

const { NaN: none, POSITIVE_INFINITY: infinite, MAX_SAFE_INTEGER: many } = Number;
const two = Float64Array.of(1, 2);
const empty = new Float64Array(0);
const arm = { value: 1, standardError: 1, degreesOfFreedom: 5, n: 6 };
const stratum = { name: "a", control: { n: 5, mean: 1, variance: 1 }, treatment: { n: 5, mean: 2, variance: 1 } };
const tuning = { quantile: 0.5, tunedFor: 10, tunedAlpha: 0.05, alpha: 0.05 };
const ask = { level: 0.95, alternative: "two-sided", nullValue: 0 } as const;
const sequence = { tunedFor: 10, level: 0.95, alternative: "two-sided" } as const;
const design = { information: [1, 2], alpha: 0.05, sides: 2, form: { kind: "pocock" } } as const;
const boundaries = () => groupSequentialBoundaries(design);
const mixture =
  (below: number, above: number): Ask =>
  () =>
    mixtureBound({ kind: "beta-binomial", sides: 2, below, above }, { variance: 1, alpha: 0.05 }, { variance: 1, alpha: 0.05 });
const bound =
  (variance: number, alpha: number): Ask =>
  () =>
    mixtureBound({ kind: "normal", sides: 2 }, { variance, alpha }, { variance: 1, alpha: 0.05 });
const scaled =
  (kind: "gamma-exponential" | "gamma-poisson", scale: number): Ask =>
  () =>
    mixtureBound({ kind, scale }, { variance: 1, alpha: 0.05 }, { variance: 1, alpha: 0.05 });

/** What is said, what may not be asked, and what may. */
const rows: readonly (readonly [words: string, refused: readonly Ask[], answered: readonly Ask[]])[] = [
  [
    "a normal quantile of",
    [0, 1, -1, 2, none].map((p) => () => normalQuantile(p)),
    [1e-300, 1 - 1e-16].map((p) => () => normalQuantile(p)),
  ],
  ["a confidence level of", [0, 1].map((level) => () => criticalValue(level)), [() => criticalValue(1e-10)]],
  [
    "a normal distribution with standard deviation",
    [0, -1].map((s) => () => normalDistribution(0, s)),
    [() => normalDistribution(0, 1e-300)],
  ],
  [
    "a quantile of probability",
    [-0.1, 1.1].flatMap((p) =>
      [normalDistribution(0, 1), student(4), gammaDistribution(2, 1), betaDistribution(2, 3)].flatMap(({ quantile, upperQuantile }) => [
        () => quantile(p),
        () => upperQuantile(p),
      ]),
    ),
    [0, 1].flatMap((p) =>
      [normalDistribution(0, 1), gammaDistribution(2, 1), betaDistribution(2, 3)].map(
        ({ quantile }) =>
          () =>
            quantile(p),
      ),
    ),
  ],
  [
    "a quantile of probability ",
    [0, 1].flatMap((p) => [
      () => studentisedRange(3, 5).upperQuantile(p),
      () => maximumOfT({ loadings: [0.5], degreesOfFreedom: 5, sides: "two-sided" }).upperQuantile(p),
    ]),
    [],
  ],
  ["a beta distribution of", [() => betaDistribution(0, 1), () => betaDistribution(1, 0)], [() => betaDistribution(1e-9, 1e-9)]],
  ["Student's t with", [0, -1].map((df) => () => student(df)), [() => student(1e-3), () => student(infinite)]],
  ["an F distribution with", [() => fRatio(0, 1), () => fRatio(1, 0)], [() => fRatio(1, 1)]],
  ["a gamma distribution of shape", [() => gammaDistribution(0, 1), () => gammaDistribution(1, 0)], [() => gammaDistribution(1e-9, 1)]],
  [
    "trials of probability",
    [() => binomial(1.5, 0.5), () => binomial(-1, 0.5), () => binomial(2, -0.1), () => binomial(2, 1.1), () => binomial(2 * many, 0.5)],
    [() => binomial(0, 0), () => binomial(many, 1)],
  ],
  ["a Poisson mean of", [() => poisson(-1), () => poisson(infinite)], [() => poisson(0)]],
  [
    "draws from",
    [
      [10, 11, 3],
      [10, 4, 11],
      [10.5, 4, 3],
      [10, -1, 3],
      [10, 4, 0.5],
    ].map(
      ([population = 0, marked = 0, draws = 0]) =>
        () =>
          hypergeometric({ population, marked, draws }),
    ),
    [() => hypergeometric({ population: 10, marked: 10, draws: 10 })],
  ],
  ["a noncentral t with", [() => noncentralT(0, 1), () => noncentralT(3, infinite)], [() => noncentralT(1, -3)]],
  [
    "a noncentral chi-squared with",
    [() => noncentralChiSquared(0, 1), () => noncentralChiSquared(1, -1)],
    [() => noncentralChiSquared(1, 0)],
  ],
  [
    "a noncentral F of",
    [() => noncentralF(0, 1, 1), () => noncentralF(1, 0, 1), () => noncentralF(1, 1, -1)],
    [() => noncentralF(1, 1, 0)],
  ],
  ["a range of", [() => studentisedRange(1, 5), () => studentisedRange(2.5, 5)], [() => studentisedRange(2, 5)]],
  [
    "degrees of freedom",
    [() => studentisedRange(3, 0), () => maximumOfT({ loadings: [0.5], degreesOfFreedom: 0, sides: "two-sided" })],
    [() => studentisedRange(3, 0.5)],
  ],
  [
    "loadings",
    [[], [1], [0.5, -0.1]].map((loadings) => () => maximumOfT({ loadings, degreesOfFreedom: 5, sides: "two-sided" })),
    [() => maximumOfT({ loadings: [0], degreesOfFreedom: 5, sides: "two-sided" })],
  ],
  ["a Gauss rule of", [0, 1.5, 2001].map((count) => () => gaussLegendre(count)), [1, 2000].map((count) => () => gaussLegendre(count))],
  ["a sum of numbers that are not finite", [() => sumOf([1, infinite])], [() => sumOf([])]],
  [
    "a mixture for variance",
    [
      () => mixturePrecision({ variance: 0, alpha: 0.05 }, 2),
      () => mixturePrecision({ variance: 1, alpha: 0 }, 2),
      () => mixturePrecision({ variance: 1, alpha: 1 }, 2),
      () => mixturePrecision({ variance: 1, alpha: 0.5 }, 1),
    ],
    [() => mixturePrecision({ variance: 1, alpha: 0.49 }, 1), () => mixturePrecision({ variance: 1, alpha: 0.99 }, 2)],
  ],
  ["a boundary at variance", [bound(-1, 0.05), bound(1, 0), bound(1, 1)], [bound(0, 0.05)]],
  ["a gamma mixture of scale", [scaled("gamma-exponential", 0), scaled("gamma-poisson", -1)], [scaled("gamma-poisson", 0.1)]],
  ["increments between", [mixture(0, 1), mixture(1, 0), mixture(-1, 1), mixture(1, -1)], [mixture(0.1, 0.1)]],
  [
    "a stitched boundary out of range",
    [{ varianceMin: 0 }, { alpha: 0 }, { alpha: 1 }, { s: 1 }, { eta: 1 }].map(
      (part) => () => polyStitchingBound({ variance: 9, alpha: 0.05, varianceMin: 1, ...part }),
    ),
    [() => polyStitchingBound({ variance: 0, alpha: 0.05, varianceMin: 1 })],
  ],
  [
    "a quantile boundary out of range",
    [{ quantile: 0 }, { quantile: 1 }, { tunedFor: 0.5 }, { alpha: 0 }, { alpha: 1 }].map(
      (part) => () => doubleStitchingBound({ quantile: 0.5, n: 9, alpha: 0.05, tunedFor: 5, ...part }),
    ),
    [() => doubleStitchingBound({ quantile: 0.5, n: 9, alpha: 0.05, tunedFor: 1 })],
  ],
  [
    "an empirical-process boundary out of range",
    [{ A: 0.7 }, { nMin: 0.5 }, { alpha: 0 }, { alpha: 1 }].map(
      (part) => () => empiricalProcessBound({ n: 200, alpha: 0.05, nMin: 100, ...part }),
    ),
    [() => empiricalProcessBound({ n: 1, alpha: 0.05, nMin: 1 })],
  ],
  [
    ", alpha ",
    [
      { successes: -1, alpha: 0.05 },
      { successes: 6, alpha: 0.05 },
      { successes: 1, alpha: 0 },
      { successes: 1, alpha: 1 },
    ].map(
      ({ successes, alpha }) =>
        () =>
          bernoulliSequence({ successes, trials: 5, tunedFor: 5, tunedAlpha: 0.05 }, alpha),
    ),
    [() => bernoulliSequence({ successes: 5, trials: 5, tunedFor: 5, tunedAlpha: 0.05 }, 0.05)],
  ],
  [
    "tuned for",
    [() => sequenceWidth(0, sequence), () => sequenceWidth(1, { ...sequence, tunedFor: 0 })],
    [() => sequenceWidth(0.5, sequence)],
  ],
  ["a standard error of", [() => sequencePValue({ estimate: 1, standardError: 0, n: 5 }, sequence, 0)], []],
  [
    "a group without values",
    [
      () => quantileComparisonPValue({ first: empty, second: two }, tuning),
      () => quantileComparisonPValue({ first: two, second: empty }, tuning),
    ],
    [() => quantileComparisonPValue({ first: two, second: two }, tuning)],
  ],
  [
    "to spend at a share of",
    [
      [0, 0.5],
      [1, 0.5],
      [0.05, -0.1],
    ].map(
      ([total = 0, share = 0]) =>
        () =>
          spentError({ kind: "pocock" }, total, share),
    ),
    [() => spentError({ kind: "pocock" }, 0.05, 0)],
  ],
  [
    "information",
    [{ alpha: 0 }, { alpha: 1 }, { information: [0] }, { information: [1, infinite] }].map(
      (part) => () => groupSequentialBoundaries({ ...design, ...part }),
    ),
    [() => groupSequentialBoundaries({ ...design, information: [7] })],
  ],
  ["a look at a share of", [() => groupSequentialBoundaries({ ...design, information: [1, 1, 2] })], []],
  [
    "futility boundaries of a two-sided design",
    [() => groupSequentialBoundaries({ ...design, futility: { beta: 0.2, spending: { kind: "pocock" } } })],
    [() => groupSequentialBoundaries({ ...design, sides: 1, futility: { beta: 0.2, spending: { kind: "pocock" } } })],
  ],
  [
    "beta ",
    [0, 1].map((beta) => () => groupSequentialBoundaries({ ...design, sides: 1, futility: { beta, spending: { kind: "pocock" } } })),
    [],
  ],
  ["a drift of", [() => groupSequentialPower(boundaries(), infinite)], [() => groupSequentialPower(boundaries(), 0)]],
  ["a power of", [0, 1].map((power) => () => driftForPower(boundaries(), power)), [() => driftForPower(boundaries(), 0.01)]],
  [
    "differences of an empty list",
    [() => pairwiseDifferences([], [1]), () => pairwiseDifferences([1], [])],
    [() => pairwiseDifferences([1], [1])],
  ],
  ["averages of an empty list", [() => walshAverages([])], [() => walshAverages([1])]],
  ["number ", [0, 3].map((k) => () => walshAverages([1]).smallest(k)), [() => walshAverages([1]).smallest(1)]],
  [
    "scores are whole numbers from 0",
    [() => drawnSum([1, 0.5], 1), () => drawnSum([1, -1], 1), () => drawnSum([1], 2)],
    [() => drawnSum([0, 1], 2)],
  ],
  [
    "a trim of",
    [-0.1, 0.5].map((trim) => () => yuen({ control: two, treatment: two }, trim)),
    [() => yuen({ control: two, treatment: two }, 0)],
  ],
  [
    "pairs of unequal length",
    [() => signedRank({ control: [1], treatment: [1, 2] }, { ...ask, method: "exact", continuityCorrection: true })],
    [],
  ],
  ["values of the same units", [() => paired({ control: [1], treatment: [1, 2] })], []],
  [
    "the quantile ",
    [() => quantileOf([], 0.5), () => quantileOf([1], -0.1), () => quantileOf([1], 1.1)],
    [() => quantileOf([1], 0), () => quantileOf([1], 1)],
  ],
  [
    "a variance table of fewer than two groups",
    [() => varianceTable([powerSums([1])]), () => varianceTable([powerSums([1]), powerSums([])])],
    [],
  ],
  ["values of the same entities", [() => countPairs([1], [1, 2])], [() => countPairs([], [])]],
  ["a table that is not square", [() => tablePairs([[1, 2]])], [() => tablePairs([[1]])]],
  ["delays and windows of one length", [() => delayDistribution({ delays: [1], windows: [1, 2] })], []],
  ["numerators and ", [() => unitsOf({ numerators: [1], denominators: [1, 2] })], [() => unitsOf({ numerators: [], denominators: [] })]],
  ["cluster keys", [() => clusterSums([1], [[1, 2]])], [() => clusterSums([1, 1], [[1, 2]])]],
  [
    "a lower threshold of",
    [() => winsorised({ control: two, treatment: two }, { kind: "values", lower: 2, upper: 1 })],
    [() => winsorised({ control: two, treatment: two }, { kind: "values", lower: 1, upper: 1 })],
  ],
  [
    "weights for all strata, or for none",
    [() => postStratified([{ ...stratum, weight: 1 }, stratum])],
    [() => postStratified([stratum, stratum])],
  ],
  ["a Poisson table of mean", [0, 1.5].map((mean) => () => poissonTable(mean)), [() => poissonTable(1)]],
  ["columns of different length", [() => poolRows([two, Float64Array.of(1)], 2)], []],
  ["rows of", [() => poolRows([two], 1)], [() => poolRows([two], 2)]],
  ["a contribution that is not finite", [() => poolRows([Float64Array.of(none)], 1)], []],
  ["rows", [() => rowsApart(-1)], [() => rowsApart(0)]],
  [
    "a posterior Beta(",
    [() => betaPosterior(0, 1), () => betaPosterior(1, 0), () => betaPosterior(infinite, 1)],
    [() => betaPosterior(1e-3, 1)],
  ],
  [
    "a stratum has at least one unit",
    [() => allocateUnits({ sizes: [0, 5], targets: [], minimum: 1 }), () => allocateUnits({ sizes: [5], targets: [], minimum: 0 })],
    [() => allocateUnits({ sizes: [1], targets: [], minimum: 1 })],
  ],
  [
    "an arm with standard error",
    [{ standardError: -1 }, { degreesOfFreedom: 0 }].map(
      (part) => () => effectOf({ control: { ...arm, ...part }, treatment: arm, method: "m", assumptions: [] }),
    ),
    [() => effectOf({ control: { ...arm, standardError: 0 }, treatment: arm, method: "m", assumptions: [] })],
  ],
  ["m: the value is not finite", [() => estimated({ value: none, method: "m", n: 1 })], []],
  [
    "m: bounds ",
    [
      () => estimated({ value: 1, lower: 2, upper: 1, method: "m", n: 1 }),
      () => estimated({ value: 1, lower: none, upper: 1, method: "m", n: 1 }),
      () => estimated({ value: 1, lower: 1, upper: infinite, method: "m", n: 1 }),
    ],
    [() => estimated({ value: 1, lower: 1, upper: 1, method: "m", n: 1 })],
  ],
  [
    "m: both bounds and a set",
    [
      () => estimated({ value: 1, lower: 0, set: { kind: "everything", level: 0.9 }, method: "m", n: 1 }),
      () => estimated({ value: 1, upper: 2, set: { kind: "everything", level: 0.9 }, method: "m", n: 1 }),
    ],
    [],
  ],
  [
    "t: p = ",
    [-0.1, 1.1, none].map(
      (pValue) => () =>
        finding({
          estimate: estimated({ value: 1, method: "m", n: 1 }),
          test: { name: "t", pValue, alternative: "two-sided", nullValue: 0 },
        }),
    ),
    [0, 1].map(
      (pValue) => () =>
        finding({
          estimate: estimated({ value: 1, method: "m", n: 1 }),
          test: { name: "t", pValue, alternative: "two-sided", nullValue: 0 },
        }),
    ),
  ],
  [
    "t: the statistic is",
    [
      () =>
        finding({
          estimate: estimated({ value: 1, method: "m", n: 1 }),
          test: { name: "t", statistic: infinite, pValue: 0, alternative: "less", nullValue: 0 },
        }),
    ],
    [],
  ],
  [
    "the detail 'd' is",
    [none, [1, infinite], [{ a: none }]].map(
      (d) => () => finding({ estimate: estimated({ value: 1, method: "m", n: 1 }), details: { d } }),
    ),
    [],
  ],
];

describe("what may not be asked of the statistics", () => {
  for (const [words, refused, answered] of rows) {
    it(`${words}: is told, and what is just within is answered`, () => {
      for (const question of refused) expect(question, String(question)).to.throw(words);
      for (const question of answered) expect(question, String(question)).not.to.throw();
    });
  }
});
