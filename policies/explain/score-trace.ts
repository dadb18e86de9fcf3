/** One score at one evaluation: the piece of the curve, or the parts of the weighted sum. */
import { constantValue, type Policy, type Score } from "../language/index.ts";
import { type Lookup, roundExactly } from "./expression-nodes.ts";
import type { ScoreTrace, SegmentTrace, WeightedPartTrace } from "./trace.ts";

/** The score's value with its parts. `lookup` gives the metrics, and the scores before it. */
export function traceScore(score: Score, policy: Policy, lookup: Lookup): ScoreTrace {
  return score.kind === "curve" ? traceCurve(score, policy, lookup) : traceWeighted(score, policy, lookup);
}

function traceCurve(score: Extract<Score, { kind: "curve" }>, policy: Policy, lookup: Lookup): ScoreTrace {
  const { name, title, round, kind, from } = score;
  const common = { name, title, round, kind, from };
  const input = lookup(from.to, from.name);
  if (typeof input !== "number") return { ...common, missing: `${from.name} is missing` };
  const anchors = score.anchors.map(({ x, y }) => ({ x: constantValue(policy, x), y: constantValue(policy, y) }));
  const segment = segmentAt(input, anchors, score.shape);
  const unrounded = heightAt(input, segment);
  return { ...common, input, segment, unrounded, value: roundExactly(unrounded, round) };
}

/** The piece of the curve over x. An anchor itself belongs to the piece on its right, so that its own y comes out exactly. */
function segmentAt(x: number, anchors: readonly { x: number; y: number }[], shape: "linear" | "step"): SegmentTrace {
  const [first] = anchors;
  const last = anchors[anchors.length - 1];
  if (first === undefined || last === undefined) throw new RangeError("a curve has no anchors");
  if (x < first.x) return { kind: "below", ...first };
  if (x >= last.x) return { kind: shape === "step" ? "step" : "above", ...last };
  const index = anchors.findLastIndex((anchor) => anchor.x <= x);
  const left = anchors[index] ?? first;
  const right = anchors[index + 1] ?? last;
  return shape === "step" ? { kind: "step", ...left } : { kind: "between", x0: left.x, y0: left.y, x1: right.x, y1: right.y };
}

function heightAt(x: number, segment: SegmentTrace): number {
  if (segment.kind !== "between") return segment.y;
  const { x0, y0, x1, y1 } = segment;
  return y0 + ((x - x0) * (y1 - y0)) / (x1 - x0);
}

function traceWeighted(score: Extract<Score, { kind: "weighted" }>, policy: Policy, lookup: Lookup): ScoreTrace {
  const { name, title, round, kind, missing } = score;
  const parts = score.parts.map((part): WeightedPartTrace => {
    const value = lookup("score", part.score);
    const own = {
      score: part.score,
      title: policy.scores.find((candidate) => candidate.name === part.score)?.title ?? part.score,
      weight: constantValue(policy, part.weight),
    };
    if (typeof value === "number") return { ...own, value, used: value };
    return missing.kind === "neutral" ? { ...own, used: constantValue(policy, missing.value) } : own;
  });
  const common = { name, title, round, kind, parts, missingRule: missing.kind };
  const absent = parts.filter((part) => part.used === undefined).map((part) => part.score);
  if (missing.kind === "propagate" && absent.length > 0) return { ...common, missing: `${absent.join(" and ")} missing` };
  const used = parts.filter((part): part is WeightedPartTrace & { used: number } => part.used !== undefined);
  if (used.length === 0) return { ...common, missing: "every part is missing" };
  const sum = used.map((part) => part.weight * part.used).reduce((a, b) => a + b);
  const weights = used.map((part) => part.weight).reduce((a, b) => a + b);
  if (weights === 0) return { ...common, missing: "the weights that are left add up to 0" };
  const unrounded = sum / weights;
  return { ...common, unrounded, value: roundExactly(unrounded, round) };
}
