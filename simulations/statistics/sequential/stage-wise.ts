/** What a stopped group-sequential experiment says: p-value, median-unbiased estimate and interval in the stage-wise ordering. */
import { normalDistribution } from "../distributions/index.ts";
import { rootNear } from "../numerics/root.ts";
import { type GroupSequentialBoundaries, regionOf } from "./boundaries.ts";
import { type Continuation, continueTo, crossing } from "./continuation.ts";

/** A result as far or further up the stage-wise ordering, under any drift. */
export interface StageWiseTail {
  /** Probability of a result at or above the observed one under this drift (expected z at the maximum information). */
  readonly above: (drift: number) => number;
  /** Probability of a result below it. */
  readonly below: (drift: number) => number;
  /** Where it stopped at the first look: z and the square root of its information share, from which everything is known in closed form. */
  readonly atFirst: { readonly z: number; readonly root: number } | undefined;
}

/**
 * The tails of the stage-wise ordering for an experiment that stopped at the last look of `boundaries` with `z`: crossing upwards at an
 * earlier look counts as further up than anything later, crossing downwards as further down. Futility boundaries do not bind and take
 * no part. Cost: one recursion, then a pass over its nodes a drift.
 * Source: Fairbanks and Madsen (1982), Biometrika 69, 69-74; Tsiatis, Rosner and Mehta (1984), Biometrics 40, 797-803.
 */
export function stageWiseTail(boundaries: GroupSequentialBoundaries, z: number): StageWiseTail {
  const { shares, upper, lower } = boundaries;
  const stage = shares.length - 1;
  const sides = lower.every((bound) => bound === Number.NEGATIVE_INFINITY) ? 1 : 2;
  const before: (Continuation | undefined)[] = [undefined];
  for (let k = 0; k < stage; k++) {
    const region = regionOf(upper[k] as number, sides);
    before.push(continueTo(before[k], { information: shares[k] as number, region, next: shares[k + 1], reach: 20 + Math.abs(z) }));
  }
  const tail = (drift: number, side: "upper" | "lower"): number => {
    const bounds = side === "upper" ? upper : lower;
    let total = 0;
    for (let k = 0; k <= stage; k++) {
      const at = k === stage ? z : (bounds[k] as number);
      total += crossing(before[k], { information: shares[k] as number, z: at, side, theta: drift });
    }
    return Math.min(total, 1);
  };
  const atFirst = stage === 0 ? { z, root: Math.sqrt(shares[0] as number) } : undefined;
  return { above: (drift) => tail(drift, "upper"), below: (drift) => tail(drift, "lower"), atFirst };
}

/**
 * The drift at which the observed result, or one further up, has this probability: rising in the probability. A half is the
 * median-unbiased estimate.
 */
export function driftWhereAbove(tail: StageWiseTail, probability: number, start: number): number {
  if (tail.atFirst !== undefined) {
    const { quantile, upperQuantile } = normalDistribution(0, 1);
    const point = probability <= 0.5 ? upperQuantile(probability) : quantile(1 - probability);
    return (tail.atFirst.z - point) / tail.atFirst.root;
  }
  // The smaller tail keeps its digits.
  const excess =
    probability <= 0.5
      ? (drift: number): number => Math.log(tail.above(drift)) - Math.log(probability)
      : (drift: number): number => Math.log1p(-probability) - Math.log(tail.below(drift));
  return rootNear((drift) => Math.max(Math.min(excess(drift), 1e6), -1e6), start, true);
}
