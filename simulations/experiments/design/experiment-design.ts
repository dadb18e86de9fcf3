/** The design of an experiment: what is asked, of whom, and how it will be answered; fixed before the first unit. Plain data. */

/** One group of units. The first arm of a design is the control. */
export interface Arm {
  readonly name: string;
  /** Its share of the units, of 1. */
  readonly share: number;
  /** The policy version that it lives under, `<programme>@<version>`; absent where arms are no policies. */
  readonly policy?: string;
}

/** A part of a layer, as shares of all units from 0 to 1: experiments in parts that do not overlap never share a unit. */
export interface LayerPart {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** What is dealt an arm. */
export type DealtThing =
  /** Every unit by itself. */
  | { readonly kind: "unit" }
  /** All units with the same value of a column together. */
  | { readonly kind: "cluster"; readonly column: string }
  /** A unit anew in every span of so many days; the first days of each span, when the arm before may still be felt, do not count. */
  | { readonly kind: "switchback"; readonly everyDays: number; readonly washoutDays: number }
  /**
   * A list of units at once, by what is known of them: in every stratum as planned, and by the first of so many deals under which the covariates are
   * as far apart as in the best hundredth of deals.
   */
  | { readonly kind: "list"; readonly strata: readonly string[]; readonly balance: readonly string[] };

/** Units dealt by a rule: the product's own, or a published one. */
export interface DealingRule {
  readonly kind: "rule";
  readonly algorithm: "sha256-1" | "growthbook-2";
  readonly salt: string;
  /** Default: every unit by itself. */
  readonly deals?: DealtThing;
  /** Absent: the experiment takes from all units. */
  readonly layer?: LayerPart;
  /** Units that are kept out of every experiment that names the same holdout. */
  readonly holdout?: { readonly name: string; readonly share: number };
  /** The holdout whose units are the first arm, where that is what deals; the salt is then the holdout's own. */
  readonly measures?: string;
  /** The share of every arm that is in the experiment so far, all by default; a ramp that grows moves nobody. */
  readonly ramp?: number;
  /** Units that are put in an arm by hand. They are in no analysis. */
  readonly overrides?: Readonly<Record<string, string>>;
}

/** Arms that were dealt elsewhere: whatever a column of the observations says. */
export interface RecordedArms {
  readonly kind: "recorded";
  /** What they were dealt to. Default: every unit by itself. */
  readonly deals?: Extract<DealtThing, { readonly kind: "cluster" | "switchback" }>;
}

/** Which arm a unit is in. */
export type Assignment = DealingRule | RecordedArms;

/** What a metric is made of. Columns are those of the observations. */
export type MetricForm =
  /** Mean over units. */
  | { readonly kind: "mean"; readonly of: string }
  /** Share of the units with a value other than 0. */
  | { readonly kind: "share"; readonly of: string }
  /** Sum of one column over the sum of another, by the delta method on units. `shownAs`: a mean or share of the units of clusters. `isNoPart`: of unlike things, as the text's 'over' says. */
  | {
      readonly kind: "ratio";
      readonly of: string;
      readonly over: string;
      readonly shownAs?: "mean" | "share";
      readonly isNoPart?: true;
    }
  /** The value that this share of the units lie at or below: 0.5 is the median. */
  | { readonly kind: "quantile"; readonly of: string; readonly share: number };

/** A size on a scale: in the metric's own unit, or as a share of the control's value. */
export interface Size {
  readonly value: number;
  readonly scale: "absolute" | "relative";
}

/** Extreme values drawn in, the same threshold in all arms: at a quantile of all units' values, or at a value. */
export type Cap = { readonly kind: "quantile"; readonly share: number } | { readonly kind: "value"; readonly value: number };

/** Days since a unit's exposure on which its rows count: the day of exposure is day 0. */
export interface MetricWindow {
  readonly fromDay: number;
  readonly days: number;
}

/** What a metric is for: the decision rests on primary ones, guardrails must not get worse by a margin, secondary ones explain. */
export type MetricRole = "primary" | "guardrail" | "secondary";

/** What is believed of an effect before the data: a normal law, in the metric's unit or in shares of the control. */
export interface StatedPrior {
  readonly scale: Size["scale"];
  readonly mean: number;
  readonly standardDeviation: number;
}

/** One thing that is measured. */
export interface ExperimentMetric {
  readonly name: string;
  readonly title: string;
  readonly form: MetricForm;
  readonly role: MetricRole;
  readonly better: "up" | "down";
  /** Of a guardrail: the harm that must be ruled out. */
  readonly margin?: Size;
  /** The smallest effect that would matter: what the size is planned for. */
  readonly effect?: Size;
  readonly prior?: StatedPrior;
  /** Columns from before the experiment that CUPED takes out; of a ratio each is a ratio itself, `late_before of orders_before`. */
  readonly covariates: readonly string[];
  readonly cap?: Cap;
  /** Of a mean: which figure of the comparison it is of, where its column is not the panel's own. */
  readonly forecast?: "gmv" | "orders" | "platform fees";
  /** Units without a value: counted as 0, or left out of this metric. */
  readonly missing: "zero" | "leave out";
  /** Only these days of a unit count, and only units of which all of them are over; absent: every row. */
  readonly window?: MetricWindow;
}

/** When the results may be looked at. */
export type LookPlan =
  | { readonly kind: "once" }
  | { readonly kind: "group-sequential"; readonly count: number; readonly spending: "obrien-fleming" | "pocock" }
  | { readonly kind: "always-valid" };

/** How the error of several comparisons is held. */
export type Correction = "none" | "holm" | "benjamini-hochberg";

/** Names of the columns of an observation file. */
export interface ObservationColumns {
  readonly unit: string;
  readonly arm?: string;
  /** The day that a row is about. */
  readonly day?: string;
  /** The day on which the unit first met the change. */
  readonly exposed?: string;
  /** Of summaries: the day up to which all units of a row count. */
  readonly until?: string;
  /** All of these days are numbers, and the plan's first day is this one. */
  readonly daysFrom?: 0 | 1;
}

/** The whole design. Its digest is its identity. */
export interface ExperimentDesign {
  readonly name: string;
  readonly title: string;
  readonly hypothesis: string;
  /** What is randomised: seller, buyer, market. */
  readonly unit: string;
  readonly arms: readonly Arm[];
  readonly assignment: Assignment;
  readonly columns: ObservationColumns;
  readonly metrics: readonly ExperimentMetric[];
  /** Text columns by which effects are broken down. */
  readonly segments: readonly string[];
  /** The segment column within whose values arms are compared (post-stratification); absent: arms are compared as they are. */
  readonly strata?: string;
  /** Of several: the segment columns whose combinations are the strata, which `strata` then names together. */
  readonly strataColumns?: readonly string[];
  readonly level: number;
  readonly power: number;
  readonly looks: LookPlan;
  /** Over all primary metrics and candidates. */
  readonly correction: Correction;
  /** Over all secondary metrics and candidates; absent: each is read by itself. */
  readonly secondaryCorrection?: Exclude<Correction, "none">;
  /** Over differences between every two candidates, by role; absent: they are no part of the plan. */
  readonly pairwiseCorrection?: Correction;
  /** First day, `YYYY-MM-DD`, and planned length. */
  readonly start?: string;
  readonly weeks?: number;
  /** Planned number of units in all arms. */
  readonly units?: number;
  /** Units that a candidate would be given, where it ships. */
  readonly population?: number;
  /** Why no unit's outcome depends on another's arm; absent, an experiment on policies is warned of. */
  readonly interference?: { readonly none: string };
  /** Id of the comparison whose forecast the experiment is to confirm. */
  readonly forecast?: string;
}

/** Every column that a metric reads, numerator first; those of each covariate at the end. */
export function columnsOf({ form, covariates }: ExperimentMetric): readonly string[] {
  return [form.of, ...(form.kind === "ratio" ? [form.over] : []), ...covariates.flatMap(covariateColumns)];
}

/**
 * A column of numbers as a unit has it: of its rows the sum, the largest or the first value, of all rows or of those within a window, where a unit without any has
 * 0 or no value.
 */
export interface UnitColumn {
  readonly name: string;
  readonly value: "sum" | "largest" | "first";
  readonly within?: MetricWindow & Pick<ExperimentMetric, "missing">;
}

/** The columns of `columnsOf` as a metric of the design reads them; covariates are from before: their first value, without a window. */
export function unitColumnsOf({ metrics }: Pick<ExperimentDesign, "metrics">, metric: ExperimentMetric): readonly UnitColumn[] {
  const covariates = metrics.flatMap((one) => one.covariates.flatMap(covariateColumns));
  const { form, window, missing } = metric;
  const outcomes = form.kind === "ratio" ? 2 : 1;
  return columnsOf(metric).map((name, place): UnitColumn => {
    if (covariates.includes(name)) return { name, value: "first" };
    const within = window === undefined || place >= outcomes ? {} : { within: { ...window, missing } };
    return { name, value: form.kind === "share" ? "largest" : "sum", ...within };
  });
}

/** The columns of units that a design's metrics read, each once. */
export function unitColumns(design: Pick<ExperimentDesign, "metrics">): readonly UnitColumn[] {
  const all = design.metrics.flatMap((metric) => unitColumnsOf(design, metric));
  return [...new Map(all.map((column) => [columnKey(column), column])).values()];
}

/** Two columns of one key are the same. */
export function columnKey({ name, value, within }: UnitColumn): string {
  return JSON.stringify([name, value, within === undefined ? [] : [within.fromDay, within.days, within.missing]]);
}

/** Whether units without an outcome are left out: by the metric's rule, or because they have none before their window is over. */
export function leavesOut({ missing, window }: ExperimentMetric): boolean {
  return missing === "leave out" || window !== undefined;
}

/**
 * The columns of a covariate: numerator and denominator, or the one that it is.
 *
 * @example
 * [covariateColumns("orders_before"), covariateColumns("late_before of orders_before")]
 * // => [["orders_before"], ["late_before", "orders_before"]]
 */
export function covariateColumns(covariate: string): readonly string[] {
  return covariate.split(/ (?:of|over) /);
}

/** How the metrics of a role are corrected. Guardrails must all be safe, which errs no more often for being many. */
export function correctionOf(
  { correction, secondaryCorrection }: Pick<ExperimentDesign, "correction" | "secondaryCorrection">,
  role: MetricRole,
): Correction {
  return role === "primary" ? correction : role === "secondary" ? (secondaryCorrection ?? "none") : "none";
}

/** How a metric's values are written: as a mean, a share or a ratio. */
export function shownForm({ form }: ExperimentMetric): MetricForm["kind"] {
  return form.kind === "ratio" ? (form.shownAs ?? form.kind) : form.kind;
}

/** Whether values of a metric are parts of a whole, which are written in per cent: of a ratio of one thing to another that it may be part of, as the values tell. */
export function arePartsOf({ form }: ExperimentMetric, values: readonly (number | undefined)[]): boolean {
  return (
    form.kind === "ratio" &&
    form.shownAs === undefined &&
    form.isNoPart !== true &&
    values.every((value) => value === undefined || (value >= 0 && value <= 1))
  );
}

/** What is dealt, or was. */
export function dealtThing({ assignment }: Pick<ExperimentDesign, "assignment">): DealtThing {
  return assignment.deals ?? { kind: "unit" };
}

/** The name of the column that counts a cluster's units. */
export const unitsOfCluster = "cluster units";

/**
 * The design as its observations are analysed: where clusters are dealt, a mean or share of units is a ratio of the clusters' sums to their units, so
 * that the cluster is the unit of every standard error. A quantile stays one of units: its error knows their clusters.
 */
export function analysedDesign(design: ExperimentDesign): ExperimentDesign {
  if (dealtThing(design).kind !== "cluster") return design;
  const metrics = design.metrics.map((metric): ExperimentMetric => {
    if (metric.form.kind === "ratio" || metric.form.kind === "quantile") return metric;
    const { kind: shownAs, of } = metric.form;
    return {
      ...metric,
      form: { kind: "ratio", of, over: unitsOfCluster, shownAs },
      covariates: metric.covariates.map((column) => `${column} of ${unitsOfCluster}`),
    };
  });
  return { ...design, metrics };
}

/** The segment columns whose values, or combinations of them, are the plan's strata. */
export function strataColumnsOf({ strata, strataColumns }: Pick<ExperimentDesign, "strata" | "strataColumns">): readonly string[] {
  return strataColumns ?? (strata === undefined ? [] : [strata]);
}

/** The column whose values are dealt, where clusters are. */
export function clusterColumn(design: Pick<ExperimentDesign, "assignment">): string | undefined {
  const deals = dealtThing(design);
  return deals.kind === "cluster" ? deals.column : undefined;
}

/**
 * A window in words.
 *
 * @example
 * [windowWords({ fromDay: 0, days: 7 }), windowWords({ fromDay: 7, days: 1 })]
 * // => ["7 days from exposure on", "day 7 after exposure"]
 */
export function windowWords({ fromDay, days }: MetricWindow): string {
  if (fromDay === 0) return days === 1 ? "the day of exposure" : `${days} days from exposure on`;
  return days === 1 ? `day ${fromDay} after exposure` : `days ${fromDay} to ${fromDay + days - 1} after exposure`;
}
