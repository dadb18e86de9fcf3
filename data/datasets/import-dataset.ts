/** From a descriptor to a frozen, registered dataset: the one path for every history. */
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { type DuckDb, openDuckDb, quoteText } from "../engines/index.ts";
import {
  checkLimit,
  type Diagnostic,
  type DiagnosticCode,
  diagnose,
  formatDay,
  formatPeriod,
  hasErrors,
  limits,
  present,
} from "../foundation/index.ts";
import { type Attribute, byCodeUnits, type DatasetManifest, type PanelSchema, readManifest } from "../panel/index.ts";
import { type CheckContext, type CheckedFiles, checkFiles, limitMemory, markLeftOut, memoryWords } from "./check-files.ts";
import { compareDatedRows, compareFacts, datedFiles } from "./compare-rows.ts";
import type { DatasetDescriptor } from "./descriptor.ts";
import { DuplicateRows, tiersType, valuesType } from "./fill-rows.ts";
import { freeze } from "./freeze.ts";
import { ImportThreads } from "./import-threads.ts";
import { layOut, type PanelLayout } from "./lay-out.ts";
import { closePlainPanel, plainValues } from "./plain/plain-panel.ts";
import { readDescriptor } from "./read-descriptor.ts";
import { readRates } from "./read-rates.ts";
import { RejectLog } from "./reject-log.ts";
import { cellIndex } from "./row-checks.ts";
import { outlineOf } from "./schema-of.ts";
import { stageSetAside } from "./set-aside.ts";
import { closeStaging, openStaging, syncFolder } from "./staging.ts";

/** What to import, and where to. */
export interface ImportOptions {
  readonly descriptorPath: string;
  readonly home: string;
  /** Puts the dataset into the catalogue. Called when the folder is in place; again for content that was there already, so it must bear that. */
  readonly register: (manifest: DatasetManifest, folder: string) => void;
  /** The id by which the catalogue knows content already: tables elsewhere may call it otherwise than its descriptor. */
  readonly idOf?: (digest: string) => string | undefined;
  readonly onProgress?: (step: ImportStep) => void;
  /** Rows a chunk; the limit `chunkRows` unless a test wants less. */
  readonly chunkRows?: number;
  /**
   * What DuckDB (which keeps staged rows in a file of the staging folder) and rows being frozen may take together. Default 1.5 GB.
   * The process itself, buffers of files being written, and key and bounds of every entity come on top.
   */
  readonly memoryBytes?: number;
}

/** How far an import is. Stages in order: `read` (files), `compare`, `freeze` (chunks). */
export interface ImportStep {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

/** What an import gives. Without a manifest nothing was registered and nothing stays behind, and an error says why. */
export interface ImportResult {
  readonly manifest?: DatasetManifest;
  readonly folder?: string;
  /** Whether the same content was there before. */
  readonly reused: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Imports a dataset: reads its descriptor, checks every row, freezes what is good as column files under a content digest, and registers it.
 * Rows that fail a check are counted and listed in `rejected.ndjson`; the import goes on without them.
 *
 * The folder appears whole or not at all: it is made in `<home>/staging`, brought to the disk, renamed to `<home>/datasets/<id>`, then
 * registered. The same content gives the same id, whatever its format, row order or chunking; then `reused` is true.
 *
 * Errors (no manifest): faults of the descriptor, `file-not-found`, `missing-column`, `unreadable-file`, `nothing-left`,
 * `cannot-write` (no space, no rights). Cost: a plain panel (see `plain/plain-panel.ts`) is read once and its columns are written, hashed and
 * looked at once, on two threads or more; anything else is about one reading by DuckDB more. Memory: see `memoryBytes`; 15 million plain rows
 * were imported with 192 MB of it, at a peak of 357 MB for the whole process; 4 million by way of DuckDB, 20 measures each, at 799 MB by default.
 */
export async function importDataset(options: ImportOptions): Promise<ImportResult> {
  const { descriptor, diagnostics } = readDescriptor(options.descriptorPath);
  if (descriptor === undefined) return { reused: false, diagnostics };
  let staging: string | undefined;
  let db: DuckDb | undefined;
  const threads = new ImportThreads();
  // It starts while the files are read: whichever way that is, it will look at the measures.
  if (bytesOf(descriptor) >= threadBytesMin) threads.take(1);
  try {
    staging = openStaging(options.home, descriptor.name);
    const spillFolder = join(staging, "spill");
    mkdirSync(spillFolder);
    db = await openDuckDb({ file: join(staging, "staged.duckdb"), spillFolder, memory: memoryWords(memoryOf(options) * duckDbShare) });
    const result = await importInto(options, { descriptor, db, threads, staging });
    return { ...result, diagnostics: [...diagnostics, ...result.diagnostics] };
  } catch (error) {
    const fault = writeFault(error);
    if (fault === undefined) throw error;
    return { reused: false, diagnostics: [...diagnostics, fault] };
  } finally {
    db?.close();
    threads.close();
    if (staging !== undefined) tryClose(staging);
  }
}

/** Below so many bytes there are hardly so many values that a thread of their own looks at them. */
const threadBytesMin = 16_777_216;

/** The bytes of all files that are there. */
function bytesOf({ files }: DatasetDescriptor): number {
  return files.reduce((sum, { path }) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** What one import works with. */
interface Workshop {
  readonly descriptor: DatasetDescriptor;
  readonly db: DuckDb;
  readonly threads: ImportThreads;
  readonly staging: string;
}

async function importInto(options: ImportOptions, workshop: Workshop): Promise<ImportResult> {
  try {
    return await readAndFreeze(options, workshop, { threads: workshop.threads, memoryBytes: (memoryOf(options) * duckDbShare) / 2 });
  } catch (error) {
    // Rows that repeat each other are told apart by DuckDB.
    if (!(error instanceof DuplicateRows)) throw error;
    await limitMemory(workshop.db, memoryOf(options) * duckDbShare);
    return await readAndFreeze(options, workshop);
  }
}

async function readAndFreeze(options: ImportOptions, workshop: Workshop, plainly?: CheckContext["plainly"]): Promise<ImportResult> {
  const { descriptor, db, staging } = workshop;
  const onFile = (done: number, total: number) => options.onProgress?.({ stage: "read", done, total });
  const shared = { db, descriptor, log: new RejectLog(), workFolder: staging, onFile };
  const context: CheckContext = plainly === undefined ? shared : { ...shared, plainly };
  const checked = await checkFiles(context);
  const { plain } = checked;
  try {
    const diagnostics = [...checked.diagnostics, ...(await stageSetAside(db, descriptor))];
    if (hasErrors(diagnostics)) return { reused: false, diagnostics };
    const made = await compareAndFreeze(options, workshop, context, checked);
    return { ...made, diagnostics: [...diagnostics, ...made.diagnostics] };
  } finally {
    if (plain !== undefined) closePlainPanel(plain);
  }
}

async function compareAndFreeze(
  options: ImportOptions,
  { descriptor, db, threads, staging }: Workshop,
  context: CheckContext,
  checked: CheckedFiles,
): Promise<ImportResult> {
  const { log } = context;
  const { files, plain } = checked;
  const { home, register } = options;
  const progress = (stage: string) => (done: number, total: number) => options.onProgress?.({ stage, done, total });
  const withPlain = plain === undefined ? {} : { plain };
  const folder = join(staging, "dataset");
  const dated = datedFiles(descriptor, files);
  for (const isThorough of [false, true]) {
    progress("compare")(0, 1);
    if (isThorough) await compareDatedRows(context, dated);
    const request = { dated, hasFacts: files.length > 0, chunkRows: options.chunkRows ?? limits.chunkRows.value, ...withPlain };
    const { layout, diagnostics } = await layOut(db, request);
    if (layout === undefined) return { reused: false, diagnostics: diagnostics.length > 0 ? diagnostics : [nothingLeft(descriptor, log)] };
    const takeFactsBack = await markLeftOut(context, files);
    await compareFacts(context, files);
    const schema = await completeSchema(db, descriptor, layout, checked);
    const tooMany = checkLimit(
      "ratesDeclared",
      (schema.rates ?? []).reduce((count, rate) => count + rate.dated.length, 0),
    );
    if (tooMany !== undefined) return { reused: false, diagnostics: [tooMany] };
    if (schema.completeTo !== undefined && schema.completeTo < schema.firstPeriod)
      return { reused: false, diagnostics: [nothingComplete(descriptor, schema)] };
    progress("compare")(1, 1);
    mkdirSync(folder, { recursive: true });
    try {
      const memoryBytes = memoryOf(options) * (1 - duckDbShare);
      const onChunk = progress("freeze");
      const manifest = await freeze({
        db,
        descriptor,
        schema,
        layout,
        dated,
        files,
        log,
        threads,
        folder,
        workFolder: staging,
        memoryBytes,
        onChunk,
        idOf: options.idOf,
        ...withPlain,
      });
      return { ...settle(manifest, folder, home, register), diagnostics: remarks(manifest) };
    } catch (error) {
      if (!(error instanceof DuplicateRows)) throw error;
      rmSync(folder, { recursive: true });
      if (isThorough || plain !== undefined) throw error;
      await takeFactsBack();
    }
  }
  return { reused: false, diagnostics: [] };
}

/** DuckDB's part of the memory; beside a plain panel it is half of that, and the other half is for blocks of rows. */
const duckDbShare = 2 / 3;

function memoryOf({ memoryBytes }: ImportOptions): number {
  return memoryBytes ?? 1.5 * 1024 ** 3;
}

/** Moves the finished folder to its place, or finds the same content there, and registers it. */
function settle(
  manifest: DatasetManifest,
  made: string,
  home: string,
  register: ImportOptions["register"],
): Omit<ImportResult, "diagnostics"> {
  const datasets = join(home, "datasets");
  const folder = join(datasets, manifest.id);
  mkdirSync(datasets, { recursive: true });
  if (!isWhole(folder)) {
    rmSync(folder, { recursive: true, force: true });
    for (const table of [".", ...new Set(["rows", "entities", "events", "outcomes"])]) syncFolder(join(made, table));
    try {
      renameSync(made, folder);
      syncFolder(datasets);
      register(manifest, folder);
      return { manifest, folder, reused: false };
    } catch (error) {
      if (!isWhole(folder)) throw error;
    }
  }
  const standing = readManifest(folder);
  register(standing, folder);
  return { manifest: standing, folder, reused: true };
}

/** What is known of a dataset whose rows lie elsewhere makes room for the rows. */
function isWhole(folder: string): boolean {
  return existsSync(join(folder, "dataset.json")) && readManifest(folder).liesIn === undefined;
}

/** Adds what only the rows tell: the first and last period, and the values of text attributes, for which SQL types are made. */
async function completeSchema(
  db: DuckDb,
  descriptor: DatasetDescriptor,
  layout: PanelLayout,
  { files, plain }: CheckedFiles,
): Promise<PanelSchema> {
  const outline = outlineOf(descriptor);
  const attributes: Attribute[] = [];
  for (const attribute of outline.attributes) {
    if (attribute.type !== "text") {
      attributes.push(attribute);
      continue;
    }
    const plainly = plain === undefined ? undefined : plainValues(plain, attribute.name);
    if (plainly !== undefined) {
      attributes.push({ ...attribute, values: plainly });
      continue;
    }
    const parts: string[] = [];
    for (const { file, good } of files) {
      const column = file.columns.find((each) => each.kind === "attribute" && each.name === attribute.name);
      if (column !== undefined) parts.push(`SELECT DISTINCT v${cellIndex(file, column)} AS value FROM ${good}`);
    }
    const found = await db.rows(`SELECT DISTINCT value FROM (${parts.join(" UNION ALL ")}) WHERE value IS NOT NULL`);
    const values = found.map(([value]) => String(value)).sort(byCodeUnits);
    attributes.push({ ...attribute, values });
    await createType(db, valuesType(attribute.name), values);
  }
  if (outline.assignedTiers.length > 0 && plain === undefined) await createType(db, tiersType, outline.assignedTiers);
  const rates = await readRates(db, files);
  return { ...outline, ...(rates.length === 0 ? {} : { rates }), attributes, firstPeriod: layout.from, lastPeriod: layout.to };
}

async function createType(db: DuckDb, name: string, values: readonly string[]): Promise<void> {
  await db.run(`DROP TYPE IF EXISTS ${name}`);
  await db.run(`CREATE TYPE ${name} AS ENUM (${values.length === 0 ? "''" : values.map(quoteText).join(", ")})`);
}

function nothingComplete({ completeTo }: DatasetDescriptor, { grain, firstPeriod }: PanelSchema): Diagnostic {
  const { day, place } = present(completeTo, "complete_to");
  const first = formatPeriod(grain, firstPeriod);
  return diagnose("bad-form", {
    message: `no ${grain} is complete by ${formatDay(day)}: the first one of the history ends on ${first}`,
    place,
    found: formatDay(day),
    expected: `${first} or a later day`,
    cure: "Give the last day up to which the flows are complete, or leave 'complete_to' out when all are.",
  });
}

function nothingLeft({ files }: DatasetDescriptor, log: RejectLog): Diagnostic {
  const { rows, reasons } = log.summary();
  const why = reasons.map(({ code, count }) => `${count} ${code}`).join(", ");
  return diagnose("nothing-left", {
    message: rows === 0 ? "the files that hold the history have no rows" : `no row of the history is fit: ${why}`,
    place: present(files[0], "a file").place,
  });
}

function remarks(manifest: DatasetManifest): Diagnostic[] {
  const found: Diagnostic[] = [];
  const add = (code: DiagnosticCode, message: string) => found.push(diagnose(code, { message }));
  const { rejected, setAside, quality } = manifest;
  if (rejected.rows > 0) {
    const reasons = rejected.reasons.map(({ code, count }) => `${count} ${code}`).join(", ");
    add("rows-rejected", `${rejected.rows} ${rejected.rows === 1 ? "row was" : "rows were"} left out: ${reasons}`);
  }
  if (setAside !== undefined && setAside.rows > 0) {
    const reasons = setAside.reasons.map(({ code, count }) => `${count} ${code}`).join(", ");
    add(
      "rows-set-aside",
      `the importer set ${setAside.rows} ${setAside.rows === 1 ? "row" : "rows"} of the original files aside: ${reasons}`,
    );
  }
  const { emptyPeriods } = quality.gaps;
  if (emptyPeriods.length > 0) {
    const shown = emptyPeriods.slice(0, 5).join(", ");
    add(
      "empty-periods",
      `${emptyPeriods.length} of ${manifest.periods.count} periods have no row for anyone: ${shown}${emptyPeriods.length > 5 ? ", .." : ""}`,
    );
  }
  const notOver = quality.remarks.find((remark) => remark.startsWith("The last period was not over"));
  if (notOver !== undefined) add("period-not-over", notOver);
  return found;
}

/** The diagnostic for an error of the disk, or undefined when it is none. */
export function writeFault(error: unknown): Diagnostic | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const isOfDisk = ["ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "EFBIG", "EIO", "ENOTDIR", "EMFILE", "ENFILE"].includes(code);
  const isOfDuckDb =
    /No space left|failed to write|Could not write|Permission denied|failed to offload|Cannot create (file|directory)/i.test(error.message);
  if (!isOfDisk && !isOfDuckDb) return undefined;
  const words = code === "ENOSPC" || /No space left/i.test(error.message) ? "the disk is full" : "the disk refused";
  return diagnose("cannot-write", { message: `${words}: ${error.message.split("\n", 1)[0] ?? ""}` });
}

function tryClose(staging: string): void {
  try {
    closeStaging(staging);
  } catch {
    // What cannot be removed now is removed by the next start: recoverDatasets finds it without an owner.
  }
}
