/** Numbers of recorded history: exact, with an interval only where resampling can give one. */
import { type Estimated, estimated } from "../statistics/index.ts";

/**
 * An exact value of recorded history, with the interval of a resampling when there is one; the assumptions say why when not.
 * The estimate's own value must be the recorded one.
 */
export function recorded(value: number, n: number, interval: Estimated): Estimated {
  if (interval.kind === "estimate") return { ...interval, value: value === 0 ? 0 : value };
  return estimated({ value, method: "recorded history", n, assumptions: [`no interval: ${interval.reason}`] });
}
