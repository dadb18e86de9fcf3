/** Whether a part of the units is as large in every arm: those without a value, without exposure, with an open window, or that a change reaches. */
import { independence } from "../../statistics/index.ts";

/**
 * How likely parts of the arms' units are as far apart by chance: Pearson's chi-squared of the units in the part and of the others. Undefined where nobody is in it, or
 * everybody. The arms' own sizes are given by the deal, so the others count as well: by shares of the part alone, a part of 90 % would seem ten times less apart.
 *
 * @example
 * partByArm({ part: [10, 20], units: [30, 30], level: 0.95 }).toFixed(6)
 * // => "0.009823"
 */
export function partByArm({
  part,
  units,
  level,
}: {
  readonly part: readonly number[];
  readonly units: readonly number[];
  readonly level: number;
}): number | undefined {
  const others = units.map((count, arm) => count - (part[arm] ?? 0));
  const found = independence({
    table: [units.map((_, arm) => part[arm] ?? 0), others],
    statistic: "pearson",
    continuityCorrection: false,
    level,
  });
  return found.kind === "finding" ? found.test?.pValue : undefined;
}
