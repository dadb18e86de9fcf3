/** The ratios that the targets speak of, from one run. */
import type { Measured } from "./paired-runs.ts";

/** What is divided by what. */
export const ratioTitles = {
  duckdb: "Fastest form of DuckDB over the whole replay (target: at least 20)",
  pandas: "pandas, rolling by group, over the whole replay (target: at least 50)",
  numpy: "NumPy over matrices of sellers and weeks, over the whole replay",
  polars: "Polars over the whole replay",
  floor: "Kernels alone over the floor (target: at most 3)",
  threads: "One thread over two (target: at least 1.8)",
  import: "Our import over DuckDB's own reading (target: at most 1.5)",
} as const;

/** A ratio's name. */
export type RatioName = keyof typeof ratioTitles;

/** Ratios of one policy on one workload; null has its reason beside it. */
export interface Ratios {
  readonly ratios: Readonly<Record<RatioName, number | null>>;
  readonly reasons: Readonly<Partial<Record<RatioName, string>>>;
  /** Which contender stood for a peer that has several forms. */
  readonly fastest: Readonly<Partial<Record<RatioName, string>>>;
}

type Clock = "cold" | "warm";

/** Warm times, where the workload stays in memory; imports are cold by nature. */
export function ratiosOf(contenders: readonly Measured[]): Ratios {
  const clock: Clock = contenders.some(({ warm }) => warm !== undefined) ? "warm" : "cold";
  const named = (test: (name: string) => boolean) => contenders.filter(({ name }) => test(name));
  const duckdb = named((name) => name.startsWith("duckdb-") && name !== "duckdb-import");
  const replay = named((name) => name === "replay");
  const parts: Record<RatioName, readonly [over: readonly Measured[], under: readonly Measured[], clock: Clock]> = {
    duckdb: [duckdb, replay, clock],
    pandas: [named((name) => name === "pandas"), replay, clock],
    numpy: [named((name) => name === "numpy"), replay, clock],
    polars: [named((name) => name === "polars"), replay, clock],
    floor: [named((name) => name === "kernel"), named((name) => name === "floor"), clock],
    threads: [named((name) => name === "threads-1"), named((name) => name === "threads-2"), clock],
    import: [named((name) => name === "import"), named((name) => name === "duckdb-import"), "cold"],
  };
  const ratios: Record<string, number | null> = {};
  const reasons: Record<string, string> = {};
  const fastest: Record<string, string> = {};
  for (const [ratio, [over, under, of]] of Object.entries(parts)) {
    const [above, below] = [fastestOf(over, of), fastestOf(under, of)];
    ratios[ratio] = above === undefined || below === undefined ? null : above.time / below.time;
    if (ratios[ratio] === null) {
      const without = [...(above === undefined ? over : []), ...(below === undefined ? under : [])];
      reasons[ratio] = [...new Set(without.map(({ missing }) => missing ?? `it has no ${of} run`))].join("; ") || "it was not run";
    } else if (over.length > 1 && above !== undefined) fastest[ratio] = above.name;
  }
  return { ratios: ratios as Ratios["ratios"], reasons, fastest };
}

function fastestOf(contenders: readonly Measured[], clock: Clock): { readonly name: string; readonly time: number } | undefined {
  const times = contenders.flatMap(({ name, [clock]: spread }) => (spread === undefined ? [] : [{ name, time: spread.median }]));
  return times.toSorted((a, b) => a.time - b.time)[0];
}
