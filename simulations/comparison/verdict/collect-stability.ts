/** Labels at other dates and as they came in, counted in the one pass: a table of counts, and no column an entity. */
import { formatDay, type PeriodIndex, present } from "../../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk } from "../../../data/panel/index.ts";
import { decide, labels } from "../errors/collect-labels.ts";
import { moves } from "../movement/tier-pairs.ts";
import { type ComparisonPlan, dayName } from "../plan.ts";
import { coverageGroups, type DateCounts, type GroupCoverage, type Stability } from "./stability.ts";

/** Counts by spot, candidate, group (both, newly, released, neither) and fine, harmful, unlabelled. */
export interface StabilityCounts {
  readonly labels: Float64Array;
}

const cells = coverageGroups.length * 3;

/** Empty counts. Memory: 96 bytes a spot and candidate, none an entity. */
export function stabilityCounts(plan: ComparisonPlan): StabilityCounts {
  return { labels: new Float64Array(plan.stability.labels.length * plan.pairs.length * cells) };
}

/** Adds what was counted of a chunk. */
export function addStability(whole: StabilityCounts, part: StabilityCounts): void {
  for (const [cell, count] of part.labels.entries()) whole.labels[cell] = (whole.labels[cell] as number) + count;
}

/** Adds the entities of a chunk. Cost: one look-up of the labels of an entity a spot. */
export function collectStability(plan: ComparisonPlan, counts: StabilityCounts, chunk: PanelChunk, frames: readonly OutcomeFrame[]): void {
  for (const [index, { error, knownAt }] of plan.stability.labels.entries()) {
    const pinned = { ...plan, schema: { ...plan.schema, knownAt } };
    for (let entity = 0; entity < chunk.entityCount; entity++) {
      const start = chunk.rowStart[entity] as number;
      const row = start + error.period - (chunk.firstPeriod[entity] as number);
      const lastRow = (chunk.rowStart[entity + 1] as number) - 1;
      if (row < start || row > lastRow || frames.some((frame) => (frame.held[row] as number) < 0)) continue;
      const { label } = decide(pinned, error, chunk, { entity, row, lastRow });
      const outcome = label === labels.fine ? 0 : label === labels.harmful ? 1 : 2;
      const before = present(frames[0], "frame").held[row] as number;
      for (const [candidate, pairs] of plan.pairs.entries()) {
        const after = present(frames[candidate + 1], "frame").held[row] as number;
        const group = groupOf[pairs.adverse[before * pairs.columns + after] as number] as number;
        const cell = (index * plan.pairs.length + candidate) * cells + group * 3 + outcome;
        counts.labels[cell] = (counts.labels[cell] as number) + 1;
      }
    }
  }
}

/** Position in `coverageGroups` by the code of `TierPairs.adverse`: neither, newly, released, both. */
const groupOf: readonly number[] = (["neither", "newly", "released", "both"] satisfies readonly GroupCoverage["group"][]).map((name) =>
  coverageGroups.indexOf(name),
);

/** The change of one candidate at the other dates, and with the labels of other days. */
export function describeStability(
  plan: ComparisonPlan,
  collected: { readonly stability: StabilityCounts; readonly range: { readonly pairs: readonly { readonly entities: Float64Array }[] } },
  candidate: number,
): Stability {
  return {
    dates: plan.stability.dates.map((period) => dateCounts(plan, present(collected.range.pairs[candidate], "pair"), candidate, period)),
    labels: plan.stability.labels.map(({ along, error, knownAt }, index) => ({
      along,
      at: dayName(plan.schema, error.period),
      knownAt: formatDay(knownAt),
      coverage: coverageGroups.map((group, position) => {
        const cell = (index * plan.pairs.length + candidate) * cells + position * 3;
        const [fine = 0, harmful = 0, unlabelled = 0] = collected.stability.labels.subarray(cell, cell + 3);
        return { group, entities: fine + harmful + unlabelled, labelled: fine + harmful, fine };
      }),
    })),
  };
}

function dateCounts(
  plan: ComparisonPlan,
  { entities }: { readonly entities: Float64Array },
  candidate: number,
  period: PeriodIndex,
): DateCounts {
  const { rows, columns, move, adverse } = present(plan.pairs[candidate], "tier pairs");
  const ladder = present(plan.policies[candidate + 1], "candidate").tiers.length;
  const count = { inFrame: 0, movers: 0, up: 0, down: 0, newlyAdverse: 0, released: 0, bothAdverse: 0, unrated: 0 };
  for (let pair = 0; pair < rows * columns; pair++) {
    const found = entities[(period - plan.from) * rows * columns + pair] as number;
    count.inFrame += found;
    if (move[pair] !== moves.same) count.movers += found;
    if (move[pair] === moves.up) count.up += found;
    if (move[pair] === moves.down) count.down += found;
    if (adverse[pair] === 1) count.newlyAdverse += found;
    if (adverse[pair] === 2) count.released += found;
    if (adverse[pair] === 3) count.bothAdverse += found;
    if (pair % columns >= ladder) count.unrated += found;
  }
  return { at: dayName(plan.schema, period), ...count };
}
