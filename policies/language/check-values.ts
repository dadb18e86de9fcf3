/** What depends on the values of parameters: curves in order, weights above zero, priors and counts in bounds. Over whole ranges. */
import type { Constant } from "./expression.ts";
import { placeOfPart, relocated } from "./places.ts";
import type { Bounds, Ledger, Metric, Parameter, Policy, Score } from "./policy.ts";
import type { Problems } from "./problems.ts";

/** The policy with curves stored ascending. */
export function checkValues(policy: Omit<Policy, "digest">, problems: Problems): Omit<Policy, "digest"> {
  const parameters = new Map(policy.parameters.map((parameter) => [parameter.name, parameter]));
  const span = (constant: Constant): Span => spanOf(constant, parameters);
  for (const metric of policy.metrics) checkMetricValues(metric, span, problems);
  for (const ledger of policy.ledgers) checkLedgerValues(ledger, span, problems);
  const scores = policy.scores.map((score) =>
    score.kind === "curve" ? checkCurve(score, parameters, problems) : checkScoreValues(score, span, problems),
  );
  return { ...policy, scores };
}

/** Where a constant lies, over the whole range of its parameter, or over all its texts. */
interface Span {
  readonly lower: number;
  readonly upper: number;
}

function spanOf(constant: Constant, parameters: ReadonlyMap<string, Parameter>): Span {
  if (constant.kind === "number") return { lower: constant.value, upper: constant.value };
  const parameter = parameters.get(constant.name);
  if (parameter === undefined) return { lower: 0, upper: 0 };
  if (parameter.by === undefined) return parameter.range ?? { lower: parameter.value, upper: parameter.value };
  const values = parameter.values.map(({ value }) => value);
  return { lower: Math.min(...values), upper: Math.max(...values) };
}

function checkMetricValues(metric: Metric, span: (constant: Constant) => Span, problems: Problems): void {
  const { name } = metric;
  if ("atLeast" in metric && metric.atLeast !== undefined)
    within(metric.atLeast.count, span, { least: 0, what: `the least count of '${name}'`, code: "out-of-range" }, problems);
  if ("over" in metric && metric.over.kind === "volume")
    within(
      metric.over.count,
      span,
      { above: 0, what: `the volume that the window of '${name}' goes back for`, code: "out-of-range" },
      problems,
    );
  if (metric.kind === "share" && metric.shrink !== undefined) {
    const { prior, strength } = metric.shrink;
    within(prior, span, { least: 0, most: 1, what: `the share that '${name}' leans towards`, code: "out-of-range" }, problems);
    within(strength, span, { above: 0, what: `the strength of shrinking of '${name}'`, code: "out-of-range" }, problems);
  }
  if (metric.kind === "share" && metric.wilson !== undefined)
    within(metric.wilson.level, span, { above: 0, below: 1, what: `the level of the bound of '${name}'`, code: "out-of-range" }, problems);
  if (metric.kind === "percentile")
    within(metric.part, span, { above: 0, most: 1, what: `the share of '${name}'`, code: "out-of-range" }, problems);
  if (metric.kind === "value" && metric.within !== undefined) checkBounds(metric.within, span, name, problems);
}

function checkLedgerValues({ name, within: bounds, lines }: Ledger, span: (constant: Constant) => Span, problems: Problems): void {
  if (bounds !== undefined) checkBounds(bounds, span, name, problems);
  for (const line of lines) {
    if (line.kind === "volume")
      within(line.count, span, { above: 0, what: `the volume that a line of '${name}' counts`, code: "out-of-range" }, problems);
    if (line.atMost !== undefined)
      within(line.atMost, span, { least: 0, what: `the most that a line of '${name}' counts for`, code: "out-of-range" }, problems);
  }
}

function checkBounds({ lower, upper }: Bounds, span: (constant: Constant) => Span, name: string, problems: Problems): void {
  const [low, high] = [span(lower), span(upper)];
  if (low.upper < high.lower) return;
  problems.add("bad-range", placeOfPart(lower), {
    message: `the bounds of '${name}' run from the larger to the smaller number, somewhere in their range`,
    found: `${low.upper} to ${high.lower}`,
  });
}

interface Allowed {
  readonly least?: number;
  readonly above?: number;
  readonly below?: number;
  readonly most?: number;
  readonly what: string;
  readonly code: "out-of-range" | "bad-weight";
}

function within(constant: Constant, span: (constant: Constant) => Span, bounds: Allowed, problems: Problems): void {
  const { lower, upper } = span(constant);
  const { least = Number.NEGATIVE_INFINITY, above = Number.NEGATIVE_INFINITY } = bounds;
  const { most = Number.POSITIVE_INFINITY, below = Number.POSITIVE_INFINITY } = bounds;
  if (lower >= least && lower > above && upper <= most && upper < below) return;
  const allowed = [
    bounds.least === undefined ? "" : `at least ${least}`,
    bounds.above === undefined ? "" : `above ${above}`,
    bounds.below === undefined ? "" : `below ${below}`,
    bounds.most === undefined ? "" : `at most ${most}`,
  ]
    .filter((text) => text !== "")
    .join(" and ");
  const range = lower === upper ? String(lower) : `${lower} to ${upper}`;
  problems.add(bounds.code, placeOfPart(constant), { message: `${bounds.what} is ${allowed}`, found: range, expected: allowed });
}

function checkScoreValues(score: Exclude<Score, { kind: "curve" }>, span: (constant: Constant) => Span, problems: Problems): Score {
  if (score.kind === "value") return score;
  for (const { score: part, weight } of score.parts)
    within(weight, span, { above: 0, most: 1e6, what: `the weight of '${part}' in '${score.name}'`, code: "bad-weight" }, problems);
  if (score.missing.kind === "neutral") {
    const what = `the number that stands in for a missing part of '${score.name}'`;
    within(score.missing.value, span, { least: 0, most: 100, what, code: "out-of-range" }, problems);
  }
  return score;
}

type Curve = Extract<Score, { kind: "curve" }>;

/** Anchors in order, for every text that a parameter of the curve depends on. */
function checkCurve(score: Curve, parameters: ReadonlyMap<string, Parameter>, problems: Problems): Score {
  const inside = score.shape === "logistic" ? { above: 0, below: 100 } : { least: 0, most: 100 };
  const all = (constant: Constant): Span => spanOf(constant, parameters);
  for (const { y } of score.anchors)
    within(y, all, { ...inside, what: `a value of the curve '${score.name}'`, code: "out-of-range" }, problems);
  const [first, second] = score.anchors;
  const cases = casesOf(score, parameters);
  const ways = cases.map(({ value }) =>
    Math.sign((second === undefined ? 0 : (value(second.x) ?? 0)) - (first === undefined ? 0 : (value(first.x) ?? 0))),
  );
  // The first text says which way the curve runs; another that runs the other way is at fault.
  const descends = ways.find((way) => way !== 0) === -1;
  const anchors = descends ? score.anchors.toReversed() : score.anchors;
  for (const [index, anchor] of anchors.entries()) {
    const next = anchors[index + 1];
    if (next === undefined) continue;
    const at = placeOfPart(descends ? anchor : next);
    for (const { value, span, words } of cases) {
      const [x, nextX] = [value(anchor.x), value(next.x)];
      if (x === undefined || nextX === undefined) continue;
      const [low, high] = [span(anchor.x), span(next.x)];
      if (x >= nextX) {
        problems.add("bad-curve", at, {
          message: `the anchors of '${score.name}' neither rise nor fall strictly in x${words}`,
          found: `${x}, ${nextX}`,
        });
      } else if (low.upper >= high.lower) {
        problems.add("range-breaks-curve", at, {
          message: `a parameter of '${score.name}' can be moved past its neighbour${words}`,
          found: `${low.upper} meets ${high.lower}`,
        });
      }
    }
  }
  return relocated({ ...score, anchors }, score);
}

interface CurveCase {
  /** The number that a constant is in this case; undefined when its parameter has no entry for the text. */
  readonly value: (constant: Constant) => number | undefined;
  readonly span: (constant: Constant) => Span;
  /** For a message: which text. */
  readonly words: string;
}

/** One case for each text that a parameter of the curve depends on; just one when none does. */
function casesOf(score: Curve, parameters: ReadonlyMap<string, Parameter>): readonly CurveCase[] {
  const read = score.anchors.flatMap(({ x }) => (x.kind === "reference" ? [parameters.get(x.name)] : []));
  const texts = new Set(read.flatMap((parameter) => (parameter?.by === undefined ? [] : parameter.values.map(({ text }) => text))));
  const caseOf = (text: string | undefined): CurveCase => {
    const value = (constant: Constant): number | undefined => {
      if (constant.kind === "number") return constant.value;
      const parameter = parameters.get(constant.name);
      return parameter?.by === undefined ? (parameter?.value ?? 0) : parameter.values.find((entry) => entry.text === text)?.value;
    };
    const span = (constant: Constant): Span => {
      const parameter = constant.kind === "reference" ? parameters.get(constant.name) : undefined;
      const own = parameter?.by === undefined ? undefined : value(constant);
      return own === undefined ? spanOf(constant, parameters) : { lower: own, upper: own };
    };
    return { value, span, words: text === undefined ? "" : ` for '${text}'` };
  };
  return texts.size === 0 ? [caseOf(undefined)] : [...texts].map(caseOf);
}
