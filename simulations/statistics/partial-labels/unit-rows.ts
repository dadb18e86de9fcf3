/** Units of which only some have a label: what an estimator of a rate reads of them. */

/** Units that an estimator treats alike, counted. */
export interface UnitRow {
  readonly count: number;
  /** Position of their group in the tables of a rate. */
  readonly group: number;
  /** The label; absent: none is known. */
  readonly label?: 0 | 1;
  /** The probability of a label, in (0, 1]: known by design or estimated. Read where there is a label; and everywhere when it was fitted (`covariates`). */
  readonly probability: number;
  /** What a model says of the share of label 1 among such units. Absent: nothing is modelled, weights alone carry the estimate. */
  readonly predicted?: number;
  /** Where the model was fitted to n labels with k parameters: n / (n - k), so that its residuals are not too small. Absent: 1. */
  readonly inflation?: number;
  /** What the logistic model of the probability was fitted to; given, the interval takes account of that fit. */
  readonly covariates?: readonly number[];
}

/** What a unit adds to a total: by group, with label 0 and with label 1. */
export type LabelTable = readonly (readonly [number, number])[];

/** A ratio of two totals over all units. */
export interface RateOfTotals {
  readonly numerator: LabelTable;
  readonly denominator: LabelTable;
}

/** Variance that the labels of a class cannot show because they are (nearly) all alike: that of the class's modelled share. */
export interface UnseenVariance {
  /** Its units by group. */
  readonly units: readonly number[];
  readonly variance: number;
}

/**
 * What the labels of a class hide: with x of n labels 1, the variance of the share under (x + prior) / (n + 1) less that under x / n, at least 0. `unlabelledShare`:
 * of the class's units; `prior`: what one label more is expected to be, 1/2 where nothing is known. Source: Jeffreys' prior; Brown, Cai and DasGupta (2001), Statistical Science 16, 101-133.
 *
 * @example
 * unseenVariance({ units: [50, 0], ones: 10, labels: 10, unlabelledShare: 0.8 }).variance.toFixed(6)
 * // => "0.003471"
 */
export function unseenVariance(of: {
  readonly units: readonly number[];
  readonly ones: number;
  readonly labels: number;
  readonly unlabelledShare: number;
  readonly prior?: number;
}): UnseenVariance {
  const { units, ones, labels, unlabelledShare, prior = 0.5 } = of;
  const [seen, smoothed] = [ones / labels, (ones + prior) / (labels + 1)];
  const hidden = Math.max(0, smoothed * (1 - smoothed) - seen * (1 - seen));
  return { units, variance: (unlabelledShare * hidden) / labels };
}

/**
 * Kish's effective number of units behind a weighted estimate: (sum w)^2 / sum w^2 over labelled units that can enter the denominator,
 * w = 1 / probability. Source: Kish (1965), Survey Sampling, section 11.7.
 *
 * @example
 * effectiveSize([{ count: 10, group: 0, label: 1, probability: 0.5 }], [[1, 1]])
 * // => 10
 */
export function effectiveSize(rows: readonly UnitRow[], denominator: LabelTable): number {
  let [weights, squares] = [0, 0];
  for (const { count, group, label, probability } of rows) {
    if (label === undefined || denominator[group]?.[label] === 0) continue;
    weights += count / probability;
    squares += count / probability ** 2;
  }
  return squares === 0 ? 0 : (weights / squares) * weights;
}
