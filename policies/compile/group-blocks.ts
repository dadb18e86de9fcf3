/** A column turned on its side: of the entities of one group, what all have in one period lies side by side. */
import type { PeriodIndex } from "../../data/foundation/index.ts";
import type { PanelChunk } from "../../data/panel/index.ts";

/** Entities at a time: their rows stay at hand. */
const entitiesMost = 1024;

/** Entities of a chunk by the code of their group, in their order. */
export interface EntitiesByGroup {
  readonly order: Int32Array;
  /** By code: where its entities begin in `order`; one more for the end. */
  readonly starts: Int32Array;
}

/** Without codes all entities are of one group; those with a code below 0 are left out. */
export function byGroup({ entityCount }: PanelChunk, codes: PanelChunk["attributes"][number] | undefined, groups: number): EntitiesByGroup {
  const starts = new Int32Array(groups + 1);
  const codeOf = (entity: number): number => (codes === undefined ? 0 : (codes[entity] as number));
  for (let entity = 0; entity < entityCount; entity++) {
    const code = codeOf(entity);
    if (code >= 0) starts[code + 1] = (starts[code + 1] as number) + 1;
  }
  for (let group = 0; group < groups; group++) starts[group + 1] = (starts[group + 1] as number) + (starts[group] as number);
  const order = new Int32Array(starts[groups] as number);
  const next = starts.slice();
  for (let entity = 0; entity < entityCount; entity++) {
    const code = codeOf(entity);
    if (code < 0) continue;
    const at = next[code] as number;
    order[at] = entity;
    next[code] = at + 1;
  }
  return { order, starts };
}

/** What is read: the column's values on evaluated rows of the periods `first` to `to`, others as NaN. */
export interface ColumnRead {
  readonly chunk: PanelChunk;
  readonly evaluated: ArrayLike<number>;
  readonly column: Float64Array;
  readonly first: PeriodIndex;
  readonly to: PeriodIndex;
}

/** Some entities of one group. */
export interface GroupBlock {
  readonly code: number;
  readonly entities: Int32Array;
  /** One value an entity, period after period from `first` on. The next block takes its place. */
  readonly values: Float64Array;
}

/** Visits the blocks of all groups, in order. Cost: two passes over the rows. */
export function eachBlock(
  { chunk, evaluated, column, first, to }: ColumnRead,
  { order, starts }: EntitiesByGroup,
  visit: (block: GroupBlock) => void,
): void {
  const { rowStart, firstPeriod } = chunk;
  const periods = to - first + 1;
  const memory = new Float64Array(Math.max(0, periods) * Math.min(entitiesMost, order.length));
  for (let code = 0; code + 1 < starts.length; code++) {
    const end = starts[code + 1] as number;
    for (let begin = starts[code] as number; begin < end; begin += entitiesMost) {
      const entities = order.subarray(begin, Math.min(end, begin + entitiesMost));
      const count = entities.length;
      const values = memory.subarray(0, periods * count).fill(Number.NaN);
      for (let index = 0; index < count; index++) {
        const entity = entities[index] as number;
        const since = (firstPeriod[entity] as number) - first;
        const start = rowStart[entity] as number;
        const stop = Math.min(rowStart[entity + 1] as number, start + periods - since);
        let at = since * count + index;
        for (let row = start; row < stop; row++, at += count) if (evaluated[row] === 1) values[at] = column[row] as number;
      }
      visit({ code, entities, values });
    }
  }
}

/** Writes a block back into a column of the chunk. */
export function writeBlock(
  { chunk, first, to }: Pick<ColumnRead, "chunk" | "first" | "to">,
  { entities, values }: GroupBlock,
  into: Float64Array,
): void {
  const { rowStart, firstPeriod } = chunk;
  const count = entities.length;
  for (let index = 0; index < count; index++) {
    const entity = entities[index] as number;
    const since = (firstPeriod[entity] as number) - first;
    const start = rowStart[entity] as number;
    const stop = Math.min(rowStart[entity + 1] as number, start + to - first + 1 - since);
    let at = since * count + index;
    for (let row = start; row < stop; row++, at += count) into[row] = values[at] as number;
  }
}
