/** Whether values are so skewed that their mean is not near normal at their number. */
import { quantileOf } from "./quantile.ts";
import { type SampleInput, sampleOf } from "./sample.ts";

/**
 * A sentence for each sample whose mean has too few values for its skewness: n below 355 skewness², where the skewness (m3 / m2^1.5) is more
 * than chance gives normal values (2 √(6 / n)). A sample given by its moments shows no skewness and gets none.
 * Source: Kohavi, Deng, Longbotham and Xu (2014), KDD, section 3.6.
 *
 * @example
 * skewWarnings({ control: { values: [0, 0, 0, 0, 0, 0, 0, 0, 0, 90] } })
 * // => ["The 10 values of the control are skewed (skewness 2.7), and a mean of so few is not near normal: about 2525 would do (355 skewness²). Cap extreme values, or compare ranks."]
 */
export function skewWarnings(samples: Readonly<Record<string, SampleInput>>): readonly string[] {
  return Object.entries(samples).flatMap(([name, sample]) => {
    if (!("values" in sample)) return [];
    const n = sample.values.length;
    const skewness = skewnessOf(sample.values);
    const needed = 355 * skewness ** 2;
    return n >= needed || Math.abs(skewness) <= 2 * Math.sqrt(6 / n)
      ? []
      : [
          `The ${n} values of the ${name} are skewed (skewness ${skewness.toFixed(1)}), and a mean of so few is not near normal: about ${Math.ceil(needed)} would do (355 skewness²). Cap extreme values, or compare ranks.`,
        ];
  });
}

/** m3 / m2^1.5 with divisor n; 0 where nothing varies. */
function skewnessOf(values: ArrayLike<number>): number {
  const { n, mean, standardDeviation } = sampleOf({ values });
  if (!(standardDeviation > 0)) return 0;
  let [squares, cubes] = [0, 0];
  for (let i = 0; i < n; i++) {
    const z = ((values[i] as number) - mean) / standardDeviation;
    squares += z * z;
    cubes += z * z * z;
  }
  const skewness = cubes / n / (squares / n) ** 1.5;
  return Number.isFinite(skewness) ? skewness : 0;
}

/** Enough values for their quartiles to say something about spread and symmetry. */
const quartilesFrom = 20;

/** A sentence where two sorted samples differ so much in spread that no shift brings them in line. */
export function spreadWarnings(control: Float64Array, treatment: Float64Array): readonly string[] {
  if (Math.min(control.length, treatment.length) < quartilesFrom) return [];
  const [small, large] = [control, treatment]
    .map((values) => quantileOf(values, 0.75) - quantileOf(values, 0.25))
    .sort((a, b) => a - b) as [number, number];
  return large > 2 * small
    ? [
        "The middle half of one arm is more than twice as wide as the other's: the arms do not differ by a shift, and the level is wrong for equal centres. The Brunner-Munzel test allows for it.",
      ]
    : [];
}

/** A sentence where the middle half of sorted differences lies far off its median: |Q1 + Q3 - 2 median| > 0.4 (Q3 - Q1) (Bowley's skewness). */
export function asymmetryWarnings(differences: Float64Array): readonly string[] {
  if (differences.length < quartilesFrom) return [];
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantileOf(differences, share)) as [number, number, number];
  return Math.abs(low + high - 2 * middle) > 0.4 * (high - low)
    ? [
        "The differences are not symmetric about their centre: the signed ranks then test neither the mean nor the median. Take the sign test for the median.",
      ]
    : [];
}
