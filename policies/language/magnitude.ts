/** How large and how near to 0 a number can be, so that engines ask for overflow only where it can happen. */
import { unreachable } from "../../data/foundation/index.ts";
import type { Expression } from "./expression.ts";
import { type Bounds, constantValues, type Ledger, type Metric, type Policy } from "./policy.ts";

/** Bounds of a finite number's size, wide enough for whatever happens. */
interface Magnitude {
  readonly most: number;
  /** No value but 0 itself lies nearer to 0; 0 when nothing is sure. */
  readonly least: number;
}

/** Values of measures and their sums are exact integers of a smallest unit: below 2^53, over 10^22 at most. */
const measured: Magnitude = { most: 2 ** 53, least: 1e-22 };
const counted: Magnitude = { most: 2 ** 53, least: 1 };
const anything: Magnitude = { most: Number.MAX_VALUE, least: 0 };
/** Scores lie from 0 to 100 and are rounded to 9 decimals at most. */
const scored: Magnitude = { most: 100, least: 1e-10 };

/** Far enough below the largest double that no rounding on the way matters. */
const safeMost = 1e300;

/**
 * Whether the value of an arithmetic expression can lie beyond the doubles though its operands are finite. Wide: true is a "perhaps".
 * Cost: linear in the expression and the metrics that it reads.
 */
export function canOverflow(policy: Policy, expression: Extract<Expression, { kind: "arithmetic" }>): boolean {
  return !(unboundedMagnitude(policy, expression).most < safeMost);
}

/** Whether the balance of a ledger can lie beyond the doubles. There are fewer than 2^53 entries, each of fewer than 2^53 multiples. */
export function canLedgerOverflow(policy: Policy, { lines }: Ledger): boolean {
  return lines.some(({ amount }) => !(magnitudeOf(policy, amount).most * 2 ** 106 < safeMost));
}

function magnitudeOf(policy: Policy, expression: Expression): Magnitude {
  const { most, least } = unboundedMagnitude(policy, expression);
  // What overflows is missing, and what underflows may be any small number.
  return { most: Math.min(most, Number.MAX_VALUE), least: least > 1e-300 ? least : 0 };
}

function unboundedMagnitude(policy: Policy, expression: Expression): Magnitude {
  const of = (part: Expression) => magnitudeOf(policy, part);
  switch (expression.kind) {
    case "number":
      return sizeOf([expression.value]);
    case "reference":
      return namedMagnitude(policy, expression);
    case "negate":
      return of(expression.operand);
    case "arithmetic": {
      const [left, right] = [of(expression.left), of(expression.right)];
      switch (expression.operator) {
        case "*":
          return { most: left.most * right.most, least: left.least * right.least };
        case "/":
          return { most: left.most / right.least, least: left.least / right.most };
        case "+":
        case "-":
          return { most: left.most + right.most, least: 0 };
        default:
          return unreachable(expression);
      }
    }
    case "call": {
      const parts = widest(expression.arguments.map(of));
      return ["min", "max", "clamp", "abs"].includes(expression.function) ? parts : { most: parts.most + 1, least: 0 };
    }
    case "if":
      return widest([of(expression.then), of(expression.otherwise)]);
    case "text":
    case "compare":
    case "logic":
    case "not":
    case "known":
    case "member":
      return anything;
    default:
      return unreachable(expression);
  }
}

function namedMagnitude(policy: Policy, { to, name }: Extract<Expression, { kind: "reference" }>): Magnitude {
  switch (to) {
    case "parameter":
      return sizeOf(constantValues(policy, { kind: "reference", to, name }));
    case "metric": {
      const metric = policy.metrics.find((candidate) => candidate.name === name);
      return metric === undefined ? anything : knownMagnitude(policy, metric);
    }
    case "score":
      return scored;
    case "ledger":
      return within(policy, policy.ledgers.find((ledger) => ledger.name === name)?.within, anything);
    case "today":
      return counted;
    case "event":
      return name === "number" ? counted : anything;
    case "measure":
    case "condition":
    case "attribute":
      return anything;
    default:
      return unreachable(to);
  }
}

const known = new WeakMap<Policy, Map<string, Magnitude>>();

/** Each metric of a policy is looked at once, however many others read it. */
function knownMagnitude(policy: Policy, metric: Metric): Magnitude {
  const ofPolicy = known.get(policy) ?? new Map<string, Magnitude>();
  known.set(policy, ofPolicy);
  const found = ofPolicy.get(metric.name) ?? metricMagnitude(policy, metric);
  ofPolicy.set(metric.name, found);
  return found;
}

function metricMagnitude(policy: Policy, metric: Metric): Magnitude {
  switch (metric.kind) {
    case "share":
    case "mean":
      // A shrunk share is over a whole that may come close to 0; an end of an interval may.
      return metric.kind === "share" && (metric.shrink ?? metric.wilson) !== undefined
        ? { most: 1e60, least: 0 }
        : { most: 2 ** 53, least: 2 ** -53 };
    case "sum":
    case "last":
    case "percentile":
      return measured;
    case "count":
    case "distinct":
    case "since":
    case "unbroken":
    case "rank":
      return { ...counted, least: 1e-16 };
    case "value":
      return within(policy, metric.within, magnitudeOf(policy, metric.expression));
    case "ratio":
    case "largest":
      return anything;
    default:
      return unreachable(metric);
  }
}

/** What lies within bounds, and is no larger than it was. */
function within(policy: Policy, bounds: Bounds | undefined, magnitude: Magnitude): Magnitude {
  if (bounds === undefined) return magnitude;
  const ends = sizeOf([bounds.lower, bounds.upper].flatMap((bound) => constantValues(policy, bound)));
  return { most: ends.most, least: Math.min(ends.least, magnitude.least) };
}

function sizeOf(values: readonly number[]): Magnitude {
  const sizes = values.map(Math.abs);
  return { most: Math.max(...sizes), least: Math.min(...sizes.filter((size) => size > 0), Number.MAX_VALUE) };
}

function widest(parts: readonly Magnitude[]): Magnitude {
  return { most: Math.max(...parts.map(({ most }) => most)), least: Math.min(...parts.map(({ least }) => least)) };
}
