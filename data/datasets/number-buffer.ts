/** Numbers that come one by one, gathered in one typed array. */

/** Grows by doubling: eight bytes a number, and no list of numbers beside it. */
export class NumberBuffer {
  #values = new Float64Array(1024);
  #length = 0;

  /** Adds a number. */
  push(value: number): void {
    if (this.#length === this.#values.length) {
      const values = this.#values;
      this.#values = new Float64Array(2 * values.length);
      this.#values.set(values);
    }
    this.#values[this.#length++] = value;
  }

  /** What was added, in order. */
  finish(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}
