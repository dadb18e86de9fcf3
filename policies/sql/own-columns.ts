/** What a warehouse's own tables hold, column by column, in SQL: keys, periods, days, stored measures, attributes. */
import type { ColumnRole, EntityFile, EventFile, OutcomeFile, PanelFile, SnapshotFile } from "../../data/datasets/index.ts";
import { type Grain, limits, unreachable } from "../../data/foundation/index.ts";
import {
  all,
  binary,
  call,
  cast,
  choose,
  column,
  integer,
  isKnown,
  named,
  nothing,
  parameter,
  type SqlColumn,
  type SqlExpression,
  type SqlSource,
  type SqlType,
} from "./nodes.ts";
import { assignedColumn, attributeColumn, measureColumn } from "./panel-tables.ts";

/** A table whose rows are of entities. */
export type KeyedFile = PanelFile | SnapshotFile | EntityFile | EventFile | OutcomeFile;

/** Between the columns of a key that has several. */
const keySeparator = "\u001f";

/** The names of a table, the last its own. */
export function tableNames(table: string): readonly string[] {
  return table.split(".");
}

/** A table as the source of a query, called `own` in it. */
export function ownSource({ path }: Pick<KeyedFile, "path">): SqlSource {
  return { from: tableNames(path), as: "own" };
}

/** A column of the table at hand. */
export function own({ column: name }: { readonly column: string }): SqlExpression {
  return column(name, "own");
}

/** The entity's key. */
export function keyOf({ key }: Pick<KeyedFile, "key">): SqlExpression {
  const parts = key.map((each) => cast(own(each), "VARCHAR"));
  return parts.reduce((before, part) => binary(binary(before, "||", parameter(keySeparator)), "||", part));
}

/** A text without spaces around it; missing where nothing is left. */
export function textOf(value: SqlExpression): SqlExpression {
  return call("nullif", call("trim", cast(value, "VARCHAR")), parameter(""));
}

/** What a column of the panel is called, of which type it is, and its value in a row. */
export interface OwnColumn {
  readonly as: string;
  readonly type: SqlType;
  readonly value: SqlExpression;
  readonly role: ColumnRole;
}

/** The columns that a table describes, by name: parts of one table have the same in the same order. */
export function ownColumns({ columns }: Pick<KeyedFile, "columns">): readonly OwnColumn[] {
  return columns
    .map((role): OwnColumn => {
      const value = own(role);
      if (role.kind === "assigned_tier") return { as: assignedColumn, type: "VARCHAR", value: textOf(value), role };
      if (role.kind === "measure")
        return { as: measureColumn(role.measure.name), type: "BIGINT", value: storedIn(value, role.measure.decimals), role };
      return { as: attributeColumn(role.name), ...attributeIn(role.type, value), role };
    })
    .sort((a, b) => (a.as < b.as ? -1 : 1));
}

function attributeIn(type: "text" | "day" | "number", value: SqlExpression): Pick<OwnColumn, "type" | "value"> {
  switch (type) {
    case "text":
      return { type: "VARCHAR", value: textOf(value) };
    case "day":
      return { type: "INTEGER", value: call("day number", value) };
    case "number":
      return { type: "DOUBLE", value: cast(value, "DOUBLE") };
    default:
      return unreachable(type);
  }
}

/** The columns as they are selected. */
export function selected(columns: readonly OwnColumn[]): readonly SqlColumn[] {
  return columns.map(({ as, value }) => named(as, value));
}

/** In smallest units: the nearest whole number, which `hasMoreDecimals` holds against the value. Missing where it is not `isExact`. */
export function storedIn(value: SqlExpression, decimals: number): SqlExpression {
  const doubled = binary(binary(cast(value, "DOUBLE"), "*", integer(2 * 10 ** decimals)), "+", integer(1));
  const nearest = cast(call("floor", binary(doubled, "/", cast(integer(2), "DOUBLE"))), "BIGINT");
  return choose([[isExact(value, decimals), nearest]], nothing);
}

/** Whether sums of it are exact; an infinity's and those of what is no number are not. */
export function isExact(value: SqlExpression, decimals: number): SqlExpression {
  return binary(binary(call("abs", cast(value, "DOUBLE")), "*", integer(10 ** decimals)), "<=", integer(limits.measureAbsolute.value));
}

/** Whether it is a number, and no infinity: what is neither leaves itself less itself at something else than 0. */
export function isFiniteNumber(value: SqlExpression): SqlExpression {
  const number = cast(value, "DOUBLE");
  return binary(binary(number, "-", number), "=", integer(0));
}

/** Whether a value has more decimals than it may. A whole number below 2^53 over a power of ten is the double nearest to that decimal. */
export function hasMoreDecimals(value: SqlExpression, decimals: number): SqlExpression {
  const again = binary(cast(storedIn(value, decimals), "DOUBLE"), "/", cast(integer(10 ** decimals), "DOUBLE"));
  return all(isKnown(value), binary(again, "<>", cast(value, "DOUBLE")));
}

/** Whole division is that of numbers of 0 or more: weeks are counted from long before 1970. */
const weeksBefore = 10_000;

/** The period of a date. */
export function periodIn(grain: Grain, date: SqlExpression): SqlExpression {
  switch (grain) {
    case "day":
      return call("day number", date);
    case "week": {
      const days = binary(call("day number", date), "+", integer(3 + 7 * weeksBefore));
      return binary(cast(binary(days, "div", integer(7)), "INTEGER"), "-", integer(weeksBefore));
    }
    case "month": {
      const months = binary(binary(call("year", date), "*", integer(12)), "+", call("month", date));
      return cast(binary(months, "-", integer(1)), "INTEGER");
    }
    default:
      return unreachable(grain);
  }
}

/** The last day of the period of a date. */
export function periodEndIn(grain: Grain, date: SqlExpression): SqlExpression {
  switch (grain) {
    case "day":
      return call("day number", date);
    case "week":
      return binary(binary(periodIn("week", date), "*", integer(7)), "+", integer(3));
    case "month":
      return call("day number", call("month end", date));
    default:
      return unreachable(grain);
  }
}
