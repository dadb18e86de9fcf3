/** Answers for threads in tests: does what its argument says. Loaded by the thread itself. */
import { threadId } from "node:worker_threads";
import { openDuckDb } from "../../data/engines/index.ts";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import type { AnswerQuestion, Question } from "../../server/jobs/index.ts";

/** What a test asks for. */
interface SomeQuestion {
  readonly does: "answer" | "refuse" | "break" | "die" | "spin" | "query";
  readonly value?: string;
}

/** A question that does so. */
export function someQuestion(does: SomeQuestion["does"], value?: string): Question {
  return { module: import.meta.url, argument: { does, ...(value === undefined ? {} : { value }) } satisfies SomeQuestion };
}

/** Does what the argument says. @public Called by a thread of the pool, which knows this module by its address only. */
export const answerQuestion: AnswerQuestion = async (argument) => {
  const { does, value } = argument as SomeQuestion;
  if (does === "refuse") throw new InputRefused([diagnose("bad-request", { message: "as asked" })]);
  if (does === "break") throw new RangeError("as asked");
  if (does === "die") process.exit(7);
  // Statements of a database, one after the other, beside its thread; the value says how long each is.
  if (does === "query") {
    const db = await openDuckDb();
    try {
      for (;;) await db.rows(`SELECT sum(sqrt(range)) FROM range(${value ?? ""})`);
    } finally {
      db.close();
    }
  }
  // Holds its thread, as an evaluation does, and hears of nothing.
  if (does === "spin") for (let end = Date.now() + 60_000; Date.now() < end; ) Math.sqrt(end);
  return { value, thread: threadId };
};
