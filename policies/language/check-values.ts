/** What depends on the values of parameters: curves in order, weights above zero, priors and counts in bounds. Over whole ranges. */
import type { Constant } from "./expression.ts";
import { placeOfPart, relocated } from "./places.ts";
import type { Parameter, Policy, Score } from "./policy.ts";
import type { Problems } from "./problems.ts";

/** The policy with curves stored ascending. */
export function checkValues(policy: Omit<Policy, "digest">, problems: Problems): Omit<Policy, "digest"> {
  const parameters = new Map(policy.parameters.map((parameter) => [parameter.name, parameter]));
  const span = (constant: Constant): Span => spanOf(constant, parameters);
  for (const metric of policy.metrics) {
    if (metric.kind !== "share" && metric.kind !== "mean" && metric.kind !== "sum") continue;
    if (metric.atLeast !== undefined)
      within(metric.atLeast.count, span, { least: 0, what: `the least count of '${metric.name}'`, code: "out-of-range" }, problems);
    if (metric.kind === "share" && metric.shrink !== undefined) {
      within(
        metric.shrink.prior,
        span,
        { least: 0, most: 1, what: `the share that '${metric.name}' leans towards`, code: "out-of-range" },
        problems,
      );
      within(
        metric.shrink.strength,
        span,
        { above: 0, what: `the strength of shrinking of '${metric.name}'`, code: "out-of-range" },
        problems,
      );
    }
  }
  const scores = policy.scores.map((score) => checkScoreValues(score, span, problems));
  return { ...policy, scores };
}

/** Where a constant lies, over the whole range of its parameter. */
interface Span {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

function spanOf(constant: Constant, parameters: ReadonlyMap<string, Parameter>): Span {
  if (constant.kind === "number") return { value: constant.value, lower: constant.value, upper: constant.value };
  const parameter = parameters.get(constant.name);
  const value = parameter?.value ?? 0;
  return { value, lower: parameter?.range?.lower ?? value, upper: parameter?.range?.upper ?? value };
}

interface Bounds {
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
  readonly what: string;
  readonly code: "out-of-range" | "bad-weight";
}

function within(constant: Constant, span: (constant: Constant) => Span, bounds: Bounds, problems: Problems): void {
  const { lower, upper } = span(constant);
  const { least = Number.NEGATIVE_INFINITY, above = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = bounds;
  if (lower >= least && lower > above && upper <= most) return;
  const allowed = [
    bounds.least === undefined ? "" : `at least ${least}`,
    bounds.above === undefined ? "" : `above ${above}`,
    bounds.most === undefined ? "" : `at most ${most}`,
  ]
    .filter((text) => text !== "")
    .join(" and ");
  const range = lower === upper ? String(lower) : `${lower} to ${upper}`;
  problems.add(bounds.code, placeOfPart(constant), { message: `${bounds.what} is ${allowed}`, found: range, expected: allowed });
}

function checkScoreValues(score: Score, span: (constant: Constant) => Span, problems: Problems): Score {
  if (score.kind === "weighted") {
    for (const { score: part, weight } of score.parts)
      within(weight, span, { above: 0, most: 1e6, what: `the weight of '${part}' in '${score.name}'`, code: "bad-weight" }, problems);
    if (score.missing.kind === "neutral")
      within(
        score.missing.value,
        span,
        { least: 0, most: 100, what: `the number that stands in for a missing part of '${score.name}'`, code: "out-of-range" },
        problems,
      );
    return score;
  }
  for (const { y } of score.anchors)
    within(y, span, { least: 0, most: 100, what: `a value of the curve '${score.name}'`, code: "out-of-range" }, problems);
  const [first, second] = score.anchors;
  const descends = first !== undefined && second !== undefined && span(first.x).value > span(second.x).value;
  const anchors = descends ? score.anchors.toReversed() : score.anchors;
  for (const [index, anchor] of anchors.entries()) {
    const next = anchors[index + 1];
    if (next === undefined) continue;
    const [low, high] = [span(anchor.x), span(next.x)];
    const at = placeOfPart(descends ? anchor : next);
    if (low.value >= high.value) {
      problems.add("bad-curve", at, {
        message: `the anchors of '${score.name}' neither rise nor fall strictly in x`,
        found: `${low.value}, ${high.value}`,
      });
    } else if (low.upper >= high.lower) {
      problems.add("range-breaks-curve", at, {
        message: `a parameter of '${score.name}' can be moved past its neighbour`,
        found: `${low.upper} meets ${high.lower}`,
      });
    }
  }
  return relocated({ ...score, anchors }, score);
}
