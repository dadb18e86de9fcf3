/** Checked expressions -> SQL. NULL is missing and unknown; SQL's own AND, OR and NOT are the language's three-valued ones. */
import { invariant, unreachable } from "../../data/foundation/index.ts";
import { findAttribute, type PanelSchema } from "../../data/panel/index.ts";
import { canOverflow, constantValue, type Expression, type Policy } from "../language/index.ts";
import {
  binary,
  call,
  cast,
  choose,
  column,
  integer,
  isKnown,
  isNull,
  letBe,
  nothing,
  parameter,
  type SqlExpression,
  type SqlOperator,
  unlessMissing,
} from "./nodes.ts";
import { attributeColumn } from "./panel-tables.ts";
import { eventReference } from "./sql-events.ts";

/** What an expression is translated for; `refuse` collects what SQL cannot say, named by the policy's element. */
export interface SqlContext {
  readonly policy: Policy;
  readonly schema: PanelSchema;
  readonly refuse: (element: string, reason: string) => SqlExpression;
  /** The event at hand, where an expression asks about one. */
  readonly event?: SqlExpression;
}

/** The expression over columns named `metric x`, `score x`, `condition x`. */
export function sqlExpression(expression: Expression, element: string, context: SqlContext): SqlExpression {
  const translate = (part: Expression): SqlExpression => sqlExpression(part, element, context);
  switch (expression.kind) {
    case "number":
    case "text":
      return parameter(expression.value);
    case "reference":
      return reference(expression, context);
    case "negate":
      return { kind: "unary", operator: "-", operand: translate(expression.operand) };
    case "arithmetic": {
      const result = arithmetic(expression.operator, translate(expression.left), translate(expression.right));
      return canOverflow(context.policy, expression) ? unlessInfinite(result) : result;
    }
    case "compare":
      return binary(translate(expression.left), comparison[expression.operator], translate(expression.right));
    case "logic":
      return binary(translate(expression.left), expression.operator === "and" ? "AND" : "OR", translate(expression.right));
    case "not":
      return { kind: "unary", operator: "NOT", operand: translate(expression.operand) };
    case "known":
      return isKnown(translate(expression.operand));
    case "member":
      return { kind: "in", operand: translate(expression.operand), values: expression.values.map(parameter) };
    case "call":
      return sqlCall(expression, element, context);
    case "if": {
      const condition = translate(expression.condition);
      return choose(
        [
          [isNull(condition), nothing],
          [condition, translate(expression.then)],
        ],
        translate(expression.otherwise),
      );
    }
    default:
      return unreachable(expression);
  }
}

/** What rounding reads of a number: its size times a power of ten, and the upper half of its bits. Exact where the product stays a double. */
export interface RoundParts {
  readonly product: SqlExpression;
  readonly high: SqlExpression;
}

/** The parts of a number that is to be rounded to decimals. */
export function roundParts(x: SqlExpression, decimals: number): RoundParts {
  const size = call("abs", x);
  const shifted = binary(parameter(SPLIT), "*", size);
  return { product: binary(size, "*", parameter(10 ** decimals)), high: binary(shifted, "-", binary(shifted, "-", size)) };
}

/**
 * Rounds to decimals on the exact binary value, ties away from zero, by plain arithmetic that is the same in every database: the error of
 * the product decides beside it (Dekker 1971, Veltkamp's split). From 2^53 units on every double is its own nearest multiple.
 */
export function roundFromParts(x: SqlExpression, { product, high }: RoundParts, decimals: number): SqlExpression {
  const power = 10 ** decimals;
  const powerHigh = SPLIT * power - (SPLIT * power - power);
  const powerLow = power - powerHigh;
  const low = binary(call("abs", x), "-", high);
  const error = [
    binary(high, "*", parameter(powerLow)),
    binary(low, "*", parameter(powerHigh)),
    binary(low, "*", parameter(powerLow)),
  ].reduce((sum, term) => binary(sum, "+", term), binary(binary(high, "*", parameter(powerHigh)), "-", product));
  const floor = call("floor", product);
  const isUp = binary(binary(binary(product, "-", floor), "-", parameter(0.5)), ">=", { kind: "unary", operator: "-", operand: error });
  const whole = choose([[isUp, binary(floor, "+", parameter(1))]], floor);
  const rounded = binary(whole, "/", parameter(power));
  return choose(
    [
      [binary(product, ">=", parameter(2 ** 53)), x],
      [binary(x, "<", parameter(0)), binary(parameter(0), "-", rounded)],
    ],
    rounded,
  );
}

/** The same where the number has no columns for its parts. */
export function sqlRound(x: SqlExpression, decimals: number): SqlExpression {
  return letBe("x", x, (value) => {
    const { product, high } = roundParts(value, decimals);
    return letBe("product", product, (kept) =>
      letBe("high", high, (upper) => roundFromParts(value, { product: kept, high: upper }, decimals)),
    );
  });
}

const SPLIT = 134_217_729;

/** The number within bounds; missing where any of the three is. */
export function sqlClamp(x: SqlExpression, lower: SqlExpression, upper: SqlExpression): SqlExpression {
  return unlessMissing([x, lower, upper], call("least", call("greatest", x, lower), upper));
}

const comparison: Readonly<Record<Extract<Expression, { kind: "compare" }>["operator"], SqlOperator>> = {
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
  "=": "=",
  "!=": "<>",
};

function arithmetic(operator: "+" | "-" | "*" | "/", left: SqlExpression, right: SqlExpression): SqlExpression {
  return binary(left, operator, operator === "/" ? call("nullif", right, integer(0)) : right);
}

/** Doubles overflow to infinity, and from finite operands to nothing else. */
function unlessInfinite(result: SqlExpression): SqlExpression {
  return call("nullif", call("nullif", result, parameter(Number.POSITIVE_INFINITY)), parameter(Number.NEGATIVE_INFINITY));
}

function reference({ to, name }: Extract<Expression, { kind: "reference" }>, { policy, schema, event }: SqlContext): SqlExpression {
  if (to === "parameter") return parameter(constantValue(policy, { kind: "reference", to, name }));
  if (to === "today") return cast(column("on day"), "DOUBLE");
  if (to === "attribute") {
    const attribute = column(attributeColumn(name));
    return findAttribute(schema, name)?.type === "text" ? attribute : cast(attribute, "DOUBLE");
  }
  if (to === "event" && event !== undefined) return eventReference(name, event);
  invariant(to !== "measure" && to !== "event", `${to} ${name} does not stand here`);
  return column(`${to} ${name}`);
}

function sqlCall(expression: Extract<Expression, { kind: "call" }>, element: string, context: SqlContext): SqlExpression {
  const operands = expression.arguments.map((argument) => sqlExpression(argument, element, context));
  const [first = nothing, lower = nothing, upper = nothing] = operands;
  switch (expression.function) {
    case "min":
      return unlessMissing(operands, call("least", ...operands));
    case "max":
      return unlessMissing(operands, call("greatest", ...operands));
    case "clamp":
      return sqlClamp(first, lower, upper);
    case "floor":
    case "ceil":
    case "abs":
      return call(expression.function, first);
    case "round": {
      const [, decimals] = expression.arguments;
      if (decimals === undefined) return sqlRound(first, 0);
      if (decimals.kind === "number") return sqlRound(first, decimals.value);
      return context.refuse(element, "SQL rounds to a fixed number of decimals only");
    }
    default:
      return unreachable(expression.function);
  }
}
