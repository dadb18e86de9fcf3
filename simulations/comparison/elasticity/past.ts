/** The recorded past of entities: unrounded score, sales and really assigned tier, period by period. */
import { limits, present } from "../../../data/foundation/index.ts";
import type { Panel } from "../../../data/panel/index.ts";
import { compilePolicy } from "../../../policies/compile/index.ts";
import type { Policy } from "../../../policies/language/checked/index.ts";
import { gatherPeers } from "../../replay/index.ts";
import { chosenParts, evenly } from "../chosen-entities.ts";
import type { Collected } from "../collect.ts";
import { openScore } from "../influence/score-leaves.ts";
import type { ComparisonPlan } from "../plan.ts";

/** Histories side by side: cell = entity * periods + period - first. */
export interface Past {
  readonly entities: number;
  readonly first: number;
  readonly periods: number;
  /** The headline score before it is rounded to the step that the policy declares; NaN where there is none. */
  readonly score: Float64Array;
  /** What the headline score is made of, the parts of most weight first; NaN where one is missing. */
  readonly parts: readonly { readonly title: string; readonly values: Float32Array }[];
  /** GMV in minor units; NaN outside the entity's life. */
  readonly gmv: Float64Array;
  /** Code of the tier that was really in force in the period, -1 unknown. */
  readonly assigned: Int8Array;
  /** Code of the tier that the policy says is merited, -1 before its first evaluation. */
  readonly merited: Int8Array;
}

/** The finest step that scores are computed to. */
const decimalsMax = 9;

/** So many parts of the score are kept. */
const partsMax = 6;

/** The policy with a headline score that is not rounded to a coarse step; what it merits still is. */
export function withFineScore(policy: Policy): Policy {
  return {
    ...policy,
    scores: policy.scores.map((score) => (score.name === policy.headlineScore ? { ...score, round: decimalsMax } : score)),
  };
}

/**
 * The range's periods of all that were ever in the frame, or of as many of them, evenly chosen, as fit in `pastCells`.
 * Cost: two replays of these entities; 18 bytes a cell, and 4 a part of the score.
 */
export function readPast(plan: ComparisonPlan, collected: Collected, panel: Panel): Past {
  const policy = present(plan.policies[0], "baseline");
  const { from, to } = plan;
  const periods = to - from + 1;
  const ever = [...collected.range.inFrame.keys()].filter((entity) => (collected.range.inFrame[entity] as number) > 0);
  const chosen = evenly(ever, Math.max(1, Math.floor(limits.pastCells.value / periods)));
  const cells = chosen.length * periods;
  const opened = openScore(policy);
  const leaves = "leaves" in opened ? opened.leaves.toSorted((a, b) => b.declared - a.declared).slice(0, partsMax) : [];
  const past: Past = {
    entities: chosen.length,
    first: from,
    periods,
    score: new Float64Array(cells).fill(Number.NaN),
    parts: leaves.map(({ title }) => ({ title, values: new Float32Array(cells).fill(Number.NaN) })),
    gmv: new Float64Array(cells).fill(Number.NaN),
    assigned: new Int8Array(cells).fill(-1),
    merited: new Int8Array(cells).fill(-1),
  };
  const fine = withFineScore(policy);
  const policies = [policy, fine];
  const [plain, unrounded] = policies.map((item) => compilePolicy(item, panel.schema));
  const peers = plain?.needsPeers === true ? gatherPeers(panel, policies, to) : [];
  let done = 0;
  for (const { chunk } of chosenParts(panel, collected.chunkStart, chosen)) {
    const given = peers.map((values) => (values === undefined ? {} : { peers: values }));
    const stated = present(plain, "a policy").run(chunk, { to, ...given[0] });
    const scores = present(unrounded, "a policy").run(chunk, { to, columns: leaves.map(({ score }) => score), ...given[1] });
    const columns = leaves.map(({ score }) => present(scores.columns.get(score), score));
    for (let entity = 0; entity < chunk.entityCount; entity++) {
      const begin = chunk.rowStart[entity] as number;
      const entry = chunk.firstPeriod[entity] as number;
      for (let row = begin; row < (chunk.rowStart[entity + 1] as number); row++) {
        const period = entry + row - begin;
        if (period < from || period > to) continue;
        const cell = (done + entity) * periods + period - from;
        past.score[cell] = scores.score[row] as number;
        for (const [index, { values }] of past.parts.entries()) values[cell] = columns[index]?.[row] as number;
        past.gmv[cell] = chunk.measures[plan.gmvColumn]?.[row] as number;
        past.assigned[cell] = chunk.assignedTier[row] as number;
        past.merited[cell] = stated.merited[row] as number;
      }
    }
    done += chunk.entityCount;
  }
  return past;
}

/** GMV of the periods [from, to] of an entity; 0 for periods after it closed, NaN where it had not yet opened or a value is missing. */
export function salesOver({ gmv, periods }: Past, entity: number, from: number, to: number): number {
  if (from < 0 || to >= periods || Number.isNaN(gmv[entity * periods + from])) {
    // Closed for the whole stretch: nothing was sold. Not yet open: nothing is known.
    return from >= 0 && to < periods && isClosed(gmv, entity * periods, from) ? 0 : Number.NaN;
  }
  let sum = 0;
  for (let period = from; period <= to; period++) {
    const value = gmv[entity * periods + period] as number;
    if (Number.isNaN(value)) return sum;
    sum += value;
  }
  return sum;
}

/** Whether the entity was there before the period, and is not there in it. */
function isClosed(gmv: Float64Array, begin: number, period: number): boolean {
  for (let earlier = period - 1; earlier >= 0; earlier--) if (!Number.isNaN(gmv[begin + earlier])) return true;
  return false;
}

/**
 * Growth as a share of the mean of both: (after - before) / ((after + before) / 2), between -2 and 2; 0 when both are 0.
 * It treats both ends alike and bears an end without sales. Source: Davis, Haltiwanger and Schuh (1996), Job Creation and Destruction.
 *
 * @example
 * [midpointGrowth(100, 90), midpointGrowth(100, 0)]
 * // => [-0.10526315789473684, -2]
 */
export function midpointGrowth(before: number, after: number): number {
  return before + after === 0 ? 0 : (2 * (after - before)) / (after + before);
}
