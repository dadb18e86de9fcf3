/** An effect on an average unit, over many: in all, and by time. */
import { criticalValue, type Estimated, estimated, undetermined } from "../../statistics/index.ts";

/** An effect on one unit times a number of units, which may be an estimate itself (`error`: its standard error). */
export function scaled(absolute: Estimated, { size, error, level }: Readonly<Record<"size" | "error" | "level", number>>): Estimated {
  if (absolute.kind === "undetermined") return absolute;
  const { value, interval, standardError, n } = absolute;
  const ofSize = criticalValue(level) * error * value;
  const end = (reach: number): number => Math.hypot(size * reach, ofSize);
  const parts = {
    value: size * value,
    ...(standardError === undefined ? {} : { standardError: Math.hypot(size * standardError, error * value) }),
    ...(interval === undefined
      ? {}
      : { lower: size * value - end(value - interval.lower), upper: size * value + end(interval.upper - value), level: interval.level }),
  };
  if (!Object.values(parts).every(Number.isFinite)) return undetermined("the sum is beyond every double", "values in a larger unit");
  const method = error > 0 ? "effect on a unit times units, square-and-add" : "effect on a unit times units";
  return estimated({
    ...parts,
    method,
    n,
    assumptions: [
      "those who were not in the experiment are like those who were",
      "the effect on one does not depend on how many others are given it",
    ],
  });
}

/** An effect times a number that is known. */
export function timesOf(total: Estimated, times: number): Estimated {
  return total.kind === "undetermined" ? total : scaled({ ...total, assumptions: [] }, { size: times, error: 0, level: 0.95 });
}
