/** The variance of linearised rates: over another draw of the units, or over the labelling alone. */
import { type FactoredMatrix, factorPositive } from "../numerics/positive-definite.ts";
import { type Contribution, influence, type LinearisedRate, labelEffect, type TotalsOptions } from "./augmented-totals.ts";
import type { UnitRow, UnseenVariance } from "./unit-rows.ts";

/** What is drawn again: the units with their labels, or the labels alone, of these very units. */
export type Draws = "units" | "labels";

/** What the covariance is made from. */
export interface VarianceOptions extends TotalsOptions {
  readonly draws: Draws;
  readonly unseen: readonly UnseenVariance[];
}

/**
 * Covariance of two linearised rates, each given by what a unit adds. Labels are drawn independently (Poisson sampling).
 * `units`: sum of products of influences, sum (m + R (u - m) / p)(...); `labels`: sum R (1 - p) (u - m)(...) / p^2. Where the probabilities
 * were fitted, influences are first regressed on the scores of that fit, which an estimated probability makes smaller.
 * Source: Särndal, Swensson and Wretman (1992), sections 5.5 and 9.3; Lunceford and Davidian (2004), Statistics in Medicine 23, 2937-2960.
 */
export function linearisedCovariance(options: VarianceOptions, first: LinearisedRate, second: LinearisedRate): number {
  const { rows, knowsCounts, draws, unseen } = options;
  const parts = (rate: LinearisedRate): readonly Contribution[] => rows.map((row) => influence(row, rate, knowsCounts));
  const [a, b] = [parts(first), first === second ? undefined : parts(second)];
  const others = b ?? a;
  let sum = 0;
  for (const [index, row] of rows.entries()) {
    const [left, right] = [a[index] as Contribution, others[index] as Contribution];
    const corrections = (row.inflation ?? 1) * left.correction * right.correction;
    sum +=
      row.count *
      (draws === "labels"
        ? (1 - row.probability) * corrections
        : left.expected * right.expected + left.expected * right.correction + left.correction * right.expected + corrections);
  }
  for (const { units, variance } of unseen) sum += variance * moved(units, first) * moved(units, second);
  return sum - explainedByScores(rows, a, others);
}

/** How much a rate moves when the modelled share of a class moves by 1. */
function moved(units: readonly number[], rate: LinearisedRate): number {
  return units.reduce((sum, count, group) => sum + count * labelEffect(rate, group), 0);
}

/** What the scores of the fitted probabilities explain of two influences: c' S^-1 d; 0 where nothing was fitted. */
function explainedByScores(rows: readonly UnitRow[], first: readonly Contribution[], second: readonly Contribution[]): number {
  const size = rows[0]?.covariates?.length ?? 0;
  if (size === 0) return 0;
  const products = (parts: readonly Contribution[]): readonly number[] => {
    const sums = zeros(size);
    for (const [index, row] of rows.entries()) {
      const { expected, correction } = parts[index] as Contribution;
      const weight = row.count * residualOf(row) * (expected + correction);
      const covariates = row.covariates ?? [];
      for (let i = 0; i < size; i++) sums[i] = (sums[i] as number) + weight * (covariates[i] as number);
    }
    return sums;
  };
  const right = products(second);
  const solved = scoresOf(rows, size)?.solve(right);
  const left = first === second ? right : products(first);
  return solved === undefined ? 0 : left.reduce((sum, value, i) => sum + value * (solved[i] as number), 0);
}

/** Every figure asks for the same rows: their scores are squared and factored once. */
const factored = new WeakMap<readonly UnitRow[], { readonly matrix: FactoredMatrix | undefined }>();

function scoresOf(rows: readonly UnitRow[], size: number): FactoredMatrix | undefined {
  const known = factored.get(rows);
  if (known !== undefined) return known.matrix;
  const squares = Array.from({ length: size }, () => zeros(size));
  for (const row of rows) {
    const weight = row.count * residualOf(row) ** 2;
    const covariates = row.covariates ?? [];
    for (let i = 0; i < size; i++) {
      const x = covariates[i] as number;
      if (x === 0) continue;
      const into = squares[i] as number[];
      for (let j = 0; j < size; j++) into[j] = (into[j] as number) + weight * x * (covariates[j] as number);
    }
  }
  const matrix = factorPositive(squares, 1e-12);
  factored.set(rows, { matrix });
  return matrix;
}

function residualOf({ label, probability }: UnitRow): number {
  return (label === undefined ? 0 : 1) - probability;
}

function zeros(size: number): number[] {
  return Array.from({ length: size }, () => 0);
}
