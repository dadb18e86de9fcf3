/** The form of a statistic's input: fields made from its JSON Schema, and what was typed read back into an input. */
import { z } from "zod";
import type { Statistic } from "../../simulations/statistics/index.ts";
import type { StatisticContext, StatisticField } from "../../views/index.ts";

/** What came with a form or an address. */
export type TypedFields = Readonly<Record<string, unknown>>;

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

/** A field of the form before anything is typed. */
interface Slot {
  readonly path: string;
  /** Of a nested object; empty for the input's own fields. */
  readonly group: string;
  readonly about: string;
  readonly kind: StatisticField["kind"];
  /** Words, numbers, or true and false. */
  readonly choices: readonly unknown[];
  readonly isOptional: boolean;
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
  const { slots, about } = slotsOf(statistic);
  const all = [...new Set(slots.map(({ group }) => group))].map((group) => ({
    title: group === "" ? "" : labelOf(group),
    about: about.get(group) ?? "",
    fields: slots.filter((slot) => slot.group === group).map((slot) => fieldOf(slot, statistic, typed, problems)),
  }));
  // What is set for all of them comes after what is asked.
  all.sort((a, b) => Number(a.title === "") - Number(b.title === ""));
  const empty = all.filter(({ fields }) => fields.every(isEmpty));
  return {
    groups: all
      .filter((group) => !empty.includes(group))
      .map(({ fields, ...group }) => {
        const spare = fields.filter(isEmpty);
        return {
          ...group,
          fields: fields.filter((field) => !isEmpty(field)),
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
  const value = (typed === undefined ? writeValue(valueAt(example, slot.path)) : textOf(typed[slot.path])) || slot.otherwise;
  const choices = [...(slot.isOptional && slot.otherwise === "" ? [""] : []), ...slot.choices.map(String)];
  const problem = problems.find(({ field }) => field === slot.path);
  return {
    path: slot.path,
    label: labelOf(slot.path.split(".").at(-1) ?? slot.path),
    about: slot.about,
    kind: slot.kind,
    value,
    choices: choices.map((choice) => ({ value: choice, isChosen: choice === value })),
    problem: problem === undefined ? "" : `${problem.message}. ${problem.cure}`.trim(),
  };
}

function isEmpty({ value }: StatisticField): boolean {
  return value === "";
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

/** The input that the typed fields say. Empty fields are left out; what is no number stays text, for the shape to refuse. */
export function readStatisticForm(statistic: Statistic, typed: TypedFields): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const { path, kind, choices } of slotsOf(statistic).slots) {
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
export function fieldOfPath(statistic: Statistic, path: string): string {
  const paths = slotsOf(statistic).slots.map((slot) => slot.path);
  const steps = path.split(".");
  for (let length = steps.length; length > 0; length--) {
    const begun = steps.slice(0, length).join(".");
    const found = paths.find((known) => known === begun) ?? paths.find((known) => known.startsWith(`${begun}.`));
    if (found !== undefined) return found;
  }
  return paths[0] ?? "";
}

function slotsOf({ input }: Statistic): Groups {
  const about = new Map<string, string>();
  const slots = slotsUnder(z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as Schema, "", about);
  return { slots, about };
}

/** The fields of an object. Alternatives of objects stand side by side: what is filled in says which is meant. */
function slotsUnder(schema: Schema, path: string, about: Map<string, string>, group = "", isInAlternative = false): readonly Slot[] {
  const alternatives = schema.anyOf ?? schema.oneOf ?? [schema];
  const isChoice = alternatives.length > 1;
  const seen = new Map<string, Slot>();
  for (const alternative of alternatives) {
    for (const [name, property] of Object.entries(alternative.properties ?? {})) {
      const own = path === "" ? name : `${path}.${name}`;
      const isOptional = isChoice || !(alternative.required ?? []).includes(name);
      for (const slot of slotsOfField(property, { path: own, group, isOptional, isAlternative: isChoice || isInAlternative }, about)) {
        const choices = [...new Set([...(seen.get(slot.path)?.choices ?? []), ...slot.choices])];
        seen.set(slot.path, { ...slot, choices });
      }
    }
  }
  return [...seen.values()];
}

function slotsOfField(
  field: Schema,
  at: { readonly path: string; readonly group: string; readonly isOptional: boolean; readonly isAlternative: boolean },
  about: Map<string, string>,
): readonly Slot[] {
  const nested = (field.anyOf ?? field.oneOf ?? [field]).every(({ properties }) => properties !== undefined);
  if (nested && at.path.split(".").length < 3) {
    about.set(at.path, plain(field.description ?? ""));
    return slotsUnder(field, at.path, about, at.path, at.isAlternative || at.isOptional);
  }
  const { path, group, isOptional, isAlternative } = at;
  const choices = choicesOf(field);
  const otherwise = field.default === undefined || isAlternative ? "" : writeValue(field.default);
  const note = field.default === undefined || !isAlternative ? [] : [`${writeValue(field.default)} unless given`];
  const words = plain([field.description ?? "", ...note].filter((part) => part !== "").join("; "));
  return [{ path, group, isOptional, otherwise, about: words, kind: kindOf(field, choices), choices }];
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
