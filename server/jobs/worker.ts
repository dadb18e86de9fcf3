/** A thread of the pool: takes one question after the other, and gives what the module of each answers. */
import { parentPort, workerData } from "node:worker_threads";
import { countNativeCalls, InputRefused } from "../../data/foundation/index.ts";
import type { Answer, AnswerQuestion, Question, ThreadBeginning } from "./messages.ts";

// What cannot be loaded is said to who asks for it.
const { modules, calls } = workerData as ThreadBeginning;
countNativeCalls(calls);
for (const module of modules) import(module).catch(() => undefined);

parentPort?.on("message", (question: Question) => {
  // A thread is no window: its messages have no origin.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  void attempt(question).then((answer) => parentPort?.postMessage(answer));
});

async function attempt({ module, argument }: Question): Promise<Answer> {
  try {
    const { answerQuestion } = (await import(module)) as { readonly answerQuestion: AnswerQuestion };
    return { kind: "done", result: await answerQuestion(argument) };
  } catch (error) {
    if (error instanceof InputRefused) return { kind: "refused", diagnostics: error.diagnostics };
    const fault = error instanceof Error ? error : new Error(String(error));
    return { kind: "broke", message: `${fault.name}: ${fault.message}`, stack: fault.stack ?? "" };
  }
}
