/** The digest of a policy's outcome frames, the same whatever the chunks. */
import { digestOf, invariant, limits } from "../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk } from "../../data/panel/index.ts";
import type { ReportedRows } from "./reported-range.ts";

/** Rows, and entities, to a page. Pages are counted over the whole panel, so chunks leave no trace. */
const PAGE_ROWS = 65_536;

/** Stands for a missing score, which no score can be; so the bits of a NaN never matter. */
const MISSING = Number.NEGATIVE_INFINITY;

/**
 * Takes frames in global entity order. A row is 12 bytes: the score, and one word of held and merited tier (7 bits each, from 0 for
 * "not in the frame"), evaluated, shielded, side and length of the streak. An entity is its key, first reported period and rows.
 */
export class OutcomeDigest {
  readonly #scores = new Float64Array(PAGE_ROWS);
  readonly #states = new Int32Array(PAGE_ROWS);
  readonly #tiers: readonly string[];
  readonly #rowPages: string[] = [];
  readonly #entityPages: string[] = [];
  #entities: string[] = [];
  #rows = 0;

  constructor(tiers: readonly string[]) {
    invariant(tiers.length <= limits.policyTiers.value + 1, "more tiers than a frame can hold");
    this.#tiers = tiers;
  }

  /** Adds the reported rows of the next chunk. */
  add({ scores, states, entities }: PackedRows): void {
    for (const entity of entities) {
      this.#entities.push(entity);
      if (this.#entities.length === PAGE_ROWS) this.#closeEntities();
    }
    for (let row = 0; row < scores.length; ) {
      const count = Math.min(scores.length - row, PAGE_ROWS - this.#rows);
      this.#scores.set(scores.subarray(row, row + count), this.#rows);
      this.#states.set(states.subarray(row, row + count), this.#rows);
      this.#rows += count;
      row += count;
      if (this.#rows === PAGE_ROWS) this.#closeRows();
    }
  }

  /** The digest of everything that was added. */
  finish(): string {
    this.#closeRows();
    this.#closeEntities();
    return digestOf([...this.#tiers, "", ...this.#entityPages, "", ...this.#rowPages].join("\n"));
  }

  #closeRows(): void {
    this.#rowPages.push(digestOf(new Uint8Array(this.#scores.buffer, 0, this.#rows * 8)));
    this.#rowPages.push(digestOf(new Uint8Array(this.#states.buffer, 0, this.#rows * 4)));
    this.#rows = 0;
  }

  #closeEntities(): void {
    this.#entityPages.push(digestOf(this.#entities.join("\u001d")));
    this.#entities = [];
  }
}

/** The reported rows of a chunk as they are digested. */
export interface PackedRows {
  readonly scores: Float64Array;
  readonly states: Int32Array;
  /** A text an entity with rows. */
  readonly entities: readonly string[];
}

/**
 * Packs the reported rows of a frame: 12 bytes each. Little-endian, as every machine that runs Node. `reuse`: rows of an earlier chunk that
 * nobody needs any more; their memory is used again where it fits.
 */
export function packRows(chunk: PanelChunk, frame: OutcomeFrame, rows: ReportedRows, reuse?: PackedRows): PackedRows {
  const entities: string[] = [];
  let count = 0;
  for (let entity = 0; entity < chunk.entityCount; entity++) {
    const [begin, end] = [rows.begin[entity] as number, rows.end[entity] as number];
    if (begin === end) continue;
    count += end - begin;
    const firstReported = (chunk.firstPeriod[entity] as number) + begin - (chunk.rowStart[entity] as number);
    entities.push(`${chunk.entities[entity]}\u001e${firstReported}\u001e${end - begin}`);
  }
  const scores = reuse?.scores.length === count ? reuse.scores : new Float64Array(count);
  const states = reuse?.states.length === count ? reuse.states : new Int32Array(count);
  if (count === chunk.rowCount) packRun(frame, { from: 0, rows: count, at: 0 }, scores, states);
  else {
    let at = 0;
    for (let entity = 0; entity < chunk.entityCount; entity++) {
      const from = rows.begin[entity] as number;
      const run = { from, rows: (rows.end[entity] as number) - from, at };
      packRun(frame, run, scores, states);
      at += run.rows;
    }
  }
  return { scores, states, entities };
}

interface RowRun {
  readonly from: number;
  readonly rows: number;
  /** Where the first one is put. */
  readonly at: number;
}

function packRun(frame: OutcomeFrame, { from, rows, at }: RowRun, scores: Float64Array, states: Int32Array): void {
  const { score, held, merited, evaluated, shielded, promoteCount, demoteCount } = frame;
  scores.set(score.subarray(from, from + rows), at);
  for (let index = at; index < at + rows; index++) if (Number.isNaN(scores[index])) scores[index] = MISSING;
  for (let row = from, index = at; row < from + rows; row++, index++) {
    const promote = promoteCount[row] as number;
    const streak = promote > 0 ? 2 * promote + 1 : 2 * (demoteCount[row] as number);
    states[index] =
      ((held[row] as number) + 1) |
      (((merited[row] as number) + 1) << 7) |
      ((evaluated[row] as number) << 14) |
      ((shielded[row] as number) << 15) |
      (streak << 16);
  }
}
