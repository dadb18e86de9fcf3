/** Writes the chosen rows to their places: typed columns of a run of entities, gaps filled, levels carried. */

import { type DuckDb, quoteName } from "../engines/index.ts";
import { invariant, present } from "../foundation/index.ts";
import { type Attribute, type DraftChunk, draftChunk, type PanelSchema, settleChunk } from "../panel/index.ts";
import type { CheckedFile } from "./check-files.ts";
import type { DatedFile } from "./compare-rows.ts";
import type { ColumnRole } from "./descriptor.ts";
import type { PanelLayout } from "./lay-out.ts";
import { blockRows } from "./plain/parse-rows.ts";
import type { PlainFile, PlainPanel } from "./plain/plain-panel.ts";
import { cellIndex } from "./row-checks.ts";

/** Two rows of plain panel files belong in one place: duplicates that a thorough comparison must find. */
export class DuplicateRows extends Error {}

/** Entities from `from` to `to` - 1, and what fills them. */
export interface FillRequest {
  readonly db: DuckDb;
  readonly schema: PanelSchema;
  readonly layout: PanelLayout;
  readonly dated: readonly DatedFile[];
  readonly plain?: PlainPanel;
  readonly entityFiles: readonly CheckedFile[];
  readonly from: number;
  readonly to: number;
  /** Where the measures go. */
  readonly room: SharedArrayBuffer;
}

/** The rows of a run of entities, settled. Throws DuplicateRows. Cost: one scan of the staged tables, one write a value. */
export async function fillRows(request: FillRequest): Promise<DraftChunk> {
  const { schema, layout, plain, from, to } = request;
  const draft = draftChunk(
    schema,
    {
      entities: layout.entities.slice(from, to),
      firstPeriod: layout.firstPeriod.subarray(from, to),
      lastPeriod: layout.lastPeriod.subarray(from, to),
    },
    request.room,
  );
  const groupCount = Math.max(0, ...[...request.dated, ...(plain?.files ?? [])].map((file) => file.group + 1));
  const seen = Array.from({ length: groupCount }, () => new Uint8Array(draft.rowCount));
  for (const file of request.dated) await fillDated(request, file, draft, present(seen[file.group], "group"));
  for (const file of plain?.files ?? []) fillPlain(request, file, draft, present(seen[file.group], "group"));
  for (const file of request.entityFiles) await fillEntities(request, file, draft);
  markAbsences(layout, draft, from);
  settleChunk(schema, draft);
  return draft;
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

/** Where a described column is written, and by how much its value is multiplied and then made whole; as it is without `scale`. */
interface Target {
  readonly values: Float64Array | Int32Array;
  readonly scale?: number;
  readonly missing: number;
}

function targetOf(schema: PanelSchema, draft: DraftChunk, column: ColumnRole): Target {
  if (column.kind === "assigned_tier") return { values: draft.assignedTier, missing: -1 };
  if (column.kind === "attribute") {
    const index = schema.attributes.findIndex((attribute) => attribute.name === column.name);
    return {
      values: present(draft.attributes[index], column.name),
      missing: missingCode(present(schema.attributes[index], column.name)),
    };
  }
  const index = schema.measures.findIndex((measure) => measure.name === column.measure.name);
  const isFlow = column.measure.kind === "flow";
  return {
    values: present(draft.measures[index], column.measure.name),
    scale: 10 ** column.measure.decimals,
    missing: isFlow ? 0 : Number.NaN,
  };
}

async function fillDated({ db, schema, from, to }: FillRequest, file: DatedFile, draft: DraftChunk, seen: Uint8Array): Promise<void> {
  const columns = file.file.columns;
  const targets = columns.map((column) => targetOf(schema, draft, column));
  const selected = ["e.code", "p.period", ...columns.map((column) => numberSql(file, column))];
  const slots = new Int32Array(65_536);
  const sql = `SELECT ${selected.join(", ")} FROM ${file.chosen} p JOIN entity e ON p.key = e.key${rangeFilter(from, to)}`;
  await db.stream(sql, ({ rowCount, numbers }) => {
    invariant(rowCount <= slots.length, "a batch is larger than expected");
    const [codes, periods] = [numbers(0, -1), numbers(1, 0)];
    for (let i = 0; i < rowCount; i++) {
      const entity = (codes[i] as number) - from;
      const slot = (draft.rowStart[entity] as number) + (periods[i] as number) - (draft.firstPeriod[entity] as number);
      if (seen[slot] === 1) throw new DuplicateRows();
      seen[slot] = 1;
      draft.reported[slot] = 1;
      slots[i] = slot;
    }
    for (let column = 0; column < targets.length; column++) {
      const { values, scale, missing } = targets[column] as Target;
      const cells = numbers(column + 2, Number.NaN);
      for (let i = 0; i < rowCount; i++) {
        const value = cells[i] as number;
        values[slots[i] as number] = Number.isNaN(value) ? missing : (scale === undefined ? value : Math.round(value * scale)) + 0;
      }
    }
  });
}

/** The rows of a plain file. Where they stand in the panel's order already, they are copied as they are. */
function fillPlain(
  { schema, from, to }: FillRequest,
  { file, blocks, places, texts }: PlainFile,
  draft: DraftChunk,
  seen: Uint8Array,
): void {
  const targets = file.columns.map((column) => targetOf(schema, draft, column));
  const codes = file.columns.map((column, index) => texts[index]?.map((words) => codesOf(schema, column, words)));
  const slots = new Int32Array(blockRows);
  blocks.scan(places, from, to, ({ rows, keys, periods, values }, parser) => {
    const placeOf = places[parser] as Int32Array;
    let isInOrder = true;
    for (let row = 0; row < rows; row++) {
      const entity = (placeOf[keys[row] as number] as number) - from;
      if (entity < 0 || entity >= to - from) {
        slots[row] = -1;
        isInOrder = false;
        continue;
      }
      const slot = (draft.rowStart[entity] as number) + (periods[row] as number) - (draft.firstPeriod[entity] as number);
      if (seen[slot] === 1) throw new DuplicateRows();
      seen[slot] = 1;
      draft.reported[slot] = 1;
      slots[row] = slot;
      isInOrder &&= slot === (slots[0] as number) + row;
    }
    for (const [column, target] of targets.entries()) {
      const cells = present(values[column], "column");
      const code = codes[column]?.[parser];
      if (code === undefined && isInOrder) target.values.set(cells.subarray(0, rows), slots[0]);
      else if (code === undefined) {
        for (let row = 0; row < rows; row++) if ((slots[row] as number) >= 0) target.values[slots[row] as number] = cells[row] as number;
      } else {
        for (let row = 0; row < rows; row++) {
          const word = cells[row] as number;
          if ((slots[row] as number) >= 0)
            target.values[slots[row] as number] = Number.isNaN(word) ? target.missing : (code[word] as number);
        }
      }
    }
  });
}

/** A parser's own codes of words as the panel's; -1 where the word is empty. */
function codesOf(schema: PanelSchema, column: ColumnRole, words: readonly string[]): Int32Array {
  const attribute = column.kind === "attribute" ? schema.attributes.find((each) => each.name === column.name) : undefined;
  const codes = new Map((attribute?.values ?? schema.assignedTiers).map((word, code) => [word, code]));
  return Int32Array.from(words, (word) => codes.get(word) ?? -1);
}

async function fillEntities({ db, schema, from, to }: FillRequest, file: CheckedFile, draft: DraftChunk): Promise<void> {
  const columns = file.file.columns;
  const targets = columns.map((column) => targetOf(schema, draft, column));
  const selected = ["e.code", ...columns.map((column) => numberSql(file, column))];
  await db.stream(
    `SELECT ${selected.join(", ")} FROM ${file.good} p JOIN entity e ON p.key = e.key${rangeFilter(from, to)}`,
    ({ rowCount, numbers }) => {
      const codes = numbers(0, -1);
      for (const [column, { values, missing }] of targets.entries()) {
        const cells = numbers(column + 1, Number.NaN);
        for (let i = 0; i < rowCount; i++) {
          const value = cells[i] as number;
          values[(codes[i] as number) - from] = Number.isNaN(value) ? missing : value + 0;
        }
      }
    },
  );
}

/** The clause that keeps entities from `from` to `to` - 1. */
export function rangeFilter(from: number, to: number): string {
  return ` WHERE e.code >= ${from} AND e.code < ${to}`;
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
