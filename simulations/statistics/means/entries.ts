/** The table's entries for means. */
import { z } from "zod";
import { differenceFinding, liftFinding } from "../effect.ts";
import { alternativeShape, countShape, levelShape, numberShape, sampleShape } from "../input-shapes.ts";
import { defineStatistic } from "../statistic.ts";
import { knownVarianceZ, largeSampleZ, paired, pooled, welch } from "./mean-difference.ts";
import { rankStatistics } from "./rank-entries.ts";
import { valuesShape, withPairs } from "./shapes.ts";
import { yuen } from "./trimmed-mean.ts";

const common = {
  level: levelShape,
  alternative: alternativeShape,
  nullValue: numberShape.default(0).describe("The difference under the null hypothesis, in the metric's unit"),
};
const samples = { control: sampleShape, treatment: sampleShape };
const sellers = { control: { n: 812, mean: 74.4, variance: 156 }, treatment: { n: 799, mean: 74.83, variance: 155 } };
const independent = "units are drawn independently, in both arms";
const nearNormal = "means are near normal: many units, or values without heavy tails";
const relativeWords =
  "relative lift: all m with |D − m C| ≤ t s(m) (Fieller), at the same degrees of freedom; log ratio: the logarithm of 1 + that set";

export const meanStatistics = [
  defineStatistic({
    name: "welch-means",
    family: "means",
    title: "Difference of two means (Welch)",
    summary: "By how much the treatment's mean differs from the control's, absolutely and as a share, with one p-value.",
    formula: `D = T − C; D ± t √(sT²/nT + sC²/nC), t with (a + b)² / (a²/(nT − 1) + b²/(nC − 1)) degrees of freedom, a = sT²/nT, b = sC²/nC; ${relativeWords}`,
    assumptions: [independent, nearNormal],
    source: "Welch (1947), Biometrika 34, 28-35; Fieller (1954), J. R. Stat. Soc. B 16, 175-185",
    references: ["means/two-means.json (R 4.2)", "means/two-means-high-precision.json (mpmath)"],
    input: z.strictObject({ ...samples, ...common }),
    example: sellers,
    compute: ({ control, treatment, ...options }) => differenceFinding(welch({ control, treatment }), options),
  }),
  defineStatistic({
    name: "mean-lift",
    family: "means",
    title: "Relative lift of a mean (Fieller)",
    summary: "By which share the treatment's mean is above the control's, and whether that is more than a stated share.",
    formula: `${relativeWords}; test of a lift m: t = (T − (1 + m) C) / √(sT²/nT + (1 + m)² sC²/nC)`,
    assumptions: [independent, nearNormal, "the control's mean is above 0"],
    source: "Fieller (1954), J. R. Stat. Soc. B 16, 175-185",
    references: ["means/fieller.json (mpmath)"],
    input: z.strictObject({
      ...samples,
      level: levelShape,
      alternative: alternativeShape,
      nullLift: numberShape.default(0).describe("The lift under the null hypothesis: 0.02 is 2 % more"),
    }),
    example: { ...sellers, nullLift: -0.01, alternative: "greater" },
    compute: ({ control, treatment, ...options }) => liftFinding(welch({ control, treatment }), options),
  }),
  defineStatistic({
    name: "pooled-means",
    family: "means",
    title: "Difference of two means (pooled variance)",
    summary: "Student's test, which takes both arms' variances as equal; Welch's needs no such belief.",
    formula: "D ± t s √(1/nT + 1/nC), s² = ((nT − 1) sT² + (nC − 1) sC²) / (nT + nC − 2), t with nT + nC − 2 degrees of freedom",
    assumptions: [independent, nearNormal, "both arms have the same variance"],
    source: "Student (1908), Biometrika 6, 1-25",
    references: ["means/two-means.json (R 4.2)"],
    input: z.strictObject({ ...samples, ...common }),
    example: sellers,
    compute: ({ control, treatment, ...options }) => differenceFinding(pooled({ control, treatment }), options),
  }),
  defineStatistic({
    name: "large-sample-z",
    family: "means",
    title: "Difference of two means (large-sample z)",
    summary: "Welch's comparison with the normal distribution in place of t, as platforms with large samples print it.",
    formula: "D ± z √(sT²/nT + sC²/nC)",
    assumptions: [independent, "the samples are so large that their variances are as good as known"],
    source: "Casella and Berger (2002), Statistical Inference, section 10.3",
    references: ["means/z.json (statsmodels)"],
    input: z.strictObject({ ...samples, ...common }),
    example: sellers,
    compute: ({ control, treatment, ...options }) => differenceFinding(largeSampleZ({ control, treatment }), options),
  }),
  defineStatistic({
    name: "known-variance-z",
    family: "means",
    title: "Difference of two means (known variances)",
    summary: "For values whose variance is known beforehand, not estimated from these units.",
    formula: "D ± z √(σT²/nT + σC²/nC)",
    assumptions: [independent, "the variances are known"],
    source: "Casella and Berger (2002), Statistical Inference, section 8.3",
    references: ["means/z.json (statsmodels)"],
    input: z.strictObject({ control: knownShape(), treatment: knownShape(), ...common }),
    example: { control: { n: 40, mean: 10, variance: 4 }, treatment: { n: 42, mean: 11, variance: 4 } },
    compute: ({ control, treatment, ...options }) => differenceFinding(knownVarianceZ({ control, treatment }), options),
  }),
  defineStatistic({
    name: "paired-means",
    family: "means",
    title: "Mean of paired differences",
    summary: "Two values of each unit: by how much the second is above the first on average.",
    formula: "d ± t s_d / √n with n − 1 degrees of freedom; relative lift by Fieller with the covariance of difference and control",
    assumptions: ["pairs are drawn independently", "the mean difference is near normal"],
    source: "Student (1908), Biometrika 6, 1-25",
    references: ["means/paired.json (R 4.2)"],
    input: z.strictObject({
      pairs: z
        .union([
          withPairs(z.strictObject({ control: valuesShape, treatment: valuesShape })),
          z
            .strictObject({
              n: countShape.describe("Pairs"),
              controlMean: z.number(),
              controlVariance: z.number().min(0),
              treatmentMean: z.number(),
              treatmentVariance: z.number().min(0),
              covariance: z.number().describe("Sample covariance of a unit's two values (n - 1)"),
            })
            .refine(
              ({ controlVariance, treatmentVariance, covariance }) =>
                covariance * covariance <= controlVariance * treatmentVariance * (1 + 1e-9),
              "a covariance larger than the variances allow",
            ),
        ])
        .describe("Both values of each unit in the same order, or their moments"),
      ...common,
    }),
    example: { pairs: { control: [12, 15, 11, 18, 14, 10, 13, 16, 12, 15], treatment: [14, 15, 12, 21, 15, 12, 13, 19, 13, 17] } },
    compute: ({ pairs, ...options }) => differenceFinding(paired(pairs), options),
  }),
  defineStatistic({
    name: "yuen-trimmed-means",
    family: "means",
    title: "Difference of two trimmed means (Yuen)",
    summary: "The difference of the means of the middle values: hardly moved by extremes, but not about the mean of all units.",
    formula:
      "g = ⌊trim n⌋ values cut at each end, h = n − 2g kept; standard error² = (n − 1) sw² / (h (h − 1)), sw² the winsorised variance; Welch's degrees of freedom with h − 1",
    assumptions: [independent, "what is asked about is the mean of the middle values"],
    source: "Yuen (1974), Biometrika 61, 165-170",
    references: ["means/yuen.json (SciPy)"],
    input: z.strictObject({
      control: valuesShape,
      treatment: valuesShape,
      trim: z.number().min(0).lt(0.5).default(0.2).describe("Share of values cut at each end"),
      ...common,
    }),
    example: { control: [3, 4, 4, 5, 6, 6, 7, 8, 9, 60], treatment: [4, 6, 6, 7, 8, 8, 9, 10, 12, 15] },
    compute: ({ control, treatment, trim, ...options }) => differenceFinding(yuen({ control, treatment }, trim), options),
  }),
  ...rankStatistics,
];

function knownShape() {
  return z.strictObject({
    n: countShape.describe("Units"),
    mean: z.number().describe("Their mean"),
    variance: z.number().min(0).describe("The known variance of one unit"),
  });
}
