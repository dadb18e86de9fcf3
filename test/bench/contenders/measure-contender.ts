/** Runs one contender in this process, cold and then warm, and says what came out. */
import { present } from "../../../data/foundation/index.ts";
import type { Answer, Contender, Result, Task } from "./contender.ts";
import { contenders } from "./index.ts";

/** The answer to a task, of a contender that runs in this program. */
export async function measureContender(task: Task): Promise<Answer> {
  const { by } = present(
    contenders.find(({ name }) => name === task.contender),
    task.contender,
  );
  if (typeof by !== "function") return { missing: "it does not run in this program" };
  const opened = await by(task);
  return "missing" in opened ? opened : await measure(opened, task);
}

async function measure(contender: Contender, task: Task): Promise<Answer> {
  const cold = contender.cold === undefined ? undefined : await timed(contender.cold);
  const coldMegabytes = peakMegabytes();
  const warm: number[] = [];
  const warmCpu: number[] = [];
  let last: unknown = cold?.result;
  if (contender.warm !== undefined && task.warmRuns > 0) {
    await contender.hold?.();
    // The kernels have no cold run: their first one is not counted.
    if (cold === undefined) await contender.warm();
    let spent = 0;
    while (warm.length < task.warmRuns && spent < task.warmMilliseconds) {
      const { milliseconds, cpuMilliseconds, result } = await timed(contender.warm);
      warm.push(milliseconds);
      warmCpu.push(cpuMilliseconds);
      spent += milliseconds;
      last = result;
    }
  }
  const megabytes = peakMegabytes();
  const left = warm.length > 0 && contender.resultOf !== undefined ? contender.resultOf(last) : (last as Result);
  contender.close?.();
  return { ...(cold && { cold: cold.milliseconds }), warm, warmCpu, result: left, coldMegabytes, peakMegabytes: megabytes };
}

interface Timed<T> {
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
  readonly result: T;
}

async function timed<T>(run: () => T | Promise<T>): Promise<Timed<T>> {
  const [before, cpuBefore] = [process.hrtime.bigint(), process.cpuUsage()];
  const result = await run();
  const milliseconds = Number(process.hrtime.bigint() - before) / 1e6;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { milliseconds, cpuMilliseconds: (user + system) / 1e3, result };
}

function peakMegabytes(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}
