/** Checked expressions -> SQL. NULL is missing and unknown; SQL's own AND, OR and NOT are the language's three-valued ones. */
import { invariant, unreachable } from "../../data/foundation/index.ts";
import { findAttribute, type PanelSchema } from "../../data/panel/index.ts";
import { canOverflow, constantValue, type Expression, type Policy } from "../language/index.ts";
import {
  all,
  binary,
  call,
  cast,
  choose,
  column,
  integer,
  isKnown,
  isNull,
  nothing,
  parameter,
  type SqlExpression,
  type SqlOperator,
  unlessMissing,
} from "./nodes.ts";
import { attributeColumn } from "./panel-tables.ts";

/** What an expression is translated for; `refuse` collects what SQL cannot say, named by the policy's element. */
export interface SqlContext {
  readonly policy: Policy;
  readonly schema: PanelSchema;
  readonly refuse: (element: string, reason: string) => SqlExpression;
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

/**
 * Rounds to decimals on the exact binary value, ties away from zero. `format` is exact but takes ties to even; x is a tie only if
 * x * 2^(decimals + 1) is an odd whole number, and then the next double outward rounds outward.
 */
export function sqlRound(x: SqlExpression, decimals: number): SqlExpression {
  const scaled = binary(call("abs", x), "*", parameter(2 ** (decimals + 1)));
  const half = binary(scaled, "/", parameter(2));
  const isTie = all(binary(call("floor", scaled), "=", scaled), binary(call("floor", half), "<>", half));
  const outward = choose([[binary(x, "<", integer(0)), parameter(-1)]], parameter(1));
  const nudged = choose([[isTie, call("nextafter", x, binary(x, "+", outward))]], x);
  return cast(call("format", parameter(`{:.${decimals}f}`), nudged), "DOUBLE");
}

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

/** DuckDB's doubles overflow to infinity, and from finite operands to nothing else. */
function unlessInfinite(result: SqlExpression): SqlExpression {
  return call("nullif", call("nullif", result, parameter(Number.POSITIVE_INFINITY)), parameter(Number.NEGATIVE_INFINITY));
}

function reference({ to, name }: Extract<Expression, { kind: "reference" }>, { policy, schema }: SqlContext): SqlExpression {
  if (to === "parameter") return parameter(constantValue(policy, { kind: "reference", to, name }));
  if (to === "today") return cast(column("on day"), "DOUBLE");
  if (to === "attribute") {
    const attribute = column(attributeColumn(name));
    return findAttribute(schema, name)?.type === "text" ? attribute : cast(attribute, "DOUBLE");
  }
  invariant(to !== "measure" && to !== "event" && to !== "ledger", `${to} ${name} does not stand here`);
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
