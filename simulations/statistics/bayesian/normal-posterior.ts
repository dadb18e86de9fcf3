/** A normal posterior of an effect: chance to win, expected loss, interval. */
import { normalCdf, normalDistribution } from "../distributions/index.ts";

/** What was believed of an effect before the data. `flat`: nothing; `normal`: a mean and a standard deviation. */
export type Prior = { readonly kind: "flat" } | { readonly kind: "normal"; readonly mean: number; readonly standardDeviation: number };

/** Mean and variance of a normal law. */
export interface NormalLaw {
  readonly mean: number;
  readonly variance: number;
}

/**
 * The posterior of an effect from its estimate and a prior: precisions add. Source: Gelman et al. (2013), Bayesian Data Analysis, section 2.5.
 *
 * @example
 * normalPosterior({ mean: 2, variance: 1 }, { kind: "normal", mean: 0, standardDeviation: 1 })
 * // => { mean: 1, variance: 0.5 }
 */
export function normalPosterior(data: NormalLaw, prior: Prior): NormalLaw {
  if (prior.kind === "flat") return data;
  const spread = prior.standardDeviation ** 2;
  const share = spread / (spread + data.variance);
  return { mean: prior.mean + share * (data.mean - prior.mean), variance: share * data.variance };
}

/** A sentence where the data lie more than two standard deviations of what the prior predicts from its mean; else undefined. */
export function priorDisagreement(
  data: NormalLaw,
  { mean, standardDeviation }: { readonly mean: number; readonly standardDeviation: number },
) {
  const apart = Math.abs(data.mean - mean) / Math.hypot(Math.sqrt(data.variance), standardDeviation);
  if (!(apart > 2)) return undefined;
  return `The data lie ${apart.toFixed(1)} standard deviations from what the prior expects: prior and data disagree, and the answer lies between them.`;
}

/** P(effect > 0). */
export function chancePositive({ mean, variance }: NormalLaw): number {
  return normalCdf(mean / Math.sqrt(variance));
}

/**
 * E[max(-effect, 0)]: what is lost on average by choosing what has the effect. In the far tail, where density and tail cancel, 1e-12 of it is still right
 * as long as it is a number at all.
 *
 * @example
 * expectedShortfall({ mean: 0, variance: 1 }).toFixed(12)
 * // => "0.398942280401"
 */
export function expectedShortfall({ mean, variance }: NormalLaw): number {
  const deviation = Math.sqrt(variance);
  const z = mean / deviation;
  const { density, survival } = normalDistribution(0, 1);
  return Math.max(0, deviation * density(z) - mean * survival(z));
}
