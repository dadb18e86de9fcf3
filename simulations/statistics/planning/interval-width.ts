/** How many units make an interval as narrow as wanted. */
import { student } from "../distributions/index.ts";
import { smallestInteger } from "../numerics/index.ts";
import { type Plan, precisionOf, type Sizes, sizesFor } from "./plan.ts";

/**
 * The smallest sizes at which the two-sided interval of the effect, at the expected variance, reaches at most `halfWidth` to either side. Undefined beyond
 * 1e13 units. Source: Kupper and Hafner (1989), Am. Stat. 43, 101-105, for the expected width.
 */
export function sizesForWidth(
  plan: Plan,
  { effect, halfWidth }: { readonly effect: number; readonly halfWidth: number },
): Sizes | undefined {
  const narrow = (control: number): boolean => {
    const precision = precisionOf(plan, sizesFor(plan, control), effect);
    if (precision === undefined) return false;
    return student(precision.degreesOfFreedom).upperQuantile((1 - plan.level) / 2) * precision.standardError <= halfWidth;
  };
  const found = smallestInteger(narrow, { from: 1, to: 1e13 });
  return found === undefined ? undefined : sizesFor(plan, found);
}
