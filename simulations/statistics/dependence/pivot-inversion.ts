/** A test by drawn copies of a statistic, and the interval that inverts that very test. */
import { invariant } from "../../../data/foundation/index.ts";
import type { Alternative } from "../finding.ts";
import { realRoots } from "../numerics/real-roots.ts";

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

/** How many draws are at least the observed statistic, at most it, and at least as far from 0. */
interface Counts {
  above: number;
  below: number;
  beyond: number;
}

const keys = ["above", "below", "beyond"] as const;

/** Draws tie with the observed statistic within this share of it. */
const tie = 1e-11;

/** Crossings farther from the estimate, in standard errors, are rounding (a draw that is the data themselves ties everywhere); the set has no end there. */
const farthestCrossing = 1e6;

/**
 * All null values with p at least 1 - level, from the lowest to the highest, and the p-value that agrees with them: exactly, because a draw and the observed
 * statistic change their order only at roots of a polynomial of degree four, which are found for every draw and swept in order. Ties count. The values not
 * rejected may have gaps; the interval spans them, whatever null value is asked about, and the p-value of a null value in a gap is the largest beyond it.
 * Cost: about 20 microseconds a draw.
 */
export function invertPivot(draws: PivotDraws, question: PivotQuestion): PivotAnswer {
  invariant(draws.variance > 0 && draws.level.length > 0, "a pivot without variance or draws");
  const alpha = 1 - question.confidence;
  // All distances in standard errors of the observed statistic.
  const unit = Math.sqrt(draws.variance);
  const at = question.nullDistance / unit;
  const whole = draws.level.length;
  const { counts, changes } = changesOf(draws, unit, at);
  const pOf = ({ above, below, beyond }: Counts): number => {
    if (question.alternative === "greater") return above / whole;
    if (question.alternative === "less") return below / whole;
    return question.twoSided === "symmetric" ? beyond / whole : Math.min(1, (2 * Math.min(above, below)) / whole);
  };
  const kept = { lower: Number.POSITIVE_INFINITY, upper: Number.NEGATIVE_INFINITY };
  const farthest = { below: 0, above: 0 };
  let pValue = 0;
  const visit = (from: number, to: number, p: number): void => {
    if (p >= alpha) {
      kept.lower = Math.min(kept.lower, from);
      kept.upper = Math.max(kept.upper, to);
    }
    if ((from < at && at < to) || (from === at && to === at)) pValue = p;
    if (from <= at) farthest.below = Math.max(farthest.below, p);
    if (to >= at) farthest.above = Math.max(farthest.above, p);
  };
  let from = Number.NEGATIVE_INFINITY;
  for (let next = 0; next < changes.length; ) {
    const { where } = changes[next] as Change;
    if (where > from) visit(from, where, pOf(counts));
    // At the point itself ties count: what begins here has begun, what ends here has not ended.
    const point = { ...counts };
    for (; next < changes.length && changes[next]?.where === where; next++) {
      const { by } = changes[next] as Change;
      for (const key of keys) point[key] += Math.max(0, by[key]);
      addCounts(counts, by);
    }
    visit(where, where, pOf(point));
    from = where;
  }
  visit(from, Number.POSITIVE_INFINITY, pOf(counts));
  const endOf = (end: number): number => (end === at ? question.nullDistance : end * unit);
  const lower = question.alternative === "less" ? Number.NEGATIVE_INFINITY : endOf(kept.lower);
  const upper = question.alternative === "greater" ? Number.POSITIVE_INFINITY : endOf(kept.upper);
  const isCovered = lower <= question.nullDistance && question.nullDistance <= upper;
  if (pValue >= alpha || !isCovered) return { lower, upper, pValue };
  const isBelow = question.alternative === "greater" || (question.alternative === "two-sided" && at < 0);
  return { lower, upper, pValue: isBelow ? farthest.below : farthest.above, gapPValue: pValue };
}

/** Where a draw's standing changes, and how. */
interface Change {
  readonly where: number;
  readonly by: Counts;
}

/** The counts below all changes, and the changes in order; one at the null value, up to rounding, is exactly there. */
function changesOf(draws: PivotDraws, unit: number, at: number): { readonly counts: Counts; readonly changes: readonly Change[] } {
  const counts: Counts = { above: 0, below: 0, beyond: 0 };
  const changes: Change[] = [];
  for (let i = 0; i < draws.level.length; i++) {
    let before: Counts | undefined;
    for (const { from, standing } of stretchesOf(curveOf(draws, i, unit))) {
      if (before === undefined) addCounts(counts, standing);
      else if (isDifferent(standing, before)) {
        const where = Math.abs(from - at) <= tie * Math.max(1, Math.abs(at)) ? at : from;
        changes.push({ where, by: difference(standing, before) });
      }
      before = standing;
    }
  }
  changes.sort((x, y) => x.where - y.where);
  return { counts, changes };
}

/** A draw in standard errors: (level - slope d) / √(a - 2 b d + c d²) against -d. */
interface Curve {
  readonly level: number;
  readonly slope: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

function curveOf({ level, slope, a, b, c }: PivotDraws, i: number, unit: number): Curve {
  return {
    level: level[i] as number,
    slope: (slope[i] as number) * unit,
    a: a[i] as number,
    b: (b[i] as number) * unit,
    c: (c[i] as number) * unit * unit,
  };
}

function standingAt({ level, slope, a, b, c }: Curve, d: number): Counts {
  const numerator = level - slope * d;
  const drawn = Math.sqrt(Math.max(0, a - 2 * b * d + c * d * d));
  const observed = -d * drawn;
  const slack = tie * (Math.abs(numerator) + Math.abs(observed) + drawn);
  return {
    above: numerator >= observed - slack ? 1 : 0,
    below: numerator <= observed + slack ? 1 : 0,
    beyond: Math.abs(numerator) >= Math.abs(observed) - slack ? 1 : 0,
  };
}

/** The stretches of d, from the lowest on, within which a draw keeps its standing; points between them are stretches of no length. */
function stretchesOf(curve: Curve): readonly { readonly from: number; readonly standing: Counts }[] {
  const { level, slope, a, b, c } = curve;
  const crossings = realRoots([level * level, -2 * level * slope, slope * slope - a, 2 * b, -c]);
  const points = [...crossings, 0, level / slope].filter((point) => Math.abs(point) <= farthestCrossing).sort((x, y) => x - y);
  const [first, last] = [points[0] as number, points[points.length - 1] as number];
  const width = Math.max(1, Math.abs(first), Math.abs(last));
  const stretches = [{ from: Number.NEGATIVE_INFINITY, standing: standingAt(curve, first - width) }];
  for (const [index, point] of points.entries()) {
    const next = points[index + 1] ?? last + 2 * width;
    // At the point itself the two may tie, and on neither side of it.
    stretches.push({ from: point, standing: standingAt(curve, point) });
    if (next > point) stretches.push({ from: point, standing: standingAt(curve, point + (next - point) / 2) });
  }
  return stretches;
}

function addCounts(counts: Counts, by: Counts): void {
  for (const key of keys) counts[key] += by[key];
}

function isDifferent(one: Counts, other: Counts): boolean {
  return keys.some((key) => one[key] !== other[key]);
}

function difference(later: Counts, earlier: Counts): Counts {
  return { above: later.above - earlier.above, below: later.below - earlier.below, beyond: later.beyond - earlier.beyond };
}
