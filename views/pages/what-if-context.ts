/** What the what-if page is told of parameters and figures. */

/** A tier of a ladder. */
interface LadderTier {
  readonly name: string;
  readonly adverse: boolean;
  readonly unrated: boolean;
}

/** A version with its ladder, and how many entities each tier holds, by period. */
interface WhatIfSide {
  readonly name: string;
  readonly tiers: readonly LadderTier[];
  readonly held: readonly Readonly<Record<string, number>>[];
}

/** The figures of moved parameters against a baseline: plain numbers, money in minor units. */
export interface WhatIfAnswerContext {
  readonly entity: string;
  readonly grain: "day" | "week" | "month";
  readonly periods: readonly string[];
  readonly baseline: WhatIfSide;
  /** Called `2.0.0 moved`. */
  readonly candidate: WhatIfSide;
  readonly movement: {
    readonly at: string;
    readonly rows: readonly string[];
    readonly columns: readonly string[];
    readonly matrix: readonly (readonly number[])[];
    readonly movers: number;
    readonly up: number;
    readonly down: number;
    readonly intoUnrated: number;
    readonly outOfUnrated: number;
    readonly inFrame: number;
  };
  readonly newlyAdverse: number;
  readonly released: number;
  /** Absent without a measure of GMV. */
  readonly gmv?: {
    readonly currency: string;
    readonly total: number;
    readonly atStake: number;
    readonly lower: number;
    readonly higher: number;
    readonly other: number;
  };
  /** Whether any parameter stands elsewhere than in the version. */
  readonly isMoved: boolean;
  /** What moved, of the version whose parameters move. */
  readonly changes: readonly {
    readonly path: string;
    readonly words: string;
    readonly direction?: "stricter" | "gentler" | "neutral";
  }[];
  /** The candidate's file; empty while nothing is moved. */
  readonly text: string;
  readonly milliseconds: number;
}

/** A parameter that can be moved. Texts as a file writes them: `8 %`. */
export interface WhatIfParameter {
  /** Of a value by a text: `claims_green.MX`. */
  readonly name: string;
  /** Of its field in the page. */
  readonly id: string;
  readonly title: string;
  /** The version's own value. */
  readonly own: string;
  /** As it stands, or as it was typed. */
  readonly value: string;
  /** Where it may stand: the numbers before the unit. */
  readonly slider?: { readonly lower: number; readonly upper: number; readonly step: number; readonly unit: string };
  /** What is wrong with it; empty when nothing is. */
  readonly problem: string;
}
