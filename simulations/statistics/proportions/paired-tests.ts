/** Tests of two answers of the same entities: McNemar's, and the exact ones. */
import { estimated, undetermined } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { fallingRoot, justAbove } from "../numerics/root.ts";
import { binomialFamily, shareOf } from "./discrete-family.ts";
import { exactTest } from "./exact-test.ts";
import { tangoRestrictedVariance } from "./paired-proportions.ts";
import { boundsOf, type Claim, corrected, correctionAtBound, criticalOf, normalPValue } from "./statement.ts";

/** A 2 x 2 table of pairs: yes under both, only under the second, only under the first, under neither. */
export interface PairTable {
  readonly both: number;
  readonly onlySecond: number;
  readonly onlyFirst: number;
  readonly neither: number;
}

export const pairsIndependent: readonly string[] = ["entities are drawn independently", "each gives both answers"];

/**
 * Second proportion minus first by the score test, which is McNemar's at no difference, with Tango's interval. Edwards' correction brings |b - c - n δ| nearer to 0 by
 * 1, in test and interval alike, never past 0: R's mcnemar.test. No pair: Undetermined. No discordant pair at no difference: the interval stands, and there is no p-value.
 * Sources: McNemar (1947), Psychometrika 12, 153-157; Edwards (1948), Psychometrika 13, 185-187; Tango (1998), Stat. Med. 17, 891-908.
 *
 * @example
 * const pairs = { both: 40, onlySecond: 25, onlyFirst: 10, neither: 25 };
 * mcnemar({ ...pairs, nullDifference: 0, alternative: "two-sided", level: 0.95 }).test.statistic.toFixed(6)
 * // => "2.535463"
 */
export function mcnemar(options: PairTable & Claim & { readonly nullDifference: number; readonly continuityCorrection?: boolean }): Found {
  const { both, onlySecond, onlyFirst, neither, nullDifference, alternative, level, continuityCorrection = false } = options;
  const n = both + onlySecond + onlyFirst + neither;
  if (n === 0) return undetermined("no pair in the table", "at least one entity with both answers");
  const discordant = onlySecond + onlyFirst;
  const correction = continuityCorrection ? Math.min(1, Math.abs(onlySecond - onlyFirst - n * nullDifference)) : 0;
  const by = { n, critical: criticalOf(options), correction };
  const bounds = boundsOf(
    { alternative, level },
    { lower: () => -upperBound(onlyFirst, onlySecond, by), upper: () => upperBound(onlySecond, onlyFirst, by) },
  );
  const statistic = scoreStatistic(onlySecond, onlyFirst, nullDifference, by);
  const words = continuityCorrection ? ", continuity-corrected" : "";
  return finding({
    estimate: estimated({
      value: (onlySecond - onlyFirst) / n,
      ...bounds,
      method: `Tango score, paired${words}`,
      n,
      assumptions: pairsIndependent,
    }),
    test:
      statistic === undefined
        ? undefined
        : {
            name: `McNemar score${words}`,
            statistic,
            pValue: normalPValue(statistic, alternative),
            alternative,
            nullValue: nullDifference,
          },
    details: { discordant },
    warnings: discordantWarnings(discordant, statistic),
  });
}

/** What is said of few discordant pairs, and of a score statistic that is 0 / 0 for want of any. */
export function discordantWarnings(discordant: number, statistic: number | undefined): readonly string[] {
  if (statistic === undefined)
    return ["No pair is discordant: under no difference the statistic is 0 / 0, so that there is no p-value. The interval needs none."];
  return discordant < 25 ? ["Fewer than 25 discordant pairs: the level is approximate. The exact test conditions on them."] : [];
}

interface ScoreParts {
  readonly n: number;
  readonly critical: number;
  readonly correction: number;
}

function scoreStatistic(onlySecond: number, onlyFirst: number, difference: number, parts: ScoreParts): number | undefined {
  if (difference < 0 || (difference === 0 && onlySecond < onlyFirst)) {
    const swapped = scoreStatistic(onlyFirst, onlySecond, 0 - difference, parts);
    return swapped === undefined ? undefined : 0 - swapped;
  }
  const { n, correction } = parts;
  const variance = n * tangoRestrictedVariance(onlySecond, onlyFirst, n, difference);
  return variance === 0 ? undefined : corrected(onlySecond - onlyFirst - n * difference, correction) / Math.sqrt(variance);
}

function upperBound(onlySecond: number, onlyFirst: number, { n, critical, correction }: ScoreParts): number {
  if (onlySecond === n && critical > 0) return 1;
  const outward = correctionAtBound(critical, correction);
  const score = (difference: number): number =>
    onlySecond -
    onlyFirst -
    n * difference +
    outward +
    critical * Math.sqrt(n * tangoRestrictedVariance(onlySecond, onlyFirst, n, difference));
  const value = (onlySecond - onlyFirst) / n;
  return critical + outward > 0 ? fallingRoot(score, justAbove(value), 1) : fallingRoot(score, -1, value);
}

/**
 * The exact test of paired answers: of the discordant pairs, the share that is yes under the second only, against 1/2, with the exact interval of that share. `mid-p`
 * counts half of the observed outcome. The odds ratio is share / (1 - share), and so are its ends. No discordant pair: Undetermined.
 * Source: Fagerland, Lydersen and Laake (2013), BMC Med. Res. Methodol. 13, 91.
 */
export function mcnemarExact(options: PairTable & Claim & { readonly method: "central" | "mid-p" }): Found {
  const { onlySecond, onlyFirst, method, alternative, level } = options;
  const discordant = onlySecond + onlyFirst;
  if (discordant === 0) return undetermined("no pair is discordant", "entities whose two answers differ");
  const answer = exactTest(binomialFamily({ trials: discordant, near: onlySecond, nullShare: 0.5 }), onlySecond, {
    method,
    alternative,
    level,
    nullNatural: 0,
  });
  const bounds = boundsOf({ alternative, level }, { lower: () => shareOf(answer.lower), upper: () => shareOf(answer.upper) });
  const name = method === "central" ? "McNemar exact" : "McNemar mid-p";
  return finding({
    estimate: estimated({
      value: onlySecond / discordant,
      ...bounds,
      method: `${name}, share of discordant pairs`,
      n: discordant,
      assumptions: pairsIndependent,
    }),
    test: { name, pValue: answer.pValue, alternative, nullValue: 0.5 },
    details: {
      discordant,
      ...(onlyFirst === 0 ? {} : { oddsRatio: onlySecond / onlyFirst }),
      ...(alternative === "less" ? {} : { oddsRatioLower: Math.exp(answer.lower) }),
      // Without a pair that is yes under the first only nothing bounds the ratio.
      ...(alternative === "greater" || onlyFirst === 0 ? {} : { oddsRatioUpper: Math.exp(answer.upper) }),
    },
  });
}
