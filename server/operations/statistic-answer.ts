/** What a statistic gives, as the doors say it. */
import { z } from "zod";
import { type ConfidenceSet, type Estimated, type Found, wordsOfSet } from "../../simulations/statistics/index.ts";
import { estimatedShape } from "./shapes.ts";

const detailShape = z.union([
  z.number(),
  z.string(),
  z.boolean(),
  z.array(z.number()),
  z.array(z.string()),
  z.array(z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]))),
]);

const undeterminedShape = z.object({
  reason: z.string(),
  wouldDetermine: z.string(),
  set: z
    .looseObject({ kind: z.enum(["at-least", "at-most", "two-pieces", "everything"]), level: z.number() })
    .optional()
    .describe("What the data do not rule out all the same, where the value alone is beyond every number"),
});

/** Either `estimate` with what belongs to it, or `undetermined`. */
export const answerShape = z.object({
  estimate: z.looseObject({ value: z.number(), method: z.string(), n: z.number(), assumptions: z.array(z.string()) }).optional(),
  test: z
    .object({
      name: z.string(),
      statistic: z.number().optional(),
      degreesOfFreedom: z.union([z.number(), z.array(z.number())]).optional(),
      pValue: z.number(),
      alternative: z.enum(["two-sided", "less", "greater"]),
      nullValue: z.number(),
    })
    .optional(),
  relative: estimatedShape.optional(),
  logRatio: estimatedShape.optional(),
  details: z.record(z.string(), detailShape).optional(),
  warnings: z.array(z.string()).optional(),
  undetermined: undeterminedShape.optional().describe("Why there is no number, and what would determine it"),
});

export type Answer = z.output<typeof answerShape>;

/** A finding as JSON. */
export function foundJson(found: Found): Answer {
  if (found.kind === "undetermined") {
    const { kind: _, test, warnings, ...undetermined } = found;
    return structuredClone({
      undetermined,
      ...(test === undefined ? {} : { test }),
      ...(warnings === undefined ? {} : { warnings }),
    }) as unknown as Answer;
  }
  const { kind: _, ...parts } = found;
  return structuredClone(parts) as unknown as Answer;
}

/** A finding in lines, for a terminal. */
export function answerText(answer: Answer): string {
  const { estimate, test, relative, logRatio, details, warnings, undetermined } = answer;
  return [
    ...(undetermined === undefined
      ? []
      : [
          `${estimateText({ kind: "undetermined", ...undetermined } as Estimated)}. What would determine it: ${undetermined.wouldDetermine}.`,
        ]),
    ...(estimate === undefined ? [] : [`estimate: ${estimateText({ kind: "estimate", ...estimate })}`]),
    ...(relative === undefined ? [] : [`relative: ${estimateText(relative as Estimated)}`]),
    ...(logRatio === undefined ? [] : [`log ratio: ${estimateText(logRatio as Estimated)}`]),
    ...(test === undefined
      ? []
      : [`${test.name}: p = ${numberText(test.pValue)} (${test.alternative}, against ${numberText(test.nullValue)})`]),
    ...(estimate === undefined ? [] : [`method: ${estimate.method}, n = ${estimate.n}`]),
    ...Object.entries(details ?? {}).map(([name, detail]) => `${name}: ${detailText(detail)}`),
    ...(warnings ?? []).map((warning) => `warning: ${warning}`),
  ].join("\n");
}

/** Value and interval, or why there is none. */
export function estimateText(estimated: Estimated): string {
  if (estimated.kind === "undetermined") return withSet(`undetermined: ${estimated.reason}`, estimated.set);
  const { value, interval, set } = estimated;
  const written = numberText(value);
  if (interval !== undefined)
    return `${written} (${numberText(interval.level * 100)} % interval ${numberText(interval.lower)} to ${numberText(interval.upper)})`;
  return withSet(written, set);
}

function withSet(written: string, set: ConfidenceSet | undefined): string {
  return set === undefined ? written : `${written} (${numberText(set.level * 100)} %: ${wordsOfSet(set, numberText)})`;
}

function detailText(detail: z.output<typeof detailShape>): string {
  if (!Array.isArray(detail)) return typeof detail === "number" ? numberText(detail) : String(detail);
  const rows = detail.map((part) =>
    typeof part === "object"
      ? Object.entries(part)
          .map(([name, value]) => `${name} ${typeof value === "number" ? numberText(value) : String(value)}`)
          .join(", ")
      : typeof part === "number"
        ? numberText(part)
        : part,
  );
  return typeof detail[0] === "object" ? rows.map((row) => `\n  ${row}`).join("") : rows.join(", ");
}

/** Seven digits, without trailing zeros; whole numbers whole, since a count that is rounded is another count. */
function numberText(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(7)));
}
