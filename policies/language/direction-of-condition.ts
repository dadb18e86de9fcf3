/** Whether a changed condition is true for more or for fewer. */
import { comparisonMove } from "./comparison-move.ts";
import { compareConditions, type PartChange, sameShape } from "./condition-parts.ts";
import type { Expression } from "./expression.ts";
import { joinPolarity, type Polarity, throughPolarity, visitPolarity } from "./polarity.ts";
import { constantValues, type Policy } from "./policy.ts";
import { operandsOf } from "./walk-expression.ts";

/** Merit can rise (1) or fall (-1) when a quantity goes from one number to another. */
export function moved(before: number | undefined, after: number | undefined, polarity: Polarity): Polarity {
  if (before === undefined || after === undefined) return "mixed";
  return throughPolarity(Math.sign(after - before) as Polarity, polarity);
}

/** The number behind a literal or a fixed parameter; undefined for anything else. */
export function numberIn(expression: Expression, policy: Policy): number | undefined {
  if (expression.kind === "number") return expression.value;
  if (expression.kind !== "reference" || expression.to !== "parameter") return undefined;
  const values = constantValues(policy, { kind: "reference", to: "parameter", name: expression.name });
  return values.length === 1 ? values[0] : undefined;
}

/** Whether two fixed quantities can be told apart by their numbers: amounts in two currencies cannot. */
export function inOneCurrency(from: Expression, to: Expression, { a, b }: { readonly a: Policy; readonly b: Policy }): boolean {
  return currencyIn(from, a) === currencyIn(to, b);
}

function currencyIn(expression: Expression, { parameters }: Policy): string | undefined {
  if (expression.kind === "number") return expression.currency;
  if (expression.kind !== "reference" || expression.to !== "parameter") return undefined;
  return parameters.find(({ name }) => name === expression.name)?.currency;
}

/**
 * What a change of a condition does through its influence. Between false, unknown and true `and` takes the least and `or` the most, so
 * that one more part to meet can only make it less true, and one more way to meet it only more.
 */
export function conditionEffect(
  before: Expression | undefined,
  after: Expression | undefined,
  polarity: Polarity,
  policies: { readonly a: Policy; readonly b: Policy },
): Polarity {
  const { join, parts } = compareConditions(before, after);
  const more: Polarity = join === "and" ? -1 : 1;
  return parts
    .map((part) => {
      if (part.kind === "added") return throughPolarity(polarity, more);
      return part.kind === "gone" ? throughPolarity(polarity, more === 1 ? -1 : 1) : movedEffect(part, polarity, policies);
    })
    .reduce(joinPolarity, 0);
}

type Moved = Extract<PartChange, { kind: "moved" }>;

function movedEffect({ from, to }: Moved, polarity: Polarity, policies: { readonly a: Policy; readonly b: Policy }): Polarity {
  const { a, b } = policies;
  if (from.kind === "compare" && to.kind === "compare" && !inOneCurrency(from.right, to.right, policies)) return "mixed";
  const move = comparisonMove(from, to, (bound, side) => numberIn(bound, side === "from" ? a : b));
  return move === undefined ? expressionEffect(from, to, polarity, policies) : throughPolarity(polarity, move);
}

/** Two expressions of one shape that differ in numbers or parameters only. */
export function expressionEffect(
  before: Expression,
  after: Expression,
  polarity: Polarity,
  { a, b }: { readonly a: Policy; readonly b: Policy },
): Polarity {
  if (!sameShape(before, after)) return "mixed";
  const [old, young] = [visited(before, polarity, a), visited(after, polarity, b)];
  let effect: Polarity = 0;
  for (const [index, { part, own }] of old.entries()) {
    const other = young[index];
    if (other === undefined || (operandsOf(part).length > 0 && part.kind === other.part.kind)) continue;
    const [from, to] = [numberIn(part, a), numberIn(other.part, b)];
    if (!inOneCurrency(part, other.part, { a, b })) return "mixed";
    if (from === undefined && to === undefined && "name" in part && "name" in other.part && part.name === other.part.name) continue;
    // The sign of a factor may turn between the two, so that both must agree.
    if (from !== to || from === undefined) effect = joinPolarity(effect, joinPolarity(moved(from, to, own), moved(from, to, other.own)));
  }
  return effect;
}

function visited(
  expression: Expression,
  polarity: Polarity,
  policy: Policy,
): readonly { readonly part: Expression; readonly own: Polarity }[] {
  const all: { readonly part: Expression; readonly own: Polarity }[] = [];
  visitPolarity(expression, polarity, policy, (part, own) => all.push({ part, own }));
  return all;
}
