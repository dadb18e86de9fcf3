/** What the page of forecasts against results is told, from the answer of `experiment calibration`. */
import type { Calibration } from "../../simulations/experiments/index.ts";
import { type CalibrationContext, calibrationParts } from "../../views/index.ts";

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
