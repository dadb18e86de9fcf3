/** Numbers of experiments as words. */
import { decimalsTogether } from "../../data/foundation/index.ts";
import { endsText } from "../../simulations/experiments/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import { formatNumber, formatShare, formatSigned, formatSignificant } from "../formats/index.ts";

/** What a kind of number is written in: so many of these make one. */
interface Unit {
  readonly times: number;
  readonly suffix: string;
}

export const plainUnit: Unit = { times: 1, suffix: "" };

/** Shares of the control. */
export const relativeUnit: Unit = { times: 100, suffix: "\u00a0%" };

/** What of a row says how its values are written. */
interface Written {
  readonly form: string;
  readonly isPart?: boolean;
}

function isInPercent(row: Written | undefined): boolean {
  return row?.form === "share" || row?.isPart === true;
}

/** Changes of shares and of parts of a whole in percentage points, of everything else as they are. */
export function changeUnit(row: Written | undefined): Unit {
  return isInPercent(row) ? { times: 100, suffix: "\u00a0pp" } : plainUnit;
}

/** An effect with its interval, which is not parted at the end of a line, or why there is none. */
export function effectText(estimated: Estimated, unit: Unit): string {
  if (estimated.kind === "undetermined") return `not determined: ${estimated.reason}`;
  const { value, interval } = estimated;
  const ends = interval === undefined ? [] : [interval.lower, interval.upper];
  const write = signedTogether([value, ...ends], unit);
  const said = `${write(value)}${unit.suffix}`;
  return interval === undefined ? said : `${said} (${write(interval.lower)}\u00a0to\u00a0${write(interval.upper)}${unit.suffix})`;
}

/** What an interval with one end or two says. */
export function intervalText(interval: { readonly lower?: number; readonly upper?: number }, unit: Unit): string {
  const write = signedTogether(
    [interval.lower, interval.upper].filter((end) => end !== undefined),
    unit,
  );
  return endsText(interval, (end) => `${write(end)}${unit.suffix}`);
}

/** Writes numbers that stand together, with as many decimals each, without their unit. */
export function signedTogether(values: readonly number[], { times }: Unit): (value: number) => string {
  const scaled = values.filter(Number.isFinite).map((value) => times * value);
  const largest = Math.max(0, ...scaled.map(Math.abs));
  if (largest !== 0 && (largest < 1e-6 || largest >= 1e15)) return (value) => signed(times * value, "");
  const decimals = decimalsTogether(scaled, 3);
  return (value) => formatSigned(times * value, decimals);
}

/** Four digits. */
export function plain(value: number): string {
  return formatSignificant(value, 4);
}

/** A p-value, empty where there is none. */
export function pText(pValue: number | undefined): string {
  return pValue === undefined ? "" : pValue < 0.0001 ? "< 0.0001" : formatSignificant(pValue, 2);
}

/** With its sign. */
export function signed(value: number, suffix: string): string {
  return `${value > 0 ? "+" : ""}${formatSignificant(value, 3)}${suffix}`;
}

/** A change by itself. */
export function changeText(value: number, row: Written): string {
  const { times, suffix } = changeUnit(row);
  return signed(times * value, suffix);
}

/** Values that stand side by side: shares and parts in per cent, everything else with four digits of the largest. */
export function valueWriter(row: Written | undefined, values: readonly (number | undefined)[]): (value: number) => string {
  const known = values.filter((value) => value !== undefined);
  if (isInPercent(row)) {
    const percents = known.map((value) => 100 * value);
    return (value) => formatShare(value, Math.max(2, Math.min(8, decimalsTogether(percents, 3))));
  }
  const largest = Math.max(0, ...known.map(Math.abs));
  if (largest === 0 || largest < 1e-6 || largest >= 1e15) return plain;
  const decimals = decimalsTogether(known, 4);
  return (value) => formatNumber(value, decimals);
}
