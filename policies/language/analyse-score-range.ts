/** Where a score can lie, from what it reads. */
import { between, combine, exactly, hull, neverThere, type Range, type RangeReader } from "./analyse-range.ts";
import type { Score } from "./policy.ts";

type Curve = Extract<Score, { kind: "curve" }>;
type Weighted = Extract<Score, { kind: "weighted" }>;

/** The range of a score, rounded outwards to its decimals. */
export function scoreRange(score: Score, reader: RangeReader): Range {
  const exact =
    score.kind === "curve"
      ? curveRange(score, reader)
      : score.kind === "weighted"
        ? weightedRange(score, reader)
        : reader.number(score.expression);
  if (!exact.known) return exact;
  const cut = (value: number): number => Math.min(Math.max(value, 0), 100);
  return {
    ...exact,
    lower: roundOutwards(cut(exact.lower), score.round, Math.floor),
    upper: roundOutwards(cut(exact.upper), score.round, Math.ceil),
  };
}

/** A value that is a multiple but for the last bits of a double is that multiple; else it may be rounded either way. */
function roundOutwards(value: number, decimals: number, away: (value: number) => number): number {
  const scale = 10 ** decimals;
  const nearest = Math.round(value * scale) / scale;
  return Math.abs(nearest - value) < 1e-10 ? nearest : away(value * scale) / scale;
}

function curveRange(curve: Curve, reader: RangeReader): Range {
  const from = reader.named(curve.from.to, curve.from.name);
  if (from.kind !== "number" || !from.known || curve.anchors.length === 0) return neverThere;
  const anchors = curve.anchors.map(({ x, y }) => ({ x: reader.number(x), y: reader.number(y) }));
  const missing = from.missing || anchors.some(({ x, y }) => x.missing || y.missing);
  const isFixed = anchors.every(({ x, y }) => x.lower === x.upper && y.lower === y.upper);
  // A logistic goes on beyond its anchors.
  if (!isFixed && curve.shape === "logistic") return between(0, 100, missing);
  if (!isFixed) return { ...anchors.map(({ y }) => y).reduce(hull), missing };
  const points = anchors.map(({ x, y }) => [x.lower, y.lower] as const);
  const inside = points.filter(([x]) => x >= from.lower && x <= from.upper).map(([, y]) => y);
  const ends = [curveHeight(curve.shape, points, from.lower), curveHeight(curve.shape, points, from.upper)];
  const heights = curve.shape === "logistic" ? ends : [...ends, ...inside];
  return between(Math.min(...heights), Math.max(...heights), missing);
}

/** The height of a curve at x, before rounding. Points ascend in x. */
export function curveHeight(shape: Curve["shape"], points: readonly (readonly [number, number])[], x: number): number {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return Number.NaN;
  // A flat one is flat at infinity too, where 0 * x is no number.
  if (shape === "logistic" && first[1] === last[1]) return first[1];
  if (shape === "logistic") {
    const logit = (y: number): number => Math.log(y / (100 - y));
    const slope = (logit(last[1]) - logit(first[1])) / (last[0] - first[0]);
    return 100 / (1 + Math.exp(-(logit(first[1]) + slope * (x - first[0]))));
  }
  if (x <= first[0]) return first[1];
  if (x >= last[0]) return last[1];
  const next = points.findIndex(([anchor]) => anchor > x);
  const [low, high] = [points[next - 1] ?? first, points[next] ?? last];
  return shape === "step" ? low[1] : low[1] + ((x - low[0]) * (high[1] - low[1])) / (high[0] - low[0]);
}

function weightedRange(score: Weighted, reader: RangeReader): Range {
  const neutral = score.missing.kind === "neutral" ? reader.number(score.missing.value) : undefined;
  const weights = score.parts.map(({ weight }) => reader.number(weight));
  const weightMissing = weights.some((weight) => weight.missing);
  const parts = score.parts.map((part) => {
    const range = reader.named("score", part.score);
    const value = range.kind === "number" ? range : neverThere;
    return neutral === undefined || !value.missing ? value : { ...hull(value, neutral), missing: neutral.missing };
  });
  const [first] = parts;
  if (first === undefined) return neverThere;
  const everyoneCounts = score.missing.kind !== "share-out" || parts.every((part) => !part.missing);
  if (everyoneCounts && weights.every((weight) => weight.lower === weight.upper)) {
    const total = weights.reduce((sum, weight) => sum + weight.lower, 0);
    const at = (end: "lower" | "upper"): number =>
      parts.reduce((sum, part, index) => sum + (weights[index] ?? exactly(0)).lower * part[end], 0) / total;
    return withMissing(
      combine(parts, () => [at("lower"), at("upper")]),
      weightMissing,
    );
  }
  if (score.missing.kind !== "share-out") {
    const all = combine(parts, () => {
      const whole = parts.reduce(hull, first);
      return [whole.lower, whole.upper];
    });
    return withMissing(all, weightMissing);
  }
  const there = parts.filter((part) => part.known);
  const [one] = there;
  if (one === undefined) return neverThere;
  return { ...there.reduce(hull, one), missing: weightMissing || parts.every((part) => part.missing) };
}

function withMissing(range: Range, missing: boolean): Range {
  return missing ? { ...range, missing } : range;
}
