/** `experiment simulate`: the plan run on the past, with nothing and with the planned effect planted. */
import { z } from "zod";
import { diagnose, InputRefused, limits } from "../../data/foundation/index.ts";
import {
  analysedDesign,
  clusterColumn,
  growsByPlan,
  type PlanProof,
  simulatePlan,
  unitStrata,
  unitValues,
} from "../../simulations/experiments/index.ts";
import { experimentNameShape, openExperiment, readObservations, textFileShape } from "./experiment-files.ts";
import { pastUnitsOf } from "./experiment-past.ts";
import { defineOperation } from "./operation.ts";
import { rowsReadNotes } from "./rows-read.ts";
import { datasetNameShape, estimatedShape } from "./shapes.ts";
import { textTable } from "./text-table.ts";

const looksByUnits =
  "The plan looks at values that grow. A file says not how units stood at each look: looks are simulated as if units came one after the other, each with all of its days. Give a dataset, whose periods say it.";

export const experimentSimulate = defineOperation({
  name: "experiment simulate",
  summary:
    "Runs the plan many times on units of the past: how often it cries wolf, how often it finds the planned effect, how often its interval holds the truth.",
  input: z.strictObject({
    name: experimentNameShape,
    history: textFileShape("sent-history.csv").optional().describe("Units before the experiment, one row a unit with the design's columns"),
    dataset: datasetNameShape
      .optional()
      .describe("A dataset in place of such a file: the entities of its last weeks before the design's start"),
    experiments: z
      .number()
      .int()
      .min(20)
      .max(limits.studySeeds.value)
      .default(500)
      .describe("Simulated experiments; 2,000 can tell 95 % from 93.5 %"),
    seed: z.number().int().min(0).max(4_294_967_295).default(1).describe("Seed of the draws"),
  }),
  output: z.object({
    experiment: z.string(),
    seed: z.number(),
    experiments: z.number(),
    metrics: z.array(
      z.object({
        metric: z.string(),
        title: z.string(),
        level: estimatedShape.describe("Share of experiments without an effect that reject"),
        nominalLevel: z.number(),
        coverage: estimatedShape,
        planted: z.object({ lift: z.number(), power: estimatedShape, coverage: estimatedShape }).optional(),
        undetermined: z.number().int(),
      }),
    ),
    notes: z.array(z.string()).describe("What of the plan is not in the simulation"),
  }),
  isHeavy: true,
  command: { arguments: ["name"] },
  route: { method: "post", path: "/api/experiments/{name}/simulations" },
  perform: async ({ name, history, dataset, experiments, seed }, context) => {
    const { design } = openExperiment(context.store, name);
    let proofs: readonly PlanProof[] = [];
    let notes: readonly string[] = [];
    if ((history === undefined) === (dataset === undefined)) {
      throw new InputRefused([
        diagnose("bad-request", {
          message: "units of the past come from a file or from a dataset",
          cure: "Give one of 'history' and 'dataset'.",
        }),
      ]);
    }
    if (dataset !== undefined) {
      const past = await pastUnitsOf(design, dataset, context);
      proofs = past.units < 2 ? [] : simulatePlan(analysedDesign(design), past, { seed, experiments });
      notes = [
        ...(past.looks === undefined
          ? []
          : [
              `Looks are by the calendar: ${past.looks.map(({ days }) => days).join(", ")} days after the start, at what units had by then.`,
            ]),
        ...(design.strata !== undefined && past.strata === undefined
          ? [`The dataset says nothing of ${design.strata}: arms are compared without strata.`]
          : []),
      ];
    }
    if (history !== undefined)
      await readObservations(design, history, context, {
        isHistory: true,
        afterwards: async (db, observed) => {
          notes = [...rowsReadNotes(observed), ...(growsByPlan(design) ? [looksByUnits] : [])];
          const columns = observed.form === "summary" ? [] : await unitValues(db, design, observed.caps);
          const units = columns[0]?.[0]?.length ?? 0;
          if (units < 2) {
            const found =
              observed.form === "summary" ? "summaries" : `${units} ${clusterColumn(design) === undefined ? "unit" : "cluster"}`;
            const message = `a simulation draws from single units, two at the least, and the file has ${found}`;
            throw new InputRefused([diagnose("bad-observations", { message, found, cure: "Give one row a unit." })]);
          }
          proofs = simulatePlan(analysedDesign(design), { units, columns, strata: await unitStrata(db, design) }, { seed, experiments });
        },
      });
    return { experiment: name, seed, experiments, metrics: proofs.map((proof) => ({ ...proof })), notes: [...notes] };
  },
  print: ({ metrics, experiments, notes }) =>
    [
      `${experiments} experiments on the past; the ranges are what so many can tell (95 %)`,
      ...notes,
      textTable(
        ["metric", "rejects without an effect", "nominal", "interval holds 0", "planted lift", "finds it", "interval holds it"],
        metrics.map(({ metric, level, nominalLevel, coverage, planted }) => [
          metric,
          share(level),
          `${(100 * nominalLevel).toFixed(1)} %`,
          share(coverage),
          planted === undefined ? "" : `${(100 * planted.lift).toFixed(2)} %`,
          planted === undefined ? "" : share(planted.power),
          planted === undefined ? "" : share(planted.coverage),
        ]),
      ),
    ].join("\n"),
});

function share(estimate: z.output<typeof estimatedShape>): string {
  if (estimate.kind === "undetermined") return "not determined";
  const { interval } = estimate;
  const percent = (value: number): string => (100 * value).toFixed(1);
  return interval === undefined
    ? `${percent(estimate.value)} %`
    : `${percent(estimate.value)} % (${percent(interval.lower)} to ${percent(interval.upper)})`;
}
