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

/** The figures of an arm that a row states. */
export interface SummarySide {
  /** The arm, by its position in the design; absent: the row says it. */
  readonly arm?: number;
  /** Figures that the file has. */
  readonly figures: ReadonlyMap<NumberName, string>;
}

/** The columns that are read of a file of summaries. */
export interface SummaryColumns {
  /** Where a row is about one arm: the column that says which. */
  readonly arm?: string;
  readonly metric: string;
  /** One, or of a row about both arms of the design the control's and the candidate's. */
  readonly sides: readonly SummarySide[];
  /** `isUpTo`: figures are of all units up to the day, not of the day's own. */
  readonly day?: { readonly name: string; readonly isUpTo: boolean };
  /** Segments of the design that the file has. */
  readonly segments: readonly string[];
}

/** What the figures of the control and of the candidate end with, where one row states both. */
const sideEndings = ["_c", "_t"] as const;

/**
 * The columns of a file of summaries, which has a metric and n, and a mean or a sum, and not the design's units; undefined of another file. Of a design of two arms a row may
 * state both: `count_c`, `mean_c` and the like are the control's, `count_t` and so on the candidate's.
 *
 * @example
 * const design = { arms: [{}, {}], columns: { unit: "user", arm: "group" }, segments: [] };
 * summaryColumns(design, ["group", "metric", "Count", "mean", "std"])?.sides[0]?.figures.get("sd")
 * // => "std"
 */
export function summaryColumns(
  { arms, columns: named, segments }: Pick<ExperimentDesign, "columns" | "segments"> & { readonly arms: readonly unknown[] },
  columns: readonly string[],
): SummaryColumns | undefined {
  const like = (...names: readonly string[]): string | undefined =>
    names.find((name) => columns.includes(name)) ?? columns.find((name) => names.includes(name.toLowerCase()));
  const figuresOf = (ending: string): SummarySide["figures"] =>
    new Map(
      numberNames.flatMap((name): readonly [NumberName, string][] => {
        const column = like(...[name, ...figureNames[name]].map((one) => one + ending));
        return column === undefined ? [] : [[name, column]];
      }),
    );
  const isWhole = (figures: SummarySide["figures"]): boolean => figures.has("n") && (figures.has("mean") || figures.has("sum"));
  const metric = like("metric", "metric_id");
  if (metric === undefined || columns.includes(named.unit)) return undefined;
  const own = figuresOf("");
  const both = sideEndings.map((ending, arm) => ({ arm, figures: figuresOf(ending) }));
  const isWide = !isWhole(own) && arms.length === both.length && both.every(({ figures }) => isWhole(figures));
  if (!isWhole(own) && !isWide) return undefined;
  const upTo = like(...(named.until === undefined ? [] : [named.until]), "until");
  const day = upTo ?? like(...(named.day === undefined ? [] : [named.day]), "day", "date");
  return {
    ...(isWide ? {} : { arm: columns.find((name) => name === named.arm) ?? like("arm") ?? named.arm ?? "arm" }),
    metric,
    sides: isWide ? both : [{ figures: own }],
    ...(day === undefined ? {} : { day: { name: day, isUpTo: upTo !== undefined } }),
    segments: segments.filter((name) => columns.includes(name)),
  };
}

/** The names of columns that are read. */
export function namesRead({ arm, metric, sides, day, segments }: SummaryColumns): readonly string[] {
  return [
    ...(arm === undefined ? [] : [arm]),
    metric,
    ...sides.flatMap(({ figures }) => [...figures.values()]),
    ...(day === undefined ? [] : [day.name]),
    ...segments,
  ];
}
