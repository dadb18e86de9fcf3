/** `seller-performance@1.0.0`, written in SQL by hand. */
import { curve, type HandPolicy, type Layer, layered, rounded, weighted } from "./hand-policy.ts";

const sums = [
  "late_dispatches",
  "due_dispatches",
  "late_deliveries",
  "deliveries",
  "seller_cancellations",
  "orders",
  "low_reviews",
  "reviews",
];
const rate = (part: string, whole: string) => `CASE WHEN recent_${whole} >= 10 THEN recent_${part} / recent_${whole} END`;
const scores = ["dispatch", "delivery", "cancellation", "review"];

/** From sums over 12 weeks (`recent_orders`) to the merited tier. */
const scoring: readonly Layer[] = [
  {
    dispatched_late: rate("late_dispatches", "due_dispatches"),
    delivered_late: rate("late_deliveries", "deliveries"),
    cancelled: rate("seller_cancellations", "orders"),
    reviewed_low: "CASE WHEN recent_reviews >= 10 THEN (recent_low_reviews + 0.15e0 * 10e0) / (recent_reviews + 10e0) END",
  },
  {
    raw_dispatch: curve("dispatched_late", "0 100, 0.04 85, 0.15 50, 0.4 0"),
    raw_delivery: curve("delivered_late", "0 100, 0.05 85, 0.15 50, 0.35 0"),
    raw_cancellation: curve("cancelled", "0 100, 0.015 80, 0.05 30, 0.1 0"),
    raw_review: curve("reviewed_low", "0.05 100, 0.15 70, 0.3 30, 0.5 0"),
  },
  Object.fromEntries(scores.map((name) => [name, rounded(`raw_${name}`, 1e6)])),
  { raw_fulfilment: weighted({ dispatch: 40, delivery: 30, cancellation: 30 }) },
  { fulfilment: rounded("raw_fulfilment", 1e6) },
  { raw_overall: weighted({ fulfilment: 60, review: 40 }) },
  { overall: rounded("raw_overall", 10) },
  {
    merited: `CASE WHEN recent_orders < 10 OR overall IS NULL THEN 4 WHEN overall >= 85 THEN 0 WHEN overall >= 65 THEN 1
      WHEN overall >= 50 THEN 2 ELSE 3 END::TINYINT`,
  },
];

/** The policy over a table `history` whose first week begins on a day. */
export function curvesByHand(firstDay: number): HandPolicy {
  const windows = sums.map((name) => `sum(${name}::DOUBLE) OVER recent AS recent_${name}`).join(", ");
  const summed = `SELECT seller, week, opened_on, ${windows} FROM history WINDOW recent AS (PARTITION BY seller ORDER BY week ROWS 11 PRECEDING)`;
  const age = `(${firstDay} + 7 * (week + 1) - opened_on)`;
  const isShielded = `(merited IN (2, 3) AND ${age} BETWEEN 0 AND 59)::TINYINT`;
  return {
    tiers: ["gold", "standard", "watch", "restricted", "unrated"],
    merits: `SELECT seller, week, merited, coalesce(lag(merited) OVER (PARTITION BY seller ORDER BY week), merited) AS former,
      ${isShielded} AS shielded FROM (${layered(summed, scoring)})`,
    inputs: ["merited", "former", "shielded"],
    start: { held: 4, up: 0, down: 0 },
    step: [
      { off: "merited = 4 OR held = 4" },
      {
        ups: "CASE WHEN off OR merited >= held THEN 0 ELSE up + 1 END",
        downs: "CASE WHEN off OR merited <= held THEN 0 ELSE down + 1 END",
      },
      {
        goal: `CASE WHEN off THEN merited WHEN ups >= 2 THEN greatest(merited, former, held - 1)
          WHEN downs >= 2 THEN greatest(least(merited, former), held) ELSE held END`,
      },
      {
        next_held: "CASE WHEN shielded = 1 THEN 1 ELSE goal END",
        next_up: "CASE WHEN shielded = 1 OR goal <> held THEN 0 ELSE ups END",
        next_down: "CASE WHEN shielded = 1 THEN least(down + 1, 2) WHEN goal <> held THEN 0 ELSE downs END",
      },
    ],
  };
}
