/** Two proportions, the Bayesian way: beta priors, binomial data. */
import { normalQuantile } from "../distributions/index.ts";
import { estimated, undetermined } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { rootNear } from "../numerics/root.ts";
import { chanceAbove, differenceCdf, expectedExcess, ratioCdf } from "./beta-comparison.ts";
import { type BetaPosterior, betaPosterior } from "./beta-posterior.ts";

/** Successes of trials. */
export interface Counts {
  readonly successes: number;
  readonly trials: number;
}

/** Two groups, one beta prior for each of them, and the level of the credible intervals. */
export interface BayesianProportionsOptions {
  readonly control: Counts;
  readonly treatment: Counts;
  readonly prior: { readonly a: number; readonly b: number };
  readonly level: number;
}

/**
 * The difference of two proportions under independent beta posteriors: posterior mean and equal-tailed credible interval, lift and log ratio by their
 * posterior medians and intervals, chance to win and expected losses. All by quadrature, none by simulation. No trial at all: Undetermined.
 * Source: Gelman et al. (2013), Bayesian Data Analysis, section 2.4; expected loss: Stucchio (2015).
 */
export function bayesianProportions({ control, treatment, prior, level }: BayesianProportionsOptions): Found {
  if (control.trials + treatment.trials === 0) return undetermined("no trial in either group", "at least one trial");
  const posterior = ({ successes, trials }: Counts): BetaPosterior => betaPosterior(prior.a + successes, prior.b + (trials - successes));
  const [t, c] = [posterior(treatment), posterior(control)];
  const n = control.trials + treatment.trials;
  const tail = (1 - level) / 2;
  const value = t.mean - c.mean;
  const deviation = Math.sqrt(t.variance + c.variance);
  const difference = (p: number): number => differenceQuantile(t, c, p, { value, deviation });
  const logRatio = (p: number): number => logRatioQuantile(t, c, p);
  const [low, middle, high] = [logRatio(tail), logRatio(0.5), logRatio(1 - tail)];
  // Rounding may turn the ends of an interval round that has no width in doubles.
  const ordered = (...ends: readonly number[]) => ({ lower: Math.min(...ends), upper: Math.max(...ends) });
  const method = "beta-binomial posterior";
  const assumptions = ["units are independent", "the prior is what was believed before the data"];
  return finding({
    estimate: estimated({
      value,
      lower: difference(tail),
      upper: difference(1 - tail),
      level,
      standardError: deviation,
      method,
      n,
      assumptions,
    }),
    relative: within(middle, high)
      ? estimated({ value: Math.expm1(middle), ...ordered(Math.expm1(low), Math.expm1(high)), level, method: `${method}, median`, n })
      : undetermined("the lift's interval is wider than a number can hold", "a success in the control, or a prior with a success"),
    logRatio: estimated({ value: middle, ...ordered(low, high), level, method: `${method}, median`, n }),
    details: {
      chanceToWin: chanceAbove(t, c),
      chanceToLose: chanceAbove(c, t),
      expectedLossOfTreatment: expectedExcess(c, t),
      expectedLossOfControl: expectedExcess(t, c),
      controlMean: c.mean,
      treatmentMean: t.mean,
    },
    warnings: control.trials === 0 || treatment.trials === 0 ? ["A group has no trial: its part of this is the prior alone."] : [],
  });
}

function within(...logs: readonly number[]): boolean {
  return logs.every((log) => log < 700);
}

function differenceQuantile(
  t: BetaPosterior,
  c: BetaPosterior,
  p: number,
  { value, deviation }: { readonly value: number; readonly deviation: number },
): number {
  // The law ends at -1 and 1; beyond, a line keeps the search monotone.
  const excess = (d: number): number => (d <= -1 ? d + 1 - p : d >= 1 ? d - p : differenceCdf(t, c, d) - p);
  const start = Math.max(Math.min(value + normalQuantile(p) * deviation, 1 - deviation / 4), -1 + deviation / 4);
  return Math.max(Math.min(rootNear(excess, start, true, deviation / 8), 1), -1);
}

function logRatioQuantile(t: BetaPosterior, c: BetaPosterior, p: number): number {
  const width = Math.sqrt(t.variance / t.mean ** 2 + c.variance / c.mean ** 2);
  return rootNear((log) => ratioCdf(t, c, Math.exp(log)) - p, Math.log(t.mean / c.mean) + normalQuantile(p) * width, true, width / 8);
}
