/** `experiment show`: one experiment with its designs, observations and decisions. */
import { z } from "zod";
import { decisionRecordShape } from "./experiment-decide.ts";
import { experimentNameShape, openExperiment } from "./experiment-files.ts";
import { experimentJson, experimentShape } from "./experiment-shapes.ts";
import { defineOperation } from "./operation.ts";

export const experimentShow = defineOperation({
  name: "experiment show",
  summary: "Shows one experiment: its design, every amendment, what was observed, what was decided.",
  input: z.strictObject({ name: experimentNameShape }),
  output: z.object({
    experiment: experimentShape,
    design: z.looseObject({}),
    source: z.string().describe("The design's own text"),
    designs: z.array(z.object({ digest: z.string(), reason: z.string(), createdAt: z.string() })),
    observations: z.array(z.object({ digest: z.string(), file: z.string(), fileDigest: z.string(), createdAt: z.string() })),
    decisions: z.array(decisionRecordShape),
  }),
  command: { arguments: ["name"] },
  route: { method: "get", path: "/api/experiments/{name}" },
  perform: ({ name }, { store }) => {
    const opened = openExperiment(store, name);
    return {
      experiment: experimentJson(opened),
      design: { ...opened.design },
      source: opened.current.source,
      designs: opened.designs.map(({ digest, reason, createdAt }) => ({ digest, reason, createdAt })),
      observations: store.experiments
        .observations(name)
        .map(({ digest, file, fileDigest, createdAt }) => ({ digest, file, fileDigest, createdAt })),
      decisions: store.experiments.decisions(name).map((decision) => ({ ...decision })),
    };
  },
  print: ({ experiment, source, observations, decisions }) =>
    [
      `${experiment.title} (${experiment.name})${experiment.lockedAt === undefined ? ", not locked" : `, locked ${experiment.lockedAt}`}`,
      source.trimEnd(),
      ...observations.map(({ file, createdAt, digest }) => `observed ${createdAt}: ${file} (${digest.slice(0, 12)})`),
      ...decisions.map(
        ({ arm, decision, decidedBy, reason, createdAt }) => `decided ${createdAt}: ${arm} ${decision} by ${decidedBy}: ${reason}`,
      ),
    ].join("\n"),
});
