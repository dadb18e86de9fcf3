/** A sample of entities for replays in parallel worlds: as many of each size band as there is room for, drawn at random. */
import { limits, present, randomStream } from "../../../data/foundation/index.ts";
import { type Panel, type PanelChunk, takeEntities } from "../../../data/panel/index.ts";
import type { Collected } from "../collect.ts";
import type { ComparisonPlan } from "../plan.ts";
import { sizeBands } from "../size-bands.ts";
import { noBand } from "./bands.ts";

/** Sampled entities of one chunk of the panel, as a chunk of their own. */
export interface SampledChunk {
  readonly chunk: PanelChunk;
  /** By entity: its row at the date, and the first row that is drawn again. */
  readonly endRow: Int32Array;
  readonly fromRow: Int32Array;
  /** By entity: its size band. */
  readonly band: Uint8Array;
  /** Place of its first entity in the sample. */
  readonly start: number;
}

/** The sample in the order of the panel. */
export interface NoiseSample {
  readonly chunks: readonly SampledChunk[];
  readonly sampled: number;
  /** By size band: entities in the frame. */
  readonly inFrame: readonly number[];
}

/**
 * Draws by band and reads the rows of those drawn. `periods`: how many up to the date are drawn again; undefined: all. It depends on the seed and
 * the panel's order of entities, not on its chunks. Cost: the chunks that hold sampled entities are read once more. Memory: the rows of the sample.
 */
export function drawSample(plan: ComparisonPlan, collected: Collected, panel: Panel, periods: number | undefined): NoiseSample {
  const { size } = collected.fairness;
  const inFrame = sizeBands.map(() => 0);
  for (const band of size) if (band !== noBand) inFrame[band] = (inFrame[band] ?? 0) + 1;
  const quotas = allocate(inFrame, limits.noiseEntities.value);
  const chosen = quotas.flatMap((quota, band) => {
    const members = new Int32Array(inFrame[band] ?? 0);
    let next = 0;
    for (let entity = 0; entity < size.length; entity++) if (size[entity] === band) members[next++] = entity;
    return pick(members, quota, plan.seed, band);
  });
  const ascending = Int32Array.from(chosen).sort();
  const chunks: SampledChunk[] = [];
  let start = 0;
  for (const [index, first] of collected.chunkStart.entries()) {
    const end = collected.chunkStart[index + 1] ?? collected.entityCount;
    const own = ascending.filter((entity) => entity >= first && entity < end);
    if (own.length === 0) continue;
    const chunk = takeEntities(
      plan.schema,
      panel.readChunk(index),
      own.map((entity) => entity - first),
    );
    chunks.push(placeRows(plan, chunk, { periods, start, band: Uint8Array.from(own, (entity) => size[entity] as number) }));
    start += own.length;
  }
  return { chunks, sampled: ascending.length, inFrame };
}

function placeRows(
  plan: ComparisonPlan,
  chunk: PanelChunk,
  rest: { readonly periods: number | undefined; readonly start: number; readonly band: Uint8Array },
): SampledChunk {
  const endRow = new Int32Array(chunk.entityCount);
  const fromRow = new Int32Array(chunk.entityCount);
  for (let entity = 0; entity < chunk.entityCount; entity++) {
    const first = chunk.rowStart[entity] as number;
    endRow[entity] = first + plan.to - (chunk.firstPeriod[entity] as number);
    fromRow[entity] = rest.periods === undefined ? first : Math.max(first, (endRow[entity] as number) - rest.periods + 1);
  }
  return { chunk, endRow, fromRow, band: rest.band, start: rest.start };
}

/** Equal parts; what a small band cannot fill goes to the others. */
function allocate(sizes: readonly number[], room: number): readonly number[] {
  const quotas = sizes.map(() => 0);
  const ascending = [...sizes.keys()].sort((a, b) => (sizes[a] as number) - (sizes[b] as number) || a - b);
  let left = room;
  for (const [done, band] of ascending.entries()) {
    const quota = Math.min(sizes[band] as number, Math.floor(left / (ascending.length - done)));
    quotas[band] = quota;
    left -= quota;
  }
  return quotas;
}

/** So many of them, each with the same chance. */
function pick(members: Int32Array, count: number, seed: number, band: number): readonly number[] {
  const stream = randomStream(seed, "noise sample", band);
  for (let place = 0; place < count; place++) {
    const other = place + stream.below(members.length - place);
    const kept = present(members[place], "member");
    members[place] = present(members[other], "member");
    members[other] = kept;
  }
  return Array.from(members.subarray(0, count));
}
