/**
 * Threads that each read chunks of a panel and work on them; what they give is taken in chunk order, so that the number of threads changes
 * no byte of a result.
 */
import { Worker } from "node:worker_threads";
import { type Diagnostic, InputRefused, invariant } from "../../data/foundation/index.ts";
import type { Panel, PanelSource } from "../../data/panel/index.ts";

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

/** What a thread is started with. */
export interface ThreadStart {
  readonly source: PanelSource;
  readonly setup: unknown;
}

/** What a thread answers about a chunk. */
export type ThreadAnswer =
  | { readonly chunk: number; readonly part: unknown }
  | { readonly chunk: number; readonly diagnostics: readonly Diagnostic[] };

/** Rows below which a panel is done before another thread has started. */
const ROWS_WORTH_IT = 500_000;

/** As many threads as are worth it: none more than chunks, and a single one for a small panel, or one that no other thread can open. */
export function threadsFor(panel: Panel, processors: number): number {
  if (panel.source === undefined || panel.source.rows < ROWS_WORTH_IT) return 1;
  return Math.max(1, Math.min(processors, panel.chunkCount));
}

/** Works on all chunks. Rejects with what the first chunk that failed says: InputRefused with its diagnostics, or our bug. */
export async function workOnChunks<Part>({ panel, module, setup, take, threads }: ChunkWork<Part>): Promise<void> {
  invariant(panel.source !== undefined, "no other thread can open this panel");
  const start: ThreadStart = { source: panel.source, setup };
  const answers = new Map<number, ThreadAnswer>();
  let [told, taken] = [0, 0];
  const workers = Array.from({ length: threads }, () => new Worker(module, { workerData: start }));
  try {
    await new Promise<void>((resolve, reject) => {
      const tell = (worker: Worker): void => {
        // None runs far ahead of what was taken, so answers do not pile up.
        if (told >= panel.chunkCount || told >= taken + threads * AHEAD) return;
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        worker.postMessage(told++);
      };
      const settle = (): void => {
        for (let answer = answers.get(taken); answer !== undefined; answer = answers.get(taken)) {
          answers.delete(taken);
          if ("diagnostics" in answer) throw new InputRefused(answer.diagnostics);
          take(answer.part as Part, taken);
          taken++;
        }
      };
      for (const worker of workers) {
        worker.on("error", reject);
        worker.on("exit", (code) => reject(new Error(`a thread ended early with code ${code}`)));
        worker.on("message", (answer: ThreadAnswer) => {
          answers.set(answer.chunk, answer);
          try {
            settle();
          } catch (error) {
            reject(error);
          }
          if (taken === panel.chunkCount) resolve();
          for (const waiting of workers) tell(waiting);
        });
        for (let ahead = 0; ahead < AHEAD; ahead++) tell(worker);
      }
    });
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  invariant(taken === panel.chunkCount, `${taken} of ${panel.chunkCount} chunks were taken`);
}
