/** A market in groups: everyone in the frame who is treated alike, so that a scenario is arithmetic on a few sums. */
import { present } from "../../../data/foundation/index.ts";
import type { ComparisonPlan } from "../plan.ts";
import type { WindowColumns } from "./collect-sales.ts";
import { feeWhole } from "./plan-sales.ts";

/** How a group is treated: multipliers of traffic, fees as shares, whether a cap may bind; under the baseline, the candidate, and really. */
export interface Treatment {
  readonly before: { readonly traffic: number; readonly fee: number; readonly isCapped: boolean };
  readonly after: { readonly traffic: number; readonly fee: number; readonly isCapped: boolean };
  /** Above 0; 1 where unknown, or where no traffic at all was let through. */
  readonly trafficInForce: number;
  /** Newly adverse, and near the line. */
  readonly isNear: boolean;
}

/** Where the sums of one group stand: sales, and what caps remove of them at least and at most. Groups follow one another. */
export const place = { gmv: 0, beforeFewest: 1, beforeMost: 2, afterFewest: 3, afterMost: 4 } as const;
export const sumsOfGroup = 5;

/** The market at a date. */
export interface Market {
  readonly treatments: readonly Treatment[];
  /** By entity: its group, -1 outside the frame. */
  readonly groupOf: Int32Array;
  /** By group: how many entities, and the sums, `sumsOfGroup` each. */
  readonly members: readonly number[];
  readonly sums: Float64Array;
}

/** Where the market is looked at: held tiers at the date, the window's sales, and who is near the line. */
export interface MarketAt {
  readonly plan: ComparisonPlan;
  readonly candidate: number;
  readonly before: Int8Array;
  readonly after: Int8Array;
  readonly window: WindowColumns;
  readonly isNear: (entity: number) => boolean;
}

/**
 * By baseline tier, candidate tier, tier really in force and nearness, in that order, so that the order of entities is irrelevant; what is treated
 * alike is one group.
 */
export function marketAt(at: MarketAt): Market {
  const { plan, candidate, before, after, window } = at;
  const columns = present(plan.pairs[candidate], "tier pairs").columns;
  const inForceCodes = (plan.sales.terms[0]?.traffic.length ?? 0) + 1;
  const keys = new Float64Array(before.length).fill(-1);
  const known = new Map<number, number>();
  for (let entity = 0; entity < before.length; entity++) {
    const [row, column] = [before[entity] as number, after[entity] as number];
    if (row < 0 || column < 0) continue;
    const key = ((row * columns + column) * inForceCodes + (window.inForce[entity] as number) + 1) * 2 + (at.isNear(entity) ? 1 : 0);
    keys[entity] = key;
    known.set(key, 0);
  }
  const sorted = [...known.keys()].sort((a, b) => a - b);
  const treatments = new Map<string, { readonly group: number; readonly treatment: Treatment }>();
  for (const key of sorted) {
    const treatment = treatmentOf(plan, candidate, { key, columns, inForceCodes });
    const alike = JSON.stringify(treatment);
    const { group } = treatments.get(alike) ?? { group: treatments.size };
    treatments.set(alike, { group, treatment });
    known.set(key, group);
  }
  const groupOf = Int32Array.from(keys, (key) => known.get(key) ?? -1);
  return {
    treatments: Array.from(treatments.values(), ({ treatment }) => treatment),
    groupOf,
    ...addUp({ groups: treatments.size, groupOf, window, candidate }),
  };
}

function treatmentOf(
  plan: ComparisonPlan,
  candidate: number,
  { key, columns, inForceCodes }: { readonly key: number; readonly columns: number; readonly inForceCodes: number },
): Treatment {
  const inForce = (Math.floor(key / 2) % inForceCodes) - 1;
  const pair = Math.floor(key / 2 / inForceCodes);
  const side = (policy: number, code: number) => {
    const terms = present(plan.sales.terms[policy], "terms");
    const cap = terms.cap[code] as number;
    return { traffic: terms.traffic[code] as number, fee: (terms.fee[code] as number) / feeWhole, isCapped: Number.isFinite(cap) };
  };
  const traffic = inForce < 0 ? 1 : (plan.sales.terms[0]?.traffic[inForce] as number);
  return {
    before: side(0, Math.floor(pair / columns)),
    after: side(candidate + 1, pair % columns),
    trafficInForce: traffic > 0 ? traffic : 1,
    isNear: key % 2 === 1,
  };
}

function addUp(of: { readonly groups: number; readonly groupOf: Int32Array; readonly window: WindowColumns; readonly candidate: number }) {
  const { groups, groupOf, window, candidate } = of;
  const members = Array.from({ length: groups }, () => 0);
  const sums = new Float64Array(groups * sumsOfGroup);
  const columns = contributionColumns(window, candidate);
  for (let entity = 0; entity < groupOf.length; entity++) {
    const group = groupOf[entity] as number;
    if (group < 0) continue;
    members[group] = (members[group] as number) + 1;
    for (const [index, column] of columns.entries()) {
      const at = group * sumsOfGroup + index;
      sums[at] = (sums[at] as number) + (column[entity] as number);
    }
  }
  return { members, sums };
}

/** The columns that a group sums, in the order of `place`; only GMV where nothing is capped. */
export function contributionColumns(window: WindowColumns, candidate: number): readonly Float64Array[] {
  const [before, after] = [window.removed[0], window.removed[candidate + 1]];
  if (before === undefined || after === undefined) return [window.gmv];
  return [window.gmv, before.fewest, before.most, after.fewest, after.most];
}
