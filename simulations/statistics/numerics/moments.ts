/** Moments in one pass that merge exactly: the same bytes from any chunks in any order, correct to the last bit. */
import { invariant } from "../../../data/foundation/index.ts";
import {
  addDigits,
  bitsBelowOne,
  digits,
  digitsOf,
  type ExactSum,
  exactZero,
  integerOf,
  mergeExact,
  multiplyDigits,
  roundedQuotient,
} from "./exact-sum.ts";

/** Exact sums of the powers of one column. */
export interface PowerSums {
  readonly n: number;
  /** By power from 1 on. */
  readonly sums: readonly ExactSum[];
}

/** Count, mean, and sums of powers of deviations from the mean. */
export interface Moments {
  readonly n: number;
  readonly mean: number;
  /** The sum of squared deviations. */
  readonly m2: number;
  /** The sums of cubed and fourth powers of deviations, where they were asked for. */
  readonly m3?: number;
  readonly m4?: number;
}

/**
 * The sums of the powers 1 to `order` of finite values, without rounding, whatever their sizes (1e300 beside 1e-300). Memory: 0.7 kB a power and
 * its number, so 7 kB for four. Cost: about a microsecond a value for order 2, two for order 4.
 */
export function powerSums(values: ArrayLike<number>, order: 2 | 4 = 2): PowerSums {
  const sums = Array.from({ length: order }, (_, index) => exactZero(index + 1));
  const [first, second, third, fourth] = sums;
  invariant(first !== undefined && second !== undefined, "two powers at least");
  const [one, two, more] = [digits(), digits(), digits()];
  for (let i = 0; i < values.length; i++) {
    const sign = digitsOf(values[i] as number, one);
    addDigits(first, one, sign);
    multiplyDigits(one, one, two);
    addDigits(second, two, 1);
    if (third === undefined || fourth === undefined) continue;
    multiplyDigits(two, one, more);
    addDigits(third, more, sign);
    multiplyDigits(two, two, more);
    addDigits(fourth, more, 1);
  }
  return { n: values.length, sums };
}

/** The sums of both parts together, as if they had been one. */
export function mergePowerSums(a: PowerSums, b: PowerSums): PowerSums {
  return { n: a.n + b.n, sums: merged(a.sums, b.sums) };
}

/**
 * The moments of what was summed, each rounded once from its exact value; undefined where nothing was. What overflows the doubles is Infinity.
 *
 * @example
 * momentsOf(powerSums([1e9 + 1, 1e9 + 2, 1e9 + 3]))
 * // => { n: 3, mean: 1000000002, m2: 2 }
 */
export function momentsOf({ n, sums }: PowerSums): Moments | undefined {
  if (n === 0) return undefined;
  const count = BigInt(n);
  const [s1 = 0n, s2 = 0n, s3 = 0n, s4 = 0n] = sums.map(integerOf);
  const mean = roundedQuotient(s1, count, -bitsBelowOne);
  const m2 = roundedQuotient(count * s2 - s1 * s1, count, -2 * bitsBelowOne);
  if (sums.length < 4) return { n, mean, m2 };
  const m3 = roundedQuotient(count * count * s3 - 3n * count * s1 * s2 + 2n * s1 ** 3n, count * count, -3 * bitsBelowOne);
  const fourth = count ** 3n * s4 - 4n * count * count * s1 * s3 + 6n * count * s1 * s1 * s2 - 3n * s1 ** 4n;
  return { n, mean, m2, m3, m4: roundedQuotient(fourth, count ** 3n, -4 * bitsBelowOne) };
}

/**
 * The sum over groups of n (mean of the group - mean of all)², rounded once from its exact value. No group may be empty.
 *
 * @example
 * squaresBetween([powerSums([1e15, 1e15]), powerSums([1e15 + 2])])
 * // => 2.6666666666666665
 */
export function squaresBetween(groups: readonly PowerSums[]): number {
  const parts = groups.map(({ n, sums: [first] }) => ({ n: BigInt(n), total: integerOf(first as ExactSum) }));
  const n = parts.reduce((sum, part) => sum + part.n, 0n);
  const total = parts.reduce((sum, part) => sum + part.total, 0n);
  // Over the least common multiple of the sizes: sum total_g² / n_g - total² / n.
  const common = parts.reduce((multiple, part) => (multiple / greatestDivisor(multiple, part.n)) * part.n, 1n);
  const squares = parts.reduce((sum, part) => sum + part.total * part.total * (common / part.n), 0n);
  return roundedQuotient(n * squares - common * total * total, n * common, -2 * bitsBelowOne);
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestDivisor(b, a % b);
}

/** Exact sums of several columns, and of the products of each two. */
export interface ProductSums {
  readonly n: number;
  readonly sums: readonly ExactSum[];
  /** The lower triangle, row by row: 00, 10, 11, 20, ... */
  readonly products: readonly ExactSum[];
}

/** Means of several columns, and the sums of products of their deviations. */
export interface Comoments {
  readonly n: number;
  readonly means: readonly number[];
  /** By column and column: symmetric. */
  readonly deviations: readonly (readonly number[])[];
}

/** Sums of columns of one length and of their products, without rounding. Memory: 0.7 kB a column and 1.5 kB a pair. */
export function productSums(columns: readonly ArrayLike<number>[]): ProductSums {
  const n = columns[0]?.length ?? 0;
  invariant(
    columns.every((column) => column.length === n),
    "columns of different lengths",
  );
  const sums = columns.map(() => exactZero(1));
  const products = columns.flatMap((_, row) => Array.from({ length: row + 1 }, () => exactZero(2)));
  const parts = columns.map(() => digits());
  const signs: (1 | -1)[] = columns.map(() => 1);
  const product = digits();
  for (let i = 0; i < n; i++) {
    let place = 0;
    for (const [row, column] of columns.entries()) {
      const own = parts[row] as ReturnType<typeof digits>;
      const sign = digitsOf(column[i] as number, own);
      signs[row] = sign;
      addDigits(sums[row] as ExactSum, own, sign);
      for (let other = 0; other <= row; other++) {
        multiplyDigits(own, parts[other] as ReturnType<typeof digits>, product);
        addDigits(products[place++] as ExactSum, product, sign === signs[other] ? 1 : -1);
      }
    }
  }
  return { n, sums, products };
}

/** The sums of both parts together, as if they had been one. */
export function mergeProductSums(a: ProductSums, b: ProductSums): ProductSums {
  return { n: a.n + b.n, sums: merged(a.sums, b.sums), products: merged(a.products, b.products) };
}

/**
 * Means and sums of products of deviations, each rounded once; undefined where nothing was summed.
 *
 * @example
 * comomentsOf(productSums([[1, 2, 3], [2, 4, 9]]))
 * // => { n: 3, means: [2, 5], deviations: [[2, 7], [7, 26]] }
 */
export function comomentsOf({ n, sums, products }: ProductSums): Comoments | undefined {
  if (n === 0) return undefined;
  const count = BigInt(n);
  const totals = sums.map(integerOf);
  const deviations = totals.map(() => totals.map(() => 0));
  let place = 0;
  for (const [row, left] of totals.entries()) {
    for (const [column, right] of totals.slice(0, row + 1).entries()) {
      const exact = count * integerOf(products[place++] as ExactSum) - left * right;
      const rounded = roundedQuotient(exact, count, -2 * bitsBelowOne);
      (deviations[row] as number[])[column] = (deviations[column] as number[])[row] = rounded;
    }
  }
  return { n, means: totals.map((total) => roundedQuotient(total, count, -bitsBelowOne)), deviations };
}

function merged(a: readonly ExactSum[], b: readonly ExactSum[]): readonly ExactSum[] {
  invariant(a.length === b.length, "sums of different columns");
  return a.map((sum, index) => mergeExact(sum, b[index] as ExactSum));
}
