/** The labels at other dates, and as they were known by other days: what an error table keeps of them. */
import { present } from "../../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk } from "../../../data/panel/index.ts";
import { addLabel, type LabelColumns } from "../errors/collect-labels.ts";
import type { ComparisonPlan } from "../plan.ts";

/** Adds the entities of a chunk, with what was known of them by the day of each spot. Cost: one look-up of the labels of an entity a spot. */
export function collectStability(
  plan: ComparisonPlan,
  columns: readonly LabelColumns[],
  chunk: PanelChunk,
  frames: readonly OutcomeFrame[],
): void {
  for (const [index, { error, knownAt }] of plan.stability.labels.entries()) {
    const from = { plan: { ...plan, schema: { ...plan.schema, knownAt } }, chunk, frames };
    const column = present(columns[index], "label columns");
    for (let entity = 0; entity < chunk.entityCount; entity++) addLabel(from, error, column, entity);
  }
}
