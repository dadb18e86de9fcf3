/** Proofs that something can never be, by cutting what names can be into cells until every cell answers. */
import { type Given, nothingGiven, type Possibilities } from "./analyse-possible.ts";
import { type Answers, neverThere, nextAbove, nextBelow, type Possible, type Range, type Texts } from "./analyse-range.ts";
import { type Variable, variablesOf, workOf } from "./analyse-thresholds.ts";
import type { Expression } from "./expression.ts";
import { namesRead } from "./walk-expression.ts";

/** Nodes of expressions that all proofs about one policy evaluate together; where it runs out, nothing is claimed. */
const workMax = 400_000;
/** Nodes of one proof, so that one that cannot succeed does not eat the others' share. */
const workOfOneMax = 60_000;
/** What it takes to find the names of expressions and to cut them, in evaluations. */
const passesToBegin = 4;

/** Answers true wherever it is not sure; only gets narrower as more is supposed. */
type Could = (given: Given) => boolean;

/** Makes proofs about one policy. */
export class Prover {
  readonly possibilities: Possibilities;
  #workLeft = workMax;

  constructor(possibilities: Possibilities) {
    this.possibilities = possibilities;
  }

  /**
   * Whether `could` is false whatever the names in the expressions are. False: not proven.
   */
  neverHolds(expressions: readonly Expression[], could: Could, possibilities = this.possibilities): boolean {
    if (!could(nothingGiven)) return true;
    const readsConditions = expressions.some((expression) => namesRead(expression, "condition").length > 0);
    // Conditions by their names first: what a name says twice is then the same, however much it reads.
    if (readsConditions && this.#search(expressions, could, possibilities, "closed")) return true;
    return this.#search(expressions, could, possibilities, "open");
  }

  /** Whether a condition can never be true. */
  neverTrue(expression: Expression, possibilities = this.possibilities): boolean {
    return this.neverHolds([expression], (given) => possibilities.condition(expression, given).yes, possibilities);
  }

  #search(expressions: readonly Expression[], could: Could, possibilities: Possibilities, conditions: "open" | "closed"): boolean {
    if (this.#workLeft <= 0) return false;
    const work = workOf(conditions === "open" ? expressions : [], possibilities) + expressions.length;
    this.#workLeft -= work * passesToBegin;
    const allowed = Math.floor(Math.min(workOfOneMax, this.#workLeft) / work);
    if (allowed <= 0) return false;
    let left = allowed;
    const variables = variablesOf(expressions, possibilities, conditions).map((variable) => ({
      variable,
      cells: cellsOf(variable, possibilities),
    }));
    const search = (given: Given, from: number): boolean => {
      const next = variables[from];
      if (next === undefined) return false;
      for (const cell of next.cells) {
        if (--left < 0) return false;
        const narrower = new Map(given).set(next.variable.key, cell);
        if (could(narrower) && !search(narrower, from + 1)) return false;
      }
      return true;
    };
    const proven = search(nothingGiven, 0);
    this.#workLeft -= work * (allowed - Math.max(left, 0));
    return proven;
  }
}

function cellsOf(variable: Variable, possibilities: Possibilities): readonly (Range | Texts | Answers)[] {
  if (variable.to === "condition") return answersOf(possibilities.condition({ kind: "reference", to: "condition", name: variable.name }));
  if (possibilities.isText(variable.to, variable.name)) return textCells(variable.texts);
  const range = possibilities.number({ kind: "reference", to: variable.to, name: variable.name });
  const isWhole = possibilities.isWhole(variable.to, variable.name);
  const cells: Range[] = range.missing ? [neverThere] : [];
  const add = (lower: number, upper: number): void => {
    const [from, to] = isWhole ? [Math.ceil(lower), Math.floor(upper)] : [lower, upper];
    if (from <= to) cells.push({ kind: "number", lower: from, upper: to, missing: false, known: true });
  };
  let from = range.lower;
  for (const { value, below, above } of variable.thresholds) {
    if (value < range.lower || value > range.upper) continue;
    if (below) {
      add(from, nextBelow(value));
      from = value;
    }
    if (above) {
      add(from, value);
      from = nextAbove(value);
    }
  }
  add(from, range.upper);
  return cells;
}

function textCells(texts: readonly string[]): readonly Texts[] {
  return [
    { kind: "text", missing: true, known: false },
    ...texts.map((only): Texts => ({ kind: "text", only, missing: false, known: true })),
    { kind: "text", not: texts, missing: false, known: true },
  ];
}

function answersOf(possible: Possible): readonly Answers[] {
  const none = { kind: "answers", yes: false, no: false, unknown: false } as const;
  return [
    ...(possible.yes ? [{ ...none, yes: true }] : []),
    ...(possible.no ? [{ ...none, no: true }] : []),
    ...(possible.unknown ? [{ ...none, unknown: true }] : []),
  ];
}
