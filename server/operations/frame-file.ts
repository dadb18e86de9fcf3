/** Writes a replay's outcome frame to a file, chunk by chunk, so that a frame larger than memory can be written. */
import { closeSync, mkdtempSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { diagnose, formatDay, InputRefused, present } from "../../data/foundation/index.ts";
import type { FrameColumn, FrameTable } from "../../simulations/replay/index.ts";
import { arrowFrameWriter } from "./arrow-frame.ts";
import { entityName } from "./find-entity.ts";
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
export function beginFrameFile(path: string): FrameFile {
  const form = extname(path);
  if (form !== ".csv" && form !== ".parquet" && form !== ".arrow") {
    throw new InputRefused([
      diagnose("output-unwritable", { message: `'${path}' has no known ending`, expected: ".arrow, .parquet or .csv" }),
    ]);
  }
  const folder = makePartFolder(path);
  const part = join(folder, form === ".arrow" ? "frame.arrow" : "frame.csv");
  const writer = form === ".arrow" ? arrowFrameWriter(part) : csvWriter(part);
  let columns: readonly FrameColumn[] = [];
  return {
    write: (table) => {
      columns = table.columns;
      writer.write(table);
    },
    finish: async () => {
      writer.close();
      const whole = form === ".parquet" ? join(folder, "frame.parquet") : part;
      if (form === ".parquet") await convertToParquet(part, whole, columns);
      renameSync(whole, path);
      rmSync(folder, { recursive: true, force: true });
    },
    abandon: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function csvWriter(path: string): TableWriter {
  const file = openSync(path, "w");
  let hasHead = false;
  return {
    write: ({ columns, rowCount }) => {
      if (!hasHead) writeSync(file, `${columns.map(({ name }) => quoted(name)).join(",")}\n`);
      hasHead = true;
      const cells = columns.map(cellReader);
      for (let begin = 0; begin < rowCount; begin += 10_000) {
        const lines: string[] = [];
        for (let row = begin; row < Math.min(rowCount, begin + 10_000); row++) lines.push(cells.map((cell) => cell(row)).join(","));
        writeSync(file, `${lines.join("\n")}\n`);
      }
    },
    close: () => closeSync(file),
  };
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
  }
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const sqlTypes = { text: "VARCHAR", day: "DATE", number: "DOUBLE", integer: "INTEGER", flag: "BOOLEAN" } as const;

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

function makePartFolder(path: string): string {
  try {
    return mkdtempSync(join(dirname(path), ".frame-"));
  } catch (error) {
    throw new InputRefused([
      diagnose("output-unwritable", { message: error instanceof Error ? error.message : String(error), found: path }),
    ]);
  }
}
