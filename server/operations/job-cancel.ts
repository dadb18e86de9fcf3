/** Stops a job of the server. */
import { z } from "zod";
import { present } from "../../data/foundation/index.ts";
import { jobJson, jobShape } from "./job-json.ts";
import { jobNameShape } from "./job-show.ts";
import { defineOperation } from "./operation.ts";

export const jobCancel = defineOperation({
  name: "job cancel",
  summary: "Stops a job that waits or runs; nothing of it is stored.",
  input: z.strictObject({ job: jobNameShape }),
  output: z.object({ job: jobShape }),
  route: { method: "post", path: "/api/jobs/{job}/cancel" },
  perform: async ({ job }, { doors }) => ({ job: jobJson(await present(doors.cancelJob, "the server's queue")(job)) }),
  print: ({ job }) => `${job.id}: ${job.state}`,
});
