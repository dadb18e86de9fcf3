/**
 * Relative intervals as some experiment platforms publish them. They are here to reproduce those platforms' numbers and are not our
 * answer: each can exclude 0 where the test of the difference does not reject, or include it where it does. Use `relativeLift`.
 */
import { student } from "../distributions/index.ts";

/** Two means with their units' variances. */
export interface PublishedArms {
  readonly meanC: number;
  readonly varC: number;
  readonly nC: number;
  readonly meanT: number;
  readonly varT: number;
  readonly nT: number;
}

/** A lift with a symmetric or log-symmetric interval. */
export interface PublishedLift {
  readonly lift: number;
  readonly lower: number;
  readonly upper: number;
  readonly degreesOfFreedom: number;
}

/**
 * Variance of the difference, or of the relative lift by the delta method: varT / (nT mC²) + varC mT² / (nC mC⁴). As GrowthBook has it.
 *
 * @example
 * deltaVariance({ meanC: 7, varC: 2, nC: 4, meanT: 5, varT: 0.5, nT: 15 }, true).toFixed(5)
 * // => "0.00589"
 */
export function deltaVariance({ meanC, varC, nC, meanT, varT, nT }: PublishedArms, relative: boolean): number {
  if (!relative) return varC / nC + varT / nT;
  return varT / (nT * meanC ** 2) + (varC * meanT ** 2) / (nC * meanC ** 4);
}

/** The delta-method lift with a t interval at Welch's degrees of freedom of the absolute difference, and its own p-value (GrowthBook, PostHog, Eppo). */
export function deltaRelative(
  arms: PublishedArms,
  alpha: number,
): PublishedLift & { readonly standardError: number; readonly pValue: number } {
  const { meanC, varC, nC, meanT, varT, nT } = arms;
  const [c, t] = [varC / nC, varT / nT];
  const degreesOfFreedom = (c + t) ** 2 / (c ** 2 / (nC - 1) + t ** 2 / (nT - 1));
  const standardError = Math.sqrt(deltaVariance(arms, true));
  const lift = (meanT - meanC) / meanC;
  const reach = student(degreesOfFreedom).upperQuantile(alpha / 2) * standardError;
  const pValue = 2 * student(degreesOfFreedom).survival(Math.abs(lift) / standardError);
  return { lift, lower: lift - reach, upper: lift + reach, degreesOfFreedom, standardError, pValue };
}

/** The variances of two arms' estimates and their degrees of freedom. */
export interface LogTArms {
  readonly control: number;
  readonly treatment: number;
  readonly controlVariance: number;
  readonly treatmentVariance: number;
  readonly controlDegrees: number;
  readonly treatmentDegrees: number;
}

/**
 * The lift with an interval that is symmetric on the log scale: ratio x exp(± t SE) (tea-tasting). `welch`: SE² = vC/mC² + vT/mT², degrees of freedom by Welch-Satterthwaite
 * of these two terms; `normal`: the same with the normal distribution; `pooled`: the units' variances over squared means pooled over both arms. One-sided: the whole of 1 - level in
 * `tail`.
 */
export function logTRelative(arms: LogTArms, tail: number, variant: "welch" | "normal" | "pooled" = "welch"): PublishedLift {
  const [dC, dT] = [arms.controlDegrees, arms.treatmentDegrees];
  let [c, t] = [arms.controlVariance / arms.control ** 2, arms.treatmentVariance / arms.treatment ** 2];
  if (variant === "pooled") {
    const unit = (dC * c * (dC + 1) + dT * t * (dT + 1)) / (dC + dT);
    [c, t] = [unit / (dC + 1), unit / (dT + 1)];
  }
  const welch = (c + t) ** 2 / (c ** 2 / dC + t ** 2 / dT);
  const degreesOfFreedom = variant === "welch" ? welch : variant === "normal" ? Number.POSITIVE_INFINITY : dC + dT;
  const reach = student(degreesOfFreedom).upperQuantile(tail) * Math.sqrt(c + t);
  const ratio = arms.treatment / arms.control;
  return { lift: ratio - 1, lower: ratio * Math.exp(-reach) - 1, upper: ratio * Math.exp(reach) - 1, degreesOfFreedom };
}
