/** A thread that replays the chunks of a comparison and collects what it keeps of them. */
import type { OutcomeFrame } from "../../data/panel/index.ts";
import { ChunkReplay, serveChunks } from "../replay/index.ts";
import { collectChunk } from "./collect.ts";
import type { ComparisonPart, ComparisonSetup } from "./compare.ts";

serveChunks(({ task, plan }: ComparisonSetup) => {
  const chunks = new ChunkReplay(task);
  let last: readonly OutcomeFrame[] = [];
  return (chunk): ComparisonPart => {
    const { frames, part } = chunks.run(chunk, last);
    last = frames;
    return { replayed: part, collected: collectChunk(plan, chunk, frames) };
  };
});
