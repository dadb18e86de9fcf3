/** The table behind all error rates: who is adverse under which policy, and what is known of them. */
import { appeals, labels } from "../../../data/panel/index.ts";
import type { Policy } from "../../../policies/language/checked/index.ts";
import type { ComparisonPlan } from "../plan.ts";
import type { LabelColumns } from "./collect-labels.ts";
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

/** Entities that are alike in all that error rates count. */
export interface CountedAlike {
  /** A code of `labels` that is not `notInFrame`, and one of `appeals`. */
  readonly label: number;
  readonly appeal: number;
  readonly untreated: number;
  /** Under the baseline and under the candidate: the held tier's code, and whether it is shielded. */
  readonly held: readonly [number, number];
  readonly shielded: readonly [number, number];
}

/** Adds entities up, alike by alike. */
export class ErrorCounts {
  readonly #policies: readonly [Policy, Policy];
  readonly #adverse: readonly (readonly boolean[])[];
  readonly #groups: Record<GroupName, GroupTally> = {
    both: emptyGroup(),
    newly: emptyGroup(),
    released: emptyGroup(),
    neither: emptyGroup(),
  };
  readonly #missing = new Map<number, number>();
  readonly #fineUnrated: [number, number] = [0, 0];
  readonly #fineShielded: [number, number] = [0, 0];
  #inFrame = 0;
  #untreated = 0;

  /** The baseline and the candidate. */
  constructor(policies: readonly [Policy, Policy]) {
    this.#policies = policies;
    this.#adverse = policies.map(({ tiers }) => tiers.map(({ adverse }) => adverse));
  }

  add({ label, appeal, untreated, held, shielded }: CountedAlike, entities: number): void {
    this.#inFrame += entities;
    const isAdverse = (side: 0 | 1): boolean => this.#adverse[side]?.[held[side]] === true;
    const group = this.#groups[groupOf(isAdverse(0), isAdverse(1))];
    if (appeal === appeals.upheld) group.upheld += entities;
    else if (appeal === appeals.overturned) group.overturned += entities;
    else if (appeal === appeals.pending) group.pending += entities;
    if (label !== labels.fine && label !== labels.harmful) {
      group.unlabelled += entities;
      this.#missing.set(label, (this.#missing.get(label) ?? 0) + entities);
      return;
    }
    if (untreated === 1) this.#untreated += entities;
    if (label === labels.harmful) {
      group.harmful += entities;
      return;
    }
    group.fine += entities;
    for (const side of [0, 1] as const) {
      if (held[side] >= this.#policies[side].tiers.length) this.#fineUnrated[side] += entities;
      if (shielded[side] === 1) this.#fineShielded[side] += entities;
    }
  }

  finish(): ErrorTally {
    return {
      inFrame: this.#inFrame,
      groups: this.#groups,
      missing: this.#missing,
      fineUnrated: this.#fineUnrated,
      fineShielded: this.#fineShielded,
      untreated: this.#untreated,
    };
  }
}

/** Counts one error table for one candidate. `realised` leaves the labels of really restricted entities in. */
export function tallyErrors(
  plan: Pick<ComparisonPlan, "policies">,
  columns: LabelColumns,
  options: { readonly candidate: number; readonly realised: boolean },
): ErrorTally {
  const sides = [0, options.candidate + 1] as const;
  const counts = new ErrorCounts(sides.map((policy) => plan.policies[policy]) as [Policy, Policy]);
  const [[heldBefore, heldAfter], [shieldedBefore, shieldedAfter]] = [columns.held, columns.shielded].map((values) =>
    sides.map((policy) => values[policy]),
  ) as [[Int8Array, Int8Array], [Uint8Array, Uint8Array]];
  const label = options.realised ? columns.realised : columns.label;
  for (const [entity, code] of label.entries()) {
    if (code === labels.notInFrame) continue;
    const alike: CountedAlike = {
      label: code,
      appeal: columns.appeal[entity] as number,
      untreated: columns.untreated[entity] as number,
      held: [heldBefore[entity] as number, heldAfter[entity] as number],
      shielded: [shieldedBefore[entity] as number, shieldedAfter[entity] as number],
    };
    counts.add(alike, 1);
  }
  return counts.finish();
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
