/** The places of values among ascending ones, many tables in one memory: small ones, because looking up is waiting for memory. */

/** Before a table's values: how many peers, how many different values, the least, buckets a unit of value. */
const headLength = 4;

/** A key that has no peers. */
const nobody = -1;

/**
 * Tables by a small integer key. A table holds each different value, how many peers lie below it, and for buckets of equal width where to look. Memory: at most 16 bytes a
 * different value.
 */
export class RankTables {
  /** By key: where its values and its counts begin, counted from 1; 0 where there is none yet. */
  #starts: Int32Array = new Int32Array(64);
  #countStarts: Int32Array = new Int32Array(64);
  readonly #words: Float64Array;
  readonly #counts: Int32Array;
  #used = 0;
  #usedCounts = 0;

  /** For at most so many values in so many keys. */
  constructor(values: number, keys: number) {
    this.#words = new Float64Array(values + headLength * keys);
    this.#counts = new Int32Array(2 * values + 3 * keys);
  }

  /** Whether a key was added. */
  has(key: number): boolean {
    return (this.#starts[key] ?? 0) !== 0;
  }

  /** Adds the values of a key, ascending; undefined: nobody to compare with. Cost: linear in the values. */
  add(key: number, ascending: Float64Array | undefined): void {
    this.#starts = grown(this.#starts, key + 1);
    this.#countStarts = grown(this.#countStarts, key + 1);
    if (ascending === undefined || ascending.length === 0) this.#starts[key] = nobody;
    else {
      this.#starts[key] = this.#used + 1;
      this.#countStarts[key] = this.#usedCounts;
      this.#write(ascending);
    }
  }

  /** The share of values below, those equal counted half; NaN where there is nobody. */
  place(key: number, value: number): number {
    const one = Float64Array.of(value);
    this.placeAll(key, one, 0, 1);
    return one[0] as number;
  }

  /** Puts places where values stand, from one position to before another; NaN stays. */
  placeAll(key: number, values: Float64Array, from: number, to: number): void {
    const start = (this.#starts[key] as number) - 1;
    if (start < 0) {
      values.fill(Number.NaN, from, to);
      return;
    }
    const [words, counts] = [this.#words, this.#counts];
    const [count, different, least, scale] = [
      words[start] as number,
      words[start + 1] as number,
      words[start + 2] as number,
      words[start + 3] as number,
    ];
    const entries = start + headLength;
    const below = this.#countStarts[key] as number;
    const firstBucket = below + different + 1;
    const buckets = bucketsOf(different);
    for (let index = from; index < to; index++) {
      const value = values[index] as number;
      if (Number.isNaN(value)) continue;
      const bucket = firstBucket + bucketOf(value, least, scale, buckets);
      let low = counts[bucket] as number;
      let high = counts[bucket + 1] as number;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((words[entries + middle] as number) < value) low = middle + 1;
        else high = middle;
      }
      const first = counts[below + low] as number;
      // Of one of these values its peers end where the next begin.
      const next = low < different && words[entries + low] === value ? (counts[below + low + 1] as number) : first;
      values[index] = (first + next) / (2 * count);
    }
  }

  #write(ascending: Float64Array): void {
    const [words, counts] = [this.#words, this.#counts];
    const count = ascending.length;
    const start = this.#used;
    const entries = start + headLength;
    const below = this.#usedCounts;
    let different = 0;
    for (let first = 0; first < count; ) {
      const value = ascending[first] as number;
      words[entries + different] = value;
      counts[below + different] = first;
      different++;
      first++;
      while (first < count && ascending[first] === value) first++;
    }
    counts[below + different] = count;
    const buckets = bucketsOf(different);
    const least = ascending[0] as number;
    const width = (ascending[count - 1] as number) - least;
    const scale = width > 0 && Number.isFinite(buckets / width) ? buckets / width : 0;
    words[start] = count;
    words[start + 1] = different;
    words[start + 2] = least;
    words[start + 3] = scale;
    const firstBucket = below + different + 1;
    let nextBucket = 0;
    for (let entry = 0; entry < different; entry++) {
      const bucket = bucketOf(words[entries + entry] as number, least, scale, buckets);
      while (nextBucket <= bucket) counts[firstBucket + nextBucket++] = entry;
    }
    while (nextBucket <= buckets) counts[firstBucket + nextBucket++] = different;
    this.#used = entries + different;
    this.#usedCounts = firstBucket + buckets + 1;
  }
}

function bucketsOf(different: number): number {
  return Math.max(1, different >> 1);
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
