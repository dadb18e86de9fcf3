/** Every name of a policy as a range: what metrics, scores, ledgers and parameters can be, and what conditions over them can say. */
import { unreachable } from "../../data/foundation/index.ts";
import { ledgerRange } from "./analyse-ledger-range.ts";
import {
  type Answers,
  anyAnswer,
  anyNumber,
  arithmetic,
  between,
  callRange,
  chooseAnswer,
  chooseRange,
  compareRanges,
  conjunction,
  exactly,
  hull,
  inverse,
  memberOf,
  neverThere,
  type Possible,
  type Range,
  type RangeReader,
  type Texts,
} from "./analyse-range.ts";
import { scoreRange } from "./analyse-score-range.ts";
import type { Constant, Expression, ReferenceKind } from "./expression.ts";
import type { Metric, Parameter, Policy, Window } from "./policy.ts";

/** A policy before its digest is taken. */
export type PolicyBody = Omit<Policy, "digest">;

/** The key of a name of some kind. */
export function keyOf(to: ReferenceKind, name: string): string {
  return `${to} ${name}`;
}

/** What is supposed of names, by `keyOf`; of all others, everything that they can be. */
export type Given = ReadonlyMap<string, Range | Texts | Answers>;

/** Nothing is supposed. */
export const nothingGiven: Given = new Map();

type Reference = Extract<Expression, { kind: "reference" }>;

/**
 * Possible values by interval arithmetic: never narrower than what can really be. Shares lie from 0 to 1, counts and days from 0 up,
 * ranks strictly between 0 and 1, scores where their curves reach, ledgers within their bounds; sums and means can be anything.
 * Parameters are at their value, or (`parameters: "range"`) anywhere in their range.
 */
export class Possibilities implements RangeReader {
  readonly policy: PolicyBody;
  readonly #wide: boolean;
  readonly #set: ReadonlyMap<string, number>;
  readonly #parts = new Map<string, Metric | Policy["scores"][number] | Policy["ledgers"][number] | Policy["conditions"][number]>();
  readonly #parameters: ReadonlyMap<string, Parameter>;
  readonly #known = new Map<string, Range | Texts>();
  readonly #answers = new WeakMap<Given, Map<string, Possible>>();
  readonly #open = new Set<string>();

  constructor(policy: PolicyBody, options: { readonly parameters?: "value" | "range"; readonly set?: ReadonlyMap<string, number> } = {}) {
    this.policy = policy;
    this.#wide = options.parameters === "range";
    this.#set = options.set ?? new Map();
    this.#parameters = new Map(policy.parameters.map((parameter) => [parameter.name, parameter]));
    for (const metric of policy.metrics) this.#parts.set(keyOf("metric", metric.name), metric);
    for (const score of policy.scores) this.#parts.set(keyOf("score", score.name), score);
    for (const ledger of policy.ledgers) this.#parts.set(keyOf("ledger", ledger.name), ledger);
    for (const condition of policy.conditions) this.#parts.set(keyOf("condition", condition.name), condition);
  }

  /** What a condition can say. */
  condition(expression: Expression, given: Given = nothingGiven): Possible {
    switch (expression.kind) {
      case "logic": {
        const left = this.condition(expression.left, given);
        const right = this.condition(expression.right, given);
        return expression.operator === "and" ? conjunction(left, right) : inverse(conjunction(inverse(left), inverse(right)));
      }
      case "not":
        return inverse(this.condition(expression.operand, given));
      case "known":
        return this.#isKnown(expression.operand, given);
      case "compare":
        if (expression.right.kind === "text") {
          const same = memberOf(this.text(expression.left, given), [expression.right.value]);
          return expression.operator === "=" ? same : inverse(same);
        }
        return compareRanges(expression.operator, this.number(expression.left, given), this.number(expression.right, given));
      case "member":
        return memberOf(this.text(expression.operand, given), expression.values);
      case "reference":
        return this.#named(expression.name, given);
      case "if":
        return chooseAnswer(
          this.condition(expression.condition, given),
          this.condition(expression.then, given),
          this.condition(expression.otherwise, given),
        );
      case "number":
      case "text":
      case "negate":
      case "arithmetic":
      case "call":
        return anyAnswer;
      default:
        return unreachable(expression);
    }
  }

  /** What a number can be. */
  number(expression: Expression, given: Given = nothingGiven): Range {
    switch (expression.kind) {
      case "number":
        return exactly(expression.value);
      case "reference":
        return this.#numberOf(expression, given);
      case "negate":
        return arithmetic("-", exactly(0), this.number(expression.operand, given));
      case "arithmetic":
        return arithmetic(expression.operator, this.number(expression.left, given), this.number(expression.right, given));
      case "call":
        return callRange(
          expression.function,
          expression.arguments.map((argument) => this.number(argument, given)),
        );
      case "if":
        return chooseRange(
          this.condition(expression.condition, given),
          this.number(expression.then, given),
          this.number(expression.otherwise, given),
        );
      case "text":
      case "compare":
      case "logic":
      case "not":
      case "known":
      case "member":
        return anyNumber();
      default:
        return unreachable(expression);
    }
  }

  /** What a text can be. */
  text(expression: Expression, given: Given = nothingGiven): Texts {
    const found = expression.kind === "reference" ? given.get(keyOf(expression.to, expression.name)) : undefined;
    return found?.kind === "text" ? found : { kind: "text", missing: true, known: true };
  }

  /** What a fixed quantity can be. */
  constant(constant: Constant, given: Given = nothingGiven): Range {
    return this.number(constant, given);
  }

  /** What a metric, score or ledger can be, whatever else is supposed. */
  named(to: "metric" | "score" | "ledger", name: string): Range | Texts {
    const key = keyOf(to, name);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const part = this.#parts.get(key);
    // A ledger's line may read its own balance; until that is known, it can be anything.
    if (part === undefined || this.#open.has(key)) return anyNumber();
    this.#open.add(key);
    const range =
      "lines" in part
        ? ledgerRange(part, this)
        : "round" in part
          ? scoreRange(part, this)
          : "kind" in part
            ? this.#metric(part)
            : anyNumber();
    this.#open.delete(key);
    this.#known.set(key, range);
    return range;
  }

  /** Whether a name stands for a text. */
  isText(to: ReferenceKind, name: string): boolean {
    if (to === "attribute") return true;
    if (to === "event") return name !== "points" && name !== "number";
    return to === "metric" && this.named("metric", name).kind === "text";
  }

  /** Whether a name only ever holds whole numbers. */
  isWhole(to: ReferenceKind, name: string): boolean {
    if (to === "today") return true;
    if (to === "event") return name === "number";
    const part = to === "metric" ? this.#parts.get(keyOf(to, name)) : undefined;
    return part !== undefined && "kind" in part && ["count", "distinct", "since", "unbroken"].includes(part.kind);
  }

  #named(name: string, given: Given): Possible {
    const supposed = given.get(keyOf("condition", name));
    if (supposed?.kind === "answers") return supposed;
    const answers = this.#answers.get(given) ?? new Map<string, Possible>();
    this.#answers.set(given, answers);
    const known = answers.get(name);
    if (known !== undefined) return known;
    const key = keyOf("condition", name);
    const part = this.#parts.get(key);
    if (part === undefined || !("expression" in part) || this.#open.has(key)) return anyAnswer;
    this.#open.add(key);
    const answer = this.condition(part.expression, given);
    this.#open.delete(key);
    answers.set(name, answer);
    return answer;
  }

  #isKnown(operand: Expression, given: Given): Possible {
    const isCondition =
      operand.kind === "reference" ? operand.to === "condition" : ["compare", "logic", "not", "known", "member"].includes(operand.kind);
    if (isCondition) {
      const answer = this.condition(operand, given);
      return { yes: answer.yes || answer.no, no: answer.unknown, unknown: false };
    }
    const isText = operand.kind === "reference" && this.isText(operand.to, operand.name);
    const value = isText ? this.text(operand, given) : this.number(operand, given);
    return { yes: value.known, no: value.missing, unknown: false };
  }

  #numberOf(reference: Reference, given: Given): Range {
    const { to, name } = reference;
    const supposed = given.get(keyOf(to, name));
    if (supposed?.kind === "number") return supposed;
    switch (to) {
      case "metric":
      case "score":
      case "ledger": {
        const range = this.named(to, name);
        return range.kind === "number" ? range : anyNumber();
      }
      case "parameter":
        return this.#parameter(name, given);
      case "event":
        return name === "number" ? between(1, Number.POSITIVE_INFINITY) : anyNumber();
      case "today":
        return anyNumber(false);
      case "measure":
      case "condition":
      case "attribute":
        return anyNumber();
      default:
        return unreachable(to);
    }
  }

  #parameter(name: string, given: Given): Range {
    const set = this.#set.get(name);
    if (set !== undefined) return exactly(set);
    const parameter = this.#parameters.get(name);
    if (parameter === undefined) return anyNumber();
    if (parameter.by === undefined) {
      const { value, range } = parameter;
      return this.#wide && range !== undefined ? between(range.lower, range.upper) : exactly(value);
    }
    const text = given.get(keyOf(parameter.by.to, parameter.by.name));
    if (text?.kind !== "text") return { ...parameter.values.map(({ value }) => exactly(value)).reduce(hull, neverThere), missing: true };
    const { only, not = [], known } = text;
    const entries = parameter.values.filter((entry) => known && (only === undefined ? !not.includes(entry.text) : entry.text === only));
    const missing = text.missing || only === undefined || entries.length === 0;
    return { ...entries.map(({ value }) => exactly(value)).reduce(hull, neverThere), missing };
  }

  #metric(metric: Metric): Range | Texts {
    const isShare = metric.unit === "share";
    switch (metric.kind) {
      case "share":
        return between(0, 1, true);
      case "mean":
        return anyNumber();
      case "sum":
        return anyNumber(metric.atLeast !== undefined || this.#windowMayMiss(metric.over));
      case "count":
      case "distinct":
        return between(0, Number.POSITIVE_INFINITY, this.#windowMayMiss(metric.over));
      case "percentile":
      case "last":
        return isShare ? between(0, 1, true) : anyNumber();
      case "largest":
        return { kind: "text", missing: true, known: true };
      case "since":
        return between(0, Number.POSITIVE_INFINITY, true);
      case "unbroken":
        return between(0, Number.POSITIVE_INFINITY);
      case "rank":
        // (below + half of equal) / n with oneself among the equal: never 0, never 1.
        return between(Number.MIN_VALUE, 1 - Number.EPSILON / 2, true);
      case "ratio": {
        const of = this.named(metric.of.to, metric.of.name);
        return of.kind === "number" && of.lower >= 0 ? between(0, Number.POSITIVE_INFINITY, true) : anyNumber();
      }
      case "value": {
        const value = this.number(metric.expression);
        if (metric.within === undefined) return value;
        return callRange("clamp", [value, this.constant(metric.within.lower), this.constant(metric.within.upper)]);
      }
      default:
        return unreachable(metric);
    }
  }

  #windowMayMiss(window: Window): boolean {
    if (window.kind === "volume") return this.constant(window.count).missing;
    if (window.kind !== "named") return false;
    const named = this.policy.windows.find((candidate) => candidate.name === window.name);
    return named === undefined || this.constant(named.when.count).missing;
  }
}
