/** Runs one operation from the command line: short work here, long work in a process of its own. */
import { diagnose, digestOfValue, InputRefused } from "../../data/foundation/index.ts";
import type { JobProgress, JobRecord, Store } from "../../data/store/index.ts";
import { type ChildEnd, processIdentity, type RunningChild, runInChild } from "../jobs/index.ts";
import { type Operation, type OperationContext, performModule, recoverFiles, recoverHome } from "../operations/index.ts";
import { exitCodes } from "./exit-codes.ts";
import { writeFaults } from "./fault-document.ts";
import { withInterrupt } from "./interrupt.ts";
import { progressBar } from "./progress-bar.ts";
import type { Surroundings } from "./streams.ts";

/** What a command runs on. */
export interface CommandRun extends Surroundings {
  readonly store: Store;
  readonly isJson: boolean;
}

/** Options that do not go together, or of which one is missing: what the command line says, not what it names. */
export class UsageRefused extends InputRefused {}

/** Prints the result and gives the exit code. @throws InputRefused for faults of the input, UsageRefused for those of the command line. */
export async function runOperation(operation: Operation, input: Record<string, unknown>, run: CommandRun): Promise<number> {
  const { store, stdout, isJson } = run;
  const context: OperationContext = { store, reads: "any file", onProgress: () => undefined, doors: { serve: serverOf(run) } };
  admit(operation, input, context);
  const output =
    operation.recall(input, context) ?? (operation.isLong ? await runLong(operation, input, run) : await operation.perform(input, context));
  if (output === interrupted) {
    if (isJson) writeFaults([diagnose("interrupted", { message: `'${operation.titleOf(input)}' was interrupted` })], run);
    return exitCodes.interrupted;
  }
  const text = isJson ? JSON.stringify(output, null, 2) : operation.print(output, input, context);
  if (text !== "") stdout.write(`${text}\n`);
  return operation.exitCodeOf(output);
}

function admit(operation: Operation, input: Record<string, unknown>, context: OperationContext): void {
  try {
    operation.admit(input, context);
  } catch (error) {
    if (error instanceof InputRefused && error.diagnostics.every(({ code }) => code === "bad-request"))
      throw new UsageRefused(error.diagnostics);
    throw error;
  }
}

const interrupted = Symbol("interrupted");

/** Long work, recorded as a job of this command, so that the next start knows of it when this one is killed. */
async function runLong(operation: Operation, input: unknown, { store, stderr }: CommandRun): Promise<unknown> {
  for (const sentence of await recoverHome(store)) stderr.write(`${sentence}\n`);
  const job = store.jobs.add({
    operation: operation.name,
    title: operation.titleOf(input),
    input,
    inputDigest: digestOfValue({ operation: operation.name, input }),
    owner: "command",
  });
  const bar = progressBar(stderr);
  const note = progressNotes(store, job);
  let child: RunningChild | undefined;
  let isInterrupted = false;
  const interrupt = () => {
    isInterrupted = true;
    child?.stop();
  };
  const end = await withInterrupt(interrupt, async () => {
    store.jobs.start(job.id, processIdentity());
    child = runInChild({ module: performModule, home: store.home, operation: operation.name, input }, (progress) => {
      bar.show(progress);
      note(progress);
    });
    return await child.ended;
  });
  bar.clear();
  if (end.kind === "died") operation.clearAfterDeath(input);
  if (end.kind !== "done" && isInterrupted) {
    store.jobs.finish(job.id, { state: "cancelled", sentence: "Interrupted by its user; nothing of it was stored." });
    await recoverFiles(store);
    stderr.write("Interrupted; nothing of it was stored.\n");
    return interrupted;
  }
  return await settle(store, job, end);
}

/** Records how the work ended, and gives what came out. @throws InputRefused, or what broke. */
async function settle(store: Store, { id }: JobRecord, end: ChildEnd): Promise<unknown> {
  if (end.kind === "done") {
    store.jobs.finish(id, { state: "done", result: end.outcome.result, link: end.outcome.link });
    return end.outcome.result;
  }
  if (end.kind === "refused") {
    store.jobs.finish(id, { state: "failed", diagnostics: end.diagnostics });
    throw new InputRefused(end.diagnostics);
  }
  if (end.kind === "died") {
    store.jobs.finish(id, { state: "failed", diagnostics: [end.diagnostic] });
    await recoverFiles(store);
    throw new InputRefused([end.diagnostic]);
  }
  store.jobs.finish(id, { state: "failed", sentence: end.message });
  throw new Error(end.stack);
}

/** Writes progress down at most twice a second, for the pages of a server on the same home. */
function progressNotes(store: Store, { id }: JobRecord): (progress: JobProgress) => void {
  let notedAt = 0;
  return (progress) => {
    if (Date.now() - notedAt < 500) return;
    notedAt = Date.now();
    store.jobs.progress(id, progress);
  };
}

function serverOf({ store, stdout, stderr, settings, isJson }: CommandRun): NonNullable<OperationContext["doors"]["serve"]> {
  return async ({ port, host }) => {
    const { serveUntilStopped } = await import("../http/index.ts");
    const notices = await recoverHome(store);
    for (const sentence of notices) stderr.write(`${sentence}\n`);
    const serving = serveUntilStopped({
      store,
      host: host ?? settings.host,
      port: port ?? settings.port,
      notices,
      logLevel: settings.logLevel,
      onListening: (address) => (isJson ? stderr : stdout).write(`Counterweight serves ${address}\n`),
    });
    await withInterrupt(
      () => undefined,
      async () => await serving,
    );
  };
}
