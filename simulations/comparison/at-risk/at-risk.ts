/** Early warning: who is about to hold an adverse tier, and how good such warnings would have been. Plain data. */
import type { Estimated } from "../../statistics/index.ts";

/** How a way to raise alarms did, over the evaluation dates that had a model and whose horizon is complete. */
export interface AlarmRecord {
  /** Alarms whose outcome is known; those whose entity left within the horizon stand apart. */
  readonly alarms: number;
  readonly exits: number;
  /** Alarms after which an adverse tier was held within the horizon. */
  readonly hits: number;
  /** Hits over alarms. */
  readonly precision: Estimated;
  /** Hits with an alarm over all hits. */
  readonly recall: Estimated;
  /** Entries into an adverse tier that at least one alarm announced within the horizon. */
  readonly entriesAnnounced: number;
  /** Periods from an entry's earliest alarm within the horizon to the entry: quartiles over the entries announced. Absent without any. */
  readonly lead?: { readonly lower: number; readonly median: number; readonly upper: number };
}

/** Evaluations with about the same predicted risk: a tenth of all that were measured. */
export interface CalibrationGroup {
  readonly evaluations: number;
  readonly hits: number;
  /** Mean predicted risk. */
  readonly predicted: number;
  /** Hits over evaluations. */
  readonly observed: Estimated;
}

/** One evaluation date of the walk. */
export interface AlarmDate {
  readonly date: string;
  readonly eligible: number;
  /** 0 before the first model. */
  readonly alarms: number;
  /** The least predicted risk with an alarm. */
  readonly riskFrom?: number;
  /** The plain rule at as many alarms: scores up to this one have one. Absent when no score is known. */
  readonly scoreTo?: number;
  /** Absent while the horizon is not complete. */
  readonly outcome?: {
    readonly hits: number;
    readonly exits: number;
    readonly hitsAlarmed: number;
    readonly hitsPlain: number;
  };
}

/** What an alarm reads, and how it weighs. */
export interface RiskFactor {
  readonly feature: string;
  readonly words: string;
  /** Change of the log-odds for one standard deviation of the feature. */
  readonly weight: number;
}

/** An entity whose predicted risk is among the highest at the end of the range. */
export interface EntityAtRisk {
  readonly entity: string;
  /** Predicted probability of an adverse tier within the horizon. */
  readonly risk: number;
  readonly hasAlarm: boolean;
  readonly tier: string;
  /** Scores of the last evaluations, latest last. */
  readonly scores: readonly number[];
  /** Latest score less the line of the adverse tiers; absent without a line or a score. */
  readonly margin?: number;
  /** Evaluations in a row that merited a worse tier than the one held. */
  readonly demoteCount: number;
  readonly meritsAdverse: boolean;
  readonly isShielded: boolean;
}

/** Early warning under one policy. */
export interface PolicyAtRisk {
  readonly version: string;
  /** The first adverse tier and the score below which it begins; absent where tiers do not compare the score with a fixed number. */
  readonly line?: { readonly tier: string; readonly score: number };
  /** Evaluations of drawn entities that were not adverse; those before the first model and those whose horizon is not complete are not measured. */
  readonly evaluations: { readonly eligible: number; readonly measured: number; readonly beforeModel: number; readonly open: number };
  /** Measured evaluations whose entity left within the horizon without an adverse tier. They count neither as hit nor as miss. */
  readonly exits: number;
  readonly hits: number;
  readonly entries: number;
  /** Hits over measured evaluations. */
  readonly baseRate: Estimated;
  readonly model: AlarmRecord;
  /** As many alarms at each date, for the lowest scores. */
  readonly plain: AlarmRecord;
  /** Recall of the model less recall of the plain rule, paired by entity. */
  readonly recallGain: Estimated;
  /** Lowest risk first; empty without a model. */
  readonly calibration: readonly CalibrationGroup[];
  readonly dates: readonly AlarmDate[];
  /** Of the model that stands at the end of the range; empty without one. */
  readonly factors: readonly RiskFactor[];
  /** At the end of the range, everybody in the frame: not only the drawn. */
  readonly now: {
    readonly at: string;
    readonly eligible: number;
    readonly alarms: number;
    /** Sum of the predicted risks: how many entries to expect. Absent without a model. */
    readonly expected?: number;
    readonly listed: readonly EntityAtRisk[];
  };
}

/** Early warning under every policy of a comparison, baseline first. */
export interface AtRisk {
  readonly horizonPeriods: number;
  /** Share of the eligible with an alarm at each evaluation. */
  readonly budget: number;
  /** How many entities the walk is about, and with which probability each was drawn. */
  readonly sample: { readonly entities: number; readonly share: number };
  readonly policies: readonly PolicyAtRisk[];
}
