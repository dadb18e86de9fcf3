/** Runs one job in a process of its own, so that the owner stays free to answer, to cancel and to be interrupted. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Diagnostic, diagnose } from "../../data/foundation/index.ts";
import type { JobProgress } from "../../data/store/index.ts";
import { type JobMessage, type JobOrder, type JobOutcome, type OwnerMessage, stopMilliseconds } from "./messages.ts";

/** How a job's process ended. `died`: without an answer, killed from outside or out of memory. */
export type ChildEnd =
  | { readonly kind: "done"; readonly outcome: JobOutcome }
  | { readonly kind: "refused"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "broke"; readonly message: string; readonly stack: string }
  | { readonly kind: "died"; readonly diagnostic: Diagnostic };

/** A job's process while it runs. */
export interface RunningChild {
  readonly pid: number | undefined;
  /** Settles when the process has ended; never rejects. */
  readonly ended: Promise<ChildEnd>;
  /**
   * Ends it: at once, or when it has called off what runs for it elsewhere, which takes `stopMilliseconds` at most. A second call does
   * not wait. Whatever it had stored stands; `ended` says `died`, unless it was done already.
   */
  readonly stop: () => void;
}

/** Starts the work. Costs a new process: about a third of a second until it begins. */
export function runInChild(order: JobOrder, onProgress: (progress: JobProgress) => void): RunningChild {
  const child = fork(fileURLToPath(new URL("./child.js", import.meta.url)), [String(process.pid)], {
    stdio: ["ignore", 2, 2, "ipc"],
    execArgv: [],
  });
  let heedsStop = false;
  const ended = new Promise<ChildEnd>((resolve) => {
    let answer: ChildEnd | undefined;
    child.on("message", (message: JobMessage) => {
      if (message.kind === "progress") onProgress(message.progress);
      else if (message.kind === "heeds-stop") heedsStop = true;
      else answer = message;
    });
    child.on("error", (error) => resolve({ kind: "died", diagnostic: diagnose("job-died", { message: error.message }) }));
    child.on("close", (code, signal) => resolve(answer ?? { kind: "died", diagnostic: deathOf(child, code, signal) }));
    child.send(order, (error) => {
      if (error !== null) child.kill("SIGKILL");
    });
  });
  const kill = () => void child.kill("SIGKILL");
  const stop = () => {
    if (!heedsStop) return kill();
    heedsStop = false;
    const timer = setTimeout(kill, stopMilliseconds);
    void ended.then(() => clearTimeout(timer));
    child.send({ kind: "stop" } satisfies OwnerMessage, (error) => {
      if (error !== null) kill();
    });
  };
  return { pid: child.pid, ended, stop };
}

function deathOf(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): Diagnostic {
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  return diagnose("job-died", { message: `the job's process ${child.pid} ended by ${how} before it answered`, found: how });
}
