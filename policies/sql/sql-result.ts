/** What a statement gives of the rows that were replayed: the frame itself, or its sums by period and held tier. */
import type { GroupsAt, PanelSchema } from "../../data/panel/index.ts";
import type { Policy } from "../language/index.ts";
import {
  all,
  any,
  binary,
  call,
  cast,
  choose,
  column,
  integer,
  isKnown,
  named,
  nothing,
  overRows,
  type SqlColumn,
  type SqlExpression,
  type SqlField,
  type SqlSelect,
} from "./nodes.ts";
import { measureColumn } from "./panel-tables.ts";
import type { SqlCalendar } from "./sql-calendar.ts";
import type { SqlContext } from "./sql-expression.ts";
import { groupOfPart, partsJoin } from "./sql-groups.ts";
import { heldOf, shieldedIn, unpackedState } from "./sql-movement.ts";

/** What a row shows is that of the latest evaluation. */
export function carried(context: SqlContext, { latest }: SqlCalendar, fields: readonly SqlField[]): readonly SqlColumn[] {
  const read = shownColumns(context, true).filter(({ shown }) => fields.some(({ name }) => name === shown));
  return read.map(({ name, shown, type }) => {
    if (latest === undefined) return named(shown, column(name));
    if (type !== "BOOLEAN") return named(shown, overRows(call("max", column(name)), latest));
    const number = choose(
      [
        [column(name), integer(1)],
        [isKnown(column(name)), integer(0)],
      ],
      nothing,
    );
    return named(shown, binary(overRows(call("max", number), latest), "=", integer(1)));
  });
}

interface ShownColumn {
  /** The computed column, and what it is called in the result. */
  readonly name: string;
  readonly shown: string;
  readonly type: "DOUBLE" | "INTEGER" | "BOOLEAN";
}

function shownColumns({ policy }: SqlContext, withColumns: boolean): readonly ShownColumn[] {
  const { headlineScore, metrics, scores, ledgers, conditions } = policy;
  const all = [
    ...metrics.map(({ name }) => [`metric ${name}`, "DOUBLE"] as const),
    ...scores.map(({ name }) => [`score ${name}`, "DOUBLE"] as const),
    ...ledgers.map(({ name }) => [`ledger ${name}`, "DOUBLE"] as const),
    ...conditions.map(({ name }) => [`condition ${name}`, "BOOLEAN"] as const),
  ];
  return [
    { name: "merited", shown: "shown merited", type: "INTEGER" },
    ...(headlineScore === undefined ? [] : [{ name: `score ${headlineScore}`, shown: "shown score", type: "DOUBLE" } as const]),
    ...(withColumns ? all.map(([name, type]): ShownColumn => ({ name, shown: `shown ${name}`, type })) : []),
  ];
}

/** What frames show of a row. */
export function shownFields(context: SqlContext, withColumns: boolean): readonly SqlField[] {
  return shownColumns(context, withColumns).map(({ shown, type }) => ({ name: shown, type, value: column(shown) }));
}

/** What is added up of a row. */
export function summedFields({ gmvMeasure }: PanelSchema): readonly SqlField[] {
  return gmvMeasure === undefined ? [] : [{ name: "gmv", type: "BIGINT", value: column(measureColumn(gmvMeasure)) }];
}

/** Which rows, and whether all that was computed of them. */
export interface FrameOptions {
  readonly columns?: boolean;
  readonly from?: number;
}

/** Every panel row from a period on, with the state after the latest evaluation up to it. */
export function frameRows(context: SqlContext, { columns: withColumns = false, from }: FrameOptions): SqlSelect {
  const { policy } = context;
  const plain = (name: string): SqlColumn => named(name, column(name));
  return {
    kind: "select",
    everything: false,
    columns: [
      plain("entity"),
      plain("period"),
      named("evaluated", isKnown(column("on day"))),
      named("score", policy.headlineScore === undefined ? cast(nothing, "DOUBLE") : column("shown score")),
      named("merited", call("coalesce", column("shown merited"), integer(-1))),
      ...unpackedState(column("code 0"), beforeFirst(policy)),
      ...(withColumns
        ? shownColumns(context, true).flatMap(({ name, shown }) =>
            /^shown (merited|score)$/.test(shown) ? [] : [named(name, column(shown))],
          )
        : []),
    ],
    source: { from: "replayed", as: "rows" },
    ...(from === undefined ? {} : { where: binary(column("period"), ">=", integer(from)) }),
  };
}

/** One row a period and held tier, or combination of those held under each policy. `codes`: by policy, the columns of its states from each start. */
export function totals(
  policies: readonly Policy[],
  codes: readonly (readonly string[])[],
  { schema, from, groups }: { readonly schema: PanelSchema; readonly from: number; readonly groups?: GroupsAt },
): SqlSelect {
  const { firstPeriod, gmvMeasure } = schema;
  const held = policies.map((policy, index) => (codes[index] ?? []).map((code) => heldOf(column(code), beforeFirst(policy))));
  const counted = (claim: SqlExpression) => call("count", choose([[claim, integer(1)]], nothing));
  const isOld = binary(column("entity first period"), "=", integer(firstPeriod));
  const begins = any(
    binary(column("period"), "=", integer(from)),
    all(binary(column("period"), "=", column("entity first period")), binary(column("period"), ">", integer(from))),
  );
  const ofPolicy = (name: string, index: number) => (index === 0 ? name : `${name} of ${index}`);
  const isOwn = binary(column("part"), "=", integer(0));
  const gmv = groups?.sales === undefined ? column("gmv") : choose([[isOwn, column("gmv")]], column("sales"));
  const shielded = codes.map(([own = ""]) => shieldedIn(column(own)));
  const parts = groups === undefined ? [] : [named("part", column("part")), named("group", groupOfPart(groups, shielded))];
  return {
    kind: "select",
    everything: false,
    columns: [
      ...parts,
      named("period", column("period")),
      ...held.map(([own = nothing], index) => named(ofPolicy("held", index), own)),
      named("entities", call("count", column("period"))),
      named("gmv", gmvMeasure === undefined ? cast(nothing, "VARCHAR") : cast(call("sum", gmv), "VARCHAR")),
      named("first_rows", counted(begins)),
      ...held.map(([own = nothing, ...others], index) => {
        const isApart = any(...others.map((other) => binary(other, "<>", own)));
        return named(ofPolicy("apart", index), counted(all(isOld, isApart)));
      }),
      named("asked", counted(all(isOld, binary(column("period"), "=", integer(firstPeriod))))),
    ],
    source: { from: "replayed", as: "rows" },
    ...(groups === undefined ? {} : { joins: [partsJoin] }),
    groupBy: Array.from({ length: parts.length + 1 + policies.length }, (_, index) => index + 1),
  };
}

/** The tier shown before anything is evaluated. */
function beforeFirst(policy: Policy): number {
  return startCode(policy) ?? (policy.otherwise === undefined ? policy.tiers.length - 1 : policy.tiers.length);
}

/** The tier that the policy starts with, where it says one. */
export function startCode(policy: Policy): number | undefined {
  const { start } = policy.movement;
  if (start === undefined) return undefined;
  return start === policy.otherwise ? policy.tiers.length : policy.tiers.findIndex((tier) => tier.name === start);
}
