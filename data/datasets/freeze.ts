/** Writes the checked history as column files, chunk by chunk, and takes its digest and quality on the way. */
import { copyFileSync, mkdirSync } from "node:fs";
import { open } from "node:fs/promises";
import { extname, join } from "node:path";
import type { DuckDb } from "../engines/index.ts";
import { firstDayOf, formatDay, formatPeriod, lastDayOf, periodCount, present } from "../foundation/index.ts";
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
import type { DatedFile } from "./compare-rows.ts";
import { ContentDigest } from "./content-digest.ts";
import type { DatasetDescriptor } from "./descriptor.ts";
import { fillEvents, fillOutcomes, orderFacts } from "./fill-facts.ts";
import { fillRows, orderEntities } from "./fill-rows.ts";
import { fillVersions, type VersionRequest } from "./fill-versions.ts";
import { gatherRows } from "./gather-rows.ts";
import type { ImportThreads } from "./import-threads.ts";
import { type KeptAccount, keepAccount } from "./keep-account.ts";
import type { PanelLayout } from "./lay-out.ts";
import type { MeasureFindings } from "./measure-account.ts";
import { isCount } from "./plain/plain-form.ts";
import { isInOrder, type PlainPanel } from "./plain/plain-panel.ts";
import { QualityCollector } from "./quality.ts";
import type { RejectLog } from "./reject-log.ts";
import { plainSource, type RowSource } from "./row-source.ts";
import { writeSetAside } from "./set-aside.ts";

/** What is frozen, and where to. */
export interface FreezeRequest {
  readonly db: DuckDb;
  readonly descriptor: DatasetDescriptor;
  readonly schema: PanelSchema;
  readonly layout: PanelLayout;
  readonly dated: readonly DatedFile[];
  readonly plain?: PlainPanel;
  readonly files: readonly CheckedFile[];
  readonly log: RejectLog;
  readonly threads: ImportThreads;
  /** An empty folder; afterwards a whole dataset. */
  readonly folder: string;
  /** For rows that do not stay in memory. */
  readonly workFolder: string;
  /** Bytes of rows that are in memory at once. */
  readonly memoryBytes: number;
  readonly onChunk: (done: number, total: number) => void;
  readonly idOf?: ((digest: string) => string | undefined) | undefined;
}

/** Freezes. Throws DuplicateRows (see fillRows) and the system's error when the folder cannot be written. */
export async function freeze(request: FreezeRequest): Promise<DatasetManifest> {
  const { db, descriptor, schema, layout, dated, files, log, threads, folder } = request;
  const hasVersions = dated.some(({ file }) => file.holds === "panel" && file.known !== undefined);
  for (const table of [...chunkTables, ...(hasVersions ? ["versions"] : [])]) mkdirSync(join(folder, table), { recursive: true });
  const frame = { ...schema, entityCount: layout.entities.length };
  const account = keepAccount(threads, frame, layout.rows);
  const digest = new ContentDigest(schema);
  const quality = new QualityCollector(schema);
  await orderEntities(db, entityFilesOf(files));
  await orderFacts(db, schema, files);
  const { chunks, measures, passedOver } = await freezeRows(request, hasVersions, { digest, quality, account });
  const truth = descriptor.knownTruth;
  if (truth !== undefined) copyFileSync(truth, join(folder, `truth${extname(truth)}`));
  await log.write(join(folder, "rejected.ndjson"), descriptor.files);
  const rejected = log.summary();
  const setAside = descriptor.setAside === undefined ? undefined : await writeSetAside(db, join(folder, "set-aside.ndjson"));
  const description = { name: descriptor.name, title: descriptor.title, source: descriptor.source, hasTruth: truth !== undefined };
  const digested = { ...description, rejected: rejected.reasons };
  const contentDigest = digest.finish({ ...digested, ...(setAside === undefined ? {} : { setAside: setAside.reasons }) }, measures);
  const manifest: DatasetManifest = {
    formatVersion: 1,
    id: request.idOf?.(contentDigest) ?? `${descriptor.name}-${contentDigest.slice(0, 12)}`,
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
    totals: Object.fromEntries(measures.flatMap(({ name, total }) => (total === undefined ? [] : [[name, total]]))),
    rejected,
    ...(setAside === undefined ? {} : { setAside }),
    quality: quality.finish(
      remarksOf(passedOver, schema),
      measures.map((each) => each.quality),
    ),
    hasVersions,
    chunks,
  };
  await writeText(join(folder, "dataset.json"), `${JSON.stringify(manifest, null, 1)}\n`);
  return manifest;
}

/** Who looks at the chunks on their way to the disk. */
interface Witnesses {
  readonly digest: ContentDigest;
  readonly quality: QualityCollector;
  readonly account: KeptAccount;
}

/** What freezing finds. */
interface Frozen {
  readonly chunks: DatasetManifest["chunks"];
  readonly measures: readonly MeasureFindings[];
  /** Snapshots that the rule did not pick. */
  readonly passedOver: number;
}

/** Rows that stand in DuckDB are parted by chunk first, so that each is read once; those of a plain panel are read where they are. */
async function freezeRows(request: FreezeRequest, hasVersions: boolean, witnesses: Witnesses): Promise<Frozen> {
  const { schema, plain, memoryBytes } = request;
  if (plain !== undefined)
    return await freezeChunks(
      request,
      plain.files.map((file) => plainSource(schema, file)),
      false,
      witnesses,
    );
  const gathered = await gatherRows({ ...request, hasVersions, waitingBytes: memoryBytes / 8, room: { bytes: memoryBytes / 8 } });
  try {
    return await freezeChunks(request, gathered, hasVersions, witnesses);
  } finally {
    for (const each of gathered) each.close();
  }
}

/** Fills one run of chunks while the run before is written and looked at: each has a room of its own. */
async function freezeChunks(
  request: FreezeRequest,
  sources: readonly RowSource[],
  hasVersions: boolean,
  { digest, quality, account }: Witnesses,
): Promise<Frozen> {
  const { schema, layout, folder, onChunk } = request;
  const narrow = narrowMeasures(schema, sources);
  const chunks: { entities: number; rows: number }[] = [];
  const chunkCount = layout.chunkStart.length - 1;
  const rooms: Room[] = [{ busy: Promise.resolve() }, { busy: Promise.resolve() }];
  let writing: Promise<void> = Promise.resolve();
  let passedOver = 0;
  try {
    for (const run of runsOfChunks(request)) {
      rooms.reverse();
      const room = present(rooms[0], "room");
      await room.busy;
      const whole = await fillRun(request, sources, run, room);
      passedOver += whole.passedOver;
      for (let index = run.firstChunk; index < run.endChunk; index++) {
        const [from, to] = [(layout.chunkStart[index] as number) - run.from, (layout.chunkStart[index + 1] as number) - run.from];
        const chunk = sliceChunk(schema, whole.chunk, from, to);
        chunks.push({ entities: to - from, rows: chunk.draft.rowCount });
        const added = account.add(chunk.draft);
        await writing;
        writing = writeChunk(folder, schema, index, chunk, narrow);
        room.busy = Promise.all([room.busy, added, writing]);
        room.busy.catch(() => undefined);
        digest.add(chunk);
        quality.add(chunk);
        if (hasVersions)
          await writeVersions(request, digest, index, { sources, draft: chunk.draft, from: run.from + from, to: run.from + to });
        onChunk(chunks.length, chunkCount);
      }
    }
    const [measures] = await Promise.all([account.finish(), ...rooms.map(({ busy }) => busy)]);
    return { chunks, measures, passedOver };
  } finally {
    // Nothing may be written any more when the folder is taken away.
    await Promise.allSettled(rooms.map(({ busy }) => busy));
  }
}

/** Measures of which every file has counts of 31 bits: they are stored in half the bytes, in every chunk alike. */
function narrowMeasures({ measures }: PanelSchema, sources: readonly RowSource[]): Set<string> {
  const wide = new Set(
    sources.flatMap(({ file, isNarrow }) =>
      file.columns.flatMap((column, index) => (column.kind === "measure" && !isNarrow[index] ? [column.measure.name] : [])),
    ),
  );
  return new Set(measures.flatMap((each) => (isCount(each) && !wide.has(each.name) ? [each.name] : [])));
}

/** Memory for the measures of a run, and until when it is in use. */
interface Room {
  buffer?: SharedArrayBuffer;
  busy: Promise<unknown>;
}

interface Run {
  readonly firstChunk: number;
  readonly endChunk: number;
  readonly from: number;
  readonly to: number;
}

async function fillRun(
  request: FreezeRequest,
  sources: readonly RowSource[],
  { from, to }: Run,
  room: Room,
): Promise<{ chunk: StoredChunk; passedOver: number }> {
  const { db, schema, layout, files } = request;
  const bytes = 8 * rowsOf(layout, from, to) * schema.measures.length;
  if (room.buffer === undefined || room.buffer.byteLength < bytes) room.buffer = new SharedArrayBuffer(bytes);
  const entityFiles = entityFilesOf(files);
  const { draft, passedOver } = await fillRows({ db, schema, layout, sources, entityFiles, from, to, room: room.buffer });
  const events = await fillEvents(db, schema, files, { from, to });
  const outcomes = await fillOutcomes(db, files, { from, to });
  return { chunk: { draft, events, outcomes }, passedOver };
}

function entityFilesOf(files: readonly CheckedFile[]): CheckedFile[] {
  return files.filter(({ file }) => file.holds === "entities");
}

async function writeVersions(
  { schema, folder }: FreezeRequest,
  digest: ContentDigest,
  index: number,
  versions: Omit<VersionRequest, "schema">,
): Promise<void> {
  const { rowCount, columns } = fillVersions({ schema, ...versions });
  for (const column of columns) {
    if (column.name !== "entity" && (column.kind === "float" || column.kind === "integer" || column.kind === "day"))
      digest.addVersions(column.name, column.values);
  }
  await writeColumnFile(chunkPath(folder, "versions", index), rowCount, columns);
}

/**
 * Consecutive chunks that are filled together: one where that reads hardly a block of rows twice, because rows are parted by chunk or come in
 * the panel's order; else as many as fit into half the memory for rows.
 */
function* runsOfChunks({ schema, layout, plain, memoryBytes }: FreezeRequest): Generator<Run> {
  const rowBytes = 8 * (schema.measures.length + schema.attributes.filter((each) => each.scope === "row").length) + 8;
  const bytesMax = plain === undefined || isInOrder(plain, layout.chunkStart) ? 0 : memoryBytes / 2;
  let firstChunk = 0;
  let bytes = 0;
  const chunkCount = layout.chunkStart.length - 1;
  for (let chunk = 0; chunk < chunkCount; chunk++) {
    const [from, to] = [layout.chunkStart[chunk] as number, layout.chunkStart[chunk + 1] as number];
    const rows = rowsOf(layout, from, to);
    if (chunk > firstChunk && bytes + rows * rowBytes > bytesMax) {
      yield { firstChunk, endChunk: chunk, from: layout.chunkStart[firstChunk] as number, to: from };
      firstChunk = chunk;
      bytes = 0;
    }
    bytes += rows * rowBytes;
  }
  yield { firstChunk, endChunk: chunkCount, from: layout.chunkStart[firstChunk] as number, to: layout.chunkStart[chunkCount] as number };
}

function rowsOf({ firstPeriod, lastPeriod }: PanelLayout, from: number, to: number): number {
  let rows = 0;
  for (let entity = from; entity < to; entity++) rows += (lastPeriod[entity] as number) - (firstPeriod[entity] as number) + 1;
  return rows;
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

function remarksOf(snapshotsPassedOver: number, schema: PanelSchema): string[] {
  const remarks: string[] = [];
  if (snapshotsPassedOver > 0)
    remarks.push(`${snapshotsPassedOver} snapshots stand beside another one of the same period that the rule picked.`);
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
