/** `policy check`: what is wrong with policy files, where, and how it is cured; their cases; and whether a change keeps its budget. */
import { z } from "zod";
import { type Diagnostic, diagnose, hasErrors, InputRefused } from "../../data/foundation/index.ts";
import type { DatasetRecord } from "../../data/store/index.ts";
import { checkAgainstPanel, checkVolumes, diffPolicies, type Policy } from "../../policies/language/index.ts";
import { type CheckDocument, checkShape } from "./check-document.ts";
import { checkMarkdown } from "./check-markdown.ts";
import { checkSarif } from "./check-sarif.ts";
import { checkText } from "./check-text.ts";
import { defineOperation, type OperationContext } from "./operation.ts";
import { endingOf, requireWritable, writeWhole } from "./output-file.ts";
import { type PolicySource, type ResolvedPolicy, readPolicySource, resolveDataset, resolvePolicy } from "./resolve.ts";
import { datasetNameShape, diagnosticJson, policyShape } from "./shapes.ts";

const input = z.strictObject({
  files: z
    .array(policyShape)
    .min(1)
    .max(100)
    .describe("Policy files, or versions of the library; cases beside them are run")
    .meta({ examples: [["1.2.0.yaml"], [{ text: "extends: 1.0.0\nversion: 1.2.0" }]] }),
  dataset: datasetNameShape.optional(),
  against: policyShape.optional().describe("The policy in force: what changes is said, and guards are held against it"),
  guards: z
    .array(z.string().min(1).max(200))
    .max(50)
    .default([])
    .describe("A budget like 'movers at most 3 %'; guards.yaml beside the policy when none is given. Needs a dataset and a baseline"),
  sample: z.number().int().min(1).max(10_000_000).optional().describe("Entities that guards are replayed on at most; 20000 by default"),
  seed: z.number().int().min(0).max(4_294_967_295).default(1).describe("Seed of the sample"),
  format: z.enum(["text", "json", "markdown", "sarif"]).default("text").describe("How to print"),
  out: z
    .string()
    .min(1)
    .optional()
    .describe("File to write instead: its ending, .json, .md or .sarif, gives the form when --format does not"),
});

type Request = z.output<typeof input>;

export const policyCheck = defineOperation({
  name: "policy check",
  summary:
    "Checks policy files and runs the cases beside them: every fault with its place and its cure; with a dataset, also whether the policy fits it; against a baseline, what changes, and whether the change keeps its budget.",
  input,
  output: checkShape,
  isHeavy: true,
  command: { arguments: ["files"], only: ["against", "guards", "sample", "seed", "format", "out"], flags: { guards: "--guard" } },
  route: { method: "post", path: "/api/policies/check" },
  admit: (request) => {
    if (request.guards.length > 0) requireGuardInputs(request);
    if (request.out === undefined) return;
    formOf(request);
    requireWritable(request.out);
  },
  perform: async (request, context) => {
    const document = await check(request, context);
    if (request.out !== undefined) writeWhole(request.out, `${render(formOf(request), document)}\n`);
    return document;
  },
  print: (document, request) => {
    if (request.out !== undefined) return `Wrote ${request.out}`;
    return request.format === "text" ? checkText(document) : render(request.format, document);
  },
  exitCode: ({ diagnostics }) => (diagnostics.some((diagnostic) => diagnostic.severity === "error") ? 1 : 0),
});

interface Checked {
  readonly file: string;
  readonly policy?: Policy;
  readonly diagnostics: readonly Diagnostic[];
  readonly cases?: Awaited<ReturnType<typeof casesOf>>;
  readonly change?: Awaited<ReturnType<typeof changeOf>>;
}

async function check(request: Request, context: OperationContext): Promise<CheckDocument> {
  const baseline = request.against === undefined ? undefined : resolvePolicy(request.against, context);
  const checked: Checked[] = [];
  for (const source of request.files) checked.push(await checkOne(source, baseline, request, context));
  const cases = checked.flatMap((one) => one.cases ?? []);
  const changes = checked.flatMap(({ change }) => change ?? []);
  const reports = changes.flatMap(({ guards }) => guards ?? []);
  return {
    diagnostics: checked
      .flatMap(({ diagnostics, cases: run, change }) => [...diagnostics, ...(run?.diagnostics ?? []), ...(change?.diagnostics ?? [])])
      .map(diagnosticJson),
    cases: {
      passed: cases.reduce((sum, { outcome }) => sum + (outcome?.passed ?? 0), 0),
      failed: cases.reduce((sum, { outcome }) => sum + (outcome?.failed ?? 0), 0),
      notRun: cases.flatMap(({ file, outcome }) => (outcome?.coverage === undefined ? [file] : [])),
    },
    failures: cases.flatMap(({ outcome }) => outcome?.failures ?? []).map(({ place, ...failure }) => ({ ...failure, ...place })),
    coverage: cases.flatMap(({ file, outcome }) =>
      outcome?.coverage === undefined
        ? []
        : [{ file, passed: outcome.passed, failed: outcome.failed, ...outcome.coverage, uncovered: [...outcome.coverage.uncovered] }],
    ),
    policies: checked.flatMap(({ file, policy }) =>
      policy === undefined ? [] : [{ file, programme: policy.programme, version: policy.version, digest: policy.digest }],
    ),
    ...(baseline === undefined ? {} : { changes: changes.map(({ difference }) => difference) }),
    ...(reports.length === 0 ? {} : { guards: reports }),
  };
}

async function checkOne(
  source: PolicySource,
  baseline: ResolvedPolicy | undefined,
  request: Request,
  context: OperationContext,
): Promise<Checked> {
  const { policy, diagnostics, file } = attempt(() => readPolicySource(source, context));
  if (policy === undefined) return { file, diagnostics };
  const fit = request.dataset === undefined ? [] : fitDiagnostics(policy, file, resolveDataset(context.store, request.dataset));
  const found = [...diagnostics, ...fit];
  if (hasErrors(found)) return { file, policy, diagnostics: found };
  // A text that was sent has no neighbours, whatever name it bears.
  const cases = typeof source === "string" ? await casesOf(policy, file) : undefined;
  const change = baseline === undefined ? undefined : await changeOf({ policy, file, baseline, request, context });
  return { file, policy, diagnostics: found, ...(cases === undefined ? {} : { cases }), ...(change === undefined ? {} : { change }) };
}

/** What the dataset cannot fill: columns and windows, and the volumes that no window of it reaches. */
function fitDiagnostics(policy: Policy, file: string, { manifest: { schema, quality } }: DatasetRecord): readonly Diagnostic[] {
  const minorUnits = new Map(schema.measures.map(({ name, unit, decimals }) => [name, unit === "money" ? 10 ** decimals : 1]));
  const largest = new Map(
    quality.measures.flatMap(({ name, max }) => (max === undefined ? [] : [[name, max * (minorUnits.get(name) ?? 1)]])),
  );
  const periods = schema.lastPeriod - schema.firstPeriod + 1;
  return [...checkAgainstPanel(policy, schema, file), ...checkVolumes(policy, { grain: schema.grain, periods, largest })];
}

/** The cases beside a policy, with a note of what they do not reach. */
async function casesOf(policy: Policy, file: string) {
  const { runCasesBeside } = await import("../../policies/cases/index.ts");
  const run = runCasesBeside(policy, file);
  if (run === undefined) return undefined;
  // Of cases that could not be run nothing is said but why.
  const { uncovered, parts } = run.outcome?.coverage ?? { uncovered: [], parts: 0 };
  if (uncovered.length === 0) return run;
  const note = diagnose("not-covered", {
    message: `the cases do not reach ${uncovered.length} of ${parts} parts: ${uncovered.join(", ")}`,
    place: { file: run.file, line: 1, column: 1 },
  });
  return { ...run, diagnostics: [...run.diagnostics, note] };
}

interface ChangeRequest {
  readonly policy: Policy;
  readonly file: string;
  readonly baseline: ResolvedPolicy;
  readonly request: Request;
  readonly context: OperationContext;
}

/** What changes against the baseline, and how the guards come out. */
async function changeOf(change: ChangeRequest) {
  const { policy, file, baseline, request } = change;
  const { summary, changes } = diffPolicies(baseline.policy, policy);
  const against = `${baseline.policy.programme} ${baseline.policy.version}`;
  const difference = { file, version: policy.version, against, summary, changes: changes.map((one) => ({ ...one })) };
  if (request.dataset === undefined) return { difference, diagnostics: [] };
  const { checkGuards } = await import("./check-guards.ts");
  const { report, diagnostics } = await checkGuards({ ...change, dataset: request.dataset });
  return { difference, diagnostics, ...(report === undefined ? {} : { guards: report }) };
}

/** A file that cannot be read is a fault like any other: the remaining files are still checked. */
function attempt(read: () => ReturnType<typeof readPolicySource>): ReturnType<typeof readPolicySource> {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputRefused) || !hasErrors(error.diagnostics)) throw error;
    return { diagnostics: error.diagnostics, extended: [], text: "", file: "" };
  }
}

function requireGuardInputs({ dataset, against }: Request): void {
  if (dataset !== undefined && against !== undefined) return;
  const lacking = [...(against === undefined ? ["--against"] : []), ...(dataset === undefined ? ["--dataset"] : [])].join(" and ");
  throw new InputRefused([
    diagnose("bad-request", { message: `guards need ${lacking} too`, cure: "Name the policy in force and a dataset to replay both on." }),
  ]);
}

function formOf({ format, out = "" }: Request): "json" | "markdown" | "sarif" | "text" {
  if (format !== "text") return format;
  const ending = endingOf(out, ["json", "md", "sarif"]);
  return ending === "md" ? "markdown" : ending;
}

function render(form: "json" | "markdown" | "sarif" | "text", document: CheckDocument): string {
  switch (form) {
    case "json":
      return JSON.stringify(document, null, 2);
    case "markdown":
      return checkMarkdown(document);
    case "sarif":
      return JSON.stringify(checkSarif(document), null, 2);
    case "text":
      return checkText(document);
  }
}
