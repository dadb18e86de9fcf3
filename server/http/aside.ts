/** Work of the server that its own thread must not do: handed to the pool, and withdrawn when who asked has gone. */
import type { Response } from "express";
import { type Question, Withdrawn, type WorkerPool } from "../jobs/index.ts";
import { type Errand, type Operation, type OperationContext, performModule } from "../operations/index.ts";

/** What an answer needs: where to ask, for whom, and the response whose end withdraws the question. */
export interface Aside {
  readonly pool: WorkerPool;
  readonly context: OperationContext;
  readonly response: Response;
}

/** Performs an operation in another thread. @throws InputRefused. */
export async function performAside(operation: Operation, input: unknown, aside: Aside): Promise<unknown> {
  return await askAside(errandOf(operation, input, "perform", aside), aside);
}

/** What is stored already of long work; else refuses what cannot be done. @throws InputRefused. */
export async function prepareAside(operation: Operation, input: unknown, aside: Aside): Promise<{ readonly stored?: unknown }> {
  return (await askAside(errandOf(operation, input, "prepare", aside), aside)) as { readonly stored?: unknown };
}

/** Asks the pool; the question is withdrawn when the connection closes before it is answered. @throws InputRefused, Withdrawn. */
export async function askAside(question: Question, { pool, response }: Pick<Aside, "pool" | "response">): Promise<unknown> {
  const gone = new AbortController();
  const withdraw = () => gone.abort();
  response.on("close", withdraw);
  try {
    return await pool.ask(question, gone.signal);
  } finally {
    response.off("close", withdraw);
  }
}

/** Whether a fault only says that nobody waits any more. */
export function isWithdrawn(fault: unknown): boolean {
  return fault instanceof Withdrawn;
}

function errandOf(operation: Operation, input: unknown, step: Errand["step"], { context }: Aside): Question {
  const argument: Errand = { home: context.store.home, operation: operation.name, input, reads: context.reads, step };
  return { module: performModule, argument };
}
