/** One-way analysis of variance: whether several groups have one mean. */
import { invariant } from "../../../data/foundation/index.ts";
import { chiSquared, fRatio, noncentralF } from "../distributions/index.ts";
import { estimated, undetermined } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { mergePowerSums, momentsOf, type PowerSums, squaresBetween } from "../numerics/index.ts";
import { rootNear } from "../numerics/root.ts";
import { sumOf } from "../sums.ts";

/** The parts of the variation of several groups. */
export interface VarianceTable {
  readonly between: number;
  readonly within: number;
  readonly degreesBetween: number;
  readonly degreesWithin: number;
}

/**
 * Sums of squares between and within groups, each rounded once from its exact value; infinite beyond the doubles. Groups must not be empty.
 *
 * @example
 * varianceTable([powerSums([1, 2, 3]), powerSums([3, 4, 5])])
 * // => { between: 6, within: 4, degreesBetween: 1, degreesWithin: 4 }
 */
export function varianceTable(groups: readonly PowerSums[]): VarianceTable {
  invariant(groups.length > 1 && groups.every(({ n }) => n > 0), "a variance table of fewer than two groups, or of an empty one");
  const n = groups.reduce((sum, group) => sum + group.n, 0);
  const squares = groups.map((group) => momentsOf(group)?.m2 ?? 0);
  const rough = squares.reduce((sum, part) => sum + part, 0);
  return {
    between: squaresBetween(groups),
    within: Number.isFinite(rough) ? sumOf(squares) : rough,
    degreesBetween: groups.length - 1,
    degreesWithin: n - groups.length,
  };
}

/**
 * The F test of one mean for all groups, with the share of the variance that lies between groups (eta squared) and a lower limit of it in the population
 * by the noncentral F: above 0 exactly when p < 1 - level. No variation within groups, or no unit to spare: Undetermined.
 * Source: Fisher (1925); Smithson (2003), Confidence Intervals, chapter 4, for the limit.
 */
export function anovaOneWay({ groups, level }: { readonly groups: readonly PowerSums[]; readonly level: number }): Found {
  const filled = groups.filter(({ n }) => n > 0);
  if (filled.length < 2) return undetermined("fewer than two groups have units", "units in at least two groups");
  const { between, within, degreesBetween, degreesWithin } = varianceTable(filled);
  if (degreesWithin === 0) return undetermined("each group has one unit: nothing shows how much units vary", "a second unit in some group");
  if (!Number.isFinite(between + within)) return undetermined("sums of squares are beyond 1e308", "the values in a larger unit");
  if (within === 0) return undetermined("no unit differs from its group's mean: F has no denominator", "groups whose units vary");
  const statistic = between / degreesBetween / (within / degreesWithin);
  const pValue = fRatio(degreesBetween, degreesWithin).survival(statistic);
  const whole = momentsOf(filled.reduce(mergePowerSums));
  const n = whole?.n ?? 0;
  const lower = limitOfShare({ statistic, degreesBetween, degreesWithin, n, alpha: 1 - level, pValue });
  return finding({
    estimate: estimated({
      value: between / (between + within),
      set: { kind: "at-least", lower, level },
      method: "eta squared, noncentral F",
      n,
      assumptions: ["units are independent", "values are close to normal within groups", "groups have one variance"],
    }),
    test: { name: "F", statistic, degreesOfFreedom: [degreesBetween, degreesWithin], pValue, alternative: "greater", nullValue: 0 },
    details: {
      squaresBetween: between,
      squaresWithin: within,
      meanSquareBetween: between / degreesBetween,
      meanSquareWithin: within / degreesWithin,
      residualDeviation: Math.sqrt(within / degreesWithin),
    },
    warnings: warningsOf(filled),
  });
}

interface Limit {
  readonly statistic: number;
  readonly degreesBetween: number;
  readonly degreesWithin: number;
  readonly n: number;
  readonly alpha: number;
  readonly pValue: number;
}

/** From here on the noncentral F is its limit, to 1e-5 of the noncentrality, which is n x 1e-15 of the share. */
const farNoncentrality = 1e10;

/** The noncentrality at which so large an F has probability alpha, as a share of variance: l / (l + n). */
function limitOfShare({ statistic, degreesBetween, degreesWithin, n, alpha, pValue }: Limit): number {
  if (pValue >= alpha) return 0;
  // So far out the numerator hardly varies beside its mean: only the variance within groups does, and it is a chi-squared.
  const product = degreesBetween * statistic;
  if (product > farNoncentrality) {
    const noncentrality = (product * chiSquared(degreesWithin).quantile(alpha)) / degreesWithin;
    return Number.isFinite(noncentrality) ? noncentrality / (noncentrality + n) : 1;
  }
  const excess = (log: number): number => {
    const tail = noncentralF(degreesBetween, degreesWithin, Math.exp(log)).survival(statistic);
    return Math.log(Math.max(tail, 1e-300)) - Math.log(alpha);
  };
  const noncentrality = Math.exp(rootNear(excess, Math.log(Math.max(1e-6, degreesBetween * statistic)), true, 0.5));
  return noncentrality / (noncentrality + n);
}

function warningsOf(groups: readonly PowerSums[]): readonly string[] {
  const variances = groups.flatMap((group) => (group.n > 1 ? [(momentsOf(group)?.m2 ?? 0) / (group.n - 1)] : []));
  const sizes = groups.map(({ n }) => n);
  const uneven = Math.max(...variances) > 4 * Math.min(...variances) && Math.max(...sizes) > 1.5 * Math.min(...sizes);
  return uneven
    ? ["variances differ more than fourfold between groups of different size: the level is not kept; compare pairs by Welch's test"]
    : [];
}
