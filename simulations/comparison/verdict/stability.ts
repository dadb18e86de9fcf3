/** Where else a verdict is read: the same figures at other dates, and as labels came in. Plain serialisable data. */

/** The four groups that two policies make, in the order of every coverage table. */
export const coverageGroups = ["both", "newly", "released", "neither"] as const;

/** What is known of one of the groups. */
export interface GroupCoverage {
  readonly group: (typeof coverageGroups)[number];
  readonly entities: number;
  readonly labelled: number;
  readonly fine: number;
}

/** Who moved at another date of the range. */
export interface DateCounts {
  readonly at: string;
  readonly inFrame: number;
  readonly movers: number;
  readonly up: number;
  readonly down: number;
  readonly newlyAdverse: number;
  readonly released: number;
  /** Entities that are adverse under both. */
  readonly bothAdverse: number;
  /** Entities that are unrated under the candidate. */
  readonly unrated: number;
}

/** What was known of whom at another date, or at the same date with labels known by an earlier day. */
export interface LabelReading {
  readonly along: "date" | "maturity";
  readonly at: string;
  /** Labels known by this day count. */
  readonly knownAt: string;
  readonly coverage: readonly GroupCoverage[];
}

/** The same change elsewhere: at quarter points of the range, and as labels matured. */
export interface Stability {
  readonly dates: readonly DateCounts[];
  readonly labels: readonly LabelReading[];
}
