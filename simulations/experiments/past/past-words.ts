/** Numbers in sentences about the past. */
import { countText } from "../../../data/foundation/index.ts";

/**
 * At most four figures, thousands with commas.
 *
 * @example
 * [numberText(12345.6), numberText(0.123456), numberText(1.5)]
 * // => ["12,346", "0.1235", "1.5"]
 */
export function numberText(value: number): string {
  if (Math.abs(value) >= 1000) return countText(Math.round(value));
  return String(Number(value.toPrecision(4)));
}

/** Three figures, with its sign where asked for. */
export function percentText(share: number, { isChange = false }: { readonly isChange?: boolean } = {}): string {
  return `${isChange && share > 0 ? "+" : ""}${Number((100 * share).toPrecision(3))} %`;
}

/**
 * A count with its noun.
 *
 * @example
 * [unitsText(1), unitsText(2345)]
 * // => ["1 unit", "2,345 units"]
 */
export function unitsText(count: number): string {
  return `${numberText(count)} unit${count === 1 ? "" : "s"}`;
}
