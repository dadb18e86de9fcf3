/** A version that `extends` another: the parent's document with nodes set, added and removed by path. */
import { checkLimit, nearestName } from "../../data/foundation/index.ts";
import { checkVersion } from "./check-policy.ts";
import {
  type DocumentNode,
  entryOf,
  type ListNode,
  type MapEntry,
  type MapNode,
  type PolicyDocument,
  placeOf,
  type TextNode,
} from "./document.ts";
import { asText, fieldsOf } from "./fields.ts";
import type { Shape } from "./key-rule.ts";
import type { Problems } from "./problems.ts";
import { readDocument } from "./read-document.ts";
import { shapes } from "./shapes.ts";

/** Finds the text of another version; undefined when there is none. */
export type LoadVersion = (reference: {
  readonly programme: string;
  readonly version: string;
}) => { readonly text: string; readonly file: string } | undefined;

/** A document with all its parents folded in. */
export interface Resolved {
  readonly root: MapNode;
  /** The versions that it extends, nearest first. */
  readonly extended: readonly string[];
}

/** The document with all its parents folded in; undefined after an error. */
export function resolveExtends(root: MapNode, load: LoadVersion, problems: Problems, chain: readonly string[] = []): Resolved | undefined {
  if (entryOf(root, "extends") === undefined) return { root, extended: [] };
  const fields = fieldsOf(root, "version", "a version that extends another", problems);
  const reference = checkVersion(fields.text("extends"), problems);
  const version = checkVersion(fields.text("version"), problems);
  const programme = fields.text("programme")?.text ?? folderName(root.source.file);
  const at = entryOf(root, "extends");
  if (reference === undefined || version === undefined || at === undefined) return undefined;
  if (programme === undefined) {
    problems.add("missing-key", placeOf(root), { message: "the programme of the extended version is not named", expected: "programme" });
    return undefined;
  }
  const trail = [...chain, `${programme}@${version}`];
  const tooLong = checkLimit("extendsDepth", trail.length, placeOf(at.value));
  problems.push(tooLong);
  if (tooLong !== undefined) return undefined;
  if (trail.includes(`${programme}@${reference}`)) {
    problems.add("extends-cycle", placeOf(at.value), {
      message: `versions extend each other in a circle: ${[...trail, `${programme}@${reference}`].join(" -> ")}`,
      found: reference,
    });
    return undefined;
  }
  const loaded = load({ programme, version: reference });
  if (loaded === undefined) {
    problems.add("version-not-found", placeOf(at.value), {
      message: `there is no version ${reference} of '${programme}'`,
      found: `${programme}@${reference}`,
    });
    return undefined;
  }
  const parentDocument = readParent(loaded, problems);
  const parent = parentDocument === undefined ? undefined : resolveExtends(parentDocument.root, load, problems, trail);
  if (parent === undefined) return undefined;
  const found = `${headingText(parent.root, "programme")}@${headingText(parent.root, "version")}`;
  if (found !== `${programme}@${reference}`) {
    problems.add("extends-wrong-programme", placeOf(at.value), {
      message: `the file of ${programme}@${reference} says that it is ${found}`,
      found,
      expected: `${programme}@${reference}`,
    });
    return undefined;
  }
  const changed = applyChanges(withHeading(parent.root, root), root, problems);
  return changed === undefined ? undefined : { root: changed, extended: [reference, ...parent.extended] };
}

/** The last versions that were extended and have no fault, newest last: a candidate is read anew while its parents stay as they are. */
const parents = new Map<string, PolicyDocument>();
const PARENTS_KEPT = 16;

function readParent(loaded: { readonly text: string; readonly file: string }, problems: Problems): PolicyDocument | undefined {
  const key = `${loaded.file}\n${loaded.text}`;
  const known = parents.get(key);
  if (known !== undefined) return problems.stopped ? undefined : known;
  const before = problems.count;
  const read = readDocument({ ...loaded, problems });
  if (read === undefined || problems.count > before) return read;
  parents.set(key, read);
  for (const oldest of parents.keys()) if (parents.size > PARENTS_KEPT) parents.delete(oldest);
  return read;
}

function headingText(map: MapNode, key: string): string {
  const value = entryOf(map, key)?.value;
  return value?.kind === "text" ? value.text.trim() : "?";
}

/** `library/seller-performance/1.1.0.yaml` -> `seller-performance`. */
function folderName(file: string): string | undefined {
  const parts = file.split(/[\\/]/);
  const name = parts.at(-2);
  return name === undefined || name === "" || name === "." || name === ".." ? undefined : name;
}

/** The parent with the child's own version, title and rationale. */
function withHeading(parent: MapNode, child: MapNode): MapNode {
  const own = new Set(["version", "title", "rationale"]);
  const entries = parent.entries.map((entry) => (own.has(entry.key.text) ? (entryOf(child, entry.key.text) ?? entry) : entry));
  return { ...parent, entries };
}

interface Change {
  readonly path: TextNode;
  readonly segments: readonly string[];
  readonly kind: "set" | "add" | "remove";
  readonly value?: DocumentNode;
}

const ownKeys: ReadonlySet<string> = new Set(["programme", "version", "title", "entity", "rationale", "extends"]);

function applyChanges(parent: MapNode, child: MapNode, problems: Problems): MapNode | undefined {
  const before = problems.count;
  const changes = readChanges(child, problems);
  if (changes.length === 0 && problems.count === before)
    problems.add("no-changes", placeOf(child), { message: "this version changes nothing of the one that it extends" });
  refuseOverlaps(changes, problems);
  if (problems.stopped && problems.count > before) return undefined;
  let root: MapNode | undefined = parent;
  const order = { remove: 0, set: 1, add: 2 };
  for (const change of changes.toSorted((a, b) => order[a.kind] - order[b.kind])) {
    const changed: DocumentNode | undefined = new Editor(change, problems).apply(withSection(root, change), 0);
    if (changed?.kind === "map") root = changed;
  }
  return problems.count > before && problems.stopped ? undefined : root;
}

/** The document with the section that an addition goes into: the parent may have had nothing to write there. */
function withSection(root: MapNode, { kind, path, segments }: Change): MapNode {
  const [name = ""] = segments;
  const sections: Shape = shapes.policy;
  const isLacking = kind === "add" && segments.length > 1 && sections[name]?.holds === "map" && entryOf(root, name) === undefined;
  if (!isLacking) return root;
  const section: MapNode = { kind: "map", entries: [], source: path.source, start: path.start, end: path.end };
  return { ...root, entries: [...root.entries, { key: { ...path, text: name, end: path.start + name.length }, value: section }] };
}

function readChanges(child: MapNode, problems: Problems): readonly Change[] {
  const changes: Change[] = [];
  for (const kind of ["set", "add"] as const) {
    const node = entryOf(child, kind)?.value;
    if (node !== undefined && node.kind !== "map")
      problems.add("wrong-shape", placeOf(node), { message: `'${kind}' is a mapping from paths to values`, found: node.kind });
    for (const { key, value } of node?.kind === "map" ? node.entries : [])
      changes.push({ path: key, segments: key.text.split("."), kind, value });
  }
  const list = entryOf(child, "remove")?.value;
  if (list !== undefined && list.kind !== "list")
    problems.add("wrong-shape", placeOf(list), {
      message: "'remove' is a list of paths",
      found: list.kind,
      cure: "Write 'remove: [conditions.old, tiers.old]'.",
    });
  for (const item of list?.kind === "list" ? list.items : []) {
    const path = asText(item, problems, "a path to remove");
    if (path !== undefined) changes.push({ path, segments: path.text.split("."), kind: "remove" });
  }
  return changes.filter(({ path, segments }) => {
    const [first = ""] = segments;
    if (!ownKeys.has(first)) return true;
    const cure =
      first === "programme" || first === "entity"
        ? "Another programme or entity is another policy: write it in full."
        : `Write '${first}:' at the top of this file.`;
    problems.add("path-refused", placeOf(path), { message: `'${first}' is not changed by a path`, found: path.text, cure });
    return false;
  });
}

function refuseOverlaps(changes: readonly Change[], problems: Problems): void {
  for (const [index, later] of changes.entries()) {
    const earlier = changes
      .slice(0, index)
      .find((change) => isPrefix(change.segments, later.segments) || isPrefix(later.segments, change.segments));
    if (earlier === undefined) continue;
    problems.add("path-overlap", placeOf(later.path), {
      message: `'${later.path.text}' (${later.kind}) and '${earlier.path.text}' (${earlier.kind}, line ${placeOf(earlier.path).line}) touch the same node`,
      found: later.path.text,
    });
  }
}

function isPrefix(a: readonly string[], b: readonly string[]): boolean {
  return a.length <= b.length && a.every((segment, index) => segment === b[index]);
}

/** Makes one change along its path. Nodes are never changed in place. */
class Editor {
  readonly #change: Change;
  readonly #problems: Problems;

  constructor(change: Change, problems: Problems) {
    this.#change = change;
    this.#problems = problems;
  }

  /** The changed node; undefined when the path fails (reported). */
  apply(node: DocumentNode, depth: number): DocumentNode | undefined {
    const { segments } = this.#change;
    const segment = segments[depth] ?? "";
    const isLast = depth === segments.length - 1;
    if (node.kind === "text")
      return this.#notFound(depth, [], `'${segments.slice(0, depth).join(".")}' is one value; nothing stands under it`);
    const entries = node.kind === "map" ? node.entries : tierEntries(node);
    if (entries === undefined) return this.#notFound(depth, [], `'${segments.slice(0, depth).join(".")}' is a list; replace it as a whole`);
    const index = entries.findIndex((entry) => entry.key.text === segment);
    const found = entries[index];
    if (isLast && this.#change.kind === "add") return found === undefined ? this.#insert(node, entries) : this.#exists(segment);
    if (found === undefined)
      return this.#notFound(
        depth,
        entries.map((entry) => entry.key.text),
      );
    const replacement = isLast ? this.#change.value : this.apply(found.value, depth + 1);
    if (replacement === undefined && !(isLast && this.#change.kind === "remove")) return undefined;
    const changed = replacement === undefined ? entries.toSpliced(index, 1) : entries.with(index, { key: found.key, value: replacement });
    return withEntries(node, changed);
  }

  /** A new entry: at the end of a mapping, or where a tier says. */
  #insert(node: MapNode | ListNode, entries: readonly MapEntry[]): DocumentNode | undefined {
    const { path, segments, value } = this.#change;
    if (value === undefined) return undefined;
    const key: TextNode = { ...path, text: segments.at(-1) ?? "", start: path.start + path.text.length - (segments.at(-1) ?? "").length };
    if (node.kind === "map") return withEntries(node, [...entries, { key, value }]);
    const beside = value.kind === "map" ? (entryOf(value, "below") ?? entryOf(value, "above")) : undefined;
    if (value.kind !== "map" || beside === undefined || (entryOf(value, "below") !== undefined && entryOf(value, "above") !== undefined)) {
      this.#problems.add("missing-key", placeOf(value), {
        message: "an added tier says where it stands",
        expected: "below or above",
        cure: "Add 'below: tier' or 'above: tier', one of them.",
      });
      return undefined;
    }
    const neighbour = asText(beside.value, this.#problems, `'${beside.key.text}'`);
    const at = entries.findIndex((entry) => entry.key.text === neighbour?.text);
    if (neighbour === undefined) return undefined;
    if (at < 0) {
      const names = entries.map((entry) => entry.key.text);
      this.#problems.add("unknown-tier", placeOf(neighbour), {
        message: `no tier is called '${neighbour.text}'`,
        found: neighbour.text,
        near: nearestName(neighbour.text, names),
      });
      return undefined;
    }
    const bare: MapNode = { ...value, entries: value.entries.filter((entry) => entry !== beside) };
    return withEntries(node, entries.toSpliced(beside.key.text === "below" ? at + 1 : at, 0, { key, value: bare }));
  }

  #exists(segment: string): undefined {
    const { path } = this.#change;
    this.#problems.add("path-exists", placeOf(path), { message: `'${segment}' is already there`, found: path.text });
  }

  #notFound(depth: number, siblings: readonly string[], why?: string): undefined {
    const { path, segments, kind } = this.#change;
    const segment = segments[depth] ?? "";
    const offset = segments.slice(0, depth).join(".").length + (depth === 0 ? 0 : 1);
    const near = nearestName(segment, siblings);
    const message =
      why ?? (segment === "" ? "a path has an empty part" : `the extended version has no '${segments.slice(0, depth + 1).join(".")}'`);
    const cure =
      near === undefined && kind === "set" && why === undefined && depth === segments.length - 1
        ? { cure: "Use 'add' for what is new." }
        : {};
    this.#problems.add("path-not-found", placeOf(path, offset), {
      message,
      found: path.text,
      near,
      ...(siblings.length === 0 ? {} : { expected: siblings.join(", ") }),
      ...cure,
    });
  }
}

/** The tiers of a ladder as entries; undefined for any other list. */
function tierEntries(list: ListNode): readonly MapEntry[] | undefined {
  const entries: MapEntry[] = [];
  for (const item of list.items) {
    const entry = item.kind === "map" && item.entries.length === 1 ? item.entries[0] : undefined;
    if (entry === undefined) return undefined;
    entries.push(entry);
  }
  return entries;
}

function withEntries(node: MapNode | ListNode, entries: readonly MapEntry[]): DocumentNode {
  if (node.kind === "map") return { ...node, entries };
  const items = entries.map(
    (entry): MapNode => ({ kind: "map", entries: [entry], source: entry.key.source, start: entry.key.start, end: entry.value.end }),
  );
  return { ...node, items };
}
