/** The tables that a demo is gathered in, and the files that are written from them. */
import { join } from "node:path";
import { quoteText } from "../../engines/index.ts";
import { eventKinds, outcomeNames, outcomeSources, severities, severityPoints } from "./enforcement.ts";
import type { DemoKind } from "./life.ts";
import { type NumberColumn, openTableWriter, type ScratchDatabase, type TableWriter } from "./table-writer.ts";

/** One writer for each file. Entities come in order, so rows of an entity lie together. */
export interface DemoTables {
  readonly panel: TableWriter;
  readonly entities: TableWriter;
  readonly events: TableWriter;
  readonly outcomes: TableWriter;
  readonly truth: TableWriter;
  readonly finish: () => void;
}

/** The conducts, in the order of their codes. */
export const conducts = ["honest", "careless", "bad_actor", "turned_bad"] as const;

/** Creates the tables of a kind. */
export async function openDemoTables(database: ScratchDatabase, kind: DemoKind): Promise<DemoTables> {
  const measures = Object.fromEntries(
    kind.measures.map((measure) => [measure.name, measure.unit === "money" ? "double" : "integer"] as const),
  );
  const open = (table: string, columns: Record<string, NumberColumn>): Promise<TableWriter> =>
    openTableWriter(database, { table, columns });
  const panel = await open("panel", { entity: "integer", week_end: "integer", known_on: "integer", ...measures, tier: "integer" });
  const entities = await open("entities", { entity: "integer", region: "integer", category: "integer", opened_on: "integer" });
  const events = await open("events", {
    entity: "integer",
    violation: "integer",
    kind: "integer",
    day: "integer",
    known_on: "integer",
    severity: "integer",
    type: "integer",
  });
  const outcomes = await open("outcomes", {
    entity: "integer",
    about: "integer",
    source: "integer",
    outcome: "integer",
    known_on: "integer",
    probability: "double",
  });
  const truth = await open("truth", {
    entity: "integer",
    conduct: "integer",
    harmful_from: "integer",
    usual_share: "double",
    turned_share: "double",
    size: "double",
    quality: "double",
  });
  const writers = { panel, entities, events, outcomes, truth };
  return {
    ...writers,
    finish: () => {
      for (const writer of Object.values(writers)) writer.finish();
    },
  };
}

/** Writes panel, entities, events, outcomes and truth as Parquet. Codes become names, day numbers dates, minor units major ones. */
export async function writeDemoFiles(database: ScratchDatabase, kind: DemoKind, folder: string): Promise<void> {
  const id = `format('${kind.idPrefix}{:07d}', entity + 1)`;
  const measures = kind.measures.map(({ name, unit }) => (unit === "money" ? `(${name} / 100)::DECIMAL(18,2) AS ${name}` : name));
  const violation = `${id} || '-' || violation`;
  const queries = {
    panel: `SELECT ${id} AS ${kind.key}, ${date("week_end")}, ${date("known_on")}, ${measures.join(", ")},
      ${named("tier", kind.tiers)} FROM panel`,
    entities: `SELECT ${id} AS ${kind.key}, ${named("region", kind.regions, kind.regionName)},
      ${named("category", kind.categories, kind.categoryName)}, ${date("opened_on")} FROM entities`,
    events: `SELECT ${violation} || CASE kind WHEN 0 THEN '' WHEN 1 THEN 'a' ELSE 'd' END AS id, ${id} AS ${kind.key},
      ${date("day")}, ${date("known_on")}, ${named("kind", eventKinds)},
      CASE WHEN kind = 0 THEN ${list(severityPoints.map(String), "severity")} END AS points,
      CASE WHEN kind = 0 THEN ${list(severities.map(quoteText), "severity")} END AS severity,
      CASE WHEN kind = 0 THEN ${list(Object.keys(kind.violationTypes).map(quoteText), "type")} END AS type,
      CASE WHEN kind > 0 THEN ${violation} END AS about FROM events`,
    outcomes: `SELECT ${id} AS ${kind.key}, ${date("about")}, ${named("source", outcomeSources)}, ${named("outcome", outcomeNames)},
      ${date("known_on")}, CASE WHEN isnan(probability) THEN NULL ELSE probability END AS probability FROM outcomes`,
    truth: `SELECT ${id} AS ${kind.key}, ${named("conduct", conducts)},
      CASE WHEN harmful_from >= 0 THEN DATE '1970-01-01' + harmful_from END AS harmful_from, usual_share, turned_share, size, quality FROM truth`,
  };
  for (const [name, query] of Object.entries(queries)) {
    await database.connection.run(`COPY (${query}) TO ${quoteText(join(folder, `${name}.parquet`))} (FORMAT parquet)`);
  }
}

function date(column: string): string {
  return `DATE '1970-01-01' + ${column} AS ${column}`;
}

function named(column: string, names: readonly string[], as = column): string {
  return `${list(names.map(quoteText), column)} AS ${as}`;
}

function list(literals: readonly string[], code: string): string {
  return `([${literals.join(", ")}])[${code} + 1]`;
}
