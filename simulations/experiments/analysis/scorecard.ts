/** The scorecard: one row a metric and candidate, all of it from one inference object. */
import {
  adjustPValues,
  alwaysValidEffect,
  type Estimated,
  type Found,
  groupSequentialBoundaries,
  guardrail,
  type Undetermined,
  undetermined,
} from "../../statistics/index.ts";
import type { ExperimentDesign, ExperimentMetric } from "../design/experiment-design.ts";
import type { ArmMoments } from "../observations/observations.ts";
import type { GuardrailReading, Reading, ScorecardRow } from "./analysis.ts";
import { compareMetric, type MetricComparison, outcomeOf, outcomeValue, withoutCovariates } from "./metric-comparison.ts";

/** Which look of a group-sequential plan this is. */
export interface LookNumber {
  readonly number: number;
}

/** Rows in the order of the candidates, then of the metrics. `tunedFor`: the units at which always-valid intervals are tightest. */
export function scorecardOf(
  design: ExperimentDesign,
  arms: readonly ArmMoments[],
  { tunedFor, look }: { readonly tunedFor: number; readonly look?: LookNumber | undefined },
): readonly ScorecardRow[] {
  const rows: readonly Unread[] = design.arms
    .slice(1)
    .flatMap((_, place) => design.metrics.map((metric, index) => rowOf(design, arms, { metric, index, arm: place + 1, tunedFor, look })));
  return withAdjusted(design, rows).map((row) => {
    const metric = design.metrics.find(({ name }) => name === row.metric);
    if (metric === undefined) throw new RangeError(`no metric ${row.metric}`);
    return { ...row, ...readingOf(metric, row, significance(design, row)) };
  });
}

type Unread = Omit<ScorecardRow, "reading" | "words">;

interface Asked {
  readonly metric: ExperimentMetric;
  readonly index: number;
  readonly arm: number;
  readonly tunedFor: number;
  readonly look: LookNumber | undefined;
}

function rowOf(design: ExperimentDesign, arms: readonly ArmMoments[], asked: Asked): Unread {
  const { metric, index, arm, tunedFor, look } = asked;
  const [control, treatment] = [arms[0]?.metrics[index], arms[arm]?.metrics[index]];
  if (control === undefined || treatment === undefined) throw new RangeError("moments of every arm");
  const compared = compareMetric(metric, { control, treatment });
  const found = compared.finding(design.level);
  const test = found.kind === "finding" ? found.test : undefined;
  const alwaysValid = alwaysValidOf(design, compared, control.n + treatment.n, tunedFor);
  const planned = look === undefined ? undefined : lookOf(design, look, test?.statistic);
  const guard = metric.role === "guardrail" && metric.margin !== undefined ? guardrailOf(metric, compared, design.level) : undefined;
  const reduction = varianceReduction(metric, { control, treatment }, found);
  return {
    metric: metric.name,
    title: metric.title,
    role: metric.role,
    better: metric.better,
    form: metric.form.kind,
    arm: design.arms[arm]?.name ?? "",
    control: side(metric, control),
    treatment: side(metric, treatment),
    absolute: found.kind === "finding" ? found.estimate : found,
    relative: found.kind === "finding" ? (found.relative ?? noRelative) : found,
    ...(test === undefined ? {} : { pValue: test.pValue }),
    ...alwaysValid,
    ...(planned === undefined ? {} : { look: planned }),
    method: compared.method,
    warnings: found.kind === "finding" ? found.warnings : [],
    ...(guard === undefined ? {} : { guardrail: guard }),
    ...(reduction === undefined ? {} : { varianceReduction: reduction }),
  };
}

const noRelative = undetermined("no relative effect belongs to this method", "another metric form");

function side(metric: ExperimentMetric, moments: Parameters<typeof outcomeValue>[1]): ScorecardRow["control"] {
  const value = outcomeValue(metric, moments);
  return { units: moments.n, ...(value === undefined ? {} : { value }) };
}

function alwaysValidOf(
  { level }: ExperimentDesign,
  { pair }: MetricComparison,
  n: number,
  tunedFor: number,
): Pick<ScorecardRow, "alwaysValid" | "alwaysValidPValue"> {
  const found: Found =
    n === 0
      ? undetermined("no unit", "units in both arms")
      : alwaysValidEffect(pair, n, { level, alternative: "two-sided", nullValue: 0, tunedFor });
  if (found.kind === "undetermined") return { alwaysValid: found };
  return { alwaysValid: found.estimate, ...(found.test === undefined ? {} : { alwaysValidPValue: found.test.pValue }) };
}

/** Looks at equal information; the bound at this one in standard errors. */
function lookOf({ looks, level }: ExperimentDesign, { number }: LookNumber, statistic: number | undefined): ScorecardRow["look"] {
  if (looks.kind !== "group-sequential" || statistic === undefined) return undefined;
  const information = Array.from({ length: looks.count }, (_, index) => index + 1);
  const { upper } = groupSequentialBoundaries({ information, alpha: 1 - level, sides: 2, form: { kind: looks.spending } });
  const bound = upper[Math.min(number, looks.count) - 1] ?? Number.POSITIVE_INFINITY;
  return { number, of: looks.count, bound, statistic, crossed: Math.abs(statistic) >= bound };
}

function guardrailOf(metric: ExperimentMetric, { comparison }: MetricComparison, level: number): GuardrailReading {
  const { value: margin, scale } = metric.margin ?? { value: 0, scale: "absolute" as const };
  const none = (reason: Undetermined): GuardrailReading => ({
    state: "undetermined",
    margin,
    scale,
    interval: reason,
    words: `Not determined: ${reason.reason}.`,
  });
  if ("kind" in comparison && comparison.kind === "undetermined") return none(comparison);
  const found = guardrail(comparison, { margin, scale, direction: metric.better === "up" ? "higher-is-better" : "lower-is-better", level });
  if (found.kind === "undetermined") return none(found);
  const conclusion = found.details?.["conclusion"];
  return {
    state: found.details?.["decision"] as GuardrailReading["state"],
    margin,
    scale,
    interval: found.estimate,
    words: typeof conclusion === "string" ? conclusion : "",
  };
}

function varianceReduction(metric: ExperimentMetric, pair: Parameters<typeof compareMetric>[1], found: Found): number | undefined {
  if (metric.covariates.length === 0 || found.kind === "undetermined") return undefined;
  const plain = compareMetric(withoutCovariates(metric), {
    control: outcomeOf(metric, pair.control),
    treatment: outcomeOf(metric, pair.treatment),
  }).pair;
  const error = found.estimate.standardError;
  if ("kind" in plain || error === undefined) return undefined;
  const variance = plain.treatmentVariance + plain.controlVariance;
  return variance > 0 ? 1 - error ** 2 / variance : undefined;
}

/** Whether the row's evidence is beyond the level, by the way in which the plan looks; a primary metric's with its whole family in view. */
function significance({ looks, level }: ExperimentDesign, row: Unread): boolean | undefined {
  switch (looks.kind) {
    case "once": {
      const pValue = row.adjustedPValue ?? row.pValue;
      return pValue === undefined ? undefined : pValue < 1 - level;
    }
    case "always-valid":
      return row.alwaysValidPValue === undefined ? undefined : row.alwaysValidPValue < 1 - level;
    case "group-sequential":
      return row.look === undefined ? undefined : row.look.crossed;
  }
}

function readingOf(
  metric: ExperimentMetric,
  row: Pick<ScorecardRow, "absolute" | "relative" | "arm">,
  significant: boolean | undefined,
): { readonly reading: Reading; readonly words: string } {
  if (row.absolute.kind === "undetermined" || significant === undefined) {
    const why = row.absolute.kind === "undetermined" ? row.absolute.reason : "the plan has no look at this point";
    return { reading: "not determined", words: `${metric.title}: not determined, ${why}.` };
  }
  const { value } = row.absolute;
  const way = value > 0 ? "higher" : "lower";
  if (!significant) {
    return {
      reading: "not shown",
      words: `${metric.title}: no difference is shown. ${reach(metric, row.absolute)} That is no evidence that nothing changed.`,
    };
  }
  const isBetter = value > 0 === (metric.better === "up");
  return {
    reading: isBetter ? "better" : "worse",
    words: `${metric.title} is ${way} under ${row.arm}, which is ${isBetter ? "better" : "worse"}. ${reach(metric, row.absolute)}`.trim(),
  };
}

function reach({ form }: ExperimentMetric, absolute: Estimated): string {
  if (absolute.kind !== "estimate" || absolute.interval === undefined) return "";
  const { lower, upper } = absolute.interval;
  const [from, to] = form.kind === "share" ? [say(100 * lower), `${say(100 * upper)} percentage points`] : [say(lower), say(upper)];
  return `Differences from ${from} to ${to} agree with the data.`;
}

function say(value: number): string {
  return String(Number(value.toPrecision(3))).replace("-", "\u2212");
}

/** p-values of the primary metrics over all candidates, adjusted as the plan says; a family with a missing one is adjusted as if that one were 1. */
function withAdjusted({ correction }: ExperimentDesign, rows: readonly Unread[]): readonly Unread[] {
  const family = rows.filter(({ role }) => role === "primary");
  const pValues = family.map(({ pValue }) => pValue ?? 1);
  const adjusted = correction === "none" ? pValues : adjustPValues(pValues, correction);
  return rows.map((row) => {
    const place = family.indexOf(row);
    return place < 0 || row.pValue === undefined ? row : { ...row, adjustedPValue: adjusted[place] as number };
  });
}
