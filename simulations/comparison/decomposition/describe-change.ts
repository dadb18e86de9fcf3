/** Explains the change between the two ends of the range: entrants and leavers exactly, the others by Shapley's shares. */
import { limits, present } from "../../../data/foundation/index.ts";
import { type Panel, takeEntities } from "../../../data/panel/index.ts";
import { compileItem } from "../../../policies/compile/index.ts";
import {
  type ChangeSide,
  entityHistory,
  lostTier,
  type MixedOutcome,
  mixedOutcomes,
  mixturesApart,
} from "../../../policies/explain/index.ts";
import type { PeerValues, Policy } from "../../../policies/language/checked/index.ts";
import { bootstrapRatio, type Estimated, sumOf } from "../../statistics/index.ts";
import { byChunk } from "../affected.ts";
import type { Collected } from "../collect.ts";
import { noDrawReason } from "../no-draw.ts";
import { type ComparisonPlan, dayName } from "../plan.ts";
import { notDrawn, recorded } from "../recorded.ts";
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
 * The baseline at the start of the range (half-way, where that is the panel's first period) against the candidate at the last. Those who are evaluated at both are explained: all of
 * them within the limit `explainedEvaluations`, else a draw by the seed. Cost: the chunks of the drawn read and replayed once more under both
 * policies, and the mixtures that differ evaluated by the obvious evaluator.
 */
export function describeChange(parts: ChangeParts): ChangeExplained {
  const { plan, collected, candidate } = parts;
  const { counts, strata } = countEnds(collected, candidate);
  const [baseline, after] = [present(plan.policies[0], "baseline"), present(plan.policies[candidate + 1], "candidate")];
  const both = strata.reduce((sum, { entities }) => sum + entities.length, 0);
  const reason = both === 0 ? "nobody is evaluated at both dates" : reasonOf(parts, baseline, after);
  const sides = sidesOf(parts);
  const most = Math.floor(limits.explainedEvaluations.value / mixturesApart(sides));
  const mixed = reason === undefined ? mixturesOf(parts, sides, drawStrata(strata, most, plan.seed)) : [];
  const before = { all: shareOf(counts.adverseAtFirst, counts.atFirst), both: shareOf(counts.bothBefore, both) };
  const then = { all: shareOf(counts.adverseAtSecond, counts.atSecond), both: shareOf(counts.bothAfter, both) };
  const score = scoresOf(mixed);
  return {
    from: {
      at: dayName(plan.schema, plan.changeFrom),
      version: baseline.version,
      entities: counts.atFirst,
      adverse: counts.adverseAtFirst,
    },
    to: { at: dayName(plan.schema, plan.to), version: after.version, entities: counts.atSecond, adverse: counts.adverseAtSecond },
    dateRule:
      plan.changeFrom === plan.from
        ? "the start of the range"
        : "half-way through the range, which begins with the panel's first period: no history stands behind the metrics there",
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

function countEnds({ change, entityCount }: Collected, candidate: number) {
  const second = present(change.second[candidate], "a candidate");
  const counts = { atFirst: 0, adverseAtFirst: 0, atSecond: 0, adverseAtSecond: 0, bothBefore: 0, bothAfter: 0 };
  // By how they stand at the two dates, those apart who may come out otherwise under a mixture, and of these those over whom the rules part.
  const strata = Array.from({ length: 12 }, (_, index) => ({
    entities: [] as number[],
    isChanged: index % 4 === 1 || index % 4 === 2 || index >= 4,
  }));
  for (let entity = 0; entity < entityCount; entity++) {
    const [before, after] = [change.first[entity] as number, second[entity] as number];
    const [wasAdverse, isAdverse] = [(before & standing.adverse) === 0 ? 0 : 1, (after & standing.adverse) === 0 ? 0 : 1];
    if (before !== 0) counts.atFirst++;
    if (after !== 0) counts.atSecond++;
    counts.adverseAtFirst += wasAdverse;
    counts.adverseAtSecond += isAdverse;
    if ((before & after & standing.evaluated) === 0) continue;
    const part = (after & standing.divided) !== 0 ? 2 : ((before | after) & standing.open) !== 0 ? 1 : 0;
    strata[wasAdverse + 2 * isAdverse + 4 * part]?.entities.push(entity);
    counts.bothBefore += wasAdverse;
    counts.bothAfter += isAdverse;
  }
  return { counts, strata };
}

/** An explained entity with its sixteen mixtures. */
interface Mixed extends DrawnEntity {
  readonly mixture: readonly MixedOutcome[];
}

/** An explained entity with the shares of its factors. */
interface Shared extends DrawnEntity {
  readonly shares: readonly number[];
}

/** The two sides of the change. */
function sidesOf({ plan, candidate, peers }: ChangeParts): readonly [ChangeSide, ChangeSide] {
  const side = (policy: number, period: number): ChangeSide => {
    const own = peers[policy];
    return { policy: present(plan.policies[policy], "policy"), period, ...(own === undefined ? {} : { peers: own }) };
  };
  return [side(0, plan.changeFrom), side(candidate + 1, plan.to)];
}

/** The sixteen mixtures of each drawn entity, in entity order. */
function mixturesOf(
  { plan, collected, panel }: ChangeParts,
  sides: readonly [ChangeSide, ChangeSide],
  drawn: readonly DrawnEntity[],
): readonly Mixed[] {
  const { schema } = plan;
  const byEntity = new Map(drawn.map((one) => [one.entity, one]));
  const mixed: Mixed[] = [];
  for (const [index, entities] of byChunk(collected, [...byEntity.keys()])) {
    const places = Int32Array.from(entities, (entity) => entity - (collected.chunkStart[index] as number));
    const chunk = takeEntities(schema, panel.readChunk(index), places);
    const merited = ({ policy, period, peers }: ChangeSide): Int8Array =>
      compileItem(policy, schema).run(chunk, { to: period, ...(peers === undefined ? {} : { peers }) }).merited;
    const [first, second] = [merited(sides[0]), merited(sides[1])];
    for (const [place, entity] of entities.entries()) {
      const rows = [chunk.rowStart[place], chunk.rowStart[place + 1]] as const;
      const own = [first.slice(...rows), second.slice(...rows)] as const;
      const mixture = present(mixedOutcomes(sides, schema, entityHistory(schema, chunk, place), own), "an evaluation at both dates");
      mixed.push({ ...present(byEntity.get(entity), "a drawn entity"), mixture });
    }
  }
  return mixed;
}

function factorShares(parts: ChangeParts, mixed: readonly Mixed[]): readonly FactorShare[] {
  const sharesOf = (some: readonly Mixed[], value: (outcome: MixedOutcome) => number): readonly Shared[] =>
    some.map(({ mixture, ...drawn }) => {
      const { shares, factorial } = shapleyShares(mixture.map(value), factorNames.length);
      return { ...drawn, shares: shares.map((share) => share / factorial) };
    });
  const adverse = sharesOf(mixed, (outcome) => Number(outcome.adverse));
  const scored = sharesOf(mixed.filter(hasScores), ({ score = 0 }) => score);
  return factorNames.map((factor, index) => ({
    factor,
    share: meanOf(parts, adverse, index),
    ...(scored.length === 0 ? {} : { score: meanOf(parts, scored, index) }),
  }));
}

/**
 * Weighted mean of the entities' shares. The interval is that of another draw of entities: whoever was not drawn stands in it with the mean
 * of its stratum, and whoever was, with its distance from that mean as many times as it stands for others.
 */
function meanOf({ plan, candidate }: ChangeParts, entities: readonly Shared[], factor: number): Estimated {
  const weights = sumOf(Float64Array.from(entities, ({ weight }) => weight));
  const value = sumOf(Float64Array.from(entities, ({ weight, shares }) => weight * (shares[factor] as number))) / weights;
  const reason = noDrawReason(plan, candidate);
  if (reason !== undefined) return recorded(value, entities.length, notDrawn(reason));
  const numerator = Float64Array.from(resampledShares(entities, factor));
  const denominator = new Float64Array(numerator.length).fill(1);
  const { seed, replicates, level } = plan;
  return recorded(value, entities.length, bootstrapRatio({ numerator, denominator, seed, replicates, level }));
}

function resampledShares(entities: readonly Shared[], factor: number): readonly number[] {
  const values: number[] = [];
  for (const stratum of new Set(entities.map((entity) => entity.stratum))) {
    const own = entities.filter((entity) => entity.stratum === stratum);
    const mean = sumOf(Float64Array.from(own, ({ shares }) => shares[factor] as number)) / own.length;
    const others = Math.round(own.length * ((own[0]?.weight ?? 1) - 1));
    const spread = others === 0 ? 1 : Math.sqrt(own.length / Math.max(1, own.length - 1));
    for (const { weight, shares } of own) values.push(mean + weight * spread * ((shares[factor] as number) - mean));
    for (let other = 0; other < others; other++) values.push(mean);
  }
  return values;
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
