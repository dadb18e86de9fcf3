/** Rank metrics as columns, group by group and period by period: what one lookup reads is still at hand for the next. */
import { type PeriodIndex, present } from "../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk } from "../../data/panel/index.ts";
import type { Metric, PeerValues, Policy } from "../language/checked/index.ts";
import type { EvaluationPlan } from "./evaluation-plan.ts";
import { byGroup, eachBlock, writeBlock } from "./group-blocks.ts";
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
    const first = schema.firstPeriod;
    place.open(peers.get(name), first);
    into.fill(Number.NaN);
    const read = { chunk, evaluated: frame.evaluated, column: present(frame.columns.get(of.name), of.name), first, to };
    eachBlock(read, byGroup(chunk, chunk.attributes[position], texts.length), (block) => {
      const { length } = block.entities;
      for (let period = 0; period <= to - first; period++)
        place.rankAll(period, block.code, block.values, period * length, (period + 1) * length);
      writeBlock(read, block, into);
    });
    if (!always) carryOn(chunk, frame, to, into);
  };
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
