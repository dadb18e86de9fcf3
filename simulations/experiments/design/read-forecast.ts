/** The comparison that a design names. */
import { type Problems, placeOf, type TextNode } from "../../../policies/language/index.ts";
import type { Arm } from "./experiment-design.ts";

/** The id of the run, whole, so that it means the same for ever; a forecast is of policies, so that every arm names one. */
export function readForecast(node: TextNode | undefined, arms: readonly Arm[], problems: Problems): string | undefined {
  if (node === undefined) return undefined;
  const form = "3f2a9c41d07b";
  if (!/^[0-9a-f]{12}$/.test(node.text)) {
    problems.add("bad-form", placeOf(node), {
      message: "a forecast is named by the id of its comparison, 12 digits of 0 to 9 and a to f",
      found: node.text.slice(0, 40),
      expected: form,
      cure: `Write it like '${form}': 'counterweight run list' shows the ids.`,
    });
    return undefined;
  }
  const nameless = arms.find(({ policy }) => policy === undefined);
  if (nameless !== undefined) {
    problems.add("missing-key", placeOf(node), {
      message: `a forecast is of policies, and the arm '${nameless.name}' names none`,
      cure: `Write '${nameless.name}: { share: .., policy: <programme>@<version> }'.`,
    });
    return undefined;
  }
  return node.text;
}
