/** Counts events by the code of a text. */

/** Scratch of one count: cleared before each. A negative code is no text, and counts for nothing. */
export class Tally {
  readonly #counts = new Map<number, number>();
  #most = 0;

  clear(): void {
    this.#counts.clear();
    this.#most = 0;
  }

  add(code: number): void {
    if (code < 0) return;
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count > this.#most) this.#most = count;
  }

  /** The largest number of events with the same text. */
  most(): number {
    return this.#most;
  }

  /** How many texts there were. */
  different(): number {
    return this.#counts.size;
  }
}
