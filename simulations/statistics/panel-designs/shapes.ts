/** Input shapes of panels and quasi-experiments. */
import { z } from "zod";
import { alternativeShape, levelShape } from "../input-shapes.ts";

export const nullValueShape = z.number().default(0).describe("The effect under the null hypothesis, in the outcome's unit");

/** What every statistic of the family is asked. */
export const questionShape = { level: levelShape, alternative: alternativeShape, nullValue: nullValueShape };

export const scoresShape = z
  .array(z.number())
  .min(1)
  .max(1_000_000)
  .describe("The score of each unit, as fine as it was when the treatment was decided");

const unitShape = z.strictObject({
  outcomes: z.array(z.number().nullable()).describe("One outcome a period, in the order of `periods`; null where it was not seen"),
  firstTreated: z
    .number()
    .optional()
    .describe("The first period with treatment, which then stays; absent for a unit that is never treated"),
});

/** Units over periods. */
export const panelShape = z
  .strictObject({
    periods: z.array(z.number()).min(2).max(10_000).describe("Numbers of the periods, ascending"),
    units: z.array(unitShape).min(2).max(1_000_000).describe("One entry a unit"),
  })
  .refine(
    ({ periods }) => periods.every((period, i) => i === 0 || period > (periods[i - 1] as number)),
    "periods must ascend, without repeats",
  )
  .refine(
    ({ periods, units }) => units.every(({ outcomes }) => outcomes.length === periods.length),
    "every unit needs one outcome (or null) a period",
  );
