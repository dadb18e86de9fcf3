/** `bench-penalties`, written in SQL by hand: points of events become changes in the week of their first and after their last evaluation. */
import { double, type HandPolicy } from "./hand-policy.ts";

/** The policy over tables `history` and `happenings` whose first week begins on a day. */
export function ledgerByHand(firstDay: number): HandPolicy {
  return {
    tiers: ["clear", "watched", "restricted", "unrated"],
    merits: merits(firstDay),
    inputs: ["merited"],
    start: { held: 3, until_1: 0, until_2: 0 },
    step: [
      { hold: "greatest(CASE WHEN until_1 > week THEN 1 ELSE 0 END, CASE WHEN until_2 > week THEN 2 ELSE 0 END)" },
      { next_held: "greatest(merited, hold)" },
      {
        next_until_1: "CASE WHEN next_held = 1 AND held <> 1 AND until_1 <= week THEN week + 4 ELSE until_1 END",
        next_until_2: "CASE WHEN next_held = 2 AND held <> 2 AND until_2 <= week THEN week + 4 ELSE until_2 END",
      },
    ],
  };
}

function merits(firstDay: number): string {
  const live = `
    SELECT v.seller, v.points, (v.known_on - ${firstDay}) // 7 AS first_week,
      (least(v.known_on + 83, coalesce(a.known_on, v.known_on + 83)) - ${firstDay}) // 7 AS after_week
    FROM (FROM happenings WHERE kind = 'violation') v LEFT JOIN (FROM happenings WHERE kind = 'appeal_granted') a ON a.about = v.id`;
  const changes = `
    SELECT seller, week, sum(change) AS change FROM (
      SELECT seller, first_week AS week, points AS change FROM (${live}) WHERE after_week > first_week
      UNION ALL SELECT seller, after_week, -points FROM (${live}) WHERE after_week > first_week)
    GROUP BY seller, week`;
  const rates = `
    SELECT seller, week, category, CASE WHEN orders >= 10 THEN cancelled / orders END AS cancellation_rate,
      CASE WHEN deliveries >= 10 THEN late / deliveries END AS late_rate
    FROM (SELECT seller, week, category, sum(seller_cancellations::DOUBLE) OVER month AS cancelled, sum(orders::DOUBLE) OVER month AS orders,
        sum(late_deliveries::DOUBLE) OVER quarter AS late, sum(deliveries::DOUBLE) OVER quarter AS deliveries
      FROM history WINDOW month AS (PARTITION BY seller ORDER BY week ROWS 3 PRECEDING),
        quarter AS (PARTITION BY seller ORDER BY week ROWS 11 PRECEDING))`;
  const ranked = `
    SELECT *, rank() OVER (PARTITION BY week, category, late_rate IS NULL ORDER BY late_rate) - 1 AS below,
      count(*) OVER (PARTITION BY week, category, late_rate) AS equal, count(*) OVER (PARTITION BY week, category, late_rate IS NULL) AS peers
    FROM (${rates})`;
  const points = `
    SELECT r.*, CASE WHEN cancellation_rate > ${double(0.03)} THEN 1 ELSE 0 END AS weekly, coalesce(change, 0) AS change
    FROM (${ranked}) r LEFT JOIN (${changes}) c ON c.seller = r.seller AND c.week = r.week`;
  return `
    SELECT seller, week, CASE WHEN penalty < 2 AND NOT latest THEN 0 WHEN penalty < 6 THEN 1 ELSE 2 END::TINYINT AS merited
    FROM (SELECT seller, week, late_rate IS NOT NULL AND peers >= 30 AND (2 * below + equal) / (2 * peers) >= ${double(0.95)} AS latest,
        sum(weekly) OVER (PARTITION BY seller ORDER BY week ROWS 11 PRECEDING) + sum(change) OVER (PARTITION BY seller ORDER BY week ROWS UNBOUNDED PRECEDING) AS penalty
      FROM (${points}))`;
}
