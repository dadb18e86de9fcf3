/** The table's entry for the analysis of variance. */
import { z } from "zod";
import { levelShape } from "../input-shapes.ts";
import { powerSums } from "../numerics/index.ts";
import { powerOfTwoBelow } from "../power-of-two.ts";
import { defineStatistic } from "../statistic.ts";
import { anovaOneWay } from "./anova.ts";

export const anovaStatistics = [
  defineStatistic({
    name: "anova-one-way",
    family: "means",
    title: "Means of several groups (one-way analysis of variance)",
    summary: "Whether several groups have one mean, and how much of the variance lies between them.",
    formula: "F = (sum n_g (mean_g - mean)² / (k - 1)) / (sum (x - mean_g)² / (N - k)); eta² = between / (between + within)",
    assumptions: ["units are independent", "values are close to normal within groups", "groups have one variance"],
    source: "Fisher (1925), Statistical Methods for Research Workers; Smithson (2003), Confidence Intervals, chapter 4",
    references: ["nist/anova.json (NIST StRD)"],
    input: z.strictObject({
      groups: z.array(z.array(z.number()).max(10_000_000)).min(2).max(1000).describe("The values, group by group"),
      level: levelShape,
    }),
    example: {
      groups: [
        [6.1, 5.8, 6.4, 6.0],
        [6.6, 6.9, 6.3, 6.8],
        [5.9, 6.2, 6.1, 5.7],
      ],
    },
    compute: ({ groups, level }) => {
      const unit = unitOf(groups);
      const found = anovaOneWay({ groups: groups.map((values) => powerSums(values.map((value) => value / unit))), level });
      if (unit === 1 || found.kind === "undetermined") return found;
      return { ...found, details: { ...found.details, unitOfValues: unit } };
    },
  }),
];

/** 1, unless the values are so large or small that their squares would leave the doubles: then a power of two near the largest. */
function unitOf(groups: readonly (readonly number[])[]): number {
  const largest = groups.flat().reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest === 0 || (largest > 1e-100 && largest < 1e100) ? 1 : powerOfTwoBelow(largest);
}
