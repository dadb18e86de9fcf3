/** One chunk as it was known on a day: later periods, versions, events and labels are left out. */
import { type PeriodIndex, present } from "../foundation/index.ts";
import { chunkPath, readStoredChunk } from "./arrow-chunk.ts";
import { type DraftChunk, draftChunk, finishChunk, settleChunk } from "./draft-chunk.ts";
import { startsOf } from "./facts.ts";
import type { EventColumns, OutcomeColumns, PanelChunk } from "./panel.ts";
import { readColumnFile } from "./read-column-file.ts";
import type { PanelSchema } from "./schema.ts";

/** What is pinned: the schema carries the pin (`knownAt`, and the last period that had ended). */
export interface PinnedChunk {
  readonly folder: string;
  readonly schema: PanelSchema;
  readonly whole: PanelSchema;
  readonly index: number;
  /** Versions are kept when rows were corrected or known late; without them a row was known when its period ended. */
  readonly hasVersions: boolean;
}

/** Reads a chunk as it was known on `schema.knownAt`. Cost: the chunk's bytes, its versions where kept, and one copy of the rows. */
export function pinChunk(pinned: PinnedChunk): PanelChunk {
  const { folder, schema, whole, index, hasVersions } = pinned;
  const stored = readStoredChunk(folder, whole, index);
  const rebuilt = hasVersions ? replayVersions(pinned, stored.draft) : stored.draft;
  const { draft, kept } = cutAfter(schema, rebuilt);
  return finishChunk(index, draft, knownEvents(stored.events, kept, schema.knownAt), knownOutcomes(stored.outcomes, kept, schema.knownAt));
}

/**
 * Lays the chunk out anew and writes, for each entity, period and file, the latest version that was known. Gaps in which the
 * source was absent keep their code. All entities keep their place; one without any known row has nothing reported.
 */
function replayVersions({ folder, schema, index }: PinnedChunk, base: DraftChunk): DraftChunk {
  const lastPeriod = base.entities.map((_, i) => present(base.firstPeriod[i], "first") + rowsOf(base, i) - 1);
  const draft = draftChunk(schema, { entities: base.entities, firstPeriod: base.firstPeriod, lastPeriod });
  for (const [column, attribute] of schema.attributes.entries()) {
    if (attribute.scope === "entity")
      present(draft.attributes[column], attribute.name).set(present(base.attributes[column], attribute.name));
  }
  const file = readColumnFile(chunkPath(folder, "versions", index));
  const [entity, period, known, part] = [
    file.integers("entity"),
    file.integers("period"),
    file.integers("known_on"),
    file.integers("file"),
  ];
  const measures = schema.measures.map((measure) => file.floats(measure.name));
  const attributes = schema.attributes.map((attribute) => (attribute.scope === "row" ? file.floats(attribute.name) : undefined));
  const tiers = schema.assignedTiers.length === 0 ? undefined : file.integers("assigned_tier");
  for (let row = 0; row < file.rowCount; row++) {
    if ((known[row] as number) > schema.knownAt) continue;
    const next = row + 1;
    const isSuperseded =
      next < file.rowCount &&
      entity[next] === entity[row] &&
      period[next] === period[row] &&
      part[next] === part[row] &&
      (known[next] as number) <= schema.knownAt;
    if (isSuperseded) continue;
    const owner = entity[row] as number;
    const slot = (draft.rowStart[owner] as number) + (period[row] as number) - (draft.firstPeriod[owner] as number);
    draft.reported[slot] = 1;
    for (const [column, values] of measures.entries()) write(present(draft.measures[column], "measure"), slot, values[row] as number);
    for (const [column, values] of attributes.entries()) {
      if (values !== undefined) write(present(draft.attributes[column], "attribute"), slot, values[row] as number);
    }
    if (tiers !== undefined && (tiers[row] as number) >= 0) draft.assignedTier[slot] = tiers[row] as number;
  }
  for (const [slot, code] of base.reported.entries()) if (code === 2 && draft.reported[slot] === 0) draft.reported[slot] = 2;
  settleChunk(schema, draft);
  return draft;
}

function write(column: Float64Array, slot: number, value: number): void {
  if (!Number.isNaN(value)) column[slot] = value;
}

function rowsOf(draft: DraftChunk, entity: number): number {
  return (draft.rowStart[entity + 1] as number) - (draft.rowStart[entity] as number);
}

/**
 * Keeps, of each entity, the rows from its first reported period to its last one at or before the schema's last period, and the
 * gaps after that in which its whole source was absent. `kept[i]` is entity i's new position, or -1.
 */
function cutAfter(schema: PanelSchema, draft: DraftChunk): { draft: DraftChunk; kept: Int32Array } {
  const kept = new Int32Array(draft.entities.length).fill(-1);
  const entities: string[] = [];
  const firstPeriod: PeriodIndex[] = [];
  const lastPeriod: PeriodIndex[] = [];
  const fromRow: number[] = [];
  for (const [entity, name] of draft.entities.entries()) {
    const range = reportedRange(schema, draft, entity);
    if (range === undefined) continue;
    const start = draft.rowStart[entity] as number;
    kept[entity] = entities.length;
    entities.push(name);
    firstPeriod.push((draft.firstPeriod[entity] as number) + range.from - start);
    lastPeriod.push((draft.firstPeriod[entity] as number) + range.to - start);
    fromRow.push(range.from);
  }
  const cut = draftChunk(schema, { entities, firstPeriod, lastPeriod });
  const rowArrays: [Float64Array | Int32Array | Uint8Array, Float64Array | Int32Array | Uint8Array][] = [[draft.reported, cut.reported]];
  if (draft.assignedTier.length > 0) rowArrays.push([draft.assignedTier, cut.assignedTier]);
  for (const [column, values] of draft.measures.entries()) rowArrays.push([values, present(cut.measures[column], "measure")]);
  for (const [column, values] of draft.attributes.entries()) {
    const target = present(cut.attributes[column], "attribute");
    if (schema.attributes[column]?.scope === "row") rowArrays.push([values, target]);
    else for (const [entity, position] of kept.entries()) if (position >= 0) target[position] = values[entity] as number;
  }
  for (const [position, from] of fromRow.entries()) {
    const [start, end] = [cut.rowStart[position] as number, cut.rowStart[position + 1] as number];
    for (const [source, target] of rowArrays) target.set(source.subarray(from, from + end - start), start);
  }
  return { draft: cut, kept };
}

function reportedRange(schema: PanelSchema, draft: DraftChunk, entity: number): { from: number; to: number } | undefined {
  const start = draft.rowStart[entity] as number;
  const end = Math.min(draft.rowStart[entity + 1] as number, start + schema.lastPeriod - (draft.firstPeriod[entity] as number) + 1);
  let from = start;
  while (from < end && draft.reported[from] !== 1) from++;
  if (from >= end) return undefined;
  let to = end - 1;
  while (draft.reported[to] !== 1) to--;
  while (to + 1 < end && draft.reported[to + 1] === 2) to++;
  return { from, to };
}

function knownEvents(events: EventColumns, kept: Int32Array, knownAt: number): EventColumns {
  const { rows, owners } = keptFacts(events.start, events.knownDay, kept, knownAt);
  return {
    count: rows.length,
    start: startsOf(keptCount(kept), owners),
    kind: pick(events.kind, rows),
    day: pick(events.day, rows),
    knownDay: pick(events.knownDay, rows),
    points: Float64Array.from(rows, (row) => events.points[row] as number),
    id: rows.map((row) => events.id[row] ?? ""),
    fields: new Map([...events.fields].map(([name, texts]) => [name, rows.map((row) => texts[row] ?? "")])),
  };
}

function knownOutcomes(outcomes: OutcomeColumns, kept: Int32Array, knownAt: number): OutcomeColumns {
  const { rows, owners } = keptFacts(outcomes.start, outcomes.knownDay, kept, knownAt);
  return {
    count: rows.length,
    start: startsOf(keptCount(kept), owners),
    source: pick(outcomes.source, rows),
    day: pick(outcomes.day, rows),
    knownDay: pick(outcomes.knownDay, rows),
    harmful: Int8Array.from(rows, (row) => outcomes.harmful[row] as number),
    probability: Float64Array.from(rows, (row) => outcomes.probability[row] as number),
  };
}

function keptFacts(start: Int32Array, knownDay: Int32Array, kept: Int32Array, knownAt: number): { rows: number[]; owners: number[] } {
  const rows: number[] = [];
  const owners: number[] = [];
  for (const [entity, position] of kept.entries()) {
    if (position < 0) continue;
    for (let row = start[entity] as number; row < (start[entity + 1] as number); row++) {
      if ((knownDay[row] as number) > knownAt) continue;
      rows.push(row);
      owners.push(position);
    }
  }
  return { rows, owners };
}

function keptCount(kept: Int32Array): number {
  return kept.reduce((count, position) => count + (position >= 0 ? 1 : 0), 0);
}

function pick(values: Int32Array, rows: readonly number[]): Int32Array {
  return Int32Array.from(rows, (row) => values[row] as number);
}
