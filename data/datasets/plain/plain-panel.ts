/** A history of plain panel files only, read without DuckDB: who is in it, from when to when, and its rows in blocks. */
import { join } from "node:path";
import { type PeriodIndex, present } from "../../foundation/index.ts";
import { byCodeUnits } from "../../panel/index.ts";
import { type ColumnRole, type DatasetDescriptor, type PanelFile, signatureOf } from "../descriptor.ts";
import type { ImportThreads } from "../import-threads.ts";
import type { ValueWidth } from "../row-block.ts";
import type { OpenedFile } from "../stage-file.ts";
import { type ParsedCodes, plainShape } from "./parse-rows.ts";
import { isPlain, type PlainForm, plainFormOf } from "./plain-form.ts";
import { readPlainFile } from "./read-plain-file.ts";
import { RowBlocks } from "./row-blocks.ts";
import { textsOfCodes, trimmed } from "./text-codes.ts";

/** One file of a plain panel. What codes mean differs by parser, so each stands in a list by parser. */
export interface PlainFile {
  readonly file: PanelFile;
  /** Files that describe the same columns are parts of one table. */
  readonly group: number;
  readonly blocks: RowBlocks;
  /** By described column: bytes a value. */
  readonly widths: readonly ValueWidth[];
  /** The place of each key among all entities. */
  readonly places: readonly Int32Array[];
  /** By described column: the texts of a text or a tier, trimmed. */
  readonly texts: readonly (readonly (readonly string[])[] | undefined)[];
  /** The periods of which it has rows. */
  readonly periods: ReadonlySet<PeriodIndex>;
}

/** Every row of every file has passed every check. Rows that repeat each other only show when they are put to their places. */
export interface PlainPanel {
  readonly files: readonly PlainFile[];
  /** All entities, sorted, with the first and last period of each. */
  readonly entities: readonly string[];
  readonly firstPeriod: Int32Array;
  readonly lastPeriod: Int32Array;
}

/** What reading needs beside the files. */
export interface PlainRequest {
  readonly descriptor: DatasetDescriptor;
  /** What blocks may take in memory; beyond it they go to the folder. */
  readonly memoryBytes: number;
  readonly workFolder: string;
  readonly threads: ImportThreads;
  readonly onFile: (done: number) => void;
}

/**
 * Reads the files that hold the history. Undefined when one is not a plain panel file or any cell of one is not plain: then nothing is left
 * behind. Close what it gives. Errors: the system's; a packed file that is damaged is not plain.
 */
export async function readPlainPanel(request: PlainRequest, opened: readonly OpenedFile[]): Promise<PlainPanel | undefined> {
  const { descriptor, memoryBytes, workFolder, threads, onFile } = request;
  const forms: PlainForm[] = [];
  for (const each of opened) {
    const form = plainFormOf(descriptor, each);
    if (form === undefined) return undefined;
    forms.push(form);
  }
  const files: Omit<PlainFile, "places">[] = [];
  const opening: RowBlocks[] = [];
  const keys = new KeyIndex();
  let isWhole = false;
  try {
    const signatures = opened.map(({ file }) => signatureOf(file));
    const room = { bytes: memoryBytes };
    for (const [index, form] of forms.entries()) {
      onFile(index);
      const { file } = present(opened[index], "file");
      const blocks = new RowBlocks(plainShape(form.widths), room, join(workFolder, `blocks-${index}`));
      opening.push(blocks);
      const parsed = await readPlainFile(form, threads, (parser, block) => blocks.add(parser, block)).catch(unlessDamaged);
      const texts = parsed === undefined ? undefined : textsByColumn(file.columns, parsed);
      if (!isPlain(file) || parsed === undefined || texts === undefined || !keys.add(index, parsed)) return undefined;
      const periods = new Set(parsed.flatMap((each) => each.periods));
      files.push({ file, group: signatures.indexOf(signatures[index] ?? ""), blocks, widths: form.widths, texts, periods });
    }
    isWhole = true;
  } finally {
    if (!isWhole) for (const blocks of opening) blocks.close();
  }
  const { entities, firstPeriod, lastPeriod, places } = keys.finish();
  return { files: files.map((file, index) => ({ ...file, places: places[index] ?? [] })), entities, firstPeriod, lastPeriod };
}

/** Frees what a plain panel holds outside memory. */
export function closePlainPanel({ files }: PlainPanel): void {
  for (const { blocks } of files) blocks.close();
}

/** Whether ranges of entities that begin at these places can be filled one by one at little cost, because rows come in such an order. */
export function isInOrder({ files }: PlainPanel, starts: readonly number[]): boolean {
  return files.every(({ blocks, places }) => blocks.visits(places, starts) <= blocks.count + 2 * starts.length);
}

/** All values of a text attribute, sorted; undefined when no file describes it. */
export function plainValues({ files }: PlainPanel, attribute: string): string[] | undefined {
  const values = new Set<string>();
  let isDescribed = false;
  for (const { file, texts } of files) {
    const column = file.columns.findIndex((each) => each.kind === "attribute" && each.name === attribute);
    if (column < 0) continue;
    isDescribed = true;
    for (const words of texts[column] ?? []) for (const word of words) values.add(word);
  }
  values.delete("");
  return isDescribed ? [...values].sort(byCodeUnits) : undefined;
}

/** Stands between the parts of a key. */
const keySeparator = "\u001f";

/** The keys of all files and parsers as one list. */
class KeyIndex {
  readonly #indexOf = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #first: number[] = [];
  readonly #last: number[] = [];
  /** By file and parser: the index of each key. */
  readonly #indexes: Int32Array[][] = [];

  /** Adds the keys of a file; false when one of them is empty but for spaces. */
  add(file: number, parsed: readonly ParsedCodes[]): boolean {
    const indexes: Int32Array[] = [];
    this.#indexes[file] = indexes;
    for (const { keys, first, last } of parsed) {
      const mine = new Int32Array(first.length);
      indexes.push(mine);
      for (const [code, text] of textsOfCodes(keys).entries()) {
        const parts = text.split(keySeparator).map(trimmed);
        if (parts.includes("")) return false;
        mine[code] = this.#indexFor(parts.join(keySeparator), first[code] as number, last[code] as number);
      }
    }
    return true;
  }

  finish(): { entities: string[]; firstPeriod: Int32Array; lastPeriod: Int32Array; places: Int32Array[][] } {
    const keys = this.#keys;
    const order = keys.map((_, index) => index).sort((a, b) => byCodeUnits(keys[a] as string, keys[b] as string));
    const placeOf = new Int32Array(order.length);
    for (const [place, index] of order.entries()) placeOf[index] = place;
    return {
      entities: order.map((index) => keys[index] as string),
      firstPeriod: Int32Array.from(order, (index) => this.#first[index] as number),
      lastPeriod: Int32Array.from(order, (index) => this.#last[index] as number),
      places: this.#indexes.map((file) => file.map((indexes) => indexes.map((index) => placeOf[index] as number))),
    };
  }

  #indexFor(key: string, first: PeriodIndex, last: PeriodIndex): number {
    const known = this.#indexOf.get(key);
    if (known === undefined) {
      this.#indexOf.set(key, this.#keys.length);
      this.#first.push(first);
      this.#last.push(last);
      return this.#keys.push(key) - 1;
    }
    if (first < (this.#first[known] as number)) this.#first[known] = first;
    if (last > (this.#last[known] as number)) this.#last[known] = last;
    return known;
  }
}

/** Undefined when a tier is none of the declared ones. */
function textsByColumn(columns: readonly ColumnRole[], parsed: readonly ParsedCodes[]): (readonly string[][] | undefined)[] | undefined {
  const texts: (readonly string[][] | undefined)[] = [];
  for (const [index, column] of columns.entries()) {
    const coded = parsed.map((each) => each.texts[index]).filter((each) => each !== undefined);
    const words = coded.map((each) => textsOfCodes(each));
    if (column.kind === "assigned_tier" && words.some((list) => list.some((word) => word !== "" && !column.tiers.includes(word))))
      return undefined;
    texts.push(coded.length === 0 ? undefined : words);
  }
  return texts;
}

function unlessDamaged(error: unknown): undefined {
  if (error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("Z_")) return undefined;
  throw error;
}
