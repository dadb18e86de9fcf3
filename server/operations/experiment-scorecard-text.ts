/** The scorecard on a terminal, by what this look is judged by. */
import type { Analysis } from "../../simulations/experiments/index.ts";
import { changeUnit, intervalText, valueWriter, effectText as writtenEffect } from "../../views/index.ts";
import { textTable } from "./text-table.ts";

/** One line a metric and candidate; guardrails by their state. A group-sequential look has no p-value. */
export function scorecardText({ scorecard, evidence }: Pick<Analysis, "scorecard" | "evidence">): string {
  return textTable(
    ["metric", "role", "arm", "control", "candidate", "difference", "p", "adjusted", "reading"],
    scorecard.map((row) => {
      const sides = [row.control.value, row.treatment.value];
      const write = valueWriter(row, sides);
      return [
        row.metric,
        row.role,
        row.arm,
        ...sides.map((value) => (value === undefined ? "" : write(value))),
        writtenEffect(judged(row, evidence), changeUnit(row)),
        shortNumber(pValueOf(row, evidence)),
        adjustedText(row),
        row.guardrail === undefined ? row.reading : row.guardrail.state,
      ];
    }),
  );
}

/** One line a metric and pair of candidates. */
export function pairsText({ pairs, evidence }: Pick<Analysis, "evidence"> & Pick<NonNullable<Analysis["between"]>, "pairs">): string {
  return textTable(
    ["metric", "role", "candidate", "against", "difference", "p", "adjusted", "reading"],
    pairs.map((row) => [
      row.metric,
      row.role,
      row.arm,
      row.base,
      writtenEffect(judged(row, evidence), changeUnit(row)),
      shortNumber(pValueOf(row, evidence)),
      adjustedText(row),
      row.reading,
    ]),
  );
}

function pValueOf(row: Analysis["scorecard"][number], { kind }: Analysis["evidence"]): number | undefined {
  return kind === "fixed" ? row.pValue : kind === "always-valid" ? row.alwaysValidPValue : undefined;
}

/** With the interval that agrees with it. */
function adjustedText(row: Analysis["scorecard"][number]): string {
  const { adjustedPValue, adjusted } = row;
  const pValue = shortNumber(adjustedPValue);
  return adjusted === undefined ? pValue : `${pValue} (${intervalText(adjusted.absolute, changeUnit(row))})`;
}

type Effect = Analysis["scorecard"][number]["absolute"];

/** With the interval that this look is judged by. */
function judged(row: Analysis["scorecard"][number], { kind }: Analysis["evidence"]): Effect {
  if (kind === "always-valid") return row.alwaysValid;
  if (kind === "fixed" || row.absolute.kind === "undetermined") return row.absolute;
  const { interval: _, ...bare } = row.absolute;
  return row.look?.interval === undefined ? bare : { ...bare, interval: row.look.interval };
}

/** Four digits; empty where there is none. */
export function shortNumber(value: number | undefined): string {
  return value === undefined ? "" : String(Number(value.toPrecision(4)));
}

/** An effect with its interval, or why there is none. */
export function effectText(effect: Effect): string {
  if (effect.kind === "undetermined") return `not determined: ${effect.reason}`;
  const { interval } = effect;
  return interval === undefined
    ? shortNumber(effect.value)
    : `${shortNumber(effect.value)} (${shortNumber(interval.lower)} to ${shortNumber(interval.upper)})`;
}
