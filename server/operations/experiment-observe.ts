/** `experiment observe`: reads what happened to the units, and keeps sufficient statistics. */
import { z } from "zod";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import { judgedUnits } from "../../simulations/experiments/index.ts";
import { concurrentExperiments } from "./concurrent-experiments.ts";
import { writtenBefore } from "./deal-units.ts";
import { experimentNameShape, openExperiment, readObservations, textFileShape } from "./experiment-files.ts";
import { observationsShape } from "./experiment-shapes.ts";
import { defineOperation } from "./operation.ts";
import { rowsReadNotes } from "./rows-read.ts";

export const experimentObserve = defineOperation({
  name: "experiment observe",
  summary:
    "Reads observations (one row a unit, one a unit and day, either in long form, or summaries), joins them to arms, and keeps what an analysis needs.",
  input: z.strictObject({
    name: experimentNameShape,
    file: textFileShape("sent-observations.csv")
      .describe("CSV or Parquet; over the network the text of a CSV file")
      .meta({ examples: ["sales.csv", { text: "seller,gmv\ns1,120.50" }] }),
    called: z.string().min(1).max(200).optional().describe("The name to keep and show for it, in place of its path"),
  }),
  output: z.object({
    experiment: z.string(),
    observation: z.object({ number: z.number().int(), digest: z.string(), file: z.string(), fileDigest: z.string() }),
    observations: observationsShape,
  }),
  isHeavy: true,
  command: { arguments: ["name"], only: ["called"] },
  route: { method: "post", path: "/api/experiments/{name}/observations" },
  perform: async ({ name, file: source, called }, context) => {
    const { store } = context;
    const { record, current, design } = openExperiment(store, name);
    if (record.lockedAt === undefined) {
      throw new InputRefused([diagnose("experiment-open", { message: `the design of '${name}' is not locked`, found: name })]);
    }
    const { observations, file, fileDigest } = await readObservations(design, source, context, {
      isHistory: false,
      called,
      ...writtenBefore(store, design),
      concurrent: concurrentExperiments(store, design),
    });
    const kept = store.experiments.addObservations({
      name,
      designDigest: current.digest,
      file,
      fileDigest,
      units: judgedUnits(design, observations),
      observations,
    });
    return {
      experiment: name,
      observation: { number: kept.number, digest: kept.digest, file, fileDigest },
      observations: structuredClone(observations) as unknown as z.output<typeof observationsShape>,
    };
  },
  link: ({ experiment }) => `/experiments/${experiment}`,
  print: ({ observation, observations }) =>
    [
      `${observation.file}: ${observations.rows} rows, ${observations.units} units, observation ${observation.digest.slice(0, 12)}`,
      ...rowsReadNotes(observations),
    ].join("\n"),
});
