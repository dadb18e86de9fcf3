/** One-way analysis of variance: whether several groups have one mean, with one variance for all or with a variance each. */
import { invariant } from "../../../data/foundation/index.ts";
import { chiSquared, fRatio, noncentralF } from "../distributions/index.ts";
import { estimated, undetermined } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { momentsOf, type PowerSums, squaresBetween } from "../numerics/index.ts";
import { rootNear } from "../numerics/root.ts";
import { sumOf } from "../sums.ts";
import type { Sample, SampleSummary } from "./sample.ts";

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

/** The same from counts, means and variances, which have been rounded already; a group's variance counts from its second unit on. */
function tableOfSummaries(groups: readonly SampleSummary[]): VarianceTable {
  const n = groups.reduce((sum, group) => sum + group.n, 0);
  const first = groups[0]?.mean ?? 0;
  const middle = sumOf(groups.map((group) => (group.n / n) * (group.mean - first)));
  return {
    between: sumOf(groups.map((group) => group.n * (group.mean - first - middle) ** 2)),
    within: sumOf(groups.map((group) => (group.n - 1) * group.variance)),
    degreesBetween: groups.length - 1,
    degreesWithin: n - groups.length,
  };
}

/** A group by the exact sums of its values, or by what sums them up. */
type AnovaGroup = PowerSums | SampleSummary;

function summaryOf(group: AnovaGroup): SampleSummary {
  if (!("sums" in group)) return group;
  const { n } = group;
  const { mean, m2 } = momentsOf(group) ?? { mean: 0, m2: 0 };
  return { n, mean, variance: n > 1 ? m2 / (n - 1) : 0 };
}

/**
 * The F test of one mean for all groups, with the share of the variance that lies between groups (eta squared) and a lower limit of it in the population
 * by the noncentral F: above 0 exactly when p < 1 - level. No variation within groups, or no unit to spare: Undetermined.
 * Source: Fisher (1925); Smithson (2003), Confidence Intervals, chapter 4, for the limit.
 */
export function anovaOneWay({ groups, level }: { readonly groups: readonly AnovaGroup[]; readonly level: number }): Found {
  const filled = groups.filter(({ n }) => n > 0);
  if (filled.length < 2) return tooFewGroups();
  const exact = filled.flatMap((group) => ("sums" in group ? [group] : []));
  const table = exact.length === filled.length ? varianceTable(exact) : tableOfSummaries(filled.map(summaryOf));
  const { between, within, degreesBetween, degreesWithin } = table;
  if (degreesWithin === 0) return undetermined("each group has one unit: nothing shows how much units vary", "a second unit in some group");
  if (!Number.isFinite(between + within)) return undetermined("sums of squares are beyond 1e308", "the values in a larger unit");
  if (within === 0) return undetermined("no unit differs from its group's mean: F has no denominator", "groups whose units vary");
  const statistic = between / degreesBetween / (within / degreesWithin);
  const pValue = fRatio(degreesBetween, degreesWithin).survival(statistic);
  const n = filled.reduce((sum, group) => sum + group.n, 0);
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
    warnings: warningsOf(filled.map(summaryOf)),
  });
}

/**
 * Welch's F test of one mean for all groups, each with a variance of its own: F = (sum w (mean - m)² / (k - 1)) / (1 + 2 (k - 2) h / (k² - 1)) with w = n / variance,
 * m the mean weighted by w, and h = sum (1 - w / W)² / (n - 1), on k - 1 and (k² - 1) / (3 h) degrees of freedom. The share of variance between groups, and its lower
 * limit, are those of an F with these degrees. A group of one unit, or without variation: Undetermined. Source: Welch (1951), Biometrika 38, 330-336.
 *
 * @example
 * const groups = [[1, 2, 4], [3, 5, 6], [8, 8, 9]].map((values) => sampleOf({ values }));
 * anovaWelch({ groups, level: 0.95 }).test.statistic.toFixed(6)
 * // => "20.861538"
 */
export function anovaWelch({ groups, level }: { readonly groups: readonly Sample[]; readonly level: number }): Found {
  const filled = groups.filter(({ n }) => n > 0);
  const [first] = filled;
  if (first === undefined || filled.length < 2) return tooFewGroups();
  if (filled.some(({ n }) => n < 2))
    return undetermined("a group has one unit: nothing shows how much its units vary", "a second unit in each group");
  const deviations = filled.map(({ standardDeviation }) => standardDeviation);
  if (deviations.includes(0))
    return undetermined("the units of a group do not vary: its mean would weigh without end", "groups whose units vary");
  const least = Math.min(...deviations);
  const weights = filled.map(({ n, standardDeviation }) => n * (least / standardDeviation) ** 2);
  const whole = sumOf(weights);
  const offsets = filled.map(({ mean, meanRest }) => mean - first.mean + (meanRest - first.meanRest));
  const middle = sumOf(offsets.map((offset, at) => ((weights[at] as number) / whole) * offset));
  const distances = filled.map(({ n, standardDeviation }, at) => n * (((offsets[at] as number) - middle) / standardDeviation) ** 2);
  if (!Number.isFinite(distances.reduce((sum, part) => sum + part, 0)))
    return undetermined("F is beyond 1e308", "groups whose units vary more, beside their means");
  const rest = sumOf(filled.map(({ n }, at) => (1 - (weights[at] as number) / whole) ** 2 / (n - 1)));
  const degreesBetween = filled.length - 1;
  const pairs = filled.length ** 2 - 1;
  const degreesWithin = pairs / (3 * rest);
  const statistic = sumOf(distances) / degreesBetween / (1 + (2 * (filled.length - 2) * rest) / pairs);
  const pValue = fRatio(degreesBetween, degreesWithin).survival(statistic);
  const explained = degreesBetween * statistic;
  const units = degreesBetween + degreesWithin + 1;
  const lower = limitOfShare({ statistic, degreesBetween, degreesWithin, n: units, alpha: 1 - level, pValue });
  return finding({
    estimate: estimated({
      value: explained / (explained + degreesWithin),
      set: { kind: "at-least", lower, level },
      method: "eta squared of Welch's F, noncentral F",
      n: filled.reduce((sum, { n }) => sum + n, 0),
      assumptions: ["units are independent", "values are close to normal within groups"],
    }),
    test: { name: "Welch's F", statistic, degreesOfFreedom: [degreesBetween, degreesWithin], pValue, alternative: "greater", nullValue: 0 },
    warnings: filled.some(({ n }) => n < 10)
      ? ["A group has fewer than 10 units: the level holds only if the values are near normal."]
      : [],
  });
}

function tooFewGroups(): Found {
  return undetermined("fewer than two groups have units", "units in at least two groups");
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

function warningsOf(groups: readonly SampleSummary[]): readonly string[] {
  const variances = groups.flatMap(({ n, variance }) => (n > 1 ? [variance] : []));
  const sizes = groups.map(({ n }) => n);
  const uneven = Math.max(...variances) > 4 * Math.min(...variances) && Math.max(...sizes) > 1.5 * Math.min(...sizes);
  return uneven
    ? ["variances differ more than fourfold between groups of different size: the level is not kept; take Welch's analysis of variance"]
    : [];
}
