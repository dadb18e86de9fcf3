/** `experiment calibration`: how far, and in which direction, the replays of this home err, by its experiments. */
import { z } from "zod";
import { InputRefused } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { type Assumptions, measuredElasticityLines } from "../../simulations/comparison/described/index.ts";
import {
  type Calibration,
  type CalibrationPoint,
  calibrate,
  calibrationPoints,
  type ExperimentDesign,
  type ReplayForecast,
} from "../../simulations/experiments/index.ts";
import { analyseExperiment } from "./experiment-analysed.ts";
import { lastObserved, type OpenedExperiment, openExperiment } from "./experiment-files.ts";
import { type ExperimentForecast, experimentForecast } from "./experiment-forecast.ts";
import { numberText, shareText } from "./experiment-forecast-text.ts";
import { defineOperation } from "./operation.ts";
import { resolveAssumptions } from "./resolve-assumptions.ts";
import { estimatedShape, policyShape } from "./shapes.ts";
import { textTable } from "./text-table.ts";

const insideShape = z.object({ share: estimatedShape, expected: z.number() });

const calibrationShape = z.object({
  calibration: z.looseObject({
    level: z.number(),
    points: z.array(
      z.looseObject({
        experiment: z.string(),
        arm: z.string(),
        metric: z.string(),
        metricTitle: z.string(),
        forecast: estimatedShape,
        result: estimatedShape,
        difference: estimatedShape.describe("Result less forecast"),
        standardised: z.number().optional().describe("The difference in standard errors of both"),
        leftOut: z.string().optional().describe("Why it does not count"),
      }),
    ),
    counted: z.number().int(),
    meanError: estimatedShape.describe("Result less forecast, as shares of the control; above 0: results were higher"),
    scatter: z.number().optional(),
    absoluteError: z.object({ value: z.number(), expected: z.number() }).optional(),
    sameDirection: z.object({ same: z.number().int(), of: z.number().int() }),
    insideForecast: insideShape,
    insidePrediction: insideShape,
    nominal: z.number(),
    slope: estimatedShape.describe("Of results on forecasts; 1 if the forecasts are right"),
    constant: estimatedShape,
    multiplier: z.object({ value: estimatedShape, experiments: z.array(z.string()) }),
    caveats: z.array(z.string()),
  }),
  assumptions: z.object({ name: z.string(), digest: z.string() }).describe("Those that the multiplier is for"),
  lines: z.array(z.string()).describe("What would go into a file of assumptions; nothing is changed by itself"),
  without: z
    .array(z.object({ experiment: z.string(), why: z.string() }))
    .describe("Experiments that name a comparison and are not here, and why"),
});

type Output = z.output<typeof calibrationShape>;

export const experimentCalibration = defineOperation({
  name: "experiment calibration",
  summary:
    "Sets every experiment's result beside what its comparison forecast: how far and which way the replays err, and what that says of behaviour.",
  input: z.strictObject({
    assumptions: policyShape
      .optional()
      .describe("File of assumptions that the multiplier is for; policies/library/behaviour.yaml by default"),
  }),
  output: calibrationShape,
  isHeavy: true,
  command: { arguments: [], only: ["assumptions"] },
  route: { method: "get", path: "/api/experiments/calibration" },
  perform: ({ assumptions: source }, context) => {
    const { calibration, assumptions, lines, without } = calibrationOf(context.store, resolveAssumptions(source, context));
    return {
      calibration: structuredClone(calibration) as unknown as Output["calibration"],
      assumptions: { name: assumptions.name, digest: assumptions.digest },
      lines: [...lines],
      without: without.map((one) => ({ ...one })),
    };
  },
  print: (output) => calibrationText(output).join("\n"),
});

/** Everything about the experiments that name a comparison. */
interface HomeCalibration {
  readonly calibration: Calibration;
  readonly assumptions: Assumptions;
  readonly lines: readonly string[];
  readonly without: readonly { readonly experiment: string; readonly why: string }[];
}

const level = 0.95;

/** Over all experiments of a home, the oldest first. Cost: an analysis an experiment. */
function calibrationOf(store: Store, assumptions: Assumptions): HomeCalibration {
  const points: CalibrationPoint[] = [];
  const without: { experiment: string; why: string }[] = [];
  for (const { name } of store.experiments.list().toReversed()) {
    const found = pointsOf(store, name);
    if (typeof found === "string") without.push({ experiment: name, why: found });
    else points.push(...found);
  }
  const calibration = calibrate(points, { level, assumptions: assumptions.digest });
  const { value, experiments } = calibration.multiplier;
  const lines =
    value.kind === "estimate" && value.interval !== undefined
      ? measuredElasticityLines(assumptions, { value: value.value, ...value.interval, experiments })
      : [];
  return { calibration, assumptions, lines, without };
}

/** The points of an experiment, none where it names no comparison; or why it gives none. */
function pointsOf(store: Store, name: string): readonly CalibrationPoint[] | string {
  const opened = openExperiment(store, name);
  if (opened.design.forecast === undefined) return [];
  if (store.experiments.observations(name).length === 0) return "nothing was observed yet";
  try {
    const { observations } = lastObserved(store, name);
    const found = experimentForecast(store, opened.design, observations);
    const forecast = forecastIn(found);
    if (found === undefined || forecast === undefined) return found?.against.notForecast[0]?.why ?? "nothing of it is forecast";
    const leftOut = whyLeftOut(store, opened, forecast);
    const points = calibrationPoints(
      { experiment: name, title: opened.design.title, forecast, ...(leftOut === undefined ? {} : { leftOut }) },
      found.against.rows,
    );
    return points.length === 0 ? "none of its metrics is forecast, or has a result" : points;
  } catch (error) {
    if (error instanceof InputRefused) return error.diagnostics[0]?.message ?? "its observations cannot be read";
    throw error;
  }
}

function forecastIn(found: ExperimentForecast | undefined): ReplayForecast | undefined {
  return found?.arms.flatMap((arm) => (arm.kind === "forecast" ? [arm.forecast] : []))[0];
}

/** A forecast counts that was made and named before the first unit, beside a result that may be read and is there as planned. */
function whyLeftOut(store: Store, { record, designs, design }: OpenedExperiment, forecast: ReplayForecast): string | undefined {
  const locked = designs.find(({ digest }) => digest === record.lockedDigest)?.design as ExperimentDesign | undefined;
  if (locked?.forecast !== design.forecast) return "the comparison was named after the lock";
  if (design.start !== undefined && forecast.windowTo >= design.start) return "the comparison's history reaches into the experiment";
  const { analysis } = analyseExperiment(store, record.name);
  if (!analysis.health.mayBeRead) return "a health check fails";
  const isDecided = store.experiments.decisions(record.name).length > 0;
  return !isDecided && design.units !== undefined && analysis.units < design.units ? "it still runs" : undefined;
}

function calibrationText({ calibration, assumptions, lines, without }: Output): readonly string[] {
  const { points, counted, meanError, absoluteError, sameDirection, insideForecast, insidePrediction, nominal } = calibration;
  const left = without.map(({ experiment, why }) => `${experiment} is not here: ${why}.`);
  if (points.length === 0)
    return [
      "There is nothing to compare yet: no experiment has both a forecast and a result. Name the comparison in a design with 'forecast: <run id>'.",
      ...left,
    ];
  const inside = ({ share, expected }: typeof insideForecast): string =>
    `${shareText(share)}; right forecasts would give ${percent(expected)}`;
  return [
    textTable(
      ["experiment", "arm", "metric", "forecast", "result", "result less forecast", "in standard errors", "left out"],
      points.map((point) => [
        point.experiment,
        point.arm,
        point.metric,
        shareText(point.forecast),
        shareText(point.result),
        shareText(point.difference),
        point.standardised === undefined ? "" : point.standardised.toFixed(2),
        point.leftOut ?? "",
      ]),
    ),
    ...left,
    "",
    `experiments that count: ${counted}`,
    `mean error (result less forecast): ${shareText(meanError)}`,
    ...(absoluteError === undefined
      ? []
      : [`mean absolute error: ${percent(absoluteError.value)}; errors as stated would give ${percent(absoluteError.expected)}`]),
    `same direction: ${sameDirection.same} of ${sameDirection.of}`,
    `inside the forecast's interval (${percent(nominal)}): ${inside(insideForecast)}`,
    `inside it widened by the result's error: ${inside(insidePrediction)}`,
    `slope of results on forecasts: ${numberText(calibration.slope)}; constant: ${shareText(calibration.constant)}`,
    `multiplier of behaviour under ${assumptions.name}: ${numberText(calibration.multiplier.value)}`,
    ...calibration.caveats,
    ...(lines.length === 0 ? [] : ["", "For a file of assumptions, if you take it over:", ...lines]),
  ];
}

function percent(value: number): string {
  return `${Number((100 * value).toPrecision(3))} %`;
}
