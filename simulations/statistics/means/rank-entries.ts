/** The table's entries for quantiles and ranks. */
import { z } from "zod";
import { differenceFinding } from "../effect.ts";
import { alternativeShape, levelShape, numberShape } from "../input-shapes.ts";
import { defineStatistic } from "../statistic.ts";
import { brunnerMunzel } from "./brunner-munzel.ts";
import { mannWhitney } from "./mann-whitney.ts";
import { quantileInterval } from "./quantile.ts";
import { quantileDifference } from "./quantile-difference.ts";
import { valuesShape, withPairs } from "./shapes.ts";
import { signedRank } from "./signed-rank.ts";

const arms = { control: valuesShape, treatment: valuesShape };
const shareShape = z.number().gt(0).lt(1).default(0.5).describe("Which quantile: 0.5 is the median, 0.95 the 95th percentile");
const tested = { level: levelShape, alternative: alternativeShape };
const rankOptions = {
  ...tested,
  nullValue: numberShape.default(0).describe("The shift under the null hypothesis, in the metric's unit"),
  method: z
    .enum(["auto", "exact", "normal"])
    .default("auto")
    .describe("Exact counting, the normal approximation, or exact where there are no ties and fewer than 50 units an arm"),
  continuityCorrection: z.boolean().default(true).describe("Half a rank towards the centre in the normal approximation"),
};
const latencies = {
  control: [120, 135, 150, 155, 160, 172, 180, 190, 210, 400],
  treatment: [110, 118, 131, 138, 142, 149, 161, 170, 185, 260],
};

const clusteredShape = z
  .strictObject({
    values: valuesShape,
    clusters: z
      .array(z.union([z.string(), z.number()]))
      .optional()
      .describe("The cluster (user) of each value, where whole clusters were randomised"),
  })
  .refine(({ values, clusters }) => clusters === undefined || clusters.length === values.length, "as many clusters as values");

export const rankStatistics = [
  defineStatistic({
    name: "quantile-interval",
    family: "means",
    title: "A median or other quantile (order statistics)",
    summary: "Where the population's quantile lies, whatever the distribution.",
    formula:
      "[X(l), X(u)] with P(B < l) < tail ≤ P(B ≤ l) and P(B ≥ u) < tail ≤ P(B ≥ u − 1), B binomial(n, share); value: type 7, linear between order statistics at 1 + (n − 1) share",
    assumptions: ["units are drawn independently"],
    source: "Thompson (1936), Ann. Math. Stat. 7, 122-128; Hyndman and Fan (1996), The American Statistician 50, 361-365",
    references: ["means/quantiles.json (R 4.2)"],
    input: z.strictObject({
      values: valuesShape,
      share: shareShape,
      ...tested,
      nullValue: numberShape.optional().describe("The quantile under the null hypothesis; left out: no test"),
    }),
    example: { values: [...latencies.control, ...latencies.treatment], share: 0.5, nullValue: 140 },
    compute: (input) => quantileInterval(input),
  }),
  defineStatistic({
    name: "quantile-difference",
    family: "means",
    title: "Difference of two quantiles",
    summary: "By how much the treatment's median or other quantile differs from the control's; allows for several values a user.",
    formula:
      "QT − QC ± z √(seT² + seC²), se = (X(U) − X(L)) / (2 · 1.96), L and U = N (share ± 1.96 s) rounded outwards, s² = share (1 − share) / N, or with clusters the delta method's variance of the share at or below the quantile",
    assumptions: [
      "units, or whole clusters, are drawn independently",
      "so many units that a sample quantile is near normal: the density at the quantile is smooth and above 0",
    ],
    source: "Deng, Knoblich and Lu (2018), KDD, section 4.3; Liu, Sun, Varshney and Xu (2019), arXiv 1903.08762",
    references: ["means/quantile-difference.json (NumPy, by definition)"],
    input: z.strictObject({
      control: clusteredShape,
      treatment: clusteredShape,
      share: shareShape,
      ...tested,
      nullValue: numberShape.default(0).describe("The difference under the null hypothesis, in the metric's unit"),
    }),
    example: { control: { values: latencies.control }, treatment: { values: latencies.treatment }, share: 0.5 },
    compute: ({ control, treatment, share, ...options }) => differenceFinding(quantileDifference({ control, treatment }, share), options),
  }),
  defineStatistic({
    name: "mann-whitney",
    family: "means",
    title: "Mann-Whitney (rank sum) and Hodges-Lehmann shift",
    summary: "Whether one arm tends to larger values, and the shift that brings the arms in line.",
    formula:
      "U = number of pairs T > C, ties one half; normal: z = (U − nm/2 ∓ ½) / √(nm/12 (N + 1 − Σ(g³ − g)/(N (N − 1)))); shift: median of all T − C, with all shifts that the test does not reject",
    assumptions: ["units are drawn independently, in both arms", "the shift describes the effect only if the arms differ by a shift"],
    source: "Mann and Whitney (1947), Ann. Math. Stat. 18, 50-60; Hodges and Lehmann (1963), Ann. Math. Stat. 34, 598-611",
    references: ["means/mann-whitney.json (R 4.2)", "means/mann-whitney-ties.json (exactRankTests)"],
    input: z.strictObject({ ...arms, ...rankOptions }),
    example: { ...latencies, control: [121, 136, 152, 155, 160, 172, 180, 190, 210, 400] },
    compute: ({ control, treatment, ...options }) => mannWhitney({ control, treatment }, options),
  }),
  defineStatistic({
    name: "brunner-munzel",
    family: "means",
    title: "Probability of superiority (Brunner-Munzel)",
    summary: "How often a random treatment unit is above a random control unit, with an interval, also under unequal spread.",
    formula:
      "p = P(T > C) + P(T = C)/2 ± t √(sP²/nT + sQ²/nC), P and Q each unit's share of wins over the other arm; Welch's degrees of freedom",
    assumptions: ["units are drawn independently, in both arms"],
    source: "Brunner and Munzel (2000), Biometrical Journal 42, 17-25",
    references: ["means/brunner-munzel.json (SciPy)"],
    input: z.strictObject({
      ...arms,
      ...tested,
      nullValue: z.number().gt(0).lt(1).default(0.5).describe("The probability under the null hypothesis"),
    }),
    example: latencies,
    compute: ({ control, treatment, ...options }) => brunnerMunzel({ control, treatment }, options),
  }),
  defineStatistic({
    name: "wilcoxon-signed-rank",
    family: "means",
    title: "Wilcoxon signed rank for pairs",
    summary: "Two values of each unit: the centre of the differences, without normality but with symmetry.",
    formula:
      "V = sum of ranks of |d| over d > 0; normal: (V − n(n + 1)/4 ∓ ½) / √(n(n + 1)(2n + 1)/24 − Σ(g³ − g)/48); centre: median of all (di + dj)/2, i ≤ j",
    assumptions: ["pairs are drawn independently", "the differences are symmetric about their centre"],
    source:
      "Wilcoxon (1945), Biometrics Bulletin 1, 80-83; Hollander, Wolfe and Chicken (2014), Nonparametric Statistical Methods, chapter 3",
    references: ["means/signed-rank.json (R 4.2)"],
    input: withPairs(z.strictObject({ ...arms, ...rankOptions })),
    example: latencies,
    compute: ({ control, treatment, ...options }) => signedRank({ control, treatment }, options),
  }),
];
