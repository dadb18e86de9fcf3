/** A thread that replays chunks. */
import { serveChunks } from "./chunk-pool.ts";
import { ChunkReplay, type ReplayTask } from "./chunk-replay.ts";

serveChunks((task: ReplayTask) => {
  const chunks = new ChunkReplay(task);
  return (chunk) => chunks.run(chunk).part;
});
