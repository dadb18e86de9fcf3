/** A thread's side of the pool: opens the panel, works on the chunks that it is told of, and hands the parts over without a copy. */
import { parentPort, workerData } from "node:worker_threads";
import { InputRefused, present } from "../../data/foundation/index.ts";
import { openPanel, type PanelChunk, type PanelSchema } from "../../data/panel/index.ts";
import type { ThreadAnswer, ThreadStart } from "./chunk-pool.ts";

/** Makes the work from what the thread was told, then serves. A part is plain data. */
export function serveChunks(makeWork: (setup: unknown, schema: PanelSchema) => (chunk: PanelChunk) => unknown): void {
  const port = present(parentPort, "a thread of the pool");
  const { source, setup } = workerData as ThreadStart;
  const panel = openPanel(source.folder, source.knownAt === undefined ? {} : { knownAt: source.knownAt });
  const work = makeWork(setup, panel.schema);
  port.on("message", (chunk: number) => {
    const answer = answerAbout(chunk);
    port.postMessage(answer, [...buffersIn(answer)]);
  });

  function answerAbout(chunk: number): ThreadAnswer {
    try {
      return { chunk, part: work(panel.readChunk(chunk)) };
    } catch (error) {
      if (error instanceof InputRefused) return { chunk, diagnostics: error.diagnostics };
      throw error;
    }
  }
}

/** The memory of every typed array inside plain data, each once. */
function buffersIn(value: unknown, found = new Set<ArrayBuffer>()): ReadonlySet<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (Array.isArray(value)) {
    if (typeof value[0] === "object") for (const item of value) buffersIn(item, found);
  } else if (typeof value === "object" && value !== null) {
    for (const item of Object.values(value)) buffersIn(item, found);
  }
  return found;
}
