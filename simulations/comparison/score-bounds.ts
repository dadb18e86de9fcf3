/** What a condition asks of the headline score at least. */
import { present } from "../../data/foundation/index.ts";
import { type Expression, type Policy, parameterOf } from "../../policies/language/checked/index.ts";

/** A lower bound: the score is at least the value, or above it. */
export interface ScoreBound {
  readonly value: number;
  readonly isStrict: boolean;
}

/** Every lower bound on the headline score that must hold: compared with a fixed number, alone or joined by `and`, directly or through named conditions. */
export function scoreBounds(policy: Policy, expression: Expression): readonly ScoreBound[] {
  if (expression.kind === "logic" && expression.operator === "and")
    return [...scoreBounds(policy, expression.left), ...scoreBounds(policy, expression.right)];
  if (expression.kind === "reference" && expression.to === "condition") {
    const named = policy.conditions.find(({ name }) => name === expression.name);
    return scoreBounds(policy, present(named, `condition ${expression.name}`).expression);
  }
  if (expression.kind !== "compare") return [];
  const { operator, left, right } = expression;
  const isScore = (side: Expression): boolean => side.kind === "reference" && side.to === "score" && side.name === policy.headlineScore;
  if (isScore(left) && (operator === ">=" || operator === ">")) return boundAt(policy, right, operator === ">");
  if (isScore(right) && (operator === "<=" || operator === "<")) return boundAt(policy, left, operator === "<");
  return [];
}

function boundAt(policy: Policy, side: Expression, isStrict: boolean): readonly ScoreBound[] {
  if (side.kind === "number") return [{ value: side.value, isStrict }];
  if (side.kind !== "reference" || side.to !== "parameter") return [];
  const parameter = parameterOf(policy, side.name);
  return parameter.by === undefined ? [{ value: parameter.value, isStrict }] : [];
}
