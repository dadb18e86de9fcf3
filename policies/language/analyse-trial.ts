/** One imagined entity at one evaluation: facts are set by hand, and scores, conditions and the merited tier follow from them. */
import { present, unreachable } from "../../data/foundation/index.ts";
import { keyOf, type PolicyBody } from "./analyse-possible.ts";
import { curveHeight } from "./analyse-score-range.ts";
import type { Constant, Expression, ReferenceKind } from "./expression.ts";
import type { Metric, Score } from "./policy.ts";

/** Computes a number from the facts; conditions are 1, 0 or, like a missing number, NaN. NaN is a storage code here, and never leaves. */
type Compute = () => number;

type Reference = Extract<Expression, { kind: "reference" }>;

/** A policy made ready to be tried with many sets of facts. Cost of a try: the parts that the tiers read, each once. */
export class Trial {
  readonly #policy: PolicyBody;
  readonly #numbers = new Map<string, { value: number }>();
  readonly #texts = new Map<string, { value: string | undefined }>();
  readonly #computed = new Map<string, Compute>();
  readonly #tiers: readonly (Compute | undefined)[];
  readonly #caps: readonly { readonly tier: number; readonly when: Compute }[];
  #turn = 0;

  constructor(policy: PolicyBody) {
    this.#policy = policy;
    this.#tiers = policy.tiers.map(({ when }) => (when === undefined ? undefined : this.#compile(when)));
    this.#caps = policy.caps.map((cap) => ({
      tier: policy.tiers.findIndex((tier) => tier.name === cap.tier),
      when: this.#compile(cap.when),
    }));
  }

  /** Sets a fact that is a number. */
  setNumber(key: string, value: number): void {
    this.#numberCell(key).value = value;
    this.#turn++;
  }

  /** The number that a fact was set to. */
  factNumber(key: string): number {
    return this.#numberCell(key).value;
  }

  /** Sets a fact that is a text. */
  setText(key: string, value: string | undefined): void {
    this.#textCell(key).value = value;
    this.#turn++;
  }

  /** Reads a metric, score or ledger as it is now; undefined while it is missing. */
  reader(to: ReferenceKind, name: string): () => number | undefined {
    const compute = this.#reference({ kind: "reference", to, name });
    return () => {
      const value = compute();
      return Number.isNaN(value) ? undefined : value;
    };
  }

  /** Position of the first tier whose condition holds; undefined: none. */
  own(): number | undefined {
    for (const [index, when] of this.#tiers.entries()) if (when === undefined || when() === 1) return index;
    return undefined;
  }

  /** Position of the merited tier after caps, given that of the first whose condition holds. */
  capped(own: number | undefined): number | undefined {
    let tier = own;
    for (const cap of this.#caps) if ((tier === undefined || cap.tier > tier) && cap.when() === 1) tier = cap.tier;
    return tier;
  }

  #numberCell(key: string): { value: number } {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const cell = { value: Number.NaN };
    this.#numbers.set(key, cell);
    return cell;
  }

  #textCell(key: string): { value: string | undefined } {
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const cell = { value: undefined };
    this.#texts.set(key, cell);
    return cell;
  }

  /** Computes at most once a set of facts. */
  #once(key: string, make: () => Compute): Compute {
    const known = this.#computed.get(key);
    if (known !== undefined) return known;
    let turn = -1;
    let value = Number.NaN;
    let compute: Compute = () => Number.NaN;
    const once: Compute = () => {
      if (turn === this.#turn) return value;
      turn = this.#turn;
      value = Number.NaN;
      value = compute();
      return value;
    };
    // Known before it is made: a circle then reads missing instead of never ending.
    this.#computed.set(key, once);
    compute = make();
    return once;
  }

  #reference(reference: Reference): Compute {
    const { to, name } = reference;
    const key = keyOf(to, name);
    switch (to) {
      case "metric": {
        const metric = this.#policy.metrics.find((candidate) => candidate.name === name);
        return this.#once(key, () => this.#metric(key, metric));
      }
      case "score": {
        const score = this.#policy.scores.find((candidate) => candidate.name === name);
        return this.#once(key, () => (score === undefined ? () => Number.NaN : this.#score(score)));
      }
      case "condition": {
        const condition = this.#policy.conditions.find((candidate) => candidate.name === name);
        return this.#once(key, () => (condition === undefined ? () => Number.NaN : this.#compile(condition.expression)));
      }
      case "parameter":
        return this.#once(key, () => this.#parameter(name));
      case "ledger":
      case "today":
      case "measure":
      case "event":
      case "attribute": {
        const cell = this.#numberCell(key);
        return () => cell.value;
      }
      default:
        return unreachable(to);
    }
  }

  #parameter(name: string): Compute {
    const parameter = this.#policy.parameters.find((candidate) => candidate.name === name);
    if (parameter === undefined) return () => Number.NaN;
    if (parameter.by === undefined) return () => parameter.value;
    const text = this.#textCell(keyOf(parameter.by.to, parameter.by.name));
    const byText = new Map<string | undefined, number>(parameter.values.map((entry) => [entry.text, entry.value]));
    return () => byText.get(text.value) ?? Number.NaN;
  }

  #metric(key: string, metric: Metric | undefined): Compute {
    const cell = this.#numberCell(key);
    if (metric?.kind === "unbroken") {
      const holds = this.#reference({ kind: "reference", to: "condition", name: metric.condition });
      return () => (holds() === 1 ? cell.value : 0);
    }
    if (metric?.kind !== "value") return () => cell.value;
    const value = this.#compile(metric.expression);
    if (metric.within === undefined) return value;
    const [lower, upper] = [this.#compile(metric.within.lower), this.#compile(metric.within.upper)];
    return () => Math.min(Math.max(value(), lower()), upper());
  }

  #score(score: Score): Compute {
    const scale = 10 ** score.round;
    const exact = this.#exactScore(score);
    return () => Math.round(Math.min(Math.max(exact(), 0), 100) * scale) / scale;
  }

  #exactScore(score: Score): Compute {
    switch (score.kind) {
      case "curve": {
        const from = this.#reference({ kind: "reference", ...score.from });
        const anchors = score.anchors.map(({ x, y }) => [this.#compile(x), this.#compile(y)] as const);
        return () => {
          const points = anchors.map(([x, y]) => [x(), y()] as const);
          const x = from();
          return Number.isNaN(x) || points.some(([a, b]) => Number.isNaN(a + b)) ? Number.NaN : curveHeight(score.shape, points, x);
        };
      }
      case "weighted":
        return this.#weighted(score);
      case "value":
        return this.#compile(score.expression);
      default:
        return unreachable(score);
    }
  }

  #weighted(score: Extract<Score, { kind: "weighted" }>): Compute {
    const { missing } = score;
    const parts = score.parts.map((part) => ({
      value: this.#reference({ kind: "reference", to: "score", name: part.score }),
      weight: this.#compile(part.weight),
    }));
    const neutral: Compute = missing.kind === "neutral" ? this.#compile(missing.value) : () => Number.NaN;
    return () => {
      let [sum, total] = [0, 0];
      for (const part of parts) {
        const [own, weight] = [part.value(), part.weight()];
        // A weight that is missing is not shared out.
        if (Number.isNaN(weight)) return weight;
        if (Number.isNaN(own) && missing.kind === "share-out") continue;
        sum += weight * (Number.isNaN(own) ? neutral() : own);
        total += weight;
      }
      return total === 0 ? Number.NaN : sum / total;
    };
  }

  #compile(expression: Expression | Constant): Compute {
    switch (expression.kind) {
      case "number": {
        const { value } = expression;
        return () => value;
      }
      case "text":
        return () => Number.NaN;
      case "reference":
        return this.#reference(expression);
      case "negate": {
        const operand = this.#compile(expression.operand);
        return () => -operand();
      }
      case "arithmetic":
        return arithmetic(expression.operator, this.#compile(expression.left), this.#compile(expression.right));
      case "compare":
        return this.#compare(expression);
      case "logic": {
        const [left, right] = [this.#compile(expression.left), this.#compile(expression.right)];
        // The answer that decides whatever the other is.
        const decisive = expression.operator === "and" ? 0 : 1;
        return () => {
          const a = left();
          if (a === decisive) return a;
          const b = right();
          return b === decisive || !Number.isNaN(a) ? b : a;
        };
      }
      case "not": {
        const operand = this.#compile(expression.operand);
        return () => 1 - operand();
      }
      case "known": {
        const text = this.#textOf(expression.operand);
        if (text !== undefined) return () => (text() === undefined ? 0 : 1);
        const operand = this.#compile(expression.operand);
        return () => (Number.isNaN(operand()) ? 0 : 1);
      }
      case "member": {
        const [text, values] = [this.#textOf(expression.operand), new Set(expression.values)];
        return () => {
          const value = text?.();
          return value === undefined ? Number.NaN : Number(values.has(value));
        };
      }
      case "call":
        return call(
          expression.function,
          expression.arguments.map((argument) => this.#compile(argument)),
        );
      case "if": {
        const condition = this.#compile(expression.condition);
        const [then, otherwise] = [this.#compile(expression.then), this.#compile(expression.otherwise)];
        return () => {
          const holds = condition();
          return Number.isNaN(holds) ? holds : holds === 1 ? then() : otherwise();
        };
      }
      default:
        return unreachable(expression);
    }
  }

  #compare(expression: Extract<Expression, { kind: "compare" }>): Compute {
    if (expression.right.kind === "text") {
      const [text, { value }, isEqual] = [this.#textOf(expression.left), expression.right, expression.operator === "="];
      return () => {
        const own = text?.();
        return own === undefined ? Number.NaN : Number((own === value) === isEqual);
      };
    }
    const [left, right] = [this.#compile(expression.left), this.#compile(expression.right)];
    const compare = present(comparisons.get(expression.operator), expression.operator);
    return () => {
      const [a, b] = [left(), right()];
      return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Number(compare(a, b));
    };
  }

  #textOf(expression: Expression): (() => string | undefined) | undefined {
    if (expression.kind !== "reference") return undefined;
    const isText =
      expression.to === "attribute" ||
      (expression.to === "metric" && this.#policy.metrics.some((metric) => metric.name === expression.name && metric.kind === "largest"));
    if (!isText) return undefined;
    const cell = this.#textCell(keyOf(expression.to, expression.name));
    return () => cell.value;
  }
}

const comparisons: ReadonlyMap<string, (a: number, b: number) => boolean> = new Map([
  ["<", (a: number, b: number) => a < b],
  ["<=", (a: number, b: number) => a <= b],
  [">", (a: number, b: number) => a > b],
  [">=", (a: number, b: number) => a >= b],
  ["=", (a: number, b: number) => a === b],
  ["!=", (a: number, b: number) => a !== b],
]);

function arithmetic(operator: "+" | "-" | "*" | "/", left: Compute, right: Compute): Compute {
  switch (operator) {
    case "+":
      return () => left() + right();
    case "-":
      return () => left() - right();
    case "*":
      return () => left() * right();
    case "/":
      return () => {
        const divisor = right();
        return divisor === 0 ? Number.NaN : left() / divisor;
      };
    default:
      return unreachable(operator);
  }
}

function call(name: Extract<Expression, { kind: "call" }>["function"], given: readonly Compute[]): Compute {
  const nothing: Compute = () => Number.NaN;
  const [first = nothing, second = nothing, third = nothing] = given;
  switch (name) {
    case "min":
      return () => Math.min(...given.map((argument) => argument()));
    case "max":
      return () => Math.max(...given.map((argument) => argument()));
    case "clamp":
      return () => Math.min(Math.max(first(), second()), third());
    case "floor":
      return () => Math.floor(first());
    case "ceil":
      return () => Math.ceil(first());
    case "round":
      return () => Math.round(first());
    case "abs":
      return () => Math.abs(first());
    default:
      return unreachable(name);
  }
}
