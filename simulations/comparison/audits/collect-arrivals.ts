/** When labels became known, and what they say at every date that they are about: tables of counts, filled as rows pass by. */
import { invariant, lastDayOf, periodOf } from "../../../data/foundation/index.ts";
import { labels, leftWithin, type OutcomeFrame, type PanelChunk, reallyHeld } from "../../../data/panel/index.ts";
import type { ComparisonPlan, ErrorPlan } from "../plan.ts";

/** Tables of counts. Kinds of a source: 2 x its code, + 1 for harmful. */
export interface ArrivalTables {
  /** By kind and days: labels by the days until they were known, and by the days from their date to the pin. */
  readonly delays: Float64Array;
  readonly windows: Float64Array;
  /** By kind and period of the range: labels about it known by the pin, of entities with a row there. */
  readonly known: Float64Array;
  /** By error table: by period of the range and field (see `seriesFields`), labels for harm without restriction. */
  readonly series: readonly Float64Array[];
}

/** Days in a row of `delays` and `windows`: from the panel's first date to the pin. */
export function delayDays({ schema }: ComparisonPlan): number {
  return Math.max(1, schema.knownAt - lastDayOf(schema.grain, schema.firstPeriod) + 1);
}

/** Fields of a period in a series: fine, harmful; of each policy fine adverse, harmful adverse; of each candidate newly fine, released fine. */
export function seriesFields({ policies, pairs }: ComparisonPlan) {
  const candidates = 2 + 2 * policies.length;
  return {
    fine: 0,
    harmful: 1,
    adverseFine: (policy: number): number => 2 + 2 * policy,
    newlyFine: (candidate: number): number => candidates + 2 * candidate,
    count: candidates + 2 * pairs.length,
  };
}

/** Empty tables. Memory: some kilobytes, nothing an entity. */
export function arrivalTables(plan: ComparisonPlan): ArrivalTables {
  const kinds = 2 * plan.schema.outcomes.length;
  const periods = plan.to - plan.from + 1;
  const days = kinds === 0 ? 0 : delayDays(plan);
  return {
    delays: new Float64Array(kinds * days),
    windows: new Float64Array(kinds * days),
    known: new Float64Array(kinds * periods),
    series: plan.errors.map(() => new Float64Array(periods * seriesFields(plan).count)),
  };
}

/** Adds the counts of a chunk. */
export function addArrivals(whole: ArrivalTables, part: ArrivalTables): void {
  add(whole.delays, part.delays);
  add(whole.windows, part.windows);
  add(whole.known, part.known);
  for (const [index, series] of whole.series.entries()) add(series, part.series[index] ?? new Float64Array(series.length));
}

function add(whole: Float64Array, part: Float64Array): void {
  invariant(whole.length === part.length, `tables of ${whole.length} and ${part.length} cells`);
  for (let i = 0; i < whole.length; i++) whole[i] = (whole[i] as number) + (part[i] as number);
}

/** What one entity brings along from date to date. */
interface Visit {
  readonly plan: ComparisonPlan;
  readonly tables: ArrivalTables;
  readonly chunk: PanelChunk;
  readonly frames: readonly OutcomeFrame[];
  readonly spot: { readonly entity: number; row: number; readonly lastRow: number };
  /** By source code: the latest label about the date known by the pin; `silent` without one. */
  readonly latest: Int8Array;
}

const silent = -2;

/** Adds one entity. Cost: its labels once, and for each date with one the really assigned tiers of the horizon. */
export function collectArrivals(
  plan: ComparisonPlan,
  tables: ArrivalTables,
  chunk: PanelChunk,
  frames: readonly OutcomeFrame[],
  entity: number,
): void {
  const { outcomes } = chunk;
  const [start, end] = [outcomes.start[entity] as number, outcomes.start[entity + 1] as number];
  if (start === end) return;
  const firstRow = chunk.rowStart[entity] as number;
  const spot = { entity, row: firstRow, lastRow: (chunk.rowStart[entity + 1] as number) - 1 };
  const visit = { plan, tables, chunk, frames, spot, latest: new Int8Array(plan.schema.outcomes.length) };
  for (let from = start; from < end; ) {
    const day = outcomes.day[from] as number;
    let to = from + 1;
    while (to < end && outcomes.day[to] === day) to++;
    collectDate(visit, from, to);
    from = to;
  }
}

/** The labels from..to - 1, all about one date, ordered by source and known day. */
function collectDate(visit: Visit, from: number, to: number): void {
  const { plan, chunk, frames, spot, latest } = visit;
  const { grain, knownAt } = plan.schema;
  const day = chunk.outcomes.day[from] as number;
  latest.fill(silent);
  addDelays(visit, from, to);
  const period = periodOf(grain, day);
  if (period < plan.from || period > plan.to || lastDayOf(grain, period) !== day || day > knownAt) return;
  spot.row = (chunk.rowStart[spot.entity] as number) + period - (chunk.firstPeriod[spot.entity] as number);
  if (spot.row < (chunk.rowStart[spot.entity] as number) || spot.row > spot.lastRow) return;
  for (const frame of frames) if ((frame.held[spot.row] as number) < 0) return;
  addKnown(visit, period);
  for (let table = 0; table < plan.errors.length; table++) addToSeries(visit, period, table);
}

/** One label an entity, date and source: its delay is that of the first decision, what it says is the latest. */
function addDelays({ plan, tables, chunk, latest }: Visit, from: number, to: number): void {
  const { day, source, knownDay, harmful } = chunk.outcomes;
  const days = delayDays(plan);
  const window = plan.schema.knownAt - (day[from] as number);
  for (let i = from; i < to; ) {
    const code = source[i] as number;
    let first = -1;
    for (; i < to && source[i] === code; i++) {
      if ((knownDay[i] as number) > plan.schema.knownAt) continue;
      latest[code] = harmful[i] as number;
      if (first < 0 && (harmful[i] as number) >= 0) first = (knownDay[i] as number) - (day[from] as number);
    }
    const said = latest[code] as number;
    if (said < 0 || window < 0) continue;
    const row = (2 * code + said) * days;
    count(tables.delays, row + Math.min(Math.max(first, 0), days - 1));
    count(tables.windows, row + Math.min(window, days - 1));
  }
}

function addKnown({ plan, tables, latest }: Visit, period: number): void {
  const periods = plan.to - plan.from + 1;
  for (let code = 0; code < latest.length; code++) {
    const said = latest[code] as number;
    if (said >= 0) count(tables.known, (2 * code + said) * periods + period - plan.from);
  }
}

function addToSeries(visit: Visit, period: number, table: number): void {
  const { plan, tables, frames } = visit;
  const said = labelOf(visit, plan.errors[table] as ErrorPlan, period);
  if (said < 0) return;
  const fields = seriesFields(plan);
  const series = tables.series[table] as Float64Array;
  const cell = (period - plan.from) * fields.count;
  count(series, cell + said);
  for (let policy = 0; policy < frames.length; policy++) {
    if (isAdverse(visit, policy)) count(series, cell + fields.adverseFine(policy) + said);
  }
  if (said !== labels.fine) return;
  const before = isAdverse(visit, 0);
  for (let candidate = 0; candidate < plan.pairs.length; candidate++) {
    const after = isAdverse(visit, candidate + 1);
    if (before !== after) count(series, cell + fields.newlyFine(candidate) + (after ? 0 : 1));
  }
}

/** The label by precedence, as in an error table: none of an entity that left, or was really restricted, within a future outcome's horizon. */
function labelOf({ plan, chunk, spot, latest }: Visit, error: ErrorPlan, period: number): number {
  for (const source of error.sources) {
    const said = latest[plan.schema.outcomes.indexOf(source)] as number;
    if (said < 0) continue;
    if (source.kind === "state") return said;
    if (!leftWithin(plan, period, source, spot) && reallyHeld(plan, chunk, source, period, spot) !== "adverse") return said;
  }
  return silent;
}

function isAdverse({ plan, frames, spot }: Visit, policy: number): boolean {
  return plan.adverse[policy]?.[frames[policy]?.held[spot.row] as number] === 1;
}

function count(table: Float64Array, cell: number): void {
  table[cell] = (table[cell] as number) + 1;
}
