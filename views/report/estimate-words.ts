/** Estimates in words: the interval, or the reason that there is none. */
import type { Estimated } from "../../simulations/statistics/index.ts";
import type { AxisWords, ChartInterval, ExactAmounts } from "../charts/index.ts";
import { currencySign, formatMoney, formatMoneyExact, formatNumber, formatPoints, formatRange, moneyParts } from "../formats/index.ts";

const nbsp = "\u00a0";

/** What is written where no number could be computed. */
export const notDetermined = "not determined";

/** The value, or undefined when it could not be computed. */
export function numberOf(estimated: Estimated): number | undefined {
  return estimated.kind === "estimate" ? estimated.value : undefined;
}

/** Whether any of them has an interval: of few entities there may be none. */
export function haveIntervals(estimates: readonly Estimated[]): boolean {
  return estimates.some((estimated) => estimated.kind === "estimate" && estimated.interval !== undefined);
}

/** A mark for a chart, scaled. Without a value: no mark. */
export function markOf(estimated: Estimated, scale = 1): ChartInterval {
  if (estimated.kind === "undetermined") return {};
  const { value, interval } = estimated;
  return { value: value * scale, ...(interval === undefined ? {} : { lower: interval.lower * scale, upper: interval.upper * scale }) };
}

/** Worst-case limits as a mark without a dot. */
export function boundsMark(bounds: { readonly lower: Estimated; readonly upper: Estimated }, scale = 1): ChartInterval {
  const [lower, upper] = [numberOf(bounds.lower), numberOf(bounds.upper)];
  return lower === undefined || upper === undefined ? {} : { lower: lower * scale, upper: upper * scale };
}

/** `2.8 to 3.4 %`; empty without an interval; the reason when undetermined. */
export function shareInterval(estimated: Estimated, decimals = 1): string {
  return intervalWords(estimated, (share) => formatNumber(share * 100, decimals), `${nbsp}%`);
}

/** `+0.14 to +0.63 pp`. */
export function pointsInterval(estimated: Estimated): string {
  return intervalWords(estimated, formatPoints, `${nbsp}pp`);
}

/** `$26.5 to $33.3 M`; the unit once where both ends share it. */
export function moneyInterval(estimated: Estimated, currency: string): string {
  if (estimated.kind === "undetermined" || estimated.interval === undefined) return intervalWords(estimated, String, "");
  const { lower, upper } = estimated.interval;
  const [low, high] = [moneyParts(lower, currency), moneyParts(upper, currency)];
  return low.unit === high.unit && low.unit !== ""
    ? formatRange(low.number, formatMoney(upper, currency))
    : formatRange(formatMoney(lower, currency), formatMoney(upper, currency));
}

/** The method with its assumptions, as a sentence; the reason and what would help when undetermined. */
export function methodWords(estimated: Estimated): string {
  if (estimated.kind === "undetermined") return `${estimated.reason}; ${estimated.wouldDetermine} would determine it.`;
  return `${[estimated.method, ...estimated.assumptions].join("; ")}.`;
}

/** Value and interval for a table's three cells: value, lower, upper. */
export function estimateCells(estimated: Estimated): readonly (string | number)[] {
  if (estimated.kind === "undetermined") return [notDetermined, "", ""];
  return [estimated.value, estimated.interval?.lower ?? "", estimated.interval?.upper ?? ""];
}

function intervalWords(estimated: Estimated, format: (value: number) => string, unit: string): string {
  if (estimated.kind === "undetermined") return estimated.reason;
  if (estimated.interval === undefined) return "";
  return `${formatRange(format(estimated.interval.lower), format(estimated.interval.upper))}${unit}`;
}

/** To the cent what `moneyInterval` and its like say in few digits; of a change with its sign. Absent where there is no amount. */
export function exactAmounts(estimated: Estimated, currency: string, isChange = false): { readonly exact?: ExactAmounts } {
  if (estimated.kind === "undetermined") return {};
  const said = (minor: number) =>
    isChange ? signedMoneyExact(Math.round(minor), currency) : formatMoneyExact(Math.round(minor), currency);
  const { value, interval } = estimated;
  return {
    exact: { estimate: said(value), interval: interval === undefined ? "" : formatRange(said(interval.lower), said(interval.upper)) },
  };
}

/** An amount that is a change: `+$1,200`, `\u2212$50.6 k`, `+$0.41`, `$0`. */
export function signedMoney(minor: number, currency: string): string {
  const whole = Math.round(minor);
  if (whole === 0) return formatMoney(0, currency);
  const words = Math.abs(whole) < 100 ? formatMoneyExact(whole, currency) : formatMoney(minor, currency);
  return whole > 0 ? `+${words}` : words;
}

/** The same to the cent. */
export function signedMoneyExact(minor: number, currency: string): string {
  return (minor > 0 ? "+" : "") + formatMoneyExact(minor, currency);
}

/** The interval of a change of money; empty without one, the reason when undetermined. */
export function signedMoneyInterval(estimated: Estimated, currency: string): string {
  return intervalWords(estimated, (minor) => signedMoney(Math.round(minor), currency), "");
}

/** One unit for a whole axis: the largest amount's. */
export function moneyScale(
  amounts: readonly number[],
  currency: string,
): { readonly scale: number; readonly suffix: string; readonly full?: NonNullable<AxisWords["full"]> } {
  const { unit } = moneyParts(Math.max(0, ...amounts.map(Math.abs)), "");
  const divisor = { "": 100, k: 1e5, M: 1e8, bn: 1e11 }[unit];
  if (unit === "") return { scale: 1 / divisor, suffix: "" };
  return { scale: 1 / divisor, suffix: `\u00a0${unit}`, full: { prefix: currencySign(currency), times: divisor / 100 } };
}
