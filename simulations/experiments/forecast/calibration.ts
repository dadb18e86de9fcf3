/** How far, and in which direction, the replays of a marketplace err: its experiments' forecasts against their results. Plain data. */
import type { Estimated } from "../../statistics/index.ts";

/** One metric of one candidate of one experiment. Shares of the control. */
export interface CalibrationPoint {
  readonly experiment: string;
  readonly title: string;
  readonly arm: string;
  readonly metric: string;
  readonly metricTitle: string;
  readonly run: string;
  /** Digest of the assumptions about behaviour that the forecast was made with, and their name. */
  readonly assumptions: string;
  readonly assumptionsName: string;
  readonly forecast: Estimated;
  readonly low: number;
  readonly high: number;
  /** The part of the forecast that is arithmetic. */
  readonly mechanical: number;
  readonly result: Estimated;
  /** Result less forecast, and the same in standard errors of the two. */
  readonly difference: Estimated;
  readonly standardised?: number;
  /** Whether the result lies in the forecast's own interval, and in the one widened by the result's error; absent without an interval. */
  readonly inside?: { readonly forecast: boolean; readonly prediction: boolean };
  /** Why it does not count; absent where it does. */
  readonly leftOut?: string;
}

/** How many of the results lie inside intervals, beside what should. */
export interface InsideShare {
  /** With Wilson's interval. */
  readonly share: Estimated;
  /** What so many forecasts that are right, with errors as stated, would give. */
  readonly expected: number;
}

/** What the forecasts' behaviour is to be multiplied by. */
export interface BehaviourMultiplier {
  readonly value: Estimated;
  /** Experiments that it rests on: forecast with these assumptions. */
  readonly experiments: readonly string[];
}

/** Over all experiments with a forecast and a result. Errors are in shares of the control. */
export interface Calibration {
  readonly level: number;
  readonly points: readonly CalibrationPoint[];
  /** Points that count: one an experiment. */
  readonly counted: number;
  /** Result less forecast, the mean over experiments. Above 0: results were higher than forecast. */
  readonly meanError: Estimated;
  /** Standard deviation of the errors beyond those of measuring. */
  readonly scatter?: number;
  /** Mean of the errors without their sign, and what errors as stated would give of right forecasts. */
  readonly absoluteError?: { readonly value: number; readonly expected: number };
  readonly sameDirection: { readonly same: number; readonly of: number };
  /** Results inside the forecast's own interval: fewer than its level, because results have errors too. */
  readonly insideForecast: InsideShare;
  /** Results inside the forecast's interval widened by the result's error: as many as its level, if the forecasts are right. */
  readonly insidePrediction: InsideShare;
  /** The mean level of the forecasts' intervals. */
  readonly nominal: number;
  /** Of results on forecasts: 1, and a constant of 0, if the forecasts are right. */
  readonly slope: Estimated;
  readonly constant: Estimated;
  /** How much of the forecasts' spread is their own noise; that much pulls the slope towards 0. */
  readonly noise?: number;
  readonly multiplier: BehaviourMultiplier;
  /** What cannot be told, in words. */
  readonly caveats: readonly string[];
}
