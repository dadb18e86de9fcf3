/** What a replay leaves behind beside its frames. Plain serialisable data, except the policies' aggregates, whose sums are bigints. */
import type { PeriodIndex } from "../../data/foundation/index.ts";
import type { Aggregates } from "../../data/panel/index.ts";
import type { Policy } from "../../policies/language/checked/index.ts";

/** One replay: the range that it reports, and what each policy gave. */
export interface ReplaySummary {
  readonly from: PeriodIndex;
  readonly to: PeriodIndex;
  /** Entities with at least one row in the range, and their rows in it. */
  readonly entities: number;
  readonly entityPeriods: number;
  /** In the order of the policies that were asked for. */
  readonly policies: readonly PolicyReplay[];
  /**
   * The paired table: `by` period, tier held under the first policy and tier held under the second; sums and groups as those of `tiersByPeriod`, of whose
   * both it is the finer form. Only when asked for.
   */
  readonly pairs?: Aggregates;
  /**
   * The pairs of one period by group: `by` the number of the parting, that of the group, and both tiers; sums entities and, where they were asked for,
   * sales. Only when asked for.
   */
  readonly groups?: Aggregates;
}

/** One policy's part. */
export interface PolicyReplay {
  /** Of a programme the last version. */
  readonly policy: Policy;
  /** Tier names by code, `otherwise` last; of a programme those of all its versions. */
  readonly tiers: readonly string[];
  /**
   * Held tiers by period: `by` period (its last day, `YYYY-MM-DD`) and tier name; `sums` entities and, when the panel has GMV, gmv in
   * minor units. Only groups with an entity in them.
   */
  readonly tiersByPeriod: Aggregates;
  readonly startMatters: StartMatters;
  /** SHA-256 of every frame row in the range, the same whatever the chunks. Equal digests: equal outcomes to the last bit. Only when asked for. */
  readonly digest?: string;
}

/**
 * How long the tier before the panel's first period matters. Only entities that are in the panel's first period have an unknown past;
 * the others start where the policy says. Each of them is run again from the best and from the worst start tier that is not
 * terminal; the start matters to it until all three agree for good.
 */
export interface StartMatters {
  /** Periods from the panel's first through the last in which any held tier differs; 0 when none ever does. */
  readonly periods: number;
  /** The last such period, `YYYY-MM-DD`; absent when there is none. */
  readonly lastPeriod?: string;
  /** Entities to whom it still matters at the end of the range. */
  readonly entitiesAtEnd: number;
  /** Entities in the panel's first period: those with an unknown past. */
  readonly entitiesAsked: number;
}
