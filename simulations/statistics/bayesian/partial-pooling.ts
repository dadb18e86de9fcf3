/** Effects of segments, each pulled towards their mean as far as the segments' differences look like noise. */
import { criticalValue, normalSurvival } from "../distributions/index.ts";
import { estimated, undetermined } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { cochranQ, dersimonianLaird, pooledMean, restrictedMaximumLikelihood, type SegmentEffect } from "./heterogeneity.ts";
import { type SpreadPrior, spreadPosterior, tailPower } from "./spread-posterior.ts";

/** Segments and how the variance between them is dealt with. */
export interface PartialPoolingOptions {
  readonly segments: readonly (SegmentEffect & { readonly name: string })[];
  readonly method: "dersimonian-laird" | "reml" | "bayes";
  /** The prior of the standard deviation between segments; full Bayes only. */
  readonly spreadPrior: SpreadPrior;
  readonly level: number;
}

/** One row a segment. */
interface Shrunken {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

const assumptions = [
  "each segment's estimate is approximately normal, with known standard error",
  "segments overlap in no unit",
  "before the data nothing tells one segment from another: their effects are draws of one normal law",
];

/**
 * The mean effect over segments with interval, each segment's shrunken effect with interval, and Cochran's Q test of equal effects.
 * `dersimonian-laird` and `reml` plug in an estimate of the variance between; `bayes` integrates over it. Fewer than two segments (three with a uniform
 * prior, whose posterior is improper below), or a segment without spread: Undetermined. With three segments and a uniform prior the posterior has no mean (the value is
 * its median, and the spread is told by its median alone); with four, or two and a half-Cauchy prior, it has no variance (there is no standard error).
 * Source: Gelman et al. (2013), Bayesian Data Analysis, section 5.4; DerSimonian and Laird (1986), Control. Clin. Trials 7, 177-188.
 */
export function partialPooling(options: PartialPoolingOptions): Found {
  const { segments, method, spreadPrior } = options;
  const still = segments.find(({ standardError }) => !(standardError > 0));
  if (still !== undefined) return undetermined(`the standard error of '${still.name}' is 0`, "units that differ in every segment");
  const needed = method === "bayes" && spreadPrior.kind === "uniform" ? 3 : 2;
  if (segments.length < needed) return undetermined(`${segments.length} segments`, `at least ${needed} segments`);
  const precisions = segments.map(({ standardError }) => standardError ** -2);
  if (!precisions.every((precision) => precision > 1e-280 && precision < 1e280)) {
    return undetermined("the standard errors are beyond the numbers that can be squared", "effects in another unit");
  }
  const [least, largest] = [
    Math.min(...segments.map(({ standardError }) => standardError)),
    Math.max(...segments.map(({ estimate }) => Math.abs(estimate))),
  ];
  if (largest / least > 1e100 || Math.max(...segments.map(({ standardError }) => standardError)) / least > 1e6) {
    return undetermined(
      "the segments' estimates or errors differ by more than can be weighed together",
      "segments measured in one unit, none a million times as exact as another",
    );
  }
  return method === "bayes" ? integrated(options) : pluggedIn(options, method);
}

function pluggedIn({ segments, level }: PartialPoolingOptions, method: "dersimonian-laird" | "reml"): Found {
  const between = method === "reml" ? restrictedMaximumLikelihood(segments) : dersimonianLaird(segments);
  const { mean, variance } = pooledMean(segments, between);
  const z = criticalValue(level);
  const deviation = Math.sqrt(variance);
  const rows = segments.map(({ estimate, standardError }): Shrunken => {
    const kept = between / (between + standardError ** 2);
    const value = kept * estimate + (1 - kept) * mean;
    const spread = z * Math.sqrt(kept * standardError ** 2 + (1 - kept) ** 2 * variance);
    return { value, lower: value - spread, upper: value + spread };
  });
  const next = z * Math.sqrt(between + variance);
  return finding({
    estimate: estimated({
      value: mean,
      lower: mean - z * deviation,
      upper: mean + z * deviation,
      level,
      standardError: deviation,
      method: method === "reml" ? "normal-normal, REML" : "normal-normal, DerSimonian-Laird",
      n: segments.length,
      assumptions,
    }),
    test: {
      name: "z of the mean effect",
      statistic: mean / deviation,
      pValue: Math.min(1, 2 * normalSurvival(Math.abs(mean) / deviation)),
      alternative: "two-sided",
      nullValue: 0,
    },
    details: {
      spread: Math.sqrt(between),
      nextSegmentLower: mean - next,
      nextSegmentUpper: mean + next,
      ...heterogeneity(segments),
      segments: tableOf(segments, rows),
    },
    warnings:
      segments.length < 5
        ? ["With fewer than five segments the spread between them is hardly known, and the intervals are too short: take full Bayes."]
        : [],
  });
}

function integrated({ segments, spreadPrior, level }: PartialPoolingOptions): Found {
  const posterior = spreadPosterior(segments, spreadPrior);
  const tail = (1 - level) / 2;
  const mean = posterior.mean;
  const power = tailPower(segments.length, spreadPrior);
  const hasMean = power > 2;
  const rows = segments.map((_, i): Shrunken => {
    const law = posterior.segment(i);
    return { value: law.mean, lower: law.quantile(tail), upper: law.quantile(1 - tail) };
  });
  return finding({
    estimate: estimated({
      value: hasMean ? mean.mean : mean.quantile(0.5),
      lower: mean.quantile(tail),
      upper: mean.quantile(1 - tail),
      level,
      standardError: power > 3 ? mean.deviation : undefined,
      method: `normal-normal, full Bayes${hasMean ? "" : ", median"}`,
      n: segments.length,
      assumptions: [...assumptions, "the prior of the spread between segments is what was believed before the data"],
    }),
    details: {
      chancePositive: Math.min(mean.survival(0), 1),
      ...(hasMean ? { spread: posterior.spreadMean } : {}),
      spreadMedian: posterior.spreadQuantile(0.5),
      spreadLower: posterior.spreadQuantile(tail),
      spreadUpper: posterior.spreadQuantile(1 - tail),
      ...heterogeneity(segments),
      segments: tableOf(segments, rows),
    },
  });
}

function heterogeneity(segments: readonly SegmentEffect[]): Record<string, number> {
  const { statistic, degreesOfFreedom, pValue } = cochranQ(segments);
  const inconsistency = statistic > degreesOfFreedom ? (statistic - degreesOfFreedom) / statistic : 0;
  return { heterogeneityQ: statistic, heterogeneityPValue: pValue, inconsistency };
}

function tableOf(segments: PartialPoolingOptions["segments"], rows: readonly Shrunken[]): readonly Record<string, number | string>[] {
  return rows.map(({ value, lower, upper }, i) => {
    const segment = segments[i] as PartialPoolingOptions["segments"][number];
    return { segment: segment.name, estimate: segment.estimate, shrunken: value, lower, upper };
  });
}
