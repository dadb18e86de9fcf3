/** Proof before launch: the plan run many times on the past, with nothing planted (A/A) and with the planned effect planted. */
import { type RandomStream, randomStream } from "../../../data/foundation/index.ts";
import {
  ascendingOf,
  type Estimated,
  quantileOf,
  studentWidth,
  summariseQuantile,
  undetermined,
  varianceOfPair,
  wilson,
} from "../../statistics/index.ts";
import { type Evidence, widthOf } from "../analysis/evidence.ts";
import { compareMetric } from "../analysis/metric-comparison.ts";
import { dealtThing, type ExperimentDesign, type ExperimentMetric } from "../design/experiment-design.ts";
import { fewDealtMax } from "../observations/few-dealt.ts";
import { type MetricMoments, mergeMoments } from "../observations/observations.ts";
import { averagedOverStrata, hasStrata } from "../observations/strata.ts";
import { GrowingMoments } from "./accumulate.ts";

/** Values of the past, a column a metric's column; NaN where missing and left out. */
export interface PastUnits {
  readonly units: number;
  /** By metric, in the order of its columns. */
  readonly columns: readonly (readonly Float64Array[])[];
  /** Of a plan with strata: by unit a code, equal for units of one stratum. */
  readonly strata?: ArrayLike<number> | undefined;
}

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

/** How to simulate. */
export interface SimulationOptions {
  readonly seed: number;
  readonly experiments: number;
}

/** Looks of an always-valid plan. */
const alwaysValidLooks = 10;

/**
 * In each experiment draws the planned number of units from the past (with replacement, so that the past is the population), deals them to the arms
 * and analyses them as planned, looks included: a look of a sequential plan sees the first units drawn. An effect is planted by raising the treated
 * units' outcomes by a share of the control's value (means, quantiles and numerators), or by turning treated zeros into ones (shares). Primary metrics and
 * guardrails, the first candidate against the control. Cost: units x metrics x experiments. The same seed gives the same bytes.
 */
export function simulatePlan(design: ExperimentDesign, past: PastUnits, options: SimulationOptions): readonly PlanProof[] {
  return design.metrics.flatMap((metric, index) => {
    const columns = past.columns[index];
    return columns === undefined || metric.role === "secondary"
      ? []
      : [proofOf(design, metric, { columns, units: past.units, index, strata: past.strata }, options)];
  });
}

interface Told {
  readonly columns: readonly Float64Array[];
  readonly units: number;
  readonly index: number;
  readonly strata: PastUnits["strata"];
}

function proofOf(design: ExperimentDesign, metric: ExperimentMetric, told: Told, { seed, experiments }: SimulationOptions): PlanProof {
  if (metric.form.kind === "quantile" && dealtThing(design).kind === "cluster") {
    const none = undetermined(
      "clusters are drawn by their sums, which hold no quantile of their units",
      "a mean or share of the same column",
    );
    return {
      metric: metric.name,
      title: metric.title,
      level: none,
      nominalLevel: 1 - design.level,
      coverage: none,
      undetermined: experiments,
    };
  }
  const looks = looksOf({ ...design, units: design.units ?? told.units });
  const base = populationValue(metric, told);
  const { effect } = metric;
  const sign = metric.better === "up" ? 1 : -1;
  const lift =
    effect === undefined || base === 0 ? undefined : sign * (effect.scale === "relative" ? effect.value : effect.value / Math.abs(base));
  const nothing = { told: 0, rejected: 0, covered: 0, undetermined: 0 };
  const [none, planted] = [{ ...nothing }, { ...nothing }];
  for (let experiment = 0; experiment < experiments; experiment++) {
    const names = [design.name, told.index, experiment] as const;
    count(none, runOnce({ design, metric, told, looks, random: randomStream(seed, ...names), lift: 0, truth: 0 }));
    // The same draws and deals, with the effect.
    if (lift !== undefined)
      count(planted, runOnce({ design, metric, told, looks, random: randomStream(seed, ...names), lift, truth: lift * base }));
  }
  const share = (successes: number, trials: number): Estimated => wilson({ successes, trials, level: 0.95 });
  return {
    metric: metric.name,
    title: metric.title,
    level: share(none.rejected, none.told),
    nominalLevel: 1 - design.level,
    coverage: share(none.covered, none.told),
    ...(lift === undefined
      ? {}
      : { planted: { lift, power: share(planted.rejected, planted.told), coverage: share(planted.covered, planted.told) } }),
    undetermined: none.undetermined,
  };
}

interface Outcome {
  readonly rejects: boolean;
  readonly covers: boolean;
}

function count(tally: { told: number; rejected: number; covered: number; undetermined: number }, outcome: Outcome | undefined): void {
  if (outcome === undefined) {
    tally.undetermined++;
    return;
  }
  tally.told++;
  if (outcome.rejects) tally.rejected++;
  if (outcome.covers) tally.covered++;
}

interface Once {
  readonly design: ExperimentDesign;
  readonly metric: ExperimentMetric;
  readonly told: Told;
  readonly looks: readonly Look[];
  readonly random: RandomStream;
  readonly lift: number;
  readonly truth: number;
}

/** One experiment; undefined where some look could not be analysed. */
function runOnce({ design, metric, told, looks, random, lift, truth }: Once): Outcome | undefined {
  const { columns, units } = told;
  const { kind } = dealtThing(design);
  const isQuantile = metric.form.kind === "quantile";
  const few = isQuantile || ((kind === "cluster" || kind === "switchback") && (looks.at(-1)?.units ?? 0) <= fewDealtMax);
  const strata = isQuantile ? undefined : told.strata;
  const groups = new Map<number, readonly [control: GrowingMoments, treatment: GrowingMoments]>();
  const groupOf = (unit: number) => {
    const code = strata?.[unit] ?? 0;
    const known = groups.get(code) ?? ([new GrowingMoments(columns.length, few), new GrowingMoments(columns.length, few)] as const);
    groups.set(code, known);
    return known;
  };
  const [first = 0.5, second = 0.5] = design.arms.map(({ share }) => share);
  const row = new Float64Array(columns.length);
  const raised = metric.form.kind === "share" ? shareRaised(columns[0] as Float64Array, lift) : 0;
  let done = 0;
  let covers = true;
  for (const [index, { units: target, width }] of looks.entries()) {
    for (; done < target; done++) {
      const unit = random.below(units);
      const place = random.uniform();
      const chance = random.uniform();
      if (place >= first + second) continue;
      for (let column = 0; column < columns.length; column++) row[column] = (columns[column] as Float64Array)[unit] as number;
      if (Number.isNaN(row[0])) continue;
      const [control, treatment] = groupOf(unit);
      if (place < first) control.add(row);
      else {
        row[0] = metric.form.kind === "share" ? flipped(row[0] as number, raised, chance) : (row[0] as number) * (1 + lift);
        treatment.add(row);
      }
    }
    const [control, treatment] = armsOf(metric, groups, strata !== undefined);
    if (control === undefined || treatment === undefined) return undefined;
    const seen = compareMetric(metric, { control: asObserved(metric, control), treatment: asObserved(metric, treatment) });
    const found = seen.finding(design.level);
    if (found.kind === "undetermined" || found.test === undefined) return undefined;
    const isLast = index === looks.length - 1;
    if (width === undefined) {
      const { interval } = found.estimate;
      return {
        rejects: found.test.pValue < 1 - design.level,
        covers: interval !== undefined && interval.lower <= truth && truth <= interval.upper,
      };
    }
    if ("kind" in seen.pair) return undefined;
    const error = Math.sqrt(varianceOfPair(seen.pair));
    const reach = studentWidth(width, seen.degreesOfFreedom ?? Number.POSITIVE_INFINITY);
    const [z, miss] = [found.estimate.value / error, Math.abs(found.estimate.value - truth) / error];
    covers &&= miss <= reach;
    if (Math.abs(z) >= reach) return { rejects: true, covers };
    if (isLast) return { rejects: false, covers };
  }
  return undefined;
}

/** Both arms over all groups, averaged over these where they are strata. */
function armsOf(
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
function asObserved({ form }: ExperimentMetric, moments: MetricMoments): MetricMoments {
  if (form.kind !== "quantile") return moments;
  const { few, ...rest } = moments;
  const quantile = summariseQuantile({ values: few?.[0] ?? [] }, form.share);
  return quantile === undefined ? rest : { ...rest, quantile };
}

/** A look: the units that are there, and how many standard errors show an effect; undefined where its test tells. */
interface Look {
  readonly units: number;
  readonly width: number | undefined;
}

function looksOf(design: ExperimentDesign & { readonly units: number }): readonly Look[] {
  const { looks, units } = design;
  const count = looks.kind === "once" ? 1 : looks.kind === "always-valid" ? alwaysValidLooks : looks.count;
  const shares = Array.from({ length: count }, (_, index) => (index + 1) / count);
  return shares.map((at, index) => {
    const evidence: Evidence =
      looks.kind === "once"
        ? { kind: "fixed" }
        : looks.kind === "always-valid"
          ? { kind: "always-valid" }
          : { kind: "look", information: shares.slice(0, index + 1) };
    const there = Math.round(units * at);
    return { units: there, width: widthOf(design, evidence, there, 1) };
  });
}

/** The chance that a zero becomes a one (above 0), or a one a zero (below 0), so that the share changes by the lift. */
function shareRaised(values: Float64Array, lift: number): number {
  const { sum, known } = knownSum(values);
  const share = sum / known;
  return lift >= 0 ? Math.min(1, (lift * share) / (1 - share)) : lift;
}

function flipped(value: number, raised: number, chance: number): number {
  if (raised >= 0) return value === 0 && chance < raised ? 1 : value;
  return value === 1 && chance < -raised ? 0 : value;
}

/** The metric's value over all units of the past. */
function populationValue(metric: ExperimentMetric, { columns }: Told): number {
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
