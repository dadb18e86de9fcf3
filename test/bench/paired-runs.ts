/** Runs the contenders of a workload side by side: a fresh process each, the order turned round every round, results compared at once. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packagePath } from "../../data/foundation/index.ts";
import { type Computed, requireSameResult } from "./compare-results.ts";
import type { Answer, Missing, Task } from "./contenders/contender.ts";
import { type ContenderEntry, contenders } from "./contenders/index.ts";
import { type History, prepareHistory } from "./history/prepare.ts";
import { type PolicyName, type Workload, warmMilliseconds } from "./manifest.ts";
import type { Python } from "./python.ts";
import { medianOf, type Spread, spreadOf } from "./spread.ts";

/** One contender's figures on one workload and policy. */
export interface Measured {
  readonly name: string;
  readonly title: string;
  /** The first run of a process, from files to result. */
  readonly cold?: Spread;
  /** Runs over columns in memory: the median of each process, over the processes. */
  readonly warm?: Spread;
  /** The same of the time that all its threads spent: a busy machine tells on it less than on the clock. */
  readonly warmCpu?: Spread;
  readonly entityPeriodsPerSecond: { readonly cold?: number; readonly warm?: number };
  /** Peak resident memory, the largest of all rounds: after the cold run, and in all. */
  readonly coldMegabytes?: number;
  readonly peakMegabytes?: number;
  readonly versions?: Readonly<Record<string, string>>;
  /** Why there is no figure. */
  readonly missing?: string;
}

/** One policy on one workload. */
export interface MeasuredPolicy {
  readonly policy: PolicyName;
  readonly contenders: readonly Measured[];
}

/** How to run. */
export interface RunSetting {
  readonly rounds?: number | undefined;
  /** Only these contenders. */
  readonly only?: readonly string[] | undefined;
  readonly python: Python | Missing;
  /** How a contender is asked. Default: in a fresh process. */
  readonly ask?: Ask;
  readonly onProgress?: (sentence: string) => void;
}

/** Puts a task to a contender. */
export type Ask = (entry: ContenderEntry, task: Task, python: Python | Missing) => Answer | Promise<Answer>;

type Given = Exclude<Answer, Missing>;

/** Prepares the workload's history, runs everything on it, and removes it. Throws when two contenders do not agree. */
export async function runWorkload(workload: Workload, setting: RunSetting): Promise<readonly MeasuredPolicy[]> {
  const folder = mkdtempSync(join(tmpdir(), "counterweight-bench-"));
  try {
    setting.onProgress?.(`${workload.name}: writing ${workload.sellers} sellers x ${workload.weeks} weeks`);
    const history = await prepareHistory(workload, folder);
    const measured: MeasuredPolicy[] = [];
    for (const policy of workload.policies) {
      measured.push(await runPolicy({ workload, history, policy, isFirst: measured.length === 0 }, setting));
    }
    return measured;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface PolicyRun {
  readonly workload: Workload;
  readonly history: History;
  readonly policy: PolicyName;
  /** Imports know no policy: they run with the first one. */
  readonly isFirst: boolean;
}

async function runPolicy({ workload, history, policy, isFirst }: PolicyRun, setting: RunSetting): Promise<MeasuredPolicy> {
  const entries = contenders.filter(({ name, subject }) => (setting.only?.includes(name) ?? true) && (isFirst || subject !== "import"));
  const answers = new Map<string, Given[]>(entries.map(({ name }) => [name, []]));
  const missing = new Map<string, string>(Object.entries(workload.leftOut ?? {}));
  const references = new Map<string, Computed>([["sum", { by: "DuckDB's own sum", result: { sum: history.sums[policy] } }]]);
  const rounds = setting.rounds ?? workload.rounds;
  for (let round = 0; round < rounds; round++) {
    for (const entry of round % 2 === 0 ? entries : entries.toReversed()) {
      if (missing.has(entry.name)) continue;
      setting.onProgress?.(`${workload.name}, ${policy}: round ${round + 1} of ${rounds}, ${entry.title}`);
      const { weeks, warmRuns } = workload;
      const task = { contender: entry.name, policy, history, weeks, warmRuns, warmMilliseconds };
      const answer = await (setting.ask ?? askProcess)(entry, task, setting.python);
      if ("missing" in answer) {
        missing.set(entry.name, answer.missing);
        continue;
      }
      const computed = { by: entry.title, result: answer.result };
      const reference = references.get(entry.subject) ?? computed;
      requireSameResult(reference, computed);
      references.set(entry.subject, reference);
      answers.get(entry.name)?.push(answer);
    }
  }
  return {
    policy,
    contenders: entries.map((entry) => measured(entry, answers.get(entry.name) ?? [], history.rows, missing.get(entry.name))),
  };
}

/** Starts the process of a contender. One that breaks breaks the bench. */
function askProcess({ by }: ContenderEntry, task: Task, python: Python | Missing): Answer {
  const text = JSON.stringify(task);
  if (typeof by === "function") return run(process.execPath, [fileURLToPath(new URL("./measure.js", import.meta.url)), text]);
  if ("missing" in python) return python;
  // -B: no compiled files beside the scripts.
  return run(python.program, ["-B", packagePath("test", "bench", "peers", by.script), text]);
}

function run(program: string, options: readonly string[]): Answer {
  return JSON.parse(execFileSync(program, options, { encoding: "utf8", maxBuffer: 1 << 26 })) as Answer;
}

function measured({ name, title }: ContenderEntry, given: readonly Given[], rows: number, missing: string | undefined): Measured {
  const [first] = given;
  if (first === undefined) return { name, title, entityPeriodsPerSecond: {}, missing: missing ?? "it did not run" };
  const colds = given.flatMap(({ cold }) => (cold === undefined ? [] : [cold]));
  const warms = given.flatMap(({ warm }) => (warm.length === 0 ? [] : [medianOf(warm)]));
  const cold = colds.length === 0 ? undefined : spreadOf(colds);
  const warm = warms.length === 0 ? undefined : spreadOf(warms);
  const warmCpus = given.flatMap(({ warmCpu }) => (warmCpu.length === 0 ? [] : [medianOf(warmCpu)]));
  const rate = (spread: Spread) => Math.round((rows / spread.median) * 1000);
  return {
    name,
    title,
    ...(cold && { cold }),
    ...(warm && { warm, warmCpu: spreadOf(warmCpus) }),
    entityPeriodsPerSecond: { ...(cold && { cold: rate(cold) }), ...(warm && { warm: rate(warm) }) },
    ...(cold && { coldMegabytes: Math.max(...given.map(({ coldMegabytes }) => coldMegabytes)) }),
    peakMegabytes: Math.max(...given.map(({ peakMegabytes }) => peakMegabytes)),
    ...(first.versions && { versions: first.versions }),
  };
}
