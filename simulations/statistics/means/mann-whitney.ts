/** Mann-Whitney: does one arm tend to larger values, and by which shift. */
import { outOfRange } from "../effect.ts";
import { estimated, type Undetermined, undetermined } from "../estimate.ts";
import { type Alternative, type Found, finding } from "../finding.ts";
import { pairwiseDifferences } from "./ordered-sums.ts";
import { midranksOf, type Placements, placementsOf } from "./placements.ts";
import { ascendingOf } from "./quantile.ts";
import { drawnSum } from "./rank-distributions.ts";
import { type CountNull, countPValue, holds, shiftsNotRejected, tieTerm } from "./rank-inversion.ts";
import { sampleOf } from "./sample.ts";

/** What is asked. */
export interface RankOptions {
  readonly level: number;
  readonly alternative: Alternative;
  /** The shift under the null hypothesis. */
  readonly nullValue: number;
  /** `auto` counts exactly when there are no ties and fewer than 50 units an arm, as R does. */
  readonly method: "auto" | "exact" | "normal";
  /** Half a unit towards the centre in the normal approximation. */
  readonly continuityCorrection: boolean;
}

/** Steps of exact counting, at most: about half a second. */
const countingStepsMax = 200_000_000;

/**
 * The Mann-Whitney (Wilcoxon rank-sum) test. The estimate is the Hodges-Lehmann shift, the median of all treatment minus control differences, with the shifts that the
 * same test does not reject. Where ties make the test and that interval disagree about the null value, or leave a single shift, the estimate is the probability
 * of superiority with its standard error and without an interval, and a warning says so. Exact p by counting (with ties: the permutation distribution of midranks),
 * otherwise normal with tie correction; two-sided p is twice the smaller tail. No unit in an arm, or all values equal: Undetermined.
 * Sources: Mann and Whitney (1947), Ann. Math. Stat. 18, 50-60; Hodges and Lehmann (1963), Ann. Math. Stat. 34, 598-611.
 *
 * @example
 * const options = { level: 0.95, alternative: "two-sided", nullValue: 0, method: "auto", continuityCorrection: true };
 * mannWhitney({ control: [1, 2, 3, 4], treatment: [5, 6, 7, 8] }, options).test.pValue.toFixed(12)
 * // => "0.028571428571"
 */
export function mannWhitney(
  arms: { readonly control: ArrayLike<number>; readonly treatment: ArrayLike<number> },
  options: RankOptions,
): Found {
  const [control, treatment] = [ascendingOf(arms.control), ascendingOf(arms.treatment)];
  const [m, n] = [control.length, treatment.length];
  if (m === 0 || n === 0) return undetermined("an arm has no unit", "at least one unit in each arm");
  if (
    !Number.isFinite(
      Math.max(control[m - 1] as number, treatment[n - 1] as number) - Math.min(control[0] as number, treatment[0] as number),
    )
  )
    return outOfRange();
  const { alternative, nullValue } = options;
  const shifted = treatment.map((value) => value - nullValue);
  const placements = placementsOf(control, shifted);
  const together = ascendingOf([...control, ...shifted]);
  const law = lawOf(together, m, n, options);
  if (law.kind === "undetermined") return law;
  const pValue = countPValue(placements.wins, m * n, law, alternative);
  const estimate = shiftEstimate({ control, treatment, together }, law, options, pValue);
  const superiority = placements.wins / (m * n);
  const common = {
    test: {
      name: `Mann-Whitney, ${law.kind === "exact" ? "exact" : "normal"}`,
      statistic: placements.wins,
      pValue,
      alternative,
      nullValue,
    },
    details: { u: placements.wins, probabilityOfSuperiority: superiority, controlUnits: m, treatmentUnits: n },
  };
  if (estimate !== undefined) return finding({ estimate, ...common, warnings: [] });
  const standardError = superiorityError(placements);
  return finding({
    estimate: estimated({ value: superiority, standardError, method: "probability of superiority", n: m + n, assumptions }),
    ...common,
    test: { ...common.test, nullValue: 0.5 },
    warnings: [
      "Ties: no interval of shifts agrees with this p-value, so the estimate is the probability of superiority without an interval; the Brunner-Munzel test gives one.",
      ...(nullValue === 0
        ? []
        : [`The null hypothesis is a shift of ${nullValue}: the probability is that of treatment minus ${nullValue}.`]),
    ],
  });
}

const assumptions = [
  "units are drawn independently, in both arms",
  "under the null hypothesis both arms have one distribution",
  "the shift describes the effect only if the arms differ by a shift",
];

function lawOf(together: Float64Array, m: number, n: number, { method, continuityCorrection }: RankOptions): CountNull | Undetermined {
  const ties = tieTerm(together);
  if (together[0] === together[together.length - 1]) return undetermined("all values are equal, so ranks say nothing", "values that vary");
  if (method === "normal" || (method === "auto" && (ties > 0 || m >= 50 || n >= 50))) {
    return { kind: "normal", standardDeviation: winsDeviation(ties, m, n), correction: continuityCorrection ? 0.5 : 0 };
  }
  return countedLaw(together, m, n, ties > 0);
}

/** Wins of the treatment when every choice of n of all units is equally likely. */
function countedLaw(together: Float64Array, m: number, n: number, tied: boolean): CountNull | Undetermined {
  // Midranks from 0; doubled when there are ties, so that they are whole.
  const factor = tied ? 2 : 1;
  const scores = Array.from(midranksOf(together), (rank) => factor * (rank - 1));
  const size = Math.min(m, n);
  const largest = scores.slice(-size).reduce((sum, score) => sum + score, 0);
  if (together.length * size * largest > countingStepsMax) {
    return undetermined("too many units to count every allocation", "the normal approximation, which is good for so many units");
  }
  const drawn = drawnSum(scores, size);
  // The sum of scores of a group of k is its wins plus k (k - 1) / 2.
  const sumOf = (wins: number): number => factor * (wins + (size * (size - 1)) / 2);
  const ofGroup = {
    atMost: (wins: number) => drawn.atMost(Math.round(sumOf(wins))),
    atLeast: (wins: number) => drawn.atLeast(Math.round(sumOf(wins))),
    quantile: (tail: number) => drawn.quantile(tail) / factor - (size * (size - 1)) / 2,
  };
  if (size === n) return { kind: "exact", distribution: ofGroup };
  // Wins of the treatment are all pairs less the control's wins.
  return {
    kind: "exact",
    distribution: { atMost: (x) => ofGroup.atLeast(m * n - x), atLeast: (x) => ofGroup.atMost(m * n - x), quantile: ofGroup.quantile },
  };
}

function shiftEstimate(
  { control, treatment, together }: Readonly<Record<"control" | "treatment" | "together", Float64Array>>,
  law: CountNull,
  options: RankOptions,
  pValue: number,
): ReturnType<typeof estimated> | undefined {
  const [m, n] = [control.length, treatment.length];
  const withinTies = tieTerm(control) + tieTerm(treatment);
  // With ties the counted distribution depends on where the arms lie: there is no one law for all shifts.
  if (law.kind === "exact" && tieTerm(together) > 0) return undefined;
  const between: CountNull = law.kind === "exact" ? law : { ...law, standardDeviation: winsDeviation(withinTies, m, n) };
  const pairs = pairwiseDifferences(control, treatment);
  const shifts = shiftsNotRejected(pairs, between, options);
  if (shifts === undefined || holds(shifts, options.nullValue) !== pValue >= 1 - options.level) return undefined;
  return estimated({ value: pairs.median, ...shifts, method: "Hodges-Lehmann shift", n: m + n, assumptions });
}

/** The standard deviation of the wins under the null hypothesis. */
function winsDeviation(ties: number, m: number, n: number): number {
  const all = m + n;
  return Math.sqrt(((m * n) / 12) * (all + 1 - ties / (all * (all - 1))));
}

function superiorityError({ ofControl, ofTreatment }: Placements): number | undefined {
  const [c, t] = [sampleOf({ values: ofControl }), sampleOf({ values: ofTreatment })];
  if (c.n < 2 || t.n < 2) return undefined;
  return Math.hypot(c.standardDeviation / Math.sqrt(c.n), t.standardDeviation / Math.sqrt(t.n));
}
