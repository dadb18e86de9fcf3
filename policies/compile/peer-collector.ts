/** Gathers what peers have, chunk by chunk, for rank and ratio metrics. */
import { checkLimit, InputRefused, type PeriodIndex, present } from "../../data/foundation/index.ts";
import { type PeerValues, type Policy, type Programme, peerKey, versionsOf } from "../language/checked/index.ts";

/** One comparison among peers: what is compared, within which groups, for which metrics. */
export interface PeerNeed {
  readonly of: string;
  readonly among?: { readonly to: "attribute" | "metric"; readonly name: string };
  /** Rank and ratio metrics that read it. */
  readonly metrics: readonly string[];
}

/** What a policy compares among peers, each pair of thing and group once. Empty: it has no rank or ratio. */
export function peerNeeds(policy: Policy): readonly PeerNeed[] {
  const needs = new Map<string, { of: string; among?: Required<PeerNeed>["among"]; metrics: string[] }>();
  for (const metric of policy.metrics) {
    if (metric.kind !== "rank" && metric.kind !== "ratio") continue;
    const { of, among, name } = metric;
    const key = JSON.stringify([of, among]);
    const need = needs.get(key);
    if (need === undefined) needs.set(key, { of: of.name, ...(among === undefined ? {} : { among }), metrics: [name] });
    else need.metrics.push(name);
  }
  return [...needs.values()];
}

/**
 * Takes values in any order. Memory: 8 to 16 bytes a value. Errors: InputRefused (`limit-exceeded`) beyond the limit `peerValues`.
 */
export class PeerCollector {
  readonly #needs: readonly PeerNeed[];
  /** By need, group and period. */
  readonly #values: readonly Map<string, PeerGroup>[];
  #counted = 0;

  constructor(item: Policy | Programme) {
    this.#needs = versionsOf(item).flatMap(({ policy }, position) =>
      peerNeeds(policy).map((need) => ({ ...need, metrics: need.metrics.map((metric) => peerKey(position, metric)) })),
    );
    this.#values = this.#needs.map(() => new Map<string, PeerGroup>());
  }

  /** Takes the values of a group. `need`: the position in `peerNeeds`, of a programme through all versions; `group`: the text, empty for everyone. */
  groupOf(need: number, group: string): PeerGroup {
    const groups = present(this.#values[need], "a need");
    const known = groups.get(group);
    if (known !== undefined) return known;
    const added = new PeerGroup((values) => this.#count(values));
    groups.set(group, added);
    return added;
  }

  #count(values: number): void {
    this.#counted += values;
    const breach = checkLimit("peerValues", this.#counted);
    if (breach !== undefined) throw new InputRefused([breach]);
  }

  /** Everything that was added, ascending: the same in whatever order it came. */
  finish(): PeerValues {
    return new Map(
      this.#needs.flatMap(({ metrics }, index) => {
        const byPeriod = new Map<PeriodIndex, Map<string, Float64Array>>();
        for (const [group, { periods }] of this.#values[index] ?? []) {
          for (const [period, numbers] of periods) {
            const groups = byPeriod.get(period) ?? new Map<string, Float64Array>();
            byPeriod.set(period, groups.set(group, numbers.ascending()));
          }
        }
        return metrics.map((metric) => [metric, byPeriod] as const);
      }),
    );
  }
}

/** What one group has, by period. */
export class PeerGroup {
  readonly periods = new Map<PeriodIndex, GrowingNumbers>();
  readonly #count: (values: number) => void;

  constructor(count: (values: number) => void) {
    this.#count = count;
  }

  /** Adds one entity's value on one period. */
  add(period: PeriodIndex, value: number): void {
    this.#numbersOf(period).add(value);
    this.#count(1);
  }

  /** Adds what entities have on one period; NaN is unknown. */
  addKnown(period: PeriodIndex, values: Float64Array): void {
    let known = 0;
    for (let index = 0; index < values.length; index++) if (!Number.isNaN(values[index])) known++;
    if (known === 0) return;
    this.#count(known);
    this.#numbersOf(period).addKnown(values, known);
  }

  #numbersOf(period: PeriodIndex): GrowingNumbers {
    const known = this.periods.get(period);
    if (known !== undefined) return known;
    const added = new GrowingNumbers();
    this.periods.set(period, added);
    return added;
  }
}

class GrowingNumbers {
  #numbers = new Float64Array(16);
  #count = 0;

  add(value: number): void {
    this.#makeRoom(1);
    this.#numbers[this.#count++] = value;
  }

  /** Those that are not NaN, of which there are so many. */
  addKnown(values: Float64Array, known: number): void {
    this.#makeRoom(known);
    const numbers = this.#numbers;
    let count = this.#count;
    for (let index = 0; index < values.length; index++) {
      const value = values[index] as number;
      if (!Number.isNaN(value)) numbers[count++] = value;
    }
    this.#count = count;
  }

  ascending(): Float64Array {
    return this.#numbers.slice(0, this.#count).sort();
  }

  #makeRoom(more: number): void {
    const needed = this.#count + more;
    if (needed <= this.#numbers.length) return;
    const grown = new Float64Array(Math.max(needed, 2 * this.#numbers.length));
    grown.set(this.#numbers);
    this.#numbers = grown;
  }
}
