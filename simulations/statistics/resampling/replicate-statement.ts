/** What replicates say: estimate, interval and the p-value that agrees with it. */
import { type EstimateParts, estimated, undetermined } from "../estimate.ts";
import { type Alternative, type Found, finding, type TestResult } from "../finding.ts";
import { sampleOf } from "../means/sample.ts";
import { bcaLimits, type ConfidenceLimits, type MaybeLimits, percentileLimits, studentisedLimits } from "./bootstrap-interval.ts";
import type { Interpolation } from "./replicate-quantiles.ts";

/** How replicates become an interval. */
export type BootstrapMethod = "percentile" | "bca" | "studentised";

/** What is asked of a bootstrap. */
export interface StatementOptions {
  readonly method: BootstrapMethod;
  readonly level: number;
  readonly alternative: Alternative;
  /** Left out: no test. */
  readonly nullValue?: number | undefined;
  readonly interpolation: Interpolation;
}

/** Replicates of a statistic, as distances from its observed value. */
export interface Replicated {
  readonly observed: number;
  readonly deviations: Float64Array;
  /** For studentised intervals: each replicate's own standard error, and the observed value's. */
  readonly standardErrors?: Float64Array | undefined;
  readonly standardError?: number | undefined;
  /** For BCa; undefined when no unit changes the value when it is left out. */
  readonly acceleration?: number | undefined;
  /** Independent units, and what was drawn in words: `bootstrap`, `entity-cluster bootstrap`. */
  readonly n: number;
  readonly drawn: string;
  /** The power of two that all numbers here were divided by. */
  readonly unit: number;
  readonly warnings: readonly string[];
}

/**
 * Estimate, interval and test of replicates. p is the smallest 1 - level at which the interval leaves the null value out; it is never below
 * what the number of replicates can show: 1 / (R + 1) a side. Undetermined when the replicates are too few for the level, do not vary, or
 * the method has no limit at this level.
 */
export function replicateStatement(replicated: Replicated, options: StatementOptions): Found {
  const { observed, deviations, unit } = replicated;
  const { method, level, alternative, nullValue } = options;
  const sides = alternative === "two-sided" ? 2 : 1;
  const least = 1 / (deviations.length + 1);
  const error = (1 - level) / sides;
  // 1 - 0.99 is a little more than 0.01.
  if (least >= error * (1 - 1e-12)) {
    return undetermined(
      `${deviations.length} replicates cannot show a level of ${level}`,
      `more than ${Math.floor(1 / error + 1e-9) - 1} replicates, or a lower level`,
    );
  }
  const limits = limitsOf(replicated, options);
  if (limits === undefined) return undetermined(withoutLimits(method), "more units that differ");
  const lower = alternative === "less" ? undefined : limits.at(error);
  const upper = alternative === "greater" ? undefined : limits.at(1 - error);
  if ((lower === undefined && alternative !== "less") || (upper === undefined && alternative !== "greater")) {
    return undetermined(`the ${method} interval has no limit at the level ${level}`, "more units, a lower level, or the percentile method");
  }
  const inUnits = (deviation: number): number => (observed + deviation) * unit;
  // A limit that only rounding parts from the null value is the null value: interval and p see the same tie.
  const seen = nullValue === undefined ? undefined : nullValue / unit - observed;
  const nothing = 1e-13 * Math.max(Math.abs(observed), Math.abs(lower ?? 0), Math.abs(upper ?? 0));
  const tied = [lower, upper].find((limit) => limit !== undefined && seen !== undefined && Math.abs(limit - seen) <= nothing);
  const endOf = (limit: number | undefined): number | undefined =>
    limit === undefined ? undefined : limit === tied && nullValue !== undefined ? nullValue : inUnits(limit);
  const [from, to] = [endOf(lower), endOf(upper)];
  const spread = sampleOf({ values: deviations });
  const parts: EstimateParts = {
    value: inUnits(0),
    standardError: spread.standardDeviation * unit,
    method: `${replicated.drawn}, ${method === "bca" ? "BCa" : method}`,
    n: replicated.n,
    ...statementOf(from, to, level),
  };
  const bias = spread.mean * unit;
  if (![parts.value, parts.standardError ?? 0, bias, from ?? 0, to ?? 0].every(Number.isFinite)) {
    return undetermined("the numbers leave the range of doubles", "values in a larger unit");
  }
  if (from !== undefined && to !== undefined && !(from < to)) {
    return undetermined(`nearly all replicates give the same value (${method})`, "more units that differ");
  }
  return finding({
    estimate: estimated(parts),
    test: nullValue === undefined ? undefined : testOf(limits, { value: nullValue, at: tied ?? seen ?? 0, alternative, least }),
    details: { replicates: deviations.length, bias },
    warnings: [...replicated.warnings, ...fewReplicates(deviations.length)],
  });
}

/** Replicates this near to one another, relative to the largest, are equal but for rounding. */
const tie = 1e-13;

function limitsOf(replicated: Replicated, { method, interpolation }: StatementOptions): MaybeLimits {
  const { deviations: replicates, standardErrors, standardError, acceleration } = replicated;
  if (method === "percentile") return percentileLimits(replicates, { interpolation, tie });
  if (method === "bca") {
    return acceleration === undefined ? undefined : bcaLimits({ replicates, observed: 0, acceleration, interpolation, tie });
  }
  if (standardErrors === undefined || standardError === undefined) return undefined;
  return studentisedLimits({ replicates, standardErrors, observed: 0, standardError, interpolation, tie });
}

function withoutLimits(method: BootstrapMethod): string {
  if (method === "percentile") return "all replicates give the same value";
  return method === "bca"
    ? "no unit changes the value, or all replicates lie on one side of it"
    : "the value has no standard error of its own, or one of 0";
}

function statementOf(lower: number | undefined, upper: number | undefined, level: number): Partial<EstimateParts> {
  if (lower !== undefined && upper !== undefined) return { lower, upper, level };
  if (lower !== undefined) return { set: { kind: "at-least", lower, level } };
  return upper === undefined ? {} : { set: { kind: "at-most", upper, level } };
}

function testOf(
  limits: ConfidenceLimits,
  options: { readonly value: number; readonly at: number; readonly alternative: Alternative; readonly least: number },
): TestResult {
  const { value, at, alternative, least } = options;
  const below = Math.max(limits.errorBelow(at), least);
  const above = Math.max(limits.errorAbove(at), least);
  const twoSided = Math.min(1, 2 * Math.min(below, above));
  const pValue = alternative === "two-sided" ? twoSided : Math.min(1, alternative === "greater" ? below : above);
  return { name: "bootstrap, inverted interval", pValue, alternative, nullValue: value };
}

function fewReplicates(replicates: number): readonly string[] {
  return replicates < 999 ? [`${replicates} replicates: the limits move with the seed; take 1,999 or more for a result that is kept.`] : [];
}
