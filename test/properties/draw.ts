/** Draws from a fast-check generator, so that a failing case shrinks. */
import fc, { type Arbitrary, type GeneratorValue } from "fast-check";

/** What makes integers of a range, by range: the generator looks the same function up at once, and ranges one after another. */
const ranges = new Map<string, () => Arbitrary<number>>();

function rangeOf(min: number, max: number): () => Arbitrary<number> {
  const key = `${min} ${max}`;
  const known = ranges.get(key);
  if (known !== undefined) return known;
  const make = () => fc.integer({ min, max });
  ranges.set(key, make);
  return make;
}

/** Choices, from the first option (what shrinks end at) to the last. */
export class Draw {
  readonly #g: GeneratorValue;

  constructor(g: GeneratorValue) {
    this.#g = g;
  }

  integer(min: number, max: number): number {
    return this.#g(rangeOf(min, max));
  }

  pick<T>(options: readonly T[]): T {
    return options[this.integer(0, options.length - 1)] as T;
  }

  /** True once in `often`; shrinks to false. */
  chance(often: number): boolean {
    return this.integer(0, often - 1) === often - 1;
  }

  list<T>(min: number, max: number, make: (index: number) => T): T[] {
    return Array.from({ length: this.integer(min, max) }, (_, index) => make(index));
  }
}
