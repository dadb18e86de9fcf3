/** Labels at other dates and as they came in, counted in the one pass: a table of counts, and no column an entity. */
import { type Day, formatDay, lastDayOf, limits, type PeriodIndex, present } from "../../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk, PanelSchema } from "../../../data/panel/index.ts";
import { decide, labels } from "../errors/collect-labels.ts";
import { type GroupName, groupNames } from "../errors/error-tally.ts";
import type { LabelCounts } from "../errors/label-counts.ts";
import { moves } from "../movement/tier-pairs.ts";
import { type ComparisonPlan, dayName, type ErrorPlan } from "../plan.ts";
import type { DateCounts, LabelReading, Stability } from "./stability.ts";

/** One place where labels are looked up again. */
export interface LabelSpot {
  readonly along: LabelReading["along"];
  readonly error: ErrorPlan & { readonly period: PeriodIndex };
  readonly knownAt: Day;
}

/** Where a verdict is read again. Movement needs no new pass: its table by period is collected anyway. */
export interface StabilityPlan {
  readonly dates: readonly PeriodIndex[];
  readonly labels: readonly LabelSpot[];
}

/** Counts by spot, candidate, group (both, newly, released, neither) and fine, harmful, unlabelled. */
export interface StabilityCounts {
  readonly labels: Float64Array;
}

/** Days after maturity at which labels of an older date are read again; the pin itself comes after them. */
const daysAfterMaturity = [0, 28] as const;

/** An older date is one whose labels had at least so many days after maturity to come in. */
const olderDays = 56;

/** Quarter points among the evaluations, without the date of the tables themselves. */
export function planStability(options: {
  readonly schema: PanelSchema;
  readonly to: PeriodIndex;
  readonly evaluated: readonly PeriodIndex[];
  readonly errors: readonly ErrorPlan[];
  readonly labelCounts: LabelCounts;
}): StabilityPlan {
  const { schema, to, evaluated, errors, labelCounts } = options;
  const dates = quarterPoints(evaluated).slice(0, -1);
  const [error] = errors;
  const main = error?.period;
  if (error === undefined || main === undefined) return { dates: dates.filter((date) => date !== to), labels: [] };
  const days = Math.max(...error.sources.map((source) => source.horizonDays + source.lagDays));
  const labelled = evaluated.filter((period) => period <= main && error.sources.some(({ name }) => labelCounts(name, period) > 0));
  const spot = (along: LabelSpot["along"], period: PeriodIndex, knownAt: Day): LabelSpot => ({
    along,
    error: { ...error, period },
    knownAt,
  });
  const matureOn = (period: PeriodIndex): Day => lastDayOf(schema.grain, period) + days;
  const older = labelled.findLast((period) => matureOn(period) + olderDays <= schema.knownAt);
  return {
    dates: dates.filter((date) => date !== to),
    labels: [
      ...quarterPoints(labelled)
        .filter((period) => period !== main)
        .map((period) => spot("date", period, schema.knownAt)),
      ...(older === undefined
        ? []
        : [...daysAfterMaturity.map((after) => spot("maturity", older, matureOn(older) + after)), spot("maturity", older, schema.knownAt)]),
    ],
  };
}

/**
 * The last of each quarter of a list, the last of all among them; fewer when the list is short.
 *
 * @example
 * quarterPoints([1, 2, 3, 4, 5, 6, 7, 8])
 * // => [2, 4, 6, 8]
 */
export function quarterPoints<T>(list: readonly T[]): readonly T[] {
  const count = limits.stabilityDates.value;
  const places = Array.from({ length: count }, (_, index) => Math.ceil(((index + 1) * list.length) / count) - 1);
  return [...new Set(places.filter((place) => place >= 0))].map((place) => list[place] as T);
}

const cells = groupNames.length * 3;

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

/** Position in `groupNames` by the code of `TierPairs.adverse`: neither, newly, released, both. */
const groupOf: readonly number[] = (["neither", "newly", "released", "both"] satisfies readonly GroupName[]).map((name) =>
  groupNames.indexOf(name),
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
      coverage: groupNames.map((group, position) => {
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
