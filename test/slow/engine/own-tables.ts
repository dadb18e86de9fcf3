/** A history as a warehouse has it: tables with names and types of their own, made from those that were laid down. */
import { formatDay, present } from "../../../data/foundation/index.ts";
import type { Panel, PanelSchema } from "../../../data/panel/index.ts";
import { attributeColumn, measureColumn } from "../../../policies/sql/index.ts";

/** What makes tables `weekly`, `held`, `sellers`, `facts` and `said` from a schema of laid tables, which has labels and assigned tiers. Weeks only. */
interface MadeTables {
  readonly statements: readonly string[];
  /** Tells of them. */
  readonly descriptor: string;
  /** Adds a row, of an entity of its own. */
  readonly another: string;
}

/** The panel with labels as a warehouse may have them: those that were drawn as known before their day are known some days after it. */
export function knownInTime(panel: Panel): Panel {
  return {
    ...panel,
    readChunk: (index) => {
      const chunk = panel.readChunk(index);
      const { day, knownDay } = chunk.outcomes;
      const inTime = knownDay.map((known, at) => (known < present(day[at], "a day") ? present(day[at], "a day") + (known % 50) : known));
      return { ...chunk, outcomes: { ...chunk.outcomes, knownDay: inTime } };
    },
  };
}

export function ownTables(schema: PanelSchema, laid: string): MadeTables {
  const rowwise = schema.attributes.filter(({ scope }) => scope === "row");
  const fixed = schema.attributes.filter(({ scope }) => scope === "entity");
  const dated = (number: string) => `date_add('day', ${number}, DATE '1970-01-01')`;
  const measures = schema.measures.map(({ name, decimals }) => {
    const stored = `"${measureColumn(name)}"`;
    return `${decimals === 0 ? stored : `CAST(${stored} AS DECIMAL(18, ${decimals})) / ${10 ** decimals}`} AS "${name} said"`;
  });
  const attributes = (listed: typeof rowwise) =>
    listed.map(
      ({ name, type }) => `${type === "day" ? dated(`"${attributeColumn(name)}"`) : `"${attributeColumn(name)}"`} AS "${name} said"`,
    );
  const described = (listed: typeof rowwise) =>
    listed.map(({ name, type }) => `      ${name}: { attribute: ${type}, column: ${name} said }`);
  const weekly = (key: string) =>
    `SELECT ${key} AS "seller key", ${[`${dated('7 * "period" - 1')} AS "some day"`, ...measures, ...attributes(rowwise)].join(", ")} FROM ${laid}."panel"`;
  const statements = [
    "CREATE SCHEMA own",
    `CREATE TABLE weekly AS ${weekly('"entity"')}`,
    `CREATE TABLE sellers AS SELECT DISTINCT ${['"entity" AS "seller key"', ...attributes(fixed)].join(", ")} FROM ${laid}."panel"`,
    `CREATE TABLE held AS SELECT "entity" AS "seller key", ${dated('7 * "period" + 2')} AS "some day", "assigned" AS "tier said" FROM ${laid}."panel" WHERE "assigned" IS NOT NULL`,
    `CREATE TABLE said AS SELECT "entity" AS "seller key", "source" AS "who", ${dated('"day"')} AS "about", ${dated('"known_day"')} AS "said on",
      CASE "harmful" WHEN 1 THEN 'harmful' WHEN 0 THEN 'fine' ELSE 'pending' END AS "what" FROM ${laid}."outcomes"`,
    `CREATE TABLE facts AS SELECT "entity" AS "seller key", "id", "kind", ${dated('"known_day"')} AS "said on", "points" FROM ${laid}."events"`,
  ];
  const columns = schema.measures.map(({ name, kind, unit, decimals }) => {
    const form = unit === "count" || unit === "money" ? "" : `, decimals: ${decimals}`;
    return `      ${name}: { ${kind}: ${unit}, column: ${name} said${form} }`;
  });
  const files = [
    ["weekly", "panel", "    period: some day", "    columns:", ...columns, ...described(rowwise)],
    [
      "held",
      "panel",
      "    period: some day",
      `    columns: { tier: { assigned_tier: [${schema.assignedTiers.join(", ")}], column: tier said } }`,
    ],
    ["said", "outcomes", "    day: about", "    source: who", "    known_at: said on", "    outcome: what"],
    ...(fixed.length === 0 ? [] : [["sellers", "entities", "    columns:", ...described(fixed)]]),
    ...(schema.events.length === 0
      ? []
      : [
          [
            "history.own.facts",
            "events",
            "    id: id",
            "    day: said on",
            "    kind: kind",
            "    points: points",
            `    kinds: { ${schema.events.map(({ name }) => `${name}: ${name}`).join(", ")} }`,
          ],
        ]),
  ];
  const head = [
    "dataset: own",
    `entity: ${schema.entity}`,
    `grain: ${schema.grain}`,
    ...(schema.currency === undefined ? [] : [`currency: ${schema.currency}`]),
    `known_at: ${formatDay(schema.knownAt)}`,
    "key: [seller key]",
    ...(schema.gmvMeasure === undefined ? [] : [`gmv: ${schema.gmvMeasure}`]),
    ...(schema.ordersMeasure === undefined ? [] : [`orders: ${schema.ordersMeasure}`]),
    "outcomes:",
    ...schema.outcomes.map(
      ({ name, kind, role, horizonDays, lagDays, measures, definition }) =>
        `  ${name}: { kind: ${kind}, role: ${role}, ${kind === "future" ? `horizon: ${horizonDays} days, ` : ""}lag: ${lagDays} days, measures: [${measures.join(", ")}], definition: ${definition} }`,
    ),
    "files:",
  ];
  return {
    statements,
    another: `INSERT INTO weekly ${weekly(`concat("entity", ' of another')`)} LIMIT 1`,
    descriptor: `${[...head, ...files.flatMap(([table, holds, ...more]) => [`  - table: ${table}`, `    holds: ${holds}`, ...more])].join("\n")}\n`,
  };
}

/** A statement that makes a table of a CSV without quotes; columns have the types that their names stand for. */
export function createdFrom(name: string, csv: string): string {
  const types: Readonly<Record<string, string>> = {
    day: "DATE",
    known: "DATE",
    opened: "DATE",
    rating: "DECIMAL(4, 1)",
    gmv: "DECIMAL(12, 2)",
    orders: "BIGINT",
    late: "INTEGER",
    chance: "DOUBLE",
    followers: "BIGINT",
  };
  const [header = "", ...lines] = csv.trim().split("\n");
  const columns = header.split(",").map((column) => [column, types[column] ?? "VARCHAR"] as const);
  const rows = lines.map((line) => {
    const cells = line.split(",");
    return `(${columns.map(([, type], at) => (cells[at] === "" ? `CAST(NULL AS ${type})` : `CAST('${cells[at]}' AS ${type})`)).join(", ")})`;
  });
  const listed = columns.map(([column]) => `"${column}"`).join(", ");
  return `CREATE TABLE ${name} AS SELECT * FROM (VALUES ${rows.join(", ")}) AS "rows" (${listed})`;
}
