/** What can be written at a place of a file: keys of the language, names that mean something there, and forms by example. */
import { isMap, isSeq, type Node } from "yaml";
import type { PanelSchema } from "../../data/panel/index.ts";
import { type CaretPlace, caretPlaceOf } from "./caret-place.ts";
import { type DefinedName, definedNames, entriesOf, isWithinLimits, looseRoot } from "./defined-names.ts";
import { type JsonSchema, policyJsonSchema, ruleOf } from "./json-schema.ts";
import type { KeyRule, NameGroup } from "./key-rule.ts";
import type { Policy } from "./policy.ts";
import { printPolicy } from "./print-policy.ts";
import { functionTable } from "./resolve-expression.ts";

/** One thing that can be written. */
export interface Completion {
  readonly label: string;
  /** What is put in the place of the word. */
  readonly insert: string;
  readonly kind: "key" | "path" | "form" | NameGroup;
  /** One line. */
  readonly about: string;
}

/** What can be written, and which part of the text gives way to it. */
export interface Completions {
  readonly from: number;
  readonly to: number;
  readonly options: readonly Completion[];
}

const optionsMost = 60;

/**
 * What can be written at an offset, that which begins with the word before it first. `parent`: the policy that the file extends; `panel`:
 * the history whose columns it reads. Nothing inside comments and prose. The language's own table says what there is.
 */
export function completionsAt(options: {
  readonly text: string;
  readonly offset: number;
  readonly parent?: Policy | undefined;
  readonly panel?: PanelSchema | undefined;
}): Completions {
  const { text, offset, parent, panel } = options;
  const place = isWithinLimits(text) ? caretPlaceOf(text, offset) : undefined;
  if (place === undefined) return { from: offset, to: offset, options: [] };
  const { from, word } = place;
  const whole = text.slice(0, from) + text.slice(offset);
  const root = looseRoot(whole);
  const isVersion = root === undefined ? /^extends:/m.test(text) : entriesOf(root).some(([key]) => key === "extends");
  const parentText = parent === undefined ? "" : printPolicy(parent);
  const parentRoot = parent === undefined ? undefined : looseRoot(parentText);
  const names = (): readonly DefinedName[] => [
    ...(root === undefined ? [] : definedNames(root, whole)),
    ...(isVersion && parentRoot !== undefined ? definedNames(parentRoot, parentText) : []),
    ...(panel === undefined ? [] : columnNames(panel)),
    ...functionNamesWithWords(),
  ];
  const found = optionsAt(place, { isVersion, siblings: siblingsOf(root, place), names, parentRoot });
  return { from, to: offset, options: matching(found, word) };
}

interface Surroundings {
  readonly isVersion: boolean;
  readonly siblings: ReadonlySet<string>;
  readonly names: () => readonly DefinedName[];
  readonly parentRoot: Node | undefined;
}

function optionsAt(place: CaretPlace, around: Surroundings): readonly Completion[] {
  const { path, kind, word } = place;
  if (around.isVersion && isPathPlace(place)) return pathOptions(around.parentRoot, word, place);
  const steps = walk(path, around.isVersion);
  if (steps.length === 0) return [];
  const maps = steps.flatMap(({ schema, rule }) => alternatives(schema).map((one) => ({ schema: one, rule })));
  if (kind === "key" && maps.some(({ schema }) => schema["type"] === "object" || schema["properties"] !== undefined))
    return keyOptions(maps, place, around);
  const rule = steps.find((step) => step.rule !== undefined)?.rule;
  return valueOptions(maps, rule, place, around.names);
}

/** One way in which a place can be read. */
interface Step {
  readonly schema: JsonSchema;
  /** Of the nearest key of the language above. */
  readonly rule: KeyRule | undefined;
}

/** Follows a path through the published schema; several steps where several shapes may stand. */
function walk(path: readonly string[], isVersion: boolean): readonly Step[] {
  const section = path[0] ?? "";
  if (isVersion && (section === "set" || section === "add") && path[1] !== undefined)
    return follow([...path[1].split("."), ...path.slice(2)], "policy", true);
  return follow(path, isVersion ? "version" : "policy", false);
}

function follow(path: readonly string[], start: "policy" | "version", isByPath: boolean): readonly Step[] {
  let steps: readonly Step[] = [{ schema: definition(start), rule: undefined }];
  for (const segment of path)
    steps = steps.flatMap((step) => alternatives(step.schema).flatMap((one) => into(one, step, segment, isByPath)));
  return steps;
}

function into(schema: JsonSchema, { rule }: Step, segment: string, isByPath: boolean): readonly Step[] {
  const items = schema["items"] as JsonSchema | undefined;
  if (items !== undefined && segment === "-") return [{ schema: items, rule }];
  // A path names a tier without saying that the ladder is a list.
  if (items !== undefined && isByPath) return alternatives(items).flatMap((one) => into(one, { schema: items, rule }, segment, isByPath));
  const property = (schema["properties"] as Readonly<Record<string, JsonSchema>> | undefined)?.[segment];
  if (property !== undefined) return [{ schema: property, rule: ruleOf(property) ?? rule }];
  const named = schema["additionalProperties"];
  return typeof named === "object" && segment !== "-" ? [{ schema: named as JsonSchema, rule }] : [];
}

function definition(name: string): JsonSchema {
  return (policyJsonSchema["$defs"] as Readonly<Record<string, JsonSchema>>)[name] ?? {};
}

/** The shapes that a schema lets stand. */
function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  const reference = schema["$ref"];
  if (typeof reference === "string") return alternatives(definition(reference.slice("#/$defs/".length)));
  const one = schema["oneOf"] as readonly JsonSchema[] | undefined;
  return one === undefined ? [schema] : one.flatMap(alternatives);
}

/** Keys that may still be written: of the shapes that have all keys that stand there already. */
function keyOptions(maps: readonly Step[], place: CaretPlace, { siblings, names }: Surroundings): readonly Completion[] {
  const shapes = maps.filter(({ schema }) => schema["properties"] !== undefined);
  const propertiesOf = ({ schema }: Step) => schema["properties"] as Readonly<Record<string, JsonSchema>>;
  const fitting = shapes.filter((step) => [...siblings].every((key) => propertiesOf(step)[key] !== undefined));
  const keys = new Map<string, Completion>();
  for (const step of fitting.length > 0 ? fitting : shapes)
    for (const [key, property] of Object.entries(propertiesOf(step))) {
      const rule = ruleOf(property);
      if (siblings.has(key) || keys.has(key) || rule === undefined) continue;
      const isText = rule.holds === "text" || rule.holds === "text or map";
      const words = rule.form === undefined ? rule.about : `${rule.about} Like ${rule.form}.`;
      const about = rule.required === true ? `Required. ${words}` : words;
      keys.set(key, { label: key, insert: `${key}:${isText || place.isFlow ? " " : ""}`, kind: "key", about });
    }
  const groups = maps.flatMap(({ rule, schema }) => (schema["properties"] === undefined ? (rule?.keyNames ?? []) : []));
  const named = names().filter(({ name, group }) => groups.includes(group) && !siblings.has(name));
  return [...keys.values(), ...named.map(({ name, group, about }) => ({ label: name, insert: `${name}: `, kind: group, about }))];
}

/** Names that the key speaks of; where nothing is written yet also its form by example, and the words that it takes. */
function valueOptions(
  schemas: readonly Step[],
  rule: KeyRule | undefined,
  { word }: CaretPlace,
  names: Surroundings["names"],
): readonly Completion[] {
  const words = schemas.flatMap(({ schema }) =>
    ((schema["enum"] ?? []) as readonly unknown[]).filter((value): value is string => typeof value === "string"),
  );
  const groups = rule?.names ?? [];
  const form = rule?.form;
  const example = form === undefined || word !== "" || words.length > 0 ? [] : [form];
  return [
    ...words.map((label): Completion => ({ label, insert: label, kind: "form", about: rule?.about ?? "" })),
    ...names()
      .filter(({ group }) => groups.includes(group))
      .map(({ name, group, about }): Completion => ({ label: name, insert: group === "function" ? `${name}(` : name, kind: group, about })),
    ...example.map((label): Completion => ({ label, insert: label, kind: "form", about: `An example. ${rule?.about ?? ""}` })),
  ];
}

/** Under `set`, `add` and `remove` of a version a path of the extended one is written. */
function isPathPlace({ path, kind }: CaretPlace): boolean {
  const [section = "", item] = path;
  if (section === "remove") return path.length <= 2 && (item === undefined || item === "-");
  return (section === "set" || section === "add") && path.length === 1 && kind === "key";
}

function pathOptions(root: Node | undefined, word: string, { path }: CaretPlace): readonly Completion[] {
  const before = word.split(".").slice(0, -1);
  let node: Node | undefined | null = root;
  for (const segment of before) node = childrenOf(node).find(([name]) => name === segment)?.[1];
  const own = new Set(["programme", "version", "title", "entity", "rationale"]);
  return childrenOf(node)
    .filter(([name]) => before.length > 0 || !own.has(name))
    .map(([name, child]): Completion => {
      const label = [...before, name].join(".");
      const isSection = before.length === 0 && childrenOf(child).length > 0;
      const insert = path[0] === "remove" ? label : isSection ? `${label}.` : `${label}: `;
      const inside = childrenOf(child).map(([key]) => key);
      const about =
        inside.length === 0 ? `Now ${textOf(child)}` : `Holds ${inside.slice(0, 6).join(", ")}${inside.length > 6 ? ", …" : ""}`;
      return { label, insert, kind: "path", about };
    });
}

/** The keys of a mapping; of a ladder its tiers. */
function childrenOf(node: Node | null | undefined): readonly (readonly [string, Node | null])[] {
  return isSeq(node) ? node.items.flatMap((item) => (isMap(item) && item.items.length === 1 ? entriesOf(item) : [])) : entriesOf(node);
}

function textOf(node: Node | null): string {
  return String(node).replaceAll(/\s+/g, " ").trim().slice(0, 80);
}

/** Keys that stand in the same mapping already. */
function siblingsOf(root: Node | undefined, { path, from, kind }: CaretPlace): ReadonlySet<string> {
  if (kind === "value") return new Set();
  let node: Node | undefined | null = root;
  for (const segment of path) {
    if (segment !== "-") node = entriesOf(node).find(([key]) => key === segment)?.[1];
    else if (isSeq(node)) node = (node.items as readonly Node[]).findLast((item) => (item.range?.[0] ?? 0) <= from);
    else return new Set();
  }
  return new Set(entriesOf(node).map(([key]) => key));
}

function columnNames({ measures, attributes, events }: PanelSchema): readonly DefinedName[] {
  const fields = events.flatMap((event) => (event.fields ?? []).map((field) => ({ field, event: event.title })));
  return [
    ...measures.map(({ name, title, unit }) => ({ name, group: "measure" as const, about: `${title}, in ${unit}` })),
    ...attributes.map(({ name, title, type }) => ({ name, group: "attribute" as const, about: `${title}, a ${type}` })),
    ...events.map(({ name, title }) => ({ name, group: "event" as const, about: title })),
    ...fields.map(({ field, event }) => ({ name: field, group: "field" as const, about: `A field of ${event}` })),
  ];
}

function functionNamesWithWords(): readonly DefinedName[] {
  return [...functionTable].map(([name, { form, about }]) => ({ name, group: "function", about: `${form}. ${about}` }));
}

/** What begins with the word, then what holds it; each label once. */
function matching(found: readonly Completion[], word: string): readonly Completion[] {
  const wanted = word.toLowerCase();
  const once = [...new Map(found.map((option) => [`${option.kind} ${option.label}`, option])).values()];
  const begins = once.filter(({ label }) => label.toLowerCase().startsWith(wanted));
  const holds = once.filter(({ label }) => !label.toLowerCase().startsWith(wanted) && label.toLowerCase().includes(wanted));
  const options = [...begins, ...holds];
  const isWritten = options.length === 1 && options[0]?.label === word;
  return isWritten ? [] : options.slice(0, optionsMost);
}
