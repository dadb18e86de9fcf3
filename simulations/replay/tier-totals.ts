/** Entities and GMV by period and held tier. */
import { formatPeriod, periodCount, present, requireExact } from "../../data/foundation/index.ts";
import { type Aggregates, Aggregator, findMeasure, type PanelChunk, type PanelSchema, type PeriodRange } from "../../data/panel/index.ts";
import type { TierTally } from "../../policies/compile/index.ts";

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

/** What a policy is to fill while it runs over a chunk: all periods of the panel. */
export function tierTally({ schema, tiers }: TierCells, chunk: PanelChunk): TierTally {
  const cells = periodCount(schema.firstPeriod, schema.lastPeriod) * tiers.length;
  const gmvIndex = schema.gmvMeasure === undefined ? undefined : findMeasure(schema, schema.gmvMeasure)?.index;
  const entities = new Float64Array(cells);
  if (gmvIndex === undefined) return { entities, sums: new Float64Array(0) };
  return { entities, values: present(chunk.measures[gmvIndex], "the GMV column"), sums: new Float64Array(cells) };
}

/** The cells of the range. Errors: InputRefused (`limit-exceeded`) when the GMV of one is no exact integer any more. */
export function chunkTotals({ schema, tiers, range }: TierCells, { entities, sums }: TierTally): ChunkTotals {
  const [begin, end] = [range.from, range.to + 1].map((period) => (period - schema.firstPeriod) * tiers.length);
  const gmv = sums.slice(begin, end);
  for (const [cell, sum] of gmv.entries()) {
    requireExact(sum, () => `GMV of ${cellName({ schema, tiers, range }, cell).join(" in tier ")}`);
  }
  return { entities: entities.slice(begin, end), gmv };
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
