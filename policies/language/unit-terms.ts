/** Units as terms that use makes equal: the arithmetic of units, and where a clash is told. */
import type { DiagnosticCode, Place } from "../../data/foundation/index.ts";
import { conversionIn } from "../../data/panel/index.ts";
import type { Expression, ValueUnit } from "./expression.ts";
import { placeOfPart } from "./places.ts";

/** A unit, `plain` for bare numbers and counts, money with its currency; or an open question that use will answer. */
export type Term = Known | { readonly open: number };

/** Money without a currency goes with any: that of a panel which names none. */
type Known = { readonly unit: UnitClass; readonly currency?: string | undefined };

/** Units that do not mix. */
export type UnitClass = "plain" | Exclude<ValueUnit, "number" | "count">;

/** A clash of units or currencies. */
export type UnitFault = (
  code: Extract<DiagnosticCode, "unit-mismatch" | "currency-mismatch">,
  place: Place | undefined,
  details: { readonly message: string; readonly found: string; readonly expected: string; readonly cure?: string },
) => void;

/** The term of bare numbers and counts. */
export const plain: Term = { unit: "plain" };

/** Two things that must have one unit, with their names for a message. */
export interface Matched {
  readonly left: Term;
  readonly right: Term;
  /** The part whose place a clash is told at. */
  readonly at: object;
  readonly leftName: string;
  readonly rightName: string;
  /** The quotient behind the side that is a plain number, as written. */
  readonly quotient?: string | undefined;
}

/** The open questions of one policy and what is known of them. */
export class UnitTerms {
  readonly #report: UnitFault;
  readonly #measureUnit: ((name: string) => ValueUnit | undefined) | undefined;
  readonly #currency: string | undefined;
  readonly #terms: Term[] = [];
  /** Where each open term got its answer. */
  readonly #answeredAt = new Map<number, object>();
  /** Open terms that stand for totals of flows: they can be anything but a share. */
  readonly #totals = new Set<number>();
  readonly #measures = new Map<string, Term>();

  constructor(options: {
    readonly measureUnit?: (name: string) => ValueUnit | undefined;
    readonly currency?: string | undefined;
    readonly report: UnitFault;
  }) {
    this.#report = options.report;
    this.#measureUnit = options.measureUnit;
    this.#currency = options.currency;
  }

  /** A number or share times anything keeps the other's unit. */
  product(left: Term, right: Term, at: Expression): Term {
    const [a, b] = [this.follow(left), this.follow(right)];
    if (this.#refusesDate(a, b, at)) return this.fresh();
    if (!("unit" in a) || !("unit" in b))
      return "unit" in a && a.unit === "plain" ? b : "unit" in b && b.unit === "plain" ? a : this.fresh();
    if (a.unit === "plain") return b;
    if (b.unit === "plain" || b.unit === "share") return a;
    if (a.unit === "share") return b;
    this.#report("unit-mismatch", placeOfPart(at), {
      message: `${a.unit} times ${b.unit} means nothing`,
      found: b.unit,
      expected: "a number or a share",
      cure: "Multiply by a number or a share.",
    });
    return this.fresh();
  }

  /** Like over like is a plain number; over a number or share the unit stays. */
  quotient(left: Term, right: Term, at?: Expression): Term {
    const [a, b] = [this.follow(left), this.follow(right)];
    if (at !== undefined && this.#refusesDate(a, b, at)) return this.fresh();
    if ("unit" in b && (b.unit === "plain" || b.unit === "share") && !("unit" in a && a.unit === b.unit)) return a;
    if (!("unit" in a) || !("unit" in b)) return this.fresh();
    if (a.unit === b.unit) return plain;
    if (at !== undefined)
      this.#report("unit-mismatch", placeOfPart(at), {
        message: `${describe(a.unit)} over ${describe(b.unit)} means nothing`,
        found: b.unit,
        expected: a.unit,
        cure: "Divide by a number, a share, or the same unit.",
      });
    return this.fresh();
  }

  /** A date is neither multiplied nor divided. */
  #refusesDate(a: Term, b: Term, at: Expression): boolean {
    if (![a, b].some((term) => "unit" in term && term.unit === "date")) return false;
    this.#report("unit-mismatch", placeOfPart(at), {
      message: "a date is neither multiplied nor divided",
      found: "a date",
      expected: "days",
      cure: "Take one date from another first: that gives days.",
    });
    return true;
  }

  /** Dates: a date less a date is days, a date and days a date. Undefined when neither side is a date. */
  dated(operator: "+" | "-", left: Term, right: Term, at: Expression): Term | undefined {
    const [a, b] = [this.follow(left), this.follow(right)];
    const [isDate, isOther] = ["unit" in a && a.unit === "date", "unit" in b && b.unit === "date"];
    if (!isDate && !isOther) return undefined;
    if (operator === "-" && isDate && isOther) return { unit: "days" };
    if (isDate && !isOther && "unit" in b && b.unit === "days") return a;
    if (operator === "+" && isOther && "unit" in a && a.unit === "days") return b;
    this.#report("unit-mismatch", placeOfPart(at), {
      message: "a date goes with days, or with the date that it is taken from",
      found: "unit" in b ? describe(b.unit) : "something else",
      expected: "days",
      cure: "Add or take away days: 'today - 30 days', or take one date from another.",
    });
    return this.fresh();
  }

  /** Makes two terms one, or reports the clash at the second. */
  match({ left, right, at, leftName, rightName, quotient }: Matched): void {
    const [a, b] = [this.follow(left), this.follow(right)];
    if ("unit" in a && "unit" in b) {
      if (a.unit === b.unit) {
        if (!isSameCurrency(a, b)) this.#mixed(a, b, at, [leftName, rightName]);
        return;
      }
      const isRateless = quotient !== undefined && [a.unit, b.unit].includes("share") && [a.unit, b.unit].includes("plain");
      const cure = isRateless
        ? { cure: `A count over a count is a plain number: for a share write '100 % * ${quotient}'.` }
        : b.unit === "plain"
          ? { cure: `Write the unit of the number: the other side is ${describe(a.unit)}.` }
          : {};
      this.#report("unit-mismatch", placeOfPart(at), {
        message: `${leftName} is ${describe(a.unit)}, but ${rightName} is ${describe(b.unit)}`,
        found: describe(b.unit),
        expected: describe(a.unit),
        ...cure,
      });
    } else if ("open" in a) this.#answer(a, b, at, [rightName, leftName]);
    else if ("open" in b) this.#answer(b, a, at, [leftName, rightName]);
  }

  /** Gives an open term its unit; a total of a flow cannot be a share. */
  #answer(open: Extract<Term, { open: number }>, answer: Term, at: object, [known, asked]: readonly [string, string]): void {
    const isTotal = this.#totals.has(open.open);
    if ("open" in answer) {
      if (answer.open === open.open) return;
      if (isTotal) this.#totals.add(answer.open);
    } else if (isTotal && answer.unit === "share") {
      this.#report("unit-mismatch", placeOfPart(at), {
        message: `${asked} is a total, but ${known} is ${describe("share")}`,
        found: "a share (%)",
        expected: "a total",
        cure: "Compare a rate with a rate: make a metric of kind 'share'.",
      });
      return;
    }
    this.#terms[open.open] = answer;
    this.#answeredAt.set(open.open, at);
  }

  /** Refuses amounts of two currencies where one is divided by the other. */
  divided(left: Term, right: Term, at: object, [leftName, rightName]: readonly [string, string]): void {
    const [a, b] = [this.follow(left), this.follow(right)];
    if ("unit" in a && "unit" in b && !isSameCurrency(a, b)) this.#mixed(a, b, at, [leftName, rightName]);
  }

  #mixed(a: Known, b: Known, at: object, [left, right]: readonly [string, string]): void {
    this.#report("currency-mismatch", placeOfPart(at), {
      message: `${left} is in ${a.currency}, but ${right} is in ${b.currency}`,
      found: b.currency ?? "",
      expected: a.currency ?? "",
    });
  }

  /** The term of a measure. */
  measure(measure: string, kind: "flow" | "level" = "flow"): Term {
    const known = this.#measures.get(measure);
    if (known !== undefined) return known;
    const unit = this.#measureUnit?.(measure);
    const currency = conversionIn(measure)?.currency;
    const term: Term =
      currency !== undefined
        ? { unit: "money", currency }
        : unit === undefined
          ? this.fresh()
          : { unit: classOf(unit), currency: unit === "money" ? this.#currency : undefined };
    if ("open" in term && kind === "flow") this.#totals.add(term.open);
    this.#measures.set(measure, term);
    return term;
  }

  /** Without a panel, use must still find all measures that are read as they are in one currency: a panel has one. */
  checkCurrencies(): void {
    let first: string | undefined;
    for (const [name, term] of this.#measures) {
      const known = this.follow(term);
      if (!("open" in term) || !("unit" in known) || known.currency === undefined) continue;
      first ??= known.currency;
      if (known.currency === first) continue;
      this.#report("currency-mismatch", this.#placeOfAnswer(term), {
        message: `'${name}' would be in ${known.currency}, where other measures of the panel are in ${first}`,
        found: known.currency,
        expected: first,
      });
    }
  }

  #placeOfAnswer(term: Extract<Term, { open: number }>): Place | undefined {
    let at: Term | undefined = term;
    let place: Place | undefined;
    while (at !== undefined && "open" in at) {
      const answered = this.#answeredAt.get(at.open);
      if (answered !== undefined) place = placeOfPart(answered) ?? place;
      at = this.#terms[at.open] === at ? undefined : this.#terms[at.open];
    }
    return place;
  }

  /** A new open question. */
  fresh(): Extract<Term, { open: number }> {
    const term = { open: this.#terms.length };
    this.#terms.push(term);
    return term;
  }

  /** What is known of a term by now. */
  follow(term: Term): Term {
    let at = term;
    for (;;) {
      if (!("open" in at)) return at;
      const next = this.#terms[at.open];
      if (next === undefined || next === at || ("open" in next && next.open === at.open)) return at;
      at = next;
    }
  }
}

function isSameCurrency(a: Known, b: Known): boolean {
  return a.currency === b.currency || a.currency === undefined || b.currency === undefined;
}

/** The class of a unit. */
export function classOf(unit: ValueUnit): UnitClass {
  return unit === "number" || unit === "count" ? "plain" : unit;
}

/** A unit in words. */
export function describe(unit: UnitClass): string {
  if (unit === "plain") return "a plain number";
  if (unit === "share") return "a share (%)";
  if (unit === "money") return "money";
  if (unit === "date") return "a date";
  return `in ${unit}`;
}
