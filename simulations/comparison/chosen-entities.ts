/** A second look at some entities: their rows only, chunk by chunk, one chunk in memory at a time. */
import { type Panel, type PanelChunk, takeEntities } from "../../data/panel/index.ts";

/** Some entities of one chunk. `entities`: their positions in the panel's order, parallel to those of the chunk. */
export interface ChosenPart {
  readonly chunk: PanelChunk;
  readonly entities: readonly number[];
}

/** The chunks that hold any of the entities, with these only. `entities` ascend; chunks without any are not read. */
export function* chosenParts(panel: Panel, chunkStart: readonly number[], entities: readonly number[]): Iterable<ChosenPart> {
  let next = 0;
  for (const [index, start] of chunkStart.entries()) {
    const end = chunkStart[index + 1] ?? Number.POSITIVE_INFINITY;
    const own: number[] = [];
    for (; next < entities.length && (entities[next] as number) < end; next++) own.push(entities[next] as number);
    if (own.length === 0) continue;
    const whole = panel.readChunk(index);
    const isWhole = own.length === whole.entityCount;
    const positions = Int32Array.from(own, (entity) => entity - start);
    yield { chunk: isWhole ? whole : takeEntities(panel.schema, whole, positions), entities: own };
  }
}

/**
 * At most so many of the entities, evenly from first to last: equal lists give equal choices, whatever the chunks.
 *
 * @example
 * evenly([2, 3, 5, 7, 11, 13], 3)
 * // => [2, 5, 11]
 */
export function evenly(entities: readonly number[], countMax: number): readonly number[] {
  if (entities.length <= countMax) return entities;
  return Array.from({ length: countMax }, (_, index) => entities[Math.floor((index * entities.length) / countMax)] as number);
}

/** The row of an entity of a chunk in a period; undefined where it has none. */
export function rowAt(chunk: PanelChunk, entity: number, period: number): number | undefined {
  const row = (chunk.rowStart[entity] as number) + period - (chunk.firstPeriod[entity] as number);
  return row >= (chunk.rowStart[entity] as number) && row < (chunk.rowStart[entity + 1] as number) ? row : undefined;
}
