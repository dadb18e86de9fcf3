/** The table's entries for the analysis of variance. */
import { z } from "zod";
import { levelShape, momentsShape } from "../input-shapes.ts";
import { powerSums } from "../numerics/index.ts";
import { powerOfTwoBelow } from "../power-of-two.ts";
import { defineStatistic } from "../statistic.ts";
import { anovaOneWay, anovaWelch } from "./anova.ts";
import { type Sample, type SampleSummary, sampleOf } from "./sample.ts";

const groupShape = z.union([z.array(z.number()).max(10_000_000), momentsShape]);
const input = z.strictObject({
  groups: z.array(groupShape).min(2).max(1000).describe("Group by group the values, or n, mean and variance"),
  level: levelShape,
});
const example = {
  groups: [
    [6.1, 5.8, 6.4, 6.0],
    [6.6, 6.9, 6.3, 6.8],
    [5.9, 6.2, 6.1, 5.7],
  ],
};

export const anovaStatistics = [
  defineStatistic({
    name: "anova-one-way",
    family: "means",
    title: "Means of several groups (one-way analysis of variance)",
    summary: "Whether several groups have one mean, and how much of the variance lies between them.",
    formula: "F = (sum n_g (mean_g - mean)² / (k - 1)) / (sum (x - mean_g)² / (N - k)); eta² = between / (between + within)",
    assumptions: ["units are independent", "values are close to normal within groups", "groups have one variance"],
    source: "Fisher (1925), Statistical Methods for Research Workers; Smithson (2003), Confidence Intervals, chapter 4",
    references: ["nist/anova.json (NIST StRD)", "means/anova.json (R 4.2)"],
    input,
    example,
    compute: ({ groups, level }) => {
      const unit = unitOf(groups);
      const found = anovaOneWay({
        groups: groups.map((group) => (isList(group) ? powerSums(inUnit(group, unit)) : summaryIn(group, unit))),
        level,
      });
      if (unit === 1 || found.kind === "undetermined") return found;
      return { ...found, details: { ...found.details, unitOfValues: unit } };
    },
  }),
  defineStatistic({
    name: "anova-welch",
    family: "means",
    title: "Means of several groups (Welch's analysis of variance)",
    summary: "Whether several groups have one mean, where each may vary in its own way.",
    formula:
      "F = (sum w (mean_g - m)² / (k - 1)) / (1 + 2 (k - 2) h / (k² - 1)), w = n_g / s_g², m = sum w mean_g / W, W = sum w, h = sum (1 - w / W)² / (n_g - 1); k - 1 and v = (k² - 1) / (3 h) degrees of freedom; eta² = (k - 1) F / ((k - 1) F + v)",
    assumptions: ["units are independent", "values are close to normal within groups"],
    source: "Welch (1951), Biometrika 38, 330-336; Smithson (2003), Confidence Intervals, chapter 4",
    references: ["means/anova.json (R 4.2)"],
    input,
    example,
    compute: ({ groups, level }) => {
      const unit = unitOf(groups);
      return anovaWelch({ groups: groups.map((group) => sampleIn(group, unit)), level });
    },
  }),
];

type Group = z.output<typeof groupShape>;

function isList(group: Group): group is number[] {
  return Array.isArray(group);
}

/** 1, unless the values are so large or small that their squares would leave the doubles: then a power of two near the largest. */
function unitOf(groups: readonly Group[]): number {
  const sizes = groups.flatMap((group) => (isList(group) ? group : [group.mean, Math.sqrt(group.variance)]));
  const largest = sizes.reduce((most, size) => Math.max(most, Math.abs(size)), 0);
  return largest === 0 || (largest > 1e-100 && largest < 1e100) ? 1 : powerOfTwoBelow(largest);
}

function inUnit(values: readonly number[], unit: number): readonly number[] {
  return unit === 1 ? values : values.map((value) => value / unit);
}

function summaryIn({ n, mean, variance }: SampleSummary, unit: number): SampleSummary {
  return { n, mean: mean / unit, variance: variance / unit / unit };
}

function sampleIn(group: Group, unit: number): Sample {
  if (isList(group)) return sampleOf({ values: inUnit(group, unit) });
  const { n, mean, meanRest, standardDeviation } = sampleOf(group);
  return { n, mean: mean / unit, meanRest, standardDeviation: standardDeviation / unit };
}
