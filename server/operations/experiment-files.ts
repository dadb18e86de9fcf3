/** What the operations on experiments share: designs as they are given, experiments by name, files of observations. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { OpenTable } from "../../data/datasets/index.ts";
import type { DuckDb } from "../../data/engines/index.ts";
import { diagnose, digestOfFile, InputRefused, nearestName } from "../../data/foundation/index.ts";
import type { DesignRecord, ExperimentRecord, ObservationRecord, Store } from "../../data/store/index.ts";
import {
  type ExperimentDesign,
  type NamedPolicy,
  nulCell,
  type Observations,
  observe,
  openCell,
  readDesign,
  reductionDigest,
  requireColumns,
  type WrittenBefore,
  watchedBefore,
  wordsOf,
} from "../../simulations/experiments/index.ts";
import { readGiven, requireFile } from "./given-text.ts";
import { withWorkFolder } from "./import-files.ts";
import type { OperationContext } from "./operation.ts";

export const experimentNameShape = z
  .string()
  .min(1)
  .max(64)
  .describe("Name of the experiment, as its design states it")
  .meta({ examples: ["softer-floor"] });

/** A path, or the text itself. `sent`: the name to show for a text that came without one. */
export function textFileShape(sent: string) {
  return z.union([
    z.string().min(1).max(4096),
    z
      .strictObject({ file: z.string().min(1).max(1000).default(sent), text: z.string() })
      .describe("The text itself, and the name to show for it."),
  ]);
}

export type TextFile = z.output<ReturnType<typeof textFileShape>>;

/** A design with the text it was read from. @throws InputRefused with the design's own faults. */
export function readDesignSource(
  source: TextFile,
  context: OperationContext,
): { readonly design: ExperimentDesign; readonly policies: readonly NamedPolicy[]; readonly text: string; readonly file: string } {
  const { file, text } = readGiven(source, context);
  const { design, policies, diagnostics } = readDesign({ text, file });
  if (design === undefined) throw new InputRefused(diagnostics);
  return { design, policies, text, file };
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
): {
  readonly record: ObservationRecord;
  readonly observations: Observations;
  readonly earlier: readonly number[];
  readonly watched: string | undefined;
  readonly before: () => readonly Observations[];
} {
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
  const before = records.slice(0, -1);
  const asMany = () =>
    before.filter(({ units }) => units >= record.units).map(({ number }) => store.experiments.observed(number) as Observations);
  return {
    record,
    observations: { ...observations, setAside: observations.setAside ?? {} },
    earlier: before.map(({ units }) => units),
    watched: watchedBefore(design, observations, asMany),
    before: () =>
      before.map(({ number, designDigest }) => {
        const one = store.experiments.observed(number) as Observations;
        const by = designs.find(({ digest }) => digest === designDigest)?.design as ExperimentDesign | undefined;
        // What was measured otherwise was looked at all the same; its figures are of other metrics.
        return by !== undefined && reductionDigest(by) === reductionDigest(design)
          ? one
          : { ...one, arms: one.arms.map((arm) => ({ ...arm, metrics: [] })) };
      }),
  };
}

/** A file of observations read for a design. @throws InputRefused with what is wrong in it, and what `requireFile` throws. */
export async function readObservations(
  design: ExperimentDesign,
  source: TextFile,
  context: OperationContext,
  {
    afterwards,
    called,
    ...options
  }: {
    readonly isHistory: boolean;
    readonly afterwards?: (db: DuckDb, observed: Observations) => Promise<void>;
    /** The name to show for it in place of its path. */
    readonly called?: string | undefined;
  } & WrittenBefore,
): Promise<{ readonly observations: Observations; readonly file: string; readonly fileDigest: string }> {
  return await onTable(
    source,
    context,
    async (db, table, path) => {
      const observations = await observe(db, design, table, options);
      await afterwards?.(db, observations);
      return { observations, file: table.file, fileDigest: await digestOfFile(path) };
    },
    called,
  );
}

/** What is wrong with a row, which counts from 0. */
export interface RowFault {
  readonly row: number;
  readonly message: string;
  readonly cure: string;
}

/**
 * Columns of texts of a table, in the order of its rows; empty where nothing stands, and without an entry for optional ones that are not there. `faultOf`: the first row that
 * cannot be used. @throws InputRefused `bad-observations` with the row's place, also for a row with too many or too few cells; else as `readObservations`.
 */
export async function readTexts(
  source: TextFile,
  columns: readonly string[],
  context: OperationContext,
  {
    optional = [],
    faultOf,
  }: {
    readonly optional?: readonly string[];
    readonly faultOf?: (texts: readonly (readonly string[])[]) => RowFault | undefined;
  } = {},
): Promise<readonly (readonly string[])[]> {
  return await onTable(source, context, async (db, table) => {
    const needed = columns.filter((name) => table.columns.includes(name) || !optional.includes(name));
    requireColumns(table, needed);
    const texts = columns.map((): string[] => []);
    let count = 0;
    const nuls: { readonly row: number; readonly column: string }[] = [];
    // Whoever opens the file elsewhere may find other rows after such a sign, in whichever column it is.
    const withNul = table.columns.map((name, place) => `WHEN contains(${table.cell(name)}, chr(0)) THEN '${place}'`);
    const cells = [...needed.map((name) => `trim(${table.cell(name)})`), `CASE ${withNul.join(" ")} END`];
    await db.stream(`SELECT ${cells.join(", ")} FROM ${table.from}`, (batch) => {
      const places = batch.texts(needed.length);
      const at = places.findIndex((column) => column !== undefined);
      if (at >= 0) nuls.push({ row: count + at, column: table.columns[Number(places[at])] ?? "" });
      for (const [place, name] of needed.entries()) {
        const column = texts[columns.indexOf(name)];
        for (const text of batch.texts(place)) column?.push(text ?? "");
      }
      count += batch.rowCount;
    });
    const refuse = (file: string, words: string, line: number | undefined, cure: string): InputRefused =>
      new InputRefused([
        diagnose("bad-observations", { message: words, ...(line === undefined ? {} : { place: { file, line, column: 1 } }), cure }),
      ]);
    const [unsplit] = await table.unsplit();
    if (unsplit !== undefined)
      throw refuse(
        table.file,
        `line ${unsplit.line}: ${unsplit.reason}`,
        unsplit.line,
        "Give every row as many cells as the header has columns; a cell that holds the delimiter stands in quotes.",
      );
    const placeOf = async (row: number) => (await table.placesOf([row], count)).get(row);
    for (const [place, column] of texts.entries()) {
      const row = column.findIndex((text) => text.includes("\n"));
      if (row >= 0) throw openCell(table, columns[place] ?? "", await placeOf(row));
    }
    const [nul] = nuls;
    if (nul !== undefined) throw nulCell(table, nul.column, await placeOf(nul.row));
    const fault = faultOf?.(texts);
    if (fault === undefined) return texts;
    const found = await placeOf(fault.row);
    throw refuse(table.file, `${wordsOf(found)}: ${fault.message}`, found?.word === "line" ? found.number : undefined, fault.cure);
  });
}

/** Opens a file in a database of its own. @throws InputRefused what `openTable` and `requireFile` throw, and `unreadable-file`. */
async function onTable<T>(
  source: TextFile,
  context: OperationContext,
  read: (db: DuckDb, table: OpenTable, path: string) => Promise<T>,
  called?: string,
): Promise<T> {
  const [{ openDuckDb }, { openTable, tableFault }] = await Promise.all([
    import("../../data/engines/index.ts"),
    import("../../data/datasets/index.ts"),
  ]);
  return await withWorkFolder(context.store.home, async (workFolder) => {
    const [path, file] = typeof source === "string" ? [source, called ?? source] : [join(workFolder, "observations.csv"), source.file];
    const db = await openDuckDb();
    try {
      if (typeof source === "string") requireFile(path, context);
      else writeFileSync(path, source.text);
      return await openTable(db, { path, shownPath: file, workFolder })
        .then((table) => read(db, table, path))
        .catch((error: unknown) => {
          throw tableFault(error, file);
        });
    } finally {
      db.close();
    }
  });
}
