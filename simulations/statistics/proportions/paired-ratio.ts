/** The ratio of two proportions of the same entities, each looked at twice. */
import { invariant } from "../../../data/foundation/index.ts";
import { criticalValue } from "../distributions/index.ts";
import { type Estimated, estimated, type Undetermined, undetermined } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { fallingRoot } from "../numerics/root.ts";
import { discordantWarnings, type PairTable, pairsIndependent } from "./paired-tests.ts";
import { wilsonBounds } from "./proportion.ts";
import { type Bounds, boundlessSet, boundsOf, type Claim, criticalOf, normalPValue } from "./statement.ts";

/** Entities that did it both times, only the first, only the second; the others cancel. */
export interface PairedRatioOptions {
  readonly both: number;
  readonly firstOnly: number;
  readonly secondOnly: number;
  /** Entities in all. */
  readonly trials: number;
  readonly level: number;
}

/**
 * Second proportion over the first, (both + secondOnly) / (both + firstOnly), with the interval of its logarithm: standard error
 * sqrt((firstOnly + secondOnly) / ((both + firstOnly) (both + secondOnly))). Undetermined when either proportion is 0, and when nobody
 * changed between the two, where the standard error would be 0. Source: Lachenbruch and Lynch (1998), Stat. Med. 17, 2207-2217.
 *
 * @example
 * pairedRatio({ both: 0, firstOnly: 0, secondOnly: 3, trials: 10, level: 0.95 })
 * // => { kind: "undetermined", reason: "nobody did it the first time", wouldDetermine: "a larger sample" }
 */
export function pairedRatio({ both, firstOnly, secondOnly, trials, level }: PairedRatioOptions): Estimated {
  const [first, second] = [both + firstOnly, both + secondOnly];
  invariant(both + firstOnly + secondOnly <= trials, `${both + firstOnly + secondOnly} of ${trials}`);
  if (first === 0) return undetermined("nobody did it the first time", "a larger sample");
  if (second === 0) return undetermined("nobody did it the second time", "a larger sample");
  if (firstOnly + secondOnly === 0) return undetermined("nobody changed between the two", "a larger sample");
  const spread = criticalValue(level) * Math.sqrt((firstOnly + secondOnly) / (first * second));
  const value = second / first;
  return estimated({
    value,
    lower: value * Math.exp(-spread),
    upper: value * Math.exp(spread),
    level,
    method: "ratio of paired proportions, logarithm",
    n: trials,
    assumptions: ["entities are drawn independently"],
  });
}

/**
 * Second proportion over the first by the score test, with the interval of all ratios that it does not reject; at a ratio of 1 the test is McNemar's. Nobody the first
 * time: Undetermined, with the ratios that are not ruled out, and with the test. No pair: Undetermined. Turning the answers inverts everything.
 * Sources: Nam and Blackwelder (2002), Stat. Med. 21, 689-699; Tang, Tang and Chan (2003), Stat. Med. 22, 1217-1233.
 *
 * @example
 * const airway = { both: 1, onlySecond: 1, onlyFirst: 7, neither: 12 };
 * scorePairedRatio({ ...airway, nullRatio: 1, alternative: "two-sided", level: 0.95 }).estimate.interval.upper.toFixed(4)
 * // => "0.9069"
 */
export function scorePairedRatio(options: PairTable & Claim & { readonly nullRatio: number }): Found {
  const { both, onlySecond, onlyFirst, neither, nullRatio, alternative } = options;
  const n = both + onlySecond + onlyFirst + neither;
  const critical = criticalOf(options);
  const lower = (): number => -upperLogRatio(turned(options), critical);
  const upper = (): number => upperLogRatio(options, critical);
  const statistic = logRatioStatistic(options, Math.log(nullRatio));
  const method = "Tang score, paired ratio";
  const test =
    statistic === undefined
      ? undefined
      : { name: method, statistic, pValue: normalPValue(statistic, alternative), alternative, nullValue: nullRatio };
  const boundless = boundlessRatio(options, () => Math.exp(lower()));
  const warnings = discordantWarnings(onlySecond + onlyFirst, statistic);
  if (boundless !== undefined) return finding({ estimate: boundless, test, warnings });
  const value = (both + onlySecond) / (both + onlyFirst);
  const parts = { method, n, assumptions: pairsIndependent };
  const ends = (map: (log: number) => number): Bounds => boundsOf(options, { lower: () => map(lower()), upper: () => map(upper()) });
  return finding({
    estimate: estimated({ ...parts, value, ...ends(Math.exp) }),
    test,
    logRatio:
      value === 0
        ? undetermined("nobody did it the second time: the logarithm of 0", "entities that did it the second time")
        : estimated({ ...parts, value: Math.log(value), ...ends((log) => log) }),
    warnings,
  });
}

/**
 * Second proportion over the first from their two Wilson intervals, whose critical value is made smaller as the answers go together. Any count may be 0.
 * It has no test. Nobody the first time: Undetermined, with the ratios that are not ruled out. Source: Bonett and Price (2006), Stat. Med. 25, 3039-3047.
 *
 * @example
 * bonettPriceRatio({ both: 59, onlySecond: 6, onlyFirst: 16, neither: 80, level: 0.95 }).interval.upper.toFixed(4)
 * // => "0.9910"
 */
export function bonettPriceRatio({ both, onlySecond, onlyFirst, neither, level }: PairTable & { readonly level: number }): Estimated {
  const some = both + onlySecond + onlyFirst;
  const [first, second] = [both + onlyFirst, both + onlySecond];
  const errorOf = (count: number, without: number): number => Math.sqrt((without + 1) / (some + 2) / (count + 1));
  const together = Math.sqrt((onlySecond + onlyFirst + 2) / (first + 1) / (second + 1));
  const critical = (criticalValue(level) * together) / (errorOf(second, onlyFirst) + errorOf(first, onlySecond));
  const [before, after] = [wilsonBounds(first, some, critical), wilsonBounds(second, some, critical)];
  const claim = { alternative: "two-sided", level } as const;
  const pairs = { both, onlySecond, onlyFirst, neither };
  return (
    boundlessRatio({ ...pairs, ...claim }, () => after.lower / before.upper) ??
    estimated({
      value: second / first,
      lower: after.lower / before.upper,
      upper: after.upper / before.lower,
      level,
      method: "Bonett-Price hybrid Wilson, paired ratio",
      n: some + neither,
      assumptions: pairsIndependent,
    })
  );
}

/** Why the second proportion over the first is no number, if so, and which ratios are not ruled out all the same. */
function boundlessRatio(
  { both, onlySecond, onlyFirst, neither, ...claim }: PairTable & Claim,
  lower: () => number,
): Undetermined | undefined {
  if (both + onlyFirst > 0) return undefined;
  if (both + onlySecond + onlyFirst + neither === 0) return undetermined("no pair in the table", "at least one entity with both answers");
  const cure = "entities that did it the first time";
  if (onlySecond === 0)
    return undetermined("nobody did it either time: the ratio is 0 / 0", cure, { kind: "everything", level: claim.level });
  return undetermined("nobody did it the first time: the ratio is beyond every number", cure, boundlessSet(claim, lower));
}

/** The first answer for the second. */
function turned({ both, onlySecond, onlyFirst, neither }: PairTable): PairTable {
  return { both, onlySecond: onlyFirst, onlyFirst: onlySecond, neither };
}

/**
 * The score statistic of a log ratio; undefined where it is 0 / 0. With r = the ratio, e = r - 1 and t the share of largest likelihood, among those who did it at all,
 * of those who did it the first time only, (1 + r) m t² + (a e (1 + r) - d) t - c e = 0 (m did it at all, a the first time, c only then, d once), and the variance is
 * m ((1 + r) t + e). From a ratio of 1 on no term cancels; below, the answers are turned.
 */
function logRatioStatistic(pairs: PairTable, log: number): number | undefined {
  const { both, onlySecond, onlyFirst } = pairs;
  if (log < 0 || (log === 0 && onlySecond < onlyFirst)) {
    const other = logRatioStatistic(turned(pairs), 0 - log);
    return other === undefined ? undefined : 0 - other;
  }
  const excess = Math.expm1(log);
  const [first, discordant] = [both + onlyFirst, onlySecond + onlyFirst];
  const some = both + discordant;
  if (some === 0) return undefined;
  const leading = (2 + excess) * some;
  const middle = first * excess * (2 + excess) - discordant;
  const root = Math.sqrt(middle * middle + 4 * leading * onlyFirst * excess);
  const share = middle > 0 ? (2 * onlyFirst * excess) / (root + middle) : (root - middle) / (2 * leading);
  const variance = some * ((2 + excess) * share + excess);
  return variance === 0 ? undefined : (onlySecond - onlyFirst - first * excess) / Math.sqrt(variance);
}

/** The logarithm of the largest ratio that is not rejected; infinite where nobody did it the first time. */
function upperLogRatio(pairs: PairTable, critical: number): number {
  const [first, second] = [pairs.both + pairs.onlyFirst, pairs.both + pairs.onlySecond];
  if (first === 0 && critical >= 0) return Number.POSITIVE_INFINITY;
  // One-sided at a level of at most 0.5 every ratio above a value of 0 is rejected.
  if (second === 0 && critical <= 0) return Number.NEGATIVE_INFINITY;
  const score = (log: number): number => (logRatioStatistic(pairs, log) ?? 0) + critical;
  const value = Math.min(logMost, Math.max(-logMost, Math.log(second / first)));
  return critical > 0 ? fallingRoot(score, value, logMost) : fallingRoot(score, -logMost, value);
}

/** Ratios of counts of doubles, and of these to the square of a critical value, lie within exp(+-150). */
const logMost = 150;
