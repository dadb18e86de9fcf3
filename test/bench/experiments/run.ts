/**
 * Observing and analysing an experiment beside tea-tasting, and alone by size: `npm run bench:experiments [-- --units N] [--rounds N] [--largest N] [--publish]`.
 * Never a test: no time is asserted. The time of a contender whose answers differ by more than 1e-9 of a number does not count; two such fail the bench.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openDuckDb, quoteText } from "../../../data/engines/index.ts";
import { packagePath, present } from "../../../data/foundation/index.ts";
import { dealing } from "../../../simulations/experiments/index.ts";
import { experimentSizes, teaBackends } from "../manifest.ts";
import { publish } from "../publish.ts";
import { benchPython } from "../python.ts";
import { medianOf, type Spread, spreadOf } from "../spread.ts";
import { benchDesign, differenceOf } from "./design.ts";
import type { ExperimentRun } from "./measure.ts";
import { unitsQuery } from "./units-sql.ts";

/** A process: what it says, and how long it took from start to end. */
interface Ran extends ExperimentRun {
  readonly process: number;
}

const { values } = parseArgs({
  options: { units: { type: "string" }, rounds: { type: "string" }, largest: { type: "string" }, publish: { type: "boolean" } },
});
const paired = Number(values.units ?? experimentSizes.paired);
const rounds = Number(values.rounds ?? experimentSizes.rounds);
const largest = Number(values.largest ?? Number.POSITIVE_INFINITY);
const say = (sentence: string): void => console.error(sentence);
const folder = mkdtempSync(join(tmpdir(), "counterweight-bench-"));
try {
  const load = loadavg()[0] ?? 0;
  const tables = [await besideTeaTasting("parquet"), await besideTeaTasting("csv"), await bySize(), assignments()].join("\n\n");
  const text = `Load average ${load.toFixed(1)} before the start.\n\n${tables}`;
  console.log(text);
  if (values.publish === true) publish(text, { mark: "experiment costs", script: "bench:experiments" });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function unitsFile(units: number, format: "parquet" | "csv"): Promise<string> {
  say(`writing ${units} units as ${format}`);
  const file = join(folder, `${units}.${format}`);
  const db = await openDuckDb();
  await db.run(`COPY (${unitsQuery(units)}) TO ${quoteText(file)} (${format === "csv" ? "HEADER" : "FORMAT parquet"})`);
  db.close();
  return file;
}

function ran(program: string, options: readonly string[]): Ran {
  const before = performance.now();
  const text = execFileSync(program, options, { encoding: "utf8", maxBuffer: 1 << 26 });
  return { ...(JSON.parse(text) as ExperimentRun), process: performance.now() - before };
}

function ours(file: string, warmRuns: number): Ran {
  return ran(process.execPath, [fileURLToPath(new URL("./measure.js", import.meta.url)), file, String(warmRuns)]);
}

/** Rounds of fresh processes, the order turned round every time. */
async function besideTeaTasting(format: "parquet" | "csv"): Promise<string> {
  const file = await unitsFile(paired, format);
  const python = benchPython({ mayInstall: true, pins: "requirements-experiments.txt" });
  if ("missing" in python) return `Beside tea-tasting, ${format}: not measured, ${python.missing}.`;
  const script = packagePath("test", "bench", "peers", "tea_tasting_backends.py");
  const warm = String(experimentSizes.warmRuns);
  const contenders: readonly (readonly [name: string, run: () => Ran])[] = [
    ["counterweight", () => ours(file, experimentSizes.warmRuns)],
    ...teaBackends.map((backend) => [backend, () => ran(python.program, ["-B", script, backend, file, warm])] as const),
  ];
  const found = new Map<string, Ran[]>(contenders.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of round % 2 === 0 ? contenders : contenders.toReversed()) {
      say(`${format}, round ${round + 1} of ${rounds}: ${name}`);
      found.get(name)?.push(run());
    }
  }
  const { answers } = present(found.get("counterweight")?.[0], "our run");
  const differing = new Map<string, string>();
  for (const [name, runs] of found) {
    const difference = runs.map((run) => differenceOf(answers, run.answers)).find((one) => one !== undefined);
    if (difference !== undefined) differing.set(name, difference);
  }
  // One that differs from all the others is left out; were there more, nobody would know who is right.
  if (differing.size > 1) throw new Error(`no time counts: ${[...differing].map((pair) => pair.join(": ")).join("; ")}`);
  const counted = [...found].filter(([name]) => !differing.has(name));
  const measured = counted.map(([name, runs]) => ({
    name,
    process: spreadOf(runs.map((run) => run.process)),
    cold: spreadOf(runs.map((run) => run.cold)),
    warm: spreadOf(runs.map((run) => medianOf(run.warm))),
    cpu: spreadOf(runs.map((run) => run.coldCpu)),
    megabytes: Math.max(...runs.map((run) => run.megabytes)),
  }));
  const own = present(measured[0], "ours");
  const ratio = (pick: (one: (typeof measured)[number]) => Spread): string => {
    const [fastest] = measured.slice(1).toSorted((a, b) => pick(a).median - pick(b).median);
    const peer = present(fastest, "a backend");
    return `${(pick(peer).median / pick(own).median).toFixed(2)} (${peer.name})`;
  };
  const versions = Object.assign({}, ...[...found.values()].map(([run]) => run?.versions ?? {})) as Record<string, string>;
  return [
    `**${paired.toLocaleString("en-GB")} units x 10 metrics, ${format}** (${rounds} rounds; ${Object.entries(versions)
      .map((pair) => pair.join(" "))
      .join(", ")})`,
    "",
    "| contender | whole process, ms | file to answers, ms | again in the same process, ms | CPU of file to answers, ms | peak memory |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...measured.map(
      (one) => `| \`${one.name}\` | ${[one.process, one.cold, one.warm, one.cpu].map(times).join(" | ")} | ${one.megabytes} MB |`,
    ),
    ...[...differing].map(([name, difference]) => `| \`${name}\` | no time counts: ${difference} | | | | |`),
    `| fastest of tea-tasting over ours (target: at least 3) | ${[ratio((one) => one.process), ratio((one) => one.cold), ratio((one) => one.warm), ratio((one) => one.cpu)].join(" | ")} | |`,
  ].join("\n");
}

/** Ours alone: seconds and memory by size, a fresh process each. */
async function bySize(): Promise<string> {
  const rows: string[] = [];
  for (const units of experimentSizes.ours.filter((size) => size <= largest)) {
    for (const format of units > experimentSizes.paired ? (["parquet"] as const) : (["parquet", "csv"] as const)) {
      const file = await unitsFile(units, format);
      const runs = Array.from({ length: units > 1_000_000 ? 1 : 3 }, () => ours(file, 0));
      rmSync(file);
      const [cold, cpu] = [spreadOf(runs.map((run) => run.cold)), spreadOf(runs.map((run) => run.coldCpu))];
      const megabytes = Math.max(...runs.map((run) => run.megabytes));
      rows.push(
        `| ${units.toLocaleString("en-GB")} | ${format} | ${(cold.median / 1e3).toFixed(2)} | ${(cpu.median / 1e3).toFixed(2)} | ${megabytes} MB |`,
      );
    }
  }
  return ["| units x 10 metrics | file | seconds | CPU seconds | peak memory |", "| ---: | --- | ---: | ---: | ---: |", ...rows].join("\n");
}

/** Assignments on one core. */
function assignments(): string {
  const count = 200_000;
  const rates = (["sha256-1", "growthbook-2"] as const).map((algorithm) => {
    const assign = dealing({ ...benchDesign(), assignment: { kind: "rule", algorithm, salt: "bench" } });
    const times = Array.from({ length: 3 }, () => {
      const before = process.cpuUsage().user;
      for (let unit = 0; unit < count; unit++) assign(`seller-${unit}`);
      return (process.cpuUsage().user - before) / 1e6;
    });
    return `\`${algorithm}\` ${Math.round(count / medianOf(times) / 1e3).toLocaleString("en-GB")},000`;
  });
  return `Assignments a CPU second on one core: ${rates.join(", ")} (target: at least 10,000).`;
}

function times({ median, deviation }: Spread): string {
  return `${median.toFixed(0)} ± ${deviation.toFixed(0)}`;
}
