/** `comparison at-risk`: everybody who is warned of an adverse tier now, or would have been on an earlier day. */
import { z } from "zod";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import type { RunRecord } from "../../data/store/index.ts";
import { csvLines } from "../../views/index.ts";
import { entityName } from "./find-entity.ts";
import { onSoundDataset } from "./on-sound-dataset.ts";
import { defineOperation, type OperationContext } from "./operation.ts";
import { requireWritable, writeWhole } from "./output-file.ts";
import { resolveComparison, resolveDataset } from "./resolve.ts";
import { dayShape, estimatedShape, runNameShape } from "./shapes.ts";
import { provenanceOf } from "./stored-comparison.ts";
import { storedOptions } from "./stored-options.ts";
import { textTable } from "./text-table.ts";

const input = z.strictObject({
  run: runNameShape,
  policy: z.string().min(1).max(100).optional().describe("Version whose adverse tiers are warned of; the first candidate by default"),
  at: dayShape.optional().describe("A day of the range: the alarms as they would have been raised then; its last by default"),
  format: z.enum(["text", "csv"]).default("text").describe("How to print; csv: the list of entities"),
  out: z.string().min(1).optional().describe("File for the list of entities, as CSV"),
});

export const atRiskListShape = z.object({
  run: z.object({ id: z.string(), digest: z.string() }),
  version: z.string(),
  at: z.string(),
  horizonPeriods: z.number().int().describe("An alarm says that an adverse tier is held within so many periods"),
  eligible: z.number().int().describe("Entities in the frame that are not adverse"),
  alarms: z.number().int(),
  expected: z.number().optional().describe("Sum of the predicted risks of all that are eligible; absent without a model"),
  record: z
    .object({
      alarms: z.number().int(),
      hits: z.number().int(),
      exits: z.number().int(),
      precision: estimatedShape,
      recall: estimatedShape,
      baseRate: estimatedShape,
      lead: z.object({ lower: z.number(), median: z.number(), upper: z.number() }).optional(),
    })
    .describe("How such alarms did at the evaluations up to that day whose horizon was complete; lead in periods"),
  entities: z
    .array(
      z.object({
        entity: z.string(),
        rank: z.number().int(),
        risk: z.number(),
        tier: z.string(),
        margin: z.number().optional().describe("Score less the line that adverse tiers begin below"),
        scores: z.array(z.number()).describe("Of the last evaluations, the latest last"),
        demoteCount: z.number().int(),
        meritsAdverse: z.boolean(),
        isShielded: z.boolean(),
      }),
    )
    .describe("Everybody with an alarm, the highest predicted risk first"),
});

type AtRiskJson = z.output<typeof atRiskListShape>;

export const comparisonAtRisk = defineOperation({
  name: "comparison at-risk",
  summary:
    "Lists everybody who is warned of an adverse tier at the end of a stored comparison, or on an earlier day of it, with the predicted risk, and how such alarms did before: nothing after the day is read. Replays the history.",
  input,
  output: atRiskListShape,
  isHeavy: true,
  command: { arguments: [], only: ["format", "out"] },
  route: { method: "get", path: "/api/comparisons/{run}/at-risk" },
  admit: ({ run, policy, at, out }, { store }) => {
    const found = resolveComparison(store, run);
    versionOf(found, policy);
    requireWithin(found, at);
    if (out !== undefined) requireWritable(out);
  },
  perform: async (request, context) => {
    const answer = await listOf(request, context);
    if (request.out !== undefined) writeWhole(request.out, atRiskListCsv(answer));
    return answer;
  },
  print: (answer, { format, out }) => {
    if (out !== undefined) return `Wrote ${out}: ${answer.alarms} alarms`;
    return format === "csv" ? atRiskListCsv(answer).trimEnd() : printList(answer);
  },
});

/** The list as CSV (RFC 4180), a row an alarm; what was measured of earlier alarms stands in every row. */
export function atRiskListCsv(list: AtRiskJson): string {
  const { version, at, horizonPeriods, record, entities } = list;
  const { precision, lead } = record;
  const measured = [
    precision.kind === "estimate" ? precision.value : "",
    ...[lead?.lower, lead?.median, lead?.upper].map((periods) => periods ?? ""),
  ];
  const columns =
    "entity,version,at,rank,risk,tier,margin,last_score,evaluations_meriting_worse,merits_adverse,shielded,within_periods,past_precision,past_lead_lower,past_lead_median,past_lead_upper";
  const rows = entities.map((one) => {
    const { entity, rank, risk, tier, margin, scores, demoteCount, meritsAdverse, isShielded } = one;
    const state = [margin ?? "", scores.at(-1) ?? "", demoteCount, meritsAdverse ? 1 : 0, isShielded ? 1 : 0];
    return [entity, version, at, rank, risk, tier].concat(state, horizonPeriods, measured);
  });
  return csvLines([columns.split(","), ...rows]);
}

async function listOf(request: z.output<typeof input>, { store }: OperationContext): Promise<AtRiskJson> {
  const { listAlarms } = await import("../../simulations/comparison/index.ts");
  const run = resolveComparison(store, request.run);
  const { position, version } = versionOf(run, request.policy);
  const dataset = resolveDataset(store, run.datasetId);
  const { horizonPeriods, policy, entities } = await onSoundDataset(dataset, () =>
    listAlarms(storedOptions(run, dataset, { to: request.at }), position),
  );
  const { alarms, hits, exits, precision, recall, lead } = policy.model;
  return atRiskListShape.parse({
    run: { id: run.id, digest: run.digest },
    version,
    at: policy.now.at,
    horizonPeriods,
    eligible: policy.now.eligible,
    alarms: policy.now.alarms,
    ...(policy.now.expected === undefined ? {} : { expected: policy.now.expected }),
    record: { alarms, hits, exits, precision, recall, baseRate: policy.baseRate, ...(lead === undefined ? {} : { lead }) },
    entities: entities.map((one, index) => ({ ...one, entity: entityName(one.entity), rank: index + 1 })),
  });
}

/** Baseline first, as the comparison counts them. */
function versionOf(run: RunRecord, asked: string | undefined): { readonly position: number; readonly version: string } {
  const versions = provenanceOf(run)
    .policies.toSorted((a, b) => a.role.localeCompare(b.role))
    .map(({ policy }) => policy.version);
  const position = asked === undefined ? 1 : versions.indexOf(asked);
  const version = versions[position];
  if (version !== undefined) return { position, version };
  const message = `the run has no version '${asked ?? ""}'`;
  throw new InputRefused([diagnose("bad-request", { message, found: asked ?? "", expected: versions.join(", ") })]);
}

function requireWithin({ inputs }: RunRecord, at: string | undefined): void {
  const { from, to } = inputs as { readonly from: string; readonly to: string };
  if (at === undefined || (at >= from && at <= to)) return;
  const message = `'at' is ${at}, and the comparison runs from ${from} to ${to}`;
  throw new InputRefused([diagnose("period-outside", { message, found: at })]);
}

function printList({ version, at, horizonPeriods, eligible, alarms, expected, record, entities }: AtRiskJson): string {
  const { precision, baseRate, lead, hits } = record;
  const share = (one: AtRiskJson["record"]["precision"]): string =>
    one.kind === "estimate" ? `${(100 * one.value).toFixed(1)} %` : `not determined (${one.reason})`;
  if (expected === undefined) return `No alarm at ${at} under ${version}: too little has happened to warn anybody (${eligible} eligible)`;
  const rows = entities.map(({ entity, rank, risk, tier, margin, demoteCount, isShielded }) =>
    [rank, entity, risk.toFixed(3), tier, margin?.toFixed(1) ?? "", demoteCount, isShielded ? "yes" : ""].map(String),
  );
  return [
    `${alarms} alarms of ${eligible} at ${at} under ${version}; ${expected.toFixed(1)} entries into an adverse tier expected within ${horizonPeriods} periods`,
    `Such alarms before: ${hits} of ${record.alarms} came true, ${share(precision)}; base rate ${share(baseRate)}${lead === undefined ? "" : `; median lead ${lead.median} periods (half: ${lead.lower} to ${lead.upper})`}`,
    textTable(["rank", "entity", "risk", "tier", "margin", "meriting worse", "shielded"], rows),
  ].join("\n");
}
