/** Metrics as kernel code: exact integers over a window, then one division. What reads events, rows or peers stands in files of its own. */
import { unreachable } from "../../data/foundation/index.ts";
import { type AtLeast, type Constant, type Expression, type Metric, type Window, zOfLevel } from "../language/checked/index.ts";
import { type ExactOperand, numeral } from "./kernel-writer.ts";
import type { Names } from "./names.ts";
import { RunStarts } from "./run-starts.ts";
import { sumsOver, unchosen } from "./write-chosen-window.ts";
import { constantCode, derivedConstant, fixedValue } from "./write-constant.ts";
import { writeCount, writeDistinct, writeSince } from "./write-event-metric.ts";
import { rescale, valueCode, writeExact } from "./write-exact.ts";
import { writeNumber } from "./write-expression.ts";
import { writeLargest, writePeers, writePercentile } from "./write-row-metric.ts";

/** Writes a metric and returns its code: a name whose value is NaN when the metric is missing. */
export function writeMetric(names: Names, metric: Metric): string {
  const { writer, windows } = names;
  switch (metric.kind) {
    case "share":
      return unlessUnchosen(names, metric.over, writeRatio(names, metric));
    case "mean":
      return unlessUnchosen(names, metric.over, writeRatio(names, { ...metric, part: metric.sum, whole: metric.count }));
    case "sum": {
      const sum = writeExact(names, metric.of, sumsOver(names, metric.over));
      const enough = writeEnough(names, metric.over, metric.atLeast);
      const value = writer.keep(enough === undefined ? valueCode(sum) : `${enough.code} ? ${valueCode(sum)} : NaN`);
      return unlessUnchosen(names, metric.over, value);
    }
    case "count":
      return unlessUnchosen(names, metric.over, writeCount(names, metric));
    case "distinct":
      return unlessUnchosen(names, metric.over, writeDistinct(names, metric));
    case "percentile":
      return unlessUnchosen(names, metric.over, writePercentile(names, metric));
    case "largest":
      return unlessUnchosen(names, metric.over, writeLargest(names, metric));
    case "last": {
      const { index, scale } = windows.measure(metric.measure);
      return writer.keep(valueCode({ code: `m${index}[row]`, scale }));
    }
    case "since":
      return writeSince(names, metric);
    case "unbroken":
      return writeUnbroken(names, metric);
    case "rank":
    case "ratio":
      return writePeers(names, metric);
    case "value": {
      const value = writeNumber(names, metric.expression);
      if (metric.within === undefined) return value;
      const { lower, upper } = metric.within;
      return writer.keep(`Math.min(Math.max(${value}, ${constantCode(names, lower)}), ${constantCode(names, upper)})`);
    }
    default:
      return unreachable(metric);
  }
}

/** The value, or missing while nobody can say which window it is about. */
function unlessUnchosen(names: Names, over: Window, value: string): string {
  const isUnchosen = unchosen(names, over);
  return isUnchosen === undefined ? value : names.writer.keep(`${isUnchosen} ? NaN : ${value}`);
}

/** The run of evaluations in which a condition has been true, kept from its first. */
function writeUnbroken({ writer, condition, handover }: Names, metric: Extract<Metric, { kind: "unbroken" }>): string {
  const { yes } = condition(metric.condition);
  const since = writer.fresh();
  if (handover === undefined) writer.entityStatements.push(`let ${since} = NaN;`);
  else {
    const runs = writer.helper(new RunStarts(metric.name));
    writer.entityStatements.push(`let ${since} = ${runs}.since[entity];`);
    writer.closingStatements.push(`${runs}.since[entity] = ${since};`);
  }
  writer.write(`if (!(${yes})) ${since} = NaN; else if (${since} !== ${since}) ${since} = day;`);
  return writer.keep(`${since} === ${since} ? day - ${since} : 0`);
}

interface Ratio {
  readonly part: Expression;
  readonly whole: Expression;
  readonly over: Window;
  readonly atLeast?: AtLeast;
  readonly shrink?: { readonly prior: Constant; readonly strength: Constant };
  readonly wilson?: { readonly side: "lower" | "upper"; readonly level: Constant };
}

function writeRatio(names: Names, { part, whole, over, atLeast, shrink, wilson }: Ratio): string {
  const { writer, policy } = names;
  const sums = sumsOver(names, over);
  const numerator = writeExact(names, part, sums);
  const denominator = writeExact(names, whole, sums);
  const enough = writeEnough(names, over, atLeast);
  const there =
    enough === undefined
      ? `${denominator.code} !== 0`
      : enough.implies(denominator)
        ? enough.code
        : `${denominator.code} !== 0 && ${enough.code}`;
  if (wilson !== undefined) return writeWilson(names, { numerator, denominator, there, ...wilson });
  if (shrink === undefined) {
    const scale = Math.max(numerator.scale, denominator.scale);
    return writer.keep(`${there} ? ${rescale(names, numerator, scale)} / ${rescale(names, denominator, scale)} : NaN`);
  }
  const strength = constantCode(names, shrink.strength);
  const [fixedPrior, fixedStrength] = [fixedValue(policy, shrink.prior), fixedValue(policy, shrink.strength)];
  const prior =
    fixedPrior === undefined || fixedStrength === undefined
      ? writer.keep(`${constantCode(names, shrink.prior)} * ${strength}`)
      : numeral(fixedPrior * fixedStrength);
  const weight = writer.keep(`${valueCode(denominator)} + ${strength}`);
  return writer.keep(`${there} && ${weight} !== 0 ? (${valueCode(numerator)} + ${prior}) / ${weight} : NaN`);
}

interface WilsonBound {
  readonly numerator: ExactOperand;
  readonly denominator: ExactOperand;
  /** Code that is true where there is a share. */
  readonly there: string;
  readonly side: "lower" | "upper";
  readonly level: Constant;
}

/**
 * An end of the score interval (Wilson 1927): the roots of |p - x| = z sqrt(x (1 - x) / n). Missing where the part is not one of the
 * whole; at no part and at all of it the end is exactly 0 and 1.
 */
function writeWilson(names: Names, { numerator, denominator, there, side, level }: WilsonBound): string {
  const { writer, policy } = names;
  const scale = Math.max(numerator.scale, denominator.scale);
  const [part, whole] = [rescale(names, numerator, scale), rescale(names, denominator, scale)];
  const z = derivedConstant(names, level, "critical value", zOfLevel);
  const zz = derivedConstant(names, level, "critical value squared", (value) => zOfLevel(value) * zOfLevel(value));
  const isSure = fixedValue(policy, level) === undefined ? ` && ${z} === ${z}` : "";
  const p = writer.keep(`${there} && ${part} >= 0 && ${part} <= ${whole}${isSure} ? ${part} / ${whole} : NaN`);
  const n = writer.keep(valueCode(denominator));
  const center = writer.keep(`${p} + ${zz} / (2 * ${n})`);
  const margin = writer.keep(`${z} * Math.sqrt(${p} * (1 - ${p}) / ${n} + ${zz} / (4 * ${n} * ${n}))`);
  const end =
    side === "lower"
      ? `${part} === 0 ? 0 : Math.max(0, (${center} - ${margin}) / (1 + ${zz} / ${n}))`
      : `${part} === ${whole} ? 1 : Math.min(1, (${center} + ${margin}) / (1 + ${zz} / ${n}))`;
  return writer.keep(`${p} !== ${p} ? NaN : ${end}`);
}

interface Enough {
  readonly code: string;
  /** Whether there being enough means that this operand is not 0. */
  readonly implies: (operand: ExactOperand) => boolean;
}

/** Whether the window holds enough; undefined when nothing is asked. */
function writeEnough(names: Names, over: Window, atLeast: AtLeast | undefined): Enough | undefined {
  if (atLeast === undefined) return undefined;
  const volume = writeExact(names, atLeast.of, sumsOver(names, over));
  const count = fixedValue(names.policy, atLeast.count);
  return {
    code: `${valueCode(volume)} >= ${constantCode(names, atLeast.count)}`,
    implies: ({ code }) => code === volume.code && count !== undefined && count > 0,
  };
}
