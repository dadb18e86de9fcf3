/** How findings say values, ranges and places. */
import { formatDay, type Place } from "../../data/foundation/index.ts";
import type { PolicyBody } from "./analyse-possible.ts";
import type { Range } from "./analyse-range.ts";
import type { Expression, ReferenceKind, ValueUnit } from "./expression.ts";
import { placeOfPart } from "./places.ts";
import { plainDigits, printLiteral } from "./quantity.ts";
import { partsOf } from "./walk-expression.ts";

/** Where a part of an expression was written; where it has no place of its own, that of what it belongs to. */
export function placeIn(expression: Expression, owner: object): Place | undefined {
  const parts = [...partsOf(expression)].map((part) => placeOfPart(part)).filter((place) => place !== undefined);
  const [own] = parts;
  return placeOfPart(expression) ?? own ?? placeOfPart(owner);
}

/** A value of a unit, as the language writes it. */
export function sayValue(value: number, unit: ValueUnit, currency?: string): string {
  if (unit === "date") return formatDay(value);
  const short = unit === "money" ? Math.round(value) : Number(value.toPrecision(7));
  return unit === "number" || unit === "count"
    ? plainDigits(short)
    : printLiteral({ value: short, unit, ...(currency === undefined ? {} : { currency }) });
}

/** The unit that a name counts in. */
export function unitOfName(policy: PolicyBody, to: ReferenceKind, name: string): ValueUnit {
  if (to === "today") return "date";
  if (to === "metric") return policy.metrics.find((metric) => metric.name === name)?.unit ?? "number";
  if (to === "ledger") return policy.ledgers.find((ledger) => ledger.name === name)?.unit ?? "points";
  if (to === "parameter") return policy.parameters.find((parameter) => parameter.name === name)?.unit ?? "number";
  return "number";
}

/** The unit of what an expression gives, as far as the names in it tell. */
export function unitOfExpression(policy: PolicyBody, expression: Expression): ValueUnit {
  if (expression.kind === "number") return expression.unit;
  return expression.kind === "reference" ? unitOfName(policy, expression.to, expression.name) : "number";
}

/** `lies from 0 % to 100 %`, `is never below 0`, `is always 50`. */
export function sayRange({ lower, upper }: Pick<Range, "lower" | "upper">, unit: ValueUnit, currency?: string): string {
  const say = (value: number): string => sayValue(value, unit, currency);
  if (lower === upper) return `is always ${say(lower)}`;
  if (lower === Number.MIN_VALUE && upper < 1) return "lies above 0 % and below 100 %";
  if (upper === Number.POSITIVE_INFINITY) return `is never below ${say(lower)}`;
  return lower === Number.NEGATIVE_INFINITY ? `is never above ${say(upper)}` : `lies from ${say(lower)} to ${say(upper)}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function sayList(texts: readonly string[]): string {
  const last = texts.at(-1) ?? "";
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(", ")} and ${last}`;
}

/** The currency of the money that an expression counts in: that of a number or a name in it, else the one that the policy writes amounts in. */
export function currencyOfExpression(policy: PolicyBody, expression: Expression): string | undefined {
  const named = new Map([...policy.parameters, ...policy.metrics, ...policy.ledgers].map(({ name, currency }) => [name, currency]));
  for (const part of partsOf(expression)) {
    const currency = part.kind === "number" ? part.currency : part.kind === "reference" ? named.get(part.name) : undefined;
    if (currency !== undefined) return currency;
  }
  return currencyOf(policy);
}

function currencyOf(policy: PolicyBody): string | undefined {
  const expressions = [
    ...policy.tiers.flatMap(({ when }) => (when === undefined ? [] : [when])),
    ...policy.conditions.map(({ expression }) => expression),
  ];
  for (const expression of expressions)
    for (const part of partsOf(expression)) if (part.kind === "number" && part.currency !== undefined) return part.currency;
  return policy.parameters.find((parameter) => parameter.currency !== undefined)?.currency;
}
