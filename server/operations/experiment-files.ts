/** What the operations on experiments share: designs as they are given, experiments by name, files of observations. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { DuckDb } from "../../data/engines/index.ts";
import { diagnose, digestOf, InputRefused, nearestName } from "../../data/foundation/index.ts";
import type { DesignRecord, ExperimentRecord, ObservationRecord, Store } from "../../data/store/index.ts";
import {
  columnsOfFile,
  type ExperimentDesign,
  type Observations,
  observe,
  readDesign,
  reductionDigest,
  requireColumns,
  textsOfFile,
  type WrittenBefore,
} from "../../simulations/experiments/index.ts";
import type { OperationContext } from "./operation.ts";

export const experimentNameShape = z.string().min(1).max(64).describe("Name of the experiment, as its design states it");

/** A path, or the text itself. */
export const textFileShape = z.union([
  z.string().min(1).max(4096),
  z
    .strictObject({ file: z.string().min(1).max(1000).default("request.yaml"), text: z.string() })
    .describe("The text itself, and the name to show for it."),
]);

export type TextFile = z.output<typeof textFileShape>;

/** A design with the text it was read from. @throws InputRefused with the design's own faults. */
export function readDesignSource(
  source: TextFile,
  context: OperationContext,
): { readonly design: ExperimentDesign; readonly text: string; readonly file: string } {
  const { file, text } = typeof source === "string" ? { file: source, text: readText(source, context) } : source;
  const { design, diagnostics } = readDesign({ text, file });
  if (design === undefined) throw new InputRefused(diagnostics);
  return { design, text, file };
}

function readText(path: string, context: OperationContext): string {
  requireFile(path, context);
  return readFileSync(path, "utf8");
}

/** @throws InputRefused `path-refused`, `file-not-found`. */
function requireFile(path: string, context: OperationContext): void {
  if (context.reads !== "any file")
    throw new InputRefused([diagnose("path-refused", { message: `'${path}' names a file of the server`, found: path })]);
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new InputRefused([diagnose("file-not-found", { message: `there is no file '${path}'`, found: path })]);
  }
}

/** An experiment with its designs. `current` is what is analysed: the last one written. */
export interface OpenedExperiment {
  readonly record: ExperimentRecord;
  readonly designs: readonly DesignRecord[];
  readonly current: DesignRecord;
  readonly design: ExperimentDesign;
}

/** @throws InputRefused `unknown-experiment`. */
export function openExperiment(store: Store, name: string): OpenedExperiment {
  const record = store.experiments.find(name);
  const designs = record === undefined ? [] : store.experiments.designs(name);
  const current = designs.at(-1);
  if (record === undefined || current === undefined) {
    const near = nearestName(
      name,
      store.experiments.list().map((one) => one.name),
    );
    throw new InputRefused([diagnose("unknown-experiment", { message: `no experiment is called '${name}'`, found: name, near })]);
  }
  return { record, designs, current, design: current.design as ExperimentDesign };
}

/** The last observations, as the current design reads them. @throws InputRefused `no-observations`, `observed-otherwise`. */
export function lastObserved(
  store: Store,
  name: string,
): { readonly record: ObservationRecord; readonly observations: Observations; readonly earlier: readonly number[] } {
  const { designs, design } = openExperiment(store, name);
  const records = store.experiments.observations(name);
  const record = records.at(-1);
  const observations = record === undefined ? undefined : (store.experiments.observed(record.number) as Observations | undefined);
  if (record === undefined || observations === undefined) {
    throw new InputRefused([diagnose("no-observations", { message: `nothing was observed in '${name}' yet`, found: name })]);
  }
  const readBy = designs.find(({ digest }) => digest === record.designDigest)?.design as ExperimentDesign | undefined;
  if (readBy === undefined || reductionDigest(readBy) !== reductionDigest(design)) {
    throw new InputRefused([
      diagnose("observed-otherwise", {
        message: `'${record.file}' was read before '${name}' was amended in what is measured`,
        found: record.file,
      }),
    ]);
  }
  // Observations of an earlier version of the program do not say whom they set aside: nobody.
  return {
    record,
    observations: { ...observations, setAside: observations.setAside ?? {} },
    earlier: records.slice(0, -1).map(({ units }) => units),
  };
}

/** A file of observations read for a design. @throws InputRefused `bad-observations`, `path-refused`, `file-not-found`. */
export async function readObservations(
  design: ExperimentDesign,
  source: TextFile,
  context: OperationContext,
  {
    afterwards,
    ...options
  }: { readonly isHistory: boolean; readonly afterwards?: (db: DuckDb, observed: Observations) => Promise<void> } & WrittenBefore,
): Promise<{ readonly observations: Observations; readonly file: string; readonly fileDigest: string }> {
  return await onTable(source, context, async ({ db, path, file }) => {
    const observations = await observe(db, design, path, options);
    await afterwards?.(db, observations);
    return { observations, file, fileDigest: digestOf(readFileSync(path)) };
  });
}

/** Columns of texts of a CSV or Parquet file, in the order of its rows; empty where nothing stands, and without an entry for optional ones that are not there. @throws InputRefused as `readObservations`. */
export async function readTexts(
  source: TextFile,
  columns: readonly string[],
  context: OperationContext,
  { optional = [] }: { readonly optional?: readonly string[] } = {},
): Promise<readonly (readonly string[])[]> {
  return await onTable(source, context, async ({ db, path, file }) => {
    const known = await columnsOfFile(db, path);
    const needed = columns.filter((name) => known.includes(name) || !optional.includes(name));
    requireColumns(needed, known, file);
    const texts = columns.map((): string[] => []);
    await db.stream(textsOfFile(path, needed), (batch) => {
      for (const [place, name] of needed.entries()) {
        const column = texts[columns.indexOf(name)];
        for (const text of batch.texts(place)) column?.push(text ?? "");
      }
    });
    return texts;
  });
}

/** Hands a file to a database of its own. What the database says of a file that it cannot read becomes `bad-observations`. */
async function onTable<T>(
  source: TextFile,
  context: OperationContext,
  read: (table: { readonly db: DuckDb; readonly path: string; readonly file: string }) => Promise<T>,
): Promise<T> {
  const { openDuckDb } = await import("../../data/engines/index.ts");
  const folder = typeof source === "string" ? undefined : mkdtempSync(join(tmpdir(), "counterweight-observations-"));
  const path = typeof source === "string" ? source : join(folder ?? "", "observations.csv");
  const file = typeof source === "string" ? source : source.file;
  const db = await openDuckDb();
  try {
    if (typeof source === "string") requireFile(path, context);
    else writeFileSync(path, source.text);
    return await read({ db, path, file }).catch((error: unknown) => {
      if (error instanceof InputRefused) throw error;
      const message = error instanceof Error ? (error.message.split("\n")[0] ?? "").replaceAll(path, file) : "";
      throw new InputRefused([diagnose("bad-observations", { message: `${file} cannot be read: ${message}`, found: file })]);
    });
  } finally {
    db.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}
