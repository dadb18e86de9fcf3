/** `what-if`: the figures of a version whose parameters are moved, against a baseline, as fast as a slider moves. */
import { availableParallelism } from "node:os";
import { z } from "zod";
import { checkLimit, diagnose, formatPeriod, InputRefused, present } from "../../data/foundation/index.ts";
import { openPanel, type PeriodRange, requireRows } from "../../data/panel/index.ts";
import type { DatasetRecord } from "../../data/store/index.ts";
import { diffPolicies, type Policy } from "../../policies/language/index.ts";
import { distributionShape, movementFields, tiersShape } from "./comparison-shape.ts";
import { onSoundDataset } from "./on-sound-dataset.ts";
import { defineOperation, type OperationContext } from "./operation.ts";
import { changeShape } from "./policy-diff.ts";
import { requireFit, resolveDataset, resolvePolicy, resolveRange } from "./resolve.ts";
import { datasetNameShape, dayShape, diagnosticJson, diagnosticShape, policyShape } from "./shapes.ts";
import { findingsOf, movePolicy, partsOf, requireMovedFit } from "./what-if-candidate.ts";
import { type OpenSession, type OpenWhatIf, WhatIfSessions } from "./what-if-sessions.ts";

const isName = (text: string): boolean => /^[A-Za-z]\w{0,63}(?:\.[^.\r\n]{1,100})?$/.test(text);
const nameRule = "a parameter is named by letters, digits and underscores, and a text of it after a point";

/** How a candidate is asked for: what is moved, and what it is called. */
export const candidateFields = {
  policy: policyShape
    .describe("The version whose parameters move: <programme>@<version>; or a policy's own text, which is run as it stands")
    .meta({ examples: ["seller-performance@2.0.0"] }),
  values: z
    .record(z.string(), z.union([z.number(), z.string().min(1).max(60)]))
    .refine((values) => Object.keys(values).every(isName), nameRule)
    .default({})
    .describe(
      "By parameter, or by parameter and text (`claims_green.MX`), its new value: a number, or text with the unit as in the file, `8 %`",
    ),
  version: z.string().min(1).max(30).optional().describe("Number of the candidate; the next minor one of the programme by default"),
  title: z.string().min(1).max(200).optional().describe("Title of the candidate; the version's own by default"),
  rationale: z.string().min(1).max(4000).optional().describe("Why: what the candidate's file says; the moves by default"),
};

const input = z.strictObject({
  ...candidateFields,
  baseline: policyShape.optional().describe("What it is held against; the version itself by default"),
  dataset: datasetNameShape,
  from: dayShape.optional().describe("A day of the first period; the history's first by default"),
  to: dayShape.optional().describe("A day of the last period; the history's last complete one by default"),
  moving: z
    .array(z.string().refine(isName, nameRule))
    .max(256)
    .optional()
    .describe("Parameters that move from question to question: what depends on no other is kept; those of `values` by default"),
});

const side = { programme: z.string(), version: z.string(), tiers: tiersShape, distribution: distributionShape };

export const whatIfShape = z.object({
  panel: z.object({ digest: z.string(), entity: z.string(), grain: z.enum(["day", "week", "month"]), from: z.string(), to: z.string() }),
  baseline: z.object({ ...side, digest: z.string() }),
  candidate: z.object({
    ...side,
    movement: z.object({ ...movementFields, inFrame: z.number().int() }),
    newlyAdverse: z.number().int(),
    released: z.number().int(),
    gmv: z
      .object({
        at: z.string(),
        currency: z.string(),
        windowFrom: z.string(),
        windowRule: z.string().optional(),
        total: z.number(),
        entities: z.number().int().optional(),
        atStake: z.number(),
        lower: z.number(),
        higher: z.number(),
        other: z.number(),
      })
      .optional()
      .describe("As `compare` gives it, without intervals; absent without a measure of GMV"),
  }),
  difference: z
    .object({ summary: z.string(), changes: z.array(changeShape) })
    .describe("What changes of the version whose parameters move; where a text is run, of the baseline"),
  moved: z.array(z.string()),
  file: z
    .object({ name: z.string(), text: z.string() })
    .optional()
    .describe("The candidate's file, as `policy save` would keep it; absent while nothing is moved"),
  diagnostics: z.array(diagnosticShape).describe("Warnings and notes of the reader"),
  milliseconds: z.number().describe("How long the server took"),
});

export type WhatIfJson = z.output<typeof whatIfShape>;

export const whatIf = defineOperation({
  name: "what-if",
  summary:
    "Moves parameters of a version and gives the figures that a comparison would give, without intervals. The history stays in memory between questions; of several that wait only the last is answered.",
  input,
  output: whatIfShape,
  route: { method: "post", path: "/api/what-if" },
  perform: (request, context) => answer(request, context),
  print: ({ candidate, difference }) =>
    `${difference.summary} ${candidate.movement.movers} move, ${candidate.newlyAdverse} newly adverse, ${candidate.released} released.`,
});

async function answer(request: z.output<typeof input>, context: OperationContext): Promise<WhatIfJson> {
  const began = performance.now();
  const dataset = resolveDataset(context.store, request.dataset);
  requireRows(dataset.manifest);
  const { schema } = dataset.manifest;
  const tooLong = checkLimit("whatIfRows", dataset.manifest.rows);
  if (tooLong !== undefined)
    throw new InputRefused([
      { ...tooLong, cure: "Run a comparison, which reads the history piece by piece, or raise the limit in data/foundation/limits.ts." },
    ]);
  const moved = movePolicy(request, context);
  const { base, policy, candidate } = moved;
  const baseline = request.baseline === undefined ? base : resolvePolicy(request.baseline, context);
  for (const one of [baseline.policy, policy]) requireEntity(one, dataset);
  requireFit(baseline, schema);
  const diagnostics = requireMovedFit(moved, schema);
  const range = resolveRange(schema, request);
  const { tierViews } = await import("../../simulations/comparison/index.ts");
  const key = [dataset.digest, baseline.policy.digest, policy.programme, range.from, range.to].join(" ");
  const sessions = context.doors.whatIf ?? new WhatIfSessions();
  const follow = setInterval(() => {
    const share = sessions.shareRead(key);
    if (share === undefined) return;
    const { rows } = dataset.manifest;
    const stage = share < 1 ? "reading the history into memory" : "running the baseline";
    context.onProgress({ stage, done: Math.floor(share * rows), total: rows });
  }, progressMilliseconds).unref();
  try {
    const moving = new Set((request.moving ?? moved.moved).map((name) => partsOf(name).parameter));
    const question = { policy, moving: [...moving] };
    const asked = onSoundDataset(dataset, () =>
      sessions.ask(key, async (told) => await openWhatIf(dataset, baseline.policy, range, told), question),
    );
    // Said while the threads compute.
    const { summary, changes } = diffPolicies(typeof request.policy === "string" ? base.policy : baseline.policy, policy);
    const findings = findingsOf(moved);
    const figures = await asked;
    return {
      panel: {
        digest: dataset.digest,
        entity: schema.entity,
        grain: schema.grain,
        from: formatPeriod(schema.grain, range.from),
        to: formatPeriod(schema.grain, range.to),
      },
      baseline: {
        programme: baseline.policy.programme,
        version: baseline.policy.version,
        digest: baseline.policy.digest,
        tiers: [...tierViews(baseline.policy)],
        distribution: figures.baseline.map(({ period, tiers: held }) => ({ period, tiers: { ...held } })),
      },
      candidate: { programme: policy.programme, version: policy.version, tiers: [...tierViews(policy)], ...writable(figures.answer) },
      difference: { summary, changes: changes.map((change) => ({ ...change })) },
      moved: [...moved.moved],
      ...(candidate === undefined ? {} : { file: { name: candidate.file, text: candidate.text } }),
      diagnostics: [...findings, ...diagnostics].map(diagnosticJson),
      milliseconds: Math.round((performance.now() - began) * 10) / 10,
    };
  } finally {
    clearInterval(follow);
    if (context.doors.whatIf === undefined) await sessions.close();
  }
}

/** @throws InputRefused `policy-unfit`. */
function requireEntity({ programme, version, entity }: Policy, { id, manifest: { schema } }: DatasetRecord): void {
  const name = `${programme}@${version}`;
  if (entity !== schema.entity)
    throw new InputRefused([
      diagnose("policy-unfit", { message: `${name} scores ${entity}s, and ${id} holds ${schema.entity}s`, found: entity }),
    ]);
}

/** How often it is told how far the opening of a history is. */
const progressMilliseconds = 100;

/** Rows that are answered before a thread would have been told of the question. */
const rowsHere = 20_000;

async function openWhatIf(
  dataset: DatasetRecord,
  baseline: Policy,
  range: PeriodRange,
  follow: Parameters<OpenSession>[0],
): Promise<OpenWhatIf> {
  const { LiveComparison } = await import("../../simulations/comparison/index.ts");
  const panel = openPanel(dataset.folder);
  // Started once for many questions, so that two chunks are worth two.
  const threads = dataset.manifest.rows <= rowsHere ? 0 : Math.min(availableParallelism(), panel.chunkCount);
  const live = new LiveComparison({ baseline, panel, ...range, threads });
  follow(() => live.shareRead);
  try {
    const { distribution: held } = await live.baseline();
    return { live, baseline: held };
  } catch (error) {
    await live.close();
    throw error;
  }
}

function writable(answer: Awaited<ReturnType<WhatIfSessions["ask"]>>["answer"]) {
  const { movement } = answer;
  return {
    ...answer,
    distribution: answer.distribution.map(({ period, tiers: held }) => ({ period, tiers: { ...held } })),
    movement: {
      ...movement,
      rows: [...movement.rows],
      columns: [...movement.columns],
      matrix: movement.matrix.map((row) => [...row]),
      inFrame: present(movement.inFrame, "entities in the frame"),
    },
  };
}
