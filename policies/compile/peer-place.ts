/** Where a value stands among its peers. */
import { present } from "../../data/foundation/index.ts";
import { finite } from "./decimal.ts";

/** The peers of one rank or ratio metric, by period and by the code of their group, for a run over one chunk. */
export class PeerPlace {
  readonly metric: string;
  readonly #groups: readonly string[];
  readonly #peersMin: number;
  #firstPeriod = 0;
  #values: ReadonlyMap<number, ReadonlyMap<string, Float64Array>> = new Map();
  /** By period and group: made when first asked for. `null`: too few peers. */
  #rankings: (Ranking | null | undefined)[] = [];

  /** `groups`: the texts behind the codes; for everyone one empty text. */
  constructor(metric: string, groups: readonly string[], peersMin: number) {
    this.metric = metric;
    this.#groups = groups;
    this.#peersMin = peersMin;
  }

  /** Takes the values that peers have; periods of the kernel count from the panel's first. */
  open(values: ReadonlyMap<number, ReadonlyMap<string, Float64Array>> | undefined, firstPeriod: number): void {
    if (this.#values !== values || this.#firstPeriod !== firstPeriod) this.#rankings = [];
    this.#values = values ?? new Map();
    this.#firstPeriod = firstPeriod;
  }

  /** The share of peers below the value, those equal to it counted half; NaN with too few. */
  rank(period: number, group: number, value: number): number {
    if (Number.isNaN(value) || !(group >= 0)) return Number.NaN;
    const key = period * this.#groups.length + group;
    let ranking = this.#rankings[key];
    if (ranking === undefined) {
      const peers = this.#peers(period, group);
      ranking = peers === undefined ? null : new Ranking(peers);
      this.#rankings[key] = ranking;
    }
    return ranking === null ? Number.NaN : ranking.place(value);
  }

  /** The value over the median of the peers; NaN with too few, when the median is 0, or when either lies beyond the doubles. */
  ratio(period: number, group: number, value: number): number {
    const peers = Number.isNaN(value) || !(group >= 0) ? undefined : this.#peers(period, group);
    if (peers === undefined) return Number.NaN;
    const middle = peers.length >> 1;
    const upper = present(peers[middle], "the middle peer");
    const median = peers.length % 2 === 1 ? upper : finite(present(peers[middle - 1], "the middle peer") + upper) / 2;
    return median === 0 ? Number.NaN : finite(value / median);
  }

  #peers(period: number, group: number): Float64Array | undefined {
    const peers = this.#values.get(this.#firstPeriod + period)?.get(present(this.#groups[group], "a group"));
    return peers === undefined || peers.length < this.#peersMin ? undefined : peers;
  }
}

/** The places of values among ascending ones: each different value with its place, found by way of buckets of equal width. */
class Ranking {
  readonly #count: number;
  /** The different values, ascending; how many lie below each, and its place. */
  readonly #values: Float64Array;
  readonly #below: Int32Array;
  readonly #places: Float64Array;
  /** By bucket: its first value; one more at the end. */
  readonly #buckets: Int32Array;
  readonly #scale: number;

  /** Cost: linear in the values. */
  constructor(ascending: Float64Array) {
    const count = ascending.length;
    this.#count = count;
    const starts: number[] = [];
    for (let index = 0; index < count; index++) if (index === 0 || ascending[index] !== ascending[index - 1]) starts.push(index);
    this.#values = Float64Array.from(starts, (start) => ascending[start] as number);
    this.#below = Int32Array.from(starts);
    this.#places = Float64Array.from(starts, (start, index) => (2 * start + ((starts[index + 1] ?? count) - start)) / (2 * count));
    const width = (this.#values.at(-1) ?? 0) - (this.#values[0] ?? 0);
    const buckets = Math.max(1, starts.length >> 2);
    this.#scale = width > 0 && Number.isFinite(buckets / width) ? buckets / width : 0;
    this.#buckets = new Int32Array(buckets + 2).fill(starts.length);
    for (let index = starts.length - 1; index >= 0; index--) this.#buckets[this.#bucketOf(this.#values[index] as number)] = index;
    for (let bucket = buckets; bucket >= 0; bucket--)
      this.#buckets[bucket] = Math.min(this.#buckets[bucket] as number, this.#buckets[bucket + 1] as number);
  }

  /** The share of values below, those equal counted half. */
  place(value: number): number {
    const bucket = this.#bucketOf(value);
    let [low, high] = [this.#buckets[bucket] as number, this.#buckets[bucket + 1] as number];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#values[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    if (this.#values[low] === value) return this.#places[low] as number;
    return (low === this.#values.length ? this.#count : (this.#below[low] as number)) / this.#count;
  }

  /** Never less for a larger value. */
  #bucketOf(value: number): number {
    const bucket = Math.floor((value - (this.#values[0] as number)) * this.#scale);
    return bucket > 0 ? Math.min(bucket, this.#buckets.length - 2) : 0;
  }
}
