/** Asymptotic confidence sequences: an estimate with a standard error, watched at every unit. */
import { invariant } from "../../../data/foundation/index.ts";
import type { Alternative } from "../finding.ts";
import { rootBetween } from "../numerics/root.ts";
import { normalMixture } from "./mixtures.ts";

/** One look at an estimate that is an average over units, up to what vanishes. */
export interface Look {
  readonly estimate: number;
  readonly standardError: number;
  /** Units enrolled so far, both groups together. */
  readonly n: number;
}

/** How a sequence is made: the number of units at which it is tightest, its level and its side. */
export interface SequenceOptions {
  readonly tunedFor: number;
  readonly level: number;
  readonly alternative: Alternative;
}

/**
 * The precision of the normal mixture whose two-sided sequence is tightest at n units: n / (y - 1), y - log y = 1 + 2 log(1 / alpha). One-sided
 * sequences take that of twice the alpha, at most a half. Source: Waudby-Smith et al. (2024), Ann. Stat. 52, 2613-2640, appendix B.2, by Lambert's W.
 *
 * @example
 * optimalPrecision({ tunedFor: 1000, level: 0.95, alternative: "two-sided" }).toFixed(3)
 * // => "121.773"
 */
export function optimalPrecision({ tunedFor, level, alternative }: SequenceOptions): number {
  // One-sided at a level below three quarters, a tuning for it would widen the sequence at other times beyond that of a higher level.
  const alpha = alternative === "two-sided" ? 1 - level : Math.min(2 * (1 - level), 0.5);
  const target = 1 - 2 * Math.log(alpha);
  const y = rootBetween((value) => value - Math.log(value) - target, 1, 2 * target + 4);
  return tunedFor / (y - 1);
}

/**
 * How many standard errors wide the sequence is to one side after n units.
 * Source: Waudby-Smith et al. (2024), theorem 2.2; one-sided: Howard et al. (2021), proposition 6.
 */
export function sequenceWidth(n: number, options: SequenceOptions): number {
  invariant(n > 0 && options.tunedFor > 0, `${n} units, tuned for ${options.tunedFor}`);
  const rho = optimalPrecision(options);
  const alpha = 1 - options.level;
  if (options.alternative === "two-sided") return Math.sqrt((1 + rho / n) * (Math.log1p(n / rho) - 2 * Math.log(alpha)));
  const logValue = normalMixture(rho, 1);
  const root = Math.sqrt(n);
  const excess = (width: number): number => logValue(width * root, n) + Math.log(alpha);
  let far = 8;
  while (excess(far) < 0) far *= 2;
  return rootBetween(excess, -far, far);
}

/** The always-valid p-value of a look against a null value: 1 over the mixture martingale, at most 1. */
export function sequencePValue(look: Look, options: SequenceOptions, nullValue: number): number {
  const { estimate, standardError, n } = look;
  invariant(standardError > 0, `a standard error of ${standardError}`);
  const z = (options.alternative === "less" ? nullValue - estimate : estimate - nullValue) / standardError;
  const value = normalMixture(optimalPrecision(options), options.alternative === "two-sided" ? 2 : 1)(z * Math.sqrt(n), n);
  return Math.min(1, Math.exp(-value));
}
