/** Metrics as vector code: exact integers over a window, then one division. What reads events, rows or peers has no vector form. */
import { type Code, f64x2, invariant, limits, present, unreachable, v128 } from "../../../data/foundation/index.ts";
import {
  type AtLeast,
  type Constant,
  constantValues,
  type Expression,
  type Metric,
  type Window,
  zOfLevel,
} from "../../language/checked/index.ts";
import { powerOfTen, scaledInteger } from "../decimal.ts";
import { impossible } from "../kernel-writer.ts";
import { compareNumbers, writeNumber } from "./vector-expression.ts";
import { constantCode, derivedConstant, isFixed, type VectorNames } from "./vector-names.ts";
import type { ExactLane } from "./vector-windows.ts";
import { isThere, type Masks, NoVectorForm, unless, where } from "./vector-writer.ts";

/** Writes a metric and returns its code, cheap to repeat. */
export function writeMetric(names: VectorNames, metric: Metric): Code {
  const { writer, windows, at } = names;
  switch (metric.kind) {
    case "share":
      return whereChosen(names, metric.over, ratioCode(names, metric));
    case "mean":
      return whereChosen(names, metric.over, ratioCode(names, { ...metric, part: metric.sum, whole: metric.count }));
    case "sum": {
      const sum = valueCode(names, writeExact(names, metric.of, metric.over));
      const tooFew = tooFewMask(names, metric.over, metric.atLeast);
      return whereChosen(names, metric.over, writer.keep(tooFew === undefined ? sum : unless(tooFew, sum)));
    }
    case "last": {
      const { index, scale } = windows.measure(metric.measure);
      return writer.keep(valueCode(names, { code: v128.load(at.row, windows.columnOf(index)), scale }));
    }
    case "value": {
      const value = writeNumber(names, metric.expression);
      if (metric.within === undefined) return value;
      const [lower, upper] = [constantCode(names, metric.within.lower), constantCode(names, metric.within.upper)];
      return writer.keep(f64x2.min(f64x2.max(value, lower), upper));
    }
    case "count":
    case "distinct":
    case "percentile":
    case "largest":
    case "since":
    case "unbroken":
    case "rank":
    case "ratio":
      throw new NoVectorForm(`a metric of kind ${metric.kind}`);
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
  readonly wilson?: { readonly side: "lower" | "upper"; readonly level: Constant };
}

function ratioCode(names: VectorNames, { part, whole, over, atLeast, shrink, wilson }: Ratio): Code {
  const { writer } = names;
  const [numerator, denominator] = [writeExact(names, part, over), writeExact(names, whole, over)];
  const isNone = f64x2.eq(denominator.code, writer.fixed(0));
  const tooFew = tooFewMask(names, over, atLeast);
  const absent = writer.keep(tooFew === undefined ? isNone : v128.or(isNone, tooFew));
  const scale = Math.max(numerator.scale, denominator.scale);
  const [a, b] = [rescale(names, numerator, scale), rescale(names, denominator, scale)];
  if (wilson !== undefined) return wilsonCode(names, { a, b, n: valueCode(names, denominator), absent, ...wilson });
  if (shrink === undefined) return writer.keep(unless(absent, f64x2.div(a, b)));
  const strength = constantCode(names, shrink.strength);
  const prior = writer.keep(f64x2.mul(constantCode(names, shrink.prior), strength));
  const weight = writer.keep(f64x2.add(valueCode(names, denominator), strength));
  const shrunk = f64x2.div(f64x2.add(valueCode(names, numerator), prior), weight);
  return writer.keep(unless(v128.or(absent, f64x2.eq(weight, writer.fixed(0))), shrunk));
}

interface WilsonBound {
  readonly a: Code;
  readonly b: Code;
  readonly n: Code;
  readonly absent: Code;
  readonly side: "lower" | "upper";
  readonly level: Constant;
}

/** An end of the score interval (Wilson 1927), as the plain kernels compute it. */
function wilsonCode(names: VectorNames, { a, b, n: whole, absent, side, level }: WilsonBound): Code {
  const { writer } = names;
  const z = derivedConstant(names, level, "critical value", zOfLevel);
  const zz = derivedConstant(names, level, "critical value squared", (value) => zOfLevel(value) * zOfLevel(value));
  const isPart = v128.and(v128.and(f64x2.ge(a, names.writer.fixed(0)), f64x2.le(a, b)), isThere(z));
  const p = writer.keep(unless(absent, where(isPart, f64x2.div(a, b))));
  const n = writer.keep(whole);
  const center = f64x2.add(p, f64x2.div(zz, f64x2.mul(names.writer.fixed(2), n)));
  const inner = f64x2.add(
    f64x2.div(f64x2.mul(p, f64x2.sub(names.writer.fixed(1), p)), n),
    f64x2.div(zz, f64x2.mul(f64x2.mul(names.writer.fixed(4), n), n)),
  );
  const margin = writer.keep(f64x2.mul(z, f64x2.sqrt(inner)));
  const scale = f64x2.add(names.writer.fixed(1), f64x2.div(zz, n));
  const end =
    side === "lower"
      ? v128.select(
          names.writer.fixed(0),
          f64x2.max(names.writer.fixed(0), f64x2.div(f64x2.sub(center, margin), scale)),
          f64x2.eq(a, names.writer.fixed(0)),
        )
      : v128.select(names.writer.fixed(1), f64x2.min(names.writer.fixed(1), f64x2.div(f64x2.add(center, margin), scale)), f64x2.eq(a, b));
  return writer.keep(where(isThere(p), end));
}

/** Rows where the window does not hold enough; undefined when nothing is asked. */
function tooFewMask(names: VectorNames, over: Window, atLeast: AtLeast | undefined): Code | undefined {
  if (atLeast === undefined) return undefined;
  const volume = valueCode(names, writeExact(names, atLeast.of, over));
  const count = constantCode(names, atLeast.count);
  // A count that depends on a text may be missing, and then there is not enough.
  return names.writer.keep(isFixed(names.policy, atLeast.count) ? f64x2.lt(volume, count) : v128.not(f64x2.ge(volume, count)));
}

/** The value, or missing while nobody can say which window it is about. */
function whereChosen(names: VectorNames, over: Window, value: Code): Code {
  if (over.kind !== "named") return value;
  const { yes, no } = choiceOf(names, over.name);
  return names.writer.keep(where(v128.or(yes, no), value));
}

/** Whether it is the first of the two windows. */
function choiceOf(names: VectorNames, name: string): Masks {
  const { writer, policy } = names;
  const { of, over, operator, count } = present(
    policy.windows.find((window) => window.name === name),
    `window ${name}`,
  ).when;
  const volume = writer.once(`volume of window ${name}`, () => writer.keep(valueCode(names, writeExact(names, of, over))));
  const { yes, no } = compareNumbers(operator, volume, constantCode(names, count));
  return { yes: writer.once(`window ${name}`, () => writer.keep(yes)), no: writer.once(`window not ${name}`, () => writer.keep(no)) };
}

function sumOver(names: VectorNames, over: Window, measure: string): ExactLane {
  const { windows, writer, policy } = names;
  if (over.kind === "volume") throw new NoVectorForm("a window that reaches back until a volume is there");
  if (over.kind !== "named") return windows.sum(over, measure);
  const { then, otherwise } = present(
    policy.windows.find((window) => window.name === over.name),
    `window ${over.name}`,
  );
  const [first, second] = [windows.sum(then, measure), windows.sum(otherwise, measure)];
  const { yes } = choiceOf(names, over.name);
  const code = writer.once(`sum ${measure} in window ${over.name}`, () => writer.keep(v128.select(first.code, second.code, yes)));
  return { code, scale: first.scale };
}

/** An operand: sums of measures, then combined, in integers scaled to powers of ten. */
function writeExact(names: VectorNames, expression: Expression, over: Window): ExactLane {
  const { writer } = names;
  switch (expression.kind) {
    case "number":
      return exactConstant(names, expression);
    case "reference":
      if (expression.to === "parameter") return exactConstant(names, { kind: "reference", to: "parameter", name: expression.name });
      invariant(expression.to === "measure", `${expression.to} ${expression.name} cannot be summed over a window`);
      return sumOver(names, over, expression.name);
    case "negate": {
      const { code, scale } = writeExact(names, expression.operand, over);
      return { code: writer.keep(f64x2.sub(names.writer.fixed(0), code)), scale };
    }
    case "arithmetic": {
      const [left, right] = [writeExact(names, expression.left, over), writeExact(names, expression.right, over)];
      if (expression.operator === "*") {
        const scale = left.scale + right.scale;
        if (scale > limits.operandDecimals.value) throw new NoVectorForm(`${scale} decimals`);
        return { code: keepExact(names, f64x2.mul(left.code, right.code)), scale };
      }
      invariant(expression.operator !== "/", "a division inside a window operand");
      const scale = Math.max(left.scale, right.scale);
      const [a, b] = [rescale(names, left, scale), rescale(names, right, scale)];
      return { code: keepExact(names, expression.operator === "+" ? f64x2.add(a, b) : f64x2.sub(a, b)), scale };
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

/** A constant as an integer over the power of ten that its decimals need now; with more decimals there is other code. */
function exactConstant(names: VectorNames, constant: Constant): ExactLane {
  if (!isFixed(names.policy, constant)) throw new NoVectorForm("an operand of a window that depends on a text");
  const scale = Math.max(...constantValues(names.policy, constant).map((value) => scaledInteger(value).scale));
  const code = derivedConstant(names, constant, `exact ${scale}`, (value) => {
    const scaled = scaledInteger(value);
    if (scaled.scale > scale) throw new NoVectorForm(`${value} has more than ${scale} decimals`);
    return scaled.integer * powerOfTen(scale - scaled.scale);
  });
  return { code, scale };
}

/** The double of an exact operand: one division by its power of ten. */
function valueCode(names: VectorNames, { code, scale }: ExactLane): Code {
  return scale === 0 ? code : f64x2.div(code, names.writer.fixed(powerOfTen(scale)));
}

function rescale(names: VectorNames, { code, scale }: ExactLane, target: number): Code {
  return target === scale ? code : keepExact(names, f64x2.mul(code, names.writer.fixed(powerOfTen(target - scale))));
}

/** An integer that must stay exact. */
function keepExact(names: VectorNames, value: Code): Code {
  const { writer, breach } = names;
  const kept = writer.keep(value);
  writer.write(breach(v128.not(f64x2.le(f64x2.abs(kept), names.writer.fixed(limits.measureAbsolute.value)))));
  return kept;
}
