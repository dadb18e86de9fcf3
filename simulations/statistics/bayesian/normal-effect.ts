/** The effect on a mean, the Bayesian way: normal likelihood, a flat, weak or stated prior on the absolute or the relative effect. */
import { criticalValue } from "../distributions/index.ts";
import { outOfRange } from "../effect.ts";
import { estimated, undetermined } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { relativeEffects } from "../relative-set.ts";
import { chancePositive, expectedShortfall, type NormalLaw, normalPosterior, type Prior, priorDisagreement } from "./normal-posterior.ts";

/** A group's units, mean and sample variance. */
export interface MeanOfGroup {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
}

/** `weak`: mean 0, as informative as one unit of each group. */
export type StatedPrior = Prior | { readonly kind: "weak" };

/** Two groups, the prior of the effect, and the scale that effect and prior are on. */
export interface BayesianMeansOptions {
  readonly control: MeanOfGroup;
  readonly treatment: MeanOfGroup;
  readonly prior: StatedPrior;
  readonly scale: "absolute" | "relative";
  readonly level: number;
}

const assumptions = ["the means are approximately normal", "the prior is what was believed before the data"];

/**
 * The effect's posterior mean and credible interval, chance to win and expected losses. On the absolute scale the lift and the log ratio come from the
 * joint posterior of both means by inversion, so that their sets exclude no effect exactly when the effect's does. On the relative scale the lift is
 * taken as normal with its delta-method variance, as experiment platforms do, and the prior is on the lift. Fewer than two units in a group, no
 * spread, or a lift over a control that is not positive: Undetermined.
 * Source: Gelman et al. (2013), Bayesian Data Analysis, section 2.5; weak prior: Kass and Wasserman (1995), J. Am. Stat. Assoc. 90, 928-934.
 */
export function bayesianMeans(options: BayesianMeansOptions): Found {
  const { control, treatment, scale } = options;
  if (control.n < 2 || treatment.n < 2) return undetermined("a group has fewer than two units", "at least two units in each group");
  const [vc, vt] = [control.variance / control.n, treatment.variance / treatment.n];
  if (!(vc + vt > 0)) return undetermined("no unit differs from another in its group", "units that differ");
  if (![control.mean, treatment.mean, vc, vt].every((part) => Math.abs(part) < 1e150) || vc + vt < 1e-290) {
    return undetermined("the means or variances are beyond the numbers that can be weighed", "outcomes in another unit");
  }
  return scale === "absolute" ? absoluteEffect(options, vc, vt) : relativeEffect(options, vc, vt);
}

function absoluteEffect({ control, treatment, prior, level }: BayesianMeansOptions, vc: number, vt: number): Found {
  const data = { mean: treatment.mean - control.mean, variance: vc + vt };
  const posterior = normalPosterior(data, statedPrior(prior, control.variance + treatment.variance));
  // Given the effect, the control's mean is the precision-weighted mean of itself and the treatment's mean less the effect.
  const share = vt / (vc + vt);
  const controlMean = share * control.mean + (1 - share) * (treatment.mean - posterior.mean);
  const controlVariance = (1 - share) ** 2 * posterior.variance + share * vc;
  const withEffect = -(1 - share) * posterior.variance;
  const n = control.n + treatment.n;
  const method = "normal posterior";
  return finding({
    ...told(posterior, { method, n, level }),
    ...relativeEffects(
      {
        treatment: controlMean + posterior.mean,
        control: controlMean,
        treatmentVariance: controlVariance + posterior.variance + 2 * withEffect,
        controlVariance,
        covariance: controlVariance + withEffect,
      },
      { width: criticalValue(level), level, alternative: "two-sided", n, method: `${method}; ratio by inversion (Fieller)` },
    ),
    warnings: warningsOf({ control, treatment, prior }, data),
  });
}

/** Below this many units in a group its variance is not as good as known, which the normal posterior takes it to be. */
const unitsMin = 30;

function warningsOf(
  { control, treatment, prior }: Pick<BayesianMeansOptions, "control" | "treatment" | "prior">,
  data: NormalLaw,
): readonly string[] {
  const few = Math.min(control.n, treatment.n);
  const disagreement = prior.kind === "normal" ? priorDisagreement(data, prior) : undefined;
  return [
    ...(few < unitsMin ? [`A group has ${few} units: its variance is taken as known, and the interval is too short.`] : []),
    ...(disagreement === undefined ? [] : [disagreement]),
  ];
}

function relativeEffect({ control, treatment, prior, level }: BayesianMeansOptions, vc: number, vt: number): Found {
  if (!(control.mean > 0)) return undetermined("a lift needs a control above 0", "an outcome whose control value is positive");
  const ratio = treatment.mean / control.mean;
  const variance = (vt + ratio * ratio * vc) / control.mean / control.mean;
  if (!Number.isFinite(ratio) || !Number.isFinite(variance) || variance === 0) {
    return undetermined("the control is too near 0 for a lift that a number can hold", "an outcome whose control value is farther from 0");
  }
  const unit = (treatment.variance + ratio * ratio * control.variance) / control.mean / control.mean;
  if (!(variance > 1e-290 && variance < 1e290 && Math.abs(ratio) < 1e150)) {
    return undetermined("the lift is beyond the numbers that can be weighed", "an outcome whose control value is farther from 0");
  }
  const posterior = normalPosterior({ mean: ratio - 1, variance }, statedPrior(prior, unit));
  const distance = control.mean / Math.sqrt(vc);
  return finding({
    ...told(posterior, { method: "normal posterior of the lift, delta method", n: control.n + treatment.n, level }),
    warnings: [
      ...warningsOf({ control, treatment, prior }, { mean: ratio - 1, variance }),
      ...(distance < 10
        ? [
            `The control's mean is only ${distance.toFixed(1)} standard errors from 0: the delta method's lift is skewed there; take the absolute scale.`,
          ]
        : []),
    ],
  });
}

/** A weak prior is as informative as a single unit of each group: its variance is that of the difference of two units. */
function statedPrior(prior: StatedPrior, unitVariance: number): Prior {
  return prior.kind === "weak" ? { kind: "normal", mean: 0, standardDeviation: Math.sqrt(unitVariance) } : prior;
}

function told(posterior: NormalLaw, { method, n, level }: { readonly method: string; readonly n: number; readonly level: number }) {
  const deviation = Math.sqrt(posterior.variance);
  const spread = criticalValue(level) * deviation;
  const { mean } = posterior;
  const [lower, upper] = [mean - spread, mean + spread];
  const parts = { value: mean, lower, upper, level, standardError: deviation, method, n, assumptions };
  const mirrored = { ...posterior, mean: -mean };
  return {
    estimate: lower < upper ? estimated(parts) : outOfRange(),
    details: {
      chanceToWin: chancePositive(posterior),
      chanceToLose: chancePositive(mirrored),
      expectedLossOfTreatment: expectedShortfall(posterior),
      expectedLossOfControl: expectedShortfall(mirrored),
    },
  };
}
