/** The table behind all error rates: who is adverse under which policy, and what is known of them. */
import type { ComparisonPlan } from "../plan.ts";
import { appeals, type LabelColumns, labels } from "./collect-labels.ts";
import { type GroupName, groupOf } from "./groups.ts";

export { type GroupName, groupNames } from "./groups.ts";

/** Counts of one group. */
export interface GroupTally {
  fine: number;
  harmful: number;
  unlabelled: number;
  /** Decided appeals, those overturned, and those not decided. */
  upheld: number;
  overturned: number;
  pending: number;
}

/** Counts by group, reasons of missing labels, and fine entities that count as not adverse although unrated or shielded. */
export interface ErrorTally {
  readonly inFrame: number;
  readonly groups: Readonly<Record<GroupName, GroupTally>>;
  /** By code of `labels`. */
  readonly missing: ReadonlyMap<number, number>;
  readonly fineUnrated: readonly [number, number];
  readonly fineShielded: readonly [number, number];
  /** Labelled entities whose really assigned tier is not known all the way through the horizon. */
  readonly untreated: number;
}

/** Counts one error table for one candidate. `realised` leaves the labels of really restricted entities in. */
export function tallyErrors(
  plan: ComparisonPlan,
  columns: LabelColumns,
  options: { readonly candidate: number; readonly realised: boolean },
): ErrorTally {
  const sides = [0, options.candidate + 1] as const;
  const groups: Record<GroupName, GroupTally> = { both: emptyGroup(), newly: emptyGroup(), released: emptyGroup(), neither: emptyGroup() };
  const missing = new Map<number, number>();
  const fineUnrated: [number, number] = [0, 0];
  const fineShielded: [number, number] = [0, 0];
  const label = options.realised ? columns.realised : columns.label;
  let inFrame = 0;
  let untreated = 0;
  for (let entity = 0; entity < label.length; entity++) {
    const code = label[entity] as number;
    if (code === labels.notInFrame) continue;
    inFrame++;
    if (code === labels.fine || code === labels.harmful) untreated += columns.untreated[entity] as number;
    const [before, after] = sides.map((policy) => plan.adverse[policy]?.[columns.held[policy]?.[entity] as number] === 1) as [
      boolean,
      boolean,
    ];
    const group = groups[groupOf(before, after)];
    if (code === labels.fine) group.fine++;
    else if (code === labels.harmful) group.harmful++;
    else {
      group.unlabelled++;
      missing.set(code, (missing.get(code) ?? 0) + 1);
    }
    const appeal = columns.appeal[entity];
    if (appeal === appeals.upheld) group.upheld++;
    else if (appeal === appeals.overturned) group.overturned++;
    else if (appeal === appeals.pending) group.pending++;
    if (code !== labels.fine) continue;
    for (const [side, policy] of sides.entries()) {
      const held = columns.held[policy]?.[entity] as number;
      if (held >= (plan.policies[policy]?.tiers.length ?? 0)) fineUnrated[side as 0 | 1]++;
      if (columns.shielded[policy]?.[entity] === 1) fineShielded[side as 0 | 1]++;
    }
  }
  return { inFrame, groups, missing, fineUnrated, fineShielded, untreated };
}

/** The groups that are adverse, or not, under one of the two policies. */
export function groupsOf(side: "baseline" | "candidate", adverse: boolean): readonly GroupName[] {
  if (side === "baseline") return adverse ? ["both", "released"] : ["newly", "neither"];
  return adverse ? ["both", "newly"] : ["released", "neither"];
}

/** A count over several groups. */
export function countOver(tally: Pick<ErrorTally, "groups">, names: readonly GroupName[], field: keyof GroupTally): number {
  return names.reduce((sum, name) => sum + tally.groups[name][field], 0);
}

function emptyGroup(): GroupTally {
  return { fine: 0, harmful: 0, unlabelled: 0, upheld: 0, overturned: 0, pending: 0 };
}
