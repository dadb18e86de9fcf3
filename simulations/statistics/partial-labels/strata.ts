/** Rows for the estimators that need nothing but counts by stratum. */
import { type UnitRow, type UnseenVariance, unseenVariance } from "./unit-rows.ts";

/** One stratum: all its units, and those with label 1 and label 0. */
export interface LabelStratum {
  readonly group: number;
  readonly units: number;
  readonly ones: number;
  readonly zeros: number;
}

/**
 * Rows of the stratified estimator: within a stratum the unlabelled are taken to be like the labelled. Weights of units / labels, and the stratum's own share
 * as the model, come to the same. Strata without a label are not identified and must have been merged before.
 * Source: Begg and Greenes (1983), Biometrics 39, 207-215.
 *
 * @example
 * stratifiedRows([{ group: 0, units: 10, ones: 3, zeros: 1 }])[0]
 * // => { count: 3, group: 0, probability: 0.4, predicted: 0.75, inflation: 1.3333333333333333, label: 1 }
 */
export function stratifiedRows(strata: readonly LabelStratum[]): readonly UnitRow[] {
  return strata.flatMap(({ group, units, ones, zeros }) => {
    const labelled = ones + zeros;
    const common = {
      group,
      probability: labelled / units,
      predicted: labelled === 0 ? 0 : ones / labelled,
      inflation: labelled < 2 || labelled === units ? 1 : labelled / (labelled - 1),
    };
    const rows: readonly UnitRow[] = [
      { count: ones, ...common, label: 1 },
      { count: zeros, ...common, label: 0 },
      { count: units - labelled, ...common },
    ];
    return rows.filter(({ count }) => count > 0);
  });
}

/** What strata hide whose labels are (nearly) all alike. `groups`: how many groups there are. */
export function unseenInStrata(strata: readonly LabelStratum[], groups: number): readonly UnseenVariance[] {
  return strata
    .filter(({ ones, zeros }) => ones + zeros > 0)
    .map(({ group, units, ones, zeros }) =>
      unseenVariance({
        units: Array.from({ length: groups }, (_, index) => (index === group ? units : 0)),
        ones,
        labels: ones + zeros,
        unlabelledShare: 1 - (ones + zeros) / units,
      }),
    );
}
