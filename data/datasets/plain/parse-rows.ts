/** Turns the bytes of a plain CSV file into columns, cell by cell, and gives up at the first that is not beyond doubt. */
import { type Grain, limits, type PeriodIndex, parseDay, periodOf } from "../../foundation/index.ts";
import type { BlockShape, RowBlock } from "../row-block.ts";
import type { PlainForm } from "./plain-form.ts";
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
/** Rows a call: so few that the function is compiled early, and once. */
const callRows = 64;
/** The largest count that a block can hold. */
const countMax = 2 ** 32 - 1;
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
 * Cost: about 3 nanoseconds a byte. It allocates nothing a row.
 */
export class RowParser {
  readonly #form: PlainForm;
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
  readonly #keyFrom: Int32Array;
  readonly #keyTo: Int32Array;
  readonly #joined = new Uint8Array(2 * keyBytesMax);
  #first = new Int32Array(1024);
  #last = new Int32Array(1024);
  /** Where the cell that was read last begins and ends, without quotes. */
  #from = 0;
  #to = 0;

  constructor(form: PlainForm) {
    const { columns } = form;
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
    [this.#keyFrom, this.#keyTo] = [new Int32Array(form.keyParts), new Int32Array(form.keyParts)];
  }

  /** Reads some of the whole records from `start` to `end` - 1 (a line feed) into a block that is not full. Gives where it stopped; -1: something is not plain. */
  parse(bytes: Uint8Array, start: number, end: number, block: RowBlock): number {
    const { delimiter, periodMax } = this.#form;
    const { keys, periods, values } = block;
    const [kindOf, indexOf, parts] = [this.#kinds, this.#value, this.#parts];
    const lastColumn = kindOf.length - 1;
    let at = start;
    let row = block.rows;
    let keyFrom = 0;
    let keyTo = 0;
    let code = -1;
    let mayRepeat = false;
    const rowEnd = Math.min(blockRows, row + callRows);
    while (at < end && row < rowEnd) {
      const recordStart = at;
      for (let column = 0; column <= lastColumn; column++) {
        const kind = kindOf[column] as number;
        const index = indexOf[column] as number;
        if (kind === kinds.count) {
          // The commonest cell: some digits, nothing else.
          const digitsStart = at;
          let number = 0;
          let digit = (bytes[at] as number) - zero;
          for (; digit >>> 0 <= 9; digit = (bytes[++at] as number) - zero) number = (Math.imul(number, 10) + digit) | 0;
          const digits = at - digitsStart;
          if (digits > 0 && digits <= 9 && (digit === delimiter - zero || digit === lineFeed - zero))
            (values[index] as Uint32Array)[row] = number;
          else {
            const unusual = this.#number(bytes, digitsStart, column);
            if (unusual > countMax) return -1;
            (values[index] as Uint32Array)[row] = unusual;
            at = this.#to;
          }
        } else if (kind >= kinds.number) {
          const number = this.#number(bytes, at, column);
          if (number === Number.POSITIVE_INFINITY) return -1;
          (values[index] as Float64Array)[row] = number;
          at = this.#to;
        } else if (kind === kinds.key && mayRepeat && isRepeated(bytes, keyFrom, keyTo, at, delimiter)) {
          // The key of the row before: files are often sorted by it.
          at += keyTo - keyFrom;
        } else {
          at = this.#cell(bytes, at);
          if (at < 0) return -1;
          if (kind === kinds.key) {
            code = -1;
            if (this.#from === this.#to) return -1;
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
      const period = periods[row] as number;
      if (code < 0) {
        code = this.#keyCode(bytes, period);
        if (code < 0) return -1;
        keyFrom = this.#keyFrom[0] as number;
        keyTo = this.#keyTo[0] as number;
        mayRepeat = this.#keyFrom.length === 1 && bytes[keyFrom - 1] !== quote;
      }
      if (period < (this.#first[code] as number)) this.#first[code] = period;
      if (period > (this.#last[code] as number)) this.#last[code] = period;
      keys[row++] = code;
    }
    block.rows = row;
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

  #keyCode(bytes: Uint8Array, period: number): number {
    const before = this.#codes.count;
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

/** Whether the text from `from` to `to` - 1 stands at `at` again, as a cell. */
function isRepeated(bytes: Uint8Array, from: number, to: number, at: number, delimiter: number): boolean {
  const length = to - from;
  if (bytes[at + length] !== delimiter) return false;
  for (let i = length - 1; i >= 0; i--) if (bytes[from + i] !== bytes[at + i]) return false;
  return true;
}

/** Days and periods of dates `YYYY-MM-DD` from 1900 to 2199, each computed when it is first met. */
class DateTable {
  readonly #grain: Grain;
  readonly #days = new Int32Array(300 * 12 * 31).fill(unknownDate);
  readonly #periods = new Int32Array(300 * 12 * 31);

  constructor(grain: Grain) {
    this.#grain = grain;
  }

  /** Where a date stands in the table; -1 when it is none. */
  indexOf(bytes: Uint8Array, from: number, to: number): number {
    if (to - from !== 10 || bytes[from + 4] !== minus || bytes[from + 7] !== minus) return -1;
    const century = twoDigits(bytes, from);
    const yearOfCentury = twoDigits(bytes, from + 2);
    const month = twoDigits(bytes, from + 5);
    const dayOfMonth = twoDigits(bytes, from + 8);
    if (century < 19 || century > 21 || yearOfCentury < 0 || month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > 31) return -1;
    const index = ((100 * (century - 19) + yearOfCentury) * 12 + month - 1) * 31 + dayOfMonth - 1;
    if (this.#days[index] === unknownDate) {
      const day = parseDay(String.fromCharCode(...bytes.subarray(from, to)));
      this.#days[index] = day ?? noDate;
      if (day !== undefined) this.#periods[index] = periodOf(this.#grain, day);
    }
    return this.#days[index] === noDate ? -1 : index;
  }

  dayOf(index: number): number {
    return this.#days[index] as number;
  }

  periodOf(index: number): PeriodIndex {
    return this.#periods[index] as number;
  }

  /** The periods of the dates that were met. */
  periods(): PeriodIndex[] {
    return [...new Set(this.#periods.filter((_, index) => (this.#days[index] as number) > noDate))];
  }
}

/** A number of two digits; below 0 when they are none. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - zero;
  const ones = (bytes[at + 1] as number) - zero;
  return tens >>> 0 > 9 || ones >>> 0 > 9 ? -1 : 10 * tens + ones;
}

const [unknownDate, noDate] = [-2_147_483_648, -2_147_483_647];
