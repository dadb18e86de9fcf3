/** Which counts another draw would change, over which rows, and the same policy with its shares shrunk. */
import { type Grain, unreachable } from "../../../data/foundation/index.ts";
import { findMeasure, type PanelSchema } from "../../../data/panel/index.ts";
import { type Expression, namesRead, type Policy, type Window } from "../../../policies/language/checked/index.ts";
import { type CohortPrior, cohortPrior } from "./cohort-prior.ts";

/** A numerator and the measure that it is a part of, by column. */
export interface Redrawable {
  readonly measure: string;
  readonly whole: string;
  readonly column: number;
  readonly wholeColumn: number;
}

/**
 * The measures behind the parts of share metrics that can be drawn again: flows that count, with the measure that they are a part of (declared in
 * the panel, or the share's own whole). One that is itself a whole stays. Sorted by name.
 */
export function redrawables(policies: readonly Policy[], schema: PanelSchema): readonly Redrawable[] {
  const found = new Map<string, Redrawable>();
  for (const metric of policies.flatMap(({ metrics }) => metrics)) {
    if (metric.kind !== "share") continue;
    const wholes = sumOfMeasures(metric.whole);
    for (const name of namesRead(metric.part, "measure")) {
      const part = findMeasure(schema, name);
      const whole = findMeasure(schema, part?.measure.partOf ?? (wholes?.length === 1 ? (wholes[0] as string) : ""));
      if (part === undefined || whole === undefined || part === whole || part.index === whole.index) continue;
      if ([part, whole].some(({ measure }) => measure.kind !== "flow" || measure.unit !== "count" || measure.decimals !== 0)) continue;
      found.set(name, { measure: name, whole: whole.measure.name, column: part.index, wholeColumn: whole.index });
    }
  }
  const wholes = new Set([...found.values()].map(({ whole }) => whole));
  return [...found.values()].filter(({ measure }) => !wholes.has(measure)).sort((a, b) => (a.measure < b.measure ? -1 : 1));
}

/** Metrics and ledgers whose numbers stay as recorded: their chance is not in the flips. */
export function keptNames(policies: readonly Policy[], drawn: readonly Redrawable[]): readonly string[] {
  const isDrawn = new Set(drawn.map(({ measure }) => measure));
  const names = policies.flatMap(({ metrics, ledgers }) => [
    ...metrics.flatMap((metric) => {
      if (["mean", "count", "distinct", "percentile", "largest", "last"].includes(metric.kind)) return [metric.name];
      return metric.kind === "share" && !namesRead(metric.part, "measure").some((name) => isDrawn.has(name)) ? [metric.name] : [];
    }),
    ...ledgers.map(({ name }) => name),
  ]);
  return [...new Set(names)].sort();
}

/** How many periods up to the date the share metrics look back at most; undefined: an entity's whole life. */
export function lookback(policies: readonly Policy[], grain: Grain): number | undefined {
  const reaches = policies.flatMap((policy) =>
    policy.metrics.flatMap((metric) => (metric.kind === "share" ? [reachOf(metric.over, policy, grain)] : [])),
  );
  return reaches.includes(undefined) ? undefined : Math.max(0, ...reaches.map(Number));
}

const daysOf: Readonly<Record<Grain | "quarter" | "year", number>> = { day: 1, week: 7, month: 28, quarter: 92, year: 366 };

function reachOf(window: Window, policy: Policy, grain: Grain): number | undefined {
  switch (window.kind) {
    case "days":
      return Math.ceil(window.count / daysOf[grain]);
    case "periods":
      return window.count;
    case "calendar":
      return Math.ceil(((window.count + 1) * (window.unit === "month" ? 31 : daysOf[window.unit])) / daysOf[grain]);
    case "lifetime":
    case "volume":
      return undefined;
    case "named": {
      const named = policy.windows.find(({ name }) => name === window.name);
      const reaches = named === undefined ? [] : [named.then, named.otherwise].map((one) => reachOf(one, policy, grain));
      return reaches.length === 0 || reaches.includes(undefined) ? undefined : Math.max(...reaches.map(Number));
    }
    default:
      return unreachable(window);
  }
}

/** Sums over the looked-back rows of the sample, by column of the panel. */
export type WindowSums = ReadonlyMap<number, Float64Array>;

/**
 * The policy with every share metric shrunk towards its cohort, as the language's `shrink:` does. One that shrinks or takes a Wilson bound already,
 * or whose operands are no plain sums of counts, stays. With it the names of those that were changed.
 */
export function shrunkPolicy(
  policy: Policy,
  schema: PanelSchema,
  sums: WindowSums,
): { readonly policy: Policy; readonly names: readonly string[] } {
  const names: string[] = [];
  const metrics = policy.metrics.map((metric) => {
    if (metric.kind !== "share" || metric.shrink !== undefined || metric.wilson !== undefined) return metric;
    const [parts, wholes] = [columnsOf(metric.part, schema), columnsOf(metric.whole, schema)];
    if (parts === undefined || wholes === undefined) return metric;
    const prior = cohortPrior(total(parts, sums), total(wholes, sums));
    if (prior === undefined) return metric;
    names.push(metric.name);
    return { ...metric, shrink: constants(prior) };
  });
  return { policy: { ...policy, digest: `${policy.digest} shrunk`, metrics }, names };
}

/** Written as a person would write them into the file: four decimals of a share, whole trials. */
function constants({ mean, strength }: CohortPrior) {
  return {
    prior: { kind: "number", value: Math.round(mean * 10_000) / 10_000, unit: "share" },
    strength: { kind: "number", value: Math.max(1, Math.round(strength)), unit: "count" },
  } as const;
}

function columnsOf(expression: Expression, schema: PanelSchema): readonly number[] | undefined {
  const columns = sumOfMeasures(expression)?.map((name) => findMeasure(schema, name)?.index);
  return columns === undefined || columns.includes(undefined) ? undefined : columns.map(Number);
}

/** The columns of all measures that share metrics read as plain sums. */
export function summedColumns(policies: readonly Policy[], schema: PanelSchema): readonly number[] {
  const columns = policies.flatMap(({ metrics }) =>
    metrics.flatMap((metric) =>
      metric.kind === "share" ? [...(columnsOf(metric.part, schema) ?? []), ...(columnsOf(metric.whole, schema) ?? [])] : [],
    ),
  );
  return [...new Set(columns)];
}

function total(columns: readonly number[], sums: WindowSums): Float64Array {
  const [first, ...others] = columns.map((column) => sums.get(column) ?? new Float64Array());
  return (first ?? new Float64Array()).map((value, i) => others.reduce((sum, other) => sum + (other[i] as number), value));
}

/** The measures of `a + b + c`; undefined for any other expression. */
function sumOfMeasures(expression: Expression): readonly string[] | undefined {
  if (expression.kind === "reference") return expression.to === "measure" ? [expression.name] : undefined;
  if (expression.kind !== "arithmetic" || expression.operator !== "+") return undefined;
  const [left, right] = [sumOfMeasures(expression.left), sumOfMeasures(expression.right)];
  return left === undefined || right === undefined ? undefined : [...left, ...right];
}
