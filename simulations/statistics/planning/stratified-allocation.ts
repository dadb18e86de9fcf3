/** How many units to draw from each stratum, so that several totals are all known as well as wanted. */
import { invariant } from "../../../data/foundation/index.ts";

/** One figure that must be known well enough. */
export interface AllocationTarget {
  /** By stratum: the variance between units of what the figure sums. */
  readonly unitVariances: readonly number[];
  /** The variance of the sum that is allowed; 0 asks for everyone where units differ. */
  readonly variance: number;
}

export interface AllocationOptions {
  /** By stratum: units. */
  readonly sizes: readonly number[];
  readonly targets: readonly AllocationTarget[];
  /** Units drawn from each stratum at least, or all of a smaller one. */
  readonly minimum: number;
}

/** Variance of a stratified total drawn without replacement: the sum of N² S² (1/n - 1/N); a stratum that is drawn whole adds none. */
export function stratifiedVariance(sizes: readonly number[], unitVariances: readonly number[], drawn: readonly number[]): number {
  let variance = 0;
  for (const [stratum, size] of sizes.entries()) {
    const [units, spread] = [drawn[stratum] as number, unitVariances[stratum] as number];
    if (spread === 0 || units >= size) continue;
    variance += size * spread * (size / units - 1);
  }
  return variance;
}

/**
 * The fewest units, by stratum, that meet every target: Neyman's allocation for one target; for several the convex program's multipliers by
 * Chromy's iteration, then whole numbers, taken down one by one while every target holds. A census meets all, so there is always an
 * answer. Sources: Neyman (1934), J. R. Stat. Soc. 97, 558-625; Chromy (1987), ASA Survey Research Methods, 194-199; Bethel (1989), Survey
 * Methodology 15, 47-57.
 *
 * @example
 * allocateUnits({ sizes: [1000, 100], targets: [{ unitVariances: [0.25, 0.25], variance: 900 }], minimum: 1 })
 * // => [234, 24]
 */
export function allocateUnits({ sizes, targets, minimum }: AllocationOptions): readonly number[] {
  invariant(minimum >= 1 && sizes.every((size) => size >= 1), "a stratum has at least one unit, and one is drawn");
  const least = sizes.map((size) => Math.min(size, minimum));
  const drawn = roundUp(continuous({ sizes, targets, minimum }), sizes);
  const isMet = (): boolean => targets.every((target) => meets(target, sizes, drawn));
  while (!isMet()) addBest(drawn, sizes, targets);
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const [stratum, from] of least.entries()) {
      for (let units = drawn[stratum] as number; units > from; units--) {
        drawn[stratum] = units - 1;
        if (!isMet()) {
          drawn[stratum] = units;
          break;
        }
        isSmaller = true;
      }
    }
  }
  return drawn;
}

const rounds = 2000;

/** The allocation in real numbers: n = sqrt(sum of multiplier x N² S²), between the minimum and N. */
function continuous({ sizes, targets, minimum }: AllocationOptions): readonly number[] {
  const parts = targets.map(({ unitVariances }) => sizes.map((size, stratum) => size * size * (unitVariances[stratum] as number)));
  const allowed = targets.map(
    ({ variance }, target) => variance + sizes.reduce((sum, size, stratum) => sum + (parts[target]?.[stratum] as number) / size, 0),
  );
  const multipliers = allowed.map(() => 1);
  let drawn: readonly number[] = sizes;
  for (let round = 0; round < rounds; round++) {
    drawn = sizes.map((size, stratum) => {
      const root = Math.sqrt(multipliers.reduce((sum, one, target) => sum + one * (parts[target]?.[stratum] as number), 0));
      return Math.min(size, Math.max(minimum, root));
    });
    let moved = 0;
    for (const [target, most] of allowed.entries()) {
      if (most === 0) continue;
      const found = drawn.reduce((sum, units, stratum) => sum + (parts[target]?.[stratum] as number) / units, 0);
      multipliers[target] = Math.max(Number.MIN_VALUE, (multipliers[target] as number) * (found / most) ** 2);
      moved = Math.max(moved, found / most - 1);
    }
    if (round > 50 && Math.abs(moved) < 1e-9) break;
  }
  return drawn;
}

function roundUp(drawn: readonly number[], sizes: readonly number[]): number[] {
  return drawn.map((units, stratum) => Math.min(sizes[stratum] as number, Math.ceil(units - 1e-9)));
}

function meets(target: AllocationTarget, sizes: readonly number[], drawn: readonly number[]): boolean {
  return stratifiedVariance(sizes, target.unitVariances, drawn) <= target.variance * (1 + 1e-12);
}

/** One more unit where it brings the figure that is furthest from its target closest. */
function addBest(drawn: number[], sizes: readonly number[], targets: readonly AllocationTarget[]): void {
  const excess = targets.map((target) => stratifiedVariance(sizes, target.unitVariances, drawn) - target.variance);
  const { unitVariances } = targets[excess.indexOf(Math.max(...excess))] as AllocationTarget;
  let [best, gain] = [-1, 0];
  for (const [stratum, size] of sizes.entries()) {
    const units = drawn[stratum] as number;
    const saved = units >= size ? 0 : ((unitVariances[stratum] as number) * size * size) / (units * (units + 1));
    if (saved > gain) [best, gain] = [stratum, saved];
  }
  invariant(best >= 0, "a census meets every target");
  drawn[best] = (drawn[best] as number) + Math.max(1, Math.floor(0.0005 * (drawn[best] as number)));
  drawn[best] = Math.min(drawn[best] as number, sizes[best] as number);
}
