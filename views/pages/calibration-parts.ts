/** A calibration set for its page. */
import type { Calibration, CalibrationPoint } from "../../simulations/experiments/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import { countOf, formatShare, formatSignificant } from "../formats/index.ts";
import type { CalibrationParts } from "./calibration-context.ts";
import type { ExperimentPicture, ExperimentTable } from "./experiment-context.ts";
import { markOf, numberText, shareText } from "./experiment-forecast.ts";

/** Undefined where there is nothing to compare. `assumptions`: the name of those that the multiplier is for. */
export function calibrationParts(
  calibration: Calibration,
  { assumptions, lines }: { readonly assumptions: string; readonly lines: readonly string[] },
): CalibrationParts | undefined {
  const { points, counted, multiplier, caveats } = calibration;
  if (points.length === 0) return undefined;
  return {
    counted: headline(calibration),
    findings: findingsOf(calibration),
    picture: pictureOf(points, counted),
    table: tableOf(points),
    caveats,
    multiplier: `Times ${assumptions}: ${numberText(multiplier.value)}${multiplier.value.kind === "estimate" ? `, from ${countOf(multiplier.experiments.length, "experiment")}` : ""}.`,
    takeOver: lines.join("\n"),
  };
}

/** What may be said, and no more. */
function headline({ points: all, counted, meanError, slope }: Calibration): string {
  if (counted === 0) {
    const met = countOf(new Set(all.map(({ experiment }) => experiment)).size, "experiment");
    return `No experiment counts yet. ${met} met ${met.startsWith("1 ") ? "its" : "their"} forecast; the table says why none counts.`;
  }
  const base = `${countOf(counted, "experiment")} ${counted === 1 ? "counts" : "count"}.`;
  if (meanError.kind === "undetermined" || meanError.interval === undefined)
    return `${base} In which direction replays err cannot be told yet.`;
  const { lower, upper } = meanError.interval;
  const way =
    lower > 0
      ? "Results are higher than forecast, on average."
      : upper < 0
        ? "Results are lower than forecast, on average."
        : "That results lie to one side of the forecasts is not shown.";
  if (slope.kind === "undetermined" || slope.interval === undefined) return `${base} ${way}`;
  const size =
    slope.interval.upper < 1
      ? "Large forecasts overstate the change."
      : slope.interval.lower > 1
        ? "Large forecasts understate the change."
        : "That the size of a change is over- or understated is not shown.";
  return `${base} ${way} ${size}`;
}

function findingsOf(calibration: Calibration): CalibrationParts["findings"] {
  if (calibration.counted === 0) return [];
  const { meanError, scatter, absoluteError, sameDirection, insideForecast, insidePrediction, nominal, slope, constant } = calibration;
  const inside = ({ share, expected }: Calibration["insideForecast"]): string =>
    share.kind === "undetermined"
      ? shareText(share)
      : `${formatShare(share.value)}${share.interval === undefined ? "" : ` (${formatShare(share.interval.lower)} to ${formatShare(share.interval.upper)}, Wilson)`}; forecasts that are right would give ${formatShare(expected)}`;
  /** What a number is beside needs the number. */
  const beside = (text: string, { kind }: Estimated, words: string): string => (kind === "undetermined" ? text : `${text}${words}`);
  return [
    { term: "Mean error", text: beside(shareText(meanError), meanError, " of the control, result less forecast") },
    ...(absoluteError === undefined
      ? []
      : [
          {
            term: "Mean absolute error",
            text: `${points(absoluteError.value)} of the control; right forecasts with errors as stated would give ${points(absoluteError.expected)}`,
          },
        ]),
    ...(scatter === undefined
      ? []
      : [{ term: "Scatter beyond the errors of measuring", text: `${points(scatter)} of the control, a standard deviation` }]),
    { term: "Same direction", text: `${sameDirection.same} of ${sameDirection.of}` },
    {
      term: `Inside the forecast's ${formatSignificant(100 * nominal, 4)}\u00a0% interval`,
      text: beside(inside(insideForecast), insideForecast.share, ", because results have errors of their own"),
    },
    { term: "Inside it once widened by the result's error", text: inside(insidePrediction) },
    { term: "Slope of results on forecasts", text: beside(numberText(slope), slope, "; 1 if the forecasts are right") },
    { term: "Constant of that line", text: beside(shareText(constant), constant, "; 0 if the forecasts are right") },
  ];
}

/** The first row of each experiment: the others lie on it, or beside it. */
function pictureOf(all: readonly CalibrationPoint[], counted: number): ExperimentPicture {
  const first = all.filter(({ experiment }, index) => all.findIndex((point) => point.experiment === experiment) === index);
  return {
    title: "Forecast and result of each experiment",
    subtitle: `Changes as shares of the control, n = ${countOf(counted, "experiment")}; on the dashed line both are equal. Bars are intervals, hollow points do not count.`,
    chart: {
      kind: "agreement",
      label: "Results by forecasts",
      xHeading: "Forecast",
      yHeading: "Result",
      axis: { prefix: "", suffix: "\u00a0%", isChange: true },
      points: first.map(({ title, metricTitle, arm, forecast, result, leftOut }, index) => ({
        number: index + 1,
        label: `${title}: ${metricTitle}, ${arm}`,
        across: markOf(forecast),
        up: markOf(result),
        isCounted: leftOut === undefined,
      })),
    },
  };
}

function tableOf(all: readonly CalibrationPoint[]): ExperimentTable {
  const experiments = [...new Set(all.map(({ experiment }) => experiment))];
  return {
    title: "One row an experiment and metric",
    columns: ["No.", "Experiment", "Arm", "Metric", "Forecast", "Result", "Result less forecast", "In standard errors", "Counts"],
    rows: all.map(({ experiment, title, arm, metricTitle, forecast, result, difference, standardised, leftOut }) => [
      String(experiments.indexOf(experiment) + 1),
      title,
      arm,
      metricTitle,
      shareText(forecast),
      shareText(result),
      shareText(difference),
      standardised === undefined ? "" : formatSignificant(standardised, 3),
      leftOut === undefined ? "yes" : `no: ${leftOut}`,
    ]),
    note: "Shares of the control. One metric an experiment counts, so that none is counted twice.",
  };
}

function points(value: number): string {
  return formatShare(value, 2);
}
