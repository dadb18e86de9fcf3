/** The digest of a policy's outcome frames, the same whatever the chunks. */
import { digestBeside, digestOf, invariant, limits } from "../../data/foundation/index.ts";
import type { EntityRows, OutcomeFrame } from "../../data/panel/index.ts";
import type { ReportedRows } from "./reported-range.ts";

/** Rows, and entities, to a page. Pages are counted over the whole panel, so chunks leave no trace. */
const PAGE_ROWS = 65_536;

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
  #entities: string[] = [];
  #rows = 0;

  constructor(tiers: readonly string[]) {
    invariant(tiers.length <= limits.policyTiers.value + 1, "more tiers than a frame can hold");
    this.#tiers = tiers;
  }

  /** Adds the reported rows of the next chunk. */
  add({ scores, states, rows, entities }: DigestedRows): void {
    for (const entity of entities) {
      this.#entities.push(entity);
      if (this.#entities.length === PAGE_ROWS) this.#closeEntities();
    }
    for (let entity = 0; entity < rows.begin.length; entity++) {
      const end = rows.end[entity] as number;
      for (let row = rows.begin[entity] as number; row < end; ) {
        const count = Math.min(end - row, PAGE_ROWS - this.#rows);
        copyRows({ scores, states }, row, count, { scores: this.#scores, states: this.#states, at: this.#rows });
        this.#rows += count;
        row += count;
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

  #closeRows(): void {
    this.#rowPages.push(digestBeside(this.#scores.subarray(0, this.#rows)), digestBeside(this.#states.subarray(0, this.#rows)));
    this.#rows = 0;
  }

  #closeEntities(): void {
    this.#entityPages.push(digestOf(this.#entities.join("\u001d")));
    this.#entities = [];
  }
}

/** What is digested of a chunk: two columns of a frame, and which of its rows. */
export interface DigestedRows {
  readonly scores: Float64Array;
  readonly states: Int32Array;
  readonly rows: ReportedRows;
  /** A text an entity with rows. */
  readonly entities: readonly string[];
}

/** What is digested of a frame. Its columns are not copied. */
export function digestedRows(chunk: EntityRows, { score: scores, states }: OutcomeFrame, rows: ReportedRows): DigestedRows {
  const { entityCount, firstPeriod, rowStart, entities: keys } = chunk;
  const entities: string[] = [];
  for (let entity = 0; entity < entityCount; entity++) {
    const [begin, end] = [rows.begin[entity] as number, rows.end[entity] as number];
    if (begin === end) continue;
    const firstReported = (firstPeriod[entity] as number) + begin - (rowStart[entity] as number);
    entities.push(`${keys[entity]}\u001e${firstReported}\u001e${end - begin}`);
  }
  return { scores, states, rows, entities };
}

type RowColumns = Pick<DigestedRows, "scores" | "states">;

function copyRows(from: RowColumns, row: number, count: number, { scores, states, at }: RowColumns & { readonly at: number }): void {
  for (let index = 0; index < count; index++) {
    const score = from.scores[row + index] as number;
    scores[at + index] = Number.isNaN(score) ? MISSING : score;
    states[at + index] = from.states[row + index] as number;
  }
}
