/** Turns the bytes of a plain CSV file into columns, cell by cell, and gives up at the first that is not beyond doubt. */
import { limits, type PeriodIndex, present } from "../../foundation/index.ts";
import type { BlockShape, RowBlock } from "../row-block.ts";
import { DateTable } from "./date-table.ts";
import type { PlainForm } from "./plain-form.ts";
import { type FoundTexts, kernelRows, type RowKernel, rowKernel } from "./row-kernel.ts";
import { type CodedTexts, TextCodes } from "./text-codes.ts";

/** Rows a block. */
const blockRows = 16_384;

/** The blocks of a plain file: measures in smallest units, missing as the panel has it, the parser's own codes of keys and texts; for texts NaN where they are missing. */
export function plainShape(widths: PlainForm["widths"]): BlockShape {
  return { widths, rowsMax: blockRows, isDated: false };
}

/** What the codes in the blocks of one parser mean: keys with the first and last period of each, texts by value column. */
export interface ParsedCodes {
  readonly keys: CodedTexts;
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly texts: readonly (CodedTexts | undefined)[];
  /** The periods that have rows. */
  readonly periods: readonly PeriodIndex[];
}

const [lineFeed, carriageReturn, space, quote, minus, point, zero] = [10, 13, 32, 34, 45, 46, 48];
const kinds = { ignored: 0, key: 1, period: 2, text: 3, day: 4, number: 5, measure: 6, count: 7 } as const;
/** Whole numbers of so many digits, and their products below so much, are exact in a double with room for a rounding. */
const [digitsMax, exactMax] = [15, 2 ** 50];
/** The most rows that are read here before the kernel is asked again. */
const patienceMax = 64;
/** The largest count that a column of whole numbers of 32 bits can hold, in a block as in a file. */
const countMax = 2 ** 31 - 1;
/** Longer records and keys are left to the reading that names them. */
const [recordBytesMax, keyBytesMax] = [1_000_000, limits.keyBytes.value];
const numberForm = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
/** Multiplications and divisions by these are rounded once. */
const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * Parses records, one after the other, into blocks. What it accepts means the same to it as to every other reading; what it does not accept
 * may still be good: anything quoted that holds a line break or stands beside other text, control characters, dates with a time,
 * numbers that DuckDB would read and we would not swear to. Every check of a row that `row-checks.ts` lists is made here, too: a row that
 * would be left out is not plain.
 *
 * Most rows are read by a {@link rowKernel}, which is good at once and needs no warming up; this class knows what keys and texts mean, and
 * reads the rows that are unusual. Cost: about 2 nanoseconds a byte. It allocates nothing a row.
 */
export class RowParser {
  readonly #form: PlainForm;
  readonly #kernel: RowKernel;
  /** How many rows are read here when the kernel has stopped. */
  #patience = 1;
  readonly #kinds: Uint8Array;
  readonly #value: Int32Array;
  readonly #decimals: Int32Array;
  readonly #missing: Float64Array;
  readonly #least: Float64Array;
  readonly #most: Float64Array;
  readonly #codes = new TextCodes();
  readonly #texts: (TextCodes | undefined)[];
  readonly #dates: DateTable;
  readonly #days: DateTable;
  /** Value columns, by pairs: a part and its whole. */
  readonly #parts: Int32Array;
  /** The columns of a key's parts. */
  readonly #keyParts: readonly number[];
  readonly #keyFrom: Int32Array;
  readonly #keyTo: Int32Array;
  readonly #joined = new Uint8Array(2 * keyBytesMax);
  #first = new Int32Array(1024);
  #last = new Int32Array(1024);
  /** Where the cell that was read last begins and ends, without quotes. */
  #from = 0;
  #to = 0;

  /** With room for so many bytes of a file. */
  constructor(form: PlainForm, textBytes: number) {
    const { columns } = form;
    this.#kernel = rowKernel(form, textBytes);
    const measure = (pick: "missing" | "least") => columns.map((each) => (each.kind === "measure" ? each[pick] : 0));
    this.#form = form;
    this.#kinds = Uint8Array.from(columns, ({ kind }) => kinds[kind]);
    this.#value = Int32Array.from(columns, (each) => ("value" in each ? each.value : "part" in each ? each.part : -1));
    this.#decimals = Int32Array.from(columns, (each) => (each.kind === "number" ? digitsMax : each.kind === "measure" ? each.decimals : 0));
    [this.#missing, this.#least, this.#most] = [
      Float64Array.from(measure("missing")),
      Float64Array.from(measure("least")),
      Float64Array.from(columns, (each) => (each.kind === "measure" ? each.most : countMax)),
    ];
    this.#texts = form.widths.map(() => undefined);
    for (const column of columns) if (column.kind === "text") this.#texts[column.value] = new TextCodes();
    [this.#dates, this.#days] = [new DateTable(form.grain), new DateTable(form.grain)];
    this.#parts = Int32Array.from(form.parts.flat());
    this.#keyParts = Array.from({ length: form.keyParts }, (_, part) =>
      columns.findIndex((each) => each.kind === "key" && each.part === part),
    );
    [this.#keyFrom, this.#keyTo] = [new Int32Array(form.keyParts), new Int32Array(form.keyParts)];
  }

  /** Where the file's bytes go. */
  get text(): Uint8Array {
    return this.#kernel.text;
  }

  /** Reads some of the whole records from `start` to `end` - 1 (a line feed) into a block that is not full. Gives where it stopped; -1: something is not plain. */
  parse(start: number, end: number, block: RowBlock): number {
    const { at, rows } = this.#kernel.run(start, end, blockRows - block.rows);
    if (!this.#take(rows, block)) return -1;
    if (at >= end || block.rows === blockRows || rows === kernelRows) return at;
    // The kernel does not read the next row.
    this.#patience = rows > 0 ? 1 : Math.min(patienceMax, 2 * this.#patience);
    return this.#parseRows(at, end, block, Math.min(blockRows, block.rows + this.#patience));
  }

  /** Takes the rows that the kernel has read. False: something is not plain. */
  #take(rows: number, block: RowBlock): boolean {
    for (const [column, kind] of this.#kinds.entries()) {
      const index = this.#value[column] as number;
      if (kind >= kinds.measure)
        present(block.values[index], "a column").set(present(this.#kernel.numbers[column], "numbers").subarray(0, rows), block.rows);
      else if (kind >= kinds.text && !this.#takeTexts(column, rows, present(block.values[index], "a column"), block.rows)) return false;
    }
    if (!this.#takeKeys(rows, block)) return false;
    block.rows += rows;
    return true;
  }

  #takeTexts(column: number, rows: number, into: Float64Array | Uint32Array, first: number): boolean {
    const { from, to } = present(this.#kernel.found[column], "texts");
    const [kind, index] = [this.#kinds[column] as number, this.#value[column] as number];
    for (let row = 0; row < rows; row++) {
      const end = to[row] as number;
      [this.#from, this.#to] = [from[row] as number, end];
      const value = kind === kinds.number ? this.#number(this.text, this.#from, column) : this.#worded(this.text, kind, index);
      if (value === Number.NEGATIVE_INFINITY || value === Number.POSITIVE_INFINITY) return false;
      into[first + row] = value;
    }
    return true;
  }

  #takeKeys(rows: number, { keys, periods, rows: before }: RowBlock): boolean {
    const { text, dates } = this.#kernel;
    const { periodMax } = this.#form;
    const parts = this.#keyParts.map((column) => present(this.#kernel.found[column], "keys"));
    const starts = present(parts[0], "a key").from;
    let code = -1;
    for (let row = 0; row < rows; row++) {
      const date = dates[row] as number;
      if (!this.#dates.isDate(date)) return false;
      const period = this.#dates.periodOf(date);
      if (period > periodMax) return false;
      periods[before + row] = period;
      if ((starts[row] as number) >= 0) {
        for (let part = 0; part < parts.length; part++) {
          const { from, to } = parts[part] as FoundTexts;
          this.#keyFrom[part] = from[row] as number;
          this.#keyTo[part] = to[row] as number;
        }
        code = this.#keyCode(text, period);
        if (code < 0) return false;
      }
      this.#widen(code, period);
      keys[before + row] = code;
    }
    return true;
  }

  /** Reads rows one sign after the other: all that can be plain. -1: something is not. */
  #parseRows(start: number, end: number, block: RowBlock, rowEnd: number): number {
    const { delimiter, periodMax } = this.#form;
    const { keys, periods, values } = block;
    const bytes = this.text;
    const [kindOf, indexOf, parts] = [this.#kinds, this.#value, this.#parts];
    const lastColumn = kindOf.length - 1;
    let at = start;
    for (; at < end && block.rows < rowEnd; block.rows++) {
      const row = block.rows;
      const recordStart = at;
      for (let column = 0; column <= lastColumn; column++) {
        const kind = kindOf[column] as number;
        const index = indexOf[column] as number;
        if (kind >= kinds.number) {
          const number = this.#number(bytes, at, column);
          if (number === Number.POSITIVE_INFINITY) return -1;
          (values[index] as Float64Array | Uint32Array)[row] = number;
          at = this.#to;
        } else {
          at = this.#cell(bytes, at);
          if (at < 0) return -1;
          if (kind === kinds.key) {
            this.#keyFrom[index] = this.#from;
            this.#keyTo[index] = this.#to;
          } else if (kind === kinds.period) {
            const date = this.#dates.indexOf(bytes, this.#from, this.#to);
            const period = date < 0 ? Number.POSITIVE_INFINITY : this.#dates.periodOf(date);
            if (period > periodMax) return -1;
            periods[row] = period;
          } else if (kind !== kinds.ignored) {
            const value = this.#worded(bytes, kind, index);
            if (value === Number.NEGATIVE_INFINITY) return -1;
            (values[index] as Float64Array)[row] = value;
          }
        }
        if (column < lastColumn) {
          if (bytes[at++] !== delimiter) return -1;
        } else {
          if (bytes[at] === carriageReturn) at++;
          if (bytes[at++] !== lineFeed) return -1;
        }
      }
      if (at - recordStart > recordBytesMax) return -1;
      for (let i = 0; i < parts.length; i += 2) {
        const part = (values[parts[i] as number] as Float64Array)[row] as number;
        if (part > ((values[parts[i + 1] as number] as Float64Array)[row] as number)) return -1;
      }
      const code = this.#keyCode(bytes, periods[row] as number);
      if (code < 0) return -1;
      this.#widen(code, periods[row] as number);
      keys[row] = code;
    }
    return at;
  }

  /** The number in the cell that begins here; sets #to to the place of the sign behind it. Infinity: not plain. */
  #number(bytes: Uint8Array, start: number, column: number): number {
    const { delimiter } = this.#form;
    const declared = this.#decimals[column] as number;
    const isNegative = bytes[start] === minus;
    const digitsStart = isNegative ? start + 1 : start;
    let at = digitsStart;
    let number = 0;
    let decimals = 0;
    let sign = bytes[at] as number;
    for (; sign >= zero && sign <= zero + 9; sign = bytes[++at] as number) number = 10 * number + sign - zero;
    let digits = at - digitsStart;
    if (sign === point && digits > 0) {
      const fractionStart = ++at;
      for (sign = bytes[at] as number; sign >= zero && sign <= zero + 9; sign = bytes[++at] as number) number = 10 * number + sign - zero;
      decimals = at - fractionStart;
      digits = decimals === 0 ? 0 : digits + decimals;
    }
    if (digits === 0 || digits > digitsMax || decimals > declared || (sign !== delimiter && sign !== lineFeed && sign !== carriageReturn))
      return this.#unusualNumber(bytes, start, column);
    this.#to = at;
    if (this.#kinds[column] === kinds.number) return (isNegative ? 0 - number : number) / (powers[decimals] as number);
    if (decimals < declared) number *= powers[declared - decimals] as number;
    if (!(number < exactMax)) return this.#unusualNumber(bytes, start, column);
    if (isNegative) number = 0 - number;
    return number < (this.#least[column] as number) || number > (this.#most[column] as number) ? Number.POSITIVE_INFINITY : number;
  }

  /** What the codes mean that the blocks hold. */
  finish(): ParsedCodes {
    const count = this.#codes.count;
    return {
      keys: this.#codes.finish(),
      first: this.#first.slice(0, count),
      last: this.#last.slice(0, count),
      texts: this.#texts.map((texts) => texts?.finish()),
      periods: this.#dates.periods(),
    };
  }

  /** Finds the cell that begins here: sets #from and #to, gives the place of the sign behind it; -1 when it is not plain. */
  #cell(bytes: Uint8Array, start: number): number {
    const { delimiter } = this.#form;
    let at = start;
    let sign = bytes[at] as number;
    if (sign === quote) {
      this.#from = ++at;
      for (sign = bytes[at] as number; ; sign = bytes[++at] as number) {
        if (sign < space) return -1;
        if (sign !== quote) continue;
        if (bytes[at + 1] !== quote) break;
        at++;
      }
      this.#to = at;
      return at + 1;
    }
    for (; sign !== delimiter && sign !== lineFeed && sign !== carriageReturn; sign = bytes[++at] as number) {
      if (sign < space || sign === quote) return -1;
    }
    this.#from = start;
    this.#to = at;
    return at;
  }

  /** The same by way of the cell's text: empty, padded, quoted, with an exponent or many digits. */
  #unusualNumber(bytes: Uint8Array, start: number, column: number): number {
    const unsure = Number.POSITIVE_INFINITY;
    const end = this.#cell(bytes, start);
    if (end < 0) return unsure;
    let text = "";
    for (let at = this.#from; at < this.#to; at++) text += String.fromCharCode(bytes[at] as number);
    this.#to = end;
    text = text.replace(/^ +| +$/g, "");
    const isMeasure = this.#kinds[column] !== kinds.number;
    if (text === "") return isMeasure ? (this.#missing[column] as number) : Number.NaN;
    if (!numberForm.test(text)) return unsure;
    const value = Number(text);
    if (!isMeasure) return Number.isFinite(value) ? value + 0 : unsure;
    const scale = 10 ** (this.#decimals[column] as number);
    const whole = Math.round(value * scale) + 0;
    if (!(Math.abs(value) * scale <= limits.measureAbsolute.value && whole / scale === value)) return unsure;
    return whole < (this.#least[column] as number) || whole > (this.#most[column] as number) ? unsure : whole;
  }

  /** The day or the code of the text in the cell just found; NaN when it is empty; -Infinity: not plain. */
  #worded(bytes: Uint8Array, kind: number, index: number): number {
    if (this.#from === this.#to) return Number.NaN;
    if (kind === kinds.text) return (this.#texts[index] as TextCodes).codeOf(bytes, this.#from, this.#to);
    const date = this.#days.indexOf(bytes, this.#from, this.#to);
    return date < 0 ? Number.NEGATIVE_INFINITY : this.#days.dayOf(date);
  }

  /** The code of the key whose parts were just found; -1: it is not plain. */
  #keyCode(bytes: Uint8Array, period: number): number {
    const before = this.#codes.count;
    for (let part = 0; part < this.#keyFrom.length; part++) if (this.#keyFrom[part] === this.#keyTo[part]) return -1;
    const code = this.#keyFrom.length === 1 ? this.#simpleKey(bytes) : this.#joinedKey(bytes);
    if (code === before) {
      if (code === this.#first.length) {
        const [first, last] = [this.#first, this.#last];
        [this.#first, this.#last] = [new Int32Array(2 * code), new Int32Array(2 * code)];
        this.#first.set(first);
        this.#last.set(last);
      }
      this.#first[code] = period;
      this.#last[code] = period;
    }
    return code;
  }

  #widen(code: number, period: number): void {
    if (period < (this.#first[code] as number)) this.#first[code] = period;
    if (period > (this.#last[code] as number)) this.#last[code] = period;
  }

  #simpleKey(bytes: Uint8Array): number {
    const [from, to] = [this.#keyFrom[0] as number, this.#keyTo[0] as number];
    return to - from > keyBytesMax ? -1 : this.#codes.codeOf(bytes, from, to);
  }

  #joinedKey(bytes: Uint8Array): number {
    let length = 0;
    for (let part = 0; part < this.#keyFrom.length; part++) {
      const [from, to] = [this.#keyFrom[part] as number, this.#keyTo[part] as number];
      if (length + to - from > keyBytesMax) return -1;
      if (part > 0) this.#joined[length++] = keySeparator;
      this.#joined.set(bytes.subarray(from, to), length);
      length += to - from;
    }
    return length > keyBytesMax ? -1 : this.#codes.codeOf(this.#joined, 0, length);
  }
}

/** Stands between the parts of a key. */
const keySeparator = 31;
