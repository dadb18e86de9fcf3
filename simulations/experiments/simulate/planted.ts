/** What simulated experiments share: the effect that is planted, arms as they are observed, and what many of them add up to. */
import {
  ascendingOf,
  type Estimated,
  quantileOf,
  studentWidth,
  summariseQuantile,
  varianceOfPair,
  wilson,
} from "../../statistics/index.ts";
import type { MetricComparison } from "../analysis/metric-comparison.ts";
import type { ExperimentDesign, ExperimentMetric } from "../design/experiment-design.ts";
import { type MetricMoments, mergeMoments } from "../observations/observations.ts";
import { averagedOverStrata, hasStrata } from "../observations/strata.ts";
import type { GrowingMoments } from "./accumulate.ts";

/** What the plan achieves on one metric. */
export interface PlanProof {
  readonly metric: string;
  readonly title: string;
  /** Share of experiments without any effect that reject, beside the nominal one. */
  readonly level: Estimated;
  readonly nominalLevel: number;
  /** The lift that was planted, and the share of experiments that show it. Absent without an effect to plant. */
  readonly planted?: { readonly lift: number; readonly power: Estimated; readonly coverage: Estimated };
  /** Share of A/A experiments whose interval holds 0. */
  readonly coverage: Estimated;
  readonly undetermined: number;
}

/** Experiments counted. */
export type Tally = Record<"told" | "rejected" | "covered" | "undetermined", number>;

/** Before the first experiment. */
export function emptyTally(): Tally {
  return { told: 0, rejected: 0, covered: 0, undetermined: 0 };
}

/** What an experiment says of a metric in the end. */
export interface Outcome {
  readonly rejects: boolean;
  readonly covers: boolean;
}

/** Adds an experiment; `undefined`: some look could not be analysed. */
export function count(tally: Tally, outcome: Outcome | undefined): void {
  if (outcome === undefined) {
    tally.undetermined++;
    return;
  }
  tally.told++;
  if (outcome.rejects) tally.rejected++;
  if (outcome.covers) tally.covered++;
}

/** Shares of experiments without an effect and with the planted one, with what so many can tell. */
export function provedBy(
  design: ExperimentDesign,
  { name, title }: ExperimentMetric,
  { none, planted, lift }: { readonly none: Tally; readonly planted: Tally; readonly lift: number | undefined },
): PlanProof {
  const share = (successes: number, trials: number): Estimated => wilson({ successes, trials, level: 0.95 });
  return {
    metric: name,
    title,
    level: share(none.rejected, none.told),
    nominalLevel: 1 - design.level,
    coverage: share(none.covered, none.told),
    ...(lift === undefined
      ? {}
      : { planted: { lift, power: share(planted.rejected, planted.told), coverage: share(planted.covered, planted.told) } }),
    undetermined: none.undetermined,
  };
}

/** A metric's value over all units of the past, and the lift that the planned effect is of it; undefined where none is planned, or it is 0. */
export function plantedOf(
  metric: ExperimentMetric,
  columns: readonly Float64Array[],
): { readonly base: number; readonly lift: number | undefined } {
  const base = populationValue(metric, columns);
  const { effect } = metric;
  if (effect === undefined || base === 0) return { base, lift: undefined };
  const sign = metric.better === "up" ? 1 : -1;
  return { base, lift: sign * (effect.scale === "relative" ? effect.value : effect.value / Math.abs(base)) };
}

/** A treated unit's first value: raised by the lift, or of a share turned by chance. */
export function treated(
  { form }: ExperimentMetric,
  value: number,
  { lift, raised, chance }: Readonly<Record<"lift" | "raised" | "chance", number>>,
): number {
  return form.kind === "share" ? flipped(value, raised, chance) : value * (1 + lift);
}

/** What one look says: by its test, or so many standard errors away. Undefined where it cannot be analysed. */
export function judgedAt(
  seen: MetricComparison,
  { level, width, truth }: { readonly level: number; readonly width: number | undefined; readonly truth: number },
): Outcome | undefined {
  const found = seen.finding(level);
  if (found.kind === "undetermined" || found.test === undefined) return undefined;
  if (width === undefined) {
    const { interval } = found.estimate;
    return { rejects: found.test.pValue < 1 - level, covers: interval !== undefined && interval.lower <= truth && truth <= interval.upper };
  }
  if ("kind" in seen.pair) return undefined;
  const error = Math.sqrt(varianceOfPair(seen.pair));
  const reach = studentWidth(width, seen.degreesOfFreedom ?? Number.POSITIVE_INFINITY);
  const { value } = found.estimate;
  return { rejects: Math.abs(value / error) >= reach, covers: Math.abs(value - truth) / error <= reach };
}

/** Both arms over all groups, averaged over these where they are strata. */
export function armsOf(
  metric: ExperimentMetric,
  groups: ReadonlyMap<number, readonly GrowingMoments[]>,
  areStrata: boolean,
): readonly MetricMoments[] {
  const parts = [...groups].map(([code, arms]) => ({ value: String(code), arms: arms.map((arm) => arm.moments()) }));
  const whole = parts
    .map(({ arms }) => arms)
    .reduce((a, b) => b.map((own, place) => (a[place] === undefined ? own : mergeMoments(a[place], own))), [] as readonly MetricMoments[]);
  if (!areStrata || !hasStrata(metric, whole)) return whole;
  const strata = parts.map(({ value, arms }) => ({ value, arms: arms.map((own) => ({ units: own.n, metrics: [own] })) }));
  return averagedOverStrata(strata, 0, whole) ?? whole;
}

/** Of a quantile what it rests on, in place of the values. */
export function asObserved({ form }: ExperimentMetric, moments: MetricMoments): MetricMoments {
  if (form.kind !== "quantile") return moments;
  const { few, ...rest } = moments;
  const quantile = summariseQuantile({ values: few?.[0] ?? [] }, form.share);
  return quantile === undefined ? rest : { ...rest, quantile };
}

/** The chance that a zero becomes a one (above 0), or a one a zero (below 0), so that the share changes by the lift. */
export function shareRaised(values: Float64Array, lift: number): number {
  const { sum, known } = knownSum(values);
  const share = sum / known;
  return lift >= 0 ? Math.min(1, (lift * share) / (1 - share)) : lift;
}

function flipped(value: number, raised: number, chance: number): number {
  if (raised >= 0) return value === 0 && chance < raised ? 1 : value;
  return value === 1 && chance < -raised ? 0 : value;
}

/** The metric's value over all units of the past. */
function populationValue(metric: ExperimentMetric, columns: readonly Float64Array[]): number {
  const [first = new Float64Array(), second = new Float64Array()] = columns;
  if (metric.form.kind === "quantile") {
    const known = first.filter((value) => !Number.isNaN(value));
    return known.length === 0 ? 0 : quantileOf(ascendingOf(known), metric.form.share);
  }
  return metric.form.kind === "ratio" ? knownSum(first).sum / knownSum(second).sum : knownSum(first).sum / knownSum(first).known;
}

function knownSum(values: Float64Array): { readonly sum: number; readonly known: number } {
  let [sum, known] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    known++;
  }
  return { sum, known };
}
