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

  /** `groups`: the texts behind the codes; for everyone one empty text. */
  constructor(metric: string, groups: readonly string[], peersMin: number) {
    this.metric = metric;
    this.#groups = groups;
    this.#peersMin = peersMin;
  }

  /** Takes the values that peers have; periods of the kernel count from the panel's first. */
  open(values: ReadonlyMap<number, ReadonlyMap<string, Float64Array>> | undefined, firstPeriod: number): void {
    this.#values = values ?? new Map();
    this.#firstPeriod = firstPeriod;
  }

  /** The share of peers below the value, those equal to it counted half; NaN with too few. */
  rank(period: number, group: number, value: number): number {
    const peers = this.#peers(period, group, value);
    if (peers === undefined) return Number.NaN;
    const below = countWhere(peers, (peer) => peer < value);
    const equal = countWhere(peers, (peer) => peer <= value) - below;
    return (2 * below + equal) / (2 * peers.length);
  }

  /** The value over the median of the peers; NaN with too few, when the median is 0, or when either lies beyond the doubles. */
  ratio(period: number, group: number, value: number): number {
    const peers = this.#peers(period, group, value);
    if (peers === undefined) return Number.NaN;
    const middle = peers.length >> 1;
    const upper = present(peers[middle], "the middle peer");
    const median = peers.length % 2 === 1 ? upper : finite(present(peers[middle - 1], "the middle peer") + upper) / 2;
    return median === 0 ? Number.NaN : finite(value / median);
  }

  #peers(period: number, group: number, value: number): Float64Array | undefined {
    if (Number.isNaN(value) || !(group >= 0)) return undefined;
    const peers = this.#values.get(this.#firstPeriod + period)?.get(present(this.#groups[group], "a group"));
    return peers === undefined || peers.length < this.#peersMin ? undefined : peers;
  }
}

/** How many ascending values are so, where the first ones are and the rest are not. */
function countWhere(values: Float64Array, isSo: (value: number) => boolean): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isSo(values[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}
