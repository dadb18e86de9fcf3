/** The published assignment scheme of GrowthBook, bit for bit: so that units that another platform dealt are found in the same arms. */

/**
 * FNV-1a, 32 bits, over UTF-16 code units. Source: GrowthBook SDK specification 0.8.0.
 *
 * @example
 * fnv1a("a")
 * // => 3826002220
 */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/**
 * A unit's place in [0, 1) under a seed. Version 1 hashes the unit before the seed: two experiments then deal units to arms that are
 * not independent of each other, and only a thousand places are known; it is here to read old experiments.
 *
 * @example
 * [growthbookPlace("", "a", 1), growthbookPlace("my-test", "user-1", 2) < 1]
 * // => [0.22, true]
 */
export function growthbookPlace(seed: string, unit: string, version: 1 | 2): number {
  return version === 2 ? (fnv1a(String(fnv1a(seed + unit))) % 10_000) / 10_000 : (fnv1a(unit + seed) % 1_000) / 1_000;
}

/**
 * Where the arms lie in [0, 1): each begins at the sum of the weights before it and takes its weight times the coverage, so that a ramp
 * that grows moves no unit. Weights that do not fit or do not sum to 1 (within 0.01) are taken as equal; the coverage is kept in [0, 1].
 *
 * @example
 * growthbookRanges(0.5, [0.5, 0.5])
 * // => [[0, 0.25], [0.5, 0.75]]
 */
export function growthbookRanges(coverage: number, weights: readonly number[]): readonly (readonly [number, number])[] {
  const part = Math.min(Math.max(coverage, 0), 1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const used = total < 0.99 || total > 1.01 ? weights.map(() => 1 / weights.length) : weights;
  let start = 0;
  return used.map((weight) => {
    const range = [start, start + part * weight] as const;
    start += weight;
    return range;
  });
}

/** The position of the range that holds a place, -1 when none does. Ranges are half-open. */
export function rangeOfPlace(place: number, ranges: readonly (readonly [number, number])[]): number {
  return ranges.findIndex(([from, to]) => place >= from && place < to);
}

/** Whether a unit lies in a namespace's part [from, to): parts that do not overlap exclude each other. Hashed by version 1, as published. */
export function inNamespace(unit: string, [name, from, to]: readonly [string, number, number]): boolean {
  const place = growthbookPlace(`__${name}`, unit, 1);
  return place >= from && place < to;
}
