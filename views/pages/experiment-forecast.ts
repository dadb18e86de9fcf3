/** A forecast beside its result, set for the page of an experiment. */
import { type ForecastAgainstResult, type ForecastRow, notToBeRead } from "../../simulations/experiments/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import type { ChartInterval, IntervalRow } from "../charts/index.ts";
import { datesInWords, formatSignificant } from "../formats/index.ts";
import type { ExperimentPicture, ExperimentTable, ForecastParts } from "./experiment-context.ts";

type Scale = ForecastRow["relative"];

/** `run`: id of the comparison. `isStopped`: a health check stops the reading of what was measured. */
export function forecastParts(
  run: string,
  { rows, notForecast, scaling }: ForecastAgainstResult,
  { isStopped }: { readonly isStopped: boolean },
): ForecastParts {
  return {
    run,
    readings: rows.map(({ words }) => words),
    ...(rows.length === 0 ? {} : { picture: pictureOf(rows, isStopped) }),
    tables: rows.length === 0 ? [] : [shareTable(rows), unitTable(rows)],
    notForecast: notForecast.map(({ title, arm, why }) => ({ title: `${title}, ${arm}`, why })),
    scaling: scaling.map(datesInWords),
  };
}

function pictureOf(rows: readonly ForecastRow[], isStopped: boolean): ExperimentPicture {
  const hasResult = rows.some(({ relative }) => relative.result.kind === "estimate");
  const both = "What was forecast, and what was measured";
  return {
    title: hasResult ? (isStopped ? notToBeRead(both) : both) : "What was forecast",
    subtitle:
      "Change as a share of the control. Bars are intervals: of a forecast over other draws of sellers and of the assumptions, of a result over other draws of units.",
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
  return {
    label: `${title}, ${what}`,
    note: arm,
    mark: markOf(estimated),
    estimateText: estimated.kind === "estimate" ? percent(estimated.value) : "not determined",
    intervalText: interval === undefined ? "" : `${signed(100 * interval.lower)} to ${percent(interval.upper)}`,
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

function shareTable(rows: readonly ForecastRow[]): ExperimentTable {
  return {
    title: "As shares of the control",
    columns: ["Metric", "Arm", "Forecast", "Low to high", "Measured", "Measured less forecast", "p", "Measured over forecast", "Intervals"],
    rows: rows.map((row) => [row.title, row.arm, ...cells(row.relative, shareText), overlapText(row.overlaps)]),
    note: [
      "p is of no difference between the two, as independent estimates: that intervals meet is no test of it.",
      ...new Set(rows.flatMap(({ notes }) => notes)),
    ].join(" "),
  };
}

function unitTable(rows: readonly ForecastRow[]): ExperimentTable {
  return {
    title: "An average unit over the weeks of the plan",
    columns: ["Metric", "Arm", "Forecast", "Low to high", "Measured", "Measured less forecast", "p", "Measured over forecast"],
    rows: rows.map(({ title, arm, perUnit }) =>
      "forecast" in perUnit
        ? [title, arm, ...cells(perUnit, amountText)]
        : [title, arm, `not on one scale: ${perUnit.reason}`, "", "", "", "", ""],
    ),
    note: "",
  };
}

function cells({ forecast, low, high, result, difference, pValue, ratio }: Scale, write: (value: Estimated) => string): readonly string[] {
  const number = (value: number): Estimated => ({ kind: "estimate", value, method: "", n: 0, assumptions: [] });
  return [
    write(forecast),
    `${write(number(low))} to ${write(number(high))}`,
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
  return textOf(estimated, percent, (value) => signed(100 * value));
}

/** A number with its interval. */
export function numberText(estimated: Estimated): string {
  const plain = (value: number): string => formatSignificant(value, 3);
  return textOf(estimated, plain, plain);
}

function amountText(estimated: Estimated): string {
  return textOf(estimated, signed, signed);
}

function textOf(estimated: Estimated, write: (value: number) => string, start: (value: number) => string): string {
  if (estimated.kind === "undetermined") return `not determined: ${estimated.reason}`;
  const { value, interval } = estimated;
  return interval === undefined ? write(value) : `${write(value)} (${start(interval.lower)} to ${write(interval.upper)})`;
}

function percent(value: number): string {
  return `${signed(100 * value)}\u00a0%`;
}

function signed(value: number): string {
  return `${value > 0 ? "+" : ""}${formatSignificant(value, 3)}`;
}
