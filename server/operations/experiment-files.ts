/** What the operations on experiments share: designs as they are given, experiments by name, files of observations. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { DuckDb } from "../../data/engines/index.ts";
import { diagnose, digestOf, InputRefused, nearestName } from "../../data/foundation/index.ts";
import type { DesignRecord, ExperimentRecord, ObservationRecord, Store } from "../../data/store/index.ts";
import { type ExperimentDesign, type Observations, observe, readDesign, reductionDigest } from "../../simulations/experiments/index.ts";
import { readGiven, requireFile } from "./given-text.ts";
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
  const { file, text } = readGiven(source, context);
  const { design, diagnostics } = readDesign({ text, file });
  if (design === undefined) throw new InputRefused(diagnostics);
  return { design, text, file };
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
  return { record, observations, earlier: records.slice(0, -1).map(({ units }) => units) };
}

/** A file of observations read for a design. @throws InputRefused with what is wrong in it, and what `requireFile` throws. */
export async function readObservations(
  design: ExperimentDesign,
  source: TextFile,
  context: OperationContext,
  { isHistory, afterwards }: { readonly isHistory: boolean; readonly afterwards?: (db: DuckDb, observed: Observations) => Promise<void> },
): Promise<{ readonly observations: Observations; readonly file: string; readonly fileDigest: string }> {
  const [{ openDuckDb }, { openTable, tableFault }] = await Promise.all([
    import("../../data/engines/index.ts"),
    import("../../data/datasets/index.ts"),
  ]);
  const workFolder = mkdtempSync(join(tmpdir(), "counterweight-observations-"));
  const [path, file] = typeof source === "string" ? [source, source] : [join(workFolder, "observations.csv"), source.file];
  const db = await openDuckDb();
  try {
    if (typeof source === "string") requireFile(path, context);
    else writeFileSync(path, source.text);
    const read = await openTable(db, { path, shownPath: file, workFolder })
      .then((table) => observe(db, design, table, { isHistory }))
      .catch((error: unknown) => {
        throw tableFault(error, file);
      });
    await afterwards?.(db, read);
    return { observations: read, file, fileDigest: digestOf(readFileSync(path)) };
  } finally {
    db.close();
    rmSync(workFolder, { recursive: true, force: true });
  }
}
