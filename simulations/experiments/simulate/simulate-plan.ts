/** Proof before launch: the plan run many times on the past, with nothing planted (A/A) and with the planned effect planted. */
import { type RandomStream, randomStream } from "../../../data/foundation/index.ts";
import { undetermined } from "../../statistics/index.ts";
import { type Evidence, widthOf } from "../analysis/evidence.ts";
import { compareMetric } from "../analysis/metric-comparison.ts";
import { dealtThing, type ExperimentDesign, type ExperimentMetric } from "../design/experiment-design.ts";
import { fewDealtMax } from "../observations/few-dealt.ts";
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
import { type PastLook, simulateCalendar } from "./simulate-calendar.ts";

/** Values of the past, a column a metric's column; NaN where missing and left out. */
export interface DealtPast {
  readonly units: number;
  /** By metric, in the order of its columns. */
  readonly columns: readonly (readonly Float64Array[])[];
  /** Of a plan with strata: by unit a code, equal for units of one stratum. */
  readonly strata?: ArrayLike<number> | undefined;
  /** Of a plan whose values grow from look to look (`growsByPlan`): how the units stood at each of its looks, in order. */
  readonly looks?: readonly PastLook[] | undefined;
}

/** How to simulate. */
export interface SimulationOptions {
  readonly seed: number;
  readonly experiments: number;
}

/** Looks of an always-valid plan. */
const alwaysValidLooks = 10;

/**
 * In each experiment draws the planned number of units from the past (with replacement, so that the past is the population), deals them to the arms
 * and analyses them as planned, looks included: a look of a sequential plan sees the first units drawn, or where the past says how units stood at each look all of
 * them, as they stood then. An effect is planted by raising the treated
 * units' outcomes by a share of the control's value (means, quantiles and numerators), or by turning treated zeros into ones (shares). Primary metrics and
 * guardrails, the first candidate against the control. Cost: units x metrics x experiments. The same seed gives the same bytes.
 */
export function simulatePlan(design: ExperimentDesign, past: DealtPast, options: SimulationOptions): readonly PlanProof[] {
  if (past.looks !== undefined) return simulateCalendar(design, { ...past, looks: past.looks }, options);
  return design.metrics.flatMap((metric, index) => {
    const columns = past.columns[index];
    return columns === undefined || metric.role === "secondary"
      ? []
      : [proofOf(design, metric, { columns, units: past.units, index, strata: past.strata }, options)];
  });
}

interface Told {
  readonly columns: readonly Float64Array[];
  readonly units: number;
  readonly index: number;
  readonly strata: DealtPast["strata"];
}

function proofOf(design: ExperimentDesign, metric: ExperimentMetric, told: Told, { seed, experiments }: SimulationOptions): PlanProof {
  if (metric.form.kind === "quantile" && dealtThing(design).kind === "cluster") {
    const none = undetermined(
      "clusters are drawn by their sums, which hold no quantile of their units",
      "a mean or share of the same column",
    );
    return {
      metric: metric.name,
      title: metric.title,
      level: none,
      nominalLevel: 1 - design.level,
      coverage: none,
      undetermined: experiments,
    };
  }
  const looks = looksOf({ ...design, units: design.units ?? told.units });
  const { base, lift } = plantedOf(metric, told.columns);
  const tallies = { none: emptyTally(), planted: emptyTally() };
  for (let experiment = 0; experiment < experiments; experiment++) {
    const names = [design.name, told.index, experiment] as const;
    count(tallies.none, runOnce({ design, metric, told, looks, random: randomStream(seed, ...names), lift: 0, truth: 0 }));
    // The same draws and deals, with the effect.
    if (lift !== undefined)
      count(tallies.planted, runOnce({ design, metric, told, looks, random: randomStream(seed, ...names), lift, truth: lift * base }));
  }
  return provedBy(design, metric, { ...tallies, lift });
}

interface Once {
  readonly design: ExperimentDesign;
  readonly metric: ExperimentMetric;
  readonly told: Told;
  readonly looks: readonly Look[];
  readonly random: RandomStream;
  readonly lift: number;
  readonly truth: number;
}

/** One experiment; undefined where some look could not be analysed. */
function runOnce({ design, metric, told, looks, random, lift, truth }: Once): Outcome | undefined {
  const { columns, units } = told;
  const { kind } = dealtThing(design);
  const isQuantile = metric.form.kind === "quantile";
  const few = isQuantile || ((kind === "cluster" || kind === "switchback") && (looks.at(-1)?.units ?? 0) <= fewDealtMax);
  const strata = isQuantile ? undefined : told.strata;
  const groups = new Map<number, readonly [control: GrowingMoments, treatment: GrowingMoments]>();
  const groupOf = (unit: number) => {
    const code = strata?.[unit] ?? 0;
    const known = groups.get(code) ?? ([new GrowingMoments(columns.length, few), new GrowingMoments(columns.length, few)] as const);
    groups.set(code, known);
    return known;
  };
  const [first = 0.5, second = 0.5] = design.arms.map(({ share }) => share);
  const row = new Float64Array(columns.length);
  const raised = metric.form.kind === "share" ? shareRaised(columns[0] as Float64Array, lift) : 0;
  let done = 0;
  let covers = true;
  for (const [index, { units: target, width }] of looks.entries()) {
    for (; done < target; done++) {
      const unit = random.below(units);
      const place = random.uniform();
      const chance = random.uniform();
      if (place >= first + second) continue;
      for (let column = 0; column < columns.length; column++) row[column] = (columns[column] as Float64Array)[unit] as number;
      if (Number.isNaN(row[0])) continue;
      const [control, treatment] = groupOf(unit);
      if (place < first) control.add(row);
      else {
        row[0] = treated(metric, row[0] as number, { lift, raised, chance });
        treatment.add(row);
      }
    }
    const [control, treatment] = armsOf(metric, groups, strata !== undefined);
    if (control === undefined || treatment === undefined) return undefined;
    const seen = compareMetric(metric, { control: asObserved(metric, control), treatment: asObserved(metric, treatment) });
    const told = judgedAt(seen, { level: design.level, width, truth });
    if (told === undefined) return undefined;
    covers &&= told.covers;
    if (told.rejects || index === looks.length - 1) return { rejects: told.rejects, covers };
  }
  return undefined;
}

/** A look: the units that are there, and how many standard errors show an effect; undefined where its test tells. */
interface Look {
  readonly units: number;
  readonly width: number | undefined;
}

function looksOf(design: ExperimentDesign & { readonly units: number }): readonly Look[] {
  const { looks, units } = design;
  const count = looks.kind === "once" ? 1 : looks.kind === "always-valid" ? alwaysValidLooks : looks.count;
  const shares = Array.from({ length: count }, (_, index) => (index + 1) / count);
  return shares.map((at, index) => {
    const evidence: Evidence =
      looks.kind === "once"
        ? { kind: "fixed" }
        : looks.kind === "always-valid"
          ? { kind: "always-valid" }
          : { kind: "look", information: shares.slice(0, index + 1) };
    const there = Math.round(units * at);
    return { units: there, width: widthOf(design, evidence, there, 1) };
  });
}
