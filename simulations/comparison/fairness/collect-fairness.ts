/** What fairness needs of every entity beside its tiers: how old it is, whether it was demoted lately, and its groups at the date of the labels. */
import { type PeriodIndex, present } from "../../../data/foundation/index.ts";
import { groupReader, type OutcomeFrame, type PanelChunk } from "../../../data/panel/index.ts";
import { type ComparisonPlan, ordersSpanTo } from "../plan.ts";
import { sizeParting } from "../size-bands.ts";
import { ageParting, noBand } from "./bands.ts";

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
  const labelPeriod = plan.errors[0]?.period;
  const atEnd = bandsAt(plan, plan.to);
  const atLabels = labelPeriod === undefined ? undefined : bandsAt(plan, labelPeriod);
  const ladders = plan.policies.map(({ tiers }) => tiers.length);
  for (let entity = 0; entity < chunk.entityCount; entity++) {
    const endRow = rowAt(chunk, entity, plan.to);
    if (endRow >= 0) {
      columns.age[entity] = atEnd.age(chunk, entity);
      if (atEnd.size !== undefined) columns.size[entity] = atEnd.size(chunk, entity);
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
    if (labelPeriod === undefined || atLabels === undefined) continue;
    const row = rowAt(chunk, entity, labelPeriod);
    if (row < 0) continue;
    columns.labelled.age[entity] = atLabels.age(chunk, entity);
    if (atLabels.size !== undefined) columns.labelled.size[entity] = atLabels.size(chunk, entity);
    for (const [index, attribute] of plan.textAttributes.entries()) {
      const position = plan.schema.attributes[attribute]?.scope === "entity" ? entity : row;
      present(columns.labelled.attributes[index], "attribute codes")[entity] = chunk.attributes[attribute]?.[position] as number;
    }
  }
}

type Band = ReturnType<typeof groupReader>;

/** What gives the bands of entities that are there in a period; no size without a measure of orders. */
function bandsAt({ policies, schema, ordersColumn }: ComparisonPlan, period: PeriodIndex): { readonly age: Band; readonly size?: Band } {
  const age = groupReader(ageParting(policies, schema), period, schema);
  const orders = schema.measures[ordersColumn];
  if (orders === undefined) return { age };
  return { age, size: groupReader(sizeParting(orders, ordersSpanTo(schema.grain, period)), period, schema) };
}

function rowAt(chunk: PanelChunk, entity: number, period: number): number {
  const row = (chunk.rowStart[entity] as number) + period - (chunk.firstPeriod[entity] as number);
  return period < (chunk.firstPeriod[entity] as number) || row >= (chunk.rowStart[entity + 1] as number) ? -1 : row;
}

/** 1 where the held tier is worse than on the row before, both on the ladder, on any of the rows. */
function fell(held: ArrayLike<number>, rows: { from: number; to: number; firstRow: number; ladder: number }): number {
  for (let row = Math.max(rows.from, rows.firstRow + 1); row <= rows.to; row++) {
    const [before, after] = [held[row - 1] as number, held[row] as number];
    if (before >= 0 && after > before && after < rows.ladder) return 1;
  }
  return 0;
}
