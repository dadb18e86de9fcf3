/** Whether units sort themselves to one side of a cut-off: a jump of the density of the score. */
import { normalDistribution } from "../distributions/index.ts";
import { undetermined } from "../estimate.ts";
import type { Found } from "../finding.ts";
import { innerProduct } from "../sums.ts";
import { centredFinding, type Question } from "./centred-finding.ts";
import { deviation } from "./discontinuity-bandwidth.ts";
import { coefficientWeights, triangularWeights } from "./local-fit.ts";

/** The scores of all units, and the cut-off. */
export interface DensityOptions extends Question {
  readonly scores: readonly number[];
  readonly cutoff: number;
  /** Chosen from the data where absent. */
  readonly bandwidths?: { readonly below: number; readonly above: number } | undefined;
}

/** Units, and distinct scores, that a bandwidth must hold on each side: 20 and the coefficients of the fit. */
const localMin = 23;
/** The bias of the quadratic fit's slope at the edge, triangular kernel: the second entry of S⁻¹ c with S[i][j] = ∫ (1 - u) u^(i+j), c[i] = ∫ (1 - u) u^(i+3). */
const biasConstant = -3 / 7;

/**
 * The density just above the cut-off minus that just below, per unit of the score: slopes of cubic fits to the distribution function on either side, with jackknife
 * standard errors; bandwidths optimal for a quadratic fit, the median of those for each side, for the difference and for the sum.
 * Undetermined below 23 distinct scores a side. Source: Cattaneo, Jansson and Ma (2020), J. Am. Stat. Assoc. 115, 1449-1455.
 */
export function densityDiscontinuity(options: DensityOptions): Found {
  const { scores, cutoff } = options;
  const distances = scores.map((score) => score - cutoff).sort((a, b) => a - b);
  const unit = Math.max(Math.abs(distances[0] ?? 0), Math.abs(distances.at(-1) ?? 0));
  const counts = [true, false].map((below) => new Set(distances.filter((distance) => distance < 0 === below)).size);
  if (Math.min(...counts) < localMin) {
    return undetermined(
      `${counts[0]} distinct ${counts[0] === 1 ? "score" : "scores"} below the cut-off and ${counts[1]} at or above it`,
      `at least ${localMin} on each side: a density needs a score that is nearly continuous`,
    );
  }
  const sample = sampleOf(distances.map((distance) => distance / unit));
  const given = options.bandwidths;
  const bandwidths = given === undefined ? chosenBandwidths(sample) : { below: given.below / unit, above: given.above / unit };
  const below = bandwidths === undefined ? undefined : edgeFit(sample.below, bandwidths.below, 3);
  const above = bandwidths === undefined ? undefined : edgeFit(sample.above, bandwidths.above, 3);
  if (bandwidths === undefined || below === undefined || above === undefined) {
    return undetermined("too few distinct scores near the cut-off", "more scores near the cut-off, or wider stated bandwidths");
  }
  const standardError = Math.sqrt(below.variance + above.variance);
  if (standardError === 0) return undetermined("the density has no sampling error within the bandwidth", "more scores near the cut-off");
  const repeated = new Set(distances).size < distances.length;
  return centredFinding(
    {
      value: (above.coefficient(1) - below.coefficient(1)) / unit,
      standardError: standardError / unit,
      degreesOfFreedom: Number.POSITIVE_INFINITY,
      method: "local polynomial density, unrestricted, jackknife",
      testName: "robust bias-corrected z",
      n: below.inside + above.inside,
      details: {
        densityBelow: below.coefficient(1) / unit,
        densityAbove: above.coefficient(1) / unit,
        bandwidthBelow: bandwidths.below * unit,
        bandwidthAbove: bandwidths.above * unit,
        unitsBelow: below.inside,
        unitsAbove: above.inside,
      },
      warnings: repeated
        ? [
            "Scores repeat: a rounded score has no density, and its steps can look like a jump. Compare with cut-offs at which nothing happens.",
          ]
        : [],
    },
    options,
  );
}

/** A side's distances, ascending, with the distribution function of the whole sample at each. */
interface Edge {
  readonly distances: readonly number[];
  readonly shares: readonly number[];
  readonly whole: number;
}

interface DensitySample {
  readonly below: Edge;
  readonly above: Edge;
  readonly all: readonly number[];
}

function sampleOf(all: readonly number[]): DensitySample {
  const whole = all.length;
  const shares = all.map((_, i) => i / (whole - 1));
  for (let i = whole - 2; i >= 0; i--) if (all[i] === all[i + 1]) shares[i] = shares[i + 1] as number;
  const split = all.filter((distance) => distance < 0).length;
  const edge = (from: number, to: number): Edge => ({ distances: all.slice(from, to), shares: shares.slice(from, to), whole });
  return { below: edge(0, split), above: edge(split, whole), all };
}

interface EdgeFit {
  /** A coefficient of the polynomial that is fitted to the distribution function: 1 is the density at the cut-off. */
  readonly coefficient: (power: number) => number;
  /** Of the density. */
  readonly variance: number;
  readonly inside: number;
}

function edgeFit({ distances, shares, whole }: Edge, bandwidth: number, order: number): EdgeFit | undefined {
  const keep = (_: number, i: number): boolean => Math.abs(distances[i] as number) <= bandwidth;
  const near = distances.filter(keep);
  const heights = shares.filter(keep);
  const rows = coefficientWeights(near, triangularWeights(near, bandwidth), order);
  if (rows === undefined) return undefined;
  const coefficient = (power: number): number => innerProduct(rows[power] as readonly number[], heights);
  return { coefficient, variance: jackknife(near, rows[1] as readonly number[], whole), inside: near.length };
}

/** Each unit moves the distribution function at the other units from its score on: what that does to the slope, squared and added up. Ties move alike. */
function jackknife(near: readonly number[], slope: readonly number[], whole: number): number {
  const moves = near.map(() => 0);
  let tail = 0;
  for (let i = near.length - 1; i >= 0; i--) {
    moves[i] = tail / (whole - 1);
    tail += slope[i] as number;
  }
  for (let i = 1; i < near.length; i++) if (near[i] === near[i - 1]) moves[i] = moves[i - 1] as number;
  return innerProduct(moves, moves);
}

/** Silverman-like pilots, then the widths that minimise the error of either density, of their difference and of their sum; the median of three. */
function chosenBandwidths(sample: DensitySample): { readonly below: number; readonly above: number } | undefined {
  const { all, below, above } = sample;
  const whole = all.length;
  const spread = deviation(all);
  const centre =
    innerProduct(
      all,
      all.map(() => 1),
    ) /
    whole /
    spread;
  const density = normalDistribution(0, 1).density(centre);
  const hermite4 = centre ** 4 - 6 * centre ** 2 + 3;
  const hermite2 = centre ** 2 - 1;
  // Rules of thumb for a normal score: quartic fit for the third derivative, quadratic for the density. Constants of the source's software.
  const wide = ((5 / 4) * (3_430_865.455_123_617_8 / (hermite4 ** 2 * density * whole))) ** (1 / 9) * spread;
  const narrow = ((1 / 4) * (548.571_428_571_554_6 / (hermite2 ** 2 * density * whole))) ** (1 / 5) * spread;
  const farthest = Math.max(Math.abs(all[0] as number), Math.abs(all.at(-1) as number));
  const hold = (width: number, count: number): number => Math.max(Math.min(width, farthest), needed(below, count), needed(above, count));
  const curves = [below, above].map((edge) => edgeFit(edge, hold(wide, localMin + 2), 4)?.coefficient(3));
  const pilot = hold(narrow, localMin);
  const variances = [below, above].map((edge) => edgeFit(edge, pilot, 2)?.variance);
  const [left, right] = curves;
  const [leftVariance, rightVariance] = variances;
  if (left === undefined || right === undefined || leftVariance === undefined || rightVariance === undefined) return undefined;
  const width = (variance: number, bias: number): number => ((pilot * variance) / (4 * (bias * biasConstant) ** 2)) ** (1 / 5);
  const both = leftVariance + rightVariance;
  const least = Math.max(needed(below, localMin), needed(above, localMin));
  const common = [right - left, right + left].map((bias) => Math.max(Math.min(width(both, bias), farthest), least));
  const own = (edge: Edge, variance: number, bias: number): number => {
    const farthestHere = Math.max(...[edge.distances[0], edge.distances.at(-1)].map((end) => Math.abs(end as number)));
    return Math.max(Math.min(width(variance, bias), farthestHere), needed(edge, localMin));
  };
  return { below: median(own(below, leftVariance, left), common), above: median(own(above, rightVariance, right), common) };
}

/** The distance within which an edge has so many units, and so many distinct scores. */
function needed({ distances }: Edge, count: number): number {
  const sorted = distances.map(Math.abs).sort((a, b) => a - b);
  const distinct = [...new Set(sorted)];
  const at = (values: readonly number[]): number => values[Math.min(count, values.length) - 1] as number;
  return Math.max(at(sorted), at(distinct));
}

function median(first: number, others: readonly number[]): number {
  return [first, ...others].sort((a, b) => a - b)[1] as number;
}
