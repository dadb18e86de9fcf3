/**
 * A replay whose rows another engine runs: independent shards of whole entities, each asked for its sums only, tried again when the engine
 * loses it, kept when it is done, and added up in the order of the shards. What comes of it is what the kernels give.
 */
import { invariant, type PeriodIndex, present, requireExact } from "../../data/foundation/index.ts";
import { type PanelSchema, type PeriodRange, rangeOf } from "../../data/panel/index.ts";
import { compileItem } from "../../policies/compile/index.ts";
import { type Policy, tierNames } from "../../policies/language/checked/index.ts";
import type { ReplaySummary } from "./replay-summary.ts";
import { StartState } from "./start-state.ts";
import { TierTotals } from "./tier-totals.ts";

/** What one shard holds of one period and held tier. Plain data. */
export interface ShardCell {
  readonly period: PeriodIndex;
  /** Tier code. */
  readonly held: number;
  readonly entities: number;
  /** In minor units; 0 for a panel without GMV. */
  readonly gmv: number;
  /** Entities whose first row of the range this is. */
  readonly firstRows: number;
  /** Entities with an unknown past whose tier here still depends on it. */
  readonly apart: number;
  /** Entities with an unknown past, in the panel's first period. */
  readonly asked: number;
}

/** What a shard is asked. */
export interface ShardQuestion {
  readonly policy: Policy;
  readonly schema: PanelSchema;
  readonly range: PeriodRange;
  /** Start tiers that the outcome is compared over. */
  readonly startTiers: readonly number[];
}

/** Where the shards are run, and what is known of them already. */
export interface ShardedRequest {
  readonly policy: Policy;
  readonly schema: PanelSchema;
  readonly from?: PeriodIndex;
  readonly to?: PeriodIndex;
  readonly shardCount: number;
  /** Shards that are asked at once. */
  readonly atOnce: number;
  /** How often a shard is tried before the replay fails. */
  readonly triesMax: number;
  /** The signal says that the answer is wanted no more: the replay was called off, or another shard has failed. */
  readonly ask: (question: ShardQuestion, shard: number, signal: AbortSignal) => Promise<readonly ShardCell[]>;
  /** Whether a failure may pass, and when it is time to try again. Absent: none does. */
  readonly mayPass?: (error: unknown) => boolean;
  readonly pause?: (tries: number, signal: AbortSignal) => Promise<void>;
  /** Calls the replay off: no further shard is asked, and the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** What an earlier attempt at the same replay left. */
  readonly kept?: (shard: number) => readonly ShardCell[] | undefined;
  readonly keep?: (shard: number, cells: readonly ShardCell[]) => void;
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
  const { policy, schema, shardCount } = request;
  const range = rangeOf(schema, request);
  invariant(range.from <= range.to, "the range holds no period of the panel");
  invariant(shardCount >= 1 && request.atOnce >= 1 && request.triesMax >= 1, "a replay of no shard");
  const { startTiers } = compileItem(policy, schema);
  const cells = await askAll({ policy, schema, range, startTiers }, request);
  const rowsByPeriod = new Map<PeriodIndex, number>();
  for (const { period, entities } of cells.flat()) rowsByPeriod.set(period, (rowsByPeriod.get(period) ?? 0) + entities);
  return { summary: summaryOf({ policy, schema, range, startTiers }, cells), rowsByPeriod };
}

async function askAll(question: ShardQuestion, request: ShardedRequest): Promise<readonly (readonly ShardCell[])[]> {
  const { shardCount, atOnce, kept, keep, onProgress } = request;
  const answers: (readonly ShardCell[] | undefined)[] = Array.from({ length: shardCount }, (_, shard) => kept?.(shard));
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
        const cells = await askUntilDone(question, { ...request, shard, signal });
        answers[shard] = cells;
        keep?.(shard, cells);
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

async function askUntilDone(question: ShardQuestion, asked: Asked): Promise<readonly ShardCell[]> {
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

function summaryOf({ policy, schema, range }: ShardQuestion, shards: readonly (readonly ShardCell[])[]): ReplaySummary {
  const tiers = tierNames(policy);
  const totals = new TierTotals({ schema, tiers, range });
  const start = new StartState(schema);
  let [entities, entityPeriods] = [0, 0];
  for (const cells of shards) {
    const size = (range.to - range.from + 1) * tiers.length;
    const sums = { entities: new Float64Array(size), gmv: new Float64Array(schema.gmvMeasure === undefined ? 0 : size) };
    const answers = { last: schema.firstPeriod - 1, entitiesAtEnd: 0, entitiesAsked: 0 };
    for (const cell of cells) {
      answers.entitiesAsked += cell.asked;
      if (cell.apart > 0) answers.last = Math.max(answers.last, cell.period);
      if (cell.period === range.to) answers.entitiesAtEnd += cell.apart;
      if (cell.period < range.from) continue;
      const at = (cell.period - range.from) * tiers.length + cell.held;
      sums.entities[at] = cell.entities;
      if (sums.gmv.length > 0) sums.gmv[at] = requireExact(cell.gmv, () => `GMV in period ${cell.period}`);
      entities += cell.firstRows;
      entityPeriods += cell.entities;
    }
    totals.add(sums);
    start.add(answers);
  }
  return {
    ...range,
    entities,
    entityPeriods,
    policies: [{ policy, tiers, tiersByPeriod: totals.finish(), startMatters: start.finish() }],
  };
}
