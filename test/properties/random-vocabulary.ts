/** What a random policy can read so far: names with their units, so that the checker would let every expression pass. */
import type { Constant, Expression, ReferenceKind, ValueUnit } from "../../policies/language/index.ts";
import type { Draw } from "./draw.ts";

/** Units that do not mix; counts are plain numbers. */
export type UnitClass = "plain" | "share" | "points" | "days" | "hours" | "money" | "date";

/** A number that expressions can read. */
export interface NumberName {
  readonly to: Extract<ReferenceKind, "metric" | "score" | "ledger" | "parameter" | "event" | "today">;
  readonly name: string;
  readonly unit: UnitClass;
  /** It depends on a comparison among peers, which none may be compared by. */
  readonly ranked: boolean;
  /** Parameters: the least and the most that it can be. */
  readonly span?: Span;
  /** Parameters that depend on a text: whose. */
  readonly by?: "attribute" | "metric";
}

/** The least and the most. */
export interface Span {
  readonly lower: number;
  readonly upper: number;
}

/** A text that expressions can compare, with texts that it can be. */
export interface TextName {
  readonly to: "attribute" | "metric" | "event";
  readonly name: string;
  readonly values: readonly string[];
}

/** Everything that has been drawn so far, and so can be read. */
export interface Vocabulary {
  readonly numbers: readonly NumberName[];
  readonly texts: readonly TextName[];
  readonly conditions: readonly { readonly name: string; readonly ranked: boolean }[];
  readonly windows: readonly string[];
}

/** Flows of the random panel by unit. */
export const flowsByUnit = {
  plain: ["orders", "due", "late", "reviews"],
  hours: ["hours"],
  money: ["gmv"],
} as const satisfies Partial<Record<UnitClass, readonly string[]>>;

/** Units that totals come in. */
export type FlowUnit = keyof typeof flowsByUnit;

/** Levels of the random panel with their units. */
export const levels = [
  { name: "rating", unit: "plain" },
  { name: "response", unit: "share" },
  { name: "balance", unit: "money" },
] as const;

/** The title that a name has without one of its own. */
export function titleOf(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const literals: Readonly<Record<UnitClass, readonly number[]>> = {
  plain: [0, 1, 2, 3, 5, 10, 50, 0.25, 0.5, 1.25, 100, -1],
  share: [0, 0.1, 0.25, 0.5, 0.06, 0.022, 1, 1.5],
  points: [0, 1, 2, 3, 4, 8, 0.5, 12],
  days: [0, 1, 7, 28, 30, 60, 90],
  hours: [0, 0.25, 1, 3.33, 12.5, 40],
  money: [0, 100, 999, 12_345, 500_000, 10],
  date: [19_650, 19_700, 19_723, 19_782, 19_800, 20_000],
};

const unitOfClass: Readonly<Record<UnitClass, ValueUnit>> = {
  plain: "number",
  share: "share",
  points: "points",
  days: "days",
  hours: "hours",
  money: "money",
  date: "date",
};

/** The unit that a metric or parameter of the class carries. */
export function valueUnit(unit: UnitClass): ValueUnit {
  return unitOfClass[unit];
}

/** A literal as the language would read it. */
export function literalOf(unit: UnitClass, value: number): Extract<Expression, { kind: "number" }> {
  // `+ 0` makes of a negative zero the zero that a file holds.
  return { kind: "number", value: value + 0, unit: unitOfClass[unit], ...(unit === "money" ? { currency: "EUR" } : {}) };
}

/** Any literal of the unit. */
export function drawLiteral(draw: Draw, unit: UnitClass): Extract<Expression, { kind: "number" }> {
  return literalOf(unit, draw.pick(literals[unit]));
}

/** What a constant must obey, over its whole range. */
export interface Allowed {
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
  readonly below?: number;
}

/** Whether everything between is allowed. */
export function isAllowed({ lower, upper }: Span, { least = -1e15, above = -1e16, most = 1e15, below = 1e16 }: Allowed): boolean {
  return lower >= least && lower > above && upper <= most && upper < below;
}

/** A literal, or a parameter of the unit: any, but within what is allowed. `among`: literals to choose from. */
export function drawConstant(
  draw: Draw,
  vocabulary: Vocabulary,
  unit: UnitClass,
  allowed: Allowed = {},
  among: readonly number[] = literals[unit],
): Constant {
  const parameters = vocabulary.numbers.filter(
    ({ to, unit: own, span }) => to === "parameter" && own === unit && span !== undefined && isAllowed(span, allowed),
  );
  const rare = parameters.some(({ by }) => by === "metric") ? 3 : 2;
  if (parameters.length > 0 && draw.integer(1, rare) > 1)
    return { kind: "reference", to: "parameter", name: pickByText(draw, parameters).name };
  const fitting = among.filter((value) => isAllowed({ lower: value, upper: value }, allowed));
  return literalOf(unit, draw.pick(fitting));
}

/** Parameters by a text are few beside the fixed ones, and by the text of a metric fewer: they are picked more often than their share. */
function pickByText(draw: Draw, parameters: readonly NumberName[]): NumberName {
  const [byText, byMetric] = [parameters.filter(({ by }) => by !== undefined), parameters.filter(({ by }) => by === "metric")];
  if (byMetric.length > 0 && draw.chance(2)) return draw.pick(byMetric);
  return draw.pick(byText.length > 0 && draw.chance(2) ? byText : parameters);
}

/** The least and the most that a constant can be. */
export function spanOf(vocabulary: Vocabulary, constant: Constant): Span {
  if (constant.kind === "number") return { lower: constant.value, upper: constant.value };
  return vocabulary.numbers.find(({ to, name }) => to === "parameter" && name === constant.name)?.span ?? { lower: 0, upper: 0 };
}

/** `lower` to `upper`, the first below the second whatever the parameters are. */
export function drawBounds(draw: Draw, vocabulary: Vocabulary, unit: UnitClass): { readonly lower: Constant; readonly upper: Constant } {
  const lower = drawConstant(draw, vocabulary, unit, { most: Math.max(...literals[unit]) / 2 });
  const { upper: above } = spanOf(vocabulary, lower);
  return { lower, upper: drawConstant(draw, vocabulary, unit, { above }) };
}
