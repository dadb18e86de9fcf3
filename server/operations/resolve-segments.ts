/** The segmentations that a request names, as they stand on a dataset. */
import { diagnose, InputRefused, nearestName } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import { segmentationsOf } from "../../simulations/comparison/described/index.ts";

/** In the order of the dataset, each once; undefined where all are meant, so that one question has one identity. @throws InputRefused `unknown-segment`. */
export function resolveSegments(names: readonly string[] | undefined, schema: PanelSchema): readonly string[] | undefined {
  if (names === undefined || names.length === 0) return undefined;
  const all = segmentationsOf(schema);
  const strange = names.filter((name) => !all.includes(name));
  if (strange.length > 0) {
    throw new InputRefused(
      strange.map((name) =>
        diagnose("unknown-segment", {
          message: `'segments': ${schema.entity}s of this dataset cannot be parted by '${name}'`,
          found: name,
          expected: all.join(", "),
          near: nearestName(name, all),
        }),
      ),
    );
  }
  const chosen = all.filter((name) => names.includes(name));
  return chosen.length === all.length ? undefined : chosen;
}
