/**
 * Threads that each read chunks of a panel and work on them; what they give is taken in chunk order, so that the number of threads changes
 * no byte of a result.
 */
import { invariant, present } from "../../data/foundation/index.ts";
import { openPanel, type Panel, type PanelChunk, type PanelSchema, type PanelSource } from "../../data/panel/index.ts";
import { handedOver, serve, Thread } from "./thread.ts";

/** Chunks that a thread has been told of and not given yet: the next one waits while one is worked on. */
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
}

/** Rows below which a panel is done before another thread is of use: it takes a third of a second to start. */
const ROWS_WORTH_IT = 2_000_000;

/**
 * As many threads as are worth it for so many policies: none more than chunks, and a single one for a small panel, or one that no other thread
 * can open.
 */
export function threadsFor(panel: Panel, { processors, policies }: { readonly processors: number; readonly policies: number }): number {
  if (panel.source === undefined || panel.source.rows * policies < ROWS_WORTH_IT) return 1;
  return Math.max(1, Math.min(processors, panel.chunkCount));
}

/**
 * Works on all chunks. Rejects with what the first chunk that failed says: InputRefused with its diagnostics, or our bug. Memory: a chunk a
 * thread, and the parts of a few chunks that wait for one before them.
 */
export async function workOnChunks<Part>({ panel, work, module, setup, take, threads }: ChunkWork<Part>): Promise<void> {
  const { source, chunkCount } = panel;
  invariant(threads === 1 || source !== undefined, "no other thread can open this panel");
  const pool = Array.from({ length: threads - 1 }, () => ({ thread: borrow(module), asked: 0 }));
  for (const { thread } of pool) thread.ask({ source, setup }).catch(() => undefined);
  const done = new Map<number, Outcome<Part>>();
  let [next, taken] = [0, 0];
  let wake: () => void = () => undefined;
  // Nobody runs far ahead of what was taken.
  const isNext = () => next < chunkCount && next < taken + 2 * threads * AHEAD;
  const finish = (chunk: number, result: Outcome<Part>) => {
    done.set(chunk, result);
    wake();
  };
  const feed = (): void => {
    for (const worker of pool) {
      while (worker.asked < AHEAD && isNext()) {
        const chunk = next++;
        worker.asked++;
        worker.thread
          .ask<Part>(chunk)
          .then(
            (part) => finish(chunk, { part }),
            (error: unknown) => finish(chunk, { error }),
          )
          .finally(() => {
            worker.asked--;
            feed();
          });
      }
    }
  };
  try {
    while (taken < chunkCount) {
      feed();
      const result = done.get(taken);
      if (result !== undefined) {
        if ("error" in result) throw result.error;
        done.delete(taken);
        take(result.part, taken++);
      } else if (isNext()) {
        const chunk = next++;
        finish(
          chunk,
          attempt(() => (threads === 1 ? work(panel.readChunk(chunk)) : handedOver(work(panel.readChunk(chunk))))),
        );
        // Answers of other threads come in between.
        await new Promise((resolve) => setImmediate(resolve));
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
    await Promise.all(pool.map(({ thread }) => giveBack(module, thread)));
  } catch (error) {
    await Promise.all(pool.map(({ thread }) => thread.close()));
    throw error;
  }
}

/** Threads that have done their work, by module: to start one takes a third of a second, so they wait for more. None keeps the process alive. */
const resting = new Map<string, Thread[]>();

function borrow(module: URL): Thread {
  const thread = resting.get(module.href)?.pop();
  thread?.rest(false);
  return thread ?? new Thread(module, undefined);
}

async function giveBack(module: URL, thread: Thread): Promise<void> {
  await thread.ask(undefined);
  thread.rest(true);
  resting.set(module.href, [...(resting.get(module.href) ?? []), thread]);
}

type Outcome<Part> = { readonly part: Part } | { readonly error: unknown };

function attempt<Part>(work: () => Part): Outcome<Part> {
  try {
    return { part: work() };
  } catch (error) {
    return { error };
  }
}

/**
 * A thread's side: opens the panel that it is told of, and works on the chunks that it is asked for. A part is plain data. Told of nothing, it
 * lets go of what it held.
 */
export function serveChunks<Setup>(makeWork: (setup: Setup, schema: PanelSchema) => (chunk: PanelChunk) => unknown): void {
  serve(() => {
    let work: ((chunk: number) => unknown) | undefined;
    return (question: ChunkSetup<Setup> | number | undefined) => {
      if (typeof question === "number") return present(work, "a panel")(question);
      work = question === undefined ? undefined : open(question);
      return undefined;
    };
  });

  function open({ source: { folder, knownAt }, setup }: ChunkSetup<Setup>): (chunk: number) => unknown {
    const panel = openPanel(folder, { recycle: true, ...(knownAt === undefined ? {} : { knownAt }) });
    const onChunk = makeWork(setup, panel.schema);
    return (chunk) => onChunk(panel.readChunk(chunk));
  }
}
