/** Random parameters: fixed ones, with and without a range, and ones that depend on a text. */
import type { Parameter } from "../../policies/language/index.ts";
import type { Draw } from "./draw.ts";
import { type NumberName, type Span, type TextName, titleOf, type UnitClass, valueUnit } from "./random-vocabulary.ts";

/** Text attributes of the random panel. Their values stand in no order, so that engines cannot take codes for the order of texts. */
export const attributeTexts = [
  { to: "attribute", name: "region", values: ["north", "far south"] },
  // The second stands before the third in order of code units, behind it in order of code points.
  { to: "attribute", name: "category", values: ["toys", "\u{1F600}", "\uFF21", "constructor"] },
] as const satisfies readonly TextName[];

interface Kept {
  readonly parameter: Parameter;
  readonly number: NumberName;
}

/** Parameters of several units, each with the least and the most that it can be. */
export function drawParameters(
  draw: Draw,
  core: boolean,
): { readonly parameters: readonly Parameter[]; readonly numbers: readonly NumberName[] } {
  const kept: Kept[] = [
    fixed("share_line", "share", draw.pick([0, 0.1, 0.25, 0.5, 0.333])),
    fixed("count_line", "plain", draw.integer(0, 8), draw.chance(2) ? { lower: -1, upper: 9 } : undefined),
    fixed("score_line", "plain", draw.pick([0, 25, 50, 60, 62.5, 75, 100]), draw.chance(2) ? { lower: -0.5, upper: 100.5 } : undefined),
  ];
  kept.push(
    fixed("points_line", "points", draw.integer(0, 12)),
    fixed("days_line", "days", draw.pick([0, 7, 30])),
    fixed("hours_line", "hours", draw.pick([0.5, 12])),
    fixed("money_line", "money", draw.pick([100, 12_345])),
    fixed("start_day", "date", draw.pick([19_700, 19_782])),
  );
  if (core) return split(kept);
  for (const index of draw.list(0, 4, (i) => i)) kept.push(drawTextParameter(draw, `by_text_${index}`, draw.pick(attributeTexts)));
  return split(kept);
}

const textUnits = ["plain", "share", "points", "plain", "hours", "money", "days", "plain", "share"] as const satisfies readonly UnitClass[];

/** A parameter with a number for every text. */
export function drawTextParameter(draw: Draw, name: string, { to, name: of, values }: TextName): Kept {
  const unit = draw.pick(textUnits);
  const among = {
    plain: [1, 2, 10, 60, 0.5],
    share: [0.1, 0.25, 0.95, 0.022],
    points: [0, 2, 5],
    hours: [1, 12.5],
    money: [100, 20_000],
    days: [7, 30],
  }[unit];
  const entries = values.map((text) => ({ text, value: draw.pick(among) }));
  const numbers = entries.map(({ value }) => value);
  const parameter: Parameter = {
    name,
    title: titleOf(name),
    unit: valueUnit(unit),
    ...(unit === "money" ? { currency: "EUR" } : {}),
    by: { to: to === "metric" ? "metric" : "attribute", name: of },
    values: entries,
  };
  const span = { lower: Math.min(...numbers), upper: Math.max(...numbers) };
  return { parameter, number: { ...numberOf(name, unit, span), by: to === "metric" ? "metric" : "attribute" } };
}

function fixed(name: string, unit: UnitClass, value: number, range?: Span): Kept {
  const parameter: Parameter = {
    name,
    title: titleOf(name),
    value,
    unit: valueUnit(unit),
    ...(unit === "money" ? { currency: "EUR" } : {}),
    ...(range === undefined ? {} : { range }),
  };
  return { parameter, number: numberOf(name, unit, range ?? { lower: value, upper: value }) };
}

function numberOf(name: string, unit: UnitClass, span: Span): NumberName {
  return { to: "parameter", name, unit, ranked: false, span };
}

function split(kept: readonly Kept[]): { readonly parameters: readonly Parameter[]; readonly numbers: readonly NumberName[] } {
  return { parameters: kept.map(({ parameter }) => parameter), numbers: kept.map(({ number }) => number) };
}
