/** Reads a plain panel file on all processors; what it cannot swear to is left to DuckDB. */
import { closeSync, fstatSync, openSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { openBytes } from "../csv-records.ts";
import type { GivenBlock, ImportThread, ImportThreads } from "../import-threads.ts";
import { type RowBlock, rowBlock } from "../row-block.ts";
import { type ParsedCodes, plainShape } from "./parse-rows.ts";
import type { PlainForm } from "./plain-form.ts";
import { SegmentReader, segmentBytes } from "./read-segments.ts";

/** From so many bytes for each on, a thread that helps makes the reading shorter on idle processors, though it spends more in all. */
const helperBytes = 33_554_432;
/** Segments that a thread has at hand, so that it need not wait for the next. */
const segmentsAhead = 2;

/**
 * Reads the file and gives its blocks away, each with the number of the parser whose codes it holds; then what these codes mean, by parser.
 * Undefined as soon as anything is not plain (see {@link RowParser}). The order of blocks and parsers is open, that of rows in a block is the
 * file's. Rejects with the system's error, and with that of node:zlib when a packed file is damaged.
 *
 * Memory: some megabytes a thread. Cost: one reading of the bytes, shared among the threads; a packed file is read by one.
 */
export async function readPlainFile(
  form: PlainForm,
  threads: ImportThreads,
  give: (parser: number, block: RowBlock) => void,
): Promise<readonly ParsedCodes[] | undefined> {
  const headerBytes = await headerLength(form);
  if (headerBytes === undefined) return undefined;
  const own = new SegmentReader(form, (block) => give(0, block));
  if (form.isGzipped) return (await own.readPacked(form.path, headerBytes)) ? [own.finish()] : undefined;
  const file = openSync(form.path, "r");
  const { size } = fstatSync(file);
  const segments = new Segments(headerBytes, size);
  try {
    const helpers = threads.take(Math.floor(size / helperBytes));
    const helping = helpers.map((thread, index) => {
      const giveAll = (blocks: readonly GivenBlock[]) => {
        for (const { buffer, rows } of blocks) give(index + 1, rowBlock(plainShape(form.widths), rows, buffer));
      };
      return readOn(thread, { form, size, segments, giveAll });
    });
    const helped = Promise.all(helping);
    helped.catch(() => segments.stop());
    for (let segment = segments.next(); segment !== undefined; segment = segments.next()) {
      if (!own.readSegment(file, segment.from, segment.to, size)) segments.stop();
      if (helpers.length > 0) await setImmediate();
    }
    const codes = [...(await helped)];
    return segments.isStopped ? undefined : [own.finish(), ...codes];
  } finally {
    segments.stop();
    closeSync(file);
  }
}

/** The pieces of a file that are still to be read. */
class Segments {
  #next: number;
  readonly #end: number;
  isStopped = false;

  constructor(start: number, end: number) {
    this.#next = start;
    this.#end = end;
  }

  next(): { readonly from: number; readonly to: number } | undefined {
    const from = this.#next;
    if (this.isStopped || from >= this.#end) return undefined;
    this.#next = Math.min(this.#end, from + segmentBytes);
    return { from, to: this.#next };
  }

  /** Gives no more. */
  stop(): void {
    this.isStopped = true;
  }
}

interface HelpRequest {
  readonly form: PlainForm;
  readonly size: number;
  readonly segments: Segments;
  readonly giveAll: (blocks: readonly GivenBlock[]) => void;
}

/** Keeps one thread at work until nothing is left to read. */
async function readOn(thread: ImportThread, { form, size, segments, giveAll }: HelpRequest): Promise<ParsedCodes> {
  const opened = thread.ask("openFile", { form, size });
  const readNext = async (): Promise<void> => {
    for (let segment = segments.next(); segment !== undefined; segment = segments.next()) {
      const { isPlain, blocks } = await thread.ask("read", segment);
      if (!isPlain) segments.stop();
      else giveAll(blocks);
    }
  };
  await Promise.all([opened, ...Array.from({ length: segmentsAhead }, readNext)]);
  const { codes, blocks } = await thread.ask("finishReading", undefined);
  giveAll(blocks);
  return codes;
}

/** The bytes of the header line; undefined when the header is not one line. */
async function headerLength({ path, isGzipped }: PlainForm): Promise<number | undefined> {
  const stream = openBytes(path, isGzipped);
  try {
    for await (const chunk of stream) {
      const bytes = chunk as Buffer;
      const end = bytes.indexOf(10);
      const line = bytes.toString("latin1", 0, Math.max(0, end));
      const isOneLine = !line.slice(0, -1).includes("\r") && line.split('"').length % 2 === 1 && line.trim() !== "";
      return isOneLine ? end + 1 : undefined;
    }
    return undefined;
  } finally {
    stream.destroy();
  }
}
