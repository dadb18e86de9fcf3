/** The table's entries for resampling. */
import { z } from "zod";
import { limits } from "../../../data/foundation/index.ts";
import { alternativeShape, levelShape, numberShape, seedShape } from "../input-shapes.ts";
import { defineStatistic } from "../statistic.ts";
import { bootstrap, bootstrapDifference } from "./bootstrap.ts";
import { permutationTest } from "./permutation-test.ts";
import { poissonBootstrapRatio } from "./ratio-bootstrap.ts";

const valuesShape = z.array(z.number()).max(1_000_000);
const clustersShape = z
  .array(z.union([z.string(), z.number()]))
  .optional()
  .describe("The entity of each value; given, whole entities are drawn");
const sampleShape = z
  .strictObject({ values: valuesShape.describe("One number a unit, or several an entity"), clusters: clustersShape })
  .refine(({ values, clusters }) => clusters === undefined || clusters.length === values.length, "as many clusters as values");
const shareShape = z.number().gt(0).lt(1).default(0.5).describe("Which quantile: 0.5 is the median; unused otherwise");
const resample = {
  method: z.enum(["percentile", "bca", "studentised"]).default("bca").describe("How replicates become an interval"),
  interpolation: z
    .enum(["linear", "normal"])
    .default("linear")
    .describe("Between ordered replicates: linear is type 7, as SciPy; normal is (R + 1) p on the normal scale, as R's boot"),
  replicates: z.number().int().min(99).max(limits.bootstrapReplicates.value).default(1999).describe("Resamplings"),
  seed: seedShape,
  level: levelShape,
  alternative: alternativeShape,
};
const optionalNull = numberShape.optional().describe("The value under the null hypothesis; left out: no test");
const methodWords =
  "percentile: quantiles of θ*; BCa: quantiles at Φ(b + (b + z) / (1 − a (b + z))), b = Φ⁻¹(share of θ* below θ, ties half), a a sixth of the jackknife's skewness; studentised: θ − t* s, t* quantiles of (θ* − θ) / s*; p = the smallest 1 − level whose interval leaves out the null value, at least 1 / (R + 1) a side";
const independent = "units (with clusters: entities) are drawn independently from one population";
const enough = "so many units that the sample stands for the population, its tail included";
const efron =
  "Efron (1987), J. Am. Stat. Assoc. 82, 171-185; Davison and Hinkley (1997), Bootstrap Methods and their Application, chapter 5";
const singleQuantile = "studentised intervals of a quantile are for single values: leave out the clusters, or choose percentile or bca";
const revenue = [12.5, 40, 8.2, 19.9, 23.4, 7.7, 31.2, 15, 54.1, 9.9, 27.3, 11.4, 18.8, 35.6, 21, 13.3, 66.5, 10.2, 16.7, 29.9, 24.1, 14.8];
const revenueTreated = [
  18.1, 44.7, 12.9, 22.2, 71.3, 16.4, 28, 33.3, 20.5, 58.9, 13.7, 26.6, 39.2, 17.5, 30.8, 25.9, 47.4, 15.6, 21.7, 36.1,
];

export const resamplingStatistics = [
  defineStatistic({
    name: "bootstrap",
    family: "resampling",
    title: "Bootstrap of a mean, total or quantile",
    summary: "How far a number would move if the units, or whole sellers with all their orders, were drawn again.",
    formula: `θ* from as many units as there are, drawn with replacement, R times; ${methodWords}; s: s/√n for means (entities: linearised ratio), √(n s²) for totals over n units, Maritz-Jarrett for quantiles (type 7)`,
    assumptions: [independent, enough, "a total is over a fixed number of units"],
    source: `${efron}; Maritz and Jarrett (1978), J. Am. Stat. Assoc. 73, 194-196`,
    references: ["resampling/boot-r.json (R 4.2, boot)", "resampling/bootstrap-scipy.json (SciPy)"],
    input: z
      .strictObject({
        sample: sampleShape,
        statistic: z.enum(["mean", "total", "quantile"]).default("mean").describe("What is asked of the values"),
        share: shareShape,
        ...resample,
        nullValue: optionalNull,
      })
      .refine(
        ({ sample, statistic, method }) => sample.clusters === undefined || statistic !== "quantile" || method !== "studentised",
        singleQuantile,
      ),
    example: { sample: { values: revenue }, statistic: "mean", method: "studentised", nullValue: 20 },
    compute: ({ sample, statistic, share, ...options }) =>
      bootstrap(sample, statistic === "quantile" ? { name: statistic, share } : { name: statistic }, options),
  }),
  defineStatistic({
    name: "bootstrap-difference",
    family: "resampling",
    title: "Bootstrap of a difference of means or quantiles",
    summary: "By how much the treatment's mean or quantile differs from the control's, without a formula for its distribution.",
    formula: `θ = T − C, each arm drawn on its own; ${methodWords}; s = √(sT² + sC²); a from both arms' jackknives: Σ U³/n³ / (6 (Σ U²/n²)^1.5)`,
    assumptions: [independent, "the arms are independent", enough],
    source: efron,
    references: ["resampling/bootstrap-scipy.json (SciPy)", "resampling/boot-r.json (R 4.2, boot)"],
    input: z
      .strictObject({
        control: sampleShape,
        treatment: sampleShape,
        statistic: z.enum(["mean", "quantile"]).default("mean").describe("What is compared"),
        share: shareShape,
        ...resample,
        nullValue: numberShape.default(0).describe("The difference under the null hypothesis"),
      })
      .refine(
        ({ control, treatment, statistic, method }) =>
          (control.clusters ?? treatment.clusters) === undefined || statistic !== "quantile" || method !== "studentised",
        singleQuantile,
      ),
    example: { control: { values: revenue }, treatment: { values: revenueTreated }, statistic: "quantile", share: 0.5 },
    compute: ({ control, treatment, statistic, share, ...options }) =>
      bootstrapDifference({ control, treatment }, statistic === "quantile" ? { name: statistic, share } : { name: statistic }, options),
  }),
  defineStatistic({
    name: "bootstrap-ratio",
    family: "resampling",
    title: "Bootstrap of a ratio of sums (Poisson)",
    summary: "A ratio of two sums over units, such as late orders over orders, with an interval that big data can afford.",
    formula: `θ = Σ x / Σ y; θ* = Σ w x / Σ w y with independent w ~ Poisson(1) a unit; ${methodWords}; s = √(n / (n − 1) Σ (x − θ y)²) / Σ y`,
    assumptions: [independent, enough],
    source: `Hanley and MacGibbon (2006), Comput. Methods Programs Biomed. 83, 57-62; ${efron}`,
    references: ["resampling/boot-r.json (R 4.2, boot)"],
    input: z
      .strictObject({
        numerators: valuesShape.describe("One number a unit, or several an entity"),
        denominators: z.array(z.number().min(0)).max(1_000_000).describe("The denominator of each, not negative"),
        clusters: clustersShape,
        ...resample,
        nullValue: optionalNull,
      })
      .refine(
        ({ numerators, denominators, clusters }) =>
          denominators.length === numerators.length && (clusters === undefined || clusters.length === numerators.length),
        "as many denominators, and clusters where given, as numerators",
      ),
    example: {
      numerators: [1, 0, 2, 0, 3, 1, 0, 0, 1, 4, 0, 1, 2, 0, 0, 1, 5, 0, 1, 2, 0, 1],
      denominators: [12, 5, 19, 3, 22, 9, 4, 7, 15, 31, 2, 11, 17, 6, 5, 8, 27, 3, 10, 14, 6, 9],
    },
    compute: ({ numerators, denominators, clusters, ...options }) => poissonBootstrapRatio({ numerators, denominators, clusters }, options),
  }),
  defineStatistic({
    name: "permutation-test",
    family: "resampling",
    title: "Permutation test of a difference of means",
    summary:
      "How often chance alone, dealing out the same values anew, gives a difference as large, and which effects that leaves possible.",
    formula:
      "p = share of relabellings π with T_π − C_π ≥ T − C (greater) or ≤ (less), the seen one counted; all of them, or (b + 1) / (m + 1) of m draws; paired: signs of the differences; two-sided: twice the smaller, at most 1; interval: all δ that the same relabellings do not reject for treatment − δ",
    assumptions: [
      "labels were dealt at random, or units are exchangeable under the null hypothesis",
      "for the interval, and for a null value other than 0: the treatment adds the same amount to every unit",
    ],
    source:
      "Pitman (1937), J. R. Stat. Soc. Suppl. 4, 119-130; Maritz (1995), Distribution-Free Statistical Methods, chapters 2 and 3; Phipson and Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9, 39",
    references: ["resampling/permutation-scipy.json (SciPy)", "resampling/permutation-coin.json (R 4.2, coin)"],
    input: z
      .strictObject({
        control: valuesShape.describe("One number a unit"),
        treatment: valuesShape.describe("One number a unit"),
        paired: z.boolean().default(false).describe("Whether values at one place belong to one unit"),
        method: z.enum(["auto", "exact", "drawn"]).default("auto").describe("auto: exact up to 200,000 relabellings"),
        draws: z.number().int().min(99).max(1_000_000).default(9999).describe("Random relabellings where they are drawn"),
        seed: seedShape,
        level: levelShape,
        alternative: alternativeShape,
        nullValue: numberShape.default(0).describe("The effect under the null hypothesis"),
      })
      .refine(({ control, treatment, paired }) => !paired || control.length === treatment.length, "as many control as treatment values"),
    example: { control: [12.1, 9.8, 14.2, 11.7, 10.4, 13.3, 9.1], treatment: [13.9, 12.8, 15.5, 11.2, 16.1, 14.7] },
    compute: ({ control, treatment, paired, ...options }) => permutationTest({ control, treatment, paired }, options),
  }),
];
