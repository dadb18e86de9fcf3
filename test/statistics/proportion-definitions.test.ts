/** Proportions by their definitions, in closed form: unequal arms, corrections, counts at a limit, and the words of what cannot be said. */
import { expect } from "chai";
import {
  barnardExact,
  clopperPearson,
  type Finding,
  jeffreysProportion,
  logOddsRatio,
  logRiskRatio,
  newcombeDifference,
  normalSurvival,
  pairedRatio,
  scoreDifference,
  scoreOddsRatio,
  selectedShare,
  waldDifference,
  waldProportion,
  wilson,
} from "../../simulations/statistics/index.ts";
import { wilsonBounds } from "../../simulations/statistics/proportions/proportion.ts";
import { endsOf, findingOf } from "./finding-parts.ts";
import { near } from "./reference-numbers.ts";

const control = { successes: 30, trials: 160 };
const treatment = { successes: 12, trials: 40 };
const claim = { alternative: "two-sided", level: 0.95 } as const;
const z = 1.959963984540054;

/** The logarithm's value, error and ends, and the test that belongs to them. */
function expectLogarithm(found: Finding, log: number, error: number, nullLog: number): void {
  near(found.estimate.value, Math.exp(log), 1e-12);
  const { logRatio, test } = found;
  if (logRatio?.kind !== "estimate") throw new Error("no logarithm");
  near(logRatio.value, log, 1e-12);
  near(logRatio.standardError, error, 1e-12);
  near(logRatio.interval?.lower, log - z * error, 1e-12);
  near(logRatio.interval?.upper, log + z * error, 1e-12);
  near(found.estimate.interval?.lower, Math.exp(log - z * error), 1e-12);
  near(found.estimate.interval?.upper, Math.exp(log + z * error), 1e-12);
  near(test?.statistic, (log - nullLog) / error, 1e-12);
  near(test?.pValue, 2 * normalSurvival(Math.abs((log - nullLog) / error)), 1e-12);
  expect([found.estimate.n, logRatio.n]).to.deep.equal([200, 200]);
}

describe("ratios by the normal distribution of their logarithm", () => {
  const katz = { control, treatment, ...claim, nullRatio: 1.2, variant: "katz" } as const;

  it("risk ratio: Katz, Walter with half a success more, and one pooled share", () => {
    const log = Math.log(12 / 40 / (30 / 160));
    expectLogarithm(findingOf(logRiskRatio(katz)), log, Math.sqrt(1 / 12 - 1 / 40 + 1 / 30 - 1 / 160), Math.log(1.2));
    const walter = findingOf(logRiskRatio({ ...katz, variant: "walter" }));
    const error = Math.sqrt(1 / 12.5 - 1 / 40.5 + 1 / 30.5 - 1 / 160.5);
    expectLogarithm(walter, Math.log(12.5 / 40.5 / (30.5 / 160.5)), error, Math.log(1.2));
    const pooled = Math.sqrt((1 - 42 / 200) * (200 / 42) * (1 / 40 + 1 / 160));
    expectLogarithm(findingOf(logRiskRatio({ ...katz, pooled: true })), log, pooled, Math.log(1.2));
  });

  it("odds ratio: Woolf, and Gart with half a unit more in each cell", () => {
    const options = { control, treatment, ...claim, nullRatio: 1.2 };
    const log = Math.log((12 * 130) / (28 * 30));
    const woolf = findingOf(logOddsRatio({ ...options, variant: "woolf" }));
    expectLogarithm(woolf, log, Math.sqrt(1 / 12 + 1 / 28 + 1 / 30 + 1 / 130), Math.log(1.2));
    const gart = findingOf(logOddsRatio({ ...options, variant: "gart" }));
    const error = Math.sqrt(1 / 12.5 + 1 / 28.5 + 1 / 30.5 + 1 / 130.5);
    expectLogarithm(gart, Math.log((12.5 * 130.5) / (28.5 * 30.5)), error, Math.log(1.2));
    expect([woolf.estimate.method, gart.estimate.method]).to.deep.equal(["Woolf log", "Gart log"]);
  });

  it("name what was done, and warn below 5, not at 5", () => {
    const methodOf = (change: object) => findingOf(logRiskRatio({ ...katz, ...change })).estimate.method;
    expect(methodOf({})).to.equal("Katz log");
    expect(methodOf({ variant: "walter" })).to.equal("Walter log");
    expect(methodOf({ pooled: true })).to.equal("Katz log, pooled");
    expect(methodOf({ continuityCorrection: true })).to.equal("Katz log, continuity-corrected");
    const warned = (successes: number) => [
      findingOf(logRiskRatio({ ...katz, treatment: { successes, trials: 40 } })).warnings.length,
      findingOf(logOddsRatio({ ...katz, variant: "woolf", treatment: { successes, trials: 40 } })).warnings.length,
    ];
    expect(warned(5)).to.deep.equal([0, 0]);
    expect(warned(4)).to.deep.equal([1, 1]);
  });

  it("say which count is missing", () => {
    const none = { successes: 0, trials: 40 };
    const all = { successes: 40, trials: 40 };
    const nobody = { successes: 0, trials: 0 };
    const odds = { control, treatment, ...claim, nullRatio: 1 };
    const reasons = [
      logRiskRatio({ ...katz, treatment: none }),
      logRiskRatio({ ...katz, treatment: all, control: all }),
      logOddsRatio({ ...odds, variant: "woolf", treatment: all }),
      logOddsRatio({ ...odds, variant: "gart", treatment: nobody }),
      logOddsRatio({ ...odds, variant: "gart", control: nobody }),
      scoreOddsRatio({ ...odds, variant: "plain", control: none }),
      scoreOddsRatio({ ...odds, variant: "plain", treatment: all }),
      findingOf(scoreOddsRatio({ ...odds, variant: "plain", treatment: none })).logRatio,
    ].map((found) => (found?.kind === "undetermined" ? [found.reason, found.wouldDetermine] : found));
    expect(reasons).to.deep.equal([
      ["no success in the treatment: the logarithm of 0", "at least one success in each arm, or the score ratio, which needs none"],
      ["every unit of both arms is a success: the standard error is 0", "the score ratio, which needs no estimate of the variance"],
      [
        "a cell of the table is 0: Woolf's standard error is infinite",
        "the score or the exact odds ratio, or Gart's, which adds 1/2 to each cell",
      ],
      ["an arm without units", "at least one unit in each arm"],
      ["an arm without units", "at least one unit in each arm"],
      ["no success in the control: the odds ratio is beyond every number", "at least one success in the control"],
      ["no failure in the treatment: the odds ratio is beyond every number", "at least one failure in the treatment"],
      ["the odds ratio is 0, which has no logarithm", "at least one success in the treatment and one failure in the control"],
    ]);
  });

  it("odds ratio by scores: at no effect the pooled z, and its logarithm has the logarithms of its ends", () => {
    const found = findingOf(scoreOddsRatio({ control, treatment, ...claim, nullRatio: 1, variant: "miettinen-nurminen" }));
    const share = 42 / 200;
    const pooled = (12 / 40 - 30 / 160) / Math.sqrt(share * (1 - share) * (1 / 40 + 1 / 160));
    near(found.test?.statistic, pooled * Math.sqrt(199 / 200), 1e-12);
    const near1 = findingOf(scoreOddsRatio({ control, treatment, ...claim, nullRatio: 1 + 1e-9, variant: "plain" }));
    near(near1.test?.statistic, pooled, 1e-7);
    for (const end of [0, 1] as const) near(endsOf(found.logRatio)[end] ?? Number.NaN, Math.log(endsOf(found.estimate)[end] ?? 0), 1e-12);
    expect([found.estimate.method, found.estimate.n, found.test?.name]).to.deep.equal([
      "Miettinen-Nurminen score",
      200,
      "Miettinen-Nurminen score",
    ]);
  });
});

describe("differences of proportions", () => {
  it("Wald: the correction is half a unit of each arm, towards the null value, and widens the interval", () => {
    const options = { control, treatment, ...claim, nullDifference: 0, pooled: false };
    const [plain, corrected] = [false, true].map((continuityCorrection) => findingOf(waldDifference({ ...options, continuityCorrection })));
    const error = Math.sqrt((0.3 * 0.7) / 40 + (0.1875 * 0.8125) / 160);
    const half = (1 / 40 + 1 / 160) / 2;
    near(plain?.test?.statistic, 0.1125 / error, 1e-12);
    near(corrected?.test?.statistic, (0.1125 - half) / error, 1e-12);
    near(corrected?.estimate.interval?.lower, 0.1125 - z * error - half, 1e-12);
    near(corrected?.estimate.interval?.upper, 0.1125 + z * error + half, 1e-12);
  });

  it("Newcombe: the ends join Wilson's, and below a level of one half the ends of one-sided sets change places", () => {
    const lowerWilson = wilsonBounds(12, 40, z).lower;
    const upperWilson = wilsonBounds(30, 160, z).upper;
    const options = { control, treatment, nullDifference: 0 };
    near(
      findingOf(newcombeDifference({ ...options, ...claim })).estimate.interval?.lower,
      0.1125 - Math.hypot(0.3 - lowerWilson, upperWilson - 0.1875),
      1e-12,
    );
    const end = (alternative: "less" | "greater", level: number) =>
      endsOf(findingOf(newcombeDifference({ ...options, alternative, level })).estimate);
    near(end("greater", 0.3)[0] ?? Number.NaN, end("less", 0.7)[1] ?? Number.NaN, 1e-9);
    near(end("less", 0.3)[1] ?? Number.NaN, end("greater", 0.7)[0] ?? Number.NaN, 1e-9);
  });

  it("score: both arms all alike have an interval, no p-value, and a sentence that says so", () => {
    const found = findingOf(
      scoreDifference({
        control: { successes: 0, trials: 30 },
        treatment: { successes: 0, trials: 40 },
        ...claim,
        nullDifference: 0,
        variant: "miettinen-nurminen",
      }),
    );
    expect(found.test).to.equal(undefined);
    expect(found.estimate.interval).to.not.equal(undefined);
    expect(found.warnings).to.deep.equal([
      "Fewer than 5 successes or failures are expected in an arm: the level is approximate, and an exact test is safer.",
      "Both arms are all alike: under no difference the score statistic is 0 / 0, so that there is no p-value. The interval needs none.",
    ]);
  });

  it("exact: an arm for the other turns the interval round", () => {
    const small = { successes: 7, trials: 11 };
    const other = { successes: 2, trials: 9 };
    const ask = (one: typeof small, two: typeof small) =>
      findingOf(barnardExact({ control: one, treatment: two, ...claim, nullDifference: 0, ordering: "score" }));
    const [forth, back] = [ask(small, other), ask(other, small)];
    near(forth.estimate.interval?.lower, -(back.estimate.interval?.upper ?? Number.NaN), 1e-9);
    near(forth.estimate.interval?.upper, -(back.estimate.interval?.lower ?? Number.NaN), 1e-9);
    near(forth.test?.pValue, back.test?.pValue ?? Number.NaN, 1e-9);
  });
});

describe("one proportion", () => {
  it("Wald warns below 15 of either kind, not at 15; Jeffreys' posterior mean adds half of each", () => {
    const warnings = (successes: number, trials: number) =>
      findingOf(waldProportion({ successes, trials, nullValue: 0.5, ...claim })).warnings.length;
    expect([warnings(15, 30), warnings(14, 30), warnings(16, 30)]).to.deep.equal([0, 1, 1]);
    const { details } = findingOf(jeffreysProportion({ successes: 3, trials: 9, ...claim }));
    expect(details).to.deep.equal({ posteriorMean: 0.35 });
  });

  it("Wilson ends exactly at 0 and 1 where none or all succeed; a negative critical value is the other end", () => {
    expect(wilsonBounds(0, 10, 1).lower).to.equal(0);
    expect(wilsonBounds(10, 10, 1).upper).to.equal(1);
    near(wilsonBounds(0, 10, 1).upper, 1 / 11, 1e-15);
    near(wilsonBounds(0, 10, -1).lower, 1 / 11, 1e-15);
    near(wilsonBounds(10, 10, -1).upper, 10 / 11, 1e-15);
  });

  it("counts that cannot be are refused by name", () => {
    for (const [successes, trials] of [
      [1.5, 3],
      [1, 3.5],
      [4, 3],
      [-1, 3],
    ] as const)
      for (const ask of [wilson, clopperPearson])
        expect(() => ask({ successes, trials, level: 0.95 })).to.throw(`${successes} of ${trials}`);
  });
});

describe("shares of entities seen twice, or selectively", () => {
  it("paired: the ratio of the two shares with an error from those who changed", () => {
    const found = pairedRatio({ both: 3, firstOnly: 4, secondOnly: 2, trials: 9, level: 0.95 });
    if (found.kind !== "estimate") throw new Error(found.reason);
    near(found.value, 5 / 7, 1e-15);
    near(found.interval?.upper, (5 / 7) * Math.exp(z * Math.sqrt(6 / 35)), 1e-12);
    near(found.interval?.lower, 5 / 7 / Math.exp(z * Math.sqrt(6 / 35)), 1e-12);
    expect(() => pairedRatio({ both: 3, firstOnly: 4, secondOnly: 2, trials: 8, level: 0.95 })).to.throw("9 of 8");
  });

  it("selected: with equal odds the counts of the population that hypergeometric tails do not rule out", () => {
    const ways = (n: number, k: number): number => (k < 0 || k > n ? 0 : k === 0 ? 1 : (ways(n - 1, k - 1) * n) / k);
    const [population, successes, failures] = [20, 2, 3];
    const mass = (count: number, k: number) => (ways(count, k) * ways(population - count, 5 - k)) / ways(population, 5);
    const allowed = Array.from({ length: population + 1 }, (_, count) => count).filter((count) => {
      const masses = [0, 1, 2, 3, 4, 5].map((k) => mass(count, k));
      const upper = masses.slice(successes).reduce((sum, part) => sum + part, 0);
      const lower = masses.slice(0, successes + 1).reduce((sum, part) => sum + part, 0);
      return count >= successes && count <= population - failures && upper > 0.025 && lower > 0.025;
    });
    const found = selectedShare({ population, successes, failures, odds: 1, level: 0.95 });
    if (found.kind !== "estimate") throw new Error(found.reason);
    near(found.value, 0.4, 1e-12);
    near(found.interval?.lower, Math.min(...allowed) / population, 1e-12);
    near(found.interval?.upper, Math.max(...allowed) / population, 1e-12);
  });

  it("selected: everybody seen is what it is; more seen than there are, or no odds, are refused", () => {
    const options = { successes: 2, failures: 3, odds: 2, level: 0.95 };
    const found = selectedShare({ ...options, population: 5 });
    expect(found.kind === "estimate" ? [found.value, found.interval?.lower, found.interval?.upper] : found).to.deep.equal([0.4, 0.4, 0.4]);
    expect(() => selectedShare({ ...options, population: 4 })).to.throw("5 of 4 seen at odds 2");
    expect(() => selectedShare({ ...options, population: 9, odds: 0 })).to.throw("5 of 9 seen at odds 0");
  });
});
