/** Two conditions side by side: which of their parts, joined by `and` or `or`, are new, gone or moved. */
import type { Expression } from "./expression.ts";
import { printExpression } from "./print-expression.ts";
import { partsOf } from "./walk-expression.ts";

/** One part that differs. */
export type PartChange =
  | { readonly kind: "added"; readonly to: Expression }
  | { readonly kind: "gone"; readonly from: Expression }
  | { readonly kind: "moved"; readonly from: Expression; readonly to: Expression };

/** How two conditions differ. Nothing differs but the order when `parts` is empty. */
export interface ConditionChange {
  /** What joins the parts: all of them must hold, or one of them. */
  readonly join: "and" | "or";
  readonly parts: readonly PartChange[];
}

/**
 * Splits both conditions at their outermost `and` (or `or`) and pairs the parts: first those that are equal, then those of one shape, then
 * the only one left on each side. Absent: always true. Conditions that are joined differently are one part each.
 */
export function compareConditions(before: Expression | undefined, after: Expression | undefined): ConditionChange {
  const joins = [before, after].flatMap((expression) => (expression?.kind === "logic" ? [expression.operator] : []));
  const join = joins[0] ?? "and";
  const isWhole = joins.some((operator) => operator !== join);
  const split = (expression: Expression | undefined): readonly Expression[] =>
    expression === undefined ? [] : isWhole ? [expression] : partsJoinedBy(expression, join);
  const [old, young] = withoutEquals(split(before), split(after));
  const alike = pairsOf(old, young, sameShape);
  const close = pairsOf(alike.gone, alike.added, hasSameSubject);
  const moved: readonly PartChange[] = [...alike.moved, ...close.moved];
  const { gone, added: rest } = close;
  const [from, to] = [gone[0], rest[0]];
  if (gone.length === 1 && rest.length === 1 && from !== undefined && to !== undefined) {
    return { join, parts: [...moved, { kind: "moved", from, to }] };
  }
  return {
    join,
    parts: [
      ...moved,
      ...rest.map((added): PartChange => ({ kind: "added", to: added })),
      ...gone.map((part): PartChange => ({ kind: "gone", from: part })),
    ],
  };
}

/** The parts of a condition that one operator joins, in order. */
export function partsJoinedBy(expression: Expression, operator: "and" | "or"): readonly Expression[] {
  if (expression.kind !== "logic" || expression.operator !== operator) return [expression];
  return [...partsJoinedBy(expression.left, operator), ...partsJoinedBy(expression.right, operator)];
}

function withoutEquals(
  before: readonly Expression[],
  after: readonly Expression[],
): readonly [readonly Expression[], readonly Expression[]] {
  const rest = [...after];
  const old = before.filter((part) => {
    const text = printExpression(part);
    const at = rest.findIndex((candidate) => printExpression(candidate) === text);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
  return [old, rest];
}

interface Pairs {
  readonly moved: readonly (PartChange & { readonly kind: "moved" })[];
  readonly gone: readonly Expression[];
  readonly added: readonly Expression[];
}

/** Each with the first that is like it, and what is left over. */
function pairsOf(before: readonly Expression[], after: readonly Expression[], isAlike: (a: Expression, b: Expression) => boolean): Pairs {
  const added = [...after];
  const moved: Pairs["moved"][number][] = [];
  const gone = before.filter((from) => {
    const at = added.findIndex((to) => isAlike(from, to));
    const to = added[at];
    if (to === undefined) return true;
    added.splice(at, 1);
    moved.push({ kind: "moved", from, to });
    return false;
  });
  return { moved, gone, added };
}

/** Comparisons of one quantity, or lists for one text. */
function hasSameSubject(a: Expression, b: Expression): boolean {
  if (a.kind === "compare" && b.kind === "compare") return printExpression(a.left) === printExpression(b.left);
  return a.kind === "member" && b.kind === "member" && printExpression(a.operand) === printExpression(b.operand);
}

/** Whether two expressions differ in fixed quantities only. */
export function sameShape(before: Expression, after: Expression): boolean {
  const [old, young] = [[...partsOf(before)], [...partsOf(after)]];
  return old.length === young.length && old.every((part, index) => isLike(part, young[index]));
}

function isLike(a: Expression, b: Expression | undefined): boolean {
  if (b === undefined) return false;
  if (isFixed(a) && isFixed(b)) return true;
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case "text":
      return b.kind === "text" && a.value === b.value;
    case "reference":
      return b.kind === "reference" && a.to === b.to && a.name === b.name;
    case "arithmetic":
    case "compare":
    case "logic":
      return "operator" in b && a.operator === b.operator;
    case "member":
      return b.kind === "member" && a.values.join("\n") === b.values.join("\n");
    case "call":
      return b.kind === "call" && a.function === b.function;
    case "number":
    case "negate":
    case "not":
    case "known":
    case "if":
      return true;
  }
}

function isFixed(expression: Expression): boolean {
  return expression.kind === "number" || (expression.kind === "reference" && expression.to === "parameter");
}
