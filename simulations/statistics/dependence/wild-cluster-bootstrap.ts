/** The wild cluster bootstrap of a regression's coefficient, with the null imposed. */
import { type RandomStream, randomStream } from "../../../data/foundation/index.ts";
import { undetermined } from "../estimate.ts";
import type { Found } from "../finding.ts";
import { sumOf } from "../sums.ts";
import { type ClusterId, groupRows, type RowClusters } from "./clusters.ts";
import { pivotFinding } from "./pivot-finding.ts";
import type { PivotDraws, TwoSided } from "./pivot-inversion.ts";
import { fitDesign, type RegressionOptions } from "./regression.ts";
import { scaledFit } from "./robust-variance.ts";
import { leavesRange } from "./t-finding.ts";

/** Weights of a cluster's residuals: ±1, or Webb's six values ±√½, ±1, ±√1½. */
export type WildWeights = "rademacher" | "webb";

/** A regression whose coefficient is judged by the wild cluster bootstrap. */
export interface WildBootstrapOptions extends Omit<RegressionOptions, "estimator" | "degrees"> {
  readonly clusters: readonly ClusterId[];
  readonly weights: WildWeights;
  readonly twoSided: TwoSided;
  /** Drawn where the sign vectors are not enumerated. */
  readonly draws: number;
  readonly seed: number;
}

/** All 2^G sign vectors are used up to this many clusters. */
const enumeratedClustersMax = 12;
const webb = [-Math.sqrt(1.5), -1, -Math.SQRT1_2, Math.SQRT1_2, 1, Math.sqrt(1.5)];

/**
 * The coefficient with p and interval of the restricted wild cluster bootstrap: y* = fitted under the null + v_g residuals under the null, v_g one
 * weight a cluster, t by CR1 (its constant factor cancels). Rademacher weights with up to 12 clusters: all sign vectors, so that p is exact for
 * those weights. Otherwise `draws` seeded vectors and the observed one, p = (b + 1) / (m + 1). Every draw is a ratio of polynomials of the null value,
 * so the interval inverts the test itself, for the same draws.
 * Sources: Cameron, Gelbach and Miller (2008), Rev. Econ. Stat. 90, 414-427; Webb (2023), Can. J. Econ. 56, 839-858; MacKinnon (2023), Econometrics and
 * Statistics (fast computation by cluster). Cost: draws x clusters x columns.
 *
 * @example
 * const outcome = [1, 2, 2, 3, 5, 6, 1, 2, 4, 6, 2, 1];
 * const columns = [{ name: "1", values: outcome.map(() => 1) }, { name: "x", values: [0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0] }];
 * const clusters = [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6];
 * const question = { level: 0.8, alternative: "two-sided", nullValue: 0, twoSided: "symmetric", weights: "rademacher", draws: 999, seed: 1 };
 * const found = wildClusterBootstrap({ outcome, columns, coefficient: "x", clusters, ...question });
 * found.kind === "finding" && [found.estimate.value, found.details.draws, found.details.exact]
 * // => [3.5, 64, true]
 */
export function wildClusterBootstrap(options: WildBootstrapOptions): Found {
  const { outcome, columns, coefficient, weights, twoSided, level, alternative, nullValue } = options;
  const index = columns.findIndex(({ name }) => name === coefficient);
  if (index === -1)
    return undetermined(`there is no column '${coefficient}'`, `one of ${columns.map(({ name }) => `'${name}'`).join(", ")}`);
  const fit = fitDesign(columns, outcome);
  if (fit.kind === "undetermined") return fit;
  const clusters = groupRows(options.clusters);
  const count = clusters.rows.length;
  if (count < 2) return undetermined("only one cluster: nothing says how much clusters differ", "at least two clusters, better twenty");
  const isExact = weights === "rademacher" && count <= enumeratedClustersMax;
  const vectors = isExact ? signVectors(count) : drawnVectors(options, count);
  const scaled = scaledFit(fit, index);
  const unit = 2 ** scaled.exponent;
  const pieces = piecesOf(scaled, clusters);
  const draws = drawsOf(pieces, vectors);
  if (!Number.isFinite(draws.variance)) return leavesRange;
  if (!(draws.variance > pieces.negligible))
    return undetermined(
      "the residuals of every cluster add up to 0 in this coefficient, so nothing tells its variance",
      "more clusters, or values that vary between clusters",
    );
  const smallest = (alternative === "two-sided" ? 2 : 1) / vectors.length;
  return pivotFinding(
    {
      value: fit.coefficients[index] as number,
      standardError: unit * Math.sqrt((draws.variance * count) / (count - 1)),
      n: outcome.length,
      method: `wild cluster bootstrap, ${weights === "webb" ? "Webb" : "Rademacher"}`,
      testName: `wild cluster bootstrap t (${twoSided})`,
      unit,
      draws,
      isExact,
      details: { clusters: count, weights },
      warnings: [
        ...(isExact && smallest > 0.01 ? [`With ${count} clusters p cannot be below ${smallest.toPrecision(3)}.`] : []),
        ...(isFewSided(scaled.weights, clusters)
          ? [
              "One cluster carries more than half of the coefficient's weight: the bootstrap may reject far too rarely or too often; compare randomisation inference.",
            ]
          : []),
      ],
    },
    { level, alternative, nullValue, twoSided },
  );
}

/** Signs of all clusters in all ways; the first leaves them as they are. */
function signVectors(count: number): readonly Float64Array[] {
  return Array.from({ length: 2 ** count }, (_, mask) => Float64Array.from({ length: count }, (__, g) => ((mask >> g) & 1 ? -1 : 1)));
}

function drawnVectors({ weights, draws, seed }: WildBootstrapOptions, count: number): readonly Float64Array[] {
  const random = randomStream(seed, "wild-cluster-bootstrap", weights);
  const draw =
    weights === "webb" ? (stream: RandomStream) => webb[stream.below(6)] as number : (stream: RandomStream) => 2 * stream.below(2) - 1;
  const observed = new Float64Array(count).fill(1);
  return [observed, ...Array.from({ length: draws }, () => Float64Array.from({ length: count }, () => draw(random)))];
}

/** By cluster, for the unrestricted residuals (0) and for the part of the coefficient's column outside the others (1). */
interface Pieces {
  readonly scores: readonly [Float64Array, Float64Array];
  /** In the k coordinates of the basis: of the weights, and of both kinds of residual. */
  readonly weights: readonly Float64Array[];
  readonly residuals: readonly [readonly Float64Array[], readonly Float64Array[]];
  /** A variance at or below this is rounding. */
  readonly negligible: number;
}

function piecesOf({ weights: w, basis, residuals }: ReturnType<typeof scaledFit>, { rows }: RowClusters): Pieces {
  const whole = sumOf(w.map((value) => value * value));
  const apart = w.map((value) => value / whole);
  const dot = (own: readonly number[], a: Float64Array, b: Float64Array): number =>
    sumOf(own.map((i) => (a[i] as number) * (b[i] as number)));
  const coordinates = (values: Float64Array): readonly Float64Array[] =>
    rows.map((own) => Float64Array.from(basis, (column) => dot(own, column, values)));
  return {
    scores: [Float64Array.from(rows, (own) => dot(own, w, residuals)), Float64Array.from(rows, (own) => dot(own, w, apart))],
    weights: coordinates(w),
    residuals: [coordinates(residuals), coordinates(apart)],
    negligible: 1e-24 * sumOf(w.map((value, i) => (value * (residuals[i] as number)) ** 2)),
  };
}

function drawsOf({ scores, weights, residuals }: Pieces, vectors: readonly Float64Array[]): PivotDraws {
  const m = vectors.length;
  const [level, slope] = [new Float64Array(m), new Float64Array(m)];
  const [a, b, c] = [new Float64Array(m), new Float64Array(m), new Float64Array(m)];
  const [scores0, scores1] = scores;
  const k = weights[0]?.length ?? 0;
  const [sum0, sum1] = [new Float64Array(k), new Float64Array(k)];
  for (const [draw, vector] of vectors.entries()) {
    sum0.fill(0);
    sum1.fill(0);
    for (const [g, v] of vector.entries()) {
      level[draw] = (level[draw] as number) + v * (scores0[g] as number);
      slope[draw] = (slope[draw] as number) + v * (scores1[g] as number);
      for (let j = 0; j < k; j++) {
        sum0[j] = (sum0[j] as number) + v * (residuals[0][g]?.[j] as number);
        sum1[j] = (sum1[j] as number) + v * (residuals[1][g]?.[j] as number);
      }
    }
    for (const [g, v] of vector.entries()) {
      let first = v * (scores0[g] as number);
      let second = v * (scores1[g] as number);
      for (let j = 0; j < k; j++) {
        first -= (weights[g]?.[j] as number) * (sum0[j] as number);
        second -= (weights[g]?.[j] as number) * (sum1[j] as number);
      }
      a[draw] = (a[draw] as number) + first * first;
      b[draw] = (b[draw] as number) + first * second;
      c[draw] = (c[draw] as number) + second * second;
    }
  }
  return { variance: sumOf(scores0.map((s) => s * s)), level, slope, a, b, c };
}

function isFewSided(w: Float64Array, { rows }: RowClusters): boolean {
  const shares = rows.map((own) => sumOf(own.map((i) => (w[i] as number) ** 2)));
  return Math.max(...shares) > 0.5 * sumOf(shares) && rows.length > 2;
}
