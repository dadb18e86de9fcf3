/** Wilcoxon's signed-rank test: pairs whose differences are symmetric about a centre. */
import { invariant } from "../../../data/foundation/index.ts";
import { outOfRange } from "../effect.ts";
import { estimated, undetermined } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import type { RankOptions } from "./mann-whitney.ts";
import { walshAverages } from "./ordered-sums.ts";
import { midranksOf } from "./placements.ts";
import { ascendingOf } from "./quantile.ts";
import { signedSum } from "./rank-distributions.ts";
import { type CountNull, countPValue, holds, shiftsNotRejected, tieTerm } from "./rank-inversion.ts";

/** Pairs to count exactly, at most. */
const countedPairsMax = 500;

/**
 * The signed-rank test of treatment minus control. The estimate is the pseudomedian, the median of all averages of two differences, with the centres that the same test
 * does not reject; differences equal to the null value are dropped from the test, as Wilcoxon did. Where ties make test and interval disagree about the null
 * value, the estimate is the share of averages above the null value, without an interval. Exact by counting when there are no ties and no dropped
 * pair (`auto`: below 50 pairs). No pair left: Undetermined. Sources: Wilcoxon (1945), Biometrics Bulletin 1, 80-83; Hollander, Wolfe and Chicken (2014), section 3.
 *
 * @example
 * const options = { level: 0.95, alternative: "two-sided", nullValue: 0, method: "auto", continuityCorrection: true };
 * signedRank({ control: [0, 0, 0, 0, 0, 0], treatment: [1, 2, 3, 4, 5, -6] }, options).test.pValue
 * // => 0.4375
 */
export function signedRank(
  pairs: { readonly control: ArrayLike<number>; readonly treatment: ArrayLike<number> },
  options: RankOptions,
): Found {
  const { alternative, nullValue, method, continuityCorrection, level } = options;
  invariant(pairs.control.length === pairs.treatment.length, "pairs of unequal length");
  const differences = ascendingOf(Array.from(pairs.treatment, (value, i) => value - (pairs.control[i] as number)));
  if (!differences.every(Number.isFinite)) return outOfRange();
  const moved = differences.map((value) => value - nullValue).filter((value) => value !== 0);
  const n = moved.length;
  if (n === 0) return undetermined("no pair differs from the null value", "at least one pair that does");
  const sizes = ascendingOf(moved.map(Math.abs));
  const ranks = midranksOf(sizes);
  const rankOf = new Map(Array.from(sizes, (size, i) => [size, ranks[i] as number]));
  const positive = moved.reduce((sum, value) => (value > 0 ? sum + (rankOf.get(value) as number) : sum), 0);
  const ties = tieTerm(sizes);
  const dropped = differences.length - n;
  const exactly = ties === 0 && dropped === 0;
  if (method === "exact" && (!exactly || n > countedPairsMax)) {
    return undetermined(
      exactly
        ? `${n} pairs are too many to count every sign`
        : "ties or differences equal to the null value: the counted distribution does not apply",
      "the normal approximation with tie correction",
    );
  }
  const correction = continuityCorrection ? 0.5 : 0;
  const normal = (count: number, tied: number): CountNull => ({
    kind: "normal",
    standardDeviation: Math.sqrt((count * (count + 1) * (2 * count + 1)) / 24 - tied / 48),
    correction,
  });
  const law: CountNull =
    exactly && (method === "exact" || (method === "auto" && n < 50)) ? { kind: "exact", distribution: signedSum(n) } : normal(n, ties);
  const size = (n * (n + 1)) / 2;
  const pValue = countPValue(positive, size, law, alternative);
  const averages = walshAverages(differences);
  const between = law.kind === "exact" ? law : normal(differences.length, tieTerm(differences));
  const shifts = shiftsNotRejected(averages, between, options);
  const agrees = shifts !== undefined && holds(shifts, nullValue) === pValue >= 1 - level;
  const value = agrees ? averages.median : positive / size;
  return finding({
    estimate: estimated({
      value,
      ...(agrees ? shifts : {}),
      method: agrees ? "pseudomedian (Hodges-Lehmann)" : "share of averages above the null value",
      n: differences.length,
      assumptions,
    }),
    test: { name: `Wilcoxon signed rank, ${law.kind}`, statistic: positive, pValue, alternative, nullValue: agrees ? nullValue : 0.5 },
    details: { v: positive, pairs: differences.length, droppedPairs: dropped },
    warnings: [
      ...(agrees
        ? []
        : [
            "Ties: no interval of centres agrees with this p-value, so the estimate is the share of averages above the null value, without an interval.",
          ]),
      ...(dropped > 0 ? [`${dropped} of ${differences.length} pairs equal the null value and are left out of the test.`] : []),
    ],
  });
}

const assumptions = ["pairs are drawn independently", "the differences are symmetric about their centre"];
