/** Which parts of a policy the cases reach, at the evaluations that they expect something of. */
import type { EvaluationTrace, ScoreTrace } from "../explain/index.ts";
import {
  conditionsThatCanBeUnknown,
  constantValues,
  type Policy,
  printLiteral,
  type Score,
  tierNames,
  type ValueUnit,
} from "../language/index.ts";

/** How much is reached, and what is not. */
export interface Coverage {
  readonly parts: number;
  readonly reached: number;
  /** In the order of the policy: `condition rated is unknown`, `dispatch from 4 % to 15 %`, `tier gold is held`. */
  readonly uncovered: readonly string[];
}

/** Every part by the words that name it; what the evaluations reached is counted. */
export function coverageOf(policy: Policy, seen: readonly EvaluationTrace[]): Coverage {
  const reached = new Set(seen.flatMap((evaluation) => reachedBy(policy, evaluation)));
  const parts = partsOf(policy);
  const uncovered = parts.filter((part) => !reached.has(part));
  return { parts: parts.length, reached: parts.length - uncovered.length, uncovered };
}

/** All parts that a case can reach. */
function partsOf(policy: Policy): readonly string[] {
  const unknowable = conditionsThatCanBeUnknown(policy);
  return [
    ...policy.scores.flatMap((score) => segmentsOf(policy, score)),
    ...policy.ledgers.flatMap(({ name, lines }) => lines.map((_, index) => ledgerLine(name, index + 1))),
    ...policy.conditions.flatMap(({ name }) =>
      ["true", "false", ...(unknowable.has(name) ? ["unknown"] : [])].map((value) => conditionIs(name, value)),
    ),
    ...tierNames(policy).flatMap((name) => [tierIs(name, "merited"), tierIs(name, "held")]),
    ...policy.caps.map((_, index) => cap(index + 1)),
    ...reasonsOf(policy).map(rule),
  ];
}

function reachedBy(policy: Policy, evaluation: EvaluationTrace): readonly string[] {
  return [
    ...evaluation.scores.flatMap((trace) => segmentSeen(policy, trace)),
    ...evaluation.ledgers.flatMap(({ name, entries }) =>
      entries.flatMap(({ line }) => (line === undefined ? [] : [ledgerLine(name, line)])),
    ),
    ...evaluation.conditions.map(({ name, value }) => conditionIs(name, value === undefined ? "unknown" : String(value))),
    tierIs(evaluation.merited, "merited"),
    tierIs(evaluation.held, "held"),
    ...evaluation.caps.flatMap(({ value }, index) => (value === true ? [cap(index + 1)] : [])),
    rule(evaluation.reason),
  ];
}

function conditionIs(name: string, value: string): string {
  return `condition ${name} is ${value}`;
}

function tierIs(name: string, how: "merited" | "held"): string {
  return `tier ${name} is ${how}`;
}

function ledgerLine(name: string, line: number): string {
  return `line ${line} of ledger ${name}`;
}

function cap(index: number): string {
  return `cap ${index}`;
}

function rule(reason: string): string {
  return `movement by '${reason}'`;
}

/** The rules of movement that this policy can decide by, but for those that every history meets. */
function reasonsOf({ tiers, movement }: Policy): readonly string[] {
  const isLadder = tiers.length > 1;
  return [
    ...(isLadder ? ["promoted", "demoted"] : []),
    ...(isLadder && movement.promote.after > 1 ? ["counting up"] : []),
    ...(isLadder && movement.demote.after > 1 ? ["counting down"] : []),
    ...(tiers.some(({ holdDays }) => holdDays !== undefined) ? ["hold"] : []),
    ...(movement.shield === undefined ? [] : ["shield"]),
    ...(movement.protect === undefined ? [] : ["protect"]),
    ...(tiers.some(({ terminal }) => terminal) ? ["terminal"] : []),
  ];
}

type Curve = Extract<Score, { kind: "curve" }>;

/** Pieces between anchors, and the flat ends that a value can fall on. */
function segmentsOf(policy: Policy, score: Score): readonly string[] {
  if (score.kind !== "curve" || score.shape === "logistic") return [];
  const between = score.anchors.slice(0, -1).map((_, index) => segment(policy, score, index));
  return [...(startsAtZero(policy, score) ? [] : [segment(policy, score, "below")]), ...between, segment(policy, score, "above")];
}

/** Nothing lies below an anchor at 0 of a number that is never negative. */
function startsAtZero(policy: Policy, { from, anchors }: Curve): boolean {
  const [first] = anchors;
  const lowest = first === undefined ? [] : constantValues(policy, first.x);
  if (!lowest.every((x) => x <= 0)) return false;
  if (from.to === "score") return true;
  const metric = policy.metrics.find(({ name }) => name === from.name);
  return metric !== undefined && metric.kind !== "value" && metric.kind !== "last" && metric.kind !== "percentile";
}

function segmentSeen(policy: Policy, trace: ScoreTrace): readonly string[] {
  const score = policy.scores.find(({ name }) => name === trace.name);
  if (score?.kind !== "curve" || trace.kind !== "curve" || trace.segment === undefined) return [];
  const found: { readonly kind: string; readonly x?: number; readonly x0?: number } = trace.segment;
  if (found.kind === "below" || found.kind === "above") return [segment(policy, score, found.kind)];
  const at = found.x0 ?? found.x;
  const index = score.anchors.findIndex(({ x }) => at !== undefined && constantValues(policy, x).includes(at));
  if (index < 0) return [];
  return [segment(policy, score, index === score.anchors.length - 1 ? "above" : index)];
}

function segment(policy: Policy, score: Curve, where: number | "below" | "above"): string {
  const unit = score.from.to === "score" ? "number" : (policy.metrics.find(({ name }) => name === score.from.name)?.unit ?? "number");
  const say = (index: number): string => {
    const anchor = score.anchors.at(index);
    return anchor === undefined ? "" : sayConstant(anchor.x, unit);
  };
  if (where === "below") return `${score.name} below ${say(0)}`;
  if (where === "above") return `${score.name} from ${say(-1)} on`;
  return `${score.name} from ${say(where)} to ${say(where + 1)}`;
}

function sayConstant(constant: Curve["anchors"][number]["x"], unit: ValueUnit): string {
  return constant.kind === "reference"
    ? constant.name
    : printLiteral({ ...constant, unit: constant.unit === "number" ? unit : constant.unit });
}
