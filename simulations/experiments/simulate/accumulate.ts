/** Means and covariances of a few columns, one unit at a time. */
import type { MetricMoments } from "../observations/observations.ts";

/** Moments that grow. Welford's update: Welford (1962), Technometrics 4, 419-420. */
export class GrowingMoments {
  #n = 0;
  readonly #means: Float64Array;
  readonly #products: Float64Array;
  readonly #apart: Float64Array;

  readonly #few: number[][] | undefined;

  /** `keepsValues`: the values stay beside their moments, for inference from few. */
  constructor(width: number, keepsValues = false) {
    this.#few = keepsValues ? Array.from({ length: width }, () => []) : undefined;
    this.#means = new Float64Array(width);
    this.#products = new Float64Array(width * width);
    this.#apart = new Float64Array(width);
  }

  /** Adds one unit. */
  add(values: Float64Array): void {
    const means = this.#means;
    const apart = this.#apart;
    const products = this.#products;
    const width = means.length;
    this.#n++;
    for (const [column, kept] of (this.#few ?? []).entries()) kept.push(values[column] as number);
    for (let i = 0; i < width; i++) {
      apart[i] = (values[i] as number) - (means[i] as number);
      means[i] = (means[i] as number) + (apart[i] as number) / this.#n;
    }
    const weight = (this.#n - 1) / this.#n;
    for (let i = 0; i < width; i++) {
      for (let j = i; j < width; j++)
        products[i * width + j] = (products[i * width + j] as number) + weight * (apart[i] as number) * (apart[j] as number);
    }
  }

  /** As they stand now. */
  moments(): MetricMoments {
    const width = this.#means.length;
    const at = (i: number, j: number): number => (this.#products[Math.min(i, j) * width + Math.max(i, j)] as number) / (this.#n - 1);
    return {
      n: this.#n,
      ...(this.#few === undefined ? {} : { few: this.#few.map((column) => [...column]) }),
      means: [...this.#means],
      covariances: this.#n < 2 ? [] : Array.from({ length: width }, (_, i) => Array.from({ length: width }, (_, j) => at(i, j))),
    };
  }
}
