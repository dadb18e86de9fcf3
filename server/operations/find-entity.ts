/** Finds one entity in a panel. */
import { present } from "../../data/foundation/index.ts";
import type { Panel } from "../../data/panel/index.ts";
import type { EntityHistory } from "../../policies/explain/index.ts";

const keySeparator = "\u001f";

/** An entity's key as people read and type it: columns of a composite key are joined by a bar. */
export function entityName(key: string): string {
  return key.replaceAll(keySeparator, "|");
}

/** The entity of that key, typed with bars or with the stored separator. Cost: reads one chunk for each halving of the panel's chunks. */
export async function findEntity(
  panel: Panel,
  name: string,
): Promise<{ readonly name: string; readonly history: EntityHistory } | undefined> {
  const { entityHistory } = await import("../../policies/explain/index.ts");
  for (const key of new Set([name, name.replaceAll("|", keySeparator)])) {
    let [low, high] = [0, panel.chunkCount - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const chunk = panel.readChunk(middle);
      const index = chunk.entities.indexOf(key);
      if (index >= 0) return { name: entityName(key), history: entityHistory(panel.schema, chunk, index) };
      if (key < present(chunk.entities[0], "first entity")) high = middle - 1;
      else low = middle + 1;
    }
  }
  return undefined;
}
