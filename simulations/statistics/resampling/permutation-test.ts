/** The permutation test of a difference of means, and the interval of all constant effects that it does not reject. */
import { type EstimateParts, estimated, undetermined } from "../estimate.ts";
import { type Alternative, type Found, finding } from "../finding.ts";
import { sampleOf } from "../means/sample.ts";
import { powerOfTwoBelow } from "../power-of-two.ts";
import { allFlips, allLabellings, drawnFlips, drawnLabellings, labellingsOf, type Relabellings } from "./relabellings.ts";

/** Two independent samples, or pairs: then the values of one place belong together. */
export interface PermutationArms {
  readonly control: ArrayLike<number>;
  readonly treatment: ArrayLike<number>;
  readonly paired: boolean;
}

/** How to relabel, and what to say. */
export interface PermutationOptions {
  /** auto: exact up to `listedAuto` relabellings, drawn beyond. */
  readonly method: "auto" | "exact" | "drawn";
  readonly draws: number;
  readonly seed: number;
  readonly level: number;
  readonly alternative: Alternative;
  /** The constant effect under the null hypothesis. */
  readonly nullValue: number;
}

/** Relabellings that are listed without being asked for, and at most. */
const listedAuto = 200_000;
const listedMax = 5_000_000;

/** Thresholds this near to one another, relative to the largest value, are sums of the same units in another order. */
const tie = 1e-13;

/**
 * Treatment's mean minus control's, against all relabellings of the units (paired: swaps within pairs). p is the share of relabellings
 * whose difference is at least as far on the alternative's side, the seen one counted: exact, or (b + 1) / (m + 1) of m draws. Two-sided
 * p is twice the smaller one-sided p, at most 1. The interval holds the constants that the same relabellings do not reject when the
 * treatment is relieved of them, so that it leaves out the null value exactly when p < 1 - level; with too few relabellings for the level
 * it is everything. Undetermined for an empty arm, and where every relabelling says the same. The order of units is irrelevant.
 * Sources: Pitman (1937), J. R. Stat. Soc. Suppl. 4, 119-130; Maritz (1995), Distribution-Free Statistical Methods, chapters 2 and 3;
 * Phipson and Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9, 39.
 *
 * @example
 * const options = { method: "exact", draws: 1, seed: 1, level: 0.8, alternative: "greater", nullValue: 0 };
 * permutationTest({ control: [1, 2, 3], treatment: [4, 5, 7], paired: false }, options).test.pValue
 * // => 0.05
 */
export function permutationTest(arms: PermutationArms, options: PermutationOptions): Found {
  const units = arms.control.length + (arms.paired ? 0 : arms.treatment.length);
  if (arms.control.length === 0 || arms.treatment.length === 0) {
    return undetermined("an arm has no unit", "at least one unit in each arm, and two in all");
  }
  const size = powerOfTwoBelow(largestOf(arms, options.nullValue));
  const nullValue = options.nullValue / size;
  const [control, treatment] = [arms.control, arms.treatment].map((values) => Float64Array.from(values, (value) => value / size)) as [
    Float64Array,
    Float64Array,
  ];
  const differences = arms.paired ? treatment.map((value, pair) => value - (control[pair] as number)).sort() : undefined;
  const adjusted = differences ?? [...control, ...treatment.map((value) => value - nullValue)];
  if (adjusted.every((value) => value === (differences === undefined ? control[0] : nullValue))) {
    return undetermined("without the effect no unit differs from another, so every relabelling says the same", "units that differ");
  }
  const made = differences === undefined ? labellings(control.sort(), treatment.sort(), options) : flips(differences, options);
  if (made === undefined) {
    return undetermined(`more than ${listedMax.toLocaleString("en")} relabellings: too many to list`, "the method drawn, or auto");
  }
  const observed = differences === undefined ? differenceOfMeans(control, treatment) : differenceOfMeans(Float64Array.of(0), differences);
  const { thresholds, unchanged, isExact } = snapped(made, nullValue);
  const total = thresholds.length + unchanged;
  const factor = options.alternative === "two-sided" ? 2 : 1;
  const pOf = (count: number): number => Math.min(1, (factor * (unchanged + count)) / total);
  const needed = neededFor(pOf, { level: options.level, total, factor, unchanged });
  const parts: EstimateParts = {
    value: observed * size,
    method: `${isExact ? "exact" : "drawn"} ${differences === undefined ? "permutation test" : "sign-flip test"}`,
    n: units,
    ...setOf(thresholds, needed, options, size),
  };
  const ends = [parts.value, parts.lower ?? 0, parts.upper ?? 0];
  if (!ends.every(Number.isFinite)) return undetermined("the numbers leave the range of doubles", "values in a larger unit");
  const atMost = pOf(countAtMost(thresholds, nullValue));
  const atLeast = pOf(thresholds.length - countAtMost(thresholds, nullValue, true));
  const { alternative } = options;
  const pValue = alternative === "greater" ? atMost : alternative === "less" ? atLeast : Math.min(atMost, atLeast);
  return finding({
    estimate: estimated(parts),
    test: { name: parts.method, pValue, alternative, nullValue: options.nullValue },
    details: { relabellings: total, isExact },
    warnings: warningsOf(parts, { total, isExact, needed }),
  });
}

function labellings(control: Float64Array, treatment: Float64Array, options: PermutationOptions): Relabellings | undefined {
  const ways = labellingsOf(control.length + treatment.length, control.length);
  if (options.method === "drawn" || (options.method === "auto" && ways > listedAuto)) return drawnLabellings(control, treatment, options);
  return ways > listedMax ? undefined : allLabellings(control, treatment);
}

function flips(differences: Float64Array, options: PermutationOptions): Relabellings | undefined {
  const ways = 2 ** differences.length;
  if (options.method === "drawn" || (options.method === "auto" && ways > listedAuto)) return drawnFlips(differences, options);
  return ways > listedMax ? undefined : allFlips(differences);
}

function differenceOfMeans(control: Float64Array, treatment: Float64Array): number {
  const [c, t] = [sampleOf({ values: control }), sampleOf({ values: treatment })];
  return t.mean - c.mean + (t.meanRest - c.meanRest);
}

function largestOf({ control, treatment }: PermutationArms, nullValue: number): number {
  let largest = Math.abs(nullValue);
  for (const values of [control, treatment]) {
    for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i] as number));
  }
  return largest > 0 ? largest : 1;
}

/** Thresholds that only rounding keeps from the null value lie on it: p-value and interval must see the same tie. */
function snapped(made: Relabellings, nullValue: number): Relabellings {
  return { ...made, thresholds: made.thresholds.map((value) => (Math.abs(value - nullValue) <= tie ? nullValue : value)) };
}

/** The fewest thresholds on a side at which the test does not reject. */
function neededFor(
  pOf: (count: number) => number,
  options: { readonly level: number; readonly total: number; readonly factor: number; readonly unchanged: number },
): number {
  const { level, total, factor, unchanged } = options;
  let count = Math.max(0, Math.ceil(((1 - level) * total) / factor) - unchanged - 1);
  while (pOf(count) < 1 - level) count++;
  return count;
}

function setOf(thresholds: Float64Array, needed: number, options: PermutationOptions, size: number): Partial<EstimateParts> {
  const { level, alternative } = options;
  if (needed === 0) return { set: { kind: "everything", level } };
  // The null value comes back as it was given, also where the unit took a digit from it.
  const inUnits = (threshold: number): number => (threshold === options.nullValue / size ? options.nullValue : threshold * size);
  const lower = inUnits(thresholds[needed - 1] as number);
  const upper = inUnits(thresholds[thresholds.length - needed] as number);
  if (alternative === "greater") return { set: { kind: "at-least", lower, level } };
  if (alternative === "less") return { set: { kind: "at-most", upper, level } };
  return lower < upper ? { lower, upper, level } : {};
}

/** How many ascending values are at most the value; `below`: less than it. */
function countAtMost(ascending: Float64Array, value: number, below = false): number {
  let [from, to] = [0, ascending.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const other = ascending[middle] as number;
    if (below ? other < value : other <= value) from = middle + 1;
    else to = middle;
  }
  return from;
}

function warningsOf(
  parts: EstimateParts,
  made: { readonly total: number; readonly isExact: boolean; readonly needed: number },
): readonly string[] {
  const { total, isExact, needed } = made;
  if (parts.set?.kind === "everything") {
    return [`${total} relabellings are too few for this level: no effect can be rejected, whatever the values.`];
  }
  const few =
    !isExact && needed < 20 ? ["Few draws lie beyond the limits: they move with the seed; take more draws for a result that is kept."] : [];
  const tied = parts.set === undefined && parts.lower === undefined;
  return tied ? [...few, "Ties leave no interval of constant effects: the p-value holds without it."] : few;
}
