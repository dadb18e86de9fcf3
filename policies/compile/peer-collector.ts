/** Gathers what peers have, chunk by chunk, for rank and ratio metrics. */
import { checkLimit, InputRefused, type PeriodIndex } from "../../data/foundation/index.ts";
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
  readonly #values: readonly Map<PeriodIndex, Map<string, GrowingNumbers>>[];
  #count = 0;

  constructor(item: Policy | Programme) {
    this.#needs = versionsOf(item).flatMap(({ policy }, position) =>
      peerNeeds(policy).map((need) => ({ ...need, metrics: need.metrics.map((metric) => peerKey(position, metric)) })),
    );
    this.#values = this.#needs.map(() => new Map<PeriodIndex, Map<string, GrowingNumbers>>());
  }

  /** Adds one entity's value on one period. `need`: the position in `peerNeeds`, of a programme through all versions; `group`: the text, empty for everyone. */
  add(need: number, period: PeriodIndex, group: string, value: number): void {
    const periods = this.#values[need];
    if (periods === undefined) return;
    const groups = periods.get(period) ?? new Map<string, GrowingNumbers>();
    const numbers = groups.get(group) ?? new GrowingNumbers();
    if (numbers.count === 0) periods.set(period, groups.set(group, numbers));
    numbers.add(value);
    this.#count++;
    const breach = checkLimit("peerValues", this.#count);
    if (breach !== undefined) throw new InputRefused([breach]);
  }

  /** Everything that was added, ascending: the same in whatever order it came. */
  finish(): PeerValues {
    return new Map(
      this.#needs.flatMap(({ metrics }, index) => {
        const periods = [...(this.#values[index] ?? [])].map(
          ([period, groups]) => [period, new Map([...groups].map(([group, numbers]) => [group, numbers.ascending()]))] as const,
        );
        const byPeriod = new Map(periods);
        return metrics.map((metric) => [metric, byPeriod] as const);
      }),
    );
  }
}

class GrowingNumbers {
  #numbers = new Float64Array(16);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(value: number): void {
    if (this.#count === this.#numbers.length) {
      const grown = new Float64Array(2 * this.#count);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[this.#count++] = value;
  }

  ascending(): Float64Array {
    return this.#numbers.slice(0, this.#count).sort();
  }
}
