/**
 * Calls into native code that run beside a thread's own: a thread that is ended before such a call has come back takes the whole process with it, because the native code
 * then calls into a thread that is no more. So the thread counts them in memory that it shares with its owner, who ends it when none runs.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Worker } from "node:worker_threads";

/** Places in the shared memory: how many calls run, and whether the thread is to end. */
const [running, ending] = [0, 1];

/** How often a call asks whether it is still wanted, and an owner whether all have come back. */
const askedMilliseconds = 20;

let own: Int32Array | undefined;

/** Memory for one thread, to be handed to it. */
export function sharedCalls(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
}

/** From now on this thread counts its calls there. */
export function countNativeCalls(into: Int32Array): void {
  own = into;
}

/** Makes a call, where the thread is not about to end: then `interrupt` is asked to call it off, until it has come back. */
export async function nativeCall<Answer>(call: () => Promise<Answer>, interrupt: () => void = () => undefined): Promise<Answer> {
  const shared = own;
  if (shared === undefined) return await call();
  const isEnding = (): boolean => Atomics.load(shared, ending) === 1;
  let asking: NodeJS.Timeout | undefined;
  // Counted first: who ends the thread says so before it counts.
  Atomics.add(shared, running, 1);
  try {
    if (isEnding()) throw new Error("this thread is about to end");
    asking = setInterval(() => (isEnding() ? interrupt() : undefined), askedMilliseconds);
    return await call();
  } finally {
    clearInterval(asking);
    Atomics.sub(shared, running, 1);
  }
}

/** Ends a thread as soon as none of its calls runs; no new one begins. */
export async function endThread(worker: Worker, calls: Int32Array): Promise<void> {
  Atomics.store(calls, ending, 1);
  while (Atomics.load(calls, running) > 0) await pause(askedMilliseconds);
  await worker.terminate();
}
