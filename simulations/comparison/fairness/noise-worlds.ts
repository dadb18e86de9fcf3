/** Replays the sample in parallel worlds: the same true quality, another draw of what happened. */
import { limits, present, type RandomStream, randomStream } from "../../../data/foundation/index.ts";
import type { Panel, PanelChunk } from "../../../data/panel/index.ts";
import { type CompiledPolicy, compileItem, compilePolicy } from "../../../policies/compile/index.ts";
import { type Undetermined, undetermined } from "../../statistics/index.ts";
import type { Collected } from "../collect.ts";
import type { ComparisonPlan } from "../plan.ts";
import { type CohortPrior, cohortPrior } from "./cohort-prior.ts";
import { keptNames, lookback, type Redrawable, redrawables, shrunkPolicy, summedColumns, type WindowSums } from "./noise-measures.ts";
import { drawSample, type NoiseSample, type SampledChunk } from "./noise-sample.ts";

/** How often each sampled entity of one policy merits another tier than in recorded history. */
export interface FlipCounts {
  readonly any: Uint16Array;
  /** Across the adverse line. */
  readonly adverse: Uint16Array;
  /** The tier merited in recorded history; -1: not evaluated yet. */
  readonly recorded: Int8Array;
}

/** One policy in the parallel worlds. */
export interface PolicyWorlds {
  readonly asWritten: FlipCounts;
  readonly shrunk: FlipCounts;
  readonly shrunkNames: readonly string[];
}

/** The study of a baseline and one candidate, in the same worlds. */
export interface NoiseStudy {
  readonly kind: "study";
  readonly worlds: number;
  readonly sample: NoiseSample;
  readonly redrawn: readonly (Redrawable & CohortPrior)[];
  readonly keptMetrics: readonly string[];
  readonly baseline: PolicyWorlds;
  readonly candidate: PolicyWorlds;
}

/**
 * In every world each numerator of a share is drawn again, period by period, out of the whole that was recorded: its entity's true rate is drawn
 * from the posterior under the cohort's beta law, so that recorded and drawn history are two draws of one quality, and the counts are binomial.
 * The two policies themselves, compiled, score both; how far back counts are drawn again is theirs, so that other candidates change nothing. Each entity has its own stream: chunks, threads and the other entities change nothing.
 *
 * Cost a candidate: worlds x four replays of the sample. Undetermined without shares of counts, a measure of orders, or with peer benchmarks.
 */
export function studyNoise(plan: ComparisonPlan, collected: Collected, panel: Panel, candidate: number): NoiseStudy | Undetermined {
  const { schema } = plan;
  const places = [0, candidate + 1];
  const policies = places.map((place) => present(plan.policies[place], "policy"));
  const drawable = redrawables(policies, schema);
  if (drawable.length === 0) return undetermined("no policy scores a share of counts", "a metric of kind share");
  if (plan.ordersColumn < 0)
    return undetermined("the panel has no measure of orders, so that there are no bands of volume", "such a measure");
  const compiled = policies.map((policy) => compileItem(policy, schema));
  if (compiled.some(({ needsPeers }) => needsPeers))
    return undetermined(
      "a policy compares peers: in a parallel world they would differ as well",
      "a study of the whole panel in every world",
    );
  const sample = drawSample(plan, collected, panel, lookback(policies, schema.grain));
  const sums = windowSums(sample, [
    ...summedColumns(policies, schema),
    ...drawable.flatMap(({ column, wholeColumn }) => [column, wholeColumn]),
  ]);
  const redrawn = drawable.flatMap((one) => {
    const prior = cohortPrior(present(sums.get(one.column), "parts"), present(sums.get(one.wholeColumn), "wholes"));
    return prior === undefined ? [] : [{ ...one, ...prior }];
  });
  if (redrawn.length === 0) return undetermined("no share varies between entities", "entities that differ");
  const shrunk = policies.map((policy) => shrunkPolicy(policy, schema, sums));
  const pairs = compiled.map((asWritten, index) => {
    const one = present(shrunk[index], "shrunk");
    return [asWritten, one.names.length === 0 ? asWritten : compilePolicy(one.policy, schema)] as const;
  });
  const worlds = limits.noiseWorlds.value;
  const counts = pairs.map(() => ({ asWritten: emptyCounts(sample.sampled), shrunk: emptyCounts(sample.sampled) }));
  for (const sampled of sample.chunks) {
    for (const [index, [asWritten, other]] of pairs.entries()) {
      const into = present(counts[index], "counts");
      into.asWritten.recorded.set(merited(asWritten, sampled.chunk, sampled, plan.to), sampled.start);
      into.shrunk.recorded.set(merited(other, sampled.chunk, sampled, plan.to), sampled.start);
    }
    for (let world = 0; world < worlds; world++) {
      const chunk = redraw(sampled, { redrawn, sums, seed: plan.seed, world });
      for (const [index, [asWritten, other]] of pairs.entries()) {
        const into = present(counts[index], "counts");
        const adverse = present(plan.adverse[places[index] as number], "adverse tiers");
        count(into.asWritten, merited(asWritten, chunk, sampled, plan.to), sampled.start, adverse);
        count(into.shrunk, merited(other, chunk, sampled, plan.to), sampled.start, adverse);
      }
    }
  }
  const [ofBaseline, ofCandidate] = counts.map((one, index) => ({ ...one, shrunkNames: present(shrunk[index], "shrunk").names }));
  return {
    kind: "study",
    worlds,
    sample,
    redrawn,
    keptMetrics: keptNames(policies, redrawn),
    baseline: present(ofBaseline, "baseline"),
    candidate: present(ofCandidate, "candidate"),
  };
}

function emptyCounts(sampled: number): FlipCounts {
  return { any: new Uint16Array(sampled), adverse: new Uint16Array(sampled), recorded: new Int8Array(sampled).fill(-1) };
}

/** The tiers merited at the date. */
function merited(policy: CompiledPolicy, chunk: PanelChunk, { endRow }: SampledChunk, to: number): Int8Array {
  const frame = policy.run(chunk, { to });
  return Int8Array.from(endRow, (row) => frame.merited[row] as number);
}

function count({ any, adverse, recorded }: FlipCounts, drawn: Int8Array, start: number, isAdverse: Uint8Array): void {
  for (const [entity, tier] of drawn.entries()) {
    const before = recorded[start + entity] as number;
    if (before < 0 || tier < 0) continue;
    if (tier !== before) any[start + entity] = (any[start + entity] as number) + 1;
    if (isAdverse[tier] !== isAdverse[before]) adverse[start + entity] = (adverse[start + entity] as number) + 1;
  }
}

/** By column: sums over the rows that are drawn again, by sampled entity. */
function windowSums({ chunks, sampled }: NoiseSample, columns: readonly number[]): WindowSums {
  const sums = new Map([...new Set(columns)].map((column) => [column, new Float64Array(sampled)]));
  for (const { chunk, endRow, fromRow, start } of chunks) {
    for (const [column, into] of sums) {
      const values = present(chunk.measures[column], "measure");
      for (let entity = 0; entity < chunk.entityCount; entity++) {
        let sum = 0;
        for (let row = fromRow[entity] as number; row <= (endRow[entity] as number); row++) sum += values[row] as number;
        into[start + entity] = sum;
      }
    }
  }
  return sums;
}

/** The chunk of a parallel world: other numerators, everything else as it was. */
function redraw(
  { chunk, endRow, fromRow, start }: SampledChunk,
  world: {
    readonly redrawn: readonly (Redrawable & CohortPrior)[];
    readonly sums: WindowSums;
    readonly seed: number;
    readonly world: number;
  },
): PanelChunk {
  const measures = [...chunk.measures];
  for (const { column } of world.redrawn) measures[column] = Float64Array.from(present(measures[column], "measure"));
  for (let entity = 0; entity < chunk.entityCount; entity++) {
    const stream = randomStream(world.seed, "noise", world.world, present(chunk.entities[entity], "entity"));
    for (const { column, wholeColumn, mean, strength } of world.redrawn) {
      const part = Math.min(sumAt(world.sums, column, start + entity), sumAt(world.sums, wholeColumn, start + entity));
      const rest = sumAt(world.sums, wholeColumn, start + entity) - part;
      const [yes, no] = [stream.gamma(mean * strength + part), stream.gamma((1 - mean) * strength + rest)];
      const rate = yes / (yes + no);
      const [into, wholes] = [present(measures[column], "measure"), present(chunk.measures[wholeColumn], "measure")];
      for (let row = fromRow[entity] as number; row <= (endRow[entity] as number); row++)
        into[row] = drawBinomial(stream, wholes[row] as number, rate);
    }
  }
  return { ...chunk, measures };
}

function sumAt(sums: WindowSums, column: number, place: number): number {
  return present(sums.get(column), "sums")[place] as number;
}

/** Below this expected count the gaps between successes are drawn one by one. */
const smallExpected = 50;

/**
 * A binomial count in a time that does not grow with its size: the middle one of n uniform numbers is beta, and tells on which side of it p lies.
 * Source: Devroye (1986), Non-Uniform Random Variate Generation, section X.4.3 (recursive binomial generator).
 */
export function drawBinomial(stream: RandomStream, trials: number, probability: number): number {
  let [n, p, sum] = [trials, probability, 0];
  while (n * Math.min(p, 1 - p) > smallExpected) {
    const middle = Math.floor((n + 1) / 2);
    const [low, high] = [stream.gamma(middle), stream.gamma(n + 1 - middle)];
    const y = low / (low + high);
    if (y <= p) {
      sum += middle;
      n -= middle;
      p = Math.min(1, Math.max(0, (p - y) / (1 - y)));
    } else {
      n = middle - 1;
      p = Math.min(1, p / y);
    }
  }
  return sum + stream.binomial(n, p);
}
