/** Reads a dataset descriptor: YAML to a checked noun, every fault located. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import {
  checkLimit,
  type Day,
  type Diagnostic,
  decodeText,
  diagnose,
  formatDay,
  hasErrors,
  parseDay,
  refusedChoice,
} from "../foundation/index.ts";
import type { OutcomeSource } from "../panel/index.ts";
import type { DatasetDescriptor, NamedColumn, NamedMeasure, SourceFile, SourceFormat } from "./descriptor.ts";
import { type ColumnContext, givenColumns, namedColumn, readColumns } from "./read-columns.ts";
import { readEventParts } from "./read-event-parts.ts";
import { checkNames } from "./schema-of.ts";
import { type Fields, type Located, readYamlFields } from "./yaml-fields.ts";

const topFields = [
  "dataset",
  "title",
  "entity",
  "grain",
  "currency",
  "known_at",
  "complete_to",
  "key",
  "gmv",
  "orders",
  "source",
  "known_truth",
  "set_aside",
  "files",
  "outcomes",
];
const holdings = ["panel", "snapshots", "entities", "events", "outcomes", "rates"] as const;

/** What reading a descriptor gives: the noun when there is no error, and every fault. */
export interface ReadDescriptor {
  readonly descriptor?: DatasetDescriptor;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the descriptor at a path. Files that it names must exist; their contents are not read. */
export function readDescriptor(path: string, describes: DescribedKind = "files"): ReadDescriptor {
  let text: string;
  try {
    const breach = checkLimit("descriptorBytes", statSync(path).size, { file: path, line: 1, column: 1 });
    if (breach !== undefined) return { diagnostics: [breach] };
    text = decodeText(readFileSync(path)).replace(/^\uFEFF/, "");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    const fault = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : "this program may not read it";
    const place = { file: path, line: 1, column: 1 };
    return {
      diagnostics: [
        diagnose("file-not-found", { message: `cannot read '${path}': ${fault}`, place, cure: "Name the descriptor, a YAML file." }),
      ],
    };
  }
  return readDescriptorText(text, path, describes);
}

/** What a descriptor describes: files (each with its `path`), or tables of a database (each with its `table`, which becomes the path). */
export type DescribedKind = "files" | "tables";

/** Reads the text of a descriptor; `path` names it in messages, and paths in it are relative to its folder. */
export function readDescriptorText(text: string, path: string, describes: DescribedKind = "files"): ReadDescriptor {
  const breach = checkLimit("descriptorBytes", Buffer.byteLength(text), { file: path, line: 1, column: 1 });
  if (breach !== undefined) return { diagnostics: [breach] };
  const diagnostics: Diagnostic[] = [];
  const root = readYamlFields(text, path, diagnostics);
  if (root === undefined) return { diagnostics };
  const descriptor = readRoot(root, path, describes, diagnostics);
  if (descriptor !== undefined && !hasErrors(diagnostics)) checkNames(descriptor, root.place, diagnostics);
  return hasErrors(diagnostics) || descriptor === undefined ? { diagnostics } : { descriptor, diagnostics };
}

function readRoot(root: Fields, path: string, describes: DescribedKind, diagnostics: Diagnostic[]): DatasetDescriptor | undefined {
  const form = (located: Located<string> | undefined, pattern: RegExp, expected: string): string | undefined => {
    if (located === undefined) return undefined;
    if (pattern.test(located.value)) return located.value;
    diagnostics.push(badForm(located, expected));
    return undefined;
  };
  const name = form(root.mustText("dataset"), /^[a-z0-9][a-z0-9-]{0,63}$/, "a name of lower-case letters, digits and hyphens, at most 64");
  const entity = form(root.mustText("entity"), /^[a-z][a-z0-9_]*$/, "one word in lower case, such as seller");
  const grain = oneOf(root.mustText("grain"), ["day", "week", "month"] as const, diagnostics);
  const currency = form(root.text("currency"), /^[A-Z]{3}$/, "a currency code such as USD");
  const knownText = root.mustText("known_at");
  const knownAt = dayIn(knownText, diagnostics);
  const completeTo = readCompleteTo(root.text("complete_to"), knownAt, diagnostics);
  const title = root.text("title")?.value ?? name ?? "";
  const source = root.text("source")?.value.trim() ?? "";
  const [gmv, orders] = [root.text("gmv"), root.text("orders")];
  const truth = root.text("known_truth");
  const truthPath = truth === undefined ? undefined : existingFile(truth, path, diagnostics);
  const setAside = root.text("set_aside");
  const setAsidePath = setAside === undefined ? undefined : existingFile(setAside, path, diagnostics);
  const key = root.texts("key")?.map((column): NamedColumn => ({ column: column.value, place: column.place }));
  const { outcomes, outcomeMeasures } = readOutcomes(root.fields("outcomes"), diagnostics);
  const list = root.list("files");
  if (list === undefined || list.length === 0) {
    diagnostics.push(
      diagnose("missing-key", {
        message: "the descriptor names no files",
        place: root.place,
        cure: "List at least one file under 'files:'.",
      }),
    );
  }
  const files: SourceFile[] = [];
  for (const fields of list ?? []) {
    const file = readFile(
      fields,
      describes === "files" ? fileIn(fields, path, diagnostics) : tableIn(fields, diagnostics),
      key,
      diagnostics,
    );
    if (file !== undefined) files.push(file);
  }
  root.finish(topFields);
  if (name === undefined || entity === undefined || grain === undefined || knownAt === undefined) return undefined;
  return {
    file: path,
    name,
    title,
    entity,
    grain,
    ...(currency === undefined ? {} : { currency }),
    knownAt,
    ...(completeTo === undefined ? {} : { completeTo }),
    ...(gmv === undefined ? {} : { gmv: { name: gmv.value, place: gmv.place } }),
    ...(orders === undefined ? {} : { orders: { name: orders.value, place: orders.place } }),
    source,
    ...(truthPath === undefined ? {} : { knownTruth: truthPath }),
    ...(setAside === undefined || setAsidePath === undefined
      ? {}
      : { setAside: { path: setAsidePath, shownPath: setAside.value, place: setAside.place } }),
    files,
    outcomes,
    outcomeMeasures,
  };
}

type WhereRowsStand = Pick<SourceFile, "path" | "shownPath" | "place" | "format" | "isGzipped">;

function fileIn(fields: Fields, descriptorPath: string, diagnostics: Diagnostic[]): WhereRowsStand | undefined {
  const text = fields.mustText("path");
  if (text === undefined) return undefined;
  const [path, format] = [existingFile(text, descriptorPath, diagnostics), formatOf(text, diagnostics)];
  return path === undefined || format === undefined ? undefined : { path, shownPath: text.value, place: text.place, ...format };
}

function tableIn(fields: Fields, diagnostics: Diagnostic[]): WhereRowsStand | undefined {
  const text = fields.mustText("table");
  if (text === undefined) return undefined;
  const { value, place } = text;
  if (/^[^.]+(\.[^.]+){0,2}$/.test(value)) return { path: value, shownPath: value, place, format: "parquet", isGzipped: false };
  diagnostics.push(badForm(text, "a table, or its schema or its catalogue and schema before it, with dots between"));
  return undefined;
}

function readFile(
  fields: Fields,
  where: WhereRowsStand | undefined,
  defaultKey: readonly NamedColumn[] | undefined,
  diagnostics: Diagnostic[],
): SourceFile | undefined {
  const holds = oneOf(fields.mustText("holds"), holdings, diagnostics);
  const ownKey = fields.texts("key")?.map((column): NamedColumn => ({ column: column.value, place: column.place }));
  const key = ownKey ?? defaultKey;
  const ignore = fields.texts("ignore")?.map((column) => column.value) ?? [];
  if (holds !== "rates" && (key === undefined || key.length === 0)) {
    diagnostics.push(
      diagnose("missing-key", {
        message: "no entity key is named",
        place: fields.place,
        cure: "Add 'key: [column]' to the file or to the whole descriptor.",
      }),
    );
  }
  const must = (name: string) => namedColumn(fields.mustText(name));
  const may = (name: string) => namedColumn(fields.text(name));
  const context: ColumnContext = { holds: holds ?? "panel", diagnostics };
  const base = {
    ...(where ?? { path: "", shownPath: "", place: fields.place, format: "csv", isGzipped: false }),
    key: holds === "rates" ? [] : (key ?? []),
    ignore,
    columns: holds === "events" || holds === "outcomes" || holds === "rates" ? [] : readColumns(fields.fields("columns"), context),
  } as const;
  let file: SourceFile | undefined;
  if (holds === "panel") {
    const [date, known] = [must("period"), may("known_at")];
    if (date !== undefined) file = { ...base, holds, date, ...(known === undefined ? {} : { known }) };
  } else if (holds === "snapshots") {
    const [date, feed] = [must("date"), may("source")];
    const rule = oneOf(fields.mustText("rule"), ["last in period", "first in period"] as const, diagnostics);
    if (date !== undefined && rule !== undefined) file = { ...base, holds, date, rule, ...(feed === undefined ? {} : { feed }) };
  } else if (holds === "entities") file = { ...base, holds };
  else if (holds === "events") {
    const parts = readEventParts(fields, diagnostics);
    if (parts !== undefined) file = { ...base, holds, ...parts };
  } else if (holds === "outcomes") {
    const [date, source, outcome, known, probability] = [must("day"), must("source"), must("outcome"), may("known_at"), may("probability")];
    if (date !== undefined && source !== undefined && outcome !== undefined) {
      file = { ...base, holds, date, source, outcome, ...givenColumns({ known, probability }) };
    }
  } else if (holds === "rates") {
    const [date, from, to, rate] = [must("date"), must("from"), must("to"), must("rate")];
    if (date !== undefined && from !== undefined && to !== undefined && rate !== undefined) file = { ...base, holds, date, from, to, rate };
  }
  if (holds !== undefined) fields.finish(["holds", "key", "ignore", "columns"]);
  return where === undefined ? undefined : file;
}

function readOutcomes(all: Fields | undefined, diagnostics: Diagnostic[]): Pick<DatasetDescriptor, "outcomes" | "outcomeMeasures"> {
  const sources: OutcomeSource[] = [];
  const outcomeMeasures: NamedMeasure[] = [];
  for (const name of all?.names() ?? []) {
    const fields = all?.fields(name.value);
    if (fields === undefined) continue;
    const kind = oneOf(fields.mustText("kind"), ["state", "future"] as const, diagnostics);
    const role = oneOf(fields.mustText("role"), ["audit", "appeal", "behaviour"] as const, diagnostics);
    const horizonDays = daysOf(kind === "future" ? fields.mustText("horizon") : fields.text("horizon"), diagnostics);
    const lagDays = daysOf(fields.text("lag"), diagnostics) ?? 0;
    const named = fields.texts("measures") ?? [];
    const measures = named.map((measure) => measure.value);
    outcomeMeasures.push(...named.map((measure) => ({ name: measure.value, place: measure.place })));
    const definition = fields.mustText("definition")?.value;
    const title = fields.text("title")?.value ?? name.value;
    fields.finish([]);
    if (kind === "state" && horizonDays !== undefined && horizonDays > 0) {
      diagnostics.push(
        diagnose("conflicting-keys", {
          message: `'${name.value}' is a state, which has no horizon`,
          place: fields.place,
          cure: "Remove 'horizon', or write 'kind: future'.",
        }),
      );
    }
    if (kind !== undefined && role !== undefined && definition !== undefined) {
      sources.push({
        name: name.value,
        title,
        kind,
        role,
        horizonDays: horizonDays ?? 0,
        lagDays,
        measures,
        definition: definition.trim(),
      });
    }
  }
  return { outcomes: sources, outcomeMeasures };
}

function dayIn(text: Located<string> | undefined, diagnostics: Diagnostic[]): Day | undefined {
  if (text === undefined) return undefined;
  const day = parseDay(text.value);
  if (day === undefined) diagnostics.push(badForm(text, "a day that exists, written YYYY-MM-DD"));
  return day;
}

function readCompleteTo(
  text: Located<string> | undefined,
  knownAt: Day | undefined,
  diagnostics: Diagnostic[],
): DatasetDescriptor["completeTo"] {
  const day = dayIn(text, diagnostics);
  if (text === undefined || day === undefined) return undefined;
  if (knownAt === undefined || day <= knownAt) return { day, place: text.place };
  diagnostics.push(badForm(text, `a day up to 'known_at', ${formatDay(knownAt)}`));
  return undefined;
}

function daysOf(text: Located<string> | undefined, diagnostics: Diagnostic[]): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d{1,5}) days?$/.exec(text.value.trim());
  if (match !== null) return Number(match[1]);
  diagnostics.push(badForm(text, "a number of days, such as '90 days'"));
  return undefined;
}

function oneOf<T extends string>(text: Located<string> | undefined, choices: readonly T[], diagnostics: Diagnostic[]): T | undefined {
  if (text === undefined) return undefined;
  const choice = choices.find((each) => each === text.value.trim());
  if (choice !== undefined) return choice;
  diagnostics.push(diagnose("bad-form", { ...refusedChoice(text.value, choices), place: text.place }));
  return undefined;
}

function badForm(text: Located<string>, expected: string): Diagnostic {
  return diagnose("bad-form", {
    message: `'${text.value}' is not ${expected}`,
    place: text.place,
    found: text.value,
    expected,
    cure: `Write ${expected}.`,
  });
}

function existingFile(text: Located<string>, descriptorPath: string, diagnostics: Diagnostic[]): string | undefined {
  const path = resolve(dirname(descriptorPath), text.value);
  if (existsSync(path) && statSync(path).isFile()) return path;
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  diagnostics.push(
    diagnose("file-not-found", {
      message: isFolder ? `'${text.value}' is a folder` : `there is no file '${text.value}' beside ${basename(descriptorPath)}`,
      place: text.place,
      found: text.value,
    }),
  );
  return undefined;
}

function formatOf(text: Located<string>, diagnostics: Diagnostic[]): { format: SourceFormat; isGzipped: boolean } | undefined {
  const match = /\.(csv|parquet|ndjson|jsonl)(\.gz)?$/i.exec(text.value);
  if (match === null) {
    diagnostics.push(
      diagnose("unsupported-format", {
        message: `the format of '${text.value}' is not known by its name`,
        place: text.place,
        found: text.value,
      }),
    );
    return undefined;
  }
  const ending = (match[1] ?? "").toLowerCase();
  return { format: ending === "csv" ? "csv" : ending === "parquet" ? "parquet" : "ndjson", isGzipped: match[2] !== undefined };
}
