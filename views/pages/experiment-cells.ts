/** Cells of the tables of effects. */
import type { Analysis } from "../../simulations/experiments/index.ts";
import { formatCount, formatNumber, formatSigned } from "../formats/index.ts";
import { changeUnit, intervalText, pText, signedTogether, valueWriter } from "./experiment-words.ts";

type Row = Analysis["scorecard"][number];

/** What a group-sequential look is judged by: its interval, and where the statistic stands to the bound. */
export function lookText(row: Pick<Row, "form" | "isPart">, { statistic, bound, interval }: NonNullable<Row["look"]>): string {
  if (bound === undefined || interval === undefined) return "too early to be judged";
  const unit = changeUnit(row);
  const write = signedTogether([interval.lower, interval.upper], unit);
  const ends = `${write(interval.lower)}\u00a0to\u00a0${write(interval.upper)}${unit.suffix}`;
  return `${ends} (z\u00a0=\u00a0${formatSigned(statistic, 2)}, bound\u00a0${formatNumber(bound, 2)})`;
}

/** With the interval that agrees with it. */
export function adjustedText(row: Omit<Row, "guardrail">): string {
  const pValue = pText(row.adjustedPValue);
  if (row.adjusted === undefined) return pValue;
  return `${pValue} (${intervalText(row.adjusted.absolute, changeUnit(row))})`;
}

/** What the control and the candidate have, with as many decimals each. */
export function sidesText(
  { control, treatment }: Pick<Row, "control" | "treatment">,
  row: Pick<Row, "form" | "isPart"> | undefined,
): readonly string[] {
  const write = valueWriter(row, [control.value, treatment.value]);
  return [sideText(control, write), sideText(treatment, write)];
}

function sideText({ units, value }: Row["control"], write: (value: number) => string): string {
  return value === undefined ? `none of ${formatCount(units)}` : `${write(value)} (n\u00a0=\u00a0${formatCount(units)})`;
}
