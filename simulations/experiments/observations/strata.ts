/** Post-stratification on sufficient statistics: the arms' moments within strata, averaged with weights that all arms share. */
import type { ExperimentMetric } from "../design/experiment-design.ts";
import { type GroupMoments, type MetricMoments, mergeMoments, toldApart } from "./observations.ts";

/** Fewer units with a metric in any arm: a stratum's variance is poorly known, and it goes together with others. */
export const stratumUnitsMin = 10;

/**
 * Fewer units of an arm that have what a share counts, or have it not: its strata say too little of its variance. By t, where the
 * control is a tenth of the units, 4,000 A/A experiments rejected in 33 to 36 % with one such unit in it, in 8 to 9 % with 5, in 5.6 to 7.1 % with 10 and in 5.3 to 5.8 % with 20
 * (2,000 each); by the score test without strata in 4.0 to 5.6 %.
 */
export const eventsMin = 20;

/** Whether a metric is compared within strata: no quantile, and no share that few units have or few have not. */
export function hasStrata({ form, covariates }: ExperimentMetric, whole: readonly MetricMoments[]): boolean {
  if (form.kind !== "share" || covariates.length > 0) return form.kind !== "quantile";
  return whole.every(({ n, means: [share = 0] }) => Math.min(n * share, n * (1 - share)) > eventsMin - 0.5);
}

/**
 * One metric's moments in every arm as if each arm had the strata in equal parts: means are averaged over strata by the units of all arms in each, and covariances
 * are such that divided by n they are those of these averages. Strata with fewer than 10 units in an arm, and the smallest beyond 19, are taken together (with the next smallest, while
 * they are too few still); the arms come back as one stratum where no two are left. Undefined where the groups do not hold every arm's units.
 * `unitsMin`: in place of 10, of a history that stands for more or fewer units. Source: Cochran (1977), Sampling Techniques, section 5A.9.
 */
export function averagedOverStrata(
  groups: readonly GroupMoments[],
  index: number,
  whole: readonly MetricMoments[],
  unitsMin = stratumUnitsMin,
): readonly MetricMoments[] | undefined {
  const strata = largeEnough(groups, index, unitsMin);
  const total = whole.reduce((sum, { n }) => sum + n, 0);
  const units = strata.flat().reduce((sum, { n }) => sum + n, 0);
  if (strata.length === 0 || units !== total) return undefined;
  if (strata.length === 1) return whole;
  const weights = strata.map((arms) => arms.reduce((sum, { n }) => sum + n, 0) / total);
  return whole.map((arm, place) =>
    averaged(
      arm,
      weights,
      strata.map((arms) => arms[place] as MetricMoments),
    ),
  );
}

function averaged(whole: MetricMoments, weights: readonly number[], own: readonly MetricMoments[]): MetricMoments {
  const over = (value: (moments: MetricMoments, weight: number) => number): number =>
    own.reduce((sum, moments, stratum) => sum + value(moments, weights[stratum] as number), 0);
  return {
    n: whole.n,
    means: whole.means.map((_, i) => over(({ means }, weight) => weight * (means[i] as number))),
    covariances: whole.means.map((_, i) =>
      whole.means.map((__, j) => whole.n * over(({ n, covariances }, weight) => (weight ** 2 * (covariances[i]?.[j] as number)) / n)),
    ),
    strata: own.map(({ n, covariances }, stratum) => ({ weight: weights[stratum] as number, n, covariances })),
  };
}

/** By stratum the arms' moments of one metric, the largest first. */
function largeEnough(groups: readonly GroupMoments[], index: number, unitsMin: number): readonly (readonly MetricMoments[])[] {
  const armsOf = ({ arms }: GroupMoments): readonly MetricMoments[] => arms.flatMap(({ metrics }) => metrics[index] ?? []);
  const isLarge = (arms: readonly MetricMoments[]): boolean => arms.every(({ n }) => n >= unitsMin);
  const { told, rest } = toldApart(groups);
  const all = told.map(armsOf);
  const large = all.filter(isLarge);
  const together = [...all.filter((arms) => !isLarge(arms)), ...rest.map(armsOf)];
  if (together.length === 0) return large;
  let others = together.reduce(merged);
  while (!isLarge(others) && large.length > 0) others = merged(others, large.pop() as readonly MetricMoments[]);
  return [...large, others];
}

function merged(a: readonly MetricMoments[], b: readonly MetricMoments[]): readonly MetricMoments[] {
  return a.map((moments, arm) => mergeMoments(moments, b[arm] as MetricMoments));
}
