/** How far two classifications of the same units agree, and by how much more than chance would: units in clusters. */
import { student } from "../distributions/index.ts";
import { type Estimated, estimated, undetermined } from "../estimate.ts";
import { sumOf } from "../sums.ts";

export interface ClusteredAgreementOptions {
  /** Units by first class (row) and second class (column). */
  readonly table: readonly (readonly number[])[];
  /** By row: the column of the same name, -1 where the second has none. */
  readonly matched: ArrayLike<number>;
  /**
   * Sums over clusters of products of a cluster's counts, a square of side 1 + rows + columns: units that agree, units by row, units by
   * column. Row by row.
   */
  readonly moments: ArrayLike<number>;
  readonly clusters: number;
  readonly level: number;
}

/**
 * The share of units on which both agree, and Cohen's kappa: (agreement - chance) / (1 - chance), chance from the two margins. Their
 * errors are linearised, a cluster's units together (with one unit a cluster: Fleiss, Cohen and Everitt 1969, times m / (m - 1)), and the
 * interval is Student's with clusters less one degree of freedom, cut to what is possible. Fewer than two clusters, or a chance agreement of 1: Undetermined.
 * Sources: Cohen (1960), Educ. Psychol. Meas. 20, 37-46; Fleiss, Cohen and Everitt (1969), Psychol. Bull. 72, 323-327; Liang and Zeger (1986), Biometrika 73, 13-22.
 */
export function clusteredAgreement(options: ClusteredAgreementOptions): { readonly share: Estimated; readonly kappa: Estimated } {
  const { table, matched, level, clusters } = options;
  const rows = table.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columns = (table[0] ?? []).map((_, column) => table.reduce((sum, row) => sum + (row[column] ?? 0), 0));
  const total = rows.reduce((sum, count) => sum + count, 0);
  if (total === 0) {
    const none = undetermined("no unit is classified by both", "units that are");
    return { share: none, kappa: none };
  }
  const pairs = rows.flatMap((_, row) => ((matched[row] ?? -1) < 0 ? [] : [{ row, column: matched[row] as number }]));
  const agreed = pairs.reduce((sum, { row, column }) => sum + (table[row]?.[column] ?? 0), 0);
  const share = agreed / total;
  const chance = pairs.reduce((sum, { row, column }) => sum + ((rows[row] ?? 0) / total) * ((columns[column] ?? 0) / total), 0);
  // What a unit adds to the error of each figure: by agreeing, by its row, by its column.
  const shareWeights = [1 / total, ...rows.map(() => -share / total), ...columns.map(() => 0)];
  const ofRow = rows.map((_, row) => (columns[matched[row] ?? -1] ?? 0) / total);
  const ofColumn = columns.map((_, column) =>
    pairs.filter((pair) => pair.column === column).reduce((sum, { row }) => sum + (rows[row] ?? 0) / total, 0),
  );
  const rest = 1 - chance;
  const kappaWeights = [
    1 / rest / total,
    ...ofRow.map((weight) => (-share / rest - ((weight - 2 * chance) * (1 - share)) / rest ** 2) / total),
    ...ofColumn.map((weight) => (-weight * (1 - share)) / rest ** 2 / total),
  ];
  const parts = { n: total, level, clusters, moments: options.moments };
  const method = `linearised, ${clusters} clusters, Student`;
  const kappa =
    rest <= 0
      ? undetermined("both put every unit into the same class, so that chance agrees too", "units of another class")
      : withError({ ...parts, value: (share - chance) / rest, weights: kappaWeights, least: -1, method: `Cohen's kappa, ${method}` });
  return { share: withError({ ...parts, value: share, weights: shareWeights, least: 0, method: `share, ${method}` }), kappa };
}

function withError(options: {
  readonly value: number;
  readonly weights: readonly number[];
  readonly moments: ArrayLike<number>;
  readonly clusters: number;
  readonly n: number;
  readonly level: number;
  readonly least: number;
  readonly method: string;
}): Estimated {
  const { value, weights, moments, clusters, n, level, least, method } = options;
  if (clusters < 2) return undetermined("one cluster alone shows no error", "units of two clusters");
  const side = weights.length;
  const squares = weights.flatMap((left, row) => weights.map((right, column) => left * right * (moments[row * side + column] ?? 0)));
  const variance = Math.max(0, (clusters / (clusters - 1)) * sumOf(squares));
  const standardError = Math.sqrt(variance);
  const reach = student(clusters - 1).quantile(1 - (1 - level) / 2) * standardError;
  return estimated({
    value,
    lower: Math.max(least, value - reach),
    upper: Math.min(1, value + reach),
    level,
    standardError,
    method,
    n,
    assumptions: ["clusters are drawn independently"],
  });
}
