/**
 * Threads that each read chunks of a panel and work on them; what they give is taken in chunk order, so that the number of threads changes
 * no byte of a result.
 */
import { invariant } from "../../data/foundation/index.ts";
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
  const pool = Array.from({ length: threads - 1 }, () => ({ thread: new Thread(module, { source, setup }), asked: 0 }));
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
  } finally {
    await Promise.all(pool.map(({ thread }) => thread.close()));
  }
}

type Outcome<Part> = { readonly part: Part } | { readonly error: unknown };

function attempt<Part>(work: () => Part): Outcome<Part> {
  try {
    return { part: work() };
  } catch (error) {
    return { error };
  }
}

/** A thread's side: opens the panel, and works on the chunks that it is asked for. A part is plain data. */
export function serveChunks<Setup>(makeWork: (setup: Setup, schema: PanelSchema) => (chunk: PanelChunk) => unknown): void {
  serve(({ source: { folder, knownAt }, setup }: ChunkSetup<Setup>) => {
    const panel = openPanel(folder, knownAt === undefined ? {} : { knownAt });
    const work = makeWork(setup, panel.schema);
    return (chunk: number) => work(panel.readChunk(chunk));
  });
}
