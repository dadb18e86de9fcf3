/** Comparisons of one quantity with two bounds: which of them is true more often. */
import type { Expression } from "./expression.ts";
import { printExpression } from "./print-expression.ts";

type Comparing = Extract<Expression, { kind: "compare" }>;

/**
 * From one comparison to another of the same quantity, on the same side: 1 when the second is true for whatever the first is true for,
 * -1 the other way round, 0 when they say the same. Undefined for anything else. `numberIn` gives the number of a fixed quantity.
 */
export function comparisonMove(
  from: Expression,
  to: Expression,
  numberIn: (bound: Expression, side: "from" | "to") => number | undefined,
): 1 | 0 | -1 | undefined {
  if (from.kind !== "compare" || to.kind !== "compare" || printExpression(from.left) !== printExpression(to.left)) return undefined;
  const [old, young] = [numberIn(from.right, "from"), numberIn(to.right, "to")];
  const side = sideOf(from);
  if (old === undefined || young === undefined || side === undefined || side !== sideOf(to)) return undefined;
  // A strict comparison asks for a hair more than its bound.
  const strictness = Number(to.operator.length === 1) - Number(from.operator.length === 1);
  const harder = Math.sign((young - old) * side) || strictness;
  return harder > 0 ? -1 : harder < 0 ? 1 : 0;
}

/** 1 for comparisons that ask for more, -1 for those that ask for less. */
function sideOf({ operator }: Comparing): 1 | -1 | undefined {
  if (operator === ">" || operator === ">=") return 1;
  return operator === "<" || operator === "<=" ? -1 : undefined;
}

/** Whether one condition is true wherever another is: they read the same, or both compare one quantity with numbers that are written. */
export function followsFrom(asked: Expression, given: Expression): boolean {
  if (printExpression(asked) === printExpression(given)) return true;
  const move = comparisonMove(given, asked, (bound) => (bound.kind === "number" ? bound.value : undefined));
  return move === 0 || move === 1;
}
