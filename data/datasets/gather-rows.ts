/** Takes the good rows out of DuckDB, once and in whatever order they come, and parts them by the chunk in which they will stand. */
import type { ColumnBatch, DuckDb } from "../engines/index.ts";
import { present } from "../foundation/index.ts";
import type { PanelSchema } from "../panel/index.ts";
import { BlockStore, type KeptBlock, type MemoryRoom } from "./block-store.ts";
import type { DatedFile } from "./compare-rows.ts";
import type { ColumnRole } from "./descriptor.ts";
import { missingCell, numberSql, scaleOf } from "./fill-rows.ts";
import type { PanelLayout } from "./lay-out.ts";
import { isCount } from "./plain/plain-form.ts";
import { type BlockShape, type RowBlock, rowBlock, rowBytesOf, type ValueWidth } from "./row-block.ts";
import type { RowSource } from "./row-source.ts";

/** What is gathered, and what memory it may take. */
export interface GatherRequest {
  readonly db: DuckDb;
  readonly schema: PanelSchema;
  readonly layout: PanelLayout;
  readonly dated: readonly DatedFile[];
  /** Whether the days matter on which rows were known, also of files in which there is one row only of each entity and period. */
  readonly hasVersions: boolean;
  /** Bytes of the rows that wait, for all chunks, until there are enough of them to be put away. */
  readonly waitingBytes: number;
  /** What rows that are put away may take in memory; beyond it they go to the folder. */
  readonly room: MemoryRoom;
  readonly workFolder: string;
}

/** The rows of a file, parted by chunk. Close it. */
export interface GatheredRows extends RowSource {
  readonly close: () => void;
}

/** Gathers the rows of all files, in their order. The table `entity` and the types of codes must stand. Cost: one scan of each file's good rows. */
export async function gatherRows(request: GatherRequest): Promise<GatheredRows[]> {
  const gathered: GatheredRows[] = [];
  try {
    for (const file of request.dated) gathered.push(await gatherFile(request, file));
    return gathered;
  } catch (error) {
    for (const each of gathered) each.close();
    throw error;
  }
}

async function gatherFile(request: GatherRequest, dated: DatedFile): Promise<GatheredRows> {
  const { db, schema, layout, hasVersions, waitingBytes, room, workFolder } = request;
  const { columns } = dated.file;
  const isDated = hasVersions || dated.choice !== undefined;
  const known = isDated ? [`CAST(${dated.known} AS INTEGER)`] : [];
  const selected = ["e.code", "p.period", ...known, ...columns.map((column) => numberSql(dated, column))];
  const sql = `SELECT ${selected.join(", ")} FROM ${dated.good} p JOIN entity e ON p.key = e.key`;
  const types = (await db.describe(sql)).slice(selected.length - columns.length);
  const widths = columns.map((column, index) => widthOf(column, present(types[index], "column").type));
  const shape = shapeOf({ widths, isDated }, layout.chunkStart.length - 1, waitingBytes);
  const isCounted = columns.map((column) => column.kind === "measure" && isCount(column.measure));
  const rows = new ChunkedRows(shape, layout, new BlockStore(shape, room, `${workFolder}/gathered-${dated.staged.table}`), isCounted);
  try {
    const forms = columns.map((column) => ({ missing: missingCell(schema, column), scale: scaleOf(column) }));
    await db.stream(sql, (batch) => rows.add(batch, forms));
    rows.settle();
  } catch (error) {
    rows.close();
    throw error;
  }
  return {
    file: dated.file,
    group: dated.group,
    isNarrow: rows.isNarrow,
    ...(dated.choice === undefined ? {} : { choice: dated.choice }),
    scan: (from, to, visit) => rows.scan(from, to, (block) => visit({ block, codes: [] })),
    close: () => rows.close(),
  };
}

function widthOf(column: ColumnRole, type: string): ValueWidth {
  return type === "INTEGER" && column.kind === "measure" && isCount(column.measure) ? 4 : 8;
}

/** Blocks of which one for each chunk fits into so many bytes. */
function shapeOf(form: Omit<BlockShape, "rowsMax">, chunkCount: number, bytes: number): BlockShape {
  const rows = Math.floor(bytes / rowBytesOf(form) / chunkCount);
  return { ...form, rowsMax: Math.max(blockRowsLeast, Math.min(blockRowsMost, rows - (rows % 2))) };
}

const [blockRowsLeast, blockRowsMost] = [64, 16_384];

/** How a cell becomes a value: multiplied and made whole where there is a scale. */
interface CellForm {
  readonly missing: number;
  readonly scale: number | undefined;
}

/** Rows by chunk: those of a chunk wait in its part of one large block until they fill a small one. */
class ChunkedRows {
  readonly #shape: BlockShape;
  readonly #layout: PanelLayout;
  readonly #store: BlockStore;
  readonly #chunkOf: Int32Array;
  readonly #kept: readonly KeptBlock[][];
  readonly #counts: Int32Array;
  /** By column: whether it is of counts, and all that were put away are of 31 bits. */
  readonly isNarrow: boolean[];
  #waiting: RowBlock | undefined;
  #slots = new Int32Array(2048);

  constructor(shape: BlockShape, layout: PanelLayout, store: BlockStore, isCounted: readonly boolean[]) {
    const { chunkStart, entities } = layout;
    const chunkCount = chunkStart.length - 1;
    this.#shape = shape;
    this.#layout = layout;
    this.#store = store;
    this.#chunkOf = new Int32Array(entities.length);
    for (let chunk = 0; chunk < chunkCount; chunk++) this.#chunkOf.fill(chunk, chunkStart[chunk], chunkStart[chunk + 1]);
    this.#kept = Array.from({ length: chunkCount }, () => []);
    this.#counts = new Int32Array(chunkCount);
    this.isNarrow = [...isCounted];
    this.#waiting = rowBlock({ ...shape, rowsMax: shape.rowsMax * chunkCount });
  }

  /** Adds rows: columns are place, period, known day where the shape has it, then values. */
  add({ rowCount, numbers }: ColumnBatch, forms: readonly CellForm[]): void {
    const { rowsMax } = this.#shape;
    if (this.#slots.length < rowCount) this.#slots = new Int32Array(rowCount);
    const [slots, counts, chunkOf, places] = [this.#slots, this.#counts, this.#chunkOf, numbers(0, -1)];
    const cells = forms.map(({ missing }, index) => numbers(index + (this.#shape.isDated ? 3 : 2), missing));
    let begin = 0;
    for (let row = 0; row < rowCount; row++) {
      const chunk = chunkOf[places[row] as number] as number;
      if (counts[chunk] === rowsMax) {
        this.#write(begin, row, numbers, cells, forms);
        begin = row;
        this.#putAway(chunk);
      }
      const count = counts[chunk] as number;
      slots[row] = chunk * rowsMax + count;
      counts[chunk] = count + 1;
    }
    this.#write(begin, rowCount, numbers, cells, forms);
  }

  /** Puts away what waits. Nothing is added any more. */
  settle(): void {
    for (const [chunk, count] of this.#counts.entries()) if (count > 0) this.#putAway(chunk);
    this.#waiting = undefined;
  }

  scan(from: number, to: number, visit: (block: RowBlock) => void): void {
    const { chunkStart } = this.#layout;
    for (const [chunk, kept] of this.#kept.entries()) {
      if ((chunkStart[chunk] as number) >= to || (chunkStart[chunk + 1] as number) <= from) continue;
      for (const each of kept) visit(this.#store.show(each));
    }
  }

  close(): void {
    this.#store.close();
  }

  #write(
    begin: number,
    end: number,
    numbers: ColumnBatch["numbers"],
    cells: readonly ArrayLike<number>[],
    forms: readonly CellForm[],
  ): void {
    const slots = this.#slots.subarray(begin, end);
    const { keys, periods, known, values } = present(this.#waiting, "waiting rows");
    putWhole(keys, slots, numbers(0, -1), begin);
    putWhole(periods, slots, numbers(1, 0), begin);
    if (this.#shape.isDated) putWhole(known, slots, numbers(2, 0), begin);
    for (const [index, { missing, scale }] of forms.entries()) {
      const [target, given] = [present(values[index], "column"), present(cells[index], "column")];
      if (target instanceof Uint32Array) putCounts(target, slots, given, begin);
      else putNumbers(target, slots, given, begin, missing, scale);
    }
  }

  #putAway(chunk: number): void {
    const { rowsMax } = this.#shape;
    const waiting = present(this.#waiting, "waiting rows");
    const count = this.#counts[chunk] as number;
    const [from, to] = [chunk * rowsMax, chunk * rowsMax + count];
    const block = rowBlock(this.#shape, count);
    block.keys.set(waiting.keys.subarray(from, to));
    block.periods.set(waiting.periods.subarray(from, to));
    if (this.#shape.isDated) block.known.set(waiting.known.subarray(from, to));
    for (const [index, values] of block.values.entries()) {
      values.set(present(waiting.values[index], "column").subarray(from, to));
      // Whole numbers of 32 bits, which no count below 0 is among, are of 31.
      this.isNarrow[index] &&= values instanceof Uint32Array || values.subarray(0, count).every(isNarrowCount);
    }
    present(this.#kept[chunk], "chunk").push(this.#store.keep(block));
    this.#counts[chunk] = 0;
  }
}

function isNarrowCount(value: number): boolean {
  return value === (value | 0);
}

// One function for each kind of target, so that each is compiled for it.

function putWhole(target: Int32Array, slots: Int32Array, cells: ArrayLike<number>, begin: number): void {
  for (let row = 0; row < slots.length; row++) target[slots[row] as number] = cells[begin + row] as number;
}

function putCounts(target: Uint32Array, slots: Int32Array, cells: ArrayLike<number>, begin: number): void {
  for (let row = 0; row < slots.length; row++) target[slots[row] as number] = cells[begin + row] as number;
}

function putNumbers(target: Float64Array, slots: Int32Array, cells: ArrayLike<number>, begin: number, missing: number, scale = 1): void {
  for (let row = 0; row < slots.length; row++) {
    const cell = cells[begin + row] as number;
    target[slots[row] as number] = Number.isNaN(cell) ? missing : (scale === 1 ? cell : Math.round(cell * scale)) + 0;
  }
}
