/** The replay on more than one thread: what the speed-up is taken from. */
import type { Contender, Missing, Task } from "./contender.ts";

/**
 * The whole replay on that many threads. One thread must run the same code as two, or the ratio says nothing.
 *
 * To fill in once a replay takes a number of threads: `cold`, `hold` and `warm` as in `wholeReplay`.
 */
export function threadedReplay(_task: Task, _threads: number): Contender | Missing {
  return { missing: "a replay runs on one thread" };
}
