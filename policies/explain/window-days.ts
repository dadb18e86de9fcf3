/** The days that a plain window holds at an evaluation, and the rows that lie wholly inside. */
import { civilOf, type Day, dayOf, firstDayOf, type Grain, lastDayOf, present } from "../../data/foundation/index.ts";
import type { PlainWindow } from "../language/index.ts";
import type { EntityHistory, HistoryRow } from "./entity-history.ts";

/** A closed range of days. */
export interface DaySpan {
  readonly from: Day;
  readonly to: Day;
}

/** The window's days at the evaluation on day `on` that is recorded on the history's row `rowIndex`. */
export function windowDays(window: PlainWindow, grain: Grain, history: EntityHistory, rowIndex: number, on: Day): DaySpan {
  const period = rowAt(history, rowIndex).period;
  const lastDay = lastDayOf(grain, period);
  switch (window.kind) {
    case "days":
      return { from: lastDay - window.count + 1, to: lastDay };
    case "periods":
      return { from: firstDayOf(grain, period - window.count + 1), to: lastDay };
    case "calendar": {
      const months = { month: 1, quarter: 3, year: 12 }[window.unit];
      const { year, month } = civilOf(on);
      const current = Math.floor((year * 12 + month - 1) / months) * months;
      return { from: firstOfMonth(current - window.count * months), to: firstOfMonth(current) - 1 };
    }
    case "lifetime":
      return { from: firstDayOf(grain, rowAt(history, 0).period), to: lastDay };
  }
}

/** The entity's rows up to `rowIndex` whose periods lie wholly inside the span, oldest first. Rows before one that begins too early do, too. */
export function rowsInside({ rows }: EntityHistory, rowIndex: number, grain: Grain, span: DaySpan): readonly HistoryRow[] {
  let from = rowIndex + 1;
  while (from > 0 && firstDayOf(grain, present(rows[from - 1], "row").period) >= span.from) from -= 1;
  return rows.slice(from, rowIndex + 1).filter((row) => lastDayOf(grain, row.period) <= span.to);
}

function rowAt(history: EntityHistory, index: number): HistoryRow {
  const row = history.rows[index];
  if (row === undefined) throw new RangeError(`${history.entity} has no row ${index}`);
  return row;
}

function firstOfMonth(monthIndex: number): Day {
  const year = Math.floor(monthIndex / 12);
  return dayOf({ year, month: monthIndex - year * 12 + 1, dayOfMonth: 1 });
}
