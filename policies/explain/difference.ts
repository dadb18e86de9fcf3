/** What two versions make of one entity on one day, and why it is not the same. Plain serialisable data. */

/** One thing of the two policies whose value differs. */
export interface DifferencePart {
  /** As `set` would name it: `metrics.late_rate`, `tiers.gold.when`; `movement` for the step from merited to held. */
  readonly path: string;
  /** One sentence with both values. */
  readonly words: string;
  /** `cause`: it differs although everything that it reads is equal. `consequence`: something that it reads differs. */
  readonly effect: "cause" | "consequence";
}

/** One thing under each of two versions. */
export interface OfBoth<T> {
  readonly a: T;
  readonly b: T;
}

/** The difference, by what causes it. */
export interface PolicyDifference {
  /** Held tiers; undefined where the entity is not in the frame. */
  readonly tiers: OfBoth<string | undefined>;
  /** Merited tiers; undefined before the first evaluation. */
  readonly merited: OfBoth<string | undefined>;
  /** Causes first, then consequences, each after what it reads; last movement. Empty when nothing that decides differs. */
  readonly parts: readonly DifferencePart[];
  /** Two to six plain sentences. */
  readonly text: string;
}
