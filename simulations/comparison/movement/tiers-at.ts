/** Who holds which tier on one date: the entities behind the cells of a matrix, that a comparison keeps as counts only. */
import { invariant, lastDayOf, type PeriodIndex, present } from "../../../data/foundation/index.ts";
import { findMeasure, type Panel, sumOverSpan } from "../../../data/panel/index.ts";
import { type Policy, tierNames } from "../../../policies/language/checked/index.ts";
import { replay } from "../../replay/index.ts";
import { gmvSpanTo } from "../plan.ts";
import { moves, tierPairs } from "./tier-pairs.ts";

/** Every entity in the frame of a date, in the panel's order. */
export interface TiersAt {
  /** The last day of the period. */
  readonly day: number;
  /** By policy: tier names by code. */
  readonly tiers: readonly (readonly string[])[];
  readonly entities: readonly string[];
  /** At the same positions: the chunk that holds the entity, and where in it. */
  readonly chunk: Uint32Array;
  readonly inChunk: Uint32Array;
  /** By policy, at the same positions: tier code, and headline score (NaN when missing). */
  readonly held: readonly Int8Array[];
  readonly score: readonly Float64Array[];
  /** GMV in minor units over the window of the figures at stake; 0 where the panel has no money. */
  readonly gmv: Float64Array;
}

/**
 * Replays the policies up to a period and gives who is in its frame. Order and counts are those of the movement matrix of that period. Cost: one
 * replay, and the keys and GMV of all entities in memory.
 */
export function tiersAt(panel: Panel, policies: readonly Policy[], at: PeriodIndex): TiersAt {
  const { schema } = panel;
  invariant(at >= schema.firstPeriod && at <= schema.lastPeriod, `period ${at} is outside the panel`);
  const gmvColumn = schema.gmvMeasure === undefined ? -1 : (findMeasure(schema, schema.gmvMeasure)?.index ?? -1);
  const span = gmvSpanTo(schema.grain, at);
  const entities: string[] = [];
  const held: number[][] = policies.map(() => []);
  const score: number[][] = policies.map(() => []);
  const gmv: number[] = [];
  const [chunkOf, inChunk]: [number[], number[]] = [[], []];
  let index = 0;
  replay({
    policies,
    panel,
    from: at,
    to: at,
    visit: (chunk, frames) => {
      for (let entity = 0; entity < chunk.entityCount; entity++) {
        const offset = at - (chunk.firstPeriod[entity] as number);
        const row = (chunk.rowStart[entity] as number) + offset;
        if (offset < 0 || row >= (chunk.rowStart[entity + 1] as number) || frames.some((frame) => (frame.held[row] as number) < 0))
          continue;
        entities.push(present(chunk.entities[entity], "entity"));
        chunkOf.push(index);
        inChunk.push(entity);
        gmv.push(sumOverSpan(chunk, gmvColumn, span, entity));
        for (const [policy, frame] of frames.entries()) {
          held[policy]?.push(frame.held[row] as number);
          score[policy]?.push(frame.score[row] as number);
        }
      }
      index++;
    },
  });
  return {
    day: lastDayOf(schema.grain, at),
    tiers: policies.map(tierNames),
    entities,
    chunk: Uint32Array.from(chunkOf),
    inChunk: Uint32Array.from(inChunk),
    held: held.map((codes) => Int8Array.from(codes)),
    score: score.map((values) => Float64Array.from(values)),
    gmv: Float64Array.from(gmv),
  };
}

/** Positions of who holds one tier under the first policy and another under the second, the largest first, then in the panel's order. */
export function inCell({ held, tiers, gmv, entities }: TiersAt, cell: { readonly from: string; readonly to: string }): readonly number[] {
  const [from, to] = [tiers[0]?.indexOf(cell.from) ?? -1, tiers[1]?.indexOf(cell.to) ?? -1];
  const [before, after] = [present(held[0], "held"), present(held[1], "held")];
  if (from < 0 || to < 0) return [];
  return sortedBySize(
    [...entities.keys()].filter((entity) => before[entity] === from && after[entity] === to),
    gmv,
  );
}

/** Positions of who moves between the two policies of a replay, as a comparison of the second with the first would count. */
export function moversIn({ held, gmv, entities }: TiersAt, [first, second]: readonly [Policy, Policy]): readonly number[] {
  const { move, columns } = tierPairs(first, second);
  const [before, after] = [present(held[0], "held"), present(held[1], "held")];
  return sortedBySize(
    [...entities.keys()].filter((entity) => move[(before[entity] as number) * columns + (after[entity] as number)] !== moves.same),
    gmv,
  );
}

function sortedBySize(positions: readonly number[], gmv: Float64Array): readonly number[] {
  return positions.toSorted((a, b) => (gmv[b] as number) - (gmv[a] as number) || a - b);
}
