/** `compare`: what candidates would have done, against the policy in force. */
import { availableParallelism } from "node:os";
import { z } from "zod";
import {
  canonicalJson,
  checkLimit,
  diagnose,
  digestOfValue,
  formatDiagnostic,
  formatPeriod,
  InputRefused,
  limits,
} from "../../data/foundation/index.ts";
import { openPanel, requireRows } from "../../data/panel/index.ts";
import type { RunRecord } from "../../data/store/index.ts";
import type { Comparison } from "../../simulations/comparison/index.ts";
import { findBrowser } from "./browser.ts";
import { simulationDigest } from "./code-digest.ts";
import { comparisonDocument } from "./comparison-document.ts";
import { drawReportPages } from "./comparison-report.ts";
import { comparisonShape } from "./comparison-shape.ts";
import { comparisonText } from "./comparison-text.ts";
import { criteriaShape, readCriteria } from "./criteria.ts";
import { onSoundDataset } from "./on-sound-dataset.ts";
import { defineOperation, type OperationContext } from "./operation.ts";
import { endingOf, requireWritable, writeWhole } from "./output-file.ts";
import { programVersion } from "./program-version.ts";
import { type ReportEnding, reportEndings, reportFile, reportText } from "./report-file.ts";
import { type ResolvedPolicy, resolveDataset, resolvePolicy, resolveRange, resolveRun } from "./resolve.ts";
import { resolveAssumptions } from "./resolve-assumptions.ts";
import { requireItemFit } from "./resolve-item.ts";
import { resolveSegments } from "./resolve-segments.ts";
import { datasetNameShape, dayShape, policyShape } from "./shapes.ts";
import { shellWord } from "./shell-word.ts";
import { type KeptCriteria, policyIdentity, provenanceOf, runPolicyOf, storedComparison } from "./stored-comparison.ts";

/** What is compared, and over what. */
export const comparisonFields = {
  baseline: policyShape.describe("The policy in force: path, or <programme>@<version>").meta({ examples: ["seller-performance@1.0.0"] }),
  candidates: z
    .array(policyShape)
    .min(1)
    .meta({ maxItems: limits.candidates.value })
    .describe("What is proposed; up to five")
    .meta({ examples: [["seller-performance@2.0.0"]] }),
  dataset: datasetNameShape,
  from: dayShape.optional().describe("A day of the first period; the history's first by default"),
  to: dayShape.optional().describe("A day of the last period; the history's last complete one by default"),
  seed: z.number().int().min(0).max(4_294_967_295).default(1).describe("Seed of the bootstrap"),
  replicates: z.number().int().min(100).max(limits.bootstrapReplicates.value).optional().describe("Bootstrap replicates"),
  criteria: criteriaShape
    .optional()
    .describe(
      "A file of criteria, written before the result is known: lines like 'movers at most 3 %'; read as pass, fail or undetermined",
    ),
  segments: z
    .array(z.string().min(1).max(200))
    .optional()
    .describe(
      "What to part entities by: text attributes of the dataset, size, age; all by default. Everyone is replayed and counted whatever is chosen",
    ),
  level: z.number().min(0.5).max(0.999).optional().describe("Level of the intervals"),
  assumptions: policyShape
    .optional()
    .describe("File of assumptions about how buyers and sellers react; policies/library/behaviour.yaml by default"),
};

/** Options that are named by one of what they list. */
export const comparisonFlags = { candidates: "--candidate", segments: "--segment" } as const;

const input = z.strictObject({
  ...comparisonFields,
  format: z
    .enum(["text", ...reportEndings])
    .default("text")
    .describe("How to print; a PDF needs Chromium and --out"),
  out: z
    .string()
    .min(1)
    .optional()
    .describe("File to write instead: its ending, .json, .csv, .html, .pdf or .ipynb, gives the form when --format does not"),
});

type Request = z.output<typeof input>;

export const compare = defineOperation({
  name: "compare",
  summary: "Replays a baseline and its candidates over the same history, paired by entity, and keeps the comparison as a run.",
  input,
  output: comparisonShape,
  isLong: true,
  command: { arguments: [], only: ["format", "out"], flags: comparisonFlags },
  route: { method: "post", path: "/api/comparisons" },
  title: ({ baseline, candidates, dataset }) => `Compare ${candidates.map(nameOf).join(", ")} with ${nameOf(baseline)} on ${dataset}`,
  admit: (request, context) => {
    planComparison(request, context);
    if (formOf(request) === "pdf") findBrowser();
    if (request.out === undefined) return;
    requireWritable(request.out);
  },
  recall: (request, context) => {
    const run =
      request.out === undefined ? context.store.runs.findByInputs("comparison", planComparison(request, context).inputs) : undefined;
    return run === undefined ? undefined : comparisonDocument(context.store, run);
  },
  perform: async (request, context) => {
    const run =
      context.store.runs.findByInputs("comparison", planComparison(request, context).inputs) ?? (await computeComparison(request, context));
    const form = formOf(request);
    if (request.out !== undefined && form !== "text") writeWhole(request.out, await reportFile(context.store, run, form, { mode: "full" }));
    return comparisonDocument(context.store, run);
  },
  link: ({ run }) => `/runs/${run.id}/report`,
  print: (comparison, request, context) => {
    if (request.out !== undefined) return `Wrote ${request.out}`;
    const form = formOf(request);
    const run = resolveRun(context.store, comparison.run.id);
    return form === "text" || form === "pdf"
      ? comparisonText(context.store, run, comparison)
      : reportText(context.store, run, form, { mode: "full" });
  },
});

/** Everything that determines the result. @throws InputRefused when a name, a policy or the range is wrong. */
export function planComparison(request: Omit<Request, "format" | "out">, context: OperationContext) {
  const breach = checkLimit("candidates", request.candidates.length);
  if (breach !== undefined) throw new InputRefused([breach]);
  const dataset = resolveDataset(context.store, request.dataset);
  requireRows(dataset.manifest);
  const { schema } = dataset.manifest;
  const baseline = resolvePolicy(request.baseline, context);
  const candidates = request.candidates.map((source) => resolvePolicy(source, context));
  requireDistinct(candidates);
  const warnings = requireItemFit({ versions: [baseline, ...candidates] }, schema, dataset.id).map(formatDiagnostic);
  const range = resolveRange(schema, request);
  const assumptions = resolveAssumptions(request.assumptions, context);
  const segments = resolveSegments(request.segments, schema);
  const { programme } = baseline.policy;
  const criteria = request.criteria === undefined ? undefined : readCriteria(request.criteria, { programme, schema, segments }, context);
  const inputs = {
    dataset: dataset.digest,
    baseline: policyIdentity(baseline.policy),
    candidates: candidates.map(({ policy }) => policyIdentity(policy)),
    from: formatPeriod(schema.grain, range.from),
    to: formatPeriod(schema.grain, range.to),
    seed: request.seed,
    replicates: request.replicates,
    level: request.level,
    segments,
    assumptions: assumptions.digest,
    criteria: criteria?.digest,
    code: simulationDigest(),
  };
  return { dataset, baseline, candidates, range, segments, assumptions, inputs, criteria, warnings: [...new Set(warnings)] };
}

/** A report knows its candidates by version. The baseline again as a candidate is fine: that is the null reform. */
function requireDistinct(candidates: readonly ResolvedPolicy[]): void {
  for (const [index, { policy, reference }] of candidates.entries()) {
    const earlier = candidates.slice(0, index).find((other) => other.policy.version === policy.version);
    if (earlier === undefined) continue;
    const message = `'${earlier.reference}' and '${reference}' are both version ${policy.version}`;
    throw new InputRefused([diagnose("duplicate-candidate", { message, found: policy.version })]);
  }
}

async function computeComparison(request: Request, context: OperationContext): Promise<RunRecord> {
  const { compareOnThreads } = await import("../../simulations/comparison/index.ts");
  const { threadsFor } = await import("../../simulations/replay/index.ts");
  const { knownTruth } = await import("./known-truth.ts");
  const { dataset, baseline, candidates, range, segments, assumptions, inputs, criteria, warnings } = planComparison(request, context);
  const { store, onProgress } = context;
  // Criteria change no figure: the same question without them, or with others, was answered already.
  const same = store.runs.findByInputs("comparison", { ...inputs, criteria: undefined });
  const comparison = await (same === undefined ? replayBoth() : storedComparison(store, same));
  const policies = [baseline.policy, ...candidates.map(({ policy }) => policy)];
  const truth = same === undefined ? undefined : provenanceOf(same).knownTruth;
  const run = store.runs.keep({
    kind: "comparison",
    title: `${baseline.policy.programme}: ${candidates.map(({ policy }) => policy.version).join(", ")} against ${baseline.policy.version}`,
    digest: digestOfValue(comparison),
    datasetId: dataset.id,
    inputs,
    provenance: {
      policies: [runPolicyOf("baseline", baseline), ...candidates.map((candidate) => runPolicyOf("candidate", candidate))],
      command: commandOf(request, dataset.id, inputs, criteria),
      program: programVersion(),
      warnings,
      ...(criteria === undefined ? {} : { criteria }),
      knownTruth: truth ?? (await knownTruth({ dataset, policies, comparison, ...range })),
    },
    result: JSON.parse(canonicalJson(comparison)),
  });
  onProgress({ stage: "Drawing the report", done: 0, total: 1 });
  drawReportPages(store, run);
  onProgress({ stage: "Drawing the report", done: 1, total: 1 });
  return run;

  function replayBoth(): Promise<Comparison> {
    return onSoundDataset(dataset, () => {
      const panel = openPanel(dataset.folder, { recycle: true });
      return compareOnThreads({
        baseline: baseline.policy,
        candidates: candidates.map(({ policy }) => policy),
        panel,
        threads: threadsFor(panel, { processors: availableParallelism(), policies: 1 + candidates.length, isComparison: true }),
        ...range,
        seed: request.seed,
        assumptions,
        ...(request.replicates === undefined ? {} : { replicates: request.replicates }),
        ...(request.level === undefined ? {} : { level: request.level }),
        ...(segments === undefined ? {} : { segments }),
        onProgress: (done: number, total: number) => onProgress({ stage: "Comparing", done, total }),
      });
    });
  }
}

/** The command that gives the same run on another machine that holds the dataset. */
function commandOf(
  request: Request,
  datasetId: string,
  range: { readonly from: string; readonly to: string; readonly segments: readonly string[] | undefined },
  criteria: KeptCriteria | undefined,
): string {
  return [
    `npx counterweight compare --baseline ${shellWord(nameOf(request.baseline))}`,
    ...request.candidates.map((candidate) => `--candidate ${shellWord(nameOf(candidate))}`),
    `--dataset ${datasetId} --from ${range.from} --to ${range.to} --seed ${request.seed}`,
    ...(request.replicates === undefined ? [] : [`--replicates ${request.replicates}`]),
    ...(request.level === undefined ? [] : [`--level ${request.level}`]),
    ...(range.segments ?? []).map((segment) => `--segment ${shellWord(segment)}`),
    ...(request.assumptions === undefined ? [] : [`--assumptions ${shellWord(nameOf(request.assumptions))}`]),
    ...(criteria === undefined ? [] : [`--criteria ${shellWord(criteria.file)}`]),
  ].join(" \\\n  ");
}

function nameOf(source: Request["baseline"]): string {
  return typeof source === "string" ? source : source.file;
}

/** @throws InputRefused `output-unwritable`; `bad-request` for a PDF without a file. */
function formOf({ format, out }: Request): "text" | ReportEnding {
  if (format === "pdf" && out === undefined) {
    const cure = "Name a file with --out FILE.pdf.";
    throw new InputRefused([diagnose("bad-request", { message: "'out' is missing: a PDF is no text", cure })]);
  }
  return format === "text" && out !== undefined ? endingOf(out, reportEndings) : format;
}
