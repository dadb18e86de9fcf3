/** Where the numbers of parameters stand in a file, so that one can be changed without touching anything else of it. */
import { entryOf, type MapNode, placeAt } from "./document.ts";
import { Problems } from "./problems.ts";
import { readDocument } from "./read-document.ts";

/** Where a number stands, or would be put: the text from `from` to `to` gives way to `before`, the number and `after`. */
export interface ParameterPlace {
  readonly from: number;
  readonly to: number;
  readonly before: string;
  readonly after: string;
}

/**
 * The place of each parameter's number, by its name: `gold_line`, or `claims_green.MX` for the number by a text. A version that extends
 * another and does not change it yet gets a line of its own under `set`. Without those that a wider change of the file hides; empty when
 * the file cannot be read.
 *
 * @example
 * parameterPlaces("extends: 1.0.0\nset:\n  parameters.gold_line.value: 85\n", ["gold_line"]).get("gold_line")
 * // => { from: 50, to: 52, before: "", after: "" }
 */
export function parameterPlaces(text: string, names: readonly string[]): ReadonlyMap<string, ParameterPlace> {
  const document = readDocument({ text, file: "", problems: new Problems() });
  if (document === undefined) return new Map();
  const { root } = document;
  // A mark at the beginning of the text is not part of what was read.
  const shift = text.length - document.source.text.length;
  const isVersion = entryOf(root, "extends") !== undefined;
  return new Map(
    names.flatMap((name) => {
      const path = pathOf(name);
      const place = isVersion ? placeInVersion(root, text.length - shift, path) : written(root, path);
      return place === undefined ? [] : [[name, { ...place, from: place.from + shift, to: place.to + shift }] as const];
    }),
  );
}

/** The file with one parameter's number changed; undefined when it has no place in it. */
export function withParameter(text: string, name: string, value: string): string | undefined {
  const place = parameterPlaces(text, [name]).get(name);
  return place === undefined ? undefined : text.slice(0, place.from) + place.before + value + place.after + text.slice(place.to);
}

function pathOf(name: string): readonly string[] {
  const [parameter = "", ...rest] = name.split(".");
  return rest.length === 0 ? ["parameters", parameter, "value"] : ["parameters", parameter, "in", rest.join(".")];
}

function written(root: MapNode, path: readonly string[]): ParameterPlace | undefined {
  let node: MapNode = root;
  for (const [depth, segment] of path.entries()) {
    const value = entryOf(node, segment)?.value;
    if (value?.kind === "text" && depth === path.length - 1) return { from: value.start, to: value.end, before: "", after: "" };
    if (value?.kind !== "map") return undefined;
    node = value;
  }
  return undefined;
}

function placeInVersion(root: MapNode, length: number, path: readonly string[]): ParameterPlace | undefined {
  for (const section of ["set", "add"]) {
    const changes = entryOf(root, section)?.value;
    for (const { key, value } of changes?.kind === "map" ? changes.entries : []) {
      const segments = key.text.split(".");
      if (!segments.every((segment, index) => segment === path[index])) continue;
      const rest = path.slice(segments.length);
      if (rest.length === 0 && value.kind === "text") return { from: value.start, to: value.end, before: "", after: "" };
      return value.kind === "map" ? written(value, rest) : undefined;
    }
  }
  return addedLine(root, length, path.join("."));
}

function addedLine({ entries, source }: MapNode, length: number, path: string): ParameterPlace | undefined {
  const key = /^[\w.]+$/.test(path) ? path : JSON.stringify(path);
  const set = entries.find((entry) => entry.key.text === "set")?.value;
  if (set === undefined) {
    const isEnded = source.text === "" || source.text.endsWith("\n");
    return { from: length, to: length, before: `${isEnded ? "" : "\n"}set:\n  ${key}: `, after: "\n" };
  }
  const first = set.kind === "map" ? set.entries[0] : undefined;
  if (first === undefined) return undefined;
  const isFlow = source.text.charAt(set.start) === "{";
  const indent = " ".repeat(placeAt(source, first.key.start).column - 1);
  return { from: first.key.start, to: first.key.start, before: `${key}: `, after: isFlow ? ", " : `\n${indent}` };
}
