/** Sums of flows by the code of a text. */
import { present } from "../../data/foundation/index.ts";

/** Scratch of one metric: sums by code over some rows. Only codes that occurred are touched, and only those are cleared. */
export class GroupSums {
  /** By position among the flows, then by code. */
  readonly sums: readonly Float64Array[];
  /** The codes that occurred, as many as `collect` said. */
  readonly touched: Int32Array;
  readonly #positions: readonly number[];
  readonly #seen: Uint8Array;
  #count = 0;
  #flows: readonly Float64Array[] = [];

  constructor(codes: number, positions: readonly number[]) {
    this.sums = positions.map(() => new Float64Array(codes));
    this.touched = new Int32Array(codes);
    this.#positions = positions;
    this.#seen = new Uint8Array(codes);
  }

  /** Takes the measures of the next chunk. */
  open(measures: readonly Float64Array[]): void {
    this.#flows = this.#positions.map((position) => present(measures[position], "measure"));
  }

  /** Adds up the rows from `first` to `last`; how many codes occurred. Without `codes`, all rows have the one code. */
  collect(first: number, last: number, one: number, codes?: Float64Array): number {
    for (let index = 0; index < this.#count; index++) {
      const code = this.touched[index] as number;
      this.#seen[code] = 0;
      for (const sums of this.sums) sums[code] = 0;
    }
    this.#count = 0;
    for (let row = first; row <= last; row++) {
      const code = codes === undefined ? one : (codes[row] as number);
      if (!(code >= 0)) continue;
      if (this.#seen[code] === 0) {
        this.#seen[code] = 1;
        this.touched[this.#count++] = code;
      }
      for (let flow = 0; flow < this.#flows.length; flow++) {
        const sums = this.sums[flow] as Float64Array;
        sums[code] = (sums[code] as number) + ((this.#flows[flow] as Float64Array)[row] as number);
      }
    }
    return this.#count;
  }
}
