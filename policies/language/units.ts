/** Infers what every metric counts in, and refuses quantities of different units put together. A rate is not a count. */
import { type DiagnosticCode, type Place, unreachable } from "../../data/foundation/index.ts";
import type { Constant, Expression, ValueUnit } from "./expression.ts";
import { placeOfPart } from "./places.ts";
import type { Metric, Policy } from "./policy.ts";
import { printLiteral } from "./quantity.ts";

/** A unit, `plain` for bare numbers and counts; or an open question that use will answer. */
type Term = { readonly unit: UnitClass } | { readonly open: number };
type UnitClass = "plain" | Exclude<ValueUnit, "number" | "count">;

/** A clash of units or currencies. */
export type UnitFault = (
  code: Extract<DiagnosticCode, "unit-mismatch" | "currency-mismatch">,
  place: Place | undefined,
  details: { readonly message: string; readonly found: string; readonly expected: string; readonly cure?: string },
) => void;

/** The parts of a policy that carry units. */
export type UnitParts = Pick<Policy, "parameters" | "metrics" | "scores" | "conditions" | "tiers">;

const plain: Term = { unit: "plain" };

/**
 * The unit of each metric. Measures' units are inferred from use (`gmv_28 >= 300 USD` makes `gmv` money), or given by a panel,
 * which then decides. A metric that nothing pins down counts when it is a sum, else is a plain number.
 */
export function inferUnits(
  parts: UnitParts,
  options: {
    readonly measureUnit?: (name: string) => ValueUnit | undefined;
    readonly currency?: string | undefined;
    readonly report: UnitFault;
  },
): ReadonlyMap<string, ValueUnit> {
  const inference = new Inference(parts, options);
  inference.run();
  return new Map(parts.metrics.map((metric) => [metric.name, inference.unitOf(metric)]));
}

class Inference {
  readonly #parts: UnitParts;
  readonly #report: UnitFault;
  readonly #measureUnit: ((name: string) => ValueUnit | undefined) | undefined;
  #currency: string | undefined;
  readonly #terms: Term[] = [];
  /** Open terms that stand for totals of flows: they can be anything but a share. */
  readonly #totals = new Set<number>();
  readonly #measures = new Map<string, Term>();
  readonly #metrics = new Map<string, Term>();
  readonly #parameters: ReadonlyMap<string, Policy["parameters"][number]>;

  constructor(parts: UnitParts, options: Parameters<typeof inferUnits>[1]) {
    this.#parts = parts;
    this.#report = options.report;
    this.#measureUnit = options.measureUnit;
    this.#currency = options.currency;
    this.#parameters = new Map(parts.parameters.map((parameter) => [parameter.name, parameter]));
  }

  run(): void {
    for (const parameter of this.#parts.parameters) this.#checkCurrency(parameter.currency, placeOfPart(parameter));
    for (const metric of this.#parts.metrics) this.#metrics.set(metric.name, this.#metric(metric));
    for (const score of this.#parts.scores) {
      if (score.kind === "curve") {
        const from = score.from.to === "score" ? plain : this.#metrics.get(score.from.name);
        for (const { x, y } of score.anchors) {
          if (from !== undefined)
            this.#match(
              from,
              this.#constant(x),
              x,
              () => `'${score.from.name}'`,
              () => print(x),
            );
          this.#match(
            plain,
            this.#constant(y),
            y,
            () => "a score",
            () => print(y),
          );
        }
      } else {
        for (const { score: name, weight } of score.parts)
          this.#match(
            plain,
            this.#constant(weight),
            weight,
            () => `the weight of '${name}'`,
            () => print(weight),
          );
        if (score.missing.kind === "neutral")
          this.#match(
            plain,
            this.#constant(score.missing.value),
            score.missing.value,
            () => "a score",
            () => "the number that stands in",
          );
      }
    }
    for (const condition of this.#parts.conditions) this.#expression(condition.expression);
    for (const tier of this.#parts.tiers) if (tier.when !== undefined) this.#expression(tier.when);
  }

  unitOf(metric: Metric): ValueUnit {
    const term = this.#follow(this.#metrics.get(metric.name) ?? plain);
    if ("unit" in term && term.unit !== "plain") return term.unit;
    return metric.kind === "count" || (metric.kind === "sum" && "unit" in term) ? "count" : "number";
  }

  #metric(metric: Metric): Term {
    switch (metric.kind) {
      case "share": {
        const whole = this.#expression(metric.whole);
        this.#match(
          this.#expression(metric.part),
          whole,
          metric.whole,
          () => "the part",
          () => "the whole",
        );
        this.#atLeast(metric);
        if (metric.shrink !== undefined) {
          this.#match(
            { unit: "share" },
            this.#constant(metric.shrink.prior),
            metric.shrink.prior,
            () => "a share",
            () => print(metric.shrink?.prior),
          );
          this.#match(
            whole,
            this.#constant(metric.shrink.strength),
            metric.shrink.strength,
            () => "the whole",
            () => print(metric.shrink?.strength),
          );
        }
        return { unit: "share" };
      }
      case "mean":
        this.#atLeast(metric);
        return this.#quotient(this.#expression(metric.sum), this.#expression(metric.count));
      case "sum":
        this.#atLeast(metric);
        return this.#expression(metric.of);
      case "count":
        return plain;
      case "last":
        return this.#measure(metric.measure, "level");
      case "since":
        return { unit: "days" };
      case "value":
        return this.#expression(metric.expression);
      default:
        return unreachable(metric);
    }
  }

  #atLeast(metric: Extract<Metric, { kind: "share" | "mean" | "sum" }>): void {
    const { atLeast } = metric;
    if (atLeast === undefined) return;
    this.#match(
      this.#expression(atLeast.of),
      this.#constant(atLeast.count),
      atLeast.count,
      () => `what '${metric.name}' counts`,
      () => print(atLeast.count),
    );
  }

  #constant(constant: Constant): Term {
    if (constant.kind === "number") {
      this.#checkCurrency(constant.currency, placeOfPart(constant));
      return { unit: classOf(constant.unit) };
    }
    const parameter = this.#parameters.get(constant.name);
    return parameter === undefined ? this.#fresh() : { unit: classOf(parameter.unit) };
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
        if (expression.right.kind !== "text") this.#matchExpressions(expression.left, expression.right);
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
        for (const other of others) this.#matchExpressions(first, other);
        return this.#expression(first);
      }
      case "if":
        this.#expression(expression.condition);
        return this.#matchExpressions(expression.then, expression.otherwise);
      default:
        return unreachable(expression);
    }
  }

  #reference(expression: Extract<Expression, { kind: "reference" }>): Term {
    switch (expression.to) {
      case "measure":
        return this.#measure(expression.name);
      case "metric":
        return this.#metrics.get(expression.name) ?? this.#fresh();
      case "parameter":
        return this.#constant({ kind: "reference", to: "parameter", name: expression.name });
      case "score":
      case "condition":
      case "attribute":
        return plain;
    }
  }

  #arithmetic(expression: Extract<Expression, { kind: "arithmetic" }>): Term {
    const { operator } = expression;
    if (operator === "+" || operator === "-") return this.#matchExpressions(expression.left, expression.right);
    const left = this.#expression(expression.left);
    const right = this.#expression(expression.right);
    return operator === "*" ? this.#product(left, right, expression.right) : this.#quotient(left, right, expression.right);
  }

  /** A number or share times anything keeps the other's unit. */
  #product(left: Term, right: Term, at: Expression): Term {
    const [a, b] = [this.#follow(left), this.#follow(right)];
    if (!("unit" in a) || !("unit" in b))
      return "unit" in a && a.unit === "plain" ? b : "unit" in b && b.unit === "plain" ? a : this.#fresh();
    if (a.unit === "plain") return b;
    if (b.unit === "plain" || b.unit === "share") return a;
    if (a.unit === "share") return b;
    this.#report("unit-mismatch", placeOfPart(at), {
      message: `${a.unit} times ${b.unit} means nothing`,
      found: b.unit,
      expected: "a number or a share",
      cure: "Multiply by a number or a share.",
    });
    return this.#fresh();
  }

  /** Like over like is a plain number; over a number or share the unit stays. */
  #quotient(left: Term, right: Term, at?: Expression): Term {
    const [a, b] = [this.#follow(left), this.#follow(right)];
    if ("unit" in b && (b.unit === "plain" || b.unit === "share") && !("unit" in a && a.unit === b.unit)) return a;
    if (!("unit" in a) || !("unit" in b)) return this.#fresh();
    if (a.unit === b.unit) return plain;
    if (at !== undefined)
      this.#report("unit-mismatch", placeOfPart(at), {
        message: `${describe(a.unit)} over ${describe(b.unit)} means nothing`,
        found: b.unit,
        expected: a.unit,
        cure: "Divide by a number, a share, or the same unit.",
      });
    return this.#fresh();
  }

  #matchExpressions(left: Expression, right: Expression): Term {
    const a = this.#expression(left);
    this.#match(
      a,
      this.#expression(right),
      right,
      () => name(left),
      () => name(right),
    );
    return a;
  }

  /** Makes two terms one, or reports the clash at the second. */
  #match(left: Term, right: Term, at: object, leftName: () => string, rightName: () => string): void {
    const [a, b] = [this.#follow(left), this.#follow(right)];
    if ("unit" in a && "unit" in b) {
      if (a.unit === b.unit) return;
      const cure = b.unit === "plain" ? { cure: `Write the unit of the number: it is compared with ${describe(a.unit)}.` } : {};
      this.#report("unit-mismatch", placeOfPart(at), {
        message: `${leftName()} is ${describe(a.unit)}, but ${rightName()} is ${describe(b.unit)}`,
        found: describe(b.unit),
        expected: describe(a.unit),
        ...cure,
      });
    } else if ("open" in a) this.#answer(a, b, at, [rightName, leftName]);
    else if ("open" in b) this.#answer(b, a, at, [leftName, rightName]);
  }

  /** Gives an open term its unit; a total of a flow cannot be a share. */
  #answer(open: Extract<Term, { open: number }>, answer: Term, at: object, [known, asked]: readonly [() => string, () => string]): void {
    const isTotal = this.#totals.has(open.open);
    if ("open" in answer) {
      if (answer.open === open.open) return;
      if (isTotal) this.#totals.add(answer.open);
    } else if (isTotal && answer.unit === "share") {
      this.#report("unit-mismatch", placeOfPart(at), {
        message: `${asked()} is a total, but ${known()} is ${describe("share")}`,
        found: "a share (%)",
        expected: "a total",
        cure: "Compare a rate with a rate: make a metric of kind 'share'.",
      });
      return;
    }
    this.#terms[open.open] = answer;
  }

  #measure(measure: string, kind: "flow" | "level" = "flow"): Term {
    const known = this.#measures.get(measure);
    if (known !== undefined) return known;
    const unit = this.#measureUnit?.(measure);
    const term = unit === undefined ? this.#fresh() : { unit: classOf(unit) };
    if ("open" in term && kind === "flow") this.#totals.add(term.open);
    this.#measures.set(measure, term);
    return term;
  }

  #checkCurrency(currency: string | undefined, place: Place | undefined): void {
    if (currency === undefined) return;
    this.#currency ??= currency;
    if (currency === this.#currency) return;
    this.#report("currency-mismatch", place, {
      message: `an amount in ${currency} stands beside amounts in ${this.#currency}`,
      found: currency,
      expected: this.#currency,
    });
  }

  #fresh(): Extract<Term, { open: number }> {
    const term = { open: this.#terms.length };
    this.#terms.push(term);
    return term;
  }

  #follow(term: Term): Term {
    let at = term;
    for (;;) {
      if (!("open" in at)) return at;
      const next = this.#terms[at.open];
      if (next === undefined || next === at || ("open" in next && next.open === at.open)) return at;
      at = next;
    }
  }
}

function classOf(unit: ValueUnit): UnitClass {
  return unit === "number" || unit === "count" ? "plain" : unit;
}

function describe(unit: UnitClass): string {
  if (unit === "plain") return "a plain number";
  if (unit === "share") return "a share (%)";
  if (unit === "money") return "money";
  return `in ${unit}`;
}

function name(expression: Expression): string {
  if (expression.kind === "reference") return `'${expression.name}'`;
  return expression.kind === "number" ? printLiteral(expression) : "this";
}

function print(constant: Constant | undefined): string {
  if (constant === undefined) return "this";
  return constant.kind === "number" ? printLiteral(constant) : `'${constant.name}'`;
}
