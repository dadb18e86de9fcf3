/** Input shapes that the entries for proportions and tables share. */
import { z } from "zod";
import { alternativeShape, countShape, proportionShape } from "../input-shapes.ts";

/** Alternative and level. */
export const claim = {
  alternative: alternativeShape,
  level: z.number().min(0.5).lt(1).default(0.95).describe("Confidence level, from 0.5 to below 1"),
};

export const twoSamples = {
  control: proportionShape.describe("Successes and trials of the control"),
  treatment: proportionShape.describe("Successes and trials of the treatment"),
};

export const nullDifference = z
  .number()
  .gt(-1)
  .lt(1)
  .default(0)
  .describe(
    "Difference under the null hypothesis, treatment minus control: 0, or a margin (-0.02 with 'greater' is non-inferiority by 2 points)",
  );

export const nullRatio = z
  .number()
  .min(1e-6)
  .max(1e6)
  .default(1)
  .describe("Ratio under the null hypothesis, treatment over control: 1, or a margin");

export const nullShare = z.number().gt(0).lt(1).default(0.5).describe("Proportion under the null hypothesis");

export const exactMethod = z
  .enum(["minimum-likelihood", "blaker", "central", "mid-p"])
  .default("minimum-likelihood")
  .describe(
    "Two-sided: what is at most as probable as what was seen, Blaker's tails, twice the smaller tail, or that with half of the observed outcome",
  );

export const pairTable = {
  both: countShape.describe("Entities with yes both times"),
  onlySecond: countShape.describe("Entities with yes the second time only"),
  onlyFirst: countShape.describe("Entities with yes the first time only"),
  neither: countShape.describe("Entities with yes neither time"),
};

const countTable = z.array(z.array(countShape).min(2).max(64)).min(2).max(64);

export const tableShape = countTable
  .refine((table) => table.every((row) => row.length === table[0]?.length), "rows of different lengths")
  .describe("Counts, row by row");

export const squareTableShape = countTable
  .refine((table) => table.every((row) => row.length === table.length), "as many columns as rows are needed")
  .describe("Entities by first class (row) and second class (column)");

/** A table test's units stay exact integers of doubles. */
export const pairsWithin = ({ both, onlySecond, onlyFirst, neither }: Record<keyof typeof pairTable, number>): boolean =>
  Number.isSafeInteger(both + onlySecond + onlyFirst + neither);
