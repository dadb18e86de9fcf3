/** Checks of files of summaries: what they cannot tell, and days whose figures are of more than their own units. */
import { chiSquared } from "../../statistics/index.ts";
import { type ExperimentDesign, strataColumnsOf } from "../design/experiment-design.ts";
import type { GroupMoments, MetricMoments, Observations } from "../observations/observations.ts";
import type { HealthCheck } from "./analysis.ts";

/** Of fewer days n may well grow from each to the next. */
const daysMin = 5;
/** Means of different units are so rarely so close to each other. */
const closeByChance = 0.001;

/** Nothing of rows by unit. */
export function summaryChecks(design: ExperimentDesign, observed: Observations): readonly HealthCheck[] {
  if (observed.form !== "summary") return [];
  return [untoldCheck(design, observed), ...growingCheck(design, observed)];
}

function untoldCheck(design: ExperimentDesign, { segments: told }: Observations): HealthCheck {
  const { metrics, segments } = design;
  const strata = strataColumnsOf(design).filter((name) => !told.some(({ column }) => column === name));
  const untold = segments.filter((name) => !told.some(({ column }) => column === name));
  const capped = metrics.filter(({ cap }) => cap !== undefined).map(({ title }) => title);
  const said = [
    "The file holds summaries: units in two arms and extreme units are not looked for.",
    ...(untold.length === 0
      ? []
      : [
          `It has no column ${untold.map((name) => `'${name}'`).join(" or ")}, so that effects are not broken down by ${untold.join(" and ")}.`,
        ]),
    ...(capped.length === 0
      ? []
      : [`Whether extreme values of ${capped.join(" and ")} are drawn in as planned is for who made it to say.`]),
  ];
  const cures = [
    ...(strata.length === 0 ? [] : [`Give a row for each value of '${strata.join("' and '")}': then arms are compared within them.`]),
    ...(capped.length === 0 ? [] : ["Observe a row a unit: then extreme values are drawn in here."]),
  ];
  return {
    name: "summaries",
    title: "What summaries do not tell",
    state: cures.length > 0 ? "care" : "sound",
    finding: said.join(" "),
    cure: cures.join(" "),
  };
}

/**
 * Figures of all units so far, taken for those of a day's own, count a unit once a day. Then n never falls; and neighbouring days, of which one holds the other's units, are closer to each other than different
 * units are: the squared differences of separate pairs of days over their variances add up to less than a chi-squared variable of as many degrees of freedom.
 */
function growingCheck({ metrics }: ExperimentDesign, { byDay }: Observations): readonly HealthCheck[] {
  const steps = byDay.slice(1).map((day, index) => [byDay[index] as GroupMoments, day] as const);
  const grows = steps.every(([before, day]) => day.arms.every(({ units }, arm) => units >= (before.arms[arm]?.units ?? 0)));
  const [first, last] = [byDay[0], byDay.at(-1)];
  const growsInAll = last?.arms.every(({ units }, arm) => units > (first?.arms[arm]?.units ?? 0)) === true;
  if (byDay.length < daysMin || !grows || !growsInAll) return [];
  const primary = metrics.findIndex(({ role }) => role === "primary");
  const squares = steps
    .filter((_, index) => index % 2 === 0)
    .flatMap(([before, day]) => day.arms.flatMap(({ metrics: own }, arm) => squareOf(before.arms[arm]?.metrics[primary], own[primary])));
  const sum = squares.reduce((total, square) => total + square, 0);
  const pValue = squares.length === 0 ? undefined : chiSquared(squares.length).cdf(sum);
  const isClose = pValue !== undefined && pValue < closeByChance;
  const close = isClose
    ? `, and ${metrics[primary]?.title ?? ""} is closer from day to day than in different units but once in ${pValue < 1e-6 ? "a million" : Math.floor(1 / pValue).toLocaleString("en-US")} experiments`
    : "";
  return [
    {
      name: "growing-days",
      title: "Figures of days",
      state: isClose ? "stop" : "care",
      finding: `On none of ${byDay.length} days is n below that of the day before${close}: figures ${isClose ? "are" : "may be"} of all units so far, each counted once a day.`,
      cure: `If they are, name the column 'until' in place of 'day', and observe again.${isClose ? "" : " Where each day has its own units nothing is amiss."}`,
      ...(pValue === undefined ? {} : { pValue }),
    },
  ];
}

/** How far two days' means are apart, in squared standard errors of different units. */
function squareOf(before: MetricMoments | undefined, day: MetricMoments | undefined): readonly number[] {
  const variances = [before, day].map((moments) =>
    moments === undefined ? Number.NaN : (moments.covariances[0]?.[0] ?? Number.NaN) / moments.n,
  );
  const variance = variances.reduce((sum, one) => sum + one, 0);
  return variance > 0 ? [((day?.means[0] ?? 0) - (before?.means[0] ?? 0)) ** 2 / variance] : [];
}
