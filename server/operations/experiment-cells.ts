/** The cells of an experiment's table of statements. */
import type { Estimated, Found } from "../../simulations/statistics/index.ts";

/** Columns of the table; what does not apply is empty. Shares are of 1, numbers are not rounded. */
export const columns = [
  "part",
  "metric",
  "role",
  "arm",
  "by",
  "group",
  "quantity",
  "value",
  "lower",
  "upper",
  "level",
  "n",
  "p",
  "p_adjusted",
  "state",
  "words",
  "method",
  "may_be_read",
] as const;

/** A row; what is left out is empty. */
export type Cells = Readonly<Partial<Record<(typeof columns)[number], string | number | undefined>>>;

/** With the p-value of its test. */
export function foundCells(found: Found): Cells {
  if (found.kind === "undetermined") return estimateCells(found);
  return { ...estimateCells(found.estimate), ...(found.test === undefined ? {} : { p: found.test.pValue }) };
}

/** An open end is empty; why there is no value stands in place of the method. */
export function estimateCells(estimated: Estimated): Cells {
  if (estimated.kind === "undetermined") return { method: `not determined: ${estimated.reason}` };
  const { value, interval, n, method } = estimated;
  return { value, lower: interval?.lower, upper: interval?.upper, level: interval?.level, n, method };
}
