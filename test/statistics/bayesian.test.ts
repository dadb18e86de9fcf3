/** Bayesian answers against mpmath, SciPy and metafor, and their laws. */
import { expect } from "chai";
import fc from "fast-check";
import {
  type BayesianMeansOptions,
  type BayesianProportionsOptions,
  bayesianMeans,
  bayesianProportions,
  expectedShortfall,
  normalPosterior,
  type PartialPoolingOptions,
  partialPooling,
} from "../../simulations/statistics/index.ts";
import { excludes, found } from "./findings.ts";
import { near, referenceCases } from "./reference-numbers.ts";

/** The rows of segments. */
function segmentsOf({ details }: ReturnType<typeof found>): readonly Readonly<Record<string, number>>[] {
  return (details?.["segments"] ?? []) as readonly Readonly<Record<string, number>>[];
}

type Pair = readonly [number, number];
type Triple = readonly [number, number, number];

describe("two proportions by beta-binomial", () => {
  it("chances and expected losses agree with the closed sums to 1e-12, intervals with quadrature on another scale to 1e-10", () => {
    interface Row extends Omit<BayesianProportionsOptions, "level"> {
      chanceToWin: number;
      chanceToLose: number;
      lossOfTreatment: number;
      lossOfControl: number;
      intervals: readonly { level: number; difference: Pair; logRatio: Triple }[];
    }
    for (const { chanceToWin, chanceToLose, lossOfTreatment, lossOfControl, intervals, ...row } of referenceCases<Row>(
      "bayesian/proportions",
    )) {
      const result = found(bayesianProportions({ ...row, level: 0.95 }));
      near(result.details?.["chanceToWin"] as number, chanceToWin, 1e-12);
      near(result.details?.["chanceToLose"] as number, chanceToLose, 1e-12);
      near(result.details?.["expectedLossOfTreatment"] as number, lossOfTreatment, 1e-12);
      near(result.details?.["expectedLossOfControl"] as number, lossOfControl, 1e-12);
      const { difference, logRatio } = intervals[1] as (typeof intervals)[number];
      near(result.estimate.interval?.lower, difference[0], 1e-10, 1e-1);
      near(result.estimate.interval?.upper, difference[1], 1e-10, 1e-1);
      const log = result.logRatio?.kind === "estimate" ? result.logRatio : undefined;
      near(log?.interval?.lower, logRatio[0], 1e-9, 1);
      near(log?.value, logRatio[1], 1e-9, 1);
      near(log?.interval?.upper, logRatio[2], 1e-9, 1);
    }
  });

  it("holds for huge counts and for tails below 1e-200", () => {
    const prior = { a: 1, b: 1 };
    const huge = found(
      bayesianProportions({
        control: { successes: 4e14, trials: 9e15 },
        treatment: { successes: 4.00001e14, trials: 9e15 },
        prior,
        level: 0.95,
      }),
    );
    // So close to normal that Phi(z) is right to 1e-7 of the tail.
    near(huge.details?.["chanceToWin"] as number, 1, 1e-12);
    const far = found(
      bayesianProportions({ control: { successes: 900, trials: 1000 }, treatment: { successes: 200, trials: 1000 }, prior, level: 0.95 }),
    );
    expect(far.details?.["chanceToWin"]).to.be.within(1e-280, 1e-200);
    expect(
      bayesianProportions({ control: { successes: 0, trials: 0 }, treatment: { successes: 0, trials: 0 }, prior, level: 0.95 }).kind,
    ).to.equal("undetermined");
  });

  it("mirrors when the groups or success and failure are swapped, and widens with the level", () => {
    const counts = fc
      .integer({ min: 1, max: 300 })
      .chain((trials) => fc.record({ trials: fc.constant(trials), successes: fc.integer({ min: 0, max: trials }) }));
    fc.assert(
      fc.property(counts, counts, (control, treatment) => {
        const prior = { a: 1, b: 1 };
        const a = found(bayesianProportions({ control, treatment, prior, level: 0.9 }));
        const swapped = found(bayesianProportions({ control: treatment, treatment: control, prior, level: 0.9 }));
        expect(a.estimate.value).to.equal(0 - swapped.estimate.value);
        near(a.details?.["chanceToWin"] as number, swapped.details?.["chanceToLose"] as number, 1e-14);
        near(0 - (swapped.estimate.interval?.upper ?? 2), a.estimate.interval?.lower ?? 3, 1e-10, 1);
        near((a.details?.["chanceToWin"] as number) + (a.details?.["chanceToLose"] as number), 1, 1e-12);
        // The losses differ by the effect.
        near(
          (a.details?.["expectedLossOfControl"] as number) - (a.details?.["expectedLossOfTreatment"] as number),
          a.estimate.value,
          1e-12,
          1,
        );
      }),
      { numRuns: 6 },
    );
  });
});

describe("effect on a mean by a normal prior", () => {
  it("agrees with mpmath to 1e-12, losses in the far tail as well", () => {
    interface Row extends Omit<BayesianMeansOptions, "level"> {
      mean: number;
      sd: number;
      win: number;
      lossOfTreatment: number;
      lossOfControl: number;
      lower: number;
      upper: number;
    }
    for (const { mean, sd, win, lossOfTreatment, lossOfControl, lower, upper, ...row } of referenceCases<Row>("bayesian/means")) {
      const result = found(bayesianMeans({ ...row, level: 0.95 }));
      near(result.estimate.value, mean, 1e-12, 1e-3);
      near(result.estimate.standardError, sd, 1e-12);
      near(result.details?.["chanceToWin"] as number, win, 1e-11);
      near(result.details?.["expectedLossOfTreatment"] as number, lossOfTreatment, 1e-10, 1e-300);
      near(result.details?.["expectedLossOfControl"] as number, lossOfControl, 1e-10, 1e-300);
      near(result.estimate.interval?.lower, lower, 1e-12, 1e-1);
      near(result.estimate.interval?.upper, upper, 1e-12, 1e-1);
    }
    near(expectedShortfall({ mean: 30, variance: 1 }), 1.6174e-199, 1e-2);
  });

  const arm = fc.record({
    n: fc.integer({ min: 2, max: 1000 }),
    mean: fc.double({ min: 0.1, max: 5, noNaN: true }),
    variance: fc.double({ min: 0.01, max: 20, noNaN: true }),
  });

  it("absolute and relative sets exclude no effect together, whatever the prior", () => {
    const prior = fc.constantFrom(
      { kind: "flat" as const },
      { kind: "weak" as const },
      { kind: "normal" as const, mean: 0.2, standardDeviation: 0.1 },
    );
    fc.assert(
      fc.property(arm, arm, prior, (control, treatment, stated) => {
        const result = found(bayesianMeans({ control, treatment, prior: stated, scale: "absolute", level: 0.9 }));
        const near0 = Math.min(Math.abs(result.estimate.interval?.lower ?? 1), Math.abs(result.estimate.interval?.upper ?? 1));
        if (result.relative?.kind === "estimate" && near0 > 1e-9)
          expect(excludes({ estimate: result.relative }, 0)).to.equal(excludes(result, 0));
      }),
    );
  });

  it("a flat prior changes nothing, a firm one everything; without units or spread there is no answer", () => {
    expect(normalPosterior({ mean: 1, variance: 2 }, { kind: "flat" })).to.deep.equal({ mean: 1, variance: 2 });
    near(normalPosterior({ mean: 1, variance: 2 }, { kind: "normal", mean: 7, standardDeviation: 1e-9 }).mean, 7, 1e-12);
    const options = { prior: { kind: "flat" }, scale: "relative", level: 0.95 } as const;
    const group = { n: 10, mean: 1, variance: 1 };
    for (const bad of [
      { ...group, n: 1 },
      { ...group, mean: 0 },
      { ...group, mean: -1 },
    ]) {
      expect(bayesianMeans({ ...options, control: bad, treatment: group }).kind).to.equal("undetermined");
    }
    expect(bayesianMeans({ ...options, control: { ...group, variance: 0 }, treatment: { ...group, variance: 0 } }).kind).to.equal(
      "undetermined",
    );
    expect(found(bayesianMeans({ ...options, control: group, treatment: group })).warnings.join(" ")).to.match(/delta method/);
  });
});

describe("partial pooling", () => {
  const uniform = { kind: "uniform" } as const;
  const named = (estimates: readonly number[], errors: readonly number[]): PartialPoolingOptions["segments"] =>
    estimates.map((estimate, i) => ({ name: `s${i}`, estimate, standardError: errors[i] as number }));

  it("DerSimonian-Laird and REML agree with metafor", () => {
    interface Row {
      estimates: number[];
      standardErrors: number[];
      method: "dersimonian-laird" | "reml";
      level: number;
      tau2: number;
      mean: number;
      se: number;
      lower: number;
      upper: number;
      p: number;
      Q: number;
      Qp: number;
      shrunken: number[];
      shrunkenLower: number[];
      shrunkenUpper: number[];
    }
    for (const row of referenceCases<Row>("bayesian/pooling")) {
      const result = found(
        partialPooling({ segments: named(row.estimates, row.standardErrors), method: row.method, level: row.level, spreadPrior: uniform }),
      );
      // metafor stops its scoring a little early: REML to 1e-7, moments to 1e-10.
      const tolerance = row.method === "reml" ? 1e-6 : 1e-10;
      const scale = Math.max(...row.standardErrors);
      near((result.details?.["spread"] as number) ** 2, row.tau2, tolerance, scale ** 2);
      near(result.estimate.value, row.mean, tolerance, scale);
      near(result.estimate.standardError, row.se, tolerance);
      near(result.estimate.interval?.lower, row.lower, tolerance, scale);
      near(result.estimate.interval?.upper, row.upper, tolerance, scale);
      near(result.test?.pValue, row.p, tolerance * 10, 1e-3);
      near(result.details?.["heterogeneityQ"] as number, row.Q, 1e-10);
      near(result.details?.["heterogeneityPValue"] as number, row.Qp, 1e-10, 1e-250);
      for (const [i, segment] of segmentsOf(result).entries()) {
        near(segment["shrunken"], row.shrunken[i] as number, tolerance, scale);
        near(segment["lower"], row.shrunkenLower[i] as number, tolerance, scale);
        near(segment["upper"], row.shrunkenUpper[i] as number, tolerance, scale);
      }
    }
  });

  it("full Bayes agrees with quadrature on another scale to 1e-8 of a standard error", () => {
    interface Row {
      estimates: number[];
      standardErrors: number[];
      prior: PartialPoolingOptions["spreadPrior"];
      mean: number;
      lower: number;
      upper: number;
      positive: number;
      spreadMedian: number;
      segments: Triple[];
    }
    for (const row of referenceCases<Row>("bayesian/pooling-bayes")) {
      const result = found(
        partialPooling({ segments: named(row.estimates, row.standardErrors), method: "bayes", level: 0.95, spreadPrior: row.prior }),
      );
      const scale = Math.max(...row.standardErrors);
      near(result.estimate.value, row.mean, 1e-8, scale);
      near(result.estimate.interval?.lower, row.lower, 1e-8, scale);
      near(result.estimate.interval?.upper, row.upper, 1e-8, scale);
      near(result.details?.["chancePositive"] as number, row.positive, 1e-8);
      near(result.details?.["spreadMedian"] as number, row.spreadMedian, 1e-8, scale);
      for (const [i, segment] of segmentsOf(result).entries()) {
        for (const [index, field] of ["shrunken", "lower", "upper"].entries())
          near(segment[field], row.segments[i]?.[index] as number, 1e-8, scale);
      }
    }
  });

  it("tells no moment that the posterior has not: its tail is the spread to the power of one less than the segments, and two more by half-Cauchy", () => {
    const ask = (estimates: readonly number[], spreadPrior: PartialPoolingOptions["spreadPrior"], level = 0.95) =>
      found(
        partialPooling({
          segments: named(
            estimates,
            estimates.map((_, i) => 1 + i),
          ),
          method: "bayes",
          level,
          spreadPrior,
        }),
      );
    const cauchy = { kind: "half-cauchy", scale: 1 } as const;
    const moments = [
      ask([28, 8, -3], uniform),
      ask([28, 8, -3, 7], uniform),
      ask([28, 8, -3, 7, -1], uniform),
      ask([28, 8], cauchy),
      ask([28, 8, -3], cauchy),
      ask([28, 8], { kind: "half-normal", scale: 1 }),
    ].map(({ estimate, details }) => [details?.["spread"] !== undefined, estimate.standardError !== undefined]);
    expect(moments).to.deep.equal([
      [false, false],
      [true, false],
      [true, true],
      [true, false],
      [true, true],
      [true, true],
    ]);
    // Without a mean the value is the median.
    const { value, interval } = ask([28, 8, -3], uniform, 1e-6).estimate;
    for (const end of [interval?.lower, interval?.upper]) near(end, value, 1e-4, 1);
  });

  it("shrinks every segment towards the mean, moves with a shift, and refuses what cannot be pooled", () => {
    const effect = fc.record({
      estimate: fc.double({ min: -3, max: 3, noNaN: true }),
      standardError: fc.double({ min: 0.1, max: 2, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(effect, { minLength: 2, maxLength: 8 }),
        fc.constantFrom("dersimonian-laird" as const, "reml" as const),
        (effects, method) => {
          const pooled = (shift: number) => {
            const segments = effects.map((one, i) => ({ ...one, estimate: one.estimate + shift, name: String(i) }));
            return found(partialPooling({ segments, method, level: 0.95, spreadPrior: uniform }));
          };
          const [plain, moved] = [pooled(0), pooled(10)];
          near(moved.estimate.value, plain.estimate.value + 10, 1e-6, 1);
          for (const row of segmentsOf(plain)) {
            const [estimate, shrunken] = [row["estimate"] as number, row["shrunken"] as number];
            expect((estimate - shrunken) * (shrunken - plain.estimate.value)).to.be.at.least(-1e-12);
          }
        },
      ),
      { numRuns: 60 },
    );
    const one = named([1], [1]);
    expect(partialPooling({ segments: one, method: "reml", level: 0.95, spreadPrior: uniform }).kind).to.equal("undetermined");
    expect(partialPooling({ segments: named([1, 2], [1, 1]), method: "bayes", level: 0.95, spreadPrior: uniform }).kind).to.equal(
      "undetermined",
    );
    expect(partialPooling({ segments: named([1, 2], [1, 0]), method: "reml", level: 0.95, spreadPrior: uniform }).kind).to.equal(
      "undetermined",
    );
    expect(partialPooling({ segments: named([1, 2], [1e-150, 1]), method: "reml", level: 0.95, spreadPrior: uniform }).kind).to.equal(
      "undetermined",
    );
  });
});
