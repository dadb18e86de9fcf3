/** What an effect on an average unit comes to in all: the sum over everybody whom a candidate would be given, with its interval. Decides nothing. */
import { countText, parseDay, present } from "../../../data/foundation/index.ts";
import { sumOf } from "../../statistics/index.ts";
import { dealtThing, type ExperimentDesign, type ExperimentMetric, shownForm, unitsOfCluster } from "../design/experiment-design.ts";
import type { InterferenceWarning } from "../interference/warning.ts";
import type { MetricMoments, Observations } from "../observations/observations.ts";
import type { RolledOut, RolledOutRow, ScorecardRow } from "./analysis.ts";
import { type Judge, judgedEffect } from "./judged.ts";
import { compareMetric } from "./metric-comparison.ts";
import { scaled, timesOf } from "./scaled-effect.ts";

interface Asked {
  readonly judges: Readonly<Record<ExperimentMetric["role"], Judge>>;
  /** The scorecard's arms and rows. */
  readonly compared: Observations["arms"];
  readonly scorecard: readonly ScorecardRow[];
  readonly interference: InterferenceWarning | undefined;
}

/**
 * Means and shares, by candidate: (mean under the candidate less mean under the control) x units that it would be given. These are the plan's `population`; else the units of
 * the experiment and those that its layer and ramp keep out, counted in the file, or else made of the rule's shares with the error of that: var(N / s) = (1 - s) / s^2 x N, of
 * clusters the sum of their squared sizes in place of N. Intervals of a product by the square-and-add rule (Zou and Donner 2008, Statistics in Medicine 27, 1693-1702). Values
 * that are capped count as they are. Undefined where a holdout is measured or units are in every arm by turns.
 */
export function rolledOut(design: ExperimentDesign, observed: Observations, asked: Asked): RolledOut | undefined {
  const { assignment } = design;
  if ((assignment.kind === "rule" && assignment.measures !== undefined) || dealtThing(design).kind === "switchback") return undefined;
  const population = populationOf(design, observed);
  if (population.analysed === 0) return undefined;
  const rows = design.arms.slice(1).flatMap((arm, place) =>
    design.metrics.flatMap((metric, index): readonly RolledOutRow[] => {
      const form = shownForm(metric);
      if (form !== "mean" && form !== "share") return [];
      return [rowOf(design, observed, { ...asked, metric, index, arm: arm.name, place: place + 1, population })];
    }),
  );
  if (rows.length === 0) return undefined;
  return {
    analysed: population.analysed,
    population: Math.round(population.size),
    words: wordsOf(design, observed, population, asked.interference),
    rows,
  };
}

/** Whom a candidate would be given. */
interface Population {
  readonly analysed: number;
  readonly size: number;
  /** Of the size, where it is made of shares. */
  readonly standardError: number;
  readonly source: "stated" | "counted" | "shares" | "analysed";
}

function populationOf(design: ExperimentDesign, observed: Observations): Population {
  const { arms, clusterUnits, setAside } = observed;
  const analysed = sumOf(clusterUnits ?? arms.map(({ units }) => units));
  if (design.population !== undefined) return { analysed, size: design.population, standardError: 0, source: "stated" };
  const byHand = setAside.override ?? 0;
  const keptOut = (setAside["other layer part"] ?? 0) + (setAside["not ramped yet"] ?? 0);
  if (keptOut > 0) return { analysed, size: analysed + byHand + keptOut, standardError: 0, source: "counted" };
  const share = shareOf(design);
  if (share === 1) return { analysed, size: analysed + byHand, standardError: 0, source: "analysed" };
  const squares = clusterUnits === undefined ? analysed : squaredSizes(design, observed);
  return { analysed, size: analysed / share + byHand, standardError: Math.sqrt((1 - share) * squares) / share, source: "shares" };
}

/** Of the units that a holdout leaves, the part that is in the experiment so far. */
function shareOf({ assignment }: ExperimentDesign): number {
  if (assignment.kind === "recorded") return 1;
  const { layer, ramp = 1 } = assignment;
  return ramp * (layer === undefined ? 1 : layer.to - layer.from);
}

/** Over all clusters, from the moments of any metric that counts their units. */
function squaredSizes({ metrics }: ExperimentDesign, { arms }: Observations): number {
  const index = metrics.findIndex(({ form }) => form.kind === "ratio" && form.over === unitsOfCluster);
  return sumOf(
    arms.map(({ metrics: moments }) => {
      const { n, means, covariances } = present(moments[index], "a metric of clusters");
      const [mean = 0, variance = 0] = [means[1], covariances[1]?.[1]];
      return n * mean ** 2 + Math.max(0, n - 1) * variance;
    }),
  );
}

function rowOf(
  design: ExperimentDesign,
  observed: Observations,
  {
    judges,
    compared,
    scorecard,
    metric,
    index,
    arm,
    place,
    population,
  }: Asked & {
    readonly metric: ExperimentMetric;
    readonly index: number;
    readonly arm: string;
    readonly place: number;
    readonly population: Population;
  },
): RolledOutRow {
  const arms = metric.cap === undefined ? compared : (observed.uncapped ?? compared);
  const momentsOf = (at: number): MetricMoments => present(arms[at]?.metrics[index], "moments of every arm");
  const [control, treatment] = [momentsOf(0), momentsOf(place)];
  const { absolute } = judgedEffect(judges[metric.role], compareMetric(metric, { control, treatment }), control.n + treatment.n);
  const part = partWithValue(metric, index, observed);
  const [size, error] = [population.size * part, population.standardError * part];
  const total = scaled(absolute, { size, error, level: design.level });
  const days = daysSeen(observed);
  const form = shownForm(metric) === "share" ? "share" : "mean";
  const perWeek = form === "share" || metric.window !== undefined || days === undefined ? undefined : timesOf(total, 7 / days);
  const reading = scorecard.find((row) => row.metric === metric.name && row.arm === arm)?.reading ?? "not determined";
  return {
    metric: metric.name,
    title: metric.title,
    role: metric.role,
    arm,
    form,
    units: Math.round(size),
    reading,
    words: rowWords(metric.title, { form, arm, size, reading, total }),
    total,
    ...(perWeek === undefined ? {} : { perWeek }),
  };
}

function rowWords(
  title: string,
  { form, arm, size, reading, total }: Pick<RolledOutRow, "form" | "arm" | "reading" | "total"> & { readonly size: number },
): string {
  const whom = `${title}: under ${arm}, given to ${countText(Math.round(size))} units,`;
  if (total.kind === "undetermined") return `${whom} not determined, ${total.reason}.`;
  const { value, interval } = total;
  const what = form === "share" ? "number of them" : "sum";
  const ends = interval === undefined ? "" : `${signed(interval.lower)} to ${signed(interval.upper)}`;
  if (reading === "better" || reading === "worse")
    return `${whom} the ${what} changes by ${signed(value)}${ends === "" ? "" : ` (${ends})`} against the control.`;
  // The family of the reading may be larger than this line.
  const alone = interval !== undefined && (interval.lower > 0 || interval.upper < 0) ? "taken by itself, " : "";
  return `${whom} no difference is shown${ends === "" ? "" : `; ${alone}changes of the ${what} from ${ends} agree with the data`}.`;
}

/** Three digits. */
function signed(value: number): string {
  const text = Number(Math.abs(value).toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 12 });
  return `${value > 0 ? "+" : value < 0 ? "\u2212" : ""}${text}`;
}

/** The part of units that have a value of a metric at all; those whose window is not over will have one. */
function partWithValue({ missing: rule }: ExperimentMetric, index: number, { arms, missing, clusterUnits }: Observations): number {
  if (rule !== "leave out") return 1;
  const moments = arms.flatMap(({ metrics }) => metrics[index] ?? []);
  // Of clusters the ratio is over their units with a value.
  if (clusterUnits !== undefined) return Math.min(1, sumOf(moments.map(({ n, means }) => n * (means[1] ?? 0))) / sumOf(clusterUnits));
  const known = sumOf(moments.map(({ n }) => n));
  return known === 0 ? 1 : known / (known + sumOf(missing[index] ?? []));
}

/** Days from a unit's first row to the last day, on average; undefined where rows are not known to be days of units. */
function daysSeen({ byDay, days, sinceExposure }: Observations): number | undefined {
  if (sinceExposure === undefined || days === undefined || byDay.length === 0) return undefined;
  const last = present(parseDay(days.last), "a day");
  const units = byDay.map(({ arms }) => sumOf(arms.map((arm) => arm.units)));
  const seen = byDay.map(({ value }, at) => (last - present(parseDay(value), "a day") + 1) * (units[at] as number));
  return sumOf(seen) / sumOf(units);
}

function wordsOf(
  design: ExperimentDesign,
  { setAside, clusterUnits, uncapped }: Observations,
  { analysed, size, standardError, source }: Population,
  interference: InterferenceWarning | undefined,
): string {
  const { metrics, unit, assignment, columns } = design;
  const noun = clusterUnits === undefined ? "units" : "units of clusters";
  const whom = {
    stated: `Sums are over the ${countText(design.population ?? 0)} ${noun} that the plan says it would be given; ${countText(analysed)} were analysed.`,
    counted: `Sums are over the ${countText(analysed)} ${noun} that were analysed and those of the file that layer and ramp keep out, ${countText(size)} in all.`,
    shares: `Sums are over about ${countText(Math.round(size))} ${noun}: ${countText(analysed)} were analysed, ${percent(shareOf(design))} of all by the rule's layer and ramp. Intervals hold the error of that number (${countText(Math.round(standardError))}).`,
    analysed: `Sums are over the ${countText(Math.round(size))} ${noun} that were analysed; nothing says that there are others. Where there are, state 'population' in the plan.`,
  }[source];
  const apart = metrics.filter((metric) => !["mean", "share"].includes(shownForm(metric))).map(({ title }) => title);
  const capped = metrics.filter(({ cap }) => cap !== undefined).map(({ title }) => title);
  const isOfExposed = columns.exposed !== undefined || setAside["not exposed"] !== undefined;
  return [
    whom,
    ...(assignment.kind === "rule" && assignment.holdout !== undefined ? [`The holdout '${assignment.holdout.name}' stays as it is.`] : []),
    ...(isOfExposed ? ["Who never meets the change adds nothing to a sum, and is not counted."] : []),
    ...(apart.length === 0 ? [] : [`Ratios and quantiles do not add up over units: ${apart.join(", ")}.`]),
    ...(capped.length === 0
      ? []
      : [`Values count as they are${uncapped === undefined ? " in the file" : ", not drawn in"}: ${capped.join(", ")}.`]),
    ...(interference?.state === "leaks"
      ? [`What one ${unit} gains another may lose: given to all, the whole may change by less than such a sum, or by nothing.`]
      : []),
    "Intervals are those of this look, not adjusted over the lines. Effects that are picked because they were shown are too large on average.",
  ].join(" ");
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(4))}\u00a0%`;
}
