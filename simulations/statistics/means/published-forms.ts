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
 * The lift with an interval that is symmetric on the log scale: ratio x exp(± t SE), SE² = vC/mC² + vT/mT², degrees of freedom
 * by Welch-Satterthwaite of these two terms unless given (tea-tasting). One-sided: the whole of 1 - level on one side.
 */
export function logTRelative(arms: LogTArms, tail: number, degreesOfFreedom?: number): PublishedLift {
  const c = arms.controlVariance / arms.control ** 2;
  const t = arms.treatmentVariance / arms.treatment ** 2;
  const degrees = degreesOfFreedom ?? (c + t) ** 2 / (c ** 2 / arms.controlDegrees + t ** 2 / arms.treatmentDegrees);
  const reach = student(degrees).upperQuantile(tail) * Math.sqrt(c + t);
  const ratio = arms.treatment / arms.control;
  return { lift: ratio - 1, lower: ratio * Math.exp(-reach) - 1, upper: ratio * Math.exp(reach) - 1, degreesOfFreedom: degrees };
}
