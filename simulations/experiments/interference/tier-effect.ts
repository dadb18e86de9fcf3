/** What holding one tier rather than another does to a unit's own sales. */
import { type Consequences, type Policy, type Programme, programmeTiers, tierNames } from "../../../policies/language/checked/index.ts";

/** One pair of held tiers: the candidate's consequences against the baseline's. */
export interface TierPair {
  /** Traffic of the candidate's tier over that of the baseline's. */
  readonly traffic: number;
  /** Orders a day; Infinity where the candidate's cap is not below the baseline's. */
  readonly cap: number;
  /** What differs. */
  readonly differing: readonly (keyof Consequences)[];
}

const kinds = ["traffic", "ordersPerDayMax", "fee", "payoutDays"] as const satisfies readonly (keyof Consequences)[];

/** By held code of the baseline and of the programme that goes over to the candidate; undefined where nothing differs or one of them holds none. */
export function tierPairs(
  baseline: Policy,
  candidate: Policy,
  changed: Programme,
): (without: number, changed: number) => TierPair | undefined {
  const own = tierNames(baseline);
  const { names } = programmeTiers(changed.versions);
  const termsOf = (policy: Policy, name: string): Consequences | undefined => policy.tiers.find((tier) => tier.name === name)?.consequences;
  const table = own.map((held) =>
    names.map((name) => pairOf(termsOf(baseline, held) ?? {}, termsOf(candidate, name) ?? termsOf(baseline, name) ?? {})),
  );
  return (without, with_) => table[without]?.[with_];
}

function pairOf(before: Consequences, after: Consequences): TierPair | undefined {
  const differing = kinds.filter((kind) =>
    kind === "traffic" ? (before.traffic ?? 1) !== (after.traffic ?? 1) : before[kind] !== after[kind],
  );
  if (differing.length === 0) return undefined;
  const [from, to] = [before.traffic ?? 1, after.traffic ?? 1];
  const [old, cap] = [before.ordersPerDayMax ?? Number.POSITIVE_INFINITY, after.ordersPerDayMax ?? Number.POSITIVE_INFINITY];
  return { traffic: from > 0 ? to / from : 1, cap: cap < old ? cap : Number.POSITIVE_INFINITY, differing };
}

/**
 * The factor on a period's sales: traffic ^ elasticity, and what a lower cap leaves of the orders when they lie evenly over the days. A cap or traffic that is lifted from
 * nothing sets free what nobody knows, and counts for nothing.
 *
 * @example
 * salesFactor({ traffic: 0.25, cap: 5, differing: [] }, { elasticity: 0.5, orders: 70, days: 7 })
 * // => 0.25
 */
export function salesFactor(
  { traffic, cap }: TierPair,
  { elasticity, orders, days }: { readonly elasticity: number; readonly orders: number; readonly days: number },
): number {
  const left = orders > cap * days ? (cap * days) / orders : 1;
  return left * (traffic === 1 || elasticity === 0 ? 1 : traffic ** elasticity);
}
