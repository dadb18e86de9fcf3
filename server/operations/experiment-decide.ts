/** `experiment decide`: a decision with its reasons, signed with the digest of what was seen. */
import { z } from "zod";
import { diagnose, InputRefused, nearestName } from "../../data/foundation/index.ts";
import { personShape } from "./comment-threads.ts";
import { analyseExperiment } from "./experiment-analysed.ts";
import { experimentNameShape, openExperiment } from "./experiment-files.ts";
import { triggeredOf } from "./experiment-triggered.ts";
import { defineOperation } from "./operation.ts";
import { datasetNameShape } from "./shapes.ts";

const decisionShape = z.enum(["ship", "hold", "stop"]);

export const decisionRecordShape = z.object({
  arm: z.string(),
  decision: decisionShape,
  recommended: decisionShape.describe("What the design's rule says"),
  reason: z.string(),
  decidedBy: z.string(),
  analysisDigest: z.string().describe("Digest of the analysis that was seen"),
  observationDigest: z.string(),
  createdAt: z.string(),
});

export const experimentDecide = defineOperation({
  name: "experiment decide",
  summary: "Records a decision about a candidate beside what the design's rule says, with reasons and the digest of what was seen.",
  input: z.strictObject({
    name: experimentNameShape,
    arm: z
      .string()
      .min(1)
      .max(200)
      .describe("The candidate that is decided about")
      .meta({ examples: ["softer_floor"] }),
    decision: decisionShape.describe("What is decided").meta({ examples: ["hold"] }),
    reason: z
      .string()
      .min(1)
      .max(4000)
      .describe("Why, in words; a decision against the rule needs a good one")
      .meta({ examples: ["The effect is not shown."] }),
    by: personShape.describe("Who decides"),
    dataset: datasetNameShape.optional().describe("The dataset of the analysis that was seen, where one was given to it"),
  }),
  output: z.object({ experiment: z.string(), decision: decisionRecordShape }),
  isHeavy: true,
  command: { arguments: ["name"] },
  route: { method: "post", path: "/api/experiments/{name}/decisions" },
  perform: async ({ name, arm, decision, reason, by, dataset }, context) => {
    const { store } = context;
    const triggered = dataset === undefined ? undefined : await triggeredOf(openExperiment(store, name).design, dataset, context);
    const { analysis, digest, observation } = analyseExperiment(store, name, triggered);
    const recommended = analysis.recommendations.find((one) => one.arm === arm)?.decision;
    if (recommended === undefined) {
      const candidates = analysis.recommendations.map((one) => one.arm);
      throw new InputRefused([
        diagnose("bad-decision", {
          message: `'${arm}' is no candidate of '${name}'; there are ${candidates.join(", ")}`,
          found: arm,
          expected: candidates.join(", "),
          near: nearestName(arm, candidates),
        }),
      ]);
    }
    store.experiments.addDecision(name, {
      arm,
      decision,
      recommended,
      reason,
      decidedBy: by,
      analysisDigest: digest,
      observationDigest: observation.digest,
    });
    const kept = store.experiments.decisions(name).at(-1);
    if (kept === undefined) throw new RangeError("the decision was not kept");
    return { experiment: name, decision: { ...kept } };
  },
  link: ({ experiment }) => `/experiments/${experiment}`,
  print: ({ experiment, decision }) =>
    `${experiment}, ${decision.arm}: ${decision.decision} (the rule says ${decision.recommended}), decided by ${decision.decidedBy}; seen: analysis ${decision.analysisDigest.slice(0, 12)}`,
});
