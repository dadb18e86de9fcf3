/** Runs one operation from the command line: short work here, long work in a process of its own. */
import { digestOfValue, InputRefused } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { serveUntilStopped } from "../http/index.ts";
import { processIdentity, runInChild } from "../jobs/index.ts";
import { type Operation, type OperationContext, performModule, readSettings, recoverFiles, recoverHome } from "../operations/index.ts";
import { exitCodes } from "./exit-codes.ts";
import { progressBar } from "./progress-bar.ts";

/** Prints the result and gives the exit code. @throws InputRefused for faults of the input. */
export async function runOperation(
  operation: Operation,
  input: Record<string, unknown>,
  { store, isJson }: { readonly store: Store; readonly isJson: boolean },
): Promise<number> {
  const context: OperationContext = { store, reads: "any file", onProgress: () => undefined, doors: { serve: serverOf(store, isJson) } };
  operation.admit(input, context);
  const output = operation.recall(input, context) ?? (operation.isLong ? await runLong(operation, input, store) : await operation.perform(input, context));
  if (output === interrupted) return exitCodes.interrupted;
  const text = isJson ? JSON.stringify(output, null, 2) : operation.print(output, input, context);
  if (text !== "") process.stdout.write(`${text}\n`);
  return operation.exitCodeOf(output);
}

const interrupted = Symbol("interrupted");

/** Long work, recorded as a job of this command, so that the next start knows of it when this one is killed. */
async function runLong(operation: Operation, input: unknown, store: Store): Promise<unknown> {
  for (const sentence of recoverHome(store)) process.stderr.write(`${sentence}\n`);
  const job = store.jobs.add({
    operation: operation.name,
    title: operation.titleOf(input),
    input,
    inputDigest: digestOfValue({ operation: operation.name, input }),
    owner: "command",
  });
  store.jobs.start(job.id, processIdentity());
  const bar = progressBar(process.stderr);
  const child = runInChild({ module: performModule, home: store.home, operation: operation.name, input }, bar.show);
  let isInterrupted = false;
  const interrupt = () => {
    isInterrupted = true;
    child.kill();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupt);
  const end = await child.ended;
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, interrupt);
  bar.clear();
  if (end.kind === "done") {
    store.jobs.finish(job.id, { state: "done", result: end.outcome.result, link: end.outcome.link });
    return end.outcome.result;
  }
  if (isInterrupted) {
    store.jobs.finish(job.id, { state: "cancelled", sentence: "Interrupted by its user; nothing of it was stored." });
    recoverFiles(store);
    process.stderr.write("Interrupted; nothing of it was stored.\n");
    return interrupted;
  }
  if (end.kind === "refused") {
    store.jobs.finish(job.id, { state: "failed", diagnostics: end.diagnostics });
    throw new InputRefused(end.diagnostics);
  }
  store.jobs.finish(job.id, { state: "failed", sentence: end.kind === "broke" ? end.message : end.diagnostic.message });
  if (end.kind === "died") recoverFiles(store);
  throw new Error(end.kind === "broke" ? end.stack : end.diagnostic.message);
}

function serverOf(store: Store, isJson: boolean): NonNullable<OperationContext["doors"]["serve"]> {
  return async ({ port, host }) => {
    const settings = readSettings();
    const notices = recoverHome(store);
    for (const sentence of notices) process.stderr.write(`${sentence}\n`);
    await serveUntilStopped({
      store,
      host: host ?? settings.host,
      port: port ?? settings.port,
      notices,
      logLevel: settings.logLevel,
      onListening: (address) => (isJson ? process.stderr : process.stdout).write(`Counterweight serves ${address}\n`),
    });
  };
}
