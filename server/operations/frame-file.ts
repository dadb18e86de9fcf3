/** Writes a replay's outcome frame to a file, chunk by chunk, so that a frame larger than memory can be written. */
import { closeSync, mkdtempSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { formatDay, present } from "../../data/foundation/index.ts";
import type { FrameColumn, FrameTable } from "../../simulations/replay/index.ts";
import { arrowFrameWriter } from "./arrow-frame.ts";
import { entityName } from "./find-entity.ts";
import { clearFrameParts, framePath } from "./frame-path.ts";
import { writeFault, writing } from "./output-file.ts";
import type { TableWriter } from "./table-writer.ts";

/** Takes the frame of one policy, chunk after chunk. */
export interface FrameFile {
  readonly write: (table: FrameTable) => void;
  /** Puts the whole file in its place. Until then nothing stands there. */
  readonly finish: () => Promise<void>;
  /** Removes what was written so far. */
  readonly abandon: () => void;
}

/** Begins a frame file; its ending says which form: `.csv`, `.parquet` or `.arrow`. @throws InputRefused `output-unwritable`. */
export function beginFrameFile(named: string): FrameFile {
  const { form, path, partPrefix } = framePath(named);
  clearFrameParts(path);
  const folder = writing(named, () => mkdtempSync(join(dirname(path), partPrefix)));
  const part = join(folder, form === "arrow" ? "frame.arrow" : "frame.csv");
  const writer = writing(named, () => (form === "arrow" ? arrowFrameWriter(part) : csvWriter(part)));
  let columns: readonly FrameColumn[] = [];
  return {
    write: (table) => {
      columns = table.columns;
      writing(named, () => writer.write(table));
    },
    finish: async () => {
      try {
        writer.close();
        const whole = form === "parquet" ? join(folder, "frame.parquet") : part;
        if (form === "parquet") await convertToParquet(part, whole, columns);
        renameSync(whole, path);
        rmSync(folder, { recursive: true, force: true });
      } catch (error) {
        throw writeFault(named, error);
      }
    },
    abandon: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function csvWriter(path: string): TableWriter {
  const file = openSync(path, "w");
  let hasHead = false;
  return {
    write: ({ columns, rowCount }) => {
      if (!hasHead) writeAll(file, `${columns.map(({ name }) => quoted(name)).join(",")}\n`);
      hasHead = true;
      const cells = columns.map(cellReader);
      for (let begin = 0; begin < rowCount; begin += 10_000) {
        const lines: string[] = [];
        for (let row = begin; row < Math.min(rowCount, begin + 10_000); row++) lines.push(cells.map((cell) => cell(row)).join(","));
        writeAll(file, `${lines.join("\n")}\n`);
      }
    },
    close: () => closeSync(file),
  };
}

/** The system may take less than it is given, on a device that is nearly full. */
function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.byteLength; ) written += writeSync(file, bytes, written);
}

/** How a cell of this column is written; an absent value is an empty cell. */
function cellReader(column: FrameColumn): (row: number) => string {
  switch (column.kind) {
    case "text": {
      const texts = column.values.map((text) => quoted(entityName(text)));
      return (row) => texts[column.codes[row] ?? -1] ?? "";
    }
    case "day":
      return (row) => formatDay(present(column.days[row], "day"));
    case "number":
      return (row) => (Number.isNaN(column.numbers[row]) ? "" : String(column.numbers[row]));
    case "integer":
      return (row) => String(column.integers[row]);
    case "flag":
      return (row) => (column.flags[row] === 1 ? "true" : "false");
    case "truth":
      return (row) => (Number.isNaN(column.numbers[row]) ? "" : column.numbers[row] === 1 ? "true" : "false");
  }
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const sqlTypes = { text: "VARCHAR", day: "DATE", number: "DOUBLE", integer: "INTEGER", flag: "BOOLEAN", truth: "BOOLEAN" } as const;

async function convertToParquet(from: string, to: string, columns: readonly FrameColumn[]): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const types = columns.map(({ name, kind }) => `${literal(name)}: '${sqlTypes[kind]}'`).join(", ");
  const source = `read_csv(${literal(from)}, header = true, columns = {${types}})`;
  await connection.run(`COPY (SELECT * FROM ${source}) TO ${literal(to)} (FORMAT parquet, COMPRESSION zstd)`);
  connection.closeSync();
  instance.closeSync();
}
