/** Which change of the policy moves whom: each change undone alone, and made alone, for every mover. */
import { countText, limits, present } from "../../../data/foundation/index.ts";
import type { OutcomeFrame, Panel } from "../../../data/panel/index.ts";
import { compilePolicy } from "../../../policies/compile/index.ts";
import type { Policy } from "../../../policies/language/checked/index.ts";
import { gatherPeers } from "../../replay/index.ts";
import { type Undetermined, undetermined } from "../../statistics/index.ts";
import { chosenParts, evenly, rowAt } from "../chosen-entities.ts";
import type { Collected } from "../collect.ts";
import { moves } from "../movement/tier-pairs.ts";
import type { ComparisonPlan } from "../plan.ts";
import { type ChangedPart, changedParts, hasSameLadder, mixedPolicy } from "./changed-parts.ts";
import type { FlipCauses } from "./influence.ts";

/**
 * The movers at the end of the range by cause. A change undoes a mover when the candidate with that one part as in the baseline holds
 * the baseline's tier for it; it is enough when the baseline with that one part as in the candidate holds the candidate's. Swapping the
 * policies swaps both counts. Whole histories are replayed, so that movement counts as it does in the comparison.
 * Cost: twice as many replays of at most `attributedMovers` movers as there are changes; with ranks, a pass over the panel besides.
 */
export function describeFlipCauses(
  plan: ComparisonPlan,
  collected: Collected,
  candidateIndex: number,
  panel: Panel,
): FlipCauses | Undetermined {
  const [baseline, candidate] = [present(plan.policies[0], "baseline"), present(plan.policies[candidateIndex + 1], "candidate")];
  const parts = changedParts(baseline, candidate);
  if (parts.length > limits.attributedChanges.value)
    return undetermined(
      `${parts.length} parts of the policy differ, more than ${limits.attributedChanges.value} are not tried one by one`,
      "a candidate that changes less at once, or a higher limit 'attributedChanges'",
    );
  const converted = unitChange(baseline, candidate);
  if (converted !== undefined)
    return undetermined(
      `'${converted}' is in another unit under each policy, so that its readers cannot be changed apart from it`,
      "a new name for what is measured otherwise",
    );
  const movers = moversOf(plan, collected, candidateIndex);
  const examined = evenly(movers, limits.attributedMovers.value);
  const found = tryParts({ plan, collected, candidateIndex, panel, parts, examined });
  if ("kind" in found) return found;
  const { undone, enough } = found;
  let [several, together] = [0, 0];
  const only = parts.map(() => 0);
  for (let mover = 0; mover < examined.length; mover++) {
    const alone = [...parts.keys()].filter((part) => undone[part]?.[mover] === 1);
    const [first] = alone;
    if (first === undefined) together++;
    else if (alone.length > 1) several++;
    else only[first] = (only[first] as number) + 1;
  }
  const causes = parts.map((part, index) => ({
    ...part,
    undone: countOf(undone[index]),
    onlyThis: only[index] as number,
    enough: countOf(enough[index]),
  }));
  return {
    kind: "causes",
    movers: movers.length,
    examined: examined.length,
    causes: movers.length === 0 ? [] : causes.toSorted((a, b) => b.undone - a.undone || b.enough - a.enough),
    several,
    together,
  };
}

/** A metric, ledger or parameter whose value means something else: what reads it makes sense beside its own version only. */
function unitChange(baseline: Policy, candidate: Policy): string | undefined {
  const unitsOf = ({ metrics, ledgers, parameters }: Policy) =>
    new Map([...metrics, ...ledgers, ...parameters].map(({ name, unit, currency }) => [name, `${unit} ${currency ?? ""}`]));
  const before = unitsOf(baseline);
  const kinds = new Map(baseline.metrics.map(({ name, kind }) => [name, kind]));
  const texts = candidate.metrics.find(({ name, kind }) => kinds.has(name) && (kind === "largest") !== (kinds.get(name) === "largest"));
  return texts?.name ?? [...unitsOf(candidate)].find(([name, unit]) => before.has(name) && before.get(name) !== unit)?.[0];
}

function moversOf(plan: ComparisonPlan, collected: Collected, candidateIndex: number): readonly number[] {
  const { move, columns } = present(plan.pairs[candidateIndex], "tier pairs");
  const [before, after] = [present(collected.end.held[0], "held tiers"), present(collected.end.held[candidateIndex + 1], "held tiers")];
  const movers: number[] = [];
  for (const [entity, held] of before.entries()) {
    if (held >= 0 && move[held * columns + (after[entity] as number)] !== moves.same) movers.push(entity);
  }
  return movers;
}

interface Trial {
  readonly plan: ComparisonPlan;
  readonly collected: Collected;
  readonly candidateIndex: number;
  readonly panel: Panel;
  readonly parts: readonly ChangedPart[];
  readonly examined: readonly number[];
}

/** By part, by mover: 1 where undoing it alone brings the baseline's tier back, and where making it alone brings the candidate's. */
function tryParts(trial: Trial): { readonly undone: readonly Uint8Array[]; readonly enough: readonly Uint8Array[] } | Undetermined {
  const { plan, collected, candidateIndex, panel, parts, examined } = trial;
  const [baseline, candidate] = [present(plan.policies[0], "baseline"), present(plan.policies[candidateIndex + 1], "candidate")];
  const paths = parts.map(({ path }) => path);
  const undone = parts.map(() => new Uint8Array(examined.length));
  const enough = parts.map(() => new Uint8Array(examined.length));
  if (examined.length === 0) return { undone, enough };
  const mixes = [
    ...paths.map((path) => mixedPolicy(baseline, candidate, new Set([path]))),
    ...paths.map((path) => mixedPolicy(baseline, candidate, new Set(paths.filter((other) => other !== path)))),
  ];
  const runs = mixes.map((policy) => ({ policy, compiled: compilePolicy(policy, panel.schema) }));
  const ranked = runs.some(({ compiled }) => compiled.needsPeers);
  if (ranked && panel.entityCount > limits.influenceEntities.value)
    return undetermined(
      `a policy compares with peers, and those of ${countText(panel.entityCount)} entities are not gathered anew for every change`,
      "a panel of fewer entities, or a higher limit 'influenceEntities'",
    );
  const peers = ranked ? gatherPeers(panel, mixes, plan.to) : [];
  const pair = present(plan.pairs[candidateIndex], "tier pairs");
  const sameLadder = hasSameLadder(baseline, candidate);
  const isSame = (before: number, after: number): boolean => pair.move[before * pair.columns + after] === moves.same;
  let done = 0;
  for (const { chunk, entities } of chosenParts(panel, collected.chunkStart, examined)) {
    let frame: OutcomeFrame | undefined;
    for (const [index, { policy, compiled }] of runs.entries()) {
      const given = peers[index];
      frame = compiled.run(chunk, { to: plan.to, reuse: frame, ...(given === undefined ? {} : { peers: given }) });
      const [undoes, part] = index < parts.length ? [true, index] : [false, index - parts.length];
      const hasBaselineLadder = !sameLadder && isLadderOf(policy, baseline);
      const goal = undoes ? 0 : candidateIndex + 1;
      const into = present((undoes ? undone : enough)[part], "a part");
      for (const [place, entity] of entities.entries()) {
        const held = frame.held[present(rowAt(chunk, place, plan.to), "a row at the end")] as number;
        const wanted = collected.end.held[goal]?.[entity] as number;
        if (isReached({ held, wanted, undoes, hasBaselineLadder })) into[done + place] = 1;
      }
    }
    done += entities.length;
  }
  return { undone, enough };

  function isReached(state: { held: number; wanted: number; undoes: boolean; hasBaselineLadder: boolean }): boolean {
    const { held, wanted, undoes, hasBaselineLadder } = state;
    if (sameLadder || hasBaselineLadder === undoes) return held === wanted;
    return undoes ? isSame(wanted, held) : isSame(held, wanted);
  }
}

function isLadderOf(policy: Policy, other: Policy): boolean {
  return hasSameLadder(policy, other);
}

function countOf(marks: Uint8Array | undefined): number {
  return marks?.reduce((sum, mark) => sum + mark, 0) ?? 0;
}
