/** Scores as kernel code: curves and weighted sums, rounded exactly as declared. */
import { invariant, present, unreachable } from "../../data/foundation/index.ts";
import { type Constant, constantValues, type Score } from "../language/checked/index.ts";
import { powerOfTen, roundExactly } from "./decimal.ts";
import { isNumeral, numeral } from "./kernel-writer.ts";
import type { Names } from "./names.ts";
import { constantCode, fixedValue } from "./write-constant.ts";
import { writeNumber } from "./write-expression.ts";

/** Writes a score and returns its code: a name whose value is NaN when the score is missing. */
export function writeScore(names: Names, score: Score): string {
  switch (score.kind) {
    case "curve":
      return score.shape === "logistic" ? writeLogistic(names, score) : writeCurve(names, score);
    case "weighted":
      return writeWeighted(names, score);
    case "value":
      return writeValue(names, score);
    default:
      return unreachable(score);
  }
}

type Curve = Extract<Score, { kind: "curve" }>;

/** An anchor as code, and as numbers where it is the same for every row. */
interface Anchor {
  readonly x: string;
  readonly y: string;
  readonly fixedX: number | undefined;
  readonly fixedY: number | undefined;
}

function anchorsOf(names: Names, score: Curve): { readonly anchors: readonly Anchor[]; readonly anchorAt: (index: number) => Anchor } {
  const { policy } = names;
  const anchors = score.anchors.map(({ x, y }) => ({
    x: constantCode(names, x),
    y: constantCode(names, y),
    fixedX: fixedValue(policy, x),
    fixedY: fixedValue(policy, y),
  }));
  return { anchors, anchorAt: (index) => present(anchors.at(index), `an anchor of ${score.name}`) };
}

function writeCurve(names: Names, score: Curve): string {
  const { writer } = names;
  const { shape, round } = score;
  const x = sourceOf(names, score);
  const { anchors, anchorAt } = anchorsOf(names, score);
  const [first, last] = [anchorAt(0), anchorAt(-1)];
  invariant(
    anchors.every(({ fixedX }, index) => {
      const before = index === 0 ? undefined : anchorAt(index - 1).fixedX;
      return before === undefined || fixedX === undefined || fixedX > before;
    }),
    `the anchors of ${score.name} do not ascend`,
  );
  const result = writer.variable();
  const flat = ({ y, fixedY }: Anchor) =>
    fixedY === undefined ? `${result} = roundExactly(${y}, ${numeral(round)});` : `${result} = ${numeral(roundExactly(fixedY, round))};`;
  const slope = (a: Anchor, b: Anchor) => {
    if (shape === "step" || (a.fixedY !== undefined && a.fixedY === b.fixedY)) return flat(a);
    const straight = `${a.y} + (${x} - ${a.x}) * ${difference(b.y, b.fixedY, a.y, a.fixedY)} / ${difference(b.x, b.fixedX, a.x, a.fixedX)}`;
    return roundedCode(result, straight, round, scoreBound(names, score));
  };
  const between = (low: number, high: number): string => {
    if (high - low === 1) return slope(anchorAt(low), anchorAt(high));
    const middle = (low + high) >> 1;
    return `if (${x} < ${anchorAt(middle).x}) { ${between(low, middle)} } else { ${between(middle, high)} }`;
  };
  const inside = anchors.length > 1 ? `else if (${x} > ${first.x}) { ${between(0, anchors.length - 1)} }` : "";
  // At the first anchor itself both shapes give the first y; missing is neither above, below nor equal.
  const curve = `if (${x} >= ${last.x}) { ${flat(last)} } ${inside} else if (${x} <= ${first.x}) { ${flat(first)} }`;
  writer.write(whereKnown(anchors, curve));
  return result;
}

/** A curve through two anchors that never ends: 100 / (1 + exp(-(a + b x))). */
function writeLogistic(names: Names, score: Curve): string {
  const { writer } = names;
  const x = sourceOf(names, score);
  const { anchors, anchorAt } = anchorsOf(names, score);
  invariant(anchors.length === 2, `the logistic curve ${score.name} goes through two anchors`);
  const [lower, upper] = [anchorAt(0), anchorAt(1)];
  const logit = ({ y, fixedY }: Anchor) =>
    fixedY === undefined ? writer.keep(`Math.log(${y} / (100 - ${y}))`) : numeral(Math.log(fixedY / (100 - fixedY)));
  const [low, high] = [logit(lower), logit(upper)];
  const steepness = writer.keep(`(${high} - ${low}) / (${upper.x} - ${lower.x})`);
  const level = writer.keep(`${low} - ${steepness} * ${lower.x}`);
  const result = writer.variable();
  const rounded = roundedCode(result, `100 / (1 + Math.exp(-(${level} + ${steepness} * ${x})))`, score.round, 100);
  writer.write(whereKnown(anchors, `if (${x} === ${x}) { ${rounded} }`));
  return result;
}

/** An expression, cut to 0 to 100. */
function writeValue(names: Names, score: Extract<Score, { kind: "value" }>): string {
  const { writer } = names;
  const value = writeNumber(names, score.expression);
  const result = writer.variable();
  writer.write(`if (${value} === ${value}) { ${roundedCode(result, `Math.min(Math.max(${value}, 0), 100)`, score.round, 100)} }`);
  return result;
}

function sourceOf(names: Names, { from }: Curve): string {
  return from.to === "metric" ? names.metric(from.name) : names.score(from.name);
}

/** Code that runs unless a constant that depends on a text is missing. */
function whereKnown(anchors: readonly Anchor[], code: string): string {
  const unsure = anchors.flatMap(({ x, y, fixedX, fixedY }) => [
    ...(fixedX === undefined ? [x] : []),
    ...(fixedY === undefined ? [y] : []),
  ]);
  return unsure.length === 0 ? code : `if (${allKnown(unsure)}) { ${code} }`;
}

function allKnown(names: readonly string[]): string {
  return [...new Set(names)].map((name) => `${name} === ${name}`).join(" && ");
}

function difference(high: string, fixedHigh: number | undefined, low: string, fixedLow: number | undefined): string {
  return fixedHigh !== undefined && fixedLow !== undefined ? numeral(fixedHigh - fixedLow) : `(${high} - ${low})`;
}

function writeWeighted(names: Names, score: Extract<Score, { kind: "weighted" }>): string {
  const { writer, policy } = names;
  const parts = score.parts.map((part) => ({
    value: names.score(part.score),
    weight: constantCode(names, part.weight),
    fixedWeight: fixedValue(policy, part.weight),
  }));
  invariant(parts.length > 0, `${score.name} has no parts`);
  const { missing, round } = score;
  const bound = scoreBound(names, score);
  const unsure = parts.flatMap(({ weight, fixedWeight }) => (fixedWeight === undefined ? [weight] : []));
  const sure = unsure.length === 0 ? "" : ` && ${allKnown(unsure)}`;
  const result = writer.variable();
  if (missing.kind === "share-out") {
    const [sum, weights] = [writer.variable(), writer.variable()];
    writer.write(`${sum} = 0; ${weights} = 0;`);
    for (const { value, weight } of parts) {
      writer.write(`if (${value} === ${value}) { ${sum} += ${weight} * ${value}; ${weights} += ${weight}; }`);
    }
    writer.write(`if (${weights} !== 0${sure}) { ${roundedCode(result, `${sum} / ${weights}`, round, bound)} }`);
    return result;
  }
  const values = parts.map(({ value }) => {
    if (missing.kind === "propagate" || isNumeral(value)) return value;
    return writer.keep(`${value} === ${value} ? ${value} : ${constantCode(names, missing.value)}`);
  });
  const fixed = parts.reduce<number | undefined>((total, { fixedWeight }) => addFixed(total, fixedWeight), 0);
  if (fixed === 0) return result;
  const weights = fixed === undefined ? writer.keep(parts.map(({ weight }) => weight).join(" + ")) : numeral(fixed);
  const sum = writer.keep(parts.map(({ weight }, index) => `${weight} * ${values[index]}`).join(" + "));
  const some = fixed === undefined ? `${sure} && ${weights} !== 0` : "";
  writer.write(`if (${sum} === ${sum}${some}) { ${roundedCode(result, `${sum} / ${weights}`, round, bound)} }`);
  return result;
}

function addFixed(total: number | undefined, weight: number | undefined): number | undefined {
  return total === undefined || weight === undefined ? undefined : total + weight;
}

/** No present value of a score lies further from 0 than this; infinite where nothing is sure. Each score is asked once. */
function scoreBound(names: Names, score: Score): number {
  const known = names.bounds.get(score.name);
  if (known !== undefined) return known;
  const { policy } = names;
  const boundOf = (name: string) =>
    scoreBound(
      names,
      present(
        policy.scores.find((candidate) => candidate.name === name),
        `score ${name}`,
      ),
    );
  let bound = Number.POSITIVE_INFINITY;
  const sizeOf = (constant: Constant) => Math.max(...constantValues(policy, constant).map(Math.abs));
  if (score.kind === "value" || (score.kind === "curve" && score.shape === "logistic")) {
    bound = 100;
  } else if (score.kind === "curve") {
    bound = Math.max(...score.anchors.map(({ y }) => sizeOf(y)));
  } else if (score.parts.every(({ weight }) => constantValues(policy, weight).every((value) => value >= 0))) {
    const neutral = score.missing.kind === "neutral" ? sizeOf(score.missing.value) : 0;
    bound = Math.max(neutral, ...score.parts.map((part) => boundOf(part.score)));
  }
  names.bounds.set(score.name, bound);
  return bound;
}

/**
 * Code that rounds a present value exactly. Fast path: scaled by 10^decimals the value lies clearly off every half, so the nearest
 * integer is certain, and one division gives the nearest double. Near a half, or beyond 10^9, the exact path decides.
 */
function roundedCode(target: string, value: string, decimals: number, bound: number): string {
  if (decimals > 15) return `${target} = roundExactly(${value}, ${numeral(decimals)});`;
  const power = numeral(powerOfTen(decimals));
  // Twice the bound: rounding errors in the value itself never reach that far.
  const small = 2 * bound * powerOfTen(decimals) < 1e9 ? "" : " && Math.abs(p) < 1000000000";
  return [
    `const q = ${value}; const p = q * ${power}; const r = Math.floor(p + 0.5);`,
    `${target} = Math.abs(p - r) < 0.499999${small} ? r / ${power} : roundExactly(q, ${numeral(decimals)});`,
  ].join(" ");
}
