/** Two values an entity as counts of points and of pairs of points: for shuffles with fewer bits a value when there are many. */
import type { PairedCounts, PointCounts } from "../../statistics/index.ts";

/** More points or pairs of points than these make shuffles slow. */
const pointsMax = 1024;
const pairsMax = 6_000;

/** Counts for shuffles, the bits of each value's 52 that were kept in them, and the counts of the values as they are. */
export interface PairedPoints {
  readonly counts: PairedCounts;
  readonly bits: number;
  readonly exact: PointCounts;
}

/**
 * Values are cut off towards 0 to the most bits at which there are at most 1,024 points and 6,000 pairs; what does not fit one bit stays as it is then. Cutting is
 * monotone, so that order and ties of what is left are right; a value moves by less than 2^-bits of itself.
 */
export function pairedPoints(first: Float64Array, second: Float64Array): PairedPoints {
  for (const bits of [52, 24, 16, 12, 10, 8, 7, 6, 5, 4, 3, 2]) {
    const counts = countedAt(first, second, bits);
    if (counts !== undefined) return { counts, bits, exact: bits === 52 ? counts : pointCounts(first, second) };
  }
  const counts = countedAt(first, second, 1, Number.POSITIVE_INFINITY);
  return {
    counts: counts ?? { points: new Float64Array(0), control: new Float64Array(0), treatment: new Float64Array(0), pairs: [] },
    bits: 1,
    exact: pointCounts(first, second),
  };
}

/** How often each value stands on either side. */
function pointCounts(first: Float64Array, second: Float64Array): PointCounts {
  const points = Float64Array.from(new Set([...first, ...second].map((value) => value + 0))).sort();
  const places = new Map(Array.from(points, (value, place) => [value, place]));
  const counted = (values: Float64Array): Float64Array => {
    const counts = new Float64Array(points.length);
    for (const value of values) {
      const place = places.get(value + 0) as number;
      counts[place] = (counts[place] as number) + 1;
    }
    return counts;
  };
  return { points, control: counted(first), treatment: counted(second) };
}

function countedAt(first: Float64Array, second: Float64Array, bits: number, most = 1): PairedCounts | undefined {
  const places = new Map<number, number>();
  const cutAll = (values: Float64Array): Float64Array | undefined => {
    const kept = new Float64Array(values.length);
    for (const [entity, value] of values.entries()) {
      const own = cut(value, bits);
      kept[entity] = own;
      if (places.has(own)) continue;
      places.set(own, 0);
      if (places.size > pointsMax * most) return undefined;
    }
    return kept;
  };
  const from = cutAll(first);
  const to = from === undefined ? undefined : cutAll(second);
  if (from === undefined || to === undefined) return undefined;
  const points = Float64Array.from(places.keys()).sort();
  for (const [place, value] of points.entries()) places.set(value, place);
  const [control, treatment] = [new Float64Array(points.length), new Float64Array(points.length)];
  const cells = new Map<number, number>();
  for (const [entity, value] of from.entries()) {
    const [a, b] = [places.get(value) as number, places.get(to[entity] as number) as number];
    control[a] = (control[a] as number) + 1;
    treatment[b] = (treatment[b] as number) + 1;
    const cell = a * points.length + b;
    cells.set(cell, (cells.get(cell) ?? 0) + 1);
  }
  if (cells.size > pairsMax * most) return undefined;
  const pairs = [...cells].map(([cell, count]) => ({ control: Math.floor(cell / points.length), treatment: cell % points.length, count }));
  return { points, control, treatment, pairs };
}

const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);

/** The value with only so many bits of its mantissa; -0 is 0. */
function cut(value: number, bits: number): number {
  if (bits >= 52) return value + 0;
  number[0] = value + 0;
  const lost = 52 - bits;
  words[0] = lost >= 32 ? 0 : ((words[0] as number) & (0xffff_ffff << lost)) >>> 0;
  if (lost > 32) words[1] = ((words[1] as number) & (0xffff_ffff << (lost - 32))) >>> 0;
  return number[0] + 0;
}

/**
 * The pairs in bins that end where the first side reaches the next tenth; beyond its largest value lies one more. Ten values or fewer are bins of their own. Exact, however
 * many values there are.
 */
export function tenths(first: Float64Array, second: Float64Array): readonly (readonly number[])[] {
  const ends = endsOf(first, second);
  const binOf = (value: number): number => ends.reduce((bin, end) => (end < value ? bin + 1 : bin), 0);
  const pairs = Array.from(first, (value, entity) => [binOf(value), binOf(second[entity] as number)] as const);
  const used = [...new Set(pairs.flat())].sort((a, b) => a - b);
  const table = used.map(() => used.map(() => 0));
  for (const [from, to] of pairs) {
    const row = table[used.indexOf(from)] as number[];
    row[used.indexOf(to)] = (row[used.indexOf(to)] as number) + 1;
  }
  return table;
}

/** The largest value of each bin, ascending; each once. */
function endsOf(first: Float64Array, second: Float64Array): readonly number[] {
  const values = new Set<number>(first);
  for (const value of second) values.add(value);
  if (values.size <= 10) return [...values].sort((a, b) => a - b);
  const sorted = first.slice().sort();
  return [...new Set(Array.from({ length: 10 }, (_, tenth) => sorted[Math.ceil(((tenth + 1) * sorted.length) / 10) - 1] as number))];
}
