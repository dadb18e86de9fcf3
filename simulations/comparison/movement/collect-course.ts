/** One pass over the rows of the range under each policy by itself: periods in each tier, stays in adverse tiers, steps from evaluation to evaluation. */
import { present } from "../../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk, PanelSchema } from "../../../data/panel/index.ts";
import { evaluationPlan, NEVER } from "../../../policies/compile/index.ts";
import { type Policy, tierNames } from "../../../policies/language/checked/index.ts";
import { isEntry } from "./entry.ts";
import { addStay, addStays, ends, type Stays, stayList } from "./stays.ts";
import { addSteps, type Steps, StepWalk, stepTables } from "./steps.ts";

/** What the course of one policy is collected with. Plain data. */
export interface CoursePlan {
  /** Tiers by code, `otherwise` among them. */
  readonly tiers: number;
  /** By period of the range: evaluations on later periods of the range. */
  readonly laterEvaluations: Int32Array;
  readonly evaluations: number;
}

/** The course of one policy. Memory: 2 bytes an entity and tier, 8 an entity, 8 a stay in an adverse tier, and the tables of steps. */
export interface PolicyCourse {
  /** entity * tiers + tier: periods of the range in which the entity holds the tier. */
  readonly periods: Uint16Array;
  /** The headline score at the evaluation before the last one; NaN when there is none. */
  readonly scoreBefore: Float64Array;
  readonly stays: Stays;
  readonly steps: Steps;
}

/** Fixes the calendar of one policy's evaluations. */
export function planCourse(policy: Policy, schema: PanelSchema, { from, to }: { readonly from: number; readonly to: number }): CoursePlan {
  const days = evaluationPlan(schema, policy.movement.evaluate).evaluationDay;
  const later = new Int32Array(to - from + 1);
  let evaluations = 0;
  for (let period = to; period >= from; period--) {
    later[period - from] = evaluations;
    if (days[period - schema.firstPeriod] !== NEVER) evaluations++;
  }
  return { tiers: tierNames(policy).length, laterEvaluations: later, evaluations };
}

export function courseColumns(plans: readonly CoursePlan[], entityCount: number): readonly PolicyCourse[] {
  return plans.map(({ tiers, evaluations }) => ({
    periods: new Uint16Array(entityCount * tiers),
    scoreBefore: new Float64Array(entityCount).fill(Number.NaN),
    stays: stayList(),
    steps: stepTables(tiers, evaluations),
  }));
}

/** Adds what was collected of a chunk: its entities from `offset` on. */
export function addCourse(
  whole: readonly PolicyCourse[],
  part: readonly PolicyCourse[],
  offset: number,
  plans: readonly CoursePlan[],
): void {
  for (const [index, course] of whole.entries()) {
    const own = present(part[index], "a policy's course");
    course.periods.set(own.periods, offset * (plans[index]?.tiers ?? 0));
    course.scoreBefore.set(own.scoreBefore, offset);
    addStays(course.stays, own.stays, offset);
    addSteps(course.steps, own.steps);
  }
}

/** What a chunk is read with. */
export interface CourseReading {
  readonly schema: Pick<PanelSchema, "firstPeriod">;
  readonly from: number;
  readonly to: number;
  /** By policy. */
  readonly course: readonly CoursePlan[];
  /** By policy, by tier code: 1 adverse. */
  readonly adverse: readonly Uint8Array[];
}

/** Adds a chunk's entities, a policy at a time. Allocates nothing a row; cost: a counter a row, two an evaluation. */
export function collectCourse(
  { schema, from, to, course: plans, adverse }: CourseReading,
  courses: readonly PolicyCourse[],
  chunk: PanelChunk,
  frames: readonly OutcomeFrame[],
): void {
  for (const [index, course] of courses.entries()) {
    const [plan, frame] = [present(plans[index], "a plan"), present(frames[index], "a frame")];
    const walk = new StepWalk(course.steps);
    const codes = present(adverse[index], "adverse codes");
    for (let entity = 0; entity < chunk.entityCount; entity++) {
      const entry = chunk.firstPeriod[entity] as number;
      const firstRow = chunk.rowStart[entity] as number;
      const lastRow = (chunk.rowStart[entity + 1] as number) - 1;
      const start = firstRow + Math.max(from - entry, 0);
      const end = Math.min(firstRow + to - entry, lastRow) + 1;
      if (start >= end) continue;
      const last = entry + end - 1 - firstRow;
      const isGone = last < to;
      countPeriods(course.periods, entity * plan.tiers, frame.held, { start, end });
      const fromEntry = isEntry(schema, chunk, entity, start);
      findStays(course.stays, codes, frame.held, { entity, start, end, fromEntry, isGone });
      walk.begin(fromEntry);
      for (let row = start; row < end; row++) if (frame.evaluated[row] === 1) walk.take(frame.held[row] as number);
      walk.finish(isGone ? (plan.laterEvaluations[last - from] as number) : 0);
      if (!isGone) course.scoreBefore[entity] = scoreBefore(frame, start, end);
    }
  }
}

function countPeriods(periods: Uint16Array, first: number, held: Int8Array, { start, end }: { start: number; end: number }): void {
  for (let row = start; row < end; row++) {
    const tier = held[row] as number;
    if (tier >= 0) periods[first + tier] = (periods[first + tier] as number) + 1;
  }
}

interface StayRows {
  readonly entity: number;
  readonly start: number;
  readonly end: number;
  readonly fromEntry: boolean;
  readonly isGone: boolean;
}

/** A stay begins where the entity turns adverse, or enters the frame as such; one that runs already where the range begins has no known length. */
function findStays(stays: Stays, adverse: Uint8Array, held: Int8Array, { entity, start, end, fromEntry, isGone }: StayRows): void {
  const unknown = -1;
  const none = -2;
  let began = none;
  for (let row = start; row < end; row++) {
    const tier = held[row] as number;
    const is = tier >= 0 && adverse[tier] === 1;
    if (is && began === none) {
      began = row === start ? (fromEntry ? row : unknown) : (held[row - 1] as number) >= 0 ? row : unknown;
      if (began === unknown) stays.running++;
    } else if (!is && began !== none) {
      if (began !== unknown) addStay(stays, entity, row - began, tier < 0 ? ends.closed : ends.recovered);
      began = none;
    }
  }
  if (began >= 0) addStay(stays, entity, end - began, isGone ? ends.closed : ends.running);
}

function scoreBefore({ evaluated, score }: OutcomeFrame, start: number, end: number): number {
  let row = end - 1;
  while (row > start && evaluated[row] !== 1) row--;
  return row > start ? (score[row - 1] as number) : Number.NaN;
}
