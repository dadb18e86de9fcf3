/** How many units a design needs and how long that takes, from the panel's own history. */
import { formatPeriod } from "../../../data/foundation/index.ts";
import type { Panel, PeriodRange } from "../../../data/panel/index.ts";
import type { Policy } from "../../../policies/language/checked/index.ts";
import type { Found } from "../../statistics/index.ts";
import {
  analysedDesign,
  clusterColumn,
  type ExperimentDesign,
  type ExperimentMetric,
  strataColumnsOf,
} from "../design/experiment-design.ts";
import { growsByPlan } from "../design/grows-by-plan.ts";
import { type MetricSize, sizeMetric, unitsNeeded } from "../design/size-design.ts";
import type { MetricMoments } from "../observations/observations.ts";
import { averagedOverStrata } from "../observations/strata.ts";
import type { DealtPast } from "../simulate/simulate-plan.ts";
import { clustersOf, type PastClusters } from "./clustering.ts";
import { tierHeldBefore } from "./held-before.ts";
import { dealtColumns } from "./past-dealt.ts";
import {
  cutColumns,
  groupMoments,
  momentsOf,
  momentsOfColumns,
  type PastGroups,
  type PastUnits,
  pastUnits,
  thresholdOf,
} from "./past-units.ts";
import { experimentPeriods, type PastColumn, type PastWindow, pastColumns, pastWindow, periodsOf, yearBefore } from "./past-window.ts";
import { numberText, percentText, unitsText } from "./past-words.ts";
import { crossGroups, type Narrowing, narrowingOf } from "./strata-advice.ts";

/** What stands out in a metric's past. */
export interface MetricPast extends Narrowing {
  readonly metric: string;
  readonly title: string;
  /** Weeks until the units needed are there; 0: all are there on the first day. Absent where it cannot be said. */
  readonly enrolmentWeeks?: number;
  readonly enrolment: string;
  /** The metric over the experiment's own weeks a year before, against the weeks before them. Absent where the panel does not hold both. */
  readonly season?: { readonly before: number; readonly during: number; readonly change: number; readonly units: Found };
  readonly seasonWords: string;
  /** Of a mean: the part of the sum that the largest 1 % of units have, and what a cap would save. */
  readonly tail?: { readonly topShare: number; readonly cap: number; readonly unitsSaved?: number };
  readonly tailWords: string;
}

/** Sizes and what they rest on. */
export interface PanelSizes {
  readonly window: { readonly from: string; readonly to: string; readonly weeks: number };
  /** Where covariates come from. */
  readonly before?: { readonly from: string; readonly to: string };
  readonly frame: { readonly units: number; readonly atStart: number; readonly newPerWeek: number };
  readonly frameWords: string;
  readonly sizes: readonly MetricSize[];
  readonly metrics: readonly MetricPast[];
  readonly clusters: readonly PastClusters[];
}

/** The cap that is tried, and the part of the units that is called the top. */
const capTried = { kind: "quantile", share: 0.999 } as const;
const topPart = 0.01;

/**
 * Reads the weeks before the design's start from the panel and sizes the design by them. `control`: the policy of its first arm, where it names one. @throws
 * InputRefused `period-outside`, `bad-observations`. Cost: two reads of the panel, and two more where it holds the year before; where it does not say who really
 * held which tier, a replay of the control's policy in place of one.
 */
export function sizeFromPanel(design: ExperimentDesign, panel: Panel, control?: Policy): PanelSizes {
  const { schema } = panel;
  const past = pastWindow(design, schema);
  const columns = pastColumns(design, schema, past);
  const found = pastUnits(design, panel, columns, past);
  const named = ({ from, to }: PeriodRange) => ({ from: formatPeriod(schema.grain, from), to: formatPeriod(schema.grain, to) });
  const periods = periodsOf(schema, past.weeks);
  const newPerWeek = ((found.newcomers / Math.max(1, periods - 1)) * periods) / past.weeks;
  const frame = { units: found.units, atStart: found.atLast, newPerWeek };
  const cut = capped(design, found);
  const dealt = dealtColumns(design, found, cut);
  const judged = analysedDesign(design);
  // Sums over clusters hold no quantile: it is found of the units, and its error by their clusters.
  const clusterOf = found.groups.find(({ column }) => column === clusterColumn(design))?.codes;
  const strata = strataOf(design, found);
  const held = tierHeldBefore(panel, past.window, control);
  const sizes = judged.metrics.map((metric, index) => {
    const columns = dealt.columns[index] ?? [];
    if (metric.form.kind === "quantile") return sizeMetric(judged, metric, momentsOf(metric, cut[index] ?? [], clusterOf));
    const history = momentsOfColumns(columns);
    return sizeMetric(judged, metric, history, { within: strata && withinStrata(strata, columns, history) });
  });
  const seasons = seasonsOf(design, panel, columns, past);
  return {
    window: { ...named(past.window), weeks: past.weeks },
    ...(past.before === undefined ? {} : { before: named(past.before) }),
    frame,
    frameWords: [
      `${unitsText(frame.atStart)} are there at the end of these weeks, and about ${numberText(newPerWeek)} come a week.`,
      ...(design.strata === undefined || strata !== undefined
        ? []
        : [`The dataset says nothing of ${design.strata}: sizes are without strata.`]),
    ].join(" "),
    sizes,
    metrics: design.metrics.map((metric, index) => {
      const size = sizes[index] as MetricSize;
      return {
        metric: metric.name,
        title: metric.title,
        ...(judged === design ? enrolmentOf(design, metric, { size, frame }) : { enrolment: clustersNeeded(design, size, dealt.units) }),
        ...seasons(metric, index),
        ...tailOf(design, metric, { size, columns: found.columns[index] ?? [], strata }),
        ...narrowingOf(design, index, cut[index] ?? [], held === undefined ? found.groups : [...found.groups, held]),
      };
    }),
    clusters: found.groups.flatMap((groups) =>
      design.metrics.flatMap((metric, index) => (metric.role === "secondary" ? [] : [clustersOf(design, index, cut[index] ?? [], groups)])),
    ),
  };
}

/**
 * What is dealt, of the past, for a simulation of the plan: values with the design's caps, and of a plan whose values grow as they stood at each of its looks, at the ends of whole
 * periods. @throws InputRefused as sizing does. Cost: a read of the panel, and one more a look.
 */
export function unitsFromPanel(design: ExperimentDesign, panel: Panel): DealtPast {
  const past = pastWindow(design, panel.schema);
  const columns = pastColumns(design, panel.schema, past);
  const found = pastUnits(design, panel, columns, past);
  const strata = strataOf(design, found)?.codes;
  const dealt = { ...dealtColumns(design, found, capped(design, found)), strata };
  const { looks } = design;
  if (!growsByPlan(design) || looks.kind !== "group-sequential") return dealt;
  const { from, to } = past.window;
  const periods = to - from + 1;
  const ends = [
    ...new Set(Array.from({ length: looks.count }, (_, look) => Math.max(1, Math.round((periods * (look + 1)) / looks.count)))),
  ];
  const dayOf = (period: number): number => Math.round((7 * past.weeks * period) / periods);
  const areClusters = clusterColumn(design) !== undefined;
  return {
    ...dealt,
    looks: ends.map((end) => {
      const stood = stoodAt(pastUnits(design, panel, columns, { ...past, upTo: from + end - 1 }), end);
      return {
        days: dayOf(end),
        columns: dealtColumns(design, stood, capped(design, stood)).columns,
        // A cluster is there from its first unit on.
        firstDay: areClusters ? new Int32Array(dealt.units) : stood.firstAt.map(dayOf),
      };
    }),
  };
}

/** Units that come later have no values. */
function stoodAt(past: PastUnits, end: number): PastUnits {
  const isThere = (unit: number): boolean => (past.firstAt[unit] as number) < end;
  return {
    ...past,
    columns: past.columns.map((own) => own.map((column) => column.map((value, unit) => (isThere(unit) ? value : Number.NaN)))),
  };
}

/** The plan's strata; undefined where it has none, or the panel lacks one of their columns. */
function strataOf(design: ExperimentDesign, { groups }: PastUnits): PastGroups | undefined {
  const columns = strataColumnsOf(design);
  const own = columns.flatMap((name) => groups.find(({ column }) => column === name) ?? []);
  return own.length === 0 || own.length < columns.length ? undefined : crossGroups(own);
}

/** The moments averaged over strata. */
function withinStrata({ codes }: PastGroups, columns: readonly Float64Array[], whole: MetricMoments): MetricMoments | undefined {
  return averagedOverStrata(groupMoments(columns, codes), 0, [whole])?.[0];
}

function capped(design: ExperimentDesign, { columns }: PastUnits): PastUnits["columns"] {
  return design.metrics.map((metric, index) => cutColumns(columns[index] ?? [], thresholdOf(metric, columns[index] ?? [])));
}

function clustersNeeded(design: ExperimentDesign, { units, title }: MetricSize, there: number): string {
  if (units.kind === "undetermined") return `Not determined: ${units.reason}.`;
  return `${title} needs ${numberText(Math.ceil(units.estimate.value))} values of ${clusterColumn(design) ?? ""}, all of their units together; the dataset has ${numberText(there)}.`;
}

function enrolmentOf(
  { weeks }: ExperimentDesign,
  { window }: ExperimentMetric,
  { size: { units, title }, frame: { atStart, newPerWeek } }: { readonly size: MetricSize; readonly frame: PanelSizes["frame"] },
): Pick<MetricPast, "enrolment" | "enrolmentWeeks"> {
  if (units.kind === "undetermined") return { enrolment: `Not determined: ${units.reason}.` };
  const needed = Math.ceil(units.estimate.value);
  const missing = needed - atStart;
  const days = window === undefined ? 0 : window.fromDay + window.days;
  const over = days === 0 ? "" : `, and their window is over ${numberText(days)} days later`;
  if (missing <= 0) return { enrolmentWeeks: 0, enrolment: `${title} needs ${unitsText(needed)}: all are there on the first day${over}.` };
  if (!(newPerWeek > 0))
    return { enrolment: `${title} needs ${unitsText(needed)}: ${numberText(missing)} more than there are, and none come.` };
  const enrolmentWeeks = Math.ceil(missing / newPerWeek);
  const late = weeks !== undefined && enrolmentWeeks + days / 7 > weeks ? `, longer than the ${weeks} that are planned` : "";
  return {
    enrolmentWeeks,
    enrolment: `${title} needs ${unitsText(needed)}: at this rate they are there after ${numberText(enrolmentWeeks)} week${enrolmentWeeks === 1 ? "" : "s"}${over}${late}.`,
  };
}

/** Reads the experiment's weeks and the ones that sizes rest on a year before, once for all metrics. */
function seasonsOf(
  design: ExperimentDesign,
  panel: Panel,
  columns: readonly PastColumn[],
  past: PastWindow,
): (metric: ExperimentMetric, index: number) => Pick<MetricPast, "season" | "seasonWords"> {
  const { schema } = panel;
  const [during, before] = [yearBefore(schema, experimentPeriods(design, schema, past)), yearBefore(schema, past.window)];
  if (during === undefined || before === undefined)
    return () => ({ seasonWords: "The dataset does not hold the same weeks of the year before." });
  const [then, earlier] = [during, before].map((window) => {
    const units = pastUnits(design, panel, columns, { window });
    return { cut: capped(design, units), strata: strataOf(design, units) };
  });
  return (metric, index) => {
    const plain = { ...metric, covariates: [] };
    const [a, b] = [then, earlier].map((span) => {
      const own = (span?.cut[index] ?? []).slice(0, metric.form.kind === "ratio" ? 2 : 1);
      const history = momentsOf(metric, own);
      const strata = metric.form.kind === "quantile" ? undefined : span?.strata;
      return unitsNeeded(design, plain, history, { within: strata && withinStrata(strata, own, history) });
    });
    if (a?.value === undefined || b?.value === undefined || b.value === 0)
      return { seasonWords: "The weeks of the year before have no values to compare." };
    const change = a.value / b.value - 1;
    return {
      season: { before: b.value, during: a.value, change, units: a.units },
      seasonWords: `A year before, ${metric.title} was ${numberText(a.value)} in the experiment's weeks and ${numberText(b.value)} in those that sizes rest on: ${percentText(change, { isChange: true })}.`,
    };
  };
}

function tailOf(
  design: ExperimentDesign,
  metric: ExperimentMetric,
  {
    size: { units: designed },
    columns,
    strata,
  }: { readonly size: MetricSize; readonly columns: readonly Float64Array[]; readonly strata: PastGroups | undefined },
): Pick<MetricPast, "tail" | "tailWords"> {
  if (metric.form.kind !== "mean") return { tailWords: `A ${metric.form.kind} has no heavy tail to cap.` };
  const values = (columns[0] ?? new Float64Array()).filter((value) => !Number.isNaN(value)).sort();
  const cap = thresholdOf(metric, columns, capTried);
  const total = values.reduce((sum, value) => sum + value, 0);
  if (cap === undefined || !(total > 0)) return { tailWords: "There is no sum to share out." };
  const top = values.subarray(values.length - Math.ceil(topPart * values.length)).reduce((sum, value) => sum + value, 0);
  const share = `The largest 1 % of units have ${percentText(top / total)} of ${metric.title}`;
  const cut = cutColumns(columns, cap);
  const history = momentsOfColumns(cut);
  const { units } = unitsNeeded(design, metric, history, { within: strata && withinStrata(strata, cut, history) });
  if (units.kind === "undetermined" || designed.kind === "undetermined")
    return { tail: { topShare: top / total, cap }, tailWords: `${share}.` };
  const saved = 1 - units.estimate.value / designed.estimate.value;
  const said =
    saved > 0
      ? `a cap at the 99.9 % quantile (${numberText(cap)}) saves ${percentText(saved)} of the units`
      : `a cap at the 99.9 % quantile (${numberText(cap)}) saves no units${metric.cap === undefined ? "" : " beside the design's own"}`;
  return { tail: { topShare: top / total, cap, unitsSaved: saved }, tailWords: `${share}; ${said}.` };
}
