/** `job list`: long work, running and past. */
import { z } from "zod";
import { jobJson, jobShape } from "./job-json.ts";
import { defineOperation } from "./operation.ts";
import { textTable } from "./text-table.ts";

export const jobList = defineOperation({
  name: "job list",
  summary: "Lists long work, the latest first: imports, replays and comparisons, by the server and by commands.",
  input: z.strictObject({ limit: z.number().int().min(1).max(1000).default(100).describe("How many at most") }),
  output: z.object({ jobs: z.array(jobShape) }),
  command: { arguments: [] },
  route: { method: "get", path: "/api/jobs" },
  perform: ({ limit }, { store }) => ({ jobs: store.jobs.list(limit).map(jobJson) }),
  print: ({ jobs }) =>
    textTable(
      ["job", "state", "title", "created"],
      jobs.map((job) => [job.id, job.state, job.title, job.createdAt]),
    ),
});
