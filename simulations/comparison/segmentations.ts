/** The ways in which a comparison can part entities into groups. */
import type { PanelSchema } from "../../data/panel/index.ts";

/**
 * By each text attribute, in the order of the schema, then by size where a measure counts orders, and by age. A comparison parts by all of
 * them, or by those that were chosen: everyone is replayed and counted either way, so that no rank and no total depends on the choice.
 */
export function segmentationsOf({ attributes, ordersMeasure }: Pick<PanelSchema, "attributes" | "ordersMeasure">): readonly string[] {
  const texts = attributes.filter(({ type }) => type === "text").map(({ name }) => name);
  return [...new Set([...texts, ...(ordersMeasure === undefined ? [] : ["size"]), "age"])];
}
