/** Replays the sample in parallel worlds: the same true quality, another draw of what happened. */
import { limits, present, type RandomStream, randomStream } from "../../../data/foundation/index.ts";
import type { Panel, PanelChunk } from "../../../data/panel/index.ts";
import { type CompiledPolicy, compileItem, compilePolicy } from "../../../policies/compile/index.ts";
import type { Policy } from "../../../policies/language/checked/index.ts";
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
 * One study a candidate. Candidates whose worlds are the same share them, and the baseline's replays in them: cost worlds x two replays of the sample a candidate, and two a set of worlds.
 * Undetermined without shares of counts, a measure of orders, or with peer benchmarks.
 */
export function studyNoise(plan: ComparisonPlan, collected: Collected, panel: Panel): readonly (NoiseStudy | Undetermined)[] {
  const baseline = present(plan.policies[0], "baseline");
  const drawings = plan.policies.slice(1).map((candidate) => drawingOf(plan, [baseline, candidate]));
  const studies = new Map<string, readonly (NoiseStudy | Undetermined)[]>();
  return drawings.map((drawing, candidate) => {
    if ("kind" in drawing) return drawing;
    const key = JSON.stringify(drawing);
    const sharing = [...drawings.keys()].filter((other) => JSON.stringify(drawings[other]) === key);
    const known = studies.get(key) ?? studyWorlds({ plan, collected, panel }, drawing, sharing);
    studies.set(key, known);
    return present(known[sharing.indexOf(candidate)], "a study");
  });
}

/** Which counts are drawn again, and how many periods back; undefined periods: all. */
interface Drawing {
  readonly drawable: readonly Redrawable[];
  readonly periods: number | undefined;
}

function drawingOf({ schema, ordersColumn }: ComparisonPlan, policies: readonly Policy[]): Drawing | Undetermined {
  const drawable = redrawables(policies, schema);
  if (drawable.length === 0) return undetermined("no policy scores a share of counts", "a metric of kind share");
  if (ordersColumn < 0) return undetermined("the panel has no measure of orders, so that there are no bands of volume", "such a measure");
  if (policies.some((policy) => compileItem(policy, schema).needsPeers))
    return undetermined(
      "a policy compares peers: in a parallel world they would differ as well",
      "a study of the whole panel in every world",
    );
  return { drawable, periods: lookback(policies, schema.grain) };
}

/** The studies of candidates, by position, in the worlds that they share. */
function studyWorlds(
  { plan, collected, panel }: { readonly plan: ComparisonPlan; readonly collected: Collected; readonly panel: Panel },
  { drawable, periods }: Drawing,
  candidates: readonly number[],
): readonly (NoiseStudy | Undetermined)[] {
  const { schema } = plan;
  const places = [0, ...candidates.map((candidate) => candidate + 1)];
  const policies = places.map((place) => present(plan.policies[place], "policy"));
  const sample = drawSample(plan, collected, panel, periods);
  const sums = windowSums(sample, [
    ...summedColumns(policies, schema),
    ...drawable.flatMap(({ column, wholeColumn }) => [column, wholeColumn]),
  ]);
  const redrawn = drawable.flatMap((one) => {
    const prior = cohortPrior(present(sums.get(one.column), "parts"), present(sums.get(one.wholeColumn), "wholes"));
    return prior === undefined ? [] : [{ ...one, ...prior }];
  });
  if (redrawn.length === 0) return candidates.map(() => undetermined("no share varies between entities", "entities that differ"));
  const runs = places.map((place, index) => policyRun(plan, place, { policy: present(policies[index], "policy"), sums, sample }));
  const worlds = limits.noiseWorlds.value;
  for (const sampled of sample.chunks) {
    for (const run of runs) {
      run.counts.asWritten.recorded.set(merited(run.asWritten, sampled.chunk, sampled, plan.to), sampled.start);
      run.counts.shrunk.recorded.set(merited(run.shrunk, sampled.chunk, sampled, plan.to), sampled.start);
    }
    for (let world = 0; world < worlds; world++) {
      const chunk = redraw(sampled, { redrawn, sums, seed: plan.seed, world });
      for (const { asWritten, shrunk, counts, adverse } of runs) {
        count(counts.asWritten, merited(asWritten, chunk, sampled, plan.to), sampled.start, adverse);
        count(counts.shrunk, merited(shrunk, chunk, sampled, plan.to), sampled.start, adverse);
      }
    }
  }
  const [baseline, ...others] = runs.map(({ counts }) => counts);
  return others.map((candidate, index) => ({
    kind: "study",
    worlds,
    sample,
    redrawn,
    keptMetrics: keptNames([present(policies[0], "baseline"), present(policies[index + 1], "candidate")], redrawn),
    baseline: present(baseline, "baseline"),
    candidate,
  }));
}

/** One policy as written and shrunk, compiled, with its counts. */
function policyRun(
  { schema, adverse }: ComparisonPlan,
  place: number,
  { policy, sums, sample }: { readonly policy: Policy; readonly sums: WindowSums; readonly sample: NoiseSample },
) {
  const asWritten = compileItem(policy, schema);
  const shrunk = shrunkPolicy(policy, schema, sums);
  const counts: PolicyWorlds = {
    asWritten: emptyCounts(sample.sampled),
    shrunk: emptyCounts(sample.sampled),
    shrunkNames: shrunk.names,
  };
  return {
    asWritten,
    shrunk: shrunk.names.length === 0 ? asWritten : compilePolicy(shrunk.policy, schema),
    counts,
    adverse: present(adverse[place], "adverse tiers"),
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
