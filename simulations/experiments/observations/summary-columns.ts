/** Which column of a file of summaries is what: the product's own names first, then those that pandas, R and SQL give to the same figures. */
import type { ExperimentDesign } from "../design/experiment-design.ts";

/** The figures of a row, by the names that they may have, in any case of letters. */
const figureNames = {
  n: ["count"],
  mean: ["avg", "average"],
  sum: [],
  variance: ["var"],
  sd: ["std", "stddev"],
  sum_squares: [],
  mean_2: [],
  variance_2: [],
  covariance: [],
} as const;

/** A figure of a row. */
export type NumberName = keyof typeof figureNames;

export const numberNames = Object.keys(figureNames) as readonly NumberName[];

/** The columns that are read of a file of summaries. */
export interface SummaryColumns {
  readonly arm: string;
  readonly metric: string;
  /** Figures that the file has. */
  readonly figures: ReadonlyMap<NumberName, string>;
  /** `isUpTo`: figures are of all units up to the day, not of the day's own. */
  readonly day?: { readonly name: string; readonly isUpTo: boolean };
  /** Segments of the design that the file has. */
  readonly segments: readonly string[];
}

/**
 * The columns of a file of summaries, which has a metric and n, and a mean or a sum, and not the design's units; undefined of another file.
 *
 * @example
 * const design = { columns: { unit: "user", arm: "group" }, segments: [] };
 * summaryColumns(design, ["group", "metric", "Count", "mean", "std"])?.figures.get("sd")
 * // => "std"
 */
export function summaryColumns(
  { columns: named, segments }: Pick<ExperimentDesign, "columns" | "segments">,
  columns: readonly string[],
): SummaryColumns | undefined {
  const like = (...names: readonly string[]): string | undefined =>
    names.find((name) => columns.includes(name)) ?? columns.find((name) => names.includes(name.toLowerCase()));
  const figures = new Map(
    numberNames.flatMap((name): readonly [NumberName, string][] => {
      const column = like(name, ...figureNames[name]);
      return column === undefined ? [] : [[name, column]];
    }),
  );
  const metric = like("metric");
  if (metric === undefined || columns.includes(named.unit) || !figures.has("n") || !(figures.has("mean") || figures.has("sum")))
    return undefined;
  const upTo = like("until");
  const day = upTo ?? like(...(named.day === undefined ? [] : [named.day]), "day", "date");
  return {
    arm: columns.find((name) => name === named.arm) ?? like("arm") ?? named.arm ?? "arm",
    metric,
    figures,
    ...(day === undefined ? {} : { day: { name: day, isUpTo: upTo !== undefined } }),
    segments: segments.filter((name) => columns.includes(name)),
  };
}

/** The names of columns that are read. */
export function namesRead({ arm, metric, figures, day, segments }: SummaryColumns): readonly string[] {
  return [arm, metric, ...figures.values(), ...(day === undefined ? [] : [day.name]), ...segments];
}
