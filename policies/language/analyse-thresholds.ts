/** Which names an expression turns on, and at which numbers and texts. */
import { keyOf, type PolicyBody, type Possibilities } from "./analyse-possible.ts";
import type { Expression, ReferenceKind } from "./expression.ts";
import { operandsOf, partsOf } from "./walk-expression.ts";

/** A number that a name is compared with, and on which side of it the answer changes: `>= 5` changes below it, `<= 5` above, `= 5` on both. */
export interface Threshold {
  readonly value: number;
  readonly below: boolean;
  readonly above: boolean;
}

/** A name that is not fixed, with the numbers or texts that it is compared with. */
export interface Variable {
  readonly key: string;
  readonly to: ReferenceKind;
  readonly name: string;
  /** Ascending, each once. */
  readonly thresholds: readonly Threshold[];
  readonly texts: readonly string[];
}

type Reference = Extract<Expression, { kind: "reference" }>;

/**
 * The names that expressions turn on, in order of appearance: conditions read through, or (`closed`) standing for themselves, as scores and
 * metrics always do. A parameter by text brings the text that it is chosen by.
 */
export function variablesOf(
  expressions: readonly Expression[],
  possibilities: Possibilities,
  conditions: "open" | "closed" = "open",
): readonly Variable[] {
  const collector = new Collector(possibilities, conditions === "closed");
  for (const expression of expressions) collector.visit(expression);
  return collector.variables();
}

/** How much there is to evaluate in expressions: their nodes, and those of the conditions that they read, each once. */
export function workOf(expressions: readonly Expression[], { policy }: Possibilities): number {
  const conditions = new Map(policy.conditions.map((condition) => [condition.name, condition.expression]));
  const open = [...expressions];
  let work = 0;
  for (let expression = open.pop(); expression !== undefined; expression = open.pop()) {
    for (const part of partsOf(expression)) {
      work++;
      if (part.kind !== "reference" || part.to !== "condition") continue;
      const inner = conditions.get(part.name);
      conditions.delete(part.name);
      if (inner !== undefined) open.push(inner);
    }
  }
  return work;
}

/** Every place of a policy in which a condition is asked, with the part that it belongs to. */
export interface Site {
  readonly expression: Expression;
  readonly owner: object;
  /** In words: `condition 'rated'`, `tier 'gold'`. */
  readonly what: string;
  readonly kind: "condition" | "tier" | "cap" | "line" | "where" | "value";
}

/** All such places in the order of the language; `value` ones are numbers that may ask conditions inside. */
export function sitesOf(policy: PolicyBody): readonly Site[] {
  const sites: Site[] = [];
  const add = (kind: Site["kind"], what: string, owner: object, expression: Expression | undefined): void => {
    if (expression !== undefined) sites.push({ kind, what, owner, expression });
  };
  for (const metric of policy.metrics) {
    if ("where" in metric) add("where", `'where' of '${metric.name}'`, metric, metric.where);
    if (metric.kind === "value") add("value", `metric '${metric.name}'`, metric, metric.expression);
  }
  for (const score of policy.scores) if (score.kind === "value") add("value", `score '${score.name}'`, score, score.expression);
  for (const ledger of policy.ledgers) {
    for (const [index, line] of ledger.lines.entries()) {
      const what = `line ${index + 1} of ledger '${ledger.name}'`;
      if (line.kind === "event") add("where", `'where' in ${what}`, line, line.where);
      add("line", `'when' in ${what}`, line, line.when);
      add("value", what, line, line.amount);
    }
  }
  for (const condition of policy.conditions) add("condition", `condition '${condition.name}'`, condition, condition.expression);
  for (const tier of policy.tiers) add("tier", `tier '${tier.name}'`, tier, tier.when);
  for (const cap of policy.caps) add("cap", `the cap at '${cap.tier}'`, cap, cap.when);
  return sites;
}

class Collector {
  readonly #possibilities: Possibilities;
  readonly #isClosed: boolean;
  readonly #found = new Map<
    string,
    { readonly to: ReferenceKind; readonly name: string; numbers: Map<number, Threshold>; texts: Set<string> }
  >();
  readonly #visited = new Set<string>();

  constructor(possibilities: Possibilities, isClosed: boolean) {
    this.#possibilities = possibilities;
    this.#isClosed = isClosed;
  }

  visit(expression: Expression): void {
    if (expression.kind === "reference") this.#reference(expression);
    if (expression.kind === "compare") {
      const { left, right, operator } = expression;
      const isBelow = operator === ">=" || operator === "<";
      const isEqual = operator === "=" || operator === "!=";
      this.#threshold(left, right, { below: isBelow || isEqual, above: !isBelow || isEqual });
      this.#threshold(right, left, { below: !isBelow || isEqual, above: isBelow || isEqual });
    }
    if (expression.kind === "member" && expression.operand.kind === "reference")
      for (const value of expression.values) this.#entry(expression.operand).texts.add(value);
    for (const operand of operandsOf(expression)) this.visit(operand);
  }

  variables(): readonly Variable[] {
    return [...this.#found].map(([key, { to, name, numbers, texts }]) => ({
      key,
      to,
      name,
      thresholds: [...numbers.values()].sort((a, b) => a.value - b.value),
      texts: [...texts],
    }));
  }

  #reference(reference: Reference): void {
    const { policy } = this.#possibilities;
    const key = keyOf(reference.to, reference.name);
    if (reference.to === "condition" && !this.#isClosed) {
      if (this.#visited.has(key)) return;
      this.#visited.add(key);
      const condition = policy.conditions.find((candidate) => candidate.name === reference.name);
      if (condition !== undefined) this.visit(condition.expression);
    } else if (reference.to === "parameter") {
      const parameter = policy.parameters.find((candidate) => candidate.name === reference.name);
      if (parameter?.by === undefined) return;
      const chosenBy = this.#entry({ kind: "reference", ...parameter.by });
      for (const { text } of parameter.values) chosenBy.texts.add(text);
    } else this.#entry(reference);
  }

  #threshold(varying: Expression, fixed: Expression, { below, above }: Omit<Threshold, "value">): void {
    if (varying.kind !== "reference" || varying.to === "parameter" || varying.to === "condition") return;
    if (fixed.kind === "text") this.#entry(varying).texts.add(fixed.value);
    else {
      const { numbers } = this.#entry(varying);
      for (const value of this.#fixedValues(fixed)) {
        const known = numbers.get(value);
        numbers.set(value, { value, below: below || known?.below === true, above: above || known?.above === true });
      }
    }
  }

  #fixedValues(fixed: Expression): readonly number[] {
    if (fixed.kind === "reference" && fixed.to === "parameter") {
      const parameter = this.#possibilities.policy.parameters.find((candidate) => candidate.name === fixed.name);
      if (parameter?.by !== undefined) return parameter.values.map(({ value }) => value);
    }
    const range = this.#possibilities.number(fixed);
    return range.known && range.lower === range.upper ? [range.lower] : [];
  }

  #entry(reference: Reference): { numbers: Map<number, Threshold>; texts: Set<string> } {
    const key = keyOf(reference.to, reference.name);
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const entry = { to: reference.to, name: reference.name, numbers: new Map<number, Threshold>(), texts: new Set<string>() };
    this.#found.set(key, entry);
    return entry;
  }
}
