/** The table's entries for distances between distributions. */
import { z } from "zod";
import { alternativeShape, levelShape, seedShape } from "../input-shapes.ts";
import { defineStatistic } from "../statistic.ts";
import { comparedOnScale, comparedShares, scaleShape, sharesShape } from "./compared-shapes.ts";
import { jensenShannonDistance, kolmogorovSmirnov, stabilityIndex, wassersteinDistance } from "./distance-finding.ts";

const shuffleOptions = {
  level: levelShape.describe("Level of the null quantile"),
  draws: z.number().int().min(99).max(1_000_000).default(1999).describe("Shuffles of the labels"),
  seed: seedShape,
};
const nullShape = z
  .enum(["permutation", "asymptotic"])
  .default("permutation")
  .describe("How the null quantile is found; asymptotic for independent groups only");
const assumptions = ["units (paired: entities) are drawn independently", "under the null hypothesis the labels mean nothing"];
const shuffleFormula =
  "p = (1 + shuffles at or above it) / (1 + shuffles); independent groups: the pool is divided anew; same entities: each one's labels are swapped by a fair coin";
const exampleCounts = { control: [120, 300, 340, 180, 60], treatment: [95, 270, 350, 210, 75] };

export const distanceStatistics = [
  defineStatistic({
    name: "kolmogorov-smirnov",
    family: "distances",
    title: "Kolmogorov-Smirnov, two samples",
    summary: "The largest gap between two distribution functions, and whether chance alone gives one as large.",
    formula:
      "D = max |F_C(x) - F_T(x)|; exact p over all labellings of the pooled values, or the limit 2 sum (-1)^(k-1) exp(-2 k² D² n m / (n + m)); same entities: label swaps",
    assumptions,
    source:
      "Schröer and Trenkler (1995), Comput. Stat. Data Anal. 20, 185-202; Conover (1999), Practical Nonparametric Statistics, section 6.3",
    references: ["distances/kolmogorov-smirnov.json (SciPy)", "distances/kolmogorov-smirnov-r.json (R 4.2)"],
    input: z.strictObject({
      compared: scaleShape,
      method: z
        .enum(["auto", "exact", "asymptotic", "permutation"])
        .default("auto")
        .describe("auto: exact up to a million label pairs; same entities: swaps"),
      alternative: alternativeShape.describe("greater: treatment values tend to be larger"),
      ...shuffleOptions,
    }),
    example: { compared: { control: [1.2, 3.4, 2.2, 5.1, 2.9, 4.4, 3.1, 2.5], treatment: [2.8, 4.9, 5.6, 6.1, 3.9, 7.2, 4.1] } },
    compute: ({ compared, ...options }) => kolmogorovSmirnov(comparedOnScale(compared), options),
  }),
  defineStatistic({
    name: "wasserstein-distance",
    family: "distances",
    title: "Wasserstein distance",
    summary: "How far values must be moved on average to turn one distribution into the other, and how far chance alone would ask.",
    formula: `W = integral of |F_C(x) - F_T(x)| dx; ${shuffleFormula}`,
    assumptions,
    source: "Vallender (1974), Theory Probab. Appl. 18, 784-786; Phipson and Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9, 39",
    references: ["distances/values.json (SciPy)"],
    input: z.strictObject({ compared: scaleShape, ...shuffleOptions }),
    example: { compared: { bins: [0.5, 1.5, 2.5, 3.5, 4.5], ...exampleCounts } },
    compute: ({ compared, ...options }) => wassersteinDistance(comparedOnScale(compared), options),
  }),
  defineStatistic({
    name: "jensen-shannon",
    family: "distances",
    title: "Jensen-Shannon divergence",
    summary:
      "How much two sets of shares differ, on a scale that is finite also where a category is empty, and how much chance alone would give.",
    formula: `JS = (KL(p | (p + q)/2) + KL(q | (p + q)/2)) / 2, the distance its square root; asymptotic null: JS in nats ~ (1/n + 1/m) chi² (bins - 1) / 8; ${shuffleFormula}`,
    assumptions,
    source: "Lin (1991), IEEE Trans. Inf. Theory 37, 145-151; Endres and Schindelin (2003), IEEE Trans. Inf. Theory 49, 1858-1860",
    references: ["distances/shares.json (SciPy)"],
    input: z.strictObject({
      compared: sharesShape,
      base: z.enum(["2", "e"]).default("2").describe("Base of the logarithm: bits or nats"),
      form: z.enum(["divergence", "distance"]).default("divergence").describe("distance: the square root, a metric"),
      null: nullShape,
      ...shuffleOptions,
    }),
    example: { compared: exampleCounts },
    compute: ({ compared, ...options }) => jensenShannonDistance(comparedShares(compared), options),
  }),
  defineStatistic({
    name: "population-stability",
    family: "distances",
    title: "Population stability index (PSI)",
    summary:
      "How much the shares of bins have shifted, beside what chance gives for so many units: fixed limits such as 0.1 and 0.25 ignore their number.",
    formula: `PSI = sum over bins of (p - q) ln(p / q); asymptotic null: PSI ~ (1/n + 1/m) chi² (bins - 1); ${shuffleFormula}`,
    assumptions,
    source: "Siddiqi (2006), Credit Risk Scorecards, chapter 8; Yurdakul and Naranjo (2020), J. Risk Model Validation 14(4), 89-100",
    references: ["distances/shares.json (SciPy)"],
    input: z.strictObject({
      compared: sharesShape,
      zero: z
        .discriminatedUnion("kind", [
          z.strictObject({ kind: z.literal("refuse") }),
          z.strictObject({ kind: z.literal("add-half") }),
          z.strictObject({ kind: z.literal("floor"), share: z.number().gt(0).lt(0.5).describe("Smaller shares count as this one") }),
        ])
        .default({ kind: "refuse" })
        .describe("What a bin that is empty in one group does; add-half adds half a unit to every bin of both groups"),
      null: nullShape,
      ...shuffleOptions,
    }),
    example: { compared: exampleCounts, null: "asymptotic" },
    compute: ({ compared, ...options }) => stabilityIndex(comparedShares(compared), options),
  }),
];
