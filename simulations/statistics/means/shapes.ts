/** Input shapes of raw arms. */
import { z } from "zod";

/** One number a unit. */
export const valuesShape = z.array(z.number()).max(10_000_000).describe("One number a unit");

/** The same object, refused unless both lists have a value for each pair. */
export function withPairs<Shape extends z.ZodType<{ control: number[]; treatment: number[] }>>(shape: Shape): Shape {
  return shape.refine(
    ({ control, treatment }) => control.length === treatment.length,
    "as many control as treatment values: one of each for every unit",
  );
}
