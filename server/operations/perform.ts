/** What a job's process runs: one operation, by its name. Loaded by its address, so that the jobs room knows no operation. */
import { InputRefused, present } from "../../data/foundation/index.ts";
import { catalogueFile, type Store, storeFault } from "../../data/store/index.ts";
import type { AnswerQuestion, PerformJob } from "../jobs/index.ts";
import { openHome } from "./open-home.ts";
import type { OperationContext } from "./operation.ts";
import { findOperation } from "./table.ts";

/** The address of this module, for the queue and for the threads. */
export const performModule = import.meta.url;

/** Performs the operation that an order names. @public Called by the job's process, which knows this module by its address only. */
export const performJob: PerformJob = async ({ home, operation: name, input }, { onProgress, heedStop }) => {
  const operation = present(findOperation(name), `operation ${name}`);
  return await atHome(home, async (store) => {
    // Whoever queued the job has checked what its caller may read.
    const result = await operation.perform(input, { store, reads: "any file", onProgress, heedStop, doors: {} });
    return { result, link: operation.linkOf(result) };
  });
};

/** What a thread does of an operation. */
export interface Errand {
  readonly home: string;
  readonly operation: string;
  readonly input: unknown;
  readonly reads: OperationContext["reads"];
  /** `perform`: gives the output. `prepare`: gives `{ stored }` of long work that is stored already, else refuses what cannot be done. */
  readonly step: "perform" | "prepare";
}

/** Runs an errand. @public Called by a thread of the pool, which knows this module by its address only. */
export const answerQuestion: AnswerQuestion = async (argument) => {
  const { home, operation: name, input, reads, step } = argument as Errand;
  const operation = present(findOperation(name), `operation ${name}`);
  return await atHome(home, async (store) => {
    const context: OperationContext = { store, reads, onProgress: () => undefined, doors: {} };
    if (step === "perform") return await operation.perform(input, context);
    const stored = operation.recall(input, context);
    if (stored !== undefined) return { stored };
    operation.admit(input, context);
    return {};
  });
};

/** Works on an open home; faults of its catalogue become faults that a user can mend. */
export async function atHome<Result>(home: string, work: (store: Store) => Promise<Result>): Promise<Result> {
  const store = openHome(home);
  try {
    return await work(store);
  } catch (error) {
    const fault = storeFault(error, catalogueFile(home));
    throw fault === undefined ? error : new InputRefused([fault]);
  } finally {
    store.close();
  }
}
