/** Group-sequential looks at units whose values grow from day to day: error is spent by the plan's calendar, information is 1 / variance. */
import { countText, parseDay } from "../../../data/foundation/index.ts";
import { smallestGain, sumOf, varianceOfPair } from "../../statistics/index.ts";
import { analysedDesign, type ExperimentDesign, type ExperimentMetric, shownForm, unitsOfCluster } from "../design/experiment-design.ts";
import { growsByPlan } from "../design/grows-by-plan.ts";
import { comparedArms } from "../observations/compared-arms.ts";
import type { MetricMoments, Observations } from "../observations/observations.ts";
import type { Evidence } from "./evidence.ts";
import { judgedUnits, unitsOf } from "./judged-units.ts";
import { compareMetric } from "./metric-comparison.ts";

/** What of the observations tells how much of the plan was there. */
export type GrowingObservations = Pick<Observations, "form" | "arms" | "segments" | "crossed" | "byDay" | "days" | "openWindows" | "upTo">;

/** Somebody's reading of the observations: how much of the plan was there, and what is known of it. */
interface Reading {
  readonly observed: GrowingObservations;
  readonly units: number;
  /** Shares of the planned days and units that were there. */
  readonly days: number;
  readonly ofUnits: number;
}

/**
 * The evidence of a look where a group-sequential plan says from when to when it watches, and values grow meanwhile; undefined for all other plans, whose looks are
 * counted by units (`evidenceOf`). Error is spent by the share of the planned days or units that are there, whichever is less, and all of it when the days are over, so that a cohort that is all there on the
 * first day has every look of its plan, and the last one when its days are over. What two looks share follows from the variances of the effect at both
 * (`sharedInformation`), the least over metrics and candidates: sharing less only widens bounds. `before`: the earlier observations, in order.
 * Source: Lan and DeMets (1989), Biometrics 45, 1017-1020 (error by the calendar); Scharfstein, Tsiatis and Robins (1997), JASA 92, 1342-1350 (information as 1 / variance).
 */
export function growingEvidence(
  design: ExperimentDesign,
  observed: GrowingObservations,
  before: () => readonly GrowingObservations[],
): Extract<Evidence, { kind: "look" | "always-valid" }> | undefined {
  const now = growsByPlan(design) && !isEnrolment(observed) ? readingOf(design, observed) : undefined;
  if (now === undefined) return undefined;
  const earlier = before().flatMap((one) => readingOf(design, one) ?? []);
  const ended = earlier.find((one) => clockOf(one) >= 1 && now.units - one.units >= smallestGain * now.units);
  if (ended !== undefined) return { kind: "always-valid", offPlan: `The plan's last look was taken with ${countText(ended.units)} units` };
  const { looks, together } = looksOf(earlier, now);
  const information = [1];
  for (let place = looks.length - 1; place > 0; place--)
    information.unshift((information[0] as number) * sharedInformation(design, looks[place - 1] as Reading, looks[place] as Reading));
  const again = together.filter(({ units }) => units < now.units).map(({ units }) => units);
  return {
    kind: "look",
    information,
    spent: { by: now.days >= 1 || now.days <= now.ofUnits ? "days" : "units", shares: looks.map(clockOf) },
    ...(again.length === 0 ? {} : { again: Math.max(...again) }),
  };
}

/** Rows that say on which day each unit came, and nothing more of it later: then it is units that a look is counted by. Clusters grow by the units that come. */
function isEnrolment({ form, byDay, days }: GrowingObservations): boolean {
  return form === "units" && byDay.length > 1 && days?.areSeveral !== true;
}

/** Undefined where rows are no days, or files tell each day's own units alone. */
function readingOf(design: ExperimentDesign, observed: GrowingObservations): Reading | undefined {
  const last = parseDay(observed.days?.last ?? "");
  if (last === undefined || (observed.form === "summary" && observed.upTo === undefined)) return undefined;
  const first = parseDay(design.start ?? "") as number;
  const units = judgedUnits(design, observed);
  return {
    observed,
    units,
    days: Math.min(1, (last - first + 1) / (7 * (design.weeks as number))),
    ofUnits: design.units === undefined ? 1 : units / design.units,
  };
}

/** Where on the plan's clock a reading is: at its end when its days are over, however many units came, for none can come any more. */
function clockOf({ days, ofUnits }: Reading): number {
  return days >= 1 ? 1 : Math.min(days, ofUnits);
}

/** The looks so far, this one last, each as it was read last; those as close as nothing are one look. `together`: earlier readings of this one. */
function looksOf(earlier: readonly Reading[], now: Reading): { readonly looks: readonly Reading[]; readonly together: readonly Reading[] } {
  const sorted = earlier
    .filter((one) => clockOf(one) > 0 && clockOf(one) <= clockOf(now))
    .toSorted((a, b) => clockOf(a) - clockOf(b))
    .reverse();
  const looks = [now];
  const together: Reading[] = [];
  for (const reading of sorted) {
    const next = clockOf(looks.at(-1) as Reading);
    if (next - clockOf(reading) >= smallestGain * next) looks.push(reading);
    else if (looks.length === 1) together.push(reading);
  }
  return { looks: looks.toReversed(), together };
}

/** Looks share no more than this, for the recursion needs a gain; those that share less are as good as apart. */
const sharedMost = 1 - 2 * smallestGain;
const sharedLeast = 1e-4;

/**
 * The part of a look's information that an earlier one had: the squared correlation of their effects, as far as variances tell it. Of days that are alike within a unit it
 * is the earlier information, 1 / variance of the effect a unit and day (of ratios: of the effect), over the later one; of days that are not it is the earlier variance of the arms' sums over
 * the later one; of shares, which only grow, the earlier odds over the later. The least of them: days may be anything between, and some vary more than others.
 */
function sharedInformation(design: ExperimentDesign, earlier: Reading, later: Reading): number {
  // Looks of which no variance tells what they share: as the clock has it, squared.
  const unknown = (clockOf(earlier) / clockOf(later)) ** 2;
  if (earlier.observed.arms.some(({ metrics }) => metrics.length === 0)) return withinShared(unknown);
  const judged = analysedDesign(design);
  const [before, after] = [comparedArms(judged, earlier.observed).arms, comparedArms(judged, later.observed).arms];
  const parts = design.arms.slice(1).flatMap((_, place) =>
    judged.metrics.flatMap((metric, index): readonly number[] => {
      if (metric.form.kind === "quantile") return [];
      const scaleOf = (arms: typeof before, reading: Reading) =>
        scales(metric, { control: arms[0]?.metrics[index], treatment: arms[place + 1]?.metrics[index] }, reading.observed);
      const [a, b] = [scaleOf(before, earlier), scaleOf(after, later)];
      return a === undefined || b === undefined
        ? []
        : [a.information / b.information, a.sums / b.sums, ...(a.odds === undefined || b.odds === undefined ? [] : [a.odds / b.odds])];
    }),
  );
  return withinShared(parts.length === 0 ? unknown : Math.min(...parts));
}

function withinShared(part: number): number {
  return Math.max(sharedLeast, Math.min(sharedMost, part));
}

/** What two looks are compared by; undefined where an effect has no variance. */
function scales(
  metric: ExperimentMetric,
  { control, treatment }: { readonly control: MetricMoments | undefined; readonly treatment: MetricMoments | undefined },
  observed: GrowingObservations,
): { readonly information: number; readonly sums: number; readonly odds?: number } | undefined {
  if (control === undefined || treatment === undefined) return undefined;
  const { pair } = compareMetric(metric, { control, treatment });
  const variance = "kind" in pair ? 0 : varianceOfPair(pair);
  const units = control.n + treatment.n;
  const isOverUnits = metric.form.kind !== "ratio" || metric.form.over === unitsOfCluster;
  const size = isOverUnits ? units : control.n * (control.means[1] ?? 0) + treatment.n * (treatment.means[1] ?? 0);
  if (!(variance > 0 && size > 0)) return undefined;
  const amount = isOverUnits ? (units * unitDays(observed)) / unitsOf(observed) : size;
  const share = "kind" in pair ? 0 : (control.n * pair.control + treatment.n * pair.treatment) / units;
  return {
    information: (amount / size) ** 2 / variance,
    sums: size ** 2 * variance,
    ...(shownForm(metric) === "share" && share > 0 && share < 1 ? { odds: (units * share) / (1 - share) } : {}),
  };
}

/** Days that units were there for, each from its first row on; of files of summaries all from the first day on. */
function unitDays(observed: GrowingObservations): number {
  const last = parseDay(observed.days?.last ?? "") as number;
  const [units, first] = [unitsOf(observed), parseDay(observed.days?.first ?? "") as number];
  if (observed.byDay.length === 0) return units * (last - first + 1);
  return sumOf(observed.byDay.map(({ value, arms }) => unitsOf({ arms }) * (last - (parseDay(value) ?? first) + 1)));
}
