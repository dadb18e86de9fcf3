/** The table's entries for always-valid sequences: they may be looked at after every unit. */
import { z } from "zod";
import { alternativeShape, countShape, levelShape, numberShape, proportionShape, sampleShape } from "../input-shapes.ts";
import { fromSummaries } from "../means/sample.ts";
import { defineStatistic } from "../statistic.ts";
import { alwaysValidEffect, alwaysValidLooks } from "./always-valid.ts";
import { alwaysValidProportion, alwaysValidQuantile, alwaysValidQuantiles } from "./always-valid-quantile.ts";
import { cupedPair, meanPair, ratioPair } from "./arms.ts";
import { boundaryValue } from "./boundary-value.ts";

const tunedForShape = z
  .number()
  .min(1)
  .max(1e15)
  .describe("Units at which the sequence is to be tightest; chosen before the data are seen");
const nullShape = numberShape.default(0).describe("The effect under the null hypothesis, such as a margin");
const options = { tunedFor: tunedForShape, level: levelShape, alternative: alternativeShape, nullValue: nullShape };
const varianceShape = z.number().min(0);
const alphaShape = z.number().gt(0).lt(0.5);

const meanArm = {
  n: countShape.describe("Units"),
  mean: numberShape.describe("Their mean"),
  variance: varianceShape.describe("Their sample variance (n - 1)"),
};
const withinCauchy = (a: number, b: number, c: number): boolean => c * c <= a * b * (1 + 1e-9);
const cupedArmShape = z
  .strictObject({
    ...meanArm,
    covariateMean: numberShape.describe("Mean of the covariate from before"),
    covariateVariance: varianceShape.describe("Its sample variance"),
    covariance: numberShape.describe("Sample covariance of outcome and covariate"),
  })
  .refine((arm) => withinCauchy(arm.variance, arm.covariateVariance, arm.covariance), "the covariance is larger than the variances allow");
const ratioArmShape = z
  .strictObject({
    n: countShape.describe("Units"),
    numeratorMean: numberShape.describe("Mean numerator a unit"),
    denominatorMean: numberShape.describe("Mean denominator a unit"),
    numeratorVariance: varianceShape.describe("Sample variance of the numerator"),
    denominatorVariance: varianceShape.describe("Sample variance of the denominator"),
    covariance: numberShape.describe("Sample covariance of the two"),
  })
  .refine(
    (arm) => withinCauchy(arm.numeratorVariance, arm.denominatorVariance, arm.covariance),
    "the covariance is larger than the variances allow",
  );

const sidesShape = z.union([z.literal(1), z.literal(2)]);
const positive = z.number().gt(0).max(1e15);
const mixtureShape = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("normal"), sides: sidesShape }),
  z.strictObject({ kind: z.literal("gamma-exponential"), scale: positive }),
  z.strictObject({ kind: z.literal("gamma-poisson"), scale: positive }),
  z.strictObject({ kind: z.literal("beta-binomial"), sides: sidesShape, below: positive, above: positive }),
]);
const boundaryShape = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("mixture"), mixture: mixtureShape, tuning: z.strictObject({ variance: positive, alpha: alphaShape }) }),
  z.strictObject({ kind: z.literal("poly-stitching"), scale: z.number(), varianceMin: positive }),
  z.strictObject({ kind: z.literal("quantile-stitching"), quantile: z.number().gt(0).lt(1), tunedFor: tunedForShape }),
  z.strictObject({ kind: z.literal("empirical-process"), nMin: z.number().min(1), A: z.number().gt(Math.SQRT1_2).max(10).default(0.85) }),
]);

const order = "units enrol in an order that has nothing to do with their outcomes";
const independent = "units are independent, with finite variance";
const sequenceFormula =
  "difference ± SE sqrt((1 + rho/n) (log(1 + n/rho) + 2 log(1/alpha))), n units in all, rho from the tuning; relative: all r with |mT - r mC| within as many SE of mT - r mC";
const waudbySmith = "Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), Ann. Stat. 52, 2613-2640, theorem 2.2";
const quantileShape = z.number().gt(0).lt(1).describe("Which quantile: 0.5 is the median");
const valuesShape = z.array(numberShape).max(200_000);

export const alwaysValidStatistics = [
  defineStatistic({
    name: "always-valid-means",
    family: "sequential",
    title: "Difference of two means, always valid",
    summary: "How two means differ, with an interval and p-value that hold however often one looks.",
    formula: sequenceFormula,
    assumptions: [order, independent],
    source: waudbySmith,
    references: ["sequential/asymptotic.json (SciPy, mpmath)"],
    input: z.strictObject({ control: sampleShape, treatment: sampleShape, ...options }),
    example: { control: { n: 2000, mean: 10.1, variance: 24 }, treatment: { n: 2000, mean: 10.9, variance: 26 }, tunedFor: 5000 },
    compute: ({ control, treatment, ...rest }) =>
      fromSummaries([control, treatment], ([own, other]) =>
        alwaysValidEffect(meanPair({ control: own, treatment: other }), own.n + other.n, rest),
      ),
  }),
  defineStatistic({
    name: "always-valid-ratios",
    family: "sequential",
    title: "Difference of two ratio metrics, always valid",
    summary: "How two ratios of sums differ, such as late orders over orders, however often one looks.",
    formula: `${sequenceFormula}; m the ratios, SE by the delta method`,
    assumptions: [order, independent, "the denominators are far from 0"],
    source: `${waudbySmith}; Deng, Knoblich and Lu (2018), KDD, section 2`,
    references: ["sequential/asymptotic.json (SciPy, mpmath)"],
    input: z.strictObject({ control: ratioArmShape, treatment: ratioArmShape, ...options }),
    example: {
      control: { n: 900, numeratorMean: 1.2, denominatorMean: 30, numeratorVariance: 2.1, denominatorVariance: 400, covariance: 18 },
      treatment: { n: 920, numeratorMean: 0.9, denominatorMean: 31, numeratorVariance: 1.7, denominatorVariance: 410, covariance: 15 },
      tunedFor: 2000,
    },
    compute: ({ control, treatment, ...rest }) => alwaysValidEffect(ratioPair({ control, treatment }), control.n + treatment.n, rest),
  }),
  defineStatistic({
    name: "always-valid-cuped",
    family: "sequential",
    title: "Difference of two CUPED-adjusted means, always valid",
    summary: "How two means differ once what was known before is taken out, however often one looks.",
    formula: `${sequenceFormula}; m the means adjusted by one slope to the covariate's mean over both groups`,
    assumptions: [order, independent, "the covariate was measured before the experiment"],
    source: `${waudbySmith}; Deng, Xu, Kohavi and Walker (2013), WSDM, section 3`,
    references: ["sequential/asymptotic.json (SciPy, mpmath)"],
    input: z.strictObject({ control: cupedArmShape, treatment: cupedArmShape, ...options }),
    example: {
      control: { n: 1000, mean: 10.2, variance: 25, covariateMean: 9.9, covariateVariance: 24, covariance: 18 },
      treatment: { n: 1000, mean: 10.9, variance: 26, covariateMean: 10.1, covariateVariance: 25, covariance: 19 },
      tunedFor: 3000,
    },
    compute: ({ control, treatment, ...rest }) => alwaysValidEffect(cupedPair({ control, treatment }), control.n + treatment.n, rest),
  }),
  defineStatistic({
    name: "always-valid-looks",
    family: "sequential",
    title: "An estimate followed over its looks, always valid",
    summary: "One effect at all looks so far; the intervals are only intersected where the effect is declared constant.",
    formula:
      "interval of each look as for means; constant effect: intersection of the intervals and smallest p over the looks; no value left: the effect changed",
    assumptions: [order, independent, "declared constant: the effect is the same at all looks"],
    source: `${waudbySmith}; Howard et al. (2021), Ann. Stat. 49, 1055-1080, section 6`,
    references: ["sequential/asymptotic.json (SciPy, mpmath)"],
    input: z.strictObject({
      looks: z
        .array(
          z.strictObject({
            estimate: numberShape.describe("The effect at the look"),
            standardError: z.number().min(0).describe("Its standard error"),
            n: countShape.describe("Units enrolled so far"),
          }),
        )
        .min(1)
        .max(100_000)
        .refine(
          (looks) => looks.every((look, k) => k === 0 || look.n > (looks[k - 1]?.n ?? 0)),
          "units enrolled must rise from look to look",
        )
        .describe("The looks, oldest first; a look is a number of entities enrolled, not a later measurement of the same ones"),
      effect: z.enum(["constant", "may-change"]).default("may-change").describe("Whether the effect is declared the same at all looks"),
      ...options,
    }),
    example: {
      looks: [
        { estimate: 0.9, standardError: 0.4, n: 400 },
        { estimate: 0.7, standardError: 0.25, n: 1000 },
        { estimate: 0.75, standardError: 0.17, n: 2000 },
      ],
      effect: "constant",
      tunedFor: 2000,
    },
    compute: ({ looks, ...rest }) => alwaysValidLooks(looks, rest),
  }),
  defineStatistic({
    name: "always-valid-proportion",
    family: "sequential",
    title: "One proportion, always valid",
    summary: "How large a share is, exact however often one looks.",
    formula: "all p with B(k p + x, k q + y) / (B(k p, k q) p^x q^y) < 1 / alpha; x successes, y failures, q = 1 - p, k from the tuning",
    assumptions: [order, "units are independent, each with the same probability"],
    source: "Howard, Ramdas, McAuliffe and Sekhon (2021), Ann. Stat. 49, 1055-1080, proposition 7",
    references: ["sequential/sequences.json (mpmath)"],
    input: z.strictObject({
      sample: proportionShape,
      tunedFor: tunedForShape,
      level: levelShape,
      nullValue: z.number().min(1e-300).lt(1).optional().describe("Tested share"),
    }),
    example: { sample: { successes: 41, trials: 1000 }, tunedFor: 1000, nullValue: 0.03 },
    compute: ({ sample, ...rest }) => alwaysValidProportion({ ...sample, ...rest }),
  }),
  defineStatistic({
    name: "always-valid-quantile",
    family: "sequential",
    title: "One quantile, always valid",
    summary: "Where a quantile lies, without assuming a distribution, however often one looks.",
    formula:
      "all x with M(n F(x) - n p, n p (1 - p)) < 1 / alpha, M the two-sided beta-binomial mixture with increments between -p and 1 - p",
    assumptions: [order, "units are independent draws of one distribution"],
    source: "Howard and Ramdas (2022), Bernoulli 28, 1704-1728, section 3",
    references: ["sequential/sequences.json (mpmath)"],
    input: z.strictObject({
      values: valuesShape,
      quantile: quantileShape,
      tunedFor: tunedForShape,
      level: levelShape,
      nullValue: numberShape.optional().describe("Tested value"),
    }),
    example: { values: Array.from({ length: 60 }, (_, i) => (i * 37) % 61), quantile: 0.5, tunedFor: 60 },
    compute: ({ values, ...rest }) => alwaysValidQuantile(values, rest),
  }),
  defineStatistic({
    name: "always-valid-quantiles",
    family: "sequential",
    title: "Difference of a quantile between two groups, always valid",
    summary: "How a median or another quantile differs, without assuming a distribution, however often one looks.",
    formula:
      "p = 1 / min over x of M_C(x) M_T(x + d), M the groups' beta-binomial martingales against their quantile; interval: all shifts d with p >= alpha",
    assumptions: [order, "units are independent draws of their group's distribution"],
    source: "Howard and Ramdas (2022), Bernoulli 28, 1704-1728, section 5",
    references: ["sequential/sequences.json (mpmath)"],
    input: z.strictObject({
      control: valuesShape,
      treatment: valuesShape,
      quantile: quantileShape,
      tunedFor: tunedForShape,
      level: levelShape,
      nullValue: nullShape,
    }),
    example: {
      control: Array.from({ length: 80 }, (_, i) => (i * 37) % 81),
      treatment: Array.from({ length: 80 }, (_, i) => ((i * 37) % 81) + 40),
      quantile: 0.5,
      tunedFor: 80,
    },
    compute: ({ control, treatment, ...rest }) => alwaysValidQuantiles({ control, treatment }, rest),
  }),
  defineStatistic({
    name: "sequence-boundary",
    family: "sequential",
    title: "Boundary of a confidence sequence",
    summary: "How far a sum may stray at all times with the stated probability, for designers of their own sequences.",
    formula:
      "mixtures: the sum s at which the mixture martingale at (s, variance) reaches 1 / alpha; stitching and empirical process: closed forms of the source",
    assumptions: ["the increments have the tail that the boundary is named after"],
    source: "Howard, Ramdas, McAuliffe and Sekhon (2021), Ann. Stat. 49, 1055-1080; Howard and Ramdas (2022), Bernoulli 28, 1704-1728",
    references: ["sequential/sequences.json (mpmath)"],
    input: z.strictObject({
      boundary: boundaryShape,
      at: positive.describe("Variance of the sum (mixtures, poly-stitching), or units"),
      alpha: alphaShape,
    }),
    example: {
      boundary: { kind: "mixture", mixture: { kind: "normal", sides: 2 }, tuning: { variance: 100, alpha: 0.05 } },
      at: 100,
      alpha: 0.05,
    },
    compute: ({ boundary, at, alpha }) => boundaryValue(boundary, { at, alpha }),
  }),
];
