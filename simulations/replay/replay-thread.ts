/** A thread that replays chunks. */
import type { OutcomeFrame } from "../../data/panel/index.ts";
import { serveChunks } from "./chunk-pool.ts";
import { ChunkReplay, type ReplayTask } from "./chunk-replay.ts";

serveChunks((task: ReplayTask) => {
  const chunks = new ChunkReplay(task);
  let last: readonly OutcomeFrame[] = [];
  return (chunk) => {
    const { frames, part } = chunks.run(chunk, last);
    last = frames;
    return part;
  };
});
