/** What is to be known of each measure of a history: its digest, and its range, missing values, tails, totals and jumps. */
import { createHash, type Hash } from "node:crypto";
import { formatPeriod, type PeriodIndex, present } from "../foundation/index.ts";
import type { Measure, MeasureQuality, PanelSchema } from "../panel/index.ts";
import { ValueSketch } from "./value-sketch.ts";

const quantileShares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

/** The measures of whole entities, the next ones of a panel. Same shapes as a chunk. */
export interface MeasureColumns {
  readonly rowStart: Int32Array;
  readonly firstPeriod: Int32Array;
  readonly measures: readonly Float64Array[];
}

/** The part of a schema that matters here, and how many entities there will be. */
export interface AccountFrame extends Pick<PanelSchema, "grain" | "firstPeriod" | "lastPeriod" | "measures"> {
  readonly entityCount: number;
}

/** What was found of one measure. */
export interface MeasureFindings {
  readonly name: string;
  /** SHA-256 of its column over the whole panel. */
  readonly digest: string;
  readonly quality: MeasureQuality;
  /** Of a flow: its exact sum in value units, rounded once. */
  readonly total?: number;
}

/** Takes entities in the panel's order; how they are cut into chunks is irrelevant. Memory: a number an entity and flow, a sketch a measure. */
export class MeasureAccount {
  readonly #frame: AccountFrame;
  readonly #hashes: Hash[];
  readonly #sketches: ValueSketch[];
  readonly #entityTotals: Float64Array[];
  readonly #periodTotals: Float64Array[];
  #entities = 0;

  constructor(frame: AccountFrame) {
    const { measures, firstPeriod, lastPeriod, entityCount } = frame;
    this.#frame = frame;
    this.#hashes = measures.map(() => createHash("sha256"));
    this.#sketches = measures.map(() => new ValueSketch());
    this.#entityTotals = measures.map((measure) => new Float64Array(measure.kind === "flow" ? entityCount : 0));
    this.#periodTotals = measures.map((measure) => new Float64Array(measure.kind === "flow" ? lastPeriod - firstPeriod + 1 : 0));
  }

  /** Adds the next entities. Cost: one hash of the bytes, two looks at each value. */
  add(columns: MeasureColumns): void {
    for (const [index, measure] of this.#frame.measures.entries()) {
      const values = present(columns.measures[index], measure.name);
      this.#hashes[index]?.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      this.#sketches[index]?.add(values);
      if (measure.kind === "flow") this.#addTotals(columns, values, index);
    }
    this.#entities += columns.firstPeriod.length;
  }

  /** What was found, in the order of the measures. Call it once. */
  finish(): MeasureFindings[] {
    return this.#frame.measures.map((measure, index) => {
      const sketch = present(this.#sketches[index], measure.name);
      return {
        name: measure.name,
        digest: present(this.#hashes[index], measure.name).digest("hex"),
        quality: this.#quality(measure, index, sketch),
        ...(measure.kind === "flow" ? { total: decimalNumber(sketch.sum, measure.decimals) } : {}),
      };
    });
  }

  #addTotals({ rowStart, firstPeriod }: MeasureColumns, values: Float64Array, index: number): void {
    const [byEntity, byPeriod] = [present(this.#entityTotals[index], "totals"), present(this.#periodTotals[index], "totals")];
    for (let entity = 0; entity < firstPeriod.length; entity++) {
      const [start, end] = [rowStart[entity] as number, rowStart[entity + 1] as number];
      const offset = (firstPeriod[entity] as number) - this.#frame.firstPeriod - start;
      let total = 0;
      for (let row = start; row < end; row++) {
        const value = values[row] as number;
        total += value;
        byPeriod[row + offset] = (byPeriod[row + offset] as number) + value;
      }
      byEntity[this.#entities + entity] = total;
    }
  }

  #quality(measure: Measure, index: number, sketch: ValueSketch): MeasureQuality {
    const scale = 10 ** measure.decimals;
    const rows = sketch.count + sketch.missing;
    const top = measure.kind === "flow" ? topShare(present(this.#entityTotals[index], measure.name)) : undefined;
    const jump = measure.kind === "flow" ? this.#largestJump(present(this.#periodTotals[index], measure.name), scale) : undefined;
    return {
      name: measure.name,
      ...(sketch.count === 0 ? {} : { min: sketch.min / scale, max: sketch.max / scale }),
      missingShare: rows === 0 ? 0 : sketch.missing / rows,
      zeroShare: rows === 0 ? 0 : sketch.zeros / rows,
      quantiles: sketch.count === 0 ? [] : quantileShares.map((share) => ({ share, value: (sketch.quantile(share) ?? 0) / scale })),
      ...(top === undefined ? {} : { topOnePercentShare: top }),
      ...(jump === undefined ? {} : { largestJump: jump }),
    };
  }

  #largestJump(totals: Float64Array, scale: number): { period: string; from: number; to: number } | undefined {
    let at = -1;
    let most = 0;
    for (let offset = 1; offset < totals.length; offset++) {
      const jump = Math.abs((totals[offset] as number) - (totals[offset - 1] as number));
      if (jump > most) [most, at] = [jump, offset];
    }
    if (at < 0) return undefined;
    const period: PeriodIndex = this.#frame.firstPeriod + at;
    return {
      period: formatPeriod(this.#frame.grain, period),
      from: (totals[at - 1] as number) / scale,
      to: (totals[at] as number) / scale,
    };
  }
}

function topShare(totals: Float64Array): number | undefined {
  const count = Math.max(1, Math.floor(totals.length / 100));
  const largest = largestOf(totals, count);
  const all = totals.reduce((sum, total) => sum + total, 0);
  const held = largest.reduce((sum, total) => sum + total, 0);
  return all > 0 ? held / all : undefined;
}

/** So many of the largest values, in no order (Hoare, "Find", 1961). */
function largestOf(values: Float64Array, count: number): Float64Array {
  const left = values.slice();
  const boundary = left.length - count;
  for (let [low, high] = [0, left.length - 1]; low < high; ) {
    const pivot = left[(low + high) >>> 1] as number;
    let [up, down] = [low, high];
    while (up <= down) {
      while ((left[up] as number) < pivot) up++;
      while ((left[down] as number) > pivot) down--;
      if (up > down) break;
      [left[up], left[down]] = [left[down] as number, left[up] as number];
      up++;
      down--;
    }
    if (boundary <= down) high = down;
    else if (boundary >= up) low = up;
    else break;
  }
  return left.subarray(boundary);
}

/** The double nearest to integer / 10^decimals. */
function decimalNumber(integer: bigint, decimals: number): number {
  const sign = integer < 0n ? "-" : "";
  const digits = (integer < 0n ? -integer : integer).toString().padStart(decimals + 1, "0");
  return decimals === 0 ? Number(integer) : Number(`${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`);
}
