/** The form of a statistic's input: fields made from its JSON Schema, and what was typed read back into an input. */
import { z } from "zod";
import type { Statistic } from "../../simulations/statistics/index.ts";
import type { StatisticContext, StatisticField } from "../../views/index.ts";

/** What came with a form or an address. */
export type TypedFields = Readonly<Record<string, unknown>>;

/** Begins the name of the field that says for which kind the form was shown. */
const shownPrefix = "shown.";

/** Names of folded fields that stand on their fold. */
const namesShown = 4;

interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
}

/** What stands in a field, by its path. */
type ValueOf = (path: string) => string;

/** A field of the form, of the kinds that are chosen. */
interface Slot {
  readonly path: string;
  /** Of a nested object; empty for the input's own fields. */
  readonly group: string;
  readonly about: string;
  readonly kind: StatisticField["kind"];
  /** Words, numbers, or true and false. */
  readonly choices: readonly unknown[];
  readonly isOptional: boolean;
  /** What is chosen here says which fields its group has. */
  readonly decides: boolean;
  /** What an empty field means; it stands in the field from the start. Empty where nothing is meant, or where alternatives stand side by side. */
  readonly otherwise: string;
}

interface Groups {
  readonly slots: readonly Slot[];
  /** By group what it is about. */
  readonly about: ReadonlyMap<string, string>;
}

/** Fields by group with what is typed in them, or the example where nothing was sent. What is empty is folded, groups of nothing else together. */
export function statisticForm(
  statistic: Statistic,
  typed: TypedFields | undefined,
  problems: StatisticContext["problems"],
): Pick<StatisticContext, "groups" | "more"> {
  const { slots, about } = slotsOf(statistic, typed);
  const needed = new Set(slots.filter(({ isOptional }) => !isOptional).map(({ path }) => path));
  const isSpare = ({ path, value }: StatisticField): boolean => value === "" && !needed.has(path);
  const all = [...new Set(slots.map(({ group }) => group))].map((group) => ({
    title: group === "" ? "" : labelOf(group),
    about: about.get(group) ?? "",
    fields: slots.filter((slot) => slot.group === group).map((slot) => fieldOf(slot, statistic, typed, problems)),
  }));
  // What is set for all of them comes after what is asked.
  all.sort((a, b) => Number(a.title === "") - Number(b.title === ""));
  const empty = all.filter(({ fields }) => fields.every(isSpare));
  return {
    groups: all
      .filter((group) => !empty.includes(group))
      .map(({ fields, ...group }) => {
        const spare = fields.filter(isSpare);
        return {
          ...group,
          fields: fields.filter((field) => !isSpare(field)),
          ...(spare.length === 0
            ? {}
            : { spare: { summary: `May be given too: ${someOf(spare)}`, isOpen: spare.some(isWrong), fields: spare } }),
        };
      }),
    ...(empty.length === 0
      ? {}
      : {
          more: {
            summary: `More: ${empty.map(({ title, fields }) => (title === "" ? someOf(fields) : title.toLowerCase())).join("; ")}`,
            isOpen: empty.some(({ fields }) => fields.some(isWrong)),
            groups: empty,
          },
        }),
  };
}

function fieldOf(
  slot: Slot,
  { example }: Statistic,
  typed: TypedFields | undefined,
  problems: StatisticContext["problems"],
): StatisticField {
  const value = valuesOf(example, typed)(slot.path) || slot.otherwise;
  const choices = [...(slot.isOptional && slot.otherwise === "" ? [""] : []), ...slot.choices.map(String)];
  const problem = problems.find(({ field }) => field === slot.path);
  return {
    path: slot.path,
    label: labelOf(slot.path.split(".").at(-1) ?? slot.path),
    about: slot.about,
    kind: slot.kind,
    decides: slot.decides,
    value,
    choices: choices.map((choice) => ({ value: choice, isChosen: choice === value })),
    problem: problem === undefined ? "" : `${problem.message}. ${problem.cure}`.trim(),
  };
}

function isWrong({ problem }: StatisticField): boolean {
  return problem !== "";
}

/** The first of some fields, and how many more there are. */
function someOf(fields: readonly StatisticField[]): string {
  const names = fields.map(({ label }) => label.toLowerCase());
  const first = names.slice(0, names.length > namesShown + 1 ? namesShown : names.length);
  return `${first.join(", ")}${first.length === names.length ? "" : ` and ${names.length - first.length} more`}`;
}

/** Whether a kind was chosen anew since the form was shown, so that it showed the fields of another. */
export function hasOtherFields(statistic: Statistic, typed: TypedFields): boolean {
  return slotsOf(statistic, typed).slots.some(({ path, decides }) => {
    const shown = typed[shownPrefix + path];
    return decides && shown !== undefined && textOf(shown) !== textOf(typed[path]);
  });
}

/**
 * The input that the typed fields say. Empty fields are left out, as are those of kinds that are not chosen; what is no number
 * stays text, for the shape to refuse.
 */
export function readStatisticForm(statistic: Statistic, typed: TypedFields): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const { path, kind, choices } of slotsOf(statistic, typed).slots) {
    const text = textOf(typed[path]).trim();
    if (text === "") continue;
    let place = input;
    const steps = path.split(".");
    for (const step of steps.slice(0, -1)) {
      place[step] ??= {};
      place = place[step] as Record<string, unknown>;
    }
    place[steps.at(-1) ?? path] = kind === "choice" ? (choices.find((choice) => String(choice) === text) ?? text) : readValue(text, kind);
  }
  return input;
}

/** The field of the form that a fault of the input is about: the deepest that leads to it. */
export function fieldOfPath(statistic: Statistic, path: string, typed: TypedFields): string {
  const paths = slotsOf(statistic, typed).slots.map((slot) => slot.path);
  const steps = path.split(".");
  for (let length = steps.length; length > 0; length--) {
    const begun = steps.slice(0, length).join(".");
    const found = paths.find((known) => known === begun) ?? paths.find((known) => known.startsWith(`${begun}.`));
    if (found !== undefined) return found;
  }
  return paths[0] ?? "";
}

function slotsOf({ input, example }: Statistic, typed: TypedFields | undefined): Groups {
  const about = new Map<string, string>();
  const schema = z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as Schema;
  return { slots: slotsUnder(schema, { path: "", group: "", isSpare: false, valueOf: valuesOf(example, typed), about }), about };
}

/** Where the fields of an object stand. `isSpare`: it may be left out whole, so that none of its fields is needed or filled in. */
interface Place {
  readonly path: string;
  readonly group: string;
  readonly isSpare: boolean;
  readonly valueOf: ValueOf;
  readonly about: Map<string, string>;
}

/**
 * The fields of an object. Of alternatives that name their kind: the kind, and the fields of the one that is chosen. Other
 * alternatives stand side by side: what is filled in says which is meant.
 */
function slotsUnder(schema: Schema, place: Place): readonly Slot[] {
  const alternatives = schema.anyOf ?? schema.oneOf ?? [schema];
  const mark = markOf(alternatives);
  if (mark === undefined) return slotsBeside(alternatives, place);
  const path = stepTo(place, mark);
  const kinds = alternatives.map(({ properties }) => properties?.[mark]?.const);
  const first = place.isSpare ? "" : String(kinds[0]);
  const kind = place.valueOf(path) || first;
  const slot = {
    path,
    group: place.group,
    about: "",
    kind: "choice",
    choices: kinds,
    isOptional: place.isSpare,
    decides: true,
    otherwise: first,
  } as const;
  const chosen = alternatives.find((_, index) => String(kinds[index]) === kind);
  if (chosen === undefined) return [slot];
  const { [mark]: _, ...properties } = chosen.properties ?? {};
  return [slot, ...slotsBeside([{ ...chosen, properties }], { ...place, isSpare: false })];
}

/** The field by which alternatives differ: each says a word of its own there. */
function markOf(alternatives: readonly Schema[]): string | undefined {
  if (alternatives.length < 2) return undefined;
  const names = Object.keys(alternatives[0]?.properties ?? {});
  return names.find((name) => alternatives.every(({ properties }) => properties?.[name]?.const !== undefined));
}

function slotsBeside(alternatives: readonly Schema[], place: Place): readonly Slot[] {
  const isChoice = alternatives.length > 1;
  const seen = new Map<string, Slot>();
  for (const { properties, required } of alternatives) {
    for (const [name, property] of Object.entries(properties ?? {})) {
      const isOptional = isChoice || place.isSpare || !(required ?? []).includes(name);
      const field = { ...place, path: stepTo(place, name), isSpare: isChoice || place.isSpare };
      for (const slot of slotsOfField(property, isOptional, field)) {
        const choices = [...new Set([...(seen.get(slot.path)?.choices ?? []), ...slot.choices])];
        seen.set(slot.path, { ...slot, choices });
      }
    }
  }
  return [...seen.values()];
}

function stepTo({ path }: Place, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function slotsOfField(field: Schema, isOptional: boolean, place: Place): readonly Slot[] {
  const { path, group, isSpare, about } = place;
  const nested = (field.anyOf ?? field.oneOf ?? [field]).every(({ properties }) => properties !== undefined);
  if (nested && path.split(".").length < 3) {
    about.set(path, plain(field.description ?? ""));
    return slotsUnder(field, { ...place, group: path, isSpare: isSpare || isOptional });
  }
  const choices = choicesOf(field);
  const otherwise = field.default === undefined || isSpare ? "" : writeValue(field.default);
  const note = field.default === undefined || !isSpare ? [] : [`${writeValue(field.default)} unless given`];
  const words = plain([field.description ?? "", ...note].filter((part) => part !== "").join("; "));
  return [{ path, group, isOptional, otherwise, about: words, kind: kindOf(field, choices), choices, decides: false }];
}

/** Descriptions mark names with backticks, as Markdown does; a page quotes them. */
function plain(words: string): string {
  return words.replaceAll("`", "'");
}

function choicesOf(field: Schema): readonly unknown[] {
  if (field.enum !== undefined) return field.enum;
  if (field.type === "boolean") return [false, true];
  const alternatives = field.anyOf ?? field.oneOf ?? [field];
  return alternatives.every((one) => one.const !== undefined) ? alternatives.map((one) => one.const) : [];
}

function kindOf(field: Schema, choices: readonly unknown[]): Slot["kind"] {
  if (choices.length > 0) return "choice";
  if (field.type === "number" || field.type === "integer") return "number";
  if (field.type === "string") return "text";
  return field.type === "array" && (field.items?.type === "number" || field.items?.type === "integer") ? "list" : "json";
}

function readValue(text: string, kind: Exclude<Slot["kind"], "choice">): unknown {
  switch (kind) {
    case "number":
      return numberOf(text);
    case "list":
      return text.split(/[\s,;]+/).flatMap((part) => (part === "" ? [] : [numberOf(part)]));
    case "text":
      return text;
    case "json":
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return text;
      }
  }
}

function numberOf(text: string): number | string {
  const number = Number(text.replace("\u2212", "-"));
  return Number.isFinite(number) ? number : text;
}

function writeValue(value: unknown): string {
  if (value === undefined) return "";
  if (Array.isArray(value) && value.every((part) => typeof part === "number")) return value.join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What stands in each field: what was typed, or the example where nothing was sent. */
function valuesOf(example: unknown, typed: TypedFields | undefined): ValueOf {
  return (path) => (typed === undefined ? writeValue(valueAt(example, path)) : textOf(typed[path]));
}

function valueAt(input: unknown, path: string): unknown {
  let value = input;
  for (const step of path.split("."))
    value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[step] : undefined;
  return value;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return Array.isArray(value) && typeof value[0] === "string" ? value[0] : "";
}

/** `degreesOfFreedom` as `Degrees of freedom`. */
function labelOf(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).trim();
  return words.charAt(0).toUpperCase() + words.slice(1).replaceAll(".", ", ");
}
