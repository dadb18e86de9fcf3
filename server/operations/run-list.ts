/** `run list`: what was computed. */
import { z } from "zod";
import { defineOperation } from "./operation.ts";
import { runSummary, runSummaryShape } from "./run-summary.ts";
import { textTable } from "./text-table.ts";

export const runList = defineOperation({
  name: "run list",
  summary: "Lists the runs that are kept, the latest first.",
  input: z.strictObject({ limit: z.number().int().min(1).max(1000).default(100).describe("How many at most") }),
  output: z.object({ runs: z.array(runSummaryShape) }),
  command: { arguments: [] },
  route: { method: "get", path: "/api/runs" },
  perform: ({ limit }, { store }) => ({ runs: store.runs.list(limit).map(runSummary) }),
  print: ({ runs }) =>
    textTable(
      ["run", "kind", "title", "dataset", "created"],
      runs.map((run) => [run.id, run.kind, run.title, run.dataset, run.createdAt]),
    ),
});
