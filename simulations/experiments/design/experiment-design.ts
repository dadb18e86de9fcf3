/** The design of an experiment: what is asked, of whom, and how it will be answered; fixed before the first unit. Plain data. */

/** One group of units. The first arm of a design is the control. */
export interface Arm {
  readonly name: string;
  /** Its share of the units, of 1. */
  readonly share: number;
  /** The policy version that it lives under, `<programme>@<version>`; absent where arms are no policies. */
  readonly policy?: string;
}

/** Which arm a unit is in: the product's own rule, a published one, or whatever a column of the observations says. */
export type Assignment =
  | { readonly kind: "rule"; readonly algorithm: "sha256-1" | "growthbook-2"; readonly salt: string }
  | { readonly kind: "recorded" };

/** What a metric is made of. Columns are those of the observations. */
export type MetricForm =
  /** Mean over units. */
  | { readonly kind: "mean"; readonly of: string }
  /** Share of the units with a value other than 0. */
  | { readonly kind: "share"; readonly of: string }
  /** Sum of one column over the sum of another, by the delta method on units. */
  | { readonly kind: "ratio"; readonly of: string; readonly over: string };

/** A size on a scale: in the metric's own unit, or as a share of the control's value. */
export interface Size {
  readonly value: number;
  readonly scale: "absolute" | "relative";
}

/** Extreme values drawn in, the same threshold in all arms: at a quantile of all units' values, or at a value. */
export type Cap = { readonly kind: "quantile"; readonly share: number } | { readonly kind: "value"; readonly value: number };

/** What a metric is for: the decision rests on primary ones, guardrails must not get worse by a margin, secondary ones explain. */
export type MetricRole = "primary" | "guardrail" | "secondary";

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
  /** Columns from before the experiment that CUPED takes out. */
  readonly covariates: readonly string[];
  readonly cap?: Cap;
  /** Units without a value: counted as 0, or left out of this metric. */
  readonly missing: "zero" | "leave out";
}

/** When the results may be looked at. */
export type LookPlan =
  | { readonly kind: "once" }
  | { readonly kind: "group-sequential"; readonly count: number; readonly spending: "obrien-fleming" | "pocock" }
  | { readonly kind: "always-valid" };

/** Names of the columns of an observation file. */
export interface ObservationColumns {
  readonly unit: string;
  readonly arm?: string;
  /** The day that a row is about. */
  readonly day?: string;
  /** The day on which the unit first met the change. */
  readonly exposed?: string;
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
  readonly level: number;
  readonly power: number;
  readonly looks: LookPlan;
  /** Over all primary metrics and candidates. */
  readonly correction: "none" | "holm" | "benjamini-hochberg";
  /** First day, `YYYY-MM-DD`, and planned length. */
  readonly start?: string;
  readonly weeks?: number;
  /** Planned number of units in all arms. */
  readonly units?: number;
  /** Id of the comparison whose forecast the experiment is to confirm. */
  readonly forecast?: string;
}

/** Every column that a metric reads, numerator first. */
export function columnsOf({ form, covariates }: ExperimentMetric): readonly string[] {
  return [form.of, ...(form.kind === "ratio" ? [form.over] : []), ...covariates];
}
