/** The answers of the planning statistics, with what they rest on. */
import { estimated, undetermined } from "../estimate.ts";
import { type Detail, type Found, finding } from "../finding.ts";
import { exactUnitsMax } from "./exact-power.ts";
import { sizesForWidth } from "./interval-width.ts";
import { controlValue, isPaired } from "./metric.ts";
import { criticalValueOf, designEffect, type Plan, precisionOf, type Sizes, sizesWithin } from "./plan.ts";
import { detectableEffect, possible, powerCurve, powerOf, reachable, sizesForPower, unitsMax } from "./power.ts";

/** The power of a plan with so many units in all. Below what is needed to test: Undetermined. */
export function planPower(plan: Plan, { effect, units }: { readonly effect: number; readonly units: number }): Found {
  if (!possible(plan, effect)) return outOfRange(plan);
  const sizes = sizesWithin(plan, units);
  const value = powerOf(plan, { sizes, effect });
  if (value === undefined) return tooFew(plan);
  return answer(plan, { value, sizes, effect, method: methodOf(plan), details: curveOverUnits(plan, { effect, sizes, power: value }) });
}

/** The fewest units in all that give the power. */
export function planSampleSize(plan: Plan, { effect, power }: { readonly effect: number; readonly power: number }): Found {
  if (!possible(plan, effect)) return outOfRange(plan);
  const sizes = sizesForPower(plan, { effect, power });
  if (sizes === undefined) return unreachable(plan, effect);
  const achieved = powerOf(plan, { sizes, effect }) ?? power;
  return answer(plan, {
    value: sizes.total,
    sizes,
    effect,
    method: methodOf(plan),
    details: { power: achieved, ...curveOverUnits(plan, { effect, sizes, power: achieved }) },
  });
}

/** The smallest effect that a plan with so many units has the power to show. */
export function planDetectableEffect(plan: Plan, { units, power }: { readonly units: number; readonly power: number }): Found {
  const sizes = sizesWithin(plan, units);
  const value = detectableEffect(plan, { sizes, power });
  if (value === undefined) {
    if (plan.goal.kind === "equivalence") {
      return undetermined("equivalence has no smallest effect: its power is largest where there is none", "the power at an effect of 0");
    }
    return undetermined("no possible effect is shown with this power by so few units", "more units, or a lower power");
  }
  const curve = powerCurve(plan, { over: "effect", sizes }, { from: value / 2, to: 1.5 * value, points: pointsOf(plan) });
  const details = { powerCurve: curve.map(({ x, power: reached }) => ({ effect: x, power: reached })), curveAt: [value, power] };
  return answer(plan, { value, sizes, effect: value, method: methodOf(plan), details });
}

/** What half to double the units would give, for a picture. */
function curveOverUnits(
  plan: Plan,
  { effect, sizes: { total }, power }: { readonly effect: number; readonly sizes: Sizes; readonly power: number },
): Readonly<Record<string, Detail>> {
  const curve = powerCurve(plan, { over: "units", effect }, { from: total / 4, to: 2 * total, points: pointsOf(plan) });
  return { powerCurve: curve.map(({ x, power: reached }) => ({ units: Math.round(x), power: reached })), curveAt: [total, power] };
}

/** Few where one power takes long. */
function pointsOf({ metric, looks }: Plan): number {
  const isSlow = looks.kind === "group-sequential" || (metric.kind === "proportion" && metric.test === "fisher");
  return isSlow ? 8 : 29;
}

/** Weeks of traffic until the power is there, and the power and detectable effect week by week. */
export function planDuration(
  plan: Plan,
  {
    effect,
    power,
    unitsPerWeek,
    weeksMax,
  }: { readonly effect: number; readonly power: number; readonly unitsPerWeek: number; readonly weeksMax: number },
): Found {
  if (!possible(plan, effect)) return outOfRange(plan);
  const needed = sizesForPower(plan, { effect, power });
  if (needed === undefined) return unreachable(plan, effect);
  const weeks = Math.max(1, Math.ceil(needed.total / unitsPerWeek));
  const shown = Math.min(weeks, weeksMax, 12);
  const byWeek = Array.from({ length: shown }, (_, index) =>
    Math.max(1, Math.round(((index + 1) * Math.min(weeks, weeksMax)) / shown)),
  ).flatMap((week) => {
    const sizes = sizesWithin(plan, week * unitsPerWeek);
    const [reached, smallest] = [powerOf(plan, { sizes, effect }), detectableEffect(plan, { sizes, power })];
    return reached === undefined
      ? []
      : [{ week, units: sizes.total, power: reached, ...(smallest === undefined ? {} : { detectableEffect: smallest }) }];
  });
  const warnings =
    weeks > weeksMax ? [`this takes ${weeks} weeks, more than the ${weeksMax} that are allowed: see what can be detected until then`] : [];
  return answer(plan, {
    value: weeks,
    sizes: needed,
    effect,
    method: methodOf(plan),
    details: { byWeek, withinLimit: weeks <= weeksMax },
    warnings,
  });
}

/** The fewest units in all that make the interval as narrow as wanted. */
export function planForWidth(plan: Plan, { effect, halfWidth }: { readonly effect: number; readonly halfWidth: number }): Found {
  const sizes = possible(plan, effect) ? sizesForWidth(plan, { effect, halfWidth }) : undefined;
  if (sizes === undefined) return undetermined("no number of units up to 1e13 makes the interval that narrow", "a wider interval");
  return answer(plan, { value: sizes.total, sizes, effect, method: "expected half-width of the interval" });
}

interface Answer {
  readonly value: number;
  readonly sizes: Sizes;
  readonly effect: number;
  readonly method: string;
  readonly details?: Readonly<Record<string, Detail>>;
  readonly warnings?: readonly string[];
}

function answer(plan: Plan, { value, sizes, effect, method, details, warnings }: Answer): Found {
  const precision = precisionOf(plan, sizes, effect);
  const base = controlValue(plan.metric);
  const degrees = precision?.degreesOfFreedom ?? Number.POSITIVE_INFINITY;
  const one = plan.looks.kind !== "group-sequential" && precision !== undefined;
  return finding({
    estimate: estimated({ value, method, n: sizes.total, assumptions: assumptionsOf(plan) }),
    details: {
      unitsControl: sizes.control,
      ...(isPaired(plan.metric) ? {} : { unitsPerCandidate: sizes.treatment }),
      units: sizes.total,
      effect,
      ...(base === undefined || !Number.isFinite(effect / base) ? {} : { relativeEffect: effect / base }),
      ...(precision === undefined ? {} : { standardError: precision.standardError }),
      ...(Number.isFinite(degrees) ? { degreesOfFreedom: degrees } : {}),
      ...(one
        ? { criticalValue: criticalValueOf(plan, sizes, plan.looks.kind === "always-valid" ? Number.POSITIVE_INFINITY : degrees) }
        : {}),
      ...(plan.clusters === undefined ? {} : { designEffect: designEffect(plan.clusters) }),
      ...(plan.covariateCorrelation === 0 ? {} : { varianceLeft: 1 - plan.covariateCorrelation ** 2 }),
      ...details,
    },
    warnings: [...(warnings ?? []), ...warningsOf(plan, sizes, effect)],
  });
}

/** The test that is planned for. */
function methodOf({ metric, looks, goal }: Plan): string {
  const test = {
    mean: "noncentral t",
    ratio: "noncentral t, delta method",
    paired: "noncentral t, pairs",
    "paired-proportion": "normal, McNemar's test",
    quantile: "normal, outer interval",
    ranks: "normal, Noether",
    proportion:
      metric.kind === "proportion"
        ? { score: "normal, score test", wald: "normal, Wald test", fisher: "exact, Fisher's test" }[metric.test]
        : "",
  }[metric.kind];
  if (looks.kind === "group-sequential") return "group-sequential, exact recursion";
  if (looks.kind === "always-valid") return "always-valid, at the last look";
  return goal.kind === "equivalence" ? `${test}, Owen's Q` : test;
}

function assumptionsOf({ clusters, looks, metric, covariateCorrelation }: Plan): readonly string[] {
  return [
    clusters === undefined ? "units are independent" : "clusters are independent and alike",
    metric.kind === "quantile" ? "the density at the quantile is as stated, in both groups" : "the variance is as stated",
    ...(metric.kind === "mean" || metric.kind === "paired" || metric.kind === "ratio" ? ["means are close to normal"] : []),
    ...(metric.kind === "ranks" ? ["the spread of ranks is as without effect"] : []),
    ...(covariateCorrelation === 0 ? [] : ["the covariate's correlation holds in the experiment"]),
    ...(looks.kind === "group-sequential" ? ["looks come at equal shares of the units, and estimates are normal"] : []),
  ];
}

function warningsOf(plan: Plan, sizes: Sizes, effect: number): readonly string[] {
  const { metric, clusters, looks } = plan;
  const smallest = isPaired(metric) ? sizes.control : Math.min(sizes.control, sizes.treatment);
  const found: string[] = [];
  if (metric.kind === "proportion" && metric.test !== "fisher") {
    const rates = [metric.rate, metric.rate + effect];
    const rarest = Math.min(...rates.map((rate) => Math.min(rate, 1 - rate))) * smallest;
    if (rarest < 10)
      found.push(
        "fewer than 10 units with or without the property are expected in a group: the normal distribution is coarse there, use fisher",
      );
  }
  if (metric.kind === "quantile" && Math.min(metric.share, 1 - metric.share) * smallest < 10)
    found.push("fewer than 10 units are expected beyond the quantile in a group: its interval is wider than is said here");
  if (metric.kind === "paired-proportion" && metric.discordant * smallest < 25)
    found.push(
      "fewer than 25 pairs whose answers differ are expected: the normal distribution is coarse there, and the exact test has less power",
    );
  if (clusters !== undefined && smallest / clusters.size < 20)
    found.push("fewer than 20 clusters in a group: the intraclass correlation matters more than it can be known");
  if (looks.kind === "always-valid")
    found.push("stopping as soon as the sequence excludes the null value has more power than is said here for the last look");
  if (metric.kind === "proportion" && metric.test === "fisher")
    found.push("the power of an exact test is jagged: a few units more can have less");
  return found;
}

function outOfRange({ metric }: Plan): Found {
  const what =
    metric.kind === "ranks"
      ? "probability of superiority"
      : metric.kind === "paired-proportion"
        ? "share of pairs that change one way"
        : "treated rate";
  return undetermined(`with this effect the ${what} would leave its range`, `an effect that keeps the ${what} between 0 and 1`);
}

function tooFew({ metric }: Plan): Found {
  if (metric.kind === "proportion" && metric.test === "fisher") {
    return undetermined(`Fisher's test is gone through for up to ${exactUnitsMax} units in a group`, "the score test, or fewer units");
  }
  return undetermined("too few units to estimate a variance in each group", "at least two units (or clusters) in each group");
}

function unreachable(plan: Plan, effect: number): Found {
  const { metric, goal } = plan;
  if (metric.kind === "proportion" && metric.test === "fisher") {
    return undetermined(`no size up to ${exactUnitsMax} units in a group has this power`, "a larger effect, or the score test");
  }
  if (reachable(plan, effect))
    return undetermined(`more than ${unitsMax.toExponential(0)} units of control would be needed`, "a larger effect, or a lower power");
  if (goal.kind === "equivalence") return undetermined("the effect is not within the margins", "an effect nearer to 0, or wider margins");
  return undetermined("the effect is not on the side of the null value that is to be shown", "an effect beyond the null value");
}
