/**
 * A replay whose rows another engine runs: independent shards of whole entities, each asked for its sums only, tried again when the engine
 * loses it, kept when it is done, and added up in the order of the shards. What comes of it is what the kernels give.
 */
import { invariant, type PeriodIndex, present, requireExact } from "../../data/foundation/index.ts";
import { type Aggregates, type GroupsAt, type PanelSchema, type PeriodRange, rangeOf } from "../../data/panel/index.ts";
import { compileItem } from "../../policies/compile/index.ts";
import { type Policy, tierNames } from "../../policies/language/checked/index.ts";
import { type GroupCells, type GroupPart, GroupTotals } from "./group-totals.ts";
import type { ReplaySummary } from "./replay-summary.ts";
import { type StartAnswers, StartState } from "./start-state.ts";
import { cellOf, cellsOfPeriod, type TierCells, TierTotals } from "./tier-totals.ts";

/** What one shard holds of one period and held tier; of two policies of one period and pair. Plain data. */
export interface ShardCell {
  readonly period: PeriodIndex;
  /** By policy: tier code. */
  readonly held: readonly number[];
  readonly entities: number;
  /** In minor units; 0 for a panel without GMV. */
  readonly gmv: number;
  /** Entities whose first row of the range this is. */
  readonly firstRows: number;
  /** By policy: entities with an unknown past whose tier here still depends on it. */
  readonly apart: readonly number[];
  /** Entities with an unknown past, in the panel's first period. */
  readonly asked: number;
}

/** What one shard holds of a group of a parting that hold the same tiers in the period asked for. Plain data. */
export interface ShardGroup extends Pick<ShardCell, "held" | "entities"> {
  readonly parting: number;
  readonly group: number;
  readonly sales: number;
}

/** What a shard gives. */
export interface ShardAnswer {
  readonly cells: readonly ShardCell[];
  /** Where groups were asked for. */
  readonly groups: readonly ShardGroup[];
}

/** What a shard is asked. */
export interface ShardQuestion {
  readonly policies: readonly Policy[];
  readonly schema: PanelSchema;
  readonly range: PeriodRange;
  /** By policy: start tiers that the outcome is compared over. */
  readonly startTiers: readonly (readonly number[])[];
  /** How the pairs of one period are parted; absent: not. */
  readonly groups?: GroupsAt;
}

/** Where the shards are run, and what is known of them already. */
export interface ShardedRequest {
  /** One; or two, whose held tiers are paired: the baseline and the candidate. */
  readonly policies: readonly Policy[];
  readonly schema: PanelSchema;
  readonly from?: PeriodIndex;
  readonly to?: PeriodIndex;
  readonly groups?: GroupsAt;
  readonly shardCount: number;
  /** Shards that are asked at once. */
  readonly atOnce: number;
  /** How often a shard is tried before the replay fails. */
  readonly triesMax: number;
  /** The signal says that the answer is wanted no more: the replay was called off, or another shard has failed. */
  readonly ask: (question: ShardQuestion, shard: number, signal: AbortSignal) => Promise<ShardAnswer>;
  /** Whether a failure may pass, and when it is time to try again. Absent: none does. */
  readonly mayPass?: (error: unknown) => boolean;
  readonly pause?: (tries: number, signal: AbortSignal) => Promise<void>;
  /** Calls the replay off: no further shard is asked, and the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** What an earlier attempt at the same replay left. */
  readonly kept?: (shard: number) => ShardAnswer | undefined;
  readonly keep?: (shard: number, answer: ShardAnswer) => void;
  /** Called with shards done and in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What came of all shards. */
export interface ShardedReplay {
  /** It has no digest: the frames stay where they are. */
  readonly summary: ReplaySummary;
  /** Rows that the shards read, also of periods before the range. */
  readonly rowsByPeriod: ReadonlyMap<PeriodIndex, number>;
}

/** Replays every shard. Rejects with the first failure that does not pass. */
export async function replayInShards(request: ShardedRequest): Promise<ShardedReplay> {
  const { policies, schema, shardCount } = request;
  const range = rangeOf(schema, request);
  invariant(range.from <= range.to, "the range holds no period of the panel");
  invariant(shardCount >= 1 && request.atOnce >= 1 && request.triesMax >= 1, "a replay of no shard");
  const startTiers = policies.map((policy) => compileItem(policy, schema).startTiers);
  const question = { policies, schema, range, startTiers, ...(request.groups === undefined ? {} : { groups: request.groups }) };
  const answers = await askAll(question, request);
  const rowsByPeriod = new Map<PeriodIndex, number>();
  for (const { period, entities } of answers.flatMap(({ cells }) => cells))
    rowsByPeriod.set(period, (rowsByPeriod.get(period) ?? 0) + entities);
  return { summary: summaryOf(question, answers), rowsByPeriod };
}

async function askAll(question: ShardQuestion, request: ShardedRequest): Promise<readonly ShardAnswer[]> {
  const { shardCount, atOnce, kept, keep, onProgress } = request;
  const answers: (ShardAnswer | undefined)[] = Array.from({ length: shardCount }, (_, shard) => kept?.(shard));
  const waiting = answers.flatMap((answer, shard) => (answer === undefined ? [shard] : []));
  let done = shardCount - waiting.length;
  const ending = new AbortController();
  const { signal } = ending;
  const callOff = () => ending.abort(request.signal?.reason);
  if (request.signal?.aborted === true) callOff();
  request.signal?.addEventListener("abort", callOff);
  const work = async (): Promise<void> => {
    for (let shard = waiting.shift(); shard !== undefined && !signal.aborted; shard = waiting.shift()) {
      try {
        const answer = await askUntilDone(question, { ...request, shard, signal });
        answers[shard] = answer;
        keep?.(shard, answer);
        onProgress?.(++done, shardCount);
      } catch (error) {
        // What the others say from now on follows from the first.
        ending.abort(error);
      }
    }
  };
  try {
    onProgress?.(done, shardCount);
    await Promise.all(Array.from({ length: Math.min(atOnce, waiting.length) }, work));
  } finally {
    request.signal?.removeEventListener("abort", callOff);
  }
  signal.throwIfAborted();
  return answers.map((answer, shard) => present(answer, `shard ${shard}`));
}

type Asked = Pick<ShardedRequest, "ask" | "triesMax" | "mayPass" | "pause"> & { readonly shard: number; readonly signal: AbortSignal };

async function askUntilDone(question: ShardQuestion, asked: Asked): Promise<ShardAnswer> {
  const { ask, triesMax, mayPass, pause, shard, signal } = asked;
  for (let tries = 1; ; tries++) {
    try {
      return await ask(question, shard, signal);
    } catch (error) {
      if (signal.aborted || tries >= triesMax || mayPass?.(error) !== true) throw error;
      await pause?.(tries, signal);
    }
  }
}

function summaryOf({ policies, schema, range, groups }: ShardQuestion, shards: readonly ShardAnswer[]): ReplaySummary {
  const tiers = policies.map(tierNames);
  const merged = policies.map((policy, index) => {
    const own = { policy, tiers: present(tiers[index], "tiers"), index };
    return { ...own, totals: new ShardTotals({ schema, tiers: [own.tiers], range }, [index]), start: new StartState(schema) };
  });
  const pairs = policies.length > 1 ? new ShardTotals({ schema, tiers, range }, [...policies.keys()]) : undefined;
  const parted = groups === undefined ? undefined : { schema, tiers, groups };
  const groupTotals = parted === undefined ? undefined : new GroupTotals(parted);
  let [entities, entityPeriods] = [0, 0];
  for (const { cells, groups: found } of shards) {
    for (const { totals, start, index } of merged) {
      totals.add(cells);
      start.add(startAnswers({ schema, range }, cells, index));
    }
    pairs?.add(cells);
    if (parted !== undefined) groupTotals?.addPart(groupPart(parted, found));
    for (const cell of cells) {
      if (cell.period < range.from) continue;
      entities += cell.firstRows;
      entityPeriods += cell.entities;
    }
  }
  return {
    ...range,
    entities,
    entityPeriods,
    policies: merged.map(({ policy, tiers: names, totals, start }) => {
      return { policy, tiers: names, tiersByPeriod: totals.finish(), startMatters: start.finish() };
    }),
    ...(pairs === undefined ? {} : { pairs: pairs.finish() }),
    ...(groupTotals === undefined ? {} : { groups: groupTotals.finish() }),
  };
}

function groupPart(cells: GroupCells, found: readonly ShardGroup[]): GroupPart {
  const totals = new GroupTotals(cells);
  for (const { parting, group, held, entities, sales } of found) totals.add({ parting, group, pair: cellOf(cells, held) }, entities, sales);
  return totals.part();
}

/** Adds cells of shards up by the tiers held under some of the policies, whatever those under the others. */
class ShardTotals {
  readonly #cells: TierCells;
  readonly #policies: readonly number[];
  readonly #totals: TierTotals;

  constructor(cells: TierCells, policies: readonly number[]) {
    this.#cells = cells;
    this.#policies = policies;
    this.#totals = new TierTotals(cells);
  }

  add(shard: readonly ShardCell[]): void {
    const { range, schema } = this.#cells;
    const period = cellsOfPeriod(this.#cells);
    const size = (range.to - range.from + 1) * period;
    const sums = { entities: new Float64Array(size), gmv: new Float64Array(schema.gmvMeasure === undefined ? 0 : size) };
    for (const cell of shard) {
      if (cell.period < range.from) continue;
      const held = this.#policies.map((policy) => present(cell.held[policy], "a tier"));
      const at = (cell.period - range.from) * period + cellOf(this.#cells, held);
      sums.entities[at] = (sums.entities[at] as number) + cell.entities;
      if (sums.gmv.length > 0) sums.gmv[at] = requireExact((sums.gmv[at] as number) + cell.gmv, () => `GMV in period ${cell.period}`);
    }
    this.#totals.add(sums);
  }

  finish(): Aggregates {
    return this.#totals.finish();
  }
}

function startAnswers({ schema, range }: Pick<TierCells, "schema" | "range">, cells: readonly ShardCell[], policy: number): StartAnswers {
  const answers = { last: schema.firstPeriod - 1, entitiesAtEnd: 0, entitiesAsked: 0 };
  for (const { period, apart, asked } of cells) {
    const stillApart = present(apart[policy], "entities");
    answers.entitiesAsked += asked;
    if (stillApart > 0) answers.last = Math.max(answers.last, period);
    if (period === range.to) answers.entitiesAtEnd += stillApart;
  }
  return answers;
}
