/** Declared beside effective weights: how much of the variance of a score each of its parts carries. */
import { countText, limits, present } from "../../../data/foundation/index.ts";
import type { Panel } from "../../../data/panel/index.ts";
import { compileItem } from "../../../policies/compile/index.ts";
import type { Policy } from "../../../policies/language/checked/index.ts";
import { gatherPeers } from "../../replay/index.ts";
import { estimated, sumOf, type Undetermined, undetermined } from "../../statistics/index.ts";
import { chosenParts, evenly, rowAt } from "../chosen-entities.ts";
import type { Collected } from "../collect.ts";
import type { ComparisonPlan } from "../plan.ts";
import type { ScoreWeights } from "./influence.ts";
import { type OpenedScore, openScore, type SumNode } from "./score-leaves.ts";

/**
 * A policy's headline score at the end of the range, taken apart into what each part contributes to each entity's score: its weight
 * over the sum of the weights that count for that entity, times its value. Effective weight: cov(contribution, score) / var(score)
 * over entities, so that the parts sum to 1 whatever is missing where. Rounding of the headline score is left out.
 * Cost: one more replay of at most `influenceEntities` entities.
 */
export function describeScoreWeights(
  plan: ComparisonPlan,
  collected: Collected,
  policyIndex: number,
  panel: Panel,
): ScoreWeights | Undetermined {
  const policy = present(plan.policies[policyIndex], "policy");
  const opened = openScore(policy);
  if (!("leaves" in opened)) return opened;
  const scored: number[] = [];
  for (const [entity, score] of present(collected.end.score[policyIndex], "scores").entries()) {
    const held = collected.end.held[policyIndex]?.[entity] as number;
    // The score of one who is unrated decides no tier.
    if (!Number.isNaN(score) && held >= 0 && held < policy.tiers.length) scored.push(entity);
  }
  const chosen = evenly(scored, limits.influenceEntities.value);
  const { contributions, known } = contributionsOf({ policy, opened, panel, collected, to: plan.to, chosen });
  const shares = covarianceShares(contributions);
  if ("kind" in shares) return shares;
  const assumption =
    chosen.length === scored.length
      ? []
      : [`${countText(chosen.length)} of ${countText(scored.length)} entities with a score, evenly chosen in the order of their keys`];
  return {
    kind: "weights",
    score: opened.headline.title,
    entities: chosen.length,
    scored: scored.length,
    parts: opened.leaves.map((leaf, index) => ({
      ...leaf,
      known: known[index] as number,
      effective: estimated({
        value: shares[index] as number,
        method: "covariance share of recorded scores",
        n: chosen.length,
        assumptions: assumption,
      }),
    })),
  };
}

/** By part, what it contributes to each chosen entity's score, and for how many of them it has a value. */
function contributionsOf(asked: {
  readonly policy: Policy;
  readonly opened: OpenedScore;
  readonly panel: Panel;
  readonly collected: Collected;
  readonly to: number;
  readonly chosen: readonly number[];
}): { readonly contributions: readonly Float64Array[]; readonly known: readonly number[] } {
  const { policy, opened, panel, collected, to, chosen } = asked;
  const { node, leaves } = opened;
  const place = new Map(leaves.map(({ score }, index) => [score, index]));
  const compiled = compileItem(policy, panel.schema);
  const [peers] = compiled.needsPeers ? gatherPeers(panel, [policy], to) : [];
  const kept = leaves.map(() => new Float64Array(chosen.length));
  const known = leaves.map(() => 0);
  let done = 0;
  for (const { chunk } of chosenParts(panel, collected.chunkStart, chosen)) {
    const frame = compiled.run(chunk, {
      to,
      columns: [...new Set([...leaves.map(({ score }) => score), ...namesOf(node)])],
      ...(peers === undefined ? {} : { peers }),
    });
    for (let entity = 0; entity < chunk.entityCount; entity++) {
      const row = present(rowAt(chunk, entity, to), "a row at the end");
      const readValue = (name: string): number => present(frame.columns.get(name), name)[row] as number;
      const add = (name: string, amount: number): void => {
        const column = present(kept[present(place.get(name), name)], name);
        column[done + entity] = (column[done + entity] as number) + amount;
      };
      for (const [index, { score }] of leaves.entries()) if (!Number.isNaN(readValue(score))) known[index] = (known[index] as number) + 1;
      contribute(node, 1, readValue, add);
    }
    done += chunk.entityCount;
  }
  return { contributions: kept, known };
}

/** Adds what each leaf below a node contributes; the node has a value. */
function contribute(
  at: SumNode | string,
  factor: number,
  readValue: (name: string) => number,
  add: (name: string, amount: number) => void,
): void {
  if (typeof at === "string") {
    add(at, factor * readValue(at));
    return;
  }
  const known = at.parts.map(({ node }) => !Number.isNaN(readValue(typeof node === "string" ? node : node.score)));
  const whole = sumOf(at.parts.map(({ weight }, index) => (known[index] === true || at.missing === "neutral" ? weight : 0)));
  for (const [index, { node, weight }] of at.parts.entries()) {
    const share = (factor * weight) / whole;
    if (known[index] === true) contribute(node, share, readValue, add);
    else if (at.missing === "neutral") contribute(node, share, () => at.neutral, add);
  }
}

function namesOf(node: SumNode | string): readonly string[] {
  return typeof node === "string" ? [node] : [node.score, ...node.parts.flatMap((part) => namesOf(part.node))];
}

/**
 * cov(part, whole) / var(whole) for each part of a whole that is their sum: the shares sum to 1. Undetermined where the whole does not vary.
 * Source: Shorrocks (1982), Econometrica 50, 193-211, the natural decomposition.
 *
 * @example
 * covarianceShares([[0, 2], [0, 3]].map((part) => Float64Array.from(part)))
 * // => [0.4, 0.6]
 */
export function covarianceShares(parts: readonly Float64Array[]): readonly number[] | Undetermined {
  const n = parts[0]?.length ?? 0;
  const total = Float64Array.from({ length: n }, (_, index) => sumOf(parts.map((part) => part[index] as number)));
  const mean = sumOf(total) / n;
  const centred = total.map((value) => value - mean);
  const variation = sumOf(centred.map((value) => value * value));
  const largest = total.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (n < 2 || !(variation > n * (largest * 2 ** -40) ** 2))
    return undetermined(
      n === 1 ? "one entity alone has a score" : `the score is the same for all of ${n} entities with one`,
      "scores that differ",
    );
  return parts.map((part) => {
    const own = sumOf(part) / n;
    return sumOf(part.map((value, index) => (value - own) * (centred[index] as number))) / variation;
  });
}
