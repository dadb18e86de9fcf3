/** A history in a warehouse's own tables: a descriptor, as for an import, says what their columns mean, and no view is needed. */

import type { DatasetDescriptor, SourceFile } from "../../data/datasets/index.ts";
import { quoteName } from "../../data/engines/index.ts";
import {
  type Diagnostic,
  diagnose,
  digestOfValue,
  formatDay,
  hasErrors,
  InputRefused,
  type Place,
  present,
} from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import {
  attributeColumn,
  type OwnTables,
  ownTablesInSql,
  ownTablesOf,
  panelTableColumns,
  tableNames,
  unfitValuesInSql,
} from "../../policies/sql/index.ts";
import type { LaidDataset } from "./connected-dataset.ts";

/** A descriptor whose files are tables. */
export interface OwnDataset {
  readonly descriptor: DatasetDescriptor;
  readonly tables: OwnTables;
}

type Answer = readonly (readonly (string | number | bigint | boolean | null)[])[];

/** Runs a statement as it stands. */
export type AskEngine = (statement: { readonly sql: string; readonly parameters: readonly (string | number)[] }) => Promise<Answer>;

/** What the descriptor at a path describes. @throws InputRefused with every fault, located: those of a descriptor, and what is not read from tables. */
export async function readOwnDataset(path: string): Promise<OwnDataset> {
  const { readDescriptor } = await import("../../data/datasets/index.ts");
  const { descriptor, diagnostics } = readDescriptor(path, "tables");
  const faults = descriptor === undefined ? diagnostics : [...diagnostics, ...notReadFromTables(descriptor)];
  const tables = descriptor === undefined ? undefined : ownTablesOf(descriptor);
  if (descriptor === undefined || tables === undefined || hasErrors(faults)) throw new InputRefused(faults);
  return { descriptor, tables };
}

/** What a descriptor of files may say, and one of tables not. */
function notReadFromTables({ files, knownTruth, setAside }: DatasetDescriptor): readonly Diagnostic[] {
  const refuse = (message: string, place: Place | undefined, cure: string) =>
    diagnose("conflicting-keys", place === undefined ? { message, cure } : { message, place, cure });
  const faults: Diagnostic[] = [];
  const seen = new Set<SourceFile["holds"]>();
  for (const file of files) {
    const { holds, shownPath, place, columns } = file;
    if (holds === "snapshots" || holds === "outcomes" || holds === "rates")
      faults.push(
        refuse(
          `'${shownPath}' holds ${holds}, which are not read where they lie`,
          place,
          "Leave it out, or import the history from files.",
        ),
      );
    else if (seen.has(holds)) faults.push(refuse(`a second table holds ${holds}`, place, "Name one table, or one view over both."));
    seen.add(holds);
    if (holds === "panel" && file.known !== undefined)
      faults.push(
        refuse(
          "corrections by their known_at days are not read where they lie",
          file.known.place,
          "Leave 'known_at' out of a table that has one row an entity and period.",
        ),
      );
    for (const column of columns) {
      if (column.kind === "assigned_tier")
        faults.push(refuse("a tier really assigned is not read where it lies", column.place, "Leave the column out."));
      if (column.kind === "measure" && (column.measure.carryPeriods ?? 0) > 0)
        faults.push(
          refuse(`'${column.measure.name}' is not carried where it lies`, column.place, "Leave 'carry' out, or carry it in a view."),
        );
    }
  }
  if (knownTruth !== undefined || setAside !== undefined)
    faults.push(refuse("'known_truth' and 'set_aside' name files, and these are tables", files[0]?.place, "Leave them out."));
  return faults;
}

/** Where a table stands, with what the connection adds to its name. */
export interface TablePlace {
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
}

/** The tables that are read, each once, with the names that a connection adds. */
export function placesOf({ descriptor }: OwnDataset, catalog: string, schema: string): ReadonlyMap<SourceFile, TablePlace> {
  return new Map(
    descriptor.files.map((file) => {
      const [table = "", within = schema, above = catalog] = tableNames(file.path).toReversed();
      return [file, { catalog: above, schema: within, table }] as const;
    }),
  );
}

const types = {
  number: [/^(tinyint|smallint|integer|bigint|real|double|decimal\b.*)$/, "a number"],
  date: [/^(date|timestamp(\(\d+\))?)$/, "a date or a timestamp without a zone"],
  text: [/^(varchar\b.*|char\b.*|tinyint|smallint|integer|bigint|boolean|uuid|date)$/, "a text, a whole number or a day"],
} as const;

interface NeededColumn {
  readonly column: string;
  readonly place: Place;
  readonly type: keyof typeof types;
}

function neededColumns(file: SourceFile): readonly NeededColumn[] {
  const needed = (type: NeededColumn["type"], ...named: readonly ({ readonly column: string; readonly place: Place } | undefined)[]) =>
    named.flatMap((each) => (each === undefined ? [] : [{ column: each.column, place: each.place, type }]));
  const described = file.columns.flatMap((role) =>
    needed(
      role.kind === "measure"
        ? "number"
        : role.kind === "attribute" && role.type === "day"
          ? "date"
          : role.kind === "attribute"
            ? role.type === "number"
              ? "number"
              : "text"
            : "text",
      role,
    ),
  );
  const common = [...needed("text", ...file.key), ...described];
  if (file.holds === "panel") return [...common, ...needed("date", file.date)];
  if (file.holds !== "events") return common;
  return [
    ...common,
    ...needed("text", file.id, file.kind, ...file.fields),
    ...needed("date", file.date, file.known),
    ...needed("number", file.points),
  ];
}

/** Holds the descriptor against the columns that there are. @throws InputRefused `engine-unfit`, at the descriptor's line. */
export async function requireOwnColumns(ask: AskEngine, own: OwnDataset, catalog: string, schema: string): Promise<string> {
  const faults: Diagnostic[] = [];
  for (const [file, place] of placesOf(own, catalog, schema)) {
    const sql = `SELECT column_name, data_type FROM ${quoteName(place.catalog)}.information_schema.columns WHERE table_schema = ? AND table_name = ?`;
    const rows = await ask({ sql, parameters: [place.schema.toLowerCase(), place.table.toLowerCase()] });
    const there = new Map(rows.map(([name, type]) => [String(name).toLowerCase(), String(type).toLowerCase()]));
    const called = [place.catalog, place.schema, place.table].join(".");
    if (there.size === 0) {
      const cure = "Name a table that the connection's user may read: table, schema.table or catalogue.schema.table.";
      faults.push(diagnose("engine-unfit", { message: `there is no table ${called}`, place: file.place, found: file.path, cure }));
      continue;
    }
    for (const { column, place: at, type } of neededColumns(file)) {
      const found = there.get(column.toLowerCase());
      const [fits, expected] = types[type];
      if (found === undefined)
        faults.push(
          diagnose("engine-unfit", {
            message: `${called} has no column '${column}'`,
            place: at,
            found: column,
            cure: "Name a column of the table.",
          }),
        );
      else if (!fits.test(found))
        faults.push(
          diagnose("engine-unfit", {
            message: `column '${column}' of ${called} is ${found}, where ${expected} is needed`,
            place: at,
            found,
            cure: "Name another column, or a view that casts it.",
          }),
        );
    }
  }
  if (faults.length > 0) throw new InputRefused(faults);
  return `${own.descriptor.files.map(({ shownPath }) => shownPath).join(", ")}, as ${own.descriptor.file} describes them`;
}

/** A statement over `panel` and `events`, told to where the tables lie. */
export function overOwnTables({ tables }: OwnDataset, ask: AskEngine): (sql: string) => Promise<Answer> {
  const before = ownTablesInSql(tables, "trino");
  return (sql) => ask({ sql: `${before.sql}${sql}`, parameters: before.parameters });
}

/** What lies there. The digest is taken of the content: rows that change make another dataset. @throws InputRefused `engine-unfit`. */
export async function askOwnDataset(ask: AskEngine, own: OwnDataset, shards: number): Promise<LaidDataset> {
  const { outlineOf } = await import("../../data/datasets/index.ts");
  const { descriptor, tables } = own;
  const refuse = (message: string, place: Place, cure: string) => new InputRefused([diagnose("engine-unfit", { message, place, cure })]);
  const all = await requireFitValues(ask, own, refuse);
  const askViews = overOwnTables(own, ask);
  const outline = outlineOf(descriptor);
  const columns = panelTableColumns({ ...outline, firstPeriod: 0, lastPeriod: 0 }).map(({ name }) => quoteName(name));
  const [[rows, first, last, panelSum] = []] = await askViews(
    `SELECT count(*), min("period"), max("period"), to_hex(checksum(ROW(${columns.join(", ")}))) FROM "panel"`,
  );
  if (Number(rows) === 0)
    throw refuse(
      `'${tables.panel.shownPath}' has no row up to ${formatDay(descriptor.knownAt)}`,
      tables.panel.place,
      "Name a table that has rows, or a later 'known_at'.",
    );
  const eventsSum = tables.events === undefined ? "" : await askEventsSum(askViews, own, refuse);
  const attributes: PanelSchema["attributes"][number][] = [];
  for (const attribute of outline.attributes) {
    const column = quoteName(attributeColumn(attribute.name));
    const values =
      attribute.type === "text" ? await askViews(`SELECT DISTINCT ${column} FROM "panel" WHERE ${column} IS NOT NULL ORDER BY 1`) : [];
    attributes.push(attribute.type === "text" ? { ...attribute, values: values.map(([value]) => String(value)) } : attribute);
  }
  const schema = { ...outline, attributes, firstPeriod: Number(first), lastPeriod: Number(last) };
  const { name, title, source } = descriptor;
  const described = { name, title, source, schema };
  const leftOut = all - Number(rows);
  return {
    leftOut,
    digest: digestOfValue({ described, rows: Number(rows), panelSum: String(panelSum), eventsSum }),
    rows: Number(rows),
    shards,
    described,
  };
}

type Refuse = (message: string, place: Place, cure: string) => InputRefused;

/** Gives how many rows there are. */
async function requireFitValues(ask: AskEngine, { tables }: OwnDataset, refuse: Refuse): Promise<number> {
  const [[rows, ...counts] = []] = await ask(unfitValuesInSql(tables, "trino"));
  for (const [index, role] of tables.panel.columns.entries()) {
    const count = Number(counts[index]);
    if (count === 0) continue;
    if (role.kind === "measure")
      throw refuse(
        `${count} values of '${role.column}' have more than ${role.measure.decimals} decimals`,
        role.place,
        "Declare its 'decimals:', or round it in a view.",
      );
    throw refuse(
      `attribute '${role.column}' is empty in ${count} rows`,
      role.place,
      "Describe a table that holds entities, or fill it in a view.",
    );
  }
  return Number(rows);
}

async function askEventsSum(askViews: (sql: string) => Promise<Answer>, { tables }: OwnDataset, refuse: Refuse): Promise<string> {
  const events = present(tables.events, "a table of events");
  const fields = events.fields.map(({ name }) => quoteName(`field ${name}`));
  const columns = ['"entity"', '"kind"', '"id"', '"known_day"', '"points"', ...fields];
  const [[count, different, sum] = []] = await askViews(
    `SELECT count(*), count(DISTINCT ROW("entity", "id")), to_hex(checksum(ROW(${columns.join(", ")}))) FROM "events"`,
  );
  if (Number(count) !== Number(different))
    throw refuse(
      `${Number(count) - Number(different)} events have an id that another of the same entity has`,
      events.id.place,
      "Name a column that tells events apart.",
    );
  return String(sum);
}

/** The first key of every shard but the first, so that each holds as many entities as the next; fewer than shards where entities are fewer. */
export async function askShardStarts(askViews: (sql: string) => Promise<Answer>, shards: number): Promise<readonly string[]> {
  const tiles = `SELECT "entity", ntile(${shards}) OVER (ORDER BY "entity") AS "tile" FROM (SELECT DISTINCT "entity" FROM "panel") AS "entities"`;
  const answer = await askViews(`SELECT min("entity") FROM (${tiles}) AS "tiles" GROUP BY "tile" ORDER BY 1`);
  return answer.slice(1).map(([key]) => String(key));
}
