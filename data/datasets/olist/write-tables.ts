/** Writes the derived Parquet files: the weekly panel, the dated snapshots, the sellers and the outcomes. */
import { join } from "node:path";
import { type DuckDb, quoteText } from "../../engines/index.ts";
import type { Grain } from "../../foundation/index.ts";
import { countedMeasures } from "./happenings.ts";

/** What makes a seller's next 90 days harmful. The descriptor prints these numbers. */
export const badOrders = { horizonDays: 90, lagDays: 30, ordersMin: 10, shareMax: 0.15 } as const;

/** Measures in money; all others are counts. */
const moneyMeasures: ReadonlySet<string> = new Set(["gmv", "cancelled_gmv", "freight"]);

/**
 * One row a seller and week, from the seller's first recorded week to the end of its last stay, at most to the last week; a week without
 * any happening is a row of zeros, also between two stays, as a panel has no holes.
 */
export async function writeWeeklyPanel(db: DuckDb, folder: string): Promise<void> {
  const sums = countedMeasures.map((measure) => `coalesce(sum(${measure}), 0)::${typeOf(measure)} AS ${measure}`);
  await writeParquet(
    db,
    join(folder, "panel.parquet"),
    `WITH summed AS (
      SELECT seller_id, date_trunc('week', day)::DATE + 6 AS week_end, ${sums.join(", ")} FROM happenings GROUP BY ALL),
    frame AS (
      SELECT seller_id, unnest(range(date_trunc('week', min(since))::DATE + 6, least(max(until), any_value(last_week_end)) + INTERVAL 1 DAY,
        INTERVAL 7 DAY))::DATE AS week_end
      FROM stays, span GROUP BY seller_id)
    SELECT seller_id, week_end, ${countedMeasures.map((measure) => `coalesce(${measure}, 0)::${typeOf(measure)} AS ${measure}`).join(", ")}
    FROM frame LEFT JOIN summed USING (seller_id, week_end) ORDER BY seller_id, week_end`,
  );
}

/**
 * Levels to date, taken on the 15th and on the last day of a month, only where something happened in that half month, and on the day on
 * which a stay ends (at most the last day of the last month): so they come irregularly, as real snapshot feeds do. A share or a rating
 * without any case is missing.
 */
export async function writeSnapshots(db: DuckDb, folder: string): Promise<void> {
  const measures = ["orders", "gmv", "due_dispatches", "late_dispatches", "deliveries", "late_deliveries", "seller_cancellations"];
  const toDate = [...measures, "reviews", "rating_sum"].map(
    (measure) => `sum(coalesce(sum(${measure}), 0)) OVER (PARTITION BY seller_id ORDER BY taken_on) AS ${measure}`,
  );
  await writeParquet(
    db,
    join(folder, "snapshots.parquet"),
    `WITH marked AS (
      SELECT *, CASE WHEN day(day) <= 15 THEN date_trunc('month', day)::DATE + 14 ELSE last_day(day) END AS taken_on FROM happenings
      UNION ALL BY NAME SELECT seller_id, least(until, last_day(span.last_day)) AS taken_on FROM stays, span),
    to_date AS (SELECT seller_id, taken_on, ${toDate.join(", ")} FROM marked GROUP BY seller_id, taken_on)
    SELECT seller_id, taken_on, orders::BIGINT AS orders_to_date, gmv::DECIMAL(18,2) AS gmv_to_date, reviews::BIGINT AS reviews_to_date,
      round(rating_sum / nullif(reviews, 0), 2)::DOUBLE AS rating,
      round(late_dispatches / nullif(due_dispatches, 0), 4)::DOUBLE AS late_dispatch_share,
      round(late_deliveries / nullif(deliveries, 0), 4)::DOUBLE AS late_delivery_share,
      round(seller_cancellations / nullif(orders, 0), 4)::DOUBLE AS cancellation_share
    FROM to_date ORDER BY seller_id, taken_on`,
  );
}

/** One row a seller: state, the category that most of its items belong to over the whole history, and the day of its first order. */
export async function writeSellers(db: DuckDb, folder: string): Promise<void> {
  await writeParquet(
    db,
    join(folder, "sellers.parquet"),
    `WITH sold AS (
      SELECT seller_id, coalesce(product_category_name_english, product_category_name) AS category, count(*) AS items, sum(price) AS value
      FROM items LEFT JOIN products USING (product_id) LEFT JOIN translations USING (product_category_name)
      WHERE product_category_name IS NOT NULL GROUP BY ALL),
    main AS (SELECT DISTINCT ON (seller_id) seller_id, category FROM sold ORDER BY seller_id, items DESC, value DESC, category),
    opened AS (SELECT seller_id, min(purchased_at)::DATE AS opened_on FROM parcels GROUP BY seller_id)
    SELECT seller_id, seller_state AS region, category, opened_on, date_trunc('week', opened_on)::DATE + 6 AS first_order_week
    FROM (SELECT DISTINCT seller_id FROM happenings) LEFT JOIN sellers USING (seller_id) LEFT JOIN main USING (seller_id)
    LEFT JOIN opened USING (seller_id) ORDER BY seller_id`,
  );
}

/**
 * Labels about the ends of months (weekly: the last Sunday of each month): did bad orders exceed the share in the horizon that follows?
 * Left out are sellers that are not in the frame at the date or have left it by the horizon's end, sellers below the volume, and horizons
 * that the orders do not cover to their end. An order counts when it was bought in the horizon and promised within horizon and lag, so that all
 * of it is known when the label is.
 */
export async function writeOutcomes(db: DuckDb, folder: string, grain: Grain): Promise<void> {
  const { horizonDays, lagDays, ordersMin, shareMax } = badOrders;
  const about =
    grain === "month"
      ? "SELECT DISTINCT last_day(day) AS about FROM days"
      : "SELECT day AS about FROM days WHERE isodow(day) = 7 AND month(day) <> month(day + 7)";
  await writeParquet(
    db,
    join(folder, `outcomes-${grain}.parquet`),
    `WITH days AS (SELECT unnest(range(first_day, orders_complete_to + INTERVAL 1 DAY, INTERVAL 1 DAY))::DATE AS day FROM span),
    about AS (SELECT about FROM (${about}), span WHERE about + ${horizonDays} <= orders_complete_to AND about + ${horizonDays + lagDays} <= last_day),
    counted AS (
      SELECT seller_id, about, count(*) AS orders, count(*) FILTER (WHERE status IN ('canceled', 'unavailable')
        OR delivered_at::DATE > estimated_at::DATE OR (delivered_at IS NULL AND status <> 'delivered')) AS bad
      FROM about JOIN parcels ON purchased_at::DATE > about AND purchased_at::DATE <= about + ${horizonDays}
        AND estimated_at::DATE <= about + ${horizonDays + lagDays}
      GROUP BY ALL)
    SELECT seller_id, about, 'bad_orders_${horizonDays}' AS source, CASE WHEN bad > ${shareMax} * orders THEN 'harmful' ELSE 'fine' END AS outcome,
      about + ${horizonDays + lagDays} AS known_on, orders::INTEGER AS orders, bad::INTEGER AS bad
    FROM counted WHERE orders >= ${ordersMin} AND ${isInFrame("about")} AND ${isInFrame(`about + ${horizonDays}`)}
    ORDER BY seller_id, about`,
  );
}

/** Whether a row's seller is in the frame on a day: what is recorded up to that day decides. */
function isInFrame(day: string): string {
  return `EXISTS (SELECT 1 FROM stays WHERE stays.seller_id = counted.seller_id AND ${day} BETWEEN since AND until)`;
}

async function writeParquet(db: DuckDb, path: string, query: string): Promise<void> {
  await db.run(`COPY (${query}) TO ${quoteText(path)} (FORMAT parquet)`);
}

function typeOf(measure: string): string {
  return moneyMeasures.has(measure) ? "DECIMAL(18,2)" : "BIGINT";
}
