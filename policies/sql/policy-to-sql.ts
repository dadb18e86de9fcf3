/** Policy -> one SQL statement: metrics, scores, conditions and merited tier as set operations, movement as a fold over each entity. */
import { type Diagnostic, present, unreachable } from "../../data/foundation/index.ts";
import type { GroupsAt, PanelSchema } from "../../data/panel/index.ts";
import type { Policy } from "../language/index.ts";
import { type DialectName, dialects } from "./dialects.ts";
import {
  all,
  any,
  binary,
  call,
  cast,
  choose,
  column,
  fieldsRead,
  integer,
  isKnown,
  named,
  nothing,
  overRows,
  type SqlColumn,
  type SqlExpression,
  type SqlField,
  type SqlSelect,
  type SqlStatement,
  type SqlText,
} from "./nodes.ts";
import { inLevels, type Section } from "./order-of-sections.ts";
import { ownSteps } from "./own-steps.ts";
import type { KeyRange, OwnTables } from "./own-tables.ts";
import { measureColumn } from "./panel-tables.ts";
import { codeColumn, type Pipeline, replaySteps, statesColumn } from "./pipelines.ts";
import { printSql } from "./print-sql.ts";
import { type SqlCalendar, sqlCalendar, windowKey } from "./sql-calendar.ts";
import { gatheredEvents, kindsRead } from "./sql-events.ts";
import { roundFromParts, roundParts, type SqlContext, sqlExpression } from "./sql-expression.ts";
import { groupColumn, groupColumns, partsTable } from "./sql-groups.ts";
import { type SqlLabels, sqlLabels } from "./sql-labels.ts";
import { lineColumns, sqlLedger } from "./sql-ledger.ts";
import { chosenColumn, sqlChoice, sqlMetric, sumColumn, summedOver } from "./sql-metric.ts";
import { foldedStates, movementFields } from "./sql-movement.ts";
import { refusal, sqlRefusals } from "./sql-refusals.ts";
import { carried, frameRows, shownFields, startCode, summedFields, totals } from "./sql-result.ts";
import { sqlScore } from "./sql-score.ts";

/** What the statement should give, and to which database it is told. */
export interface SqlOptions {
  /** Default: DuckDB. */
  readonly dialect?: DialectName;
  /** Overrides the tier held before the first evaluation: a tier code. */
  readonly startTier?: number;
  /** Adds a column `metric x`, `score x`, `ledger x`, `condition x` for every one. Default: tiers and counters only. */
  readonly columns?: boolean;
  /** Rows before this period are not given; they are read for what they do to later ones. Default: all are given. */
  readonly from?: number;
  /** Rows after this period are not read. Default: all are. */
  readonly to?: number;
  /** Only the entities of this shard: rows of both tables whose column `shard` is this number. Default: all. */
  readonly shard?: number;
  /** Where the tables are a warehouse's own: what is read in their place, and the keys of the shard. Default: tables `panel` and `events`. */
  readonly own?: { readonly tables: OwnTables; readonly range: KeyRange };
}

/** A statement, or the diagnostics `sql-unsupported` that name the elements which SQL cannot express. */
export interface ToldInSql {
  readonly statement?: SqlText;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The statement that runs the policy over tables `panel` and `events` (columns: `panelTableColumns`, `eventTableColumns`; `events` only
 * where the policy reads some), or the diagnostics `sql-unsupported` that name the elements which SQL cannot express.
 *
 * Result: entity, period, evaluated, score, merited, held, promote_count, demote_count, shielded: one row a panel row, codes as in
 * the outcome frame, NULL where a score is missing. In no particular order.
 */
export function policyToSql(policy: Policy, schema: PanelSchema, options: SqlOptions = {}): ToldInSql {
  return told([policy], schema, options, ([only]) => {
    const context = present(only, "a policy");
    const records = { starts: [options.startTier ?? startCode(policy)], shown: shownFields(context, options.columns ?? false), beside: [] };
    const steps = replaySteps([foldedSteps(context, options, records)]);
    return { steps, result: frameRows(context, options) };
  });
}

/** A policy, and the start tiers that its outcome is compared over. */
export interface ReplayedPolicy {
  readonly policy: Policy;
  readonly startTiers: readonly number[];
}

/**
 * The statement that gives only the sums of a replay: one row a period and held tier; of several policies one row a period and combination of
 * the tiers held under each. Each policy reads the tables by itself; what came of them meets at the entity, where both are.
 *
 * Result: period, held (one a policy), entities, gmv (a decimal text; NULL without GMV), first_rows (entities whose first row at or after `from` this
 * is), apart (one a policy: entities with an unknown past whose tier still depends on the one before), asked (entities with an unknown past). With
 * `groups` two columns come before: part (0; 1 more than its parting's number of a row of groups, whose gmv is the sum over their span) and group.
 */
export function policyTotalsToSql(
  replayed: readonly ReplayedPolicy[],
  schema: PanelSchema,
  { from, groups, ...options }: SqlOptions & { readonly from: number; readonly groups?: GroupsAt },
): ToldInSql {
  const policies = replayed.map(({ policy }) => policy);
  return told(policies, schema, options, (contexts) => {
    const pipelines = contexts.map((context, index) => {
      const starts = [startCode(context.policy), ...present(replayed[index], "a policy").startTiers];
      if (index > 0) return foldedSteps(context, options, { starts, shown: [], beside: [] });
      const beside = groups === undefined ? [] : groupColumns(groups, schema);
      const labels = groups === undefined ? undefined : sqlLabels(groups.partings, schema, options.shard);
      return foldedSteps(context, options, { starts, shown: summedFields(schema), beside, labels });
    });
    const codes = pipelines.map((pipeline, index) => pipeline.starts.map((_, start) => codeColumn(index, start)));
    const { firstPeriod, lastPeriod } = schema;
    const parts =
      groups === undefined ? [] : [{ name: "parts", query: partsTable(groups, { from: firstPeriod, to: options.to ?? lastPeriod }) }];
    const asked = { schema, from, ...(groups === undefined ? {} : { groups }) };
    return { steps: [...replaySteps(pipelines), ...parts], result: totals(policies, codes, asked) };
  });
}

function told(
  policies: readonly Policy[],
  schema: PanelSchema,
  options: SqlOptions,
  write: (contexts: readonly SqlContext[]) => SqlStatement,
): ToldInSql {
  const refused = policies.flatMap((policy) => sqlRefusals(policy).map(({ element, reason }) => refusal(policy, element, reason)));
  if (refused.length > 0) return { diagnostics: refused };
  const diagnostics: Diagnostic[] = [];
  const refuseOf =
    (policy: Policy) =>
    (element: string, reason: string): SqlExpression => {
      diagnostics.push(refusal(policy, element, reason));
      return nothing;
    };
  const { steps, result } = write(policies.map((policy) => ({ policy, schema, refuse: refuseOf(policy) })));
  if (diagnostics.length > 0) return { diagnostics };
  const { own, shard } = options;
  const statement = own === undefined ? { steps, result } : { steps: [...ownSteps(own.tables, shard, own.range), ...steps], result };
  return { statement: printSql(statement, dialects[options.dialect ?? "duckdb"]), diagnostics };
}

/** From the tables to step `folded`: one row an entity, with the records of its rows and the packed states after them from every start. */
function foldedSteps(
  context: SqlContext,
  options: SqlOptions,
  {
    starts,
    shown,
    beside,
    labels,
  }: {
    readonly starts: readonly (number | undefined)[];
    /** What of a row is a column in the end. */
    readonly shown: readonly SqlField[];
    /** Columns of the entity that stand beside its rows. */
    readonly beside: readonly SqlColumn[];
    readonly labels?: SqlLabels | undefined;
  },
): Pipeline {
  const { policy, schema } = context;
  const calendar = sqlCalendar(policy, schema);
  const kinds = kindsRead(policy, schema);
  const levels = [...computedLevels(context, calendar), [...meritedSince(calendar), ...carried(context, calendar, shown)]];
  const chain = levels.map((columns, index): SqlStatement["steps"][number] => ({
    name: `computed ${index}`,
    query: { kind: "select", everything: true, columns, source: { from: index === 0 ? "windows" : `computed ${index - 1}`, as: "rows" } },
  }));
  // The first period stands in every record, read or not: without it engines would put the calendar beside rows before they go to their entity.
  const always = ["period", "entity first period"].map((name): SqlField => ({ name, type: "INTEGER", value: column(name) }));
  const fields = [...always, ...shown, ...movementFields(policy)];
  const numbers = [...(labels?.numbers ?? [])].map(([parting, number]) => named(groupColumn(parting), number));
  const kept = {
    keep: [...beside, ...numbers].map(({ as }) => as),
    fields: fields.map(({ name }) => name),
    shown: ["on day", ...[...always, ...shown].map(({ name }) => name)],
    starts,
  };
  const steps: SqlStatement["steps"] = [
    ...(labels?.steps ?? []),
    { name: "calendar", query: calendar.table },
    { name: "entity rows", query: entityRows(options) },
    { name: "dated", query: datedRows(kinds.length > 0) },
    { name: "windows", query: windowSums(context, calendar) },
    ...chain,
    {
      name: "gathered",
      query: {
        kind: "select",
        everything: false,
        columns: [
          named("entity", column("entity")),
          ...beside,
          named("records", { kind: "gather", record: { kind: "record", fields }, order: column("period") }),
        ],
        source: { from: `computed ${levels.length - 1}`, as: "rows" },
        groupBy: [1],
      },
    },
    {
      name: "folded",
      query: {
        kind: "select",
        everything: true,
        columns: [...starts.map((start, index) => named(statesColumn(index), foldedStates(policy, column("records"), start))), ...numbers],
        source: { from: "gathered", as: "rows" },
        ...(labels === undefined || labels.joins.length === 0 ? {} : { joins: labels.joins }),
      },
    },
  ];
  if (kinds.length === 0) return { steps, ...kept };
  const happenings = gatheredEvents({ kinds, read: fieldsRead(steps), shard: options.shard }, schema);
  return { steps: [{ name: "happenings", query: happenings }, ...steps], ...kept };
}

/**
 * Every panel row with its entity's first period. The window comes before everything that is put beside a row: rows go to where their entity
 * is as they lie in the table, and no date of the calendar goes over the network with them.
 */
function entityRows({ to, shard }: SqlOptions): SqlSelect {
  const wanted = [
    ...(to === undefined ? [] : [binary(column("period"), "<=", integer(to))]),
    ...(shard === undefined ? [] : [binary(column("shard"), "=", integer(shard))]),
  ];
  return {
    kind: "select",
    everything: true,
    columns: [named("entity first period", overRows(call("min", column("period")), soFar))],
    source: { from: "panel", as: "panel" },
    ...(wanted.length === 0 ? {} : { where: all(...wanted) }),
  };
}

const soFar = { unit: "ROWS", from: "unbounded" } as const;

/** With its evaluation date and window bounds, and its entity's events. */
function datedRows(hasEvents: boolean): SqlSelect {
  const calendar = {
    source: { from: "calendar", as: "calendar" },
    outer: false,
    on: binary(column("calendar period", "calendar"), "=", column("period", "rows")),
  };
  const happenings = {
    source: { from: "happenings", as: "happenings" },
    outer: true,
    on: binary(column("event entity", "happenings"), "=", column("entity", "rows")),
  };
  const joins = hasEvents ? [calendar, happenings] : [calendar];
  return { kind: "select", everything: true, columns: [], source: { from: "entity rows", as: "rows" }, joins };
}

/** Adds the sums over every window, and the entity's first day. */
function windowSums({ policy }: SqlContext, { windows }: SqlCalendar): SqlSelect {
  const sums = new Map<string, SqlColumn>();
  for (const { measure, over } of summedOver(policy)) {
    const window = windows.get(windowKey(over));
    if (window === undefined) continue;
    const as = sumColumn(measure, window.key);
    sums.set(as, named(as, cast(overRows(call("sum", column(measureColumn(measure))), window.frame), "HUGEINT")));
  }
  return {
    kind: "select",
    everything: true,
    columns: [...sums.values(), named("entity first day", overRows(call("min", column("first day")), soFar))],
    source: { from: "dated", as: "rows" },
  };
}

/** Metrics, scores, ledgers, conditions and the merited tier, each after what it reads: the columns of one level read those before it. */
function computedLevels(context: SqlContext, calendar: SqlCalendar): readonly (readonly SqlColumn[])[] {
  const { policy } = context;
  const claims = policy.tiers.map((tier) =>
    tier.when === undefined ? binary(integer(1), "=", integer(1)) : sqlExpression(tier.when, `tiers.${tier.name}`, context),
  );
  const ladder = choose(
    claims.map((claim, code) => [claim, integer(code)]),
    integer(policy.tiers.length),
  );
  return [
    ...inLevels(policy).flatMap((sections) => sectionLevels(sections, context, calendar)),
    [named("claimed", ladder)],
    [named("merited", choose([[isKnown(column("on day")), underCaps(context, column("claimed"))]], nothing))],
  ];
}

/** What some sections need one after another: scores are rounded, ledgers add their lines up. */
function sectionLevels(sections: readonly Section[], context: SqlContext, calendar: SqlCalendar): readonly (readonly SqlColumn[])[] {
  const parts = sections.map((section) => sectionColumns(section, context, calendar));
  const depth = Math.max(...parts.map((levels) => levels.length));
  return Array.from({ length: depth }, (_, level) => parts.flatMap((levels) => levels[level] ?? []));
}

function sectionColumns(section: Section, context: SqlContext, calendar: SqlCalendar): readonly (readonly SqlColumn[])[] {
  switch (section.kind) {
    case "window":
      return [[named(chosenColumn(section.entry.name), sqlChoice(section.entry, context))]];
    case "metric":
      return [[named(`metric ${section.entry.name}`, sqlMetric(section.entry, context))]];
    case "score": {
      const { name, round } = section.entry;
      const unrounded = column(`unrounded ${name}`);
      const { product, high } = roundParts(unrounded, round);
      const kept = { product: column(`product ${name}`), high: column(`high ${name}`) };
      return [
        [named(`unrounded ${name}`, sqlScore(section.entry, context))],
        [named(`product ${name}`, product), named(`high ${name}`, high)],
        [named(`score ${name}`, roundFromParts(unrounded, kept, round))],
      ];
    }
    case "ledger":
      return [lineColumns(section.entry, context, calendar), [named(`ledger ${section.entry.name}`, sqlLedger(section.entry, context))]];
    case "condition": {
      const { name, expression } = section.entry;
      return [[named(`condition ${name}`, cast(sqlExpression(expression, `conditions.${name}`, context), "BOOLEAN"))]];
    }
    default:
      return unreachable(section);
  }
}

/** No better than the worst tier of the caps that apply; those take whom no tier took, too. */
function underCaps(context: SqlContext, claimed: SqlExpression): SqlExpression {
  const { tiers, caps } = context.policy;
  const worstFirst = caps
    .map((cap, index) => ({ code: tiers.findIndex(({ name }) => name === cap.tier), element: `caps.${index + 1}`, when: cap.when }))
    .toSorted((a, b) => b.code - a.code);
  const isBetter = (code: number) => any(binary(claimed, "<", integer(code)), binary(claimed, "=", integer(tiers.length)));
  return choose(
    worstFirst.map(({ code, element, when }) => [all(sqlExpression(when, element, context), isBetter(code)), integer(code)]),
    claimed,
  );
}

/** The worst and best tier merited over the evaluations that a move asks for. */
function meritedSince({ promoting, demoting }: SqlCalendar): readonly SqlColumn[] {
  return [
    named("recent worst", overRows(call("max", column("merited")), promoting)),
    named("recent best", overRows(call("min", column("merited")), demoting)),
  ];
}
