/** How much of a unit's own market is treated: the exposure mapping. */
import { quantileOf } from "../../statistics/index.ts";
import { loneGroups, type Market, sumsBy } from "./market.ts";

/** How exposure lies within an arm. */
export interface ExposureOfArm {
  readonly arm: string;
  readonly units: number;
  /** Units that nobody shares a group with: they have no exposure, and are not in what follows. */
  readonly alone: number;
  readonly mean?: number;
  readonly quantiles?: { readonly low: number; readonly median: number; readonly high: number };
}

/**
 * By unit: the share of the rest of its market that is in the candidate's arm. The rest of a market: the others of the unit's group, weighted by their sales. NaN for a unit whose group
 * has no other that sells. All under the baseline is 0, all under the candidate 1; what a unit sells depends on the others through this number alone, if displaced sales go by size.
 * Aronow and Samii (2017).
 */
export function exposures(market: Market, isTreated: (unit: number) => boolean): Float64Array {
  const { sales, group, groups } = market;
  const treated = sales.map((sold, unit) => (isTreated(unit) ? sold : 0));
  const [all, those] = [sumsBy(sales, group, groups.length), sumsBy(treated, group, groups.length)];
  return Float64Array.from(group, (at, unit) => {
    const rest = (all[at] as number) - (sales[unit] as number);
    return rest > 1e-9 * (all[at] as number)
      ? Math.min(1, Math.max(0, ((those[at] as number) - (treated[unit] as number)) / rest))
      : Number.NaN;
  });
}

/** Exposure to one arm, by arm; `armOf` gives a position in `arms`, or -1. Quantiles are the 5th, 50th and 95th of a hundred. */
export function exposureByArm(
  market: Market,
  { arms, armOf, candidate }: { readonly arms: readonly string[]; readonly armOf: (entity: string) => number; readonly candidate: number },
): readonly ExposureOfArm[] {
  const arm = Int8Array.from(market.entities, armOf);
  const exposure = exposures(market, (unit) => arm[unit] === candidate);
  return arms.map((name, at): ExposureOfArm => {
    const own = exposure.filter((_, unit) => arm[unit] === at);
    const known = own.filter((value) => !Number.isNaN(value)).sort();
    const counts = { arm: name, units: own.length, alone: own.length - known.length };
    if (known.length === 0) return counts;
    const [low, median, high] = [0.05, 0.5, 0.95].map((share) => quantileOf(known, share)) as [number, number, number];
    return { ...counts, mean: known.reduce((sum, value) => sum + value, 0) / known.length, quantiles: { low, median, high } };
  });
}

/** By unit: what of a change of its sales moves to others when all of it does. None where it is alone. */
export function movable(market: Market): Float64Array {
  const lone = loneGroups(market);
  return market.change.map((change, unit) => (lone[market.group[unit] as number] === 1 ? 0 : change));
}
