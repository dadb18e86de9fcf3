/** Small datasets on disk, for tests: a descriptor and its files in a folder of their own. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { type ImportOptions, type ImportResult, importDataset, type RejectedEntry } from "../../data/datasets/index.ts";
import { openDuckDb, quoteText } from "../../data/engines/index.ts";
import { present } from "../../data/foundation/index.ts";
import { type DatasetManifest, openPanel, type Panel } from "../../data/panel/index.ts";

/** A folder that goes when the tests of a file are over. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "counterweight-test-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files (texts or bytes) into a folder. Names that end in `.gz` are packed. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), name.endsWith(".gz") ? gzipSync(content) : content);
  }
}

/** A CSV text as the bytes of a Parquet file, with the types that DuckDB finds; `types` may say otherwise. */
export async function parquetOf(folder: string, csv: string, types: Readonly<Record<string, string>> = {}): Promise<Uint8Array> {
  writeFiles(folder, { "to-parquet.csv": csv });
  const target = join(folder, "to-parquet.parquet");
  const db = await openDuckDb();
  try {
    const struct = Object.entries(types).map(([name, type]) => `${quoteText(name)}: ${quoteText(type)}`);
    const given = struct.length === 0 ? "" : `, types = {${struct.join(", ")}}`;
    await db.run(
      `COPY (SELECT * FROM read_csv(${quoteText(join(folder, "to-parquet.csv"))}${given})) TO ${quoteText(target)} (FORMAT parquet)`,
    );
  } finally {
    db.close();
  }
  return readFileSync(target);
}

/** The rows of a CSV without quotes as NDJSON; numbers stay numbers, empty cells are left out. */
export function ndjsonOf(csv: string): string {
  const [header = "", ...rows] = csv.trim().split("\n");
  const names = header.split(",");
  const lines = rows.map((row) => {
    const cells = row.split(",").map((cell, index) => [names[index] ?? "", cell] as const);
    const given = cells.filter(([, cell]) => cell !== "");
    return JSON.stringify(Object.fromEntries(given.map(([name, cell]) => [name, /^-?\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell])));
  });
  return `${lines.join("\n")}\n`;
}

/** An import with what it left behind. */
export interface Imported extends ImportResult {
  readonly registered: readonly string[];
  readonly codes: readonly string[];
}

/** Imports `descriptor.yaml` of a folder into `<folder>/home` (or another home). */
export async function importFrom(folder: string, options: Partial<ImportOptions> = {}): Promise<Imported> {
  const registered: string[] = [];
  const result = await importDataset({
    descriptorPath: join(folder, "descriptor.yaml"),
    home: join(folder, "home"),
    register: (manifest) => registered.push(manifest.id),
    ...options,
  });
  return { ...result, registered, codes: result.diagnostics.map((diagnostic) => diagnostic.code) };
}

/** The manifest of an import that must have worked. */
export function manifestOf(result: ImportResult): DatasetManifest {
  return present(result.manifest, `a dataset, not ${JSON.stringify(result.diagnostics)}`);
}

/** The panel of an import that must have worked. */
export function panelOf(result: ImportResult, knownAt?: number): Panel {
  return openPanel(present(result.folder, `a folder, not ${JSON.stringify(result.diagnostics)}`), knownAt === undefined ? {} : { knownAt });
}

/** The list of rejected rows. */
export function rejectedOf(result: ImportResult): RejectedEntry[] {
  const text = readFileSync(join(present(result.folder, "a folder"), "rejected.ndjson"), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as RejectedEntry);
}

/** One entity's rows of a measure, NaN as undefined. */
export function valuesOf(panel: Panel, entity: string, measure: string): (number | undefined)[] {
  for (let index = 0; index < panel.chunkCount; index++) {
    const chunk = panel.readChunk(index);
    const position = chunk.entities.indexOf(entity);
    if (position < 0) continue;
    const column = present(chunk.measures[panel.schema.measures.findIndex((each) => each.name === measure)], measure);
    const rows = column.subarray(present(chunk.rowStart[position], "start"), present(chunk.rowStart[position + 1], "end"));
    return Array.from(rows, (value) => (Number.isNaN(value) ? undefined : value));
  }
  return [];
}
