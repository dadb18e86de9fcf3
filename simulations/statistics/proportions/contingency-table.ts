/** Independence in a table of counts with any number of rows and columns. */
import { chiSquared } from "../distributions/index.ts";
import { type Estimated, estimated, undetermined } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { sumOf } from "../sums.ts";
import { deviance } from "./binomial-tails.ts";
import { noncentralityBound } from "./noncentrality.ts";

export interface ContingencyOptions {
  /** Counts, row by row. */
  readonly table: readonly (readonly number[])[];
  readonly statistic: "pearson" | "likelihood-ratio";
  /** Yates' correction; of 2 x 2 tables only. */
  readonly continuityCorrection: boolean;
  readonly level: number;
}

/**
 * Pearson's chi-squared or the likelihood-ratio test of independence, with Cramér's V = sqrt(statistic / (n (min(rows, columns) - 1))) and the lower bound of V from the
 * noncentral chi-squared, above 0 exactly when p is below 1 - level. Empty rows and columns are left out. Fewer than two rows or columns with units:
 * Undetermined. Sources: Pearson (1900); Wilks (1938); Cramér (1946); Smithson (2003), Confidence Intervals, chapter 4.
 *
 * @example
 * independence({ table: [[10, 20], [20, 10]], statistic: "pearson", continuityCorrection: false, level: 0.95 }).test.statistic.toFixed(6)
 * // => "6.666667"
 */
export function independence({ table, statistic: kind, continuityCorrection, level }: ContingencyOptions): Found {
  const rows = table.filter((row) => row.some((count) => count > 0));
  const filled = (rows[0] ?? []).map((_, column) => rows.some((row) => (row[column] ?? 0) > 0));
  const cells = rows.map((row) => row.filter((_, column) => filled[column]));
  const columns = filled.filter(Boolean).length;
  if (rows.length < 2 || columns < 2)
    return undetermined(
      "fewer than two rows or columns have units: there is nothing to compare",
      "units in at least two rows and two columns",
    );
  const rowSums = cells.map(sumOf);
  const columnSums = Array.from({ length: columns }, (_, column) => sumOf(cells.map((row) => row[column] ?? 0)));
  const n = sumOf(rowSums);
  const isCorrected = continuityCorrection && rows.length === 2 && columns === 2;
  const parts: number[] = [];
  let leastExpected = Number.POSITIVE_INFINITY;
  for (const [r, row] of cells.entries()) {
    for (const [c, count] of row.entries()) {
      const expected = ((rowSums[r] ?? 0) / n) * (columnSums[c] ?? 0);
      const distance = excessOf(count, rowSums[r] ?? 0, columnSums[c] ?? 0, n);
      const kept = isCorrected ? Math.sign(distance) * Math.max(0, Math.abs(distance) - 0.5) : distance;
      leastExpected = Math.min(leastExpected, expected);
      parts.push(kind === "pearson" ? kept * (kept / expected) : 2 * deviance(count === 0 && !isCorrected ? 0 : expected + kept, expected));
    }
  }
  const statistic = sumOf(parts);
  const degreesOfFreedom = (rows.length - 1) * (columns - 1);
  const scale = n * (Math.min(rows.length, columns) - 1);
  const name = `${kind === "pearson" ? "Pearson's chi-squared" : "likelihood ratio"}${isCorrected ? ", continuity-corrected" : ""}`;
  const isSparse = leastExpected < 5;
  return finding({
    estimate: effectAtLeast({ statistic, degreesOfFreedom, scale, level, method: "Cramér's V, noncentral chi-squared", n }),
    test: {
      name,
      statistic,
      degreesOfFreedom,
      pValue: chiSquared(degreesOfFreedom).survival(statistic),
      alternative: "two-sided",
      nullValue: 0,
    },
    details: { leastExpected },
    warnings: isSparse ? ["A cell expects fewer than 5 units: the chi-squared distribution is a rough one there."] : [],
  });
}

/** Observed less expected, exact where whole numbers beyond doubles are needed. */
function excessOf(count: number, row: number, column: number, n: number): number {
  if (n <= 94_906_265) return (count * n - row * column) / n;
  return Number(BigInt(count) * BigInt(n) - BigInt(row) * BigInt(column)) / n;
}

/** sqrt(statistic / scale) with the lower bound that agrees with the chi-squared test. */
export function effectAtLeast(parts: {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly scale: number;
  readonly level: number;
  readonly method: string;
  readonly n: number;
}): Estimated {
  const { statistic, degreesOfFreedom, scale, level, method, n } = parts;
  const bound = noncentralityBound(statistic, degreesOfFreedom, 1 - level);
  return estimated({
    value: Math.sqrt(statistic / scale),
    set: { kind: "at-least", lower: Math.sqrt(bound / scale), level },
    method,
    n,
    assumptions: ["units are independent", "no expected count is small (below about 5)"],
  });
}
