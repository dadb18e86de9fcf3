/** The comparison's forecast of an experiment's metrics beside what was measured. */
import { type Estimated, estimated, type Undetermined, undetermined } from "../../statistics/index.ts";
import { compareMetric } from "../analysis/metric-comparison.ts";
import { analysedDesign, type ExperimentDesign, type ExperimentMetric, type MetricRole, windowWords } from "../design/experiment-design.ts";
import { comparedArms } from "../observations/compared-arms.ts";
import type { Observations } from "../observations/observations.ts";
import type { ArmForecast, ForecastFigure, ReplayForecast } from "./replay-forecast.ts";
import { type TwoEstimates, twoEstimates } from "./two-estimates.ts";

/** One scale: as a share of the control, or an average unit over the experiment's weeks. */
export interface ForecastScale extends TwoEstimates {
  /** The forecast under the low and the high scenario. */
  readonly low: number;
  readonly high: number;
}

/** One metric of one candidate that the comparison forecasts. */
export interface ForecastRow {
  readonly metric: string;
  readonly title: string;
  readonly role: MetricRole;
  readonly arm: string;
  readonly of: ForecastFigure["of"];
  /** As a share of the control. */
  readonly relative: ForecastScale;
  /** An average unit over the experiment's weeks, or why it cannot be scaled to that. */
  readonly perUnit: ForecastScale | Undetermined;
  /** The mechanical part of the relative forecast. */
  readonly mechanical: number;
  /** Whether both go the same way, by their values; absent before there is a result, or where one is 0. */
  readonly direction?: "same" | "opposite";
  /** Whether the two intervals have a point in common; not a test. */
  readonly overlaps?: boolean;
  readonly words: string;
  readonly notes: readonly string[];
}

/** A metric that no forecast is about. */
export interface NotForecast {
  readonly metric: string;
  readonly title: string;
  readonly arm: string;
  readonly why: string;
}

/** All of an experiment's metrics against the comparison. */
export interface ForecastAgainstResult {
  readonly rows: readonly ForecastRow[];
  readonly notForecast: readonly NotForecast[];
  /** How the forecast was put on the experiment's scale, and when not to believe it. */
  readonly scaling: readonly string[];
}

/** Between history and control, beyond which per-unit amounts are not on one scale. */
const levelFactorMost = 2;

/** In the order of the candidates, then of the metrics. Without observations the forecast stands alone. */
export function forecastAgainstResult(
  design: ExperimentDesign,
  forecasts: readonly ArmForecast[],
  observed: Observations | undefined,
): ForecastAgainstResult {
  const rows: ForecastRow[] = [];
  const notForecast: NotForecast[] = [];
  for (const armForecast of forecasts) {
    for (const [index, metric] of design.metrics.entries()) {
      const at = { metric: metric.name, title: metric.title, arm: armForecast.arm };
      if (armForecast.kind === "none") {
        notForecast.push({ ...at, why: armForecast.why });
        continue;
      }
      const { forecast } = armForecast;
      const figure = metric.form.kind === "mean" ? forecast.figures.find((one) => isOf(metric, one)) : undefined;
      if (figure === undefined) notForecast.push({ ...at, why: whyNot(metric, forecast) });
      else rows.push(rowOf({ design, metric, index, arm: armForecast.arm, forecast, figure, observed }));
    }
  }
  const [first] = forecasts.flatMap((one) => (one.kind === "forecast" ? [one.forecast] : []));
  return { rows, notForecast, scaling: first === undefined ? [] : scalingWords(design, first) };
}

/** By what the design says, or by the column's name. */
function isOf({ form, forecast }: ExperimentMetric, { of, column }: ForecastFigure): boolean {
  return forecast === undefined ? column === form.of && column !== "" : of === forecast;
}

function whyNot({ form, forecast }: ExperimentMetric, { figures, noFees }: ReplayForecast): string {
  if (forecast !== undefined)
    return forecast === "platform fees" && noFees !== undefined ? noFees : `The comparison has no figure of ${forecast}.`;
  const columns = figures
    .filter(({ column }) => column !== "")
    .map(({ column }) => `'${column}'`)
    .join(" and ");
  if (form.kind === "share") return "The comparison forecasts sums, not how many units have any.";
  if (form.kind === "quantile") return "The comparison forecasts sums, not how sales are spread over units.";
  if (form.kind === "ratio") return "The comparison forecasts sums of sales, not what share of them is of one kind.";
  return columns === ""
    ? "The comparison forecasts no measure of sales."
    : `The comparison forecasts ${columns}; of '${form.of}' it says nothing.`;
}

interface Asked {
  readonly design: ExperimentDesign;
  readonly metric: ExperimentMetric;
  readonly index: number;
  readonly arm: string;
  readonly forecast: ReplayForecast;
  readonly figure: ForecastFigure;
  readonly observed: Observations | undefined;
}

interface Measured {
  readonly relative: Estimated;
  readonly absolute: Estimated;
  readonly control?: number;
}

function rowOf(asked: Asked): ForecastRow {
  const { design, metric, arm, forecast, figure } = asked;
  const measured = measuredOf(asked);
  const asShare = (value: number): number => value / figure.total;
  const noSales = undetermined("nothing was sold in the comparison's window", "a window with sales");
  const forecastShare = figure.total > 0 ? scaled(figure.change, asShare) : noSales;
  const relative: ForecastScale = {
    ...twoEstimates(forecastShare, measured.relative, design.level),
    low: figure.total > 0 ? asShare(figure.low) : 0,
    high: figure.total > 0 ? asShare(figure.high) : 0,
  };
  const unequal = whyUnequal(asked, measured.control);
  const factor = unitFactor(design, forecast);
  const perUnit =
    unequal === undefined && factor !== undefined
      ? {
          ...twoEstimates(
            scaled(figure.change, (value) => value * factor),
            measured.absolute,
            design.level,
          ),
          low: figure.low * factor,
          high: figure.high * factor,
        }
      : undetermined(unequal ?? "the plan states no weeks", "a design and a history on one scale");
  const [f, m] = [relative.forecast, relative.result];
  const direction = f.kind === "estimate" && m.kind === "estimate" && f.value * m.value !== 0 ? directionOf(f.value, m.value) : undefined;
  const overlaps = overlapOf(f, m);
  return {
    metric: metric.name,
    title: metric.title,
    role: metric.role,
    arm,
    of: figure.of,
    relative,
    perUnit,
    mechanical: figure.total > 0 ? asShare(figure.mechanical) : 0,
    ...(direction === undefined ? {} : { direction }),
    ...(overlaps === undefined ? {} : { overlaps }),
    words: wordsOf(design.arms.length > 2 ? `${metric.title} under ${arm}` : metric.title, relative, direction),
    notes: notesOf(design, metric, figure),
  };
}

/**
 * The effect as measured, within the plan's strata, and extreme values left as they are: the forecast draws none in. Of a metric with a cap strata are known of drawn-in
 * values only, and the arms are compared as they are.
 */
function measuredOf({ design, metric, index, arm, observed }: Asked): Measured {
  const place = design.arms.findIndex(({ name }) => name === arm);
  const arms =
    observed === undefined || metric.cap === undefined
      ? observed && comparedArms(design, observed).arms
      : (observed.uncapped ?? observed.arms);
  const [control, treatment] = [arms?.[0]?.metrics[index], arms?.[place]?.metrics[index]];
  if (control === undefined || treatment === undefined) {
    const none = undetermined("nothing was observed yet", "observations");
    return { relative: none, absolute: none };
  }
  // Of clusters the metric is a ratio of their sums, as everywhere else.
  const compared = compareMetric(analysedDesign(design).metrics[index] ?? metric, { control, treatment });
  const found = compared.finding(design.level);
  if (found.kind === "undetermined") return { relative: found, absolute: found };
  const relative = found.relative ?? undetermined("no relative effect belongs to this method", "another metric form");
  const { pair } = compared;
  if (relative.kind === "undetermined" || "kind" in pair) return { relative, absolute: found.estimate };
  const lift = pair.treatment / pair.control;
  const standardError = Math.sqrt(pair.treatmentVariance + lift ** 2 * pair.controlVariance) / pair.control;
  return { relative: { ...relative, standardError }, absolute: found.estimate, control: pair.control };
}

/** What turns a sum over the window into an average unit over the weeks; undefined where the plan states none. */
function unitFactor({ weeks }: ExperimentDesign, { entities, windowDays }: ReplayForecast): number | undefined {
  return weeks === undefined || entities === 0 ? undefined : (7 * weeks) / (windowDays * entities);
}

function whyUnequal({ design, metric, forecast, figure }: Asked, control: number | undefined): string | undefined {
  const factor = unitFactor(design, forecast);
  if (design.weeks === undefined) return "the plan states no weeks, so that a sum over days cannot be scaled to it";
  if (factor === undefined) return "nobody was in the comparison's frame";
  if (figure.of === "orders") return "the comparison sums GMV and not orders";
  if (design.columns.exposed !== undefined) return "units come in on different days, so that each has its own number of days";
  if (metric.window !== undefined) return `it counts ${windowWords(metric.window)}, and the comparison sums every day of its window`;
  if (metric.missing === "leave out") return "units without a value are left out, and the comparison counts them as 0";
  if (design.unit !== forecast.entity) return `units are ${design.unit}s, and the comparison counts ${forecast.entity}s`;
  if (control === undefined) return undefined;
  const before = figure.total * factor;
  if (control > before / levelFactorMost && control < before * levelFactorMost) return undefined;
  return `the control has ${say(control)} a unit where the history gives ${say(before)} over as many days: another unit of money, other ${forecast.entity}s or another season`;
}

function scaled(estimate: Estimated, by: (value: number) => number): Estimated {
  if (estimate.kind === "undetermined") return estimate;
  const { value, interval, method, n, assumptions } = estimate;
  const bounds = interval === undefined ? {} : { lower: by(interval.lower), upper: by(interval.upper), level: interval.level };
  return estimated({ value: by(value), ...bounds, method, n, assumptions });
}

function directionOf(forecast: number, result: number): "same" | "opposite" {
  return forecast * result > 0 ? "same" : "opposite";
}

function overlapOf(a: Estimated, b: Estimated): boolean | undefined {
  if (a.kind === "undetermined" || b.kind === "undetermined" || a.interval === undefined || b.interval === undefined) return undefined;
  return a.interval.lower <= b.interval.upper && b.interval.lower <= a.interval.upper;
}

/** A difference without significance is never called agreement. */
function wordsOf(title: string, { forecast, result, difference, pValue }: ForecastScale, direction: ForecastRow["direction"]): string {
  if (forecast.kind === "undetermined") return `${title}: no forecast, ${forecast.reason}.`;
  const foretold = `${title}: ${percent(forecast.value)} was forecast`;
  if (result.kind === "undetermined") return `${foretold}; no result, ${result.reason}.`;
  const way = direction === "opposite" ? "the other way" : direction === "same" ? "the same way" : "";
  const measured = `${foretold} and ${percent(result.value)} measured${way === "" ? "" : `, ${way}`}.`;
  if (difference.kind === "undetermined") return measured;
  if (difference.interval === undefined || pValue === undefined)
    return `${measured} They are ${points(difference.value)} apart; without an interval of both that cannot be told from chance.`;
  const { lower, upper } = difference.interval;
  if (pValue < 1 - difference.interval.level)
    return `${measured} The replay erred: result less forecast is ${points(difference.value)} (${signed(100 * lower)} to ${signed(100 * upper)}), p = ${say(pValue)}.`;
  return `${measured} That the replay erred is not shown: result less forecast lies between ${signed(100 * lower)} and ${points(upper)}, p = ${say(pValue)}. That is no evidence that it was right.`;
}

function notesOf({ strata }: ExperimentDesign, metric: ExperimentMetric, { of }: ForecastFigure): readonly string[] {
  return [
    ...(of === "orders"
      ? [
          `${metric.title}: the comparison forecasts GMV; orders are taken to change by the same share, which is so where those who win and those who lose sell at like prices.`,
        ]
      : []),
    ...(of === "platform fees"
      ? [
          `${metric.title}: fees as the tiers' consequences state them, on the sales that are forecast; a share is of what the baseline would take of the window's sales.`,
        ]
      : []),
    ...(metric.cap === undefined
      ? []
      : [
          `${metric.title}: extreme values are left as they are here, because the forecast draws none in${strata === undefined ? "" : `; within the values of ${strata} they are not known as they are, so arms are compared without strata`}.`,
        ]),
  ];
}

function scalingWords({ weeks, unit, looks }: ExperimentDesign, forecast: ReplayForecast): readonly string[] {
  const { windowFrom, windowTo, windowDays, entities, entity, reach } = forecast;
  return [
    `The comparison sums ${windowDays} days, ${windowFrom} to ${windowTo}, over ${entities.toLocaleString("en-US")} ${entity}s; a share is the change over that sum${weeks === undefined ? "" : `, an average unit is the change over the ${entity}s times ${7 * weeks}/${windowDays} for the ${weeks} weeks of the plan`}. Forecast: consequences' own arithmetic and the central scenario; low and high are the other scenarios.`,
    reach === "own"
      ? `Units are ${unit}s of one marketplace: arms share its traffic and what moves between ${entity}s, so the forecast is of each ${entity}'s own treatment alone. The effect on the whole marketplace is another number.`
      : `Units are ${unit}s: the forecast is of all ${entity}s under the candidate against all under the baseline.`,
    "The forecast takes the tiers of the window's last day to have held all along; an experiment starts from the same tiers in both arms, and may show less until they have moved apart. Seasons are not foretold: shares assume that a season moves both arms alike.",
    ...(looks.kind === "once"
      ? []
      : ["The result's interval is that of one look; an experiment that ended early for its result overstates it."]),
  ];
}

function percent(value: number): string {
  return `${signed(100 * value)} %`;
}

function points(value: number): string {
  return `${signed(100 * value)} percentage points`;
}

function signed(value: number): string {
  return `${value > 0 ? "+" : ""}${say(value)}`;
}

function say(value: number): string {
  const said = Number(value.toPrecision(3));
  return (Math.abs(said) < 1000 ? String(said) : said.toLocaleString("en-US")).replace("-", "\u2212");
}
