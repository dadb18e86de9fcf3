/** CUPED: the difference of two means or ratios, less what covariates from before the experiment explain. */
import { invariant, present } from "../../../data/foundation/index.ts";
import { type ArmEstimate, type Compared, effectOf, outOfRange } from "../effect.ts";
import { type Undetermined, undetermined } from "../estimate.ts";
import { sampleOf } from "../means/sample.ts";
import { factorPositive } from "../numerics/positive-definite.ts";
import { innerProduct, sumOf } from "../sums.ts";
import { type CupedRows, completeUnits, type MissingRule } from "./cuped-units.ts";
import { type LinearArm, type LinearArms, linearFromMoments, linearFromUnits } from "./linearised.ts";
import { isSummable } from "./summable.ts";

/**
 * Sufficient statistics of an arm. Columns in the order outcome, covariates; where these are ratios each has two columns, numerator and denominator. Covariances
 * with divisor n - 1.
 */
export interface CupedMoments {
  readonly n: number;
  readonly means: readonly number[];
  readonly covariances: readonly (readonly number[])[];
  readonly ratios: boolean;
}

/**
 * Where the coefficients come from. `within-arms`: from the covariances of both arms together, each about its own arm's mean (the coefficients of an analysis of
 * covariance), untouched by the effect. `all-units`: from all units about their common mean (Deng's original; tea-tasting). `per-arm`: from each arm
 * alone, a regression with interaction, with HC2 standard errors (Lin).
 */
export type Coefficients = "within-arms" | "all-units" | "per-arm";

/** What is asked. */
export interface CupedOptions {
  readonly coefficients: Coefficients;
  readonly missing: MissingRule;
}

/**
 * The difference of adjusted outcomes: outcome - theta' (covariates - their mean over both arms), where a ratio's covariances are those of its linearised units
 * (numerator - ratio x denominator) / mean denominator. One theta for both arms unless `per-arm`, so that only the arms' covariate imbalance is taken out. Standard errors from the adjusted
 * units with n - 1 degrees of freedom an arm (`per-arm`: HC2, n - 1 - covariates), theta and the common covariate means taken as given. Covariates must be from before the treatment.
 * Undetermined when an arm is too small, a covariate does not vary, or covariates depend on one another.
 * Sources: Deng, Xu, Kohavi and Walker (2013), WSDM, sections 3.2 and 5; Lin (2013), Ann. Appl. Stat. 7, 295-318.
 *
 * @example
 * const arm = (mean) => ({ n: 50, means: [mean, 1], covariances: [[4, 3], [3, 4]], ratios: false });
 * const effect = cuped({ control: arm(10), treatment: arm(11) }, { coefficients: "within-arms", missing: "refuse" });
 * [effect.difference, effect.details.theta, effect.details.varianceReduction]
 * // => [1, [0.75], 0.5625]
 */
export function cuped(
  arms:
    | { readonly control: CupedRows; readonly treatment: CupedRows }
    | { readonly control: CupedMoments; readonly treatment: CupedMoments },
  options: CupedOptions,
): Compared {
  const linear = linearised(arms, options.missing);
  if ("kind" in linear) return linear;
  const { control, treatment } = linear;
  const covariates = control.ratios.length - 1;
  const spare = Math.min(control.n, treatment.n) - 1 - (options.coefficients === "per-arm" ? covariates : 0);
  if (spare < 1)
    return undetermined(
      `too few units (${control.n} and ${treatment.n}) for so many covariates (${covariates})`,
      "more units in each arm, or fewer covariates",
    );
  const theta = coefficientsOf(linear, options.coefficients);
  if ("kind" in theta) return theta;
  const adjusted = {
    control: adjust(control, linear.commonRatios, theta.control, options),
    treatment: adjust(treatment, linear.commonRatios, theta.treatment, options),
  };
  if ("kind" in adjusted.control) return adjusted.control;
  if ("kind" in adjusted.treatment) return adjusted.treatment;
  const unadjusted = [control, treatment].map((arm) => (arm.crossProducts[0]?.[0] as number) / (arm.n - 1) / arm.n);
  const before = (unadjusted[0] as number) + (unadjusted[1] as number);
  const after = adjusted.control.standardError ** 2 + adjusted.treatment.standardError ** 2;
  return effectOf({
    control: adjusted.control,
    treatment: adjusted.treatment,
    method: options.coefficients === "per-arm" ? "regression with interaction (Lin), HC2" : `CUPED, theta ${options.coefficients}`,
    assumptions: [
      "units are drawn independently, in both arms",
      "the covariates are from before the treatment",
      "so many units that theta is nearly certain",
    ],
    details: {
      ...(options.coefficients === "per-arm" ? { thetaControl: theta.control, thetaTreatment: theta.treatment } : { theta: theta.control }),
      unadjustedControl: control.ratios[0] as number,
      unadjustedTreatment: treatment.ratios[0] as number,
      unadjustedStandardError: Math.sqrt(before),
      ...(before > 0 && Number.isFinite(after / before) ? { varianceReduction: 1 - after / before } : {}),
    },
    warnings:
      Math.min(control.n, treatment.n) < 20 * (covariates + 1)
        ? [
            `Fewer than 20 units an arm for each of ${covariates + 1} coefficients: theta is itself uncertain, and the interval is too narrow.`,
          ]
        : [],
  });
}

function linearised(
  arms:
    | { readonly control: CupedRows; readonly treatment: CupedRows }
    | { readonly control: CupedMoments; readonly treatment: CupedMoments },
  missing: MissingRule,
): LinearArms | Undetermined {
  if (isMoments(arms)) {
    const numbers = [arms.control, arms.treatment].flatMap(({ means, covariances }) => [
      ...means,
      ...covariances.flat().map((value) => Math.sqrt(Math.abs(value))),
    ]);
    return isSummable(numbers) ? linearFromMoments(arms.control, arms.treatment) : outOfRange();
  }
  const quantities = [arms.control, arms.treatment].flatMap(({ outcome, covariates }) => [outcome, ...covariates]);
  if (!quantities.every(({ numerators, denominators }) => isSummable(numerators) && isSummable(denominators ?? []))) return outOfRange();
  const units = completeUnits(arms, missing);
  return "kind" in units ? units : linearFromUnits(units.control, units.treatment);
}

function isMoments(arms: {
  readonly control: CupedRows | CupedMoments;
}): arms is { readonly control: CupedMoments; readonly treatment: CupedMoments } {
  return "means" in arms.control;
}

function coefficientsOf(
  arms: LinearArms,
  kind: Coefficients,
): { readonly control: readonly number[]; readonly treatment: readonly number[] } | Undetermined {
  const { control, treatment } = arms;
  if (kind === "per-arm") {
    const [c, t] = [regress(control.crossProducts), regress(treatment.crossProducts)];
    return c === undefined || t === undefined ? dependent() : { control: c, treatment: t };
  }
  const together =
    kind === "all-units"
      ? arms.commonCrossProducts
      : control.crossProducts.map((row, i) => row.map((value, j) => value + (treatment.crossProducts[i]?.[j] as number)));
  const theta = regress(together);
  return theta === undefined ? dependent() : { control: theta, treatment: theta };
}

/** A covariate of whose variance less than this share is left beside those before it depends on them. */
const leastShare = 1e-10;

/** The coefficients of the first column on the others, from cross products. */
function regress(products: readonly (readonly number[])[]): readonly number[] | undefined {
  const factored = factorPositive(
    products.slice(1).map((row) => row.slice(1)),
    leastShare,
  );
  return factored?.solve(products.slice(1).map((row) => row[0] as number));
}

function adjust(
  arm: LinearArm,
  common: readonly number[],
  theta: readonly number[],
  { coefficients }: CupedOptions,
): ArmEstimate | Undetermined {
  const { n, ratios } = arm;
  const shift = sumOf(theta.map((coefficient, j) => coefficient * ((ratios[j + 1] as number) - (common[j + 1] as number))));
  const value = (ratios[0] as number) - shift;
  if (coefficients === "per-arm") {
    if (arm.columns === undefined)
      return undetermined("the standard errors of a regression with interaction need the units' rows", "rows, or theta over both arms");
    const standardError = interactionError(arm, arm.columns, common, theta);
    if (standardError === undefined)
      return undetermined("a unit fits exactly by itself (leverage 1)", "more units with such covariates, or fewer covariates");
    return { value, standardError, degreesOfFreedom: n - 1 - theta.length, n };
  }
  const deviation =
    arm.columns === undefined ? residualDeviation(arm, theta) : sampleOf({ values: residuals(arm.columns, theta) }).standardDeviation;
  return { value, standardError: deviation / Math.sqrt(n), degreesOfFreedom: n - 1, n };
}

function residuals([outcome, ...covariates]: readonly Float64Array[], theta: readonly number[]): Float64Array {
  invariant(outcome !== undefined, "an outcome");
  return outcome.map((value, i) => value - sumOf(covariates.map((column, j) => (theta[j] as number) * (column[i] as number))));
}

function residualDeviation({ n, crossProducts }: LinearArm, theta: readonly number[]): number {
  const weights = [1, ...theta.map((coefficient) => -coefficient)];
  const terms = crossProducts.flatMap((row, i) => row.map((value, j) => (weights[i] as number) * (weights[j] as number) * value));
  return Math.sqrt(Math.max(sumOf(terms), 0) / (n - 1));
}

/** HC2 standard error of an arm's regression line at the common covariate means. */
function interactionError(
  arm: LinearArm,
  columns: readonly Float64Array[],
  common: readonly number[],
  theta: readonly number[],
): number | undefined {
  const products = arm.crossProducts.slice(1).map((row) => row.slice(1));
  const covariates = columns.slice(1);
  const away = covariates.map((_, j) => (common[j + 1] as number) - (arm.ratios[j + 1] as number));
  const factored = present(factorPositive(products, leastShare), "products that gave the coefficients");
  const towards = factored.solve(away);
  const errors = residuals(columns, theta);
  const terms = new Float64Array(arm.n);
  for (let i = 0; i < arm.n; i++) {
    const unit = covariates.map((column) => column[i] as number);
    const leverage = 1 / arm.n + factored.quadraticForm(unit);
    if (leverage > 1 - 1e-10) return undefined;
    terms[i] = ((1 / arm.n + innerProduct(unit, towards)) * (errors[i] as number)) ** 2 / (1 - leverage);
  }
  return Math.sqrt(sumOf(terms));
}

function dependent(): Undetermined {
  return undetermined(
    "a covariate does not vary, or follows from the others",
    "covariates that vary and are not combinations of one another",
  );
}
