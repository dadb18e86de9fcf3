/** Values of two evaluations side by side: what differs by itself, and what differs because something that it reads does. */
import type { DecidingPart } from "./deciding-parts.ts";
import type { DifferencePart, OfBoth } from "./difference.ts";
import { sayAlike } from "./say-number.ts";

type Parts = ReadonlyMap<string, DecidingPart>;

/**
 * What differs, causes first, each after what it reads. What stands in one version only, and every parameter, is told where
 * something that reads it differs; a tier or cap of one version only where it is true.
 */
export function compareParts(parts: OfBoth<Parts>, names: OfBoth<string>): readonly DifferencePart[] {
  const paths = [...new Set([...parts.a.keys(), ...parts.b.keys()])];
  const told = toldPaths(parts, paths);
  const list = inOrderOfReading(
    paths.filter((path) => told.has(path)),
    parts,
  );
  const compared = list.map((path): DifferencePart => {
    const [a, b] = [parts.a.get(path), parts.b.get(path)];
    const follows = [...(a?.reads ?? []), ...(b?.reads ?? [])].some((read) => told.has(read));
    return { path, words: wordsOf(a, b, names), effect: follows ? "consequence" : "cause" };
  });
  return [...compared.filter(({ effect }) => effect === "cause"), ...compared.filter(({ effect }) => effect === "consequence")];
}

function toldPaths({ a, b }: OfBoth<Parts>, paths: readonly string[]): ReadonlySet<string> {
  const told = new Set<string>();
  const isRead = (path: string): boolean =>
    [a, b].some((side) => [...told].some((reader) => side.get(reader)?.reads.includes(path) === true));
  const belongs = (path: string): boolean => {
    const [left, right] = [a.get(path), b.get(path)];
    const isOneSided = left === undefined || right === undefined;
    if (!isOneSided && Object.is(left.value, right.value)) return false;
    if (path.startsWith("tiers.") || path.startsWith("caps.")) return !isOneSided || (left ?? right)?.value === true;
    return path.startsWith("parameters.") || isOneSided ? isRead(path) : true;
  };
  // What is told for the sake of its readers can be found only once they are: again until nothing is added.
  for (let size = -1; size !== told.size; ) {
    size = told.size;
    for (const path of paths) if (belongs(path)) told.add(path);
  }
  return told;
}

/** Each after those of the list that it reads in either version; else as they stand. */
function inOrderOfReading(paths: readonly string[], { a, b }: OfBoth<Parts>): readonly string[] {
  const ordered = new Set<string>();
  const begun = new Set<string>();
  const place = (path: string): void => {
    if (begun.has(path) || !paths.includes(path)) return;
    begun.add(path);
    for (const read of [...(a.get(path)?.reads ?? []), ...(b.get(path)?.reads ?? [])]) place(read);
    ordered.add(path);
  };
  for (const path of paths) place(path);
  return [...ordered];
}

function wordsOf(a: DecidingPart | undefined, b: DecidingPart | undefined, names: OfBoth<string>): string {
  const title = (b ?? a)?.title ?? "";
  if (a === undefined) return `${title} is only in ${names.b}, where it is ${b?.said ?? ""}.`;
  if (b === undefined) return `${title} is only in ${names.a}, where it is ${a.said}.`;
  const areNumbers = typeof a.value === "number" && typeof b.value === "number";
  const [own, other] = areNumbers ? sayAlike([a.said, b.said]) : [a.said, b.said];
  return `${title} is ${own} under ${names.a} and ${other} under ${names.b}${entriesOf(a, b, names.a)}${entriesOf(b, a, names.b)}.`;
}

/** Entries of a ledger that the other version does not have. */
function entriesOf({ entries = [] }: DecidingPart, other: DecidingPart, name: string): string {
  const left = [...(other.entries ?? [])];
  const only = entries.filter((entry) => {
    const at = left.indexOf(entry);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
  const more = only.length > 3 ? ` and ${only.length - 3} more` : "";
  return only.length === 0 ? "" : `; only under ${name}: ${only.slice(0, 3).join(", ")}${more}`;
}
