/** Whether one changed line of a metric or a score raises or lowers it, and what that does to merit. */
import { type Compared, influenceOf } from "./compared.ts";
import { conditionEffect, expressionEffect, inOneCurrency, moved, numberIn } from "./direction-of-condition.ts";
import type { Constant } from "./expression.ts";
import { compareCurves, joinPolarity, type Polarity, throughPolarity } from "./polarity.ts";
import type { Bounds, Metric, Policy } from "./policy.ts";
import { printExpression } from "./print-expression.ts";

/** The effect of another value of one key of a metric. Windows and least volumes can pull either way. */
export function metricEffect(name: string, key: string, compared: Compared): Polarity {
  const { a, b } = compared;
  const [old, young] = [a, b].map((policy) => policy.metrics.find((metric) => metric.name === name));
  if (old === undefined || young === undefined) return "mixed";
  const own = influenceOf(name, compared);
  const rises = (before: Constant | undefined, after: Constant | undefined): Polarity => constantEffect(before, after, own, compared);
  if (old.kind === "share" && young.kind === "share") return shareEffect(old, young, key, own, rises);
  if (old.kind === "percentile" && young.kind === "percentile" && key === "percentile") {
    return old.measure === young.measure ? rises(old.part, young.part) : "mixed";
  }
  if (old.kind === "value" && young.kind === "value") {
    if (key === "value") return expressionEffect(old.expression, young.expression, own, compared);
    return key === "within" ? boundsEffect(old.within, young.within, own, compared) : "mixed";
  }
  if ((old.kind === "count" || old.kind === "distinct") && old.kind === young.kind && key === "where")
    return conditionEffect(old.where, "where" in young ? young.where : undefined, own, compared);
  return "mixed";
}

type Share = Extract<Metric, { kind: "share" }>;

function shareEffect(
  old: Share,
  young: Share,
  key: string,
  own: Polarity,
  rises: (before: Constant | undefined, after: Constant | undefined) => Polarity,
): Polarity {
  if (key === "shrink" && old.shrink !== undefined && young.shrink !== undefined) {
    return constantText(old.shrink.strength) === constantText(young.shrink.strength)
      ? rises(old.shrink.prior, young.shrink.prior)
      : "mixed";
  }
  if (key !== "wilson" || old.wilson === undefined || young.wilson === undefined) return "mixed";
  const [from, to] = [old.wilson, young.wilson];
  const isSameLevel = constantText(from.level) === constantText(to.level);
  if (from.side !== to.side) return isSameLevel ? throughPolarity(own, to.side === "upper" ? 1 : -1) : "mixed";
  // A surer bound lies further out.
  return throughPolarity(from.side === "upper" ? 1 : -1, rises(from.level, to.level));
}

/** The effect of another value of one key of a score. */
export function scoreEffect(name: string, key: string, compared: Compared): Polarity {
  const { a, b } = compared;
  const [old, young] = [a, b].map((policy) => policy.scores.find((score) => score.name === name));
  if (old === undefined || young === undefined) return "mixed";
  const own = influenceOf(name, compared);
  if (old.kind === "value" && young.kind === "value" && key === "value")
    return expressionEffect(old.expression, young.expression, own, compared);
  if ((key === "curve" || key === "step") && old.kind === "curve" && young.kind === "curve" && old.from.name === young.from.name) {
    const [from, to] = [old.anchors[0], young.anchors[0]];
    if (from !== undefined && to !== undefined && !inOneCurrency(from.x, to.x, compared)) return "mixed";
    return throughPolarity(own, compareCurves({ policy: a, curve: old }, { policy: b, curve: young }));
  }
  if (
    key === "missing" &&
    old.kind === "weighted" &&
    young.kind === "weighted" &&
    old.missing.kind === "neutral" &&
    young.missing.kind === "neutral"
  ) {
    return constantEffect(old.missing.value, young.missing.value, own, compared);
  }
  return "mixed";
}

/** The effect of another fixed quantity where more of it means more. */
export function constantEffect(
  before: Constant | undefined,
  after: Constant | undefined,
  own: Polarity,
  { a, b }: { readonly a: Policy; readonly b: Policy },
): Polarity {
  if (before === undefined || after === undefined || !inOneCurrency(before, after, { a, b })) return "mixed";
  return moved(numberIn(before, a), numberIn(after, b), own);
}

/** The effect of other bounds: both ends pull the value with them. */
export function boundsEffect(old: Bounds | undefined, young: Bounds | undefined, own: Polarity, compared: Compared): Polarity {
  return joinPolarity(constantEffect(old?.lower, young?.lower, own, compared), constantEffect(old?.upper, young?.upper, own, compared));
}

function constantText(constant: Constant): string {
  return printExpression(constant);
}
