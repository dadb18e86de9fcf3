/** The plan of an experiment, and how it looks with a given number of units. */
import { invariant } from "../../../data/foundation/index.ts";
import { maximumOfT, student } from "../distributions/index.ts";
import type { Alternative } from "../finding.ts";
import { type GroupSequentialBoundaries, groupSequentialBoundaries, type Spending, sequenceWidth } from "../sequential/index.ts";
import { isPaired, type Metric, restrictedVariances, testsAtNull, type UnitVariances, unitVariances } from "./metric.ts";

/** What is to be shown. Margins are above 0 and in units of the effect. */
export type Goal =
  | { readonly kind: "difference" }
  | { readonly kind: "superiority"; readonly margin: number }
  | { readonly kind: "non-inferiority"; readonly margin: number }
  | { readonly kind: "equivalence"; readonly margin: number };

/** How often the results are looked at. */
export type Looks =
  | { readonly kind: "once" }
  | { readonly kind: "group-sequential"; readonly count: number; readonly spending: Spending }
  /** At any time; `tunedFor` units of both groups are where the sequence is tightest. */
  | { readonly kind: "always-valid"; readonly tunedFor: number };

/** Units that come in groups which are assigned together. */
export interface Clusters {
  readonly size: number;
  /** Standard deviation of the cluster sizes over their mean. */
  readonly sizeVariation: number;
  readonly intraclassCorrelation: number;
}

/** Everything of an experiment but its size and its effect. */
export interface Plan {
  readonly metric: Metric;
  /** 1 - alpha; one-sided tests spend all of alpha on their side. */
  readonly level: number;
  readonly alternative: Alternative;
  readonly goal: Goal;
  /** Units of each candidate for one of the control. */
  readonly treatmentPerControl: number;
  readonly candidates: number;
  readonly correction: "none" | "bonferroni" | "dunnett";
  readonly looks: Looks;
  /** Correlation with the covariate that CUPED takes out. */
  readonly covariateCorrelation: number;
  readonly clusters?: Clusters | undefined;
}

/** Units by group; fractions while a search goes on. */
export interface Sizes {
  readonly control: number;
  /** Of one candidate. */
  readonly treatment: number;
  readonly total: number;
}

/** What an estimate is like at a size: all that power depends on. */
export interface Precision {
  readonly standardError: number;
  /** The standard error that the test divides by, where that differs (the score test). */
  readonly testedError: number;
  readonly degreesOfFreedom: number;
}

/** The groups' sizes for a number of control units: candidates are rounded up. */
export function sizesFor({ treatmentPerControl, candidates, metric }: Plan, control: number): Sizes {
  if (isPaired(metric)) return { control, treatment: 0, total: control };
  const treatment = Math.ceil(control * treatmentPerControl - 1e-9);
  return { control, treatment, total: control + candidates * treatment };
}

/** Whole units that fit into a total, shared out by the plan's allocation; at least one of control. */
export function sizesWithin(plan: Plan, total: number): Sizes {
  const share = isPaired(plan.metric) ? 1 : 1 / (1 + plan.candidates * plan.treatmentPerControl);
  const control = Math.max(1, Math.floor(total * share + 1e-9));
  const sizes = sizesFor(plan, control);
  return sizes.total > total && control > 1 ? sizesFor(plan, control - 1) : sizes;
}

/**
 * How many times more units clusters need than units on their own: 1 + ((1 + v²) m - 1) rho. Source: Eldridge, Ashby and Kerry (2006), Int. J.
 * Epidemiol. 35, 1292-1300.
 *
 * @example
 * designEffect({ size: 20, sizeVariation: 0, intraclassCorrelation: 0.05 }).toFixed(2)
 * // => "1.95"
 */
export function designEffect({ size, sizeVariation, intraclassCorrelation }: Clusters): number {
  return 1 + ((1 + sizeVariation ** 2) * size - 1) * intraclassCorrelation;
}

/** The value of the effect at the edge of what is to be ruled out; 0 but for margins. */
export function nullValueOf({ goal, alternative }: Plan): number {
  const sign = alternative === "less" ? -1 : 1;
  if (goal.kind === "superiority") return sign * goal.margin;
  return goal.kind === "non-inferiority" ? -sign * goal.margin : 0;
}

/** The alpha of one comparison, by Bonferroni where that is asked for. */
export function alphaOf({ level, correction, candidates }: Plan): number {
  return correction === "bonferroni" ? (1 - level) / candidates : 1 - level;
}

/** The estimate's precision; undefined where there are too few units (or clusters) to estimate a variance. */
export function precisionOf(plan: Plan, sizes: Sizes, effect: number): Precision | undefined {
  const { metric, covariateCorrelation, clusters } = plan;
  const factor = (1 - covariateCorrelation ** 2) * (clusters === undefined ? 1 : designEffect(clusters));
  const errorOf = ({ control, treatment }: UnitVariances): number =>
    Math.sqrt(factor * (control / sizes.control + (isPaired(metric) ? 0 : treatment / sizes.treatment)));
  const variances = unitVariances(metric, effect);
  const standardError = metric.kind === "ranks" ? rankError(sizes, factor) : errorOf(variances);
  if (!(standardError > 0)) return undefined;
  const degreesOfFreedom = degreesOf(plan, sizes, variances);
  if (!(degreesOfFreedom > 0)) return undefined;
  const tested = testedVariances(plan, sizes, effect);
  return { standardError, testedError: tested === undefined ? standardError : errorOf(tested), degreesOfFreedom };
}

/** Variances of units as the test sees them, where it takes the null value for true. */
function testedVariances(plan: Plan, sizes: Sizes, effect: number): UnitVariances | undefined {
  const { metric } = plan;
  if (metric.kind === "paired-proportion") return unitVariances(metric, 0);
  if (metric.kind !== "proportion" || !testsAtNull(metric)) return undefined;
  return restrictedVariances({ control: metric.rate, treatment: metric.rate + effect }, sizes, nullValueOf(plan));
}

function rankError({ control, treatment }: Sizes, factor: number): number {
  return Math.sqrt((factor * (control + treatment + 1)) / (12 * control * treatment));
}

/** Independent observations are clusters where there are clusters. Welch's degrees, Student's where pooled (Dunnett's: over all groups), infinite for proportions, quantiles and ranks. */
function degreesOf({ metric, clusters, correction, candidates }: Plan, sizes: Sizes, variances: UnitVariances): number {
  const each = clusters?.size ?? 1;
  const [control, treatment] = [sizes.control / each, sizes.treatment / each];
  if (metric.kind === "paired") return control - 1;
  if (clusters === undefined && ["proportion", "paired-proportion", "quantile", "ranks"].includes(metric.kind))
    return Number.POSITIVE_INFINITY;
  if (control <= 1 || treatment <= 1) return 0;
  const isPooled = metric.kind === "mean" && metric.pooled === true;
  if (isPooled && correction === "dunnett" && clusters === undefined) return sizes.total - candidates - 1;
  if (clusters !== undefined || isPooled) return control + treatment - 2;
  const [a, b] = [variances.control / control, variances.treatment / treatment];
  return (a + b) ** 2 / (a ** 2 / (control - 1) + b ** 2 / (treatment - 1));
}

/** How many (tested) standard errors from the null value the estimate must be. Not for group-sequential looks, which have a boundary each. */
export function criticalValueOf(plan: Plan, sizes: Sizes, degreesOfFreedom: number): number {
  const { looks, alternative, goal, correction, candidates, treatmentPerControl } = plan;
  const sides = alternative === "two-sided" && goal.kind === "difference" ? 2 : 1;
  const alpha = alphaOf(plan);
  if (looks.kind === "always-valid") {
    const pair = sizes.control + sizes.treatment;
    return sequenceWidth(pair, { tunedFor: looks.tunedFor, level: 1 - alpha, alternative: sides === 2 ? "two-sided" : "greater" });
  }
  if (correction === "dunnett" && candidates > 1) {
    const loading = Math.sqrt(treatmentPerControl / (1 + treatmentPerControl));
    const loadings = Array.from({ length: candidates }, () => loading);
    return maximumOfT({ loadings, degreesOfFreedom, sides: sides === 2 ? "two-sided" : "one-sided" }).upperQuantile(alpha);
  }
  return student(degreesOfFreedom).upperQuantile(alpha / sides);
}

/** The boundaries of equally spaced looks; undefined for plans that look otherwise. */
export function boundariesOf(plan: Plan): GroupSequentialBoundaries | undefined {
  const { looks, alternative, goal } = plan;
  if (looks.kind !== "group-sequential") return undefined;
  invariant(plan.correction !== "dunnett" && goal.kind !== "equivalence", "Dunnett's or equivalence tests at several looks");
  const sides = alternative === "two-sided" && goal.kind === "difference" ? 2 : 1;
  const information = Array.from({ length: looks.count }, (_, index) => index + 1);
  return groupSequentialBoundaries({ information, alpha: alphaOf(plan), sides, form: looks.spending });
}
