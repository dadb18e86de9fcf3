/** Inputs of distances: values, histograms with named bins, shares of categories, and tables of the same entities. */
import { z } from "zod";
import { countShape, numberShape } from "../input-shapes.ts";
import type { SamplesCompared } from "./distance-finding.ts";
import { binOf, countPairs, countPoints, tablePairs } from "./point-counts.ts";

const valuesShape = z.array(numberShape).max(1_000_000);
const countsShape = z.array(countShape.max(1e14)).min(1).max(10_000);
const designShape = z
  .enum(["independent", "paired"])
  .default("independent")
  .describe("paired: the same entities under both, in the same order; their labels are swapped within the entity");

interface TwoLists {
  readonly control: readonly unknown[];
  readonly treatment: readonly unknown[];
  readonly design: "independent" | "paired";
}
const sameLength = ({ control, treatment, design }: TwoLists): boolean => design === "independent" || control.length === treatment.length;
const sameLengthMessage = "paired values: both lists must have one value an entity";

const twoLists = {
  control: valuesShape.describe("One value a unit"),
  treatment: valuesShape.describe("One value a unit; paired: in the same order"),
  design: designShape,
};
const rises = (values: readonly number[]): boolean => values.every((value, i) => i === 0 || value > (values[i - 1] as number));

/** Values on a scale: one by one, or as a histogram whose bins are named by a value each. */
export const scaleShape = z
  .union([
    z.strictObject(twoLists).refine(sameLength, sameLengthMessage),
    z
      .strictObject({
        bins: z
          .array(numberShape)
          .min(1)
          .max(10_000)
          .refine(rises, "bins must rise")
          .describe("The value that stands for each bin, rising"),
        control: countsShape.describe("Units a bin"),
        treatment: countsShape.describe("Units a bin"),
      })
      .refine(
        ({ bins, control, treatment }) => bins.length === control.length && bins.length === treatment.length,
        "one count a bin in each group",
      ),
  ])
  .describe("Values, or a histogram: large data");

/** What the distances compare. */
export function comparedOnScale(input: z.output<typeof scaleShape>): SamplesCompared {
  if ("bins" in input) {
    return {
      design: "independent",
      points: Float64Array.from(input.bins),
      control: Float64Array.from(input.control),
      treatment: Float64Array.from(input.treatment),
    };
  }
  const { control, treatment, design } = input;
  return design === "paired" ? { design, ...countPairs(control, treatment) } : { design, ...countPoints(control, treatment) };
}

/** Shares of bins: counts by category, a table of the same entities, or values with the edges of the bins. */
export const sharesShape = z
  .union([
    z
      .strictObject({
        control: countsShape.describe("Units a category"),
        treatment: countsShape.describe("Units a category, in the same order"),
      })
      .refine(({ control, treatment }) => control.length === treatment.length, "one count a category in each group"),
    z.strictObject({
      table: z
        .array(z.array(countShape.max(1e14)).min(1))
        .min(1)
        .max(500)
        .refine((rows) => rows.every((row) => row.length === rows.length), "the table must be square")
        .describe("Entities by category under the control (rows) and under the treatment (columns)"),
    }),
    z
      .strictObject({
        ...twoLists,
        edges: z
          .array(numberShape)
          .min(1)
          .max(10_000)
          .refine(rises, "edges must rise")
          .describe("Edges of the bins; a value at an edge belongs to the bin above"),
      })
      .refine(sameLength, sameLengthMessage),
  ])
  .describe("Counts by category, a table of the same entities, or values with bins");

/** What the distances compare, by category. */
export function comparedShares(input: z.output<typeof sharesShape>): SamplesCompared {
  if ("table" in input) return { design: "paired", ...tablePairs(input.table) };
  if (!("edges" in input)) {
    return {
      design: "independent",
      points: Float64Array.from(input.control, (_, i) => i),
      control: Float64Array.from(input.control),
      treatment: Float64Array.from(input.treatment),
    };
  }
  const { edges, control, treatment, design } = input;
  const size = edges.length + 1;
  const cells = Array.from({ length: size }, (_, i) => i);
  const binned = (values: readonly number[]): readonly number[] => values.map((value) => binOf(edges, value));
  if (design === "paired") {
    const { pairs, ...counted } = countPairs([...cells, ...binned(control)], [...cells, ...binned(treatment)]);
    // One unit a bin stood in, so that every bin has its point; it goes again.
    return { design, ...withoutStandIns(counted), pairs: pairs.slice(size) };
  }
  return { design, ...withoutStandIns(countPoints([...cells, ...binned(control)], [...cells, ...binned(treatment)])) };
}

function withoutStandIns(counted: { readonly points: Float64Array; readonly control: Float64Array; readonly treatment: Float64Array }) {
  return {
    points: counted.points,
    control: counted.control.map((count) => count - 1),
    treatment: counted.treatment.map((count) => count - 1),
  };
}
