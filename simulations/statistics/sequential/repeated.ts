/** What a running group-sequential experiment says at a look: repeated confidence intervals and their p-values. */
import { rootBetween } from "../numerics/root.ts";
import { type GroupSequentialDesign, groupSequentialBoundaries } from "./boundaries.ts";

/** How far down an error probability is followed: smaller repeated p-values are given as 0. */
export const repeatedPValueMin = 1e-300;
const largest = 1 - 1e-9;

/**
 * The repeated p-value of z at the last look: the smallest level of the whole design at which z is beyond its boundary there; z upwards
 * in one-sided designs, |z| in two-sided ones. 1 where no level is enough. Cost: some twenty designs.
 * Source: Jennison and Turnbull (2000), section 9.3.
 */
export function repeatedPValue(design: Omit<GroupSequentialDesign, "alpha" | "futility">, z: number): number {
  const height = design.sides === 2 ? Math.abs(z) : z;
  const excess = (logAlpha: number): number => {
    const { upper } = groupSequentialBoundaries({ ...design, alpha: Math.exp(logAlpha) });
    return height - Math.min(upper.at(-1) as number, 1e300);
  };
  const [low, high] = [Math.log(repeatedPValueMin), Math.log(largest)];
  if (excess(high) < 0) return 1;
  if (excess(low) >= 0) return 0;
  return Math.exp(rootBetween(excess, low, high));
}
