/** One row of the long table, and how an estimate fills it. */
import type { Estimated } from "../../simulations/statistics/index.ts";
import type { Cell } from "./report.ts";

/** The columns of the long table. */
export const csvColumns = [
  "section",
  "figure",
  "candidate",
  "version",
  "date",
  "tier",
  "to_tier",
  "group",
  "value",
  "lower",
  "upper",
  "level",
  "n",
  "method",
  "definition",
] as const;

/** One row, by column; what is absent is empty. */
export type CsvRow = Readonly<Partial<Record<(typeof csvColumns)[number], Cell>>>;

/** Value, interval, level, n and method; the reason where there is no value. */
export function estimateOf(estimated: Estimated, divisor = 1): CsvRow {
  if (estimated.kind === "undetermined") return { method: `undetermined: ${estimated.reason}` };
  const { value, interval, n, method } = estimated;
  const ends = interval === undefined ? {} : { lower: interval.lower / divisor, upper: interval.upper / divisor, level: interval.level };
  return { value: value / divisor, ...ends, n, method };
}
