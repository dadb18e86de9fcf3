/** The bandwidth of a regression discontinuity that minimises its mean squared error, in three steps. */

import { innerProduct } from "../sums.ts";
import { coefficientWeights, triangularWeights } from "./local-fit.ts";
import { neighbourResiduals } from "./neighbour-residuals.ts";

/** One side of the cut-off, scores ascending. */
export interface Side {
  /** Score minus cut-off. */
  readonly distances: readonly number[];
  readonly outcomes: readonly number[];
  /** The treatment received; absent in a sharp design. */
  readonly received?: readonly number[] | undefined;
}

/** Bandwidths in the unit of the distances: of the estimate, and of the bias that is taken off. */
export interface Bandwidths {
  readonly estimation: number;
  readonly bias: number;
}

/** Distinct scores that a pilot bandwidth must hold where a fifth of a side or more are repeats. */
const distinctInPilot = 10;
/** So little more than a distance that a point at it still has weight. */
const justBeyond = 1 + Math.sqrt(Number.EPSILON);

/**
 * The common bandwidth for a local linear fit with triangular kernel that minimises the mean squared error of the jump, regularised ("mserd"); and the
 * one for its quadratic bias correction. Repeated scores enlarge the pilots. Undefined where a pilot has too few distinct scores, or the bias is exactly
 * the same on both sides without noise. Scores and outcomes should be of the size of 1. Source: Calonico, Cattaneo and Titiunik (2014), Econometrica 82, section 4;
 * Calonico, Cattaneo and Farrell (2020), Econometrics Journal 23.
 */
export function errorOptimalBandwidths(left: Side, right: Side): Bandwidths | undefined {
  const widest = Math.max(reach(left), reach(right));
  const pilots = pilotBandwidth(left, right, widest);
  const sides = [left, right] as const;
  const step = (order: number, derivative: number, biasBandwidth: (side: Side) => number): number | undefined => {
    const [below, above] = sides.map((side) =>
      termsOf(side, { order, derivative, pilot: pilots.first, biasBandwidth: biasBandwidth(side) }),
    );
    if (below === undefined || above === undefined) return undefined;
    // The very first step is not regularised: its fit is over the whole side.
    const regular = order === 3 ? 0 : below.regular + above.regular;
    const width = ((below.variance + above.variance) / ((above.bias - below.bias) ** 2 + regular)) ** (1 / (2 * order + 3));
    return Number.isNaN(width) || width === 0 ? undefined : Math.min(width, widest);
  };
  const third = step(3, 3, (side) => reach(side) * justBeyond);
  if (third === undefined) return undefined;
  const bias = step(2, 2, () => Math.max(third, pilots.atLeast));
  const estimation = bias === undefined ? undefined : step(1, 0, () => bias);
  return bias === undefined || estimation === undefined ? undefined : { estimation, bias };
}

function reach({ distances }: Side): number {
  return Math.max(Math.abs(distances[0] as number), Math.abs(distances.at(-1) as number));
}

/** Silverman's rule for the triangular kernel, on distinct scores, held between what the repeats need and the widest distance. */
function pilotBandwidth(left: Side, right: Side, widest: number): { readonly first: number; readonly atLeast: number } {
  const all = [...left.distances, ...right.distances];
  const distinct = [left, right].map(({ distances }) => [...new Set(distances.map(Math.abs))].sort((a, b) => a - b));
  const repeats = [left, right].some(({ distances }, i) => 1 - (distinct[i] as number[]).length / distances.length >= 0.2);
  const least = distinct.map((values) => (values[Math.min(distinctInPilot, values.length) - 1] as number) * justBeyond);
  const atLeast = repeats ? Math.max(...least) : 0;
  const spread = Math.min(deviation(all), (quartile(all, 0.75) - quartile(all, 0.25)) / 1.349);
  const count = distinct.reduce((sum, values) => sum + values.length, 0);
  return { first: Math.max(Math.min(2.576 * spread * count ** -0.2, widest), atLeast), atLeast };
}

/** The sample standard deviation of values of the size of 1. */
export function deviation(values: readonly number[]): number {
  const mean =
    innerProduct(
      values,
      values.map(() => 1),
    ) / values.length;
  const rest = values.map((value) => value - mean);
  return Math.sqrt(innerProduct(rest, rest) / (values.length - 1));
}

/** Hyndman and Fan's (1996) second definition: the mean of both neighbours where the share falls between two values. `sorted` ascending. */
function quartile(sorted: readonly number[], share: number): number {
  const at = sorted.length * share;
  const below = Math.floor(at);
  const next = sorted[below] as number;
  return at === below ? ((sorted[below - 1] as number) + next) / 2 : next;
}

interface StepOptions {
  readonly order: number;
  readonly derivative: number;
  readonly pilot: number;
  readonly biasBandwidth: number;
}

/** Variance and bias of a coefficient of one side's fit, scaled to a bandwidth of 1; and the variance of the bias, which regularises. */
function termsOf(
  side: Side,
  options: StepOptions,
): { readonly variance: number; readonly bias: number; readonly regular: number } | undefined {
  const { order, derivative, pilot, biasBandwidth } = options;
  const near = within(side, pilot);
  const weights = coefficientWeights(near.distances, triangularWeights(near.distances, pilot), order)?.[derivative];
  const wide = within(side, biasBandwidth);
  const curve = coefficientWeights(wide.distances, triangularWeights(wide.distances, biasBandwidth), order + 1)?.[order + 1];
  if (weights === undefined || curve === undefined) return undefined;
  const gradient = ratioGradient(near, weights);
  if (gradient === undefined) return undefined;
  const variance = (2 * derivative + 1) * pilot ** (2 * derivative + 1) * sandwich(near, weights, gradient);
  const constant =
    pilot ** derivative *
    innerProduct(
      weights,
      near.distances.map((distance) => (distance / pilot) ** (order + 1)),
    );
  const degree = 2 * (order + 1 - derivative);
  return {
    variance,
    bias: Math.sqrt(degree) * constant * innerProduct(curve, combined(wide, gradient)),
    regular: degree * 3 * constant ** 2 * sandwich(wide, curve, gradient),
  };
}

/** The points nearer than the bandwidth. */
export function within({ distances, outcomes, received }: Side, bandwidth: number): Side {
  const keep = (_: number, i: number): boolean => Math.abs(distances[i] as number) / bandwidth < 1;
  return { distances: distances.filter(keep), outcomes: outcomes.filter(keep), received: received?.filter(keep) };
}

type Gradient = readonly [outcome: number, received: number];

/** How the ratio of the two coefficients moves with each: only the outcome's counts in a sharp design. */
function ratioGradient(side: Side, weights: readonly number[]): Gradient | undefined {
  if (side.received === undefined) return [1, 0];
  const [outcome, received] = [innerProduct(weights, side.outcomes), innerProduct(weights, side.received)];
  return received === 0 ? undefined : [1 / received, -outcome / received ** 2];
}

function combined({ outcomes, received }: Side, [ofOutcome, ofReceived]: Gradient): readonly number[] {
  return received === undefined ? outcomes : outcomes.map((outcome, i) => ofOutcome * outcome + ofReceived * (received[i] as number));
}

/** The variance of a weighted sum of outcomes (less a multiple of the treatment), from the residuals to nearest neighbours. */
export function sandwich(side: Side, weights: readonly number[], gradient: Gradient): number {
  const errors = neighbourResiduals(side.distances, combined(side, gradient)).map((error, i) => error * (weights[i] as number));
  return innerProduct(errors, errors);
}
