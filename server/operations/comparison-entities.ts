/** `comparison entities`: who is in a cell of a stored comparison's movement matrix, and why. */
import { z } from "zod";
import {
  diagnose,
  formatDay,
  InputRefused,
  nearestName,
  type PeriodIndex,
  parseDay,
  periodOf,
  present,
} from "../../data/foundation/index.ts";
import { openPanel, type Panel, type PanelSchema } from "../../data/panel/index.ts";
import type { RunRecord } from "../../data/store/index.ts";
import { type Policy, tierNames } from "../../policies/language/index.ts";
import type { TiersAt } from "../../simulations/comparison/index.ts";
import { gatherPeers } from "../../simulations/replay/index.ts";
import { csvLines } from "../../views/index.ts";
import { entityName } from "./find-entity.ts";
import { onSoundDataset } from "./on-sound-dataset.ts";
import { defineOperation } from "./operation.ts";
import { resolveComparison, resolveDataset } from "./resolve.ts";
import { chosenRun } from "./run-differences.ts";
import { dayShape, runNameShape, runShape } from "./shapes.ts";
import { rangeOfRun } from "./stored-options.ts";
import { textTable } from "./text-table.ts";

/** Each reason is two accounts of the slow evaluator. */
const reasonsMost = 100;

const input = z.strictObject({
  run: runNameShape,
  baselineTier: z
    .string()
    .min(1)
    .max(200)
    .describe("Tier held under the baseline: a row of the matrix")
    .meta({ examples: ["standard"] }),
  candidateTier: z
    .string()
    .min(1)
    .max(200)
    .describe("Tier held under the candidate: a column of the matrix")
    .meta({ examples: ["watch"] }),
  candidate: z.string().min(1).max(100).optional().describe("Version of the candidate; the first by default"),
  at: dayShape.optional().describe("A day of the period; the last period of the range by default"),
  offset: z.number().int().min(0).default(0).describe("Entities to skip"),
  limit: z.number().int().min(1).max(100_000).default(50).describe("Entities to give at most"),
  reasons: z.boolean().default(false).describe(`Says of each what makes the difference; at most ${reasonsMost} at a time`),
  format: z.enum(["text", "csv"]).default("text").describe("How to print"),
});

export const comparisonEntitiesShape = z.object({
  run: runShape,
  at: z.string(),
  baseline: z.string(),
  candidate: z.string(),
  baselineTier: z.string(),
  candidateTier: z.string(),
  currency: z.string().optional(),
  entities: z.number().int().describe("All in the cell"),
  offset: z.number().int(),
  listed: z
    .array(
      z.object({
        entity: z.string(),
        gmv: z.number().optional().describe("Over the window of the figures at stake, in minor units"),
        baselineScore: z.number().optional(),
        candidateScore: z.number().optional(),
        reason: z.string().optional(),
      }),
    )
    .describe("The largest GMV first, then in the panel's order"),
});

/** A cell with a page of those in it. */
export type ComparisonEntities = z.output<typeof comparisonEntitiesShape>;

export const comparisonEntities = defineOperation({
  name: "comparison entities",
  summary:
    "Lists the entities in one cell of a stored comparison's movement matrix, at any date of its range, and why they are there. Replays the history, for a comparison keeps counts.",
  input,
  output: comparisonEntitiesShape,
  isHeavy: true,
  command: { arguments: ["run"], only: ["format"] },
  route: { method: "get", path: "/api/comparisons/{run}/entities" },
  admit: (request, { store }) => {
    cellOf(resolveComparison(store, request.run), request);
  },
  perform: async (request, { store }) => {
    const run = resolveComparison(store, request.run);
    const dataset = resolveDataset(store, run.datasetId);
    const { schema } = dataset.manifest;
    const { baseline, candidate } = cellOf(run, request);
    if (request.reasons && request.limit > reasonsMost) {
      const message = `'limit' is ${request.limit}, and reasons are given for at most ${reasonsMost} at a time`;
      throw new InputRefused([diagnose("bad-request", { message, cure: "Ask page by page, or leave the reasons out." })]);
    }
    const at = periodAt(run, schema, request.at);
    const { inCell, tiersAt } = await import("../../simulations/comparison/index.ts");
    return await onSoundDataset(dataset, async () => {
      const panel = openPanel(dataset.folder, { recycle: true });
      const held = tiersAt(panel, [baseline, candidate], at);
      const cell = inCell(held, { from: request.baselineTier, to: request.candidateTier });
      const shown = cell.slice(request.offset, request.offset + request.limit);
      const reasons = request.reasons ? await reasonsOf(panel, [baseline, candidate], { held, shown, at }) : undefined;
      const known = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? undefined : value);
      return {
        run: { id: run.id, digest: run.digest },
        at: formatDay(held.day),
        baseline: baseline.version,
        candidate: candidate.version,
        baselineTier: request.baselineTier,
        candidateTier: request.candidateTier,
        ...(schema.currency === undefined ? {} : { currency: schema.currency }),
        entities: cell.length,
        offset: request.offset,
        listed: shown.map((position) => {
          const [baselineScore, candidateScore] = [known(held.score[0]?.[position]), known(held.score[1]?.[position])];
          const reason = reasons?.get(position);
          return {
            entity: entityName(held.entities[position] ?? ""),
            ...(schema.gmvMeasure === undefined ? {} : { gmv: held.gmv[position] as number }),
            ...(baselineScore === undefined ? {} : { baselineScore }),
            ...(candidateScore === undefined ? {} : { candidateScore }),
            ...(reason === undefined ? {} : { reason }),
          };
        }),
      };
    });
  },
  print: (answer, { format }) => {
    if (format === "csv") return comparisonEntitiesCsv(answer).trimEnd();
    const { entities, offset, listed, baseline, candidate, baselineTier, candidateTier, at } = answer;
    const head = `${entities} hold ${baselineTier} under ${baseline} and ${candidateTier} under ${candidate}, at ${at}`;
    if (listed.length === 0) return entities === 0 ? head : `${head}; none from ${offset + 1} on`;
    const scores = listed.flatMap(({ baselineScore, candidateScore }) => [baselineScore ?? [], candidateScore ?? []].flat());
    const decimals = Math.max(0, ...scores.map((score) => String(score).split(".")[1]?.length ?? 0));
    const said = (score: number | undefined): string => score?.toFixed(decimals) ?? "";
    const rows = listed.map(({ entity, baselineScore, candidateScore, reason = "" }) => [
      entity,
      said(baselineScore),
      said(candidateScore),
      reason,
    ]);
    return [`${head}; ${offset + 1} to ${offset + listed.length}:`, textTable(["entity", baseline, candidate, "why"], rows)].join("\n");
  },
});

/** The list as CSV (RFC 4180), a row an entity; GMV in minor units. */
export function comparisonEntitiesCsv({ listed, ...answer }: ComparisonEntities): string {
  const { at, baseline, candidate, baselineTier, candidateTier, currency = "" } = answer;
  const head = [
    "entity",
    "at",
    "baseline",
    "baseline_tier",
    "baseline_score",
    "candidate",
    "candidate_tier",
    "candidate_score",
    "gmv_minor",
    "currency",
  ];
  const hasReasons = listed.some(({ reason }) => reason !== undefined);
  return csvLines([
    hasReasons ? [...head, "why"] : head,
    ...listed.map(({ entity, baselineScore = "", candidateScore = "", gmv = "", reason = "" }) => {
      const row = [entity, at, baseline, baselineTier, baselineScore, candidate, candidateTier, candidateScore, gmv, currency];
      return hasReasons ? [...row, reason] : row;
    }),
  ]);
}

/** The two policies of a cell, its tiers checked. @throws InputRefused `bad-request`. */
function cellOf(run: RunRecord, { candidate: asked, baselineTier, candidateTier }: z.output<typeof input>) {
  const { baseline, candidate } = chosenRun(run, asked);
  for (const [policy, tier] of [
    [baseline, baselineTier],
    [candidate, candidateTier],
  ] as const) {
    const known = tierNames(policy);
    if (known.includes(tier)) continue;
    const message = `version ${policy.version} has no tier ${JSON.stringify(tier)}`;
    throw new InputRefused([diagnose("not-found", { message, found: tier, expected: known.join(", "), near: nearestName(tier, known) })]);
  }
  return { baseline, candidate };
}

/** The period that holds a day of the run's range. @throws InputRefused `period-outside`. */
function periodAt(run: RunRecord, schema: PanelSchema, at: string | undefined): PeriodIndex {
  const { from, to } = rangeOfRun(run, schema);
  const period = at === undefined ? to : periodOf(schema.grain, present(parseDay(at), "a checked day"));
  if (period >= from && period <= to) return period;
  const message = `run ${run.id} goes from ${String(run.inputs["from"])} to ${String(run.inputs["to"])}; 'at' is ${String(at)}`;
  throw new InputRefused([diagnose("period-outside", { message, found: String(at) })]);
}

/** Who is asked about: positions in what is held at a period. */
interface Asked {
  readonly held: TiersAt;
  readonly shown: readonly number[];
  readonly at: PeriodIndex;
}

/** What makes the difference for each, in plain sentences, by position. Each chunk that holds one of them is read once. */
async function reasonsOf(
  panel: Panel,
  [baseline, candidate]: readonly [Policy, Policy],
  { held, shown, at }: Asked,
): Promise<ReadonlyMap<number, string>> {
  const { entityHistory, explainDifference } = await import("../../policies/explain/index.ts");
  const [a, b] = gatherPeers(panel, [baseline, candidate], at);
  const peers = { ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) };
  const reasons = new Map<number, string>();
  for (const index of new Set(shown.map((position) => held.chunk[position] as number))) {
    const chunk = panel.readChunk(index);
    for (const position of shown.filter((one) => held.chunk[one] === index)) {
      const history = entityHistory(panel.schema, chunk, held.inChunk[position] as number);
      reasons.set(position, explainDifference(baseline, candidate, panel.schema, history, held.day, peers).text);
    }
  }
  return reasons;
}
