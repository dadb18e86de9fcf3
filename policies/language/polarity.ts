/** Which way merit moves when a quantity rises: the basis of calling a change stricter or gentler. */
import { unreachable } from "../../data/foundation/index.ts";
import { followsFrom } from "./comparison-move.ts";
import { partsJoinedBy } from "./condition-parts.ts";
import type { Constant, Expression, ReferenceKind } from "./expression.ts";
import { orderOfUse } from "./order-of-use.ts";
import { constantValue, constantValues, type Policy, parameterOf, type Score } from "./policy.ts";
import { readsOf } from "./reads.ts";

/** 1: more of it can only raise the merited tier. -1: only lower it. `mixed`: cannot be told. 0: it has no influence. */
export type Polarity = 1 | -1 | 0 | "mixed";

/** Joins the influences of one quantity in several places. */
export function joinPolarity(a: Polarity, b: Polarity): Polarity {
  if (a === 0 || a === b) return b;
  return b === 0 ? a : "mixed";
}

/** Influence through an influence. */
export function throughPolarity(outer: Polarity, inner: Polarity): Polarity {
  if (outer === 0 || inner === 0) return 0;
  if (outer === "mixed" || inner === "mixed") return "mixed";
  return outer === inner ? 1 : -1;
}

/** Called for every number, parameter and name of an expression with its influence on the whole. */
export type PolarityVisitor = (part: Expression, polarity: Polarity) => void;

/** Walks an expression with the influence of each part on the whole. Whether something is known is not a matter of more or less. */
export function visitPolarity(expression: Expression, polarity: Polarity, policy: Policy, visit: PolarityVisitor): void {
  visit(expression, polarity);
  for (const [part, own] of operandPolarities(expression, policy)) visitPolarity(part, throughPolarity(polarity, own), policy, visit);
}

/** The operands of an expression with the influence of each on it. */
function operandPolarities(expression: Expression, policy: Policy): readonly (readonly [Expression, Polarity])[] {
  switch (expression.kind) {
    case "number":
    case "text":
    case "reference":
    case "member":
      return [];
    case "known":
      return [[expression.operand, 0]];
    case "negate":
    case "not":
      return [[expression.operand, -1]];
    case "logic":
      return bothPolarities(expression, 1, 1);
    case "compare": {
      const { operator } = expression;
      const isAtLeast = operator === ">" || operator === ">=";
      const isOrdered = operator !== "=" && operator !== "!=";
      return isOrdered ? bothPolarities(expression, isAtLeast ? 1 : -1, isAtLeast ? -1 : 1) : bothPolarities(expression, "mixed", "mixed");
    }
    case "arithmetic":
      if (expression.operator === "+") return bothPolarities(expression, 1, 1);
      if (expression.operator === "-") return bothPolarities(expression, 1, -1);
      return bothPolarities(
        expression,
        signOf(expression.right, policy),
        expression.operator === "*" ? signOf(expression.left, policy) : "mixed",
      );
    case "call":
      return expression.arguments.map((argument) => [argument, expression.function === "abs" ? "mixed" : 1]);
    case "if":
      return [
        [expression.condition, "mixed"],
        [expression.then, 1],
        [expression.otherwise, 1],
      ];
    default:
      return unreachable(expression);
  }
}

function bothPolarities(
  pair: { readonly left: Expression; readonly right: Expression },
  left: Polarity,
  right: Polarity,
): readonly (readonly [Expression, Polarity])[] {
  return [
    [pair.left, left],
    [pair.right, right],
  ];
}

/** The sign of a fixed quantity; `mixed` for anything that varies. */
function signOf(expression: Expression, policy: Policy): Polarity {
  const isConstant = expression.kind === "number" || (expression.kind === "reference" && expression.to === "parameter");
  if (!isConstant) return "mixed";
  const constant: Constant = expression.kind === "number" ? expression : { kind: "reference", to: "parameter", name: expression.name };
  const signs = constantValues(policy, constant).map((value): Polarity => (value > 0 ? 1 : value < 0 ? -1 : 0));
  return signs.every((sign) => sign === signs[0]) ? (signs[0] ?? "mixed") : "mixed";
}

/** The influence of every metric, score, ledger, condition and tier condition of a policy on the merited tier. */
export class Influence {
  readonly #policy: Policy;
  readonly #byName = new Map<string, Polarity>();

  constructor(policy: Policy) {
    this.#policy = policy;
    policy.tiers.forEach((tier, index) => {
      if (tier.when !== undefined) this.#spread(tier.when, this.ofTier(index));
    });
    for (const { when } of policy.caps) this.#spread(when, this.ofCaps());
    const { metrics, scores, ledgers, conditions } = policy;
    const reads = readsOf(policy);
    const all = [...metrics, ...scores, ...ledgers, ...conditions];
    const { ordered } = orderOfUse<(typeof all)[number]>(all, ({ name }) => reads.get(name) ?? []);
    for (const { name } of ordered.toReversed()) this.#pass(name, reads.get(name) ?? []);
  }

  /** Of a metric, score, ledger or condition. */
  of(name: string): Polarity {
    return this.#byName.get(name) ?? 0;
  }

  /**
   * Of the condition of a tier: meeting it is better than what follows on the ladder, and not comparable with `otherwise`. So it has a
   * direction only where whoever meets it would at least have a lower tier of the ladder without it.
   */
  ofTier(index: number): Polarity {
    return this.#policy.otherwise === undefined || meetsLowerTier(this.#policy, index) ? 1 : "mixed";
  }

  /** Of the conditions of caps: they can only lower, unless they lift somebody onto the ladder. */
  ofCaps(): Polarity {
    return this.#policy.otherwise === undefined ? -1 : "mixed";
  }

  /** Passes the influence of one named thing on to what it reads; `mixed` where more of that may pull either way. */
  #pass(name: string, reads: readonly string[]): void {
    const own = this.of(name);
    const condition = this.#policy.conditions.find((candidate) => candidate.name === name);
    const score = this.#policy.scores.find((candidate) => candidate.name === name);
    const metric = this.#policy.metrics.find((candidate) => candidate.name === name);
    if (condition !== undefined) this.#spread(condition.expression, own);
    else if (score?.kind === "weighted") for (const { score: part } of score.parts) this.#join(part, own);
    else if (score?.kind === "curve") this.#join(score.from.name, throughPolarity(own, slopeOf(this.#policy, score)));
    else if (score?.kind === "value") this.#spread(score.expression, own);
    else if (metric?.kind === "value") this.#spread(metric.expression, own);
    else if (metric?.kind === "unbroken") this.#join(metric.condition, own);
    else for (const read of reads) this.#join(read, own === 0 ? 0 : "mixed");
  }

  #spread(expression: Expression, polarity: Polarity): void {
    const kinds: readonly ReferenceKind[] = ["metric", "score", "ledger", "condition"];
    visitPolarity(expression, polarity, this.#policy, (part, own) => {
      if (part.kind === "reference" && kinds.includes(part.to)) this.#join(part.name, own);
    });
  }

  #join(name: string, polarity: Polarity): void {
    this.#byName.set(name, joinPolarity(this.of(name), polarity));
  }
}

/** Whether meeting a tier's condition means meeting that of some lower tier too, by the words of the two alone. */
function meetsLowerTier({ tiers }: Policy, index: number): boolean {
  const when = tiers[index]?.when;
  const own = when === undefined ? [] : partsJoinedBy(when, "and");
  return tiers
    .slice(index + 1)
    .some(
      (tier) => tier.when === undefined || partsJoinedBy(tier.when, "and").every((asked) => own.some((given) => followsFrom(asked, given))),
    );
}

type Curve = Extract<Score, { kind: "curve" }>;

function slopeOf(policy: Policy, curve: Curve): Polarity {
  if (dependsOnText(policy, curve)) return "mixed";
  const values = curve.anchors.map(({ y }) => constantValue(policy, y));
  let slope: Polarity = 0;
  for (const [index, value] of values.entries()) {
    const next = values[index + 1];
    if (next !== undefined && next !== value) slope = joinPolarity(slope, next > value ? 1 : -1);
  }
  return slope;
}

/** Compares two curves everywhere: 1 when the second is never lower, -1 when never higher, 0 when equal, else `mixed`. */
export function compareCurves(
  before: { readonly policy: Policy; readonly curve: Curve },
  after: { readonly policy: Policy; readonly curve: Curve },
): Polarity {
  if (dependsOnText(before.policy, before.curve) || dependsOnText(after.policy, after.curve)) return "mixed";
  if (before.curve.shape === "logistic" || after.curve.shape === "logistic") return "mixed";
  const [old, young] = [resolve(before), resolve(after)];
  // Both are straight between all anchors of either, so that the anchors (and just below them, for steps) decide.
  const xs = [...new Set([...old.points, ...young.points].map(([x]) => x))].sort((a, b) => a - b);
  const probes = xs.flatMap((x, index) => [x, ((xs[index + 1] ?? x + 1) + x) / 2]).concat((xs[0] ?? 0) - 1);
  return probes.map((x) => Math.sign(heightAt(young, x) - heightAt(old, x)) as Polarity).reduce(joinPolarity, 0);
}

/** Whether an anchor is a parameter by a text, so that there are several curves. */
function dependsOnText(policy: Policy, { anchors }: Curve): boolean {
  return anchors.some(({ x, y }) => [x, y].some((constant) => isByText(policy, constant)));
}

function isByText(policy: Policy, constant: Constant): boolean {
  return constant.kind === "reference" && parameterOf(policy, constant.name).by !== undefined;
}

interface ResolvedCurve {
  readonly shape: Curve["shape"];
  readonly points: readonly (readonly [number, number])[];
}

function resolve({ policy, curve }: { readonly policy: Policy; readonly curve: Curve }): ResolvedCurve {
  const value = (constant: Constant): number => constantValue(policy, constant);
  return { shape: curve.shape, points: curve.anchors.map(({ x, y }) => [value(x), value(y)] as const) };
}

function heightAt({ shape, points }: ResolvedCurve, x: number): number {
  const next = points.findIndex(([anchor]) => anchor > x);
  const [x0, y0] = points[next < 0 ? points.length - 1 : Math.max(0, next - 1)] ?? [0, 0];
  const [x1, y1] = points[next < 0 ? points.length - 1 : next] ?? [0, 0];
  if (shape === "step" || next <= 0 || x1 === x0) return next === 0 ? (points[0]?.[1] ?? 0) : y0;
  return y0 + ((x - x0) * (y1 - y0)) / (x1 - x0);
}
