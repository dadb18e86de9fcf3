/** What table `laid` says of the history that lies beside it, so that a home which has none of its rows knows what they are. */
import { z } from "zod";
import type { PanelSchema } from "../../data/panel/index.ts";

/** What a dataset is called, and where it comes from. */
export interface DatasetNames {
  readonly name: string;
  readonly title: string;
  readonly source: string;
}

/** A dataset but for its rows. */
export interface LaidDescription extends DatasetNames {
  readonly schema: PanelSchema;
}

const name = z.string().min(1).max(200);
const whole = z.number().int();
const decimals = whole.min(0).max(9);

const schemaShape: z.ZodType<PanelSchema> = z.strictObject({
  entity: name,
  grain: z.enum(["day", "week", "month"]),
  firstPeriod: whole,
  lastPeriod: whole,
  currency: z.string().optional(),
  rates: z
    .array(z.strictObject({ to: z.string(), dated: z.array(z.strictObject({ day: whole, rate: z.number().positive() })) }))
    .optional(),
  gmvMeasure: name.optional(),
  ordersMeasure: name.optional(),
  measures: z.array(
    z.strictObject({
      name,
      kind: z.enum(["flow", "level"]),
      unit: z.enum(["count", "money", "share", "points", "days", "hours", "number"]),
      decimals,
      title: z.string(),
      partOf: name.optional(),
      carryPeriods: whole.min(0).optional(),
    }),
  ),
  attributes: z.array(
    z.strictObject({
      name,
      scope: z.enum(["entity", "row"]),
      type: z.enum(["text", "day", "number"]),
      values: z.array(z.string()).optional(),
      title: z.string(),
    }),
  ),
  events: z.array(z.strictObject({ name, title: z.string(), fields: z.array(name).optional(), points: z.boolean().optional() })),
  outcomes: z.array(
    z.strictObject({
      name,
      title: z.string(),
      kind: z.enum(["state", "future"]),
      horizonDays: whole.min(0),
      lagDays: whole.min(0),
      role: z.enum(["audit", "appeal", "behaviour"]),
      measures: z.array(name),
      definition: z.string(),
    }),
  ),
  assignedTiers: z.array(name),
  knownAt: whole,
  completeTo: whole.optional(),
}) as z.ZodType<PanelSchema>;

const descriptionShape = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,99}$/, "is lower-case letters, digits and hyphens"),
  title: z.string().min(1),
  source: z.string(),
  schema: schemaShape,
});

/** As it stands in the table. */
export function writeDescription({ name: called, title, source, schema }: LaidDescription): string {
  return JSON.stringify({ name: called, title, source, schema });
}

/** What the text describes, or what is wrong with it, in words. */
export function readDescription(text: string): LaidDescription | { readonly wrong: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
  const read = descriptionShape.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    return { wrong: `${issue?.path.join(".") || "the whole"}: ${issue?.message}` };
  }
  const { firstPeriod, lastPeriod } = read.data.schema;
  return firstPeriod > lastPeriod ? { wrong: "schema.lastPeriod: comes before firstPeriod" } : read.data;
}
