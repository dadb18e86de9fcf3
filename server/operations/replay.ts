/** `replay`: one policy over one history, by itself or with the tiers that it holds paired with those of a baseline. */
import { existsSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { z } from "zod";
import {
  diagnose,
  digestOfValue,
  formatDiagnostic,
  formatPeriod,
  InputRefused,
  present,
  requireExact,
} from "../../data/foundation/index.ts";
import { type GroupsAt, openPanel, type PanelSchema, type PeriodRange, requireRows } from "../../data/panel/index.ts";
import type { RunRecord } from "../../data/store/index.ts";
import { type Policy, type Programme, programmeTiers, versionsOf } from "../../policies/language/index.ts";
import type { LabelCounts, PairedGroups } from "../../simulations/comparison/index.ts";
import type { ReplaySummary, ShardFrame } from "../../simulations/replay/index.ts";
import { enginesDigest, simulationDigest } from "./code-digest.ts";
import { readConnection } from "./connections.ts";
import { clearFrameParts, framePath, keptFramePath, newFramePath } from "./frame-path.ts";
import { onSoundDataset } from "./on-sound-dataset.ts";
import { defineOperation, type OperationContext } from "./operation.ts";
import { nameBeside, pairedFacts, pairedFields, pairedResult, pairedText } from "./paired-replay.ts";
import { programVersion } from "./program-version.ts";
import type { EngineReplay } from "./replay-engines.ts";
import { resolveDataset, resolveRange } from "./resolve.ts";
import { itemIdentity, type ResolvedVersionItem, requireItemFit, resolveItem, resolveVersion, runPoliciesOf } from "./resolve-item.ts";
import { datasetNameShape, dayShape, policyShape, runShape, versionsInForceShape } from "./shapes.ts";
import { shellWord } from "./shell-word.ts";
import { textTable } from "./text-table.ts";

const input = z.strictObject({
  policy: policyShape
    .describe("Path, <programme>@<version>, or <programme>@in-force for its versions as they followed one another")
    .meta({ examples: ["seller-performance@1.0.0"] }),
  against: policyShape
    .optional()
    .describe(
      "A baseline, path or <programme>@<version>: it is replayed too, and everyone counted by the tiers held under both; on whatever engine",
    ),
  dataset: datasetNameShape,
  from: dayShape.optional().describe("A day of the first period; the history's first by default"),
  to: dayShape.optional().describe("A day of the last period; the history's last complete one by default"),
  engine: z
    .string()
    .refine(
      (name) => /^[a-z][a-z0-9-]{0,99}$/.test(name),
      "an engine is kernels, duckdb or the name of a connection: lower-case letters, digits and hyphens",
    )
    .default("kernels")
    .describe("What computes it: kernels, duckdb (the policy as SQL, embedded), or a connection of the home's connections.yaml"),
  out: z
    .string()
    .min(1)
    .optional()
    .describe(
      "File for the frame, a row for each entity and period, with every metric, score, ledger and condition: .arrow, .parquet or .csv",
    ),
  frame: z.boolean().default(false).describe("Keeps the frame with the run, as Parquet: GET /api/runs/{run}/frame gives it"),
});

const policyNamed = z.object({ programme: z.string(), version: z.string(), digest: z.string() });

const replayedFields = {
  periods: z.array(
    z.object({
      period: z.string(),
      tiers: z.record(z.string(), z.number().int()).describe("Entities by held tier"),
      gmv: z.record(z.string(), z.number()).optional().describe("GMV by held tier, in minor units"),
    }),
  ),
  startMatters: z
    .object({
      periods: z.number().int(),
      lastPeriod: z.string().optional(),
      entitiesAtEnd: z.number().int(),
      entitiesAsked: z.number().int(),
    })
    .describe("For how long the tier depends on the tier before the first evaluation"),
};

const resultShape = z.object({
  policy: policyNamed.extend({ versions: versionsInForceShape.optional() }),
  dataset: z.object({ id: z.string(), digest: z.string() }),
  entities: z.number().int().describe("Entities with a row in the range"),
  entityPeriods: z.number().int(),
  ...replayedFields,
  against: z
    .object({ policy: policyNamed, ...replayedFields, ...pairedFields })
    .optional()
    .describe("The baseline, and who holds which tier under both; where one was named"),
});

type Request = z.output<typeof input>;
type Answer = z.output<typeof resultShape> & {
  readonly run: z.output<typeof runShape>;
  readonly frame?: { readonly address: string; readonly bytes: number };
};

export const replay = defineOperation({
  name: "replay",
  summary: "Runs one policy over a history: score, tier and state for every entity and period.",
  input,
  output: resultShape.extend({
    run: runShape.describe(
      "The digest is that of the whole frame; of an engine that was asked for sums only, and with a baseline, that of the sums",
    ),
    frame: z.object({ address: z.string(), bytes: z.number().int() }).optional().describe("Where it was asked to be kept"),
  }),
  isLong: true,
  command: { arguments: [], only: ["out"], not: ["frame"] },
  route: { method: "post", path: "/api/replays" },
  title: ({ policy, against, dataset }) =>
    `Replay ${nameOf(policy)}${against === undefined ? "" : ` against ${nameOf(against)}`} on ${dataset}`,
  admit: (request, context) => {
    const { dataset, resolved } = plan(request, context);
    if (!isElsewhere(request)) requireRows(dataset.manifest);
    requireEngineFor(request, resolved.item, context);
    if (request.out !== undefined) framePath(request.out);
  },
  recall: findStored,
  perform: async (request, context) =>
    findStored(request, context) ?? storedReplay(await computeReplay(request, context), request, context),
  clearAfterDeath: ({ out }) => {
    if (out !== undefined) clearFrameParts(out);
  },
  link: ({ dataset, frame, against, run }) =>
    against !== undefined ? `/runs/${run.id}` : `/datasets/${dataset.id}${frame === undefined ? "" : "#frames"}`,
  print: ({ policy, periods, run, startMatters, against }, { out }) => {
    const tiers = Object.keys(periods[0]?.tiers ?? {});
    return [
      ...(against === undefined ? [] : [pairedText(pairedFacts(against, { baseline: against.policy, candidate: policy }))]),
      `${policy.programme} ${policy.version}, run ${run.id}, ${against === undefined ? "frame" : "sums"} ${run.digest}`,
      textTable(
        ["period", ...tiers],
        periods.map(({ period, tiers: counts }) => [period, ...tiers.map((tier) => String(counts[tier] ?? 0))]),
      ),
      startMatters.entitiesAtEnd === 0
        ? `The start tier matters for ${startMatters.periods} periods.`
        : `The start tier still matters for ${startMatters.entitiesAtEnd} entities in the last period.`,
      ...(out === undefined ? [] : [`Wrote ${out}`]),
    ].join("\n");
  },
});

/** A frame that was asked for is part of it; one for a file of the caller's is always made. */
function findStored(request: Request, context: OperationContext): Answer | undefined {
  if (request.out !== undefined) return undefined;
  const run = context.store.runs.findByInputs("replay", plan(request, context).inputs);
  if (run === undefined || (request.frame && !existsSync(keptFramePath(context.store.home, run.id)))) return undefined;
  return storedReplay(run, request, context);
}

function plan(request: Request, context: OperationContext) {
  const dataset = resolveDataset(context.store, request.dataset);
  const { schema } = dataset.manifest;
  const pair =
    request.against === undefined
      ? undefined
      : { baseline: resolveVersion(request.against, context), candidate: resolveVersion(request.policy, context) };
  const resolved = pair?.candidate ?? resolveItem(request.policy, context);
  const versions = [...(pair?.baseline.versions ?? []), ...resolved.versions];
  const warnings = [...new Set(requireItemFit({ versions }, schema, dataset.id).map(formatDiagnostic))];
  const range = resolveRange(schema, request);
  const inputs = {
    dataset: dataset.digest,
    policy: itemIdentity(resolved),
    ...(pair === undefined ? {} : { against: itemIdentity(pair.baseline) }),
    from: formatPeriod(schema.grain, range.from),
    to: formatPeriod(schema.grain, range.to),
    engine: request.engine,
    code: request.engine === "kernels" ? simulationDigest() : enginesDigest(),
    // The kernels digest their frames anyway.
    ...(wantsFrame(request) && request.engine !== "kernels" ? { frame: true } : {}),
  };
  return { dataset, schema, resolved, pair, range, inputs, warnings };
}

function wantsFrame({ out, frame }: Request): boolean {
  return frame || out !== undefined;
}

async function computeReplay(request: Request, context: OperationContext): Promise<RunRecord> {
  const { dataset, schema, resolved, pair, range, inputs, warnings } = plan(request, context);
  const against = pair?.baseline;
  const single = requireEngineFor(request, resolved.item, context);
  const identity = itemIdentity(resolved);
  const { frameTable, ownColumns, replayOnThreads, replayWithDigests, threadsFor } = await import("../../simulations/replay/index.ts");
  const { beginFrameFile } = await import("./frame-file.ts");
  const paired = pair === undefined ? undefined : await pairing(pair, schema, range);
  const file = wantsFrame(request) ? beginFrameFile(request.out ?? newFramePath(context.store.home, inputs)) : undefined;
  const tiers = programmeTiers(versionsOf(resolved.item)).names;
  const own = ownColumns(resolved.item);
  const take = ({ rows, frame }: ShardFrame) => file?.write(frameTable({ schema, chunk: rows, frame, tiers, own, ...range }));
  try {
    const summary = await onSoundDataset(dataset, () => {
      const panel = openPanel(dataset.folder, { recycle: file === undefined, elsewhere: isElsewhere(request) });
      const what = {
        policies: against === undefined ? [resolved.item] : [against.item, resolved.item],
        paired: against !== undefined,
        panel,
        ...range,
        onProgress: (done: number, total: number) => context.onProgress({ stage: "Replaying", done, total }),
      };
      if (single !== undefined) {
        const frames = file === undefined ? undefined : { take, finish: file.finish };
        return onEngine(
          request.engine,
          { ...what, policy: single, against: against?.item, groupsOf: paired?.groupsOf, inputs: digestOfValue(inputs), frames },
          context,
        );
      }
      const groups = paired === undefined ? {} : { groups: paired.groupsOf(paired.countLabels(panel)) };
      if (file === undefined)
        return replayOnThreads({
          ...what,
          ...groups,
          threads: threadsFor(panel, { processors: availableParallelism(), policies: what.policies.length }),
        });
      return replayWithDigests({
        ...what,
        ...groups,
        columns: own.map(({ name }) => name),
        visit: (rows, frames) => take({ rows, frame: present(frames.at(-1), "frame") }),
      });
    });
    if (single === undefined) await file?.finish();
    const { entities, entityPeriods, policies } = summary;
    const last = policies.length - 1;
    const result = {
      policy: identity,
      dataset: { id: dataset.id, digest: dataset.digest },
      entities,
      entityPeriods,
      ...replayedResult(summary, last),
      ...(pair === undefined || paired === undefined ? {} : { against: await againstResult(summary, pair, schema, paired.asked()) }),
    };
    return context.store.runs.keep({
      kind: "replay",
      title: `${identity.programme} ${identity.version}${against === undefined ? "" : ` against ${nameBeside(itemIdentity(against), identity)}`} on ${dataset.name}`,
      digest: (against === undefined ? policies[last]?.digest : undefined) ?? digestOfValue(result),
      datasetId: dataset.id,
      inputs,
      provenance: {
        policies:
          against === undefined
            ? runPoliciesOf(resolved, "baseline")
            : [...runPoliciesOf(against, "baseline"), ...runPoliciesOf(resolved, "candidate")],
        command: commandOf(request, { dataset: dataset.id, policy: resolved.reference, against: against?.reference, inputs }),
        program: programVersion(),
        warnings,
      },
      result,
    });
  } catch (error) {
    file?.abandon();
    throw error;
  }
}

/** The command that gives the same run. */
function commandOf(
  { engine }: Request,
  run: {
    readonly dataset: string;
    readonly policy: string;
    readonly against: string | undefined;
    readonly inputs: { readonly from: string; readonly to: string; readonly frame?: boolean };
  },
): string {
  const { from, to, frame } = run.inputs;
  return [
    `counterweight replay --policy ${shellWord(run.policy)}`,
    ...(run.against === undefined ? [] : [`--against ${shellWord(run.against)}`]),
    `--dataset ${run.dataset} --from ${from} --to ${to}`,
    ...(engine === "kernels" ? [] : [`--engine ${engine}`]),
    ...(frame === true ? ["--out frame.parquet"] : []),
  ].join(" ");
}

function nameOf(source: Request["policy"]): string {
  return typeof source === "string" ? source : source.file;
}

/** Whether it runs where the rows lie. */
function isElsewhere({ engine }: Request): boolean {
  return engine !== "kernels" && engine !== "duckdb";
}

/** The policy, when another engine than the kernels is asked for and can run it. @throws InputRefused. */
function requireEngineFor(request: Request, item: Policy | Programme, context: OperationContext): Policy | undefined {
  const { engine } = request;
  if (engine === "kernels") return undefined;
  const refuse = (message: string, cure: string) => new InputRefused([diagnose("engine-unfit", { message, found: engine, cure })]);
  if ("versions" in item)
    throw refuse("versions in force one after another are run by the kernels only", "Name one version, or leave --engine out.");
  if (isElsewhere(request)) readConnection(context.store.home, engine, []);
  return item;
}

async function onEngine(
  engine: string,
  what: Omit<EngineReplay, "home" | "onProgress" | "signal">,
  context: OperationContext,
): Promise<ReplaySummary> {
  const { replayOnEngine } = await import("./replay-engines.ts");
  const onProgress = (done: number, total: number) => context.onProgress({ stage: "Replaying shards", done, total });
  const signal = context.heedStop?.();
  return await replayOnEngine(engine, { ...what, home: context.store.home, onProgress, signal });
}

/** One policy's part. Every tier stands in every period, with 0 where nobody is. */
function replayedResult(summary: ReplaySummary, policy: number): Pick<z.output<typeof resultShape>, "periods" | "startMatters"> {
  const { tiers, tiersByPeriod, startMatters } = present(summary.policies[policy], "replay");
  const hasGmv = tiersByPeriod.request.sums.includes("gmv");
  const zeros = () => Object.fromEntries(tiers.map((tier) => [tier, 0]));
  const periods = new Map<string, { period: string; tiers: Record<string, number>; gmv: Record<string, number> }>();
  for (const { key, sums } of tiersByPeriod.cells) {
    const [period = "", tier = ""] = key;
    const entry = periods.get(period) ?? { period, tiers: zeros(), gmv: zeros() };
    entry.tiers[tier] = Number(sums[0]);
    entry.gmv[tier] = requireExact(Number(sums[1] ?? 0n), () => `GMV of ${period} in tier ${tier}`);
    periods.set(period, entry);
  }
  return {
    periods: [...periods.values()].map(({ gmv, ...counts }) => (hasGmv ? { ...counts, gmv } : counts)),
    startMatters: { ...startMatters },
  };
}

/** What the pairs are parted by, which depends on the dates that labels are about. */
async function pairing({ baseline, candidate }: PairedItems, schema: PanelSchema, range: PeriodRange) {
  const { countLabels, pairedGroups } = await import("../../simulations/comparison/index.ts");
  let asked: PairedGroups | undefined;
  const groupsOf = (labels: LabelCounts): GroupsAt => {
    asked = pairedGroups([baseline.item, candidate.item], schema, range, labels);
    return asked.groups;
  };
  return { countLabels, groupsOf, asked: () => present(asked, "what was asked") };
}

interface PairedItems {
  readonly baseline: ResolvedVersionItem;
  readonly candidate: ResolvedVersionItem;
}

/** The baseline's part, and what is paired. */
async function againstResult(
  summary: ReplaySummary,
  { baseline, candidate }: PairedItems,
  schema: PanelSchema,
  asked: PairedGroups,
): Promise<NonNullable<z.output<typeof resultShape>["against"]>> {
  const paired = await pairedResult(summary, [baseline.item, candidate.item], schema, asked);
  return { policy: itemIdentity(baseline), ...replayedResult(summary, 0), ...paired };
}

function storedReplay(run: RunRecord, request: Request, { store }: OperationContext): Answer {
  const stored = { ...resultShape.parse(store.runs.result(run.id)), run: { id: run.id, digest: run.digest } };
  if (!request.frame) return stored;
  return { ...stored, frame: { address: `/api/runs/${run.id}/frame`, bytes: statSync(keptFramePath(store.home, run.id)).size } };
}
