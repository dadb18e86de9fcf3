/** The Olist preparation on a tiny invented marketplace (no row is from the real data), whose weekly panel was worked out by hand. */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { type ImportResult, importDataset } from "../../data/datasets/index.ts";
import { type PreparedOlist, prepareOlist } from "../../data/datasets/olist/prepare-olist.ts";
import { type DuckDb, openDuckDb, quoteText } from "../../data/engines/index.ts";
import { formatDay, InputRefused, packagePath, parseDay } from "../../data/foundation/index.ts";

const fixtures = packagePath("test", "data", "fixtures", "olist");

describe("prepareOlist", () => {
  let folder: string;
  let db: DuckDb;
  let prepared: PreparedOlist;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "olist-"));
    db = await openDuckDb();
    prepared = await prepareOlist({ folder: fixtures, workFolder: join(folder, "work") });
  });

  after(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  const fileOf = (name: string): string => quoteText(join(folder, "work", name));

  /** A small answer as lines of CSV. */
  async function lines(query: string, from: DuckDb = db): Promise<string[]> {
    return (await from.rows(query)).map((row) => row.map((value) => (value === null ? "" : String(value))).join(","));
  }

  it("makes the weekly panel that was worked out by hand", async () => {
    const expected = readFileSync(join(fixtures, "expected-panel.csv"), "utf8").trim().split("\n");
    expect(await lines(`SELECT * FROM ${fileOf("panel.parquet")} ORDER BY seller_id, week_end`)).to.deep.equal(expected.slice(1));
  });

  it("counts the distinct facts and their panel totals", () => {
    expect(prepared.facts).to.deep.equal({
      orders: 7,
      ordersWithItems: 6,
      ordersWithoutItems: 1,
      items: 9,
      itemsWithoutOrder: 1,
      sellersWithItems: 3,
      ordersOfSeveralSellers: 1,
      sellerOrders: 7,
      deliveriesWithBothDates: 4,
      lateByTimestamp: 2,
      lateByCalendarDay: 1,
      sellerDeliveries: 5,
      sellerLateByTimestamp: 3,
      sellerLateByCalendarDay: 1,
      reviews: 4,
      reviewsWithoutOrder: 1,
      reviewsNotFirst: 1,
      limitsAfterLastDay: 1,
      sellersGone: 0,
      sellersBack: 0,
      rowsBetweenStays: 0,
      firstDay: "2018-03-05",
      lastDay: "2018-03-25",
      lastWeekEnd: "2018-03-25",
      ordersCompleteTo: "2018-03-18",
    });
  });

  it("lists every row that found no place, with file, row or line, and reason", async () => {
    const listed = await lines(`SELECT file, line, "row", code, found FROM ${fileOf("set-aside.csv")} ORDER BY ALL`);
    // The first review of the fixture spans four lines.
    expect(listed).to.deep.equal([
      "olist_order_items_dataset.csv,10,,source-rows-unmatched,order o99, seller C",
      "olist_order_reviews_dataset.csv,6,,source-rows-repeated,order o1",
      "olist_order_reviews_dataset.csv,8,,source-rows-unmatched,order o98",
      "olist_orders_dataset.csv,6,,source-rows-unmatched,order o5",
      "olist_orders_dataset.csv,9,,source-rows-repeated,order o1",
      "olist_orders_dataset.csv,10,,source-rows-unreadable,",
    ]);
  });

  it("says what it set aside, with counts", () => {
    const told = prepared.diagnostics.map(({ code, severity, message }) => `${code} ${severity}: ${message.split(",")[0] ?? ""}`);
    expect(told).to.include.members([
      "source-rows-repeated warning: 1 row(s) of olist_orders_dataset.csv were set aside",
      "source-rows-unreadable warning: 1 row(s) of olist_orders_dataset.csv were set aside",
      "source-rows-unmatched warning: 1 items belong to no order in the file; they count in items and items_without_order",
      "source-rows-unmatched note: 1 orders have no items",
      "source-rows-repeated note: 1 reviews are not the first of their order; the first one counts",
    ]);
  });

  it("describes sellers by state, main category in English, and first order", async () => {
    expect(await lines(`SELECT * FROM ${fileOf("sellers.parquet")} ORDER BY seller_id`)).to.deep.equal([
      "A,SP,perfumery,2018-03-05,2018-03-11",
      "B,RJ,art,2018-03-06,2018-03-11",
      "C,MG,,,",
    ]);
  });

  it("takes snapshots to date on the 15th and at the month's end where something happened, and when a stay or the files end", async () => {
    const query = `SELECT seller_id, taken_on, orders_to_date, gmv_to_date, rating, late_dispatch_share FROM ${fileOf("snapshots.parquet")}`;
    expect(await lines(`${query} ORDER BY seller_id, taken_on`)).to.deep.equal([
      "A,2018-03-15,3,90.00,5,0.6667",
      "A,2018-03-31,4,95.00,3.5,0.6667",
      "B,2018-03-15,3,130.00,,0",
      "B,2018-03-31,3,130.00,2,0.5",
      "C,2018-03-15,0,0.00,,",
      "C,2018-03-31,0,0.00,,",
    ]);
  });

  it("describes every column of every file that it writes", async () => {
    for (const path of [prepared.descriptorPaths.weekly, prepared.descriptorPaths.monthly]) {
      const descriptor = parse(readFileSync(path, "utf8"));
      for (const file of descriptor.files) {
        const roles = ["period", "date", "day", "source", "outcome", "known_at"].map((role) => file[role]);
        const described = [...descriptor.key, ...roles, ...Object.keys(file.columns ?? {}), ...(file.ignore ?? [])];
        const columns = (await db.describe(`SELECT * FROM ${fileOf(file.path)}`)).map(({ name }) => name);
        expect(described, file.path).to.include.members(columns);
      }
    }
  });

  it("is imported without a rejected row, in both forms", async () => {
    const home = join(folder, "home");
    const imported = async (descriptorPath: string): Promise<ImportResult> => importDataset({ descriptorPath, home, register: () => {} });
    const weekly = await imported(prepared.descriptorPaths.weekly);
    expect(weekly.diagnostics.map(({ code, message }) => [code, message])).to.deep.equal([
      [
        "rows-set-aside",
        "the importer set 6 rows of the original files aside: 3 source-rows-unmatched, 2 source-rows-repeated, 1 source-rows-unreadable",
      ],
    ]);
    const kept = readFileSync(join(weekly.folder ?? "", "set-aside.ndjson"), "utf8")
      .trim()
      .split("\n");
    expect(kept.map((line) => JSON.parse(line))[0]).to.deep.equal({
      file: "olist_order_items_dataset.csv",
      line: 10,
      code: "source-rows-unmatched",
      found: "order o99, seller C",
      reason: "no such order; counted in items and items_without_order in the week of the shipping limit",
    });
    expect([kept.length, weekly.manifest?.setAside?.rows]).to.deep.equal([6, 6]);
    expect(weekly.manifest).to.deep.include({ name: "olist-weekly", entities: 3, rows: 9, rejected: { rows: 0, reasons: [] } });
    expect(weekly.manifest?.totals).to.include({ items: 9, items_without_order: 1, gmv: 225, cancelled_gmv: 70, late_deliveries: 3 });
    const monthly = await imported(prepared.descriptorPaths.monthly);
    expect(monthly.diagnostics.map(({ code }) => code)).to.deep.equal(["rows-set-aside"]);
    expect(monthly.manifest).to.deep.include({ name: "olist-monthly", entities: 3, rows: 3, rejected: { rows: 0, reasons: [] } });
  });

  it("reads reviews without comment columns to the same panel", async () => {
    const other = copyOf("plain");
    const text = "review_id,order_id,review_score,review_answer_timestamp\nr1,o1,5,2018-03-14 18:00:00\nr3,o2,2,2018-03-25 12:00:00\n";
    writeFileSync(join(other, "olist_order_reviews_dataset.csv"), text);
    await prepareOlist({ folder: other, workFolder: join(other, "work") });
    const panel = "ORDER BY seller_id, week_end";
    expect(await lines(`SELECT * FROM ${quoteText(join(other, "work", "panel.parquet"))} ${panel}`)).to.deep.equal(
      await lines(`SELECT * FROM ${fileOf("panel.parquet")} ${panel}`),
    );
  });

  it("refuses a folder without the files, naming each", async () => {
    const refused = await refusalOf(join(folder, "nowhere"));
    expect(refused.diagnostics.map(({ code }) => code)).to.deep.equal(Array.from({ length: 6 }, () => "file-not-found"));
  });

  it("refuses a file without a column that it reads, and names the near one", async () => {
    const other = copyOf("renamed");
    const path = join(other, "olist_sellers_dataset.csv");
    writeFileSync(path, readFileSync(path, "utf8").replace("seller_state", "seller_stat"));
    const [fault] = (await refusalOf(other)).diagnostics;
    expect(fault).to.include({ code: "source-column-missing", near: "seller_stat" });
  });

  it("keeps a seller in the frame for 12 weeks after its last happening, whatever follows", async () => {
    const other = copyOf("stays");
    // Happenings are orders on Wednesdays, in these weeks; each is delivered in its week. "end" stretches the panel to week 30.
    const weeks = { away: [0, 14], end: [0, 30], gone: [0, 1], late: [0, 13], quiet: [0, 18] };
    writeOrders(
      other,
      Object.entries(weeks).flatMap(([seller, active]) => active.map((week) => ({ seller, day: 7 * week, deliveredAfterDays: 1 }))),
    );
    const { facts } = await prepareOlist({ folder: other, workFolder: join(other, "work") });
    expect(facts).to.include({ sellersGone: 3, sellersBack: 3, rowsBetweenStays: 1 + 17 + 5, lastWeekEnd: "2017-08-06" });
    // The first week of "away" to its last one with an order, and 12 more; of "quiet" the panel's end comes first.
    expect(await lines(`SELECT seller_id, count(*), max(week_end) FROM ${panelIn(other)} GROUP BY 1 ORDER BY 1`)).to.deep.equal([
      "away,27,2017-07-09",
      "end,31,2017-08-06",
      "gone,14,2017-04-09",
      "late,26,2017-07-02",
      "quiet,31,2017-08-06",
    ]);
    const shown = `SELECT count(*), sum(orders) FROM ${panelIn(other)} WHERE seller_id = 'away' AND week_end BETWEEN '2017-01-15' AND '2017-04-09'`;
    expect(await lines(shown)).to.deep.equal(["13,0"]);
  });

  it("decides who is in the frame without looking ahead: until a seller comes back, nobody knows that it will", async () => {
    // "z" sells every week up to the last one, so that the panel reaches it. "a" is gone after week 28, and back in week 31.
    for (const { lastWeek, rows } of [
      { lastWeek: 10, rows: 11 },
      { lastWeek: 20, rows: 21 },
      { lastWeek: 30, rows: 29 },
      { lastWeek: 31, rows: 32 },
      { lastWeek: 50, rows: 44 },
    ]) {
      const sold = [0, 3, 16, 31].filter((week) => week <= lastWeek).map((week) => ({ seller: "a", day: 7 * week, deliveredAfterDays: 1 }));
      const others = Array.from({ length: lastWeek + 1 }, (_, week) => ({ seller: "z", day: 7 * week, deliveredAfterDays: 1 }));
      const other = copyOf("cut");
      writeOrders(other, [...sold, ...others]);
      await prepareOlist({ folder: other, workFolder: join(other, "work") });
      expect(await lines(`SELECT seller_id, count(*) FROM ${panelIn(other)} GROUP BY 1 ORDER BY 1`)).to.deep.equal([
        `a,${rows}`,
        `z,${lastWeek + 1}`,
      ]);
    }
  });

  it("labels the next 90 days, but not small sellers, those gone, or horizons that the orders do not cover", async () => {
    const other = copyOf("outcomes");
    writeOrders(other, severalSellers());
    const result = await prepareOlist({ folder: other, workFolder: join(other, "work") });
    expect(result.facts.ordersCompleteTo).to.equal("2017-08-13");
    const about = (grain: string): string =>
      `SELECT seller_id, about, outcome, known_on, orders, bad FROM ${quoteText(join(other, "work", `outcomes-${grain}.parquet`))} ORDER BY ALL`;
    // "burst" sells once more on 1 February, ten times. The label about 30 April would be known after the last recorded day; "small" has at most 9 orders in a horizon.
    expect(await lines(about("week"))).to.deep.equal([
      "bad,2017-01-29,harmful,2017-05-29,13,4",
      "bad,2017-02-26,harmful,2017-06-26,13,4",
      "bad,2017-03-26,harmful,2017-07-24,13,4",
      "burst,2017-01-29,fine,2017-05-29,10,0",
      "good,2017-01-29,fine,2017-05-29,13,0",
      "good,2017-02-26,fine,2017-06-26,13,0",
      "good,2017-03-26,fine,2017-07-24,13,0",
    ]);
    // "burst" has its ten orders on the first of February, and has left by the first of May.
    expect((await lines(about("month"))).map((line) => line.split(",", 2).join(" "))).to.deep.equal([
      "bad 2017-01-31",
      "bad 2017-02-28",
      "bad 2017-03-31",
      "good 2017-01-31",
      "good 2017-02-28",
      "good 2017-03-31",
    ]);
  });

  /** The weekly panel that was prepared in a folder, for SQL. */
  function panelIn(other: string): string {
    return quoteText(join(other, "work", "panel.parquet"));
  }

  function copyOf(name: string): string {
    const other = mkdtempSync(join(folder, `${name}-`));
    for (const file of readdirSync(fixtures)) copyFileSync(join(fixtures, file), join(other, file));
    return other;
  }

  async function refusalOf(source: string): Promise<InputRefused> {
    try {
      await prepareOlist({ folder: source, workFolder: join(folder, "refused") });
    } catch (error) {
      if (error instanceof InputRefused) return error;
      throw error;
    }
    throw new Error("it was not refused");
  }
});

interface SoldOrder {
  readonly seller: string;
  /** Counted from Wednesday, 2017-01-04. */
  readonly day: number;
  readonly deliveredAfterDays: number;
}

/** Orders of 32 weeks: every fourth of "bad" comes late; "small" sells in two weeks of three, "burst" in the first and the fifth. */
function severalSellers(): SoldOrder[] {
  const orders: SoldOrder[] = [];
  for (let week = 0; week < 32; week++) {
    const day = 7 * week;
    orders.push({ seller: "good", day, deliveredAfterDays: 5 }, { seller: "bad", day, deliveredAfterDays: week % 4 === 0 ? 21 : 5 });
    if (week % 3 < 2) orders.push({ seller: "small", day, deliveredAfterDays: 5 });
  }
  const burst = [0, ...Array.from({ length: 10 }, () => 28)];
  return [...orders, ...burst.map((day) => ({ seller: "burst", day, deliveredAfterDays: 2 }))];
}

/** Writes orders of one item each, promised within 14 days. */
function writeOrders(folder: string, sold: readonly SoldOrder[]): void {
  const orders = [
    "order_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date",
  ];
  const items = ["order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value"];
  const firstDay = parseDay("2017-01-04") ?? 0;
  for (const [index, { seller, day, deliveredAfterDays }] of sold.entries()) {
    const on = (days: number): string => `${formatDay(firstDay + day + days)} 12:00:00`;
    const promised = `${formatDay(firstDay + day + 14)} 00:00:00`;
    orders.push(`w${index},delivered,${on(0)},${on(0)},${on(1)},${on(deliveredAfterDays)},${promised}`);
    items.push(`w${index},1,p1,${seller},${on(2)},10.00,1.00`);
  }
  writeFileSync(join(folder, "olist_orders_dataset.csv"), `${orders.join("\n")}\n`);
  writeFileSync(join(folder, "olist_order_items_dataset.csv"), `${items.join("\n")}\n`);
}
