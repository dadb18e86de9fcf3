/** The analysis of an experiment. Plain serialisable data. */
import type { Estimated } from "../../statistics/index.ts";
import type { MetricRole, StatedPrior } from "../design/experiment-design.ts";
import type { InterferenceWarning } from "../interference/warning.ts";
import type { Evidence } from "./evidence.ts";
import type { SinceExposure } from "./novelty.ts";

/** How bad it is: the scorecard may be read, read with care, or not be read at all. */
export type HealthState = "sound" | "care" | "stop";

/** One check of an experiment's health. */
export interface HealthCheck {
  readonly name:
    | "sample-ratio"
    | "sequential-sample-ratio"
    | "crossovers"
    | "moved-units"
    | "misassigned"
    | "rejected-rows"
    | "repeated-rows"
    | "summaries"
    | "growing-days"
    | "missing-values"
    | "constant-values"
    | "below-zero"
    | "strata-balance"
    | "absent-days"
    | "open-windows"
    | "covariate-balance"
    | "extremes"
    | "size"
    | "set-aside"
    | "clusters"
    | "missing-exposure"
    | "exposure-days"
    | "other-experiments"
    | "trigger-balance"
    | "novelty";
  readonly title: string;
  readonly state: HealthState;
  /** What was found, and what it means. */
  readonly finding: string;
  /** What to do; empty where all is well. */
  readonly cure: string;
  readonly pValue?: number;
  readonly details?: Readonly<Record<string, number | string>>;
}

/** What a metric's row says at a glance. */
export type Reading = "better" | "worse" | "not shown" | "not determined";

/** A guardrail against its margin. */
export interface GuardrailReading {
  readonly state: "shown safe" | "shown harmed" | "undetermined";
  readonly margin: number;
  readonly scale: "absolute" | "relative";
  /** At twice the one-sided alpha: the interval that the state is read off. */
  readonly interval: Estimated;
  readonly words: string;
}

/** Intervals over a family of comparisons; an absent end is open. `mayIncludeZero`: they bound the share of wrong ones among the shown, and need not exclude 0. */
export interface AdjustedIntervals {
  readonly absolute: { readonly lower?: number; readonly upper?: number };
  readonly relative?: { readonly lower?: number; readonly upper?: number };
  readonly mayIncludeZero: boolean;
}

/** The posterior under the normal prior that is stated (`mean`, `standardDeviation`), on its scale: the metric's unit, or shares of the control. */
export interface StatedPosterior extends StatedPrior {
  readonly effect: Estimated;
  readonly chanceBetter?: number;
  /** In the metric's unit. */
  readonly expectedLoss?: number;
  /** Where data and prior disagree. */
  readonly disagreement?: string;
}

/** One metric of one candidate. */
export interface ScorecardRow {
  readonly metric: string;
  readonly title: string;
  readonly role: MetricRole;
  readonly better: "up" | "down";
  /** What the metric is: shares are of 1. */
  readonly form: "mean" | "share" | "ratio" | "quantile";
  /** Of a ratio: its values are parts of a whole, written in per cent. */
  readonly isPart?: true;
  readonly arm: string;
  readonly control: { readonly units: number; readonly value?: number };
  readonly treatment: { readonly units: number; readonly value?: number };
  readonly absolute: Estimated;
  readonly relative: Estimated;
  /** The relative effect with the interval that this look is judged by, where that is wider than the test's. */
  readonly judgedRelative?: Estimated;
  readonly pValue?: number;
  /**
   * Over the primary metrics of all candidates, or the secondary ones where the plan says so: of `pValue`, or where effects are judged by what holds at every look of
   * `alwaysValidPValue`.
   */
  readonly adjustedPValue?: number;
  /** Intervals that agree with it; absent where none do, or nothing else is in the family. */
  readonly adjusted?: AdjustedIntervals;
  /**
   * Under a flat prior, from this look's data alone: how likely the candidate is better by this metric, and how much is lost on average by taking it where
   * it is not, in the metric's unit. Decides nothing.
   */
  readonly posterior?: { readonly chanceBetter: number; readonly expectedLoss: number };
  /** Where the metric states a prior. Decides nothing. */
  readonly statedPosterior?: StatedPosterior;
  /** Holds at every look. */
  readonly alwaysValid: Estimated;
  readonly alwaysValidPValue?: number;
  /**
   * At a look of a group-sequential plan: which look this is (looks as close as one go together), how many were planned, the bound in standard errors,
   * whether it is crossed, and the interval that it gives. A look with next to no error to spend has no bound.
   */
  readonly look?: {
    readonly number: number;
    readonly of: number;
    readonly statistic: number;
    readonly crossed: boolean;
    readonly bound?: number;
    readonly interval?: { readonly lower: number; readonly upper: number; readonly level: number };
  };
  readonly method: string;
  readonly reading: Reading;
  /** In plain words; a result without significance is never called no effect. */
  readonly words: string;
  readonly guardrail?: GuardrailReading;
  readonly warnings: readonly string[];
  /** How much narrower covariates made the interval: 1 - variance ratio. */
  readonly varianceReduction?: number;
}

/** An effect here by a unit's arm in another experiment. */
export interface Interaction {
  readonly experiment: string;
  readonly metric: string;
  readonly title: string;
  readonly arm: string;
  readonly form: "mean" | "share" | "ratio" | "quantile";
  readonly isPart?: true;
  readonly otherControl: string;
  readonly otherArm: string;
  /** In the four cells. */
  readonly units: number;
  /** The effect among units of the other experiment's control, and of its candidate. */
  readonly underControl: Estimated;
  readonly underCandidate: Estimated;
  /** The second less the first. */
  readonly interaction: Estimated;
  readonly pValue?: number;
  /** By Holm over all of them. */
  readonly adjustedPValue?: number;
}

/** Other experiments on the same units. */
export interface Interactions {
  readonly finding: string;
  readonly words: string;
  /** `pValue`: of deals that are independent of each other. */
  readonly overlaps: readonly { readonly experiment: string; readonly units: number; readonly pValue?: number }[];
  readonly rows: readonly Interaction[];
}

/** What one metric of one candidate comes to over everybody whom it would be given. */
export interface RolledOutRow {
  readonly metric: string;
  readonly title: string;
  readonly role: MetricRole;
  readonly arm: string;
  /** Of a share the total counts units. */
  readonly form: "mean" | "share";
  /** That it is a sum over. */
  readonly units: number;
  /** The scorecard's. */
  readonly reading: Reading;
  readonly words: string;
  /** Over the days that units were seen, or their windows. */
  readonly total: Estimated;
  /** Where rows are days of units, and all of them count. */
  readonly perWeek?: Estimated;
}

/** Effects in all, where each candidate is given to everybody whom it would be given. */
export interface RolledOut {
  readonly analysed: number;
  readonly population: number;
  /** In sentences: whom sums are over, and what they do not hold. */
  readonly words: string;
  readonly rows: readonly RolledOutRow[];
}

/** One metric of one candidate against another: as a row of the scorecard, with the other (`base`) in the control's place. */
export interface CandidatePair extends Omit<ScorecardRow, "guardrail"> {
  readonly base: string;
}

/** The candidates against each other. Decides nothing: the rule is about each candidate and the control. */
export interface BetweenCandidates {
  /** False: the design that was locked does not name them, so that they are exploratory. */
  readonly isPlanned: boolean;
  /** In a sentence or two: what is shown, and what that means for those that may ship. */
  readonly finding: string;
  /** Whether they were planned, and over what they are adjusted. */
  readonly words: string;
  /** Every pair both ways, so that any candidate may be the base: first with the candidate that the design names first as the base, then turned round. */
  readonly pairs: readonly CandidatePair[];
}

/** A metric by the values of a text column. */
export interface SegmentEffects {
  readonly metric: string;
  readonly arm: string;
  readonly column: string;
  readonly rows: readonly {
    readonly value: string;
    readonly control: { readonly units: number; readonly value?: number };
    readonly treatment: { readonly units: number; readonly value?: number };
    readonly absolute: Estimated;
    /** Pulled towards the mean as far as the segments' differences look like noise. */
    readonly shrunken: Estimated;
  }[];
  /**
   * Do the segments' effects differ? Cochran's Q at the plan's one or last look; at others each segment against the rest by what holds at every look, the smallest p times
   * their number.
   */
  readonly interactionPValue?: number;
  /** The same over all metrics, candidates and columns that are looked at, by Holm. */
  readonly adjustedInteractionPValue?: number;
  readonly words: string;
}

/** A metric as it stood after each day's units. */
export interface TimeCourse {
  readonly metric: string;
  readonly arm: string;
  readonly points: readonly {
    readonly day: string;
    readonly units: number;
    readonly absolute: Estimated;
    readonly alwaysValid: Estimated;
  }[];
}

/** The same question asked otherwise. */
export interface SensitivityRow {
  readonly metric: string;
  readonly arm: string;
  readonly way: string;
  readonly absolute: Estimated;
  readonly pValue?: number;
}

/** The rule's answer. */
export interface Recommendation {
  readonly arm: string;
  readonly decision: "ship" | "hold" | "stop";
  readonly reasons: readonly string[];
}

/** What the checks come to. */
export interface Health {
  /** The worst of them. */
  readonly state: HealthState;
  /** False where a check stops it: then figures are kept for the record, and no effect may be read from them. */
  readonly mayBeRead: boolean;
  readonly checks: readonly HealthCheck[];
}

/** Everything about an experiment's data. */
export interface Analysis {
  readonly experiment: string;
  readonly designDigest: string;
  readonly level: number;
  readonly units: number;
  readonly arms: readonly { readonly name: string; readonly planned: number; readonly units: number }[];
  /** Over what p-values are adjusted; empty where nothing is looked at together. */
  readonly familyWords: string;
  /** By what effects are judged now. */
  readonly evidence: Evidence;
  readonly evidenceWords: string;
  /** Where units of one arm may gain from what units of another lose. */
  readonly interference?: InterferenceWarning;
  /** Units at which always-valid statements are tightest. */
  readonly tunedFor: number;
  readonly health: Health;
  readonly scorecard: readonly ScorecardRow[];
  readonly segments: readonly SegmentEffects[];
  readonly timeCourse: readonly TimeCourse[];
  readonly sinceExposure: readonly SinceExposure[];
  readonly sensitivity: readonly SensitivityRow[];
  /** Of a design with quantiles: what is not told of them, and why. */
  readonly quantileWords?: string;
  /** Of a design with windows: which days count. */
  readonly windowWords?: string;
  /** Of a plan with strata: within what arms are compared. */
  readonly strataWords?: string;
  /** How segments and sensitivity are judged at this look, in a sentence. */
  readonly besideWords: string;
  readonly recommendations: readonly Recommendation[];
  /** Where metrics state priors: which, and since when. */
  readonly priorWords?: string;
  /** Not of switchbacks and measured holdouts, nor where every metric is a ratio or a quantile. */
  readonly rolledOut?: RolledOut;
  /** Where other experiments share units. */
  readonly interactions?: Interactions;
  /** Where there are two candidates or more. */
  readonly between?: BetweenCandidates;
}
