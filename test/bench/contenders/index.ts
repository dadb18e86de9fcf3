/** Every contender by name: which policies it runs, which others must give the same result, and how it is opened. */
import type { OpenContender } from "./contender.ts";
import { floor, kernels, wholeReplay } from "./counterweight.ts";
import { byHand, generated } from "./duckdb/duckdb.ts";
import { duckDbImport, importCsv } from "./imports.ts";
import { threadedReplay } from "./threads.ts";

/** One entry of the table. */
export interface ContenderEntry {
  readonly name: string;
  readonly title: string;
  /** All that have the same subject must give the same result. */
  readonly subject: "tiers" | "sum" | "import";
  /** In this program, or a script of `test/bench/peers`. */
  readonly by: OpenContender | { readonly script: string };
}

/** In the order in which a round runs them. */
export const contenders: readonly ContenderEntry[] = [
  { name: "replay", title: "Counterweight, whole replay", subject: "tiers", by: wholeReplay },
  { name: "kernel", title: "Counterweight, kernels alone", subject: "tiers", by: kernels },
  { name: "floor", title: "Floor: a plain loop that sums every value once", subject: "sum", by: floor },
  { name: "threads-1", title: "Counterweight, told to use one thread", subject: "tiers", by: (task) => threadedReplay(task, 1) },
  { name: "threads-2", title: "Counterweight, told to use two threads", subject: "tiers", by: (task) => threadedReplay(task, 2) },
  { name: "duckdb-unrolled", title: "DuckDB, windows, then a layer of projections a week", subject: "tiers", by: byHand("unrolled") },
  { name: "duckdb-stepped", title: "DuckDB, a table a week", subject: "tiers", by: byHand("stepped") },
  { name: "duckdb-recursive", title: "DuckDB, recursive by hand", subject: "tiers", by: byHand("recursive") },
  { name: "duckdb-folded", title: "DuckDB, a fold over lists", subject: "tiers", by: byHand("folded") },
  { name: "duckdb-generated", title: "DuckDB, the SQL of policies/sql", subject: "tiers", by: generated },
  { name: "numpy", title: "NumPy, matrices in blocks", subject: "tiers", by: { script: "numpy_blocks.py" } },
  { name: "pandas", title: "pandas, rolling by group", subject: "tiers", by: { script: "pandas_rolling.py" } },
  { name: "polars", title: "Polars, rolling over groups", subject: "tiers", by: { script: "polars_rolling.py" } },
  { name: "import", title: "Counterweight, import of CSV", subject: "import", by: importCsv },
  { name: "duckdb-import", title: "DuckDB, the same CSV into a table", subject: "import", by: duckDbImport },
];
