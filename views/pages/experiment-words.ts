/** Numbers of experiments as words. */
import type { Estimated } from "../../simulations/statistics/index.ts";
import { formatSignificant } from "../formats/index.ts";

/** An effect with its interval, or why there is none. */
export function effectText(estimated: Estimated, write: (value: number) => string): string {
  if (estimated.kind === "undetermined") return `not determined: ${estimated.reason}`;
  const { value, interval } = estimated;
  return interval === undefined ? write(value) : `${write(value)} (${write(interval.lower)} to ${write(interval.upper)})`;
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
