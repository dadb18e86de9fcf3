/** Policy -> one SQL statement for DuckDB: metrics, scores, conditions and merited tier as set operations, movement as a recursion. */
import { type Diagnostic, diagnose, unreachable } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
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
  nothing,
  type SqlColumn,
  type SqlExpression,
  type SqlSelect,
  type SqlStatement,
  type SqlText,
} from "./nodes.ts";
import { inOrderOfUse, type Section } from "./order-of-sections.ts";
import { attributeColumn, measureColumn } from "./panel-tables.ts";
import { printSql } from "./print-sql.ts";
import { plainWindow, type SqlCalendar, sqlCalendar, windowKey } from "./sql-calendar.ts";
import { type SqlContext, sqlExpression, sqlRound } from "./sql-expression.ts";
import { sqlMetric, sumColumn, summedMeasures } from "./sql-metric.ts";
import { sqlMovement } from "./sql-movement.ts";
import { sqlRefusals } from "./sql-refusals.ts";
import { sqlScore } from "./sql-score.ts";

/** What the statement should give beside the tiers. */
export interface SqlOptions {
  /** Overrides the tier held before the first evaluation: a tier code. */
  readonly startTier?: number;
  /** Adds a column `metric x`, `score x`, `condition x` for every one. Default: tiers and counters only. */
  readonly columns?: boolean;
}

/**
 * The statement that runs the policy over tables `panel` and `events` (columns: `panelTableColumns`, `eventTableColumns`), or the
 * diagnostics `sql-unsupported` that name the elements which SQL cannot express.
 *
 * Result: entity, period, evaluated, score, merited, held, promote_count, demote_count, shielded: one row a panel row, codes as in
 * the outcome frame, NULL where a score is missing. In no particular order.
 */
export function policyToSql(
  policy: Policy,
  schema: PanelSchema,
  options: SqlOptions = {},
): { readonly statement?: SqlText; readonly diagnostics: readonly Diagnostic[] } {
  const refused = sqlRefusals(policy, schema);
  if (refused.length > 0) return { diagnostics: refused.map(({ element, reason }) => refusal(element, reason)) };
  const diagnostics: Diagnostic[] = [];
  const refuse = (element: string, reason: string): SqlExpression => {
    diagnostics.push(refusal(element, reason));
    return nothing;
  };
  const statement = statementOf({ policy, schema, refuse }, options);
  return diagnostics.length > 0 ? { diagnostics } : { statement: printSql(statement), diagnostics };
}

function refusal(element: string, reason: string): Diagnostic {
  return diagnose("sql-unsupported", { message: `'${element}' cannot be run in SQL: ${reason}`, found: element });
}

function statementOf(context: SqlContext, options: SqlOptions): SqlStatement {
  const { policy, schema } = context;
  const calendar = sqlCalendar(policy, schema);
  const start = options.startTier ?? startCode(policy);
  const computed = computedColumns(context);
  const chain = computed.map(({ as, expression }, index): SqlStatement["steps"][number] => ({
    name: `computed ${index}`,
    query: {
      kind: "select",
      everything: true,
      columns: [{ as, expression }],
      source: { from: index === 0 ? "windows" : `computed ${index - 1}`, as: "rows" },
    },
  }));
  return {
    steps: [
      { name: "calendar", query: calendar.table },
      { name: "dated", query: datedRows() },
      { name: "windows", query: windowSums(policy, calendar) },
      ...chain,
      { name: "evaluations", query: evaluations(policy, `computed ${computed.length - 1}`) },
      sqlMovement(policy, start),
    ],
    result: carriedRows(policy, start, options.columns ?? false),
  };
}

/** Every panel row with its evaluation date and window bounds. */
function datedRows(): SqlSelect {
  return {
    kind: "select",
    everything: true,
    columns: [],
    source: { from: "panel", as: "panel" },
    joins: [
      {
        source: { from: "calendar", as: "calendar" },
        outer: false,
        on: binary(column("calendar period", "calendar"), "=", column("period", "panel")),
      },
    ],
  };
}

/** Adds the sums over every window, the entity's first day, and the count of evaluations up to the row. */
function windowSums(policy: Policy, { windows }: SqlCalendar): SqlSelect {
  const sums = new Map<string, SqlColumn>();
  for (const metric of policy.metrics) {
    if (!("over" in metric)) continue;
    const window = windows.get(windowKey(plainWindow(metric.over)));
    if (window === undefined) continue;
    for (const measure of summedMeasures(metric)) {
      const as = sumColumn(measure, window.key);
      sums.set(as, { as, expression: { kind: "window", call: call("sum", column(measureColumn(measure))), frame: window.frame } });
    }
  }
  const soFar = { unit: "ROWS", from: "unbounded" } as const;
  return {
    kind: "select",
    everything: true,
    columns: [
      ...sums.values(),
      { as: "entity first day", expression: { kind: "window", call: call("min", column("first day")), frame: soFar } },
      { as: "step", expression: { kind: "window", call: call("count", column("on day")), frame: soFar } },
    ],
    source: { from: "dated", as: "rows" },
  };
}

/** Metrics, scores, conditions and the merited tier, each after what it reads. */
function computedColumns(context: SqlContext): readonly SqlColumn[] {
  const { policy } = context;
  const claims = policy.tiers.map((tier) =>
    tier.when === undefined ? binary(integer(1), "=", integer(1)) : sqlExpression(tier.when, `tiers.${tier.name}`, context),
  );
  const ladder = choose(
    claims.map((claim, code) => [claim, integer(code)]),
    integer(policy.tiers.length),
  );
  return [
    ...inOrderOfUse(policy).flatMap((section) => sectionColumns(section, context)),
    { as: "claimed", expression: ladder },
    { as: "merited", expression: underCaps(context, column("claimed")) },
  ];
}

function sectionColumns(section: Section, context: SqlContext): readonly SqlColumn[] {
  switch (section.kind) {
    case "metric":
      return [{ as: `metric ${section.entry.name}`, expression: sqlMetric(section.entry, context) }];
    case "score": {
      const { name, round } = section.entry;
      return [
        { as: `unrounded ${name}`, expression: sqlScore(section.entry, context) },
        { as: `score ${name}`, expression: sqlRound(column(`unrounded ${name}`), round) },
      ];
    }
    case "condition": {
      const { name, expression } = section.entry;
      return [{ as: `condition ${name}`, expression: cast(sqlExpression(expression, `conditions.${name}`, context), "BOOLEAN") }];
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

/** The evaluated rows, with the worst and best tier merited over the last `after` evaluations. */
function evaluations(policy: Policy, from: string): SqlSelect {
  const { promote, demote, shield } = policy.movement;
  const recent = (name: "min" | "max", after: number): SqlExpression => ({
    kind: "window",
    call: call(name, column("merited")),
    frame: { unit: "ROWS", from: integer(after - 1) },
  });
  return {
    kind: "select",
    everything: true,
    columns: [
      { as: "recent worst", expression: recent("max", promote.after) },
      { as: "recent best", expression: recent("min", demote.after) },
      { as: "shield day", expression: shield === undefined ? cast(nothing, "INTEGER") : column(attributeColumn(shield.since)) },
    ],
    source: { from, as: "rows" },
    where: isKnown(column("on day")),
  };
}

/** Every panel row with the state after the latest evaluation up to it. */
function carriedRows(policy: Policy, start: number | undefined, withColumns: boolean): SqlSelect {
  const beforeFirst = start ?? (policy.otherwise === undefined ? policy.tiers.length - 1 : policy.tiers.length);
  const sameStep = (table: string) =>
    [binary(column("entity", table), "=", column("entity", "rows")), binary(column("step", table), "=", column("step", "rows"))].reduce(
      (a, b) => binary(a, "AND", b),
    );
  const latest = (name: string): SqlColumn => ({ as: name, expression: column(name, "latest") });
  return {
    kind: "select",
    everything: false,
    columns: [
      { as: "entity", expression: column("entity", "rows") },
      { as: "period", expression: column("period", "rows") },
      { as: "evaluated", expression: isKnown(column("on day", "rows")) },
      {
        as: "score",
        expression: policy.headlineScore === undefined ? cast(nothing, "DOUBLE") : column(`score ${policy.headlineScore}`, "latest"),
      },
      { as: "merited", expression: call("coalesce", column("merited", "latest"), integer(-1)) },
      { as: "held", expression: call("coalesce", column("held", "state"), integer(beforeFirst)) },
      { as: "promote_count", expression: column("promote count", "state") },
      { as: "demote_count", expression: column("demote count", "state") },
      { as: "shielded", expression: column("shielded", "state") },
      ...(withColumns
        ? [
            ...policy.metrics.map(({ name }) => latest(`metric ${name}`)),
            ...policy.scores.map(({ name }) => latest(`score ${name}`)),
            ...policy.conditions.map(({ name }) => latest(`condition ${name}`)),
          ]
        : []),
    ],
    source: { from: "windows", as: "rows" },
    joins: [
      { source: { from: "movement", as: "state" }, outer: false, on: sameStep("state") },
      { source: { from: "evaluations", as: "latest" }, outer: true, on: sameStep("latest") },
    ],
  };
}

function startCode(policy: Policy): number | undefined {
  const { start } = policy.movement;
  if (start === undefined) return undefined;
  return start === policy.otherwise ? policy.tiers.length : policy.tiers.findIndex((tier) => tier.name === start);
}
