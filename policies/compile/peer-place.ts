/** Where a value stands among its peers. */
import { present } from "../../data/foundation/index.ts";
import { finite } from "./decimal.ts";
import { RankTables } from "./rank-tables.ts";

/** The peers of one rank or ratio metric, by period and by the code of their group, for a run over one chunk. */
export class PeerPlace {
  readonly metric: string;
  readonly #groups: readonly string[];
  readonly #peersMin: number;
  #firstPeriod = 0;
  #values: ReadonlyMap<number, ReadonlyMap<string, Float64Array>> = new Map();
  #tables = new RankTables(0, 0);
  /** By period and group: the median, made when first asked for. NaN: too few peers. */
  #medians: (number | undefined)[] = [];

  /** `groups`: the texts behind the codes; for everyone one empty text. */
  constructor(metric: string, groups: readonly string[], peersMin: number) {
    this.metric = metric;
    this.#groups = groups;
    this.#peersMin = peersMin;
  }

  /** Takes the values that peers have; periods of the kernel count from the panel's first. */
  open(values: ReadonlyMap<number, ReadonlyMap<string, Float64Array>> | undefined, firstPeriod: number): void {
    if (this.#values !== values || this.#firstPeriod !== firstPeriod) {
      this.#tables = emptyTables(values);
      this.#medians = [];
    }
    this.#values = values ?? new Map();
    this.#firstPeriod = firstPeriod;
  }

  /** The share of peers below the value, those equal to it counted half; NaN with too few. */
  rank(period: number, group: number, value: number): number {
    if (Number.isNaN(value) || !(group >= 0)) return Number.NaN;
    const key = period * this.#groups.length + group;
    if (!this.#tables.has(key)) this.#tables.add(key, this.#peers(period, group));
    return this.#tables.place(key, value);
  }

  /** Puts the ranks of one group on one period where values stand, from one position to before another; NaN stays. */
  rankAll(period: number, group: number, values: Float64Array, from: number, to: number): void {
    const key = period * this.#groups.length + group;
    if (!this.#tables.has(key)) this.#tables.add(key, this.#peers(period, group));
    this.#tables.placeAll(key, values, from, to);
  }

  /** The value over the median of the peers; NaN with too few, when the median is 0, or when either lies beyond the doubles. */
  ratio(period: number, group: number, value: number): number {
    if (Number.isNaN(value) || !(group >= 0)) return Number.NaN;
    const key = period * this.#groups.length + group;
    const median = this.#medians[key] ?? medianOf(this.#peers(period, group));
    this.#medians[key] = median;
    return median === 0 ? Number.NaN : finite(value / median);
  }

  #peers(period: number, group: number): Float64Array | undefined {
    const peers = this.#values.get(this.#firstPeriod + period)?.get(present(this.#groups[group], "a group"));
    return peers === undefined || peers.length < this.#peersMin ? undefined : peers;
  }
}

function emptyTables(values: ReadonlyMap<number, ReadonlyMap<string, Float64Array>> = new Map()): RankTables {
  const groups = [...values.values()].flatMap((byGroup) => [...byGroup.values()]);
  return new RankTables(
    groups.reduce((sum, { length }) => sum + length, 0),
    groups.length,
  );
}

/** NaN of nobody. */
function medianOf(ascending: Float64Array | undefined): number {
  if (ascending === undefined) return Number.NaN;
  const middle = ascending.length >> 1;
  const upper = present(ascending[middle], "the middle peer");
  return ascending.length % 2 === 1 ? upper : finite(present(ascending[middle - 1], "the middle peer") + upper) / 2;
}
