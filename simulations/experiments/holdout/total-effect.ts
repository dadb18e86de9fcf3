/** What was shipped to everybody but the units held back: measured in total, beside what the experiments that shipped it found one by one. */
import { canonicalJson } from "../../../data/foundation/index.ts";
import { criticalValue, type Estimated, estimated, normalSurvival, type Undetermined, undetermined } from "../../statistics/index.ts";
import type { Analysis } from "../analysis/analysis.ts";
import type { ExperimentDesign, ExperimentMetric } from "../design/experiment-design.ts";
import { errorOf } from "../forecast/two-estimates.ts";

/**
 * An experiment of the holdout of which a candidate was shipped, of several the one that is in force; without an analysis where none can be made, and why. `isOfExposed`: its
 * units are those that met the change.
 */
export interface ShippedExperiment {
  readonly experiment: string;
  readonly arm: string;
  readonly design: ExperimentDesign;
  readonly isOfExposed: boolean;
  readonly analysis: Analysis | { readonly why: string };
}

/** One metric of everybody else against those held back. Effects are lifts, as shares of those held back or of an experiment's control. */
export interface TotalEffect {
  readonly metric: string;
  readonly title: string;
  /** As this look of the holdout is judged. */
  readonly total: Estimated;
  /** By shipped experiment; those that did not measure it are undetermined. */
  readonly parts: readonly { readonly experiment: string; readonly arm: string; readonly relative: Estimated }[];
  /** All of them, one upon the other. */
  readonly together: Estimated;
  /** The total against them: (1 + total) / (1 + together) - 1. */
  readonly against: Estimated;
  readonly pValue?: number;
  readonly words: string;
}

/**
 * For each metric of a design that measures a holdout. Lifts m(i) of shipped experiments multiply: together they are the product of (1 + m(i)) less 1, and the variance of its
 * logarithm is the sum of (s(i) / (1 + m(i)))^2 by the delta method; the total is told from it by the normal distribution of the difference of logarithms. Experiments are taken
 * to be independent of each other and of the holdout.
 */
export function totalEffects(design: ExperimentDesign, analysis: Analysis, shipped: readonly ShippedExperiment[]): readonly TotalEffect[] {
  const { level } = design;
  return design.metrics.flatMap((metric): readonly TotalEffect[] => {
    const row = analysis.scorecard.find((one) => one.metric === metric.name);
    if (row === undefined) return [];
    const total = row.judgedRelative ?? row.relative;
    const parts = shipped.map((one) => ({ experiment: one.experiment, arm: one.arm, relative: liftOf(metric, one) }));
    const log = logOfAll(parts.map(({ relative }) => relative));
    const together = "kind" in log ? log : ofLog(log, { level, method: "lifts multiplied, delta method on logarithms", n: parts.length });
    const told = { total, together, ...against(total, log, level) };
    return [{ metric: metric.name, title: row.title, parts, ...told, words: wordsOf(row.title, told, level) }];
  });
}

/** In which ways the lifts of shipped experiments are of other units or other values than the total, in sentences. */
export function partCaveats(design: ExperimentDesign, shipped: readonly ShippedExperiment[]): readonly string[] {
  const exposed = shipped.filter(({ isOfExposed }) => isOfExposed).map(({ experiment }) => `'${experiment}'`);
  const capped = design.metrics.flatMap((metric) =>
    shipped.flatMap((one) => {
      const own = sameIn(one.design, metric);
      if (own === undefined || (own.cap === undefined && metric.cap === undefined)) return [];
      return [`${metric.title} (${capText(own)} in '${one.experiment}', ${capText(metric)} in total)`];
    }),
  );
  return [
    ...(exposed.length === 0
      ? []
      : [
          `Lifts of ${exposed.join(", ")} are of units that met the change alone, and the total is of all units: where some never meet it, the total is less than its parts for that alone.`,
        ]),
    ...(capped.length === 0
      ? []
      : [`Extreme values are drawn in: ${capped.join("; ")}. A lift of such values is not that of the values as they are.`]),
  ];
}

function capText({ cap }: ExperimentMetric): string {
  if (cap === undefined) return "as they are";
  return cap.kind === "value" ? `at ${cap.value}` : `at the ${Number((100 * cap.share).toPrecision(6))} % quantile`;
}

function sameIn({ metrics }: ExperimentDesign, metric: ExperimentMetric): ExperimentMetric | undefined {
  return metrics.find((one) => canonicalJson(measureOf(one)) === canonicalJson(measureOf(metric)));
}

function liftOf(metric: ExperimentMetric, { arm, design, analysis }: ShippedExperiment): Estimated {
  if ("why" in analysis) return undetermined(analysis.why, "observations of it that can be read");
  if (!analysis.health.mayBeRead)
    return undetermined("a check of it fails, so its effects are not to be read", "observations of it that pass its checks");
  const same = sameIn(design, metric);
  const row = same && analysis.scorecard.find((one) => one.metric === same.name && one.arm === arm);
  return row === undefined
    ? undetermined("it did not measure this", "a metric of the same columns, window and missing values")
    : (row.judgedRelative ?? row.relative);
}

function measureOf({ form, window, missing }: ExperimentMetric) {
  return { form, window: window ?? null, missing };
}

/** The logarithm of one more than a lift, with its standard error. */
interface Log {
  readonly value: number;
  readonly error: number;
}

/** Of lifts one upon the other; undetermined where there are none, or one is not known. */
function logOfAll(lifts: readonly Estimated[]): Log | Undetermined {
  if (lifts.length === 0) return undetermined("nothing was shipped that holds these units back", "a decision to ship");
  const unknown = lifts.filter(({ kind }) => kind === "undetermined").length;
  if (unknown > 0)
    return undetermined(
      `${unknown} of ${lifts.length} shipped experiments ${unknown === 1 ? "has" : "have"} no effect on it that is known`,
      "this metric in every experiment that was shipped",
    );
  const logs = lifts.flatMap((lift) => logOf(lift) ?? []);
  if (logs.length < lifts.length) return undetermined("a lift has no interval, or takes everything away", "lifts with intervals");
  return { value: logs.reduce((sum, { value }) => sum + value, 0), error: Math.hypot(...logs.map(({ error }) => error)) };
}

function logOf(lift: Estimated): Log | undefined {
  if (lift.kind === "undetermined" || !(lift.value > -1)) return undefined;
  const error = errorOf(lift);
  return error === undefined ? undefined : { value: Math.log1p(lift.value), error: error / (1 + lift.value) };
}

function ofLog(
  { value, error }: Log,
  { level, method, n }: { readonly level: number; readonly method: string; readonly n: number },
): Estimated {
  const reach = criticalValue(level) * error;
  return estimated({
    value: Math.expm1(value),
    lower: Math.expm1(value - reach),
    upper: Math.expm1(value + reach),
    level,
    method,
    n,
    assumptions: ["experiments are independent of each other and of the holdout", "effects neither help nor hinder each other, and last"],
  });
}

function against(total: Estimated, all: Log | Undetermined, level: number): Pick<TotalEffect, "against" | "pValue"> {
  if (total.kind === "undetermined") return { against: total };
  if ("kind" in all) return { against: all };
  const own = logOf(total);
  if (own === undefined) return { against: undetermined("the total has no interval at this look", "more units held back") };
  const apart = { value: own.value - all.value, error: Math.hypot(own.error, all.error) };
  return {
    against: ofLog(apart, { level, method: "difference of logarithms of lifts, normal", n: total.n }),
    ...(apart.error > 0 ? { pValue: 2 * normalSurvival(Math.abs(apart.value) / apart.error) } : {}),
  };
}

function wordsOf(
  title: string,
  { total, together, against, pValue }: Omit<TotalEffect, "metric" | "title" | "parts" | "words">,
  level: number,
): string {
  if (total.kind === "undetermined") return `${title}: the total is not determined, ${total.reason}.`;
  const { interval } = total;
  const reach = interval === undefined ? "" : ` (${percent(interval.lower)} to ${percent(interval.upper)})`;
  const lead = `${title}: with all that was shipped it is ${percent(total.value)}${reach} against units held back.`;
  if (together.kind === "undetermined") return `${lead} What its parts found together is not determined: ${together.reason}.`;
  const parts = `One by one the experiments that shipped it found ${percent(together.value)} together`;
  if (against.kind === "undetermined" || pValue === undefined) return `${lead} ${parts}.`;
  if (pValue >= 1 - level) return `${lead} ${parts}; that the total is another is not shown (p = ${pValue.toPrecision(2)}).`;
  return `${lead} ${parts}: ${against.value < 0 ? "more" : "less"} than there is in total (p = ${pValue.toPrecision(2)}).`;
}

function percent(share: number): string {
  const value = Number((100 * share).toPrecision(3));
  return `${value > 0 ? "+" : value < 0 ? "\u2212" : ""}${Math.abs(value)}\u00a0%`;
}
