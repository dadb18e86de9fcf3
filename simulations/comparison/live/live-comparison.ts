/** A baseline against a policy whose parameters are being moved: chunks stay in the memory of threads, and every question is answered by all. */
import { invariant, limits, type PeriodIndex, requireExact } from "../../../data/foundation/index.ts";
import { findMeasure, type Panel, rangeOf } from "../../../data/panel/index.ts";
import type { PeerValues, Policy } from "../../../policies/language/checked/index.ts";
import { Thread } from "../../replay/index.ts";
import { sumOfIntegers } from "../../statistics/index.ts";
import type { MovementMatrix, PeriodDistribution } from "../comparison.ts";
import { countMoves } from "../movement/matrix.ts";
import { tierPairs, tierViews } from "../movement/tier-pairs.ts";
import { dayName, gmvSpanTo } from "../plan.ts";
import { type Stake, stakeOfPairs } from "../sales/stake-of-pairs.ts";
import { addSums, type WhatIfSums } from "./held-tally.ts";
import { mergePeers, peersKey } from "./live-peers.ts";
import { needsPeers, WhatIf, type WhatIfCall, type WhatIfQuestion, type WhatIfSetup } from "./what-if.ts";
import type { WhatIfThreadSetup } from "./what-if-thread.ts";

/** What is held against what. */
export interface LiveOptions {
  readonly baseline: Policy;
  readonly panel: Panel;
  readonly from?: PeriodIndex;
  readonly to?: PeriodIndex;
  /** How many threads beside this one, which is left free; none: this one answers. They need a panel that they can open. */
  readonly threads: number;
}

/** The figures that a stored comparison gives, without their intervals. */
export interface WhatIfAnswer {
  readonly distribution: readonly PeriodDistribution[];
  readonly movement: Omit<MovementMatrix, "moversShare">;
  readonly newlyAdverse: number;
  readonly released: number;
  /** Absent without a GMV measure. */
  readonly gmv?: Omit<Stake, "byTier" | "inFrame">;
}

/** Holds the chunks. Close it: its threads run until then. */
export class LiveComparison {
  readonly #setup: WhatIfSetup;
  readonly #call: (call: WhatIfCall) => Promise<readonly ReturnType<WhatIf["call"]>[]>;
  readonly #close: () => Promise<void>;
  readonly #opened: Promise<WhatIfAnswer>;
  readonly #chunkCount: number;
  /** One integer: the chunks that were read. */
  readonly #read: Int32Array;
  /** Of the policy that compared peers last. */
  #peers: { readonly key: string; readonly values: PeerValues } | undefined;

  /** Cost: one reading of the panel, which stays in memory, and one run of the baseline. */
  constructor({ baseline, panel, threads, ...range }: LiveOptions) {
    const { schema } = panel;
    const { from, to } = rangeOf(schema, range);
    invariant(from <= to, "the range holds no period of the panel");
    const gmvColumn = schema.gmvMeasure === undefined ? -1 : (findMeasure(schema, schema.gmvMeasure)?.index ?? -1);
    const keptBytes = limits.whatIfKept.value / Math.max(1, threads);
    const setup: WhatIfSetup = { baseline, schema, from, to, gmvColumn, gmvSpan: gmvSpanTo(schema.grain, to), keptBytes };
    this.#setup = setup;
    const { source, chunkCount } = panel;
    const chunks = [...Array(chunkCount).keys()];
    this.#chunkCount = chunkCount;
    this.#read = new Int32Array(new SharedArrayBuffer(4));
    if (threads === 0 || source === undefined) {
      const whatIf = new WhatIf(
        setup,
        chunks.map((index) => panel.readChunk(index)),
      );
      this.#read[0] = chunkCount;
      this.#call = async (call) => [whatIf.call(call)];
      this.#close = async () => undefined;
    } else {
      const module = new URL("./what-if-thread.js", import.meta.url);
      const pool = Array.from({ length: threads }, (_, thread) => {
        const own: WhatIfThreadSetup = { source, chunks: chunks.filter((index) => index % threads === thread), setup, read: this.#read };
        return new Thread(module, own);
      });
      this.#call = (call) => Promise.all(pool.map((thread) => thread.ask<ReturnType<WhatIf["call"]>>(call)));
      this.#close = async () => {
        await Promise.all(pool.map((thread) => thread.close()));
      };
    }
    this.#opened = this.#open();
    // Whoever asks is told; nobody may ask.
    this.#opened.catch(() => undefined);
  }

  /** How much of the history has been read, from 0 to 1. */
  get shareRead(): number {
    return Math.min(1, Atomics.load(this.#read, 0) / Math.max(1, this.#chunkCount));
  }

  /** The figures of the baseline itself, which opening gives. */
  async baseline(): Promise<WhatIfAnswer> {
    return await this.#opened;
  }

  /** The figures of a policy. Questions wait their turn. Errors: InputRefused (`limit-exceeded`) when a sum passes the safe integers. */
  async answer(question: WhatIfQuestion): Promise<WhatIfAnswer> {
    await this.#opened;
    const answers = await this.#call({ kind: "answer", question });
    const told = answers.includes(needsPeers)
      ? await this.#call({ kind: "answer", question, peers: await this.#peersOf(question.policy) })
      : answers;
    return this.#describe(question.policy, told as readonly WhatIfSums[]);
  }

  async close(): Promise<void> {
    await this.#close();
  }

  async #open(): Promise<WhatIfAnswer> {
    const { baseline } = this.#setup;
    return this.#describe(baseline, (await this.#call({ kind: "open", peers: await this.#peersOf(baseline) })) as readonly WhatIfSums[]);
  }

  #describe(policy: Policy, [sums, ...more]: readonly WhatIfSums[]): WhatIfAnswer {
    invariant(sums !== undefined, "a thread that answers");
    for (const others of more) addSums(sums, others);
    return describeAnswer(this.#setup, policy, sums);
  }

  /** What everybody has to be compared with. Cost: nothing for the policy that was asked about last, else a run of what is compared. */
  async #peersOf(policy: Policy): Promise<PeerValues | undefined> {
    const key = peersKey(policy);
    if (key === undefined) return undefined;
    if (this.#peers?.key !== key) {
      const parts = await this.#call({ kind: "gather", policy });
      this.#peers = { key, values: mergePeers(parts as readonly PeerValues[]) };
    }
    return this.#peers.values;
  }
}

function describeAnswer({ baseline, schema, from, to }: WhatIfSetup, policy: Policy, sums: WhatIfSums): WhatIfAnswer {
  const [rows, columns] = [baseline, policy].map((either) => tierViews(either).map(({ name }) => name)) as [string[], string[]];
  const { matrix, newlyAdverse, released, ...counts } = countMoves(tierPairs(baseline, policy), sums.pairs);
  const stake = stakeOfPairs({ baseline, candidate: policy, schema, to }, { entities: sums.pairs, gmv: sums.pairsGmv });
  return {
    distribution: Array.from({ length: to - from + 1 }, (_, period) => ({
      period: dayName(schema, from + period),
      tiers: Object.fromEntries(
        columns.map((name, tier) => {
          const cell = period * columns.length + tier;
          const gmv = sums.gmv[cell] as number;
          requireExact(gmv, () => `GMV of ${dayName(schema, from + period)} in tier ${name}`);
          return [name, { entities: sums.entities[cell] as number, gmv }];
        }),
      ),
    })),
    movement: { at: dayName(schema, to), rows, columns, matrix, ...counts, inFrame: sumOfIntegers(sums.pairs) },
    newlyAdverse,
    released,
    ...(stake === undefined ? {} : { gmv: withoutTiers(stake) }),
  };
}

function withoutTiers({ byTier: _byTier, inFrame: _inFrame, ...amounts }: Stake): Omit<Stake, "byTier" | "inFrame"> {
  return amounts;
}
