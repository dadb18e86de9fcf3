/** A panel chunk as column files, and back: `rows`, `entities`, `events` and `outcomes`, one file each a chunk. */
import { join } from "node:path";
import { invariant, lastDayOf, present } from "../foundation/index.ts";
import type { ColumnMemory } from "./column-memory.ts";
import { type DraftChunk, reportedOf } from "./draft-chunk.ts";
import type { FileColumn } from "./file-column.ts";
import { lazily, once } from "./lazily.ts";
import type { EventColumns, OutcomeColumns, PanelChunk } from "./panel.ts";
import { type ColumnFile, readColumnFile } from "./read-column-file.ts";
import { type Attribute, eventFieldNames, type PanelSchema } from "./schema.ts";
import { writeColumnFile } from "./write-column-file.ts";

/** Column names that the files use themselves; a measure or attribute may not be called so. */
export const reservedColumns: readonly string[] = ["entity", "period_end", "reported", "assigned_tier", "first_period", "row_start"];

/** Names that an event's text field may not have: the other columns of the `events` file, and what policies call the rest of an event. */
export const reservedEventFields: readonly string[] = ["entity", "id", "kind", "day", "known", "known_on", "points", "number"];

/** The folders of a frozen dataset that hold column files, one file a chunk in each. */
export const chunkTables = ["rows", "entities", "events", "outcomes"] as const;

/** A chunk as it stands in the column files: `reported` still tells the two kinds of gap apart. */
export interface StoredChunk {
  readonly draft: DraftChunk;
  readonly events: EventColumns;
  readonly outcomes: OutcomeColumns;
}

/** Where a table's file of a chunk stands. */
export function chunkPath(folder: string, table: string, index: number): string {
  return join(folder, table, `${String(index).padStart(6, "0")}.arrow`);
}

/** Writes the four files of a chunk. The folders must exist. `narrow`: measures of which every value, in every chunk, is a whole number of 31 bits. */
export async function writeChunk(
  folder: string,
  schema: PanelSchema,
  index: number,
  chunk: StoredChunk,
  narrow: ReadonlySet<string>,
): Promise<void> {
  const { draft, events, outcomes } = chunk;
  await Promise.all([
    writeColumnFile(chunkPath(folder, "rows", index), draft.rowCount, rowColumns(schema, draft, narrow)),
    writeColumnFile(chunkPath(folder, "entities", index), draft.entities.length, entityColumns(schema, draft)),
    writeColumnFile(chunkPath(folder, "events", index), events.count, eventFileColumns(schema, draft.entities, events)),
    writeColumnFile(chunkPath(folder, "outcomes", index), outcomes.count, outcomeFileColumns(schema, draft.entities, outcomes)),
  ]);
}

/** A chunk on the disk. Each file is read when something of it is asked for first, and kept. */
interface ChunkFiles {
  readonly entities: () => Pick<DraftChunk, "entities" | "firstPeriod" | "rowStart">;
  readonly attributes: () => readonly Float64Array[];
  readonly events: () => EventColumns;
  readonly outcomes: () => OutcomeColumns;
  readonly rows: () => Pick<DraftChunk, "measures" | "reported" | "assignedTier">;
}

/** Opens a chunk of so many rows; by default as many as its file has. */
function openChunkFiles(
  folder: string,
  schema: PanelSchema,
  index: number,
  { size, memory }: { readonly size?: number; readonly memory?: ColumnMemory | undefined } = {},
): ChunkFiles & { readonly rowCount: () => number } {
  const file = (table: (typeof chunkTables)[number]) => once(() => readColumnFile(chunkPath(folder, table, index), memory));
  const [rowFile, entityFile, eventFile, outcomeFile] = [file("rows"), file("entities"), file("events"), file("outcomes")];
  const rowCount = () => size ?? rowFile().rowCount;
  const entities = once(() => {
    const names = entityFile().texts("entity");
    const rowStart = new Int32Array(names.length + 1);
    rowStart.set(entityFile().integers("row_start"));
    rowStart[names.length] = rowCount();
    return { entities: names, firstPeriod: entityFile().integers("first_period"), rowStart };
  });
  const attributes = once(() =>
    schema.attributes.map((attribute) => attributeValues(attribute.scope === "entity" ? entityFile() : rowFile(), attribute)),
  );
  const rows = once(() => {
    const columns = rowFile();
    invariant(columns.rowCount === rowCount(), `chunk ${index} has ${columns.rowCount} rows, not ${rowCount()}`);
    return {
      measures: lazily(schema.measures.map((measure) => () => columns.floats(measure.name))),
      reported: columns.flags("reported"),
      assignedTier: schema.assignedTiers.length === 0 ? new Int32Array(0) : columns.integers("assigned_tier"),
    };
  });
  return {
    rowCount,
    entities,
    attributes,
    rows,
    events: once(() => {
      const facts = eventFile();
      return {
        count: facts.rowCount,
        start: runStarts(entityFile().rowCount, facts.integers("entity")),
        kind: facts.integers("kind"),
        day: facts.integers("day"),
        knownDay: facts.integers("known_on"),
        points: facts.floats("points"),
        id: facts.texts("id"),
        fields: new Map(eventFieldNames(schema).map((name) => [name, facts.texts(name)])),
      };
    }),
    outcomes: once(() => {
      const facts = outcomeFile();
      return {
        count: facts.rowCount,
        start: runStarts(entityFile().rowCount, facts.integers("entity")),
        source: facts.integers("source"),
        day: facts.integers("day"),
        knownDay: facts.integers("known_on"),
        harmful: facts.signs("harmful"),
        probability: facts.floats("probability"),
      };
    }),
  };
}

/** Reads a chunk as it stands in its files. Cost: one read of their bytes; text is decoded for entity keys, event ids and fields only. */
export function readStoredChunk(folder: string, schema: PanelSchema, index: number): StoredChunk {
  const { rowCount, entities, rows, attributes, events, outcomes } = openChunkFiles(folder, schema, index);
  const draft = { ...entities(), ...rows(), attributes: attributes(), rowCount: rowCount() };
  return { draft, events: events(), outcomes: outcomes() };
}

/** Opens a chunk for reading. Cost: one read of the bytes of what is asked for, measure by measure; what is never asked for is never read. */
export function openChunk(
  folder: string,
  schema: PanelSchema,
  index: number,
  size: { readonly entities: number; readonly rows: number },
  memory?: ColumnMemory,
): PanelChunk {
  const files = openChunkFiles(folder, schema, index, { size: size.rows, memory });
  const reported = once(() => reportedOf(files.rows().reported));
  return {
    index,
    entityCount: size.entities,
    rowCount: size.rows,
    get entities() {
      return files.entities().entities;
    },
    get firstPeriod() {
      return files.entities().firstPeriod;
    },
    get rowStart() {
      return files.entities().rowStart;
    },
    get measures() {
      return files.rows().measures;
    },
    get attributes() {
      return files.attributes();
    },
    get reported() {
      return reported();
    },
    get assignedTier() {
      return files.rows().assignedTier;
    },
    get events() {
      return files.events();
    },
    get outcomes() {
      return files.outcomes();
    },
  };
}

/** The columns of the `rows` file, in order. */
function rowColumns(schema: PanelSchema, draft: DraftChunk, narrow: ReadonlySet<string>): FileColumn[] {
  const owners = new Int32Array(draft.rowCount);
  const periodEnd = new Int32Array(draft.rowCount);
  const { grain, firstPeriod, lastPeriod } = schema;
  const ends = Int32Array.from({ length: lastPeriod - firstPeriod + 1 }, (_, offset) => lastDayOf(grain, firstPeriod + offset));
  for (let entity = 0; entity < draft.entities.length; entity++) {
    const start = draft.rowStart[entity] as number;
    const end = draft.rowStart[entity + 1] as number;
    const first = (draft.firstPeriod[entity] as number) - firstPeriod;
    owners.fill(entity, start, end);
    periodEnd.set(ends.subarray(first, first + end - start), start);
  }
  const columns: FileColumn[] = [
    { kind: "coded", name: "entity", codes: owners, values: draft.entities },
    { kind: "day", name: "period_end", values: periodEnd },
    { kind: "flag", name: "reported", values: draft.reported },
  ];
  if (schema.assignedTiers.length > 0) {
    columns.push({ kind: "coded", name: "assigned_tier", codes: draft.assignedTier, values: schema.assignedTiers });
  }
  for (const [index, measure] of schema.measures.entries()) {
    const metadata = { kind: measure.kind, unit: measure.unit, decimals: String(measure.decimals), title: measure.title };
    const values = present(draft.measures[index], measure.name);
    columns.push(
      narrow.has(measure.name)
        ? { kind: "integer", name: measure.name, values: wholeNumbers(values), metadata }
        : { kind: "float", name: measure.name, values, metadata, isComplete: measure.kind === "flow" },
    );
  }
  return [...columns, ...attributeColumns(schema, draft, "row")];
}

/** The same numbers in half the bytes. */
function wholeNumbers(values: Float64Array): Int32Array {
  const numbers = new Int32Array(values.length);
  let others = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    const number = value | 0;
    numbers[row] = number;
    others |= number === value ? 0 : 1;
  }
  invariant(others === 0, "a count goes beyond 31 bits");
  return numbers;
}

/** The columns of the `entities` file, in order. */
export function entityColumns(schema: PanelSchema, draft: DraftChunk): FileColumn[] {
  return [
    { kind: "text", name: "entity", values: draft.entities },
    { kind: "integer", name: "first_period", values: draft.firstPeriod },
    { kind: "integer", name: "row_start", values: draft.rowStart.subarray(0, draft.entities.length) },
    ...attributeColumns(schema, draft, "entity"),
  ];
}

/** The columns of the `events` file, in order: one for each field that any kind carries, in the order of their names, comes last. */
export function eventFileColumns(schema: PanelSchema, entities: readonly string[], events: EventColumns): FileColumn[] {
  return [
    { kind: "coded", name: "entity", codes: ownersOf(events.start), values: entities },
    { kind: "coded", name: "kind", codes: events.kind, values: schema.events.map((kind) => kind.name) },
    { kind: "day", name: "day", values: events.day },
    { kind: "day", name: "known_on", values: events.knownDay },
    { kind: "float", name: "points", values: events.points },
    { kind: "text", name: "id", values: events.id },
    ...[...events.fields].map(([name, values]): FileColumn => ({ kind: "text", name, values })),
  ];
}

/** The columns of the `outcomes` file, in order. */
export function outcomeFileColumns(schema: PanelSchema, entities: readonly string[], outcomes: OutcomeColumns): FileColumn[] {
  return [
    { kind: "coded", name: "entity", codes: ownersOf(outcomes.start), values: entities },
    { kind: "coded", name: "source", codes: outcomes.source, values: schema.outcomes.map((source) => source.name) },
    { kind: "day", name: "day", values: outcomes.day },
    { kind: "day", name: "known_on", values: outcomes.knownDay },
    { kind: "sign", name: "harmful", values: outcomes.harmful },
    { kind: "float", name: "probability", values: outcomes.probability },
  ];
}

/** No day that a file can hold: the code of a missing `day` attribute. */
const noDay = -2_147_483_648;

function attributeColumns(schema: PanelSchema, draft: DraftChunk, scope: Attribute["scope"]): FileColumn[] {
  const columns: FileColumn[] = [];
  for (const [index, attribute] of schema.attributes.entries()) {
    if (attribute.scope !== scope) continue;
    const values = present(draft.attributes[index], attribute.name);
    if (attribute.type === "text") {
      columns.push({ kind: "coded", name: attribute.name, codes: new Int32Array(values), values: attribute.values ?? [] });
    } else if (attribute.type === "day") {
      const days = Int32Array.from(values, (value) => (Number.isNaN(value) ? noDay : value));
      columns.push({ kind: "day", name: attribute.name, values: days, missing: noDay });
    } else columns.push({ kind: "float", name: attribute.name, values });
  }
  return columns;
}

function attributeValues(file: ColumnFile, attribute: Attribute): Float64Array {
  if (attribute.type === "number") return file.floats(attribute.name);
  const codes = new Float64Array(file.integers(attribute.name));
  if (attribute.type === "day") for (let i = 0; i < codes.length; i++) if (codes[i] === noDay) codes[i] = Number.NaN;
  return codes;
}

function ownersOf(start: Int32Array): Int32Array {
  const owners = new Int32Array(start.at(-1) ?? 0);
  for (let entity = 0; entity + 1 < start.length; entity++) owners.fill(entity, start[entity], start[entity + 1]);
  return owners;
}

function runStarts(count: number, owners: Int32Array): Int32Array {
  const start = new Int32Array(count + 1);
  for (const owner of owners) {
    invariant(owner >= 0 && owner < count, "a fact belongs to no entity of its chunk");
    start[owner + 1] = (start[owner + 1] as number) + 1;
  }
  for (let i = 0; i < count; i++) start[i + 1] = (start[i + 1] as number) + (start[i] as number);
  return start;
}
