/** A job as the doors give it. */
import { z } from "zod";
import type { JobRecord } from "../../data/store/index.ts";
import { diagnosticJson, diagnosticShape } from "./shapes.ts";

export const jobShape = z.object({
  id: z.string(),
  operation: z.string(),
  title: z.string(),
  state: z.enum(["queued", "running", "done", "failed", "cancelled", "interrupted"]),
  owner: z.enum(["server", "command"]),
  progress: z.object({ stage: z.string(), done: z.number(), total: z.number() }).optional(),
  link: z.string().optional().describe("Path of the page that shows what came out"),
  sentence: z.string().optional().describe("What happened, in words"),
  diagnostics: z.array(diagnosticShape),
  createdAt: z.string(),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
});

export function jobJson(job: JobRecord): z.output<typeof jobShape> {
  const { id, operation, title, state, owner, progress, link, sentence, createdAt, startedAt, finishedAt } = job;
  return {
    id,
    operation,
    title,
    state,
    owner,
    progress,
    link,
    sentence,
    diagnostics: job.diagnostics.map(diagnosticJson),
    createdAt,
    startedAt,
    finishedAt,
  };
}
