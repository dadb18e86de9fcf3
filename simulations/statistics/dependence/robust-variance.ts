/** Variances of a regression's coefficients that do not believe in equal variances (HC) or in independent rows (CR). */
import { type Undetermined, undetermined } from "../estimate.ts";
import type { LeastSquares } from "../numerics/linear.ts";
import { largestMagnitude, powerOfTwoNear, timesPowerOfTwo } from "../numerics/power-scaling.ts";
import { type EigenDecomposition, eigenSymmetric } from "../numerics/symmetric.ts";
import { innerProduct, sumOf } from "../sums.ts";
import { type ClusterId, type RowClusters, rowsApart } from "./clusters.ts";

/** Estimators for independent rows: classical (one variance), and heteroskedasticity-consistent. */
export const independentErrors = ["classical", "HC0", "HC1", "HC2", "HC3"] as const;
/** Cluster-robust estimators; CR1S is CR1 with the factor (n - 1) / (n - k) as well. */
export const clusteredErrors = ["CR0", "CR1", "CR1S", "CR2", "CR3"] as const;

export type ErrorEstimator = (typeof independentErrors)[number] | (typeof clusteredErrors)[number];

/** How the degrees of freedom are counted: n - k, clusters - 1, or by Satterthwaite. */
export type DegreesRule = "residual" | "clusters" | "satterthwaite";

/** A coefficient's standard error. */
export interface CoefficientError {
  readonly kind: "error";
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/** Which standard error is asked for. */
export interface ErrorOptions {
  readonly estimator: ErrorEstimator;
  readonly degrees: DegreesRule;
  /** Needed by the cluster-robust estimators. */
  readonly clusters?: RowClusters | undefined;
}

/** 1 - leverage (or 1 - eigenvalue) at or below this is a row, or a direction of a cluster, that the design fits by itself. */
const fittedBelow = 1e-12;

/**
 * The standard error of any one coefficient of a fit, by its number, with the degrees of freedom of its t. With w the coefficient's weights on the outcome and e the residuals:
 * HC is the sum of a w² e² with a = 1 (HC0), n / (n - k) (HC1), 1 / (1 - h) (HC2), 1 / (1 - h)² (HC3), h the leverage. CR is the sum over
 * clusters of (w' A e)² with A = I (CR0), I and a factor (CR1: G / (G - 1), CR1S: also (n - 1) / (n - k)), (I - H)^-½ (CR2), (I - H)^-1 (CR3), H the
 * cluster's block of the hat matrix. The fit has more rows than coefficients (`fitDesign`). Satterthwaite's degrees of freedom are those of the estimator under independent rows of one
 * variance (Bell and McCaffrey). Undetermined where a row or cluster fits itself and the coefficient rests on it.
 * Sources: MacKinnon and White (1985), J. Econometrics 29, 305-325; Bell and McCaffrey (2002), Survey Methodology 28, 169-181;
 * Pustejovsky and Tipton (2018), J. Bus. Econ. Stat. 36, 672-683. Cost: n k a coefficient, and n k² and k³ a cluster for
 * all of them together.
 */
export function coefficientErrors(
  given: LeastSquares,
  { estimator, degrees, clusters }: ErrorOptions,
): (coefficient: number) => CoefficientError | Undetermined {
  const [n, k] = [given.residuals.length, given.coefficients.length];
  const isClustered = clusters !== undefined && estimator.startsWith("CR");
  const count = isClustered ? clusters.rows.length : n;
  if (isClustered && count < 2)
    return () => undetermined("only one cluster: nothing says how much clusters differ", "at least two clusters, better twenty");
  const adjustment = adjustmentOf(estimator);
  const isSatterthwaite = degrees === "satterthwaite" && estimator !== "classical";
  const blocks = isClustered || isSatterthwaite ? blocksOf(given, isClustered ? clusters : rowsApart(n), adjustment) : [];
  return (coefficient) => {
    const fit = scaledFit(given, coefficient);
    const parts = isClustered ? clusterParts(fit, blocks, adjustment) : estimator === "classical" ? undefined : rowParts(fit, adjustment);
    if (parts?.kind === "undetermined") return parts;
    const variance =
      parts === undefined ? classicalVariance(fit, n - k) : factorOf(estimator, count, n, k) * sumOf(parts.scores.map((s) => s * s));
    const result = (degreesOfFreedom: number): CoefficientError => ({
      kind: "error",
      standardError: timesPowerOfTwo([Math.sqrt(variance)], fit.exponent)[0] as number,
      degreesOfFreedom,
    });
    if (!isSatterthwaite) return result(degrees === "clusters" ? count - 1 : n - k);
    const spread = isClustered && parts !== undefined ? parts : clusterParts(fit, blocks, adjustment);
    return spread.kind === "undetermined" ? spread : result(satterthwaite(spread));
  };
}

/** Residuals and a coefficient's weights at about 1, so that squares stay in range; the exponent takes their product back. */
interface ScaledFit {
  readonly basis: readonly Float64Array[];
  readonly residuals: Float64Array;
  readonly weights: Float64Array;
  readonly exponent: number;
}

/** The parts of a fit that judge one coefficient, scaled by powers of two. */
export function scaledFit({ basis, residuals, weights }: LeastSquares, coefficient: number): ScaledFit {
  const own = weights[coefficient] as Float64Array;
  const [ofResiduals, ofWeights] = [powerOfTwoNear(largestMagnitude(residuals)), powerOfTwoNear(largestMagnitude(own))];
  return {
    basis,
    residuals: timesPowerOfTwo(residuals, -ofResiduals),
    weights: timesPowerOfTwo(own, -ofWeights),
    exponent: ofResiduals + ofWeights,
  };
}

type Adjustment = "none" | "root" | "full";

function adjustmentOf(estimator: ErrorEstimator): Adjustment {
  if (estimator === "HC2" || estimator === "CR2") return "root";
  return estimator === "HC3" || estimator === "CR3" ? "full" : "none";
}

function factorOf(estimator: ErrorEstimator, count: number, n: number, k: number): number {
  if (estimator === "HC1") return n / (n - k);
  if (estimator === "CR1") return count / (count - 1);
  return estimator === "CR1S" ? (count / (count - 1)) * ((n - 1) / (n - k)) : 1;
}

function classicalVariance({ residuals, weights }: ScaledFit, free: number): number {
  return (innerProduct(residuals, residuals) / free) * innerProduct(weights, weights);
}

/** What the clusters bring to the variance. */
interface Parts {
  readonly kind: "parts";
  readonly scores: Float64Array;
  /** By cluster (A w)'(I - H) A w, and the k coordinates of A w in the basis; empty where degrees of freedom do not need them. */
  readonly diagonal: readonly number[];
  readonly coordinates: readonly (readonly number[])[];
}

function rowParts(fit: ScaledFit, adjustment: Adjustment): Parts | Undetermined {
  const w = fit.weights;
  const whole = sumOf(w.map((value) => value * value));
  const scores = new Float64Array(w.length);
  for (let i = 0; i < w.length; i++) {
    let leverage = 0;
    for (const column of fit.basis) leverage += (column[i] as number) ** 2;
    const [weight, free] = [w[i] as number, 1 - leverage];
    if (free > fittedBelow || adjustment === "none") scores[i] = weight * (fit.residuals[i] as number) * adjusted(free, adjustment);
    else if (weight * weight > 1e-18 * whole) return restsOn(`row ${i + 1}`);
  }
  return { kind: "parts", scores, diagonal: [], coordinates: [] };
}

function adjusted(free: number, adjustment: Adjustment): number {
  if (adjustment === "none") return 1;
  return adjustment === "root" ? 1 / Math.sqrt(free) : 1 / free;
}

/** What a cluster is in the design, whatever coefficient is asked for. */
interface Block {
  readonly id: ClusterId;
  readonly rows: readonly number[];
  /** Q'Q of the cluster's rows of the basis Q, and U λ U' of it where it is adjusted. */
  readonly gram: readonly (readonly number[])[];
  readonly eigen: EigenDecomposition | undefined;
}

function blocksOf({ basis }: LeastSquares, { ids, rows }: RowClusters, adjustment: Adjustment): readonly Block[] {
  return rows.map((own, g): Block => {
    const columns = basis.map((column) => own.map((i) => column[i] as number));
    const gram = columns.map(() => columns.map(() => 0));
    for (const [j, a] of columns.entries())
      for (let h = 0; h <= j; h++) {
        const b = columns[h] as readonly number[];
        const dot = innerProduct(a, b);
        (gram[j] as number[])[h] = dot;
        (gram[h] as number[])[j] = dot;
      }
    return { id: ids[g] as ClusterId, rows: own, gram, eigen: adjustment === "none" ? undefined : eigenSymmetric(gram) };
  });
}

/** In the k coordinates of the cluster's rows of the basis Q: A Q = Q (U a(1 - λ) U'), with Q'Q = U λ U' of this cluster. */
function clusterParts(fit: ScaledFit, blocks: readonly Block[], adjustment: Adjustment): Parts | Undetermined {
  const { basis, residuals } = fit;
  const w = fit.weights;
  const whole = basis.map((column) => innerProduct(column, w));
  const size = Math.sqrt(sumOf(whole.map((value) => value * value)));
  const scores = new Float64Array(blocks.length);
  const diagonal: number[] = [];
  const coordinates: (readonly number[])[] = [];
  for (const [g, { id, rows, gram, eigen }] of blocks.entries()) {
    let own = whole;
    if (eigen !== undefined) {
      const mixed = whole.map(() => 0);
      for (const [m, vector] of eigen.vectors.entries()) {
        const free = 1 - (eigen.values[m] as number);
        const along = vector.reduce((sum, value, j) => sum + value * (whole[j] as number), 0);
        if (free <= fittedBelow) {
          if (Math.abs(along) > 1e-9 * size) return restsOn(`cluster '${id}'`);
          continue;
        }
        for (const [j, value] of vector.entries()) mixed[j] = (mixed[j] as number) + value * along * adjusted(free, adjustment);
      }
      own = mixed;
    }
    scores[g] = sumOf(
      rows.map((i) => (residuals[i] as number) * basis.reduce((sum, column, j) => sum + (column[i] as number) * (own[j] as number), 0)),
    );
    const coordinate = gram.map((row) => row.reduce((sum, value, j) => sum + value * (own[j] as number), 0));
    diagonal.push(coordinate.reduce((sum, value, j) => sum + value * ((own[j] as number) - value), 0));
    coordinates.push(coordinate);
  }
  return { kind: "parts", scores, diagonal, coordinates };
}

const pairsMax = 3000;

/** (tr P)² / tr P², P the quadratic form of the variance estimator in independent outcomes of one variance; off its diagonal -q'r for coordinates q, r. */
function satterthwaite({ diagonal, coordinates }: Parts): number {
  const k = coordinates[0]?.length ?? 0;
  let others = 0;
  if (coordinates.length <= pairsMax) {
    for (const [g, q] of coordinates.entries()) {
      for (let h = 0; h < g; h++) {
        let dot = 0;
        for (let j = 0; j < k; j++) dot += (q[j] as number) * (coordinates[h]?.[j] as number);
        others += 2 * dot * dot;
      }
    }
  } else {
    const own = sumOf(coordinates.map((q) => q.reduce((sum, value) => sum + value * value, 0) ** 2));
    for (let a = 0; a < k; a++)
      for (let b = 0; b < k; b++) others += sumOf(coordinates.map((q) => (q[a] as number) * (q[b] as number))) ** 2;
    others = Math.max(0, others - own);
  }
  return sumOf(diagonal) ** 2 / (sumOf(diagonal.map((d) => d * d)) + others);
}

function restsOn(what: string): Undetermined {
  return undetermined(
    `${what} alone determines part of the coefficient, so its residual is 0 whatever the noise and says nothing of the variance`,
    "at least two rows or clusters behind every direction of the coefficient, or fewer regressors",
  );
}
