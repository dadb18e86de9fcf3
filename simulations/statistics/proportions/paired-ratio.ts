/** The ratio of two proportions of the same entities, each looked at twice. */
import { invariant } from "../../../data/foundation/index.ts";
import { criticalValue } from "../distributions/index.ts";
import { type Estimated, estimated, undetermined } from "../estimate.ts";

/** Entities that did it both times, only the first, only the second; the others cancel. */
export interface PairedRatioOptions {
  readonly both: number;
  readonly firstOnly: number;
  readonly secondOnly: number;
  /** Entities in all. */
  readonly trials: number;
  readonly level: number;
}

/**
 * Second proportion over the first, (both + secondOnly) / (both + firstOnly), with the interval of its logarithm: standard error
 * sqrt((firstOnly + secondOnly) / ((both + firstOnly) (both + secondOnly))). Undetermined when either proportion is 0, and when nobody
 * changed between the two, where the standard error would be 0. Source: Lachenbruch and Lynch (1998), Stat. Med. 17, 2207-2217.
 *
 * @example
 * pairedRatio({ both: 0, firstOnly: 0, secondOnly: 3, trials: 10, level: 0.95 })
 * // => { kind: "undetermined", reason: "nobody did it the first time", wouldDetermine: "a larger sample" }
 */
export function pairedRatio({ both, firstOnly, secondOnly, trials, level }: PairedRatioOptions): Estimated {
  const [first, second] = [both + firstOnly, both + secondOnly];
  invariant(both + firstOnly + secondOnly <= trials, `${both + firstOnly + secondOnly} of ${trials}`);
  if (first === 0) return undetermined("nobody did it the first time", "a larger sample");
  if (second === 0) return undetermined("nobody did it the second time", "a larger sample");
  if (firstOnly + secondOnly === 0) return undetermined("nobody changed between the two", "a larger sample");
  const spread = criticalValue(level) * Math.sqrt((firstOnly + secondOnly) / (first * second));
  const value = second / first;
  return estimated({
    value,
    lower: value * Math.exp(-spread),
    upper: value * Math.exp(spread),
    level,
    method: "ratio of paired proportions, logarithm",
    n: trials,
    assumptions: ["entities are drawn independently"],
  });
}
