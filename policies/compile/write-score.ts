/** Scores as kernel code: curves and weighted sums, rounded exactly as declared. */
import { invariant, present, unreachable } from "../../data/foundation/index.ts";
import { constantValue, type Score } from "../language/index.ts";
import { powerOfTen, roundExactly } from "./decimal.ts";
import { isNumeral, numeral } from "./kernel-writer.ts";
import type { Names } from "./write-expression.ts";

/** Writes a score and returns its code: a name whose value is NaN when the score is missing. */
export function writeScore(names: Names, score: Score): string {
  switch (score.kind) {
    case "curve":
      return writeCurve(names, score);
    case "weighted":
      return writeWeighted(names, score);
    default:
      return unreachable(score);
  }
}

interface Anchor {
  readonly x: number;
  readonly y: number;
}

function writeCurve(names: Names, score: Extract<Score, { kind: "curve" }>): string {
  const { writer, policy } = names;
  const { from, shape, round } = score;
  const x = from.to === "metric" ? names.metric(from.name) : names.score(from.name);
  const anchors = score.anchors.map((anchor) => ({ x: constantValue(policy, anchor.x), y: constantValue(policy, anchor.y) }));
  const anchorAt = (index: number) => present(anchors.at(index), `an anchor of ${score.name}`);
  const [first, last] = [anchorAt(0), anchorAt(-1)];
  invariant(
    anchors.every((anchor, index) => index === 0 || anchor.x > anchorAt(index - 1).x),
    `the anchors of ${score.name} do not ascend`,
  );
  const result = writer.variable();
  const flat = (y: number) => `${result} = ${numeral(roundExactly(y, round))};`;
  const slope = (a: Anchor, b: Anchor) => {
    if (shape === "step" || a.y === b.y) return flat(a.y);
    const straight = `${numeral(a.y)} + (${x} - ${numeral(a.x)}) * ${numeral(b.y - a.y)} / ${numeral(b.x - a.x)}`;
    return roundedCode(result, straight, round, scoreBound(names, score));
  };
  const between = (low: number, high: number): string => {
    if (high - low === 1) return slope(anchorAt(low), anchorAt(high));
    const middle = (low + high) >> 1;
    return `if (${x} < ${numeral(anchorAt(middle).x)}) { ${between(low, middle)} } else { ${between(middle, high)} }`;
  };
  const inside = anchors.length > 1 ? `else if (${x} > ${numeral(first.x)}) { ${between(0, anchors.length - 1)} }` : "";
  // At the first anchor itself both shapes give the first y; missing is neither above, below nor equal.
  writer.statements.push(
    `if (${x} >= ${numeral(last.x)}) { ${flat(last.y)} } ${inside} else if (${x} <= ${numeral(first.x)}) { ${flat(first.y)} }`,
  );
  return result;
}

function writeWeighted(names: Names, score: Extract<Score, { kind: "weighted" }>): string {
  const { writer, policy } = names;
  const parts = score.parts.map((part) => ({ value: names.score(part.score), weight: constantValue(policy, part.weight) }));
  invariant(parts.length > 0, `${score.name} has no parts`);
  const { missing, round } = score;
  const bound = scoreBound(names, score);
  const result = writer.variable();
  if (missing.kind === "share-out") {
    const [sum, weights] = [writer.variable(), writer.variable()];
    writer.statements.push(`${sum} = 0; ${weights} = 0;`);
    for (const { value, weight } of parts) {
      writer.statements.push(`if (${value} === ${value}) { ${sum} += ${numeral(weight)} * ${value}; ${weights} += ${numeral(weight)}; }`);
    }
    writer.statements.push(`if (${weights} !== 0) { ${roundedCode(result, `${sum} / ${weights}`, round, bound)} }`);
    return result;
  }
  const values = parts.map(({ value }) => {
    if (missing.kind === "propagate" || isNumeral(value)) return value;
    return writer.keep(`${value} === ${value} ? ${value} : ${numeral(constantValue(policy, missing.value))}`);
  });
  const weights = parts.reduce((total, { weight }) => total + weight, 0);
  if (weights === 0) return result;
  const sum = writer.keep(parts.map(({ weight }, index) => `${numeral(weight)} * ${values[index]}`).join(" + "));
  writer.statements.push(`if (${sum} === ${sum}) { ${roundedCode(result, `${sum} / ${numeral(weights)}`, round, bound)} }`);
  return result;
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
  if (score.kind === "curve") {
    bound = Math.max(...score.anchors.map(({ y }) => Math.abs(constantValue(policy, y))));
  } else if (score.parts.every(({ weight }) => constantValue(policy, weight) >= 0)) {
    const neutral = score.missing.kind === "neutral" ? Math.abs(constantValue(policy, score.missing.value)) : 0;
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
