/** What early warning keeps of the rows: evaluations of drawn entities with what was known at them and what came of them, and everybody's last one. */
import { present } from "../../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk } from "../../../data/panel/index.ts";
import { isSampled, placeOfKey } from "../entity-sample.ts";
import type { AtRiskPlan } from "./plan-at-risk.ts";

/** What an alarm may read, in the order in which it is kept. Known at the evaluation, every one. NaN: missing. */
export const featureNames = [
  "margin",
  "slope",
  "meritsAdverse",
  "demoteCount",
  "age",
  "volume",
  "recentlyAdverse",
  "unrated",
  "shielded",
] as const;

/** Numbers kept an evaluation. */
export const featureCount = featureNames.length;

/** Scores kept of each entity at the end of the range, latest last. */
export const pathLength = 6;

/** Evaluations that the slope is drawn through. */
const slopeEvaluations = 4;

/** What came of an evaluation within the horizon, by code. */
export const fates = { none: 0, hit: 1, exit: 2, open: 3 } as const;

/** Evaluations of drawn entities that were not adverse, of one policy: entity after entity, oldest first. Arrays are parallel. */
export interface WalkedEvaluations {
  readonly entity: Int32Array;
  readonly period: Int32Array;
  /** featureCount numbers each. */
  readonly features: Float32Array;
  /** A code of `fates`; `open`: the range ends before the horizon does. */
  readonly fate: Uint8Array;
  /** Hits: periods until an adverse tier was first held; else 0. */
  readonly lead: Int32Array;
  /** A number of the entity's own in [0, 1) that breaks ties. */
  readonly tie: Float32Array;
}

/** The latest evaluation of every entity in the frame at the end, of one policy. */
export interface LatestEvaluations {
  /** 1: evaluated, in the frame at the end, and not adverse there. */
  readonly eligible: Uint8Array;
  readonly features: Float32Array;
  /** pathLength scores each, latest last, NaN where there are none. */
  readonly path: Float32Array;
}

/** What was collected of one policy. */
export interface PolicyEvaluations {
  readonly walked: WalkedEvaluations[];
  readonly latest: LatestEvaluations;
  /** Drawn entities that were ever in the frame. */
  sampled: number;
}

/** Room for every entity's latest evaluation: 61 bytes an entity and policy. */
export function evaluationColumns({ adverse }: AtRiskPlan, entityCount: number): readonly PolicyEvaluations[] {
  return adverse.map(() => ({
    walked: [],
    latest: {
      eligible: new Uint8Array(entityCount),
      features: new Float32Array(entityCount * featureCount),
      path: new Float32Array(entityCount * pathLength),
    },
    sampled: 0,
  }));
}

/** Adds what was collected of a chunk whose first entity is `offset`. */
export function addEvaluations(whole: readonly PolicyEvaluations[], part: readonly PolicyEvaluations[], offset: number): void {
  for (const [index, policy] of whole.entries()) {
    const own = present(part[index], "a policy");
    policy.latest.eligible.set(own.latest.eligible, offset);
    policy.latest.features.set(own.latest.features, offset * featureCount);
    policy.latest.path.set(own.latest.path, offset * pathLength);
    policy.walked.push(...own.walked.map((walked) => ({ ...walked, entity: walked.entity.map((entity) => entity + offset) })));
    policy.sampled += own.sampled;
  }
}

/** Where an entity's rows lie, and what the range is. */
interface Rows {
  /** Row of the first period of the range that the entity has, and the row after the last. */
  readonly start: number;
  readonly end: number;
  /** Row and period of the entity's very first row; the period of a row is entry + row - first. */
  readonly first: number;
  readonly entry: number;
  /** Last period of the range. */
  readonly to: number;
}

/** Collects a chunk: one pass over the rows of the range. `ordersColumn`: -1 without one. Allocates twice a policy, nothing a row. */
export function collectEvaluations(
  plan: AtRiskPlan,
  range: { readonly from: number; readonly to: number; readonly ordersColumn: number },
  chunk: PanelChunk,
  frames: readonly OutcomeFrame[],
): readonly PolicyEvaluations[] {
  const columns = evaluationColumns(plan, chunk.entityCount);
  const orders = chunk.measures[range.ordersColumn];
  for (const [index, policy] of columns.entries()) {
    const reader = { plan, policy: index, frame: present(frames[index], "frame"), orders };
    const drawn: { readonly entity: number; readonly rows: Rows }[] = [];
    let count = 0;
    for (let entity = 0; entity < chunk.entityCount; entity++) {
      const rows = rowsOf(chunk, range, entity);
      if (rows.start >= rows.end) continue;
      keepLatest(reader, policy.latest, entity, rows);
      if (!isSampled(plan.sample, present(chunk.entities[entity], "entity"))) continue;
      drawn.push({ entity, rows });
      count += countEligible(reader, rows);
    }
    policy.sampled = drawn.length;
    policy.walked.push(walk(reader, chunk, drawn, count));
  }
  return columns;
}

function rowsOf(chunk: PanelChunk, { from, to }: { readonly from: number; readonly to: number }, entity: number): Rows {
  const entry = chunk.firstPeriod[entity] as number;
  const first = chunk.rowStart[entity] as number;
  const last = (chunk.rowStart[entity + 1] as number) - 1;
  return { first, entry, to, start: first + Math.max(from - entry, 0), end: Math.min(first + to - entry, last) + 1 };
}

interface Reader {
  readonly plan: AtRiskPlan;
  readonly policy: number;
  readonly frame: OutcomeFrame;
  readonly orders: Float64Array | undefined;
}

function isEligible({ plan, policy, frame }: Reader, row: number): boolean {
  const held = frame.held[row] as number;
  return frame.evaluated[row] === 1 && held >= 0 && plan.adverse[policy]?.[held] !== 1;
}

function countEligible(reader: Reader, rows: Rows): number {
  let count = 0;
  for (let row = rows.start; row < rows.end; row++) if (isEligible(reader, row)) count++;
  return count;
}

function walk(
  reader: Reader,
  chunk: PanelChunk,
  drawn: readonly { readonly entity: number; readonly rows: Rows }[],
  count: number,
): WalkedEvaluations {
  const walked: WalkedEvaluations = {
    entity: new Int32Array(count),
    period: new Int32Array(count),
    features: new Float32Array(count * featureCount),
    fate: new Uint8Array(count),
    lead: new Int32Array(count),
    tie: new Float32Array(count),
  };
  const tieSalt = { share: 1, salt: ~reader.plan.sample.salt >>> 0 };
  let at = 0;
  for (const { entity, rows } of drawn) {
    const tie = placeOfKey(tieSalt, present(chunk.entities[entity], "entity"));
    for (let row = rows.start; row < rows.end; row++) {
      if (!isEligible(reader, row)) continue;
      walked.entity[at] = entity;
      walked.period[at] = periodOf(rows, row);
      readFeatures(reader, rows, row, walked.features, at * featureCount);
      const lead = leadOf(reader, rows, row);
      walked.lead[at] = lead;
      walked.fate[at] = fateOf(reader, rows, row, lead);
      walked.tie[at] = tie;
      at++;
    }
  }
  return walked;
}

function periodOf({ entry, first }: Rows, row: number): number {
  return entry + row - first;
}

/** Periods until an adverse tier is held, at most the horizon; 0 where none is. */
function leadOf({ plan, policy, frame }: Reader, rows: Rows, row: number): number {
  const last = Math.min(row + plan.horizonPeriods, rows.end - 1);
  for (let later = row + 1; later <= last; later++) {
    const held = frame.held[later] as number;
    if (held >= 0 && plan.adverse[policy]?.[held] === 1) return later - row;
  }
  return 0;
}

function fateOf({ plan }: Reader, rows: Rows, row: number, lead: number): number {
  const due = periodOf(rows, row) + plan.horizonPeriods;
  if (due > rows.to) return fates.open;
  if (lead > 0) return fates.hit;
  return due > periodOf(rows, rows.end - 1) ? fates.exit : fates.none;
}

function keepLatest(reader: Reader, latest: LatestEvaluations, entity: number, rows: Rows): void {
  latest.path.fill(Number.NaN, entity * pathLength, (entity + 1) * pathLength);
  const end = rows.end - 1;
  const held = reader.frame.held[end] as number;
  if (periodOf(rows, end) !== rows.to || held < 0 || reader.plan.adverse[reader.policy]?.[held] === 1) return;
  let row = end;
  while (row >= rows.start && reader.frame.evaluated[row] !== 1) row--;
  if (row < rows.start) return;
  latest.eligible[entity] = 1;
  readFeatures(reader, rows, row, latest.features, entity * featureCount);
  for (let place = pathLength - 1; place >= 0 && row >= rows.start; row--) {
    if (reader.frame.evaluated[row] !== 1) continue;
    latest.path[entity * pathLength + place] = reader.frame.score[row] as number;
    place--;
  }
}

/** What is known at an evaluation: nothing after its row is read. */
function readFeatures(reader: Reader, rows: Rows, row: number, into: Float32Array, at: number): void {
  const { plan, policy, frame, orders } = reader;
  const [held, merited] = [frame.held[row] as number, frame.merited[row] as number];
  const adverse = present(plan.adverse[policy], "adverse codes");
  let volume = 0;
  if (orders !== undefined) {
    for (let back = Math.max(rows.first, row - plan.volumePeriods + 1); back <= row; back++) {
      const value = orders[back] as number;
      if (!Number.isNaN(value)) volume += value;
    }
  }
  let recently = 0;
  for (let back = Math.max(rows.start, row - plan.horizonPeriods); back < row; back++) {
    const before = frame.held[back] as number;
    if (before >= 0 && adverse[before] === 1) recently = 1;
  }
  into[at] = (frame.score[row] as number) - (plan.lines[policy]?.score ?? 0);
  into[at + 1] = slopeAt(frame, rows, row);
  into[at + 2] = merited >= 0 && adverse[merited] === 1 ? 1 : 0;
  into[at + 3] = frame.demoteCount[row] as number;
  into[at + 4] = Math.log1p(row - rows.first);
  into[at + 5] = Math.log1p(Math.max(volume, 0));
  into[at + 6] = recently;
  into[at + 7] = held >= (plan.ladder[policy] ?? 0) ? 1 : 0;
  into[at + 8] = frame.shielded[row] as number;
}

/** Least-squares slope of the score an evaluation, over the last few evaluations that have one; NaN with fewer than two. */
function slopeAt({ evaluated, score }: OutcomeFrame, rows: Rows, row: number): number {
  let [n, sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0, 0];
  let seen = 0;
  for (let back = row; back >= rows.start && seen < slopeEvaluations; back--) {
    if (evaluated[back] !== 1) continue;
    const value = score[back] as number;
    const x = -seen;
    seen++;
    if (Number.isNaN(value)) continue;
    n++;
    sumX += x;
    sumY += value;
    sumXX += x * x;
    sumXY += x * value;
  }
  return n < 2 ? Number.NaN : (n * sumXY - sumX * sumY) / (n * sumXX - sumX * sumX);
}
