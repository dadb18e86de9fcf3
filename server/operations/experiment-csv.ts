/** Everything that an analysis says as one tidy table: one statement a row. */

import type { Analysis } from "../../simulations/experiments/index.ts";
import { csvLines } from "../../views/index.ts";
import { type Cells, columns, estimateCells, foundCells } from "./experiment-cells.ts";
import type { ExperimentForecast } from "./experiment-forecast.ts";
import type { HeldBack } from "./experiment-holdout.ts";
import { pairRows, scorecardRows } from "./experiment-scorecard-rows.ts";
import type { TriggeredArm } from "./experiment-triggered.ts";
import type { WholeAnalysis } from "./experiment-whole.ts";

/** Parts that tell of effects: each of their rows says whether a check stops its reading. */
const effectParts: ReadonlySet<unknown> = new Set([
  "scorecard",
  "guardrail",
  "look",
  "rolled-out",
  "concurrent",
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

/**
 * The whole analysis with its identity, amendments and decisions. Parts: experiment, amendment, health, scorecard, guardrail, look, rolled-out, concurrent, pair, segment, interaction, time-course,
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
    ...(analysis.priorWords === undefined ? [] : [stated("priors", analysis.priorWords)]),
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
    ...(analysis.interactions === undefined ? [] : concurrentRows(analysis.interactions)),
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

/** Effects by the arms that units have in other experiments. */
function concurrentRows({ rows, overlaps, finding }: NonNullable<Analysis["interactions"]>): readonly Cells[] {
  return [
    { part: "concurrent", quantity: "finding", words: finding },
    ...overlaps.map(({ experiment, units, pValue }) => ({
      part: "concurrent",
      by: experiment,
      quantity: "units in both",
      n: units,
      p: pValue,
    })),
    ...rows.flatMap(({ experiment, metric, arm, otherControl, otherArm, underControl, underCandidate, interaction, ...row }) => {
      const common = { part: "concurrent", metric, role: "primary", arm, by: experiment };
      return [
        { ...common, group: otherControl, quantity: "absolute", ...estimateCells(underControl) },
        { ...common, group: otherArm, quantity: "absolute", ...estimateCells(underCandidate) },
        {
          ...common,
          group: `${otherArm} against ${otherControl}`,
          quantity: "interaction",
          ...estimateCells(interaction),
          n: row.units,
          p: row.pValue,
          p_adjusted: row.adjustedPValue,
        },
      ];
    }),
  ];
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
function triggeredRows({ arm, from, to, analysis: { effects, population } }: TriggeredArm): readonly Cells[] {
  return effects.flatMap(({ measure, groups, diluted, plain, naive, gain, inAll }) => {
    const common = { part: "triggered", metric: measure, arm, by: "weeks", group: `${from} to ${to}` };
    return [
      { ...common, quantity: "a unit of the whole", ...foundCells(diluted) },
      ...(inAll === undefined
        ? []
        : [
            { ...common, quantity: "in all", ...estimateCells(inAll.total), n: population },
            { ...common, quantity: "in all, a week", ...estimateCells(inAll.perWeek), n: population },
          ]),
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
