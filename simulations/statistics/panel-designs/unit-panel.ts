/** A panel of units over periods, some of which are treated from a period on. */
import { type Undetermined, undetermined } from "../estimate.ts";
import { rescaled } from "./rescale.ts";

/** One unit: what it did in each period, and when its treatment began. */
export interface PanelUnit {
  /** One outcome a period, in the order of the panel's periods; null where it was not seen. */
  readonly outcomes: readonly (number | null)[];
  /** The first period, by its number, with treatment, which then stays; absent: never in the panel. */
  readonly firstTreated?: number | undefined;
}

/** Units over the same periods. */
export interface Panel {
  /** Numbers of the periods, ascending: 2019, 2020, or 1, 2, 3. */
  readonly periods: readonly number[];
  readonly units: readonly PanelUnit[];
}

/** Whether a unit is under treatment in a period. */
export function isTreated({ firstTreated }: PanelUnit, period: number): boolean {
  return firstTreated !== undefined && firstTreated <= period;
}

/** The panel by first treated period, complete units only, ready for comparisons of changes. */
export interface Cohorts {
  readonly periods: readonly number[];
  /** Outcomes by unit and period, in units of `outcomeUnit` after the first outcome was taken off. */
  readonly outcomes: readonly (readonly number[])[];
  readonly outcomeUnit: number;
  /** By unit: the place among the periods at which treatment begins; infinite: never in the panel. */
  readonly starts: readonly number[];
  /** The distinct finite starts, ascending. */
  readonly cohorts: readonly number[];
  /** Units that were left out: not seen in every period, or treated from the very first. */
  readonly incomplete: number;
  readonly alwaysTreated: number;
}

/** Leaves out what has no change to compare, and says what is then missing. */
export function cohortsOf({ periods, units }: Panel): Cohorts | Undetermined {
  const complete = units.filter(({ outcomes }) => outcomes.every((outcome) => outcome !== null));
  const startOf = ({ firstTreated }: PanelUnit): number => {
    const start = firstTreated === undefined ? -1 : periods.findIndex((period) => period >= firstTreated);
    return start === -1 ? Number.POSITIVE_INFINITY : start;
  };
  const used = complete.filter((unit) => startOf(unit) > 0);
  const starts = used.map(startOf);
  const cohorts = [...new Set(starts.filter(Number.isFinite))].sort((a, b) => a - b);
  if (cohorts.length === 0) {
    return undetermined(
      "no unit is seen in every period and becomes treated after the first",
      "units that are seen before and after their treatment begins",
    );
  }
  const { values, unit } = rescaled(used.flatMap(({ outcomes }) => outcomes as readonly number[]));
  if (unit === 0) return undetermined("the outcome is the same everywhere", "an outcome that varies");
  return {
    periods,
    outcomes: used.map((_, i) => values.slice(i * periods.length, (i + 1) * periods.length)),
    outcomeUnit: unit,
    starts,
    cohorts,
    incomplete: units.length - complete.length,
    alwaysTreated: complete.length - used.length,
  };
}
