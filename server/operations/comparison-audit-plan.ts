/** `comparison audit-plan`: whom to audit so that a comparison's false-positive rates become known as well as wanted. */
import { z } from "zod";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import type { RunRecord } from "../../data/store/index.ts";
import type { AuditList, AuditRequest } from "../../simulations/comparison/index.ts";
import { csvLines } from "../../views/index.ts";
import { entityName } from "./find-entity.ts";
import { onSoundDataset } from "./on-sound-dataset.ts";
import { defineOperation, type OperationContext } from "./operation.ts";
import { requireWritable, writeWhole } from "./output-file.ts";
import { resolveComparison, resolveDataset } from "./resolve.ts";
import { runNameShape } from "./shapes.ts";
import { provenanceOf } from "./stored-comparison.ts";
import { storedOptions } from "./stored-options.ts";
import { textTable } from "./text-table.ts";

const pointsRule = "a half-width is written in percentage points, above 0 and at most 50: 0.5pp";
/** `0.5pp`, or `0.5`. */
const pointsShape = z
  .string()
  .max(20)
  .refine((text) => pointsOf(text) > 0 && pointsOf(text) <= 50, pointsRule);

const input = z.strictObject({
  run: runNameShape,
  candidate: z.string().min(1).max(100).optional().describe("Version of the candidate; the first by default"),
  halfWidth: pointsShape
    .default("0.5pp")
    .describe("Half-width of the interval of the change of the false-positive rate, in percentage points"),
  rateHalfWidth: pointsShape.default("1pp").describe("Half-width of the interval of each version's rate"),
  minimum: z.number().int().min(2).max(1000).default(10).describe("Audits in each stratum at least; all of a smaller one"),
  prior: z
    .enum(["labels", "worst-case"])
    .default("labels")
    .describe("Share of fine that is supposed: about as among the labelled, or one half everywhere"),
  holdoutHalfWidth: pointsShape.default("5pp").describe("Half-width of the false share that a holdout from enforcement would give"),
  holdoutShare: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.1)
    .describe("Of those held adverse, at most this share is left alone at a time; a share of 1"),
  seed: z.number().int().min(0).max(4_294_967_295).default(1).describe("Seed of the drawing: the same seed draws the same entities"),
  format: z.enum(["text", "csv"]).default("text").describe("How to print; csv: the list of entities"),
  out: z.string().min(1).optional().describe("File for the list of entities, as CSV"),
});

type Request = z.output<typeof input>;

const figureShape = z.object({ expected: z.number(), wantedHalfWidth: z.number(), halfWidth: z.number() });
const stratumShape = z.object({
  group: z.enum(["both", "newly", "released", "neither"]),
  size: z.string(),
  entities: z.number().int(),
  labelled: z.number().int(),
  fine: z.number().int(),
  prior: z.number(),
  audits: z.number().int(),
  probability: z.number(),
});

export const auditPlanShape = z.object({
  run: z.object({ id: z.string(), digest: z.string() }),
  candidate: z.string(),
  at: z.string().describe("The day whose frame is audited"),
  seed: z.number().int(),
  plan: z.object({
    goal: z.object({
      halfWidth: z.number(),
      rateHalfWidth: z.number(),
      minimum: z.number().int(),
      prior: z.enum(["labels", "worst-case"]),
      level: z.number(),
    }),
    frame: z.number().int(),
    audits: z.number().int(),
    strata: z.array(stratumShape),
    change: figureShape,
    baseline: figureShape,
    candidate: figureShape,
  }),
  holdout: z
    .object({
      version: z.string(),
      adverse: z.number().int(),
      falseShare: z.number(),
      wantedHalfWidth: z.number(),
      wanted: z.number().int(),
      shareMax: z.number(),
      allowed: z.number().int(),
      size: z.number().int(),
      harmfulLeftAlone: z.number(),
      rounds: z.number().int().optional(),
      halfWidth: z.number().optional(),
      effectHalfWidth: z.number().optional(),
    })
    .optional()
    .describe("A randomised holdout of the candidate's adverse tier; absent when it holds nobody adverse"),
  entities: z
    .array(z.object({ entity: z.string(), group: z.string(), size: z.string(), place: z.number().int(), probability: z.number() }))
    .describe("By stratum, in the order drawn: the first k of a stratum are a random sample of k"),
});

type AuditPlanJson = z.output<typeof auditPlanShape>;

export const comparisonAuditPlan = defineOperation({
  name: "comparison audit-plan",
  summary:
    "Says how many audits, in which strata, would make the false-positive rates of a stored comparison and their change known to a half-width, and draws the entities. Replays the history to find each entity's stratum.",
  input,
  output: auditPlanShape,
  isHeavy: true,
  command: { arguments: [], only: ["format", "out"] },
  route: { method: "get", path: "/api/comparisons/{run}/audit-plan" },
  admit: ({ run, candidate, out }, { store }) => {
    candidateOf(resolveComparison(store, run), candidate);
    if (out !== undefined) requireWritable(out);
  },
  perform: async (request, context) => {
    const run = resolveComparison(context.store, request.run);
    const { position, version } = candidateOf(run, request.candidate);
    const list = await listOf(run, request, position, context);
    const answer = {
      run: { id: run.id, digest: run.digest },
      candidate: version,
      ...list,
      entities: list.entities.map((one) => ({ ...one, entity: entityName(one.entity) })),
    };
    if (request.out !== undefined) writeWhole(request.out, auditListCsv(answer));
    return answer;
  },
  print: (answer, { format, out }) => {
    if (out !== undefined) return `Wrote ${out}: ${answer.plan.audits} entities to audit`;
    return format === "csv" ? auditListCsv(answer).trimEnd() : printPlan(answer);
  },
});

/** The list as CSV (RFC 4180), a row an entity. */
export function auditListCsv({ entities }: Pick<AuditPlanJson, "entities">): string {
  const columns = ["entity", "group", "size", "place", "probability"];
  return csvLines([columns, ...entities.map(({ entity, group, size, place, probability }) => [entity, group, size, place, probability])]);
}

async function listOf(run: RunRecord, request: Request, candidate: number, { store }: OperationContext): Promise<AuditList> {
  const { listAudits } = await import("../../simulations/comparison/index.ts");
  const dataset = resolveDataset(store, run.datasetId);
  const { to, level } = run.inputs as { readonly to: string; readonly level?: number };
  const wanted: AuditRequest = {
    candidate,
    goal: {
      halfWidth: pointsOf(request.halfWidth) / 100,
      rateHalfWidth: pointsOf(request.rateHalfWidth) / 100,
      minimum: request.minimum,
      prior: request.prior,
      level: level ?? 0.95,
    },
    holdout: { halfWidth: pointsOf(request.holdoutHalfWidth) / 100, shareMax: request.holdoutShare },
    seed: request.seed,
  };
  const list = await onSoundDataset(dataset, () => listAudits(storedOptions(run, dataset, { seed: request.seed }), wanted));
  if (list !== undefined) return list;
  throw new InputRefused([diagnose("bad-request", { message: `nobody is in the frame at ${to}, so there is nobody to audit`, found: to })]);
}

function candidateOf(run: RunRecord, asked: string | undefined): { readonly position: number; readonly version: string } {
  const versions = provenanceOf(run)
    .policies.filter(({ role }) => role === "candidate")
    .map(({ policy }) => policy.version);
  const position = asked === undefined ? 0 : versions.indexOf(asked);
  const version = versions[position];
  if (version !== undefined) return { position, version };
  const message = `the run has no candidate '${asked ?? ""}'`;
  throw new InputRefused([diagnose("bad-request", { message, found: asked ?? "", expected: versions.join(", ") })]);
}

/** Percentage points; NaN when the text is none. */
function pointsOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(?:\s*pp)?$/.exec(text.trim());
  return match === null ? Number.NaN : Number(match[1]);
}

function printPlan({ candidate, at, plan, holdout }: AuditPlanJson): string {
  const points = (share: number): string => `${(100 * share).toFixed(2)} pp`;
  const figure = (name: string, { halfWidth, wantedHalfWidth }: z.output<typeof figureShape>): string =>
    `${name}: +-${points(halfWidth)} expected, +-${points(wantedHalfWidth)} wanted`;
  const rows = plan.strata.map(({ group, size, entities, labelled, prior, audits, probability }) =>
    [group, size, entities, labelled, prior.toFixed(3), audits, probability.toFixed(4)].map(String),
  );
  return [
    `${plan.audits} audits of ${plan.frame} at ${at}, for ${candidate}`,
    figure("change of the false-positive rate", plan.change),
    figure("rate under the baseline", plan.baseline),
    figure("rate under the candidate", plan.candidate),
    textTable(["group", "size", "entities", "labelled", "supposed fine", "audits", "probability"], rows),
    ...(holdout === undefined
      ? []
      : [
          `Holdout of ${holdout.version}'s adverse tier: ${holdout.size} of ${holdout.adverse} (${holdout.wanted} wanted, cap ${holdout.allowed})`,
        ]),
    "The list: --format csv, or --out FILE",
  ].join("\n");
}
