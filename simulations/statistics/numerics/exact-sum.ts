/** Sums of doubles and of their products without any rounding, so that chunks merge to the same bytes in any order. */
import { invariant } from "../../../data/foundation/index.ts";

/** Bits of a limb; sums of up to 2^28 limbs stay exact in a double. */
const limbBits = 24;
const limbSize = 2 ** limbBits;
/** The first limb of a plain double has the weight 2^(-24 * 45), below the smallest double. */
const limbsBelowOne = 45;
const limbsOfDouble = 92;

/** Digits of a number in base 2^24, from `first` (a power of the base) on. */
interface Digits {
  first: number;
  count: number;
  readonly values: Float64Array;
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** Room for the digits of a product of up to four doubles. */
export function digits(): Digits {
  return { first: 0, count: 0, values: new Float64Array(18) };
}

/** Writes the digits of a finite double; returns its sign. */
export function digitsOf(value: number, into: Digits): 1 | -1 {
  double[0] = value;
  const high = words[1] as number;
  const low = words[0] as number;
  const exponent = (high >>> 20) & 0x7ff;
  invariant(exponent !== 0x7ff, `a sum with ${value}`);
  const top = exponent === 0 ? high & 0xfffff : (high & 0xfffff) | 0x100000;
  const shift = (exponent === 0 ? 1 : exponent) - 1075;
  const first = Math.floor(shift / limbBits);
  const scale = 2 ** (shift - first * limbBits);
  const { values } = into;
  into.first = first;
  into.count = 4;
  const a = (low & 0xffffff) * scale;
  const carryA = Math.floor(a / limbSize);
  const b = (((top & 0xffff) << 8) | (low >>> 24)) * scale + carryA;
  const carryB = Math.floor(b / limbSize);
  const c = (top >>> 16) * scale + carryB;
  const carryC = Math.floor(c / limbSize);
  values[0] = a - carryA * limbSize;
  values[1] = b - carryB * limbSize;
  values[2] = c - carryC * limbSize;
  values[3] = carryC;
  return high >>> 31 === 1 ? -1 : 1;
}

/** Writes the digits of a product. */
export function multiplyDigits(a: Digits, b: Digits, into: Digits): void {
  into.first = a.first + b.first;
  into.count = a.count + b.count;
  let carry = 0;
  for (let k = 0; k < into.count; k++) {
    let sum = carry;
    for (let i = Math.max(0, k - b.count + 1); i < a.count && i <= k; i++) sum += (a.values[i] as number) * (b.values[k - i] as number);
    carry = Math.floor(sum / limbSize);
    into.values[k] = sum - carry * limbSize;
  }
}

/** An exact sum of products of `factors` doubles each: every double fits, of any size. */
export interface ExactSum {
  readonly factors: number;
  /** From the smallest power of 2^24 on. */
  readonly limbs: Float64Array;
  /** Terms since the carries were last moved up. */
  terms: number;
}

export function exactZero(factors: number): ExactSum {
  return { factors, limbs: new Float64Array(limbsOfDouble * factors + 4), terms: 0 };
}

/** Adds or subtracts digits. */
export function addDigits(sum: ExactSum, { first, count, values }: Digits, sign: 1 | -1): void {
  const { limbs } = sum;
  const start = first + limbsBelowOne * sum.factors;
  for (let i = 0; i < count; i++) limbs[start + i] = (limbs[start + i] as number) + sign * (values[i] as number);
  if (++sum.terms >= 2 ** 28) carry(sum);
}

/** The sum of two sums. */
export function mergeExact(a: ExactSum, b: ExactSum): ExactSum {
  invariant(a.factors === b.factors, "sums of different powers");
  const merged: ExactSum = { factors: a.factors, limbs: a.limbs.slice(), terms: a.terms };
  carry(merged);
  const other: ExactSum = { factors: b.factors, limbs: b.limbs.slice(), terms: b.terms };
  carry(other);
  for (const [i, limb] of other.limbs.entries()) merged.limbs[i] = (merged.limbs[i] as number) + limb;
  carry(merged);
  return merged;
}

/** Moves carries up: the limbs are then those of the one canonical form, the last of them signed. */
function carry(sum: ExactSum): void {
  const { limbs } = sum;
  let over = 0;
  for (let i = 0; i < limbs.length - 1; i++) {
    const value = (limbs[i] as number) + over;
    over = Math.floor(value / limbSize);
    limbs[i] = value - over * limbSize;
  }
  limbs[limbs.length - 1] = (limbs[limbs.length - 1] as number) + over;
  sum.terms = 1;
}

/** The whole sum as an integer times 2^(-1080 * factors). */
export function integerOf(sum: ExactSum): bigint {
  let total = 0n;
  let last = sum.limbs.length - 1;
  while (last > 0 && sum.limbs[last] === 0) last--;
  for (let i = last; i >= 0; i--) total = (total << 24n) + BigInt(sum.limbs[i] as number);
  return total;
}

/** Bits behind the binary point of integerOf, for each factor. */
export const bitsBelowOne = limbBits * limbsBelowOne;

/**
 * numerator / denominator * 2^exponent, rounded once; Infinity beyond the doubles. The denominator is above 0.
 *
 * @example
 * roundedQuotient(1n, 3n, 0)
 * // => 0.3333333333333333
 */
export function roundedQuotient(numerator: bigint, denominator: bigint, exponent: number): number {
  if (numerator === 0n) return 0;
  const size = numerator < 0n ? -numerator : numerator;
  const shift = Math.max(0, 66 - (size.toString(16).length - denominator.toString(16).length) * 4);
  const shifted = size << BigInt(shift);
  const whole = shifted / denominator;
  // The last bit says that there is a rest, so that a tie is no tie.
  const sticky = whole * denominator === shifted ? whole << 1n : (whole << 1n) | 1n;
  const digitsBeyond = Math.max(0, (sticky.toString(16).length - 17) * 4);
  const head = sticky >> BigInt(digitsBeyond);
  const rest = head << BigInt(digitsBeyond) === sticky ? 0n : 1n;
  const value = Number(head | rest);
  const power = exponent - shift - 1 + digitsBeyond;
  const half = Math.trunc(power / 2);
  const result = value * 2 ** half * 2 ** (power - half);
  return numerator < 0n ? -result : result;
}
