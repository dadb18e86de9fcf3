/** An experiment's rows of forecast and result -> points of the calibration, with what of them counts. */
import { criticalValue } from "../../statistics/index.ts";
import type { ForecastRow } from "./against-result.ts";
import type { CalibrationPoint } from "./calibration.ts";
import type { ReplayForecast } from "./replay-forecast.ts";
import { errorOf } from "./two-estimates.ts";

/** What is known of the experiment beside its rows. */
export interface CalibratedExperiment {
  readonly experiment: string;
  readonly title: string;
  readonly forecast: ReplayForecast;
  /** Why nothing of it counts: a failed health check, a forecast that was named late. Absent where it may count. */
  readonly leftOut?: string;
}

/**
 * One point a row that has a forecast and a result. One an experiment counts, the first about GMV: orders are forecast by GMV's share, and candidates of
 * one experiment share a control, so that more than one would be counted twice.
 */
export function calibrationPoints(
  { experiment, title, forecast, leftOut }: CalibratedExperiment,
  rows: readonly ForecastRow[],
): readonly CalibrationPoint[] {
  const told = rows.filter(({ relative }) => relative.result.kind === "estimate" && relative.forecast.kind === "estimate");
  const counting = told.find(({ of }) => of === "gmv");
  return told.map((row) => {
    const { low, high, difference } = row.relative;
    const why = leftOut ?? (row === counting ? undefined : whyNotCounted(row, counting));
    const standardError = difference.kind === "estimate" ? difference.standardError : undefined;
    const inside = insideOf(row);
    return {
      experiment,
      title,
      arm: row.arm,
      metric: row.metric,
      metricTitle: row.title,
      run: forecast.run,
      assumptions: forecast.assumptions.digest,
      assumptionsName: forecast.assumptions.name,
      forecast: row.relative.forecast,
      low,
      high,
      mechanical: row.mechanical,
      result: row.relative.result,
      difference,
      ...(difference.kind === "estimate" && standardError !== undefined && standardError > 0
        ? { standardised: difference.value / standardError }
        : {}),
      ...(inside === undefined ? {} : { inside }),
      ...(why === undefined ? {} : { leftOut: why }),
    };
  });
}

function whyNotCounted({ of }: ForecastRow, counting: ForecastRow | undefined): string {
  if (of === "orders") return "orders are forecast by GMV's share";
  if (of === "platform fees") return "fees follow from sales, which count by themselves";
  return `${counting?.title ?? "GMV"} under ${counting?.arm ?? "the first candidate"} stands for the experiment`;
}

function insideOf({ relative: { forecast, result } }: ForecastRow): CalibrationPoint["inside"] {
  if (forecast.kind === "undetermined" || result.kind === "undetermined" || forecast.interval === undefined) return undefined;
  const [own, measured] = [errorOf(forecast), errorOf(result)];
  if (own === undefined || measured === undefined) return undefined;
  const { lower, upper, level } = forecast.interval;
  return {
    forecast: lower <= result.value && result.value <= upper,
    prediction: Math.abs(result.value - forecast.value) <= criticalValue(level) * Math.hypot(own, measured),
  };
}
