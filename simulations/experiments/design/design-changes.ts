/** What differs between two designs, path by path: the plan against the deed. */
import { canonicalJson } from "../../../data/foundation/index.ts";
import type { ExperimentDesign } from "./experiment-design.ts";

/** One difference. Values as JSON; empty where there is none. */
export interface DesignChange {
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/**
 * All differences, in the order of their paths. Metrics and arms go by name.
 *
 * @example
 * designChanges({ level: 0.95, arms: [], metrics: [] }, { level: 0.9, arms: [], metrics: [] })
 * // => [{ path: "level", from: "0.95", to: "0.9" }]
 */
export function designChanges(before: ExperimentDesign, after: ExperimentDesign): readonly DesignChange[] {
  const [a, b] = [leavesOf(before), leavesOf(after)];
  const paths = [...new Set([...a.keys(), ...b.keys()])].sort();
  return paths.flatMap((path) => {
    const [from, to] = [a.get(path) ?? "", b.get(path) ?? ""];
    return from === to ? [] : [{ path, from, to }];
  });
}

function leavesOf(design: ExperimentDesign): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value) && value.every((item: unknown) => typeof item === "object" && item !== null && "name" in item)) {
      for (const item of value as readonly { readonly name: string }[]) visit(item, `${path}.${item.name}`);
    } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) if (inner !== undefined) visit(inner, path === "" ? key : `${path}.${key}`);
    } else leaves.set(path, canonicalJson(value));
  };
  visit(design, "");
  return leaves;
}
