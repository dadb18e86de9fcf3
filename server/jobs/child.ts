/** A job's own process: takes one order, does the work, says how far it is, answers, ends. */
import { InputRefused } from "../../data/foundation/index.ts";
import type { JobProgress } from "../../data/store/index.ts";
import { type JobMessage, type JobOrder, type OwnerMessage, type PerformJob, stopMilliseconds } from "./messages.ts";

// Given by the owner: it may have died before this process looked who its parent is.
const ownerPid = Number(process.argv[2]);
const progressEveryMilliseconds = 100;
const stopping = new AbortController();
let heedsStop = false;

// The owner decides what Ctrl-C means: the terminal sends it to both.
process.on("SIGINT", () => undefined);
process.on("disconnect", stop);
if (!process.connected || process.ppid !== ownerPid) process.exit(1);
process.on("message", (message: OwnerMessage) => {
  if ("kind" in message) stop();
  else void obey(message);
});

/** Nobody waits for the answer any more: what runs elsewhere is called off, if anything does, and the process ends. */
function stop(): void {
  if (!heedsStop) end();
  stopping.abort();
  setTimeout(end, stopMilliseconds).unref();
}

/** As who owns it would end it. An orderly exit waits for what an embedded database computes on threads of its own. */
function end(): void {
  process.kill(process.pid, "SIGKILL");
}

async function obey(order: JobOrder): Promise<void> {
  const answer = await attempt(order);
  if (process.send === undefined || !process.connected || (stopping.signal.aborted && answer.kind !== "done")) process.exit(1);
  process.send(answer, () => process.exit(0));
}

async function attempt(order: JobOrder): Promise<JobMessage> {
  try {
    const { performJob } = (await import(order.module)) as { readonly performJob: PerformJob };
    return { kind: "done", outcome: await performJob(order, { onProgress: progressSender(), heedStop }) };
  } catch (error) {
    if (error instanceof InputRefused) return { kind: "refused", diagnostics: error.diagnostics };
    const fault = error instanceof Error ? error : new Error(String(error));
    return { kind: "broke", message: `${fault.name}: ${fault.message}`, stack: fault.stack ?? "" };
  }
}

function heedStop(): AbortSignal {
  heedsStop = true;
  process.send?.({ kind: "heeds-stop" } satisfies JobMessage);
  return stopping.signal;
}

/** Tells the owner at most ten times a second, and every new stage at once. Ends when the owner is gone: nobody waits for the answer. */
function progressSender(): (progress: JobProgress) => void {
  let stage = "";
  let sentAt = 0;
  return (progress) => {
    if (process.ppid !== ownerPid) return stop();
    const now = Date.now();
    if (progress.stage === stage && now - sentAt < progressEveryMilliseconds && progress.done !== progress.total) return;
    stage = progress.stage;
    sentAt = now;
    process.send?.({ kind: "progress", progress } satisfies JobMessage);
  };
}
