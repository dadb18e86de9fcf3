/** Widths and statistics of a normal law where a standard error was estimated from few units: by equal tail probability, as group-sequential t tests do. */
import { normalDistribution, normalSurvival, student } from "./distributions/index.ts";

/** From so many degrees of freedom on Student's t is the normal law to 1e-9. */
const degreesMany = 1e15;

/**
 * How many standard errors with such degrees of freedom leave out as much as so many known ones. Source: Jennison and Turnbull (2000), Group Sequential Methods,
 * section 3.8 (significance levels in place of bounds).
 *
 * @example
 * [studentWidth(1.959963984540054, 4).toFixed(6), studentWidth(3, Number.POSITIVE_INFINITY)]
 * // => ["2.776445", 3]
 */
export function studentWidth(width: number, degreesOfFreedom: number): number {
  if (!(degreesOfFreedom < degreesMany) || !Number.isFinite(width)) return width;
  return width < 0 ? -studentWidth(-width, degreesOfFreedom) : student(degreesOfFreedom).upperQuantile(normalSurvival(width));
}

/**
 * The other way round: the normal statistic of the same tail probability.
 *
 * @example
 * normalStatistic(2.7764451051977934, 4).toFixed(6)
 * // => "1.959964"
 */
export function normalStatistic(statistic: number, degreesOfFreedom: number): number {
  if (!(degreesOfFreedom < degreesMany)) return statistic;
  const tail = student(degreesOfFreedom).survival(Math.abs(statistic));
  // So far out that the tail is no number any more: nothing is lost where it is already beyond doubt.
  return Math.sign(statistic) * (tail > 0 ? normalDistribution(0, 1).upperQuantile(tail) : 38);
}
