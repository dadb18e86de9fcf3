/** The three error rates of one rule that flags units, from labels of some: by strata, or by audits at known probabilities. */
import { undetermined } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import type { Draws } from "./linearised-variance.ts";
import { type PartialLabelOptions, partialRate } from "./partial-rate.ts";
import { type LabelStratum, stratifiedRows, unseenInStrata } from "./strata.ts";
import type { LabelTable, RateOfTotals, UnitRow } from "./unit-rows.ts";

/** Flagged among the fine, fine among the flagged, not flagged among the harmful. */
export type LabelRate = "false-positive-rate" | "false-share" | "miss-rate";

/** What both statistics are asked. */
export interface LabelRateOptions {
  readonly rate: LabelRate;
  readonly draws: Draws;
  readonly level: number;
}

/** One stratum: whether its units are flagged, how many there are, and how many are known to be fine and harmful. */
export interface LabelledStratum {
  readonly isFlagged: boolean;
  readonly units: number;
  readonly fine: number;
  readonly harmful: number;
}

/** Audited units of one kind, and the probability with which each was picked. */
export interface AuditedUnits {
  readonly isFlagged: boolean;
  readonly fine: number;
  readonly harmful: number;
  readonly probability: number;
}

/** Groups 0 and 1: not flagged, flagged. Label 1 is fine. */
const tables: Readonly<Record<LabelRate, RateOfTotals>> = {
  "false-positive-rate": { numerator: table([0, 0], [0, 1]), denominator: table([0, 1], [0, 1]) },
  "false-share": { numerator: table([0, 0], [0, 1]), denominator: table([0, 0], [1, 1]) },
  "miss-rate": { numerator: table([1, 0], [0, 0]), denominator: table([1, 0], [1, 0]) },
};

function table(...rows: readonly (readonly [number, number])[]): LabelTable {
  return rows;
}

/** Begg and Greenes' estimator; what strata hide whose labels are all alike is in the interval. A stratum without a label: Undetermined. */
export function stratifiedLabelRate(options: LabelRateOptions & { readonly strata: readonly LabelledStratum[] }): Found {
  const bare = options.strata.findIndex(({ units, fine, harmful }) => units > 0 && fine + harmful === 0);
  if (bare >= 0) return undetermined(`stratum ${bare + 1} has units and no label`, "labels there, or merging it with another stratum");
  const strata: readonly LabelStratum[] = options.strata.map(({ isFlagged, units, fine, harmful }) => ({
    group: isFlagged ? 1 : 0,
    units,
    ones: fine,
    zeros: harmful,
  }));
  const unseen = unseenInStrata(strata, 2);
  return found(options, { rows: stratifiedRows(strata), unseen, method: "stratified (Begg-Greenes)" });
}

/** Hájek's ratio over audited units alone. */
export function auditedLabelRate(options: LabelRateOptions & { readonly audits: readonly AuditedUnits[] }): Found {
  const rows: readonly UnitRow[] = options.audits.flatMap(({ isFlagged, fine, harmful, probability }) => {
    const group = isFlagged ? 1 : 0;
    return [
      { count: fine, group, label: 1, probability },
      { count: harmful, group, label: 0, probability },
    ];
  });
  return found(options, { rows, method: "inverse probability (Hájek)" });
}

function found({ rate, draws, level }: LabelRateOptions, from: Pick<PartialLabelOptions, "rows" | "method" | "unseen">): Found {
  const { estimate, effectiveSize } = partialRate({ ...from, rate: tables[rate], draws, level, assumptions: [] });
  const few = effectiveSize < 10;
  return finding({
    estimate,
    details: { effectiveLabels: effectiveSize },
    warnings: few ? ["Fewer than 10 effective labels: the interval is rough."] : [],
  });
}
