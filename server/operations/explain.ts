/** `explain`: why an entity stands where it stands. */
import { z } from "zod";
import { diagnose, formatPeriod, InputRefused, parseDay, present } from "../../data/foundation/index.ts";
import { openPanel } from "../../data/panel/index.ts";
import { versionsOf } from "../../policies/language/index.ts";
import { gatherPeers } from "../../simulations/replay/index.ts";
import { findEntity } from "./find-entity.ts";
import { onSoundDataset } from "./on-sound-dataset.ts";
import { defineOperation } from "./operation.ts";
import { requireFit, resolveDataset, resolvePeriod, resolvePolicy } from "./resolve.ts";
import { itemIdentity, requireItemFit, resolveItem } from "./resolve-item.ts";
import { datasetNameShape, dayShape, policyShape, versionsInForceShape } from "./shapes.ts";
import { policyIdentity } from "./stored-comparison.ts";

export const explain = defineOperation({
  name: "explain",
  summary: "Says step by step how a policy comes to the tier of one entity on one day, and gives the account in plain words.",
  input: z.strictObject({
    policy: policyShape
      .describe("Path, <programme>@<version>, or <programme>@in-force for the version that held then")
      .meta({ examples: ["seller-performance@2.0.0"] }),
    dataset: datasetNameShape,
    entity: z
      .string()
      .min(1)
      .max(1000)
      .describe("Key of the entity; columns of a composite key joined by a bar")
      .meta({ examples: ["S0000001"] }),
    date: dayShape.describe("A day; the period that holds it is explained, as its evaluation saw it").meta({ examples: ["2025-09-28"] }),
    against: policyShape
      .optional()
      .describe("Another version: which part of the two makes the difference, each as if it had held all along"),
  }),
  output: z.object({
    policy: z.object({ programme: z.string(), version: z.string(), digest: z.string(), versions: versionsInForceShape.optional() }),
    dataset: z.object({ id: z.string(), digest: z.string() }),
    entity: z.string(),
    period: z.string().describe("The period that holds the day"),
    trace: z.looseObject({}),
    account: z.string(),
    difference: z.looseObject({ text: z.string() }).optional().describe("With 'against': tiers, merited tiers, parts and text"),
  }),
  isHeavy: true,
  command: { arguments: [] },
  route: { method: "post", path: "/api/explanations" },
  perform: async ({ policy: source, dataset: name, entity, date, against }, context) => {
    // Loaded when it is needed: the slow evaluator brings a second of start time with it.
    const { accountOf, explainDifference, explainProgramme } = await import("../../policies/explain/index.ts");
    const dataset = resolveDataset(context.store, name);
    const { schema } = dataset.manifest;
    const resolved = resolveItem(source, context);
    requireItemFit(resolved, schema, dataset.id);
    const to = present(resolvePeriod(schema, "date", date), "the period of a checked day");
    const day = present(parseDay(date), "a checked day");
    const other = against === undefined ? undefined : resolvePolicy(against, context);
    if (other !== undefined) requireFit(other, schema);
    const panel = await onSoundDataset(dataset, async () => openPanel(dataset.folder));
    // One pass over the panel for all that compare.
    const compared = [resolved.item, ...(other === undefined ? [] : [other.policy])];
    const { found, gathered } = await onSoundDataset(dataset, async () => ({
      found: await findEntity(panel, entity),
      gathered: gatherPeers(panel, compared, to),
    }));
    const [peers, theirs] = gathered;
    if (found === undefined) {
      throw new InputRefused([
        diagnose("unknown-entity", { message: `no ${schema.entity} of ${dataset.id} is called '${entity}'`, found: entity }),
      ]);
    }
    const first = present(found.history.rows[0], "first row").period;
    if (to < first) {
      const start = formatPeriod(schema.grain, first);
      throw new InputRefused([
        diagnose("period-outside", { message: `'${entity}' begins with the period that ends on ${start}`, found: date }),
      ]);
    }
    const versions = versionsOf(resolved.item);
    const trace = explainProgramme(versions, schema, found.history, day, peers === undefined ? {} : { peers });
    const { policy } = present(
      versions.find((version) => version.policy.version === trace.version),
      "the version of the trace",
    );
    const { versions: inForce } = itemIdentity(resolved);
    const own = other === undefined || policy === resolved.item ? peers : gatherPeers(panel, [policy], to)[0];
    const sides = { ...(own === undefined ? {} : { a: own }), ...(theirs === undefined ? {} : { b: theirs }) };
    const difference = other === undefined ? undefined : explainDifference(policy, other.policy, schema, found.history, day, sides);
    return {
      policy: { ...policyIdentity(policy), ...(inForce === undefined ? {} : { versions: [...inForce] }) },
      dataset: { id: dataset.id, digest: dataset.digest },
      entity: found.name,
      period: formatPeriod(schema.grain, to),
      trace,
      account: accountOf(trace),
      ...(difference === undefined ? {} : { difference: { ...difference } }),
    };
  },
  print: ({ account, difference }) =>
    difference === undefined ? account.trimEnd() : `${account.trimEnd()}\n\nWhat makes the difference\n${difference.text}`,
});
