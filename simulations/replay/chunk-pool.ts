/**
 * Threads that each read chunks of a panel and work on them; what they give is taken in chunk order, so that the number of threads changes
 * no byte of a result.
 */
import { invariant } from "../../data/foundation/index.ts";
import { openPanel, type Panel, type PanelChunk, type PanelSchema, type PanelSource } from "../../data/panel/index.ts";
import { serve, Thread } from "./thread.ts";

/** Chunks that a thread has been told of and not given yet: the next one waits while one is worked on. */
const AHEAD = 2;

/** Work on chunks that other threads can do too. */
export interface ChunkWork<Part> {
  readonly panel: Panel;
  /** The file that a thread runs: it calls `serveChunks`. */
  readonly module: URL;
  /** What the thread is told once. Plain data. */
  readonly setup: unknown;
  /** Called once a chunk, in chunk order. */
  readonly take: (part: Part, chunk: number) => void;
  readonly threads: number;
}

interface ChunkSetup<Setup> {
  readonly source: PanelSource;
  readonly setup: Setup;
}

/** Rows below which a panel is done before another thread has started. */
const ROWS_WORTH_IT = 500_000;

/** As many threads as are worth it: none more than chunks, and a single one for a small panel, or one that no other thread can open. */
export function threadsFor(panel: Panel, processors: number): number {
  if (panel.source === undefined || panel.source.rows < ROWS_WORTH_IT) return 1;
  return Math.max(1, Math.min(processors, panel.chunkCount));
}

/** Works on all chunks. Rejects with what the first chunk that failed says: InputRefused with its diagnostics, or our bug. */
export async function workOnChunks<Part>({ panel, module, setup, take, threads }: ChunkWork<Part>): Promise<void> {
  const { source, chunkCount } = panel;
  invariant(source !== undefined, "no other thread can open this panel");
  const pool = Array.from({ length: threads }, () => new Thread(module, { source, setup }));
  const asked: Promise<Part>[] = [];
  /** Asks for the next chunk as soon as one before it is there; nobody runs far ahead of what was taken. */
  const ask = (thread: Thread): void => {
    if (asked.length === chunkCount) return;
    const answer = thread.ask<Part>(asked.length);
    asked.push(answer);
    answer.catch(() => undefined);
  };
  try {
    for (let ahead = 0; ahead < AHEAD; ahead++) for (const thread of pool) ask(thread);
    for (let chunk = 0; chunk < chunkCount; chunk++) {
      take(await (asked[chunk] as Promise<Part>), chunk);
      // Of the threads, the one that gave this chunk has the fewest left.
      ask(pool[chunk % threads] as Thread);
    }
  } finally {
    await Promise.all(pool.map((thread) => thread.close()));
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
