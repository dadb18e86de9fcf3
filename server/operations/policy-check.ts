/** `policy check`: what is wrong with policy files, where, and how it is cured. */
import { z } from "zod";
import { formatDiagnostic, hasErrors, InputRefused } from "../../data/foundation/index.ts";
import { checkAgainstPanel } from "../../policies/language/index.ts";
import { defineOperation } from "./operation.ts";
import { readPolicySource, resolveDataset } from "./resolve.ts";
import { datasetNameShape, diagnosticJson, diagnosticShape, policyShape } from "./shapes.ts";

export const policyCheck = defineOperation({
  name: "policy check",
  summary: "Checks policy files: every fault with its place and its cure; with a dataset, also whether the policy fits it.",
  input: z.strictObject({
    files: z.array(policyShape).min(1).max(100).describe("Policy files, or versions of the library"),
    dataset: datasetNameShape.optional(),
  }),
  output: z.object({
    diagnostics: z.array(diagnosticShape),
    cases: z.object({ passed: z.number().int(), failed: z.number().int() }),
    policies: z.array(z.object({ file: z.string(), programme: z.string(), version: z.string(), digest: z.string() })),
  }),
  command: { arguments: ["files"] },
  route: { method: "post", path: "/api/policies/check" },
  perform: ({ files, dataset }, context) => {
    const schema = dataset === undefined ? undefined : resolveDataset(context.store, dataset).manifest.schema;
    const read = files.map((source) => {
      const { policy, diagnostics, file } = attempt(() => readPolicySource(source, context));
      const fit = policy === undefined || schema === undefined ? [] : checkAgainstPanel(policy, schema, file);
      return { file, policy, diagnostics: [...diagnostics, ...fit] };
    });
    return {
      diagnostics: read.flatMap(({ diagnostics }) => diagnostics.map(diagnosticJson)),
      cases: { passed: 0, failed: 0 },
      policies: read.flatMap(({ file, policy }) =>
        policy === undefined ? [] : [{ file, programme: policy.programme, version: policy.version, digest: policy.digest }],
      ),
    };
  },
  print: ({ diagnostics, policies }) =>
    [
      ...diagnostics.map(lineOf),
      ...policies
        .filter(({ file }) => !diagnostics.some((diagnostic) => diagnostic.file === file && diagnostic.severity === "error"))
        .map(({ file, programme, version }) => `${file}: ${programme} ${version} is well-formed`),
    ].join("\n"),
  exitCode: ({ diagnostics }) => (diagnostics.some((diagnostic) => diagnostic.severity === "error") ? 1 : 0),
});

/** A file that cannot be read is a fault like any other: the remaining files are still checked. */
function attempt(read: () => ReturnType<typeof readPolicySource>): ReturnType<typeof readPolicySource> {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputRefused) || !hasErrors(error.diagnostics)) throw error;
    return { diagnostics: error.diagnostics, text: "", file: "" };
  }
}

function lineOf({ file, line, column, ...rest }: z.output<typeof diagnosticShape>): string {
  const place = file === undefined || line === undefined || column === undefined ? {} : { place: { file, line, column } };
  return formatDiagnostic({ ...(rest as Parameters<typeof formatDiagnostic>[0]), ...place });
}
