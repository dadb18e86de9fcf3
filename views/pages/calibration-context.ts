/** What the page of forecasts against results is told. Numbers are words already. */
import type { ExperimentPicture, ExperimentTable } from "./experiment-context.ts";
import type { PageFrame } from "./page-frame.ts";

/** What a calibration says, for its page. */
export interface CalibrationParts {
  readonly counted: string;
  readonly findings: readonly { readonly term: string; readonly text: string }[];
  readonly picture: ExperimentPicture;
  readonly table: ExperimentTable;
  readonly caveats: readonly string[];
  readonly multiplier: string;
  /** Lines for a file of assumptions; empty where there is no multiplier. */
  readonly takeOver: string;
}

/** `/experiments/calibration`: how far, and in which direction, the replays err. */
export interface CalibrationContext extends PageFrame {
  /** Absent where no experiment has both a forecast and a result. */
  readonly parts?: CalibrationParts;
  readonly without: readonly { readonly experiment: string; readonly why: string }[];
}
