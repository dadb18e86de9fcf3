/** A test by drawn copies of a statistic, and the interval that inverts that very test. */
import { invariant } from "../../../data/foundation/index.ts";
import type { Alternative } from "../finding.ts";

/** Two-sided p: the share of draws at least as far from 0, or twice the smaller tail. */
export type TwoSided = "symmetric" | "equal-tail";

/**
 * Drawn copies of a studentised statistic, as functions of d, the null value minus the estimate: the observed one is -d / √variance, draw i is
 * (level - slope d) / √(a - 2 b d + c d²).
 */
export interface PivotDraws {
  readonly variance: number;
  readonly level: Float64Array;
  readonly slope: Float64Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly c: Float64Array;
}

/** Which p-value of the draws is meant, and at which level the interval is. */
export interface PivotQuestion {
  readonly confidence: number;
  readonly alternative: Alternative;
  readonly twoSided: TwoSided;
  /** The null value minus the estimate. */
  readonly nullDistance: number;
}

/** The bounds as distances from the estimate, possibly infinite, and the p-value that agrees with them. */
export interface PivotAnswer {
  readonly lower: number;
  readonly upper: number;
  readonly pValue: number;
  /** The test's own p where the null value lies in a gap of the values that are not rejected. */
  readonly gapPValue?: number;
}

/** Draws tie with the observed statistic within this share of it, or this many standard errors. */
const tie = 1e-11;
const gridSteps = 160;
const farStandardErrors = 1e5;

/** The p-value of the null value that is d above the estimate: ties count, and so p is never 0 where the observed draw is among the draws. */
export function pivotPValue(
  draws: PivotDraws,
  d: number,
  { alternative, twoSided }: Pick<PivotQuestion, "alternative" | "twoSided">,
): number {
  const { level, slope, a, b, c, variance } = draws;
  const root = Math.sqrt(variance);
  let above = 0;
  let below = 0;
  let beyond = 0;
  for (let i = 0; i < level.length; i++) {
    const numerator = ((level[i] as number) - (slope[i] as number) * d) * root;
    const drawn = Math.sqrt(Math.max(0, (a[i] as number) - 2 * (b[i] as number) * d + (c[i] as number) * d * d));
    const observed = -d * drawn;
    const slack = tie * (Math.abs(numerator) + Math.abs(observed) + drawn * root);
    if (numerator >= observed - slack) above++;
    if (numerator <= observed + slack) below++;
    if (Math.abs(numerator) >= Math.abs(observed) - slack) beyond++;
  }
  if (alternative === "greater") return above / level.length;
  if (alternative === "less") return below / level.length;
  return twoSided === "symmetric" ? beyond / level.length : Math.min(1, (2 * Math.min(above, below)) / level.length);
}

/**
 * All null values with p at least 1 - level, from the lowest to the highest: looked for on a grid that widens to 1e5 standard errors, beyond which
 * the set counts as unbounded, then halved to the last digits. The values not rejected may have gaps; the interval spans them, and the p-value
 * of a null value in a gap is the largest beyond it, so that p is below 1 - level exactly where the interval ends.
 */
export function invertPivot(draws: PivotDraws, question: PivotQuestion): PivotAnswer {
  const { confidence, nullDistance } = question;
  const alpha = 1 - confidence;
  const unit = Math.sqrt(draws.variance);
  invariant(unit > 0 && draws.level.length > 0, "a pivot without variance or draws");
  const pAt = (d: number): number => pivotPValue(draws, d, question);
  const side = (sign: number) => {
    const reach = nullDistance * sign;
    const steps = Array.from(
      { length: gridSteps + 1 },
      (_, i) => (unit * Math.sinh((i / gridSteps) * Math.asinh(farStandardErrors * 20))) / 20,
    );
    const grid = [...steps, ...(reach > 0 ? [reach] : [])].sort((x, y) => x - y);
    const held = grid.map((distance) => pAt(sign * distance));
    const last = held.findLastIndex((p) => p >= alpha);
    const beyondNull = Math.max(...held.filter((_, i) => (grid[i] as number) >= reach));
    if (last === grid.length - 1) return { end: sign * Number.POSITIVE_INFINITY, beyondNull };
    let [inside, outside] = [grid[Math.max(0, last)] as number, grid[last + 1] as number];
    for (let middle = inside + (outside - inside) / 2; middle > inside && middle < outside; middle = inside + (outside - inside) / 2) {
      if (pAt(sign * middle) < alpha) outside = middle;
      else inside = middle;
    }
    return { end: sign * inside, beyondNull };
  };
  const [low, high] = [side(-1), side(1)];
  const own = pAt(nullDistance);
  const lower = question.alternative === "less" ? Number.NEGATIVE_INFINITY : low.end;
  const upper = question.alternative === "greater" ? Number.POSITIVE_INFINITY : high.end;
  const isCovered = lower <= nullDistance && nullDistance <= upper;
  return own < alpha && isCovered
    ? { lower, upper, pValue: nullDistance < 0 ? low.beyondNull : high.beyondNull, gapPValue: own }
    : { lower, upper, pValue: own };
}
