/** Error rates from sums alone: the labels of a paired replay, whichever engine counted them. */
import { type PeriodIndex, present } from "../../../data/foundation/index.ts";
import { type Aggregates, type GroupsAt, type LabelParting, labelCellOf, type PanelSchema } from "../../../data/panel/index.ts";
import { comparesPeers, type Policy, tierNames } from "../../../policies/language/checked/index.ts";
import type { Errors } from "../comparison.ts";
import { noDrawReason, withoutIntervals } from "../no-draw.ts";
import { type ErrorPlan, isAdverse } from "../plan.ts";
import { ErrorCounts } from "./error-tally.ts";
import { describeTable, type ErrorsOf } from "./errors.ts";

/** What a replay is to part its pairs by, and the error tables whose labels are among it, as its last partings. */
export interface PairedGroups {
  readonly groups: GroupsAt;
  readonly errors: readonly ErrorPlan[];
}

/** What a replay is to part its pairs by for these tables, a parting each; `to`: where nothing is mature. */
export function labelPartings(
  plans: readonly ErrorPlan[],
  { policies, schema, to }: { readonly policies: readonly [Policy, Policy]; readonly schema: PanelSchema; readonly to: PeriodIndex },
): readonly LabelParting[] {
  const restricting = schema.assignedTiers.filter((name) => isAdverse(name, policies));
  return plans.map(({ period, sources }) => ({
    kind: "labels",
    at: period ?? to,
    isMature: period !== undefined,
    sources: sources.map(({ name }) => name),
    restricting,
  }));
}

/** The tables of a comparison of both but for the estimates, which read scores and sizes: from the sums that `pairedGroups` asked for. */
export function describeLabels(sums: Aggregates, { groups, errors }: PairedGroups, of: ErrorsOf): readonly Errors[] {
  const { policies } = of;
  const [before, after] = policies.map(tierNames) as [readonly string[], readonly string[]];
  const first = groups.partings.length - errors.length;
  const counts = errors.map(() => ({ tally: new ErrorCounts(policies), realised: new ErrorCounts(policies) }));
  for (const { key, sums: counted } of sums.cells) {
    const [parting = "", group = "", row = "", column = ""] = key;
    const table = counts[Number(parting) - first];
    if (table === undefined) continue;
    const { label, realised, ...cell } = labelCellOf(Number(group));
    const alike = { ...cell, held: [before.indexOf(row), after.indexOf(column)] as const };
    const entities = Number(present(counted[0], "entities"));
    table.tally.add({ ...alike, label }, entities);
    table.realised.add({ ...alike, label: realised }, entities);
  }
  const tables = errors.map((error, index) => {
    const { tally, realised } = present(counts[index], "a table");
    return describeTable(of, error, { tally: tally.finish(), realised: realised.finish() });
  });
  const noDraw = noDrawReason({ comparesPeers: policies.map(comparesPeers) }, 0);
  return noDraw === undefined ? tables : withoutIntervals(tables, noDraw);
}
