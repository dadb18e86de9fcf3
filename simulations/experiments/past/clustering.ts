/** What it would cost to deal units out by groups: intraclass correlation and design effect by an attribute. */
import { ascendingOf, designEffect, type Found, quantileOf, undetermined } from "../../statistics/index.ts";
import type { ExperimentDesign, MetricForm } from "../design/experiment-design.ts";
import { unitsNeeded } from "../design/size-design.ts";
import { momentsOf, type PastGroups } from "./past-units.ts";
import { numberText } from "./past-words.ts";

/** One metric of a design whose units are dealt by the groups of one attribute. */
export interface PastClusters {
  readonly column: string;
  readonly metric: string;
  readonly title: string;
  /** Groups with units, their mean size, and the standard deviation of sizes over that. */
  readonly clusters: number;
  readonly size: number;
  readonly sizeVariation: number;
  /** As estimated; below 0 it counts as 0. Absent where groups or units within them are too few. */
  readonly intraclassCorrelation?: number;
  readonly designEffect?: number;
  /** Units in all arms. */
  readonly units: Found;
  readonly words: string;
}

/** 20 an arm. */
const reliableGroups = 40;

/**
 * Intraclass correlation by the analysis of variance for groups of unequal size: (MSB - MSW) / (MSB + (m - 1) MSW), m = (N - sum n_i² / N) / (k - 1). Ratios by
 * their linearised values. Undefined below two groups, without two units in any, or where nothing varies. Source: Donner (1986), Int. Statistical Review 54, 67-82.
 *
 * @example
 * intraclassCorrelation([1, 2, 5, 6], [0, 0, 1, 1], 2)?.toFixed(4)
 * // => "0.9394"
 */
export function intraclassCorrelation(values: ArrayLike<number>, codes: ArrayLike<number>, groups: number): number | undefined {
  const counts = new Float64Array(groups);
  const means = new Float64Array(groups);
  let [within, n, mean] = [0, 0, 0];
  for (let unit = 0; unit < values.length; unit++) {
    const value = values[unit] as number;
    if (Number.isNaN(value)) continue;
    const group = codes[unit] as number;
    const count = (counts[group] as number) + 1;
    const before = means[group] as number;
    const after = before + (value - before) / count;
    counts[group] = count;
    means[group] = after;
    within += (value - before) * (value - after);
    n++;
    mean += (value - mean) / n;
  }
  const filled = counts.filter((count) => count > 0).length;
  if (filled < 2 || n <= filled) return undefined;
  const between = counts.reduce((sum, count, group) => sum + count * ((means[group] as number) - mean) ** 2, 0) / (filled - 1);
  const inner = within / (n - filled);
  const size = (n - counts.reduce((sum, count) => sum + count * count, 0) / n) / (filled - 1);
  const whole = between + (size - 1) * inner;
  return whole > 0 ? (between - inner) / whole : undefined;
}

/** One metric by one attribute. `columns`: the metric's, as designed. */
export function clustersOf(
  design: ExperimentDesign,
  index: number,
  columns: readonly Float64Array[],
  { column, values, codes }: PastGroups,
): PastClusters {
  const metric = design.metrics[index];
  if (metric === undefined) throw new RangeError("a metric of the design");
  const sizes = new Float64Array(values.length);
  for (const code of codes) sizes[code] = (sizes[code] as number) + 1;
  const filled = sizes.filter((count) => count > 0);
  const size = codes.length / filled.length;
  const sizeVariation =
    filled.length < 2 ? 0 : Math.sqrt(filled.reduce((sum, count) => sum + (count - size) ** 2, 0) / (filled.length - 1)) / size;
  const common = { column, metric: metric.name, title: metric.title, clusters: filled.length, size, sizeVariation };
  const correlation = intraclassCorrelation(linearised(columns, metric.form), codes, values.length);
  if (correlation === undefined) {
    const units = undetermined(`${column} has too few groups or units within them`, "several groups of several units");
    return { ...common, units, words: `By ${column}: not determined, ${units.reason}.` };
  }
  const clusters = { size, sizeVariation, intraclassCorrelation: Math.max(0, correlation) };
  const effect = designEffect(clusters);
  const { units } = unitsNeeded(design, metric, momentsOf(metric, columns), { clusters });
  return { ...common, intraclassCorrelation: correlation, designEffect: effect, units, words: wordsOf(common, effect, units) };
}

function wordsOf({ column, clusters, size }: Pick<PastClusters, "column" | "clusters" | "size">, effect: number, units: Found): string {
  const times = `Dealt by ${column} instead of one by one, ${effect < 1.005 ? "no more" : `${numberText(effect)} times as many`} units are needed`;
  if (units.kind === "undetermined") return `${times}; how many is not determined: ${units.reason}.`;
  const needed = Math.ceil(units.estimate.value / size);
  return `${times}: ${numberText(units.estimate.value)}, which is ${numberText(needed)} groups of this size, and there are ${numberText(clusters)}${needed > clusters ? ": too few" : ""}${Math.min(needed, clusters) < reliableGroups ? `. With fewer than ${reliableGroups} groups the correlation matters more than it can be known` : ""}.`;
}

/**
 * Values as they are; of a quantile whether they lie at or below it, which is what its error rests on; of a ratio what each unit adds to it: (numerator - ratio x
 * denominator) / mean denominator.
 */
function linearised([first = new Float64Array(), second = new Float64Array()]: readonly Float64Array[], form: MetricForm): Float64Array {
  if (form.kind === "quantile") {
    const known = first.filter((value) => !Number.isNaN(value));
    const line = known.length === 0 ? 0 : quantileOf(ascendingOf(known), form.share);
    return first.map((value) => (Number.isNaN(value) ? value : Number(value <= line)));
  }
  if (form.kind !== "ratio") return first;
  const sum = (column: Float64Array): number => column.reduce((total, value) => total + (Number.isNaN(value) ? 0 : value), 0);
  const [numerator, denominator] = [sum(first), sum(second)];
  const ratio = numerator / denominator;
  return first.map((value, unit) => ((value - ratio * (second[unit] as number)) * first.length) / denominator);
}
