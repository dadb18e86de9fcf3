/** Policies as the tables of this folder write them: the checked policy's own shape, with expressions and windows as short texts. */
import { parseDay, present } from "../../data/foundation/index.ts";
import type { Constant, EvaluationCalendar, Expression, Policy, Tier, Window } from "../../policies/language/index.ts";
import { binary, known, named, number, policyOf, tier } from "../compile/policy-parts.ts";

/** Plain data from a YAML table. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** Sections of a policy. In maps the key is the name; tiers are a list. */
export interface TablePolicy {
  readonly version?: string;
  readonly parameters?: Readonly<Record<string, Plain>>;
  readonly windows?: Readonly<Record<string, Plain>>;
  readonly metrics?: Readonly<Record<string, Plain>>;
  readonly scores?: Readonly<Record<string, Plain>>;
  readonly ledgers?: Readonly<Record<string, Plain>>;
  readonly conditions?: Readonly<Record<string, string>>;
  readonly tiers?: readonly { readonly name: string; readonly [key: string]: Plain }[];
  readonly caps?: readonly { readonly tier: string; readonly when: string }[];
  readonly otherwise?: string;
  readonly movement?: { readonly [key: string]: Plain };
}

/** The policy that a table's row writes. Without tiers: one that takes everybody; who is in none is in `-`. */
export function tablePolicy(table: TablePolicy): Policy {
  const { parameters, windows, metrics, scores, ledgers, conditions = {}, tiers, caps = [], otherwise, movement, version } = table;
  const ladder = (tiers ?? [{ name: "all" }]).map(({ name, when, ...rest }): Tier => {
    const condition = when === undefined ? undefined : expressionOf(when as string);
    return tier(name, condition, shapeOf(rest) as Partial<Tier>);
  });
  return policyOf({
    ...(version === undefined ? {} : { version }),
    parameters: sectionOf(parameters, { unit: "number" }) as unknown as Policy["parameters"],
    windows: sectionOf(windows) as unknown as Policy["windows"],
    metrics: sectionOf(metrics, { unit: "number" }) as unknown as Policy["metrics"],
    scores: sectionOf(scores, { round: 6 }) as unknown as Policy["scores"],
    ledgers: sectionOf(ledgers, { unit: "points", start: 0, lasts: { kind: "ever" } }) as unknown as Policy["ledgers"],
    conditions: Object.entries(conditions).map(([name, text]) => ({ name, title: name, expression: expressionOf(text) })),
    tiers: ladder,
    caps: caps.map((cap) => ({ tier: cap.tier, when: expressionOf(cap.when) })),
    ...(otherwise === undefined && tiers?.at(-1)?.["when"] === undefined ? {} : { otherwise: otherwise ?? "-" }),
    movement: {
      evaluate: calendarOf("every week"),
      promote: { after: 1 },
      demote: { after: 1 },
      ...(shapeOf(movement ?? {}) as Partial<Policy["movement"]>),
    },
  });
}

/**
 * `metric:late >= 2 and not condition:rated`: `or`, then `and`, then one comparison, then `+ - * /` from the left; no parentheses.
 * A name with a prefix is what it says, `today` the date, a bare name a measure, `'high'` a text, `2024-01-08` a date.
 */
export function expressionOf(text: string | number | boolean): Expression {
  if (typeof text === "number") return number(text);
  const words = String(text).split(" ");
  for (const operators of [["or"], ["and"]]) {
    const at = words.findLastIndex((word) => operators.includes(word));
    if (at > 0) return binary(partOf(words.slice(0, at)), words[at] ?? "", partOf(words.slice(at + 1)));
  }
  if (words[0] === "not") return { kind: "not", operand: partOf(words.slice(1)) };
  if (words.slice(-2).join(" ") === "is known") return known(words[0] ?? "");
  for (const operators of [
    ["<", "<=", ">", ">=", "=", "!="],
    ["+", "-"],
    ["*", "/"],
  ]) {
    const at = words.findLastIndex((word) => operators.includes(word));
    if (at > 0) return binary(partOf(words.slice(0, at)), words[at] ?? "", partOf(words.slice(at + 1)));
  }
  return atomOf(words.join(" "));
}

function partOf(words: readonly string[]): Expression {
  return expressionOf(words.join(" "));
}

function atomOf(word: string): Expression {
  const day = parseDay(word);
  if (day !== undefined) return { kind: "number", value: day, unit: "date" };
  if (word.startsWith("'")) return { kind: "text", value: word.slice(1, -1) };
  return Number.isNaN(Number(word)) ? named(word) : number(Number(word));
}

/** `28 days`, `2 periods`, `3 months`, `lifetime`, `last 100 orders`; anything else is the name of a window. */
function windowOf(text: string): Window {
  const [first = "", second = "", third = ""] = text.split(" ");
  if (text === "lifetime") return { kind: "lifetime" };
  if (first === "last") return { kind: "volume", count: constantOf(second), of: named(third) };
  const count = Number(first);
  const unit = second.replace(/s$/, "");
  if (unit === "day") return { kind: "days", count };
  if (unit === "period") return { kind: "periods", count };
  if (unit === "month" || unit === "quarter" || unit === "year") return { kind: "calendar", unit, count };
  return { kind: "named", name: text };
}

/** `every week`, `every Monday`, `day 20 of month`, `first Monday of quarter`. */
function calendarOf(text: string): EvaluationCalendar {
  const [first, second = "", , fourth] = text.split(" ");
  const weekday = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].indexOf(second);
  if (first === "day") return { kind: "day-of-month", dayOfMonth: Number(second) };
  if (first === "first") return { kind: "first-weekday", weekday, unit: fourth as "month" };
  return weekday === -1 ? { kind: "every", unit: second as "week" } : { kind: "weekday", weekday };
}

function constantOf(text: string | number | boolean): Constant {
  const expression = expressionOf(text);
  if (expression.kind !== "number" && expression.kind !== "reference") throw new RangeError(String(text));
  return expression as Constant;
}

function sectionOf(section: Readonly<Record<string, Plain>> = {}, defaults: Plain = {}): readonly Readonly<Record<string, unknown>>[] {
  return Object.entries(section).map(([name, entry]) => ({
    title: name,
    ...(shapeOf(defaults) as object),
    ...(shapeOf(entry) as object),
    name,
  }));
}

const expressionKeys = ["part", "whole", "sum", "of", "where", "when", "expression", "amount", "count"];
const constantKeys = ["prior", "strength", "level", "lower", "upper", "start", "atMost", "x", "y", "weight"];
/** Plain numbers of the policy's own shape. */
const plainParents = ["lasts", "takeBack", "parameters", "promote", "demote"];

/** The field's value in a checked policy. */
function shapeOf(value: Plain, key = "", parent = ""): unknown {
  if (plainParents.includes(parent) && key !== "calendar") return value;
  if (typeof value === "string" && ["over", "then", "otherwise"].includes(key)) return windowOf(value);
  if (typeof value === "string" && ["each", "calendar", "evaluate"].includes(key)) return calendarOf(value);
  if (typeof value === "string" && ["from", "among", "by"].includes(key) && value.includes(":")) return named(value);
  if (typeof value !== "object" && expressionKeys.includes(key)) return expressionOf(value);
  if (typeof value !== "object" && constantKeys.includes(key)) return key === "start" && parent === "movement" ? value : constantOf(value);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item: Plain) => shapeOf(item, "", key));
  return Object.fromEntries(Object.entries(value).map(([own, inner]) => [own, shapeOf(inner, own, key)]));
}

/** A date of a table. */
export function dayOfTable(text: string): number {
  return present(parseDay(text), text);
}
