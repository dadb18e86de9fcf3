/** What a comparison keeps of the rows that pass by: columns of one number an entity, and tables of counts. */
import { invariant, present } from "../../data/foundation/index.ts";
import { type OutcomeFrame, type PanelChunk, sumOverSpan } from "../../data/panel/index.ts";
import { addEvaluations, collectEvaluations, evaluationColumns, type PolicyEvaluations } from "./at-risk/collect-evaluations.ts";
import { type ArrivalTables, addArrivals, arrivalTables, collectArrivals } from "./audits/collect-arrivals.ts";
import { type ChangeColumns, changeColumns, collectChange } from "./decomposition/collect-change.ts";
import { addDrift, collectDrift, type DriftColumns, driftColumns } from "./drift/collect-drift.ts";
import { collectLabels, type LabelColumns, labelColumns } from "./errors/collect-labels.ts";
import { collectFairness, type FairnessColumns, fairnessColumns } from "./fairness/collect-fairness.ts";
import { addCourse, collectCourse, courseColumns, type PolicyCourse } from "./movement/collect-course.ts";
import { addRange, collectPairs, collectRange, type RangeColumns, rangeColumns } from "./movement/collect-range.ts";
import { isEntry } from "./movement/entry.ts";
import type { ComparisonPlan } from "./plan.ts";
import { collectSales, type SalesColumns, salesColumns } from "./sales/collect-sales.ts";
import { type AssignedCounts, addAssigned, assignedCounts, collectAssigned } from "./trust/collect-assigned.ts";
import { collectStability } from "./verdict/collect-stability.ts";

/** The state of every entity at the end of the range. */
export interface EndColumns {
  /** By policy: held tier code at the end, -1 outside the frame. */
  readonly held: readonly Int8Array[];
  /** By policy: merited tier code, -1 outside the frame. */
  readonly merited: readonly Int8Array[];
  /** By policy: headline score, NaN when missing. */
  readonly score: readonly Float64Array[];
  /** GMV in minor units and orders over the windows that end at the end of the range. */
  readonly gmv: Float64Array;
  readonly orders: Float64Array;
  /** By text attribute of the plan: its code, -1 missing. */
  readonly attributes: readonly Int32Array[];
}

/** Everything that was collected. Positions are those of the panel's entity order. */
export interface Collected {
  readonly entityCount: number;
  /** First entity of each chunk that was seen, in order. */
  readonly chunkStart: readonly number[];
  readonly end: EndColumns;
  readonly range: RangeColumns;
  readonly labels: readonly LabelColumns[];
  readonly sales: SalesColumns;
  /** By policy. */
  readonly course: readonly PolicyCourse[];
  readonly drift: DriftColumns;
  readonly arrivals: ArrivalTables;
  readonly fairness: FairnessColumns;
  /** By spot where a verdict is read again: the labels there. */
  readonly stability: readonly LabelColumns[];
  /** Who is there at the two ends of the range. */
  readonly change: ChangeColumns;
  /** By policy: what early warning is made from. */
  readonly atRisk: readonly PolicyEvaluations[];
  readonly assigned: AssignedCounts;
}

/** What one chunk adds: the columns of its own entities, and the tables of its own counts. Plain data. */
export type CollectedPart = Omit<Collected, "chunkStart">;

/** Collects one chunk with one frame a policy, baseline first. Allocates once, nothing a row. */
export function collectChunk(plan: ComparisonPlan, chunk: PanelChunk, frames: readonly OutcomeFrame[]): CollectedPart {
  invariant(frames.length === plan.policies.length, "one frame a policy");
  const part = {
    ...emptyColumns(plan, chunk.entityCount),
    drift: collectDrift(plan.drift, chunk, frames),
    atRisk: collectEvaluations(plan.atRisk, plan, chunk, frames),
  };
  for (let entity = 0; entity < chunk.entityCount; entity++) collectEntity(plan, part, chunk, frames, entity);
  collectPairs(plan, part.range, chunk, frames);
  collectCourse(plan, part.course, chunk, frames);
  collectFairness(plan, part.fairness, chunk, frames);
  collectStability(plan, part.stability, chunk, frames);
  collectAssigned(plan, part.assigned, chunk, present(frames[0], "frame"));
  return part;
}

/** Puts the parts of chunks together, in chunk order. */
export class Collector {
  readonly #plan: ComparisonPlan;
  readonly #collected: Collected;
  readonly #chunkStart: number[] = [];
  #next = 0;

  constructor(plan: ComparisonPlan, entityCount: number) {
    this.#plan = plan;
    const atRisk = evaluationColumns(plan.atRisk, entityCount);
    this.#collected = { ...emptyColumns(plan, entityCount), atRisk, chunkStart: this.#chunkStart };
  }

  /** Adds the next chunk. */
  visit(chunk: PanelChunk, frames: readonly OutcomeFrame[]): void {
    invariant(chunk.index === this.#chunkStart.length, `chunk ${chunk.index} came where ${this.#chunkStart.length} was expected`);
    this.add(collectChunk(this.#plan, chunk, frames));
  }

  /** Adds what was collected of the next chunk. */
  add(part: CollectedPart): void {
    const { end, range, labels, sales, fairness, change, atRisk, stability, assigned, arrivals, course, drift } = this.#collected;
    this.#chunkStart.push(this.#next);
    place(end, part.end, this.#next);
    place(labels, part.labels, this.#next);
    place(sales, part.sales, this.#next);
    place(fairness, part.fairness, this.#next);
    place(change, part.change, this.#next);
    addRange(range, part.range, this.#next);
    addCourse(course, part.course, this.#next, this.#plan.course);
    addDrift(drift, part.drift);
    place(stability, part.stability, this.#next);
    addEvaluations(atRisk, part.atRisk, this.#next);
    addAssigned(assigned, part.assigned);
    addArrivals(arrivals, part.arrivals);
    this.#next += part.entityCount;
  }

  /** The columns; every entity of the panel must have been visited. */
  finish(): Collected {
    invariant(this.#next === this.#collected.entityCount, `${this.#next} of ${this.#collected.entityCount} entities were visited`);
    return this.#collected;
  }
}

function emptyColumns(plan: ComparisonPlan, entityCount: number): Omit<CollectedPart, "atRisk"> {
  return {
    entityCount,
    end: {
      held: plan.policies.map(() => new Int8Array(entityCount).fill(-1)),
      merited: plan.policies.map(() => new Int8Array(entityCount).fill(-1)),
      score: plan.policies.map(() => new Float64Array(entityCount).fill(Number.NaN)),
      gmv: new Float64Array(entityCount),
      orders: new Float64Array(entityCount),
      attributes: plan.textAttributes.map(() => new Int32Array(entityCount).fill(-1)),
    },
    range: rangeColumns(plan, entityCount),
    labels: labelColumns(plan, plan.errors, entityCount),
    sales: salesColumns(plan, entityCount),
    course: courseColumns(plan.course, entityCount),
    drift: driftColumns(plan.drift, plan.policies.length),
    arrivals: arrivalTables(plan),
    fairness: fairnessColumns(plan, entityCount),
    stability: labelColumns(
      plan,
      plan.stability.labels.map(({ error }) => error),
      entityCount,
    ),
    assigned: assignedCounts(plan),
    change: changeColumns(plan, entityCount),
  };
}

/** Puts the columns of a chunk's entities where they belong; both have the same shape, and every array is by entity. */
function place(whole: object, part: object, offset: number): void {
  for (const [key, column] of Object.entries(part) as [keyof typeof whole, object][]) {
    const into: object = whole[key];
    if (ArrayBuffer.isView(column)) (into as Float64Array).set(column as Float64Array, offset);
    else place(into, column, offset);
  }
}

function collectEntity(
  plan: ComparisonPlan,
  part: Omit<CollectedPart, "atRisk">,
  chunk: PanelChunk,
  frames: readonly OutcomeFrame[],
  entity: number,
): void {
  const { range, labels, end } = part;
  const entry = chunk.firstPeriod[entity] as number;
  const firstRow = chunk.rowStart[entity] as number;
  const lastRow = (chunk.rowStart[entity + 1] as number) - 1;
  const start = firstRow + Math.max(plan.from - entry, 0);
  const stop = Math.min(firstRow + plan.to - entry, lastRow) + 1;
  if (start < stop) {
    const rows = { entity, start, end: stop, fromEntry: isEntry(plan.schema, chunk, entity, start) };
    collectRange(plan, range, chunk, frames, rows);
  }
  collectLabels({ plan, chunk, frames }, labels, entity);
  collectSales(plan, part.sales, chunk, frames, entity);
  collectChange(plan, part.change, chunk, frames, entity);
  collectArrivals(plan, part.arrivals, chunk, frames, entity);
  const endRow = firstRow + plan.to - entry;
  if (endRow < firstRow || endRow > lastRow || frames.some((frame) => (frame.held[endRow] as number) < 0)) return;
  for (const [policy, frame] of frames.entries()) {
    present(end.held[policy], "held tiers")[entity] = frame.held[endRow] as number;
    present(end.merited[policy], "merited tiers")[entity] = frame.merited[endRow] as number;
    present(end.score[policy], "scores")[entity] = frame.score[endRow] as number;
  }
  end.gmv[entity] = sumOverSpan(chunk, plan.gmvColumn, plan.gmvSpan, entity);
  end.orders[entity] = sumOverSpan(chunk, plan.ordersColumn, plan.ordersSpan, entity);
  for (const [index, attribute] of plan.textAttributes.entries()) {
    const position = plan.schema.attributes[attribute]?.scope === "entity" ? entity : endRow;
    present(end.attributes[index], "attribute codes")[entity] = chunk.attributes[attribute]?.[position] as number;
  }
}
