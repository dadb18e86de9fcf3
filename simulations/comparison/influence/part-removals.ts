/** Which part of the score moves whom: each part taken out of the score alone, and every entity's whole history replayed. */
import { countText, limits, present } from "../../../data/foundation/index.ts";
import type { OutcomeFrame, Panel } from "../../../data/panel/index.ts";
import { compilePolicy } from "../../../policies/compile/index.ts";
import type { Policy, Score } from "../../../policies/language/checked/index.ts";
import { gatherPeers } from "../../replay/index.ts";
import { type Undetermined, undetermined } from "../../statistics/index.ts";
import { chosenParts, evenly, rowAt } from "../chosen-entities.ts";
import type { Collected } from "../collect.ts";
import type { ComparisonPlan } from "../plan.ts";
import type { PartRemoval, PartRemovals } from "./influence.ts";
import { openScore } from "./score-leaves.ts";

/**
 * What the tiers of a policy at the end of the range would be without one part of its headline score, part by part. A part taken out is
 * missing for everyone: its weight goes where the sum's own rule for missing parts puts it (`share out`: to the parts that are there; a
 * number: stands in). A sum without a rule has its weight shared out, which is said. What else reads the part, or its metric, reads it still.
 * Cost: one more replay of at most `removalEntities` entities a part; with ranks, a pass over the panel besides.
 */
export function describePartRemovals(
  plan: ComparisonPlan,
  collected: Collected,
  policyIndex: number,
  panel: Panel,
): PartRemovals | Undetermined {
  const policy = present(plan.policies[policyIndex], "policy");
  const opened = openScore(policy);
  if (!("leaves" in opened)) return opened;
  const { leaves, headline } = opened;
  if (leaves.length < 2)
    return undetermined(`${headline.title} is made of one part, and without it there is no score`, "a score of two or more parts");
  if (leaves.length > limits.attributedChanges.value)
    return undetermined(
      `the score has ${leaves.length} parts, more than ${limits.attributedChanges.value} are not taken out one by one`,
      "a score of fewer parts, or a higher limit 'attributedChanges'",
    );
  const policies = leaves.map(({ score }) => withoutPart(policy, score));
  const runs = policies.map((without) => compilePolicy(without, panel.schema));
  const ranked = runs.some(({ needsPeers }) => needsPeers);
  if (ranked && panel.entityCount > limits.influenceEntities.value)
    return undetermined(
      `the policy compares with peers, and those of ${countText(panel.entityCount)} entities are not gathered anew for every part`,
      "a panel of fewer entities, or a higher limit 'influenceEntities'",
    );
  const held = present(collected.end.held[policyIndex], "held tiers");
  const inFrame: number[] = [];
  for (const [entity, code] of held.entries()) if (code >= 0) inFrame.push(entity);
  const examined = evenly(inFrame, limits.removalEntities.value);
  const peers = ranked && examined.length > 0 ? gatherPeers(panel, policies, plan.to) : [];
  const counts = leaves.map(() => ({ up: 0, down: 0, intoUnrated: 0, outOfUnrated: 0 }));
  let frame: OutcomeFrame | undefined;
  for (const { chunk, entities } of chosenParts(panel, collected.chunkStart, examined)) {
    for (const [part, compiled] of runs.entries()) {
      const given = peers[part];
      frame = compiled.run(chunk, { to: plan.to, reuse: frame, ...(given === undefined ? {} : { peers: given }) });
      const count = present(counts[part], "counts");
      for (const [place, entity] of entities.entries()) {
        const [before, after] = [held[entity] as number, frame.held[present(rowAt(chunk, place, plan.to), "a row at the end")] as number];
        if (before === after) continue;
        const [wasRated, isRated] = [before < policy.tiers.length, after < policy.tiers.length];
        if (!isRated) count.intoUnrated++;
        else if (!wasRated) count.outOfUnrated++;
        else if (after < before) count.up++;
        else count.down++;
      }
    }
  }
  const parts = leaves.map(({ score, title, declared }, index): PartRemoval => {
    const count = present(counts[index], "counts");
    const flips = count.up + count.down + count.intoUnrated + count.outOfUnrated;
    return { score, title, declared, rule: ruleOf(policy, score), flips, ...count };
  });
  return { kind: "removals", entities: inFrame.length, examined: examined.length, parts: parts.toSorted((a, b) => b.flips - a.flips) };
}

type Weighted = Extract<Score, { kind: "weighted" }>;

/**
 * The policy with one part of its headline score missing for everyone in the sums, and nowhere else. Sums with a rule for missing parts read a score
 * that is never known in its place; sums without one lose the part, and a sum that has lost its only part is lost to its own readers.
 */
export function withoutPart(policy: Policy, part: string): Policy {
  const unknown = freeName(policy);
  const zero = { kind: "number", value: 0, unit: "number" } as const;
  const never: Score = {
    kind: "value",
    name: unknown,
    title: "Never known",
    round: 0,
    expression: { kind: "arithmetic", operator: "/", left: zero, right: zero },
  };
  const sums = sumsOf(policy);
  const isLost = (name: string): boolean => {
    const sum = sums.get(name);
    return name === part || (sum?.missing.kind === "propagate" && sum.parts.every((one) => isLost(one.score)));
  };
  const scores = policy.scores.map((score): Score => {
    const sum = sums.get(score.name);
    if (sum === undefined || !sum.parts.some((one) => isLost(one.score))) return score;
    if (sum.missing.kind !== "propagate")
      return { ...sum, parts: sum.parts.map((one) => (isLost(one.score) ? { ...one, score: unknown } : one)) };
    const left = sum.parts.filter((one) => !isLost(one.score));
    return left.length === 0 ? score : { ...sum, parts: left };
  });
  return { ...policy, scores: [never, ...scores] };
}

/** The weighted sums that the headline score is made of, by name. */
function sumsOf(policy: Policy): ReadonlyMap<string, Weighted> {
  const found = new Map<string, Weighted>();
  const visit = (name: string | undefined): void => {
    const score = policy.scores.find((one) => one.name === name);
    if (score?.kind !== "weighted" || found.has(score.name)) return;
    found.set(score.name, score);
    for (const part of score.parts) visit(part.score);
  };
  visit(policy.headlineScore);
  return found;
}

/** What becomes of the weight: what the sums that read the part say of missing ones; the weakest said where they differ. */
function ruleOf(policy: Policy, part: string): PartRemoval["rule"] {
  const kinds = [...sumsOf(policy).values()]
    .filter(({ parts }) => parts.some(({ score }) => score === part))
    .map(({ missing }) => missing.kind);
  if (kinds.includes("propagate")) return "none";
  return kinds.includes("neutral") ? "neutral" : "share-out";
}

function freeName(policy: Policy): string {
  const taken = new Set([...policy.scores, ...policy.metrics, ...policy.ledgers, ...policy.conditions].map(({ name }) => name));
  let name = "never_known";
  while (taken.has(name)) name += "_";
  return name;
}
