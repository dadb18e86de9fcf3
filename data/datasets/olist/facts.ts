/** The distinct facts of the files beside the totals of the panel, and how the one becomes the other. */
import type { DuckDb } from "../../engines/index.ts";

/** Counts over the files (an order once) and over the panel (an order once for each of its sellers). */
export interface OlistFacts {
  /** Orders in the file of orders. */
  readonly orders: number;
  readonly ordersWithItems: number;
  /** Orders without items have no seller, so no panel row shows them. */
  readonly ordersWithoutItems: number;
  readonly items: number;
  readonly itemsWithoutOrder: number;
  readonly sellersWithItems: number;
  /** Orders that hold items of several sellers. */
  readonly ordersOfSeveralSellers: number;
  /** Pairs of order and seller: what the panel's `orders` add up to. */
  readonly sellerOrders: number;
  /** Orders with both the delivery and the estimate. */
  readonly deliveriesWithBothDates: number;
  readonly lateByTimestamp: number;
  readonly lateByCalendarDay: number;
  /** The same three over pairs of order and seller: what the panel adds up to. */
  readonly sellerDeliveries: number;
  readonly sellerLateByTimestamp: number;
  readonly sellerLateByCalendarDay: number;
  readonly reviews: number;
  /** Reviews of orders that are not in the file of orders. */
  readonly reviewsWithoutOrder: number;
  /** Second and later reviews of one order; the first counts. */
  readonly reviewsNotFirst: number;
  /** Shipping limits after the last day of the files: not due yet, so no dispatch is counted. */
  readonly limitsAfterLastDay: number;
  /** Sellers that have left by the last week: nothing was recorded of them for the 12 weeks before. */
  readonly sellersGone: number;
  /** Sellers that had left and came back, and the rows of zeros that fill their panel in between. */
  readonly sellersBack: number;
  readonly rowsBetweenStays: number;
  /** The first and the last day on which anything is recorded, and the last day of the last week whose orders are complete. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly lastWeekEnd: string;
  readonly ordersCompleteTo: string;
}

/** Counts the facts. Cost: one scan of each table. */
export async function countFacts(db: DuckDb): Promise<OlistFacts> {
  const queries = Object.entries(factQueries).map(([name, query]) => `(${query}) AS "${name}"`);
  const [row] = await db.rows(`SELECT ${queries.join(", ")}`);
  const entries = Object.keys(factQueries).map((name, position) => [name, row?.[position]]);
  // Each query of the table below gives the type that the interface declares.
  return Object.fromEntries(entries) as OlistFacts;
}

const both = "WHERE order_delivered_customer_date IS NOT NULL AND order_estimated_delivery_date IS NOT NULL";
const sellerBoth = "WHERE delivered_at IS NOT NULL AND estimated_at IS NOT NULL";

const factQueries: Readonly<Record<keyof OlistFacts, string>> = {
  orders: "SELECT count(*) FROM orders",
  ordersWithItems: "SELECT count(*) FROM orders SEMI JOIN items USING (order_id)",
  ordersWithoutItems: "SELECT count(*) FROM orders ANTI JOIN items USING (order_id)",
  items: "SELECT count(*) FROM items",
  itemsWithoutOrder: "SELECT count(*) FROM items ANTI JOIN orders USING (order_id)",
  sellersWithItems: "SELECT count(DISTINCT seller_id) FROM items",
  ordersOfSeveralSellers: "SELECT count(*) FROM (SELECT order_id FROM parcels GROUP BY order_id HAVING count(*) > 1)",
  sellerOrders: "SELECT count(*) FROM parcels",
  deliveriesWithBothDates: `SELECT count(*) FROM orders ${both}`,
  lateByTimestamp: `SELECT count(*) FROM orders ${both} AND order_delivered_customer_date > order_estimated_delivery_date`,
  lateByCalendarDay: `SELECT count(*) FROM orders ${both} AND order_delivered_customer_date::DATE > order_estimated_delivery_date::DATE`,
  sellerDeliveries: `SELECT count(*) FROM parcels ${sellerBoth}`,
  sellerLateByTimestamp: `SELECT count(*) FROM parcels ${sellerBoth} AND delivered_at > estimated_at`,
  sellerLateByCalendarDay: `SELECT count(*) FROM parcels ${sellerBoth} AND delivered_at::DATE > estimated_at::DATE`,
  reviews: "SELECT count(*) FROM reviews",
  reviewsWithoutOrder: "SELECT count(*) FROM reviews ANTI JOIN orders USING (order_id)",
  reviewsNotFirst: "SELECT count(*) - count(DISTINCT order_id) FROM reviews",
  limitsAfterLastDay: "SELECT count(*) FROM parcels, span WHERE limit_at::DATE > last_day",
  sellersGone: "SELECT count(*) FROM (SELECT seller_id FROM stays, span GROUP BY seller_id HAVING max(until) < any_value(last_week_end))",
  sellersBack: "SELECT count(*) FROM (SELECT seller_id FROM stays GROUP BY seller_id HAVING count(*) > 1)",
  rowsBetweenStays: `SELECT coalesce(sum(date_trunc('week', next)::DATE + 6 - until) // 7 - count(next), 0)
    FROM (SELECT until, lead(since) OVER (PARTITION BY seller_id ORDER BY since) AS next FROM stays)`,
  firstDay: "SELECT first_day::VARCHAR FROM span",
  lastDay: "SELECT last_day::VARCHAR FROM span",
  lastWeekEnd: "SELECT last_week_end::VARCHAR FROM span",
  ordersCompleteTo: "SELECT orders_complete_to::VARCHAR FROM span",
};
