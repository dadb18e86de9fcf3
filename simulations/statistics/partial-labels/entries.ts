/** The table's entries for rates from partial labels. */
import { z } from "zod";
import { countShape, levelShape } from "../input-shapes.ts";
import { defineStatistic } from "../statistic.ts";
import { auditedLabelRate, stratifiedLabelRate } from "./label-rates.ts";

const common = {
  rate: z
    .enum(["false-positive-rate", "false-share", "miss-rate"])
    .default("false-positive-rate")
    .describe("Flagged among the fine; fine among the flagged; not flagged among the harmful"),
  draws: z
    .enum(["units", "labels"])
    .default("units")
    .describe("What the interval draws again: the units with their labels, or the labels of these very units"),
  level: levelShape,
};
const flagged = z.boolean().describe("Whether the rule flags these units: holds them in an adverse tier");
const interval =
  "Wilson's interval for n* = rate (1 − rate) / V labels, V the linearised variance; at 0 and 1, where V is 0, n* is Kish's (Σ 1/p)² / Σ 1/p²";
const kott = "Kott and Carr (1997), J. Official Statistics 13, 81-98";
const references = ["partial-labels/partial-labels.json (R 4.2, survey 4.1)"];

export const partialLabelStatistics = [
  defineStatistic({
    name: "stratified-label-rate",
    family: "partial-labels",
    title: "Error rate from partial labels, by strata",
    summary: "A false-positive or miss rate where only some units have a label, and how many have one differs between kinds of unit.",
    formula: `Ratio of sums over strata of N_k × (share fine, or harmful, among the labelled of k); V from the strata, and (x + ½)/(n + 1) in place of x/n where that is more; ${interval}`,
    assumptions: ["labels missing at random within strata", "every stratum has a label"],
    source: `Begg and Greenes (1983), Biometrics 39, 207-215; ${kott}`,
    references,
    input: z.strictObject({
      strata: z
        .array(
          z
            .strictObject({
              isFlagged: flagged,
              units: countShape.describe("All units of the stratum"),
              fine: countShape.describe("Labelled fine"),
              harmful: countShape.describe("Labelled harmful"),
            })
            .refine(({ units, fine, harmful }) => fine + harmful <= units, "no more labels than units"),
        )
        .min(1)
        .max(10_000),
      ...common,
    }),
    example: {
      strata: [
        { isFlagged: true, units: 133, fine: 35, harmful: 8 },
        { isFlagged: true, units: 84, fine: 47, harmful: 2 },
        { isFlagged: false, units: 1077, fine: 826, harmful: 8 },
      ],
      rate: "false-positive-rate",
      draws: "units",
      level: 0.95,
    },
    compute: (input) => stratifiedLabelRate(input),
  }),
  defineStatistic({
    name: "audited-label-rate",
    family: "partial-labels",
    title: "Error rate from random audits",
    summary: "A false-positive or miss rate from units that were audited at random, each with a known probability.",
    formula: `Σ c y / p ÷ Σ d y / p over the audited (Hájek's ratio); V = Σ u² / p² over another draw of units, Σ (1 − p) u² / p² of these very units, u the linearised ratio; ${interval}`,
    assumptions: ["audits pick independently, at the probabilities given", "every unit had a chance of an audit"],
    source: `Hájek (1971); Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, section 5.7; ${kott}`,
    references,
    input: z.strictObject({
      audits: z
        .array(
          z.strictObject({
            isFlagged: flagged,
            fine: countShape.describe("Audited and found fine"),
            harmful: countShape.describe("Audited and found harmful"),
            probability: z.number().min(1e-12).max(1).describe("With which each of them was picked"),
          }),
        )
        .min(1)
        .max(100_000),
      ...common,
    }),
    example: {
      audits: [
        { isFlagged: true, fine: 14, harmful: 5, probability: 0.08 },
        { isFlagged: true, fine: 6, harmful: 2, probability: 0.03 },
        { isFlagged: false, fine: 120, harmful: 1, probability: 0.08 },
        { isFlagged: false, fine: 44, harmful: 1, probability: 0.03 },
      ],
      rate: "false-positive-rate",
      draws: "units",
      level: 0.95,
    },
    compute: (input) => auditedLabelRate(input),
  }),
];
