/** Reads the keys of one mapping against its shape: unknown and missing keys, and values of the wrong shape, are reported here. */
import { nearestName, type Place } from "../../data/foundation/index.ts";
import { type DocumentNode, entryOf, type ListNode, type MapEntry, type MapNode, placeOf, type TextNode } from "./document.ts";
import type { Shape } from "./key-rule.ts";
import { type Cursor, readPhrase } from "./phrase.ts";
import type { Problems } from "./problems.ts";
import { missingSpaceCure } from "./read-document.ts";
import { type ShapeName, shapes } from "./shapes.ts";

/** The checked keys of one mapping. */
export class Fields {
  readonly #map: MapNode;
  readonly #problems: Problems;

  constructor(map: MapNode, problems: Problems) {
    this.#map = map;
    this.#problems = problems;
  }

  get place(): Place {
    return placeOf(this.#map);
  }

  entry(key: string): MapEntry | undefined {
    return entryOf(this.#map, key);
  }

  text(key: string): TextNode | undefined {
    const entry = this.entry(key);
    return entry === undefined ? undefined : asText(entry.value, this.#problems, `'${key}'`);
  }

  map(key: string): MapNode | undefined {
    const entry = this.entry(key);
    return entry === undefined ? undefined : asMap(entry.value, this.#problems, `'${key}'`);
  }

  list(key: string): ListNode | undefined {
    const entry = this.entry(key);
    if (entry === undefined) return undefined;
    if (entry.value.kind === "list") return entry.value;
    this.#problems.add("wrong-shape", placeOf(entry.value), {
      message: `'${key}' is a list, not a ${entry.value.kind === "map" ? "mapping" : "text"}`,
      found: entry.value.kind,
      expected: "list",
    });
    return undefined;
  }

  /** The text under a key, read by a phrase reader. Undefined when absent or faulty. */
  phrase<T>(key: string, read: (cursor: Cursor) => T): T | undefined {
    const node = this.text(key);
    return node === undefined ? undefined : readPhrase(node, this.#problems, read);
  }

  /** `true` or `false`; false when absent. */
  flag(key: string): boolean {
    const node = this.text(key);
    if (node === undefined || node.text === "false") return false;
    if (node.text === "true") return true;
    this.#problems.add("bad-form", placeOf(node), {
      message: `'${key}' is true or false`,
      found: node.text,
      expected: "true or false",
      cure: "Write 'true', or leave the key out.",
    });
    return false;
  }
}

/** Checks a mapping's keys against a shape: one of the language's own, or another file's. */
export function fieldsOf(map: MapNode, keys: ShapeName | Shape, what: string, problems: Problems): Fields {
  const shape: Shape = typeof keys === "string" ? shapes[keys] : keys;
  const known = Object.keys(shape);
  for (const { key } of map.entries) {
    if (known.includes(key.text)) continue;
    problems.add("unknown-key", placeOf(key), {
      message: `${what} has no key '${key.text}'`,
      found: key.text,
      expected: known.join(", "),
      near: nearestName(key.text, known),
      ...(keys === "consequences" && nearestName(key.text, known) === undefined
        ? {
            cure: `A tier's consequences are ${known.slice(0, -1).join(", ")} and ${known.at(-1) ?? ""}; say anything else that it does in its 'title'.`,
          }
        : {}),
    });
  }
  for (const [key, rule] of Object.entries(shape)) {
    if (rule.required !== true || entryOf(map, key) !== undefined) continue;
    const example = rule.form === undefined ? `Add '${key}:'.` : `Add '${key}: ${rule.form}' or the like.`;
    problems.add("missing-key", placeOf(map), { message: `${what} lacks '${key}'`, expected: key, cure: example });
  }
  return new Fields(map, problems);
}

/** The node as a mapping, or undefined with a problem. */
export function asMap(node: DocumentNode, problems: Problems, what: string): MapNode | undefined {
  if (node.kind === "map") return node;
  problems.add("wrong-shape", placeOf(node), {
    message: `${what} is a mapping, not a ${node.kind}`,
    found: node.kind,
    expected: "mapping",
    cure: missingSpaceCure(node),
  });
  return undefined;
}

/** The node as a text, or undefined with a problem. */
export function asText(node: DocumentNode, problems: Problems, what: string): TextNode | undefined {
  if (node.kind === "text") return node;
  const cure = node.kind === "list" ? "Write one value, without brackets or dashes." : "Write one value, without braces or nested lines.";
  problems.add("wrong-shape", placeOf(node), {
    message: `${what} is one value, not a ${node.kind === "map" ? "mapping" : "list"}`,
    found: node.kind,
    expected: "text",
    cure,
  });
  return undefined;
}
