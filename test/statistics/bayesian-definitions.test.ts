/** Bayesian answers by their definitions: laws with closed forms, posteriors by matrices and by plain sums, and where a rule begins. */
import { expect } from "chai";
import { betaPosterior, sharesOf } from "../../simulations/statistics/bayesian/beta-posterior.ts";
import { studentChancePositive, studentShortfall } from "../../simulations/statistics/bayesian/student-posterior.ts";
import { effectOf, logRatio, relativeLift } from "../../simulations/statistics/effect.ts";
import {
  type BayesianMeansOptions,
  bayesianMeans,
  bayesianProportions,
  type Found,
  normalQuantile,
  type PartialPoolingOptions,
  partialPooling,
  type StatedPrior,
} from "../../simulations/statistics/index.ts";
import { sumOf } from "../../simulations/statistics/sums.ts";
import { endsOf, findingOf } from "./finding-parts.ts";
import { near } from "./reference-numbers.ts";

const z95 = -normalQuantile(0.025);

function reasonOf(found: Found): string {
  return found.kind === "undetermined" ? found.reason : "a finding";
}

describe("beta-binomial by closed forms", () => {
  // One success of one trial beside no trial: Beta(2, 1) against the uniform law, whose comparisons are polynomials.
  const [one, none] = [
    { successes: 1, trials: 1 },
    { successes: 0, trials: 0 },
  ];
  const prior = { a: 1, b: 1 };
  const tail = 0.1;
  const differenceCdf = (d: number): number => (d <= 0 ? (1 + d) ** 3 / 3 : (1 - d ** 3) / 3 + d);

  it("Beta(2, 1) less and over a uniform law, and the other way round", () => {
    const found = findingOf(bayesianProportions({ control: none, treatment: one, prior, level: 1 - 2 * tail }));
    const { interval, value, standardError, n } = found.estimate;
    near(value, 2 / 3 - 1 / 2, 1e-15);
    near(standardError, Math.sqrt(1 / 18 + 1 / 12), 1e-14);
    expect(n).to.equal(1);
    expect(found.estimate.assumptions).to.deep.equal(["units are independent", "the prior is what was believed before the data"]);
    near(interval?.lower, Math.cbrt(3 * tail) - 1, 1e-11);
    near(differenceCdf(interval?.upper ?? 2), 1 - tail, 1e-11);
    const { logRatio: log, relative, details } = found;
    if (log?.kind !== "estimate" || relative?.kind !== "estimate") throw new Error("no ratio");
    const ratios = [Math.sqrt(3 * tail), 4 / 3, 2 / (3 * tail)] as const;
    for (const [index, ratio] of [log.interval?.lower, log.value, log.interval?.upper].entries())
      near(ratio, Math.log(ratios[index] as number), 1e-10);
    for (const [index, lift] of [relative.interval?.lower, relative.value, relative.interval?.upper].entries())
      near(lift, (ratios[index] as number) - 1, 1e-10);
    const expected = { chanceToWin: 2 / 3, chanceToLose: 1 / 3, expectedLossOfTreatment: 1 / 12, expectedLossOfControl: 1 / 4 };
    for (const [name, figure] of Object.entries({ ...expected, controlMean: 1 / 2, treatmentMean: 2 / 3 }))
      near(details?.[name] as number, figure, 1e-12);
    expect(found.warnings).to.deep.equal(["A group has no trial: its part of this is the prior alone."]);

    const turned = findingOf(bayesianProportions({ control: one, treatment: none, prior, level: 1 - 2 * tail }));
    near(turned.estimate.interval?.upper, 1 - Math.cbrt(3 * tail), 1e-11);
    near(differenceCdf(-(turned.estimate.interval?.lower ?? 2)), 1 - tail, 1e-11);
    const [low, high] = endsOf(turned.logRatio);
    near(low ?? 0, -Math.log(ratios[2]), 1e-10);
    near(high ?? 0, -Math.log(ratios[0]), 1e-10);
    near(turned.details?.["chanceToWin"] as number, 1 / 3, 1e-12);
    expect(findingOf(bayesianProportions({ control: one, treatment: one, prior, level: 0.8 })).warnings).to.deep.equal([]);
  });

  it("chances in the far tail are the finite sum that they are for whole parameters", () => {
    const logs = Array.from({ length: 2100 }, (_, k) => Math.log(Math.max(1, k)));
    const logFactorials = logs.map((_, k) => sumOf(logs.slice(0, k + 1)));
    // log B(x, y) = log (x - 1)! (y - 1)! / (x + y - 1)!
    const logBeta = (x: number, y: number): number =>
      (logFactorials[x - 1] as number) + (logFactorials[y - 1] as number) - (logFactorials[x + y - 1] as number);
    for (const [control, treatment] of [
      [
        { successes: 900, trials: 1000 },
        { successes: 200, trials: 1000 },
      ],
      [
        { successes: 990, trials: 1000 },
        { successes: 5, trials: 50 },
      ],
      [
        { successes: 45, trials: 50 },
        { successes: 20, trials: 1000 },
      ],
      [
        { successes: 400, trials: 1000 },
        { successes: 21, trials: 50 },
      ],
    ] as const) {
      const [a, b] = [treatment.successes + 1, treatment.trials - treatment.successes + 1];
      const [c, d] = [control.successes + 1, control.trials - control.successes + 1];
      // Miller (2015): P(T > C) = sum over i < a of B(c + i, d + b) / ((b + i) B(1 + i, b) B(c, d)).
      const terms = Array.from({ length: a }, (_, i) => logBeta(c + i, d + b) - Math.log(b + i) - logBeta(1 + i, b) - logBeta(c, d));
      const { details } = findingOf(bayesianProportions({ control, treatment, prior, level: 0.8 }));
      near(details?.["chanceToWin"] as number, sumOf(terms.map(Math.exp)), 1e-9);
    }
  });

  it("a lift that a control without any success leaves open is said to be wider than a number", () => {
    const ask = (a: number) =>
      findingOf(bayesianProportions({ control: { successes: 0, trials: 9 }, treatment: one, prior: { a, b: 1 }, level: 0.95 })).relative;
    expect(ask(1e-3)).to.deep.equal({
      kind: "undetermined",
      reason: "the lift's interval is wider than a number can hold",
      wouldDetermine: "a success in the control, or a prior with a success",
    });
    expect(ask(1)?.kind).to.equal("estimate");
  });

  it("the law of the log-odds is that of the share, near its mode and far out, and sure beyond 0 and 1", () => {
    for (const [a, b, logBeta] of [
      [1, 1, 0],
      [2, 3, -Math.log(12)],
      [3, 2, -Math.log(12)],
      [0.5, 0.5, Math.log(Math.PI)],
    ] as const) {
      const law = betaPosterior(a, b);
      for (const offset of [-60, -31, -8, -0.5, -0.09, -1e-4, 0, 1e-4, 0.09, 0.5, 8, 31, 60]) {
        const [share, complement] = [1 / (1 + (b / a) * Math.exp(-offset)), 1 / (1 + (a / b) * Math.exp(offset))];
        near(law.logDensity(offset), a * Math.log(share) + b * Math.log(complement) - logBeta, 1e-12, 1);
      }
      for (const share of [0.1, 0.5, 0.8]) near(law.atMost(share, 1 - share) + law.above(share, 1 - share), 1, 1e-13);
      expect([law.atMost(0, 1), law.above(0, 1), law.atMost(1, 0), law.above(1, 0)]).to.deep.equal([0, 1, 1, 0]);
      expect([law.atMost(-1, 2), law.above(-1, 2), law.atMost(2, -1), law.above(2, -1)]).to.deep.equal([0, 1, 1, 0]);
    }
    near(betaPosterior(2, 1).atMost(0.3, 0.7), 0.09, 1e-14);
    // Both tails keep their digits: x² of Beta(2, 1), and 2 (1 - x) less its square.
    near(betaPosterior(2, 1).atMost(1e-12, 1 - 1e-12), 1e-24, 1e-12);
    near(betaPosterior(2, 1).above(1 - 1e-12, 1e-12), 2e-12, 1e-11);
    near(betaPosterior(2, 1).above(0.9, 0.1), 0.19, 1e-13);
    expect(sharesOf(0)).to.deep.equal({ share: 0.5, complement: 0.5 });
    expect(sharesOf(800)).to.deep.equal({ share: 1, complement: 0 });
    for (const [a, b] of [
      [0, 1],
      [1, 0],
      [1, Number.POSITIVE_INFINITY],
    ] as const)
      expect(() => betaPosterior(a, b)).to.throw(`a posterior Beta(${a}, ${b})`);
  });
});

describe("the effect on a mean by matrices", () => {
  const control = { n: 400, mean: 5, variance: 90 };
  const treatment = { n: 200, mean: 6, variance: 70 };
  const [vc, vt] = [90 / 400, 70 / 200];
  const ask = (prior: StatedPrior, own: Partial<BayesianMeansOptions> = {}) =>
    findingOf(bayesianMeans({ control, treatment, prior, scale: "absolute", level: 0.95, ...own }));

  it("with a flat prior is the large-sample comparison: difference, lift and log ratio", () => {
    const arm = ({ n, mean, variance }: typeof control) => ({
      value: mean,
      standardError: Math.sqrt(variance / n),
      degreesOfFreedom: Number.POSITIVE_INFINITY,
      n,
    });
    const effect = effectOf({ control: arm(control), treatment: arm(treatment), method: "z", assumptions: [] });
    if (effect.kind === "undetermined") throw new Error(effect.reason);
    const { relative, logRatio: log } = ask({ kind: "flat" });
    const claim = { level: 0.95, alternative: "two-sided" } as const;
    for (const [told, expected] of [
      [relative, relativeLift(effect, claim)],
      [log, logRatio(effect, claim)],
    ] as const) {
      if (told?.kind !== "estimate" || expected.kind !== "estimate") throw new Error("no estimate");
      near(told.value, expected.value, 1e-12);
      near(told.interval?.lower, expected.interval?.lower ?? 0, 1e-10);
      near(told.interval?.upper, expected.interval?.upper ?? 0, 1e-10);
      expect(told.n).to.equal(600);
    }
  });

  it("with a prior is that of the joint normal law of control and effect, and its lift excludes what that law does", () => {
    for (const [prior, mean, spread] of [
      [{ kind: "normal", mean: 0.5, standardDeviation: 0.4 }, 0.5, 0.4 ** 2],
      [{ kind: "weak" }, 0, 90 + 70],
    ] as const) {
      // Precision of (control, effect): the data say c = 5 +- vc and c + effect = 6 +- vt, the prior effect = mean +- spread.
      const [cc, ce, ee] = [1 / vc + 1 / vt, 1 / vt, 1 / vt + 1 / spread];
      const [rightC, rightE] = [5 / vc + 6 / vt, 6 / vt + mean / spread];
      const determinant = cc * ee - ce * ce;
      const [c, effect] = [(ee * rightC - ce * rightE) / determinant, (cc * rightE - ce * rightC) / determinant];
      const [varianceC, covariance, varianceE] = [ee / determinant, -ce / determinant, cc / determinant];
      const found = ask(prior);
      near(found.estimate.value, effect, 1e-12);
      near(found.estimate.standardError, Math.sqrt(varianceE), 1e-12);
      if (found.relative?.kind !== "estimate") throw new Error("no lift");
      near(found.relative.value, effect / c, 1e-12);
      for (const lift of endsOf(found.relative)) {
        const variance = varianceE - 2 * (lift ?? 0) * covariance + (lift ?? 0) ** 2 * varianceC;
        near((effect - (lift ?? 0) * c) ** 2, z95 ** 2 * variance, 1e-9);
      }
    }
  });

  it("on the relative scale a weak prior is worth one unit of each group", () => {
    const ratio = 6 / 5;
    const [variance, unit] = [(vt + ratio ** 2 * vc) / 25, (70 + ratio ** 2 * 90) / 25];
    const { estimate } = ask({ kind: "weak" }, { scale: "relative" });
    near(estimate.value, ((ratio - 1) * unit) / (unit + variance), 1e-12);
    near(estimate.standardError, Math.sqrt((unit * variance) / (unit + variance)), 1e-12);
  });

  it("warns of few units, of a prior that the data contradict, of a control near 0; not before", () => {
    const flat = { kind: "flat" } as const;
    const sized = (n: number) => ask(flat, { control: { ...control, n } }).warnings;
    expect([sized(29), sized(30)]).to.deep.equal([
      ["A group has 29 units: its variance is taken as known, and the interval is too short."],
      [],
    ]);
    const apart = (mean: number) => ask({ kind: "normal", mean, standardDeviation: Math.sqrt(1 - vc - vt) }).warnings;
    expect(apart(-0.99)).to.deep.equal([]);
    expect(apart(-1.14)).to.deep.equal([
      "The data lie 2.1 standard deviations from what the prior expects: prior and data disagree, and the answer lies between them.",
    ]);
    const relative = (errors: number) => ask(flat, { scale: "relative", control: { ...control, mean: errors * Math.sqrt(vc) } }).warnings;
    expect(relative(10.01)).to.deep.equal([]);
    expect(relative(9.9)).to.deep.equal([
      "The control's mean is only 9.9 standard errors from 0: the delta method's lift is skewed there; take the absolute scale.",
    ]);
  });

  it("says why there is none", () => {
    const flat = { prior: { kind: "flat" }, scale: "relative", level: 0.95 } as const;
    const reason = (change: Partial<typeof control>, other: Partial<typeof control> = {}, scale: "absolute" | "relative" = "relative") =>
      reasonOf(bayesianMeans({ ...flat, scale, control: { ...control, ...change }, treatment: { ...treatment, ...other } }));
    expect(reason({ n: 1 })).to.equal("a group has fewer than two units");
    expect(reason({}, { n: 1 })).to.equal("a group has fewer than two units");
    expect(reason({ n: 2 }, { n: 2 })).to.equal("a finding");
    expect(reason({ variance: 0 }, { variance: 0 })).to.equal("no unit differs from another in its group");
    const beyond = "the means or variances are beyond the numbers that can be weighed";
    for (const change of [{ mean: 1e151 }, { mean: -1e151 }, { variance: 1e155 }]) {
      expect(reason(change, {}, "absolute")).to.equal(beyond);
      expect(reason({}, change, "absolute")).to.equal(beyond);
    }
    expect(reason({ variance: 1e-291 }, { variance: 1e-291 }, "absolute")).to.equal(beyond);
    for (const mean of [0, -1]) expect(reason({ mean })).to.equal("a lift needs a control above 0");
    expect(reason({ mean: 1e-200 })).to.equal("the control is too near 0 for a lift that a number can hold");
    expect(reason({ mean: 1e-73 })).to.equal("the lift is beyond the numbers that can be weighed");
  });
});

describe("an effect whose error was estimated from few units", () => {
  it("loses more the other way by its mean, and at two degrees of freedom as the closed law says", () => {
    for (const degreesOfFreedom of [1.5, 2, 7, 300]) {
      for (const mean of [-3, 0, 0.4, 2]) {
        const law = { mean, scale: 1.7, degreesOfFreedom };
        const mirrored = { ...law, mean: -mean };
        near((studentShortfall(law) ?? Number.NaN) - (studentShortfall(mirrored) ?? Number.NaN), -mean, 1e-11, 1);
        near(studentChancePositive(law) + studentChancePositive(mirrored), 1, 1e-13);
      }
    }
    // With 2 degrees of freedom P(T <= t) = 1/2 + t / 2 sqrt(2 + t²), whose integral is (t + sqrt(2 + t²)) / 2.
    for (const t of [-2, 0, 0.5, 3]) {
      near(studentShortfall({ mean: t, scale: 1, degreesOfFreedom: 2 }), (Math.sqrt(2 + t * t) - t) / 2, 1e-12);
      near(studentChancePositive({ mean: 5 * t, scale: 5, degreesOfFreedom: 2 }), 0.5 + t / 2 / Math.sqrt(2 + t * t), 1e-13);
    }
    expect(studentShortfall({ mean: 0, scale: 1, degreesOfFreedom: 1 })).to.equal(undefined);
  });
});

describe("partial pooling by its definitions", () => {
  const uniform = { kind: "uniform" } as const;
  const segmentsOf = (estimates: readonly number[], errors: readonly number[]): PartialPoolingOptions["segments"] =>
    estimates.map((estimate, i) => ({ name: `s${i}`, estimate, standardError: errors[i] as number }));
  const pool = (
    segments: PartialPoolingOptions["segments"],
    method: PartialPoolingOptions["method"],
    spreadPrior: PartialPoolingOptions["spreadPrior"] = uniform,
  ) => partialPooling({ segments, method, spreadPrior, level: 0.95 });

  it("of two segments the variance between is half of the squared difference less both errors, by moments and by likelihood", () => {
    for (const [errors, tolerance] of [
      [[1, 2], 1e-10],
      [[1e-5, 1], 1e-7],
      [[1, 1e-5], 1e-7],
    ] as const) {
      for (const method of ["dersimonian-laird", "reml"] as const) {
        const { details, estimate, test } = findingOf(pool(segmentsOf([1, 6], errors), method));
        const between = (25 - errors[0] ** 2 - errors[1] ** 2) / 2;
        near((details?.["spread"] as number) ** 2, between, tolerance);
        const weights = errors.map((error) => 1 / (error ** 2 + between));
        const whole = (weights[0] as number) + (weights[1] as number);
        near(estimate.value, ((weights[0] as number) + 6 * (weights[1] as number)) / whole, tolerance);
        near(estimate.standardError, Math.sqrt(1 / whole), tolerance);
        near(test?.statistic, estimate.value * Math.sqrt(whole), tolerance);
        const q = 25 / (errors[0] ** 2 + errors[1] ** 2);
        near(details?.["heterogeneityQ"] as number, q, 1e-9);
        near(details?.["inconsistency"] as number, (q - 1) / q, 1e-9);
      }
    }
    const alike = findingOf(pool(segmentsOf([1, 2], [1, 1]), "reml")).details;
    expect([alike?.["spread"], alike?.["inconsistency"]]).to.deep.equal([0, 0]);
  });

  it("the spread's posterior is the sum of its definition: mean, median and ends", () => {
    const [estimates, errors] = [
      [1, 4, 2.5, 6],
      [1, 0.8, 1.5, 1.2],
    ];
    for (const [prior, logPrior] of [
      [{ kind: "half-normal", scale: 1.5 }, (spread: number) => -((spread / 1.5) ** 2) / 2],
      [{ kind: "half-normal", scale: 0.2 }, (spread: number) => -((spread / 0.2) ** 2) / 2],
    ] as const) {
      const { details, estimate } = findingOf(pool(segmentsOf(estimates, errors), "bayes", prior));
      const given = (spread: number) => {
        const weights = errors.map((error) => 1 / (error ** 2 + spread ** 2));
        const whole = weights.reduce((sum, weight) => sum + weight, 0);
        const mean = estimates.reduce((sum, estimate, i) => sum + (weights[i] as number) * estimate, 0) / whole;
        return { weights, whole, mean };
      };
      const height = (spread: number): number => {
        const { weights, whole, mean } = given(spread);
        const squares = estimates.reduce((sum, estimate, i) => sum + (weights[i] as number) * (estimate - mean) ** 2, 0);
        return Math.exp((weights.reduce((sum, weight) => sum + Math.log(weight), 0) - Math.log(whole) - squares) / 2 + logPrior(spread));
      };
      // Simpson's rule.
      const integral = (to: number, of: (spread: number) => number): number => {
        const steps = 4000;
        const terms = Array.from({ length: steps + 1 }, (_, k) => (k === 0 || k === steps ? 1 : 2 + 2 * (k % 2)) * of((to * k) / steps));
        return (terms.reduce((sum, term) => sum + term, 0) * to) / steps / 3;
      };
      const most = 10 * prior.scale;
      const whole = integral(most, height);
      near(details?.["spread"] as number, integral(most, (spread) => spread * height(spread)) / whole, 1e-8);
      // The mean's variance: what it is given the spread, and how much the mean moves with the spread.
      const mean = integral(most, (spread) => given(spread).mean * height(spread)) / whole;
      const second = integral(most, (spread) => (1 / given(spread).whole + given(spread).mean ** 2) * height(spread)) / whole;
      near(estimate.value, mean, 1e-8);
      near(estimate.standardError, Math.sqrt(second - mean ** 2), 1e-8);
      for (const [name, share] of Object.entries({ spreadLower: 0.025, spreadMedian: 0.5, spreadUpper: 0.975 }))
        near(integral(details?.[name] as number, height) / whole, share, 1e-8);
    }
  });

  it("has no unit, however the spread is dealt with", () => {
    const [estimates, errors] = [
      [1, 4, 2, 7],
      [1, 2, 1.5, 0.5],
    ];
    for (const method of ["dersimonian-laird", "reml", "bayes"] as const) {
      const of = (unit: number) => {
        const scaled = segmentsOf(
          estimates.map((value) => value * unit),
          errors.map((value) => value * unit),
        );
        return findingOf(pool(scaled, method, { kind: "half-cauchy", scale: unit }));
      };
      const plain = of(1);
      for (const unit of [2 ** 40, 2 ** -40]) {
        const scaled = of(unit);
        near(scaled.estimate.value, plain.estimate.value * unit, 1e-9);
        near(scaled.details?.["spread"] as number, (plain.details?.["spread"] as number) * unit, 1e-9);
        near(scaled.estimate.interval?.upper, (plain.estimate.interval?.upper ?? 0) * unit, 1e-9);
      }
    }
  });

  it("refuses by name: no spread, too few segments, errors that cannot be weighed together", () => {
    const two = segmentsOf([1, 2], [1, 1]);
    expect(reasonOf(pool(segmentsOf([1, 2], [1, 0]), "reml"))).to.equal("the standard error of 's1' is 0");
    expect(reasonOf(pool(two.slice(1), "reml"))).to.equal("1 segments");
    expect(pool(two, "bayes")).to.include({ reason: "2 segments", wouldDetermine: "at least 3 segments" });
    for (const found of [pool(two, "reml"), pool(two, "bayes", { kind: "half-normal", scale: 1 })]) expect(found.kind).to.equal("finding");
    for (const error of [1e-141, 1e141])
      expect(reasonOf(pool(segmentsOf([1, 2], [error, error]), "reml"))).to.equal(
        "the standard errors are beyond the numbers that can be squared",
      );
    const apart = "the segments' estimates or errors differ by more than can be weighed together";
    for (const [estimates, errors] of [
      [
        [1, 2],
        [1, 1.01e6],
      ],
      [
        [1, -1.1e50],
        [1e-50, 1e-50],
      ],
    ] as const)
      expect(reasonOf(pool(segmentsOf(estimates, errors), "dersimonian-laird"))).to.equal(apart);
    expect(pool(segmentsOf([1, 2], [1, 1e6]), "dersimonian-laird").kind).to.equal("finding");
  });
});
