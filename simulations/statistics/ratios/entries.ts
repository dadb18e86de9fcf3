/** The table's entries for ratios and variance reduction. */
import { z } from "zod";
import { differenceFinding } from "../effect.ts";
import { alternativeShape, countShape, levelShape, numberShape, sampleShape } from "../input-shapes.ts";
import { valuesShape } from "../means/shapes.ts";
import { defineStatistic } from "../statistic.ts";
import { clusterSumDifference } from "./cluster-sum-difference.ts";
import { cuped } from "./cuped.ts";
import { postStratified } from "./post-stratification.ts";
import { ratioDifference } from "./ratio.ts";
import { type Thresholds, winsorised } from "./winsorised.ts";

const common = {
  level: levelShape,
  alternative: alternativeShape,
  nullValue: numberShape.default(0).describe("The difference under the null hypothesis, in the metric's unit"),
};
const clustersShape = z
  .array(z.union([z.string(), z.number()]))
  .optional()
  .describe("The cluster of each row, where whole clusters were randomised");
const varianceShape = z.number().min(0);

const ratioShape = z
  .union([
    z
      .strictObject({
        numerators: valuesShape.describe("A unit's numerator: its orders"),
        denominators: valuesShape.optional().describe("A unit's denominator: its sessions; left out: 1 each"),
        clusters: clustersShape,
      })
      .refine(
        ({ numerators, denominators, clusters }) =>
          [denominators, clusters].every((list) => list === undefined || list.length === numerators.length),
        "a numerator, denominator and cluster for every row",
      ),
    z
      .strictObject({
        n: countShape.describe("Units"),
        numeratorMean: z.number(),
        denominatorMean: z.number(),
        numeratorVariance: varianceShape.describe("Sample variance (n - 1)"),
        denominatorVariance: varianceShape.describe("Sample variance (n - 1)"),
        covariance: z.number().describe("Sample covariance (n - 1)"),
      })
      .refine(
        ({ numeratorVariance, denominatorVariance, covariance }) => covariance ** 2 <= numeratorVariance * denominatorVariance * (1 + 1e-9),
        "a covariance larger than the variances allow",
      ),
  ])
  .describe("Numerator and denominator of every unit, or their moments");

const maybeValues = z.array(z.number().nullable()).max(10_000_000);
const covariateShape = z.strictObject({
  numerators: maybeValues.describe("One number a unit from before the experiment; null where it is missing"),
  denominators: maybeValues.optional().describe("Its denominator, where the covariate is a ratio"),
});
const cupedRowsShape = z
  .strictObject({
    outcome: z.strictObject({ numerators: valuesShape, denominators: valuesShape.optional().describe("Left out: the outcome is a mean") }),
    covariates: z.array(covariateShape).min(1).max(50),
    clusters: clustersShape,
  })
  .refine(({ outcome, covariates, clusters }) => {
    const lists = [outcome.denominators, clusters, ...covariates.flatMap(({ numerators, denominators }) => [numerators, denominators])];
    return lists.every((list) => list === undefined || list.length === outcome.numerators.length);
  }, "a value of every column for every unit");
const cupedMomentsShape = z
  .strictObject({
    n: countShape.describe("Units"),
    means: z.array(z.number()).min(2).describe("Outcome, then covariates; for ratios numerator and denominator of each"),
    covariances: z.array(z.array(z.number())).describe("Of these columns, divisor n - 1"),
    ratios: z.boolean().default(false).describe("Whether outcome and covariates have two columns each"),
  })
  .refine(
    ({ means, ratios }) => !ratios || (means.length % 2 === 0 && means.length >= 4),
    "for ratios a numerator and a denominator of the outcome and of each covariate",
  )
  .refine(
    ({ means, covariances }) => covariances.length === means.length && covariances.every((row) => row.length === means.length),
    "a covariance for every pair of columns",
  )
  .refine(
    ({ covariances }) => covariances.every((row, i) => (row[i] ?? 0) >= 0 && row.every((value, j) => value === covariances[j]?.[i])),
    "variances of at least 0, and the same covariance both ways",
  )
  .refine(
    ({ covariances }) =>
      covariances.every((row, i) => row.every((value, j) => value ** 2 <= (row[i] ?? 0) * (covariances[j]?.[j] ?? 0) * (1 + 1e-9))),
    "a covariance larger than the variances allow",
  );

const clusterColumnsShape = z
  .strictObject({
    numerators: valuesShape.describe("A sum a cluster"),
    denominators: valuesShape.describe("A cluster's denominator; of a mean of units how many it has"),
  })
  .refine(({ numerators, denominators }) => numerators.length === denominators.length, "a denominator for every numerator");
const clusterSumsShape = z
  .strictObject({
    outcome: clusterColumnsShape,
    covariates: z.array(clusterColumnsShape).max(50).optional().describe("From before the experiment"),
  })
  .refine(
    ({ outcome, covariates = [] }) => covariates.every(({ numerators }) => numerators.length === outcome.numerators.length),
    "a value of every column for every cluster",
  );

export const ratioStatistics = [
  defineStatistic({
    name: "ratio-of-sums",
    family: "ratios",
    title: "Difference of two ratios of sums (delta method)",
    summary:
      "Orders per session and the like, where users are randomised: by how much the treatment's ratio differs, absolutely and as a share.",
    formula:
      "R = ΣN / ΣD; variance (sN² − 2 R sND + R² sD²) / (n mD²) over units or cluster sums; Welch's degrees of freedom; relative by Fieller",
    assumptions: ["units, or whole clusters, are drawn independently", "so many units that the mean denominator is nearly certain"],
    source: "Deng, Knoblich and Lu (2018), KDD, section 3; Cochran (1977), Sampling Techniques, chapter 6",
    references: ["ratios/ratios.json (statsmodels)"],
    input: z.strictObject({ control: ratioShape, treatment: ratioShape, ...common }),
    example: {
      control: {
        n: 5300,
        numeratorMean: 0.57,
        denominatorMean: 1.98,
        numeratorVariance: 0.71,
        denominatorVariance: 0.83,
        covariance: 0.27,
      },
      treatment: {
        n: 5250,
        numeratorMean: 0.6,
        denominatorMean: 1.97,
        numeratorVariance: 0.73,
        denominatorVariance: 0.82,
        covariance: 0.28,
      },
    },
    compute: ({ control, treatment, ...options }) => differenceFinding(ratioDifference({ control, treatment }), options),
  }),
  defineStatistic({
    name: "ratio-of-cluster-sums",
    family: "ratios",
    title: "Difference of two arms of few clusters, from their sums",
    summary: "Means or ratios where whole clusters were randomised and are few: an interval that is as wide as so few clusters allow.",
    formula:
      "R = ΣN / ΣD; variance Σ a e² c² over clusters, e the residual of a cluster's numerator, c its weight in the difference, a = v / (what the fit leaves of v), v = D (CR2); " +
      "t with (tr P)² / tr P² degrees of freedom (Satterthwaite); covariates as in CUPED",
    assumptions: ["clusters are drawn independently, in both arms", "sums of clusters are not far from normal"],
    source: "Bell and McCaffrey (2002), Survey Methodology 28, 169-181; Pustejovsky and Tipton (2018), J. Bus. Econ. Stat. 36, 672-683",
    references: ["ratios/cluster-sums.json (R clubSandwich)"],
    input: z
      .strictObject({ control: clusterSumsShape, treatment: clusterSumsShape, ...common })
      .refine(
        ({ control, treatment }) => (control.covariates ?? []).length === (treatment.covariates ?? []).length,
        "the same covariates in both arms",
      ),
    example: {
      control: { outcome: { numerators: [41, 55, 38, 61, 47, 52], denominators: [20, 25, 22, 30, 21, 24] } },
      treatment: { outcome: { numerators: [55, 58, 49, 71, 50, 60], denominators: [24, 22, 20, 29, 18, 25] } },
    },
    compute: ({ control, treatment, ...options }) => differenceFinding(clusterSumDifference({ control, treatment }), options),
  }),
  defineStatistic({
    name: "cuped",
    family: "ratios",
    title: "CUPED: adjusted difference of means or ratios",
    summary: "The difference less what is explained by what was known before the experiment, which narrows the interval.",
    formula:
      "Y − θ′(X − X of both arms); θ = Sxx⁻¹ Sxy of the linearised units (N − R D) / mD, summed within arms (or over all units, or by arm); variance of the adjusted units / n",
    assumptions: [
      "units are drawn independently, in both arms",
      "covariates are from before the treatment",
      "so many units that θ is nearly certain",
    ],
    source: "Deng, Xu, Kohavi and Walker (2013), WSDM; Lin (2013), Ann. Appl. Stat. 7, 295-318",
    references: ["ratios/cuped.json (statsmodels)", "ratios/lin.json (R sandwich)"],
    input: z
      .strictObject({
        control: z.union([cupedRowsShape, cupedMomentsShape]),
        treatment: z.union([cupedRowsShape, cupedMomentsShape]),
        coefficients: z
          .enum(["within-arms", "all-units", "per-arm"])
          .default("within-arms")
          .describe("Both arms about their own means, all units about the common mean, or each arm alone (Lin)"),
        missing: z.enum(["refuse", "own-stratum"]).default("refuse").describe("What to do with units without a covariate"),
        ...common,
      })
      .refine(({ control, treatment }) => sameColumns(control, treatment), "both arms in the same form, with the same covariates"),
    example: {
      control: {
        n: 5000,
        means: [10, 9.5],
        covariances: [
          [25, 15],
          [15, 20],
        ],
      },
      treatment: {
        n: 5000,
        means: [10.3, 9.6],
        covariances: [
          [26, 15],
          [15, 20],
        ],
      },
    },
    compute: ({ control, treatment, coefficients, missing, ...options }) => {
      const arms =
        "means" in control && "means" in treatment
          ? { control, treatment }
          : "outcome" in control && "outcome" in treatment
            ? { control, treatment }
            : undefined;
      if (arms === undefined) throw new Error("the shape lets only arms of one form pass");
      return differenceFinding(cuped(arms, { coefficients, missing }), options);
    },
  }),
  defineStatistic({
    name: "post-stratified-means",
    family: "ratios",
    title: "Post-stratified difference of means",
    summary: "The difference within groups that were known beforehand, averaged with known weights.",
    formula:
      "Σ w (T − C) over strata, variance Σ w² (sT²/nT + sC²/nC), degrees of freedom by Satterthwaite; w given, or the stratum's share of all units",
    assumptions: [
      "units are drawn independently within strata",
      "strata were known before the treatment",
      "weights are known, or the population has the composition of these units",
    ],
    source: "Miratrix, Sekhon and Yu (2013), J. R. Stat. Soc. B 75, 369-396; Cochran (1977), Sampling Techniques, section 5A.9",
    references: ["ratios/post-stratified.json (NumPy, SciPy)"],
    input: z.strictObject({
      strata: z
        .array(
          z.strictObject({
            name: z.string().min(1),
            weight: z
              .number()
              .min(0)
              .max(1e15)
              .optional()
              .describe("Its share of the population, in any unit; left out in all: its share of the units"),
            control: sampleShape,
            treatment: sampleShape,
          }),
        )
        .min(1)
        .max(1000)
        .refine((strata) => new Set(strata.map(({ weight }) => weight === undefined)).size <= 1, "weights for all strata, or for none")
        .refine((strata) => new Set(strata.map(({ name }) => name)).size === strata.length, "each stratum once"),
      ...common,
    }),
    example: {
      strata: [
        { name: "small", weight: 0.7, control: { n: 410, mean: 12, variance: 30 }, treatment: { n: 380, mean: 12.9, variance: 31 } },
        { name: "large", weight: 0.3, control: { n: 90, mean: 55, variance: 420 }, treatment: { n: 110, mean: 54.1, variance: 400 } },
      ],
    },
    compute: ({ strata, ...options }) => differenceFinding(postStratified(strata), options),
  }),
  defineStatistic({
    name: "winsorised-means",
    family: "ratios",
    title: "Difference of winsorised or capped means",
    summary: "The difference of means after extreme values are drawn in to thresholds that both arms share, with a report of what was cut.",
    formula: "x → min(max(x, lower), upper); thresholds given, or type 7 quantiles of both arms' values together; then Welch",
    assumptions: [
      "units are drawn independently, in both arms",
      "what is asked about is the mean of cut values",
      "thresholds are as good as fixed",
    ],
    source: "Tukey (1962), Ann. Math. Stat. 33, 1-67, section 14",
    references: ["ratios/winsorised.json (SciPy)"],
    input: z.strictObject({
      control: valuesShape,
      treatment: valuesShape,
      thresholds: z
        .union([
          z
            .strictObject({
              kind: z.literal("quantiles"),
              lower: z.number().min(0).max(1).optional(),
              upper: z.number().min(0).max(1).optional(),
              ignoreZeros: z.boolean().default(false).describe("Quantiles of the values that are not 0"),
            })
            .refine(inOrder, "a lower threshold that is not above the upper"),
          z
            .strictObject({ kind: z.literal("values"), lower: z.number().optional(), upper: z.number().optional() })
            .refine(inOrder, "a lower threshold that is not above the upper"),
        ])
        .default({ kind: "quantiles", upper: 0.99, ignoreZeros: false })
        .describe("Quantiles of both arms together, or fixed values; a side left out is not cut"),
      ...common,
    }),
    example: {
      control: [0, 0, 3, 5, 8, 12, 15, 20, 31, 900],
      treatment: [0, 2, 4, 6, 9, 14, 18, 25, 40, 55],
      thresholds: { kind: "quantiles", upper: 0.9 },
    },
    compute: ({ control, treatment, thresholds, ...options }) => differenceFinding(winsorised({ control, treatment }, thresholds), options),
  }),
];

function inOrder({ lower, upper }: Pick<Thresholds, "lower" | "upper">): boolean {
  return lower === undefined || upper === undefined || lower <= upper;
}

function sameColumns(control: z.output<typeof cupedRowsShape> | z.output<typeof cupedMomentsShape>, treatment: typeof control): boolean {
  if ("means" in control)
    return "means" in treatment && control.ratios === treatment.ratios && control.means.length === treatment.means.length;
  return "outcome" in treatment && control.covariates.length === treatment.covariates.length;
}
