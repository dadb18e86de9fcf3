/** `experiment design`: writes a design down, and says how many units it needs. */
import { z } from "zod";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import { analysedDesign, designDigest, type ExperimentDesign, sizeDesign } from "../../simulations/experiments/index.ts";
import { refuseMoves } from "./assignment-rules.ts";
import { openExperiment, readDesignSource, readObservations, textFileShape } from "./experiment-files.ts";
import { requireForecast } from "./experiment-forecast.ts";
import { pastOf, pastShape, pastText } from "./experiment-past.ts";
import { experimentJson, experimentShape } from "./experiment-shapes.ts";
import { defineOperation } from "./operation.ts";
import { requirePolicies } from "./require-policies.ts";
import { rowsReadNotes } from "./rows-read.ts";
import { datasetNameShape } from "./shapes.ts";
import { answerShape, foundJson } from "./statistic-answer.ts";
import { textTable } from "./text-table.ts";

export const experimentDesign = defineOperation({
  name: "experiment design",
  summary: "Checks a design and writes it down; with units of the past, says how many units it needs and what it can show.",
  input: z.strictObject({
    file: textFileShape("sent-design.yaml")
      .describe("The design, a YAML file; over the network its text")
      .meta({ examples: ["softer-floor.yaml", { text: "experiment: softer-floor\nunit: seller" }] }),
    history: textFileShape("sent-history.csv")
      .optional()
      .describe("Units before the experiment, one row a unit with the design's columns: CSV or Parquet; over the network its text"),
    called: z.string().min(1).max(200).optional().describe("The name to show for the file of such units, in place of its path"),
    dataset: datasetNameShape
      .optional()
      .describe("A dataset in place of such a file: units of the past are the entities of its last weeks before the design's start"),
    only: z.boolean().default(false).describe("Only checks and sizes; nothing is kept"),
    amend: z.string().min(1).max(2000).optional().describe("Why a locked design is changed; the analysis shows the change"),
  }),
  output: z.object({
    experiment: experimentShape,
    sizes: z.array(
      z.object({
        metric: z.string(),
        title: z.string(),
        role: z.string(),
        form: z.string().describe("mean, share, ratio or quantile"),
        isPart: z.boolean().optional().describe("Of a ratio: it is a part of a whole, written in per cent"),
        history: z.object({ units: z.number(), value: z.number(), explained: z.number() }),
        effect: z.number().optional(),
        units: answerShape,
        detectable: answerShape,
        power: answerShape,
        curve: z.array(z.object({ units: z.number(), power: z.number() })),
      }),
    ),
    notes: z.array(z.string()).describe("Rows of 'history' that were not used, by reason"),
    past: pastShape
      .optional()
      .describe("With 'dataset': duration, season, tails, clusters, and whom a test of policies can tell anything about"),
  }),
  isHeavy: true,
  command: { arguments: ["file"], only: ["called"] },
  route: { method: "post", path: "/api/experiments" },
  perform: async ({ file: source, history, called, dataset, only, amend }, context) => {
    const { design, policies, text, file } = readDesignSource(source, context);
    const digest = designDigest(design);
    const { store } = context;
    requirePolicies(store.home, design, policies);
    requireForecast(store, design, { text, file });
    const known = store.experiments.find(design.name);
    if (
      !only &&
      known?.lockedAt !== undefined &&
      known.lockedDigest !== digest &&
      amend === undefined &&
      store.experiments.designs(design.name).at(-1)?.digest !== digest
    ) {
      throw new InputRefused([
        diagnose("experiment-locked", { message: `the design of '${design.name}' was locked at ${known.lockedAt}`, found: design.name }),
      ]);
    }
    if (!only && known?.lockedAt !== undefined) refuseMoves(openExperiment(store, design.name).design, design);
    if (history !== undefined && dataset !== undefined) {
      throw new InputRefused([
        diagnose("bad-request", {
          message: "units of the past come from a file or from a dataset, not from both",
          cure: "Keep one of 'history' and 'dataset'.",
        }),
      ]);
    }
    const fromPanel = dataset === undefined ? undefined : await pastOf(design, dataset, context);
    const read = history === undefined ? undefined : await readObservations(design, history, context, { isHistory: true, called });
    const sizes = read === undefined ? (fromPanel?.sizes ?? []) : sizeDesign(analysedDesign(design), read.observations);
    if (!only) store.experiments.addDesign({ name: design.name, digest, design, source: text, reason: amend ?? "" });
    return {
      experiment: only ? draftJson(design, digest) : experimentJson(openExperiment(store, design.name)),
      sizes: sizes.map((size) => ({
        ...size,
        history: { ...size.history },
        curve: size.curve.map((point) => ({ ...point })),
        units: foundJson(size.units),
        detectable: foundJson(size.detectable),
        power: foundJson(size.power),
      })),
      notes: read === undefined ? [] : [...rowsReadNotes(read.observations)],
      ...(fromPanel === undefined ? {} : { past: fromPanel.past }),
    };
  },
  link: ({ experiment }) => `/experiments/${experiment.name}`,
  print: ({ experiment, sizes, notes, past }) =>
    [
      `${experiment.title} (${experiment.name}, design ${experiment.digest.slice(0, 12)})${experiment.lockedAt === undefined ? ", not locked yet" : ""}`,
      ...(sizes.length === 0
        ? ["Give units of the past with --history FILE or --dataset ID to see how many units it needs."]
        : [
            textTable(
              ["metric", "role", "in the past", "effect", "units needed", "at the planned size: detectable", "power"],
              sizes.map((size) => [
                size.metric,
                size.role,
                short(size.history.value),
                size.effect === undefined ? "" : short(size.effect),
                valueText(size.units),
                valueText(size.detectable),
                valueText(size.power),
              ]),
            ),
          ]),
      ...notes,
      ...(past === undefined ? [] : pastText(past)),
    ].join("\n"),
});

/** A design that is not kept. */
function draftJson(design: ExperimentDesign, digest: string): z.output<typeof experimentShape> {
  return {
    name: design.name,
    title: design.title,
    digest,
    unit: design.unit,
    arms: design.arms.map((arm) => ({ ...arm })),
    createdAt: "",
    amendments: 0,
  };
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function valueText({ estimate, undetermined }: z.output<typeof answerShape>): string {
  return estimate === undefined ? `not determined: ${undetermined?.reason ?? ""}` : short(estimate.value);
}
