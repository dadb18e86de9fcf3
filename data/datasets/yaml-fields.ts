/** Reads YAML by field, with the place of everything, and collects a located diagnostic for each fault. */
import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, visit, type YAMLMap } from "yaml";
import {
  checkLimit,
  type Diagnostic,
  diagnose,
  findDeepNesting,
  findHiddenCharacter,
  nearestName,
  type Place,
  placeInText,
  sayYamlFault,
} from "../foundation/index.ts";

/** A value with the place where it stands. */
export interface Located<T> {
  readonly value: T;
  readonly place: Place;
}

/** A mapping of the file, asked for field by field. */
export interface Fields {
  readonly place: Place;
  readonly names: () => readonly Located<string>[];
  /** The field's text, or undefined (with a diagnostic if it must be there). */
  readonly text: (name: string) => Located<string> | undefined;
  readonly mustText: (name: string) => Located<string> | undefined;
  readonly texts: (name: string) => readonly Located<string>[] | undefined;
  readonly fields: (name: string) => Fields | undefined;
  readonly list: (name: string) => readonly Fields[] | undefined;
  /** Reports every field that was never asked for nor listed here. */
  readonly finish: (known: readonly string[]) => void;
}

/** The root mapping of a text, or undefined when it cannot be read at all. Faults go to `faults`. */
export function readYamlFields(text: string, file: string, faults: Diagnostic[]): Fields | undefined {
  const lines = new LineCounter();
  const deep = findDeepNesting(text);
  const tooDeep = deep === undefined ? undefined : checkLimit("policyNestingDepth", deep.depth, placeInText(file, text, deep.offset));
  if (tooDeep !== undefined) {
    faults.push(tooDeep);
    return undefined;
  }
  const hidden = findHiddenCharacter(text);
  if (hidden !== undefined) {
    const { offset, ...words } = hidden;
    faults.push(diagnose("hidden-character", { ...words, place: placeInText(file, text, offset) }));
    return undefined;
  }
  const document = parseDocument(text, { lineCounter: lines, schema: "failsafe", uniqueKeys: true, prettyErrors: false });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  for (const error of [...document.errors, ...document.warnings]) {
    const { code, offset, ...words } = sayYamlFault(text, error, "descriptor");
    faults.push(diagnose(code, { ...words, place: placeAt(offset) }));
  }
  if (document.errors.length > 0) return undefined;
  visit(document, (_, node) => {
    const isFeature = (isScalar(node) || isMap(node) || isSeq(node)) && (node.tag?.startsWith("!") === true || node.anchor !== undefined);
    const isAlias =
      node !== null && typeof node === "object" && "source" in node && "range" in node && !isScalar(node) && !isMap(node) && !isSeq(node);
    if (isFeature || isAlias) {
      const offset = (node as Node).range?.[0] ?? 0;
      faults.push(diagnose("yaml-feature", { message: "tags, anchors and aliases are not part of a descriptor", place: placeAt(offset) }));
    }
  });
  const root = document.contents;
  if (!isMap(root)) {
    const place = placeAt(root?.range?.[0] ?? 0);
    faults.push(diagnose("wrong-shape", { message: "a descriptor is a mapping of fields", place, cure: "Start with 'dataset: <name>'." }));
    return undefined;
  }
  return fieldsOf(root, "the descriptor", placeAt, faults);
}

function fieldsOf(map: YAMLMap<Node, Node | null>, what: string, placeAt: (offset: number) => Place, faults: Diagnostic[]): Fields {
  const place = placeAt(map.range?.[0] ?? 0);
  const asked = new Set<string>();
  const pairs = new Map<string, Pair<Node, Node | null>>();
  for (const pair of map.items) {
    if (isScalar(pair.key)) pairs.set(String(pair.key.value), pair);
    else faults.push(diagnose("wrong-shape", { message: "a key must be a plain name", place: placeAt(pair.key.range?.[0] ?? 0) }));
  }
  const placeOf = (node: Node | null | undefined, pair?: Pair<Node, Node | null>) => placeAt(node?.range?.[0] ?? pair?.key.range?.[0] ?? 0);
  const wrongShape = (name: string, expected: string, node: Node | null, pair: Pair<Node, Node | null>): undefined => {
    faults.push(
      diagnose("wrong-shape", {
        message: `'${name}' must be ${expected}`,
        place: placeOf(node, pair),
        expected,
        cure: `Write ${expected} after '${name}:'.`,
      }),
    );
  };
  const scalar = (node: Node | null | undefined): string | undefined =>
    isScalar(node) && typeof node.value === "string" && node.value.trim() !== "" ? node.value : undefined;
  const text: Fields["text"] = (name) => {
    asked.add(name);
    const pair = pairs.get(name);
    if (pair === undefined) return undefined;
    const value = scalar(pair.value);
    if (value === undefined) return wrongShape(name, "a text", pair.value, pair);
    return { value, place: placeOf(pair.value) };
  };
  return {
    place,
    names: () => [...pairs].map(([value, pair]) => ({ value, place: placeOf(pair.key) })),
    text,
    mustText: (name) => {
      if (pairs.has(name)) return text(name);
      asked.add(name);
      faults.push(diagnose("missing-key", { message: `${what} has no '${name}'`, place, cure: `Add '${name}:'.` }));
      return undefined;
    },
    texts: (name) => {
      asked.add(name);
      const pair = pairs.get(name);
      if (pair === undefined) return undefined;
      const nodes = isSeq(pair.value) ? (pair.value.items as (Node | null)[]) : [pair.value];
      const list: Located<string>[] = [];
      for (const node of nodes) {
        const value = scalar(node);
        if (value === undefined) return wrongShape(name, "a name or a list of names", node, pair);
        list.push({ value, place: placeOf(node) });
      }
      return list;
    },
    fields: (name) => {
      asked.add(name);
      const pair = pairs.get(name);
      if (pair === undefined) return undefined;
      if (!isMap(pair.value)) return wrongShape(name, "a mapping", pair.value, pair);
      return fieldsOf(pair.value as YAMLMap<Node, Node | null>, `'${name}'`, placeAt, faults);
    },
    list: (name) => {
      asked.add(name);
      const pair = pairs.get(name);
      if (pair === undefined) return undefined;
      if (!isSeq(pair.value)) return wrongShape(name, "a list", pair.value, pair);
      const found: Fields[] = [];
      for (const item of pair.value.items as (Node | null)[]) {
        if (isMap(item)) found.push(fieldsOf(item as YAMLMap<Node, Node | null>, `an entry of '${name}'`, placeAt, faults));
        else wrongShape(name, "a list of mappings", item, pair);
      }
      return found;
    },
    finish: (listed) => {
      const known = [...new Set([...listed, ...asked])];
      for (const [name, pair] of pairs) {
        if (known.includes(name)) continue;
        faults.push(
          diagnose("unknown-key", {
            message: `${what} has no field '${name}'`,
            place: placeOf(pair.key),
            found: name,
            near: nearestName(name, known),
            cure: nearestCure(name, known),
          }),
        );
      }
    },
  };
}

function nearestCure(name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  return near === undefined ? `Use one of: ${known.join(", ")}.` : `Did you mean '${near}'?`;
}
