/**
 * Collects what a vector kernel is made of: statements that score two rows at a time, numbers in memory, and the memory's layout.
 *
 * A number is a pair of doubles, one a row; missing is NaN. A condition is two masks, `yes` and `no`; unknown is neither. Every number
 * that comes from the policy stands in memory (a slot), so that policies which differ in numbers only have the same code.
 */
import { type Code, f64x2, flow, InvariantBroken, i32, type LocalType, sequence, v128 } from "../../../data/foundation/index.ts";
import type { Policy } from "../../language/checked/index.ts";

/** The two sides of a condition, as masks. */
export interface Masks {
  readonly yes: Code;
  readonly no: Code;
}

/** A statement about one pair of rows. */
export interface Statement {
  readonly code: Code;
  /** The rows that it is for; elsewhere it does no harm. Absent: all. */
  readonly where?: Code;
}

/**
 * The same statement of every pair, one after the other. Pairs share the question whether it is run at all: after a branch the machine
 * begins with what the next pair computes, and no two pairs would be under way at once.
 */
export function together(statements: readonly Statement[]): Code {
  const code = sequence(...statements.map((statement) => statement.code));
  const masks = statements.flatMap(({ where: mask }) => (mask === undefined ? [] : [mask]));
  return masks.length === 0 ? code : flow.if(v128.isAny(masks.reduce((one, other) => v128.or(one, other))), code);
}

/** Raised where vector code has no form for something: whatever has a name is then computed by the plain kernels. */
export class NoVectorForm extends InvariantBroken {}

/** A number of the policy, or one derived from several. */
export type SlotValue = (policy: Policy) => number;

/** Rows that a kernel is given at once; with the columns of a policy they stay in the second cache. */
export const BLOCK_ROWS = 4096;

const SLOT_COUNT = 4096;

/** Writes one kernel. */
export class VectorWriter {
  readonly locals: LocalType[] = [];
  readonly slots: SlotValue[] = [];
  readonly tables: { readonly address: number; readonly values: Int32Array }[] = [];
  readonly #slotAddresses = new Map<string, number>();
  #statements: Statement[] = [];
  #definitions = new Map<string, Code>();
  /** Locals that hold numbers of the policy, in the order in which they are read for the first pair; and how many were read for this one. */
  readonly #constants: number[] = [];
  #constantsRead = 0;
  /** Whether what is written runs only sometimes, so that no register can be counted on. */
  #isAside = false;
  readonly #policy: Policy;
  #end = SLOT_COUNT * 8;

  /** `policy`: its numbers decide whether there is a vector form. */
  constructor(policy: Policy) {
    this.#policy = policy;
  }

  /** The statements since they were last taken; what was written once is forgotten with them. */
  take(): readonly Statement[] {
    const taken = this.#statements;
    this.#statements = [];
    this.#definitions = new Map();
    this.#constantsRead = 0;
    return taken;
  }

  /** The pages of memory that everything reserved needs. */
  get pages(): number {
    return Math.ceil((this.#end + 64) / 65_536);
  }

  /** A fresh local's number. Local 0 is the kernel's parameter. */
  local(type: LocalType): number {
    this.locals.push(type);
    return this.locals.length;
  }

  write(code: Code): void {
    this.#statements.push({ code });
  }

  /** Gives a value a local and returns the code that reads it. */
  keep(value: Code, type: LocalType = "v128"): Code {
    const local = this.local(type);
    this.write(flow.set(local, value));
    return flow.get(local);
  }

  /** Writes statements that run at least where the mask is set, which is seldom; what they define is known to nothing outside. */
  rarely(mask: Code, make: () => void): void {
    const code = this.#aside(make);
    // Aside of something aside no other pair is at hand.
    this.#statements.push(this.#isAside ? { code: flow.if(v128.isAny(mask), code) } : { code, where: mask });
  }

  #aside(make: () => void): Code {
    const before = { statements: this.#statements, definitions: new Map(this.#definitions), isAside: this.#isAside };
    this.#statements = [];
    this.#isAside = true;
    try {
      make();
      return sequence(...this.#statements.map(({ code }) => code));
    } finally {
      this.#statements = before.statements;
      this.#definitions = before.definitions;
      this.#isAside = before.isAside;
    }
  }

  /** The code of a named thing, written once. */
  once(key: string, make: () => Code): Code {
    const known = this.#definitions.get(key);
    if (known !== undefined) return known;
    const code = make();
    this.#definitions.set(key, code);
    return code;
  }

  /** Does the writing; when there is no vector form for it, everything is as before and `otherwise` is written. */
  attempt(make: () => Code, otherwise: () => Code): Code {
    const before = {
      statements: [...this.#statements],
      definitions: new Map(this.#definitions),
      read: this.#constantsRead,
      isFirst: this.#constants.length === this.#constantsRead,
    };
    try {
      return make();
    } catch (error) {
      if (!(error instanceof NoVectorForm)) throw error;
      this.#statements = before.statements;
      this.#definitions = before.definitions;
      this.#constantsRead = before.read;
      if (before.isFirst) this.#constants.length = before.read;
      return otherwise();
    }
  }

  /** Reserves memory and returns its address, a multiple of 16. */
  reserve(bytes: number): number {
    const address = this.#end;
    this.#end += Math.ceil(bytes / 16) * 16;
    return address;
  }

  /** A number of the policy, the same for both rows: read into a register, which all pairs then use. */
  slot(key: string, value: SlotValue): Code {
    const address = this.slotAddress(key, [value]);
    if (this.#isAside) return v128.loadSplat(i32.const(0), address);
    const known = this.#constants[this.#constantsRead];
    const local = known ?? this.local("v128");
    if (known === undefined) this.#constants.push(local);
    this.#constantsRead++;
    this.write(known === undefined ? flow.set(local, v128.loadSplat(i32.const(0), address)) : []);
    return flow.get(local);
  }

  /** A number that stands in the code of every policy: in memory too, where the processor reads it with the operation. */
  fixed(value: number): Code {
    return this.slot(`number ${value} `, () => value);
  }

  /** Consecutive numbers of the policy. */
  slotAddress(key: string, values: readonly SlotValue[]): number {
    const known = this.#slotAddresses.get(key);
    if (known !== undefined) return known;
    const address = this.slots.length * 8;
    for (const value of values) value(this.#policy);
    this.slots.push(...values);
    if (this.slots.length > SLOT_COUNT) throw new NoVectorForm(`more than ${SLOT_COUNT} numbers`);
    this.#slotAddresses.set(key, address);
    return address;
  }

  /** Integers that never change, in memory. */
  table(key: string, values: Int32Array): number {
    const address = this.#slotAddresses.get(`table ${key}`) ?? this.reserve(values.byteLength);
    if (!this.#slotAddresses.has(`table ${key}`)) this.tables.push({ address, values });
    this.#slotAddresses.set(`table ${key}`, address);
    return address;
  }
}

/** A value where a mask is set, else missing. */
export function where(mask: Code, value: Code): Code {
  return unless(v128.not(mask), value);
}

/** A value where a mask is not set; where it is, all bits are, which is NaN. */
export function unless(mask: Code, value: Code): Code {
  return v128.or(value, mask);
}

/** The mask of rows where a number is there. The number is read twice. */
export function isThere(number: Code): Code {
  return f64x2.eq(number, number);
}
