/** The real Olist files, where they are at hand: known facts, and the panel's totals by a second derivation. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type PreparedOlist, prepareOlist } from "../../data/datasets/olist/prepare-olist.ts";
import { type DuckDb, openDuckDb, quoteText } from "../../data/engines/index.ts";
import { packagePath } from "../../data/foundation/index.ts";

const shared = process.env["COUNTERWEIGHT_SHARED"] ?? packagePath("..", "shared");
const files = join(shared, "data", "olist");

describe("the real Olist files", () => {
  let folder: string;
  let db: DuckDb;
  let prepared: PreparedOlist;

  before(async function () {
    if (!existsSync(files)) {
      console.log(`      skipped: the Olist files are not in ${files}`);
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "olist-facts-"));
    db = await openDuckDb();
    prepared = await prepareOlist({ folder: files, workFolder: folder });
    for (const [table, file] of [
      ["orders", "olist_orders_dataset.csv"],
      ["items", "olist_order_items_dataset.csv"],
      ["reviews", "olist_order_reviews_dataset.csv"],
    ] as const) {
      await db.run(`CREATE TABLE ${table} AS SELECT * FROM read_csv(${quoteText(join(files, file))}, header = true)`);
    }
    await db.run(`CREATE TABLE panel AS SELECT * FROM ${quoteText(join(folder, "panel.parquet"))}`);
  });

  after(() => {
    if (db !== undefined) db.close();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it("have the known facts", () => {
    expect(prepared.facts).to.include({
      orders: 98_220,
      items: 111_248,
      sellersWithItems: 3_054,
      itemsWithoutOrder: 61,
      deliveriesWithBothDates: 95_255,
      lateByTimestamp: 7_717,
      lateByCalendarDay: 6_445,
    });
  });

  it("keep every seller in the frame until 12 empty weeks have passed, and no longer", async () => {
    const happened = `(orders + items + due_dispatches + deliveries + seller_cancellations + unavailable + reviews) > 0`;
    const [row] = await db.rows(`WITH weeks AS (
        SELECT *, max(CASE WHEN ${happened} THEN week_end END) OVER (PARTITION BY seller_id ORDER BY week_end) AS last_seen FROM panel),
      ends AS (SELECT seller_id, max(week_end) AS ended, max(last_seen) AS last_seen FROM weeks GROUP BY seller_id)
      SELECT (SELECT count(*) FROM ends WHERE ended < DATE '2018-10-28'),
        (SELECT count(*) FROM ends WHERE ended <> least(last_seen + 84, DATE '2018-10-28')),
        (SELECT count(DISTINCT seller_id) FROM weeks WHERE week_end > last_seen + 84), (SELECT count(*) FROM weeks WHERE week_end > last_seen + 84)`);
    const { sellersGone, sellersBack, rowsBetweenStays } = prepared.facts;
    expect(row).to.deep.equal([sellersGone, 0, sellersBack, rowsBetweenStays]);
    expect({ sellersGone, sellersBack, rowsBetweenStays }).to.deep.equal({ sellersGone: 1_557, sellersBack: 383, rowsBetweenStays: 3_763 });
  });

  it("lose no item and no seller on the way into the panel", async () => {
    expect(await db.rows("SELECT sum(items), sum(items_without_order), count(DISTINCT seller_id) FROM panel")).to.deep.equal([
      [111_248, 61, 3_054],
    ]);
  });

  for (const { measure, query } of secondDerivations()) {
    it(`give the same total of ${measure} by a second derivation`, async () => {
      const [derived] = await db.rows(query);
      const [total] = await db.rows(`SELECT sum(${measure})::VARCHAR FROM panel`);
      expect(total).to.deep.equal(derived?.map(String));
    });
  }
});

/** Straight from the files, pair by pair of order and seller; dates do not matter for totals. */
function secondDerivations(): { measure: string; query: string }[] {
  const pairs = "(SELECT DISTINCT order_id, seller_id, shipping_limit_date FROM items) JOIN orders USING (order_id)";
  const priced = "items JOIN orders USING (order_id)";
  const dueBy = `FROM ${pairs} WHERE shipping_limit_date < '2018-10-23' AND (order_delivered_carrier_date IS NOT NULL
    OR order_status NOT IN ('canceled', 'unavailable', 'delivered'))`;
  const first = `(SELECT order_id, arg_min(review_score, (review_answer_timestamp, review_id)) AS score FROM reviews GROUP BY order_id)
    JOIN (SELECT DISTINCT order_id, seller_id FROM ${priced}) USING (order_id)`;
  return [
    { measure: "orders", query: `SELECT count(*) FROM ${pairs}` },
    { measure: "gmv", query: `SELECT sum(price::DECIMAL(12,2)) FROM ${priced} WHERE order_status <> 'canceled'` },
    { measure: "cancelled_gmv", query: `SELECT sum(price::DECIMAL(12,2)) FROM ${priced} WHERE order_status = 'canceled'` },
    { measure: "freight", query: `SELECT sum(freight_value::DECIMAL(12,2)) FROM ${priced} WHERE order_status <> 'canceled'` },
    { measure: "due_dispatches", query: `SELECT count(*) ${dueBy}` },
    {
      measure: "late_dispatches",
      query: `SELECT count(*) ${dueBy} AND coalesce(order_delivered_carrier_date > shipping_limit_date, true)`,
    },
    { measure: "deliveries", query: `SELECT count(order_delivered_customer_date) FROM ${pairs}` },
    { measure: "seller_cancellations", query: `SELECT count(*) FROM ${pairs} WHERE order_status = 'canceled'` },
    { measure: "unavailable", query: `SELECT count(*) FROM ${pairs} WHERE order_status = 'unavailable'` },
    { measure: "reviews", query: `SELECT count(*) FROM ${first}` },
    { measure: "rating_sum", query: `SELECT sum(score) FROM ${first}` },
    { measure: "low_reviews", query: `SELECT count(*) FROM ${first} WHERE score <= 2` },
  ];
}
