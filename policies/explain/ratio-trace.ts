/** Shares and means: one sum over another, shrunk or bounded. */
import { type Expression, type Metric, zOfLevel } from "../language/index.ts";
import { constantAt } from "./constant.ts";
import type { EvaluationPoint } from "./evaluation-point.ts";
import type { Lookup } from "./expression-nodes.ts";
import { isLarger, nearestNumber, quotient } from "./fractions.ts";
import { type MetricParts, missingReasons, traceAtLeast } from "./metric-parts.ts";
import { operandValue } from "./operand-value.ts";
import { unitOf } from "./say-expression.ts";
import { chooseWindow } from "./window-choice.ts";

type Share = Extract<Metric, { kind: "share" }>;
type Fraction = NonNullable<ReturnType<typeof operandValue>>;

/** A share: its own value, drawn towards a prior, or an end of its Wilson interval. */
export function traceShare(metric: Share, point: EvaluationPoint, lookup: Lookup): MetricParts {
  const ratio = traceRatio(metric, { part: metric.part, whole: metric.whole }, point, lookup);
  const { parts, exact } = ratio;
  if (parts.value === undefined || exact === undefined) return parts;
  if (metric.shrink !== undefined) return shrink(metric.shrink, { ...parts, value: parts.value }, lookup);
  if (metric.wilson !== undefined) return boundOf(metric.wilson, { ...parts, value: parts.value }, exact, lookup);
  return parts;
}

/** A mean: a sum over a count. */
export function traceMean(metric: Extract<Metric, { kind: "mean" }>, point: EvaluationPoint, lookup: Lookup): MetricParts {
  return traceRatio(metric, { part: metric.sum, whole: metric.count }, point, lookup).parts;
}

interface Operands<T> {
  readonly part: T;
  readonly whole: T;
}

function traceRatio(
  { over, atLeast }: Pick<Share, "over" | "atLeast">,
  operands: Operands<Expression>,
  point: EvaluationPoint,
  lookup: Lookup,
): { readonly parts: MetricParts; readonly exact?: Operands<Fraction> } {
  const { policy, schema } = point;
  const window = chooseWindow(over, point, lookup);
  if (window === undefined) return { parts: { missing: missingReasons.window } };
  const { rows, trace } = window;
  const part = operandValue(operands.part, rows, schema, lookup);
  const whole = operandValue(operands.whole, rows, schema, lookup);
  if (part === undefined || whole === undefined) return { parts: { window: trace, missing: missingReasons.parameter } };
  const parts = {
    window: trace,
    numerator: nearestNumber(part),
    numeratorUnit: unitOf(operands.part, policy, schema),
    denominator: nearestNumber(whole),
    denominatorUnit: unitOf(operands.whole, policy, schema),
    ...traceAtLeast(atLeast, rows, point, lookup),
  };
  if (parts.missing !== undefined) return { parts };
  const value = quotient(part, whole);
  if (value === undefined) return { parts: { ...parts, missing: "nothing to divide by: the whole is 0" } };
  return { parts: { ...parts, value }, exact: { part, whole } };
}

function shrink(
  { prior: towards, strength: weight }: NonNullable<Share["shrink"]>,
  { value: raw, ...parts }: MetricParts & { readonly value: number },
  lookup: Lookup,
): MetricParts {
  const prior = constantAt(towards, lookup);
  const strength = constantAt(weight, lookup);
  if (prior === undefined || strength === undefined) return { ...parts, missing: missingReasons.parameter };
  const { numerator = 0, denominator = 0 } = parts;
  const kept = { ...parts, shrink: { prior, strength, raw } };
  if (denominator + strength === 0) return { ...kept, missing: "whole and strength add up to 0" };
  return { ...kept, value: (numerator + prior * strength) / (denominator + strength) };
}

/**
 * An end of the Wilson score interval of part / whole (E. B. Wilson, "Probable inference, the law of succession, and statistical
 * inference", 1927). None of them gives 0 as the lower end and all of them 1 as the upper, exactly.
 */
function boundOf(
  { side, level: asked }: NonNullable<Share["wilson"]>,
  { value: p, ...parts }: MetricParts & { readonly value: number },
  { part, whole }: Operands<Fraction>,
  lookup: Lookup,
): MetricParts {
  const level = constantAt(asked, lookup);
  if (level === undefined) return { ...parts, missing: missingReasons.parameter };
  const kept = { ...parts, bound: { side, level, raw: p } };
  if (nearestNumber(part) < 0 || isLarger(part, whole)) return { ...kept, missing: "the part does not lie between 0 and the whole" };
  if (side === "lower" && nearestNumber(part) === 0) return { ...kept, value: 0 };
  if (side === "upper" && !isLarger(whole, part)) return { ...kept, value: 1 };
  const n = nearestNumber(whole);
  const z = zOfLevel(level);
  const zz = z * z;
  const center = p + zz / (2 * n);
  const margin = z * Math.sqrt((p * (1 - p)) / n + zz / (4 * n * n));
  const value = side === "lower" ? Math.max(0, (center - margin) / (1 + zz / n)) : Math.min(1, (center + margin) / (1 + zz / n));
  return { ...kept, value };
}
