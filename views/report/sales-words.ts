/** Words that the figures and tables of sales share. */
import type { SalesImpact, SalesScenario } from "../../simulations/comparison/index.ts";
import { formatDate, formatMoneyExact, formatMoneyInProse } from "../formats/index.ts";
import type { Figure } from "./report.ts";

/** A scenario as a row or a column is headed. */
export const scenarioWords: Readonly<Record<SalesScenario["name"], string>> = {
  none: "Nobody reacts",
  low: "Low reaction",
  central: "Central reaction",
  high: "High reaction",
};

/** The size of an amount that nobody knows to the last digit. */
export function about(minor: number, currency: string): string {
  return `about ${formatMoneyInProse(Number(Math.abs(minor).toPrecision(3)), currency)}`;
}

/** What a title needs to say such amounts to the cent. */
export function aboutAmounts(minors: readonly number[], currency: string): NonNullable<Figure["amounts"]> {
  return minors.map((minor) => ({ text: about(minor, currency), exact: formatMoneyExact(Math.abs(Math.round(minor)), currency) }));
}

/** `1 Sep 2025 to 28 Sep 2025`. */
export function windowOf(sales: SalesImpact): string {
  return `${formatDate(sales.windowFrom)} to ${formatDate(sales.at)}`;
}
