/** The table's entries for Bayesian answers. */
import { z } from "zod";
import { levelShape, numberShape, proportionShape, sampleShape } from "../input-shapes.ts";
import { fromSummaries } from "../means/sample.ts";
import { defineStatistic } from "../statistic.ts";
import { bayesianProportions } from "./beta-binomial.ts";
import { bayesianMeans } from "./normal-effect.ts";
import { partialPooling } from "./partial-pooling.ts";

const credible = levelShape.describe("Probability of the credible interval");
const positive = z.number().gt(0);

export const bayesianStatistics = [
  defineStatistic({
    name: "bayesian-proportions",
    family: "bayesian",
    title: "Two proportions (beta-binomial)",
    summary: "How likely the treatment's share is the larger one, by how much, and what a wrong choice costs on average.",
    formula: "p ~ Beta(a + x, b + n - x) in each group; chance to win = P(pT > pC); expected loss of the treatment = E max(pC - pT, 0)",
    assumptions: ["units are independent", "the prior is what was believed before the data"],
    source: "Gelman et al. (2013), Bayesian Data Analysis, 3rd edition, section 2.4",
    references: ["bayesian/proportions.json (mpmath)"],
    input: z.strictObject({
      control: proportionShape,
      treatment: proportionShape,
      prior: z
        .strictObject({
          a: z.number().min(0.1).max(1e12).describe("Successes that the prior is worth"),
          b: z.number().min(0.1).max(1e12).describe("Failures that it is worth"),
        })
        .default({ a: 1, b: 1 })
        .describe("Beta prior of each group; 1 and 1 is uniform, 0.5 and 0.5 is Jeffreys'"),
      level: credible,
    }),
    example: { control: { successes: 100, trials: 1000 }, treatment: { successes: 120, trials: 1000 } },
    compute: bayesianProportions,
  }),
  defineStatistic({
    name: "bayesian-means",
    family: "bayesian",
    title: "Effect on a mean (normal prior)",
    summary:
      "How likely the effect is positive, how large it is, and what a wrong choice costs on average, given what was believed before.",
    formula:
      "posterior precision = 1/s0² + 1/SE²; posterior mean = precision-weighted; chance to win = Phi(mean / sd); loss = sd (phi(z) - z Phi(-z)), z = mean / sd",
    assumptions: ["the means are approximately normal", "the prior is what was believed before the data"],
    source:
      "Gelman et al. (2013), Bayesian Data Analysis, 3rd edition, section 2.5; Kass and Wasserman (1995), J. Am. Stat. Assoc. 90, 928-934",
    references: ["bayesian/means.json (SciPy, mpmath)"],
    input: z.strictObject({
      control: sampleShape,
      treatment: sampleShape,
      prior: z
        .discriminatedUnion("kind", [
          z.strictObject({ kind: z.literal("flat") }),
          z.strictObject({ kind: z.literal("weak") }),
          z.strictObject({
            kind: z.literal("normal"),
            mean: numberShape.min(-1e140).max(1e140),
            standardDeviation: z.number().min(1e-140).max(1e140),
          }),
        ])
        .default({ kind: "flat" })
        .describe("Prior of the effect. weak: mean 0, worth one unit of each group"),
      scale: z
        .enum(["absolute", "relative"])
        .default("absolute")
        .describe("What effect and prior are about: the difference, or the lift (delta method)"),
      level: credible,
    }),
    example: {
      control: { n: 2000, mean: 10.1, variance: 24 },
      treatment: { n: 2000, mean: 10.6, variance: 26 },
      prior: { kind: "normal", mean: 0, standardDeviation: 0.3 },
      scale: "relative",
    },
    compute: ({ control, treatment, ...rest }) =>
      fromSummaries([control, treatment], ([own, other]) => bayesianMeans({ control: own, treatment: other, ...rest })),
  }),
  defineStatistic({
    name: "partial-pooling",
    family: "bayesian",
    title: "Effects by segment, partially pooled",
    summary: "Which segments really differ: each segment's effect pulled towards the mean as far as the differences look like noise.",
    formula:
      "y_i ~ N(theta_i, SE_i²), theta_i ~ N(mu, tau²); shrunken effect = k y_i + (1 - k) mu, k = tau² / (tau² + SE_i²); Q = sum (y_i - mean)² / SE_i², chi-squared with segments - 1",
    assumptions: [
      "each segment's estimate is approximately normal, with known standard error",
      "segments overlap in no unit",
      "before the data nothing tells one segment from another",
    ],
    source:
      "DerSimonian and Laird (1986), Control. Clin. Trials 7, 177-188; Gelman et al. (2013), Bayesian Data Analysis, 3rd edition, section 5.4",
    references: ["bayesian/pooling.json (metafor)", "bayesian/pooling-bayes.json (mpmath)"],
    input: z.strictObject({
      segments: z
        .array(
          z.strictObject({
            name: z.string().max(200).describe("The segment"),
            estimate: numberShape.describe("Its effect"),
            standardError: z.number().min(0).describe("Its standard error"),
          }),
        )
        .max(1000),
      method: z.enum(["dersimonian-laird", "reml", "bayes"]).default("reml").describe("How the variance between segments is dealt with"),
      spreadPrior: z
        .discriminatedUnion("kind", [
          z.strictObject({ kind: z.literal("uniform") }),
          z.strictObject({ kind: z.literal("half-normal"), scale: positive }),
          z.strictObject({ kind: z.literal("half-cauchy"), scale: positive }),
        ])
        .default({ kind: "uniform" })
        .describe("Prior of the standard deviation between segments (bayes only)"),
      level: credible,
    }),
    example: {
      segments: [28, 8, -3, 7, -1, 1, 18, 12].map((estimate, i) => ({
        name: "ABCDEFGH".charAt(i),
        estimate,
        standardError: [15, 10, 16, 11, 9, 11, 10, 18][i] as number,
      })),
      method: "bayes",
    },
    compute: partialPooling,
  }),
];
