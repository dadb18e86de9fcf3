/** Entities and GMV by period and held tier, or by period and pair of tiers held under two policies. */
import { formatPeriod, periodCount, present, requireExact } from "../../data/foundation/index.ts";
import {
  type Aggregates,
  Aggregator,
  findMeasure,
  type OutcomeFrame,
  type PanelChunk,
  type PanelSchema,
  type PeriodRange,
} from "../../data/panel/index.ts";
import type { TierTally } from "../../policies/compile/index.ts";
import type { ReportedRows } from "./reported-range.ts";

/** Which cells there are: in each period of the range one a tier; of several policies one for every choice of a tier of each, the last one's tiers next to one another. */
export interface TierCells {
  readonly schema: PanelSchema;
  readonly range: PeriodRange;
  /** By policy: its tiers by code. */
  readonly tiers: readonly (readonly string[])[];
}

/** Cells of one period. */
export function cellsOfPeriod({ tiers }: Pick<TierCells, "tiers">): number {
  return tiers.reduce((product, names) => product * names.length, 1);
}

/** The cell, within its period, of the tiers held under each policy. */
export function cellOf({ tiers }: Pick<TierCells, "tiers">, held: readonly number[]): number {
  return tiers.reduce((cell, names, policy) => cell * names.length + present(held[policy], "a tier"), 0);
}

/** The cells of one chunk, period after period; GMV empty when the panel has none. */
export interface ChunkTotals {
  readonly entities: Float64Array;
  readonly gmv: Float64Array;
}

/** What a policy is to fill while it runs over a chunk: all periods of the panel. */
export function tierTally(cells: TierCells, chunk: PanelChunk): TierTally {
  const { schema } = cells;
  const size = periodCount(schema.firstPeriod, schema.lastPeriod) * cellsOfPeriod(cells);
  const entities = new Float64Array(size);
  const values = gmvColumn(schema, chunk);
  return values === undefined ? { entities, sums: new Float64Array(0) } : { entities, values, sums: new Float64Array(size) };
}

function gmvColumn(schema: PanelSchema, chunk: PanelChunk): TierTally["values"] {
  const index = schema.gmvMeasure === undefined ? undefined : findMeasure(schema, schema.gmvMeasure)?.index;
  return index === undefined ? undefined : present(chunk.measures[index], "the GMV column");
}

/** The cells of the range. Errors: InputRefused (`limit-exceeded`) when the GMV of one is no exact integer any more. */
export function chunkTotals(cells: TierCells, { entities, sums }: TierTally): ChunkTotals {
  const { schema, range } = cells;
  const [begin, end] = [range.from, range.to + 1].map((period) => (period - schema.firstPeriod) * cellsOfPeriod(cells));
  return exact(cells, { entities: entities.slice(begin, end), gmv: sums.slice(begin, end) });
}

function exact(cells: TierCells, totals: ChunkTotals): ChunkTotals {
  for (const [cell, sum] of totals.gmv.entries()) {
    requireExact(sum, () => {
      const [period, ...tiers] = keyOf(cells, cell);
      return `GMV of ${period} in tier ${tiers.join(" and ")}`;
    });
  }
  return totals;
}

/**
 * The reported rows of a chunk by the tiers held under two policies. Cost: one pass over their two columns and GMV; nothing is allocated a
 * row. Errors as those of `chunkTotals`.
 */
export function pairTotals(
  cells: TierCells,
  chunk: PanelChunk,
  rows: ReportedRows,
  [before, after]: readonly [OutcomeFrame, OutcomeFrame],
): ChunkTotals {
  const size = cellsOfPeriod(cells);
  const length = periodCount(cells.range.from, cells.range.to) * size;
  const columns = present(cells.tiers[1], "tiers of the candidate").length;
  const gmv = gmvColumn(cells.schema, chunk);
  const totals = { entities: new Float64Array(length), gmv: new Float64Array(gmv === undefined ? 0 : length) };
  for (let entity = 0; entity < chunk.entityCount; entity++) {
    const zero = (chunk.rowStart[entity] as number) - (chunk.firstPeriod[entity] as number) + cells.range.from;
    for (let row = rows.begin[entity] as number; row < (rows.end[entity] as number); row++) {
      const cell = (row - zero) * size + (before.held[row] as number) * columns + (after.held[row] as number);
      totals.entities[cell] = (totals.entities[cell] as number) + 1;
      if (gmv !== undefined) totals.gmv[cell] = (totals.gmv[cell] as number) + (gmv[row] as number);
    }
  }
  return exact(cells, totals);
}

/** Adds chunks up; GMV in bigints, so it stays exact. */
export class TierTotals {
  readonly #cells: TierCells;
  readonly #entities: Float64Array;
  readonly #gmv: bigint[] = [];

  constructor(cells: TierCells) {
    this.#cells = cells;
    this.#entities = new Float64Array((cells.range.to - cells.range.from + 1) * cellsOfPeriod(cells));
  }

  add({ entities, gmv }: ChunkTotals): void {
    for (const [cell, count] of entities.entries()) this.#entities[cell] = (this.#entities[cell] as number) + count;
    for (const [cell, sum] of gmv.entries()) this.#gmv[cell] = (this.#gmv[cell] ?? 0n) + BigInt(sum);
  }

  /** The sums as the noun of the meeting point. */
  finish(): Aggregates {
    const hasGmv = this.#cells.schema.gmvMeasure !== undefined;
    const isPaired = this.#cells.tiers.length > 1;
    const totals = new Aggregator({
      name: isPaired ? "pairs of held tiers by period" : "held tiers by period",
      by: isPaired ? ["period", "baseline", "candidate"] : ["period", "tier"],
      sums: hasGmv ? ["entities", "gmv"] : ["entities"],
    });
    for (const [cell, entities] of this.#entities.entries()) {
      if (entities === 0) continue;
      totals.add(keyOf(this.#cells, cell), hasGmv ? [entities, present(this.#gmv[cell], "a cell")] : [entities]);
    }
    return totals.finish();
  }
}

/** The period, and the tier under each policy. */
function keyOf(cells: TierCells, cell: number): readonly string[] {
  const size = cellsOfPeriod(cells);
  const period = formatPeriod(cells.schema.grain, cells.range.from + Math.floor(cell / size));
  let rest = cell % size;
  const names = cells.tiers.toReversed().map((tiers) => {
    const name = present(tiers[rest % tiers.length], "a tier");
    rest = Math.floor(rest / tiers.length);
    return name;
  });
  return [period, ...names.reverse()];
}
