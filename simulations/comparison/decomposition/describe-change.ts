/** Explains the change between the two ends of the range: entrants and leavers exactly, the others by Shapley's shares. */
import { limits, present } from "../../../data/foundation/index.ts";
import type { Panel } from "../../../data/panel/index.ts";
import { evaluationPlan, NEVER } from "../../../policies/compile/index.ts";
import { type ChangeSide, entityHistory, lostTier, type MixedOutcome, mixedOutcomes } from "../../../policies/explain/index.ts";
import type { PeerValues, Policy } from "../../../policies/language/checked/index.ts";
import { bootstrapRatio, type Estimated, sumOf, undetermined } from "../../statistics/index.ts";
import { byChunk } from "../affected.ts";
import type { Collected } from "../collect.ts";
import { type ComparisonPlan, dayName } from "../plan.ts";
import { recorded } from "../recorded.ts";
import type { ChangeExplained, FactorShare } from "./change-explained.ts";
import { standing } from "./collect-change.ts";
import { type DrawnEntity, drawStrata } from "./draw-strata.ts";
import { shapleyShares } from "./shapley.ts";

/** The factors, in the order of the bits of a mixture. */
const factorNames = ["rule", "own", "peers", "state"] as const;

/** What is explained from. */
export interface ChangeParts {
  readonly plan: ComparisonPlan;
  readonly collected: Collected;
  readonly candidate: number;
  readonly panel: Panel;
  /** By policy: what ranks and ratios compare with. */
  readonly peers: readonly (PeerValues | undefined)[];
}

/**
 * The baseline at the first period of the range against the candidate at the last. Those who are evaluated at both are explained: all of
 * them within the limit `explainedEvaluations`, else a draw by the seed. Cost: the chunks of the drawn read once more, and their histories
 * evaluated under both policies by the obvious evaluator.
 */
export function describeChange(parts: ChangeParts): ChangeExplained {
  const { plan, collected, candidate } = parts;
  const { counts, strata } = countEnds(collected, candidate);
  const [baseline, after] = [present(plan.policies[0], "baseline"), present(plan.policies[candidate + 1], "candidate")];
  const both = strata.reduce((sum, { entities }) => sum + entities.length, 0);
  const reason = both === 0 ? "nobody is evaluated at both dates" : reasonOf(parts, baseline, after);
  const mixed = reason === undefined ? mixturesOf(parts, drawStrata(strata, explainedMost(plan, baseline, after), plan.seed)) : [];
  const before = { all: shareOf(counts.adverseAtFirst, counts.atFirst), both: shareOf(counts.bothBefore, both) };
  const then = { all: shareOf(counts.adverseAtSecond, counts.atSecond), both: shareOf(counts.bothAfter, both) };
  const score = scoresOf(mixed);
  return {
    from: { at: dayName(plan.schema, plan.from), version: baseline.version, entities: counts.atFirst, adverse: counts.adverseAtFirst },
    to: { at: dayName(plan.schema, plan.to), version: after.version, entities: counts.atSecond, adverse: counts.adverseAtSecond },
    change: then.all - before.all,
    entrants: { entities: counts.atSecond - both, adverse: counts.adverseAtSecond - counts.bothAfter, change: then.all - then.both },
    leavers: { entities: counts.atFirst - both, adverse: counts.adverseAtFirst - counts.bothBefore, change: before.both - before.all },
    both: { entities: both, adverseBefore: counts.bothBefore, adverseAfter: counts.bothAfter, change: then.both - before.both },
    explained: mixed.length,
    factors: mixed.length === 0 ? [] : factorShares(parts, mixed),
    ...(score === undefined ? {} : { score }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function reasonOf({ plan, candidate, peers }: ChangeParts, baseline: Policy, after: Policy): string | undefined {
  const lost = lostTier(baseline, after);
  if (lost !== undefined)
    return `tier '${lost}' has no counterpart under the other version, so no state can be carried over; 'replaces:' would name it`;
  const isLacking = [0, candidate + 1].some((policy) => plan.comparesPeers[policy] === true && peers[policy] === undefined);
  return isLacking ? "what peers have is not known" : undefined;
}

/** How many entities the limit allows, each evaluated up to both dates and under sixteen mixtures. */
function explainedMost({ schema, from, to }: ComparisonPlan, baseline: Policy, after: Policy): number {
  const evaluations = (policy: Policy, until: number): number =>
    evaluationPlan(schema, policy.movement.evaluate)
      .evaluationDay.subarray(0, until - schema.firstPeriod + 1)
      .filter((day) => day !== NEVER).length;
  return Math.floor(limits.explainedEvaluations.value / (evaluations(baseline, from) + evaluations(after, to) + 16));
}

function countEnds({ change, entityCount }: Collected, candidate: number) {
  const second = present(change.second[candidate], "a candidate");
  const counts = { atFirst: 0, adverseAtFirst: 0, atSecond: 0, adverseAtSecond: 0, bothBefore: 0, bothAfter: 0 };
  const strata = [false, true, true, false].map((isChanged) => ({ entities: [] as number[], isChanged }));
  for (let entity = 0; entity < entityCount; entity++) {
    const [before, after] = [change.first[entity] as number, second[entity] as number];
    const [wasAdverse, isAdverse] = [(before & standing.adverse) === 0 ? 0 : 1, (after & standing.adverse) === 0 ? 0 : 1];
    if (before !== 0) counts.atFirst++;
    if (after !== 0) counts.atSecond++;
    counts.adverseAtFirst += wasAdverse;
    counts.adverseAtSecond += isAdverse;
    if ((before & after & standing.evaluated) === 0) continue;
    strata[wasAdverse + 2 * isAdverse]?.entities.push(entity);
    counts.bothBefore += wasAdverse;
    counts.bothAfter += isAdverse;
  }
  return { counts, strata };
}

/** An explained entity: its sixteen mixtures, and for how many it stands. */
interface Mixed {
  readonly mixture: readonly MixedOutcome[];
  readonly weight: number;
}

/** The sixteen mixtures of each drawn entity, in entity order. */
function mixturesOf({ plan, collected, candidate, panel, peers }: ChangeParts, drawn: readonly DrawnEntity[]): readonly Mixed[] {
  const side = (policy: number, period: number): ChangeSide => {
    const own = peers[policy];
    return { policy: present(plan.policies[policy], "policy"), period, ...(own === undefined ? {} : { peers: own }) };
  };
  const sides = [side(0, plan.from), side(candidate + 1, plan.to)] as const;
  const weights = new Map(drawn.map(({ entity, weight }) => [entity, weight]));
  const mixed: Mixed[] = [];
  for (const [index, entities] of byChunk(collected, [...weights.keys()])) {
    const chunk = panel.readChunk(index);
    for (const entity of entities) {
      const history = entityHistory(plan.schema, chunk, entity - (collected.chunkStart[index] as number));
      const mixture = present(mixedOutcomes(sides, plan.schema, history), "an evaluation at both dates");
      mixed.push({ mixture, weight: present(weights.get(entity), "weight") });
    }
  }
  return mixed;
}

function factorShares(parts: ChangeParts, mixed: readonly Mixed[]): readonly FactorShare[] {
  const sharesOf = (some: readonly Mixed[], value: (outcome: MixedOutcome) => number) =>
    some.map(({ mixture, weight }) => ({ ...shapleyShares(mixture.map(value), factorNames.length), weight }));
  const adverse = sharesOf(mixed, (outcome) => Number(outcome.adverse));
  const scored = sharesOf(mixed.filter(hasScores), ({ score = 0 }) => score);
  return factorNames.map((factor, index) => ({
    factor,
    share: meanOf(parts, adverse, index),
    ...(scored.length === 0 ? {} : { score: meanOf(parts, scored, index) }),
  }));
}

/** Weighted mean of the entities' shares; another draw of entities would give another, under the same calendar. */
function meanOf(
  { plan, candidate }: ChangeParts,
  entities: readonly { readonly shares: readonly number[]; readonly factorial: number; readonly weight: number }[],
  factor: number,
): Estimated {
  const numerator = Float64Array.from(entities, ({ shares, factorial, weight }) => (weight * (shares[factor] as number)) / factorial);
  const denominator = Float64Array.from(entities, ({ weight }) => weight);
  const compares = plan.comparesPeers[0] === true || plan.comparesPeers[candidate + 1] === true;
  const interval: Estimated = compares
    ? undetermined("a policy compares peers, and peers are not drawn anew", "policies without peer benchmarks")
    : bootstrapRatio({ numerator, denominator, seed: plan.seed, replicates: plan.replicates, level: plan.level });
  return recorded(sumOf(numerator) / sumOf(denominator), entities.length, interval);
}

function scoresOf(mixed: readonly Mixed[]): ChangeExplained["score"] | undefined {
  const scored = mixed.filter(hasScores);
  if (scored.length === 0) return undefined;
  const weights = sumOf(Float64Array.from(scored, ({ weight }) => weight));
  const mean = (index: number): number =>
    sumOf(Float64Array.from(scored, ({ mixture, weight }) => weight * (mixture[index]?.score ?? 0))) / weights;
  return { entities: scored.length, before: mean(0), after: mean(15) };
}

function hasScores({ mixture }: Mixed): boolean {
  return mixture.every(({ score }) => score !== undefined);
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
