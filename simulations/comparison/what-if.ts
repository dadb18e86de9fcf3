/**
 * What if a parameter were another: the policy's figures against those of a baseline, again and again for other values, while somebody moves
 * a slider. The numbers are those of a stored comparison.
 *
 * A chunk stays in memory. What depends on no parameter that is being moved is computed once and kept as columns; what is left (a curve, some
 * sums, the tiers, movement) runs over these columns, with the parameters as numbers in the kernel's memory.
 */
import { isDeepStrictEqual } from "node:util";
import type { PeriodIndex } from "../../data/foundation/index.ts";
import type { PanelChunk, PanelSchema } from "../../data/panel/index.ts";
import { compilePolicy, type LivePolicy, livePolicy } from "../../policies/compile/index.ts";
import { type Policy, tierNames } from "../../policies/language/checked/index.ts";
import { sumOverSpan } from "./collect.ts";
import type { PeriodSpan } from "./plan.ts";

/** What is fixed while sliders are moved. Plain data. */
export interface WhatIfSetup {
  readonly baseline: Policy;
  readonly schema: PanelSchema;
  readonly from: PeriodIndex;
  readonly to: PeriodIndex;
  /** The column of GMV, -1 without one, and the periods whose GMV is at stake. */
  readonly gmvColumn: number;
  readonly gmvSpan: PeriodSpan;
}

/** A policy, and which of its parameters are being moved: others are the same in the next question. */
export interface WhatIfQuestion {
  readonly policy: Policy;
  readonly moving: readonly string[];
}

/** Sums over chunks, in doubles that hold integers: the parts of several threads add. */
export interface WhatIfSums {
  /** By period of the range, then tier: entities and GMV. */
  readonly entities: Float64Array;
  readonly gmv: Float64Array;
  /** By the baseline's tier, then tier, at the end of the range: entities, and GMV over the span. */
  readonly pairs: Float64Array;
  readonly pairsGmv: Float64Array;
}

interface HeldChunk {
  readonly chunk: PanelChunk;
  /** By entity, at the end of the range: the baseline's tier, -1 outside the frame, and the GMV of the span. */
  readonly before: Int8Array;
  readonly gmv: Float64Array;
  /** What does not move. */
  columns: ReadonlyMap<string, Float64Array>;
}

interface Standing {
  readonly policy: Policy;
  readonly moving: ReadonlySet<string>;
  readonly live: LivePolicy | undefined;
}

/** Chunks that are held in memory, and what stands of the policy. Memory: the chunks, and 8 bytes a row for each column that is kept. */
export class WhatIf {
  readonly #setup: WhatIfSetup;
  readonly #held: readonly HeldChunk[];
  #standing: Standing | undefined;

  /** Cost: one run of the baseline. */
  constructor(setup: WhatIfSetup, chunks: readonly PanelChunk[]) {
    this.#setup = setup;
    const { baseline, schema, to, gmvColumn, gmvSpan } = setup;
    const compiled = compilePolicy(baseline, schema);
    this.#held = chunks.map((chunk) => {
      const { held } = compiled.run(chunk, { to });
      const before = new Int8Array(chunk.entityCount);
      const gmv = new Float64Array(chunk.entityCount);
      for (let entity = 0; entity < chunk.entityCount; entity++) {
        const row = rowAt(chunk, entity, to);
        before[entity] = row < 0 ? -1 : (held[row] as number);
        if (row >= 0) gmv[entity] = sumOverSpan(chunk, gmvColumn, gmvSpan, entity);
      }
      return { chunk, before, gmv, columns: new Map() };
    });
  }

  /**
   * The sums of a policy over the chunks. Cost: where only what is moving has moved since the last question, what depends on it; else one run
   * of the policy more. Errors: InputRefused (`limit-exceeded`) when a window sum passes 2^53 in smallest units.
   */
  answer({ policy, moving }: WhatIfQuestion): WhatIfSums {
    const standing = this.#standingFor(policy, new Set(moving));
    const sums = this.#noSums(policy);
    for (const held of this.#held) addSums(sums, this.#answerFor(policy, standing.live, held));
    return sums;
  }

  #answerFor(policy: Policy, live: LivePolicy | undefined, held: HeldChunk): WhatIfSums {
    const { schema, to } = this.#setup;
    const { chunk, columns } = held;
    const sums = this.#noSums(policy);
    const width = tierNames(policy).length;
    if (live?.held(policy, { chunk, to, columns }, (block) => this.#count(sums, width, held, block)) === true) return sums;
    const whole = this.#noSums(policy);
    this.#count(whole, width, held, {
      first: 0,
      next: chunk.entityCount,
      from: 0,
      held: compilePolicy(policy, schema).run(chunk, { to }).held,
    });
    return whole;
  }

  /** What stands while these parameters move: as before, or made for this policy. */
  #standingFor(policy: Policy, moving: ReadonlySet<string>): Standing {
    if (this.#standing !== undefined && stands(this.#standing, policy, moving)) return this.#standing;
    const { schema, to } = this.#setup;
    const live = livePolicy(policy, schema, moving);
    if (live !== undefined) {
      const compiled = compilePolicy(policy, schema);
      for (const held of this.#held) held.columns = compiled.run(held.chunk, { to, columns: live.columns }).columns;
    }
    this.#standing = { policy, moving, live };
    return this.#standing;
  }

  #noSums(policy: Policy): WhatIfSums {
    const { baseline, from, to } = this.#setup;
    const [rows, columns] = [tierNames(baseline).length, tierNames(policy).length];
    const periods = to - from + 1;
    return {
      entities: new Float64Array(periods * columns),
      gmv: new Float64Array(periods * columns),
      pairs: new Float64Array(rows * columns),
      pairsGmv: new Float64Array(rows * columns),
    };
  }

  /** Adds entities up; `from`: the row of the chunk at which `held` begins. */
  #count(sums: WhatIfSums, width: number, { chunk, before, gmv }: HeldChunk, { first, next, from, held }: Block): void {
    const { from: start, to, gmvColumn } = this.#setup;
    const values = chunk.measures[gmvColumn];
    const { entities, gmv: gmvByTier, pairs, pairsGmv } = sums;
    for (let entity = first; entity < next; entity++) {
      const begin = chunk.rowStart[entity] as number;
      const zero = begin - (chunk.firstPeriod[entity] as number);
      const stop = Math.min(chunk.rowStart[entity + 1] as number, zero + to + 1);
      for (let row = Math.max(begin, zero + start); row < stop; row++) {
        const cell = (row - zero - start) * width + (held[row - from] as number);
        entities[cell] = (entities[cell] as number) + 1;
        if (values !== undefined) gmvByTier[cell] = (gmvByTier[cell] as number) + (values[row] as number);
      }
      const tier = before[entity] as number;
      if (tier < 0) continue;
      const pair = tier * width + (held[zero + to - from] as number);
      pairs[pair] = (pairs[pair] as number) + 1;
      pairsGmv[pair] = (pairsGmv[pair] as number) + (gmv[entity] as number);
    }
  }
}

interface Block {
  readonly first: number;
  readonly next: number;
  readonly from: number;
  readonly held: Int8Array;
}

/** Whether a policy differs from the one that stands in what is moving only, and in what it says of itself. */
function stands(standing: Standing, policy: Policy, moving: ReadonlySet<string>): boolean {
  if (moving.size !== standing.moving.size || [...moving].some((name) => !standing.moving.has(name))) return false;
  const own = { digest: "", version: "", title: "", rationale: "" };
  const rest = (either: Policy) => ({
    ...either,
    ...own,
    parameters: either.parameters.map((parameter) => (moving.has(parameter.name) ? parameter.name : parameter)),
  });
  return isDeepStrictEqual(rest(standing.policy), rest(policy));
}

/** Adds the sums of other chunks. */
export function addSums(sums: WhatIfSums, more: WhatIfSums): void {
  for (const key of ["entities", "gmv", "pairs", "pairsGmv"] as const) {
    const into = sums[key];
    for (const [cell, value] of more[key].entries()) into[cell] = (into[cell] as number) + value;
  }
}

/** The row of an entity in a period, -1 outside its frame. */
function rowAt(chunk: PanelChunk, entity: number, period: PeriodIndex): number {
  const begin = chunk.rowStart[entity] as number;
  const row = begin + period - (chunk.firstPeriod[entity] as number);
  return row < begin || row >= (chunk.rowStart[entity + 1] as number) ? -1 : row;
}
