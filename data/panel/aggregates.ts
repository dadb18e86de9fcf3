/** Counts and exact sums by group: where every engine and every statistic meets. */
import { invariant } from "../foundation/index.ts";

/** What to add up, and by which groups. Sums are of integers, so that merging is exact in any order. */
export interface AggregateRequest {
  readonly name: string;
  /** Names of the grouping columns, for example period, held tier. */
  readonly by: readonly string[];
  /** Names of the summed integers, for example entities, gmv. */
  readonly sums: readonly string[];
}

/** One group: its key (one text a grouping column) and its sums. */
export interface AggregateCell {
  readonly key: readonly string[];
  readonly sums: readonly bigint[];
}

/** A request with its numbers. Cells are sorted by key, in code unit order, so equal contents are equal bytes. */
export interface Aggregates {
  readonly request: AggregateRequest;
  readonly cells: readonly AggregateCell[];
}

/** Adds rows up, one key at a time. Not for a row loop: kernels add up in typed arrays and hand over whole groups. */
export class Aggregator {
  readonly #request: AggregateRequest;
  readonly #cells = new Map<string, { key: readonly string[]; sums: bigint[] }>();

  constructor(request: AggregateRequest) {
    this.#request = request;
  }

  /** Adds to the group of this key. Numbers must be safe integers. */
  add(key: readonly string[], sums: readonly (number | bigint)[]): void {
    invariant(key.length === this.#request.by.length && sums.length === this.#request.sums.length, `${this.#request.name}: wrong arity`);
    const id = key.join("\u001f");
    let cell = this.#cells.get(id);
    if (cell === undefined) {
      cell = { key, sums: sums.map(() => 0n) };
      this.#cells.set(id, cell);
    }
    for (const [index, value] of sums.entries()) {
      invariant(typeof value === "bigint" || Number.isSafeInteger(value), `${this.#request.name}: ${String(value)} is not a safe integer`);
      cell.sums[index] = (cell.sums[index] ?? 0n) + BigInt(value);
    }
  }

  /** The noun, sorted. */
  finish(): Aggregates {
    const cells = [...this.#cells.values()].toSorted((a, b) => compareKeys(a.key, b.key));
    return { request: this.#request, cells };
  }
}

/**
 * Merges parts of one request exactly; the order of the parts is irrelevant.
 *
 * @example
 * const request = { name: "n", by: ["tier"], sums: ["entities"] };
 * const part = (n) => ({ request, cells: [{ key: ["gold"], sums: [n] }] });
 * mergeAggregates([part(2n), part(3n)]).cells[0]?.sums[0]
 * // => 5n
 */
export function mergeAggregates(parts: readonly Aggregates[]): Aggregates {
  const [first] = parts;
  invariant(first !== undefined, "nothing to merge");
  const merged = new Aggregator(first.request);
  for (const part of parts) {
    invariant(part.request.name === first.request.name, `cannot merge ${part.request.name} into ${first.request.name}`);
    for (const cell of part.cells) merged.add(cell.key, cell.sums);
  }
  return merged.finish();
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (const [index, text] of a.entries()) {
    const other = b[index] ?? "";
    if (text !== other) return text < other ? -1 : 1;
  }
  return 0;
}
