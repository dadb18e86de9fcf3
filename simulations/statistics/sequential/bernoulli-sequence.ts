/** A proportion at all times at once: the beta-binomial mixture, inverted. */
import { invariant } from "../../../data/foundation/index.ts";
import { rootBetween } from "../numerics/root.ts";
import { logBetaBinomialRatio } from "./beta-binomial-ratio.ts";
import { mixturePrecision } from "./mixtures.ts";

/** Successes of trials so far, and the number of trials that the sequence is tightest at. */
export interface BernoulliSequence {
  readonly successes: number;
  readonly trials: number;
  readonly tunedFor: number;
  /** Alpha that the tuning is for. */
  readonly tunedAlpha: number;
}

/**
 * The log of the beta-binomial mixture martingale against a proportion p in (0, 1): a Beta(k p, k (1 - p)) mixture of likelihood ratios, k
 * from the tuning. Source: Howard et al. (2021), proposition 7, with increments between -p and 1 - p.
 */
export function logBernoulliMartingale({ successes, trials, tunedFor, tunedAlpha }: BernoulliSequence, p: number): number {
  return logBetaBinomialRatio({ ups: successes, downs: trials - successes, share: p, size: priorSize(tunedFor, tunedAlpha) });
}

/** The mixing law's trials: the same at every p, because the tuned variance is p (1 - p) times the tuned trials. */
function priorSize(tunedFor: number, alpha: number): number {
  return Math.max(mixturePrecision({ variance: tunedFor, alpha }, 2) - 1, 1e-3);
}

/**
 * All proportions against which the martingale has not reached 1 / alpha. With at most one success (failure) nothing near 0 (1) is ruled out: the
 * bound is exactly 0 (1). No trials: [0, 1].
 *
 * @example
 * bernoulliSequence({ successes: 1, trials: 50, tunedFor: 50, tunedAlpha: 0.05 }, 0.05).lower
 * // => 0
 */
export function bernoulliSequence(sequence: BernoulliSequence, alpha: number): { readonly lower: number; readonly upper: number } {
  const { successes, trials } = sequence;
  invariant(successes >= 0 && successes <= trials && alpha > 0 && alpha < 1, `${successes} of ${trials}, alpha ${alpha}`);
  if (trials === 0) return { lower: 0, upper: 1 };
  // The bound from above is the mirror of the bound from below, so that swapping success and failure mirrors it to the last bit.
  const mirrored = { ...sequence, successes: trials - successes };
  return { lower: lowerBound(sequence, alpha), upper: 1 - lowerBound(mirrored, alpha) };
}

function lowerBound(sequence: BernoulliSequence, alpha: number): number {
  const { successes, trials } = sequence;
  if (successes <= 1) return 0;
  const share = successes / trials;
  const excess = (p: number): number => logBernoulliMartingale(sequence, p) + Math.log(alpha);
  const logit = (x: number): number => 1 / (1 + Math.exp(-x));
  const top = share === 1 ? 37 : Math.log(share / (1 - share));
  if (share === 1 && excess(logit(top)) > 0) return 1;
  let low = top - 1;
  while (excess(logit(low)) <= 0 && low > -700) low = top - 2 * (top - low);
  if (low <= -700) return 0;
  return logit(rootBetween((x) => excess(logit(x)), low, top));
}
