/** The policy of the language's sketch, built by hand: it has every part of the core, and no file stands behind it. */
import type { Constant, Expression, Metric, Policy, Score, Tier } from "../../policies/language/index.ts";

/** Three metrics, two levels of scores, a condition, four tiers and a shield. */
export function sketchPolicy(): Policy {
  return {
    programme: "seller-performance",
    version: "1.0.0",
    title: "Seller performance",
    entity: "seller",
    rationale: "Three things that buyers feel.",
    digest: "0".repeat(64),
    parameters: [
      { name: "late_zero", title: "Late share at which dispatch scores 0", value: 0.08, unit: "share" },
      { name: "gold_line", title: "Gold line", value: 85, unit: "number" },
    ],
    metrics: [
      share("late_dispatch_rate", "late_dispatches", "due_dispatches", 28, 20),
      share("cancellation_rate", "seller_cancellations", "orders", 28, 20),
      { ...share("low_review_rate", "low_reviews", "reviews", 84, 10), shrink: { prior: number(0.06), strength: number(20) } },
      {
        name: "recent_orders",
        title: "Recent orders",
        unit: "count",
        kind: "sum",
        of: reference("measure", "orders"),
        over: { kind: "days", count: 84 },
      },
    ],
    scores: [
      curve("dispatch", "late_dispatch_rate", [
        [number(0), 100],
        [number(0.02), 85],
        [{ kind: "reference", to: "parameter", name: "late_zero" }, 0],
      ]),
      curve("cancellation", "cancellation_rate", [
        [number(0), 100],
        [number(0.025), 60],
        [number(0.1), 0],
      ]),
      curve("reviews", "low_review_rate", [
        [number(0.02), 100],
        [number(0.15), 0],
      ]),
      weighted("fulfilment", { dispatch: 60, cancellation: 40 }, "propagate", 6),
      weighted("overall", { fulfilment: 55, reviews: 45 }, "share-out", 1),
    ],
    windows: [],
    ledgers: [],
    caps: [],
    conditions: [
      {
        name: "rated",
        title: "Rated",
        expression: and(atLeast(reference("metric", "recent_orders"), number(30)), {
          kind: "known",
          operand: reference("score", "overall"),
        }),
      },
    ],
    tiers: [
      tier("gold", { kind: "reference", to: "parameter", name: "gold_line" }, false),
      tier("standard", number(60), false),
      tier("watch", number(45), true),
      { ...tier("restricted", number(0), true), when: reference("condition", "rated") },
    ],
    otherwise: "unrated",
    headlineScore: "overall",
    movement: {
      evaluate: { kind: "every", unit: "week" },
      promote: { after: 2, by: 1 },
      demote: { after: 2 },
      shield: { days: 60, since: "opened_on" },
    },
  };
}

function number(value: number): Extract<Constant, { kind: "number" }> {
  return { kind: "number", value, unit: "number" };
}

function reference(to: "measure" | "metric" | "score" | "condition", name: string): Expression {
  return { kind: "reference", to, name };
}

function and(left: Expression, right: Expression): Expression {
  return { kind: "logic", operator: "and", left, right };
}

function atLeast(left: Expression, right: Expression): Expression {
  return { kind: "compare", operator: ">=", left, right };
}

function share(name: string, part: string, whole: string, days: number, count: number): Extract<Metric, { kind: "share" }> {
  return {
    name,
    title: name,
    unit: "share",
    kind: "share",
    part: reference("measure", part),
    whole: reference("measure", whole),
    over: { kind: "days", count: days },
    atLeast: { of: reference("measure", whole), count: number(count) },
  };
}

function curve(name: string, from: string, anchors: readonly (readonly [Constant, number])[]): Score {
  const points = anchors.map(([x, y]) => ({ x, y: number(y) }));
  return { name, title: name, round: 6, kind: "curve", from: { to: "metric", name: from }, shape: "linear", anchors: points };
}

function weighted(name: string, weights: Record<string, number>, missing: "propagate" | "share-out", round: number): Score {
  const parts = Object.entries(weights).map(([score, weight]) => ({ score, weight: number(weight) }));
  return { name, title: name, round, kind: "weighted", parts, missing: { kind: missing } };
}

function tier(name: string, line: Constant, adverse: boolean): Tier {
  const when = and(reference("condition", "rated"), atLeast(reference("score", "overall"), line));
  return { name, title: name, when, adverse, consequences: {}, terminal: false };
}
