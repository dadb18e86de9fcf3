/** Ratios made linear: each unit's share (numerator - ratio x denominator) / mean denominator, whose mean has the ratio's delta-method variance. */
import { invariant } from "../../../data/foundation/index.ts";
import { type Undetermined, undetermined } from "../estimate.ts";
import { innerProduct, sumOf } from "../sums.ts";
import type { Units } from "./cuped-units.ts";

type Matrix = readonly (readonly number[])[];

/** One arm in linear form; outcome first, then covariates. */
export interface LinearArm {
  readonly n: number;
  /** Of sums: numerator over denominator. */
  readonly ratios: readonly number[];
  /** Sums of products of the units' shares, about the arm's own ratios. */
  readonly crossProducts: Matrix;
  /** The units' shares, where rows are known. */
  readonly columns?: readonly Float64Array[];
}

/** Both arms, and all units together. */
export interface LinearArms {
  readonly control: LinearArm;
  readonly treatment: LinearArm;
  readonly commonRatios: readonly number[];
  /** Sums of products over all units, about the common ratios. */
  readonly commonCrossProducts: Matrix;
}

/** From complete rows. */
export function linearFromUnits(control: Units, treatment: Units): LinearArms | Undetermined {
  if (control.n === 0 || treatment.n === 0) return undetermined("an arm has no unit", "units in both arms");
  const all = control.numerators.map((_, j) => ({
    numerator: sumOf([...totals(control.numerators, j), ...totals(treatment.numerators, j)]),
    denominator: sumOf([...totals(control.denominators, j), ...totals(treatment.denominators, j)]),
  }));
  const [c, t] = [ownArm(control), ownArm(treatment)];
  if (c === undefined || t === undefined) return noDenominator();
  const commonRatios = all.map(({ numerator, denominator }) => numerator / denominator);
  const n = control.n + treatment.n;
  const commonMeans = all.map(({ denominator }) => denominator / n);
  const shares = [control, treatment].map((units) => productsOf(sharesOf(units, commonRatios, commonMeans)));
  return { control: c, treatment: t, commonRatios, commonCrossProducts: plus(shares[0] as Matrix, shares[1] as Matrix) };
}

function totals(columns: readonly Float64Array[], j: number): readonly number[] {
  return [sumOf(columns[j] as Float64Array)];
}

function ownArm(units: Units): LinearArm | undefined {
  const sums = units.numerators.map((numerators, j) => [sumOf(numerators), sumOf(units.denominators[j] as Float64Array)] as const);
  if (sums.some(([, denominator]) => denominator <= 0)) return undefined;
  const ratios = sums.map(([numerator, denominator]) => numerator / denominator);
  const columns = sharesOf(
    units,
    ratios,
    sums.map(([, denominator]) => denominator / units.n),
  );
  return { n: units.n, ratios, crossProducts: productsOf(columns), columns };
}

function sharesOf({ numerators, denominators }: Units, ratios: readonly number[], means: readonly number[]): readonly Float64Array[] {
  return numerators.map((column, j) =>
    column.map((value, i) => (value - (ratios[j] as number) * ((denominators[j] as Float64Array)[i] as number)) / (means[j] as number)),
  );
}

function productsOf(columns: readonly Float64Array[]): Matrix {
  return columns.map((a) => columns.map((b) => innerProduct(a, b)));
}

/** From means and covariances. */
export function linearFromMoments(control: Moments, treatment: Moments): LinearArms | Undetermined {
  const step = control.ratios ? 2 : 1;
  for (const { means, covariances, ratios } of [control, treatment]) {
    invariant(
      ratios === control.ratios && means.length === control.means.length && means.length % step === 0,
      "both arms have the same columns",
    );
    invariant(
      covariances.length === means.length && covariances.every((row) => row.length === means.length),
      "a covariance for each pair of columns",
    );
  }
  const n = control.n + treatment.n;
  if (control.n < 1 || treatment.n < 1) return undetermined("an arm has no unit", "units in both arms");
  const apart = control.means.map((mean, i) => (treatment.means[i] as number) - mean);
  const common = control.means.map((mean, i) => (control.n * mean + treatment.n * (treatment.means[i] as number)) / n);
  const own = [control, treatment].map(({ n: units, means, covariances }) => ({
    means,
    products: scaled(covariances, units - 1),
    n: units,
  }));
  const between = scaled(
    apart.map((a) => apart.map((b) => a * b)),
    (control.n * treatment.n) / n,
  );
  const together = { means: common, products: plus(plus(own[0]?.products as Matrix, own[1]?.products as Matrix), between), n };
  const linear = [...own, together].map((part) => fromProducts(part, step));
  const [c, t, all] = linear;
  if (c === undefined || t === undefined || all === undefined) return noDenominator();
  return { control: c, treatment: t, commonRatios: all.ratios, commonCrossProducts: all.crossProducts };
}

interface Moments {
  readonly n: number;
  readonly means: readonly number[];
  readonly covariances: Matrix;
  readonly ratios: boolean;
}

function fromProducts(
  { n, means, products }: { readonly n: number; readonly means: readonly number[]; readonly products: Matrix },
  step: number,
): LinearArm | undefined {
  const ratios: number[] = [];
  const weights: number[][] = [];
  for (let i = 0; i < means.length; i += step) {
    const denominator = step === 2 ? (means[i + 1] as number) : 1;
    if (denominator <= 0) return undefined;
    const ratio = (means[i] as number) / denominator;
    ratios.push(ratio);
    weights.push(means.map((_, j) => (j === i ? 1 / denominator : step === 2 && j === i + 1 ? -ratio / denominator : 0)));
  }
  const crossProducts = weights.map((a) =>
    weights.map((b) => sumOf(products.flatMap((row, i) => row.map((value, j) => (a[i] as number) * (b[j] as number) * value)))),
  );
  return { n, ratios, crossProducts };
}

function plus(a: Matrix, b: Matrix): Matrix {
  return a.map((row, i) => row.map((value, j) => value + (b[i]?.[j] as number)));
}

function scaled(matrix: Matrix, factor: number): Matrix {
  return matrix.map((row) => row.map((value) => value * factor));
}

function noDenominator(): Undetermined {
  return undetermined("an arm's denominators do not sum to more than 0", "units with a denominator above 0 in both arms");
}
