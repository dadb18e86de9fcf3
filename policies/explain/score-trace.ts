/** One score at one evaluation: the piece of the curve, the parts of the weighted sum, or the expression. */
import { unreachable } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import type { Policy, Score } from "../language/index.ts";
import { constantAt } from "./constant.ts";
import { evaluateExpression, type Lookup, roundExactly } from "./expression-nodes.ts";
import { missingReasons } from "./metric-parts.ts";
import { sayExpression } from "./say-expression.ts";
import type { ScoreTrace, SegmentTrace, WeightedPartTrace } from "./trace.ts";

/** The score's value with its parts. `lookup` gives whatever else the policy computes at the evaluation. */
export function traceScore(score: Score, { policy, schema }: { policy: Policy; schema: PanelSchema }, lookup: Lookup): ScoreTrace {
  switch (score.kind) {
    case "curve":
      return traceCurve(score, lookup);
    case "weighted":
      return traceWeighted(score, policy, lookup);
    case "value": {
      const { name, title, round, kind, expression } = score;
      const common = { name, title, round, kind, words: sayExpression(expression, policy, schema) };
      const uncut = evaluateExpression(expression, lookup);
      if (typeof uncut !== "number") return { ...common, missing: "something that it is computed from is missing" };
      const unrounded = Math.min(Math.max(uncut, 0), 100);
      return { ...common, uncut, unrounded, value: roundExactly(unrounded, round) };
    }
    default:
      return unreachable(score);
  }
}

function traceCurve(score: Extract<Score, { kind: "curve" }>, lookup: Lookup): ScoreTrace {
  const { name, title, round, kind, from } = score;
  const common = { name, title, round, kind, from };
  const input = lookup(from.to, from.name);
  if (typeof input !== "number") return { ...common, missing: `${from.name} is missing` };
  const anchors: { x: number; y: number }[] = [];
  for (const anchor of score.anchors) {
    const [x, y] = [constantAt(anchor.x, lookup), constantAt(anchor.y, lookup)];
    if (x === undefined || y === undefined) return { ...common, input, missing: missingReasons.parameter };
    anchors.push({ x, y });
  }
  const segment = segmentAt(input, anchors, score.shape);
  const unrounded = heightAt(input, segment);
  return { ...common, input, segment, unrounded, value: roundExactly(unrounded, round) };
}

/** The piece of the curve over x. An anchor itself belongs to the piece on its right, so that its own y comes out exactly. */
function segmentAt(x: number, anchors: readonly { x: number; y: number }[], shape: "linear" | "step" | "logistic"): SegmentTrace {
  const [first] = anchors;
  const last = anchors[anchors.length - 1];
  if (first === undefined || last === undefined) throw new RangeError("a curve has no anchors");
  if (shape === "logistic") return { kind: "logistic", x0: first.x, y0: first.y, x1: last.x, y1: last.y };
  if (x < first.x) return { kind: "below", ...first };
  if (x >= last.x) return { kind: shape === "step" ? "step" : "above", ...last };
  const index = anchors.findLastIndex((anchor) => anchor.x <= x);
  const left = anchors[index] ?? first;
  const right = anchors[index + 1] ?? last;
  return shape === "step" ? { kind: "step", ...left } : { kind: "between", x0: left.x, y0: left.y, x1: right.x, y1: right.y };
}

function heightAt(x: number, segment: SegmentTrace): number {
  if (!("x0" in segment)) return segment.y;
  const { x0, y0, x1, y1 } = segment;
  if (segment.kind === "logistic") {
    const logit = (y: number): number => Math.log(y / (100 - y));
    const b = (logit(y1) - logit(y0)) / (x1 - x0);
    const a = logit(y0) - b * x0;
    return 100 / (1 + Math.exp(-(a + b * x)));
  }
  return y0 + ((x - x0) * (y1 - y0)) / (x1 - x0);
}

function traceWeighted(score: Extract<Score, { kind: "weighted" }>, policy: Policy, lookup: Lookup): ScoreTrace {
  const { name, title, round, kind, missing } = score;
  const neutral = missing.kind === "neutral" ? constantAt(missing.value, lookup) : undefined;
  const common = { name, title, round, kind, missingRule: missing.kind };
  const parts: WeightedPartTrace[] = [];
  for (const part of score.parts) {
    const weight = constantAt(part.weight, lookup);
    if (weight === undefined) return { ...common, parts: [], missing: missingReasons.parameter };
    const value = lookup("score", part.score);
    const partTitle = policy.scores.find((candidate) => candidate.name === part.score)?.title ?? part.score;
    const own = { score: part.score, title: partTitle, weight };
    if (typeof value === "number") parts.push({ ...own, value, used: value });
    else parts.push(neutral === undefined ? own : { ...own, used: neutral });
  }
  const absent = parts.filter((part) => part.used === undefined).map((part) => part.score);
  // A neutral value that is itself missing stands in for nothing.
  if (missing.kind !== "share-out" && absent.length > 0) return { ...common, parts, missing: `${absent.join(" and ")} missing` };
  const used = parts.filter((part): part is WeightedPartTrace & { used: number } => part.used !== undefined);
  if (used.length === 0) return { ...common, parts, missing: "every part is missing" };
  const sum = used.map((part) => part.weight * part.used).reduce((a, b) => a + b);
  const weights = used.map((part) => part.weight).reduce((a, b) => a + b);
  if (weights === 0) return { ...common, parts, missing: "the weights that are left add up to 0" };
  const unrounded = sum / weights;
  return { ...common, parts, unrounded, value: roundExactly(unrounded, round) };
}
