/**
 * WebAssembly instructions as bytes (WebAssembly Core Specification 2.0, sections 5.4 and 7), only those that are used here: code is a list
 * of bytes, and an instruction is written after the code of its operands.
 */

/** Bytes of instructions. */
export type Code = readonly number[];

/** A number in LEB128, unsigned. */
export function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  do {
    const byte = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? byte + 128 : byte);
  } while (rest > 0);
  return bytes;
}

function signed(value: number | bigint): Code {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (;;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    const done = (rest === 0n && (byte & 0x40) === 0) || (rest === -1n && (byte & 0x40) !== 0);
    bytes.push(done ? byte : byte | 0x80);
    if (done) return bytes;
  }
}

/** Joins code without spreading it over a call's arguments, which are limited. */
export function sequence(...parts: readonly Code[]): Code {
  const joined: number[] = [];
  for (const part of parts) for (const byte of part) joined.push(byte);
  return joined;
}

const plain =
  (opcode: number) =>
  (...operands: readonly Code[]): Code =>
    sequence(...operands, [opcode]);
const vector =
  (opcode: number) =>
  (...operands: readonly Code[]): Code =>
    sequence(...operands, [0xfd, ...unsigned(opcode)]);
/** An access of memory: `align` is the power of two. The operands stand before the instruction, the offset is fixed. */
const access =
  (prefix: Code, align: number) =>
  (address: Code, offset: number, ...operands: readonly Code[]): Code =>
    sequence(address, ...operands, prefix, [align], unsigned(offset));

function float64Bytes(value: number): readonly number[] {
  return [...new Uint8Array(Float64Array.of(value).buffer)];
}

/** 32-bit integers: addresses, counts, days, tier codes and letters. */
export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  load: access([0x28], 2),
  load8: access([0x2c], 0),
  /** One byte, or two, as 0 and above. */
  loadByte: access([0x2d], 0),
  loadPair: access([0x2f], 0),
  store: access([0x36], 2),
  store8: access([0x3a], 0),
  eqz: plain(0x45),
  eq: plain(0x46),
  ne: plain(0x47),
  lt: plain(0x48),
  gt: plain(0x4a),
  /** Of numbers of 0 and above, to 2^32. */
  isAbove: plain(0x4b),
  le: plain(0x4c),
  ge: plain(0x4e),
  add: plain(0x6a),
  sub: plain(0x6b),
  mul: plain(0x6c),
  and: plain(0x71),
  or: plain(0x72),
  xor: plain(0x73),
  shiftLeft: plain(0x74),
  shiftRight: plain(0x75),
  /** A double without its fraction; NaN is 0, what is too large the largest. */
  truncate: (value: Code): Code => sequence(value, [0xfc, 0x02]),
} as const;

/** 64-bit integers: eight letters, or a long number. Shifts fill up with 0. */
export const i64 = {
  const: (value: bigint): Code => [0x42, ...signed(value)],
  /** Eight bytes from any address, the first one lowest. */
  load: access([0x29], 0),
  isZero: plain(0x50),
  add: plain(0x7c),
  mul: plain(0x7e),
  and: plain(0x83),
  or: plain(0x84),
  xor: plain(0x85),
  shiftLeft: plain(0x86),
  shiftRight: plain(0x88),
  /** How many bits stand below the lowest that is set; 64 where none is. */
  zerosBelow: plain(0x7a),
  low: plain(0xa7),
  fromInteger: plain(0xad),
} as const;

/** Doubles, one at a time. */
export const f64 = {
  const: (value: number): Code => [0x44, ...float64Bytes(value)],
  load: access([0x2b], 3),
  store: access([0x39], 3),
  lt: plain(0x63),
  gt: plain(0x64),
  ge: plain(0x66),
  add: plain(0xa0),
  sub: plain(0xa1),
  fromInteger: plain(0xb7),
  fromUnsigned: plain(0xb8),
  fromLong: plain(0xb9),
} as const;

/** Two doubles at a time, one a row. */
export const f64x2 = {
  add: vector(0xf0),
  sub: vector(0xf1),
  mul: vector(0xf2),
  div: vector(0xf3),
  min: vector(0xf4),
  max: vector(0xf5),
  /** The second where the first is less, else the first, missing or not. */
  atLeast: vector(0xf7),
  /** The second where it is less than the first, else the first, missing or not. */
  atMost: vector(0xf6),
  abs: vector(0xec),
  neg: vector(0xed),
  sqrt: vector(0xef),
  ceil: vector(0x74),
  floor: vector(0x75),
  eq: vector(0x47),
  ne: vector(0x48),
  lt: vector(0x49),
  gt: vector(0x4a),
  le: vector(0x4b),
  ge: vector(0x4c),
  splat: vector(0x14),
  lane: (value: Code, lane: 0 | 1): Code => sequence(value, [0xfd, 0x21, lane]),
  withLane: (value: Code, lane: 0 | 1, number: Code): Code => sequence(value, number, [0xfd, 0x22, lane]),
} as const;

/** Two 64-bit integers at a time: tier codes, and masks as -1 and 0. */
export const i64x2 = {
  eq: vector(0xd6),
  gt: vector(0xd9),
  add: vector(0xce),
  sub: vector(0xd1),
  shiftLeft: (value: Code, bits: number): Code => sequence(value, i32.const(bits), [0xfd, ...unsigned(0xcb)]),
  /** The lower 32 bits of a half. */
  low: (value: Code, lane: 0 | 1): Code => sequence(value, [0xfd, 0x1d, lane, 0xa7]),
} as const;

/** 128 bits: a pair of doubles or a pair of masks. */
export const v128 = {
  load: access([0xfd, 0x00], 3),
  loadSplat: access([0xfd, 0x0a], 3),
  /** One double from each of two addresses. */
  loadPair: (first: Code, second: Code, offset: number): Code =>
    sequence(second, access([0xfd, 0x5d], 3)(first, offset), [0xfd, 0x57, 3], unsigned(offset), [1]),
  store: access([0xfd, 0x0b], 3),
  /** Stores one byte of sixteen. */
  storeByte: (address: Code, offset: number, value: Code, byte: number): Code =>
    sequence(address, value, [0xfd, 0x58, 0], unsigned(offset), [byte]),
  /** The same 64-bit integer in both halves, 0 to 255. */
  constByte: (value: number): Code => [0xfd, 0x0c, value, 0, 0, 0, 0, 0, 0, 0, value, 0, 0, 0, 0, 0, 0, 0],
  all: [0xfd, 0x0c, ...Array.from({ length: 16 }, () => 0xff)] as Code,
  none: [0xfd, 0x0c, ...Array.from({ length: 16 }, () => 0)] as Code,
  not: vector(0x4d),
  and: vector(0x4e),
  or: vector(0x50),
  /** The first where the mask is set, else the second. */
  select: (then: Code, otherwise: Code, mask: Code): Code => sequence(then, otherwise, mask, [0xfd, 0x52]),
  isAny: vector(0x53),
  /** Halves of two values: 0 and 1 are those of the first, 2 and 3 those of the second. */
  shuffle: (first: Code, second: Code, halves: readonly [number, number]): Code =>
    sequence(
      first,
      second,
      [0xfd, 0x0d],
      halves.flatMap((half) => Array.from({ length: 8 }, (_, byte) => half * 8 + byte)),
    ),
} as const;

/** Locals and structure. */
export const flow = {
  get: (local: number): Code => [0x20, ...unsigned(local)],
  set: (local: number, value: Code): Code => sequence(value, [0x21], unsigned(local)),
  if: (condition: Code, then: Code, otherwise: Code = []): Code =>
    sequence(condition, [0x04, 0x40], then, otherwise.length === 0 ? [] : [0x05], otherwise, [0x0b]),
  /** Runs the body while the condition holds. */
  while: (condition: Code, body: Code): Code => flow.loop(sequence(flow.leave(i32.eqz(condition), 1), body)),
  /** Repeats the body until a `leave` of depth 1 goes behind it. */
  loop: (body: Code): Code => sequence([0x02, 0x40, 0x03, 0x40], body, [0x0c, 0x00, 0x0b, 0x0b]),
  /** Where the condition holds, goes behind the loop at depth 1, at depth 2 inside one `if` of its body; each loop between counts 2. */
  leave: (condition: Code, depth: number): Code => sequence(condition, [0x0d, depth]),
  /** The first where the condition holds, else the second; both are computed. */
  select: (then: Code, otherwise: Code, condition: Code): Code => sequence(then, otherwise, condition, [0x1b]),
} as const;

/** Types of values. */
export const types = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b } as const;

/** What a local holds. */
export type LocalType = keyof typeof types;

/** A function of one integer that gives one: its locals beside the parameter, and its code. */
export interface KernelCode {
  readonly locals: readonly LocalType[];
  readonly code: Code;
}

/**
 * A module that imports its memory as `kernel.memory` and exports its function as `run`.
 *
 * @example
 * const double = wasmModule({ locals: [], code: i32.add(flow.get(0), flow.get(0)) }, 1);
 * const memory = new WebAssembly.Memory({ initial: 1 });
 * const { run } = new WebAssembly.Instance(new WebAssembly.Module(double), { kernel: { memory } }).exports;
 * run(21)
 * // => 42
 */
export function wasmModule({ locals, code }: KernelCode, pages: number): Uint8Array<ArrayBuffer> {
  const body = sequence(
    unsigned(locals.length),
    locals.flatMap((type) => [1, types[type]]),
    code,
    [0x0b],
  );
  return Uint8Array.from(
    sequence(
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      section(1, [1, 0x60, 1, types.i32, 1, types.i32]),
      section(2, [1, ...text("kernel"), ...text("memory"), 0x02, 0x00, ...unsigned(pages)]),
      section(3, [1, 0]),
      section(7, [1, ...text("run"), 0x00, 0]),
      section(10, sequence([1], unsigned(body.length), body)),
    ),
  );
}

function section(id: number, content: Code): Code {
  return sequence([id], unsigned(content.length), content);
}

function text(value: string): Code {
  return [value.length, ...Buffer.from(value, "latin1")];
}
