/** The movement matrix of another period than the last, read from a comparison that was made before. */
import { formatDay, lastDayOf, parseDay, periodOf, present } from "../../../data/foundation/index.ts";
import type { CandidateComparison, Comparison } from "../comparison.ts";
import { type MovementAt, moversShare } from "./matrix.ts";

/**
 * The matrix of the period that holds a day (`YYYY-MM-DD`), with the interval that a comparison ending there would give. Undefined outside the range, in
 * comparisons that were kept without other dates, and where the limit `matrixCells` kept another period.
 */
export function movementAt(comparison: Comparison, candidate: CandidateComparison, day: string): MovementAt | undefined {
  const { grain } = comparison.panel;
  const asked = parseDay(day);
  if (asked === undefined) return undefined;
  const at = formatDay(lastDayOf(grain, periodOf(grain, asked)));
  const found = candidate.course?.dates.find((date) => date.at === at);
  if (found === undefined) return undefined;
  const { matrix, movers } = found;
  const { seed, replicates, level } = comparison.provenance;
  const inFrame = matrix.flat().reduce((sum, count) => sum + count, 0);
  return {
    ...found,
    rows: candidate.movement.rows,
    columns: candidate.movement.columns,
    inFrame,
    moversShare: moversShare({ movers, inFrame }, { seed, replicates, level, noDraw: candidate.noDraw }),
  };
}

/** The periods whose matrix is kept, by their last day: first, last, and how many. */
export function movementDates(
  candidate: CandidateComparison,
): { readonly first: string; readonly last: string; readonly count: number } | undefined {
  const dates = candidate.course?.dates ?? [];
  if (dates.length === 0) return undefined;
  return { first: present(dates[0], "a date").at, last: present(dates.at(-1), "a date").at, count: dates.length };
}
