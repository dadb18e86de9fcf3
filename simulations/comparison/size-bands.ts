/** How large an entity is: bands of orders over 12 weeks, by a word each. */
import type { Measure, Parting, Span } from "../../data/panel/index.ts";
import type { ComparisonPlan } from "./plan.ts";

/** Lower bounds of the size bands, in orders over the last 12 weeks. */
export const sizeBands = [0, 30, 120, 600] as const;

const words = ["tiny", "small", "medium", "large"] as const;

/** A band: from so many orders over the last 12 weeks to fewer than `below`. */
export interface SizeBand {
  readonly word: string;
  readonly from: number;
  readonly below?: number;
}

/**
 * The bands by name, smallest first.
 *
 * @example
 * sizeBandNames.map(({ word, from }) => `${word} ${from}`)
 * // => ["tiny 0", "small 30", "medium 120", "large 600"]
 */
export const sizeBandNames: readonly SizeBand[] = words.map((word, index) => {
  const below = sizeBands[index + 1];
  return { word, from: sizeBands[index] ?? 0, ...(below === undefined ? {} : { below }) };
});

/**
 * The band as the rows of a comparison's segments name it.
 *
 * @example
 * sizeBandNames.map(bandName)[0]
 * // => "0 to 29 orders"
 */
export function bandName({ from, below }: Pick<SizeBand, "from" | "below">): string {
  return below === undefined ? `${from} orders and more` : `${from} to ${below - 1} orders`;
}

/** The parting by size, by a measure that counts orders. */
export function sizeParting({ name, decimals }: Pick<Measure, "name" | "decimals">, over: Span): Parting {
  return { kind: "flow", measure: name, over, bounds: sizeBands.map((from) => from * 10 ** decimals) };
}

/** The band of a sum of the plan's orders measure, in its stored integers. */
export function sizeBandOf(plan: ComparisonPlan, orders: number): number {
  const scale = 10 ** (plan.schema.measures[plan.ordersColumn]?.decimals ?? 0);
  return sizeBands.findLastIndex((from, index) => index === 0 || orders >= from * scale);
}
