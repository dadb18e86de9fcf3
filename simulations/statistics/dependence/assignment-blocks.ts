/** What was randomised: clusters of units within strata. */
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

/** Units by stratum and cluster. A cluster's units share arm and stratum: the input's shape sees to it. */
export function blocksOf(units: readonly RandomisedUnit[]): readonly Block[] {
  const strata = new Map<ClusterId | undefined, Map<string, RandomisedUnit[]>>();
  for (const [row, unit] of units.entries()) {
    const clusters = strata.get(unit.stratum) ?? new Map<string, RandomisedUnit[]>();
    strata.set(unit.stratum, clusters);
    const key = unit.cluster === undefined ? `row ${row}` : `${typeof unit.cluster} ${unit.cluster}`;
    const known = clusters.get(key) ?? [];
    clusters.set(key, known);
    known.push(unit);
  }
  return [...strata].map(([stratum, members]) => {
    const clusters = [...members.values()].map((own) => ({
      total: sumOf(own.map(({ value }) => value)),
      size: own.length,
      isTreated: own[0]?.treated === true,
    }));
    return {
      name: stratum === undefined ? "the experiment" : `stratum '${stratum}'`,
      share: clusters.reduce((sum, { size }) => sum + size, 0) / units.length,
      clusters,
      treated: clusters.filter(({ isTreated }) => isTreated).length,
    };
  });
}
