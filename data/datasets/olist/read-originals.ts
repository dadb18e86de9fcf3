/** Reads the original Olist files as they were published, row by row accounted for. */
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { type DuckDb, quoteText } from "../../engines/index.ts";
import { type Diagnostic, diagnose, nearestName } from "../../foundation/index.ts";

/** One of the files: its name, the columns that are needed with their SQL types, and what makes a row unique. */
interface Original {
  readonly table: string;
  readonly file: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly key: readonly string[];
  /** Columns without which a row says nothing. */
  readonly needed: readonly string[];
}

const originals: readonly Original[] = [
  {
    table: "orders",
    file: "olist_orders_dataset.csv",
    columns: {
      order_id: "VARCHAR",
      order_status: "VARCHAR",
      order_purchase_timestamp: "TIMESTAMP",
      order_approved_at: "TIMESTAMP",
      order_delivered_carrier_date: "TIMESTAMP",
      order_delivered_customer_date: "TIMESTAMP",
      order_estimated_delivery_date: "TIMESTAMP",
    },
    key: ["order_id"],
    needed: ["order_id", "order_purchase_timestamp"],
  },
  {
    table: "items",
    file: "olist_order_items_dataset.csv",
    columns: {
      order_id: "VARCHAR",
      order_item_id: "INTEGER",
      product_id: "VARCHAR",
      seller_id: "VARCHAR",
      shipping_limit_date: "TIMESTAMP",
      price: "DECIMAL(12,2)",
      freight_value: "DECIMAL(12,2)",
    },
    key: ["order_id", "order_item_id"],
    needed: ["order_id", "order_item_id", "seller_id", "shipping_limit_date", "price"],
  },
  {
    table: "reviews",
    file: "olist_order_reviews_dataset.csv",
    columns: { review_id: "VARCHAR", order_id: "VARCHAR", review_score: "INTEGER", review_answer_timestamp: "TIMESTAMP" },
    key: ["review_id", "order_id"],
    needed: ["order_id", "review_score", "review_answer_timestamp"],
  },
  {
    table: "sellers",
    file: "olist_sellers_dataset.csv",
    columns: { seller_id: "VARCHAR", seller_state: "VARCHAR" },
    key: ["seller_id"],
    needed: ["seller_id"],
  },
  {
    table: "products",
    file: "olist_products_dataset.csv",
    columns: { product_id: "VARCHAR", product_category_name: "VARCHAR" },
    key: ["product_id"],
    needed: ["product_id"],
  },
  {
    table: "translations",
    file: "product_category_name_translation.csv",
    columns: { product_category_name: "VARCHAR", product_category_name_english: "VARCHAR" },
    key: ["product_category_name"],
    needed: ["product_category_name"],
  },
];

/**
 * Loads the six files into tables of the database: `orders`, `items`, `reviews`, `sellers`, `products`, `translations`, each with a
 * `source_row` (1 is the first row below the header). Rows that do not parse, or that repeat a key, go to the table `set_aside`
 * (`file, line, source_row, reason, order_id, seller_id, detail`) and are told about; `read_rows` counts the rows that parse (`file, rows`).
 * Comment columns may be absent and may hold line breaks.
 *
 * Errors: `file-not-found`, `source-column-missing`; then nothing is loaded.
 */
export async function readOriginals(db: DuckDb, folder: string): Promise<Diagnostic[]> {
  const faults = originals.flatMap((original) => checkOriginal(original, folder));
  if (faults.length > 0) return faults;
  await db.run(
    "CREATE TABLE set_aside (file VARCHAR, line BIGINT, source_row BIGINT, reason VARCHAR, order_id VARCHAR, seller_id VARCHAR, detail VARCHAR)",
  );
  await db.run("CREATE TABLE read_rows (file VARCHAR, rows BIGINT)");
  const remarks: Diagnostic[] = [];
  for (const original of originals) remarks.push(...(await loadOriginal(db, original, join(folder, original.file))));
  return remarks;
}

function checkOriginal(original: Original, folder: string): Diagnostic[] {
  const path = join(folder, original.file);
  if (!existsSync(path)) {
    const cure = "Give the folder that holds the files as they were published, under their original names.";
    return [diagnose("file-not-found", { message: `${path} does not exist`, cure })];
  }
  const present = headerOf(path);
  const missing = Object.keys(original.columns).filter((column) => !present.includes(column));
  return missing.map((column) =>
    diagnose("source-column-missing", {
      message: `${original.file} has no column '${column}'`,
      place: { file: path, line: 1, column: 1 },
      found: present.join(", "),
      near: nearestName(column, present),
    }),
  );
}

/** The column names of a CSV file's first line; quotes and a byte order mark are taken off. */
function headerOf(path: string): string[] {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(16_384);
    const text = head.toString("utf8", 0, readSync(file, head)).replace(/^\uFEFF/, "");
    const line = text.split(/\r?\n/, 1)[0] ?? "";
    return line.split(",").map((name) => name.trim().replace(/^"|"$/g, ""));
  } finally {
    closeSync(file);
  }
}

async function loadOriginal(db: DuckDb, original: Original, path: string): Promise<Diagnostic[]> {
  const { table, file, columns, key, needed } = original;
  const types = headerOf(path).map((name) => `${quoteText(name)}: ${quoteText(columns[name] ?? "VARCHAR")}`);
  const wanted = Object.keys(columns).join(", ");
  // One thread reads a file with quoted line breaks in order, so that row numbers are the file's.
  await db.run(`CREATE TABLE ${table}_read AS SELECT row_number() OVER () AS source_row, ${wanted} FROM read_csv(${quoteText(path)},
    header = true, delim = ',', quote = '"', escape = '"', auto_detect = false, columns = {${types.join(", ")}}, store_rejects = true,
    rejects_table = '${table}_rejects', rejects_scan = '${table}_scans', rejects_limit = 0, parallel = false)`);
  await db.run(`INSERT INTO set_aside SELECT DISTINCT ON (line) ${quoteText(file)}, line, NULL, 'source-rows-unreadable', NULL, NULL,
    coalesce(column_name || ': ', '') || error_message FROM ${table}_rejects ORDER BY line, column_idx`);
  const whole = needed.map((column) => `${column} IS NOT NULL`).join(" AND ");
  await db.run(`CREATE TABLE ${table} AS SELECT * FROM ${table}_read WHERE ${whole}
    QUALIFY row_number() OVER (PARTITION BY ${key.join(", ")} ORDER BY source_row) = 1`);
  const orderId = "order_id" in columns ? "order_id" : "NULL";
  const sellerId = "seller_id" in columns ? "seller_id" : "NULL";
  await db.run(`INSERT INTO set_aside SELECT ${quoteText(file)}, NULL, source_row,
    CASE WHEN ${whole} THEN 'source-rows-repeated' ELSE 'source-rows-unreadable' END, ${orderId}, ${sellerId},
    CASE WHEN ${whole} THEN 'a row with the same ${key.join(" and ")} stands above' ELSE 'one of ${needed.join(", ")} is empty' END
    FROM ${table}_read ANTI JOIN ${table} USING (source_row) ORDER BY source_row`);
  await db.run(`INSERT INTO read_rows SELECT ${quoteText(file)}, count(*) FROM ${table}_read`);
  await db.run(`DROP TABLE ${table}_read`);
  return remarksOn(db, file, path);
}

async function remarksOn(db: DuckDb, file: string, path: string): Promise<Diagnostic[]> {
  const counted =
    await db.rows(`SELECT reason, count(*) AS n, min(coalesce(line, source_row + 1)) AS line, first(detail ORDER BY line, source_row) AS detail
    FROM set_aside WHERE file = ${quoteText(file)} GROUP BY reason ORDER BY reason`);
  return counted.map(([reason, n, line, detail]) => {
    const code = reason === "source-rows-unreadable" ? "source-rows-unreadable" : "source-rows-repeated";
    const message = `${String(n)} row(s) of ${file} were set aside, first: ${String(detail)}`;
    return diagnose(code, { message, place: { file: path, line: Number(line), column: 1 } });
  });
}
