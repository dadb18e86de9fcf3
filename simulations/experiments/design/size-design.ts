/** How many units a design needs, from what units were like before it. */
import {
  type Clusters,
  type Found,
  type Metric,
  type Plan,
  planDetectableEffect,
  planPower,
  planSampleSize,
  quantileEstimate,
  undetermined,
} from "../../statistics/index.ts";
import { comparedArms } from "../observations/compared-arms.ts";
import type { MetricMoments, Observations } from "../observations/observations.ts";
import { arePartsOf, correctionOf, type ExperimentDesign, type ExperimentMetric, shownForm } from "./experiment-design.ts";
import { explainedOf, linearised } from "./narrowing.ts";

/** What one metric needs. */
export interface MetricSize {
  readonly metric: string;
  readonly title: string;
  readonly role: ExperimentMetric["role"];
  /** How its values are written. */
  readonly form: ReturnType<typeof shownForm>;
  /** Of a ratio: its value is a part of a whole, written in per cent. */
  readonly isPart?: true;
  /** From history: units, the metric's value, and what covariates and strata explain of its variance. */
  readonly history: { readonly units: number; readonly value: number; readonly explained: number };
  /** The effect that is planned for, in the metric's own unit: its `effect`, of a guardrail its margin. */
  readonly effect?: number;
  /** Units in all arms for that effect at the plan's power. */
  readonly units: Found;
  /** At the planned number of units. */
  readonly detectable: Found;
  readonly power: Found;
  /** Units in all arms and power, for a picture. */
  readonly curve: readonly { readonly units: number; readonly power: number }[];
}

/** One entry a metric. `observed`: history in the first arm. */
export function sizeDesign(design: ExperimentDesign, observed: Observations): readonly MetricSize[] {
  const first = <Group extends { readonly arms: Observations["arms"] }>(group: Group): Group => ({
    ...group,
    arms: group.arms.slice(0, 1),
  });
  const history = first(observed);
  const segments = observed.segments.map(({ column, groups }) => ({ column, groups: groups.map(first) }));
  const { arms } = comparedArms(design, { arms: history.arms, segments, crossed: (observed.crossed ?? []).map(first) });
  return design.metrics.map((metric, index) =>
    sizeMetric(design, metric, history.arms[0]?.metrics[index] ?? { n: 0, means: [], covariances: [] }, {
      within: arms[0]?.metrics[index],
    }),
  );
}

/** One metric, from its moments in the past. `within`: the same averaged over the plan's strata. */
export function sizeMetric(
  design: ExperimentDesign,
  metric: ExperimentMetric,
  history: MetricMoments,
  { within }: { readonly within?: MetricMoments | undefined } = {},
): MetricSize {
  const common = { metric: metric.name, title: metric.title, role: metric.role, form: shownForm(metric) };
  const asked = askedOf(design, metric, history, { within });
  if (asked === undefined) {
    const none = noHistoryOf(history);
    const value = history.quantile?.value ?? history.means[0] ?? 0;
    return { ...common, history: { units: history.n, value, explained: 0 }, units: none, detectable: none, power: none, curve: [] };
  }
  const { value, explained, plan, effect, planned, guardPlan } = asked;
  const isPart = arePartsOf(metric, [value]) ? { isPart: true as const } : {};
  const noEffect = noEffectOf(metric);
  const noUnits = undetermined("the plan states no number of units", "'units: 20000' or the like in the plan");
  const units = unitsOf(design, metric, asked);
  return {
    ...common,
    ...isPart,
    history: { units: history.n, value, explained },
    ...(effect === undefined ? {} : { effect }),
    units,
    detectable: design.units === undefined ? noUnits : planDetectableEffect(plan, { units: design.units, power: design.power }),
    power:
      design.units === undefined
        ? noUnits
        : planned === undefined
          ? noEffect
          : planPower(guardPlan, { effect: planned, units: design.units }),
    curve: planned === undefined || units.kind === "undetermined" ? [] : curveOf(guardPlan, planned, units.estimate.value),
  };
}

/** What a size rests on besides: units are dealt in such groups; the moments averaged over the plan's strata. */
interface Knowing {
  readonly clusters?: Clusters | undefined;
  readonly within?: MetricMoments | undefined;
}

/** The units in all arms that one metric needs, and its value in the past; nothing else of its size. */
export function unitsNeeded(
  design: ExperimentDesign,
  metric: ExperimentMetric,
  history: MetricMoments,
  knowing: Knowing = {},
): { readonly units: Found; readonly value?: number } {
  const asked = askedOf(design, metric, history, knowing);
  return asked === undefined ? { units: noHistoryOf(history) } : { units: unitsOf(design, metric, asked), value: asked.value };
}

const noHistory = undetermined(
  "history holds fewer than two units with this metric, or units that do not differ",
  "a history with more units",
);

/** Of a quantile without a standard error the reason is its own. */
function noHistoryOf({ quantile }: MetricMoments): Found {
  const known = quantile === undefined ? undefined : quantileEstimate(quantile);
  return known !== undefined && "kind" in known ? known : noHistory;
}

function noEffectOf({ title }: ExperimentMetric): Found {
  return undetermined(`${title} has no effect to plan for`, "'effect: 5 % of control' or the like in the design");
}

interface Asked {
  readonly value: number;
  readonly explained: number;
  readonly plan: Plan;
  readonly effect: number | undefined;
  /** The effect that is there: of a guardrail none, for it must be shown safe while nothing changes. */
  readonly planned: number | undefined;
  /** Of a guardrail: non-inferiority at its margin. */
  readonly guardPlan: Plan;
}

function askedOf(
  design: ExperimentDesign,
  metric: ExperimentMetric,
  history: MetricMoments,
  { clusters, within = history }: Knowing,
): Asked | undefined {
  const parts = metricOf(metric, history, within);
  if (parts === undefined) return undefined;
  const { value, explained } = parts;
  const plan: Plan = { ...planOf(design, metric, parts.metric, explained, design.units ?? history.n), clusters };
  const isGuardrail = metric.role === "guardrail";
  const size = isGuardrail ? (metric.margin ?? metric.effect) : metric.effect;
  const effect = size === undefined ? undefined : size.scale === "relative" ? size.value * Math.abs(value) : size.value;
  return {
    value,
    explained,
    plan,
    effect,
    planned: isGuardrail ? 0 : effect,
    guardPlan:
      isGuardrail && effect !== undefined ? { ...plan, alternative: "greater", goal: { kind: "non-inferiority", margin: effect } } : plan,
  };
}

function unitsOf({ power }: ExperimentDesign, metric: ExperimentMetric, { planned, guardPlan }: Asked): Found {
  return planned === undefined ? noEffectOf(metric) : planSampleSize(guardPlan, { effect: planned, power });
}

function curveOf(plan: Plan, effect: number, enough: number): MetricSize["curve"] {
  const points = Array.from({ length: 24 }, (_, index) => Math.max(8, Math.round((enough * (index + 1)) / 12)));
  return points.flatMap((units) => {
    const found = planPower(plan, { effect, units });
    return found.kind === "finding" ? [{ units, power: found.estimate.value }] : [];
  });
}

function planOf(design: ExperimentDesign, metric: ExperimentMetric, planned: Metric, explained: number, units: number): Plan {
  const [control, first] = design.arms;
  const candidates = design.arms.length - 1;
  const correction = correctionOf(design, metric.role);
  const family = design.metrics.filter(({ role }) => role === metric.role).length;
  return {
    metric: planned,
    // The strictest step of Holm, so that each metric of the family alone has the power.
    level: correction === "none" ? design.level : 1 - (1 - design.level) / family,
    alternative: "two-sided",
    goal: { kind: "difference" },
    treatmentPerControl: (first?.share ?? 0.5) / (control?.share ?? 0.5),
    candidates,
    correction: candidates > 1 && (metric.role === "guardrail" ? design.correction : correction) !== "none" ? "bonferroni" : "none",
    looks:
      design.looks.kind === "group-sequential"
        ? { kind: "group-sequential", count: design.looks.count, spending: { kind: design.looks.spending } }
        : design.looks.kind === "always-valid"
          ? { kind: "always-valid", tunedFor: Math.max(units, 2) }
          : { kind: "once" },
    covariateCorrelation: Math.sqrt(explained),
  };
}

function metricOf(
  { form, covariates }: ExperimentMetric,
  { n, means, covariances, quantile }: MetricMoments,
  within: MetricMoments,
): { readonly metric: Metric; readonly value: number; readonly explained: number } | undefined {
  if (form.kind === "quantile") return quantileOfPast(quantile);
  const [first = 0, second = 0] = means;
  const variance = covariances[0]?.[0] ?? 0;
  const hasStrata = within.strata !== undefined;
  if (n < 2 || !(variance > 0)) return undefined;
  if (form.kind === "ratio") {
    if (!(second > 0)) return undefined;
    const [numeratorDeviation, denominatorDeviation] = [Math.sqrt(variance), Math.sqrt(covariances[1]?.[1] ?? 0)];
    const spread = numeratorDeviation * denominatorDeviation;
    const correlation = spread > 0 ? Math.min(1, Math.max(-1, (covariances[0]?.[1] ?? 0) / spread)) : 0;
    return {
      metric: { kind: "ratio", numeratorMean: first, denominatorMean: second, numeratorDeviation, denominatorDeviation, correlation },
      value: first / second,
      explained:
        covariates.length === 0 && !hasStrata ? 0 : explainedOf(linearised(means, within.covariances), linearised(means, covariances)),
    };
  }
  const explained = covariates.length === 0 && !hasStrata ? 0 : explainedOf(within.covariances, covariances);
  if (form.kind === "share" && covariates.length === 0 && !hasStrata)
    return { metric: { kind: "proportion", rate: first, test: "score" }, value: first, explained };
  return { metric: { kind: "mean", mean: first, standardDeviation: Math.sqrt(variance) }, value: first, explained };
}

/** A quantile has a standard error of its own, and is planned as a mean whose units scatter by it. Undefined where it has none. */
function quantileOfPast(quantile: MetricMoments["quantile"]): ReturnType<typeof metricOf> {
  const known = quantile === undefined ? undefined : quantileEstimate(quantile);
  if (known === undefined || "kind" in known || !(known.standardError > 0)) return undefined;
  const { value, standardError, n } = known;
  return { metric: { kind: "mean", mean: value, standardDeviation: standardError * Math.sqrt(n) }, value, explained: 0 };
}
