/** The table's entries for dependent observations. */
import { z } from "zod";
import type { Found } from "../finding.ts";
import { alternativeShape, levelShape, numberShape, seedShape } from "../input-shapes.ts";
import type { Column } from "../numerics/linear.ts";
import { defineStatistic } from "../statistic.ts";
import { clusterMeans } from "./cluster-means.ts";
import { randomisationInference } from "./randomisation-inference.ts";
import { regression } from "./regression.ts";
import { clusteredErrors, independentErrors } from "./robust-variance.ts";
import { clusteredArmShape, clusterIdsShape, hasOneArmEach, hasRowsAlike, randomisedShape, regressionShape } from "./shapes.ts";
import { wildClusterBootstrap } from "./wild-cluster-bootstrap.ts";

const common = {
  level: levelShape,
  alternative: alternativeShape,
  nullValue: numberShape.default(0).describe("The effect under the null hypothesis, in the outcome's unit"),
};
const drawn = {
  twoSided: z
    .enum(["symmetric", "equal-tail"])
    .default("symmetric")
    .describe("Two-sided p: share at least as far from 0, or twice the smaller tail"),
  draws: z.number().int().min(99).max(99_999).default(9999).describe("Random draws where not all are enumerated"),
  seed: seedShape,
};
const markets = {
  outcome: [5.1, 4.8, 5.6, 6.9, 7.2, 6.1, 4.2, 4.9, 4.4, 6.3, 6.8, 7.5, 5.5, 5.0, 5.9, 7.9, 7.1, 6.6],
  regressors: {
    treatment: [0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1],
    before: [4.9, 4.7, 5.3, 5.6, 6.0, 5.2, 4.4, 4.6, 4.1, 5.4, 5.5, 6.2, 5.2, 5.1, 5.6, 6.4, 5.9, 5.5],
  },
  coefficient: "treatment",
  clusters: ["a", "a", "a", "b", "b", "b", "c", "c", "c", "d", "d", "d", "e", "e", "e", "f", "f", "f"],
};
const references = ["dependence/regression.json (R 4.2: sandwich, lmtest, clubSandwich)", "dependence/regression-exact.json (mpmath)"];

/** The design's columns, the column of ones first. */
function columnsOf(input: {
  readonly regressors: Readonly<Record<string, readonly number[]>>;
  readonly intercept: boolean;
  readonly outcome: readonly number[];
}): readonly Column[] {
  const regressors = Object.entries(input.regressors).map(([name, values]) => ({ name, values }));
  return input.intercept ? [{ name: "(intercept)", values: input.outcome.map(() => 1) }, ...regressors] : regressors;
}

function numbered(ids: readonly (string | number)[] | undefined): { readonly clusters?: readonly (string | number)[] } {
  return ids === undefined ? {} : { clusters: ids };
}

export const dependenceStatistics = [
  defineStatistic({
    name: "ols-regression",
    family: "dependence",
    title: "Least-squares regression with robust standard errors",
    summary:
      "What one column adds to the outcome with the others held fixed, with standard errors that allow unequal variances or clusters.",
    formula:
      "b = (X'X)⁻¹ X'y; with w the weights of the coefficient on y, e residuals, h leverages: HC Σ a w² e², a = 1 (HC0), n / (n − k) (HC1), 1 / (1 − h) (HC2), 1 / (1 − h)² (HC3); " +
      "CR Σ over clusters of (w' A e)², A = I (CR0; times G / (G − 1): CR1; also times (n − 1) / (n − k): CR1S), (I − H)^−½ (CR2), (I − H)⁻¹ (CR3); " +
      "t with n − k degrees of freedom, under clusters with (Σ λ)² / Σ λ² (Satterthwaite), λ the eigenvalues of the variance estimator's quadratic form",
    assumptions: [
      "the columns enter linearly",
      "rows, or clusters of rows, are drawn independently",
      "coefficients are near normal: no row or cluster dominates",
    ],
    source:
      "MacKinnon and White (1985), J. Econometrics 29, 305-325; Bell and McCaffrey (2002), Survey Methodology 28, 169-181; Pustejovsky and Tipton (2018), J. Bus. Econ. Stat. 36, 672-683",
    references: [...references, "nist/linear.json (NIST StRD)"],
    input: hasRowsAlike(
      z.strictObject({
        ...regressionShape,
        clusters: clusterIdsShape.optional(),
        standardErrors: z
          .enum([...independentErrors, ...clusteredErrors])
          .optional()
          .describe("HC2 when left out; CR2 where clusters are given"),
        degreesOfFreedom: z
          .enum(["residual", "clusters", "satterthwaite"])
          .optional()
          .describe("n - k, clusters - 1, or Satterthwaite; when left out n - k for independent rows and Satterthwaite for clusters"),
        ...common,
      }),
    ),
    example: markets,
    compute: ({ outcome, regressors, intercept, coefficient, clusters, standardErrors, degreesOfFreedom, ...question }): Found =>
      regression({
        outcome,
        columns: columnsOf({ regressors, intercept, outcome }),
        coefficient,
        ...numbered(clusters),
        estimator: standardErrors,
        degrees: degreesOfFreedom,
        ...question,
      }),
  }),
  defineStatistic({
    name: "cluster-means",
    family: "dependence",
    title: "Difference of two means, assigned by cluster (CR2)",
    summary: "By how much the mean of the treatment's units differs from the control's where whole clusters were assigned.",
    formula: "D = T − C over units; variance CR2: Σ over clusters of (w' (I − H)^−½ e)², t with Satterthwaite's degrees of freedom",
    assumptions: ["clusters are drawn and assigned independently", "every cluster is wholly in one arm", "no cluster dominates its arm"],
    source: "Bell and McCaffrey (2002), Survey Methodology 28, 169-181; Imbens and Kolesár (2016), Rev. Econ. Stat. 98, 701-712",
    references,
    input: hasOneArmEach(z.strictObject({ control: clusteredArmShape, treatment: clusteredArmShape, ...common })),
    example: {
      control: { values: [5.1, 4.8, 5.6, 4.2, 4.9, 4.4, 5.5, 5.0, 5.9, 4.6], clusters: ["a", "a", "a", "c", "c", "c", "e", "e", "e", "g"] },
      treatment: {
        values: [6.9, 7.2, 6.1, 6.3, 6.8, 7.5, 7.9, 7.1, 6.6, 5.8, 6.0],
        clusters: ["b", "b", "b", "d", "d", "d", "f", "f", "f", "h", "h"],
      },
    },
    compute: ({ control, treatment, ...question }) => clusterMeans({ control, treatment }, question),
  }),
  defineStatistic({
    name: "wild-cluster-bootstrap",
    family: "dependence",
    title: "Regression coefficient by the wild cluster bootstrap",
    summary: "A regression coefficient judged by redrawing the signs of whole clusters' residuals under the null, for 5 to 40 clusters.",
    formula:
      "y* = fitted under the null + v_g × residuals under the null, v_g one weight a cluster; t* by CR1; p = share of |t*| ≥ |t| (symmetric) or twice the smaller tail; the interval holds the null values with p ≥ 1 − level",
    assumptions: [
      "clusters are drawn independently",
      "the residuals' signs are as likely one way as the other",
      "no few clusters carry the coefficient",
    ],
    source: "Cameron, Gelbach and Miller (2008), Rev. Econ. Stat. 90, 414-427; Webb (2023), Can. J. Econ. 56, 839-858",
    references: ["dependence/wild-bootstrap.json (NumPy, statsmodels)"],
    input: hasRowsAlike(
      z.strictObject({
        ...regressionShape,
        clusters: clusterIdsShape,
        weights: z
          .enum(["rademacher", "webb"])
          .default("rademacher")
          .describe("±1 (all sign vectors up to 12 clusters), or Webb's six values for very few clusters"),
        ...drawn,
        ...common,
      }),
    ),
    example: markets,
    compute: ({ outcome, regressors, intercept, ...rest }) =>
      wildClusterBootstrap({ outcome, columns: columnsOf({ regressors, intercept, outcome }), ...rest }),
  }),
  defineStatistic({
    name: "randomisation-inference",
    family: "dependence",
    title: "Randomisation inference for a constant effect",
    summary: "How surprising the difference of the arms is among all assignments that could have been drawn; no model of the outcomes.",
    formula:
      "D = Σ over strata of (n_s / n) (T_s − C_s); p = share of assignments whose statistic, with every treated outcome less the null value, is at least as extreme; the interval holds the constant effects with p ≥ 1 − level",
    assumptions: [
      "the arms were drawn at random as described: fixed numbers of treated clusters in each stratum",
      "for the interval: the effect is the same for every unit",
    ],
    source:
      "Fisher (1935), The Design of Experiments; Imbens and Rubin (2015), Causal Inference for Statistics, chapter 5; Phipson and Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9, 39",
    references: ["dependence/randomisation.json (NumPy, SciPy)"],
    input: randomisedShape({
      statistic: z
        .enum(["difference", "studentised"])
        .default("studentised")
        .describe("The difference itself, or over its standard error in each assignment"),
      ...drawn,
      ...common,
    }),
    example: {
      values: [5.1, 4.8, 5.6, 6.9, 7.2, 6.1, 4.2, 4.9, 6.3, 6.8, 7.5, 5.5],
      treated: [0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0],
    },
    compute: ({ values, treated, strata, clusters, ...question }) =>
      randomisationInference({
        units: values.map((value, i) => ({ value, treated: treated[i] === 1, stratum: strata?.[i], cluster: clusters?.[i] })),
        ...question,
      }),
  }),
];
