/** The bootstrap of one sample and of the difference of two: means, totals and quantiles. */
import { randomStream } from "../../../data/foundation/index.ts";
import { type Undetermined, undetermined } from "../estimate.ts";
import type { Found } from "../finding.ts";
import { powerOfTwoBelow } from "../power-of-two.ts";
import { accelerationOf } from "./bootstrap-interval.ts";
import { commonPart } from "./common-part.ts";
import { heavyTailWarnings } from "./heavy-tail-warning.ts";
import { type Replicated, replicateStatement, type StatementOptions } from "./replicate-statement.ts";
import {
  drawReplicates,
  jackknifeOf,
  type ResampledKind,
  type ResampledStatistic,
  type ResampledValues,
  resampledStatistic,
} from "./resampled-statistic.ts";

/** How to draw, and what to say: equal options and values give equal bytes. */
export interface ResampleOptions extends StatementOptions {
  readonly replicates: number;
  readonly seed: number;
}

/** Fewer units than this are resampled with a warning. */
const unitsFew = 20;

/**
 * A mean, total or quantile of one sample, its units (values, or whole entities) drawn again with replacement. The order of the units is
 * irrelevant. A total is over a fixed number of units; a quantile is type 7, and its studentised interval is for single values only.
 * Undetermined with fewer than two units, and where nothing varies. Cost: replicates x values.
 * Sources: Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapters 12 to 14; Davison and Hinkley (1997), chapter 5.
 *
 * @example
 * const options = { method: "percentile", level: 0.9, alternative: "two-sided", interpolation: "linear", replicates: 999, seed: 1 };
 * bootstrap({ values: [3, 5, 8, 9, 12] }, { name: "mean" }, options).estimate.value
 * // => 7.4
 */
export function bootstrap(sample: ResampledValues, kind: ResampledKind, options: ResampleOptions): Found {
  const unit = unitOf([sample]);
  const statistic = prepared(sample, kind, unit);
  if ("kind" in statistic) return statistic;
  const { deviations, standardErrors } = drawReplicates(statistic, options.replicates, randomStream(options.seed, "bootstrap"));
  const acceleration = options.method === "bca" ? accelerationOf([jackknifeOf(statistic, 1)]) : undefined;
  const { observed, standardError, units } = statistic;
  const warnings = [...fewUnits(units, sample), ...(kind.name === "quantile" ? [] : heavyTailWarnings(sample.values, ""))];
  return replicateStatement(
    { observed, deviations, standardErrors, standardError, acceleration, n: units, drawn: drawnWords([sample]), unit, warnings },
    options,
  );
}

/**
 * Treatment's mean or quantile minus control's; each arm's units are drawn again on their own. What all values share is taken off first. BCa takes the acceleration of both
 * arms' jackknives. Undetermined with fewer than two units in an arm, and where nothing varies.
 * Source: Davison and Hinkley (1997), sections 3.2.1 and 5.3.
 *
 * @example
 * const options = { method: "percentile", level: 0.9, alternative: "two-sided", interpolation: "linear", replicates: 999, seed: 1, nullValue: 0 };
 * bootstrapDifference({ control: { values: [3, 5, 8] }, treatment: { values: [9, 12, 15] } }, { name: "quantile", share: 0.5 }, options).estimate.value
 * // => 7
 */
export function bootstrapDifference(
  arms: { readonly control: ResampledValues; readonly treatment: ResampledValues },
  kind: Exclude<ResampledKind, { name: "total" }>,
  options: ResampleOptions,
): Found {
  const shared = commonPart([arms.control.values, arms.treatment.values]);
  const without = ({ values, clusters }: ResampledValues): ResampledValues => ({
    values: Float64Array.from(values, (value) => value - shared),
    clusters,
  });
  const [control, treatment] = [without(arms.control), without(arms.treatment)];
  const unit = unitOf([control, treatment]);
  const [first, second] = [prepared(control, kind, unit), prepared(treatment, kind, unit)];
  if ("kind" in first) return first;
  if ("kind" in second) return second;
  const replicated = (statistic: ResampledStatistic, arm: string) =>
    drawReplicates(statistic, options.replicates, randomStream(options.seed, "bootstrap", arm));
  const [controls, treatments] = [replicated(first, "control"), replicated(second, "treatment")];
  const hasErrors = first.standardError !== undefined && second.standardError !== undefined;
  const together: Replicated = {
    observed: second.observed - first.observed,
    deviations: differencesOf(treatments.deviations, controls.deviations),
    standardErrors: treatments.standardErrors.map((value, at) => Math.hypot(value, controls.standardErrors[at] as number)),
    standardError: hasErrors ? Math.hypot(first.standardError, second.standardError) : undefined,
    acceleration: options.method === "bca" ? accelerationOf([jackknifeOf(first, -1), jackknifeOf(second, 1)]) : undefined,
    n: first.units + second.units,
    drawn: drawnWords([control, treatment]),
    unit,
    warnings: [
      ...fewUnits(Math.min(first.units, second.units), first.units <= second.units ? control : treatment),
      ...(kind.name === "quantile"
        ? []
        : [...heavyTailWarnings(arms.control.values, "control: "), ...heavyTailWarnings(arms.treatment.values, "treatment: ")]),
    ],
  };
  return replicateStatement(together, options);
}

/** One list less the other; what rounding alone keeps from 0 is 0, so that it ties with the observed difference. */
function differencesOf(of: Float64Array, less: Float64Array): Float64Array {
  const largest = of.reduce((size, value, at) => Math.max(size, Math.abs(value), Math.abs(less[at] as number)), 0);
  return of.map((value, at) => {
    const difference = value - (less[at] as number);
    return Math.abs(difference) <= 1e-14 * largest ? 0 : difference;
  });
}

function prepared({ values, clusters }: ResampledValues, kind: ResampledKind, unit: number): ResampledStatistic | Undetermined {
  const units = clusters === undefined ? values.length : new Set(Array.from(clusters)).size;
  if (units < 2) return undetermined(`${units} independent ${units === 1 ? "unit" : "units"}: nothing to resample`, "at least two units");
  return resampledStatistic({ values: Float64Array.from(values, (value) => value / unit), clusters }, kind);
}

/** The power of two that brings the largest value near 1. */
function unitOf(samples: readonly ResampledValues[]): number {
  let largest = 0;
  for (const { values } of samples) for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i] as number));
  return largest > 0 ? powerOfTwoBelow(largest) : 1;
}

function drawnWords(samples: readonly ResampledValues[]): string {
  return samples.some(({ clusters }) => clusters !== undefined) ? "entity-cluster bootstrap" : "bootstrap";
}

function fewUnits(units: number, { clusters }: ResampledValues): readonly string[] {
  const what = clusters === undefined ? "units" : "entities";
  return units < unitsFew ? [`${units} ${what}: bootstrap intervals of so few are too short; the level is not to be trusted.`] : [];
}
