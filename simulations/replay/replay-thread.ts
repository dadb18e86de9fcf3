/** A thread that replays chunks. */
import { ChunkReplay, type ReplayTask } from "./chunk-replay.ts";
import { serveChunks } from "./serve-chunks.ts";

serveChunks((setup) => {
  const chunks = new ChunkReplay(setup as ReplayTask);
  return (chunk) => chunks.run(chunk).part;
});
