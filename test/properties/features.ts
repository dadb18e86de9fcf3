/** The features of the language, by name. The lists are typed by the language's nouns: a new kind or field stops the build. */
import type { Expression, Ledger, LedgerLine, Metric, Policy, Score, Window } from "../../policies/language/index.ts";

type OptionalKeys<T> = { [K in keyof T]-?: Partial<Pick<T, K>> extends Pick<T, K> ? K : never }[keyof T];

/** The optional keys of a noun, each named once. Currencies are found, not written. */
function optionalKeys<T>(keys: Readonly<Record<Exclude<OptionalKeys<T>, "currency"> & string, true>>): readonly string[] {
  return Object.keys(keys);
}

function keysOf<K extends string>(keys: Readonly<Record<K, true>>): readonly K[] {
  return Object.keys(keys) as K[];
}

type MetricOf<K extends Metric["kind"]> = Extract<Metric, { readonly kind: K }>;
type LineOf<K extends LedgerLine["kind"]> = Extract<LedgerLine, { readonly kind: K }>;

const windowKinds = keysOf<Window["kind"]>({ days: true, periods: true, calendar: true, lifetime: true, volume: true, named: true });
/** Optional keys of metrics, by kind. */
export const optionalOfMetric = {
  share: optionalKeys<MetricOf<"share">>({ atLeast: true, shrink: true, wilson: true }),
  mean: optionalKeys<MetricOf<"mean">>({ atLeast: true }),
  sum: optionalKeys<MetricOf<"sum">>({ atLeast: true }),
  count: optionalKeys<MetricOf<"count">>({ where: true, alike: true }),
  distinct: optionalKeys<MetricOf<"distinct">>({ where: true }),
  percentile: optionalKeys<MetricOf<"percentile">>({ atLeastPeriods: true }),
  largest: optionalKeys<MetricOf<"largest">>({}),
  last: optionalKeys<MetricOf<"last">>({}),
  since: optionalKeys<MetricOf<"since">>({}),
  unbroken: optionalKeys<MetricOf<"unbroken">>({}),
  rank: optionalKeys<MetricOf<"rank">>({ among: true }),
  ratio: optionalKeys<MetricOf<"ratio">>({ among: true }),
  value: optionalKeys<MetricOf<"value">>({ within: true }),
} as const satisfies Record<Metric["kind"], readonly string[]>;
/** Optional keys of lines of ledgers, by kind. */
export const optionalOfLine = {
  date: optionalKeys<LineOf<"date">>({ when: true, atMost: true }),
  volume: optionalKeys<LineOf<"volume">>({ when: true, atMost: true }),
  event: optionalKeys<LineOf<"event">>({ when: true, atMost: true, where: true }),
} as const satisfies Record<LedgerLine["kind"], readonly string[]>;
const calendars = keysOf<CalendarName>({
  "every day": true,
  "every week": true,
  "every month": true,
  "every quarter": true,
  weekday: true,
  "day-of-month": true,
  "first-weekday month": true,
  "first-weekday quarter": true,
});
const expressionKinds = keysOf<Expression["kind"]>({
  number: true,
  text: true,
  reference: true,
  negate: true,
  arithmetic: true,
  compare: true,
  logic: true,
  not: true,
  known: true,
  member: true,
  call: true,
  if: true,
});
const functions = keysOf<Extract<Expression, { kind: "call" }>["function"]>({
  min: true,
  max: true,
  clamp: true,
  floor: true,
  ceil: true,
  round: true,
  abs: true,
});
const readKinds = keysOf<Extract<Expression, { kind: "reference" }>["to"]>({
  measure: true,
  metric: true,
  score: true,
  ledger: true,
  parameter: true,
  condition: true,
  attribute: true,
  event: true,
  today: true,
});
/** Sections that compute, each of which reads every other across, but for what a `largest` text or a window reads. */
const sections = ["metric", "score", "ledger", "condition"] as const;
/** A section that computes. */
export type Section = (typeof sections)[number];
/** Constants that can be a parameter, fixed or by a text; those by a metric's text are asked for where they matter most. */
const constantPlaces = [
  "at_least",
  "shrink prior",
  "shrink strength",
  "wilson level",
  "volume",
  "named window",
  "percentile",
  "within",
  "anchor x",
  "anchor y",
  "weight",
  "neutral",
  "ledger start",
  "ledger at most",
  "ledger volume",
  "protect until",
] as const;
/** Where a constant stands. */
export type ConstantPlace = (typeof constantPlaces)[number];
/** A form of calendar. */
export type CalendarName =
  | "weekday"
  | "day-of-month"
  | "first-weekday month"
  | "first-weekday quarter"
  | `every ${"day" | "week" | "month" | "quarter"}`;

/** Every feature that a generator of policies must draw. */
export const features: readonly string[] = [
  ...["fixed", "range", "by attribute", "by metric"].map((form) => `parameter ${form}`),
  ...windowKinds.flatMap((kind) => [`window ${kind}`, ...(kind === "volume" || kind === "named" ? [] : [`named window ${kind}`])]),
  ...["<", "<=", ">", ">=", "=", "!="].flatMap((operator) => [`named window ${operator}`, `compare ${operator}`]),
  ...Object.entries(optionalOfMetric).flatMap(([kind, optional]) => [`metric ${kind}`, ...optional.map((key) => `metric ${kind} ${key}`)]),
  "metric count where and alike",
  "metric since attribute",
  "metric since event",
  ...["lower", "upper"].map((side) => `wilson ${side}`),
  ...["rank", "ratio"].flatMap((kind) =>
    ["metric", "score", "among attribute", "among metric", "among everyone"].map((form) => `${kind} ${form}`),
  ),
  ...keysOf<Score["kind"]>({ curve: true, weighted: true, value: true }).map((kind) => `score ${kind}`),
  ...keysOf<Extract<Score, { kind: "curve" }>["shape"]>({ linear: true, step: true, logistic: true }).map((shape) => `curve ${shape}`),
  ...["metric", "score"].map((to) => `curve of ${to}`),
  ...keysOf<Extract<Score, { kind: "weighted" }>["missing"]["kind"]>({ propagate: true, "share-out": true, neutral: true }).map(
    (rule) => `missing ${rule}`,
  ),
  ...Object.entries(optionalOfLine).flatMap(([kind, optional]) => [`line ${kind}`, ...optional.map((key) => `line ${kind} ${key}`)]),
  "line adds",
  "line deducts",
  "line reads event.points",
  "line reads event.number",
  "line reads its own balance",
  ...optionalKeys<Ledger>({ takeBack: true, within: true }).map((key) => `ledger ${key}`),
  ...keysOf<Ledger["lasts"]["kind"]>({ ever: true, days: true, until: true }).map((kind) => `ledger lasts ${kind}`),
  ...calendars.flatMap((name) => [`evaluate ${name}`, `line on ${name}`, `reset on ${name}`]),
  ...expressionKinds.map((kind) => `expression ${kind}`),
  ...functions.map((name) => `call ${name}`),
  ...["+", "-", "*", "/"].map((operator) => `arithmetic ${operator}`),
  ...["and", "or"].map((operator) => `logic ${operator}`),
  ...readKinds.map((to) => `reads ${to}`),
  ...["flow", "level"].map((kind) => `${kind} in another currency`),
  ...["attribute", "metric", "event"].flatMap((to) => ["=", "!=", "in", "is known"].map((form) => `text of ${to} ${form}`)),
  "literal date",
  "today",
  ...sections.flatMap((reader) => sections.map((read) => `${reader} reads ${read}`)),
  ...constantPlaces.flatMap((place) => [`${place} is a literal`, `${place} is a parameter`, `${place} is by text`]),
  ...["at_least", "anchor y", "weight"].map((place) => `${place} is by metric`),
  "threshold is by metric",
  ...optionalKeys<Policy["tiers"][number]>({ when: true, holdDays: true, shorten: true, replaces: true }).map((key) => `tier ${key}`),
  ...optionalKeys<Policy["tiers"][number]["consequences"]>({ traffic: true, payoutDays: true, ordersPerDayMax: true, fee: true }).map(
    (key) => `consequence ${key}`,
  ),
  "tier adverse",
  "tier terminal",
  "tier without condition",
  "cap",
  ...optionalKeys<Policy>({ otherwise: true, headlineScore: true }).map((key) => `policy ${key}`),
  ...optionalKeys<Policy["movement"]>({ start: true, shield: true, protect: true }).map((key) => `movement ${key}`),
  "promote by",
  "demote by",
  "protect days only",
  "protect until only",
  "protect both",
];
