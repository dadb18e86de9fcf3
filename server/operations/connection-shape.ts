/** A connection as the doors give it: everything of it but its secret. */
import { z } from "zod";
import { type DescribedConnection, hasSecret } from "./connections.ts";

export const connectionNameShape = z
  .string()
  .min(1)
  .describe("Name of the connection in the home's connections.yaml")
  .meta({ examples: ["warehouse"] });

/** @public The OpenAPI document is made from it. */
export const connectionShape = z.object({
  name: z.string(),
  engine: z.string(),
  url: z.string(),
  user: z.string(),
  passwordFrom: z.string().optional().describe("The environment variable that holds the password; absent: none is sent"),
  passwordIsSet: z.boolean().optional(),
  catalog: z.string(),
  schema: z.string(),
  dataset: z.string().optional().describe("The descriptor of the warehouse's own tables; absent: tables that were laid down"),
  shards: z.number().int(),
  shardsAtOnce: z.number().int(),
  tries: z.number().int(),
  secondsMax: z.number().int().describe("Of one statement"),
  rowsMax: z.number().int().describe("Of one statement"),
  memoryGigabytesMax: z.number().int().optional().describe("Of one statement, over all workers; absent: the engine's own limit"),
});

export type ConnectionJson = z.output<typeof connectionShape>;

export function connectionJson(described: DescribedConnection): ConnectionJson {
  const { password_from: passwordFrom, shards_at_once: shardsAtOnce, seconds_max: secondsMax, rows_max: rowsMax, ...others } = described;
  const { memory_gigabytes_max: memoryGigabytesMax, ...rest } = others;
  const memory = memoryGigabytesMax === undefined ? {} : { memoryGigabytesMax };
  const common = { ...rest, shardsAtOnce, secondsMax, rowsMax, ...memory };
  return passwordFrom === undefined ? common : { ...common, passwordFrom, passwordIsSet: hasSecret(described) === true };
}
