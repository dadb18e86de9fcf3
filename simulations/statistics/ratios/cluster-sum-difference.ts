/** Two arms of few clusters, from the sums over each cluster: no interval is narrower than so few clusters allow. */
import { invariant } from "../../../data/foundation/index.ts";
import { type ArmEstimate, type Compared, effectOf, outOfRange } from "../effect.ts";
import { type Undetermined, undetermined } from "../estimate.ts";
import { type FactoredMatrix, factorPositive } from "../numerics/positive-definite.ts";
import { innerProduct, sumOf } from "../sums.ts";
import { isSummable } from "./summable.ts";

/** A ratio's sums, an entry a cluster. */
export interface ClusterColumns {
  readonly numerators: ArrayLike<number>;
  /** At least 0. Of a mean of units: how many the cluster has. */
  readonly denominators: ArrayLike<number>;
}

/** One arm: the outcome, and covariates from before the experiment. */
export interface ClusterSums {
  readonly outcome: ClusterColumns;
  readonly covariates?: readonly ClusterColumns[] | undefined;
}

/**
 * Treatment's ratio of sums minus control's, less what covariates explain (CUPED, coefficients from within the arms), with Bell and McCaffrey's correction: a cluster's
 * squared residual is divided by what the fit leaves of it when a cluster's variance goes with its denominator, which is CR2 where denominators count units. Student's
 * t with Satterthwaite's degrees of freedom under the same model: a few large clusters are worth fewer degrees than as many equal ones, and every coefficient costs one.
 * Undetermined below two clusters in an arm, where a cluster is fitted by itself, and where denominators do not sum to more than 0. Cost: clusters x covariates².
 * Sources: Bell and McCaffrey (2002), Survey Methodology 28, 169-181; Pustejovsky and Tipton (2018), J. Bus. Econ. Stat. 36, 672-683.
 *
 * @example
 * const arm = (numerators) => ({ outcome: { numerators, denominators: [2, 2] } });
 * const effect = clusterSumDifference({ control: arm([4, 6]), treatment: arm([11, 17]) });
 * [effect.difference, effect.degreesOfFreedom.toFixed(6)]
 * // => [4.5, "2.000000"]
 */
export function clusterSumDifference(sums: { readonly control: ClusterSums; readonly treatment: ClusterSums }): Compared {
  const [control, treatment] = [armOf(sums.control), armOf(sums.treatment)];
  if ("kind" in control) return control;
  if ("kind" in treatment) return treatment;
  const width = control.shares.length;
  invariant(width === treatment.shares.length, "both arms have the same covariates");
  const arms = [control, treatment] as const;
  const products = Array.from({ length: width }, (_, i) =>
    Array.from({ length: width }, (__, j) =>
      sumOf(arms.map(({ shares }) => innerProduct(shares[i] as Float64Array, shares[j] as Float64Array))),
    ),
  );
  const factored = factorPositive(products, 1e-10);
  if (factored === undefined)
    return undetermined(
      "a covariate does not vary between the clusters, or follows from the others",
      "covariates that vary and are no combinations",
    );
  const theta = factored.solve(
    Array.from({ length: width }, (_, i) => sumOf(arms.map(({ shares, own }) => innerProduct(shares[i] as Float64Array, own)))),
  );
  const fit: Fit = { theta, factored, common: commonRatios(sums) };
  const found = arms.map((arm, index) => rowsOf(arm, { ...fit, own: index === 0 ? "control" : "treatment", apart: apartOf(arms, fit) }));
  const rows = found.flatMap((part) => part.rows);
  const left = leftOf(rows, width);
  if (left === undefined)
    return undetermined(
      "one cluster is fitted by itself: nothing is left of it that tells the variance",
      "more clusters, or fewer covariates",
    );
  return joined(arms, fit, rows, left);
}

interface Arm {
  readonly n: number;
  readonly total: number;
  readonly ratio: number;
  readonly denominators: Float64Array;
  readonly numerators: Float64Array;
  /** The clusters' parts of the outcome, (numerator - ratio x denominator) x n / total; and of each covariate likewise. */
  readonly own: Float64Array;
  readonly shares: readonly Float64Array[];
  readonly ratios: readonly number[];
}

function armOf({ outcome, covariates = [] }: ClusterSums): Arm | Undetermined {
  const n = outcome.numerators.length;
  if (n < 2)
    return undetermined(`${n} ${n === 1 ? "cluster" : "clusters"} in an arm: nothing says how much its clusters differ`, "two in each arm");
  const [first, ...rest] = [outcome, ...covariates].map((columns) => partOf(columns, n));
  invariant(first !== undefined, "an outcome");
  if ("kind" in first) return first;
  const parts: Part[] = [];
  for (const part of rest) {
    if ("kind" in part) return part;
    parts.push(part);
  }
  const { shares: own, ...told } = first;
  return { n, ...told, own, shares: parts.map(({ shares }) => shares), ratios: parts.map(({ ratio }) => ratio) };
}

type Part = Pick<Arm, "numerators" | "denominators" | "total" | "ratio"> & { readonly shares: Float64Array };

function partOf({ numerators: above, denominators: below }: ClusterColumns, n: number): Part | Undetermined {
  invariant(above.length === n && below.length === n, "a numerator and a denominator of every column for every cluster");
  if (!isSummable(above) || !isSummable(below)) return outOfRange();
  const [numerators, denominators] = [Float64Array.from(above), Float64Array.from(below)];
  const total = sumOf(denominators);
  if (!(total > 0) || denominators.some((value) => value < 0))
    return undetermined("an arm's denominators are not all at least 0, or sum to 0", "clusters with a denominator above 0 in both arms");
  const ratio = sumOf(numerators) / total;
  const shares = numerators.map((value, g) => ((value - ratio * (denominators[g] as number)) * n) / total);
  return { numerators, denominators, total, ratio, shares };
}

/** The covariates' ratios over both arms. */
function commonRatios({ control, treatment }: { readonly control: ClusterSums; readonly treatment: ClusterSums }): readonly number[] {
  return (control.covariates ?? []).map((column, j) => {
    const columns = [column, treatment.covariates?.[j] ?? column];
    const total = (of: "numerators" | "denominators"): number => sumOf(columns.map((each) => sumOf(Float64Array.from(each[of]))));
    return total("numerators") / total("denominators");
  });
}

interface Fit {
  readonly theta: readonly number[];
  readonly factored: FactoredMatrix;
  readonly common: readonly number[];
}

/** By arm, how its adjustment weighs the coefficients: S⁻¹ (its covariates - those of both arms). */
function apartOf(
  arms: readonly [Arm, Arm],
  { factored, common }: Fit,
): { readonly control: readonly number[]; readonly treatment: readonly number[] } {
  const solved = (arm: Arm): readonly number[] => factored.solve(arm.ratios.map((ratio, j) => ratio - (common[j] as number)));
  return { control: solved(arms[0]), treatment: solved(arms[1]) };
}

/** One cluster: what it adds to each arm's estimate per unit of its numerator, its residual, its variance in the working model, and its row in I - U V'. */
interface Row {
  readonly control: number;
  readonly treatment: number;
  readonly residual: number;
  readonly variance: number;
  readonly u: readonly number[];
  readonly v: readonly number[];
}

function rowsOf(
  arm: Arm,
  { theta, factored, own, apart }: Fit & { readonly own: "control" | "treatment"; readonly apart: ReturnType<typeof apartOf> },
): { readonly rows: readonly Row[] } {
  const scale = arm.n / arm.total;
  const centres = arm.shares.map((share) => innerProduct(share, arm.denominators) / arm.total);
  const rows = Array.from(arm.denominators, (denominator, g): Row => {
    const shares = arm.shares.map((share) => share[g] as number);
    const moved = shares.map((share, j) => scale * (share - (centres[j] as number)));
    const weight = (arms: "control" | "treatment"): number => (arms === own ? 1 / arm.total : 0) - innerProduct(apart[arms], moved);
    return {
      control: weight("control"),
      treatment: weight("treatment"),
      residual: (arm.numerators[g] as number) - arm.ratio * denominator - innerProduct(theta, shares) / scale,
      variance: denominator,
      u: [own === "control" ? denominator : 0, own === "treatment" ? denominator : 0, ...shares.map((share) => share / scale)],
      v: [own === "control" ? 1 / arm.total : 0, own === "treatment" ? 1 / arm.total : 0, ...factored.solve(moved)],
    };
  });
  return { rows };
}

/** What the fit leaves of the working model's variances, W = (I - U V') F (I - U V')': its diagonal, and what tells the trace of its square. */
interface Left {
  readonly diagonal: Float64Array;
  /** W = F - [U, FV] M [U, FV]', M = [[-V'FV, I], [I, 0]]. */
  readonly factors: readonly (readonly number[])[];
  readonly middle: readonly (readonly number[])[];
}

function leftOf(rows: readonly Row[], covariates: number): Left | undefined {
  const k = 2 + covariates;
  const inner = Array.from({ length: k }, (_, i) =>
    Array.from({ length: k }, (__, j) => sumOf(rows.map(({ v, variance }) => (v[i] as number) * variance * (v[j] as number)))),
  );
  const middle = Array.from({ length: 2 * k }, (_, i) =>
    Array.from({ length: 2 * k }, (__, j) => {
      if (i < k && j < k) return -(inner[i]?.[j] as number);
      return Math.abs(i - j) === k ? 1 : 0;
    }),
  );
  const factors = rows.map(({ u, v, variance }) => [...u, ...v.map((value) => variance * value)]);
  const diagonal = Float64Array.from(rows, ({ variance }, g) => variance - quadratic(factors[g] as readonly number[], middle));
  return rows.some(({ variance }, g) => variance > 0 && !((diagonal[g] as number) > 1e-10 * variance))
    ? undefined
    : { diagonal, factors, middle };
}

function joined(arms: readonly [Arm, Arm], { theta, common }: Fit, rows: readonly Row[], { diagonal, factors, middle }: Left): Compared {
  const inflation = rows.map(({ variance }, g) => (variance > 0 ? variance / (diagonal[g] as number) : 1));
  const covariance = (a: "control" | "treatment", b: "control" | "treatment"): number =>
    sumOf(rows.map((row, g) => row[a] * row[b] * (inflation[g] as number) * row.residual ** 2));
  const [controlVariance, treatmentVariance, between] = [
    covariance("control", "control"),
    covariance("treatment", "treatment"),
    covariance("control", "treatment"),
  ];
  const variance = controlVariance + treatmentVariance - 2 * between;
  const weights = rows.map((row, g) => (row.treatment - row.control) ** 2 * (inflation[g] as number));
  const degreesOfFreedom = satterthwaite(rows, weights, factors, middle);
  const value = (arm: Arm): number =>
    arm.ratio -
    innerProduct(
      theta,
      arm.ratios.map((ratio, j) => ratio - (common[j] as number)),
    );
  const told = (arm: Arm, own: number): ArmEstimate => ({
    value: value(arm),
    standardError: Math.sqrt(Math.max(own, 0)),
    degreesOfFreedom: Math.max(arm.n - 1, 1),
    n: arm.n,
  });
  const [control, treatment] = [told(arms[0], controlVariance), told(arms[1], treatmentVariance)];
  const error = Math.sqrt(Math.max(variance, 0));
  if (![error, degreesOfFreedom, control.value, treatment.value].every(Number.isFinite)) return outOfRange();
  return effectOf({
    control,
    treatment,
    degreesOfFreedom,
    ...(theta.length === 0 || !(error > 0 && control.standardError > 0)
      ? {}
      : {
          paired: {
            difference: treatment.value - control.value,
            standardError: error,
            correlation: Math.min(1, Math.max(-1, (between - controlVariance) / (error * control.standardError))),
          },
        }),
    method: `${theta.length === 0 ? "ratio of cluster sums" : "CUPED on cluster sums"}, CR2, t with ${Number(degreesOfFreedom.toPrecision(3))} degrees of freedom (Satterthwaite)`,
    assumptions: ["clusters are drawn independently, in both arms", "sums of clusters are not far from normal"],
    details: { controlClusters: control.n, treatmentClusters: treatment.n, ...(theta.length === 0 ? {} : { theta }) },
    warnings: warningsOf(arms, degreesOfFreedom, theta.length),
  });
}

/** (tr P)² / tr P², P the working model's covariances of the weighted residuals. */
function satterthwaite(
  rows: readonly Row[],
  weights: readonly number[],
  factors: readonly (readonly number[])[],
  middle: readonly (readonly number[])[],
): number {
  // Weights are brought near 1: fourth powers of small numbers would underflow.
  const unit = Math.max(...rows.map(({ variance }, g) => (weights[g] as number) * variance));
  const scaled = weights.map((weight) => weight / unit);
  const size = middle.length;
  const gram = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (__, j) =>
      sumOf(factors.map((factor, g) => (factor[i] as number) * (scaled[g] as number) * (factor[j] as number))),
    ),
  );
  const low = (g: number): number => quadratic(factors[g] as readonly number[], middle);
  const trace = sumOf(rows.map(({ variance }, g) => (scaled[g] as number) * (variance - low(g))));
  const product = multiply(middle, gram);
  const square = multiply(product, product);
  const ofSquare =
    sumOf(rows.map(({ variance }, g) => (scaled[g] as number) ** 2 * variance * (variance - 2 * low(g)))) +
    sumOf(square.map((row, i) => row[i] as number));
  return trace ** 2 / ofSquare;
}

const degreesFew = 4;
/** Fewer degrees of freedom than this part of those of equal clusters: simulations reject up to 8 % at a level of 5 % (simulations/README.md, studies). */
const unequal = 0.75;

function warningsOf(arms: readonly [Arm, Arm], degreesOfFreedom: number, covariates: number): readonly string[] {
  const clusters = arms[0].n + arms[1].n;
  const rounded = Math.round(10 * degreesOfFreedom) / 10;
  return [
    ...(degreesOfFreedom < degreesFew
      ? [`Few clusters: ${rounded} degrees of freedom are left, too few to rely on the t distribution; compare randomisation inference.`]
      : []),
    ...(degreesOfFreedom < unequal * (clusters - 2 - covariates)
      ? [
          `Unequal clusters: ${clusters} clusters are worth ${rounded} degrees of freedom, and the level may be some points above the stated one.`,
        ]
      : []),
  ];
}

function quadratic(x: readonly number[], matrix: readonly (readonly number[])[]): number {
  return innerProduct(
    x,
    matrix.map((row) => innerProduct(row, x)),
  );
}

function multiply(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return a.map((row) => (b[0] ?? []).map((_, j) => sumOf(row.map((value, k) => value * (b[k]?.[j] as number)))));
}
