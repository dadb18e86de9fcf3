/** The names that a file defines, with a line about each: found also while the file has faults. */
import { isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap } from "yaml";
import { findDeepNesting, limits } from "../../data/foundation/index.ts";
import type { NameGroup } from "./key-rule.ts";

/** A name, what it stands for, and one line about it. */
export interface DefinedName {
  readonly name: string;
  readonly group: NameGroup;
  readonly about: string;
}

const sections: ReadonlyMap<string, NameGroup> = new Map([
  ["parameters", "parameter"],
  ["windows", "window"],
  ["metrics", "metric"],
  ["scores", "score"],
  ["ledgers", "ledger"],
  ["conditions", "condition"],
]);

/** Whether a text is small and flat enough to be looked into while it is written. */
export function isWithinLimits(text: string): boolean {
  return text.length <= limits.policyFileBytes.value && findDeepNesting(text) === undefined;
}

/** A file as far as YAML can be read in it; undefined when nothing can. Aliases are never followed. */
export function looseRoot(text: string): YAMLMap | undefined {
  if (!isWithinLimits(text)) return undefined;
  const { contents } = parseDocument(text, { schema: "failsafe", uniqueKeys: false, logLevel: "silent" });
  return isMap(contents) ? contents : undefined;
}

/** The names that a file defines by itself: in its sections, and by the paths that a version sets or adds. */
export function definedNames(root: YAMLMap, text: string): readonly DefinedName[] {
  const found: DefinedName[] = [];
  const add = (group: NameGroup, name: string, value: unknown) => found.push({ name, group, about: aboutOf(value, text) });
  for (const [key, value] of entriesOf(root)) {
    const group = sections.get(key);
    if (group !== undefined) for (const [name, node] of entriesOf(value)) add(group, name, node);
    if (key === "tiers" && isSeq(value))
      for (const item of value.items) for (const [name, node] of entriesOf(item)) add("tier", name, node);
    if (key === "otherwise" && isScalar(value)) add("tier", String(value.value), undefined);
    if (key !== "add" && key !== "set") continue;
    for (const [path, node] of entriesOf(value)) {
      const [section = "", name, ...rest] = path.split(".");
      const kind = section === "tiers" ? "tier" : sections.get(section);
      if (kind !== undefined && name !== undefined && rest.length === 0) add(kind, name, node);
    }
  }
  return found;
}

/** The keys of a mapping with what stands under them. */
export function entriesOf(node: unknown): readonly (readonly [string, Node | null])[] {
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => (isScalar(key) ? [[String(key.value), (value ?? null) as Node | null] as const] : []));
}

const aboutMost = 90;

/** Its title, else what was written. */
function aboutOf(node: unknown, text: string): string {
  const title = entriesOf(node).find(([key]) => key === "title")?.[1];
  if (isScalar(title)) return String(title.value);
  const range = (node as Node | null | undefined)?.range;
  if (range == null) return "";
  const written = text.slice(range[0], range[1]).replaceAll(/\s+/g, " ").trim();
  return written.length <= aboutMost ? written : `${written.slice(0, aboutMost - 1)}…`;
}
