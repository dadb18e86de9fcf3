/** Proof before launch of a plan that looks several times at units whose values grow: each look sees all units that are there, as they stood then. */
import { formatDay, parseDay, present, type RandomStream, randomStream } from "../../../data/foundation/index.ts";
import { widthOf } from "../analysis/evidence.ts";
import { type GrowingObservations, growingEvidence } from "../analysis/growing-looks.ts";
import { compareMetric } from "../analysis/metric-comparison.ts";
import type { ExperimentDesign } from "../design/experiment-design.ts";
import { fewDealtMax } from "../observations/few-dealt.ts";
import type { ArmMoments } from "../observations/observations.ts";
import { GrowingMoments } from "./accumulate.ts";
import {
  armsOf,
  asObserved,
  count,
  emptyTally,
  judgedAt,
  type Outcome,
  type PlanProof,
  plantedOf,
  provedBy,
  shareRaised,
  treated,
} from "./planted.ts";

/** How the units of the past stood when so many days of the experiment were over. */
export interface PastLook {
  readonly days: number;
  /** By metric, in the order of its columns. */
  readonly columns: readonly (readonly Float64Array[])[];
  /** By unit the day of its first row, from 0 on: units whose day is not before `days` are not there. */
  readonly firstDay: ArrayLike<number>;
}

interface CalendarPast {
  readonly units: number;
  readonly strata?: ArrayLike<number> | undefined;
  readonly looks: readonly PastLook[];
}

/** Units of one experiment, in the order in which they were drawn. */
interface Drawn {
  readonly unit: Int32Array;
  /** 0 control, 1 candidate, -1 another arm. */
  readonly arm: Int8Array;
  readonly chance: Float64Array;
}

/** An effect of every metric: the lift, and by look its truth and what turns a share by that lift. */
interface Effect {
  readonly lift: number;
  readonly looks: readonly { readonly truth: number; readonly raised: number }[];
}

/**
 * Primary metrics and guardrails, the first candidate against the control, all metrics on the same draws: the bounds of a look rest on how much each metric's looks
 * share, as `growingEvidence` says of real ones. Cost: units x metrics x looks x experiments.
 */
export function simulateCalendar(
  design: ExperimentDesign,
  past: CalendarPast,
  { seed, experiments }: { readonly seed: number; readonly experiments: number },
): readonly PlanProof[] {
  const last = present(past.looks.at(-1), "a look");
  const planned = design.metrics.map((metric, index) => plantedOf(metric, last.columns[index] ?? []));
  const effects = (isPlanted: boolean) =>
    design.metrics.map((metric, index): Effect => {
      const lift = isPlanted ? (planned[index]?.lift ?? 0) : 0;
      const looks = past.looks.map((look) => {
        const columns = (look.columns[index] ?? []).map((column) => column.filter((_, unit) => isThere(look, unit)));
        const { base } = plantedOf(metric, columns);
        return {
          truth: lift * base,
          raised: metric.form.kind === "share" && lift !== 0 ? shareRaised(present(columns[0], "a column"), lift) : 0,
        };
      });
      return { lift, looks };
    });
  const [without, planted] = [effects(false), effects(true)];
  const tallies = design.metrics.map(() => ({ none: emptyTally(), planted: emptyTally() }));
  for (let experiment = 0; experiment < experiments; experiment++) {
    const drawn = drawUnits(design, past, randomStream(seed, design.name, "calendar", experiment));
    for (const [index, outcome] of runOnce(design, past, drawn, without).entries()) count(present(tallies[index], "a tally").none, outcome);
    if (planned.some(({ lift }) => lift !== undefined))
      for (const [index, outcome] of runOnce(design, past, drawn, planted).entries())
        count(present(tallies[index], "a tally").planted, outcome);
  }
  return design.metrics.flatMap((metric, index) =>
    metric.role === "secondary" ? [] : [provedBy(design, metric, { ...present(tallies[index], "tallies"), lift: planned[index]?.lift })],
  );
}

function isThere({ days, firstDay }: PastLook, unit: number): boolean {
  return (firstDay[unit] as number) < days;
}

function drawUnits({ arms, units }: ExperimentDesign, past: CalendarPast, random: RandomStream): Drawn {
  const size = units ?? past.units;
  const [first = 0.5, second = 0.5] = arms.map(({ share }) => share);
  const drawn: Drawn = { unit: new Int32Array(size), arm: new Int8Array(size), chance: new Float64Array(size) };
  for (let at = 0; at < size; at++) {
    drawn.unit[at] = random.below(past.units);
    const place = random.uniform();
    drawn.arm[at] = place < first ? 0 : place < first + second ? 1 : -1;
    drawn.chance[at] = random.uniform();
  }
  return drawn;
}

/** By metric what the experiment says of it in the end: at the first look that rejects, or at the last; undefined where a look could not be analysed. */
function runOnce(design: ExperimentDesign, past: CalendarPast, drawn: Drawn, effects: readonly Effect[]): readonly (Outcome | undefined)[] {
  // Arms come averaged over their strata already.
  const { strata: _, strataColumns: __, ...compared } = { ...design, arms: design.arms.slice(0, 2) };
  const outcomes: (Outcome | undefined)[] = design.metrics.map(() => ({ rejects: false, covers: true }));
  const seen: GrowingObservations[] = [];
  for (const place of past.looks.keys()) {
    const observed = observedAt(design, past, place, { drawn, effects });
    const evidence = growingEvidence(compared, observed, () => seen.slice(0, place));
    seen.push(observed);
    const units = observed.arms.reduce((sum, arm) => sum + arm.units, 0);
    const width = evidence === undefined ? undefined : widthOf(compared, evidence, units, 1);
    if (width === undefined) return design.metrics.map(() => undefined);
    for (const [index, metric] of design.metrics.entries()) {
      const so = outcomes[index];
      if (so === undefined || so.rejects) continue;
      const [control, treatment] = observed.arms.map((arm) => present(arm.metrics[index], "moments"));
      const comparison = compareMetric(metric, { control: present(control, "control"), treatment: present(treatment, "candidate") });
      const truth = effects[index]?.looks[place]?.truth ?? 0;
      const told = judgedAt(comparison, { level: design.level, width, truth });
      outcomes[index] = told === undefined ? undefined : { rejects: told.rejects, covers: so.covers && told.covers };
    }
  }
  return outcomes;
}

/** What is there of one experiment at a look. */
function observedAt(
  design: ExperimentDesign,
  { strata, looks }: CalendarPast,
  place: number,
  { drawn, effects }: { readonly drawn: Drawn; readonly effects: readonly Effect[] },
): GrowingObservations {
  const look = present(looks[place], "a look");
  const start = present(parseDay(design.start ?? ""), "a plan that grows has a start");
  const { unit, arm, chance } = drawn;
  const there = [...unit.keys()].filter((at) => (arm[at] as number) >= 0 && isThere(look, unit[at] as number));
  const byArm = (units: readonly number[]) => [0, 1].map((side) => units.filter((at) => arm[at] === side).length);
  const counts = byArm(there);
  const metrics = design.metrics.map((metric, index) => {
    const columns = look.columns[index] ?? [];
    const { lift, looks: told } = present(effects[index], "an effect");
    const raised = told[place]?.raised ?? 0;
    const keepsFew = metric.form.kind === "quantile" || there.length <= fewDealtMax;
    const groups = new Map<number, readonly [control: GrowingMoments, treatment: GrowingMoments]>();
    const row = new Float64Array(columns.length);
    for (const at of there) {
      const own = unit[at] as number;
      for (let column = 0; column < columns.length; column++) row[column] = (columns[column] as Float64Array)[own] as number;
      if (Number.isNaN(row[0])) continue;
      const code = metric.form.kind === "quantile" ? 0 : (strata?.[own] ?? 0);
      const sides =
        groups.get(code) ?? ([new GrowingMoments(columns.length, keepsFew), new GrowingMoments(columns.length, keepsFew)] as const);
      groups.set(code, sides);
      const isTreated = arm[at] === 1;
      if (isTreated) row[0] = treated(metric, row[0] as number, { lift, raised, chance: chance[at] as number });
      sides[isTreated ? 1 : 0].add(row);
    }
    const empty = [0, 1].map(() => new GrowingMoments(columns.length).moments());
    const found = groups.size === 0 ? empty : armsOf(metric, groups, strata !== undefined && metric.form.kind !== "quantile");
    return found.map((moments) => asObserved(metric, moments));
  });
  const arms = counts.map((units, side): ArmMoments => ({ units, metrics: metrics.map((sides) => present(sides[side], "an arm")) }));
  const days = new Map<number, number[]>();
  for (const at of there) {
    const day = look.firstDay[unit[at] as number] as number;
    const own = days.get(day) ?? [];
    own.push(at);
    days.set(day, own);
  }
  return {
    form: "units",
    arms,
    segments: [],
    byDay: [...days]
      .sort(([a], [b]) => a - b)
      .map(([day, units]) => ({ value: formatDay(start + day), arms: byArm(units).map((count) => ({ units: count, metrics: [] })) })),
    days: { first: formatDay(start), last: formatDay(start + look.days - 1), areSeveral: true },
    openWindows: design.metrics.flatMap(({ name, window }) =>
      window === undefined
        ? []
        : [
            {
              metric: name,
              units: byArm(there.filter((at) => (look.firstDay[unit[at] as number] as number) + window.fromDay + window.days > look.days)),
            },
          ],
    ),
  };
}
