/** A thread that replays chunks. */
import { serveChunks } from "./chunk-pool.ts";
import { replayChunks } from "./chunk-replay.ts";

serveChunks(replayChunks);
