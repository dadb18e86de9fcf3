/** Scores at a few dates and metrics at two, of a bounded number of entities. */
import { limits, type PeriodIndex, present } from "../../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk } from "../../../data/panel/index.ts";
import type { Metric, Policy } from "../../../policies/language/checked/index.ts";

/** What is collected. Plain data. */
export interface DriftPlan {
  /** First, quarter points and last period of the range, each once, ascending. */
  readonly dates: readonly PeriodIndex[];
  /** The date that the last one is compared with: a quarter into the range, when windows have filled. */
  readonly earlier: PeriodIndex;
  readonly metrics: readonly { readonly name: string; readonly title: string; readonly unit: string }[];
  /** One entity in so many, by a hash of its key. */
  readonly every: number;
}

/** Values of the entities that were chosen, in the order of the panel; NaN where there is none. Memory: 8 bytes a value. */
export interface DriftColumns {
  count: number;
  /** By date: chosen entities in the frame. */
  readonly inFrame: Float64Array;
  /** [policy][date] */
  score: Float64Array[][];
  /** [metric][policy][0 earlier, 1 last] */
  metrics: Float64Array[][][];
}

/** `entityCount`: of the panel. */
export function planDrift(policies: readonly Policy[], range: { from: PeriodIndex; to: PeriodIndex }, entityCount: number): DriftPlan {
  const { from, to } = range;
  const dates = [...new Set([0, 1, 2, 3, 4].map((quarter) => from + Math.round(((to - from) * quarter) / 4)))];
  return {
    dates,
    earlier: dates[dates.length > 2 ? 1 : 0] ?? from,
    metrics: metricsOf(policies),
    every: Math.max(1, Math.ceil(entityCount / limits.driftEntities.value)),
  };
}

/** Metrics that are numbers, the baseline's first, each name once. */
function metricsOf(policies: readonly Policy[]): DriftPlan["metrics"] {
  const metrics = new Map<string, DriftPlan["metrics"][number]>();
  for (const metric of policies.flatMap((policy) => policy.metrics.filter(isNumber))) {
    const { name, title, unit } = metric;
    if (!metrics.has(name)) metrics.set(name, { name, title, unit });
  }
  return [...metrics.values()].slice(0, limits.driftMetrics.value);
}

function isNumber({ kind }: Metric): boolean {
  return kind !== "largest";
}

export function driftColumns({ dates, metrics }: DriftPlan, policies: number, count = 0): DriftColumns {
  const column = () => new Float64Array(count).fill(Number.NaN);
  const each = <Item>(times: number, item: () => Item): Item[] => Array.from({ length: times }, item);
  return {
    count,
    inFrame: new Float64Array(dates.length),
    score: each(policies, () => each(dates.length, column)),
    metrics: each(metrics.length, () => each(policies, () => each(2, column))),
  };
}

/** The values of a chunk's chosen entities. */
export function collectDrift(plan: DriftPlan, chunk: PanelChunk, frames: readonly OutcomeFrame[]): DriftColumns {
  const chosen: number[] = [];
  for (let entity = 0; entity < chunk.entityCount; entity++) {
    if (plan.every === 1 || hashOf(chunk.entities[entity] as string) % plan.every === 0) chosen.push(entity);
  }
  const columns = driftColumns(plan, frames.length, chosen.length);
  const last = plan.dates.at(-1) ?? plan.earlier;
  for (const [policy, frame] of frames.entries()) {
    const kept = plan.metrics.map(({ name }) => frame.columns.get(name));
    for (const [at, entity] of chosen.entries()) {
      for (const [date, period] of plan.dates.entries()) {
        const row = rowAt(chunk, frame, entity, period);
        if (row < 0) continue;
        if (policy === 0) columns.inFrame[date] = (columns.inFrame[date] as number) + 1;
        present(columns.score[policy]?.[date], "scores")[at] = frame.score[row] as number;
      }
      for (const [side, period] of [plan.earlier, last].entries()) {
        const row = rowAt(chunk, frame, entity, period);
        if (row < 0) continue;
        for (const [metric, values] of kept.entries()) {
          if (values !== undefined) present(columns.metrics[metric]?.[policy]?.[side], "a metric")[at] = values[row] as number;
        }
      }
    }
  }
  return columns;
}

/** The row of an entity in a period, -1 when it is not in the frame then. */
function rowAt({ rowStart, firstPeriod }: PanelChunk, { held }: OutcomeFrame, entity: number, period: PeriodIndex): number {
  const start = rowStart[entity] as number;
  const row = start + period - (firstPeriod[entity] as number);
  return row >= start && row < (rowStart[entity + 1] as number) && (held[row] as number) >= 0 ? row : -1;
}

/** Appends the values of the next chunk. */
export function addDrift(whole: DriftColumns, part: DriftColumns): void {
  whole.count += part.count;
  for (const [date, entities] of part.inFrame.entries()) whole.inFrame[date] = (whole.inFrame[date] as number) + entities;
  whole.score = whole.score.map((dates, policy) => dates.map((values, date) => joined(values, part.score[policy]?.[date])));
  whole.metrics = whole.metrics.map((policies, metric) =>
    policies.map((sides, policy) => sides.map((values, side) => joined(values, part.metrics[metric]?.[policy]?.[side]))),
  );
}

function joined(first: Float64Array, second: Float64Array | undefined): Float64Array {
  const more = present(second, "a column");
  const both = new Float64Array(first.length + more.length);
  both.set(first);
  both.set(more, first.length);
  return both;
}

/** FNV-1a over the key's code units with the last mixing of MurmurHash3: the same choice on every machine, whatever the chunks. */
function hashOf(key: string): number {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x0100_0193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
