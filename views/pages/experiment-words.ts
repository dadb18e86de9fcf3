/** Numbers of experiments as words. */
import type { Estimated } from "../../simulations/statistics/index.ts";
import { formatShare, formatSignificant } from "../formats/index.ts";

/** An effect with its interval, or why there is none. */
export function effectText(estimated: Estimated, write: (value: number) => string): string {
  if (estimated.kind === "undetermined") return `not determined: ${estimated.reason}`;
  const { value, interval } = estimated;
  if (interval === undefined) return write(value);
  // The unit once.
  const [lower, upper] = [write(interval.lower), write(interval.upper)];
  const [unit = ""] = /\u00a0\D+$/.exec(upper) ?? [];
  return `${write(value)} (${unit !== "" && lower.endsWith(unit) ? lower.slice(0, -unit.length) : lower} to ${upper})`;
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

/** Shares in per cent, everything else as it is. */
export function valueWriter(row: { readonly form: string } | undefined): (value: number) => string {
  return row?.form === "share" ? (value) => formatShare(value, 2) : plain;
}

/** Changes of shares in percentage points. */
export function changeWriter(row: { readonly form: string } | undefined): (value: number) => string {
  return row?.form === "share" ? (value) => signed(100 * value, "\u00a0pp") : (value) => signed(value, "");
}
