/**
 * Threads that each read chunks of a panel and work on them; what they give is taken in chunk order, so that the number of threads changes
 * no byte of a result.
 */
import { type Diagnostic, InputRefused, invariant, present } from "../../data/foundation/index.ts";
import { openPanel, type Panel, type PanelChunk, type PanelSchema, type PanelSource } from "../../data/panel/index.ts";
import { handedOver, serve, Thread } from "./thread.ts";

/** How often a thread has been asked for its next chunk without an answer yet: so it need not wait for this thread, which is at work itself. */
const AHEAD = 2;

/** Work on chunks that other threads can do too. */
export interface ChunkWork<Part> {
  readonly panel: Panel;
  /** What this thread does with a chunk. A part is taken, or its memory taken away, before the next chunk: it may be used again. */
  readonly work: (chunk: PanelChunk) => Part;
  /** The file that another thread runs, which does the same: it calls `serveChunks`. */
  readonly module: URL;
  /** What it is told once. Plain data. */
  readonly setup: unknown;
  /** Called once a chunk, in chunk order. */
  readonly take: (part: Part, chunk: number) => void;
  /** How many threads work, this one among them. */
  readonly threads: number;
}

interface ChunkSetup<Setup> {
  readonly source: PanelSource;
  readonly setup: Setup;
  readonly chunks: SharedChunks;
}

/** What is told to a thread: a panel to open and what to do with it; to go on with the next chunk; or to let go of what it holds. */
type ThreadQuestion<Setup> = ChunkSetup<Setup> | "next" | "rest";

/** A chunk's part, or why it was refused. */
type ThreadAnswer<Part> = { readonly chunk: number } & ({ readonly part: Part } | { readonly diagnostics: readonly Diagnostic[] });

/** Which chunk is the next: one number in memory that all threads share, so that each takes another one when it is free. */
interface SharedChunks {
  readonly next: Int32Array;
  readonly count: number;
}

function takeChunk({ next, count }: SharedChunks): number | undefined {
  const chunk = Atomics.add(next, 0, 1);
  return chunk < count ? chunk : undefined;
}

/** Rows of a replay below which another thread gains nothing: it takes a tenth of a second to start, and runs slowly at first. */
const ROWS_WORTH_IT = 4_000_000;

/** The same of a comparison, which has more to do with a row. */
const COMPARED_ROWS_WORTH_IT = 1_000_000;

/** What decides how many threads are worth it. */
interface ThreadsNeed {
  readonly processors: number;
  /** How many policies are replayed over each row. */
  readonly policies: number;
  /** Default: it is a replay. */
  readonly isComparison?: boolean;
}

/** As many threads as are worth it: none more than chunks, and a single one for a small panel, or one that no other thread can open. */
export function threadsFor(panel: Panel, { processors, policies, isComparison = false }: ThreadsNeed): number {
  const rowsMin = isComparison ? COMPARED_ROWS_WORTH_IT : ROWS_WORTH_IT;
  if (panel.source === undefined || panel.source.rows * policies < rowsMin) return 1;
  return Math.max(1, Math.min(processors, panel.chunkCount));
}

/**
 * Works on all chunks, in this thread from the first moment on, in the others once they have started. Rejects with what the first chunk that
 * failed says: InputRefused with its diagnostics, or our bug. Memory: a chunk a thread, and the parts of a few chunks that wait for one before them.
 */
export async function workOnChunks<Part>({ panel, work, module, setup, take, threads }: ChunkWork<Part>): Promise<void> {
  const { source, chunkCount } = panel;
  invariant(threads === 1 || source !== undefined, "no other thread can open this panel");
  const chunks: SharedChunks = { next: new Int32Array(new SharedArrayBuffer(4)), count: chunkCount };
  const pool = Array.from({ length: threads - 1 }, () => ({ thread: borrow(module), asked: 0 }));
  const done = new Map<number, Outcome<Part>>();
  let taken = 0;
  let broken: { readonly error: unknown } | undefined;
  let wake: () => void = () => undefined;
  // Nobody runs far ahead of what was taken.
  const isNext = () => Atomics.load(chunks.next, 0) < Math.min(chunkCount, taken + 2 * threads * AHEAD);
  const breakOff = (error: unknown) => {
    broken ??= { error };
    wake();
  };
  const feed = (): void => {
    for (const worker of pool) {
      while (worker.asked < AHEAD && isNext()) {
        worker.asked++;
        worker.thread
          .ask<ThreadAnswer<Part> | undefined>("next")
          .then((answer) => {
            worker.asked--;
            if (answer !== undefined) done.set(answer.chunk, outcomeOf(answer));
            wake();
            feed();
          })
          .catch(breakOff);
      }
    }
  };
  for (const { thread } of pool) thread.ask({ source, setup, chunks }).catch(breakOff);
  try {
    while (taken < chunkCount) {
      if (broken !== undefined) throw broken.error;
      feed();
      const result = done.get(taken);
      if (result !== undefined) {
        if ("error" in result) throw result.error;
        done.delete(taken);
        take(result.part, taken++);
        continue;
      }
      const chunk = isNext() ? takeChunk(chunks) : undefined;
      if (chunk === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      // A part that is taken next, before anything else is done, can stay where it is.
      const outcome = attempt(() => (chunk === taken ? work(panel.readChunk(chunk)) : handedOver(work(panel.readChunk(chunk)))));
      done.set(chunk, outcome);
      // Answers of other threads come in between.
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const { thread } of pool) giveBack(module, thread);
  } catch (error) {
    await Promise.all(pool.map(({ thread }) => thread.close()));
    throw error;
  }
}

/** Threads that have done their work, by module: to start one takes a tenth of a second, so they wait for more. None keeps the process alive. */
const resting = new Map<string, Set<Thread>>();

function borrow(module: URL): Thread {
  const threads = resting.get(module.href);
  const [thread] = threads ?? [];
  if (thread === undefined) return new Thread(module, undefined);
  threads?.delete(thread);
  thread.rest(false);
  return thread;
}

/** A thread that has not started yet rests, too, once it has. */
function giveBack(module: URL, thread: Thread): void {
  const threads = resting.get(module.href) ?? new Set();
  resting.set(module.href, threads.add(thread));
  thread.rest(true);
  thread.ask("rest").catch(() => threads.delete(thread));
}

type Outcome<Part> = { readonly part: Part } | { readonly error: unknown };

function outcomeOf<Part>(answer: ThreadAnswer<Part>): Outcome<Part> {
  return "part" in answer ? { part: answer.part } : { error: new InputRefused(answer.diagnostics) };
}

function attempt<Part>(work: () => Part): Outcome<Part> {
  try {
    return { part: work() };
  } catch (error) {
    return { error };
  }
}

/**
 * A thread's side: opens the panel that it is told of, and works on one chunk after another, as often as it is asked to. A part is plain data.
 */
export function serveChunks<Setup>(makeWork: (setup: Setup, schema: PanelSchema) => (chunk: PanelChunk) => unknown): void {
  serve(() => {
    let next: (() => ThreadAnswer<unknown> | undefined) | undefined;
    return (question: ThreadQuestion<Setup>) => {
      if (question === "next") return present(next, "a panel")();
      next = question === "rest" ? undefined : open(question);
      return undefined;
    };
  });

  function open({ source: { folder, knownAt }, setup, chunks }: ChunkSetup<Setup>): () => ThreadAnswer<unknown> | undefined {
    const panel = openPanel(folder, { recycle: true, ...(knownAt === undefined ? {} : { knownAt }) });
    const onChunk = makeWork(setup, panel.schema);
    return () => {
      const chunk = takeChunk(chunks);
      if (chunk === undefined) return undefined;
      const outcome = attempt(() => onChunk(panel.readChunk(chunk)));
      if ("part" in outcome) return { chunk, part: outcome.part };
      if (outcome.error instanceof InputRefused) return { chunk, diagnostics: outcome.error.diagnostics };
      throw outcome.error;
    };
  }
}
