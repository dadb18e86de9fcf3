/** Who stands near a line: entities whose headline score is within epsilon of a number that tiers turn on. */
import { type Constant, constantValues, type Expression, operandsOf, type Policy } from "../../../policies/language/checked/index.ts";
import { type Estimated, undetermined, wilson } from "../../statistics/index.ts";
import type { BoundaryCrowd } from "./course.ts";

/** A number that the headline score is compared with; `isAbove`: who is exactly on it stands on the upper side. */
export interface ScoreLine {
  readonly at: number;
  readonly isAbove: boolean;
}

/**
 * The numbers that conditions of tiers and caps compare the headline score with, directly or through named conditions, ascending. A parameter by text
 * brings all its numbers.
 */
export function scoreLines(policy: Policy): readonly ScoreLine[] {
  const lines = new Map<number, ScoreLine>();
  const open: Expression[] = [...policy.tiers.flatMap(({ when }) => when ?? []), ...policy.caps.map(({ when }) => when)];
  const conditions = new Map(policy.conditions.map(({ name, expression }) => [name, expression]));
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    open.push(...operandsOf(part));
    if (part.kind === "reference" && part.to === "condition") {
      const inner = conditions.get(part.name);
      conditions.delete(part.name);
      if (inner !== undefined) open.push(inner);
    }
    if (part.kind !== "compare") continue;
    const [score, constant, operator] = isHeadline(policy, part.left)
      ? [part.left, part.right, part.operator]
      : [part.right, part.left, mirrored[part.operator]];
    if (!isHeadline(policy, score) || !isConstant(constant)) continue;
    for (const at of constantValues(policy, constant)) lines.set(at, { at, isAbove: operator === ">=" || operator === "<" });
  }
  return [...lines.values()].toSorted((a, b) => a.at - b.at);
}

const mirrored = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!=" } as const;

function isHeadline({ headlineScore }: Policy, part: Expression): boolean {
  return part.kind === "reference" && part.to === "score" && part.name === headlineScore;
}

function isConstant(part: Expression): part is Constant {
  return part.kind === "number" || (part.kind === "reference" && part.to === "parameter");
}

/** Columns over entities at the date; NaN: no score. */
export interface BoundaryOptions {
  readonly policy: Policy;
  readonly score: Float64Array;
  readonly scoreBefore: Float64Array;
  readonly level: number;
}

/** Epsilon is how far a score typically moves from one evaluation to the next: the median of the last changes that are not 0. */
export function describeBoundary({ policy, score, scoreBefore, level }: BoundaryOptions): BoundaryCrowd {
  const lines = scoreLines(policy);
  const name = policy.headlineScore ?? "";
  const scored = score.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0);
  const none = (rule: string, reason: string): BoundaryCrowd => ({
    score: name,
    rule,
    scored,
    near: 0,
    share: undetermined(reason, "a score that tiers turn on"),
    lines: [],
  });
  if (lines.length === 0) return none("no tier turns on the headline score alone", "no tier turns on the headline score");
  const changes = score
    .map((value, entity) => distance(value, scoreBefore[entity] as number))
    .filter((change) => change > 0)
    .sort();
  const epsilon = changes[Math.floor((changes.length - 1) / 2)];
  if (epsilon === undefined) return none("no score changed at the last evaluation", "no score changed at the last evaluation");
  const counts = lines.map(() => ({ below: 0, above: 0 }));
  let near = 0;
  for (const value of score) {
    let isNear = false;
    for (const [index, { at, isAbove }] of lines.entries()) {
      if (!(distance(value, at) <= epsilon)) continue;
      isNear = true;
      const own = counts[index] as { below: number; above: number };
      if (value > at || (value === at && isAbove)) own.above++;
      else own.below++;
    }
    if (isNear) near++;
  }
  return {
    score: name,
    epsilon,
    rule: "the median change of the score at the last evaluation, of those whose score changed",
    scored,
    near,
    share: shareOf(near, scored, level),
    lines: lines.map(({ at }, index) => ({ at, ...(counts[index] as { below: number; above: number }) })),
  };
}

/** To nine decimals, so that 85 - 83.8 is 1.2. */
function distance(a: number, b: number): number {
  return Math.round(Math.abs(a - b) * 1e9) / 1e9;
}

function shareOf(near: number, scored: number, level: number): Estimated {
  return wilson({ successes: near, trials: scored, level });
}
