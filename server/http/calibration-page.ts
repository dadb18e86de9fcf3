/** What the page of forecasts against results is told, from the answer of `experiment calibration`. */
import type { Calibration } from "../../simulations/experiments/index.ts";
import { type CalibrationContext, calibrationParts, csvLines } from "../../views/index.ts";

/** The operation's answer as far as the page shows it. */
export interface CalibrationAnswer {
  readonly calibration: Calibration;
  readonly assumptions: { readonly name: string };
  readonly lines: readonly string[];
  readonly without: readonly { readonly experiment: string; readonly why: string }[];
}

/** `/experiments/calibration`. */
export function calibrationContext({ calibration, assumptions, lines, without }: CalibrationAnswer): CalibrationContext {
  const parts = calibrationParts(calibration, { assumptions: assumptions.name, lines });
  return { notices: [], ...(parts === undefined ? {} : { parts }), without };
}

const columns = [
  "experiment",
  "arm",
  "metric",
  "run",
  "assumptions",
  "forecast",
  "forecast_lower",
  "forecast_upper",
  "low",
  "high",
  "mechanical",
  "result",
  "result_lower",
  "result_upper",
  "difference",
  "standardised",
  "inside_forecast",
  "inside_prediction",
  "left_out",
];

/** One row a point: raw numbers, shares of the control. What is absent is empty. */
export function calibrationCsv({ calibration }: CalibrationAnswer): string {
  const rows = calibration.points.map((point) => {
    const { experiment, arm, metric, run, assumptions, low, high, mechanical, inside, standardised, leftOut } = point;
    const [forecast, result, difference] = [point.forecast, point.result, point.difference].map((one) =>
      one.kind === "estimate" ? one : undefined,
    );
    return [
      experiment,
      arm,
      metric,
      run,
      assumptions,
      forecast?.value,
      forecast?.interval?.lower,
      forecast?.interval?.upper,
      low,
      high,
      mechanical,
      result?.value,
      result?.interval?.lower,
      result?.interval?.upper,
      difference?.value,
      standardised,
      inside?.forecast,
      inside?.prediction,
      leftOut,
    ].map((cell) => (typeof cell === "number" ? cell : String(cell ?? "")));
  });
  return csvLines([columns, ...rows]);
}
