/** Units that many experiments hold back together, and the design that measures what was shipped to all others. */
import { fieldsOf, type MapNode, type Problems, placeOf, type TextNode } from "../../../policies/language/index.ts";
import { holdoutSalt } from "../assignment/dealing.ts";
import { designShapes } from "./design-shapes.ts";
import type { Arm, DealingRule } from "./experiment-design.ts";
import { readShare } from "./read-values.ts";

/** The `holdout` of an assignment; undefined when absent or faulty. */
export function readHoldout(map: MapNode | undefined, problems: Problems): DealingRule["holdout"] {
  if (map === undefined) return undefined;
  const fields = fieldsOf(map, designShapes.holdout, "the holdout", problems);
  const [name, share] = [fields.text("name"), readShare(fields.text("share"), problems, "5 %")];
  return name === undefined || share === undefined ? undefined : { name: name.text, share };
}

/** The rule of a design that measures a holdout: the holdout's own hash, in which those it keeps out have the first buckets. */
export function readMeasured(
  node: TextNode,
  { map, arms }: { readonly map: MapNode; readonly arms: readonly Arm[] },
  problems: Problems,
): DealingRule {
  const others = map.entries.filter(({ key }) => key.text !== "measures");
  for (const { key } of others)
    problems.add("bad-form", placeOf(key), {
      message: `units are dealt by the holdout '${node.text.slice(0, 60)}', and '${key.text}' would deal them otherwise`,
      found: key.text,
      cure: `Remove '${key.text}': a design that measures a holdout says nothing else of its assignment.`,
    });
  if (arms.length !== 2 && !problems.stopped)
    problems.add("bad-form", placeOf(node), {
      message: `a holdout parts units in two, those held back and all others, and the design has ${arms.length} arms`,
      cure: "Name two arms; the first is those held back, with the holdout's share.",
    });
  return { kind: "rule", algorithm: "sha256-1", salt: holdoutSalt(node.text), measures: node.text };
}
