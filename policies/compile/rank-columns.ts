/** Rank metrics as columns, group by group and period by period: what one lookup reads is still at hand for the next. */
import { type PeriodIndex, present } from "../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk } from "../../data/panel/index.ts";
import type { Metric, PeerValues, Policy } from "../language/checked/index.ts";
import type { EvaluationPlan } from "./evaluation-plan.ts";
import { PeerPlace } from "./peer-place.ts";
import { attributeRead } from "./write-text.ts";

/** One run over a chunk. */
export interface RankRun {
  readonly chunk: PanelChunk;
  /** Of the same chunk: what is ranked, and which rows were evaluated. */
  readonly frame: OutcomeFrame;
  readonly to: PeriodIndex;
  readonly peers: PeerValues;
  /** By metric: filled for the rows up to and with period `to`. */
  readonly into: ReadonlyMap<string, Float64Array>;
}

type Rank = Extract<Metric, { kind: "rank" | "ratio" }>;

/** The metrics of those names that are ranks among everyone or among those of one attribute of the entity. */
export function rankMetrics({ metrics }: Policy, { schema }: EvaluationPlan, names: readonly string[]): readonly Rank[] {
  return metrics.filter((metric): metric is Rank => {
    if (metric.kind !== "rank" || !names.includes(metric.name)) return false;
    const { among } = metric;
    return among === undefined || (among.to === "attribute" && attributeRead(schema, among.name).attribute.scope === "entity");
  });
}

/** Fills the ranks of a chunk. Cost: one lookup a row. */
export function rankColumns(ranks: readonly Rank[], plan: EvaluationPlan): (run: RankRun) => void {
  const makers = ranks.map((metric) => ({ metric, fill: rankColumn(metric, plan) }));
  return (run) => {
    for (const { metric, fill } of makers) fill(run, present(run.into.get(metric.name), metric.name));
  };
}

function rankColumn({ name, of, among, peersMin }: Rank, { schema, always }: EvaluationPlan) {
  const group = among === undefined ? undefined : attributeRead(schema, among.name).attribute;
  const texts = group === undefined ? [""] : present(group.values, "the texts of an attribute");
  const position = group === undefined ? -1 : schema.attributes.indexOf(group);
  const place = new PeerPlace(name, texts, peersMin);
  return ({ chunk, frame, to, peers }: RankRun, into: Float64Array): void => {
    const values = present(frame.columns.get(of.name), of.name);
    const { rowStart, firstPeriod } = chunk;
    const { evaluated } = frame;
    place.open(peers.get(name), schema.firstPeriod);
    into.fill(Number.NaN);
    const { order, starts } = byGroup(chunk, chunk.attributes[position], texts.length);
    for (let code = 0; code < texts.length; code++) {
      for (let period = schema.firstPeriod; period <= to; period++) {
        for (let index = starts[code] as number; index < (starts[code + 1] as number); index++) {
          const entity = order[index] as number;
          const since = period - (firstPeriod[entity] as number);
          const row = (rowStart[entity] as number) + since;
          if (since < 0 || row >= (rowStart[entity + 1] as number) || evaluated[row] !== 1) continue;
          into[row] = place.rank(period - schema.firstPeriod, code, values[row] as number);
        }
      }
    }
    if (!always) carryOn(chunk, frame, to, into);
  };
}

/** Entities by group, in their order; those without one are left out. */
function byGroup({ entityCount }: PanelChunk, codes: PanelChunk["attributes"][number] | undefined, groups: number) {
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

/** Rows between evaluations show the latest result. */
function carryOn(
  { entityCount, rowStart, firstPeriod }: PanelChunk,
  { evaluated }: OutcomeFrame,
  to: PeriodIndex,
  into: Float64Array,
): void {
  for (let entity = 0; entity < entityCount; entity++) {
    const begin = rowStart[entity] as number;
    const end = Math.min(rowStart[entity + 1] as number, begin + to - (firstPeriod[entity] as number) + 1);
    for (let row = begin + 1; row < end; row++) if (evaluated[row] !== 1) into[row] = into[row - 1] as number;
  }
}
