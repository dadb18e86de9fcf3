/** `job show`: how far a job is, or how it ended. */
import { z } from "zod";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import { jobJson, jobShape } from "./job-json.ts";
import { defineOperation } from "./operation.ts";

export const jobNameShape = z
  .string()
  .min(1)
  .describe("Id of the job: job-12")
  .meta({ examples: ["job-12"] });

export const jobShow = defineOperation({
  name: "job show",
  summary: "Shows how far a job is, how it ended, and what it gave.",
  input: z.strictObject({ job: jobNameShape }),
  output: z.object({ job: jobShape, result: z.unknown().optional() }),
  command: { arguments: ["job"] },
  route: { method: "get", path: "/api/jobs/{job}" },
  perform: ({ job: id }, { store }) => {
    const job = store.jobs.find(id);
    if (job === undefined) throw new InputRefused([diagnose("unknown-run", { message: `no job is called '${id}'`, found: id })]);
    const result = job.state === "done" ? store.jobs.result(id) : undefined;
    return { job: jobJson(job), ...(result === undefined ? {} : { result }) };
  },
  print: ({ job }) => [`${job.title}: ${job.state}`, ...(job.sentence === undefined ? [] : [job.sentence])].join("\n"),
});
