/** Who bears a change and what is at stake, from sums alone: the groups of a paired replay, whichever engine counted them. */
import { type PeriodIndex, present } from "../../../data/foundation/index.ts";
import type { Aggregates, GroupsAt, PanelSchema } from "../../../data/panel/index.ts";
import { comparesPeers, type Policy, tierNames } from "../../../policies/language/checked/index.ts";
import type { BootstrapOptions } from "../../statistics/index.ts";
import type { GmvAtStake, SegmentRow } from "../comparison.ts";
import type { LabelCounts } from "../errors/label-counts.ts";
import { labelPartings, type PairedGroups } from "../errors/paired-errors.ts";
import { addHeld, emptyTally, shownGroups } from "../fairness/group-tally.ts";
import { noDrawReason, withoutIntervals } from "../no-draw.ts";
import { partingsAt } from "../partings.ts";
import { errorPlans, evaluatedPeriods, gmvSpanTo } from "../plan.ts";
import { type EntityDraw, recordedTotals } from "../recorded.ts";
import { type PairsAt, type Stake, stakeOfPairs } from "../sales/stake-of-pairs.ts";
import { describeSegments } from "../segments.ts";
import { tierPairs } from "./tier-pairs.ts";

/**
 * The pairs of the last period: everyone, then the segmentations of a comparison of both, and the sales that may be at stake; those of the dates of its
 * error tables by label. `labels`: how many there are by source and date.
 */
export function pairedGroups(
  policies: readonly [Policy, Policy],
  schema: PanelSchema,
  { from, to }: { readonly from: PeriodIndex; readonly to: PeriodIndex },
  labels: LabelCounts,
): PairedGroups {
  const { gmvMeasure, grain } = schema;
  const errors = errorPlans(schema, evaluatedPeriods(policies, schema, { from, to }), labels);
  const parted = partingsAt(policies, schema, to).map(({ parting }) => parting);
  const groups: GroupsAt = {
    at: to,
    ...(gmvMeasure === undefined ? {} : { sales: { measure: gmvMeasure, over: gmvSpanTo(grain, to) } }),
    partings: [{ kind: "everyone" }, ...parted, ...labelPartings(errors, { policies, schema, to })],
  };
  return { groups, errors };
}

/** What a comparison of both says of the period. */
export interface PairedStakes {
  /** Absent without a measure of GMV. Amounts have no intervals, and there is no largest: sums know no single entity. */
  readonly gmv?: GmvAtStake;
  readonly segments: readonly SegmentRow[];
}

/** Whose pairs, of which panel, at which period; and how entities are drawn again. */
export interface StakesOptions extends PairsAt, BootstrapOptions {}

/** From the groups that `pairedGroups` asked for. */
export function describeStakes(groups: Aggregates, { baseline, candidate, schema, to, ...draw }: StakesOptions): PairedStakes {
  const pairs = tierPairs(baseline, candidate);
  const [before, after] = [tierNames(baseline), tierNames(candidate)];
  const partings = partingsAt([baseline, candidate], schema, to).map((each) => ({ ...each, groups: each.names.map(emptyTally) }));
  const all = { entities: new Float64Array(pairs.rows * pairs.columns), gmv: new Float64Array(pairs.rows * pairs.columns) };
  for (const { key, sums } of groups.cells) {
    const [parting = "", group = "", row = "", column = ""] = key;
    const pair = before.indexOf(row) * pairs.columns + after.indexOf(column);
    const held = { pair, entities: Number(sums[0]), gmv: Number(sums[1] ?? 0n) };
    if (parting === "0") {
      all.entities[pair] = held.entities;
      all.gmv[pair] = held.gmv;
    } else if (Number(parting) <= partings.length)
      addHeld(present(partings[Number(parting) - 1]?.groups[Number(group)], "a group"), pairs, held);
  }
  const noDraw = noDrawReason({ comparesPeers: [baseline, candidate].map(comparesPeers) }, 0);
  const parted = partings.map((parting) => ({ parting, groups: shownGroups(parting, parting.groups) }));
  const segments = describeSegments(draw, parted);
  const stake = stakeOfPairs({ baseline, candidate, schema, to }, all);
  return {
    ...(stake === undefined
      ? {}
      : { gmv: gmvOf(stake, { ...draw, noDraw: noDraw ?? "sums do not tell how amounts are spread over entities" }) }),
    segments: noDraw === undefined ? segments : withoutIntervals(segments, noDraw),
  };
}

function gmvOf({ inFrame, atStake, lower, higher, other, ...told }: Stake, draw: EntityDraw): GmvAtStake {
  const columns = [atStake, lower, higher, other].map((amount) => Float64Array.of(amount));
  const [staked, down, up, rest] = recordedTotals(columns, inFrame, draw).map((amount) => present(amount, "an amount"));
  return {
    ...told,
    atStake: present(staked, "at stake"),
    lower: present(down, "lower"),
    higher: present(up, "higher"),
    other: present(rest, "other"),
  };
}
