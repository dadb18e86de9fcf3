/** The table's entries for sample ratios. */
import { z } from "zod";
import { countShape, levelShape } from "../input-shapes.ts";
import { defineStatistic } from "../statistic.ts";
import { sampleRatio, sampleRatioExact } from "./sample-ratio.ts";
import { sequentialSampleRatio } from "./sequential-sample-ratio.ts";

/** A share that the doubles, and a test of it, can hold beside the others. */
const areComparable = (planned: readonly number[]): boolean =>
  planned.every((weight) => weight === 0 || weight >= 1e-15 * Math.max(...planned));
const weights = z
  .array(z.number().min(0).max(1e15))
  .min(1)
  .max(64)
  .refine(areComparable, "a planned weight is 0, or at least 1e-15 of the largest")
  .describe("Planned weight of each arm; only their ratios count");
const observed = z.array(countShape).min(1).max(64).describe("Units of each arm, in the order of the weights");
const sameLength = ({
  observed: units,
  weights: planned,
}: {
  readonly observed: readonly number[];
  readonly weights: readonly number[];
}): boolean => units.length === planned.length;
const assumptions = ["units are assigned independently", "a unit counts once, in the arm it was assigned to"];

export const sampleRatioStatistics = [
  defineStatistic({
    name: "sample-ratio",
    family: "sample-ratio",
    title: "Sample ratio (chi-squared)",
    summary: "Whether the arms got the shares of units that were planned; if not, nothing else of the experiment can be trusted.",
    formula:
      "Σ (O − E)² / E with arms − 1 degrees of freedom, E = n × planned share; two arms: Wilson's interval of the second arm's share; more: w = √(chi-squared / n)",
    assumptions: [...assumptions, "expected counts of at least about 5"],
    source: "Fabijan et al. (2019), Diagnosing Sample Ratio Mismatch in Online Controlled Experiments, KDD",
    references: ["sample-ratio/sample-ratio.json (SciPy, R 4.2)"],
    input: z
      .strictObject({
        observed,
        weights,
        continuityCorrection: z.boolean().default(false).describe("Yates' correction; of two arms only"),
        level: levelShape,
      })
      .refine(sameLength, "as many weights as arms are needed"),
    example: { observed: [50_312, 49_511], weights: [1, 1], continuityCorrection: false, level: 0.95 },
    compute: (input) => sampleRatio(input),
  }),
  defineStatistic({
    name: "sample-ratio-exact",
    family: "sample-ratio",
    title: "Sample ratio (exact)",
    summary: "The same without approximation: for few units.",
    formula: "Σ P(k) over outcomes k with P(k) ≤ P(seen), binomial for two arms, multinomial for more",
    assumptions,
    source: "Read and Cressie (1988), Goodness-of-Fit Statistics for Discrete Multivariate Data",
    references: ["sample-ratio/sample-ratio.json (SciPy, R 4.2)"],
    input: z.strictObject({ observed, weights, level: levelShape }).refine(sameLength, "as many weights as arms are needed"),
    example: { observed: [31, 14, 15], weights: [1, 1, 1], level: 0.95 },
    compute: (input) => sampleRatioExact(input),
  }),
  defineStatistic({
    name: "sequential-sample-ratio",
    family: "sample-ratio",
    title: "Sample ratio, looked at while it runs",
    summary: "Whether the arms get their planned shares, valid at every look and whenever one stops.",
    formula:
      "Bayes factor = (B(α + n) / B(α)) / Π p0^n, α = planned share × concentration; p = min over looks of 1 / Bayes factor, at most 1",
    assumptions: [...assumptions, "the true shares stay the same from look to look"],
    source: "Lindon and Malek (2022), Anytime-Valid Inference for Multinomial Count Data, NeurIPS 35",
    references: ["sample-ratio/sequential.json (mpmath)"],
    input: z
      .strictObject({
        looks: z.array(z.array(countShape).min(1).max(64)).min(1).max(10_000).describe("For each look, the units of each arm that are new"),
        weights,
        concentration: z
          .number()
          .min(1e-9)
          .max(1e15)
          .default(10_000)
          .describe("Units that the belief in the planned shares is worth before the data"),
        prior: z
          .array(z.number().min(1e-9).max(1e15))
          .max(64)
          .optional()
          .describe("A Dirichlet prior of its own, one number an arm, in place of the concentration"),
        level: levelShape,
      })
      .refine(
        ({ looks, weights: planned }) => looks.every((look) => look.length === planned.length),
        "as many counts in each look as weights are needed",
      )
      .refine(
        ({ prior, weights: planned }) => prior === undefined || prior.length === planned.length,
        "as many prior numbers as weights are needed",
      ),
    example: {
      looks: [
        [1003, 998],
        [1050, 940],
        [1080, 930],
        [1075, 921],
      ],
      weights: [1, 1],
      concentration: 10_000,
      level: 0.95,
    },
    compute: (input) => sequentialSampleRatio(input),
  }),
];
