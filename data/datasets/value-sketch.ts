/** Quantiles of integers in one pass and little memory: exact up to 255, within 1/128 above; order is irrelevant. */

/** Counts values in buckets of growing width (the idea of HdrHistogram, Gil Tene 2012). */
export class ValueSketch {
  readonly #positive = new Float64Array(bucketCount);
  readonly #negative = new Map<number, number>();
  #count = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  missing = 0;
  #sum = 0n;

  /** Adds a column of safe integers. NaN is counted as missing. */
  add(values: Float64Array): void {
    const positive = this.#positive;
    const small = new Uint32Array(exactBelow);
    let [count, sum, missing, smallest, largest] = [0, 0, 0, this.min, this.max];
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (value >= 0 && value < exactBelow) {
        // Most are small: their count says all about them, once for the whole column.
        small[value] = (small[value] as number) + 1;
        continue;
      }
      if (value >= 0) {
        const bucket = bucketOf(value);
        positive[bucket] = (positive[bucket] as number) + 1;
      } else if (value < 0) {
        const bucket = bucketOf(-value);
        this.#negative.set(bucket, (this.#negative.get(bucket) ?? 0) + 1);
      } else {
        missing++;
        continue;
      }
      count++;
      if (value < smallest) smallest = value;
      if (value > largest) largest = value;
      if (value > sumBound || value < -sumBound) {
        this.#sum += BigInt(value);
        continue;
      }
      sum += value;
      if (sum > sumBound || sum < -sumBound) {
        this.#sum += BigInt(sum);
        sum = 0;
      }
    }
    for (const [value, times] of small.entries()) {
      if (times === 0) continue;
      positive[value] = (positive[value] as number) + times;
      count += times;
      smallest = Math.min(smallest, value);
      largest = Math.max(largest, value);
      this.#sum += BigInt(value * times);
    }
    this.#sum += BigInt(sum);
    this.#count += count;
    this.missing += missing;
    [this.min, this.max] = [smallest, largest];
  }

  /** How many values are 0. */
  get zeros(): number {
    return this.#positive[0] as number;
  }

  /** How many values were there. */
  get count(): number {
    return this.#count;
  }

  /** The exact sum. */
  get sum(): bigint {
    return this.#sum;
  }

  /** The value below or at which this share of the values lies: the lower bound of its bucket, never below `min` or above `max`. */
  quantile(share: number): number | undefined {
    if (this.#count === 0) return undefined;
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let below = 0;
    for (const bucket of [...this.#negative.keys()].sort((a, b) => b - a)) {
      below += this.#negative.get(bucket) ?? 0;
      if (below >= rank) return Math.max(this.min, -lowerBound(bucket));
    }
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      below += this.#positive[bucket] as number;
      if (below >= rank) return Math.min(this.max, Math.max(this.min, lowerBound(bucket)));
    }
    return this.max;
  }
}

/** Two numbers of at most this size add up exactly in a double. */
const sumBound = 2 ** 51;
const exactBelow = 256;
const bucketCount = exactBelow + 46 * 128;

/** A double and the upper half of its bits: the exponent, and the first 7 digits of the mantissa that split each power of two. */
const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

function bucketOf(value: number): number {
  if (value < exactBelow) return value;
  double[0] = value;
  const upper = halves[1] as number;
  return exactBelow + ((upper >>> 20) - 1023 - 8) * 128 + ((upper >>> 13) & 127);
}

function lowerBound(bucket: number): number {
  if (bucket < exactBelow) return bucket;
  const exponent = Math.floor((bucket - exactBelow) / 128) + 8;
  return (((bucket - exactBelow) % 128) + 128) * 2 ** (exponent - 7);
}
