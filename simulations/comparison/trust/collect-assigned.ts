/** Assigned and replayed tiers of the baseline, counted in the one pass: tables, sums of products by entity, classes of disagreement. */
import { type Grain, present } from "../../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk } from "../../../data/panel/index.ts";
import { tierNames } from "../../../policies/language/checked/index.ts";
import type { ComparisonPlan } from "../plan.ts";
import { type Disagreement, disagreements } from "./assigned.ts";

/** Tables of counts; none of them grows with the entities. */
export interface AssignedCounts {
  /** Assigned code x held code. */
  readonly range: Float64Array;
  readonly end: Float64Array;
  /** Sums over entities of products of: periods that agree, periods by assigned code, periods by held code. */
  readonly moments: Float64Array;
  /** By position in `disagreements`. */
  readonly classes: Float64Array;
  /** Entities with a period that is classified by both. */
  readonly clusters: Float64Array;
}

/** Periods that count as a little earlier or later. */
export const timingPeriods: Readonly<Record<Grain, number>> = { day: 28, week: 4, month: 1 };

const classNames = Object.keys(disagreements) as readonly Disagreement[];
const classOf = Object.fromEntries(classNames.map((name, position) => [name, position])) as Readonly<Record<Disagreement, number>>;

/** The sides of the table: assigned names, and the baseline's tiers with `otherwise`. */
export function sidesOf(plan: ComparisonPlan): { readonly rows: number; readonly columns: number } {
  return { rows: plan.assignedCode.length, columns: tierNames(present(plan.policies[0], "baseline")).length };
}

/** Empty counts. Memory: some kilobytes, none an entity; nothing without assigned tiers. */
export function assignedCounts(plan: ComparisonPlan): AssignedCounts {
  const { rows, columns } = sidesOf(plan);
  const side = rows === 0 ? 0 : 1 + rows + columns;
  return {
    range: new Float64Array(rows * columns),
    end: new Float64Array(rows * columns),
    moments: new Float64Array(side * side),
    classes: new Float64Array(classNames.length),
    clusters: new Float64Array(1),
  };
}

/** Adds what was counted of a chunk. All are whole numbers: the order of chunks changes no bit. */
export function addAssigned(whole: AssignedCounts, part: AssignedCounts): void {
  for (const key of Object.keys(whole) as (keyof AssignedCounts)[]) {
    for (const [cell, count] of part[key].entries()) whole[key][cell] = (whole[key][cell] as number) + count;
  }
}

/** Adds the entities of a chunk. Cost: a table entry an entity-period, a short look around where the two differ, and the square of the table's sides an entity. */
export function collectAssigned(plan: ComparisonPlan, counts: AssignedCounts, chunk: PanelChunk, frame: OutcomeFrame): void {
  if (plan.assignedCode.length === 0 || chunk.assignedTier.length === 0) return;
  const { rows, columns } = sidesOf(plan);
  const ladder = present(plan.policies[0], "baseline").tiers.length;
  const near = timingPeriods[plan.schema.grain];
  const features = new Float64Array(1 + rows + columns);
  for (let entity = 0; entity < chunk.entityCount; entity++) {
    const zero = (chunk.rowStart[entity] as number) - (chunk.firstPeriod[entity] as number);
    const first = chunk.rowStart[entity] as number;
    const start = Math.max(first, zero + plan.from);
    const end = Math.min(chunk.rowStart[entity + 1] as number, zero + plan.to + 1);
    features.fill(0);
    let known = 0;
    let isAtStart = true;
    for (let row = start; row < end; row++) {
      const held = frame.held[row] as number;
      if (held < 0) continue;
      if (row > start && held !== frame.held[row - 1] && (frame.held[row - 1] as number) >= 0) isAtStart = false;
      const assigned = chunk.assignedTier[row] as number;
      if (assigned < 0) continue;
      known++;
      const cell = assigned * columns + held;
      counts.range[cell] = (counts.range[cell] as number) + 1;
      if (row === zero + plan.to) counts.end[cell] = (counts.end[cell] as number) + 1;
      features[1 + assigned] = (features[1 + assigned] as number) + 1;
      features[1 + rows + held] = (features[1 + rows + held] as number) + 1;
      const wanted = plan.assignedCode[assigned] as number;
      if (wanted === held) features[0] = (features[0] as number) + 1;
      else {
        const place = classify(frame, { row, start, end, wanted, held, ladder, near, isAtStart: isAtStart && start === first });
        counts.classes[place] = (counts.classes[place] as number) + 1;
      }
    }
    if (known === 0) continue;
    counts.clusters[0] = (counts.clusters[0] as number) + 1;
    addProducts(counts.moments, features);
  }
}

interface Spot {
  readonly row: number;
  readonly start: number;
  readonly end: number;
  readonly wanted: number;
  readonly held: number;
  readonly ladder: number;
  readonly near: number;
  readonly isAtStart: boolean;
}

function classify(frame: OutcomeFrame, { row, start, end, wanted, held, ladder, near, isAtStart }: Spot): number {
  if (wanted < 0) return classOf.unknown;
  if (frame.merited[row] === wanted) return isAtStart ? classOf.start : classOf.movement;
  if (wanted >= ladder !== held >= ladder || Number.isNaN(frame.score[row])) return classOf.data;
  for (let other = Math.max(start, row - near); other < Math.min(end, row + near + 1); other++)
    if (frame.held[other] === wanted) return classOf.timing;
  return Math.abs(wanted - held) === 1 ? classOf.step : classOf.rule;
}

function addProducts(moments: Float64Array, features: Float64Array): void {
  const side = features.length;
  for (let row = 0; row < side; row++) {
    const left = features[row] as number;
    if (left === 0) continue;
    for (let column = 0; column < side; column++) {
      const cell = row * side + column;
      moments[cell] = (moments[cell] as number) + left * (features[column] as number);
    }
  }
}
