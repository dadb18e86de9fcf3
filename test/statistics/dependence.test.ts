/** Regression, clusters, wild bootstrap and randomisation against R, statsmodels, SciPy, NIST and 260-digit computations. */
import { expect } from "chai";
import type { ErrorEstimator } from "../../simulations/statistics/index.ts";
import { type Found, randomisationInference, regression, wildClusterBootstrap } from "../../simulations/statistics/index.ts";
import { type Column, leastSquares, powerColumns } from "../../simulations/statistics/numerics/linear.ts";
import { near, referenceCases } from "./reference-numbers.ts";

type Pair = readonly [number, number];
type Errors = Partial<Record<ErrorEstimator, readonly number[]>>;

function found(result: Found) {
  if (result.kind === "undetermined") throw new Error(result.reason);
  return result;
}

const question = { level: 0.9, alternative: "two-sided", nullValue: 0 } as const;

interface NistCase {
  readonly name: string;
  readonly y: readonly number[];
  readonly rows?: readonly (readonly number[])[];
  readonly powersOf?: readonly number[];
  readonly degree?: number;
  readonly estimates: readonly number[];
  readonly standardErrors: readonly number[];
}

describe("linear regression of NIST's reference data sets", () => {
  for (const { name, y, rows, powersOf, degree, estimates, standardErrors } of referenceCases<NistCase>("nist/linear")) {
    const columns = rows === undefined ? powerColumns(powersOf ?? [], degree ?? 0) : columnsOfRows(rows);
    const fit = leastSquares(columns, y);
    const [coefficients, errors] = fit.kind === "least-squares" ? [Array.from(fit.coefficients), classicalErrors(fit, y.length)] : [[], []];
    const digits = [coefficients, errors].map((values, part) =>
      Math.min(...(part === 0 ? estimates : standardErrors).map((certified, j) => digitsMatched(values[j] ?? Number.NaN, certified))),
    );
    it(`${name}: ${digits[0]} certified digits of the coefficients, ${digits[1]} of their standard errors`, () => {
      expect(Math.min(...digits)).to.be.at.least(12);
    });
  }
});

function columnsOfRows(rows: readonly (readonly number[])[]): readonly Column[] {
  return (rows[0] ?? []).map((_, j) => ({ name: `x${j}`, values: rows.map((row) => row[j] ?? Number.NaN) }));
}

function classicalErrors(
  { residuals, weights }: { residuals: Float64Array; weights: readonly Float64Array[] },
  n: number,
): readonly number[] {
  const squares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);
  return weights.map((w) => Math.sqrt((squares(residuals) / (n - weights.length)) * squares(w)));
}

/** Of 15 certified; a certified 0 counts by its absolute error. */
function digitsMatched(value: number, certified: number): number {
  const error = Math.abs(value - certified) / (certified === 0 ? 1 : Math.abs(certified));
  return Math.min(15, Math.floor(-Math.log10(Math.max(error, 1e-15)) * 10) / 10);
}

describe("regression with robust standard errors", () => {
  interface Case {
    readonly name: string;
    readonly intercept: boolean;
    readonly y: readonly number[];
    readonly x: Readonly<Record<string, readonly number[]>>;
    readonly coefficients: readonly number[];
    readonly errors: Errors;
    readonly hc2: { readonly df: number; readonly p: readonly number[]; readonly interval: readonly Pair[] };
    readonly clusters?: readonly number[];
    readonly degrees?: Errors;
    readonly cr2?: { readonly p: readonly number[]; readonly interval: readonly Pair[] };
  }
  for (const { name, intercept, y, x, coefficients, errors, hc2, clusters, degrees, cr2 } of referenceCases<Case>(
    "dependence/regression",
  )) {
    it(`agrees with sandwich, lmtest and clubSandwich to 1e-10: ${name}`, () => {
      const columns = [
        ...(intercept ? [{ name: "1", values: y.map(() => 1) }] : []),
        ...Object.entries(x).map(([own, values]) => ({ name: own, values })),
      ];
      for (const [estimator, expected] of Object.entries(errors) as [ErrorEstimator, readonly number[]][]) {
        for (const [j, column] of columns.entries()) {
          const result = found(
            regression({
              outcome: y,
              columns,
              coefficient: column.name,
              estimator,
              clusters: estimator.startsWith("CR") ? clusters : undefined,
              ...question,
            }),
          );
          near(result.estimate.value, coefficients[j] ?? Number.NaN, 1e-10, 1e-3);
          near(result.estimate.standardError, expected[j] ?? Number.NaN, 1e-10);
          if (estimator.startsWith("CR")) near(Number(result.test?.degreesOfFreedom), degrees?.[estimator]?.[j] ?? Number.NaN, 1e-10);
          const peer = estimator === "HC2" ? hc2 : estimator === "CR2" ? cr2 : undefined;
          if (peer === undefined) continue;
          near(result.test?.pValue, peer.p[j] ?? Number.NaN, 1e-9);
          near(result.estimate.interval?.lower, peer.interval[j]?.[0] ?? Number.NaN, 1e-9, result.estimate.standardError);
          near(result.estimate.interval?.upper, peer.interval[j]?.[1] ?? Number.NaN, 1e-9, result.estimate.standardError);
        }
      }
    });
  }

  interface ExactCase {
    readonly name: string;
    readonly y: readonly number[];
    readonly columns: Readonly<Record<string, readonly number[]>>;
    readonly coefficients: readonly number[];
    readonly errors: Errors;
    readonly clusters?: readonly number[];
    readonly degrees?: Errors;
  }
  for (const { name, y, columns: given, coefficients, errors, clusters, degrees } of referenceCases<ExactCase>(
    "dependence/regression-exact",
  )) {
    it(`agrees with 260 digits to 1e-9 where double precision loses them: ${name}`, () => {
      const columns = Object.entries(given).map(([own, values]) => ({ name: own, values }));
      for (const [estimator, expected] of Object.entries(errors) as [ErrorEstimator, readonly number[]][]) {
        for (const [j, column] of columns.entries()) {
          const asked = {
            outcome: y,
            columns,
            coefficient: column.name,
            estimator,
            clusters: estimator.startsWith("CR") ? clusters : undefined,
          };
          const result = regression({ ...asked, ...question });
          // A cluster's own dummy rests on that cluster alone: the recorded pseudo-inverse's number is no variance.
          if (name === "dummies" && estimator.startsWith("CR") && column.name !== "z") continue;
          near(found(result).estimate.value, coefficients[j] ?? Number.NaN, 1e-12);
          near(found(result).estimate.standardError, expected[j] ?? Number.NaN, 1e-9);
          if (estimator.startsWith("CR")) near(Number(found(result).test?.degreesOfFreedom), degrees?.[estimator]?.[j] ?? Number.NaN, 1e-9);
        }
      }
    });
  }
});

type Kind = "symmetric" | "equal-tail" | "less" | "greater";
interface Tested {
  readonly null: number;
  readonly kind: Kind;
  readonly p: number;
}

function sided(kind: Kind) {
  return kind === "less" || kind === "greater"
    ? ({ alternative: kind, twoSided: "symmetric" } as const)
    : ({ alternative: "two-sided", twoSided: kind } as const);
}

/** The test's own p: of a null value in a gap, not the one that the interval has. */
function ownP(result: Found): number | undefined {
  const gap = found(result).details?.["gapPValue"];
  return typeof gap === "number" ? gap : found(result).test?.pValue;
}

describe("wild cluster bootstrap", () => {
  interface Case {
    readonly y: readonly number[];
    readonly arm: readonly number[];
    readonly z: readonly number[];
    readonly clusters: readonly number[];
    readonly value: number;
    readonly tests: readonly Tested[];
    readonly interval80: readonly (number | null)[];
  }
  for (const [number, { y, arm, z, clusters, value, tests, interval80 }] of referenceCases<Case>("dependence/wild-bootstrap").entries()) {
    it(`case ${number}: p of every sign vector fitted anew, and the interval`, () => {
      const columns = [
        { name: "1", values: y.map(() => 1) },
        { name: "arm", values: arm },
        { name: "z", values: z },
      ];
      const asked = { outcome: y, columns, coefficient: "arm", clusters, weights: "rademacher", draws: 99, seed: 1 } as const;
      for (const { null: nullValue, kind, p } of tests)
        near(ownP(wildClusterBootstrap({ ...asked, level: 0.95, nullValue, ...sided(kind) })), p, 1e-12);
      const { estimate } = found(
        wildClusterBootstrap({ ...asked, level: 0.8, nullValue: 0, alternative: "two-sided", twoSided: "symmetric" }),
      );
      near(estimate.value, value, 1e-11, 1e-3);
      if (interval80[0] !== null) near(estimate.interval?.lower, interval80[0] ?? Number.NaN, 1e-8, 1);
      if (interval80[1] !== null) near(estimate.interval?.upper, interval80[1] ?? Number.NaN, 1e-8, 1);
    });
  }
});

describe("randomisation inference", () => {
  interface Case {
    readonly name: string;
    readonly y: readonly number[];
    readonly treated: readonly boolean[];
    readonly strata: readonly number[];
    readonly clusters: readonly number[];
    readonly studentised: boolean;
    readonly value: number;
    readonly assignments: number;
    readonly tests: readonly Tested[];
    readonly interval80: readonly (number | null)[] | null;
  }
  for (const { name, y, treated, strata, clusters, studentised, value, assignments, tests, interval80 } of referenceCases<Case>(
    "dependence/randomisation",
  )) {
    it(`${name}, ${studentised ? "studentised" : "difference"}: p of every assignment computed anew`, () => {
      const units = y.map((own, i) => ({ value: own, treated: treated[i] === true, stratum: strata[i], cluster: clusters[i] }));
      const asked = { units, statistic: studentised ? "studentised" : "difference", draws: 99, seed: 1 } as const;
      for (const { null: nullValue, kind, p } of tests)
        near(ownP(randomisationInference({ ...asked, level: 0.95, nullValue, ...sided(kind) })), p, 1e-12);
      const { estimate, details } = found(
        randomisationInference({ ...asked, level: 0.8, nullValue: 0, alternative: "two-sided", twoSided: "symmetric" }),
      );
      near(estimate.value, value, 1e-12, 1e-3);
      expect(details?.["possibleAssignments"]).to.equal(assignments);
      if (interval80 === null) return;
      near(estimate.interval?.lower, interval80[0] ?? Number.NaN, 1e-8, 1);
      near(estimate.interval?.upper, interval80[1] ?? Number.NaN, 1e-8, 1);
    });
  }
});
