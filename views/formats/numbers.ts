/** How numbers are written: the same everywhere, in words, tables and charts. */
import { groupThousands, invariant } from "../../data/foundation/index.ts";

const nbsp = "\u00a0";
const minus = "\u2212";

/**
 * A whole number with thousands separated.
 *
 * @example
 * formatCount(-12400)
 * // => "−12,400"
 */
export function formatCount(value: number): string {
  return withMinus(groupThousands(Math.round(value).toString()));
}

/**
 * A number with fixed decimals, a real minus and thousands separated.
 *
 * @example
 * formatNumber(-1234.5, 2)
 * // => "−1,234.50"
 */
export function formatNumber(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return withMinus(groupThousands(/^-0(\.0*)?$/.test(text) ? text.slice(1) : text));
}

/**
 * A number of any size with so many significant digits, without trailing zeros; beyond 1e15 and below 1e-6 by powers of ten.
 *
 * @example
 * formatSignificant(-0.0412345, 3)
 * // => "−0.0412"
 */
export function formatSignificant(value: number, digits: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e15 || size < 1e-6)) {
    const [mantissa = "", exponent = ""] = value.toExponential(digits - 1).split("e");
    return withMinus(`${mantissa.replace(/\.?0+$/, "")}\u00a0×\u00a010${raised(exponent.replace("+", ""))}`);
  }
  const [whole = "", fraction] = String(Number(value.toPrecision(digits))).split(".");
  return withMinus(fraction === undefined ? groupThousands(whole) : `${groupThousands(whole)}.${fraction}`);
}

/**
 * A figure of unknown kind: whole numbers whole, because a count that is rounded is another count; others with so many significant digits.
 *
 * @example
 * [formatFigure(115526, 4), formatFigure(1 / 3, 4)]
 * // => ["115,526", "0.3333"]
 */
export function formatFigure(value: number, digits: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? formatCount(value) : formatSignificant(value, digits);
}

/** As `formatNumber`, with `+` before what is above zero. A zero as printed has no sign. */
export function formatSigned(value: number, decimals: number): string {
  const text = formatNumber(value, decimals);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/**
 * A share of 1 as per cent, with a no-break space.
 *
 * @example
 * formatShare(0.03145)
 * // => "3.1\u00a0%"
 */
export function formatShare(share: number, decimals = 1): string {
  return `${formatNumber(share * 100, decimals)}${nbsp}%`;
}

/**
 * A share for prose: whole per cents where that says enough, one decimal below 10 %, and never a zero that is not one.
 *
 * @example
 * formatShareInProse(0.0004)
 * // => "under 0.1\u00a0%"
 */
export function formatShareInProse(share: number): string {
  if (share > 0 && share < 0.0005) return `under 0.1${nbsp}%`;
  if (share < 1 && share > 0.9995) return `over 99.9${nbsp}%`;
  const isSmall = share < 0.0995 || share > 0.9;
  return formatShare(share, isSmall && share !== 0 && share !== 1 ? 1 : 0);
}

/**
 * Two shares that are read side by side: one decimal, or as many more as show that they differ.
 *
 * @example
 * sharePair(0.0412, 0.0414)
 * // => ["4.12\u00a0%", "4.14\u00a0%"]
 */
export function sharePair(from: number, to: number): readonly [string, string] {
  for (let decimals = 1; decimals < 4; decimals++) {
    const pair = [formatShare(from, decimals), formatShare(to, decimals)] as const;
    if (from === to || pair[0] !== pair[1]) return pair;
  }
  return [formatShare(from, 4), formatShare(to, 4)];
}

/** A change of a share in percentage points, signed, two decimals, without the unit. */
export function formatPoints(change: number): string {
  return formatSigned(change * 100, 2);
}

/** Two ends as `lower to upper`: a dash fails beside minus signs. */
export function formatRange(lower: string, upper: string): string {
  return `${lower} to ${upper}`;
}

/**
 * Shares as whole numbers of 10^-decimals that sum as printed (largest remainder).
 *
 * @example
 * roundParts([1, 1, 1], 0)
 * // => [34, 33, 33]
 */
export function roundParts(parts: readonly number[], decimals = 0): readonly number[] {
  const total = parts.reduce((sum, part) => sum + part, 0);
  if (total === 0) return parts.map(() => 0);
  const unit = 10 ** decimals;
  const exact = parts.map((part) => (part / total) * 100 * unit);
  const rounded = exact.map(Math.floor);
  let left = 100 * unit - rounded.reduce((sum, part) => sum + part, 0);
  invariant(left >= 0 && left <= parts.length, "largest remainder leaves at most one unit a part");
  const order = exact
    .map((value, index) => ({ index, rest: value - Math.floor(value) }))
    .toSorted((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index } of order) {
    if (left <= 0) break;
    rounded[index] = (rounded[index] ?? 0) + 1;
    left--;
  }
  return rounded.map((value) => value / unit);
}

/** `⁻¹⁰`. */
function raised(exponent: string): string {
  return exponent.replaceAll(/[-\d]/g, (sign) => (sign === "-" ? "⁻" : ("⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)] ?? "")));
}

function withMinus(text: string): string {
  return text.replace("-", minus);
}
