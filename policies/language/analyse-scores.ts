/** Weights that do not add up, curves that turn back, are flat, or reach beyond what they read. */
import type { Possibilities } from "./analyse-possible.ts";
import { currencyOfExpression, sayRange, sayValue, unitOfName } from "./analyse-words.ts";
import type { Constant } from "./expression.ts";
import { placeOfPart } from "./places.ts";
import type { Parameter, Score } from "./policy.ts";
import type { Problems } from "./problems.ts";
import { plainDigits, printConstant } from "./quantity.ts";

type Curve = Extract<Score, { kind: "curve" }>;
type Weighted = Extract<Score, { kind: "weighted" }>;

/** How far from its whole a sum of weights may be and still look as if the whole was meant. */
const nearWhole = 0.1;
/** Sums of doubles closer than this are equal. */
const sumSlack = 1e-9;

/**
 * `weights-sum`: fixed weights of a score that add up to nearly 100 or nearly 1. `curve-turns`: a curve that rises and falls, at its values
 * or somewhere in the ranges of its parameters. `no-effect`: a curve that is flat. `threshold-out-of-reach`: an anchor that what the curve
 * reads never gets to.
 */
export function analyseScores(possibilities: Possibilities, problems: Problems): void {
  for (const score of possibilities.policy.scores) {
    if (score.kind === "weighted") checkWeights(score, possibilities, problems);
    if (score.kind === "curve") {
      checkDirection(score, possibilities, problems);
      checkReach(score, possibilities, problems);
    }
  }
}

function checkWeights(score: Weighted, possibilities: Possibilities, problems: Problems): void {
  const weights = score.parts.map((part) => fixedValue(part.weight, possibilities));
  if (score.parts.length < 2 || weights.some((weight) => weight === undefined)) return;
  const sum = weights.reduce<number>((total, weight) => total + (weight ?? 0), 0);
  const whole = [1, 100].find((candidate) => Math.abs(sum - candidate) <= candidate * nearWhole + sumSlack);
  if (whole === undefined || Math.abs(sum - whole) <= whole * sumSlack) return;
  problems.add("weights-sum", placeOfPart(score), {
    message: `the weights of '${score.name}' add up to ${plainDigits(Number(sum.toPrecision(9)))}, not ${whole}`,
    found: plainDigits(Number(sum.toPrecision(9))),
    expected: String(whole),
  });
}

/** The one value of a constant; undefined when a parameter lets it move. */
function fixedValue(constant: Constant, possibilities: Possibilities): number | undefined {
  if (constant.kind === "number") return constant.value;
  const parameter = parameterOf(constant, possibilities);
  return parameter === undefined || parameter.by !== undefined || parameter.range !== undefined ? undefined : parameter.value;
}

function parameterOf(constant: Constant, { policy }: Possibilities): Parameter | undefined {
  return constant.kind === "number" ? undefined : policy.parameters.find((parameter) => parameter.name === constant.name);
}

/** Where a height lies: at its value, over its range, and by which name, so that one parameter in two places is one number. */
interface Height {
  readonly said: string;
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly name?: string;
}

function checkDirection(curve: Curve, possibilities: Possibilities, problems: Problems): void {
  const heights = curve.anchors.map(({ y }) => heightOf(y, possibilities));
  if (heights.some((height) => height === undefined)) return;
  const known = heights.filter((height) => height !== undefined);
  const turn = turnOf(known);
  if (turn !== undefined) {
    problems.add("curve-turns", placeOfPart(curve.anchors[turn.at] ?? curve) ?? placeOfPart(curve), {
      message: `'${curve.name}' ${turn.rises ? "rises and then falls" : "falls and then rises"} along '${curve.from.name}': it turns at ${known[turn.at]?.said}`,
      found: known.map(({ said }) => said).join(", "),
    });
    return;
  }
  const direction = Math.sign((known.at(-1)?.value ?? 0) - (known[0]?.value ?? 0));
  const canMove = known.some(({ lower, upper }) => lower !== upper);
  if (direction === 0 && !canMove) {
    problems.add("no-effect", placeOfPart(curve), {
      message: `'${curve.name}' is ${known[0]?.said} whatever '${curve.from.name}' is`,
      cure: "Let the curve rise or fall, or leave the score out.",
    });
  }
  for (const [index, low] of known.entries()) {
    const high = known[index + 1];
    if (high === undefined || direction === 0 || (low.name !== undefined && low.name === high.name)) continue;
    const worst = direction > 0 ? high.lower - low.upper : low.lower - high.upper;
    if (worst >= 0) continue;
    const moved = [low, high].filter(({ lower, upper }) => lower !== upper).map(({ name }) => `'${name}'`);
    problems.add("curve-turns", placeOfPart(curve.anchors[index + 1] ?? curve) ?? placeOfPart(curve), {
      message: `'${curve.name}' turns back between ${low.said} and ${high.said} somewhere in the range of ${moved.join(" and ")}`,
      found: moved.join(", "),
      cure: "Narrow the range so that neighbouring values of the curve keep their order.",
    });
    return;
  }
}

function heightOf(constant: Constant, possibilities: Possibilities): Height | undefined {
  const said = printConstant(constant);
  if (constant.kind === "number") return { said, value: constant.value, lower: constant.value, upper: constant.value };
  const parameter = parameterOf(constant, possibilities);
  if (parameter === undefined || parameter.by !== undefined) return undefined;
  const { value, range = { lower: value, upper: value }, name } = parameter;
  return { said, value, ...range, name };
}

/** The first anchor at which a sequence changes direction. */
function turnOf(heights: readonly Height[]): { readonly at: number; readonly rises: boolean } | undefined {
  let direction = 0;
  for (const [index, low] of heights.entries()) {
    const high = heights[index + 1];
    const step = high === undefined ? 0 : Math.sign(high.value - low.value);
    if (step !== 0 && direction !== 0 && step !== direction) return { at: index, rises: direction > 0 };
    if (step !== 0) direction = step;
  }
  return undefined;
}

/** Anchors whose height is never taken, because x never gets to where it starts to matter. */
function checkReach(curve: Curve, possibilities: Possibilities, problems: Problems): void {
  const from = possibilities.named(curve.from.to, curve.from.name);
  if (from.kind !== "number" || !from.known || curve.shape === "logistic") return;
  const xs = curve.anchors.map(({ x }) => possibilities.number(x));
  for (const [index, anchor] of curve.anchors.entries()) {
    const [before, own, after] = [xs[index - 1], xs[index], xs[index + 1]];
    const isAbove =
      before !== undefined && own !== undefined && (curve.shape === "step" ? own.lower > from.upper : before.lower >= from.upper);
    const isBelow = after !== undefined && after.upper <= from.lower;
    if (own === undefined || !(isAbove || isBelow)) continue;
    const unit = unitOfName(possibilities.policy, curve.from.to, curve.from.name);
    const currency = currencyOfExpression(possibilities.policy, { kind: "reference", ...curve.from });
    problems.add("threshold-out-of-reach", placeOfPart(anchor.x) ?? placeOfPart(anchor) ?? placeOfPart(curve), {
      message: `the anchor at ${sayValue(own.lower, unit, currency)} of '${curve.name}' is never reached: '${curve.from.name}' ${sayRange(from, unit, currency)}`,
      found: printConstant(anchor.x),
      cure: "Leave the anchor out, or move it to where the value can be.",
    });
  }
}
