/** When an entity came into the history. */
import type { PanelChunk, PanelSchema } from "../../../data/panel/index.ts";

/** Whether an entity came with this row. Of who is there in the panel's first period it is not known: the history begins there, and not the entity. */
export function isEntry(
  schema: Pick<PanelSchema, "firstPeriod">,
  { firstPeriod, rowStart }: Pick<PanelChunk, "firstPeriod" | "rowStart">,
  entity: number,
  row: number,
): boolean {
  return row === rowStart[entity] && (firstPeriod[entity] as number) > schema.firstPeriod;
}
