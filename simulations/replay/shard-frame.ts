/** The outcome frame of one shard, from rows that an engine gives in whatever order. */
import { diagnose, InputRefused, type PeriodIndex, present } from "../../data/foundation/index.ts";
import { byCodeUnits, type EntityRows, type OutcomeFrame } from "../../data/panel/index.ts";
import { emptyFrame, packStates } from "../../policies/compile/index.ts";

/** A frame and whose rows they are, in key order: those of the range only. */
export interface ShardFrame {
  readonly rows: EntityRows;
  readonly frame: OutcomeFrame;
}

/** Columns of a statement that gives a frame: entity, period, evaluated, score, merited, held, promote_count, demote_count, shielded, and the policy's own. */
export type ShardFrameRow = readonly (string | number | bigint | boolean | null)[];

/** How many entities hold a tier in a period: all of them, or some of several parts. */
export interface TierCount {
  readonly period: PeriodIndex;
  readonly held: number;
  readonly entities: number;
}

/**
 * Takes the rows of a shard, as many as its sums have, and gives them in order. Memory: about 60 bytes a row, and 8 for each column of the policy. Errors: InputRefused
 * `engine-unfit` where the rows are not those that were added up.
 */
export class ShardFrameRows {
  readonly #cells: readonly TierCount[];
  readonly #taken: OutcomeFrame;
  readonly #entity: Int32Array;
  readonly #period: Int32Array;
  readonly #positions = new Map<string, number>();
  #count = 0;

  /** `cells`: what the sums of the same shard said, of the range only. `own`: names of the policy's columns, in the order of the statement. */
  constructor(cells: readonly TierCount[], own: readonly string[] = []) {
    const rowCount = cells.reduce((sum, { entities }) => sum + entities, 0);
    this.#cells = cells;
    this.#taken = emptyFrame({ rowCount }, own, false);
    this.#entity = new Int32Array(rowCount);
    this.#period = new Int32Array(rowCount);
  }

  add([entity, period, evaluated, score, merited, held, promoteCount, demoteCount, shielded, ...own]: ShardFrameRow): void {
    const row = this.#count++;
    const taken = this.#taken;
    if (row === taken.rowCount) throw apart("there are more rows than were added up");
    const key = String(entity);
    const position = this.#positions.get(key) ?? this.#positions.size;
    this.#positions.set(key, position);
    this.#entity[row] = position;
    this.#period[row] = Number(period);
    taken.evaluated[row] = Number(evaluated);
    taken.score[row] = numberOf(score);
    taken.merited[row] = Number(merited);
    taken.held[row] = Number(held);
    taken.promoteCount[row] = Number(promoteCount);
    taken.demoteCount[row] = Number(demoteCount);
    taken.shielded[row] = Number(shielded);
    let at = 0;
    for (const column of taken.columns.values()) column[row] = numberOf(own[at++]);
  }

  finish(): ShardFrame {
    if (this.#count !== this.#taken.rowCount) throw apart(`${this.#taken.rowCount} rows were added up, and ${this.#count} came`);
    this.#requireSameCounts();
    const entities = [...this.#positions.keys()].sort(byCodeUnits);
    // From the position at which an entity came to that at which it stands.
    const ordered = new Int32Array(entities.length);
    for (const [index, key] of entities.entries()) ordered[present(this.#positions.get(key), "a position")] = index;
    const rows = this.#entityRows(entities, ordered);
    return { rows, frame: inPlaces(this.#taken, this.#places(rows, ordered)) };
  }

  #requireSameCounts(): void {
    const counts = new Map<string, number>();
    for (const { period, held, entities } of this.#cells)
      counts.set(`${period} ${held}`, (counts.get(`${period} ${held}`) ?? 0) + entities);
    for (const [row, period] of this.#period.entries()) {
      const cell = `${period} ${this.#taken.held[row]}`;
      counts.set(cell, (counts.get(cell) ?? 0) - 1);
    }
    if ([...counts.values()].some((count) => count !== 0)) throw apart("they hold other tiers");
  }

  #entityRows(entities: readonly string[], ordered: Int32Array): EntityRows {
    const firstPeriod = new Int32Array(entities.length).fill(2 ** 31 - 1);
    const rowStart = new Int32Array(entities.length + 1);
    for (const [row, position] of this.#entity.entries()) {
      const entity = ordered[position] as number;
      firstPeriod[entity] = Math.min(firstPeriod[entity] as number, this.#period[row] as number);
      rowStart[entity + 1] = (rowStart[entity + 1] as number) + 1;
    }
    for (let entity = 0; entity < entities.length; entity++)
      rowStart[entity + 1] = (rowStart[entity + 1] as number) + (rowStart[entity] as number);
    return { entityCount: entities.length, rowCount: this.#taken.rowCount, entities, firstPeriod, rowStart };
  }

  /** For each row, where it stands in order. */
  #places({ entities, firstPeriod, rowStart, rowCount }: EntityRows, ordered: Int32Array): Int32Array {
    const places = new Int32Array(rowCount);
    const isTaken = new Uint8Array(rowCount);
    for (const [row, position] of this.#entity.entries()) {
      const entity = ordered[position] as number;
      const place = (rowStart[entity] as number) + (this.#period[row] as number) - (firstPeriod[entity] as number);
      if (place >= (rowStart[entity + 1] as number) || isTaken[place] === 1)
        throw apart(`those of '${entities[entity]}' have a gap, or a period twice`);
      isTaken[place] = 1;
      places[row] = place;
    }
    return places;
  }
}

function numberOf(value: ShardFrameRow[number] | undefined): number {
  return value === null || value === undefined ? Number.NaN : Number(value);
}

function inPlaces(taken: OutcomeFrame, places: Int32Array): OutcomeFrame {
  const frame = emptyFrame(taken, [...taken.columns.keys()], false);
  const put = (from: ArrayLike<number>, to: { [row: number]: number }) => {
    for (let row = 0; row < from.length; row++) to[places[row] as number] = from[row] as number;
  };
  for (const name of ["evaluated", "score", "merited", "held", "promoteCount", "demoteCount", "shielded"] as const)
    put(taken[name], frame[name]);
  for (const [name, column] of frame.columns) put(present(taken.columns.get(name), name), column);
  packStates(frame);
  return frame;
}

function apart(message: string): InputRefused {
  const cure = "See that nobody writes to the tables while they are replayed, and that they hold a row for each entity and period.";
  return new InputRefused([
    diagnose("engine-unfit", { message: `the rows of a shard's frame are not those of its sums: ${message}`, cure }),
  ]);
}
