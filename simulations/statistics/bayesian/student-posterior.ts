/** The posterior of an effect under a flat prior where its standard error was estimated from few units: Student's t in place of the normal law. */
import { student } from "../distributions/index.ts";

/** Centre, scale and degrees of freedom. */
export interface StudentLaw {
  readonly mean: number;
  readonly scale: number;
  readonly degreesOfFreedom: number;
}

/** P(effect > 0): 1 minus the one-sided p-value. */
export function studentChancePositive({ mean, scale, degreesOfFreedom }: StudentLaw): number {
  return student(degreesOfFreedom).cdf(mean / scale);
}

/**
 * E[max(-effect, 0)]; undefined at one degree of freedom or fewer, where it has no mean.
 *
 * @example
 * studentShortfall({ mean: 0, scale: 1, degreesOfFreedom: 3 }).toFixed(9)
 * // => "0.551328895"
 */
export function studentShortfall({ mean, scale, degreesOfFreedom }: StudentLaw): number | undefined {
  if (!(degreesOfFreedom > 1)) return undefined;
  const t = mean / scale;
  const { density, survival } = student(degreesOfFreedom);
  return Math.max(0, scale * (((degreesOfFreedom + t * t) / (degreesOfFreedom - 1)) * density(t) - t * survival(t)));
}
