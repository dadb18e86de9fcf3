/** The power of a plan, and the sizes and effects that reach one. */
import { noncentralT } from "../distributions/index.ts";
import { smallestInteger } from "../numerics/index.ts";
import { rootBetween } from "../numerics/root.ts";
import { driftForPower, type GroupSequentialBoundaries, groupSequentialPower } from "../sequential/index.ts";
import { equivalencePower } from "./equivalence.ts";
import { exactUnitsMax, fisherPower } from "./exact-power.ts";
import { testsAtNull, unitVariances } from "./metric.ts";
import { alphaOf, boundariesOf, criticalValueOf, nullValueOf, type Plan, precisionOf, type Sizes, sizesFor, sizesWithin } from "./plan.ts";

/** An effect and a size that are not the plan's own. */
export interface Situation {
  readonly sizes: Sizes;
  readonly effect: number;
}

/**
 * The probability that the plan's test rejects when the effect is there, for one candidate. Means by the noncentral t distribution (exact where the
 * variances are equal, with Welch's degrees of freedom elsewhere), equivalence by Owen's Q, Fisher's test over all tables, the rest by the normal
 * distribution. Two-sided tests count both directions. Undefined where too few units are there to test, or rates would leave [0, 1].
 */
export function powerOf(plan: Plan, { sizes, effect }: Situation, boundaries = boundariesOf(plan)): number | undefined {
  const { metric, goal, alternative, looks } = plan;
  if (!possible(plan, effect)) return undefined;
  if (metric.kind === "proportion" && metric.test === "fisher") return exactPowerOf(plan, { sizes, effect });
  const precision = precisionOf(plan, sizes, effect);
  if (precision === undefined) return undefined;
  const { standardError, testedError, degreesOfFreedom } = precision;
  const drift = (effect - nullValueOf(plan)) / standardError;
  if (boundaries !== undefined)
    return groupPower(plan, inStandardErrors(boundaries, testedError / standardError), alternative === "less" ? -drift : drift);
  const degrees = looks.kind === "always-valid" ? Number.POSITIVE_INFINITY : degreesOfFreedom;
  const criticalValue = (criticalValueOf(plan, sizes, degrees) * testedError) / standardError;
  if (goal.kind === "equivalence") {
    const { margin } = goal;
    const [aboveLower, belowUpper] = [(effect + margin) / standardError, (margin - effect) / standardError];
    return equivalencePower({ aboveLower, belowUpper, criticalValue, degreesOfFreedom: degrees });
  }
  const statistic = noncentralT(degrees, drift);
  if (alternative === "less") return statistic.cdf(-criticalValue);
  if (alternative === "greater" || goal.kind !== "difference") return statistic.survival(criticalValue);
  return Math.min(1, statistic.survival(criticalValue) + statistic.cdf(-criticalValue));
}

/** Boundaries of a statistic that divides by so many standard errors, for estimates in standard errors. */
function inStandardErrors(boundaries: GroupSequentialBoundaries, tested: number): GroupSequentialBoundaries {
  const scaled = (bounds: readonly number[]): readonly number[] => bounds.map((z) => z * tested);
  return { ...boundaries, upper: scaled(boundaries.upper), lower: scaled(boundaries.lower) };
}

/** The power at several looks; two-sided tests count stops in both directions. */
function groupPower({ alternative, goal }: Plan, boundaries: GroupSequentialBoundaries, drift: number): number {
  const { power, lowerByLook } = groupSequentialPower(boundaries, drift);
  return alternative === "two-sided" && goal.kind === "difference"
    ? Math.min(
        1,
        lowerByLook.reduce((sum, part) => sum + part, power),
      )
    : power;
}

/** The drift at which several looks have this power; undefined where it depends on the effect, and for plans that look otherwise. */
function neededDrift(plan: Plan, power: number, boundaries: GroupSequentialBoundaries | undefined): number | undefined {
  if (boundaries === undefined || testsAtNull(plan.metric)) return undefined;
  if (groupPower(plan, boundaries, 0) >= power) return 0;
  return rootBetween((drift) => groupPower(plan, boundaries, drift) - power, 0, driftForPower(boundaries, power) + 1e-6);
}

/** Whether the effect leaves rates (or probabilities of being larger) within their range. */
export function possible({ metric }: Plan, effect: number): boolean {
  if (metric.kind === "proportion") return metric.rate + effect >= 0 && metric.rate + effect <= 1;
  if (metric.kind === "paired-proportion") {
    const { discordant, rateBefore } = metric;
    const [lost, won] = [(discordant - effect) / 2, (discordant + effect) / 2];
    return lost > 0 && won > 0 && (rateBefore === undefined || (lost <= rateBefore && won <= 1 - rateBefore));
  }
  return metric.kind !== "ranks" || Math.abs(effect) < 0.5;
}

function exactPowerOf(plan: Plan, { sizes, effect }: Situation): number | undefined {
  const { metric, alternative } = plan;
  const [control, treatment] = [Math.round(sizes.control), Math.round(sizes.treatment)];
  if (metric.kind !== "proportion" || Math.max(control, treatment) > exactUnitsMax || Math.min(control, treatment) < 1) return undefined;
  return fisherPower({
    control,
    treatment,
    controlRate: metric.rate,
    treatmentRate: metric.rate + effect,
    alpha: alphaOf(plan),
    alternative,
  });
}

/** The most control units that a search goes to. */
export const unitsMax = 1e13;

/**
 * The smallest sizes whose power is at least `power` for the effect: control units are counted up, candidates follow by the allocation. Undefined where
 * no size reaches it (the effect is the null value's, or on the wrong side of it), or where Fisher's test would need more units than are gone through.
 * The power of Fisher's test is jagged; its size is the first that reaches the power.
 */
export function sizesForPower(plan: Plan, { effect, power }: { readonly effect: number; readonly power: number }): Sizes | undefined {
  if (!possible(plan, effect) || !reachable(plan, effect)) return undefined;
  if (plan.metric.kind === "proportion" && plan.metric.test === "fisher") {
    // The exact test has less power than the score test, whose size is where to begin, a bit below.
    const score = sizesForPower({ ...plan, metric: { ...plan.metric, test: "score" } }, { effect, power });
    for (let control = Math.max(2, Math.floor((score?.control ?? exactUnitsMax) * 0.8) - 5); control <= exactUnitsMax; control++) {
      if ((powerOf(plan, { sizes: sizesFor(plan, control), effect }) ?? 0) >= power) return sizesFor(plan, control);
    }
    return undefined;
  }
  const boundaries = boundariesOf(plan);
  const needed = neededDrift(plan, power, boundaries);
  const enough = (control: number): boolean => {
    const sizes = sizesFor(plan, control);
    if (needed === undefined) return (powerOf(plan, { sizes, effect }, boundaries) ?? 0) >= power;
    const precision = precisionOf(plan, sizes, effect);
    return precision !== undefined && Math.abs(effect - nullValueOf(plan)) / precision.standardError >= needed;
  };
  const control = smallestInteger(enough, { from: 1, to: unitsMax });
  return control === undefined ? undefined : sizesFor(plan, control);
}

/** Whether the effect lies where the test can come to reject with certainty as units grow. */
export function reachable(plan: Plan, effect: number): boolean {
  if (plan.goal.kind === "equivalence") return Math.abs(effect) < plan.goal.margin;
  const distance = effect - nullValueOf(plan);
  if (plan.alternative === "less") return distance < 0;
  return plan.alternative === "greater" || plan.goal.kind !== "difference" ? distance > 0 : distance !== 0;
}

/**
 * The effect nearest the null value that the plan has the power to show with these sizes: upwards, or downwards where the alternative is `less`.
 * Undefined where even the largest possible effect is not enough, for equivalence (whose effect is none), and for Fisher's test at more units than are
 * gone through.
 */
export function detectableEffect(plan: Plan, { sizes, power }: { readonly sizes: Sizes; readonly power: number }): number | undefined {
  if (plan.goal.kind === "equivalence") return undefined;
  // So many answers differ that the rate before changes in any case.
  if (plan.metric.kind === "paired-proportion" && !possible(plan, 0)) return undefined;
  const sign = plan.alternative === "less" ? -1 : 1;
  const origin = nullValueOf(plan);
  const boundaries = boundariesOf(plan);
  const needed = neededDrift(plan, power, boundaries);
  const excess = (distance: number): number => {
    const effect = origin + sign * distance;
    if (needed === undefined) return (powerOf(plan, { sizes, effect }, boundaries) ?? 0) - power;
    const precision = precisionOf(plan, sizes, effect);
    return precision === undefined ? -1 : distance / precision.standardError - needed;
  };
  const limit = limitOf(plan, sign) - sign * origin;
  const { control, treatment } = unitVariances(plan.metric, 0);
  let to = Math.min(limit, Math.sqrt(Math.max(control, treatment, 1e-12)) / 4);
  for (let tries = 0; excess(to) < 0; tries++) {
    if (to >= limit || tries > 200) return undefined;
    to = Math.min(limit, to * 2);
  }
  return origin + sign * rootBetween(excess, 0, to);
}

/** The largest effect in a direction that leaves rates in [0, 1]. */
function limitOf({ metric }: Plan, sign: number): number {
  if (metric.kind === "proportion") return sign > 0 ? 1 - metric.rate : metric.rate;
  if (metric.kind === "paired-proportion") {
    const { discordant, rateBefore = sign > 0 ? 0 : 1 } = metric;
    return Math.min(discordant * (1 - 1e-12), sign > 0 ? 2 * (1 - rateBefore) - discordant : 2 * rateBefore - discordant);
  }
  return metric.kind === "ranks" ? 0.5 - 1e-12 : Number.MAX_VALUE / 4;
}

/** A point of a curve. */
export interface CurvePoint {
  readonly x: number;
  readonly power: number;
}

/** What a curve is over. */
export type Curve = { readonly over: "effect"; readonly sizes: Sizes } | { readonly over: "units"; readonly effect: number };

/**
 * Power at values from `from` to `to`, for a page's curve: over effects at fixed sizes, or over total units (shared out by the allocation) at a fixed
 * effect. Values at which there is no test are left out.
 */
export function powerCurve(
  plan: Plan,
  curve: Curve,
  { from, to, points }: { readonly from: number; readonly to: number; readonly points: number },
): readonly CurvePoint[] {
  const boundaries = boundariesOf(plan);
  return Array.from({ length: points }, (_, index) => from + ((to - from) * index) / Math.max(1, points - 1)).flatMap((x) => {
    const situation = curve.over === "effect" ? { sizes: curve.sizes, effect: x } : { sizes: sizesWithin(plan, x), effect: curve.effect };
    const power = powerOf(plan, situation, boundaries);
    return power === undefined ? [] : [{ x, power }];
  });
}
