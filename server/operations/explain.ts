/** `explain`: why an entity stands where it stands. */
import { z } from "zod";
import { diagnose, formatPeriod, InputRefused, parseDay, periodOf, present } from "../../data/foundation/index.ts";
import { openPanel } from "../../data/panel/index.ts";
import { findEntity } from "./find-entity.ts";
import { onSoundDataset } from "./on-sound-dataset.ts";
import { defineOperation } from "./operation.ts";
import { requireFit, resolveDataset, resolvePolicy, resolveRange } from "./resolve.ts";
import { datasetNameShape, dayShape, policyShape } from "./shapes.ts";

export const explain = defineOperation({
  name: "explain",
  summary: "Says step by step how a policy comes to the tier of one entity on one day, and gives the account in plain words.",
  input: z.strictObject({
    policy: policyShape.describe("Path, or <programme>@<version>"),
    dataset: datasetNameShape,
    entity: z.string().min(1).max(1000).describe("Key of the entity; columns of a composite key joined by a bar"),
    date: dayShape.describe("The day to explain: the latest evaluation up to it"),
  }),
  output: z.object({
    policy: z.object({ programme: z.string(), version: z.string(), digest: z.string() }),
    dataset: z.object({ id: z.string(), digest: z.string() }),
    entity: z.string(),
    period: z.string().describe("The period that holds the day"),
    trace: z.looseObject({}),
    account: z.string(),
  }),
  command: { arguments: [] },
  route: { method: "post", path: "/api/explanations" },
  perform: async ({ policy: source, dataset: name, entity, date }, context) => {
    // Loaded when it is needed: the slow evaluator brings a second of start time with it.
    const { accountOf, explainEntity } = await import("../../policies/explain/index.ts");
    const dataset = resolveDataset(context.store, name);
    const { schema } = dataset.manifest;
    const resolved = resolvePolicy(source, context);
    requireFit(resolved, schema);
    resolveRange(schema, { to: date });
    const found = await onSoundDataset(dataset, async () => await findEntity(openPanel(dataset.folder), entity));
    if (found === undefined) {
      throw new InputRefused([diagnose("unknown-entity", { message: `${dataset.id} has no ${schema.entity} '${entity}'`, found: entity })]);
    }
    const { policy } = resolved;
    const day = present(parseDay(date), "a checked day");
    const first = present(found.history.rows[0], "first row").period;
    if (periodOf(schema.grain, day) < first) {
      const start = formatPeriod(schema.grain, first);
      throw new InputRefused([
        diagnose("period-outside", { message: `'${entity}' begins with the period that ends on ${start}`, found: date }),
      ]);
    }
    const trace = explainEntity(policy, schema, found.history, day);
    return {
      policy: { programme: policy.programme, version: policy.version, digest: policy.digest },
      dataset: { id: dataset.id, digest: dataset.digest },
      entity: found.name,
      period: formatPeriod(schema.grain, periodOf(schema.grain, day)),
      trace,
      account: accountOf(trace),
    };
  },
  print: ({ account }) => account.trimEnd(),
});
