/** A forecast beside its result, set for the page of an experiment. */
import type { ForecastAgainstResult, ForecastRow } from "../../simulations/experiments/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import type { ChartInterval, IntervalRow } from "../charts/index.ts";
import { datesInWords, formatSignificant, listInWords } from "../formats/index.ts";
import type { ExperimentPicture, ExperimentTable, ForecastParts } from "./experiment-context.ts";
import { effectText, plainUnit, relativeUnit, signedTogether } from "./experiment-words.ts";

type Scale = ForecastRow["relative"];

/** `run`: id of the comparison. `told`: how words about what was measured are told. */
export function forecastParts(
  run: string,
  { rows, notForecast, scaling }: ForecastAgainstResult,
  told: (words: string) => string,
): ForecastParts {
  const hasResult = rows.some(({ relative }) => relative.result.kind === "estimate");
  return {
    run,
    hasResult,
    readings: rows.map(({ words }) => words),
    ...(rows.length === 0 ? {} : { picture: pictureOf(rows, hasResult, told) }),
    tables: rows.length === 0 ? [] : [shareTable(rows, hasResult), ...unitTable(rows, hasResult)],
    notForecast: notForecast.map(({ title, arm, why }) => ({ title: `${title}, ${arm}`, why })),
    scaling: [...notOnScale(rows), ...scaling.map(datesInWords)],
  };
}

function pictureOf(rows: readonly ForecastRow[], hasResult: boolean, told: (words: string) => string): ExperimentPicture {
  return {
    title: hasResult ? told("What was forecast, and what was measured") : "What was forecast",
    subtitle: `Change as a share of the control. Bars are intervals: of a forecast over other draws of sellers and of the assumptions${hasResult ? ", of a result over other draws of units" : ""}.`,
    chart: {
      kind: "interval-rows",
      label: "Forecast and result by metric",
      heading: "change as a share of the control",
      columns: ["Change", "interval"],
      axis: { prefix: "", suffix: "\u00a0%", isChange: true },
      isCompact: false,
      rows: rows.flatMap((row) => [
        intervalRow(row, "forecast", row.relative.forecast),
        ...(hasResult ? [intervalRow(row, "measured", row.relative.result)] : []),
      ]),
    },
  };
}

function intervalRow({ title, arm }: ForecastRow, what: "forecast" | "measured", estimated: Estimated): IntervalRow {
  const interval = estimated.kind === "estimate" ? estimated.interval : undefined;
  const values =
    estimated.kind === "estimate" ? [estimated.value, ...(interval === undefined ? [] : [interval.lower, interval.upper])] : [];
  const write = signedTogether(values, relativeUnit);
  return {
    label: `${title}, ${what}`,
    note: arm,
    mark: markOf(estimated),
    estimateText: estimated.kind === "estimate" ? `${write(estimated.value)}\u00a0%` : "not determined",
    intervalText: interval === undefined ? "" : `${write(interval.lower)} to ${write(interval.upper)}\u00a0%`,
    isTotal: false,
    isEmphasised: what === "measured",
  };
}

/** Per cent on a scale. */
export function markOf(estimated: Estimated): ChartInterval {
  if (estimated.kind === "undetermined") return {};
  const { value, interval } = estimated;
  return interval === undefined ? { value: 100 * value } : { value: 100 * value, lower: 100 * interval.lower, upper: 100 * interval.upper };
}

const forecastColumns = ["Metric", "Arm", "Forecast", "Low to high"];
const resultColumns = ["Measured", "Measured less forecast", "p", "Measured over forecast"];

function shareTable(rows: readonly ForecastRow[], hasResult: boolean): ExperimentTable {
  const notes = new Set(rows.flatMap((row) => row.notes));
  return {
    title: "As shares of the control",
    columns: [...forecastColumns, ...(hasResult ? [...resultColumns, "Intervals"] : [])],
    rows: rows.map((row) => [
      row.title,
      row.arm,
      ...forecastCells(row.relative, shareText),
      ...(hasResult ? [...resultCells(row.relative, shareText), overlapText(row.overlaps)] : []),
    ]),
    note: [
      ...(hasResult ? ["p is of no difference between the two, as independent estimates: that intervals meet is no test of it."] : []),
      ...notes,
    ].join(" "),
  };
}

/** Those that are on one scale; no table where none is. */
function unitTable(rows: readonly ForecastRow[], hasResult: boolean): readonly ExperimentTable[] {
  const scaled = rows.flatMap(({ title, arm, perUnit }) =>
    "forecast" in perUnit
      ? [[title, arm, ...forecastCells(perUnit, amountText), ...(hasResult ? resultCells(perUnit, amountText) : [])]]
      : [],
  );
  if (scaled.length === 0) return [];
  const columns = [...forecastColumns, ...(hasResult ? resultColumns : [])];
  return [{ title: "An average unit over the weeks of the plan", columns, rows: scaled, note: "" }];
}

/** Why others have no line of an average unit: one sentence a reason. */
function notOnScale(rows: readonly ForecastRow[]): readonly string[] {
  const missing = rows.flatMap(({ title, arm, perUnit }) =>
    "forecast" in perUnit ? [] : [{ of: `${title} under ${arm}`, why: perUnit.reason }],
  );
  return [...new Set(missing.map(({ why }) => why))].map((reason) => {
    const names = listInWords(missing.filter(({ why }) => why === reason).map(({ of }) => of));
    return `Not on one scale for an average unit: ${names}, because ${reason}.`;
  });
}

function forecastCells({ forecast, low, high }: Scale, write: (value: Estimated) => string): readonly string[] {
  const number = (value: number): Estimated => ({ kind: "estimate", value, method: "", n: 0, assumptions: [] });
  return [write(forecast), `${write(number(low))} to ${write(number(high))}`];
}

function resultCells({ result, difference, pValue, ratio }: Scale, write: (value: Estimated) => string): readonly string[] {
  return [
    write(result),
    write(difference),
    pValue === undefined ? "" : pValue < 0.0001 ? "< 0.0001" : formatSignificant(pValue, 2),
    numberText(ratio),
  ];
}

function overlapText(overlaps: boolean | undefined): string {
  return overlaps === undefined ? "" : overlaps ? "meet" : "apart";
}

/** A share of the control with its interval. */
export function shareText(estimated: Estimated): string {
  return effectText(estimated, relativeUnit);
}

/** A number with its interval. */
export function numberText(estimated: Estimated): string {
  if (estimated.kind === "undetermined") return `not determined: ${estimated.reason}`;
  const { value, interval } = estimated;
  const write = (number: number): string => formatSignificant(number, 3);
  return interval === undefined ? write(value) : `${write(value)} (${write(interval.lower)} to ${write(interval.upper)})`;
}

function amountText(estimated: Estimated): string {
  return effectText(estimated, plainUnit);
}
