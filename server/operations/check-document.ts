/** What `policy check` gives: one document, from which every form is made. */
import { z } from "zod";
import { changeShape } from "./policy-diff.ts";
import { diagnosticShape, estimatedShape } from "./shapes.ts";

const guardShape = z.object({
  words: z.string().describe("As written"),
  definition: z.string(),
  found: estimatedShape,
  entities: z.number().int().describe("Entities that the number speaks of"),
  verdict: z.enum(["pass", "fail", "undecided"]),
});

export const checkShape = z.object({
  diagnostics: z.array(diagnosticShape),
  cases: z.object({
    passed: z.number().int(),
    failed: z.number().int(),
    notRun: z.array(z.string()).describe("Files of cases that have a fault, or whose columns the policy does not fit"),
  }),
  failures: z.array(
    z.object({
      case: z.string(),
      on: z.string(),
      name: z.string(),
      expected: z.string(),
      found: z.string(),
      why: z.string(),
      file: z.string(),
      line: z.number().int(),
      column: z.number().int(),
    }),
  ),
  coverage: z
    .array(
      z.object({
        file: z.string(),
        passed: z.number().int(),
        failed: z.number().int(),
        parts: z.number().int(),
        reached: z.number().int(),
        uncovered: z.array(z.string()),
      }),
    )
    .describe("By file of cases: which parts of the policy they reach"),
  policies: z.array(z.object({ file: z.string(), programme: z.string(), version: z.string(), digest: z.string() })),
  changes: z
    .array(z.object({ file: z.string(), version: z.string(), against: z.string(), summary: z.string(), changes: z.array(changeShape) }))
    .optional()
    .describe("By policy: what changes against the baseline"),
  guards: z
    .array(
      z.object({
        file: z.string(),
        against: z.string(),
        dataset: z.string(),
        sample: z.object({
          entities: z.number().int(),
          of: z.number().int(),
          every: z.number().int().describe("One in so many, by a hash of the key; 1: all"),
          seed: z.number().int(),
          from: z.string(),
          to: z.string(),
        }),
        outcomes: z.array(guardShape),
      }),
    )
    .optional(),
});

/** The document. */
export type CheckDocument = z.output<typeof checkShape>;

/** The guards of one policy, with the sample that they were held against. */
export type GuardsJson = NonNullable<CheckDocument["guards"]>[number];

/** How many faults of each severity. */
export function countDiagnostics({ diagnostics }: CheckDocument): {
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
} {
  const count = (severity: string): number => diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  return { errors: count("error"), warnings: count("warning"), notes: count("note") };
}

/**
 * A number of a guard in words: a share in per cent, a ratio as times the baseline, with its interval.
 *
 * @example
 * sayFound({ kind: "estimate", value: 0.0215, interval: { lower: 0.0152, upper: 0.0304, level: 0.95 }, method: "", n: 1, assumptions: [] }, false)
 * // => "2.15 % (1.52 % to 3.04 %)"
 */
export function sayFound(found: z.output<typeof estimatedShape>, isTimes: boolean): string {
  if (found.kind === "undetermined") return `not determined: ${found.reason}`;
  const say = (value: number): string => (isTimes ? `${value.toFixed(2)} x` : `${(value * 100).toFixed(2)} %`);
  return found.interval === undefined
    ? say(found.value)
    : `${say(found.value)} (${say(found.interval.lower)} to ${say(found.interval.upper)})`;
}

/** Whether a guard speaks of multiples of the baseline. */
export function isTimesBaseline({ words }: GuardsJson["outcomes"][number]): boolean {
  return /x\s+baseline$/.test(words);
}

/** Who was replayed, in words. */
export function saySample({ sample, dataset }: GuardsJson): string {
  const who =
    sample.every === 1
      ? `all ${sample.of} entities`
      : `${sample.entities} of ${sample.of} entities, one in ${sample.every} by a hash of the key, seed ${sample.seed}`;
  const exact = sample.every === 1 ? "; counts are exact" : "; intervals at 95 %";
  return `${dataset}, ${sample.from} to ${sample.to}: ${who}${exact}`;
}
