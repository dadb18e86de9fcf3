/** What is measured: workloads and policies as data. */
import { present } from "../../data/foundation/index.ts";

/** A policy of the bench. */
export interface BenchPolicy {
  readonly name: PolicyName;
  /** As `readLibraryPolicy` takes it; a file stands in `test/bench/policies`. */
  readonly reference: string;
  readonly title: string;
  /** The measures that it reads: what the floor sums up. */
  readonly measures: readonly string[];
}

/** A size of history, and what is run on it. */
export interface Workload {
  readonly name: string;
  readonly sellers: number;
  readonly weeks: number;
  /** Measures of the history, at least nine. */
  readonly measures: number;
  readonly policies: readonly PolicyName[];
  /** Fresh processes a contender. */
  readonly rounds: number;
  /** Runs at most in each process after the cold one; 0 where the history does not stay in memory. */
  readonly warmRuns: number;
  /** Contenders that do not run, and why. */
  readonly leftOut?: Readonly<Record<string, string>>;
}

/** The two kinds of policy. */
export type PolicyName = "curves" | "ledger";

const tooSlow = "not the fastest form of DuckDB on a smaller workload";
const inMemory = "the history does not stay in memory";

const policies: readonly BenchPolicy[] = [
  {
    name: "curves",
    reference: "seller-performance@1.0.0",
    title: "windows, curves, weighted scores, movement with a shield",
    measures: [
      "orders",
      "due_dispatches",
      "late_dispatches",
      "deliveries",
      "late_deliveries",
      "seller_cancellations",
      "reviews",
      "low_reviews",
    ],
  },
  {
    name: "ledger",
    reference: "penalties.yaml",
    title: "events, a ledger with expiry and take back, a rank among peers, holds",
    measures: ["orders", "seller_cancellations", "deliveries", "late_deliveries"],
  },
];

/** No further warm run begins in a process once its warm runs have taken so long together. */
export const warmMilliseconds = 1_500;

/** In order of size. The last is run only when it is asked for by name. */
export const workloads: readonly Workload[] = [
  { name: "small", sellers: 2_000, weeks: 52, measures: 9, policies: ["curves", "ledger"], rounds: 1, warmRuns: 1 },
  { name: "medium", sellers: 20_000, weeks: 52, measures: 9, policies: ["curves", "ledger"], rounds: 3, warmRuns: 9 },
  {
    name: "target",
    sellers: 100_000,
    weeks: 52,
    measures: 9,
    policies: ["curves", "ledger"],
    rounds: 3,
    warmRuns: 9,
    leftOut: { "duckdb-recursive": tooSlow, "duckdb-folded": tooSlow, "duckdb-generated": tooSlow },
  },
  {
    name: "large",
    sellers: 1_000_000,
    weeks: 52,
    measures: 20,
    // The ledger policy ranks among peers: 52 million values are above the limit `peerValues`.
    policies: ["curves"],
    rounds: 1,
    warmRuns: 0,
    leftOut: {
      kernel: inMemory,
      "duckdb-unrolled": "it would take ten times the memory that it takes for 100,000 sellers",
      "duckdb-folded": tooSlow,
      "duckdb-recursive": tooSlow,
      "duckdb-generated": tooSlow,
      numpy: inMemory,
      pandas: inMemory,
      polars: inMemory,
    },
  },
];

/** The workload of that name. */
export function workloadNamed(name: string): Workload | undefined {
  return workloads.find((workload) => workload.name === name);
}

/** The policy of that name. */
export function benchPolicy(name: PolicyName): BenchPolicy {
  return present(
    policies.find((policy) => policy.name === name),
    name,
  );
}

/** Growth of the demo marketplace: sellers of each size, in order. */
export const growth = {
  sellers: [10_000, 100_000, 1_000_000],
  weeks: 52,
  measures: 20,
  baseline: "seller-performance@1.0.0",
  candidate: "seller-performance@2.0.0",
} as const;

/** Experiments: units of each size, in order; and the one at which contenders stand side by side. */
export const experimentSizes = { ours: [10_000, 100_000, 1_000_000, 10_000_000], paired: 1_000_000, rounds: 3, warmRuns: 1 } as const;

/** What tea-tasting can compute on. */
export const teaBackends = ["polars", "polars-lazy", "pyarrow", "ibis-duckdb", "narwhals-duckdb"] as const;
