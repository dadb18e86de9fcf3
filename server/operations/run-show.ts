/** `run show`: one run with its inputs, its provenance and its result. */
import { z } from "zod";
import { defineOperation } from "./operation.ts";
import { resolveRun } from "./resolve.ts";
import { runSummary, runSummaryShape } from "./run-summary.ts";
import { runNameShape } from "./shapes.ts";
import { provenanceOf } from "./stored-comparison.ts";

export const runShow = defineOperation({
  name: "run show",
  summary: "Shows one run: its inputs, the command that reproduces it, and its result.",
  input: z.strictObject({ run: runNameShape }),
  output: z.object({
    run: runSummaryShape,
    inputs: z.record(z.string(), z.unknown()),
    provenance: z.looseObject({ command: z.string(), program: z.string() }),
    result: z.unknown(),
  }),
  command: { arguments: ["run"] },
  route: { method: "get", path: "/api/runs/{run}" },
  perform: ({ run: name }, { store }) => {
    const run = resolveRun(store, name);
    // The known truth of generated data is for one note of the report, and for nothing else.
    const { knownTruth: _, ...provenance } = provenanceOf(run);
    return { run: runSummary(run), inputs: run.inputs, provenance, result: store.runs.result(run.id) };
  },
  print: ({ run, provenance }) =>
    [`${run.title} (${run.kind} ${run.id})`, `on ${run.dataset}, ${run.createdAt}`, provenance.command].join("\n"),
});
