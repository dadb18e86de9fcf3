/** A history in a warehouse's own tables: a descriptor, as for an import, says what their columns mean, and no view is needed. */

import type { DatasetDescriptor, NamedColumn, SourceFile } from "../../data/datasets/index.ts";
import { quoteName } from "../../data/engines/index.ts";
import {
  type Diagnostic,
  diagnose,
  digestOfValue,
  firstHalf,
  formatDay,
  formatPeriod,
  hasErrors,
  InputRefused,
  type Place,
  present,
} from "../../data/foundation/index.ts";
import { byCodeUnits, eventFieldNames, type PanelSchema } from "../../data/panel/index.ts";
import {
  absencesIn,
  attributeColumn,
  type Delivered,
  deliveriesInSql,
  eventFieldColumn,
  type OwnTables,
  outcomeTableColumns,
  ownChecksInSql,
  ownTablesInSql,
  ownTablesOf,
  panelTableColumns,
  tableNames,
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
  const { datedTables, partedTables, readDescriptor } = await import("../../data/datasets/index.ts");
  const { descriptor, diagnostics } = readDescriptor(path, "tables");
  const faults = descriptor === undefined ? diagnostics : [...diagnostics, ...notReadFromTables(descriptor)];
  if (descriptor === undefined || hasErrors(faults)) throw new InputRefused(faults);
  const { files } = descriptor;
  const entities = partedTables(files.filter((file) => file.holds === "entities"));
  return { descriptor, tables: ownTablesOf(descriptor, { histories: datedTables(files), entities }) };
}

/** What a descriptor of files may say, and one of tables not. */
function notReadFromTables({ files, knownTruth, setAside }: DatasetDescriptor): readonly Diagnostic[] {
  const refuse = (message: string, place: Place | undefined, cure: string) =>
    diagnose("conflicting-keys", place === undefined ? { message, cure } : { message, place, cure });
  const faults = files
    .filter(({ holds }) => holds === "rates")
    .map(({ shownPath, place }) =>
      refuse(
        `'${shownPath}' holds rates, and no policy that reads amounts in another currency is replayed where its rows lie`,
        place,
        "Leave it out, or import the history from files.",
      ),
    );
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
  if (file.holds === "panel") return [...common, ...needed("date", file.date, file.known)];
  if (file.holds === "snapshots") return [...common, ...needed("date", file.date), ...needed("text", file.feed)];
  if (file.holds === "outcomes")
    return [
      ...common,
      ...needed("date", file.date, file.known),
      ...needed("text", file.source, file.outcome),
      ...needed("number", file.probability),
    ];
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

/** A statement over `panel`, `events` and `outcomes`, told to where the tables lie. */
export function overOwnTables({ tables }: OwnDataset, ask: AskEngine): (sql: string) => Promise<Answer> {
  const before = ownTablesInSql(tables, "trino");
  return (sql) => ask({ sql: `${before.sql}${sql}`, parameters: before.parameters });
}

/** What lies there. The digest is taken of the content: rows that change make another dataset. @throws InputRefused `engine-unfit`. */
export async function askOwnDataset(ask: AskEngine, own: OwnDataset, shards: number): Promise<LaidDataset> {
  const { outlineOf } = await import("../../data/datasets/index.ts");
  const { descriptor } = own;
  const outline = outlineOf(descriptor);
  const leftOut = await requireFitRows(ask, own);
  const { from: firstPeriod, to: lastPeriod, empty, absences } = await askDelivered(ask, own);
  if (outline.completeTo !== undefined && outline.completeTo < firstPeriod)
    throw refuse(
      `no period is complete up to then: the first ends on ${formatPeriod(outline.grain, firstPeriod)}`,
      present(descriptor.completeTo, "a day").place,
      "Write a later day, or leave 'complete_to' out.",
    );
  const settled = { descriptor, tables: { ...own.tables, absences } };
  const askViews = overOwnTables(settled, ask);
  const columns = panelTableColumns({ ...outline, firstPeriod, lastPeriod }).map(({ name }) => quoteName(name));
  const [[count, panelSum, gaps, absent, entities] = []] = await askViews(
    `SELECT count(*), to_hex(checksum(ROW(${columns.join(", ")}))), count(CASE WHEN "reported" <> 1 THEN 1 END), count(CASE WHEN "reported" = 2 THEN 1 END),
    count(DISTINCT CASE WHEN "reported" <> 1 THEN "entity" END) FROM "panel"`,
  );
  const rows = Number(count);
  const eventsSum = descriptor.files.some(({ holds }) => holds === "events") ? await askEventsSum(askViews, settled) : "";
  const outcomesSum = settled.tables.outcomes.length === 0 ? {} : { outcomesSum: await askOutcomesSum(askViews) };
  const attributes = await askValues(askViews, outline.attributes);
  const schema = { ...outline, attributes, firstPeriod, lastPeriod };
  const { name, title, source } = descriptor;
  const described = { name, title, source, schema };
  return {
    digest: digestOfValue({ described, rows, panelSum: String(panelSum), eventsSum, ...outcomesSum }),
    rows,
    shards,
    described,
    own: {
      absences,
      leftOut,
      gaps: {
        rows: Number(gaps),
        rowShare: rows === 0 ? 0 : Number(gaps) / rows,
        entities: Number(entities),
        sourceAbsentRows: Number(absent),
        emptyPeriods: empty.map((period) => formatPeriod(outline.grain, period)),
      },
    },
  };
}

/** The text attributes with the values that they take. */
async function askValues(
  askViews: (sql: string) => Promise<Answer>,
  attributes: PanelSchema["attributes"],
): Promise<PanelSchema["attributes"]> {
  const texts = attributes.filter(({ type }) => type === "text");
  if (texts.length === 0) return attributes;
  const positions = texts.map((_, at) => `(${at})`).join(", ");
  const value = `CASE "at" ${texts.map(({ name }, at) => `WHEN ${at} THEN ${quoteName(attributeColumn(name))}`).join(" ")} END`;
  const found = await askViews(`SELECT DISTINCT "at", ${value} FROM "panel" CROSS JOIN (VALUES ${positions}) AS "texts" ("at")`);
  return attributes.map((attribute) => {
    const at = texts.indexOf(attribute);
    if (at < 0) return attribute;
    const values = found.flatMap(([of, text]) => (Number(of) === at && text !== null ? [String(text)] : []));
    return { ...attribute, values: values.sort(byCodeUnits) };
  });
}

function refuse(message: string, place: Place, cure: string): InputRefused {
  return new InputRefused([diagnose("engine-unfit", { message, place, cure })]);
}

/** Gives how many rows are of later than what was known. */
async function requireFitRows(ask: AskEngine, { tables }: OwnDataset): Promise<number> {
  const { statement, checks } = ownChecksInSql(tables, "trino");
  const answer = (await ask(statement)).toSorted(([a], [b]) => Number(a) - Number(b));
  let leftOut = 0;
  const faults = checks.flatMap((of, position) => {
    const [, later, ...counts] = present(answer[position], "a row of counts");
    leftOut += Number(later);
    return of.flatMap(({ place, says, cure }, index) => {
      const count = Number(counts[index]);
      return count === 0 ? [] : [diagnose("engine-unfit", { message: says(count), place, cure })];
    });
  });
  if (faults.length > 0) throw new InputRefused(faults);
  return leftOut;
}

async function askDelivered(ask: AskEngine, { descriptor, tables }: OwnDataset): Promise<Delivered> {
  const deliveries: { readonly period: number; readonly feed: string }[][] = tables.histories.map(() => []);
  for (const [history, period, feed] of await ask(deliveriesInSql(tables, "trino")))
    deliveries[Number(history)]?.push({ period: Number(period), feed: String(feed) });
  const [{ place, shownPath }] = present(tables.histories[0], "a history").files as readonly [SourceFile];
  const delivered = absencesIn(deliveries);
  if (delivered === undefined)
    throw refuse(
      `'${shownPath}' has no row up to ${formatDay(descriptor.knownAt)}`,
      place,
      "Name a table that has rows, or a later 'known_at'.",
    );
  const { partedBy } = delivered;
  if (partedBy === undefined) return delivered;
  const feed = tables.histories[partedBy]?.files.map((file): NamedColumn | undefined =>
    file.holds === "snapshots" ? file.feed : undefined,
  );
  const named = present(
    feed?.find((each) => each !== undefined),
    "a feed",
  );
  throw refuse(
    `a feed of '${named.column}' or a table delivered nothing in some periods, and who stays meanwhile is not followed feed by feed where rows lie`,
    named.place,
    "Leave 'source' out: then the table is one feed. Or import the history from files.",
  );
}

async function askOutcomesSum(askViews: (sql: string) => Promise<Answer>): Promise<string> {
  const columns = outcomeTableColumns.map(({ name }) => quoteName(name)).filter((name) => name !== '"position"');
  const [[sum] = []] = await askViews(`SELECT to_hex(checksum(ROW(${columns.join(", ")}))) FROM "outcomes"`);
  return String(sum);
}

async function askEventsSum(askViews: (sql: string) => Promise<Answer>, { tables }: OwnDataset): Promise<string> {
  const first = present(tables.events[0], "a table of events");
  const names = eventFieldNames({ events: tables.events.flatMap(({ kinds }) => kinds) });
  const columns = ['"entity"', '"kind"', '"id"', '"known_day"', '"points"', ...names.map((name) => quoteName(eventFieldColumn(name)))];
  const [[count, different, sum] = []] = await askViews(
    `SELECT count(*), count(DISTINCT ROW("entity", "id")), to_hex(checksum(ROW(${columns.join(", ")}))) FROM "events"`,
  );
  if (Number(count) !== Number(different))
    throw refuse(
      `${Number(count) - Number(different)} events have an id that another of the same entity has`,
      first.id.place,
      "Name a column that tells events apart.",
    );
  return String(sum);
}

/**
 * The first key of every shard but the first, so that each holds about as many entities as the next; fewer than shards where entities are fewer.
 * Engines order keys by code points and panels by code units: a key whose place is the same in both can begin a shard, others cannot.
 */
export async function askShardStarts(askViews: (sql: string) => Promise<Answer>, shards: number): Promise<readonly string[]> {
  const tiles = `SELECT "entity", ntile(${shards}) OVER (ORDER BY "entity") AS "tile" FROM (SELECT DISTINCT "entity" FROM "panel") AS "entities"`;
  const answer = await askViews(`SELECT min("entity") FROM (${tiles}) AS "tiles" GROUP BY "tile" ORDER BY 1`);
  return answer
    .slice(1)
    .map(([key]) => String(key))
    .filter((key) => Array.from({ length: key.length }, (_, at) => key.charCodeAt(at)).every((unit) => unit < firstHalf));
}
