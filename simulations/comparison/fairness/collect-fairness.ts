/** What fairness needs of every entity beside its tiers: how old it is, whether it was demoted lately, and its groups at the date of the labels. */
import { firstDayOf, lastDayOf, present } from "../../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk } from "../../../data/panel/index.ts";
import { type ComparisonPlan, spanOfDays } from "../plan.ts";
import { sizeBandOf } from "../size-bands.ts";
import { sumOverSpan } from "../sum-over-span.ts";
import { ageBandOf, noBand, openingAttribute, unknownAge } from "./bands.ts";

const ordersDays = 84;

/** By entity. Memory: 5 bytes, one a policy, and 4 a text attribute. */
export interface FairnessColumns {
  /** Age band at the end of the range. */
  readonly age: Uint8Array;
  /** Size band at the end of the range. */
  readonly size: Uint8Array;
  /** By policy: 1 where its held tier fell on the ladder at least once in the 12 weeks up to the end of the range. */
  readonly demoted: readonly Uint8Array[];
  /** The groups at the date of the labels (those of the first error table). */
  readonly labelled: {
    readonly age: Uint8Array;
    readonly size: Uint8Array;
    /** By text attribute of the plan: its code, -1 missing. */
    readonly attributes: readonly Int32Array[];
  };
}

/** Empty columns. */
export function fairnessColumns(plan: ComparisonPlan, entityCount: number): FairnessColumns {
  return {
    age: new Uint8Array(entityCount).fill(noBand),
    size: new Uint8Array(entityCount).fill(noBand),
    demoted: plan.policies.map(() => new Uint8Array(entityCount)),
    labelled: {
      age: new Uint8Array(entityCount).fill(noBand),
      size: new Uint8Array(entityCount).fill(noBand),
      attributes: plan.textAttributes.map(() => new Int32Array(entityCount).fill(-1)),
    },
  };
}

/** Fills the columns of one chunk. Cost: the rows of 12 weeks an entity and policy. */
export function collectFairness(plan: ComparisonPlan, columns: FairnessColumns, chunk: PanelChunk, frames: readonly OutcomeFrame[]): void {
  const opening = openingAttribute(plan);
  const labelPeriod = plan.errors[0]?.period;
  const labelOrders = labelPeriod === undefined ? undefined : spanOfDays(plan.schema.grain, labelPeriod, ordersDays);
  const ladders = plan.policies.map(({ tiers }) => tiers.length);
  for (let entity = 0; entity < chunk.entityCount; entity++) {
    const endRow = rowAt(chunk, entity, plan.to);
    if (endRow >= 0) {
      columns.age[entity] = ageBand(plan, chunk, { entity, row: endRow, period: plan.to, opening });
      if (plan.ordersColumn >= 0) columns.size[entity] = sizeBandOf(plan, sumOverSpan(chunk, plan.ordersColumn, plan.ordersSpan, entity));
      const firstRow = chunk.rowStart[entity] as number;
      const from = Math.max(endRow - (plan.ordersSpan.last - plan.ordersSpan.first), firstRow);
      for (const [policy, frame] of frames.entries())
        present(columns.demoted[policy], "demoted")[entity] = fell(frame.held, {
          from,
          to: endRow,
          firstRow,
          ladder: ladders[policy] as number,
        });
    }
    if (labelPeriod === undefined || labelOrders === undefined) continue;
    const row = rowAt(chunk, entity, labelPeriod);
    if (row < 0) continue;
    columns.labelled.age[entity] = ageBand(plan, chunk, { entity, row, period: labelPeriod, opening });
    if (plan.ordersColumn >= 0)
      columns.labelled.size[entity] = sizeBandOf(plan, sumOverSpan(chunk, plan.ordersColumn, labelOrders, entity));
    for (const [index, attribute] of plan.textAttributes.entries()) {
      const position = plan.schema.attributes[attribute]?.scope === "entity" ? entity : row;
      present(columns.labelled.attributes[index], "attribute codes")[entity] = chunk.attributes[attribute]?.[position] as number;
    }
  }
}

function rowAt(chunk: PanelChunk, entity: number, period: number): number {
  const row = (chunk.rowStart[entity] as number) + period - (chunk.firstPeriod[entity] as number);
  return period < (chunk.firstPeriod[entity] as number) || row >= (chunk.rowStart[entity + 1] as number) ? -1 : row;
}

interface Spot {
  readonly entity: number;
  readonly row: number;
  readonly period: number;
  /** The attribute that says when it began; -1: its first period decides. */
  readonly opening: number;
}

/** The band of days from opening, or from the first day of the first period, to the last day of the period. */
function ageBand({ schema }: ComparisonPlan, chunk: PanelChunk, { entity, row, period, opening }: Spot): number {
  const stated = chunk.attributes[opening]?.[schema.attributes[opening]?.scope === "entity" ? entity : row] ?? Number.NaN;
  const first = chunk.firstPeriod[entity] as number;
  if (Number.isNaN(stated) && first === schema.firstPeriod) return unknownAge;
  return ageBandOf(lastDayOf(schema.grain, period) - (Number.isNaN(stated) ? firstDayOf(schema.grain, first) : stated));
}

/** 1 where the held tier is worse than on the row before, both on the ladder, on any of the rows. */
function fell(held: ArrayLike<number>, rows: { from: number; to: number; firstRow: number; ladder: number }): number {
  for (let row = Math.max(rows.from, rows.firstRow + 1); row <= rows.to; row++) {
    const [before, after] = [held[row - 1] as number, held[row] as number];
    if (before >= 0 && after > before && after < rows.ladder) return 1;
  }
  return 0;
}
