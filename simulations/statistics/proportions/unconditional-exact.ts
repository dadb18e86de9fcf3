/** Exact tests of two proportions that condition on the sizes of the arms only: Barnard's and Boschloo's. */
import { checkLimit, InputRefused } from "../../../data/foundation/index.ts";
import { estimated } from "../estimate.ts";
import { type Alternative, type Found, finding } from "../finding.ts";
import { hypergeometricFamily } from "./discrete-family.ts";
import { restrictedVariance } from "./score-difference.ts";
import { boundsOf, type Claim } from "./statement.ts";
import { type Belongs, largestProbability, orderedRegion, type Region, regionOf } from "./table-region.ts";
import { differenceOfShares, noUnits, type Sample, type TwoSamples, twoSampleAssumptions } from "./two-samples.ts";

export interface BarnardOptions extends TwoSamples, Claim {
  readonly nullDifference: number;
  /** What orders the tables: the score statistic, or Wald's with the observed variances, which gives no usable interval (at the ends it is infinite) and so none. */
  readonly ordering: "score" | "unpooled";
}

/**
 * Barnard's exact test: tables at least as far out as the one seen, by the score statistic (or Wald's), summed under the value of the unknown common proportion that
 * makes them most probable. The interval is made of the differences that the same test does not reject. An arm without units: Undetermined. More than
 * `unconditionalUnits` units are refused. Sources: Barnard (1945), Nature 156, 177; Suissa and Shuster (1985); for the interval Chan and Zhang (1999),
 * Biometrics 55, 1202-1209, one-sided, and Agresti and Min (2001), Biometrics 57, 963-971, two-sided.
 *
 * @example
 * const samples = { control: { successes: 1, trials: 7 }, treatment: { successes: 6, trials: 8 } };
 * barnardExact({ ...samples, nullDifference: 0, ordering: "score", alternative: "two-sided", level: 0.95 }).test.pValue.toFixed(6)
 * // => "0.024902"
 */
export function barnardExact(options: BarnardOptions): Found {
  const { control, treatment, nullDifference, ordering, alternative, level } = options;
  const n = control.trials + treatment.trials;
  const empty = noUnits(options);
  if (empty !== undefined) return empty;
  refuseBeyond(n);
  const pValueAt = (difference: number): number =>
    Math.min(1, largestProbability(control.trials, treatment.trials, difference, regionAt(options, difference)));
  const own = pValueAt(nullDifference);
  const value = differenceOfShares(control, treatment);
  const name = ordering === "score" ? "Barnard's exact, score" : "Barnard's exact, unpooled";
  const test = { name, pValue: own, alternative, nullValue: nullDifference };
  if (ordering === "unpooled")
    return finding({
      estimate: estimated({ value, method: "observed difference, without interval", n, assumptions: twoSampleAssumptions }),
      test,
    });
  const alpha = 1 - level;
  // A null difference that is not rejected belongs to the interval, should the search have stepped over it.
  const end = (side: -1 | 1): number => {
    const found = outermost(pValueAt, value, side, alpha);
    return own >= alpha && (nullDifference - found) * side > 0 ? nullDifference : found;
  };
  const bounds = boundsOf({ alternative, level }, { lower: () => end(-1), upper: () => end(1) });
  // Where the differences that are not rejected have a gap at the null difference, what agrees with the interval is that it is not rejected.
  const isInGap = own < alpha && !excludes(bounds, nullDifference);
  return finding({
    estimate: estimated({ value, ...bounds, method: name, n, assumptions: twoSampleAssumptions }),
    test: isInGap ? { ...test, pValue: alpha } : test,
    ...(isInGap ? { details: { gapPValue: own } } : {}),
    warnings: isInGap
      ? [
          "The differences that this test does not reject have a gap at the null difference, which the interval spans: p is the least that agrees with it.",
        ]
      : [],
  });
}

function excludes({ lower, upper, set }: ReturnType<typeof boundsOf>, value: number): boolean {
  if (set?.kind === "at-least") return value < set.lower;
  if (set?.kind === "at-most") return value > set.upper;
  return lower !== undefined && upper !== undefined && (value < lower || value > upper);
}

/** Tables at least as far from the null difference as the one that was seen. */
function regionAt({ control, treatment, ordering, alternative }: BarnardOptions, difference: number): Region {
  const statistic = (c: number, t: number): number =>
    ordering === "score"
      ? scoreOf({ successes: c, trials: control.trials }, { successes: t, trials: treatment.trials }, difference)
      : unpooledOf({ successes: c, trials: control.trials }, { successes: t, trials: treatment.trials }, difference);
  const seen = statistic(control.successes, treatment.successes);
  const reach = Math.abs(seen) * 1e-10;
  // Those at least so high, and those at least so low, count; a higher control count lowers the statistic.
  const high = alternative === "less" ? Number.POSITIVE_INFINITY : alternative === "greater" ? seen : Math.abs(seen);
  const low = alternative === "greater" ? Number.NEGATIVE_INFINITY : alternative === "less" ? seen : -Math.abs(seen);
  const isHigh: Belongs = (c, t) => high < Number.POSITIVE_INFINITY && statistic(c, t) >= high - reach;
  const isLow: Belongs = (c, t) => low > Number.NEGATIVE_INFINITY && statistic(c, t) <= low + reach;
  if (ordering === "score") return orderedRegion(control.trials, treatment.trials, isHigh, isLow);
  return regionOf(control.trials, treatment.trials, (c, t) => isHigh(c, t) || isLow(c, t));
}

function scoreOf(control: Sample, treatment: Sample, difference: number): number {
  const variance = restrictedVariance(control, treatment, difference);
  return variance === 0 ? 0 : (differenceOfShares(control, treatment) - difference) / Math.sqrt(variance);
}

function unpooledOf(control: Sample, treatment: Sample, difference: number): number {
  const part = ({ successes, trials }: Sample): number => (successes * (trials - successes)) / trials ** 3;
  const distance = differenceOfShares(control, treatment) - difference;
  return distance === 0 ? 0 : distance / Math.sqrt(part(control) + part(treatment));
}

/** The difference furthest out, towards `end`, that is not rejected: steps inwards from the end, then halves. */
function outermost(pValueAt: (difference: number) => number, value: number, end: -1 | 1, alpha: number): number {
  const steps = 24;
  const at = (step: number): number => end + ((value - end) * step) / steps;
  if (value === end) return end;
  let step = 1;
  while (step < steps && pValueAt(at(step)) < alpha) step++;
  let [outside, inside] = [at(step - 1), at(step)];
  for (let count = 0; count < 50; count++) {
    const middle = (outside + inside) / 2;
    if (middle === outside || middle === inside || Math.abs(outside - inside) < 1e-13) break;
    if (pValueAt(middle) < alpha) outside = middle;
    else inside = middle;
  }
  return inside;
}

/**
 * Boschloo's exact test: Barnard's with Fisher's one-sided p-value in place of the statistic, never less powerful than Fisher's. Two-sided, twice the smaller one-sided
 * p-value. Its ordering is made for no difference, so that it has no margin and no interval: Barnard's has. An arm without units: Undetermined; more than
 * `unconditionalUnits` units are refused. Source: Boschloo (1970), Statistica Neerlandica 24, 1-35.
 *
 * @example
 * const samples = { control: { successes: 1, trials: 7 }, treatment: { successes: 6, trials: 8 } };
 * boschlooExact({ ...samples, alternative: "greater" }).test.pValue.toFixed(6)
 * // => "0.012589"
 */
export function boschlooExact({ control, treatment, alternative }: TwoSamples & { readonly alternative: Alternative }): Found {
  const n = control.trials + treatment.trials;
  const empty = noUnits({ control, treatment });
  if (empty !== undefined) return empty;
  refuseBeyond(n);
  const oneSided = (side: "less" | "greater"): number => {
    const tails = fisherTails(control.trials, treatment.trials, side);
    const seen = (tails[treatment.successes]?.[control.successes] ?? 1) * (1 + 1e-10);
    const region = regionOf(control.trials, treatment.trials, (c, t) => (tails[t]?.[c] ?? 1) <= seen);
    return Math.min(1, largestProbability(control.trials, treatment.trials, 0, region));
  };
  const pValue = alternative === "two-sided" ? Math.min(1, 2 * oneSided("less"), 2 * oneSided("greater")) : oneSided(alternative);
  const value = differenceOfShares(control, treatment);
  return finding({
    estimate: estimated({ value, method: "observed difference, without interval", n, assumptions: twoSampleAssumptions }),
    test: { name: "Boschloo's exact", pValue, alternative, nullValue: 0 },
  });
}

/** Fisher's one-sided p-value of every table, by successes of treatment and control. */
function fisherTails(controls: number, treatments: number, side: "less" | "greater"): readonly Float64Array[] {
  const tails = Array.from({ length: treatments + 1 }, () => new Float64Array(controls + 1));
  for (let successes = 0; successes <= controls + treatments; successes++) {
    const family = hypergeometricFamily(treatments, controls, successes);
    for (let t = family.least; t <= family.most; t++) {
      const row = tails[t];
      if (row !== undefined) row[successes - t] = side === "greater" ? family.upperTail(t, 0) : family.lowerTail(t, 0);
    }
  }
  return tails;
}

function refuseBeyond(units: number): void {
  const limit = checkLimit("unconditionalUnits", units);
  if (limit !== undefined) throw new InputRefused([limit]);
}
