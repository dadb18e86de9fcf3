/** Whether one change makes a policy stricter or gentler. Said only where it holds for every entity. */
import { type Compared, type FactPair, influenceOf } from "./compared.ts";
import { compareConditions } from "./condition-parts.ts";
import { conditionEffect, moved, numberIn } from "./direction-of-condition.ts";
import { ledgerEffect, lineEffect } from "./direction-of-ledger.ts";
import { parameterEffect } from "./direction-of-parameter.ts";
import { metricEffect, scoreEffect } from "./direction-of-quantity.ts";
import type { Expression } from "./expression.ts";
import { joinPolarity, type Polarity, throughPolarity } from "./polarity.ts";
import type { Movement, Policy, Tier } from "./policy.ts";
import { printExpression } from "./print-expression.ts";

/**
 * Stricter: by this change alone no entity can merit a better tier or get a better consequence; for a rule of movement: from equal
 * standing none is held at a better tier by it. Gentler: none at a worse one. Neutral: it moves nobody.
 */
export type Direction = "stricter" | "gentler" | "neutral";

/** The direction of a changed line; undefined when it cannot be told. */
export function directionOf({ old, young }: FactPair, compared: Compared): Direction | undefined {
  const [section = "", name = "", key = "", detail = ""] = (young ?? old)?.segments ?? [];
  if (section === "title" || section === "rationale" || key === "title" || key === "replaces") return "neutral";
  switch (section) {
    case "parameters":
      if (key === "range") return "neutral";
      return key === "value" || key === "in" ? said(parameterEffect(name, key === "in" ? detail : undefined, compared)) : undefined;
    case "metrics":
      return metricDirection(name, key, compared);
    case "scores":
      return said(scoreEffect(name, key, compared));
    case "ledgers":
      return said(key === "lines" ? lineEffect(name, old?.at, young?.at, compared) : ledgerEffect(name, key, compared));
    case "conditions":
      return conditionDirection(name, compared);
    case "otherwise":
      return old !== undefined && young !== undefined ? "neutral" : undefined;
    case "tiers":
      return name === "" ? undefined : tierDirection(name, key, detail, compared);
    case "caps":
      return said(capEffect(old?.at, young?.at, compared));
    case "movement":
      return said(movementEffect(name, key, compared));
    default:
      return undefined;
  }
}

function said(effect: Polarity): Direction | undefined {
  return effect === 1 ? "gentler" : effect === -1 ? "stricter" : undefined;
}

function conditionDirection(name: string, compared: Compared): Direction | undefined {
  const [old, young] = [compared.a, compared.b].map((policy) => policy.conditions.find((condition) => condition.name === name));
  if (old === undefined || young === undefined) return undefined;
  if (isReordered(old.expression, young.expression)) return "neutral";
  return said(conditionEffect(old.expression, young.expression, influenceOf(name, compared), compared));
}

function metricDirection(name: string, key: string, compared: Compared): Direction | undefined {
  const [from, to] = [compared.a, compared.b].map((policy) => {
    const metric = policy.metrics.find((candidate) => candidate.name === name);
    return metric !== undefined && "where" in metric ? metric.where : undefined;
  });
  return key === "where" && isReordered(from, to) ? "neutral" : said(metricEffect(name, key, compared));
}

/** Whether two conditions have the same parts: neither `and` nor `or` minds their order. */
function isReordered(before: Expression | undefined, after: Expression | undefined): boolean {
  return compareConditions(before, after).parts.length === 0;
}

function tierDirection(name: string, key: string, detail: string, compared: Compared): Direction | undefined {
  const { a, b, influenceA, influenceB } = compared;
  const [indexA = -1, indexB = -1] = [a, b].map((policy) => policy.tiers.findIndex((tier) => tier.name === name));
  const [old, young] = [a.tiers[indexA], b.tiers[indexB]];
  if (old === undefined || young === undefined) return undefined;
  if (key === "when" && isReordered(old.when, young.when)) return "neutral";
  if (key === "when")
    return said(conditionEffect(old.when, young.when, joinPolarity(influenceA.ofTier(indexA), influenceB.ofTier(indexB)), compared));
  if (key === "consequences") return said(consequenceEffect(old, young, detail));
  if (!old.adverse || !young.adverse) return undefined;
  if (key === "hold") return said(moved(old.holdDays ?? 0, young.holdDays ?? 0, -1));
  if (key === "shorten" && (old.shorten === undefined || young.shorten === undefined || old.shorten.event === young.shorten.event))
    return said(moved(old.shorten?.days ?? 0, young.shorten?.days ?? 0, 1));
  if (key === "terminal") return young.terminal ? "stricter" : "gentler";
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

function capEffect(from: number | undefined, to: number | undefined, compared: Compared): Polarity {
  const { a, b, influenceA, influenceB } = compared;
  const own = joinPolarity(influenceA.ofCaps(), influenceB.ofCaps());
  const [old, young] = [a.caps[from ?? -1], b.caps[to ?? -1]];
  if (old === undefined || young === undefined) return throughPolarity(own, young === undefined ? -1 : 1);
  return old.tier === young.tier ? conditionEffect(old.when, young.when, own, compared) : "mixed";
}

function movementEffect(name: string, key: string, compared: Compared): Polarity {
  const { a, b } = compared;
  const any = Number.MAX_SAFE_INTEGER;
  const [old, young] = [a.movement, b.movement];
  switch (name) {
    case "promote":
      return key === "after" ? moved(old.promote.after, young.promote.after, -1) : moved(old.promote.by ?? any, young.promote.by ?? any, 1);
    case "demote":
      return key === "after" ? moved(old.demote.after, young.demote.after, 1) : moved(old.demote.by ?? any, young.demote.by ?? any, -1);
    case "shield":
      if (!shieldOnlyLifts(a) || !shieldOnlyLifts(b)) return "mixed";
      return old.shield === undefined || young.shield === undefined || old.shield.since === young.shield.since
        ? moved(old.shield?.days ?? 0, young.shield?.days ?? 0, 1)
        : "mixed";
    case "protect":
      return protectEffect(old.protect, young.protect, compared);
    default:
      return "mixed";
  }
}

/** A shield can lower whoever still holds a tier above the lowest harmless one while a demotion is counted; not where none is. */
function shieldOnlyLifts({ tiers, movement: { demote } }: Policy): boolean {
  return (demote.after === 1 && demote.by === undefined) || tiers.filter(({ adverse }) => !adverse).length === 1;
}

/** Longer, or at a better tier, is gentler; none is a protection of no days. An end that is not named never comes. */
function protectEffect(old: Movement["protect"], young: Movement["protect"], compared: Compared): Polarity {
  const { a, b } = compared;
  if (old === undefined || young === undefined) return young === undefined ? -1 : 1;
  const [ofOld, ofYoung] = [old.until?.of ?? young.until?.of, young.until?.of ?? old.until?.of];
  if (old.event !== young.event || (ofOld !== undefined && ofYoung !== undefined && printExpression(ofOld) !== printExpression(ofYoung)))
    return "mixed";
  const never = Number.MAX_VALUE;
  const count = (protect: NonNullable<Movement["protect"]>, policy: Policy): number | undefined =>
    protect.until === undefined ? never : numberIn(protect.until.count, policy);
  return [
    moved(old.days ?? never, young.days ?? never, 1),
    moved(count(old, a), count(young, b), 1),
    ...[a, b].map(({ tiers }) => {
      const [from = -1, to = -1] = [old, young].map(({ tier }) => tiers.findIndex(({ name }) => name === tier));
      return from < 0 || to < 0 ? "mixed" : moved(from, to, -1);
    }),
  ].reduce(joinPolarity, 0);
}
