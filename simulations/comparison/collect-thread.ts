/** A thread that replays the chunks of a comparison and collects what it keeps of them. */
import { serveChunks } from "../replay/index.ts";
import { compareChunks } from "./compare-chunks.ts";

serveChunks(compareChunks);
