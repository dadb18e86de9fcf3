/** What a triggered analysis says of one measure. */
import type { Estimated, Found } from "../../statistics/index.ts";
import type { Stratum } from "./first-divergence.ts";

/** One measure. `scale`: units of the measure in one stored unit (100 for cents). `isAdjusted`: for what the unit had before the experiment, as its metric is. */
export interface TriggeredMeasure {
  readonly name: string;
  readonly scale: number;
  readonly isAdjusted?: boolean;
}

/** Units of one kind. */
export interface TriggeredGroup {
  readonly stratum: Stratum | "all";
  readonly control: number;
  readonly treatment: number;
  /** Mean outcome after the first divergence of a triggered unit: candidate minus control. */
  readonly effect: Found;
}

/** What a triggered analysis says of one measure. */
export interface TriggeredEffect {
  readonly measure: string;
  /** Of a ratio: a part of a whole, written in per cent. */
  readonly isPart?: true;
  readonly groups: readonly TriggeredGroup[];
  /** An average unit of the whole experiment: triggered or not, where those that are not count for nothing. */
  readonly diluted: Found;
  /**
   * Of a mean: what the experiment's weeks come to in all where everybody is given the candidate, (an average unit under it less one under the control) x those units; and
   * an average week of them. Absent of ratios, which do not add up.
   */
  readonly inAll?: { readonly total: Estimated; readonly perWeek: Estimated };
  /** The same question without triggering: outcomes of the whole experiment, over all units. */
  readonly plain: Found;
  /** How many times more units the plain analysis would need for the same width: the ratio of the variances. */
  readonly gain?: number;
  /** What looking only while the tiers differ now would say: it is biased, because differing now is itself a result of the treatment. */
  readonly naive: Found;
}

/** The standard error, where there is one. */
export function errorOf(found: Found): number | undefined {
  return found.kind === "finding" && (found.estimate.standardError ?? 0) > 0 ? found.estimate.standardError : undefined;
}
