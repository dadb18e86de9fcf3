/** Turns orders, items and reviews into dated happenings of sellers: the one place that says what counts, for whom, and on which day. */
import type { DuckDb } from "../../engines/index.ts";

/** The measures that a happening may carry, in the order of the panel's columns. */
export const countedMeasures = [
  "orders",
  "items",
  "items_without_order",
  "gmv",
  "cancelled_gmv",
  "freight",
  "due_dispatches",
  "late_dispatches",
  "deliveries",
  "late_deliveries",
  "late_deliveries_by_day",
  "seller_cancellations",
  "unavailable",
  "reviews",
  "rating_sum",
  "low_reviews",
] as const;

/** A seller stays in the frame for so many days after the week of its last happening: the usual window of a policy, 12 weeks. */
export const stayDays = 84;

/**
 * Makes the tables `parcels` (one row for each order and seller), `span` (the first and last day with a happening, and the last day of the
 * last week whose orders are complete), `happenings` (`seller_id, day` and one column a measure; null where it says nothing) and `stays`
 * (`seller_id, since, until`: from when to when a seller is in the frame; several for one that left and came back).
 *
 * A happening is dated by the day on which it was known, and whether a seller is in the frame on a day depends on the happenings up to that
 * day only, so a panel made of them never looks ahead; data/README.md gives the reasons. Only gmv, cancelled_gmv and freight stand on the
 * day of purchase by definition.
 */
export async function makeHappenings(db: DuckDb): Promise<void> {
  for (const statement of [parcels, firstReviews, span, happenings, stays]) await db.run(statement);
}

const parcels = `CREATE TABLE parcels AS
SELECT order_id, seller_id, count(*) AS items, sum(price) AS value, sum(freight_value) AS freight, min(shipping_limit_date) AS limit_at,
  any_value(order_status) AS status, any_value(order_purchase_timestamp) AS purchased_at, any_value(order_approved_at) AS approved_at,
  any_value(order_delivered_carrier_date) AS carrier_at, any_value(order_delivered_customer_date) AS delivered_at,
  any_value(order_estimated_delivery_date) AS estimated_at
FROM items JOIN orders USING (order_id) WHERE order_purchase_timestamp IS NOT NULL GROUP BY order_id, seller_id`;

const firstReviews = `CREATE TABLE first_reviews AS
SELECT DISTINCT ON (order_id) order_id, source_row, review_score, review_answer_timestamp AS answered_at FROM reviews
WHERE review_score BETWEEN 1 AND 5 AND review_answer_timestamp IS NOT NULL ORDER BY order_id, review_answer_timestamp, review_id`;

/** Shipping limits do not stretch the span: two of them lie years after everything else. */
const span = `CREATE TABLE span AS
WITH days AS (
  SELECT unnest([purchased_at, approved_at, carrier_at, delivered_at])::DATE AS day FROM parcels
  UNION ALL SELECT answered_at::DATE FROM first_reviews SEMI JOIN parcels USING (order_id)),
weeks AS (SELECT date_trunc('week', purchased_at)::DATE + 6 AS week_end, count(DISTINCT order_id) AS orders FROM parcels GROUP BY ALL),
usual AS (SELECT week_end, orders, median(orders) OVER (ORDER BY week_end ROWS BETWEEN 8 PRECEDING AND 1 PRECEDING) AS before FROM weeks)
SELECT min(day) AS first_day, max(day) AS last_day, date_trunc('week', max(day))::DATE + 6 AS last_week_end,
  (SELECT max(week_end) FROM usual WHERE before IS NULL OR orders >= before / 2) AS orders_complete_to FROM days`;

const happenings = `CREATE TABLE happenings AS
WITH dated AS (
  SELECT *,
    least(greatest(least(limit_at, estimated_at), purchased_at, carrier_at, delivered_at)::DATE, last_day) AS dropped_on,
    status IN ('canceled', 'unavailable') AND carrier_at IS NULL AS never_due
  FROM parcels, span)
SELECT seller_id, purchased_at::DATE AS day, 1 AS orders, items, CASE WHEN status <> 'canceled' THEN value END AS gmv,
  CASE WHEN status = 'canceled' THEN value END AS cancelled_gmv, CASE WHEN status <> 'canceled' THEN freight END AS freight FROM dated
UNION ALL BY NAME
SELECT seller_id, limit_at::DATE AS day, 1 AS due_dispatches, (carrier_at IS NULL OR carrier_at > limit_at)::INTEGER AS late_dispatches
FROM dated WHERE NOT never_due AND limit_at::DATE <= last_day AND NOT (status = 'delivered' AND carrier_at IS NULL)
UNION ALL BY NAME
SELECT seller_id, delivered_at::DATE AS day, 1 AS deliveries, (delivered_at > estimated_at)::INTEGER AS late_deliveries,
  (delivered_at::DATE > estimated_at::DATE)::INTEGER AS late_deliveries_by_day
FROM dated WHERE delivered_at IS NOT NULL AND estimated_at IS NOT NULL
UNION ALL BY NAME
SELECT seller_id, dropped_on AS day, (status = 'canceled')::INTEGER AS seller_cancellations, (status = 'unavailable')::INTEGER AS unavailable
FROM dated WHERE status IN ('canceled', 'unavailable')
UNION ALL BY NAME
SELECT seller_id, answered_at::DATE AS day, 1 AS reviews, review_score AS rating_sum, (review_score <= 2)::INTEGER AS low_reviews
FROM first_reviews JOIN parcels USING (order_id)
UNION ALL BY NAME
SELECT seller_id, least(shipping_limit_date::DATE, last_day) AS day, 1 AS items, 1 AS items_without_order
FROM items ANTI JOIN orders USING (order_id), span`;

/** Not cut to the last day of the files: `until` may lie after it. A stay ends when the next week with a happening leaves a week between. */
const stays = `CREATE TABLE stays AS
WITH weeks AS (SELECT seller_id, date_trunc('week', day)::DATE + 6 AS week_end, min(day) AS day FROM happenings GROUP BY ALL),
begun AS (
  SELECT *, (week_end - lag(week_end) OVER seller > ${stayDays} + 7)::INTEGER AS is_back FROM weeks
  WINDOW seller AS (PARTITION BY seller_id ORDER BY week_end)),
numbered AS (SELECT *, sum(coalesce(is_back, 0)) OVER (PARTITION BY seller_id ORDER BY week_end) AS stay FROM begun)
SELECT seller_id, min(day) AS since, max(week_end) + ${stayDays} AS until FROM numbered GROUP BY seller_id, stay`;
