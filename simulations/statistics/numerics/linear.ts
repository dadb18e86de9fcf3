/**
 * Least squares by Householder reflections, refined with residuals of twice the precision: coefficients, residuals and weights are right to
 * about the last digits of a double, as long as the columns are not dependent in doubles.
 */
import { invariant } from "../../../data/foundation/index.ts";
import { largestMagnitude, powerOfTwoNear, timesPowerOfTwo } from "./power-scaling.ts";

/** A column of a design. */
export interface Column {
  readonly name: string;
  readonly values: ArrayLike<number>;
  /** What rounding took from the values, where that is known: the column is `values + rest`. */
  readonly rest?: ArrayLike<number>;
}

/** A fitted design of n rows and k columns. */
export interface LeastSquares {
  readonly kind: "least-squares";
  readonly coefficients: Float64Array;
  readonly residuals: Float64Array;
  /** By coefficient the n weights with which it sums the outcome; their sum of squares is the coefficient's diagonal entry of (X'X)⁻¹. */
  readonly weights: readonly Float64Array[];
  /** k orthonormal columns of n rows that span those of the design. */
  readonly basis: readonly Float64Array[];
}

/** The first column that the columns before it determine. */
export interface DependentColumn {
  readonly kind: "dependent-column";
  readonly name: string;
}

/** Numbers that leave the range of doubles. */
export interface OutOfRange {
  readonly kind: "out-of-range";
}

/** A column is dependent if less than this share of its length is outside the span of the columns before it. */
const dependentBelow = 2 ** -44;
const refinementsMax = 12;

/**
 * The coefficients b for which the sum of squares of outcome - columns b is least. The first column that depends on those before it
 * is named instead (its distance from their span is below 6e-14 of its length). Finite values; any scale. Cost: n k² for the
 * factors, about 8 n k² to refine.
 * Sources: Golub (1965), Numer. Math. 7, 206-216; Björck (1967), BIT 7, 257-278 (refinement of the augmented system).
 *
 * @example
 * const line = [{ name: "1", values: [1, 1, 1] }, { name: "x", values: [1, 2, 3] }];
 * const fit = leastSquares(line, [3, 5, 7]);
 * fit.kind === "least-squares" && Array.from(fit.coefficients)
 * // => [1, 2]
 */
export function leastSquares(columns: readonly Column[], outcome: ArrayLike<number>): LeastSquares | DependentColumn | OutOfRange {
  const n = outcome.length;
  for (const { name, values } of columns) invariant(values.length === n, `${n} outcomes and ${values.length} values of '${name}'`);
  const exponents = columns.map(({ values }) => powerOfTwoNear(largestMagnitude(values)));
  const outcomeExponent = powerOfTwoNear(largestMagnitude(outcome));
  const scaled = columns.map(({ values, rest }, j) => ({
    values: timesPowerOfTwo(values, -(exponents[j] as number)),
    rest: rest === undefined ? undefined : timesPowerOfTwo(rest, -(exponents[j] as number)),
  }));
  const factors = factorise(scaled.map(({ values }) => values));
  if (typeof factors === "number") return { kind: "dependent-column", name: columns[factors]?.name ?? "" };
  const noGradient = new Float64Array(columns.length);
  const fitted = refined(scaled, factors, timesPowerOfTwo(outcome, -outcomeExponent), noGradient);
  const weights = columns.map((_, j) => {
    const unit = Float64Array.from(columns, (__, i) => (i === j ? 1 : 0));
    return timesPowerOfTwo(refined(scaled, factors, new Float64Array(n), unit).residuals, -(exponents[j] as number));
  });
  const coefficients = fitted.coefficients.map((value, j) => scaledBy(value, outcomeExponent - (exponents[j] as number)));
  const residuals = timesPowerOfTwo(fitted.residuals, outcomeExponent);
  if (![coefficients, residuals, ...weights].every((part) => part.every(Number.isFinite))) return { kind: "out-of-range" };
  return { kind: "least-squares", coefficients, residuals, weights, basis: basisOf(factors, n) };
}

/**
 * The powers 0 to `degree` of x as columns that keep what rounding takes from a power: polynomials of high degree need it.
 *
 * @example
 * powerColumns([2, 3], 2).map(({ values }) => Array.from(values))
 * // => [[1, 1], [2, 3], [4, 9]]
 */
export function powerColumns(x: ArrayLike<number>, degree: number): readonly Column[] {
  let values = new Float64Array(x.length).fill(1);
  let rest = new Float64Array(x.length);
  const columns: Column[] = [{ name: "1", values, rest }];
  for (let power = 1; power <= degree; power++) {
    const [before, beforeRest] = [values, rest];
    values = new Float64Array(x.length);
    rest = new Float64Array(x.length);
    for (let i = 0; i < x.length; i++) {
      const [factor, known] = [x[i] as number, before[i] as number];
      const product = factor * known;
      const low = productError(factor, known, product) + factor * (beforeRest[i] as number);
      values[i] = product + low;
      rest[i] = product - (values[i] as number) + low;
    }
    columns.push({ name: power === 1 ? "x" : `x^${power}`, values, rest });
  }
  return columns;
}

/** A matrix as reflectors and triangle: A = H1 ... Hk R. */
interface Factors {
  /** By column its reflector v from row j on, with H = I - v v' and v'v = 2. */
  readonly reflectors: readonly Float64Array[];
  /** By column, its k entries of the upper triangle. */
  readonly triangle: readonly Float64Array[];
}

/** The factors, or the index of the first dependent column. */
function factorise(columns: readonly Float64Array[]): Factors | number {
  const reflectors: Float64Array[] = [];
  const triangle: Float64Array[] = [];
  for (const [j, column] of columns.entries()) {
    const work = column.slice();
    const whole = lengthFrom(work, 0);
    for (const [i, reflector] of reflectors.entries()) reflect(work, reflector, i);
    const below = lengthFrom(work, j);
    if (j >= work.length || !(below > dependentBelow * whole)) return j;
    const first = work[j] as number;
    const diagonal = first > 0 ? -below : below;
    const reflector = work.slice();
    reflector.fill(0, 0, j);
    reflector[j] = first - diagonal;
    const factor = 1 / Math.sqrt(below * (below + Math.abs(first)));
    reflectors.push(reflector.map((value) => value * factor));
    const entries = new Float64Array(columns.length);
    entries.set(work.subarray(0, j));
    entries[j] = diagonal;
    triangle.push(entries);
  }
  return { reflectors, triangle };
}

function lengthFrom(values: Float64Array, from: number): number {
  let sum = 0;
  for (let i = from; i < values.length; i++) sum += (values[i] as number) ** 2;
  return Math.sqrt(sum);
}

function reflect(values: Float64Array, reflector: Float64Array, from: number): void {
  let dot = 0;
  for (let i = from; i < values.length; i++) dot += (values[i] as number) * (reflector[i] as number);
  for (let i = from; i < values.length; i++) values[i] = (values[i] as number) - dot * (reflector[i] as number);
}

interface Solution {
  readonly coefficients: Float64Array;
  readonly residuals: Float64Array;
}

/** Solves residuals + A coefficients = outcome, A' residuals = gradient, and corrects the solution until it stands still. */
function refined(
  columns: readonly { readonly values: Float64Array; readonly rest: Float64Array | undefined }[],
  factors: Factors,
  outcome: Float64Array,
  gradient: Float64Array,
): Solution {
  const coefficients = new Float64Array(columns.length);
  const residuals = new Float64Array(outcome.length);
  let before = Number.POSITIVE_INFINITY;
  for (let round = 0; round < refinementsMax; round++) {
    const [high, low] = [outcome.slice(), new Float64Array(outcome.length)];
    for (const [i, value] of residuals.entries()) accumulate(high, low, i, -value);
    const slopes = gradient.slice();
    for (const [j, { values, rest }] of columns.entries()) {
      subtractMultiple(high, low, values, coefficients[j] as number);
      if (rest !== undefined) subtractMultiple(high, low, rest, coefficients[j] as number);
      slopes[j] = differenceFromDot(gradient[j] as number, values, rest, residuals);
    }
    const step = solve(
      factors,
      high.map((value, i) => value + (low[i] as number)),
      slopes,
    );
    let change = 0;
    for (const [j, value] of step.coefficients.entries()) {
      const next = (coefficients[j] as number) + value;
      change = Math.max(change, value === 0 ? 0 : Math.abs(value / next));
      coefficients[j] = next;
    }
    for (const [i, value] of step.residuals.entries()) residuals[i] = (residuals[i] as number) + value;
    // A correction makes the next smaller by about its own share: below 1e-9 the next is below the last digit.
    if (round > 0 && (change < 2 ** -30 || change > before / 2)) break;
    before = change;
  }
  return { coefficients, residuals };
}

function solve({ reflectors, triangle }: Factors, right: Float64Array, gradient: Float64Array): Solution {
  const k = triangle.length;
  const rotated = right.slice();
  for (const [j, reflector] of reflectors.entries()) reflect(rotated, reflector, j);
  const head = new Float64Array(k);
  for (let j = 0; j < k; j++) {
    let rest = gradient[j] as number;
    for (let i = 0; i < j; i++) rest -= entry(triangle, i, j) * (head[i] as number);
    head[j] = rest / entry(triangle, j, j);
  }
  const coefficients = new Float64Array(k);
  for (let j = k - 1; j >= 0; j--) {
    let rest = (rotated[j] as number) - (head[j] as number);
    for (let i = j + 1; i < k; i++) rest -= entry(triangle, j, i) * (coefficients[i] as number);
    coefficients[j] = rest / entry(triangle, j, j);
  }
  rotated.set(head);
  for (let j = k - 1; j >= 0; j--) reflect(rotated, reflectors[j] as Float64Array, j);
  return { coefficients, residuals: rotated };
}

function entry(triangle: readonly Float64Array[], row: number, column: number): number {
  return triangle[column]?.[row] as number;
}

function basisOf({ reflectors }: Factors, n: number): readonly Float64Array[] {
  return reflectors.map((_, column) => {
    const values = new Float64Array(n);
    values[column] = 1;
    for (let j = reflectors.length - 1; j >= 0; j--) reflect(values, reflectors[j] as Float64Array, j);
    return values;
  });
}

/** Adds a term to the unevaluated sum high + low of row i. */
function accumulate(high: Float64Array, low: Float64Array, i: number, term: number): void {
  const sum = high[i] as number;
  const next = sum + term;
  const part = next - sum;
  low[i] = (low[i] as number) + (sum - (next - part) + (term - part));
  high[i] = next;
}

function subtractMultiple(high: Float64Array, low: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const product = value * factor;
    accumulate(high, low, i, -product);
    low[i] = (low[i] as number) - productError(value, factor, product);
  }
}

/** start - values'other - rest'other, in twice the precision. */
function differenceFromDot(start: number, values: Float64Array, rest: Float64Array | undefined, other: Float64Array): number {
  const [high, low] = [Float64Array.of(start), new Float64Array(1)];
  for (let i = 0; i < values.length; i++) {
    const [value, factor] = [values[i] as number, other[i] as number];
    const product = value * factor;
    accumulate(high, low, 0, -product);
    low[0] = (low[0] as number) - productError(value, factor, product) - (rest === undefined ? 0 : (rest[i] as number) * factor);
  }
  return (high[0] as number) + (low[0] as number);
}

/** What rounding took from a * b. Source: Dekker (1971), Numer. Math. 18, 224-242. */
function productError(a: number, b: number, product: number): number {
  const aSpread = 134_217_729 * a;
  const aHigh = aSpread - (aSpread - a);
  const bSpread = 134_217_729 * b;
  const bHigh = bSpread - (bSpread - b);
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

function scaledBy(value: number, exponent: number): number {
  return timesPowerOfTwo([value], exponent)[0] as number;
}
