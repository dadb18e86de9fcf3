/** A thread that replays the chunks of a comparison and collects what it keeps of them. */
import { ChunkReplay, serveChunks } from "../replay/index.ts";
import { collectChunk } from "./collect.ts";
import type { ComparisonPart, ComparisonSetup } from "./compare.ts";

serveChunks(({ task, plan }: ComparisonSetup) => {
  const chunks = new ChunkReplay(task);
  return (chunk): ComparisonPart => {
    const { frames, part } = chunks.run(chunk);
    return { replayed: part, collected: collectChunk(plan, chunk, frames) };
  };
});
