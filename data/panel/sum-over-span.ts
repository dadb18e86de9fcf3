/** One flow of one entity over a window of whole periods. */
import type { PeriodIndex } from "../foundation/index.ts";
import type { PanelChunk } from "./panel.ts";

/** Whole periods, both ends inside; they may begin before the panel does. */
export interface Span {
  readonly first: PeriodIndex;
  readonly last: PeriodIndex;
}

/** The sum of a flow over the periods of a span that the entity has; 0 without the measure. */
export function sumOverSpan(chunk: PanelChunk, column: number, span: Span, entity: number): number {
  const values = chunk.measures[column];
  if (values === undefined) return 0;
  const entry = chunk.firstPeriod[entity] as number;
  const firstRow = chunk.rowStart[entity] as number;
  const last = Math.min(span.last, entry + (chunk.rowStart[entity + 1] as number) - firstRow - 1);
  let sum = 0;
  for (let period = Math.max(span.first, entry); period <= last; period++) sum += values[firstRow + period - entry] as number;
  return Number.isNaN(sum) ? 0 : sum;
}
