/** The tier that each unit of the past held when its weeks began: a stratum that an experiment on tiers knows beforehand. */
import type { Panel, PanelChunk, PeriodRange } from "../../../data/panel/index.ts";
import { type Policy, tierNames } from "../../../policies/language/checked/index.ts";
import { replay } from "../../replay/index.ts";
import { type PastGroups, rowsIn } from "./past-units.ts";

/** What it is called among the columns that arms could be compared within. */
export const heldBeforeName = "the tier held before the start";

const none = "none yet";

/**
 * In the order of `pastUnits`: the tier really held in the last period before the window, where the dataset says who held which; else the one that the control's
 * policy holds then. Who was not there yet, or whose tier is not known, has none. Undefined without either, and where nothing lies before the window. Cost: one
 * read of the panel, with the control's policy a replay up to the window.
 */
export function tierHeldBefore(panel: Panel, window: PeriodRange, control: Policy | undefined): PastGroups | undefined {
  const { assignedTiers, firstPeriod } = panel.schema;
  if (window.from <= firstPeriod) return undefined;
  const codes: number[] = [];
  const add = (chunk: PanelChunk, tiers: ArrayLike<number>, noneCode: number): void => {
    for (let entity = 0; entity < chunk.entityCount; entity++) {
      const { start, stop } = rowsIn(chunk, entity, window);
      if (start >= stop) continue;
      const tier = start > (chunk.rowStart[entity] as number) ? (tiers[start - 1] as number) : -1;
      codes.push(tier < 0 ? noneCode : tier);
    }
  };
  const grouped = (names: readonly string[]): PastGroups => ({
    column: heldBeforeName,
    values: [...names, none],
    codes: Int32Array.from(codes),
  });
  if (assignedTiers.length > 0) {
    for (let part = 0; part < panel.chunkCount; part++) {
      const chunk = panel.readChunk(part);
      add(chunk, chunk.assignedTier, assignedTiers.length);
    }
    return grouped(assignedTiers);
  }
  if (control === undefined) return undefined;
  const names = tierNames(control);
  replay({
    policies: [control],
    panel,
    to: window.from - 1,
    visit: (chunk, [frame]) => add(chunk, frame?.held ?? [], names.length),
  });
  return grouped(names);
}
