/**
 * A list of units dealt at once, balanced on what is known of them: within every stratum as planned, and over all strata by dealing again until the
 * covariates are alike (re-randomisation).
 */
import { diagnose, digestOf, InputRefused, invariant, type RandomStream, randomStream } from "../../../data/foundation/index.ts";
import { chiSquared, type FactoredMatrix, factorPositive } from "../../statistics/index.ts";

/** Deals at most; the best of them is taken when none is good enough. */
const dealsMax = 2_000;
/** A deal is good enough when chance alone would give one as good in so many of all. */
const acceptedShare = 0.01;

/** What is known of the units of a list. */
export interface KnownUnits {
  readonly units: readonly string[];
  /** A unit's stratum, all its texts together. */
  readonly strata: readonly string[];
  /** Numbers from before, a column a covariate; NaN (unknown) counts as the mean of those known. */
  readonly covariates: readonly Float64Array[];
}

/** A list as it was dealt. */
export interface DealtList {
  /** Positions of arms, by unit. */
  readonly arms: Int32Array;
  /** Deals that were made, the last or best of which this is. */
  readonly deals: number;
  /** The largest Mahalanobis distance of a candidate's covariate means to the control's, and what it had to be at most. */
  readonly distance: number;
  readonly accepted: number;
}

/**
 * Deals a list. In a stratum units stand in an order drawn at random (the file's order does not matter), and the arms take them by their shares from a
 * random place on, so that each arm has its share to within one unit, and every unit the same chance. A deal counts when for every candidate
 * `(n1 n0 / (n1 + n0)) d' S^-1 d` is at most the 1 % quantile of chi-squared with as many degrees of freedom as covariates. Analyse with the
 * same columns as covariates: plain intervals are wider than they need be. Deterministic by salt. Cost: units x deals.
 * @throws InputRefused `bad-request` for covariates that depend on one another, or do not vary.
 * Source: Morgan and Rubin (2012), Annals of Statistics 40, 1263-1282.
 *
 * @example
 * const units = ["a", "b", "c", "d"];
 * dealList({ salt: "s", shares: [0.5, 0.5] }, { units, strata: ["x", "x", "y", "y"], covariates: [] }).arms.reduce((sum, arm) => sum + arm, 0)
 * // => 2
 */
export function dealList({ salt, shares }: { readonly salt: string; readonly shares: readonly number[] }, known: KnownUnits): DealtList {
  const { units, covariates } = known;
  invariant(new Set(units).size === units.length, "every unit once");
  const columns = covariates.map(filled);
  const factor = columns.length === 0 ? undefined : factorPositive(covarianceOf(columns), 1e-10);
  if (columns.length > 0 && factor === undefined) {
    throw new InputRefused([
      diagnose("bad-request", {
        message: "columns to balance on do not vary, or one is made of the others",
        cure: "Leave out of 'balance' what says the same twice.",
      }),
    ]);
  }
  const accepted = columns.length === 0 ? 0 : chiSquared(columns.length).quantile(acceptedShare);
  const order = orderedStrata(known);
  let best: DealtList | undefined;
  for (let deal = 0; deal < dealsMax; deal++) {
    const arms = dealOnce(randomStream(0, "list-1", salt, deal), shares, order);
    const distance = factor === undefined ? 0 : distanceOf(arms, shares.length, columns, factor);
    if (best === undefined || distance < best.distance) best = { arms, deals: deal + 1, distance, accepted };
    if (distance <= accepted) break;
  }
  invariant(best !== undefined, "a deal");
  return best;
}

/** Positions of the units by stratum, strata and units in an order that does not depend on the list's. */
function orderedStrata({ units, strata }: KnownUnits): readonly Int32Array[] {
  const members = new Map<string, { readonly index: number; readonly hash: string }[]>();
  for (const [index, unit] of units.entries()) {
    const stratum = strata[index] as string;
    const member = { index, hash: digestOf(unit) };
    const list = members.get(stratum);
    if (list === undefined) members.set(stratum, [member]);
    else list.push(member);
  }
  return [...members]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, list]) =>
      Int32Array.from(
        list.sort((a, b) => (a.hash < b.hash ? -1 : 1)),
        ({ index }) => index,
      ),
    );
}

function dealOnce(random: RandomStream, shares: readonly number[], strata: readonly Int32Array[]): Int32Array {
  const arms = new Int32Array(strata.reduce((sum, { length }) => sum + length, 0));
  const ends = shares.map((_, arm) => shares.slice(0, arm + 1).reduce((sum, share) => sum + share, 0));
  for (const stratum of strata) {
    const members = Int32Array.from(stratum);
    for (let last = members.length - 1; last > 0; last--) {
      const other = random.below(last + 1);
      const kept = members[last] as number;
      members[last] = members[other] as number;
      members[other] = kept;
    }
    const start = random.uniform();
    for (const [rank, index] of members.entries()) {
      const place = (rank + start) / members.length;
      const arm = ends.findIndex((end) => place < end);
      arms[index] = arm < 0 ? shares.length - 1 : arm;
    }
  }
  return arms;
}

function filled(column: Float64Array): Float64Array {
  const known = column.filter((value) => !Number.isNaN(value));
  const mean = known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length;
  return column.map((value) => (Number.isNaN(value) ? mean : value));
}

function covarianceOf(columns: readonly Float64Array[]): readonly (readonly number[])[] {
  const n = columns[0]?.length ?? 0;
  const means = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / n);
  return columns.map((a, i) =>
    columns.map((b, j) => {
      let sum = 0;
      for (let row = 0; row < n; row++) sum += ((a[row] as number) - (means[i] as number)) * ((b[row] as number) - (means[j] as number));
      return sum / (n - 1);
    }),
  );
}

/** Infinity where an arm has nobody. */
function distanceOf(arms: Int32Array, count: number, columns: readonly Float64Array[], factor: FactoredMatrix): number {
  const sizes = new Float64Array(count);
  const sums = columns.map(() => new Float64Array(count));
  for (let row = 0; row < arms.length; row++) {
    const arm = arms[row] as number;
    sizes[arm] = (sizes[arm] as number) + 1;
    for (const [index, column] of columns.entries()) {
      const sum = sums[index] as Float64Array;
      sum[arm] = (sum[arm] as number) + (column[row] as number);
    }
  }
  let worst = 0;
  const n0 = sizes[0] as number;
  for (let arm = 1; arm < count; arm++) {
    const n1 = sizes[arm] as number;
    if (n0 === 0 || n1 === 0) return Number.POSITIVE_INFINITY;
    const apart = sums.map((sum) => (sum[arm] as number) / n1 - (sum[0] as number) / n0);
    worst = Math.max(worst, ((n0 * n1) / (n0 + n1)) * factor.quadraticForm(apart));
  }
  return worst;
}
