/** The digest of a policy's outcome frames, the same whatever the chunks. */
import { createHash } from "node:crypto";
import { digestBeside, digestOf, invariant, limits } from "../../data/foundation/index.ts";
import type { EntityRows, OutcomeFrame } from "../../data/panel/index.ts";
import type { ReportedRows } from "./reported-range.ts";

/** Rows, and entities, to a page. Pages are counted over the whole panel, so chunks leave no trace. */
const PAGE_ROWS = 65_536;

/** Between the texts of two entities. */
const SEPARATOR = "\u001d";

/** Stands for a missing score, which no score can be; so the bits of a NaN never matter. */
const MISSING = Number.NEGATIVE_INFINITY;

/**
 * Takes frames in global entity order. A row is 12 bytes: the score, and its state as one word. An entity is its key, first reported period
 * and rows. Pages are digested beside this thread.
 */
export class OutcomeDigest {
  readonly #scores = new Float64Array(PAGE_ROWS);
  readonly #states = new Int32Array(PAGE_ROWS);
  readonly #tiers: readonly string[];
  readonly #rowPages: Promise<string>[] = [];
  readonly #entityPages: string[] = [];
  #entityPage = createHash("sha256");
  #entities = 0;
  #rows = 0;

  constructor(tiers: readonly string[]) {
    invariant(tiers.length <= limits.policyTiers.value + 1, "more tiers than a frame can hold");
    this.#tiers = tiers;
  }

  /** Adds the reported rows of the next chunk. */
  add({ scores, states, rows, entities }: DigestedRows): void {
    const { text, ends } = entities;
    for (let entity = 0; entity < ends.length; ) {
      const next = Math.min(ends.length, entity + PAGE_ROWS - this.#entities);
      if (this.#entities > 0) this.#entityPage.update(SEPARATOR);
      this.#entityPage.update(text.slice(entity === 0 ? 0 : (ends[entity - 1] as number) + SEPARATOR.length, ends[next - 1]));
      this.#entities += next - entity;
      entity = next;
      if (this.#entities === PAGE_ROWS) this.#closeEntities();
    }
    for (let entity = 0; entity < rows.begin.length; ) {
      let row = rows.begin[entity] as number;
      let end = rows.end[entity++] as number;
      // Rows of entities that follow each other without a gap are one stretch.
      while (entity < rows.begin.length && rows.begin[entity] === end) end = rows.end[entity++] as number;
      while (row < end) {
        const next = Math.min(end, row + PAGE_ROWS - this.#rows);
        this.#copyRows({ scores, states }, row, next);
        row = next;
        if (this.#rows === PAGE_ROWS) this.#closeRows();
      }
    }
  }

  /** Waits for the pages that are digested beside this thread: each is a copy until then. */
  async catchUp(): Promise<void> {
    await Promise.all(this.#rowPages.slice(-2));
  }

  /** The digest of everything that was added. */
  async finish(): Promise<string> {
    this.#closeRows();
    this.#closeEntities();
    const rowPages = await Promise.all(this.#rowPages);
    return digestOf([...this.#tiers, "", ...this.#entityPages, "", ...rowPages].join("\n"));
  }

  #copyRows({ scores, states }: Pick<DigestedRows, "scores" | "states">, from: number, to: number): void {
    this.#states.set(states.subarray(from, to), this.#rows);
    for (let row = from; row < to; row++) {
      const score = scores[row] as number;
      this.#scores[this.#rows++] = Number.isNaN(score) ? MISSING : score;
    }
  }

  #closeRows(): void {
    this.#rowPages.push(digestBeside(this.#scores.subarray(0, this.#rows)), digestBeside(this.#states.subarray(0, this.#rows)));
    this.#rows = 0;
  }

  #closeEntities(): void {
    this.#entityPages.push(this.#entityPage.digest("hex"));
    this.#entityPage = createHash("sha256");
    this.#entities = 0;
  }
}

/** What is digested of a chunk: two columns of a frame, and which of its rows. */
export interface DigestedRows {
  readonly scores: Float64Array;
  readonly states: Int32Array;
  readonly rows: ReportedRows;
  readonly entities: EntityTexts;
}

/** Texts of the entities with rows, in one: whatever their number, it is joined, handed over and digested as one. */
interface EntityTexts {
  readonly text: string;
  /** Where each ends in it; the next begins behind a separator. */
  readonly ends: Int32Array;
}

/** What is digested of the frames of a chunk, whose columns are not copied; the texts of its entities are made once for all of them. */
export function digestedRows(chunk: EntityRows, rows: ReportedRows): (frame: Pick<OutcomeFrame, "score" | "states">) => DigestedRows {
  const entities = entityTexts(chunk, rows);
  return ({ score, states }) => ({ scores: score, states, rows, entities });
}

function entityTexts({ entityCount, firstPeriod, rowStart, entities }: EntityRows, rows: ReportedRows): EntityTexts {
  const texts: string[] = [];
  const ends = new Int32Array(entityCount);
  let length = 0;
  for (let entity = 0; entity < entityCount; entity++) {
    const [begin, end] = [rows.begin[entity] as number, rows.end[entity] as number];
    if (begin === end) continue;
    const firstReported = (firstPeriod[entity] as number) + begin - (rowStart[entity] as number);
    const text = `${entities[entity]}\u001e${firstReported}\u001e${end - begin}`;
    length += (texts.length === 0 ? 0 : SEPARATOR.length) + text.length;
    ends[texts.length] = length;
    texts.push(text);
  }
  return { text: texts.join(SEPARATOR), ends: ends.subarray(0, texts.length) };
}
