/** Loaded before a program (`node --import`): at its end each process adds a line, a `Took` as JSON, to the file that `COUNTERWEIGHT_TOOK` names. */
import { appendFileSync } from "node:fs";
import { present } from "../../../data/foundation/index.ts";

/** What a process took, all threads. */
export interface Took {
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const took: Took = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: Math.round(maxRSS / 1024) };
  appendFileSync(present(process.env["COUNTERWEIGHT_TOOK"], "COUNTERWEIGHT_TOOK"), `${JSON.stringify(took)}\n`);
});
