/**
 * What if a parameter were another: the policy's figures against those of a baseline, again and again for other values, while somebody moves
 * a slider. The numbers are those of a stored comparison.
 *
 * A chunk stays in memory. What depends on no parameter that is being moved is computed once and kept as columns; what is left (a curve, some
 * sums, the tiers) runs over these columns, with the parameters as numbers in the kernel's memory. Who merits what was merited in the answer
 * before holds what was held: only others are moved and counted again.
 */
import { isDeepStrictEqual } from "node:util";
import { type PeriodIndex, present } from "../../../data/foundation/index.ts";
import { type PanelChunk, type PanelSchema, sumOverSpan } from "../../../data/panel/index.ts";
import {
  type CompiledPolicy,
  compilePolicy,
  type LiveBlock,
  type LivePolicy,
  livePolicy,
  PeerCollector,
} from "../../../policies/compile/index.ts";
import { type Parameter, type PeerValues, type Policy, tierNames } from "../../../policies/language/checked/index.ts";
import type { PeriodSpan } from "../plan.ts";
import { type CountedChunk, HeldTally, type WhatIfSums } from "./held-tally.ts";
import { type KeptColumn, KeptColumns, saysOfItself } from "./kept-columns.ts";

/** What is fixed while sliders are moved. Plain data. */
export interface WhatIfSetup {
  readonly baseline: Policy;
  readonly schema: PanelSchema;
  readonly from: PeriodIndex;
  readonly to: PeriodIndex;
  /** The column of GMV, -1 without one, and the periods whose GMV is at stake. */
  readonly gmvColumn: number;
  readonly gmvSpan: PeriodSpan;
  /** How many bytes of columns are kept for later questions. */
  readonly keptBytes: number;
}

/** A policy, and which of its parameters are being moved: others are the same in the next question. */
export interface WhatIfQuestion {
  readonly policy: Policy;
  readonly moving: readonly string[];
}

/** What a policy with ranks or ratios needs before it can be run. */
export const needsPeers = "needs peers";

/** What is asked of the chunks that somebody holds. Plain data. */
export type WhatIfCall =
  | { readonly kind: "open"; readonly peers?: PeerValues | undefined }
  | { readonly kind: "gather"; readonly policy: Policy }
  | { readonly kind: "answer"; readonly question: WhatIfQuestion; readonly peers?: PeerValues | undefined };

/** Policies with their moving parameters whose kernels, and whose last answer, are kept: two or three bytes a row each. */
const standingMost = 8;

/** What stands while these parameters move. */
interface Standing {
  readonly policy: Policy;
  readonly moving: ReadonlySet<string>;
  /** Absent where only whole runs of the policy give its tiers. */
  readonly live?: LivePart;
  readonly tally: HeldTally;
}

interface LivePart {
  readonly policy: LivePolicy;
  readonly merits: readonly Merits[];
}

/** What each row of a chunk merits in the last answer. */
interface Merits {
  readonly merited: Int8Array;
  /** The policy of that answer; undefined when it was computed another way. */
  policy: Policy | undefined;
}

/** Chunks that are held in memory, and what stands of the policies. Memory: the chunks, the columns that are kept, and what stands. */
export class WhatIf {
  readonly #setup: WhatIfSetup;
  readonly #chunks: readonly PanelChunk[];
  readonly #columns: KeptColumns;
  #counted: readonly CountedChunk[] = [];
  /** The last ones, the latest first. */
  #standing: readonly Standing[] = [];
  readonly #isExact: boolean;

  constructor(setup: WhatIfSetup, chunks: readonly PanelChunk[]) {
    this.#setup = setup;
    this.#chunks = chunks;
    this.#columns = new KeptColumns(setup.keptBytes);
    this.#isExact = amountOf(chunks, setup.gmvColumn) <= Number.MAX_SAFE_INTEGER;
  }

  /**
   * Does what is called for. Errors: InputRefused (`limit-exceeded`) when a window sum passes 2^53 in smallest units, or with too many peers.
   */
  call(call: WhatIfCall): PeerValues | WhatIfSums | typeof needsPeers {
    switch (call.kind) {
      case "open":
        return this.#open(call.peers);
      case "gather":
        return this.#gather(call.policy);
      case "answer":
        return this.#answer(call.question, call.peers);
    }
  }

  /** Runs the baseline, and gives its sums; comes first. Cost: one run. */
  #open(peers: PeerValues | undefined): WhatIfSums {
    const { baseline, schema, to, gmvColumn, gmvSpan } = this.#setup;
    const compiled = compilePolicy(baseline, schema);
    const helds: Int8Array[] = [];
    this.#counted = this.#chunks.map((chunk) => {
      const { held } = compiled.run(chunk, { to, ...(peers === undefined ? {} : { peers }) });
      helds.push(held);
      const before = new Int8Array(chunk.entityCount);
      const gmv = new Float64Array(chunk.entityCount);
      for (let entity = 0; entity < chunk.entityCount; entity++) {
        const row = rowAt(chunk, entity, to);
        before[entity] = row < 0 ? -1 : (held[row] as number);
        if (row >= 0) gmv[entity] = sumOverSpan(chunk, gmvColumn, gmvSpan, entity);
      }
      const { rowCount, rowStart, firstPeriod, measures } = chunk;
      return { chunk: { rowCount, rowStart, firstPeriod }, amounts: measures[gmvColumn], before, gmv };
    });
    const tally = this.#tallyOf(baseline);
    for (const [position, held] of helds.entries())
      tally.count(position, { first: 0, next: present(this.#chunks[position], "a chunk").entityCount, from: 0, held });
    return tally.sums();
  }

  /** What these chunks give to the peers of a policy. */
  #gather(policy: Policy): PeerValues {
    const { schema, to } = this.#setup;
    const compiled = compilePolicy(policy, schema);
    const collector = new PeerCollector(policy);
    for (const chunk of this.#chunks) compiled.gatherPeers(chunk, collector, to);
    return collector.finish();
  }

  /**
   * The sums of a policy over the chunks. Cost: where only what is moving has moved since these were moving last, what depends on it, for all
   * rows, and movement for those whose merits changed; else a run of the policy more for the columns that nobody has asked for yet.
   */
  #answer({ policy, moving }: WhatIfQuestion, peers: PeerValues | undefined): WhatIfSums | typeof needsPeers {
    const standing = this.#standingFor(policy, new Set(moving));
    const { schema, to } = this.#setup;
    const { live, tally } = standing;
    const columns = live === undefined ? undefined : this.#columnsOf(policy, live.policy.columns, peers);
    if (live !== undefined && columns === undefined) return needsPeers;
    let whole: CompiledPolicy | undefined;
    for (const [position, chunk] of this.#chunks.entries()) {
      if (live !== undefined && columns !== undefined && this.#moveOn({ policy, live, tally, columns, position })) continue;
      whole ??= compilePolicy(policy, schema);
      if (whole.needsPeers && peers === undefined) return needsPeers;
      const { held } = whole.run(chunk, { to, ...(peers === undefined ? {} : { peers }) });
      tally.count(position, { first: 0, next: chunk.entityCount, from: 0, held });
    }
    return tally.sums();
  }

  /** Moves and counts those of a chunk who merit something else than before; false where the moved part cannot tell what they merit. */
  #moveOn({ policy, live, tally, columns, position }: MoveOn): boolean {
    const { to } = this.#setup;
    const [chunk, merits] = [present(this.#chunks[position], "a chunk"), present(live.merits[position], "what is merited")];
    const { merited, policy: before } = merits;
    merits.policy = undefined;
    const run = {
      chunk,
      to,
      columns: new Map([...columns].map(([name, column]) => [name, present(column[position], name)])),
      before: before === undefined ? undefined : { policy: before, merited },
    };
    const isTold = live.policy.held(policy, run, (block) => {
      keepMerits(merited, chunk.rowStart, block);
      tally.count(position, block);
    });
    if (isTold) merits.policy = policy;
    return isTold;
  }

  /** The columns that do not move, by name and chunk. */
  #columnsOf(policy: Policy, names: readonly string[], peers: PeerValues | undefined): ReadonlyMap<string, KeptColumn> | undefined {
    const { schema, to } = this.#setup;
    return this.#columns.take(policy, names, (lacking) => {
      const compiled = compilePolicy(policy, schema);
      if (compiled.needsPeers && peers === undefined) return undefined;
      const frames = this.#chunks.map((chunk) => compiled.run(chunk, { to, columns: lacking, ...(peers === undefined ? {} : { peers }) }));
      return lacking.map((name) => frames.map(({ columns }) => present(columns.get(name), name)));
    });
  }

  /** What stands while these parameters move: as before, or made for this policy. */
  #standingFor(policy: Policy, moving: ReadonlySet<string>): Standing {
    // What would be taken away again from sums that are not exact is counted anew.
    const known = this.#isExact ? this.#standing.find((standing) => stands(standing, policy, moving)) : undefined;
    const standing = known ?? this.#makeStanding(policy, moving);
    this.#standing = [standing, ...this.#standing.filter((other) => other !== standing)].slice(0, standingMost);
    return standing;
  }

  #tallyOf(policy: Policy): HeldTally {
    const { baseline, from, to } = this.#setup;
    const [baselineTiers, tiers] = [baseline, policy].map((either) => tierNames(either).length) as [number, number];
    return new HeldTally({ from, to, baselineTiers, tiers }, this.#counted);
  }

  #makeStanding(policy: Policy, moving: ReadonlySet<string>): Standing {
    const tally = this.#tallyOf(policy);
    const live = livePolicy(policy, this.#setup.schema, moving);
    if (live === undefined) return { policy, moving, tally };
    const merits = this.#chunks.map((chunk) => ({ merited: new Int8Array(chunk.rowCount), policy: undefined }));
    return { policy, moving, tally, live: { policy: live, merits } };
  }
}

function keepMerits(merited: Int8Array, rowStart: Int32Array, { first, next, from, isMoved, merited: now }: LiveBlock): void {
  for (let entity = first; entity < next; entity++) {
    if (isMoved[entity - first] === 0) continue;
    const end = rowStart[entity + 1] as number;
    for (let row = rowStart[entity] as number; row < end; row++) merited[row] = now[row - from] as number;
  }
}

interface MoveOn {
  readonly policy: Policy;
  readonly live: LivePart;
  readonly tally: HeldTally;
  readonly columns: ReadonlyMap<string, KeptColumn>;
  readonly position: number;
}

/** Whether a policy differs from the one that stands in what is moving only, and in what it says of itself. */
function stands(standing: Standing, policy: Policy, moving: ReadonlySet<string>): boolean {
  if (moving.size !== standing.moving.size || [...moving].some((name) => !standing.moving.has(name))) return false;
  const rest = (either: Policy) => ({
    ...either,
    ...saysOfItself,
    parameters: either.parameters.map((parameter) => (moving.has(parameter.name) ? unvalued(parameter) : parameter)),
  });
  return isDeepStrictEqual(rest(standing.policy), rest(policy));
}

/** What of a parameter does not move. */
function unvalued({ name, by, ...parameter }: Parameter) {
  return { name, by, texts: "values" in parameter ? parameter.values.map(({ text }) => text) : [] };
}

/** The sum of all amounts, whatever their sign. */
function amountOf(chunks: readonly PanelChunk[], gmvColumn: number): number {
  let sum = 0;
  for (const { measures } of chunks) for (const amount of measures[gmvColumn] ?? []) if (!Number.isNaN(amount)) sum += Math.abs(amount);
  return sum;
}

/** The row of an entity in a period, -1 outside its frame. */
function rowAt(chunk: PanelChunk, entity: number, period: PeriodIndex): number {
  const begin = chunk.rowStart[entity] as number;
  const row = begin + period - (chunk.firstPeriod[entity] as number);
  return row < begin || row >= (chunk.rowStart[entity + 1] as number) ? -1 : row;
}
