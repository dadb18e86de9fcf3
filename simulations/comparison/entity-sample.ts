/** Which entities a costly figure is computed of: drawn by seed and key, so that chunks, threads and other entities change nothing. */
import { randomStream } from "../../data/foundation/index.ts";

/** A draw of entities, each with the same probability. */
export interface EntitySample {
  /** The probability; 1 takes everybody. Else a power of two, so that a panel that grows a little keeps its draw. */
  readonly share: number;
  readonly salt: number;
}

/**
 * The draw under a name: everybody while the entities are at most `entitiesMax`, else each with the largest power of two that keeps
 * the expected number within it.
 *
 * @example
 * entitySample({ seed: 1, name: "example", entities: 1000, entitiesMax: 300 }).share
 * // => 0.25
 */
export function entitySample(options: {
  readonly seed: number;
  readonly name: string;
  readonly entities: number;
  readonly entitiesMax: number;
}): EntitySample {
  const { seed, name, entities, entitiesMax } = options;
  let share = 1;
  while (entities * share > Math.max(entitiesMax, 1)) share /= 2;
  return { share, salt: randomStream(seed, "entity sample", name).below(4_294_967_296) };
}

/** A number in [0, 1) that belongs to the key under the draw's salt. FNV-1a, mixed as in MurmurHash3. */
export function placeOfKey({ salt }: EntitySample, key: string): number {
  let hash = (0x811c9dc5 ^ salt) >>> 0;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}

/** Whether an entity is in the draw. */
export function isSampled(sample: EntitySample, key: string): boolean {
  return sample.share === 1 || placeOfKey(sample, key) < sample.share;
}
