/** How a forecast beside its result goes over the doors, and reads in a terminal. */
import { z } from "zod";
import { estimatedShape } from "./shapes.ts";
import { textTable } from "./text-table.ts";

const scaleShape = z.looseObject({
  forecast: estimatedShape,
  result: estimatedShape,
  difference: estimatedShape.describe("Result less forecast"),
  pValue: z.number().optional().describe("Of no difference between the two"),
  ratio: estimatedShape.describe("Result over forecast"),
  low: z.number().describe("The forecast under the low scenario"),
  high: z.number().describe("Under the high one"),
});

export const forecastShape = z.looseObject({
  run: z.string().describe("Id of the comparison"),
  against: z.looseObject({
    rows: z.array(
      z.looseObject({
        metric: z.string(),
        title: z.string(),
        arm: z.string(),
        of: z.enum(["gmv", "orders", "platform fees"]),
        relative: scaleShape.describe("Shares of the control"),
        perUnit: z
          .union([scaleShape, z.looseObject({ kind: z.literal("undetermined"), reason: z.string(), wouldDetermine: z.string() })])
          .describe("An average unit over the plan's weeks"),
        mechanical: z.number().describe("The arithmetic part of the relative forecast"),
        direction: z.enum(["same", "opposite"]).optional(),
        overlaps: z.boolean().optional(),
        words: z.string(),
        notes: z.array(z.string()),
      }),
    ),
    notForecast: z.array(z.object({ metric: z.string(), title: z.string(), arm: z.string(), why: z.string() })),
    scaling: z.array(z.string()),
  }),
});

/** The lines of a terminal; none without a forecast. */
export function forecastLines(forecast: z.output<typeof forecastShape> | undefined): readonly string[] {
  if (forecast === undefined) return [];
  const { rows, notForecast, scaling } = forecast.against;
  return [
    "",
    `forecast by comparison ${forecast.run}, as shares of the control:`,
    textTable(
      ["metric", "arm", "forecast", "low to high", "measured", "measured less forecast", "p", "ratio"],
      rows.map(({ metric, arm, relative: { forecast: foretold, result, difference, pValue, ratio, low, high } }) => [
        metric,
        arm,
        shareText(foretold),
        `${percent(low)} to ${percent(high)} %`,
        shareText(result),
        shareText(difference),
        pValue === undefined ? "" : String(Number(pValue.toPrecision(2))),
        numberText(ratio),
      ]),
    ),
    ...rows.flatMap(({ words, notes }) => [words, ...notes]),
    ...notForecast.map(({ title, arm, why }) => `${title} under ${arm} is not forecast. ${why}`),
    ...scaling,
  ];
}

/** Shares of the control in per cent, with their interval. */
export function shareText(estimated: z.output<typeof estimatedShape>): string {
  if (estimated.kind === "undetermined") return `not determined: ${estimated.reason}`;
  const { value, interval } = estimated;
  return interval === undefined ? `${percent(value)} %` : `${percent(value)} % (${percent(interval.lower)} to ${percent(interval.upper)})`;
}

/** A number with its interval. */
export function numberText(estimated: z.output<typeof estimatedShape>): string {
  if (estimated.kind === "undetermined") return `not determined: ${estimated.reason}`;
  const { value, interval } = estimated;
  const short = (one: number): string => String(Number(one.toPrecision(3)));
  return interval === undefined ? short(value) : `${short(value)} (${short(interval.lower)} to ${short(interval.upper)})`;
}

function percent(value: number): string {
  return String(Number((100 * value).toPrecision(3)));
}
