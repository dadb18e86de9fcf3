/** Whether one changed line makes a policy stricter or gentler. Said only where it holds for every entity. */

import type { Constant, Expression } from "./expression.ts";
import { compareCurves, type Influence, joinPolarity, type Polarity, throughPolarity, visitPolarity } from "./polarity.ts";
import { constantValue, type Policy, type Tier } from "./policy.ts";
import { operandsOf, partsOf } from "./walk-expression.ts";

/** Stricter: no entity can merit a better tier by this change alone. Gentler: none a worse one. */
export type Direction = "stricter" | "gentler" | "neutral";

/** Two policies with the influences of their quantities. */
export interface Compared {
  readonly a: Policy;
  readonly b: Policy;
  readonly influenceA: Influence;
  readonly influenceB: Influence;
}

/** The direction of the change at a path; undefined when it cannot be told, `neutral` when it moves nobody. */
export function directionOf(path: string, compared: Compared): Direction | undefined {
  const [section = "", name = "", key = "", detail = ""] = path.split(".");
  if (path === "title" || path === "rationale" || key === "title" || (section === "parameters" && key === "range")) return "neutral";
  switch (section) {
    case "parameters":
      return key === "value" ? said(parameterEffect(name, compared)) : undefined;
    case "scores":
      return said(scoreEffect(name, key, compared));
    case "conditions":
      return said(conditionEffect(name, compared));
    case "tiers":
      return tierDirection(name, key, detail, compared);
    case "movement":
      return movementDirection(name, key, compared);
    default:
      return undefined;
  }
}

function said(effect: Polarity): Direction | undefined {
  return effect === 1 ? "gentler" : effect === -1 ? "stricter" : undefined;
}

/** Merit can rise (1) or fall (-1) when a quantity goes from one number to another. */
function moved(before: number | undefined, after: number | undefined, polarity: Polarity): Polarity {
  if (before === undefined || after === undefined) return "mixed";
  return throughPolarity(Math.sign(after - before) as Polarity, polarity);
}

/** The parameter alone is moved in the older policy, so that other changes do not blur it. */
function parameterEffect(name: string, { a, b, influenceA }: Compared): Polarity {
  const [old, young] = [a, b].map((policy) => policy.parameters.find((parameter) => parameter.name === name));
  if (old === undefined || young === undefined || old.unit !== young.unit) return "mixed";
  const changed: Policy = { ...a, parameters: a.parameters.map((parameter) => (parameter.name === name ? young : parameter)) };
  const step = Math.sign(young.value - old.value) as Polarity;
  let effect: Polarity = 0;
  const read = (expression: Expression, outer: Polarity): void =>
    visitPolarity(expression, outer, a, (part, own) => {
      if (part.kind === "reference" && part.to === "parameter" && part.name === name)
        effect = joinPolarity(effect, throughPolarity(step, own));
    });
  a.tiers.forEach((tier, index) => {
    if (tier.when !== undefined) read(tier.when, influenceA.ofTier(index));
  });
  for (const condition of a.conditions) read(condition.expression, influenceA.of(condition.name));
  for (const metric of a.metrics) {
    if (metric.kind === "value") read(metric.expression, influenceA.of(metric.name));
    else if (metric.kind === "share" && names(metric.shrink?.prior, name))
      effect = joinPolarity(effect, throughPolarity(step, influenceA.of(metric.name)));
    if ("atLeast" in metric && names(metric.atLeast?.count, name)) effect = "mixed";
    if (metric.kind === "share" && names(metric.shrink?.strength, name)) effect = "mixed";
  }
  for (const score of a.scores) {
    const own = influenceA.of(score.name);
    if (score.kind === "curve")
      effect = joinPolarity(effect, throughPolarity(own, compareCurves({ policy: a, curve: score }, { policy: changed, curve: score })));
    else if (score.parts.some((part) => names(part.weight, name))) effect = "mixed";
    else if (score.missing.kind === "neutral" && names(score.missing.value, name))
      effect = joinPolarity(effect, throughPolarity(step, own));
  }
  return effect;
}

function names(constant: Constant | undefined, name: string): boolean {
  return constant?.kind === "reference" && constant.name === name;
}

function scoreEffect(name: string, key: string, { a, b, influenceA, influenceB }: Compared): Polarity {
  const [old, young] = [a, b].map((policy) => policy.scores.find((score) => score.name === name));
  if (old === undefined || young === undefined) return "mixed";
  const own = joinPolarity(influenceA.of(name), influenceB.of(name));
  if ((key === "curve" || key === "step") && old.kind === "curve" && young.kind === "curve" && old.from.name === young.from.name) {
    return throughPolarity(own, compareCurves({ policy: a, curve: old }, { policy: b, curve: young }));
  }
  if (
    key === "missing" &&
    old.kind === "weighted" &&
    young.kind === "weighted" &&
    old.missing.kind === "neutral" &&
    young.missing.kind === "neutral"
  ) {
    return moved(constantValue(a, old.missing.value), constantValue(b, young.missing.value), own);
  }
  return "mixed";
}

function conditionEffect(name: string, { a, b, influenceA, influenceB }: Compared): Polarity {
  const [old, young] = [a, b].map((policy) => policy.conditions.find((condition) => condition.name === name));
  if (old === undefined || young === undefined) return "mixed";
  return expressionEffect(old.expression, young.expression, joinPolarity(influenceA.of(name), influenceB.of(name)), a, b);
}

/** Two expressions of one shape that differ in numbers or parameters only. */
function expressionEffect(before: Expression, after: Expression, polarity: Polarity, a: Policy, b: Policy): Polarity {
  if (!sameShape(before, after)) return "mixed";
  const polarities: Polarity[] = [];
  visitPolarity(before, polarity, a, (_, own) => polarities.push(own));
  const visited: Expression[] = [];
  visitPolarity(after, polarity, b, (part) => visited.push(part));
  const old: Expression[] = [];
  visitPolarity(before, polarity, a, (part) => old.push(part));
  let effect: Polarity = 0;
  for (const [index, part] of old.entries()) {
    const other = visited[index];
    if (other === undefined || (operandsOf(part).length > 0 && part.kind === other.kind)) continue;
    const [from, to] = [numberIn(part, a), numberIn(other, b)];
    if (from !== to) effect = joinPolarity(effect, moved(from, to, polarities[index] ?? "mixed"));
  }
  return effect;
}

function sameShape(before: Expression, after: Expression): boolean {
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

function numberIn(expression: Expression, policy: Policy): number | undefined {
  if (expression.kind === "number") return expression.value;
  if (expression.kind !== "reference" || expression.to !== "parameter") return undefined;
  return constantValue(policy, { kind: "reference", to: "parameter", name: expression.name });
}

function tierDirection(name: string, key: string, detail: string, compared: Compared): Direction | undefined {
  const { a, b, influenceA, influenceB } = compared;
  const [indexA, indexB] = [a, b].map((policy) => policy.tiers.findIndex((tier) => tier.name === name));
  const [old, young] = [a.tiers[indexA ?? -1], b.tiers[indexB ?? -1]];
  if (old === undefined || young === undefined) return undefined;
  if (key === "when" && old.when !== undefined && young.when !== undefined) {
    return said(expressionEffect(old.when, young.when, joinPolarity(influenceA.ofTier(indexA ?? 0), influenceB.ofTier(indexB ?? 0)), a, b));
  }
  if (key === "consequences") return said(consequenceEffect(old, young, detail));
  if (key === "hold" && old.adverse && young.adverse) return said(moved(old.holdDays ?? 0, young.holdDays ?? 0, -1));
  if (key === "terminal" && old.adverse && young.adverse) return young.terminal ? "stricter" : "gentler";
  return undefined;
}

function consequenceEffect(old: Tier, young: Tier, key: string): Polarity {
  const [before, after] = [old.consequences, young.consequences];
  switch (key) {
    case "traffic":
      return moved(before.traffic ?? 1, after.traffic ?? 1, 1);
    case "payout":
      return moved(before.payoutDays, after.payoutDays, -1);
    case "orders":
      return moved(before.ordersPerDayMax ?? Number.MAX_VALUE, after.ordersPerDayMax ?? Number.MAX_VALUE, 1);
    case "fee":
      return moved(before.fee, after.fee, -1);
    default:
      return "mixed";
  }
}

function movementDirection(name: string, key: string, { a, b }: Compared): Direction | undefined {
  const any = Number.MAX_SAFE_INTEGER;
  const [old, young] = [a.movement, b.movement];
  if (name === "promote")
    return said(
      key === "after" ? moved(old.promote.after, young.promote.after, -1) : moved(old.promote.by ?? any, young.promote.by ?? any, 1),
    );
  if (name === "demote")
    return said(key === "after" ? moved(old.demote.after, young.demote.after, 1) : moved(old.demote.by ?? any, young.demote.by ?? any, -1));
  if (name === "shield" && (old.shield === undefined || young.shield === undefined || old.shield.since === young.shield.since)) {
    return said(moved(old.shield?.days ?? 0, young.shield?.days ?? 0, 1));
  }
  return undefined;
}
