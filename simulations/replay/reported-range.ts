/** The rows of a chunk that a replay reports. */
import type { EntityRows, OutcomeFrame, PeriodRange } from "../../data/panel/index.ts";

/** For each entity of a chunk, its reported rows: begin to end - 1; none when both are equal. */
export interface ReportedRows {
  readonly begin: Int32Array;
  readonly end: Int32Array;
}

/** Finds the reported rows of each entity. */
export function reportedRows({ entityCount, rowStart, firstPeriod }: EntityRows, { from, to }: PeriodRange): ReportedRows {
  const begin = new Int32Array(entityCount);
  const end = new Int32Array(entityCount);
  for (let entity = 0; entity < entityCount; entity++) {
    const start = rowStart[entity] as number;
    const stop = rowStart[entity + 1] as number;
    const zero = start - (firstPeriod[entity] as number);
    begin[entity] = Math.min(stop, Math.max(start, zero + from));
    end[entity] = Math.max(begin[entity] as number, Math.min(stop, zero + to + 1));
  }
  return { begin, end };
}

/** Empties the rows before the range. Rows after it were never filled. */
export function blankBefore({ entityCount, rowStart }: EntityRows, frame: OutcomeFrame, rows: ReportedRows): void {
  for (let entity = 0; entity < entityCount; entity++) {
    const start = rowStart[entity] as number;
    const begin = rows.begin[entity] as number;
    if (start === begin) continue;
    frame.evaluated.fill(0, start, begin);
    frame.score.fill(Number.NaN, start, begin);
    frame.merited.fill(-1, start, begin);
    frame.held.fill(-1, start, begin);
    frame.promoteCount.fill(0, start, begin);
    frame.demoteCount.fill(0, start, begin);
    frame.shielded.fill(0, start, begin);
    frame.states.fill(0, start, begin);
    for (const column of frame.columns.values()) column.fill(Number.NaN, start, begin);
  }
}
