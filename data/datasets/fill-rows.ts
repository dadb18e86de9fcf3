/** Writes the rows to their places: typed columns of a run of entities, gaps filled, levels carried. */

import { type DuckDb, quoteName } from "../engines/index.ts";
import { present } from "../foundation/index.ts";
import { type Attribute, type DraftChunk, draftChunk, type PanelSchema, settleChunk } from "../panel/index.ts";
import type { CheckedFile } from "./check-files.ts";
import type { ColumnRole } from "./descriptor.ts";
import type { PanelLayout } from "./lay-out.ts";
import { NumberBuffer } from "./number-buffer.ts";
import { cellIndex } from "./row-checks.ts";
import type { RowSource } from "./row-source.ts";

/** Two rows belong in one place: duplicates that a thorough comparison must find. */
export class DuplicateRows extends Error {}

/** Entities from `from` to `to` - 1, and what fills them. */
export interface FillRequest {
  readonly db: DuckDb;
  readonly schema: PanelSchema;
  readonly layout: PanelLayout;
  readonly sources: readonly RowSource[];
  /** Files of fixed attributes, in the order of entities by now. */
  readonly entityFiles: readonly CheckedFile[];
  readonly from: number;
  readonly to: number;
  /** Where the measures go. */
  readonly room: SharedArrayBuffer;
}

/** Rows of a run of entities. */
export interface FilledRows {
  readonly draft: DraftChunk;
  /** Snapshots that the rule did not pick. */
  readonly passedOver: number;
}

/** The rows of a run of entities, settled. Throws DuplicateRows. Cost: one scan of their rows, one write a value. */
export async function fillRows(request: FillRequest): Promise<FilledRows> {
  const { schema, layout, sources, from, to } = request;
  const draft = draftChunk(
    schema,
    {
      entities: layout.entities.slice(from, to),
      firstPeriod: layout.firstPeriod.subarray(from, to),
      lastPeriod: layout.lastPeriod.subarray(from, to),
    },
    request.room,
  );
  const groupCount = Math.max(0, ...sources.map(({ group }) => group + 1));
  const groups = Array.from({ length: groupCount }, (_, group) => {
    const choice = sources.find((source) => source.group === group)?.choice;
    return choice === undefined ? new SingleRows(draft.rowCount) : new ChosenRows(draft.rowCount, choice === "first");
  });
  for (const source of sources) fillFrom(source, request, draft, present(groups[source.group], "group"));
  for (const group of groups) group.settle();
  for (const file of request.entityFiles) await fillEntities(request, file, draft);
  markAbsences(layout, draft, from);
  settleChunk(schema, draft);
  const snapshots = new Set(sources.filter(({ file }) => file.holds === "snapshots").map(({ group }) => group));
  return { draft, passedOver: groups.reduce((sum, { passedOver }, group) => sum + (snapshots.has(group) ? passedOver : 0), 0) };
}

/** The name of the SQL type that turns an attribute's text into its code. */
export function valuesType(attribute: string): string {
  return quoteName(`values of ${attribute}`);
}

/** The name of the SQL type that turns an assigned tier into its code. */
export const tiersType = quoteName("assigned tiers");

/** A described column as a number in SQL: the value, or a code; null when missing. A measure without `type` is as it was staged: INTEGER or DOUBLE. */
export function numberSql(checked: CheckedFile, column: ColumnRole, type?: "DOUBLE" | "INTEGER"): string {
  const cell = `p.v${cellIndex(checked.file, column)}`;
  if (column.kind === "assigned_tier") return `CAST(enum_code(CAST(${cell} AS ${tiersType})) AS ${type ?? "INTEGER"})`;
  if (column.kind === "attribute" && column.type === "text")
    return `CAST(enum_code(CAST(${cell} AS ${valuesType(column.name)})) AS ${type ?? "INTEGER"})`;
  return type === undefined ? cell : `CAST(${cell} AS ${type})`;
}

/** By how much the cells of a column are multiplied, and then made whole; undefined: they stay as they are. */
export function scaleOf(column: ColumnRole): number | undefined {
  return column.kind === "measure" ? 10 ** column.measure.decimals : undefined;
}

/** What stands for an empty cell. */
export function missingCell(schema: PanelSchema, column: ColumnRole): number {
  if (column.kind === "assigned_tier") return -1;
  if (column.kind === "measure") return column.measure.kind === "flow" ? 0 : Number.NaN;
  return missingCode(
    present(
      schema.attributes.find(({ name }) => name === column.name),
      column.name,
    ),
  );
}

/** Where a described column is written. */
function targetOf(schema: PanelSchema, draft: DraftChunk, column: ColumnRole): Float64Array | Int32Array {
  if (column.kind === "assigned_tier") return draft.assignedTier;
  if (column.kind === "measure") {
    const index = schema.measures.findIndex((measure) => measure.name === column.measure.name);
    return present(draft.measures[index], column.measure.name);
  }
  const index = schema.attributes.findIndex((attribute) => attribute.name === column.name);
  return present(draft.attributes[index], column.name);
}

/** Which places of a group of files have a row: one at most. */
class SingleRows {
  readonly #taken: Uint8Array;
  readonly passedOver: number = 0;

  constructor(rowCount: number) {
    this.#taken = new Uint8Array(rowCount);
  }

  /** Whether the row stands in that place. Throws DuplicateRows when there is one already. */
  takes(slot: number, _known: number): boolean {
    if (this.#taken[slot] === 1) throw new DuplicateRows();
    this.#taken[slot] = 1;
    return true;
  }

  settle(): void {}
}

/** Which row stands in each place of a group of files: the one that was known last, or first. Two of one day are duplicates. */
class ChosenRows {
  readonly #known: Int32Array;
  readonly #isFirst: boolean;
  /** Rows that were not chosen, each as one number: its place and its day. */
  readonly #others = new NumberBuffer();
  #passedOver = 0;

  constructor(rowCount: number, isFirst: boolean) {
    this.#known = new Int32Array(rowCount).fill(noDay);
    this.#isFirst = isFirst;
  }

  get passedOver(): number {
    return this.#passedOver;
  }

  /** Whether the row stands in that place, in place of the one before. Throws DuplicateRows when that was known on the same day. */
  takes(slot: number, known: number): boolean {
    const held = this.#known[slot] as number;
    if (held === known) throw new DuplicateRows();
    if (held === noDay) {
      this.#known[slot] = known;
      return true;
    }
    const isBetter = known < held === this.#isFirst;
    this.#passedOver++;
    this.#others.push(slot * daysApart + (isBetter ? held : known));
    if (isBetter) this.#known[slot] = known;
    return isBetter;
  }

  /** Throws DuplicateRows when two that were not chosen stand for one place and day. */
  settle(): void {
    const others = this.#others.finish().sort();
    for (let i = 1; i < others.length; i++) if (others[i] === others[i - 1]) throw new DuplicateRows();
  }
}

const noDay = -2_147_483_648;
/** More than there are days on which a row can be known. */
export const daysApart = 262_144;

/** Where rows stand in the panel's order already, they are copied as they are. */
function fillFrom(source: RowSource, { schema, from, to }: FillRequest, draft: DraftChunk, group: SingleRows | ChosenRows): void {
  const targets = source.file.columns.map((column) => targetOf(schema, draft, column));
  const missing = source.file.columns.map((column) => missingCell(schema, column));
  const entityCount = to - from;
  let slots = new Int32Array(0);
  source.scan(from, to, ({ block: { rows, keys, periods, known, values }, places, codes }) => {
    if (slots.length < rows) slots = new Int32Array(rows);
    const isDated = known.length > 0;
    let isInOrder = true;
    for (let row = 0; row < rows; row++) {
      const key = keys[row] as number;
      const entity = (places === undefined ? key : (places[key] as number)) - from;
      slots[row] = -1;
      if (entity >= 0 && entity < entityCount) {
        const slot = (draft.rowStart[entity] as number) + (periods[row] as number) - (draft.firstPeriod[entity] as number);
        if (group.takes(slot, isDated ? (known[row] as number) : 0)) slots[row] = slot;
        draft.reported[slot] = 1;
      }
      isInOrder &&= (slots[row] as number) >= 0 && slots[row] === (slots[0] as number) + row;
    }
    for (const [column, target] of targets.entries()) {
      const cells = present(values[column], "column");
      const code = codes[column];
      if (code === undefined && isInOrder) target.set(cells.subarray(0, rows), slots[0]);
      else if (code === undefined) {
        for (let row = 0; row < rows; row++) if ((slots[row] as number) >= 0) target[slots[row] as number] = cells[row] as number;
      } else {
        for (let row = 0; row < rows; row++) {
          const word = cells[row] as number;
          if ((slots[row] as number) >= 0)
            target[slots[row] as number] = Number.isNaN(word) ? (missing[column] as number) : (code[word] as number);
        }
      }
    }
  });
}

/** Puts the fixed attributes into the order of entities, so that a run of them is read at the cost of its own rows. */
export async function orderEntities(db: DuckDb, files: readonly CheckedFile[]): Promise<void> {
  for (const file of files) {
    const cells = file.file.columns.map((column, index) => `${numberSql(file, column)} AS c${index}`);
    const described = `SELECT ${["e.code", ...cells].join(", ")} FROM ${file.good} p JOIN entity e ON p.key = e.key ORDER BY e.code`;
    await db.run(`CREATE OR REPLACE TABLE ${describedTable(file)} AS ${described}`);
  }
}

function describedTable({ staged }: CheckedFile): string {
  return `${staged.table}_described`;
}

async function fillEntities({ db, schema, from, to }: FillRequest, file: CheckedFile, draft: DraftChunk): Promise<void> {
  const columns = file.file.columns.map((column) => ({ target: targetOf(schema, draft, column), missing: missingCell(schema, column) }));
  await db.stream(`SELECT * FROM ${describedTable(file)}${rangeFilter(from, to)}`, ({ rowCount, numbers }) => {
    const codes = numbers(0, -1);
    for (const [column, { target, missing }] of columns.entries()) {
      const cells = numbers(column + 1, missing);
      for (let i = 0; i < rowCount; i++) target[(codes[i] as number) - from] = (cells[i] as number) + 0;
    }
  });
}

/** The clause that keeps entities from `from` to `to` - 1. */
export function rangeFilter(from: number, to: number): string {
  return ` WHERE code >= ${from} AND code < ${to}`;
}

function markAbsences({ sourceSet, absent, from: panelFrom }: PanelLayout, draft: DraftChunk, from: number): void {
  if (absent.length === 0) return;
  for (let entity = 0; entity < draft.entities.length; entity++) {
    const gone = absent[sourceSet[from + entity] as number];
    if (gone === undefined) continue;
    const start = draft.rowStart[entity] as number;
    const offset = (draft.firstPeriod[entity] as number) - panelFrom - start;
    for (let row = start; row < (draft.rowStart[entity + 1] as number); row++)
      if (draft.reported[row] === 0 && gone[row + offset] === 1) draft.reported[row] = 2;
  }
}

function missingCode(attribute: Attribute): number {
  return attribute.type === "text" ? -1 : Number.NaN;
}
