/** When a warehouse's own tables delivered nothing for anyone: whoever is not in them then has a gap, and has not left. */
import type { PeriodIndex } from "../../data/foundation/index.ts";
import type { PeriodRange } from "../../data/panel/index.ts";
import type { OwnTables } from "./own-tables.ts";

/** A period in which a table delivered rows, for a feed that it names, or for none. */
export interface Delivery {
  readonly period: PeriodIndex;
  readonly feed: string;
}

/** What deliveries come to. */
export interface Delivered extends PeriodRange, Pick<OwnTables, "absences"> {
  /** Periods inside in which no table delivered anything. */
  readonly empty: readonly PeriodIndex[];
  /** The history whose feeds would each have to be followed by itself: one of several was absent. */
  readonly partedBy?: number;
}

/**
 * From the deliveries of every history; undefined where there are none at all.
 *
 * @example
 * absencesIn([[{ period: 4, feed: "" }, { period: 7, feed: "" }]])
 * // => { from: 4, to: 7, empty: [5, 6], absences: [[{ from: 5, to: 6 }]] }
 */
export function absencesIn(deliveries: readonly (readonly Delivery[])[]): Delivered | undefined {
  const all = new Set(deliveries.flat().map(({ period }) => period));
  if (all.size === 0) return undefined;
  const range = [...all].reduce(({ from, to }, period): PeriodRange => ({ from: Math.min(from, period), to: Math.max(to, period) }), {
    from: Number.POSITIVE_INFINITY,
    to: Number.NEGATIVE_INFINITY,
  });
  const empty = runsWithout(all, range).flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
  const feeds = deliveries.map((each) => [...new Set(each.map(({ feed }) => feed))]);
  const runsOf = (each: readonly Delivery[]) => runsWithout(new Set(each.map(({ period }) => period)), range);
  const isSteady = deliveries.every((each, index) =>
    feeds[index]?.every((name) => runsOf(each.filter(({ feed }) => feed === name)).every(({ from }) => from === range.from)),
  );
  if (isSteady) return { ...range, empty, absences: [] };
  const absences = deliveries.map(runsOf);
  const partedBy = feeds.findIndex((names) => names.length > 1);
  return { ...range, empty, absences, ...(partedBy < 0 ? {} : { partedBy }) };
}

/** Runs of periods of a range that are not among some. */
function runsWithout(some: ReadonlySet<PeriodIndex>, { from, to }: PeriodRange): readonly PeriodRange[] {
  const runs: PeriodRange[] = [];
  for (let period = from; period <= to; period++) {
    if (some.has(period)) continue;
    const last = runs.at(-1);
    if (last?.to === period - 1) runs.splice(-1, 1, { from: last.from, to: period });
    else runs.push({ from: period, to: period });
  }
  return runs;
}
