/** Observes and analyses the bench's experiment in a process of its own: prints an `ExperimentRun` as JSON. Started by the runner with file and warm runs. */
import { tmpdir } from "node:os";
import { openTable } from "../../../data/datasets/index.ts";
import { openDuckDb } from "../../../data/engines/index.ts";
import { present } from "../../../data/foundation/index.ts";
import { analyse, observe } from "../../../simulations/experiments/index.ts";
import { type Answers, answersOf, benchDesign } from "./design.ts";

/** What a process says. Milliseconds from file to answers: the first time, later times, and what all threads spent on the first. */
export interface ExperimentRun {
  readonly cold: number;
  readonly warm: readonly number[];
  readonly coldCpu: number;
  readonly answers: Answers;
  readonly megabytes: number;
  readonly versions?: Readonly<Record<string, string>>;
}

const [file, warmRuns] = process.argv.slice(2);
const design = benchDesign();

async function run(): Promise<{ readonly milliseconds: number; readonly answers: Answers }> {
  const before = performance.now();
  const db = await openDuckDb();
  const path = present(file, "a file");
  const observed = await observe(db, design, await openTable(db, { path, shownPath: path, workFolder: tmpdir() }));
  const answers = answersOf(design, observed, analyse(design, observed));
  db.close();
  return { milliseconds: performance.now() - before, answers };
}

const cpuBefore = process.cpuUsage();
const cold = await run();
const { user, system } = process.cpuUsage(cpuBefore);
const warm: number[] = [];
while (warm.length < Number(warmRuns)) warm.push((await run()).milliseconds);
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
const answer: ExperimentRun = { cold: cold.milliseconds, warm, coldCpu: (user + system) / 1e3, answers: cold.answers, megabytes };
console.log(JSON.stringify(answer));
