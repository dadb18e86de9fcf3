/** What it means to hold one tier under the baseline and another under a candidate: up, down, at stake, newly adverse. */
import { present } from "../../../data/foundation/index.ts";
import { type Policy, sameConsequences, type Tier, tierNames } from "../../../policies/language/checked/index.ts";
import type { TierView } from "../comparison.ts";

/** The kinds of movement, by code. */
export const moves = { same: 0, up: 1, down: 2, intoUnrated: 3, outOfUnrated: 4 } as const;

/** Tables over pairs of held tiers; cell = baseline code * columns + candidate code. */
export interface TierPairs {
  readonly rows: number;
  readonly columns: number;
  /** A code of `moves`. */
  readonly move: Uint8Array;
  /** 1 where the consequences of the two tiers differ. */
  readonly atStake: Uint8Array;
  /** 1 where on the ladder under either: who is unrated under both can neither move nor be adverse. */
  readonly rated: Uint8Array;
  /** 1 where adverse under the candidate only, 2 under the baseline only, 3 under both, 0 under neither. */
  readonly adverse: Uint8Array;
}

/** A policy's tiers as the comparison shows them: the ladder best first, then `otherwise`. */
export function tierViews(policy: Policy): readonly TierView[] {
  return tierNames(policy).map((name, code) => ({
    name,
    adverse: policy.tiers[code]?.adverse ?? false,
    unrated: code >= policy.tiers.length,
  }));
}

/**
 * Compares every tier of one policy with every tier of another. Tiers are matched by name, the two `otherwise` with each other
 * whatever they are called; adverse is what each policy's own flag says. Swapping the policies turns up into down and into unrated
 * into out of unrated.
 */
export function tierPairs(baseline: Policy, candidate: Policy): TierPairs {
  const [rows, columns] = [tierNames(baseline).length, tierNames(candidate).length];
  const pairs = {
    rows,
    columns,
    move: new Uint8Array(rows * columns),
    atStake: new Uint8Array(rows * columns),
    rated: new Uint8Array(rows * columns),
    adverse: new Uint8Array(rows * columns),
  };
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [before, after] = [baseline.tiers[row], candidate.tiers[column]];
      const cell = row * columns + column;
      pairs.move[cell] = moveBetween({ baseline, candidate, row, column });
      pairs.atStake[cell] = sameConsequences(before?.consequences ?? {}, after?.consequences ?? {}) ? 0 : 1;
      pairs.rated[cell] = before === undefined && after === undefined ? 0 : 1;
      pairs.adverse[cell] = (after?.adverse === true ? 1 : 0) + (before?.adverse === true ? 2 : 0);
    }
  }
  return pairs;
}

interface Pair {
  readonly baseline: Policy;
  readonly candidate: Policy;
  readonly row: number;
  readonly column: number;
}

function moveBetween({ baseline, candidate, row, column }: Pair): number {
  const [before, after] = [baseline.tiers[row], candidate.tiers[column]];
  if (before === undefined) return after === undefined ? moves.same : moves.outOfUnrated;
  if (after === undefined) return moves.intoUnrated;
  if (before.name === after.name) return moves.same;
  return worseBy(baseline, before, candidate, after) > 0 ? moves.down : moves.up;
}

/**
 * Positive when the second tier is the worse one. First the adverse flags; then the ladder that holds both names (both ladders,
 * when they agree); then how many tiers that the two ladders share stand above each; then the place within the own ladder, from
 * 0 to 1; then the name. Every step is antisymmetric in the two policies.
 */
function worseBy(first: Policy, a: Tier, second: Policy, b: Tier): number {
  if (a.adverse !== b.adverse) return b.adverse ? 1 : -1;
  const inFirst = rankOf(first, b) === undefined ? 0 : Math.sign(present(rankOf(first, b), b.name) - present(rankOf(first, a), a.name));
  const inSecond = rankOf(second, a) === undefined ? 0 : Math.sign(present(rankOf(second, b), b.name) - present(rankOf(second, a), a.name));
  if (inFirst + inSecond !== 0) return inFirst + inSecond;
  const shared = sharedAbove(second, b, first) - sharedAbove(first, a, second);
  if (shared !== 0) return shared;
  const place = placeOf(second, b) - placeOf(first, a);
  if (place !== 0) return place;
  return a.name < b.name ? 1 : -1;
}

function rankOf(policy: Policy, tier: Tier): number | undefined {
  const rank = policy.tiers.findIndex(({ name }) => name === tier.name);
  return rank < 0 ? undefined : rank;
}

function sharedAbove(own: Policy, tier: Tier, other: Policy): number {
  return own.tiers.slice(0, rankOf(own, tier)).filter((above) => rankOf(other, above) !== undefined).length;
}

function placeOf(policy: Policy, tier: Tier): number {
  return (present(rankOf(policy, tier), tier.name) + 1) / (policy.tiers.length + 1);
}
