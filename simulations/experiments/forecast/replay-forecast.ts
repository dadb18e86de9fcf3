/** What a comparison forecast of a candidate, as an experiment needs it: sums over a window, and whose they are. Plain data. */
import type { Estimated } from "../../statistics/index.ts";

/** What a comparison has a figure of. */
export type ForecastOf = "gmv" | "orders" | "platform fees";

/** One measure of the panel, or the fees on its sales. Amounts in the column's own unit: money in major units. */
export interface ForecastFigure {
  /** The column of the panel, and of the observations; empty of fees, which the panel has no column of. */
  readonly column: string;
  readonly of: ForecastOf;
  /** Of everyone in the frame over the window, as observed; fees as the baseline takes them of that. */
  readonly total: number;
  /** Candidate less baseline under the central scenario, with its interval where the comparison has one. */
  readonly change: Estimated;
  /** The part of it that consequences make by their own arithmetic; the rest is behaviour. */
  readonly mechanical: number;
  /** The change under the low and the high scenario. */
  readonly low: number;
  readonly high: number;
}

/**
 * Whose sales a forecast changes. `own`: each entity by its own treatment alone, which is what arms of one marketplace differ by. `whole`: all entities
 * of one marketplace under the candidate against all under the baseline.
 */
export type ForecastReach = "own" | "whole";

/** What one comparison forecast of one candidate. */
export interface ReplayForecast {
  /** Id of the comparison. */
  readonly run: string;
  readonly candidate: string;
  readonly reach: ForecastReach;
  /** Days, both inside. */
  readonly windowFrom: string;
  readonly windowTo: string;
  readonly windowDays: number;
  /** In the frame at the window's end. */
  readonly entities: number;
  readonly entity: string;
  readonly currency: string;
  readonly assumptions: { readonly name: string; readonly digest: string };
  readonly figures: readonly ForecastFigure[];
  /** Why there is no figure of fees. */
  readonly noFees?: string;
}

/** The forecast of a candidate's arm, or why there is none. */
export type ArmForecast =
  | { readonly kind: "forecast"; readonly arm: string; readonly forecast: ReplayForecast }
  | { readonly kind: "none"; readonly arm: string; readonly why: string };
