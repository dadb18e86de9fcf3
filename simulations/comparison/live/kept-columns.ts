/** Columns of a policy that are kept from question to question: whoever moves what they do not depend on finds them. */
import { digestOf, present } from "../../../data/foundation/index.ts";
import { closureOf, type Policy, readsOf } from "../../../policies/language/checked/index.ts";

/** One column: by chunk its values. */
export type KeptColumn = readonly Float64Array[];

/**
 * Columns by what they are made from. Memory: at most so many bytes, unless the last question alone needs more; those asked for longest ago
 * go first.
 */
export class KeptColumns {
  readonly #bytesMost: number;
  readonly #kept = new Map<string, KeptColumn>();
  #bytes = 0;

  constructor(bytesMost: number) {
    this.#bytesMost = bytesMost;
  }

  /** The bytes of all that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The columns of these names, by name. `compute` makes those that are lacking, in their order; undefined when it cannot. */
  take(
    policy: Policy,
    names: readonly string[],
    compute: (lacking: readonly string[]) => readonly KeptColumn[] | undefined,
  ): ReadonlyMap<string, KeptColumn> | undefined {
    const keys = new Map(columnKeys(policy, names));
    const lacking = names.filter((name) => !this.#kept.has(present(keys.get(name), "a key")));
    const made = lacking.length === 0 ? [] : compute(lacking);
    if (made === undefined) return undefined;
    for (const [index, name] of lacking.entries()) {
      const column = present(made[index], "a column");
      this.#kept.set(present(keys.get(name), "a key"), column);
      this.#bytes += bytesOf(column);
    }
    const taken = new Map<string, KeptColumn>();
    for (const [name, key] of keys) {
      const column = present(this.#kept.get(key), "a column");
      taken.set(name, column);
      this.#kept.delete(key);
      this.#kept.set(key, column);
    }
    for (const [key, column] of this.#kept) {
      if (this.#bytes <= this.#bytesMost || this.#kept.size === taken.size) break;
      this.#kept.delete(key);
      this.#bytes -= bytesOf(column);
    }
    return taken;
  }
}

/** By name what its column follows from, on one history: the parameters that it reads, and everything else that the policy says. */
export function columnKeys(policy: Policy, names: readonly string[]): readonly (readonly [name: string, key: string])[] {
  const rest = digestOf(JSON.stringify({ ...policy, ...saysOfItself, parameters: [] }));
  const reads = readsOf(policy);
  return names.map((name) => {
    const closure = closureOf([name], reads);
    const parameters = policy.parameters.filter((parameter) => closure.has(parameter.name));
    return [name, `${rest} ${name} ${JSON.stringify(parameters)}`];
  });
}

/** What a policy says of itself, which decides nothing. */
export const saysOfItself = { digest: "", version: "", title: "", rationale: "" };

function bytesOf(column: KeptColumn): number {
  return column.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
