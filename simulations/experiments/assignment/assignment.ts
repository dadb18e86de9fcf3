/** Deterministic assignment of units to the arms of a randomised test: the same rule and unit give the same arm on every machine. */
import { digestOf, digestOfValue, invariant } from "../../../data/foundation/index.ts";

/** How units are dealt out. Plain data; its digest is its identity. */
export interface AssignmentRule {
  /** `sha256-1`: the first 48 bits of SHA-256 over the JSON of algorithm, salt and unit, as a share of all, in 10,000 buckets. */
  readonly algorithm: "sha256-1";
  /** Another salt deals anew, independently of every other. */
  readonly salt: string;
  /** In order: the first arm has the lowest buckets. Weights are relative; at least one is above 0. */
  readonly arms: readonly { readonly name: string; readonly weight: number }[];
}

/** How many equal buckets there are: shares are kept to a hundredth of a per cent. */
export const bucketCount = 10_000;

/**
 * The bucket of a unit under a salt, 0 to 9,999. A unit keeps its bucket when arms are added or weights move.
 *
 * @example
 * bucketOf("gold-line-test", "S0000001") === bucketOf("gold-line-test", "S0000001")
 * // => true
 */
export function bucketOf(salt: string, unit: string): number {
  const digest = digestOf(JSON.stringify(["sha256-1", salt, unit]));
  return Math.floor((Number.parseInt(digest.slice(0, 12), 16) / 2 ** 48) * bucketCount);
}

/**
 * Position of the arm that a unit falls into. Arm i has the buckets from round(10,000 x weights before it / all) on. Cost: one hash.
 *
 * @example
 * armOf({ algorithm: "sha256-1", salt: "s", arms: [{ name: "baseline", weight: 0 }, { name: "candidate", weight: 1 }] }, "S1")
 * // => 1
 */
export function armOf(rule: AssignmentRule, unit: string): number {
  const bucket = bucketOf(rule.salt, unit);
  return armEnds(rule).findIndex((end) => bucket < end);
}

/** The rule's identity. */
export function assignmentDigest(rule: AssignmentRule): string {
  return digestOfValue(rule);
}

/** One past the last bucket of each arm. */
function armEnds({ arms }: AssignmentRule): readonly number[] {
  return armRanges(
    arms.map(({ weight }) => weight),
    1,
  ).map(([, end]) => end);
}

/**
 * The buckets of each arm, from one to before the other: its weight's part of them, and of that the ramp's share from its beginning on, so that a ramp
 * that grows moves nobody.
 *
 * @example
 * armRanges([1, 1], 0.2)
 * // => [[0, 1000], [5000, 6000]]
 */
export function armRanges(weights: readonly number[], ramp: number): readonly (readonly [number, number])[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  invariant(total > 0 && weights.every((weight) => weight >= 0), "weights are not negative, and one is above 0");
  let before = 0;
  return weights.map((weight) => {
    const start = Math.round((bucketCount * before) / total);
    before += weight;
    const end = Math.round((bucketCount * before) / total);
    return [start, start + Math.round(ramp * (end - start))] as const;
  });
}
