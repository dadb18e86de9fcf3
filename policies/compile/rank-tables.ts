/** The places of values among ascending ones, many tables in one memory: a lookup touches a few neighbouring words. */

/** Before a table's buckets: how many peers, how many different values, how many buckets, the least value, buckets a unit of value. */
const headLength = 5;

/** A key that has no peers. */
const nobody = -1;

/**
 * Tables by a small integer key. A table holds each different value with the share of peers below it, those equal counted half; buckets of
 * equal width say where to look. Memory: 28 bytes a different value.
 */
export class RankTables {
  /** By key: where its table begins, counted from 1; 0 where there is none yet. */
  #starts: Int32Array = new Int32Array(64);
  readonly #words: Float64Array;
  #used = 0;

  /** For at most so many values in so many keys. */
  constructor(values: number, keys: number) {
    this.#words = new Float64Array(4 * values + (headLength + 2) * keys);
  }

  /** Whether a key was added. */
  has(key: number): boolean {
    return (this.#starts[key] ?? 0) !== 0;
  }

  /** Adds the values of a key, ascending; undefined: nobody to compare with. Cost: linear in the values. */
  add(key: number, ascending: Float64Array | undefined): void {
    this.#starts = grown(this.#starts, key + 1);
    this.#starts[key] = ascending === undefined || ascending.length === 0 ? nobody : this.#write(ascending) + 1;
  }

  /** The share of values below, those equal counted half; NaN where there is nobody. */
  place(key: number, value: number): number {
    const start = (this.#starts[key] as number) - 1;
    if (start < 0) return Number.NaN;
    const words = this.#words;
    const different = words[start + 1] as number;
    const buckets = words[start + 2] as number;
    const firstBucket = start + headLength;
    const entries = firstBucket + buckets + 1;
    const bucket = firstBucket + bucketOf(value, words[start + 3] as number, words[start + 4] as number, buckets);
    let [low, high] = [words[bucket] as number, words[bucket + 1] as number];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((words[entries + 2 * middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    if (low < different && words[entries + 2 * low] === value) return words[entries + 2 * low + 1] as number;
    const count = words[start] as number;
    return low === different ? 1 : (words[entries + 2 * different + low] as number) / count;
  }

  #write(ascending: Float64Array): number {
    const count = ascending.length;
    let different = 1;
    for (let index = 1; index < count; index++) if (ascending[index] !== ascending[index - 1]) different++;
    const buckets = Math.max(1, different >> 1);
    const start = this.#used;
    this.#used = start + headLength + buckets + 1 + 3 * different;
    const words = this.#words;
    const least = ascending[0] as number;
    const width = (ascending[count - 1] as number) - least;
    const scale = width > 0 && Number.isFinite(buckets / width) ? buckets / width : 0;
    words.set([count, different, buckets, least, scale], start);
    const firstBucket = start + headLength;
    const entries = firstBucket + buckets + 1;
    let nextBucket = 0;
    let first = 0;
    for (let entry = 0; entry < different; entry++) {
      const value = ascending[first] as number;
      let next = first + 1;
      while (next < count && ascending[next] === value) next++;
      words[entries + 2 * entry] = value;
      words[entries + 2 * entry + 1] = (first + next) / (2 * count);
      words[entries + 2 * different + entry] = first;
      const bucket = bucketOf(value, least, scale, buckets);
      while (nextBucket <= bucket) words[firstBucket + nextBucket++] = entry;
      first = next;
    }
    while (nextBucket <= buckets) words[firstBucket + nextBucket++] = different;
    return start;
  }
}

/** Never less for a larger value. */
function bucketOf(value: number, least: number, scale: number, buckets: number): number {
  const bucket = Math.floor((value - least) * scale);
  return bucket > 0 ? Math.min(bucket, buckets - 1) : 0;
}

function grown(numbers: Int32Array, length: number): Int32Array {
  if (length <= numbers.length) return numbers;
  const larger = new Int32Array(Math.max(length, 2 * numbers.length));
  larger.set(numbers);
  return larger;
}
