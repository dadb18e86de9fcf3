/** Writes the checked history as column files, chunk by chunk, and takes its digest and quality on the way. */
import { copyFileSync, mkdirSync } from "node:fs";
import { open } from "node:fs/promises";
import { extname, join } from "node:path";
import type { DuckDb } from "../engines/index.ts";
import { firstDayOf, formatDay, formatPeriod, lastDayOf, periodCount } from "../foundation/index.ts";
import {
  chunkPath,
  chunkTables,
  type DatasetManifest,
  type DraftChunk,
  type EventColumns,
  type OutcomeColumns,
  type PanelSchema,
  type StoredChunk,
  writeChunk,
  writeColumnFile,
} from "../panel/index.ts";
import type { CheckedFile } from "./check-files.ts";
import type { ComparedRows } from "./compare-rows.ts";
import { ContentDigest } from "./content-digest.ts";
import type { DatasetDescriptor } from "./descriptor.ts";
import { fillEvents, fillOutcomes, fillVersions } from "./fill-facts.ts";
import { fillRows } from "./fill-rows.ts";
import type { PanelLayout } from "./lay-out.ts";
import { QualityCollector } from "./quality.ts";
import type { RejectLog } from "./reject-log.ts";
import { writeSetAside } from "./set-aside.ts";

/** What is frozen, and where to. */
export interface FreezeRequest {
  readonly db: DuckDb;
  readonly descriptor: DatasetDescriptor;
  readonly schema: PanelSchema;
  readonly layout: PanelLayout;
  readonly compared: ComparedRows;
  readonly files: readonly CheckedFile[];
  readonly log: RejectLog;
  /** An empty folder; afterwards a whole dataset. */
  readonly folder: string;
  /** Bytes of rows that are in memory at once. */
  readonly memoryBytes: number;
  readonly onChunk: (done: number, total: number) => void;
}

/** Freezes. Throws DuplicateRows (see fillRows) and the system's error when the folder cannot be written. */
export async function freeze(request: FreezeRequest): Promise<DatasetManifest> {
  const { db, descriptor, schema, layout, compared, log, folder, onChunk } = request;
  for (const table of [...chunkTables, ...(compared.hasVersions ? ["versions"] : [])]) mkdirSync(join(folder, table), { recursive: true });
  const digest = new ContentDigest(schema);
  const quality = new QualityCollector(schema, layout.entities.length);
  const chunks: { entities: number; rows: number }[] = [];
  const chunkCount = layout.chunkStart.length - 1;
  let writing: Promise<void> = Promise.resolve();
  for (const run of runsOfChunks(layout, schema, request.memoryBytes)) {
    const whole = await fillRun(request, run.from, run.to);
    for (let index = run.firstChunk; index < run.endChunk; index++) {
      const [from, to] = [(layout.chunkStart[index] as number) - run.from, (layout.chunkStart[index + 1] as number) - run.from];
      const chunk = sliceChunk(schema, whole, from, to);
      chunks.push({ entities: to - from, rows: chunk.draft.rowCount });
      await writing;
      writing = writeChunk(folder, schema, index, chunk);
      writing.catch(() => undefined);
      digest.add(chunk);
      quality.add(chunk, run.from + from);
      if (compared.hasVersions) await writeVersions(request, digest, index, run.from + from, run.from + to);
      onChunk(chunks.length, chunkCount);
    }
    await writing;
  }
  const truth = descriptor.knownTruth;
  if (truth !== undefined) copyFileSync(truth, join(folder, `truth${extname(truth)}`));
  await log.write(join(folder, "rejected.ndjson"), descriptor.files);
  const rejected = log.summary();
  const setAside = descriptor.setAside === undefined ? undefined : await writeSetAside(db, join(folder, "set-aside.ndjson"));
  const description = { name: descriptor.name, title: descriptor.title, source: descriptor.source, hasTruth: truth !== undefined };
  const contentDigest = digest.finish({
    ...description,
    rejected: rejected.reasons,
    ...(setAside === undefined ? {} : { setAside: setAside.reasons }),
  });
  const manifest: DatasetManifest = {
    formatVersion: 1,
    id: `${descriptor.name}-${contentDigest.slice(0, 12)}`,
    ...description,
    digest: contentDigest,
    schema,
    entities: layout.entities.length,
    rows: layout.rows,
    periods: {
      grain: schema.grain,
      from: formatPeriod(schema.grain, layout.from),
      to: formatPeriod(schema.grain, layout.to),
      count: periodCount(layout.from, layout.to),
    },
    totals: quality.totals(),
    rejected,
    ...(setAside === undefined ? {} : { setAside }),
    quality: quality.finish(remarksOf(compared, schema)),
    hasVersions: compared.hasVersions,
    chunks,
  };
  await writeText(join(folder, "dataset.json"), `${JSON.stringify(manifest, null, 1)}\n`);
  return manifest;
}

async function fillRun(request: FreezeRequest, from: number, to: number): Promise<StoredChunk> {
  const { db, schema, layout, compared, files } = request;
  const entityFiles = files.filter(({ file }) => file.holds === "entities");
  const draft = await fillRows({ db, schema, layout, dated: compared.dated, entityFiles, from, to });
  const events = await fillEvents(db, schema, files, { from, to });
  const outcomes = await fillOutcomes(db, schema, files, { from, to });
  return { draft, events, outcomes };
}

async function writeVersions(request: FreezeRequest, digest: ContentDigest, index: number, from: number, to: number): Promise<void> {
  const { rowCount, columns } = await fillVersions(request.db, request.schema, request.compared.dated, { from, to });
  for (const column of columns) {
    if (column.name !== "entity" && (column.kind === "float" || column.kind === "integer" || column.kind === "day"))
      digest.addVersions(column.name, column.values);
  }
  await writeColumnFile(chunkPath(request.folder, "versions", index), rowCount, columns);
}

/** Consecutive chunks that fit into the memory for rows together: each run scans the staged rows once. */
function* runsOfChunks(
  layout: PanelLayout,
  schema: PanelSchema,
  memoryBytes: number,
): Generator<{ firstChunk: number; endChunk: number; from: number; to: number }> {
  const rowBytes = 8 * (schema.measures.length + schema.attributes.filter((each) => each.scope === "row").length) + 8;
  let firstChunk = 0;
  let bytes = 0;
  const chunkCount = layout.chunkStart.length - 1;
  for (let chunk = 0; chunk < chunkCount; chunk++) {
    const [from, to] = [layout.chunkStart[chunk] as number, layout.chunkStart[chunk + 1] as number];
    let rows = 0;
    for (let entity = from; entity < to; entity++)
      rows += (layout.lastPeriod[entity] as number) - (layout.firstPeriod[entity] as number) + 1;
    if (chunk > firstChunk && bytes + rows * rowBytes > memoryBytes) {
      yield { firstChunk, endChunk: chunk, from: layout.chunkStart[firstChunk] as number, to: from };
      firstChunk = chunk;
      bytes = 0;
    }
    bytes += rows * rowBytes;
  }
  yield { firstChunk, endChunk: chunkCount, from: layout.chunkStart[firstChunk] as number, to: layout.chunkStart[chunkCount] as number };
}

/** Entities from `from` to `to` - 1 of a run, without copying their rows. */
function sliceChunk(schema: PanelSchema, whole: StoredChunk, from: number, to: number): StoredChunk {
  const { draft, events, outcomes } = whole;
  const [start, end] = [draft.rowStart[from] as number, draft.rowStart[to] as number];
  const rows: DraftChunk = {
    entities: draft.entities.slice(from, to),
    firstPeriod: draft.firstPeriod.subarray(from, to),
    rowStart: draft.rowStart.slice(from, to + 1).map((row) => row - start),
    rowCount: end - start,
    measures: draft.measures.map((values) => values.subarray(start, end)),
    attributes: draft.attributes.map((values, index) =>
      schema.attributes[index]?.scope === "entity" ? values.subarray(from, to) : values.subarray(start, end),
    ),
    reported: draft.reported.subarray(start, end),
    assignedTier: draft.assignedTier.length === 0 ? draft.assignedTier : draft.assignedTier.subarray(start, end),
  };
  return { draft: rows, events: sliceEvents(events, from, to), outcomes: sliceOutcomes(outcomes, from, to) };
}

function sliceEvents(events: EventColumns, from: number, to: number): EventColumns {
  const [start, end] = [events.start[from] as number, events.start[to] as number];
  return {
    count: end - start,
    start: events.start.slice(from, to + 1).map((row) => row - start),
    kind: events.kind.subarray(start, end),
    day: events.day.subarray(start, end),
    knownDay: events.knownDay.subarray(start, end),
    points: events.points.subarray(start, end),
    id: events.id.slice(start, end),
    fields: new Map([...events.fields].map(([name, texts]) => [name, texts.slice(start, end)])),
  };
}

function sliceOutcomes(outcomes: OutcomeColumns, from: number, to: number): OutcomeColumns {
  const [start, end] = [outcomes.start[from] as number, outcomes.start[to] as number];
  return {
    count: end - start,
    start: outcomes.start.slice(from, to + 1).map((row) => row - start),
    source: outcomes.source.subarray(start, end),
    day: outcomes.day.subarray(start, end),
    knownDay: outcomes.knownDay.subarray(start, end),
    harmful: outcomes.harmful.subarray(start, end),
    probability: outcomes.probability.subarray(start, end),
  };
}

function remarksOf(compared: ComparedRows, schema: PanelSchema): string[] {
  const remarks: string[] = [];
  if (compared.snapshotsPassedOver > 0)
    remarks.push(`${compared.snapshotsPassedOver} snapshots stand beside another one of the same period that the rule picked.`);
  if (lastDayOf(schema.grain, schema.lastPeriod) > schema.knownAt) {
    remarks.push(`The last period was not over on ${formatDay(schema.knownAt)}, the known-at day: its figures are of a part of it.`);
  }
  const { completeTo, lastPeriod, grain } = schema;
  if (completeTo !== undefined && completeTo < lastPeriod) {
    const later = lastPeriod - completeTo;
    remarks.push(
      `Flows are complete up to ${formatPeriod(grain, completeTo)}; the ${later === 1 ? `${grain} after it holds` : `${later} ${grain}s after it hold`} ` +
        "only what became of earlier facts. Replays and comparisons end there unless they name a later day.",
    );
  }
  for (const { to, dated } of schema.rates ?? []) {
    const [first, last] = [dated[0], dated.at(-1)];
    if (first !== undefined && first.day > lastDayOf(schema.grain, schema.firstPeriod))
      remarks.push(`Rates to ${to} begin on ${formatDay(first.day)}, after the first period: no policy can read amounts in ${to}.`);
    const begun = firstDayOf(schema.grain, schema.lastPeriod);
    if (last !== undefined && last.day < begun)
      remarks.push(`The last rate to ${to} is of ${formatDay(last.day)}; it stands for all that follows, up to the last period.`);
  }
  return remarks;
}

async function writeText(path: string, text: string): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
