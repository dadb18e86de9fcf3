/** Writes the two dataset descriptors: the weekly panel and the monthly snapshots of the same orders. */
import { stringify } from "yaml";
import type { OlistFacts } from "./facts.ts";
import { stayDays } from "./happenings.ts";
import { badOrders } from "./write-tables.ts";

const count = (title: string, partOf?: string): object => ({ flow: "count", title, ...(partOf === undefined ? {} : { part_of: partOf }) });
const money = (title: string): object => ({ flow: "money", title });
const level = (unit: string, title: string, decimals?: number): object => ({
  level: unit,
  ...(decimals === undefined ? {} : { decimals }),
  carry: "2 periods",
  title,
});

const sellersFile = {
  path: "sellers.parquet",
  holds: "entities",
  columns: {
    region: { attribute: "text", title: "State" },
    category: { attribute: "text", title: "Main category, by items over the whole history: descriptive only" },
    opened_on: { attribute: "day", title: "First order" },
    first_order_week: { attribute: "day", title: "Week of the first order, its last day" },
  },
};

/** The descriptor of the weekly seller panel. */
export function describeWeekly(facts: OlistFacts): string {
  return stringify(
    {
      dataset: "olist-weekly",
      title: "Olist, weekly",
      entity: "seller",
      grain: "week",
      currency: "BRL",
      known_at: facts.lastWeekEnd,
      complete_to: facts.ordersCompleteTo,
      key: ["seller_id"],
      gmv: "gmv",
      orders: "orders",
      source: sourceText(facts),
      set_aside: "set-aside.csv",
      files: [
        {
          path: "panel.parquet",
          holds: "panel",
          period: "week_end",
          columns: {
            orders: count("Orders, by purchase day, once for each seller of the order"),
            items: count("Items, by purchase day"),
            items_without_order: count("Items of no order in the file, by shipping limit", "items"),
            gmv: money("Item prices without freight, by purchase day, without cancelled orders"),
            cancelled_gmv: money("Item prices of cancelled orders, by purchase day"),
            freight: money("Freight, by purchase day, without cancelled orders"),
            due_dispatches: count("Dispatches whose shipping limit fell in the week"),
            late_dispatches: count("Due dispatches not handed to the carrier by the limit", "due_dispatches"),
            deliveries: count("Deliveries, by delivery day"),
            late_deliveries: count("Deliveries after the estimate's timestamp, which is a midnight", "deliveries"),
            late_deliveries_by_day: count("Deliveries on a calendar day after the estimate's", "deliveries"),
            seller_cancellations: count("Cancelled orders; the file does not tell whose fault it was"),
            unavailable: count("Orders that turned out to be unavailable"),
            reviews: count("First reviews of orders, by answer day"),
            rating_sum: count("Sum of the stars of these reviews"),
            low_reviews: count("Reviews of one or two stars", "reviews"),
          },
        },
        sellersFile,
        outcomesFile("week"),
      ],
      outcomes: outcomes(["late_deliveries_by_day", "seller_cancellations", "unavailable"]),
    },
    { lineWidth: 0 },
  );
}

/**
 * The descriptor of the monthly panel of levels, from snapshots that come at irregular days. `months` are the last days of the first
 * and the last month; where not even the first one is complete, none is said to be.
 */
export function describeMonthly(facts: OlistFacts, months: { readonly first: string; readonly last: string }): string {
  return stringify(
    {
      dataset: "olist-monthly",
      title: "Olist, monthly snapshots",
      entity: "seller",
      grain: "month",
      currency: "BRL",
      known_at: months.last,
      ...(months.first <= facts.ordersCompleteTo ? { complete_to: facts.ordersCompleteTo } : {}),
      key: ["seller_id"],
      source: sourceText(facts),
      set_aside: "set-aside.csv",
      files: [
        {
          path: "snapshots.parquet",
          holds: "snapshots",
          date: "taken_on",
          rule: "last in period",
          columns: {
            orders_to_date: level("count", "Orders to date"),
            gmv_to_date: level("money", "Item prices to date, without cancelled orders"),
            reviews_to_date: level("count", "Reviews to date"),
            rating: level("number", "Mean stars to date", 2),
            late_dispatch_share: level("share", "Late share of due dispatches to date", 4),
            late_delivery_share: level("share", "Late share of deliveries to date, by timestamp", 4),
            cancellation_share: level("share", "Cancelled share of orders to date; the file does not tell whose fault it was", 4),
          },
        },
        sellersFile,
        outcomesFile("month"),
      ],
      outcomes: outcomes(["late_delivery_share", "cancellation_share"]),
    },
    { lineWidth: 0 },
  );
}

function outcomesFile(grain: string): object {
  return {
    path: `outcomes-${grain}.parquet`,
    holds: "outcomes",
    day: "about",
    source: "source",
    outcome: "outcome",
    known_at: "known_on",
    ignore: ["orders", "bad"],
  };
}

function outcomes(measures: readonly string[]): object {
  const { horizonDays, lagDays, ordersMin, shareMax } = badOrders;
  return {
    [`bad_orders_${horizonDays}`]: {
      kind: "future",
      role: "behaviour",
      horizon: `${horizonDays} days`,
      lag: `${lagDays} days`,
      measures,
      title: `Bad orders in the next ${horizonDays} days`,
      definition:
        `Harmful: more than ${shareMax * 100} % of the seller's orders bought in the ${horizonDays} days after the date, and promised by ${lagDays} days after these, ` +
        "were cancelled, unavailable, not delivered, or delivered on a calendar day after the estimate. " +
        `Unlabelled: fewer than ${ordersMin} such orders, or gone by the end of the ${horizonDays} days (nothing recorded for ${stayDays / 7} weeks).`,
    },
  };
}

function sourceText(facts: OlistFacts): string {
  return (
    "Olist Brazilian e-commerce, published under CC BY-NC-SA 4.0. " +
    `The files hold ${facts.orders} orders (${facts.ordersWithoutItems} without items, so without a seller), ${facts.items} items of ${facts.sellersWithItems} sellers ` +
    `(${facts.itemsWithoutOrder} items of no order in the file), ${facts.deliveriesWithBothDates} deliveries with both dates, ${facts.lateByTimestamp} late by timestamp and ` +
    `${facts.lateByCalendarDay} by calendar day. An order counts once for each of its sellers: ${facts.sellerOrders} orders and ${facts.sellerDeliveries} deliveries in all. ` +
    `A seller is in the frame until ${stayDays / 7} weeks after the last that is recorded of it. ` +
    `Orders are complete to ${facts.ordersCompleteTo}; what comes later is what became of them.`
  );
}
