/** Entities and GMV by period and held tier. */
import { formatPeriod, present, requireExact } from "../../data/foundation/index.ts";
import {
  type Aggregates,
  Aggregator,
  findMeasure,
  type OutcomeFrame,
  type PanelChunk,
  type PanelSchema,
  type PeriodRange,
} from "../../data/panel/index.ts";
import type { ReportedRows } from "./reported-range.ts";

/** Which cells there are: one a period of the range and tier. */
export interface TierCells {
  readonly schema: PanelSchema;
  readonly tiers: readonly string[];
  readonly range: PeriodRange;
}

/** The cells of one chunk, period after period, in each the tiers by code; GMV empty when the panel has none. */
export interface ChunkTotals {
  readonly entities: Float64Array;
  readonly gmv: Float64Array;
}

/** Adds the reported rows of a chunk up. Errors: InputRefused (`limit-exceeded`) when the GMV of a cell is no exact integer any more. */
export function chunkTotals({ schema, tiers, range }: TierCells, chunk: PanelChunk, frame: OutcomeFrame, rows: ReportedRows): ChunkTotals {
  const width = tiers.length;
  const cells = (range.to - range.from + 1) * width;
  const gmvIndex = schema.gmvMeasure === undefined ? undefined : findMeasure(schema, schema.gmvMeasure)?.index;
  const values = gmvIndex === undefined ? undefined : present(chunk.measures[gmvIndex], "the GMV column");
  const entities = new Float64Array(cells);
  const gmv = new Float64Array(values === undefined ? 0 : cells);
  const { held } = frame;
  for (let entity = 0; entity < chunk.entityCount; entity++) {
    const end = rows.end[entity] as number;
    const zero = (chunk.rowStart[entity] as number) - (chunk.firstPeriod[entity] as number) + range.from;
    for (let row = rows.begin[entity] as number; row < end; row++) {
      const cell = (row - zero) * width + (held[row] as number);
      entities[cell] = (entities[cell] as number) + 1;
      if (values !== undefined) gmv[cell] = (gmv[cell] as number) + (values[row] as number);
    }
  }
  for (const [cell, sum] of gmv.entries()) {
    if (sum !== 0) requireExact(sum, `GMV of ${cellName({ schema, tiers, range }, cell).join(" in tier ")}`);
  }
  return { entities, gmv };
}

/** Adds chunks up; GMV in bigints, so it stays exact. */
export class TierTotals {
  readonly #cells: TierCells;
  readonly #entities: Float64Array;
  readonly #gmv: bigint[] = [];

  constructor(cells: TierCells) {
    this.#cells = cells;
    this.#entities = new Float64Array((cells.range.to - cells.range.from + 1) * cells.tiers.length);
  }

  add({ entities, gmv }: ChunkTotals): void {
    for (const [cell, count] of entities.entries()) this.#entities[cell] = (this.#entities[cell] as number) + count;
    for (const [cell, sum] of gmv.entries()) this.#gmv[cell] = (this.#gmv[cell] ?? 0n) + BigInt(sum);
  }

  /** The sums as the noun of the meeting point. */
  finish(): Aggregates {
    const hasGmv = this.#cells.schema.gmvMeasure !== undefined;
    const totals = new Aggregator({
      name: "held tiers by period",
      by: ["period", "tier"],
      sums: hasGmv ? ["entities", "gmv"] : ["entities"],
    });
    for (const [cell, entities] of this.#entities.entries()) {
      if (entities === 0) continue;
      totals.add(cellName(this.#cells, cell), hasGmv ? [entities, present(this.#gmv[cell], "a cell")] : [entities]);
    }
    return totals.finish();
  }
}

function cellName({ schema, tiers, range }: TierCells, cell: number): readonly [period: string, tier: string] {
  const period = formatPeriod(schema.grain, range.from + Math.floor(cell / tiers.length));
  return [period, present(tiers[cell % tiers.length], "a tier")];
}
