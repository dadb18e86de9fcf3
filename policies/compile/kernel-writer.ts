/**
 * Writes the straight-line code that scores one row. Nothing from a policy's text reaches it: names become indices, numbers are
 * printed from doubles, and the finished text is checked against the alphabet that the generator uses.
 *
 * In the code a missing number is NaN. A condition is two booleans, `yes` (surely true) and `no` (surely false); unknown is neither.
 * Comparisons with NaN are false on both sides, so three-valued logic costs nothing.
 */
import { InvariantBroken, invariant, limits } from "../../data/foundation/index.ts";

/** The two sides of a condition, as code. */
export interface Truth {
  readonly yes: string;
  readonly no: string;
}

/** An integer over a power of ten, as code. */
export interface ExactOperand {
  readonly code: string;
  readonly scale: number;
  /** Whether it is NaN while a text is missing. */
  readonly mayBeMissing?: boolean;
}

/** Numbers that a kernel looks up by an index. */
export type NumberTable = Int32Array | Float64Array;

/** Collects statements, tables and helpers while a kernel is written. */
export class KernelWriter {
  /** Run before an entity's first row. */
  readonly entityStatements: string[] = [];
  /** Run after an entity's last row. */
  readonly closingStatements: string[] = [];
  /** Run at every evaluation, in order. */
  readonly statements: string[] = [];
  readonly tables: NumberTable[] = [];
  /** Objects whose methods the kernel calls: what keeps a state or needs a scratch. */
  readonly helpers: object[] = [];
  /** Fields of the kernel's input that not every kernel reads. */
  readonly inputs = new Set<KernelInput>();
  readonly #definitions = new Map<string, string>();
  readonly #open = new Set<string>();
  #current = this.statements;
  #temporaries = 0;

  /** A name that nothing else has. */
  fresh(): string {
    return `t${this.#temporaries++}`;
  }

  /** Adds a statement where the writing stands: to the evaluation, or to the block that is being written. */
  write(statement: string): void {
    this.#current.push(statement);
  }

  /** Gives a value a name and returns the name. */
  keep(code: string): string {
    const name = this.fresh();
    this.write(`const ${name} = ${code};`);
    return name;
  }

  /** Code of a number that may overflow: missing where it is not finite. */
  finite(code: string): string {
    this.reads("finite");
    return `finite(${code})`;
  }

  /** A number that later statements fill in; missing until then. Returns its name. */
  variable(): string {
    const name = this.fresh();
    this.write(`let ${name} = NaN;`);
    return name;
  }

  /** An integer that must stay exact: kept, and refused at run time beyond 2^53. Where it may be missing, NaN passes. */
  keepExact(code: string, mayBeMissing = false): string {
    const name = this.keep(code);
    const { value } = limits.measureAbsolute;
    const beyond = mayBeMissing ? `Math.abs(${name}) > ${value}` : `!(Math.abs(${name}) <= ${value})`;
    this.write(`if (${beyond}) refuse(entity, Math.abs(${name}));`);
    return name;
  }

  /** The text of statements for an inner block, a loop's body for one. What is written `once` meanwhile stands outside, before it. */
  block(writeInside: () => void): string {
    const outside = this.#current;
    const inside: string[] = [];
    this.#current = inside;
    writeInside();
    this.#current = outside;
    return inside.join(" ");
  }

  /** The code of a named thing, written once at its first use. Definitions that need each other are our bug. */
  once(key: string, write: () => string): string {
    const known = this.#definitions.get(key);
    if (known !== undefined) return known;
    invariant(!this.#open.has(key), `${key} is defined by itself`);
    this.#open.add(key);
    const outside = this.#current;
    this.#current = this.statements;
    const code = write();
    this.#current = outside;
    this.#open.delete(key);
    this.#definitions.set(key, code);
    return code;
  }

  /** Passes a table of numbers to the kernel and returns its name there. */
  table(values: NumberTable): string {
    this.tables.push(values);
    return `k${this.tables.length - 1}`;
  }

  /** Passes an object to the kernel and returns its name there. */
  helper(object: object): string {
    this.helpers.push(object);
    return `h${this.helpers.length - 1}`;
  }

  /** Makes the kernel read more of its input. */
  reads(...inputs: readonly KernelInput[]): void {
    for (const input of inputs) this.inputs.add(input);
  }
}

/** Fields of the input that only some kernels read. */
export type KernelInput =
  | "eventFirst"
  | "eventUnseen"
  | "eventPoints"
  | "eventNumber"
  | "eventPeriod"
  | "fieldCodes"
  | "takenBack"
  | "guarded"
  | "percentile"
  | "finite";

/** Stops the writing of a kernel for a policy that no check lets through: our bug. */
export function impossible(message: string): never {
  throw new InvariantBroken(message);
}

/**
 * A finite double as code that reads back as the same double.
 *
 * @example
 * [numeral(0.022), numeral(-1), numeral(1e21)]
 * // => ["0.022", "(-1)", "1e+21"]
 */
export function numeral(value: number): string {
  invariant(Number.isFinite(value), `${value} cannot stand in a kernel`);
  return value < 0 || Object.is(value, -0) ? `(${Object.is(value, -0) ? "-0" : String(value)})` : String(value);
}

/** Whether code is a numeral, so that its value is known while the kernel is written. */
export function isNumeral(code: string): boolean {
  return /^\(?-?[\d.]+(e[+-]\d+)?\)?$/.test(code);
}

/** Turns finished code into a function of one argument, after checking its alphabet: no quotes, no escapes, only the generator's words. */
export function makeKernel(body: string): (input: object) => void {
  invariant(/^[\w\s.,;:?!=<>()[\]{}+\-*/&|]*$/.test(body), "a kernel's text holds a character that the generator never writes");
  for (const word of body.match(/[A-Za-z_]\w*/g) ?? []) {
    invariant(generatedWord.test(word), `a kernel's text holds the word ${word}, which the generator never writes`);
  }
  // The text is our own, checked word by word above; a policy contributes numbers and indices only.
  // oxlint-disable-next-line typescript/no-implied-eval
  return new Function("input", body) as (input: object) => void;
}

const generatedWord = new RegExp(
  `^(?:[a-z]|[a-z]\\d+(?:_\\d+)?|${[
    ["const", "let", "for", "while", "break", "if", "else", "NaN", "Math", "abs", "floor", "ceil", "min", "max", "exp", "log", "sqrt"],
    ["input", "measures", "attributes", "tables", "columns", "rowStart", "firstPeriod", "entityCount", "panelStart", "to"],
    ["evaluationDay", "eventStart", "eventKind", "eventKnownDay", "score", "merited", "evaluated"],
    [
      "helpers",
      "eventFirst",
      "eventUnseen",
      "eventPoints",
      "eventNumber",
      "eventPeriod",
      "fieldCodes",
      "takenBack",
      "guarded",
      "percentile",
      "finite",
    ],
    [
      "open",
      "close",
      "since",
      "reset",
      "expire",
      "add",
      "sums",
      "counted",
      "clear",
      "most",
      "different",
      "collect",
      "touched",
      "rank",
      "ratio",
    ],
    ["roundExactly", "roundToInteger", "refuse", "verify", "fill", "entity", "begin", "end", "offset", "row", "day", "total"],
  ]
    .flat()
    .join("|")})$`,
);
