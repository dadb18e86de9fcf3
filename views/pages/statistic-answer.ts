/** What a statistic gives, set for its page: a headline, facts, pictures, tables. */
import type { ConfidenceSet, Detail, Estimate, Estimated, Finding, Found, TestResult } from "../../simulations/statistics/index.ts";
import { wordsOfSet } from "../../simulations/statistics/index.ts";
import type { ChartSpec, CurveSpec } from "../charts/index.ts";
import { capitalise, formatFigure, formatShare, formatSignificant } from "../formats/index.ts";
import type { StatisticAnswerContext } from "./statistic-context.ts";

type Row = Readonly<Record<string, number | string | boolean>>;

/** The finding of a statistic for its page. A detail called `curve`, or `... curve`, whose rows are numbers becomes a drawing: its first column across. */
export function statisticAnswer(found: Found): StatisticAnswerContext {
  if (found.kind === "undetermined") {
    const headline = `${withSet(capitalise(found.reason), found.set)}. What would determine it: ${found.wouldDetermine}.`;
    const facts = found.test === undefined ? [] : testFacts(found.test);
    return { isUndetermined: true, headline, facts, pictures: [], tables: [], warnings: found.warnings ?? [] };
  }
  const { estimate, test, relative, logRatio, details = {}, warnings } = found;
  const tables = Object.entries(details).filter((entry): entry is [string, readonly Row[]] => isTable(entry[1]));
  return {
    isUndetermined: false,
    headline: `${estimateWords(estimate)}${estimate.kind === "estimate" && details["units"] === estimate.value ? " units" : ""}`,
    facts: [
      ...(test === undefined ? [] : testFacts(test)),
      ...(relative === undefined ? [] : [{ label: "Relative", text: estimateWords(relative, percent) }]),
      ...(logRatio === undefined ? [] : [{ label: "Log ratio", text: estimateWords(logRatio) }]),
      ...(estimate.standardError === undefined ? [] : [{ label: "Standard error", text: number(estimate.standardError) }]),
      { label: "Method", text: `${estimate.method}, n = ${number(estimate.n)}` },
      ...Object.entries(details).flatMap(([name, detail]) =>
        isTable(detail) || name === "curveAt" ? [] : [{ label: labelOf(name), text: detailWords(detail) }],
      ),
    ],
    pictures: [...intervalPictures(found), ...tables.flatMap(([name, rows]) => curvePicture(name, rows, details))],
    tables: tables.map(([name, rows]) => ({ ...tableOf(name, rows), isDrawn: curvePicture(name, rows, details).length > 0 })),
    warnings,
  };
}

/** Value with what is not ruled out, or why there is none. */
function estimateWords(estimated: Estimated, write: (value: number) => string = number): string {
  if (estimated.kind === "undetermined") return withSet(`undetermined: ${estimated.reason}`, estimated.set, write);
  const { value, interval, set } = estimated;
  if (interval !== undefined)
    return `${write(value)} (${formatSignificant(interval.level * 100, 6)} % interval ${write(interval.lower)} to ${write(interval.upper)})`;
  return withSet(write(value), set, write);
}

function withSet(words: string, set: ConfidenceSet | undefined, write: (value: number) => string = number): string {
  return set === undefined ? words : `${words} (${formatSignificant(set.level * 100, 6)} %: ${wordsOfSet(set, write)})`;
}

function testFacts({ name, statistic, degreesOfFreedom, pValue, alternative, nullValue }: TestResult): StatisticAnswerContext["facts"] {
  const degrees = degreesOfFreedom === undefined ? "" : ` on ${[degreesOfFreedom].flat().map(number).join(" and ")} degrees of freedom`;
  const by = statistic === undefined ? name : `${name} ${number(statistic)}${degrees}`;
  return [{ label: "p-value", text: `${number(pValue)} (${by}; ${alternative}, against ${number(nullValue)})` }];
}

/** One row a quantity that has an interval. */
function intervalPictures({ estimate, relative }: Finding): StatisticAnswerContext["pictures"] {
  const shares = relative?.kind === "estimate" ? relative : undefined;
  return [
    ...intervalPicture("Estimate", estimate, { factor: 1, suffix: "" }),
    ...(shares === undefined ? [] : intervalPicture("Relative to control", shares, { factor: 100, suffix: " %" })),
  ];
}

function intervalPicture(
  label: string,
  { value, interval }: Estimate,
  { factor, suffix }: { readonly factor: number; readonly suffix: string },
): StatisticAnswerContext["pictures"] {
  if (interval === undefined) return [];
  const mark = { value: value * factor, lower: interval.lower * factor, upper: interval.upper * factor };
  const write = (end: number) => `${formatSignificant(end, 4)}${suffix}`;
  const words = `${write(mark.lower)} to ${write(mark.upper)}`;
  const chart: ChartSpec = {
    kind: "interval-rows",
    label: `${label}: ${write(mark.value)}, interval ${words}`,
    heading: "",
    columns: ["Estimate", "Interval"],
    rows: [{ label, note: "", mark, estimateText: write(mark.value), intervalText: words, isTotal: false, isEmphasised: true }],
    axis: { prefix: "", suffix, isChange: false },
    isCompact: false,
  };
  return [{ chart, title: `${label}, with its ${formatSignificant(interval.level * 100, 6)} % interval` }];
}

/** Columns of numbers over the first one. The point that was asked about stands in the details as `curveAt`: across, up. */
function curvePicture(name: string, rows: readonly Row[], details: Readonly<Record<string, Detail>>): StatisticAnswerContext["pictures"] {
  const columns = Object.keys(rows[0] ?? {});
  const [first, ...others] = columns;
  const isDrawn = /(^|[a-z])curve$/i.test(name) && first !== undefined && others.length > 0 && rows.length > 2;
  if (!isDrawn || !rows.every((row) => columns.every((column) => typeof row[column] === "number"))) return [];
  const at = details["curveAt"];
  const mark = Array.isArray(at) && typeof at[0] === "number" && typeof at[1] === "number" ? ([at[0], at[1]] as const) : undefined;
  const chart: CurveSpec = {
    kind: "curve",
    label: `${others.map(labelOf).join(", ")} by ${labelOf(first)}`,
    xHeading: labelOf(first),
    yHeading: others.map(labelOf).join(", "),
    lines: others.map((column) => ({
      name: labelOf(column),
      points: rows.map((row) => [Number(row[first]), Number(row[column])] as const),
    })),
    ...(mark === undefined ? {} : { mark }),
  };
  return [{ chart, title: labelOf(name) }];
}

function tableOf(name: string, rows: readonly Row[]): Omit<StatisticAnswerContext["tables"][number], "isDrawn"> {
  const columns = Object.keys(rows[0] ?? {});
  return {
    title: labelOf(name),
    columns: columns.map(labelOf),
    rows: rows.map((row) => columns.map((column) => detailWords(row[column] ?? ""))),
  };
}

function isTable(detail: Detail): detail is readonly Row[] {
  return Array.isArray(detail) && typeof detail[0] === "object";
}

function detailWords(detail: Detail): string {
  if (Array.isArray(detail)) return detail.map((part: unknown) => (typeof part === "number" ? number(part) : String(part))).join(", ");
  if (typeof detail === "boolean") return detail ? "yes" : "no";
  return typeof detail === "number" ? number(detail) : typeof detail === "string" ? detail : "";
}

/** `medianUnbiased` as `Median unbiased`. */
function labelOf(name: string): string {
  return capitalise(
    name
      .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
      .trim()
      .replaceAll("-", " "),
  );
}

function number(value: number): string {
  return formatFigure(value, 5);
}

function percent(share: number): string {
  const size = Math.abs(share);
  return size !== 0 && size < 0.001 ? `${formatSignificant(share * 100, 3)} %` : formatShare(share, 2);
}
