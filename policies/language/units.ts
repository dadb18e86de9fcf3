/** Infers what every metric and ledger counts in, and refuses quantities of different units put together. A rate is not a count. */
import { unreachable } from "../../data/foundation/index.ts";
import type { Constant, Expression, ValueUnit } from "./expression.ts";
import type { Ledger, Metric, Policy, Score, Window } from "./policy.ts";
import { printExpression } from "./print-expression.ts";
import { printLiteral } from "./quantity.ts";
import { classOf, plain, type Term, type UnitFault, UnitTerms } from "./unit-terms.ts";

/** The parts of a policy that carry units. */
export type UnitParts = Pick<Policy, "parameters" | "windows" | "metrics" | "scores" | "ledgers" | "conditions" | "tiers" | "caps"> & {
  readonly movement: Policy["movement"] | undefined;
};

/** What a metric or ledger counts in; of money the currency, where it is told. */
export interface Inferred {
  readonly unit: ValueUnit;
  readonly currency?: string;
}

/**
 * The unit of each metric and ledger, by name. Measures' units are inferred from use (`gmv_28 >= 300 USD` makes `gmv` money), or given by
 * a panel, which then decides. A metric that nothing pins down counts when it is a sum, else is a plain number.
 */
export function inferUnits(
  parts: UnitParts,
  options: {
    readonly measureUnit?: (name: string) => ValueUnit | undefined;
    readonly currency?: string | undefined;
    readonly report: UnitFault;
  },
): ReadonlyMap<string, Inferred> {
  const inference = new Inference(parts, options);
  inference.run();
  return new Map([
    ...parts.metrics.map((metric) => [metric.name, inference.ofMetric(metric)] as const),
    ...parts.ledgers.map((ledger) => [ledger.name, inference.ofLedger(ledger)] as const),
  ]);
}

class Inference {
  readonly #parts: UnitParts;
  readonly #terms: UnitTerms;
  readonly #metrics = new Map<string, Term>();
  readonly #ledgers = new Map<string, Term>();
  readonly #parameters: ReadonlyMap<string, Policy["parameters"][number]>;

  constructor(parts: UnitParts, options: Parameters<typeof inferUnits>[1]) {
    this.#parts = parts;
    this.#terms = new UnitTerms(options);
    this.#parameters = new Map(parts.parameters.map((parameter) => [parameter.name, parameter]));
  }

  run(): void {
    const { windows, metrics, scores, ledgers, conditions, tiers, caps, movement } = this.#parts;
    for (const { when } of windows) this.#counted(when);
    for (const ledger of ledgers) this.#ledgers.set(ledger.name, this.#constant(ledger.start));
    for (const metric of metrics) this.#addMetric(metric);
    for (const score of scores) this.#score(score);
    for (const ledger of ledgers) this.#ledger(ledger);
    for (const condition of conditions) this.#expression(condition.expression);
    for (const tier of tiers) if (tier.when !== undefined) this.#expression(tier.when);
    for (const { when } of caps) this.#expression(when);
    if (movement?.protect?.until !== undefined) this.#counted(movement.protect.until);
    this.#terms.checkCurrencies();
  }

  ofMetric(metric: Metric): Inferred {
    const term = this.#terms.follow(this.#metrics.get(metric.name) ?? plain);
    if ("unit" in term && term.unit !== "plain") return inferred(term.unit, term.currency);
    const isCount = metric.kind === "count" || metric.kind === "distinct" || (metric.kind === "sum" && "unit" in term);
    return { unit: isCount ? "count" : "number" };
  }

  ofLedger(ledger: Ledger): Inferred {
    const term = this.#terms.follow(this.#ledgers.get(ledger.name) ?? plain);
    return "unit" in term && term.unit !== "plain" ? inferred(term.unit, term.currency) : { unit: "number" };
  }

  /** A metric may have been read before its turn, by one that stands earlier. */
  #addMetric(metric: Metric): void {
    const asked = this.#metrics.get(metric.name);
    const term = this.#metric(metric);
    this.#metrics.set(metric.name, term);
    if (asked !== undefined) this.#same(asked, term, metric, `what reads '${metric.name}'`, `'${metric.name}'`);
  }

  #metric(metric: Metric): Term {
    if ("over" in metric) this.#window(metric.over);
    switch (metric.kind) {
      case "share": {
        const whole = this.#expression(metric.whole);
        this.#same(this.#expression(metric.part), whole, metric.whole, "the part", "the whole");
        this.#atLeast(metric);
        if (metric.shrink !== undefined) {
          this.#sameConstant({ unit: "share" }, metric.shrink.prior, "a share");
          this.#sameConstant(whole, metric.shrink.strength, "the whole");
        }
        if (metric.wilson !== undefined) this.#sameConstant({ unit: "share" }, metric.wilson.level, "a level");
        return { unit: "share" };
      }
      case "mean":
        this.#atLeast(metric);
        return this.#quotient(metric.sum, metric.count);
      case "sum":
        this.#atLeast(metric);
        return this.#expression(metric.of);
      case "count":
      case "distinct":
        if (metric.where !== undefined) this.#expression(metric.where);
        return plain;
      case "percentile":
        this.#sameConstant({ unit: "share" }, metric.part, "a share of the periods");
        return this.#terms.measure(metric.measure, "level");
      case "largest":
        this.#expression(metric.of);
        return plain;
      case "last":
        return this.#terms.measure(metric.measure, "level");
      case "since":
      case "unbroken":
        return { unit: "days" };
      case "rank":
        return { unit: "share" };
      case "ratio":
        return plain;
      case "value": {
        const term = this.#expression(metric.expression);
        if (metric.within !== undefined) {
          this.#sameConstant(term, metric.within.lower, `'${metric.name}'`);
          this.#sameConstant(term, metric.within.upper, `'${metric.name}'`);
        }
        return term;
      }
      default:
        return unreachable(metric);
    }
  }

  #score(score: Score): void {
    switch (score.kind) {
      case "curve": {
        const from = score.from.to === "score" ? plain : this.#metrics.get(score.from.name);
        for (const { x, y } of score.anchors) {
          const quotient = this.#quotientOf(score.from);
          if (from !== undefined) this.#same(from, this.#constant(x), x, `'${score.from.name}'`, nameOfConstant(x), quotient);
          this.#sameConstant(plain, y, "a score");
        }
        return;
      }
      case "weighted":
        for (const { score: part, weight } of score.parts) this.#sameConstant(plain, weight, `the weight of '${part}'`);
        if (score.missing.kind === "neutral") this.#sameConstant(plain, score.missing.value, "a score");
        return;
      case "value":
        this.#same(plain, this.#expression(score.expression), score.expression, "a score", "this");
        return;
      default:
        unreachable(score);
    }
  }

  #ledger(ledger: Ledger): void {
    const own = this.#ledgers.get(ledger.name) ?? plain;
    const name = `ledger '${ledger.name}'`;
    for (const line of ledger.lines) {
      if (line.when !== undefined) this.#expression(line.when);
      if (line.kind === "event" && line.where !== undefined) this.#expression(line.where);
      if (line.kind === "volume") this.#counted(line);
      this.#same(own, this.#expression(line.amount), line.amount, name, nameOf(line.amount));
      if (line.atMost !== undefined) this.#sameConstant(own, line.atMost, name);
    }
    if (ledger.within === undefined) return;
    this.#sameConstant(own, ledger.within.lower, name);
    this.#sameConstant(own, ledger.within.upper, name);
  }

  #window(window: Window): void {
    if (window.kind === "volume") this.#counted(window);
  }

  /** So many of a sum. */
  #counted({ of, count }: { readonly of: Expression; readonly count: Constant }): void {
    this.#sameConstant(this.#expression(of), count, "what is counted");
  }

  #atLeast(metric: Extract<Metric, { kind: "share" | "mean" | "sum" }>): void {
    const { atLeast } = metric;
    if (atLeast !== undefined) this.#sameConstant(this.#expression(atLeast.of), atLeast.count, `what '${metric.name}' counts`);
  }

  #constant(constant: Constant): Term {
    const known = constant.kind === "number" ? constant : this.#parameters.get(constant.name);
    return known === undefined ? this.#terms.fresh() : { unit: classOf(known.unit), currency: known.currency };
  }

  #expression(expression: Expression): Term {
    switch (expression.kind) {
      case "number":
        return this.#constant(expression);
      case "text":
        return plain;
      case "reference":
        return this.#reference(expression);
      case "negate":
        return this.#expression(expression.operand);
      case "arithmetic":
        return this.#arithmetic(expression);
      case "compare":
        if (expression.right.kind !== "text") this.#sameExpressions(expression.left, expression.right);
        return plain;
      case "logic":
        this.#expression(expression.left);
        this.#expression(expression.right);
        return plain;
      case "not":
      case "known":
        this.#expression(expression.operand);
        return plain;
      case "member":
        return plain;
      case "call": {
        const [first, ...others] = expression.arguments;
        if (first === undefined) return plain;
        for (const other of others) this.#sameExpressions(first, other);
        return this.#expression(first);
      }
      case "if":
        this.#expression(expression.condition);
        return this.#sameExpressions(expression.then, expression.otherwise);
      default:
        return unreachable(expression);
    }
  }

  #reference(expression: Extract<Expression, { kind: "reference" }>): Term {
    const { to, name } = expression;
    switch (to) {
      case "measure":
        return this.#terms.measure(name);
      case "metric": {
        const term = this.#metrics.get(name) ?? this.#terms.fresh();
        this.#metrics.set(name, term);
        return term;
      }
      case "parameter":
        return this.#constant({ kind: "reference", to, name });
      case "ledger":
        return this.#ledgers.get(name) ?? this.#terms.fresh();
      case "event":
        return name === "points" ? { unit: "points" } : plain;
      case "today":
        return { unit: "date" };
      case "score":
      case "condition":
      case "attribute":
        return plain;
      default:
        return unreachable(to);
    }
  }

  #arithmetic(expression: Extract<Expression, { kind: "arithmetic" }>): Term {
    const { operator, left, right } = expression;
    if (operator === "/") return this.#quotient(left, right, right);
    const [a, b] = [this.#expression(left), this.#expression(right)];
    if (operator === "*") return this.#terms.product(a, b, right);
    const dated = this.#terms.dated(operator, a, b, right);
    if (dated !== undefined) return dated;
    this.#same(a, b, right, nameOf(left), nameOf(right));
    return a;
  }

  #quotient(left: Expression, right: Expression, at?: Expression): Term {
    const [a, b] = [this.#expression(left), this.#expression(right)];
    this.#terms.divided(a, b, right, [nameOf(left), nameOf(right)]);
    return this.#terms.quotient(a, b, at);
  }

  #sameExpressions(left: Expression, right: Expression): Term {
    const a = this.#expression(left);
    const quotient = this.#quotientOf(left) ?? this.#quotientOf(right);
    this.#same(a, this.#expression(right), right, nameOf(left), nameOf(right), quotient);
    return a;
  }

  /** The division that a value is, by itself or as a metric; as written. */
  #quotientOf(value: Expression | { readonly kind?: never; readonly to: string; readonly name: string }): string | undefined {
    if (value.kind === "arithmetic") return value.operator === "/" ? printExpression(value) : undefined;
    if (!("to" in value) || value.to !== "metric") return undefined;
    const metric = this.#parts.metrics.find(({ name }) => name === value.name);
    return metric?.kind === "value" && metric.expression.kind === "arithmetic" ? this.#quotientOf(metric.expression) : undefined;
  }

  #sameConstant(term: Term, constant: Constant, name: string): void {
    this.#same(term, this.#constant(constant), constant, name, nameOfConstant(constant));
  }

  /** Makes two terms one, or reports the clash at the second. */
  #same(left: Term, right: Term, at: object, leftName: string, rightName: string, quotient?: string): void {
    this.#terms.match({ left, right, at, leftName, rightName, quotient });
  }
}

function inferred(unit: ValueUnit, currency: string | undefined): Inferred {
  return { unit, ...(currency === undefined ? {} : { currency }) };
}

function nameOf(expression: Expression): string {
  if (expression.kind === "reference") return `'${expression.name}'`;
  return expression.kind === "number" ? printLiteral(expression) : "this";
}

function nameOfConstant(constant: Constant): string {
  return constant.kind === "number" ? printLiteral(constant) : `'${constant.name}'`;
}
