/**
 * Reads the commonest rows of a plain file: one WebAssembly function a form, with the code of each column one after the other. Numbers and
 * dates are read eight letters at a time; of keys, texts and all else it finds where they stand. It stops before a row that is in any way
 * unusual.
 */
import { type Code, f64, flow, i32, i64, type LocalType, present, sequence, wasmMachine, wasmModule } from "../../foundation/index.ts";
import type { PlainColumn, PlainForm } from "./plain-form.ts";

/** The most rows a run. */
export const kernelRows = 2048;

/** Where the texts of a column stand in the memory, by row; `from` is -1 where the key of the row before stands again. */
export interface FoundTexts {
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** A kernel and its memory. The views are of the last run. */
export interface RowKernel {
  /** For the file's bytes. */
  readonly text: Uint8Array;
  /** By row where the date stands in a table of all days: (100 × (century - 19) + year) × 372 + month × 31 + day, both from 0. */
  readonly dates: Int32Array;
  /** By column of the file: what it reads and what it only finds. */
  readonly numbers: readonly (Float64Array | Uint32Array | undefined)[];
  readonly found: readonly (FoundTexts | undefined)[];
  /** Reads whole records from `start` to `end` - 1 (a line feed), so many at most. Gives the place behind the last one, and how many were read. */
  readonly run: (start: number, end: number, rows: number) => { readonly at: number; readonly rows: number };
}

const wordBytes = 8;
/** Letters that may be read beyond the end of a file's bytes: keys are compared with the one before where they are shorter than that. */
const slackBytes = 64;
const pageBytes = 65_536;
const [lineFeed, carriageReturn, space, quote, minus, point] = [10, 13, 32, 34, 45, 46];
const recordBytesMax = 1_000_000;
/** Digits that a number may have, its declared decimals included, to stay exact on the way. */
const digitsMax = 15;

/** Makes a kernel with room for so many bytes of text. Cost: about a millisecond. */
export function rowKernel(form: PlainForm, textBytes: number): RowKernel {
  const layout = layOut(form, textBytes);
  const { buffer, run: execute } = wasmMachine(wasmModule(new RowWriter(form, layout).kernel(), layout.pages), layout.pages);
  const told = new Int32Array(buffer, layout.told, 3);
  const powers = new BigInt64Array(buffer, layout.powers, digitsMax + 1);
  for (let exponent = 0; exponent <= digitsMax; exponent++) powers[exponent] = 10n ** BigInt(exponent);
  return {
    text: new Uint8Array(buffer, 0, textBytes + slackBytes),
    dates: new Int32Array(buffer, layout.dates, kernelRows),
    numbers: layout.columns.map(({ width, first }) =>
      width === 4 ? new Uint32Array(buffer, first, kernelRows) : width === 8 ? new Float64Array(buffer, first, kernelRows) : undefined,
    ),
    found: layout.columns.map(({ width, first, second }) =>
      width === undefined && second > first
        ? { from: new Int32Array(buffer, first, kernelRows), to: new Int32Array(buffer, second, kernelRows) }
        : undefined,
    ),
    run: (start, end, rows) => {
      told.set([end, Math.min(kernelRows, rows)]);
      const at = execute(start);
      return { at, rows: told[2] as number };
    },
  };
}

/**
 * Where everything stands in the kernel's memory, behind the text: what it is told (the end, the rows that are wanted) and tells (the rows
 * that it read), powers of ten, columns. A column has numbers of a width, or two places of a text, or nothing.
 */
interface Layout {
  readonly told: number;
  readonly powers: number;
  readonly dates: number;
  readonly columns: readonly { readonly width?: 4 | 8; readonly first: number; readonly second: number }[];
  readonly pages: number;
}

function layOut({ columns, widths }: PlainForm, textBytes: number): Layout {
  let used = wordBytes * Math.ceil((textBytes + slackBytes) / wordBytes);
  const take = (bytes: number) => {
    used += bytes;
    return used - bytes;
  };
  const [told, powers] = [take(2 * wordBytes), take((digitsMax + 1) * wordBytes)];
  const takeColumn = (width: number) => take(width * kernelRows);
  const places = columns.map((column) => {
    if (column.kind === "count" || column.kind === "measure") {
      const width = present(widths[column.value], "a width");
      const first = takeColumn(width);
      return { width, first, second: first };
    }
    if (column.kind === "ignored" || column.kind === "period") return { first: used, second: used };
    return { first: takeColumn(4), second: takeColumn(4) };
  });
  const dates = takeColumn(4);
  return { told, powers, dates, columns: places, pages: Math.ceil(used / pageBytes) };
}

/** Writes the function. Its parameter is where to begin; it gives where it stopped. */
class RowWriter {
  readonly #form: PlainForm;
  readonly #layout: Layout;
  readonly #locals: LocalType[] = [];
  /** Where the row that is being read begins, and where it is read. */
  readonly #record = 0;
  readonly #at = this.#local("i32");
  readonly #row = this.#local("i32");
  readonly #letter = this.#local("i32");
  readonly #count = this.#local("i32");
  readonly #quoted = this.#local("i32");
  readonly #negative = this.#local("i32");
  readonly #from = this.#local("i32");
  /** The key of the row before: its length is 0 where there is none. */
  readonly #keyFrom = this.#local("i32");
  readonly #keyLength = this.#local("i32");
  readonly #word = this.#local("i64");
  readonly #number = this.#local("i64");
  readonly #value = this.#local("f64");

  constructor(form: PlainForm, layout: Layout) {
    this.#form = form;
    this.#layout = layout;
  }

  kernel(): { locals: readonly LocalType[]; code: Code } {
    const { columns, parts } = this.#form;
    const { told } = this.#layout;
    const start = i32.const(0);
    const [record, at, row] = [flow.get(this.#record), flow.get(this.#at), flow.get(this.#row)];
    const isDone = i32.or(i32.ge(record, i32.load(start, told)), i32.ge(row, i32.load(start, told + 4)));
    const code = sequence(
      flow.loop(
        sequence(
          flow.leave(isDone, 1),
          flow.set(this.#at, record),
          ...columns.map((column, index) => this.#column(column, index)),
          flow.leave(i32.gt(i32.sub(at, record), i32.const(recordBytesMax)), 1),
          ...parts.map(([part, whole]) => flow.leave(f64.gt(this.#stored(part), this.#stored(whole)), 1)),
          flow.set(this.#record, at),
          flow.set(this.#row, i32.add(row, i32.const(1))),
        ),
      ),
      i32.store(start, told + 8, row),
      record,
    );
    return { locals: this.#locals, code };
  }

  #local(type: LocalType): number {
    return this.#locals.push(type);
  }

  #column(column: PlainColumn, index: number): Code {
    const isLast = index === this.#form.columns.length - 1;
    if (column.kind === "count") return sequence(this.#digits(), this.#delimiter(isLast), this.#storeCount(index));
    if (column.kind === "measure") return this.#measure(column, index, isLast);
    if (column.kind === "period") return sequence(this.#openQuote(), this.#date(), this.#closeQuote(), this.#delimiter(isLast));
    if (column.kind === "key" && this.#form.keyParts === 1) return this.#singleKey(index, isLast);
    return this.#text(index, isLast, column.kind !== "number");
  }

  /** Goes behind the digits that stand here, 8 at most: #count of them, #word is their number, 0 where there is none. */
  #digits(): Code {
    const word = flow.get(this.#word);
    const high = 0x8080_8080_8080_8080n;
    const isOther = i64.and(i64.or(i64.add(word, i64.const(0x7676_7676_7676_7676n)), word), i64.const(BigInt.asIntN(64, high)));
    const spare = i64.fromInteger(i32.sub(i32.const(64), i32.shiftLeft(flow.get(this.#count), i32.const(3))));
    return sequence(
      flow.set(this.#word, i64.xor(i64.load(flow.get(this.#at), 0), i64.const(0x3030_3030_3030_3030n))),
      flow.set(this.#count, i32.shiftRight(i64.low(i64.zerosBelow(isOther)), i32.const(3))),
      flow.set(this.#word, i64.shiftLeft(word, spare)),
      ...tens.map(([mask, factor, bits]) =>
        flow.set(this.#word, i64.shiftRight(i64.mul(i64.and(word, i64.const(mask)), i64.const(factor)), i64.const(bits))),
      ),
      flow.set(this.#word, flow.select(word, i64.const(0n), flow.get(this.#count))),
      flow.set(this.#at, i32.add(flow.get(this.#at), flow.get(this.#count))),
    );
  }

  /** No digit at all is an empty cell: 0. Behind eight there may be more. */
  #storeCount(index: number): Code {
    const isLong = i32.eq(flow.get(this.#count), i32.const(wordBytes));
    return sequence(flow.leave(isLong, 1), i32.store(this.#place(4), this.#first(index), i64.low(flow.get(this.#word))));
  }

  #measure({ decimals, missing, least, most }: PlainColumn & { kind: "measure" }, index: number, isLast: boolean): Code {
    const [at, count, number, value] = [flow.get(this.#at), flow.get(this.#count), flow.get(this.#number), flow.get(this.#value)];
    const power = (exponent: Code) => i64.load(i32.shiftLeft(exponent, i32.const(3)), this.#layout.powers);
    const append = flow.set(this.#number, i64.add(i64.mul(number, power(count)), flow.get(this.#word)));
    const whole = this.#from;
    const scaled = (digits: Code) => flow.set(this.#number, i64.mul(number, power(digits)));
    const fraction = sequence(
      flow.leave(i32.eqz(flow.get(whole)), 2),
      flow.set(this.#at, i32.add(at, i32.const(1))),
      this.#digits(),
      flow.leave(i32.eqz(count), 2),
      flow.leave(i32.gt(count, i32.const(Math.min(7, decimals))), 2),
      append,
      scaled(i32.sub(i32.const(decimals), count)),
    );
    const isEmpty = i32.eqz(flow.get(whole));
    const bounds = [
      ...(least > Number.NEGATIVE_INFINITY ? [flow.leave(f64.lt(value, f64.const(least)), 1)] : []),
      ...(most < Number.POSITIVE_INFINITY ? [flow.leave(f64.gt(value, f64.const(most)), 1)] : []),
    ];
    return sequence(
      flow.set(this.#negative, i32.eq(i32.loadByte(at, 0), i32.const(minus))),
      flow.set(this.#at, i32.add(at, flow.get(this.#negative))),
      this.#digits(),
      flow.set(this.#number, flow.get(this.#word)),
      flow.set(whole, count),
      flow.if(i32.eq(count, i32.const(wordBytes)), sequence(this.#digits(), append, flow.set(whole, i32.add(flow.get(whole), count)))),
      flow.leave(i32.gt(i32.add(flow.get(whole), i32.const(decimals)), i32.const(digitsMax)), 1),
      flow.leave(i32.and(isEmpty, flow.get(this.#negative)), 1),
      flow.if(i32.eq(i32.loadByte(at, 0), i32.const(point)), fraction, scaled(i32.const(decimals))),
      this.#delimiter(isLast),
      flow.set(this.#value, f64.fromLong(number)),
      flow.if(flow.get(this.#negative), flow.set(this.#value, f64.sub(f64.const(0), value))),
      ...bounds,
      flow.if(isEmpty, flow.set(this.#value, f64.const(missing))),
      f64.store(this.#place(8), this.#first(index), value),
    );
  }

  /** Four digits, two and two, with a minus between them; a date that does not exist is found out later. */
  #date(): Code {
    const [at, word, count] = [flow.get(this.#at), flow.get(this.#word), flow.get(this.#count)];
    const isOther = i64.and(
      i64.or(i64.add(word, i64.const(0x7f76_767f_7676_7676n)), word),
      i64.const(BigInt.asIntN(64, 0x8080_8080_8080_8080n)),
    );
    const isOtherDay = i32.and(i32.or(i32.add(count, i32.const(0x7676)), count), i32.const(0x8080));
    const two = (bits: bigint) => i32.and(i64.low(i64.shiftRight(word, i64.const(bits))), i32.const(0xff));
    const [century, month, day] = [i32.sub(two(0n), i32.const(19)), i32.sub(two(40n), i32.const(1)), i32.sub(count, i32.const(1))];
    const year = i32.add(i32.mul(century, i32.const(100)), two(16n));
    const date = i32.add(i32.mul(i32.add(i32.mul(year, i32.const(12)), month), i32.const(31)), day);
    const ones = i32.shiftRight(count, i32.const(8));
    return sequence(
      flow.set(this.#word, i64.xor(i64.load(at, 0), i64.const(0x2d30_302d_3030_3030n))),
      flow.leave(i32.eqz(i64.isZero(isOther)), 1),
      flow.set(this.#count, i32.xor(i32.loadPair(at, wordBytes), i32.const(0x3030))),
      flow.leave(isOtherDay, 1),
      flow.set(this.#word, i64.shiftRight(i64.mul(word, i64.const(2561n)), i64.const(8n))),
      flow.set(this.#count, i32.add(i32.mul(i32.and(count, i32.const(0xff)), i32.const(10)), ones)),
      flow.leave(i32.isAbove(century, i32.const(2)), 1),
      flow.leave(i32.isAbove(month, i32.const(11)), 1),
      flow.leave(i32.isAbove(day, i32.const(30)), 1),
      i32.store(this.#place(4), this.#layout.dates, date),
      flow.set(this.#at, i32.add(at, i32.const(10))),
    );
  }

  /** Files are often sorted by key: most stand where they stood in the row before. */
  #singleKey(index: number, isLast: boolean): Code {
    const [at, from, word, length] = [flow.get(this.#at), flow.get(this.#from), flow.get(this.#word), flow.get(this.#keyLength)];
    const left = i32.sub(length, flow.get(this.#count));
    const differing = i64.xor(
      i64.load(i32.add(at, flow.get(this.#count)), 0),
      i64.load(i32.add(flow.get(this.#keyFrom), flow.get(this.#count)), 0),
    );
    const rest = i64.fromInteger(i32.sub(i32.const(64), i32.shiftLeft(left, i32.const(3))));
    const next = flow.set(this.#count, i32.add(flow.get(this.#count), i32.const(wordBytes)));
    const compare = sequence(
      flow.set(this.#word, i64.const(0n)),
      flow.set(this.#count, i32.const(0)),
      flow.loop(
        sequence(
          flow.leave(i32.or(i32.ge(flow.get(this.#count), length), i32.eqz(i64.isZero(word))), 1),
          flow.set(this.#word, differing),
          flow.if(i32.lt(left, i32.const(wordBytes)), flow.set(this.#word, i64.shiftLeft(word, rest))),
          next,
        ),
      ),
    );
    const behind = flow.select(i32.const(quote), isLast ? i32.const(lineFeed) : i32.const(this.#form.delimiter), flow.get(this.#quoted));
    const isSame = i32.and(i32.and(i64.isZero(word), i32.gt(length, i32.const(0))), i32.eq(i32.loadByte(i32.add(at, length), 0), behind));
    const again = sequence(flow.set(this.#at, i32.add(at, length)), i32.store(this.#place(4), this.#first(index), i32.const(-1)));
    const found = sequence(
      this.#scan(isLast, 2),
      i32.store(this.#place(4), this.#first(index), from),
      i32.store(this.#place(4), this.#second(index), at),
    );
    return sequence(
      this.#openQuote(),
      flow.set(this.#from, at),
      compare,
      flow.if(isSame, again, found),
      flow.set(this.#keyFrom, from),
      flow.set(this.#keyLength, i32.sub(at, from)),
      flow.if(i32.gt(length, i32.const(slackBytes - wordBytes)), flow.set(this.#keyLength, i32.const(0))),
      this.#closeQuote(),
      this.#delimiter(isLast),
    );
  }

  /** Finds a cell, between quotes or not; what is ignored is only passed over. */
  #text(index: number, isLast: boolean, mayBeQuoted: boolean): Code {
    const at = flow.get(this.#at);
    const [first, second] = [this.#first(index), this.#second(index)];
    const from = first === second ? [] : i32.store(this.#place(4), first, at);
    const to = first === second ? [] : i32.store(this.#place(4), second, at);
    const open = mayBeQuoted ? this.#openQuote() : flow.set(this.#quoted, i32.const(0));
    const close = mayBeQuoted ? this.#closeQuote() : [];
    return sequence(open, from, this.#scan(isLast, 1), to, close, this.#delimiter(isLast));
  }

  /** Goes on to the end of a cell's text, inside of so many blocks. */
  #scan(isLast: boolean, depth: number): Code {
    const letter = flow.get(this.#letter);
    const isDelimiter = i32.eq(letter, i32.const(this.#form.delimiter));
    const isLineEnd = i32.or(i32.eq(letter, i32.const(lineFeed)), i32.eq(letter, i32.const(carriageReturn)));
    const isEnd = flow.select(i32.eq(letter, i32.const(quote)), isLast ? isLineEnd : isDelimiter, flow.get(this.#quoted));
    return flow.loop(
      sequence(
        flow.set(this.#letter, i32.loadByte(flow.get(this.#at), 0)),
        flow.leave(isEnd, 1),
        flow.leave(i32.or(i32.lt(letter, i32.const(space)), i32.eq(letter, i32.const(quote))), depth + 2),
        flow.set(this.#at, i32.add(flow.get(this.#at), i32.const(1))),
      ),
    );
  }

  #openQuote(): Code {
    const at = flow.get(this.#at);
    return sequence(
      flow.set(this.#quoted, i32.eq(i32.loadByte(at, 0), i32.const(quote))),
      flow.set(this.#at, i32.add(at, flow.get(this.#quoted))),
    );
  }

  /** Behind a cell that began with a quote there must be one; two would stand for a quote in the text. */
  #closeQuote(): Code {
    const at = flow.get(this.#at);
    const isOpen = i32.and(flow.get(this.#quoted), i32.ne(i32.loadByte(at, 0), i32.const(quote)));
    return sequence(flow.leave(isOpen, 1), flow.set(this.#at, i32.add(at, flow.get(this.#quoted))));
  }

  /** Goes behind the delimiter, or the end of the line. */
  #delimiter(isLast: boolean): Code {
    const at = flow.get(this.#at);
    const expected = i32.const(isLast ? lineFeed : this.#form.delimiter);
    return sequence(
      isLast ? flow.set(this.#at, i32.add(at, i32.eq(i32.loadByte(at, 0), i32.const(carriageReturn)))) : [],
      flow.leave(i32.ne(i32.loadByte(at, 0), expected), 1),
      flow.set(this.#at, i32.add(at, i32.const(1))),
    );
  }

  /** The number of a value column in this row. */
  #stored(value: number): Code {
    const index = this.#form.columns.findIndex((column) => "value" in column && column.value === value);
    const first = this.#first(index);
    return this.#form.widths[value] === 4 ? f64.fromUnsigned(i32.load(this.#place(4), first)) : f64.load(this.#place(8), first);
  }

  #first(index: number): number {
    return present(this.#layout.columns[index], "a column").first;
  }

  #second(index: number): number {
    return present(this.#layout.columns[index], "a column").second;
  }

  /** The row as an offset from the first one of a column. */
  #place(width: 4 | 8): Code {
    return i32.shiftLeft(flow.get(this.#row), i32.const(width === 4 ? 2 : 3));
  }
}

/** How eight digits become one number, by pairs (Lemire, "Quickly parsing eight digits", 2018): mask, factor, shift. */
const tens = [
  [0x0f0f_0f0f_0f0f_0f0fn, 2561n, 8n],
  [0x00ff_00ff_00ff_00ffn, 6_553_601n, 16n],
  [0x0000_ffff_0000_ffffn, 42_949_672_960_001n, 32n],
] as const;
