/** Rates over all units from the labels of some, and the difference of two such rates with one denominator. */
import { criticalValue } from "../distributions/index.ts";
import { type Estimate, type Estimated, estimated, undetermined } from "../estimate.ts";
import { wilsonBounds } from "../proportions/proportion.ts";
import { estimateTotal, type LinearisedRate } from "./augmented-totals.ts";
import { type Draws, linearisedCovariance, type VarianceOptions } from "./linearised-variance.ts";
import { effectiveSize, type LabelTable, type RateOfTotals, type UnitRow, type UnseenVariance } from "./unit-rows.ts";

/** Units, what is drawn again, and how the estimate is named. */
export interface PartialLabelOptions {
  readonly rows: readonly UnitRow[];
  /** Counts of units are taken as known where nothing is modelled (Horvitz-Thompson); otherwise weights estimate them too (Hájek). */
  readonly knowsCounts?: boolean;
  /** Default: another draw of the units. */
  readonly draws?: Draws;
  /** What labels that are all alike cannot show. */
  readonly unseen?: readonly UnseenVariance[];
  readonly level: number;
  readonly method: string;
  readonly assumptions: readonly string[];
}

/** An estimate, and Kish's effective number of labelled units behind it. */
export interface PartialLabelEstimate {
  readonly estimate: Estimated;
  readonly effectiveSize: number;
}

/**
 * A rate between 0 and 1 over all units: the ratio of two estimated totals. Interval: Wilson's, for the number of independent units that would
 * give the linearised variance (at 0 and 1, where that variance is 0: Kish's effective number; nearer to them than half a label, that of half a label); the rate of these very units, all of
 * them labelled, is known. A value that weights push out of [0, 1] is cut there. No labelled unit in the denominator, or weights that put it at 0 or below: Undetermined. Source: Kott and Carr
 * (1997), J. Official Statistics 13, 81-98.
 *
 * @example
 * partialRate({
 *   rows: [{ count: 30, group: 0, label: 1, probability: 1 }, { count: 70, group: 0, label: 0, probability: 1 }],
 *   rate: { numerator: [[0, 1]], denominator: [[1, 1]] }, level: 0.95, method: "weighted", assumptions: [],
 * }).estimate.interval.lower.toFixed(6)
 * // => "0.218949"
 */
export function partialRate(options: PartialLabelOptions & { readonly rate: RateOfTotals }): PartialLabelEstimate {
  const part = shareOf(options, options.rate);
  const size = effectiveSize(options.rows, options.rate.denominator);
  if (size === 0 || part === undefined) return { estimate: size === 0 ? noLabel : noWhole, effectiveSize: size };
  const { value, standardError, bounds } = part;
  const cut = value !== part.raw ? ["cut to between 0 and 1: weights put it outside"] : [];
  return {
    estimate: estimated({
      value,
      ...bounds,
      // 0 where labels are all alike: no error that the interval could be read by.
      standardError: standardError > 0 ? standardError : undefined,
      level: options.level,
      method: options.method,
      n: labelledIn(options.rows, options.rate.denominator),
      assumptions: [...options.assumptions, ...cut],
    }),
    effectiveSize: size,
  };
}

/**
 * `plus` less `minus`, two rates with one denominator. Interval: the square-and-add rule on both Wilson intervals, with their estimated correlation, so that it
 * is sensible where either is rare. Where no unit can carry either part, the difference is 0 exactly.
 * Source: Newcombe (1998), Statistics in Medicine 17, 2635-2650; Zou and Donner (2008), Statistics in Medicine 27, 1693-1702.
 */
export function partialDifference(
  options: PartialLabelOptions & { readonly plus: LabelTable; readonly minus: LabelTable; readonly denominator: LabelTable },
): PartialLabelEstimate {
  const { rows, plus, minus, denominator, level, method, assumptions } = options;
  const size = effectiveSize(rows, denominator);
  const [up, down] = [shareOf(options, { numerator: plus, denominator }), shareOf(options, { numerator: minus, denominator })];
  if (size === 0 || up === undefined || down === undefined) return { estimate: size === 0 ? noLabel : noWhole, effectiveSize: size };
  const covariance = linearisedCovariance(settingsOf(options), up.linearised, down.linearised);
  const spread = up.standardError * down.standardError;
  const correlation = spread === 0 ? 0 : Math.max(-1, Math.min(1, covariance / spread));
  const value = up.value - down.value;
  const reach = (a: number, b: number): number => Math.sqrt(Math.max(0, a * a + b * b - 2 * correlation * a * b));
  const standardError = Math.sqrt(Math.max(0, up.standardError ** 2 + down.standardError ** 2 - 2 * covariance));
  const lower = value - reach(up.value - up.bounds.lower, down.bounds.upper - down.value);
  const upper = value + reach(up.bounds.upper - up.value, down.value - down.bounds.lower);
  return {
    estimate: estimated({
      value,
      lower,
      upper,
      // 0 where labels are all alike: no error that the interval could be read by.
      standardError: standardError > 0 || lower === upper ? standardError : undefined,
      level,
      method,
      n: labelledIn(rows, denominator),
      assumptions,
    }),
    effectiveSize: size,
  };
}

const noLabel = undetermined("no labelled unit is in the denominator", "labels of such units");
const noWhole = undetermined("weights put the estimated denominator at 0 or below", "more labels, or labels that are less rare");

interface Share extends Required<Pick<Estimate, "value" | "standardError">> {
  /** Before it is cut to [0, 1]. */
  readonly raw: number;
  readonly bounds: { readonly lower: number; readonly upper: number };
  readonly linearised: LinearisedRate;
}

function settingsOf({ rows, knowsCounts, draws, unseen }: PartialLabelOptions): VarianceOptions {
  return { rows, knowsCounts: knowsCounts ?? false, draws: draws ?? "units", unseen: unseen ?? [] };
}

function shareOf(options: PartialLabelOptions, rate: RateOfTotals): Share | undefined {
  const settings = settingsOf(options);
  const whole = estimateTotal(settings, rate.denominator);
  if (!(whole > 0)) return undefined;
  const raw = estimateTotal(settings, rate.numerator) / whole;
  const value = Math.min(1, Math.max(0, raw));
  const linearised = { ...rate, rate: raw, whole };
  if (!mayHold(options.rows, rate.numerator)) return { value: 0, raw: 0, standardError: 0, bounds: { lower: 0, upper: 0 }, linearised };
  if (isKnown(settings)) return { value, raw, standardError: 0, bounds: { lower: value, upper: value }, linearised };
  const variance = Math.max(0, linearisedCovariance(settings, linearised, linearised));
  const size = effectiveSize(options.rows, rate.denominator);
  const trials = variance > 0 && value > 0 && value < 1 ? binomialVariance(value, size) / variance : size;
  const ends = wilsonBounds(value * trials, trials, criticalValue(options.level));
  // How many of these units could be in the numerator bounds nothing of another draw of units, nor where weights alone may put the whole far from what it is.
  const isCounted = settings.draws === "labels" && options.rows.every(({ predicted }) => predicted !== undefined);
  const cap = isCounted ? Math.min(1, capacity(options.rows, rate.numerator) / whole) : 1;
  const bounds = { lower: Math.min(value, ends.lower), upper: Math.max(value, Math.min(cap, ends.upper)) };
  return { value, raw, standardError: Math.sqrt(variance), bounds, linearised };
}

/** Whether the rate of these very units is known: all of them have their label, and no other units are asked about. */
function isKnown({ rows, draws }: VarianceOptions): boolean {
  return draws === "labels" && rows.every(({ label, probability }) => label !== undefined && probability === 1);
}

/** Whether any unit is in a group that a total counts, by whichever label. */
function mayHold(rows: readonly UnitRow[], table: LabelTable): boolean {
  return rows.some(({ count, group }) => count > 0 && (table[group] ?? [0, 0]).some((share) => share !== 0));
}

/**
 * Of one label: p (1 - p), p no nearer to 0 or 1 than half a label of so many. A model that says nearly all has a p (1 - p) of nearly nothing, while what is unseen keeps
 * its variance: the two would make less than one label, whose interval holds everything.
 */
function binomialVariance(value: number, size: number): number {
  const margin = 1 / (2 * (size + 1));
  const rate = Math.min(1 - margin, Math.max(margin, value));
  return rate * (1 - rate);
}

/** The most that all units together could add to a total of shares, whatever their labels. */
function capacity(rows: readonly UnitRow[], table: LabelTable): number {
  return rows.reduce((sum, { count, group, label }) => {
    const [zero, one] = table[group] ?? [0, 0];
    return sum + count * (label === undefined ? Math.max(zero, one) : label === 1 ? one : zero);
  }, 0);
}

function labelledIn(rows: readonly UnitRow[], denominator: LabelTable): number {
  return rows.reduce((sum, { count, group, label }) => sum + (label !== undefined && denominator[group]?.[label] !== 0 ? count : 0), 0);
}
