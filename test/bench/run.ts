/**
 * Timings side by side: fresh process each, alternating order, median and spread; results are compared before a time counts.
 * `npm run bench [-- --json] [-- --entities N --periods N --rounds N]`. Never a test: no time is asserted anywhere.
 */
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { WorkloadName } from "./workloads.ts";

interface Timing {
  readonly milliseconds: number;
  readonly fingerprint: string;
  readonly peakMegabytes: number;
}

const { values } = parseArgs({
  options: { json: { type: "boolean" }, entities: { type: "string" }, periods: { type: "string" }, rounds: { type: "string" } },
});
const size = { entities: Number(values.entities ?? 20_000), periods: Number(values.periods ?? 52) };
const rounds = Number(values.rounds ?? 5);
const measured = ["floor", "kernels", "replay", "duckdb", "import", "duckdb-import"] as const satisfies readonly WorkloadName[];
/** Workloads that compute the same thing. */
const mustAgree = [
  ["kernels", "replay", "duckdb"],
  ["import", "duckdb-import"],
] as const;

const timings = new Map<WorkloadName, Timing[]>(measured.map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  const order = round % 2 === 0 ? measured : measured.toReversed();
  for (const name of order) timings.get(name)?.push(measure(name));
}
for (const group of mustAgree) {
  const prints = new Set(group.flatMap((name) => (timings.get(name) ?? []).map(({ fingerprint }) => fingerprint)));
  if (prints.size !== 1) throw new Error(`${group.join(", ")} do not give the same result: no time counts`);
}

const rows = size.entities * size.periods;
const results = Object.fromEntries(
  measured.map((name) => {
    const times = (timings.get(name) ?? []).map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
    const middle = median(times);
    return [
      name,
      {
        milliseconds: { median: middle, least: times[0] ?? 0, most: times.at(-1) ?? 0 },
        entityPeriodsPerSecond: Math.round(rows / (middle / 1000)),
        peakMegabytes: Math.max(...(timings.get(name) ?? []).map(({ peakMegabytes }) => peakMegabytes)),
      },
    ];
  }),
);
const time = (name: WorkloadName): number => results[name]?.milliseconds.median ?? Number.NaN;
const report = {
  ratios: {
    duckdb: time("duckdb") / time("replay"),
    pandas: null,
    floor: time("kernels") / time("floor"),
    threads: null,
    import: time("import") / time("duckdb-import"),
  },
  reasons: { pandas: "there is no pandas peer yet", threads: "a replay runs on one thread" },
  workload: { ...size, rounds, policy: "seller-performance 1.0.0", processors: cpus().length, node: process.version },
  results,
};
if (values.json === true) console.log(JSON.stringify(report, undefined, 2));
else {
  for (const [name, { milliseconds, entityPeriodsPerSecond, peakMegabytes }] of Object.entries(results)) {
    const spread = `${milliseconds.least.toFixed(0)} to ${milliseconds.most.toFixed(0)} ms`;
    console.log(
      `${name.padEnd(14)} ${milliseconds.median.toFixed(0).padStart(7)} ms  (${spread}), ${entityPeriodsPerSecond} rows/s, ${peakMegabytes} MB`,
    );
  }
  for (const [name, ratio] of Object.entries(report.ratios))
    console.log(`ratio ${name}: ${ratio === null ? "not measured" : ratio.toFixed(2)}`);
}

function measure(name: WorkloadName): Timing {
  const program = fileURLToPath(new URL("./measure.js", import.meta.url));
  const output = execFileSync(process.execPath, [program, name, String(size.entities), String(size.periods)], { encoding: "utf8" });
  return JSON.parse(output) as Timing;
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
