/** Quantiles of integers in one pass and little memory: exact up to 255, within 1/128 above; order is irrelevant. */

/** Counts values in buckets of growing width (the idea of HdrHistogram, Gil Tene 2012). */
export class ValueSketch {
  readonly #positive = new Float64Array(bucketCount);
  readonly #negative = new Map<number, number>();
  #count = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  zeros = 0;
  missing = 0;
  #sum = 0;
  #flushed = 0n;

  /** Adds a column of safe integers. NaN is counted as missing. */
  add(values: Float64Array): void {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (value !== value) {
        this.missing++;
        continue;
      }
      if (value < this.min) this.min = value;
      if (value > this.max) this.max = value;
      if (value >= 0) {
        if (value === 0) this.zeros++;
        const bucket = bucketOf(value);
        this.#positive[bucket] = (this.#positive[bucket] as number) + 1;
      } else {
        const bucket = bucketOf(-value);
        this.#negative.set(bucket, (this.#negative.get(bucket) ?? 0) + 1);
      }
      this.#count++;
      if (value > sumBound || value < -sumBound) this.#flushed += BigInt(value);
      else {
        this.#sum += value;
        if (this.#sum > sumBound || this.#sum < -sumBound) this.#flush();
      }
    }
  }

  /** How many values were there. */
  get count(): number {
    return this.#count;
  }

  /** The exact sum. */
  get sum(): bigint {
    return this.#flushed + BigInt(this.#sum);
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

  #flush(): void {
    this.#flushed += BigInt(this.#sum);
    this.#sum = 0;
  }
}

/** Two numbers of at most this size add up exactly in a double. */
const sumBound = 2 ** 51;
const exactBelow = 256;
const bucketCount = exactBelow + 46 * 128;

function bucketOf(value: number): number {
  if (value < exactBelow) return value;
  const high = Math.floor(value / 4_294_967_296);
  const exponent = high > 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(value);
  return exactBelow + (exponent - 8) * 128 + Math.floor(value / 2 ** (exponent - 7)) - 128;
}

function lowerBound(bucket: number): number {
  if (bucket < exactBelow) return bucket;
  const exponent = Math.floor((bucket - exactBelow) / 128) + 8;
  return (((bucket - exactBelow) % 128) + 128) * 2 ** (exponent - 7);
}
