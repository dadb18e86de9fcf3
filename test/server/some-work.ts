/** Work for jobs in tests: does what its input says. Loaded by the job's own process. */
import { writeFileSync } from "node:fs";
import { openDuckDb } from "../../data/engines/index.ts";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import type { PerformJob } from "../../server/jobs/index.ts";

/** What a test asks for. */
export interface SomeWork {
  readonly does: "answer" | "refuse" | "break" | "die" | "hang" | "spin" | "heed" | "query";
  readonly value?: string;
}

export const someWorkModule = import.meta.url;

/** Does what the input says. @public Called by the job's process, which knows this module by its address only. */
export const performJob: PerformJob = async ({ input }, { onProgress, heedStop }) => {
  const { does, value } = input as SomeWork;
  onProgress({ stage: "working", done: 0, total: 2 });
  if (does === "refuse") throw new InputRefused([diagnose("bad-request", { message: "as asked" })]);
  if (does === "break") throw new RangeError("as asked");
  if (does === "die") process.kill(process.pid, "SIGKILL");
  if (does === "hang") await new Promise((resolve) => setTimeout(resolve, 60_000));
  // Holds its thread, as a replay does; it hears of nothing but what it looks for itself.
  if (does === "spin") for (let end = Date.now() + 60_000; Date.now() < end; ) onProgress({ stage: "spinning", done: 1, total: 2 });
  // On threads that nothing here stops.
  if (does === "query") await (await openDuckDb()).rows("SELECT count(*) FROM range(1000000000000) AS rows (i) WHERE hash(i) = 1");
  if (does === "heed") {
    const signal = heedStop();
    onProgress({ stage: "heeding", done: 1, total: 2 });
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    writeFileSync(value ?? "", "called off");
    signal.throwIfAborted();
  }
  onProgress({ stage: "working", done: 2, total: 2 });
  return { result: { value }, link: `/made/${value}` };
};
