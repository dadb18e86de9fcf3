/** What the bars of a figure are, or that it has none: judged by the rows that are drawn, so that words and key never promise what is not there. */
import type { ChartInterval, IntervalRow, PairedRow } from "../charts/index.ts";
import type { Facts } from "./facts.ts";
import type { KeyEntry } from "./report.ts";

/** How a figure speaks of its intervals. */
export interface Bars {
  /** `bars are 95 % intervals (sellers resampled)`; `no intervals`, with the reason where there is one for all figures. */
  readonly words: string;
  /** Heads a column of intervals: `95 % interval`; empty without any. */
  readonly column: string;
  /** The same, short: `95 %`. */
  readonly level: string;
  readonly key: readonly KeyEntry[];
}

/** Of these rows; `how` they come about stands in brackets. Limits are no intervals. */
export function barsOf({ level, candidate: { noDraw } }: Facts, rows: readonly (IntervalRow | PairedRow)[], how = ""): Bars {
  const marks = rows.flatMap((row) => ("mark" in row ? [row.mark] : [row.baseline, row.candidate, row.change]));
  if (!marks.some(isInterval))
    return { words: noDraw === undefined ? "no intervals" : `no intervals: ${noDraw}`, column: "", level: "", key: [] };
  const column = `${level} interval`;
  return { words: `bars are ${column}s${how === "" ? "" : ` (${how})`}`, column, level, key: [{ mark: "interval", words: column }] };
}

function isInterval({ value, lower }: ChartInterval): boolean {
  return value !== undefined && lower !== undefined;
}
