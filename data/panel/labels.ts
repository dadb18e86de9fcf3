/** What was known by the pin of whether an entity is harmful at one date: the label that counts, or why there is none. Kernels and SQL both follow it. */
import { lastDayOf, type PeriodIndex, periodOf, present } from "../foundation/index.ts";
import type { PanelChunk } from "./panel.ts";
import type { OutcomeSource, PanelSchema } from "./schema.ts";

/** Codes of a label: a decision, or why there is none. */
export const labels = { notInFrame: -128, notMature: -6, unknown: -1, pending: -2, restricted: -3, left: -4, fine: 0, harmful: 1 } as const;

/** Codes of an appeal that was known by the pin. */
export const appeals = { none: 0, upheld: 1, overturned: 2, pending: 3 } as const;

/** Whose labels count at a date. */
export interface LabelRule {
  /** Absent: no date is mature, and nobody has a label. */
  readonly period?: PeriodIndex;
  /** In order of precedence. */
  readonly sources: readonly OutcomeSource[];
}

/** Which panel labels are read of. */
export interface LabelledPanel {
  readonly schema: PanelSchema;
  /** By code of the really assigned tier: 1 adverse. Empty when the panel carries none. */
  readonly assignedAdverse: Uint8Array;
}

/** An entity of a chunk at a date. */
export interface Spot {
  readonly entity: number;
  /** The row of the date, and the entity's last row. */
  readonly row: number;
  readonly lastRow: number;
}

/** What is known of an entity at a date. */
export interface LabelDecision {
  /** A code of `labels`, for harm without restriction. */
  readonly label: number;
  /** The same with the labels of really restricted entities left in. */
  readonly realised: number;
  /** A code of `appeals`. */
  readonly appeal: number;
  /** 1 where the label is a future outcome and the tier really held is not known all the way through the horizon. */
  readonly untreated: number;
}

/**
 * The label by precedence; without one the reason that weighs most: restricted, then pending, then left, then unknown. A future
 * outcome of an entity that left within the horizon is no label, whatever its source says: what it would have done was cut short.
 */
export function decideLabel(panel: LabelledPanel, { period, sources }: LabelRule, chunk: PanelChunk, spot: Spot): LabelDecision {
  if (period === undefined) return { label: labels.notMature, realised: labels.notMature, appeal: appeals.none, untreated: 0 };
  let label: number | undefined;
  let realised: number | undefined;
  let reason: number = labels.unknown;
  let appeal: number = appeals.none;
  let untreated = 0;
  for (const source of sources) {
    const known = latestKnown(panel, chunk, source, spot.entity, lastDayOf(panel.schema.grain, period));
    if (source.role === "appeal" && known !== undefined) appeal = appealOf(known);
    const isGone = source.kind === "future" && leftWithin(panel, period, source, spot);
    if (isGone || known === undefined || known < 0) {
      if (isGone) reason = mostWeighty(reason, labels.left);
      else if (known !== undefined) reason = mostWeighty(reason, labels.pending);
      continue;
    }
    realised ??= known;
    const held = source.kind === "future" ? reallyHeld(panel, chunk, source, period, spot) : "free";
    if (held === "adverse") reason = mostWeighty(reason, labels.restricted);
    else if (label === undefined) {
      label = known;
      untreated = held === "unknown" ? 1 : 0;
    }
  }
  return { label: label ?? reason, realised: realised ?? reason, appeal, untreated };
}

function appealOf(known: number): number {
  return [appeals.pending, appeals.overturned, appeals.upheld][known + 1] as number;
}

const weights: readonly number[] = [labels.unknown, labels.left, labels.pending, labels.restricted];

function mostWeighty(a: number, b: number): number {
  return weights.indexOf(a) >= weights.indexOf(b) ? a : b;
}

/** The position among the chunk's outcomes of the latest label about the day that this source gave by the pin; -1 when it gave none. */
export function latestAbout({ schema }: LabelledPanel, chunk: PanelChunk, source: OutcomeSource, entity: number, day: number): number {
  const { outcomes } = chunk;
  const code = schema.outcomes.findIndex(({ name }) => name === source.name);
  let latest = -1;
  let latestDay = Number.NEGATIVE_INFINITY;
  for (let i = outcomes.start[entity] as number; i < (outcomes.start[entity + 1] as number); i++) {
    const knownDay = outcomes.knownDay[i] as number;
    if (outcomes.day[i] !== day || outcomes.source[i] !== code || knownDay > schema.knownAt || knownDay < latestDay) continue;
    latest = i;
    latestDay = knownDay;
  }
  return latest;
}

/** The latest label about the day that this source gave by the pin: 1 harmful, 0 fine, -1 pending; undefined when it gave none. */
export function latestKnown(
  panel: LabelledPanel,
  chunk: PanelChunk,
  source: OutcomeSource,
  entity: number,
  day: number,
): number | undefined {
  const latest = latestAbout(panel, chunk, source, entity, day);
  return latest < 0 ? undefined : chunk.outcomes.harmful[latest];
}

/** The last period that lies in the horizon after a date or reaches into it. */
export function horizonEnd({ grain }: Pick<PanelSchema, "grain">, period: PeriodIndex, { horizonDays }: OutcomeSource): PeriodIndex {
  return periodOf(grain, lastDayOf(grain, period) + horizonDays);
}

/**
 * What the entity really held at any time in [d, d + horizon]: an adverse tier in a period that lies in it or reaches into it; else
 * unknown, when the tier of one of these periods is not known; else free.
 */
export function reallyHeld(
  { schema, assignedAdverse }: LabelledPanel,
  chunk: PanelChunk,
  source: OutcomeSource,
  period: PeriodIndex,
  spot: Spot,
): "adverse" | "unknown" | "free" {
  const lastWanted = spot.row + horizonEnd(schema, period, source) - period;
  let isKnown = lastWanted <= spot.lastRow && chunk.assignedTier.length > 0;
  for (let row = spot.row; row <= Math.min(lastWanted, spot.lastRow) && chunk.assignedTier.length > 0; row++) {
    const assigned = chunk.assignedTier[row] as number;
    if (assignedAdverse[assigned] === 1) return "adverse";
    if (assigned < 0) isKnown = false;
  }
  return isKnown ? "free" : "unknown";
}

/** Whether the entity's last period ended before d + horizon although the panel goes on: it may have been gone by then. */
export function leftWithin({ schema }: LabelledPanel, period: PeriodIndex, source: OutcomeSource, spot: Spot): boolean {
  const last = period + spot.lastRow - spot.row;
  return last < schema.lastPeriod && last < horizonEnd(schema, period, source);
}

/** What is known of an entity, and whether it is shielded under each of two policies: all that error rates count beside its tiers. */
export interface LabelCell extends LabelDecision {
  /** 1 or 0. */
  readonly shielded: readonly [number, number];
}

const size = 8;

/** How a cell is numbered: its decision, times 4, plus its shields. */
export const labelCellCount = size * size * size * 4;

/** The place of a code of `labels` among those of a number; SQL counts them so too. */
export function labelPlace(code: number): number {
  return code >= 0 ? code : 1 - code;
}

/** The number of a decision: that of its cell without the shields. */
export function labelNumber({ label, realised, appeal, untreated }: LabelDecision): number {
  return (labelPlace(label) * size + labelPlace(realised)) * size + appeal * 2 + untreated;
}

/** The number of a cell. */
export function labelCellNumber(decision: number, [before, after]: LabelCell["shielded"]): number {
  return decision * 4 + before * 2 + after;
}

/** The cell of a number. */
export function labelCellOf(number: number): LabelCell {
  const digit = (place: number, base: number) => Math.floor(number / place) % base;
  const codeOf = (place: number) => (place <= 1 ? place : 1 - place);
  return {
    label: codeOf(digit(4 * size * size, size)),
    realised: codeOf(digit(4 * size, size)),
    appeal: digit(8, 4),
    untreated: digit(4, 2),
    shielded: [digit(2, 2), digit(1, 2)],
  };
}

/** The sources of these names, in their order. */
export function sourcesNamed({ outcomes }: Pick<PanelSchema, "outcomes">, names: readonly string[]): readonly OutcomeSource[] {
  return names.map((wanted) =>
    present(
      outcomes.find(({ name }) => name === wanted),
      wanted,
    ),
  );
}
