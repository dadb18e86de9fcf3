/** What is known of the units of an experiment: sufficient statistics by arm, and the facts that health is judged by. Plain data. */

import type { QuantileSummary } from "../../statistics/index.ts";
import type { SetAside } from "../assignment/dealing.ts";
import { columnsOf, type ExperimentDesign } from "../design/experiment-design.ts";

/**
 * Sufficient statistics of one metric in one group of units. Columns: the outcome (of a ratio numerator and denominator), then the covariates.
 * Covariances with divisor n - 1; empty below two units.
 */
export interface MetricMoments {
  readonly n: number;
  readonly means: readonly number[];
  readonly covariances: readonly (readonly number[])[];
  /** Where few clusters or spans are dealt: the values that these are the moments of, by column, so that inference can allow for so few. */
  readonly few?: readonly (readonly number[])[];
  /** Of a quantile: what it and its error rest on. Not of groups that were merged, which have none. */
  readonly quantile?: QuantileSummary;
  /** Of moments that are averaged over strata: what they are averages of. */
  readonly strata?: readonly StratumMoments[];
}

/** Of moments that are averaged over strata: one of these. */
export interface StratumMoments {
  /** Its part of the units of all arms; all add up to 1. */
  readonly weight: number;
  readonly n: number;
  /** With divisor n - 1. */
  readonly covariances: readonly (readonly number[])[];
}

/** One arm of one group of units. `metrics` in the order of the design. */
export interface ArmMoments {
  readonly units: number;
  readonly metrics: readonly MetricMoments[];
}

/** The arms of a part of the units, in the order of the design. */
export interface GroupMoments {
  readonly value: string;
  readonly arms: readonly ArmMoments[];
}

/** Units that are in another experiment as well, by its arms; an arm without any is left out. */
export interface ConcurrentGroups {
  readonly experiment: string;
  /** Its control. */
  readonly control: string;
  readonly groups: readonly GroupMoments[];
}

/** Rows that were not used, by reason. */
export interface RejectedRows {
  readonly code:
    | "malformed-row"
    | "no-unit"
    | "no-cluster"
    | "too-long"
    | "unknown-metric"
    | "no-summary"
    | "unknown-arm"
    | "bad-number"
    | "bad-day"
    | "before-start"
    | "after-end"
    | "within-day"
    | "before-exposure"
    | "washout";
  readonly count: number;
  /** The first few, in words: line and what stood there. */
  readonly examples: readonly string[];
}

/** A unit whose value stands out. */
export interface Extreme {
  readonly metric: string;
  readonly unit: string;
  readonly arm: string;
  readonly value: number;
  /** Its part of the arm's sum. */
  readonly shareOfSum: number;
  /** Standard deviations of all units above their mean. */
  readonly deviations: number;
}

/** Clusters or units that are not dealt as clusters are: how many, and the first few. */
export interface ClusterFault {
  readonly count: number;
  readonly examples: readonly string[];
}

/** Everything that an analysis needs. */
export interface Observations {
  readonly form: "units" | "summary";
  readonly rows: number;
  /** Distinct units with at least one row, those in two arms among them. */
  readonly units: number;
  readonly rejected: readonly RejectedRows[];
  /** Rows that stood twice, letter by letter; and rows that a later one about the same unit and day replaced. */
  readonly duplicates: number;
  readonly replaced: number;
  /** Units recorded in two arms or more: in no arm here. */
  readonly crossovers: number;
  /** Where clusters were dealt elsewhere: those with rows in two arms, whose units are among `crossovers`. Absent: none. */
  readonly splitClusters?: ClusterFault;
  /** Where clusters are dealt: units with rows in two of them, each with the first and the last by name: in no arm here. Absent: none. */
  readonly movedUnits?: ClusterFault;
  /** Units whose recorded arm is not that of the rule: in no arm here. */
  readonly misassigned: number;
  /** Units that the rule keeps out of the analysis, by reason; reasons without a unit are left out. */
  readonly setAside: Readonly<Partial<Record<SetAside, number>>>;
  /** Where clusters are dealt: units in the clusters of each arm. `arms` then counts clusters. */
  readonly clusterUnits?: readonly number[];
  /** `areSeveral`: some unit has rows of several days; found where a plan looks several times at values that grow. */
  readonly days?: { readonly first: string; readonly last: string; readonly areSeveral?: true };
  readonly arms: readonly ArmMoments[];
  /** The same with extreme values left as they are; for metrics without a cap the numbers are those of `arms`. */
  readonly uncapped?: readonly ArmMoments[];
  /** By metric: where values were cut, and how many units by arm. */
  readonly caps: readonly { readonly metric: string; readonly threshold: number; readonly cut: readonly number[] }[];
  /** By segment column of the design. */
  readonly segments: readonly { readonly column: string; readonly groups: readonly GroupMoments[] }[];
  /** Of a plan whose strata are combinations of segments: by combination. */
  readonly crossed?: readonly GroupMoments[];
  /** Units by the day of their first row, ascending: each day's own units only. */
  readonly byDay: readonly GroupMoments[];
  /** Of summaries that tell how all units stood on some days, ascending: each day's are among those of the days after it. */
  readonly upTo?: readonly GroupMoments[];
  /** Of primary and guardrail quantiles over the units that came by each of some days, ascending: by arm and metric of the design. */
  readonly quantilesByDay?: readonly { readonly day: string; readonly arms: readonly (readonly (QuantileSummary | undefined)[])[] }[];
  /** By metric of the design and arm: units without a value, those whose window is not over left out. */
  readonly missing: readonly (readonly number[])[];
  /** By metric with a window: units by arm whose window is not over, which the metric leaves out. */
  readonly openWindows?: readonly { readonly metric: string; readonly units: readonly number[] }[];
  /** By arm: units without a day of exposure, where the design names its column or exposures were logged (who is not in the log is in no arm). */
  readonly unexposed?: readonly number[];
  /**
   * Values per unit and day by the time since exposure, where rows are days and some units are seen for two weeks: by week (`1` is the first), and of units
   * seen for two weeks or more the first week's columns and the same later.
   */
  readonly sinceExposure?: { readonly weeks: readonly GroupMoments[]; readonly firstAndLater: readonly ArmMoments[] };
  /** Other experiments of the same units while this one runs, where some share units with it. Absent: none. */
  readonly concurrent?: readonly ConcurrentGroups[];
  readonly extremes: readonly Extreme[];
  /** Columns that count, of which some unit has less than 0, with the least. Absent: none. */
  readonly belowZero?: readonly { readonly column: string; readonly least: number }[];
}

/**
 * The moments of two groups of units together, by the update of Chan, Golub and LeVeque (1983), The American Statistician 37, 242-247.
 *
 * @example
 * const a = { n: 2, means: [1], covariances: [[2]] };
 * mergeMoments(a, { n: 1, means: [4], covariances: [] })
 * // => { n: 3, means: [2], covariances: [[4]] }
 */
export function mergeMoments(a: MetricMoments, b: MetricMoments): MetricMoments {
  if (a.n === 0) return b;
  if (b.n === 0) return a;
  const n = a.n + b.n;
  const apart = a.means.map((mean, i) => (b.means[i] as number) - mean);
  const product = (moments: MetricMoments, i: number, j: number): number =>
    moments.n < 2 ? 0 : (moments.n - 1) * (moments.covariances[i]?.[j] as number);
  const [few, others] = [a.few, b.few];
  return {
    n,
    ...(few === undefined || others === undefined ? {} : { few: few.map((column, i) => [...column, ...(others[i] ?? [])]) }),
    means: a.means.map((mean, i) => mean + ((apart[i] as number) * b.n) / n),
    covariances: apart.map((di, i) => apart.map((dj, j) => (product(a, i, j) + product(b, i, j) + (di * dj * a.n * b.n) / n) / (n - 1))),
  };
}

/** The plan's strata as they were observed; none where nothing tells them apart. */
export function strataGroups(
  { strata, strataColumns }: Pick<ExperimentDesign, "strata" | "strataColumns">,
  { segments, crossed = [] }: Pick<Observations, "segments" | "crossed">,
): readonly GroupMoments[] {
  return strataColumns === undefined ? (segments.find(({ column }) => column === strata)?.groups ?? []) : crossed;
}

/** So many groups of a column are told apart; the smallest go together as others. */
const groupsMax = 20;

/** Groups by size, and the smallest of them where there are too many to tell apart. */
export function toldApart(groups: readonly GroupMoments[]): {
  readonly told: readonly GroupMoments[];
  readonly rest: readonly GroupMoments[];
} {
  const unitsOf = ({ arms }: GroupMoments): number => arms.reduce((sum, { units }) => sum + units, 0);
  const sorted = groups.toSorted((a, b) => unitsOf(b) - unitsOf(a) || (a.value < b.value ? -1 : 1));
  const told = sorted.length <= groupsMax ? sorted.length : groupsMax - 1;
  return { told: sorted.slice(0, told), rest: sorted.slice(told) };
}

/** Two arms of different units together. */
export function mergeArms(a: ArmMoments, b: ArmMoments): ArmMoments {
  return { units: a.units + b.units, metrics: a.metrics.map((metric, index) => mergeMoments(metric, b.metrics[index] ?? metric)) };
}

/** An arm of nobody. */
export function emptyArm(design: ExperimentDesign): ArmMoments {
  return {
    units: 0,
    metrics: design.metrics.map((metric) => ({ n: 0, means: columnsOf(metric).map(() => 0), covariances: [] })),
  };
}
