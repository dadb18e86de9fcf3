/**
 * Who holds which tier, counted: of each entity the last tiers that it was counted with are known, so that another answer costs those only
 * who hold another tier in it.
 */
import { type PeriodIndex, present } from "../../../data/foundation/index.ts";
import type { PanelChunk } from "../../../data/panel/index.ts";

/** Sums over chunks, in doubles that hold integers: the parts of several threads add. */
export interface WhatIfSums {
  /** By period of the range, then tier: entities and GMV. */
  readonly entities: Float64Array;
  readonly gmv: Float64Array;
  /** By the baseline's tier, then tier, at the end of the range: entities, and GMV over the span. */
  readonly pairs: Float64Array;
  readonly pairsGmv: Float64Array;
}

/** A chunk beside the baseline. */
export interface CountedChunk {
  readonly chunk: Pick<PanelChunk, "rowCount" | "rowStart" | "firstPeriod">;
  /** By row; absent without a measure of GMV. */
  readonly amounts: PanelChunk["measures"][number] | undefined;
  /** By entity, at the end of the range: the baseline's tier, -1 outside the frame, and the GMV of the span. */
  readonly before: Int8Array;
  readonly gmv: Float64Array;
}

/** What the sums are by. */
export interface TallyOptions {
  readonly from: PeriodIndex;
  readonly to: PeriodIndex;
  readonly baselineTiers: number;
  readonly tiers: number;
}

/** Entities `first` to `next - 1` of a chunk, and the tiers that they hold: `held` begins with the chunk's row `from`. */
export interface HeldRows {
  readonly first: number;
  readonly next: number;
  readonly from: number;
  readonly held: Int8Array;
  /** By entity: 0 leaves it as it was counted last. Absent: all are counted. */
  readonly isMoved?: Int32Array;
}

interface Counted {
  readonly chunk: CountedChunk;
  /** The tiers that were counted last, by row. */
  readonly held: Int8Array;
}

/** Memory: a byte a row. The sums are exact while those of all amounts, whatever their sign, are. */
export class HeldTally {
  readonly #options: TallyOptions;
  readonly #counted: readonly Counted[];
  readonly #sums: WhatIfSums;

  constructor(options: TallyOptions, chunks: readonly CountedChunk[]) {
    const { from, to, baselineTiers, tiers } = options;
    this.#options = options;
    this.#counted = chunks.map((chunk) => ({ chunk, held: new Int8Array(chunk.chunk.rowCount).fill(NOBODY) }));
    const [cells, pairs] = [(to - from + 1) * tiers, baselineTiers * tiers];
    this.#sums = {
      entities: new Float64Array(cells),
      gmv: new Float64Array(cells),
      pairs: new Float64Array(pairs),
      pairsGmv: new Float64Array(pairs),
    };
  }

  /** Counts entities of the chunk at a position with the tiers that they hold now. */
  count(position: number, { first, next, from: shown, held: now, isMoved }: HeldRows): void {
    const { from, to, tiers } = this.#options;
    const { chunk: counted, held } = present(this.#counted[position], "a chunk");
    const { chunk, amounts } = counted;
    const { rowStart, firstPeriod } = chunk;
    const { entities, gmv } = this.#sums;
    for (let entity = first; entity < next; entity++) {
      if (isMoved !== undefined && isMoved[entity - first] === 0) continue;
      const begin = rowStart[entity] as number;
      const zero = begin - (firstPeriod[entity] as number);
      const end = rowStart[entity + 1] as number;
      const stop = end < zero + to + 1 ? end : zero + to + 1;
      let row = begin > zero + from ? begin : zero + from;
      for (let cell = (row - zero - from) * tiers; row < stop; row++, cell += tiers) {
        const was = held[row] as number;
        const is = now[row - shown] as number;
        if (was === is) continue;
        held[row] = is;
        const amount = amounts === undefined ? 0 : known(amounts[row] as number);
        entities[cell + is] = (entities[cell + is] as number) + 1;
        gmv[cell + is] = (gmv[cell + is] as number) + amount;
        if (was !== NOBODY) {
          entities[cell + was] = (entities[cell + was] as number) - 1;
          gmv[cell + was] = (gmv[cell + was] as number) - amount;
        }
        if (row === zero + to) this.#pair(counted, entity, was, is);
      }
    }
  }

  #pair({ before, gmv }: CountedChunk, entity: number, was: number, is: number): void {
    const first = (before[entity] as number) * this.#options.tiers;
    if (first < 0) return;
    const amount = gmv[entity] as number;
    const { pairs, pairsGmv } = this.#sums;
    pairs[first + is] = (pairs[first + is] as number) + 1;
    pairsGmv[first + is] = (pairsGmv[first + is] as number) + amount;
    if (was === NOBODY) return;
    pairs[first + was] = (pairs[first + was] as number) - 1;
    pairsGmv[first + was] = (pairsGmv[first + was] as number) - amount;
  }

  /** The sums as they are now. */
  sums(): WhatIfSums {
    const { entities, gmv, pairs, pairsGmv } = this.#sums;
    return { entities: entities.slice(), gmv: gmv.slice(), pairs: pairs.slice(), pairsGmv: pairsGmv.slice() };
  }
}

/** Adds the sums of other chunks. */
export function addSums(sums: WhatIfSums, more: WhatIfSums): void {
  for (const key of ["entities", "gmv", "pairs", "pairsGmv"] as const) {
    const into = sums[key];
    for (const [cell, value] of more[key].entries()) into[cell] = (into[cell] as number) + value;
  }
}

const NOBODY = -1;

/** A level that is missing counts as nothing. */
function known(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
