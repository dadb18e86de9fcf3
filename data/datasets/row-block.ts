/** Rows as columns in one buffer, so that they can be given away or put on the disk whole. */

/** Rows of one file. */
export interface RowBlock {
  readonly buffer: ArrayBuffer;
  rows: number;
  /** By codes: a parser's own, or places among all entities. */
  readonly keys: Int32Array;
  readonly periods: Int32Array;
  /** The days on which rows were known; empty where that does not matter. */
  readonly known: Int32Array;
  /** Measures in smallest units, days, numbers, codes of texts. */
  readonly values: readonly (Float64Array | Uint32Array)[];
}

/** Counts, as most columns are, stand in 4 bytes; everything else is a double. */
export type ValueWidth = 4 | 8;

/** How blocks of one kind are made: bytes a value of each column, the most rows (an even number), whether rows have known-at days. */
export interface BlockShape {
  readonly widths: readonly ValueWidth[];
  readonly rowsMax: number;
  readonly isDated: boolean;
}

/** The bytes of a row. */
export function rowBytesOf({ widths, isDated }: Omit<BlockShape, "rowsMax">): number {
  return widths.reduce<number>((sum, width) => sum + width, isDated ? 12 : 8);
}

/** A block: a new one, or the buffer of one, given its shape again. */
export function rowBlock(shape: BlockShape, rows = 0, given?: ArrayBuffer): RowBlock {
  const { widths, rowsMax, isDated } = shape;
  const buffer = given ?? new ArrayBuffer(rowsMax * rowBytesOf(shape));
  let used = 0;
  const take = (width: number) => {
    used += width * rowsMax;
    return used - width * rowsMax;
  };
  const values = widths.map((width) =>
    width === 4 ? new Uint32Array(buffer, take(4), rowsMax) : new Float64Array(buffer, take(8), rowsMax),
  );
  const [keys, periods] = [new Int32Array(buffer, take(4), rowsMax), new Int32Array(buffer, take(4), rowsMax)];
  const known = isDated ? new Int32Array(buffer, take(4), rowsMax) : new Int32Array(0);
  return { buffer, rows, values, keys, periods, known };
}
