/** Everything that an analysis says as one tidy table: one statement a row. */

import type { Analysis } from "../../simulations/experiments/index.ts";
import type { Estimated, Found } from "../../simulations/statistics/index.ts";
import { csvLines } from "../../views/index.ts";
import type { ExperimentForecast } from "./experiment-forecast.ts";
import type { HeldBack } from "./experiment-holdout.ts";
import type { TriggeredArm } from "./experiment-triggered.ts";
import type { WholeAnalysis } from "./experiment-whole.ts";

/** Columns of the table; what does not apply is empty. Shares are of 1, numbers are not rounded. */
const columns = [
  "part",
  "metric",
  "role",
  "arm",
  "by",
  "group",
  "quantity",
  "value",
  "lower",
  "upper",
  "level",
  "n",
  "p",
  "p_adjusted",
  "state",
  "words",
  "method",
  "may_be_read",
] as const;

/** Parts that tell of effects: each of their rows says whether a check stops its reading. */
const effectParts: ReadonlySet<unknown> = new Set([
  "scorecard",
  "guardrail",
  "look",
  "rolled-out",
  "pair",
  "segment",
  "interaction",
  "time-course",
  "since-exposure",
  "sensitivity",
  "triggered",
  "forecast",
  "holdout",
]);

type Cells = Readonly<Partial<Record<(typeof columns)[number], string | number | undefined>>>;

/**
 * The whole analysis with its identity, amendments and decisions. Parts: experiment, amendment, health, scorecard, guardrail, look, rolled-out, pair, segment, interaction, time-course,
 * since-exposure, sensitivity, triggered, forecast, holdout, recommendation, decision.
 */
export function experimentCsv({ analysed, triggered, forecast, held, decisions }: WholeAnalysis): string {
  const { experiment, observation, digest, amendments, analysis } = analysed;
  const stated = (quantity: string, words: string): Cells => ({ part: "experiment", quantity, words });
  const rows: readonly Cells[] = [
    stated("name", experiment.name),
    stated("title", experiment.title),
    stated("design digest", experiment.digest),
    stated("locked at", experiment.lockedAt ?? ""),
    stated("observations", observation.file),
    stated("observation digest", observation.digest),
    stated("analysis digest", digest),
    stated("evidence", analysis.evidenceWords),
    ...(analysis.familyWords === "" ? [] : [stated("adjusted over", analysis.familyWords)]),
    ...(analysis.quantileWords === undefined ? [] : [stated("quantiles", analysis.quantileWords)]),
    ...(analysis.strataWords === undefined ? [] : [stated("strata", analysis.strataWords)]),
    ...(analysis.windowWords === undefined ? [] : [stated("windows", analysis.windowWords)]),
    ...analysis.arms.flatMap(({ name, planned, units }) => [
      { part: "experiment", arm: name, quantity: "planned share", value: planned },
      { part: "experiment", arm: name, quantity: "units", value: units },
    ]),
    ...amendments.flatMap(({ createdAt, reason, changes }) =>
      changes.map(({ path, from, to }) => ({
        part: "amendment",
        by: createdAt,
        group: path,
        words: `from ${from === "" ? "nothing" : from} to ${to === "" ? "nothing" : to}: ${reason}`,
      })),
    ),
    { part: "health", quantity: "state", state: analysis.health.state },
    ...analysis.health.checks.map(({ name, title, state, finding, cure, pValue }) => ({
      part: "health",
      by: name,
      group: title,
      quantity: "check",
      p: pValue,
      state,
      words: cure === "" ? finding : `${finding} ${cure}`,
    })),
    ...analysis.scorecard.flatMap(scorecardRows),
    ...(analysis.rolledOut === undefined ? [] : rolledOutRows(analysis.rolledOut)),
    ...(analysis.between === undefined ? [] : pairRows(analysis.between)),
    ...analysis.segments.flatMap(segmentRows),
    ...analysis.timeCourse.flatMap(({ metric, arm, points }) =>
      points.flatMap(({ day, units, absolute, alwaysValid }) => [
        { part: "time-course", metric, arm, by: "day", group: day, quantity: "absolute", ...estimateCells(absolute), n: units },
        { part: "time-course", metric, arm, by: "day", group: day, quantity: "at every look", ...estimateCells(alwaysValid), n: units },
      ]),
    ),
    ...analysis.sinceExposure.flatMap(({ metric, arm, weeks, units, first, later, pValue }) => [
      ...weeks.map(({ week, units: n, absolute }) => ({
        part: "since-exposure",
        metric,
        arm,
        by: "week",
        group: week,
        quantity: "absolute a day",
        ...estimateCells(absolute),
        n,
      })),
      {
        part: "since-exposure",
        metric,
        arm,
        by: "span",
        group: "first week",
        quantity: "absolute a day",
        ...estimateCells(first),
        n: units,
      },
      { part: "since-exposure", metric, arm, by: "span", group: "later", quantity: "absolute a day", ...estimateCells(later), n: units },
      { part: "since-exposure", metric, arm, by: "span", quantity: "first week against later", p: pValue, n: units },
    ]),
    ...analysis.sensitivity.map(({ metric, arm, way, absolute, pValue }) => ({
      part: "sensitivity",
      metric,
      arm,
      by: "way",
      group: way,
      quantity: "absolute",
      ...estimateCells(absolute),
      p: pValue,
    })),
    ...triggered.flatMap(triggeredRows),
    ...(forecast === undefined ? [] : forecastRows(forecast)),
    ...(held === undefined ? [] : heldBackRows(held)),
    ...analysis.recommendations.map(({ arm, decision, reasons }) => ({
      part: "recommendation",
      arm,
      quantity: "rule",
      state: decision,
      words: reasons.join(" "),
    })),
    ...decisions.map(({ arm, decision, recommended, reason, decidedBy, analysisDigest, createdAt }) => ({
      part: "decision",
      arm,
      by: decidedBy,
      group: createdAt,
      quantity: `rule says ${recommended}`,
      state: decision,
      words: reason,
      method: `seen: analysis ${analysisDigest}`,
    })),
  ];
  const mayBeRead = analysis.health.mayBeRead ? "yes" : "no";
  const told = rows.map((row) => (effectParts.has(row.part) && !isBeside(row) ? { ...row, may_be_read: mayBeRead } : row));
  return csvLines([columns, ...told.map((row) => columns.map((column) => row[column] ?? ""))]);
}

/** What was forecast alone may be read, whatever checks find; and who was held back is no effect. */
function isBeside({ part, quantity = "" }: Cells): boolean {
  return (
    (part === "forecast" && /^(?:not )?forecast/.test(String(quantity))) ||
    (part === "holdout" && /^(?:experiment|caveat)$/.test(String(quantity)))
  );
}

function scorecardRows(row: Analysis["scorecard"][number]): readonly Cells[] {
  const { metric, role, arm, look, guardrail } = row;
  const common = { part: "scorecard", metric, role, arm };
  return [
    { ...common, quantity: "control", value: row.control.value, n: row.control.units },
    { ...common, quantity: "candidate", value: row.treatment.value, n: row.treatment.units },
    {
      ...common,
      quantity: "absolute",
      ...estimateCells(row.absolute),
      p: row.pValue,
      p_adjusted: row.adjustedPValue,
      state: row.reading,
      words: row.words,
    },
    { ...common, quantity: "relative", ...estimateCells(row.relative), p: row.pValue },
    ...(row.judgedRelative === undefined
      ? []
      : [{ ...common, quantity: "relative, as this look is judged", ...estimateCells(row.judgedRelative) }]),
    ...adjustedRows(common, row),
    { ...common, quantity: "at every look", ...estimateCells(row.alwaysValid), p: row.alwaysValidPValue },
    ...(row.varianceReduction === undefined ? [] : [{ ...common, quantity: "variance reduction", value: row.varianceReduction }]),
    ...row.warnings.map((words) => ({ ...common, quantity: "warning", words })),
    ...(look === undefined
      ? []
      : [
          {
            ...common,
            part: "look",
            by: "look",
            group: `${look.number} of ${look.of}`,
            quantity: "standard errors, against the bound",
            value: look.statistic,
            upper: look.bound,
            state: look.crossed ? "crossed" : "not crossed",
          },
          ...(look.interval === undefined
            ? []
            : [
                {
                  ...common,
                  part: "look",
                  by: "look",
                  group: `${look.number} of ${look.of}`,
                  quantity: "absolute, by the bound",
                  lower: look.interval.lower,
                  upper: look.interval.upper,
                  level: look.interval.level,
                },
              ]),
        ]),
    ...(guardrail === undefined
      ? []
      : [
          { ...common, part: "guardrail", quantity: `margin, ${guardrail.scale}`, value: guardrail.margin },
          {
            ...common,
            part: "guardrail",
            quantity: `difference, ${guardrail.scale}`,
            ...estimateCells(guardrail.interval),
            state: guardrail.state,
            words: guardrail.words,
          },
        ]),
  ];
}

/** Intervals that agree with the adjusted p-value. */
function adjustedRows(common: Cells, { adjusted, adjustedPValue }: Analysis["scorecard"][number]): readonly Cells[] {
  if (adjusted === undefined) return [];
  const words = adjusted.mayIncludeZero ? "may include 0" : "";
  return (["absolute", "relative"] as const).flatMap((scale) =>
    adjusted[scale] === undefined
      ? []
      : [{ ...common, quantity: `${scale}, adjusted`, ...adjusted[scale], p_adjusted: adjustedPValue, words }],
  );
}

/** What effects come to in all, and whom such sums are over. */
function rolledOutRows({ rows, words }: NonNullable<Analysis["rolledOut"]>): readonly Cells[] {
  return [
    { part: "rolled-out", quantity: "whom it would be given", words },
    ...rows.flatMap(({ metric, role, arm, units, reading, words: said, total, perWeek }) => {
      const common = { part: "rolled-out", metric, role, arm, by: "units", group: units };
      return [
        { ...common, quantity: "in all", ...estimateCells(total), state: reading, words: said },
        ...(perWeek === undefined ? [] : [{ ...common, quantity: "a week", ...estimateCells(perWeek) }]),
      ];
    }),
  ];
}

/** Candidates against each other, every pair both ways: `by` says whether that was planned, `group` is the candidate in the control's place. */
function pairRows({ isPlanned, pairs }: NonNullable<Analysis["between"]>): readonly Cells[] {
  return pairs.flatMap(({ base, ...row }) =>
    scorecardRows(row).map((cells) => ({
      ...cells,
      part: "pair",
      by: isPlanned ? "planned" : "exploratory",
      group: base,
      ...(cells.part === "look" ? { quantity: `${cells.quantity}, look ${cells.group}` } : {}),
      ...(cells.quantity === "control" ? { quantity: "the other candidate" } : {}),
    })),
  );
}

function segmentRows({
  metric,
  arm,
  column,
  rows,
  interactionPValue,
  adjustedInteractionPValue,
  words,
}: Analysis["segments"][number]): readonly Cells[] {
  const common = { part: "segment", metric, arm, by: column };
  return [
    ...rows.flatMap(({ value, control, treatment, absolute, shrunken }) => [
      { ...common, group: value, quantity: "control", value: control.value, n: control.units },
      { ...common, group: value, quantity: "candidate", value: treatment.value, n: treatment.units },
      { ...common, group: value, quantity: "absolute", ...estimateCells(absolute) },
      { ...common, group: value, quantity: "shrunken", ...estimateCells(shrunken) },
    ]),
    { ...common, part: "interaction", quantity: "Cochran's Q", p: interactionPValue, p_adjusted: adjustedInteractionPValue, words },
  ];
}

/** From the first divergence on: an average unit of the whole, and by stratum the units that are triggered. */
function triggeredRows({ arm, from, to, analysis: { effects } }: TriggeredArm): readonly Cells[] {
  return effects.flatMap(({ measure, groups, diluted, plain, naive, gain }) => {
    const common = { part: "triggered", metric: measure, arm, by: "weeks", group: `${from} to ${to}` };
    return [
      { ...common, quantity: "a unit of the whole", ...foundCells(diluted) },
      { ...common, quantity: "without triggering", ...foundCells(plain) },
      { ...common, quantity: "while the tiers differ (biased)", ...foundCells(naive) },
      ...(gain === undefined ? [] : [{ ...common, quantity: "times fewer units", value: gain }]),
      ...groups.map(({ stratum, control, treatment, effect }) => ({
        ...common,
        by: "stratum",
        group: stratum,
        quantity: "a triggered unit",
        ...foundCells(effect),
        n: control + treatment,
      })),
    ];
  });
}

/** What the comparison forecast beside what was measured, as shares of the control; and what it does not forecast. */
function forecastRows({ run, against: { rows, notForecast } }: ExperimentForecast): readonly Cells[] {
  const common = { part: "forecast", by: "comparison", group: run };
  return [
    ...rows.flatMap(({ metric, role, arm, words, relative: { forecast, result, difference, pValue, ratio, low, high } }) => {
      const own = { ...common, metric, role, arm };
      return [
        { ...own, quantity: "forecast", ...estimateCells(forecast), words },
        { ...own, quantity: "forecast, low to high scenario", lower: low, upper: high },
        { ...own, quantity: "result", ...estimateCells(result) },
        { ...own, quantity: "result less forecast", ...estimateCells(difference), p: pValue },
        { ...own, quantity: "result over forecast", ...estimateCells(ratio) },
      ];
    }),
    ...notForecast.map(({ metric, arm, why }) => ({ ...common, metric, arm, quantity: "not forecast", words: why })),
  ];
}

/** Experiments of the units held back, and what was shipped to all others: in total, by experiment, together. */
function heldBackRows({ holdout, experiments, caveats, effects }: HeldBack): readonly Cells[] {
  const common = { part: "holdout", by: holdout };
  return [
    ...experiments.map(({ experiment, arm, state, title, decidedAt }) => ({
      ...common,
      arm,
      group: experiment,
      quantity: "experiment",
      state,
      words: decidedAt === "" ? title : `${title}, decided ${decidedAt}`,
    })),
    ...caveats.map((words) => ({ ...common, quantity: "caveat", words })),
    ...effects.flatMap(({ metric, total, parts, together, against, pValue, words }) => [
      { ...common, metric, quantity: "in total", ...estimateCells(total), words },
      ...parts.map(({ experiment, arm, relative }) => ({
        ...common,
        metric,
        arm,
        group: experiment,
        quantity: "by itself",
        ...estimateCells(relative),
      })),
      { ...common, metric, quantity: "parts together", ...estimateCells(together) },
      { ...common, metric, quantity: "total against parts together", ...estimateCells(against), p: pValue },
    ]),
  ];
}

function foundCells(found: Found): Cells {
  if (found.kind === "undetermined") return estimateCells(found);
  return { ...estimateCells(found.estimate), ...(found.test === undefined ? {} : { p: found.test.pValue }) };
}

/** An open end is empty; why there is no value stands in place of the method. */
function estimateCells(estimated: Estimated): Cells {
  if (estimated.kind === "undetermined") return { method: `not determined: ${estimated.reason}` };
  const { value, interval, n, method } = estimated;
  return { value, lower: interval?.lower, upper: interval?.upper, level: interval?.level, n, method };
}
