/** The k-th smallest of all pairwise differences or averages, without making them: numbers of pairs by two pointers, bisection over the doubles. */
import { invariant } from "../../../data/foundation/index.ts";

/**
 * Counts, and selects, among a set of numbers that is too large to be listed.
 */
export interface Pairwise {
  /** How many there are. */
  readonly size: number;
  /** How many are at most x. */
  readonly atMost: (x: number) => number;
  /** The k-th smallest, k from 1. */
  readonly smallest: (k: number) => number;
  /** The median. */
  readonly median: number;
}

/**
 * All treatment minus control differences of two ascending lists. Cost of a count: n + m steps.
 *
 * @example
 * pairwiseDifferences([1, 2], [4, 8]).median
 * // => 4.5
 */
export function pairwiseDifferences(control: ArrayLike<number>, treatment: ArrayLike<number>): Pairwise {
  const [m, n] = [control.length, treatment.length];
  invariant(m > 0 && n > 0, "differences of an empty list");
  const atMost = (x: number): number => {
    let count = 0;
    // The first control value with treatment - control <= x moves up with the treatment value.
    let first = 0;
    for (let j = 0; j < n; j++) {
      while (first < m && (treatment[j] as number) - (control[first] as number) > x) first++;
      count += m - first;
    }
    return count;
  };
  const least = (treatment[0] as number) - (control[m - 1] as number);
  const most = (treatment[n - 1] as number) - (control[0] as number);
  return selection(m * n, atMost, least, most);
}

/** All averages of two values of an ascending list, a value with itself among them (Walsh averages). */
export function walshAverages(ascending: ArrayLike<number>): Pairwise {
  const n = ascending.length;
  invariant(n > 0, "averages of an empty list");
  const average = (i: number, j: number): number => {
    const [one, other] = [ascending[i] as number, ascending[j] as number];
    const sum = one + other;
    return Number.isFinite(sum) ? sum / 2 : one / 2 + other / 2;
  };
  const atMost = (x: number): number => {
    let count = 0;
    let end = n;
    for (let i = 0; i < n && end > i; i++) {
      while (end > i && average(i, end - 1) > x) end--;
      count += Math.max(end - i, 0);
    }
    return count;
  };
  return selection((n * (n + 1)) / 2, atMost, ascending[0] as number, ascending[n - 1] as number);
}

function selection(size: number, atMost: (x: number) => number, least: number, most: number): Pairwise {
  const smallest = (k: number): number => {
    invariant(k >= 1 && k <= size, `number ${k} of ${size}`);
    let [low, high] = [ordinal(least), ordinal(most)];
    while (low < high) {
      const middle = (low + high) >> 1n;
      if (atMost(fromOrdinal(middle)) >= k) high = middle;
      else low = middle + 1n;
    }
    return fromOrdinal(low);
  };
  const [low, high] = [Math.floor((size + 1) / 2), Math.ceil((size + 1) / 2)];
  return {
    size,
    atMost,
    smallest,
    get median() {
      if (low === high) return smallest(low);
      const sum = smallest(low) + smallest(high);
      return Number.isFinite(sum) ? sum / 2 : smallest(low) / 2 + smallest(high) / 2;
    },
  };
}

const bits = new DataView(new ArrayBuffer(8));

/** The place of a double among all doubles in ascending order. */
function ordinal(x: number): bigint {
  bits.setFloat64(0, x === 0 ? 0 : x);
  const whole = bits.getBigInt64(0);
  return whole >= 0n ? whole : -(whole & 0x7fff_ffff_ffff_ffffn);
}

function fromOrdinal(place: bigint): number {
  bits.setBigInt64(0, place >= 0n ? place : -place);
  const size = bits.getFloat64(0);
  return place >= 0n ? size : -size;
}
