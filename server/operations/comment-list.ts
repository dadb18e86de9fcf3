/** `comment list`: what was said about a report. */
import { z } from "zod";
import { candidateNamed, printThread, threadShape, threadsOf } from "./comment-threads.ts";
import { defineOperation } from "./operation.ts";
import { resolveComparison } from "./resolve.ts";
import { runNameShape } from "./shapes.ts";

export const commentList = defineOperation({
  name: "comment list",
  summary: "Lists the comments on a report, in threads, with what became of each.",
  input: z.strictObject({
    run: runNameShape,
    candidate: z.string().min(1).max(200).optional().describe("Only those on the report of this candidate"),
    anchor: z.string().min(1).max(200).optional().describe("Only those about this part of the page"),
    open: z.boolean().default(false).describe("Only threads that are open"),
  }),
  output: z.object({ run: z.string(), threads: z.array(threadShape) }),
  command: { arguments: ["run"] },
  route: { method: "get", path: "/api/runs/{run}/comments" },
  perform: ({ run: name, candidate, anchor, open }, { store }) => {
    const run = resolveComparison(store, name);
    const asked = candidate === undefined ? undefined : candidateNamed(run, candidate);
    const threads = threadsOf(store, run, { candidate: asked }).filter(
      (thread) => (anchor === undefined || thread.anchor === anchor) && (!open || thread.state === "open"),
    );
    return { run: run.id, threads };
  },
  print: ({ run, threads }) => (threads.length === 0 ? `run ${run} has no such comments` : threads.map(printThread).join("\n\n")),
});
