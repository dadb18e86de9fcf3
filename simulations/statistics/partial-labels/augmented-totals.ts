/** Totals over all units from the labels of some: weights, a model, or both. One formula gives every estimator of the family. */
import type { LabelTable, RateOfTotals, UnitRow } from "./unit-rows.ts";

/** How a total is put together. */
export interface TotalsOptions {
  readonly rows: readonly UnitRow[];
  /** Whether a total that no label can change (a count of units) is taken as known, although nothing is modelled: Horvitz-Thompson rather than Hájek. */
  readonly knowsCounts: boolean;
}

/** What one unit of a row adds: what the model expects, and what its own label adds to that. */
export interface Contribution {
  readonly expected: number;
  /** (u - expected) / probability; 0 without a label. */
  readonly correction: number;
}

/**
 * The contribution of a unit to the total of u: m + R (u - m) / probability, m the modelled mean of u. Without a model m is 0: the
 * Horvitz-Thompson total. With one it is the difference, or doubly robust, estimator: right when the probabilities or the model are.
 * Source: Robins, Rotnitzky and Zhao (1994), J. Am. Stat. Assoc. 89, 846-866; Särndal, Swensson and Wretman (1992), section 6.3.
 */
export function contribution(row: UnitRow, table: LabelTable, knowsCounts: boolean): Contribution {
  const [zero, one] = table[row.group] ?? [0, 0];
  const isCount = zero === one && knowsCounts;
  const expected = row.predicted !== undefined ? zero + (one - zero) * row.predicted : isCount ? one : 0;
  if (row.label === undefined) return { expected, correction: 0 };
  return { expected, correction: ((row.label === 1 ? one : zero) - expected) / row.probability };
}

/** The estimated total of u over all units. */
export function estimateTotal({ rows, knowsCounts }: TotalsOptions, table: LabelTable): number {
  let total = 0;
  for (const row of rows) {
    const { expected, correction } = contribution(row, table, knowsCounts);
    total += row.count * (expected + correction);
  }
  return total;
}

/** The linearised ratio of two totals: what a unit adds to the estimated rate's deviation. */
export interface LinearisedRate extends RateOfTotals {
  readonly rate: number;
  /** The estimated total of the denominator. */
  readonly whole: number;
}

/**
 * (n - R d) / whole of one unit, n and d its contributions to both totals. Source: Särndal, Swensson and Wretman (1992), result 5.6.2.
 */
export function influence(row: UnitRow, { numerator, denominator, rate, whole }: LinearisedRate, knowsCounts: boolean): Contribution {
  const [part, all] = [contribution(row, numerator, knowsCounts), contribution(row, denominator, knowsCounts)];
  return { expected: (part.expected - rate * all.expected) / whole, correction: (part.correction - rate * all.correction) / whole };
}

/** How much the linearised rate moves when one unit of a group has label 1 instead of 0. */
export function labelEffect({ numerator, denominator, rate, whole }: LinearisedRate, group: number): number {
  const step = (table: LabelTable): number => (table[group]?.[1] ?? 0) - (table[group]?.[0] ?? 0);
  return (step(numerator) - rate * step(denominator)) / whole;
}
