/** Entities and GMV by period and held tier. */
import { formatPeriod, present } from "../../data/foundation/index.ts";
import {
  type Aggregates,
  Aggregator,
  findMeasure,
  type OutcomeFrame,
  type PanelChunk,
  type PanelSchema,
  type PeriodRange,
} from "../../data/panel/index.ts";
import { requireExact } from "../statistics/index.ts";
import type { ReportedRows } from "./reported-range.ts";

/** Adds frames up in typed arrays, one cell a period and tier; GMV is carried over to bigints once a chunk, so it stays exact. */
export class TierTotals {
  readonly #schema: PanelSchema;
  readonly #tiers: readonly string[];
  readonly #range: PeriodRange;
  readonly #gmvIndex: number | undefined;
  readonly #entities: Float64Array;
  readonly #gmv: bigint[];
  readonly #gmvOfChunk: Float64Array;

  constructor(schema: PanelSchema, tiers: readonly string[], range: PeriodRange) {
    const cells = (range.to - range.from + 1) * tiers.length;
    this.#schema = schema;
    this.#tiers = tiers;
    this.#range = range;
    this.#gmvIndex = schema.gmvMeasure === undefined ? undefined : findMeasure(schema, schema.gmvMeasure)?.index;
    this.#entities = new Float64Array(cells);
    this.#gmv = Array.from({ length: cells }, () => 0n);
    this.#gmvOfChunk = new Float64Array(cells);
  }

  /** Adds the reported rows of a chunk. */
  add(chunk: PanelChunk, frame: OutcomeFrame, rows: ReportedRows): void {
    const width = this.#tiers.length;
    const { held } = frame;
    const entities = this.#entities;
    const gmv = this.#gmvOfChunk.fill(0);
    const values = this.#gmvIndex === undefined ? undefined : present(chunk.measures[this.#gmvIndex], "the GMV column");
    for (let entity = 0; entity < chunk.entityCount; entity++) {
      const end = rows.end[entity] as number;
      const zero = (chunk.rowStart[entity] as number) - (chunk.firstPeriod[entity] as number) + this.#range.from;
      for (let row = rows.begin[entity] as number; row < end; row++) {
        const cell = (row - zero) * width + (held[row] as number);
        entities[cell] = (entities[cell] as number) + 1;
        if (values !== undefined) gmv[cell] = (gmv[cell] as number) + (values[row] as number);
      }
    }
    if (values === undefined) return;
    for (const [cell, sum] of gmv.entries()) {
      if (sum !== 0) requireExact(sum, `GMV of ${this.#nameOf(cell).join(" in tier ")}`);
      if (sum !== 0) this.#gmv[cell] = present(this.#gmv[cell], "a cell") + BigInt(sum);
    }
  }

  #nameOf(cell: number): readonly [period: string, tier: string] {
    const period = formatPeriod(this.#schema.grain, this.#range.from + Math.floor(cell / this.#tiers.length));
    return [period, present(this.#tiers[cell % this.#tiers.length], "a tier")];
  }

  /** The sums as the noun of the meeting point. */
  finish(): Aggregates {
    const hasGmv = this.#gmvIndex !== undefined;
    const totals = new Aggregator({
      name: "held tiers by period",
      by: ["period", "tier"],
      sums: hasGmv ? ["entities", "gmv"] : ["entities"],
    });
    for (const [cell, entities] of this.#entities.entries()) {
      if (entities === 0) continue;
      totals.add(this.#nameOf(cell), hasGmv ? [entities, present(this.#gmv[cell], "a cell")] : [entities]);
    }
    return totals.finish();
  }
}
