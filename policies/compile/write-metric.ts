/** Metrics as kernel code: exact integers over a window, then one division. */
import { invariant, present, unreachable } from "../../data/foundation/index.ts";
import { findMeasure } from "../../data/panel/index.ts";
import { type AtLeast, type Constant, constantValue, type Expression, type Metric, type Window } from "../language/index.ts";
import { powerOfTen, scaledInteger } from "./decimal.ts";
import { impossible, numeral } from "./kernel-writer.ts";
import { type Names, writeNumber } from "./write-expression.ts";
import type { ExactOperand, Windows } from "./write-window.ts";

/** Writes a metric and returns its code: a name whose value is NaN when the metric is missing. */
export function writeMetric(names: Names, windows: Windows, metric: Metric): string {
  const { writer, schema } = names;
  switch (metric.kind) {
    case "share":
      return writeRatio(names, windows, metric);
    case "mean":
      return writeRatio(names, windows, { ...metric, part: metric.sum, whole: metric.count });
    case "sum": {
      const sum = writeExact(names, windows, metric.over, metric.of);
      const enough = writeEnough(names, windows, metric.over, metric.atLeast);
      return writer.keep(enough === undefined ? valueCode(sum) : `${enough.code} ? ${valueCode(sum)} : NaN`);
    }
    case "count":
      return windows.count(metric.over, metric.event);
    case "last": {
      const { index, measure } = present(findMeasure(schema, metric.measure), `measure ${metric.measure} of the panel`);
      return writer.keep(valueCode({ code: `m${index}[row]`, scale: measure.unit === "money" ? 0 : measure.decimals }));
    }
    case "since": {
      const day = writeNumber(names, { kind: "reference", to: "attribute", name: metric.attribute });
      return writer.keep(`${day} <= day ? day - ${day} : NaN`);
    }
    case "value":
      return writeNumber(names, metric.expression);
    default:
      return unreachable(metric);
  }
}

interface Ratio {
  readonly part: Expression;
  readonly whole: Expression;
  readonly over: Window;
  readonly atLeast?: AtLeast;
  readonly shrink?: { readonly prior: Constant; readonly strength: Constant };
}

function writeRatio(names: Names, windows: Windows, { part, whole, over, atLeast, shrink }: Ratio): string {
  const { writer, policy } = names;
  const numerator = writeExact(names, windows, over, part);
  const denominator = writeExact(names, windows, over, whole);
  const enough = writeEnough(names, windows, over, atLeast);
  const there =
    enough === undefined
      ? `${denominator.code} !== 0`
      : enough.implies(denominator)
        ? enough.code
        : `${denominator.code} !== 0 && ${enough.code}`;
  if (shrink === undefined) {
    const scale = Math.max(numerator.scale, denominator.scale);
    return writer.keep(`${there} ? ${rescale(names, numerator, scale)} / ${rescale(names, denominator, scale)} : NaN`);
  }
  const strength = constantValue(policy, shrink.strength);
  const prior = constantValue(policy, shrink.prior) * strength;
  const weight = writer.keep(`${valueCode(denominator)} + ${numeral(strength)}`);
  return writer.keep(`${there} && ${weight} !== 0 ? (${valueCode(numerator)} + ${numeral(prior)}) / ${weight} : NaN`);
}

interface Enough {
  readonly code: string;
  /** Whether there being enough means that this operand is not 0. */
  readonly implies: (operand: ExactOperand) => boolean;
}

/** Whether the window holds enough; undefined when nothing is asked. */
function writeEnough(names: Names, windows: Windows, over: Window, atLeast: AtLeast | undefined): Enough | undefined {
  if (atLeast === undefined) return undefined;
  const volume = writeExact(names, windows, over, atLeast.of);
  const count = constantValue(names.policy, atLeast.count);
  return {
    code: `${valueCode(volume)} >= ${numeral(count)}`,
    implies: ({ code }) => code === volume.code && count > 0,
  };
}

/** The double of an exact operand: one division by its power of ten. */
function valueCode({ code, scale }: ExactOperand): string {
  return scale === 0 ? code : `(${code} / ${numeral(powerOfTen(scale))})`;
}

/** Writes the operand of a share, mean or sum: measures, numbers and + - *, in integers scaled to powers of ten. */
function writeExact(names: Names, windows: Windows, over: Window, expression: Expression): ExactOperand {
  const { writer, policy } = names;
  switch (expression.kind) {
    case "number":
      return exactNumber(expression.value);
    case "reference":
      if (expression.to === "parameter")
        return exactNumber(constantValue(policy, { kind: "reference", to: "parameter", name: expression.name }));
      invariant(expression.to === "measure", `${expression.to} ${expression.name} cannot be summed over a window`);
      return windows.sum(over, expression.name);
    case "negate": {
      const { code, scale } = writeExact(names, windows, over, expression.operand);
      return { code: writer.keep(`0 - ${code}`), scale };
    }
    case "arithmetic": {
      const left = writeExact(names, windows, over, expression.left);
      const right = writeExact(names, windows, over, expression.right);
      if (expression.operator === "*") {
        return { code: writer.keepExact(`${left.code} * ${right.code}`), scale: left.scale + right.scale };
      }
      invariant(expression.operator !== "/", "a division inside a window operand");
      const scale = Math.max(left.scale, right.scale);
      const [a, b] = [rescale(names, left, scale), rescale(names, right, scale)];
      return { code: writer.keepExact(`${a} ${expression.operator} ${b}`), scale };
    }
    case "text":
    case "compare":
    case "logic":
    case "not":
    case "known":
    case "member":
    case "call":
    case "if":
      return impossible(`a ${expression.kind} inside a window operand`);
    default:
      return unreachable(expression);
  }
}

/** The operand's integer at a larger power of ten. */
function rescale({ writer }: Names, { code, scale }: ExactOperand, target: number): string {
  return target === scale ? code : writer.keepExact(`${code} * ${numeral(powerOfTen(target - scale))}`);
}

function exactNumber(value: number): ExactOperand {
  const { integer, scale } = scaledInteger(value);
  return { code: numeral(integer), scale };
}
