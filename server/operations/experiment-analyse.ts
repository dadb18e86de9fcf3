/** `experiment analyse`: health first, then the scorecard, all from the last observations. */
import { z } from "zod";
import { countText, diagnose, InputRefused, nearestName } from "../../data/foundation/index.ts";
import { type Analysis, type ExperimentDesign, notShownWords, pairsOnce, toldUnder } from "../../simulations/experiments/index.ts";
import { experimentCsv } from "./experiment-csv.ts";
import { decisionRecordShape } from "./experiment-decide.ts";
import { experimentNameShape, openExperiment } from "./experiment-files.ts";
import { forecastLines, forecastShape } from "./experiment-forecast-text.ts";
import { heldBackShape, heldBackText } from "./experiment-holdout.ts";
import { leakText } from "./experiment-leak.ts";
import { experimentHtml } from "./experiment-page.ts";
import { effectText, interactionsText, pairsText, scorecardText, shortNumber } from "./experiment-scorecard-text.ts";
import { analysisShape, experimentShape } from "./experiment-shapes.ts";
import { type TriggeredArm, triggeredOf } from "./experiment-triggered.ts";
import { wholeAnalysis } from "./experiment-whole.ts";
import { defineOperation } from "./operation.ts";
import { endingOf, requireWritable, writeWhole } from "./output-file.ts";
import { datasetNameShape } from "./shapes.ts";
import { textTable } from "./text-table.ts";

const endings = ["html", "csv", "json"] as const;

export const experimentAnalyse = defineOperation({
  name: "experiment analyse",
  summary:
    "Analyses an experiment as its design says: health, scorecard, guardrails, segments, time course, sensitivity, the rule's answer.",
  input: z.strictObject({
    name: experimentNameShape,
    dataset: datasetNameShape
      .optional()
      .describe("A dataset that holds the experiment's weeks: policies are then analysed from their first divergence on"),
    base: z
      .string()
      .min(1)
      .optional()
      .describe("A candidate: of the differences between candidates only those to it, in place of every pair"),
    out: z
      .string()
      .min(1)
      .optional()
      .describe("File for everything: .html (one page that needs no other file), .csv (one tidy table) or .json"),
  }),
  output: z.object({
    experiment: experimentShape,
    design: z.looseObject({}),
    observation: z.object({ digest: z.string(), file: z.string(), createdAt: z.string() }),
    digest: z.string().describe("Digest of the analysis"),
    amendments: z.array(
      z.object({
        createdAt: z.string(),
        reason: z.string(),
        changes: z.array(z.object({ path: z.string(), from: z.string(), to: z.string() })),
      }),
    ),
    analysis: analysisShape,
    triggered: z
      .array(z.looseObject({ arm: z.string(), from: z.string(), to: z.string() }))
      .optional()
      .describe("With 'dataset': by candidate, from the first divergence on"),
    forecast: forecastShape.optional().describe("Where the design names a comparison: its forecast beside the result"),
    heldBack: heldBackShape
      .optional()
      .describe("Where the design measures a holdout: what was shipped to all others, in total and one by one"),
    decisions: z.array(decisionRecordShape),
  }),
  isHeavy: true,
  command: { arguments: ["name"], only: ["out"] },
  route: { method: "get", path: "/api/experiments/{name}/analysis" },
  admit: ({ out }) => {
    if (out === undefined) return;
    endingOf(out, endings);
    requireWritable(out);
  },
  perform: async ({ name, dataset, base, out }, context) => {
    const { design } = openExperiment(context.store, name);
    requireCandidate(design, base);
    const triggered = dataset === undefined ? undefined : await triggeredOf(design, dataset, context);
    const whole = wholeAnalysis(context.store, name, triggered);
    const { analysed, forecast, held, decisions } = whole;
    const found = {
      ...analysed,
      design: { ...design },
      analysis: structuredClone(against(analysed.analysis, base)) as unknown as z.output<typeof analysisShape>,
      ...(triggered === undefined ? {} : { triggered: triggered.map((arm) => ({ ...arm })) }),
      ...(forecast === undefined ? {} : { forecast: structuredClone(forecast) as unknown as z.output<typeof forecastShape> }),
      ...(held === undefined ? {} : { heldBack: structuredClone(held) as unknown as z.output<typeof heldBackShape> }),
      decisions: decisions.map((decision) => ({ ...decision })),
    };
    if (out !== undefined) {
      const ending = endingOf(out, endings);
      const texts = {
        json: () => `${JSON.stringify(found, null, 2)}\n`,
        csv: () => experimentCsv(whole),
        html: () => experimentHtml(context.store, whole),
      };
      writeWhole(out, texts[ending]());
    }
    return found;
  },
  print: ({ experiment, analysis, amendments, triggered, forecast, heldBack: held }, { base, out }) =>
    [
      ...(out === undefined ? [] : [`Wrote ${out}`]),
      `${experiment.title}: ${analysis.units} units`,
      analysis.evidenceWords,
      ...[
        analysis.familyWords === "" ? undefined : analysis.familyWords,
        analysis.strataWords,
        analysis.priorWords,
        analysis.quantileWords,
        analysis.windowWords,
      ].filter((words) => words !== undefined),
      ...(analysis.interference === undefined ? [] : [`${analysis.interference.words} ${analysis.interference.cure}`.trim()]),
      ...amendments.map(
        ({ createdAt, reason, changes }) => `amended ${createdAt}: ${reason} (${changes.map(({ path }) => path).join(", ")})`,
      ),
      "",
      `health: ${analysis.health.state}`,
      ...analysis.health.checks.map(({ state, finding, cure }) => `  ${state}: ${finding}${cure === "" ? "" : ` ${cure}`}`),
      "",
      ...(analysis.health.mayBeRead ? [] : [toldUnder(analysis.health)("").trim()]),
      scorecardText(analysis as unknown as Analysis),
      "",
      ...[notShownWords(analysis.scorecard)].filter((words) => words !== ""),
      ...(analysis.sensitivity.some(({ way }) => way === "without covariates")
        ? ["Differences of metrics with covariates are adjusted: not those of the columns beside them.", ""]
        : []),
      ...analysis.recommendations.map(({ arm, decision, reasons }) => `${arm}: ${decision}. ${reasons.join(" ")}`),
      ...rolledOutText(analysis as unknown as Analysis),
      ...concurrentText(analysis as unknown as Analysis),
      ...betweenText(analysis as unknown as Analysis, base !== undefined),
      ...(triggered ?? []).flatMap((one) => triggeredText(one as unknown as TriggeredArm, toldUnder(analysis.health))),
      ...forecastLines(forecast),
      ...(held === undefined ? [] : heldBackText(held)),
    ].join("\n"),
});

/** @throws InputRefused `bad-request` for what is no candidate. */
function requireCandidate({ name, arms }: ExperimentDesign, base: string | undefined): void {
  const candidates = arms.slice(1).map((arm) => arm.name);
  if (base === undefined || (candidates.includes(base) && candidates.length > 1)) return;
  const message = `'${base}' is no candidate of '${name}' that another one could be compared with`;
  const cure = candidates.length > 1 ? `Name one of ${candidates.join(", ")}.` : "The design has one candidate: leave 'base' out.";
  throw new InputRefused([diagnose("bad-request", { message, found: base, near: nearestName(base, candidates), cure })]);
}

/** The analysis with the differences to one candidate alone, where one is named. */
function against(analysis: Analysis, base: string | undefined): Analysis {
  const { between } = analysis;
  if (base === undefined || between === undefined) return analysis;
  return { ...analysis, between: { ...between, pairs: between.pairs.filter((pair) => pair.base === base) } };
}

/** A line a metric and candidate, and whom it is over. */
function rolledOutText({ rolledOut }: Analysis): readonly string[] {
  if (rolledOut === undefined) return [];
  return ["", "rolled out to all:", ...rolledOut.rows.map(({ words }) => `  ${words}`), rolledOut.words];
}

/** Effects by the arms that units have in other experiments. */
function concurrentText({ interactions }: Analysis): readonly string[] {
  if (interactions === undefined) return [];
  const { finding, rows, words } = interactions;
  return ["", finding, interactionsText(rows), words];
}

/** Every pair once, or those to the candidate that was named. */
function betweenText({ between, evidence }: Analysis, hasBase: boolean): readonly string[] {
  if (between === undefined) return [];
  const pairs = hasBase ? between.pairs : pairsOnce(between.pairs);
  return ["", between.finding, pairsText({ pairs, evidence }), between.words];
}

function triggeredText(
  { arm, from, to, leak, analysis: { units, triggered, isBalanced, invalid, effects, population } }: TriggeredArm,
  told: (words: string) => string,
): readonly string[] {
  const said = (found: TriggeredArm["analysis"]["effects"][number]["plain"]): string =>
    found.kind === "undetermined" ? `not determined: ${found.reason}` : effectText(found.estimate);
  return [
    "",
    told(
      `${arm}, ${from} to ${to}, from the first divergence on: ${triggered.control} of ${units.control} and ${triggered.treatment} of ${units.treatment} units are triggered${isBalanced ? "" : ", NOT as many in both arms as there should be"}`,
    ),
    ...(invalid === undefined ? [] : [`Not valid: ${invalid}.`]),
    textTable(
      ["measure", "a unit of the whole", "without triggering", "gain", `in all ${countText(population)} units`],
      effects.map(({ measure, diluted, plain, gain, inAll }) => [
        measure,
        said(diluted),
        said(plain),
        shortNumber(gain),
        inAll === undefined ? "" : effectText(inAll.total),
      ]),
    ),
    ...leakText(leak),
  ];
}
