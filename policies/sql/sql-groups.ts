/**
 * Groups of entities at one period, as columns that an entity brings to its rows: of its rows, gathered anyway, the one of the period and those of
 * the spans before it.
 */
import { lastDayOf, type PeriodIndex, periodOf, unreachable } from "../../data/foundation/index.ts";
import { type GroupsAt, type PanelSchema, type Parting, periodOfParting, type Span } from "../../data/panel/index.ts";
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
  type SqlColumn,
  type SqlExpression,
  type SqlJoin,
  type SqlNumbers,
} from "./nodes.ts";
import { attributeColumn, measureColumn } from "./panel-tables.ts";

/** Columns of an entity, all of its rows in one group: its group in each parting (a text, a number as one) and its sales over their span. */
export function groupColumns({ at, sales, partings }: GroupsAt, schema: PanelSchema): readonly SqlColumn[] {
  const groups = partings.flatMap((parting, index) => {
    const value = groupOf(parting, at, schema);
    return value === undefined ? [] : [named(groupColumn(index), cast(value, "VARCHAR"))];
  });
  return sales === undefined ? groups : [...groups, named("sales", cast(sumOver(sales.measure, sales.over), "BIGINT"))];
}

/** The column of an entity with its group in a parting. */
export function groupColumn(parting: number): string {
  return `group ${parting}`;
}

/** Undefined of a parting that has only one, and of labels, which `sqlLabels` tells. */
function groupOf(parting: Parting, at: PeriodIndex, schema: PanelSchema): SqlExpression | undefined {
  switch (parting.kind) {
    case "everyone":
    case "labels":
      return undefined;
    case "attribute":
      return valueAt(parting.name, at);
    case "flow":
      return lastReached(parting.bounds, (bound) => binary(sumOver(parting.measure, parting.over), ">=", integer(bound)));
    case "age": {
      const { opening, bounds } = parting;
      const lastDay = lastDayOf(schema.grain, at);
      const first = call("min", column("entity first period"));
      // The last period that begins no later than so many days before.
      const byEntry = lastReached(bounds, (days) => binary(first, "<=", integer(periodOf(schema.grain, lastDay - days))));
      const unlessThere = choose([[binary(first, "=", integer(schema.firstPeriod)), integer(bounds.length)]], byEntry);
      if (opening === undefined) return unlessThere;
      const stated = valueAt(opening, at);
      return choose([[isKnown(stated), lastReached(bounds, (days) => binary(stated, "<=", integer(lastDay - days)))]], unlessThere);
    }
    default:
      return unreachable(parting);
  }
}

function lastReached(bounds: readonly number[], reaches: (bound: number) => SqlExpression): SqlExpression {
  const [, ...others] = bounds;
  return choose(others.map((bound, index) => [reaches(bound), integer(index + 1)] as const).toReversed(), integer(0));
}

function valueAt(attribute: string, at: PeriodIndex): SqlExpression {
  return call("max", choose([[binary(column("period"), "=", integer(at)), column(attributeColumn(attribute))]], nothing));
}

/** 0 where the entity has none of the periods. */
function sumOver(measure: string, { first, last }: Span): SqlExpression {
  const isWithin = all(binary(column("period"), ">=", integer(first)), binary(column("period"), "<=", integer(last)));
  return call("coalesce", call("sum", choose([[isWithin, column(measureColumn(measure))]], nothing)), integer(0));
}

/** A row of a period stands for itself, as part 0, and in the period of a parting once more for that, from 1. */
export function partsTable(groups: GroupsAt, { from, to }: { readonly from: PeriodIndex; readonly to: PeriodIndex }): SqlNumbers {
  const { partings } = groups;
  const own = Array.from({ length: to - from + 1 }, (_, index) => [from + index, 0] as const);
  return {
    kind: "numbers",
    names: ["part period", "part"],
    rows: [...own, ...partings.map((parting, index) => [periodOfParting(parting, groups), index + 1] as const)],
  };
}

/** The parts of each row. */
export const partsJoin: SqlJoin = {
  source: { from: "parts", as: "parts" },
  outer: false,
  on: binary(column("part period", "parts"), "=", column("period", "rows")),
};

/**
 * The group of a row in the parting that its part is of; missing where that has only one, and where the attribute is. `shielded`: by policy, 1 in a
 * row in which it is.
 */
export function groupOfPart({ partings }: GroupsAt, shielded: readonly SqlExpression[]): SqlExpression {
  const groups = partings.flatMap(({ kind }, index) => {
    if (kind === "everyone") return [];
    const group = column(groupColumn(index));
    const told = kind === "labels" ? cast(cellOf(group, shielded), "VARCHAR") : group;
    return [[binary(column("part"), "=", integer(index + 1)), told] as const];
  });
  return groups.length === 0 ? cast(nothing, "VARCHAR") : choose(groups, nothing);
}

/** As `labelCellNumber` has it. */
function cellOf(decision: SqlExpression, [before = integer(0), after = integer(0)]: readonly SqlExpression[]): SqlExpression {
  return binary(binary(binary(decision, "*", integer(4)), "+", binary(before, "*", integer(2))), "+", after);
}
