/** Visits the parts of an expression. */
import { unreachable } from "../../data/foundation/index.ts";
import type { Expression, ReferenceKind } from "./expression.ts";

/** The direct operands of an expression. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "number":
    case "text":
    case "reference":
      return [];
    case "negate":
    case "not":
    case "known":
    case "member":
      return [expression.operand];
    case "arithmetic":
    case "compare":
    case "logic":
      return [expression.left, expression.right];
    case "call":
      return expression.arguments;
    case "if":
      return [expression.condition, expression.then, expression.otherwise];
    default:
      return unreachable(expression);
  }
}

/** The expression and all its parts, outermost first. */
export function* partsOf(expression: Expression): Iterable<Expression> {
  const stack: Expression[] = [expression];
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    yield part;
    stack.push(...operandsOf(part).toReversed());
  }
}

/** Names of a kind that an expression reads, each once, in order of appearance. */
export function namesRead(expression: Expression, ...kinds: readonly ReferenceKind[]): readonly string[] {
  const found = new Set<string>();
  for (const part of partsOf(expression)) {
    if (part.kind === "reference" && kinds.includes(part.to)) found.add(part.name);
  }
  return [...found];
}
