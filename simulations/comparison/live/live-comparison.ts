/** A baseline against a policy whose parameters are being moved: chunks stay in the memory of threads, and every question is answered by all. */
import { firstDayOf, formatDay, invariant, limits, type PeriodIndex, requireExact } from "../../../data/foundation/index.ts";
import { findMeasure, type Panel, rangeOf } from "../../../data/panel/index.ts";
import type { PeerValues, Policy } from "../../../policies/language/checked/index.ts";
import { Thread } from "../../replay/index.ts";
import type { GmvAtStake, MovementMatrix, PeriodDistribution } from "../comparison.ts";
import { moves, tierPairs, tierViews } from "../movement/tier-pairs.ts";
import { dayName, gmvSpanTo } from "../plan.ts";
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
  readonly gmv?: Pick<GmvAtStake, "at" | "currency" | "windowFrom" | "windowRule" | "total" | "entities"> & {
    readonly atStake: number;
    readonly lower: number;
    readonly higher: number;
    readonly other: number;
  };
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

function describeAnswer({ baseline, schema, from, to, gmvColumn, gmvSpan }: WhatIfSetup, policy: Policy, sums: WhatIfSums): WhatIfAnswer {
  const [rows, columns] = [baseline, policy].map((either) => tierViews(either).map(({ name }) => name)) as [string[], string[]];
  const { move, adverse, atStake } = tierPairs(baseline, policy);
  const at = dayName(schema, to);
  const cells = [...sums.pairs.entries()];
  const count = (holds: (cell: number) => boolean) => cells.reduce((total, [cell, entities]) => total + (holds(cell) ? entities : 0), 0);
  const gmvWhere = (holds: (cell: number) => boolean) =>
    cells.reduce((total, [cell]) => total + (holds(cell) ? (sums.pairsGmv[cell] as number) : 0), 0);
  const inFrame = count(() => true);
  const total = gmvWhere(() => true);
  requireExact(total, () => `GMV of the window to ${at}`);
  const isStaked = (cell: number) => atStake[cell] === 1;
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
    movement: {
      at,
      rows,
      columns,
      matrix: rows.map((_, row) => columns.map((__, column) => sums.pairs[row * columns.length + column] as number)),
      movers: count((cell) => move[cell] !== moves.same),
      up: count((cell) => move[cell] === moves.up),
      down: count((cell) => move[cell] === moves.down),
      intoUnrated: count((cell) => move[cell] === moves.intoUnrated),
      outOfUnrated: count((cell) => move[cell] === moves.outOfUnrated),
      inFrame,
    },
    newlyAdverse: count((cell) => adverse[cell] === 1),
    released: count((cell) => adverse[cell] === 2),
    ...(gmvColumn < 0
      ? {}
      : {
          gmv: {
            at,
            currency: schema.currency ?? "",
            windowFrom: formatDay(firstDayOf(schema.grain, gmvSpan.first)),
            windowRule: gmvSpan.rule,
            total,
            entities: count(isStaked),
            atStake: gmvWhere(isStaked),
            lower: gmvWhere((cell) => isStaked(cell) && move[cell] === moves.down),
            higher: gmvWhere((cell) => isStaked(cell) && move[cell] === moves.up),
            other: gmvWhere((cell) => isStaked(cell) && move[cell] !== moves.up && move[cell] !== moves.down),
          },
        }),
  };
}
