/** What a chunk says of one entity at a table's date: its latest label by source, what it really held, whether it left. */
import { lastDayOf, periodOf } from "../../../data/foundation/index.ts";
import type { OutcomeSource, PanelChunk } from "../../../data/panel/index.ts";
import type { ComparisonPlan } from "../plan.ts";

/** An entity of a chunk at a table's date. */
export interface Spot {
  readonly entity: number;
  /** The row of the table's date, and the entity's last row. */
  readonly row: number;
  readonly lastRow: number;
}

/** The position among the chunk's outcomes of the latest label about the day that this source gave by the pin; -1 when it gave none. */
export function latestAbout(plan: ComparisonPlan, chunk: PanelChunk, source: OutcomeSource, entity: number, day: number): number {
  const { outcomes } = chunk;
  const code = plan.schema.outcomes.indexOf(source);
  let latest = -1;
  let latestDay = Number.NEGATIVE_INFINITY;
  for (let i = outcomes.start[entity] as number; i < (outcomes.start[entity + 1] as number); i++) {
    const knownDay = outcomes.knownDay[i] as number;
    if (outcomes.day[i] !== day || outcomes.source[i] !== code || knownDay > plan.schema.knownAt || knownDay < latestDay) continue;
    latest = i;
    latestDay = knownDay;
  }
  return latest;
}

/** The latest label about the day that this source gave by the pin: 1 harmful, 0 fine, -1 pending; undefined when it gave none. */
export function latestKnown(
  plan: ComparisonPlan,
  chunk: PanelChunk,
  source: OutcomeSource,
  entity: number,
  day: number,
): number | undefined {
  const latest = latestAbout(plan, chunk, source, entity, day);
  return latest < 0 ? undefined : chunk.outcomes.harmful[latest];
}

/**
 * What the entity really held at any time in [d, d + horizon]: an adverse tier in a period that lies in it or reaches into it; else
 * unknown, when the tier of one of these periods is not known; else free.
 */
export function reallyHeld(
  plan: ComparisonPlan,
  chunk: PanelChunk,
  source: OutcomeSource,
  period: number,
  spot: Spot,
): "adverse" | "unknown" | "free" {
  const { grain } = plan.schema;
  const lastWanted = spot.row + periodOf(grain, lastDayOf(grain, period) + source.horizonDays) - period;
  let isKnown = lastWanted <= spot.lastRow && chunk.assignedTier.length > 0;
  for (let row = spot.row; row <= Math.min(lastWanted, spot.lastRow) && chunk.assignedTier.length > 0; row++) {
    const assigned = chunk.assignedTier[row] as number;
    if (plan.assignedAdverse[assigned] === 1) return "adverse";
    if (assigned < 0) isKnown = false;
  }
  return isKnown ? "free" : "unknown";
}

/** Whether the entity's last period ended before d + horizon although the panel goes on: it may have been gone by then. */
export function leftWithin(plan: ComparisonPlan, period: number, source: OutcomeSource, spot: Spot): boolean {
  const { grain, lastPeriod } = plan.schema;
  const last = period + spot.lastRow - spot.row;
  return last < lastPeriod && lastDayOf(grain, last) < lastDayOf(grain, period) + source.horizonDays;
}
