/** Shapes that several operations share: what goes over the doors, with the words that the reference prints. */
import { z } from "zod";
import { type Diagnostic, formatDay, formatPeriod, parseDay } from "../../data/foundation/index.ts";
import type { DatasetRecord } from "../../data/store/index.ts";

/** `YYYY-MM-DD`, a day that exists. */
export const dayShape = z
  .string()
  .refine((text) => parseDay(text) !== undefined, "a day is written YYYY-MM-DD, and must exist")
  .meta({ format: "date" });

/** A version of the library, a path, or the text itself. */
export const policyShape = z.union([
  z.string().min(1).max(4096),
  z
    .strictObject({ file: z.string().min(1).max(1000).default("request.yaml"), text: z.string() })
    .describe("The policy's own text, and the name to show for it."),
]);

/** The versions of a programme in force. */
export const versionsInForceShape = z
  .array(z.object({ version: z.string(), from: z.string(), digest: z.string() }))
  .describe("Of a programme in force: its versions, each with the day from which it held");

export const datasetNameShape = z
  .string()
  .min(1)
  .max(200)
  .describe("Id, name, or the first digits of the digest")
  .meta({ examples: ["demo-sellers"] });
export const runNameShape = z
  .string()
  .min(1)
  .max(100)
  .describe("Id of the run, or its first digits")
  .meta({ examples: ["4499af42784f"] });

export const diagnosticShape = z.object({
  code: z.string(),
  severity: z.enum(["error", "warning", "note"]),
  file: z.string().optional(),
  line: z.number().int().optional(),
  column: z.number().int().optional(),
  message: z.string(),
  found: z.string().optional(),
  expected: z.string().optional(),
  near: z.string().optional(),
  cure: z.string(),
});

/** A diagnostic as the doors give it: flat, with its place. */
export function diagnosticJson(diagnostic: Diagnostic): z.output<typeof diagnosticShape> {
  const { place, ...rest } = diagnostic;
  return { ...rest, ...place };
}

const leftOutShape = z.object({ rows: z.number().int(), reasons: z.array(z.object({ code: z.string(), count: z.number().int() })) });

export const datasetShape = z.object({
  dataset: z.object({
    id: z.string(),
    name: z.string(),
    title: z.string(),
    digest: z.string(),
    entity: z.string(),
    entities: z.number().int(),
    rows: z.number().int(),
    periods: z.object({ grain: z.enum(["day", "week", "month"]), from: z.string(), to: z.string(), count: z.number().int() }),
    knownAt: z.string(),
    completeTo: z.string().optional().describe("Last day of the last period whose flows are complete; absent when all are"),
    source: z.string(),
    hasTruth: z.boolean(),
    liesIn: z.string().optional().describe("Connection in whose tables its rows lie; absent when they lie here"),
  }),
  totals: z.record(z.string(), z.number()).describe("Sum of each flow, in value units (money in major units)"),
  rejected: leftOutShape.describe("Rows that failed a check; no figure holds them"),
  setAside: leftOutShape.optional().describe("Rows of the original files that the importer could not place; absent when it kept no list"),
});

/** The number of a column, with its interval, or the reason that there is none. */
export const estimatedShape = z.union([
  z.looseObject({
    kind: z.literal("estimate"),
    value: z.number(),
    interval: z.object({ lower: z.number(), upper: z.number(), level: z.number() }).optional(),
    method: z.string(),
    n: z.number(),
    assumptions: z.array(z.string()),
  }),
  z.looseObject({ kind: z.literal("undetermined"), reason: z.string(), wouldDetermine: z.string() }),
]);

export const runShape = z.object({ id: z.string(), digest: z.string().describe("Digest of the result") });

/** A registered dataset as the doors give it. */
export function datasetJson(record: DatasetRecord) {
  const { manifest } = record;
  const { schema } = manifest;
  return {
    dataset: {
      id: record.id,
      name: record.name,
      title: manifest.title,
      digest: record.digest,
      entity: schema.entity,
      entities: manifest.entities,
      rows: manifest.rows,
      periods: manifest.periods,
      knownAt: formatDay(schema.knownAt),
      ...(schema.completeTo === undefined ? {} : { completeTo: formatPeriod(schema.grain, schema.completeTo) }),
      source: manifest.source,
      hasTruth: manifest.hasTruth,
      ...(manifest.liesIn === undefined ? {} : { liesIn: manifest.liesIn }),
    },
    totals: manifest.totals,
    rejected: manifest.rejected,
    ...(manifest.setAside === undefined ? {} : { setAside: manifest.setAside }),
  };
}

const periodCounts = z.array(z.object({ period: z.string(), entities: z.number() }));

/** How good a dataset is. */
export const qualityShape = z.looseObject({
  measures: z.array(z.looseObject({ name: z.string(), min: z.number().optional(), max: z.number().optional(), missingShare: z.number() })),
  entitiesByFirstPeriod: periodCounts,
  entitiesByLastPeriod: periodCounts,
  entitiesByPeriod: periodCounts,
  gaps: z.looseObject({ rows: z.number(), entities: z.number() }),
  labels: z.array(z.looseObject({ source: z.string(), labels: z.number(), coverage: z.number() })),
  remarks: z.array(z.string()),
});
