/** Always-valid sequences against mpmath, SciPy and the published vectors, and their laws. */
import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { packagePath, randomStream } from "../../data/foundation/index.ts";
import {
  alwaysValidEffect,
  alwaysValidLooks,
  alwaysValidProportion,
  alwaysValidQuantile,
  alwaysValidQuantiles,
  bernoulliSequence,
  boundaryValue,
  cupedPair,
  doubleStitchingBound,
  empiricalProcessBound,
  logBernoulliMartingale,
  type Mixture,
  meanPair,
  mixtureBound,
  mixturePrecision,
  polyStitchingBound,
  quantileComparisonPValue,
  ratioPair,
  sequencePValue,
  sequenceWidth,
  tunedMixture,
} from "../../simulations/statistics/index.ts";
import { excludes, found } from "./findings.ts";
import { near, referenceCases } from "./reference-numbers.ts";

interface BoundaryCase {
  kind: string;
  mixture?: string;
  expected: number | [number, number];
  [field: string]: unknown;
}

function mixtureOf(row: Readonly<Record<string, unknown>>, kind: string): Mixture {
  const sides = row["sides"] === 2 || row["is_one_sided"] === false ? 2 : 1;
  if (kind === "normal") return { kind, sides };
  if (kind === "beta-binomial") return { kind, sides, below: row["g"] as number, above: row["h"] as number };
  return { kind: kind as "gamma-exponential" | "gamma-poisson", scale: row["c"] as number };
}

describe("confidence-sequence boundaries", () => {
  it("agree with numerical integration of their definitions by mpmath to 1e-10", () => {
    for (const row of referenceCases<BoundaryCase>("sequential/sequences")) {
      const at = row as unknown as Record<string, number>;
      const [alpha, v] = [at["alpha"] as number, at["v"] as number];
      const tuning = { variance: at["v_opt"] as number, alpha };
      if (row.kind === "log-mixture")
        near(tunedMixture(mixtureOf(row, row.mixture ?? ""), tuning).logValue(at["s"] as number, v), row.expected as number, 1e-10, 1);
      else if (row.kind === "bound")
        near(mixtureBound(mixtureOf(row, row.mixture ?? ""), { variance: v, alpha }, tuning), row.expected as number, 1e-10);
      else if (row.kind === "poly-stitching")
        near(
          polyStitchingBound({
            variance: v,
            alpha,
            varianceMin: at["v_min"] as number,
            scale: at["c"] as number,
            s: at["s"] as number,
            eta: at["eta"] as number,
          }),
          row.expected as number,
          1e-12,
        );
      else if (row.kind === "double-stitching")
        near(
          doubleStitchingBound({ quantile: at["p"] as number, n: at["t"] as number, alpha, tunedFor: at["t_opt"] as number }),
          row.expected as number,
          1e-12,
        );
      else {
        const sequence = {
          successes: at["successes"] as number,
          trials: at["trials"] as number,
          tunedFor: at["tunedFor"] as number,
          tunedAlpha: alpha,
        };
        const { lower, upper } = bernoulliSequence(sequence, alpha);
        near(lower, (row.expected as [number, number])[0], 1e-10, 1e-6);
        near(upper, (row.expected as [number, number])[1], 1e-10, 1e-6);
        near(logBernoulliMartingale(sequence, at["null"] as number), at["logMartingale"] as number, 1e-9, 1);
      }
    }
  });

  it("asymptotic sequences agree with SciPy and mpmath to 1e-10, one- and two-sided", () => {
    const table = referenceCases<{
      level: number;
      tunedFor: number;
      n: number;
      z: number;
      width: number;
      pValue: number;
      oneSidedWidth: number;
      oneSidedPValue: number;
    }>("sequential/asymptotic");
    for (const { level, tunedFor, n, z, ...row } of table) {
      const look = { estimate: z, standardError: 1, n };
      const two = { level, tunedFor, alternative: "two-sided" } as const;
      near(sequenceWidth(n, two), row.width, 1e-12);
      near(sequencePValue(look, two, 0), row.pValue, 1e-11);
      for (const alternative of ["greater", "less"] as const) {
        near(sequenceWidth(n, { ...two, alternative }), row.oneSidedWidth, 1e-10);
        near(
          sequencePValue({ ...look, estimate: alternative === "greater" ? z : -z }, { ...two, alternative }, 0),
          row.oneSidedPValue,
          1e-10,
        );
      }
    }
  });

  it("agree with the published vectors", function () {
    const path = packagePath("..", "shared", "vectors", "confseq_boundaries.json");
    // The folder of vectors stands beside the product, not in it.
    if (!existsSync(path)) return this.skip();
    const cases = (
      JSON.parse(readFileSync(path, "utf8")) as {
        cases: { kind: string; input: Record<string, unknown>; expected: number | [number, number]; absTol: number }[];
      }
    ).cases;
    expect(cases.length).to.be.at.least(32);
    for (const { kind, input, expected, absTol } of cases) {
      const values = published(kind, input);
      for (const [index, value] of values.entries()) expect(value, kind).to.be.closeTo([expected].flat()[index] as number, absTol);
    }
  });
});

/** The published case, with the inputs named as its authors name them. */
function published(kind: string, input: Readonly<Record<string, unknown>>): readonly number[] {
  const at = input as Record<string, number>;
  const [alpha, variance] = [at["alpha"] as number, at["v"] as number];
  const tuning = { variance: at["v_opt"] as number, alpha: at["alpha_opt"] ?? 0.05 };
  const family = /^(.*)_(log_mixture|mixture_bound)$/.exec(kind);
  if (family !== null) {
    const mixture = mixtureOf(input, (family[1] ?? "").replace("_", "-"));
    return [
      family[2] === "log_mixture"
        ? tunedMixture(mixture, tuning).logValue(at["s"] as number, variance)
        : mixtureBound(mixture, { variance, alpha }, tuning),
    ];
  }
  switch (kind) {
    case "two_sided_normal_mixture_best_rho":
      return [mixturePrecision(tuning, 2)];
    case "poly_stitching_bound":
      return [polyStitchingBound({ variance, alpha, varianceMin: at["v_min"] as number, scale: at["c"] as number })];
    case "empirical_process_lil_bound":
      return [empiricalProcessBound({ n: at["t"] as number, alpha, nMin: at["t_min"] as number, A: at["A"] as number })];
    case "double_stitching_bound":
      return [doubleStitchingBound({ quantile: at["quantile_p"] as number, n: at["t"] as number, alpha, tunedFor: at["t_opt"] as number })];
    case "quantile_ab_p_value": {
      const tuned = { quantile: at["quantile_p"] as number, tunedFor: at["t_opt"] as number, tunedAlpha: at["alpha_opt"] as number };
      return [quantileComparisonPValue({ first: spelled(input["a"]), second: spelled(input["b"]) }, tuned)];
    }
    case "bernoulli_confidence_interval": {
      const sequence = {
        successes: at["num_successes"] as number,
        trials: at["num_trials"] as number,
        tunedFor: at["t_opt"] as number,
        tunedAlpha: 0.05,
      };
      const { lower, upper } = bernoulliSequence(sequence, alpha);
      return [lower, upper];
    }
    default:
      throw new Error(`an unknown kind of vector: ${kind}`);
  }
}

/** `1..1000`, or a list. */
function spelled(range: unknown): Float64Array {
  if (typeof range !== "string") return Float64Array.from(range as number[]).sort();
  const [from, to] = range.split("..").map(Number) as [number, number];
  return Float64Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

const count = fc.integer({ min: 2, max: 5000 });
const mean = fc.double({ min: -3, max: 3, noNaN: true });
const variance = fc.double({ min: 0.01, max: 30, noNaN: true });
const meanArm = fc.record({ n: count, mean, variance });
const options = fc.record({
  tunedFor: fc.constantFrom(50, 3000),
  level: fc.constantFrom(0.6, 0.9, 0.95, 0.999),
  alternative: fc.constantFrom("two-sided" as const, "greater" as const, "less" as const),
  nullValue: fc.constantFrom(0, 0.4, -1),
});

describe("always-valid effects", () => {
  it("exclude the null value exactly when p < 1 - level, and the relative set excludes 0 exactly when the absolute one does", () => {
    fc.assert(
      fc.property(meanArm, meanArm, options, (control, treatment, tuned) => {
        const result = found(alwaysValidEffect(meanPair({ control, treatment }), control.n + treatment.n, tuned));
        const pValue = result.test?.pValue ?? Number.NaN;
        if (Math.abs(pValue / (1 - tuned.level) - 1) > 1e-9) expect(excludes(result, tuned.nullValue)).to.equal(pValue < 1 - tuned.level);
        const { relative } = result;
        if (relative?.kind === "estimate" && tuned.nullValue === 0 && Math.abs(pValue / (1 - tuned.level) - 1) > 1e-6) {
          expect(excludes({ estimate: relative }, 0)).to.equal(pValue < 1 - tuned.level);
        } else if (relative?.kind === "undetermined") expect(control.mean).to.be.below(1e-300);
      }),
      { numRuns: 300 },
    );
  });

  it("mirror when the groups are swapped, scale, and widen with the level", () => {
    fc.assert(
      fc.property(meanArm, meanArm, options, (control, treatment, tuned) => {
        const two = { ...tuned, alternative: "two-sided" as const, nullValue: 0 };
        const n = control.n + treatment.n;
        const [a, b] = [meanPair({ control, treatment }), meanPair({ control: treatment, treatment: control })].map((pair) =>
          found(alwaysValidEffect(pair, n, two)),
        );
        expect(a?.estimate.value).to.equal(0 - (b?.estimate.value ?? Number.NaN));
        expect(a?.estimate.interval?.lower).to.equal(0 - (b?.estimate.interval?.upper ?? Number.NaN));
        const scaled = (arm: { n: number; mean: number; variance: number }) => ({
          n: arm.n,
          mean: arm.mean * 2 ** 300,
          variance: arm.variance * 2 ** 600,
        });
        const large = found(alwaysValidEffect(meanPair({ control: scaled(control), treatment: scaled(treatment) }), n, two));
        near(large.test?.pValue, a?.test?.pValue ?? Number.NaN, 1e-9);
        if (large.relative?.kind === "estimate" && a?.relative?.kind === "estimate") near(large.relative.value, a.relative.value, 1e-12, 1);
        const wider = found(alwaysValidEffect(meanPair({ control, treatment }), n, { ...two, level: 1 - (1 - two.level) / 10 }));
        expect(wider.estimate.interval?.lower ?? 0).to.be.at.most(a?.estimate.interval?.lower ?? 0);
      }),
      { numRuns: 100 },
    );
  });

  it("CUPED with an idle covariate, and ratios over 1, are the means themselves", () => {
    const control = { n: 400, mean: 3, variance: 5 };
    const treatment = { n: 500, mean: 3.4, variance: 6 };
    const plain = meanPair({ control, treatment });
    const idle = { covariateMean: 1, covariateVariance: 2, covariance: 0 };
    const cuped = cupedPair({ control: { ...control, ...idle }, treatment: { ...treatment, ...idle, covariateMean: 1.1 } });
    expect(cuped).to.deep.equal({ ...plain, covariance: 0 });
    const over = (arm: typeof control) => ({
      n: arm.n,
      numeratorMean: arm.mean,
      denominatorMean: 1,
      numeratorVariance: arm.variance,
      denominatorVariance: 0,
      covariance: 0,
    });
    expect(ratioPair({ control: over(control), treatment: over(treatment) })).to.deep.equal(plain);
  });

  it("CUPED's difference has the variance of the residuals, whatever the shares of the groups", () => {
    const control = { n: 400, mean: 3, variance: 5, covariateMean: 1, covariateVariance: 2, covariance: 1.5 };
    const treatment = { n: 100, mean: 3.4, variance: 6, covariateMean: 1.2, covariateVariance: 2.2, covariance: 1.7 };
    const pair = cupedPair({ control, treatment });
    if ("kind" in pair) throw new Error(pair.reason);
    const slope = (399 * 1.5 + 99 * 1.7) / (399 * 2 + 99 * 2.2);
    near(pair.treatment - pair.control, 0.4 - slope * 0.2, 1e-12);
    const residual = (arm: typeof control) => (arm.variance - 2 * slope * arm.covariance + slope ** 2 * arm.covariateVariance) / arm.n;
    near(pair.treatmentVariance + pair.controlVariance - 2 * (pair.covariance ?? 0), residual(control) + residual(treatment), 1e-12);
  });

  it("say why there is no number: too few units, no spread, an empty denominator, a control of 0", () => {
    const two = { tunedFor: 100, level: 0.95, alternative: "two-sided", nullValue: 0 } as const;
    const arm = { n: 100, mean: 0, variance: 1 };
    const kinds = [
      alwaysValidEffect(meanPair({ control: { ...arm, n: 1 }, treatment: arm }), 101, two),
      alwaysValidEffect(meanPair({ control: { ...arm, variance: 0 }, treatment: { ...arm, variance: 0 } }), 200, two),
      alwaysValidEffect(meanPair({ control: arm, treatment: arm }), 200, two),
    ];
    expect(kinds.map((result) => result.kind)).to.deep.equal(["undetermined", "undetermined", "finding"]);
    expect(found(kinds[2] as (typeof kinds)[number]).relative?.kind).to.equal("undetermined");
    const empty = { n: 9, numeratorMean: 1, denominatorMean: 0, numeratorVariance: 1, denominatorVariance: 0, covariance: 0 };
    expect(ratioPair({ control: empty, treatment: empty })).to.have.property("kind", "undetermined");
  });
});

describe("looks at a sequence", () => {
  const plan = { tunedFor: 1000, level: 0.95, alternative: "two-sided", nullValue: 0 } as const;
  const looks = [
    { estimate: 2, standardError: 0.3, n: 200 },
    { estimate: 0.1, standardError: 0.1, n: 2000 },
  ];

  it("are intersected only where the effect is declared constant, and an empty intersection says that it changed", () => {
    const each = found(alwaysValidLooks(looks, { ...plan, effect: "may-change" }));
    near(each.estimate.interval?.upper, 0.1 + 0.1 * sequenceWidth(2000, plan), 1e-12);
    const changed = alwaysValidLooks(looks, { ...plan, effect: "constant" });
    expect(changed.kind === "undetermined" && changed.reason).to.match(/the effect changed/);
    const same = found(
      alwaysValidLooks(
        [
          { estimate: 0.5, standardError: 0.1, n: 900 },
          { estimate: 0.3, standardError: 0.2, n: 950 },
        ],
        { ...plan, effect: "constant" },
      ),
    );
    near(same.estimate.interval?.lower, 0.5 - 0.1 * sequenceWidth(900, plan), 1e-12);
    expect(same.test?.pValue).to.equal(sequencePValue({ estimate: 0.5, standardError: 0.1, n: 900 }, plan, 0));
  });

  it("keep their level over a thousand looks without an effect", () => {
    // 400 random walks; 5 % may ever cross. 8.3 % would be three Monte Carlo errors above.
    const stream = randomStream(5, "walks");
    let crossed = 0;
    for (let walk = 0; walk < 400; walk++) {
      let sum = 0;
      for (let n = 1; n <= 1000; n++) {
        sum += stream.normal();
        if (n >= 20 && n % 5 === 0 && Math.abs(sum) / Math.sqrt(n) > (sequenceWidths[n] as number)) {
          crossed++;
          break;
        }
      }
    }
    expect(crossed / 400).to.be.below(0.083);
  });

  const sequenceWidths = Array.from({ length: 1001 }, (_, n) => (n === 0 ? 0 : sequenceWidth(n, { ...plan, tunedFor: 200 })));
});

describe("proportions and quantiles at all times", () => {
  it("proportions exclude the tested share exactly when p < 1 - level, and mirror to the last bits", () => {
    const sample = fc
      .integer({ min: 1, max: 400 })
      .chain((trials) => fc.record({ trials: fc.constant(trials), successes: fc.integer({ min: 0, max: trials }) }));
    fc.assert(
      fc.property(
        sample,
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.constantFrom(0.5, 0.9, 0.99),
        fc.constantFrom(10, 1000),
        (counts, nullValue, level, tunedFor) => {
          const result = found(alwaysValidProportion({ ...counts, level, tunedFor, nullValue }));
          const pValue = result.test?.pValue ?? Number.NaN;
          if (Math.abs(pValue / (1 - level) - 1) > 1e-9) expect(excludes(result, nullValue)).to.equal(pValue < 1 - level);
          const mirrored = found(
            alwaysValidProportion({ trials: counts.trials, successes: counts.trials - counts.successes, level, tunedFor }),
          );
          near(1 - (mirrored.estimate.interval?.upper ?? Number.NaN), result.estimate.interval?.lower ?? Number.NaN, 1e-12, 1);
        },
      ),
      { numRuns: 60 },
    );
    expect(alwaysValidProportion({ successes: 0, trials: 0, level: 0.95, tunedFor: 10 }).kind).to.equal("undetermined");
  });

  it("quantiles exclude the tested value exactly when p < 1 - level, and are open where too few values bound them", () => {
    const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(
        values,
        fc.constantFrom(0.1, 0.5, 0.9),
        fc.integer({ min: -22, max: 22 }),
        fc.constantFrom(0.5, 0.95),
        (sample, quantile, nullValue, level) => {
          const result = found(alwaysValidQuantile(sample, { quantile, tunedFor: 40, level, nullValue }));
          expect(excludes(result, nullValue)).to.equal((result.test?.pValue ?? Number.NaN) < 1 - level);
        },
      ),
      { numRuns: 150 },
    );
    expect(found(alwaysValidQuantile([1, 2], { quantile: 0.5, tunedFor: 40, level: 0.95 })).estimate.set?.kind).to.equal("everything");
    expect(alwaysValidQuantile([], { quantile: 0.5, tunedFor: 40, level: 0.95 }).kind).to.equal("undetermined");
  });

  it("quantile differences exclude the tested shift exactly when p < 1 - level, and move with the values", () => {
    const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        values,
        values,
        fc.constantFrom(0.25, 0.5),
        fc.integer({ min: -8, max: 8 }),
        (control, treatment, quantile, nullValue) => {
          const plan = { quantile, tunedFor: 30, level: 0.8, nullValue };
          const result = found(alwaysValidQuantiles({ control, treatment }, plan));
          expect(excludes(result, nullValue)).to.equal((result.test?.pValue ?? Number.NaN) < 0.2);
          const moved = found(
            alwaysValidQuantiles({ control, treatment: treatment.map((x) => x + 5) }, { ...plan, nullValue: nullValue + 5 }),
          );
          expect(moved.test?.pValue).to.equal(result.test?.pValue);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("the boundary of an empirical process begins at its first n", () => {
    expect(boundaryValue({ kind: "empirical-process", nMin: 10, A: 0.85 }, { at: 9, alpha: 0.05 }).kind).to.equal("undetermined");
    const at = found(boundaryValue({ kind: "poly-stitching", scale: 0, varianceMin: 10 }, { at: 5, alpha: 0.05 })).estimate.value;
    expect(at).to.equal(polyStitchingBound({ variance: 10, alpha: 0.05, varianceMin: 10 }));
  });
});
