/** Shapes that the inputs of many statistics share, so that a thing has one name and one description everywhere. */
import { z } from "zod";

/** The confidence level. */
export const levelShape = z.number().gt(0).lt(1).default(0.95).describe("Confidence level, between 0 and 1");

export const alternativeShape = z
  .enum(["two-sided", "less", "greater"])
  .default("two-sided")
  .describe("Which departures count: both, only less, only greater than the null value");

/** A finite number. */
export const numberShape = z.number();

/** A count that is an exact integer of doubles, up to 9e15. */
export const countShape = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Raw values. */
export const rawShape = z.strictObject({ values: z.array(z.number()).max(10_000_000).describe("One number a unit") });

/** What sums raw values up. */
export const momentsShape = z.strictObject({
  n: countShape.describe("Units"),
  mean: z.number().describe("Their mean"),
  variance: z.number().min(0).describe("Their sample variance (n - 1)"),
});

/** Raw values, or what sums them up. */
export const sampleShape = z.union([rawShape, momentsShape]).describe("Raw values, or n, mean and variance");

/** Successes of trials. */
export const proportionShape = z
  .strictObject({ successes: countShape.describe("Units with the property"), trials: countShape.describe("All units") })
  .refine(({ successes, trials }) => successes <= trials, "more successes than trials");

export const seedShape = z
  .number()
  .int()
  .min(0)
  .max(4_294_967_295)
  .default(1)
  .describe("Seed of the random draws: the same seed gives the same bytes");
