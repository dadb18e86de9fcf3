/** Numbers that come batch by batch, gathered in one typed array. */

/** Grows by doubling: eight bytes a number (four with `Int32Array`), and no list of numbers beside it. */
export class NumberBuffer<Values extends Float64Array | Int32Array> {
  #values: Values;
  #length = 0;
  readonly #make: (length: number) => Values;

  constructor(make: (length: number) => Values) {
    this.#make = make;
    this.#values = make(4096);
  }

  /** Adds the first `count` cells, each less by `base`. */
  add(cells: ArrayLike<number>, count: number, base = 0): void {
    const length = this.#length + count;
    if (length > this.#values.length) {
      const grown = this.#make(Math.max(length, 2 * this.#values.length));
      grown.set(this.#values.subarray(0, this.#length));
      this.#values = grown;
    }
    const values = this.#values;
    for (let i = 0, at = this.#length; i < count; i++, at++) values[at] = (cells[i] as number) - base;
    this.#length = length;
  }

  /** What was added, in order. */
  finish(): Values {
    return this.#values.subarray(0, this.#length) as Values;
  }
}
