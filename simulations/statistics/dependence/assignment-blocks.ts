/** What was randomised: clusters of units within strata. */

import { largestMagnitude, powerOfTwoNear, timesPowerOfTwo } from "../numerics/power-scaling.ts";
import { sumOf } from "../sums.ts";
import type { ClusterId } from "./clusters.ts";

/** A unit as it was assigned. Without cluster it was assigned by itself; without stratum all units are in one. */
export interface RandomisedUnit {
  readonly value: number;
  readonly treated: boolean;
  readonly stratum?: ClusterId | undefined;
  readonly cluster?: ClusterId | undefined;
}

/** A stratum with its clusters, of which `treated` were treated. */
export interface Block {
  readonly name: string;
  /** Of all units. */
  readonly share: number;
  readonly clusters: readonly { readonly total: number; readonly size: number; readonly isTreated: boolean }[];
  readonly treated: number;
}

/**
 * Units by stratum and cluster, with totals of values less the first unit's value, in a power of two: differences lose no
 * digits to a large mean, squares stay in range. A cluster's units
 * share arm and stratum: the input's shape sees to it.
 */
export function blocksOf(units: readonly RandomisedUnit[]): { readonly blocks: readonly Block[]; readonly unit: number } {
  const origin = units[0]?.value ?? 0;
  // Halved, because a difference of two doubles may be twice the largest.
  const halves = units.map(({ value }) => value / 2 - origin / 2);
  const exponent = powerOfTwoNear(largestMagnitude(halves));
  const scaled = timesPowerOfTwo(halves, -exponent);
  const strata = new Map<ClusterId | undefined, Map<string, number[]>>();
  for (const [row, unit] of units.entries()) {
    const clusters = strata.get(unit.stratum) ?? new Map<string, number[]>();
    strata.set(unit.stratum, clusters);
    const key = unit.cluster === undefined ? `row ${row}` : `${typeof unit.cluster} ${unit.cluster}`;
    const known = clusters.get(key) ?? [];
    clusters.set(key, known);
    known.push(row);
  }
  const blocks = [...strata].map(([stratum, members]) => {
    const clusters = [...members.values()].map((own) => ({
      total: sumOf(own.map((row) => scaled[row] as number)),
      size: own.length,
      isTreated: units[own[0] ?? 0]?.treated === true,
    }));
    return {
      name: stratum === undefined ? "the experiment" : `stratum '${stratum}'`,
      share: clusters.reduce((sum, { size }) => sum + size, 0) / units.length,
      clusters,
      treated: clusters.filter(({ isTreated }) => isTreated).length,
    };
  });
  return { blocks, unit: 2 ** (exponent + 1) };
}
