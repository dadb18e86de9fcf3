/** Power, expected information and inflation of group-sequential designs. */
import { invariant } from "../../../data/foundation/index.ts";
import { normalDistribution } from "../distributions/index.ts";
import { rootNear } from "../numerics/root.ts";
import { sumOf } from "../sums.ts";
import { type GroupSequentialBoundaries, type GroupSequentialDesign, groupSequentialBoundaries } from "./boundaries.ts";
import { type Continuation, continueTo, crossing } from "./continuation.ts";

/** What a design does under one drift. */
export interface GroupSequentialPower {
  /** The probability of stopping at or above an upper boundary. */
  readonly power: number;
  /** The same by look, and for the lower boundaries (harm, or futility where the design has it). */
  readonly upperByLook: readonly number[];
  readonly lowerByLook: readonly number[];
  /** Expected information at the stop, as a share of the maximum: times the maximum size, the average sample number. */
  readonly expectedShare: number;
}

/**
 * The power of boundaries under a drift: the expected z at the maximum information, effect / standard error there. Futility
 * boundaries are kept here, as they would be by an experiment that heeds them.
 * Source: Jennison and Turnbull (2000), section 19.2.
 *
 * @example
 * groupSequentialPower(groupSequentialBoundaries({ information: [1, 2], alpha: 0.05, sides: 1, form: { kind: "pocock" } }), 0).power.toFixed(10)
 * // => "0.0500000000"
 */
export function groupSequentialPower(boundaries: GroupSequentialBoundaries, drift: number): GroupSequentialPower {
  return stopsOf(boundaries, 4 + Math.abs(drift))(drift);
}

/** What the design does as a function of the drift, from one recursion that follows paths down to -9 - reach. */
function stopsOf(boundaries: GroupSequentialBoundaries, reach: number): (drift: number) => GroupSequentialPower {
  const { shares, upper, futility } = boundaries;
  const lower = futility?.z ?? boundaries.lower;
  const before: (Continuation | undefined)[] = [undefined];
  for (let k = 0; k < shares.length - 1; k++) {
    const region = { lower: lower[k] as number, upper: upper[k] as number };
    before.push(continueTo(before[k], { information: shares[k] as number, region, next: shares[k + 1], reach: 9 + reach }));
  }
  return (drift) => {
    invariant(Number.isFinite(drift), `a drift of ${drift}`);
    const stops = (bounds: readonly number[], side: "upper" | "lower"): readonly number[] =>
      shares.map((information, k) => crossing(before[k], { information, z: bounds[k] as number, side, theta: drift }));
    const upperByLook = stops(upper, "upper");
    const lowerByLook = stops(lower, "lower");
    let left = 1;
    let expectedShare = 0;
    for (const [k, share] of shares.entries()) {
      expectedShare += left * (share - (shares[k - 1] ?? 0));
      left = Math.max(left - (upperByLook[k] as number) - (lowerByLook[k] as number), 0);
    }
    return { power: Math.min(sumOf(upperByLook), 1), upperByLook, lowerByLook, expectedShare };
  };
}

/**
 * The drift that gives the power; power above alpha. In designs with futility it is near the drift that their boundaries spend beta at.
 *
 * @example
 * driftForPower(groupSequentialBoundaries({ information: [1], alpha: 0.05, sides: 1, form: { kind: "pocock" } }), 0.8).toFixed(6)
 * // => "2.486475"
 */
export function driftForPower(boundaries: GroupSequentialBoundaries, power: number): number {
  invariant(power > 0 && power < 1, `a power of ${power}`);
  const stops = stopsOf(boundaries, 4);
  return rootNear((drift) => stops(drift).power - power, 3, true);
}

/**
 * How much more information the design's maximum must have than a fixed design of the same level and power: above 1.
 * Source: Jennison and Turnbull (2000), section 2.2.
 *
 * @example
 * inflationFactor({ information: [1, 2, 3, 4, 5], alpha: 0.05, sides: 2, form: { kind: "wang-tsiatis", shape: 0.5 } }, 0.8).toFixed(3)
 * // => "1.229"
 */
export function inflationFactor(design: GroupSequentialDesign, power: number): number {
  const standard = normalDistribution(0, 1);
  const fixed = standard.upperQuantile(design.alpha / design.sides) + standard.quantile(power);
  return (driftForPower(groupSequentialBoundaries(design), power) / fixed) ** 2;
}
