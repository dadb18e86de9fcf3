/**
 * Timings side by side: `npm run bench [-- --json] [--workload small|medium|target|large ...] [--only CONTENDER ...] [--rounds N] [--publish]`.
 * Never a test: no time is asserted anywhere. A contender whose result differs fails the bench.
 */
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { version } from "@duckdb/node-api";
import { contenders } from "./contenders/index.ts";
import { workloadNamed, workloads } from "./manifest.ts";
import { runWorkload } from "./paired-runs.ts";
import { publish } from "./publish.ts";
import { benchPython } from "./python.ts";
import { markdownOf, reportOf, type WorkloadRun } from "./report.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    workload: { type: "string", multiple: true, default: ["medium"] },
    only: { type: "string", multiple: true },
    rounds: { type: "string" },
    publish: { type: "boolean" },
  },
});
const loadBefore = loadavg()[0] ?? 0;
const say = (sentence: string): void => console.error(sentence);
const chosen = values.workload.map((name) => workloadNamed(name) ?? refuse(`there is no workload '${name}'`, workloads));
for (const name of values.only ?? []) {
  if (contenders.every((contender) => contender.name !== name)) refuse(`there is no contender '${name}'`, contenders);
}
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) refuse(`'${values.rounds}' is no number of rounds`, []);
say("making sure of Python and the peers' packages");
const setting = {
  python: benchPython({ mayInstall: true }),
  only: values.only,
  rounds,
  onProgress: say,
};
const runs: WorkloadRun[] = [];
for (const workload of chosen) runs.push({ workload, policies: await runWorkload(workload, setting) });
const report = reportOf(runs, { duckdbVersion: version().replace(/^v/, ""), loadBefore });
console.log(values.json === true ? JSON.stringify(report, undefined, 2) : markdownOf(report));
if (values.publish === true) publish(markdownOf(report), { mark: "speed", script: "bench" });

/** Ends with the exit code for wrong usage. */
function refuse(sentence: string, known: readonly { readonly name: string }[]): never {
  say(known.length === 0 ? sentence : `${sentence}; there are ${known.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
