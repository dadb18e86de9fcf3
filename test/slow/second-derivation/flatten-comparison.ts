/** A comparison's numbers in the form of figures.sql: figure, key, value. */
import type { CandidateComparison, Comparison, Errors, FairnessGroup, MovementMatrix } from "../../../simulations/comparison/index.ts";
import type { Estimated } from "../../../simulations/statistics/index.ts";

/** The key of the segment row that stands for the values without a row of their own. */
export const otherValues = "(other values)";

/** Every count and sum of one candidate, by `figure|key`. Zero cells are left out of tables, as SQL leaves out empty groups. */
export function flattenComparison(comparison: Comparison, version: string): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  const add = (figure: string, key: string, value: number): void => void numbers.set(`${figure}|${key}`, value);
  const candidate = comparison.candidates.find((entry) => entry.version === version);
  if (candidate === undefined) throw new Error(`no candidate ${version}`);
  for (const { period, tiers } of candidate.distribution) {
    for (const [tier, { entities, gmv }] of Object.entries(tiers)) {
      if (entities === 0) continue;
      add("distribution entities", `${period} ${tier}`, entities);
      add("distribution gmv", `${period} ${tier}`, gmv);
    }
  }
  addMovement(candidate.movement, add);
  add("newly adverse", "", candidate.newlyAdverse);
  add("released", "", candidate.released);
  addRange(candidate, add);
  addGmv(candidate, add);
  for (const row of candidate.segments.filter(({ segment, entities }) => segment !== "age" && entities > 0)) {
    const key = `${row.segment} ${keyOf(row.segment, row.value)}`;
    add("segment entities", key, row.entities);
    add("segment movers", key, row.movers);
    add("segment gmv", key, row.gmv);
    add("segment newly adverse", key, row.newlyAdverse);
  }
  for (const { segment, groups } of (candidate.fairness?.segmentations ?? []).filter((one) => one.segment !== "age"))
    for (const group of groups) addGroup(`${segment} ${keyOf(segment, group.value)}`, group.counts, add);
  const [errors] = candidate.errors;
  if (errors !== undefined) addErrors(errors, add);
  return numbers;
}

/** What later.sql derives: early warning, harm, and the counted parts of the explained change. */
export function flattenLater({ atRisk }: Comparison, candidate: CandidateComparison): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  const add = (figure: string, key: string, value: number): void => void numbers.set(`${figure}|${key}`, value);
  for (const [version, side] of [
    [candidate.version, "candidate"],
    ["1.0.0", "baseline"],
  ] as const) {
    const policy = atRisk?.policies.find((one) => one.version === version);
    if (policy === undefined) throw new Error(`no early warning of ${version}`);
    const { evaluations, exits, hits, entries } = policy;
    const { eligible, measured, open } = evaluations;
    for (const [figure, value] of Object.entries({ eligible, measured, open, exits, hits, entries })) add(figure, side, value);
  }
  const { harm } = candidate.sales ?? {};
  for (const [side, group] of [
    ["newly", harm?.newlyAdverse],
    ["released", harm?.released],
  ] as const) {
    if (group === undefined) throw new Error("labels speak of harm");
    const { entities, harmful, fine, orders, gmv, lead } = group;
    for (const [figure, value] of Object.entries({ entities, harmful, fine, orders, gmv, never: lead.never }))
      add(`harm ${figure}`, side, value);
  }
  const { both, entrants, leavers } = candidate.changeExplained ?? {};
  if (both === undefined || entrants === undefined || leavers === undefined) throw new Error("the change is explained");
  add("both", "", both.entities);
  add("both adverse before", "", both.adverseBefore);
  add("both adverse after", "", both.adverseAfter);
  add("entrants", "", entrants.entities);
  add("entrants adverse", "", entrants.adverse);
  add("leavers", "", leavers.entities);
  add("leavers adverse", "", leavers.adverse);
  return numbers;
}

function keyOf(segment: string, value: string): string {
  if (segment === "size") return /\d+/.exec(value)?.[0] ?? "";
  return value.endsWith(" other values") ? otherValues : value;
}

function addGroup(key: string, counts: FairnessGroup["counts"], add: Add): void {
  for (const figure of ["up", "down", "released", "fine", "harmful", "unlabelled"] as const) add(`group ${figure}`, key, counts[figure]);
  add("group newly", key, counts.newlyAdverse);
  for (const side of ["baseline", "candidate"] as const) {
    add(`group adverse ${side}`, key, counts.adverse[side]);
    add(`group demoted ${side}`, key, counts.demoted[side]);
    add(`group fine ${side}`, key, counts.adverseFine[side]);
    add(`group harmful ${side}`, key, counts.adverseHarmful[side]);
  }
}

type Add = (figure: string, key: string, value: number) => void;

function addMovement(movement: MovementMatrix, add: Add): void {
  for (const [row, from] of movement.rows.entries()) {
    for (const [column, to] of movement.columns.entries()) {
      const entities = movement.matrix[row]?.[column] ?? 0;
      if (entities > 0) add("matrix", `${from} ${to}`, entities);
    }
  }
  add("movers", "", movement.movers);
  add("up", "", movement.up);
  add("down", "", movement.down);
  add("into unrated", "", movement.intoUnrated);
  add("out of unrated", "", movement.outOfUnrated);
  add("in frame", "", movement.inFrame ?? Number.NaN);
}

function addRange({ range }: CandidateComparison, add: Add): void {
  add("range entities", "", range.entities);
  add("range entity-periods", "", range.entityPeriods);
  add("ever differed", "", range.everDiffered);
  add("differing entity-periods", "", range.differingEntityPeriods);
  add("after first divergence", "", range.afterFirstDivergence);
  for (const version of ["baseline", "candidate"] as const) {
    add("changes", version, range.changes[version]);
    add("whiplash", version, range.whiplash[version]);
    add("ever adverse", version, range.everAdverse?.[version] ?? Number.NaN);
  }
}

function addGmv({ gmv }: CandidateComparison, add: Add): void {
  if (gmv === undefined) throw new Error("the panel has GMV");
  add("gmv total", "", gmv.total);
  add("gmv at stake", "", estimateOf(gmv.atStake));
  add("gmv lower", "", estimateOf(gmv.lower));
  add("gmv higher", "", estimateOf(gmv.higher));
  for (const { tier, baseline, candidate } of gmv.byTier) {
    if (baseline > 0) add("gmv by tier baseline", tier, baseline);
    if (candidate > 0) add("gmv by tier candidate", tier, candidate);
  }
}

function addErrors(errors: Errors, add: Add): void {
  add("labels in frame", "", errors.inFrame);
  add("labels known", "", errors.labelled);
  add("labels fine", "", errors.fine);
  for (const version of ["baseline", "candidate"] as const) {
    for (const rate of errors[version].rates) {
      if (rate.name === "false-positive-rate" || rate.name === "miss-rate") add(rate.name, version, rate.numerator);
      if (rate.name === "false-share") add("false-share denominator", version, rate.denominator);
    }
  }
  for (const { group, entities, labelled } of errors.coverage) {
    if (group === "neither") continue;
    add(`coverage ${group}`, "entities", entities);
    if (group === "newly") add("coverage newly", "labelled", labelled);
  }
}

function estimateOf(estimated: Estimated): number {
  if (estimated.kind === "undetermined") throw new Error(estimated.reason);
  return estimated.value;
}
