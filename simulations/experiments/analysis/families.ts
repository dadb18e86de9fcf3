/** Metrics of one role that are looked at together: p-values adjusted over them, and the intervals that agree with these. */
import { adjustPValues, compatibleEnds, type Ends, type Estimated } from "../../statistics/index.ts";
import { type Correction, correctionOf, type ExperimentDesign, type MetricRole } from "../design/experiment-design.ts";
import type { AdjustedIntervals, ScorecardRow } from "./analysis.ts";
import type { Evidence } from "./evidence.ts";

/** A row of a family, and its effects with the intervals that this look gives at another level; undefined where it has no test. */
export interface FamilyMember<Row> {
  readonly row: Row;
  readonly pValue: number | undefined;
  readonly at: (level: number) => { readonly absolute: Estimated; readonly relative: Estimated };
}

type Adjustable = Pick<ScorecardRow, "role">;

const metricRoles: readonly MetricRole[] = ["primary", "guardrail", "secondary"];

/** How the metrics of each role are corrected. */
export type Corrections = Readonly<Partial<Record<MetricRole, Correction>>>;

/** Against the control: primary metrics over all candidates, and secondary ones where the plan says so. */
export function correctionsOf(design: Pick<ExperimentDesign, "correction" | "secondaryCorrection">): Corrections {
  const secondary = correctionOf(design, "secondary");
  return { primary: correctionOf(design, "primary"), ...(secondary === "none" ? {} : { secondary }) };
}

/**
 * The p-values that this look is judged by, over the metrics of each role that is corrected; one that is missing counts as 1. At a planned look the bound is shared out
 * instead. Rows in their own order.
 */
export function adjusted<Row extends Adjustable>(
  design: Pick<ExperimentDesign, "level">,
  { kind }: Evidence,
  members: readonly FamilyMember<Row>[],
  corrections: Corrections,
): readonly (Row & Pick<ScorecardRow, "adjustedPValue" | "adjusted">)[] {
  const found = new Map<Row, Pick<ScorecardRow, "adjustedPValue" | "adjusted">>();
  for (const role of kind === "look" ? [] : metricRoles) {
    const family = members.filter(({ row }) => row.role === role);
    const correction = corrections[role];
    if (correction === undefined) continue;
    const pValues = family.map(({ pValue }) => pValue ?? 1);
    const own = correction === "none" ? pValues : adjustPValues(pValues, correction);
    const intervalsOf = correction === "none" || family.length < 2 ? undefined : agreeing(design.level, correction, own);
    for (const [index, { row, pValue, at }] of family.entries()) {
      if (pValue === undefined) continue;
      const intervals = intervalsOf?.(index, at);
      found.set(row, { adjustedPValue: own[index] as number, ...(intervals === undefined ? {} : { adjusted: intervals }) });
    }
  }
  return members.map(({ row }) => ({ ...row, ...found.get(row) }));
}

/** Of whom nothing is claimed, undefined. */
function agreeing(level: number, correction: Exclude<Correction, "none">, pValues: readonly number[]) {
  const rejected = pValues.map((pValue) => pValue < 1 - level);
  const endsOf = compatibleEnds({ adjustment: correction, rejected, level, alternative: "two-sided" });
  return (index: number, at: FamilyMember<unknown>["at"]): AdjustedIntervals | undefined => {
    const onScale = (scale: "absolute" | "relative"): Ends | undefined => {
      const effect = at(level)[scale];
      if (effect.kind === "undetermined") return undefined;
      const found = endsOf({ estimate: effect.value, at: (alpha) => endsAt(at(1 - alpha)[scale]) }, index);
      return found === undefined || (found.lower === undefined && found.upper === undefined) ? undefined : found;
    };
    const [absolute, relative] = [onScale("absolute"), onScale("relative")];
    if (absolute === undefined) return undefined;
    return { absolute, ...(relative === undefined ? {} : { relative }), mayIncludeZero: correction === "benjamini-hochberg" };
  };
}

/** Open ends are absent. */
function endsAt(effect: Estimated): Ends {
  const { lower, upper } = effect.kind === "estimate" && effect.interval !== undefined ? effect.interval : {};
  return { ...(Number.isFinite(lower) ? { lower } : {}), ...(Number.isFinite(upper) ? { upper } : {}) } as Ends;
}

/** In sentences: over what p-values are adjusted, and what agrees with them. */
export function familyWords(design: ExperimentDesign, evidence: Evidence): string {
  return wordsOfFamilies(design, evidence, design.arms.length - 1, { secondary: "none", ...correctionsOf(design) });
}

/** The same of so many comparisons a metric. */
export function wordsOfFamilies(
  design: Pick<ExperimentDesign, "metrics" | "level">,
  { kind }: Evidence,
  comparisons: number,
  corrections: Corrections,
): string {
  return metricRoles
    .flatMap((role) => {
      const count = comparisons * design.metrics.filter((metric) => metric.role === role).length;
      const correction = corrections[role];
      if (count < 2 || correction === undefined) return [];
      const what = `the ${count} comparisons of ${role} metrics`;
      if (correction === "none")
        return [`Over ${what} nothing is adjusted: of as many without any effect about ${said(count * (1 - design.level))} are shown.`];
      if (kind === "look") return [`The bound is shared out over ${what}.`];
      return [
        correction === "holm"
          ? `Over ${what} p-values are adjusted by Holm; intervals beside them agree with these, and those of shown ones may end at 0.`
          : `Over ${what} p-values are adjusted by Benjamini and Hochberg; intervals beside them are false-coverage intervals of shown ones, and may include 0.`,
      ];
    })
    .join(" ");
}

function said(count: number): string {
  return String(Number(count.toPrecision(2)));
}

/** Two ends in words, an open one said; empty where both are open. */
export function endsText({ lower, upper }: Pick<Ends, "lower" | "upper">, write: (value: number) => string): string {
  if (lower !== undefined && upper !== undefined) return `${write(lower)} to ${write(upper)}`;
  return lower !== undefined ? `above ${write(lower)}` : upper === undefined ? "" : `below ${write(upper)}`;
}
