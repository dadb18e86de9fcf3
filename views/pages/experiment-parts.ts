/** An analysis set for its page: banner, answers, pictures, tables. Sentences come from the analysis; here numbers become words. */
import { type Analysis, notShownWords, toldUnder } from "../../simulations/experiments/index.ts";
import type { Estimate } from "../../simulations/statistics/index.ts";
import type { ChartSpec, IntervalRow } from "../charts/index.ts";
import { capitalise, countOf, formatCount, formatDate, formatShare, formatSignificant } from "../formats/index.ts";
import { betweenParts } from "./experiment-between.ts";
import { adjustedText, lookText, sidesText } from "./experiment-cells.ts";
import type { ArmEffects, ExperimentParts, ExperimentPicture, ExperimentTable } from "./experiment-context.ts";
import { interactionParts } from "./experiment-interactions.ts";
import { rolledOutParts } from "./experiment-rolled-out.ts";
import { changeUnit, effectText, pText, relativeUnit, signedTogether } from "./experiment-words.ts";

type Row = Analysis["scorecard"][number];

/** Everything below the design. `base`: the candidate that others are set against, where one was chosen. Where a check stops, every title of effects says that they are not to be read. */
export function experimentParts(analysis: Analysis, base?: string): ExperimentParts {
  const { health, scorecard, recommendations, sensitivity } = analysis;
  const words = toldUnder(health);
  const told = <Part extends { readonly title: string }>(part: Part): Part => ({ ...part, title: words(part.title) });
  const sensitive = sensitivity.length === 0 ? undefined : sensitivityTable(analysis);
  return {
    evidence: analysis.evidenceWords,
    interference: { words: analysis.interference?.words ?? "", cure: analysis.interference?.cure ?? "" },
    health: {
      state: health.state,
      mayBeRead: health.mayBeRead,
      banner: bannerOf(analysis),
      checks: health.checks.map(({ state, title, finding, cure }) => ({ state, title, finding, cure })),
    },
    answers: recommendations.map(({ arm, decision, reasons }) => ({ arm, decision, reasons: reasons.map(capitalise) })),
    effects: analysis.arms.slice(1).map(({ name }, index, { length }): ArmEffects => {
      const rows = scorecard.filter(({ arm }) => arm === name);
      return {
        picture: told(effectPicture(analysis, rows, name)),
        readings: rows.map(({ role, words, guardrail }) => ({ role, words: capitalise(words), guardrail: guardrail?.words ?? "" })),
        scorecard: told({
          title: length === 1 ? "Every figure" : `Every figure under ${name}`,
          ...scorecardTable(rows),
          // It is about all of them.
          note: index === length - 1 ? scorecardNote(analysis) : "",
        }),
      };
    }),
    courses: [
      ...analysis.timeCourse.flatMap((course) => coursePicture(analysis, course)),
      ...analysis.sinceExposure.flatMap((since) => sincePicture(analysis, since)),
    ].map(told),
    segments: analysis.segments.map((segment) => told(segmentTable(analysis, segment))),
    ...betweenParts(analysis, base),
    ...rolledOutParts(analysis),
    ...interactionParts(analysis),
    ...(sensitive === undefined ? {} : { sensitivity: told(sensitive) }),
  };
}

function bannerOf({ health, units }: Analysis): string {
  const all = countOf(units, "unit");
  if (!health.mayBeRead) return `Do not read the effects: a check of the ${all} fails.`;
  if (health.state === "care") return `Read the effects of these ${all} with care: see the checks.`;
  return `All checks of the ${all} pass.`;
}

/** Relative effects where all have one, else each in its own unit with words only. */
function effectPicture({ level, evidence, arms }: Analysis, rows: readonly Row[], arm: string): ExperimentPicture {
  const percent = `${formatSignificant(100 * level, 4)}\u00a0%`;
  const chart: ChartSpec = {
    kind: "interval-rows",
    label: `Relative effect of ${arm} by metric`,
    heading: "difference as a share of the control",
    columns: ["Lift", `${percent} interval`],
    axis: { prefix: "", suffix: "\u00a0%", isChange: true },
    isCompact: false,
    rows: rows.map((row): IntervalRow => {
      const judged = row.judgedRelative ?? row.relative;
      const interval = judged.kind === "estimate" ? judged.interval : undefined;
      const value = row.relative.kind === "estimate" ? row.relative.value : undefined;
      const ends = interval === undefined ? [] : [interval.lower, interval.upper];
      const write = signedTogether([...(value === undefined ? [] : [value]), ...ends], relativeUnit);
      return {
        label: row.title,
        note: row.role,
        mark:
          value === undefined
            ? {}
            : interval === undefined
              ? { value: 100 * value }
              : { value: 100 * value, lower: 100 * interval.lower, upper: 100 * interval.upper },
        estimateText: value === undefined ? "not determined" : `${write(value)}\u00a0%`,
        intervalText: interval === undefined ? "" : `${write(interval.lower)} to ${write(interval.upper)}\u00a0%`,
        isTotal: false,
        isEmphasised: row.role === "primary",
      };
    }),
  };
  const shown = rows.filter(({ reading }) => reading === "better" || reading === "worse");
  const title =
    shown.length === 0
      ? `No difference under ${arm} is shown yet`
      : `${shown.map(({ title: name, reading }, index) => `${index === 0 ? name : name.toLowerCase()} is ${reading}`).join(", ")}${arms.length > 2 ? ` under ${arm}` : ""}`;
  const n = rows[0] === undefined ? 0 : rows[0].control.units + rows[0].treatment.units;
  return {
    title,
    subtitle: `${arm} against the control, n = ${formatCount(n)}; ${
      evidence.kind === "fixed"
        ? `bars are ${percent} intervals, which exclude 0 exactly where the p-value is below ${formatSignificant(1 - level, 3)} before any adjustment`
        : `bars hold at ${percent} over all looks`
    }.`,
    chart,
  };
}

function scorecardTable(rows: readonly Row[]): Pick<ExperimentTable, "columns" | "rows"> {
  const hasPrior = rows.some(({ statedPosterior }) => statedPosterior !== undefined);
  return {
    columns: [
      "Metric",
      "Reading",
      "Control",
      "Candidate",
      "Difference",
      "Relative",
      "p",
      ...(rows.some(({ look }) => look !== undefined)
        ? ["At this look"]
        : [rows.some(({ adjusted }) => adjusted !== undefined) ? "p adjusted (its interval)" : "p adjusted"]),
      "At every look",
      hasPrior ? "Chance better (with the prior)" : "Chance better",
    ],
    rows: rows.map((row) => [
      `${row.title} (${row.role})`,
      row.guardrail === undefined ? row.reading : row.guardrail.state,
      ...sidesText(row, row),
      effectText(row.absolute, changeUnit(row)),
      effectText(row.relative, relativeUnit),
      pText(row.pValue),
      row.look === undefined ? adjustedText(row) : lookText(row, row.look),
      effectText(row.alwaysValid, changeUnit(row)),
      chancesText(row),
    ]),
  };
}

function scorecardNote({
  scorecard,
  sensitivity,
  level,
  evidenceWords,
  familyWords,
  tunedFor,
  quantileWords = "",
  strataWords = "",
  windowWords = "",
  priorWords = "",
}: Analysis): string {
  return `${[notShownWords(scorecard), evidenceWords, familyWords].filter((words) => words !== "").join(" ")} Intervals of differences are those of one look, at ${formatSignificant(100 * level, 4)}\u00a0%. "At every look" holds however often one looks, tightest at ${countOf(tunedFor, "unit")}. "Chance better" is the posterior under a flat prior from these data alone; it decides nothing, and looking often makes it err often. Guardrails are read off their margin at one-sided ${formatSignificant(1 - level, 3)}, or where looking is paid for at less. ${adjustedWords({ scorecard, sensitivity })}Methods: ${[...new Set(scorecard.map(({ method }) => method))].filter((method) => method !== "").join("; ")}. ${[strataWords, quantileWords, windowWords, priorWords, priorEffects(scorecard)].filter((words) => words !== "").join(" ")}`.trim();
}

function sensitivityTable({ sensitivity, scorecard, besideWords }: Analysis): ExperimentTable {
  const rowOf = (metric: string) => scorecard.find((row) => row.metric === metric);
  return {
    title: "The same question asked otherwise",
    columns: ["Metric", "Arm", "Way", "Difference", "p"],
    rows: sensitivity.map(({ metric, arm, way, absolute, pValue }) => [
      rowOf(metric)?.title ?? metric,
      arm,
      way,
      effectText(absolute, changeUnit(rowOf(metric))),
      pText(pValue),
    ]),
    note: besideWords,
  };
}

function segmentTable({ scorecard }: Analysis, { metric, arm, column, rows, words }: Analysis["segments"][number]): ExperimentTable {
  const row = scorecard.find((one) => one.metric === metric);
  const title = row?.title ?? metric;
  return {
    title: `${title} under ${arm}, by ${column}`,
    columns: [column, "Control", "Candidate", "Difference", "Shrunken"],
    rows: rows.map(({ value, control, treatment, absolute, shrunken }) => [
      value,
      ...sidesText({ control, treatment }, row),
      effectText(absolute, changeUnit(row)),
      effectText(shrunken, changeUnit(row)),
    ]),
    note: words,
  };
}

/** The band that holds at every look, and the estimate in it. */
function coursePicture({ scorecard }: Analysis, { metric, arm, points }: Analysis["timeCourse"][number]): readonly ExperimentPicture[] {
  const row = scorecard.find((one) => one.metric === metric && one.arm === arm);
  const title = row?.title ?? metric;
  const unit = changeUnit(row);
  const told = points.flatMap(({ day, alwaysValid, units }) =>
    alwaysValid.kind === "estimate" && alwaysValid.interval !== undefined ? [{ day, units, ...drawn(alwaysValid, unit) }] : [],
  );
  const [first, last] = [told[0], told.at(-1)];
  if (first === undefined || last === undefined || told.length < 2) return [];
  return [
    {
      title: `${title} under ${arm}: with the units of ${told.length} days the band ${last.lower > 0 ? "lies above 0" : last.upper < 0 ? "lies below 0" : "still holds 0"}`,
      subtitle: `Difference to the control over ${told.length} days, ${formatDate(first.day)} to ${formatDate(last.day)}, as units came in (${formatCount(last.units)} at the end); the band holds at every look.`,
      chart: {
        kind: "curve",
        label: `${title} under ${arm} by day`,
        xHeading: "Days on which units came",
        yHeading: `Difference${inUnit(unit)}`,
        lines: [{ name: "estimate", points: told.map(({ value }, index) => [index + 1, value] as const) }],
        bands: [told.map(({ lower, upper }, index) => [index + 1, lower, upper] as const)],
      },
    },
  ];
}

/** An effect with its interval as it is drawn. */
function drawn({ value, interval }: Estimate, { times }: ReturnType<typeof changeUnit>) {
  return { value: times * value, lower: times * (interval?.lower ?? 0), upper: times * (interval?.upper ?? 0) };
}

function inUnit({ suffix }: ReturnType<typeof changeUnit>): string {
  return suffix === "" ? "" : `,${suffix}`;
}

/** The effect by week since exposure, with its interval. */
function sincePicture({ level }: Analysis, { title, arm, isPart, weeks }: Analysis["sinceExposure"][number]): readonly ExperimentPicture[] {
  const unit = changeUnit({ form: "", isPart: isPart === true });
  const told = weeks.flatMap(({ week, units, absolute }) =>
    absolute.kind === "estimate" && absolute.interval !== undefined ? [{ week, units, ...drawn(absolute, unit) }] : [],
  );
  const [first, last] = [told[0], told.at(-1)];
  if (first === undefined || last === undefined || told.length < 2) return [];
  const apart = told.filter(({ lower, upper }) => lower > 0 || upper < 0).length;
  return [
    {
      title: `${title} under ${arm}: ${apart === 0 ? "no week's interval excludes 0" : `the interval excludes 0 in ${apart} of ${told.length} weeks`}`,
      subtitle: `Difference to the control a unit and day, by week since exposure, of the units that were there for the whole week (${formatCount(first.units)} in the first, ${formatCount(last.units)} in week ${last.week}); the band is the ${formatSignificant(100 * level, 4)}\u00a0% interval of one look.`,
      chart: {
        kind: "curve",
        label: `${title} under ${arm} by week since exposure`,
        xHeading: "Weeks since exposure",
        yHeading: `Difference a day${inUnit(unit)}`,
        lines: [{ name: "estimate", points: told.map(({ week, value }) => [week, value] as const) }],
        bands: [told.map(({ week, lower, upper }) => [week, lower, upper] as const)],
      },
    },
  ];
}

/** Under a flat prior, and under the one that the design states. */
function chancesText({ posterior, statedPosterior }: Row): string {
  const flat = posterior === undefined ? "" : chanceText(posterior.chanceBetter);
  const stated = statedPosterior?.chanceBetter;
  return stated === undefined ? flat : `${flat} (${chanceText(stated)})`;
}

/** Effects under the priors that the design states, with their intervals. */
function priorEffects(scorecard: readonly Row[]): string {
  const areSeveral = new Set(scorecard.map(({ arm }) => arm)).size > 1;
  const said = scorecard.flatMap(({ statedPosterior, title, arm, ...row }) => {
    if (statedPosterior === undefined) return [];
    const { scale, effect, disagreement = "" } = statedPosterior;
    const value = effectText(effect, scale === "relative" ? relativeUnit : changeUnit(row));
    return [`${title}${areSeveral ? ` under ${arm}` : ""} ${value}${disagreement === "" ? "" : ` (${disagreement.replace(/\.$/, "")})`}`];
  });
  return said.length === 0 ? "" : `With the prior: ${said.join("; ")}.`;
}

/** No chance is certain. */
function chanceText(chance: number): string {
  return chance > 0.999 ? "above 99.9\u00a0%" : chance < 0.001 ? "below 0.1\u00a0%" : formatShare(chance, 1);
}

/** Differences of metrics with covariates are not those of the columns beside them. */
function adjustedWords({ scorecard: rows, sensitivity }: Pick<Analysis, "scorecard" | "sensitivity">): string {
  const areSeveral = new Set(rows.map(({ arm }) => arm)).size > 1;
  const shares = rows.flatMap(({ title, arm, varianceReduction }) =>
    varianceReduction === undefined
      ? []
      : [`${title}${areSeveral ? ` under ${arm}` : ""} ${formatShare(varianceReduction, 0)} of the variance`],
  );
  if (shares.length === 0) return "";
  const areAdjusted = sensitivity.some(({ way }) => way === "without covariates");
  const lead = areAdjusted
    ? "Differences of metrics with covariates are less what the covariates say, so not those of the columns beside them. "
    : "";
  return `${lead}Taken out of the plain difference${areAdjusted ? "" : " by strata"}: ${shares.join(", ")}. `;
}
