/** Checked expressions -> text, with as few parentheses as keep the meaning. */
import { unreachable } from "../../data/foundation/index.ts";
import type { Expression } from "./expression.ts";
import { reservedWords } from "./parse-expression.ts";
import { printLiteral } from "./quantity.ts";

const levels = { if: 0, or: 1, and: 2, not: 3, compare: 4, sum: 5, product: 6, sign: 7, atom: 8 } as const;

/** How a name is shown; by default, as it is written. */
export type NamePrinter = (reference: Extract<Expression, { kind: "reference" }>) => string;

/**
 * Writes an expression as the language reads it back.
 *
 * @example
 * printExpression({ kind: "negate", operand: { kind: "reference", to: "metric", name: "trend" } })
 * // => "-trend"
 */
export function printExpression(expression: Expression, nameOf: NamePrinter = ({ name }) => name): string {
  const at = (level: number, part: Expression): string => {
    const text = printExpression(part, nameOf);
    return levelOf(part) < level ? `(${text})` : text;
  };
  switch (expression.kind) {
    case "number":
      return printLiteral(expression);
    case "text":
      return printText(expression.value);
    case "reference":
      return nameOf(expression);
    case "negate":
      return expression.operand.kind === "number"
        ? `-(${printExpression(expression.operand, nameOf)})`
        : `-${at(levels.sign, expression.operand)}`;
    case "not":
      return `not ${at(levels.not, expression.operand)}`;
    case "known":
      return `${at(levels.sum, expression.operand)} is known`;
    case "member":
      return `${at(levels.sum, expression.operand)} in (${expression.values.map(printText).join(", ")})`;
    case "arithmetic": {
      const level = levelOf(expression);
      return `${at(level, expression.left)} ${expression.operator} ${at(level + 1, expression.right)}`;
    }
    case "compare":
      return `${at(levels.sum, expression.left)} ${expression.operator} ${at(levels.sum, expression.right)}`;
    case "logic": {
      const level = levelOf(expression);
      return `${at(level, expression.left)} ${expression.operator} ${at(level + 1, expression.right)}`;
    }
    case "call":
      return `${expression.function}(${expression.arguments.map((argument) => printExpression(argument, nameOf)).join(", ")})`;
    case "if":
      return `${at(levels.or, expression.then)} if ${at(levels.or, expression.condition)} else ${printExpression(expression.otherwise, nameOf)}`;
    default:
      return unreachable(expression);
  }
}

/** A text value: bare when it is an identifier, else in the quotes that it does not hold. */
export function printText(value: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(value) && !reservedWords.has(value)) return value;
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}

function levelOf(expression: Expression): number {
  switch (expression.kind) {
    case "if":
      return levels.if;
    case "logic":
      return expression.operator === "or" ? levels.or : levels.and;
    case "not":
      return levels.not;
    case "compare":
    case "known":
    case "member":
      return levels.compare;
    case "arithmetic":
      return expression.operator === "+" || expression.operator === "-" ? levels.sum : levels.product;
    case "negate":
      return levels.sign;
    case "number":
    case "text":
    case "reference":
    case "call":
      return levels.atom;
  }
}
