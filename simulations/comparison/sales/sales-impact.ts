/** What a candidate does to sales, in layers: mechanical, behavioural, and the harm beside them. Plain serialisable data, minor units. */
import type { Estimated, Undetermined } from "../../statistics/index.ts";

/** The layers above `GmvAtStake`, over the same window at the same date. */
export interface SalesImpact {
  readonly at: string;
  readonly currency: string;
  readonly windowFrom: string;
  /** GMV of the window of everyone in the frame at the date. */
  readonly total: number;
  readonly inForce: InForce;
  readonly mechanical: Mechanical;
  /** None, low, central, high; empty without assumptions. */
  readonly scenarios: readonly SalesScenario[];
  /** Which assumptions were read; absent without any. */
  readonly assumptions?: AssumptionsView;
  /** Absent where no label is about any date of the range. */
  readonly harm?: HarmPrevented;
}

/** What is known of the consequences inside the observed sales. */
export interface InForce {
  readonly entities: number;
  /** Of them, whose tier really in force is not known in some period of the window: no consequence is taken to have been in force then. */
  readonly unknown: number;
  /** Really under a cap in some period: their sales are censored, what the cap turned away is not in the panel. */
  readonly capped: { readonly entities: number; readonly gmv: number };
  /** Of those, by how many a policy would lift the cap or raise it: what that sets free is unknown, and counted as nothing. */
  readonly lifted: { readonly baseline: number; readonly candidate: number };
  /** With more orders than the cap in force allows: it was not kept, or came within a period, and bounds nothing. */
  readonly beyondCap: number;
}

/** The least and the greatest that a figure can be. */
export interface AmountRange {
  readonly lowest: number;
  readonly highest: number;
}

/** What consequences do by their own arithmetic. `baseline` and `candidate`: each against what was really in force. */
export interface Mechanical {
  /** GMV that caps of orders remove, as a change (below 0: removed). Absent where neither policy caps; undetermined without an orders measure. */
  readonly caps?:
    | {
        readonly kind: "range";
        readonly baseline: AmountRange;
        readonly candidate: AmountRange;
        /** Candidate less baseline, one way of lying over the days for both. */
        readonly change: { readonly lowest: Estimated; readonly highest: Estimated };
        /** Entities of which a cap may remove something under either policy. */
        readonly entities: number;
      }
    | Undetermined;
  /** Platform revenue: fees on observed sales, less the fees on what caps remove. Absent where neither policy states a fee. */
  readonly revenue?: {
    readonly baseline: number;
    readonly candidate: number;
    /** On observed sales: candidate less baseline. */
    readonly fees: Estimated;
    /** The fees on what caps remove, as a change; the two sum to the total at either end. */
    readonly capped: AmountRange;
    readonly total: AmountRange;
    /** Entities that go between a tier that states a fee and one that states none, which is taken as no fee. */
    readonly unstated: number;
  };
  /** Cash: GMV times days until payout, in minor units times days. Not GMV. Absent where neither policy holds payouts. */
  readonly holds?: {
    readonly baseline: number;
    readonly candidate: number;
    readonly change: Estimated;
    readonly unstated: number;
  };
}

/** The steps that a scenario's change is made of, in the order in which they are switched on. */
export const salesSteps = ["caps", "traffic", "total-traffic", "displacement", "improvement"] as const;
export type SalesStep = (typeof salesSteps)[number];

/** What moves a scenario's replicates. */
export const varianceSources = ["sellers", "traffic_elasticity", "displacement", "improvement", "day_spread", "together"] as const;
export type VarianceSource = (typeof varianceSources)[number];

export type ScenarioName = "none" | "low" | "central" | "high";

/** One way in which buyers and entities may react. */
export interface SalesScenario {
  readonly name: ScenarioName;
  /** Change of GMV by step at the means of the assumptions; they sum to the value of `change`, to the minor unit. */
  readonly steps: readonly { readonly step: SalesStep; readonly value: number }[];
  /** Candidate less baseline over the window. */
  readonly change: Estimated;
  /**
   * The same of each entity's own treatment alone: no traffic or sales that others lose come to it, and none of its own go to others. What an experiment
   * between the entities of one marketplace compares, because both its arms share those. Absent in comparisons that were kept before it was known.
   */
  readonly own?: Estimated;
  /** Fees on those sales, candidate less baseline. Absent where neither policy states a fee. */
  readonly revenue?: Estimated;
  /** The same of each entity's own treatment alone, as `own`. Absent also in comparisons that were kept before it was known. */
  readonly ownRevenue?: Estimated;
  /** First-order shares of the variance of `change`; `together`: what only several sources explain. Empty where nothing varies. */
  readonly variance: readonly { readonly source: VarianceSource; readonly share: number }[];
  /** Smallest band first; net changes sum to the value of `change`. Empty without an orders measure. */
  readonly bands: readonly BandChange[];
  /** Those whose sales change by at least a hundredth of the larger of the two. */
  readonly winners: number;
  readonly losers: number;
  /** What entities gain and lose in all; they sum to the value of `change`. */
  readonly gained: number;
  readonly lost: number;
}

/** One size band under a scenario. */
export interface BandChange {
  readonly band: string;
  readonly entities: number;
  readonly gmv: number;
  readonly change: number;
  readonly winners: number;
  readonly losers: number;
}

/** The assumptions as they were read. */
export interface AssumptionsView {
  readonly name: string;
  readonly title: string;
  readonly digest: string;
  readonly totalTraffic: "held" | "free";
  readonly nearPoints: number;
  readonly terms: readonly {
    readonly name: Exclude<VarianceSource, "sellers" | "together">;
    readonly about: string;
    readonly source: string;
    /** In words, by scenario: `triangular from 0.2 over 0.5 to 0.8`. */
    readonly low: string;
    readonly central: string;
    readonly high: string;
  }[];
}

/** One group at the date of the labels: restricted by one policy and not by the other. */
export interface HarmGroup {
  readonly entities: number;
  readonly harmful: number;
  readonly fine: number;
  readonly unlabelled: number;
  /** Orders and GMV of the harmful ones, in the window after the date, until the other policy restricts them too. */
  readonly orders: number;
  readonly gmv: number;
  /** Of the harmful ones: periods until the other policy restricts them too; `never`: not within the range. */
  readonly lead: { readonly median?: number; readonly restrictedLater: number; readonly never: number };
}

/** Harm that the candidate reaches earlier, beside what that costs, at the date of the labels. */
export interface HarmPrevented {
  readonly at: string;
  readonly windowTo: string;
  readonly source: string;
  readonly newlyAdverse: HarmGroup;
  readonly released: HarmGroup;
  /** Newly adverse less released. */
  readonly orders: Estimated;
  readonly gmv: Estimated;
  readonly breakEven: readonly BreakEven[];
}

/** Better if a prevented bad order is worth more than `value`. */
export interface BreakEven {
  readonly scenario: ScenarioName;
  /** Sales over the window after the date: candidate less baseline. */
  readonly change: number;
  /** Orders of harmful entities that this scenario prevents. */
  readonly ordersPrevented: number;
  /** Minor units of GMV an order. */
  readonly value: Estimated;
}
