/** How good the alarms of a walk were: precision, recall, lead time and calibration, entities resampled whole. */
import { bootstrapRatio, type Estimated, sumOf, undetermined } from "../../statistics/index.ts";
import type { ComparisonPlan } from "../plan.ts";
import { recorded } from "../recorded.ts";
import type { AlarmRecord, CalibrationGroup, PolicyAtRisk } from "./at-risk.ts";
import { fates, type WalkedEvaluations } from "./collect-evaluations.ts";
import { alarmOf, casesMin, type Walk } from "./walk-forward.ts";

/** What is described. */
export interface WalkOfPolicy {
  readonly walked: WalkedEvaluations;
  readonly walk: Walk;
  readonly plan: ComparisonPlan;
  readonly policy: number;
}

/** Counts, rates and lead times of the measured evaluations: at dates with a model, their horizon complete. */
export function describeRecords(
  options: WalkOfPolicy,
): Pick<PolicyAtRisk, "evaluations" | "exits" | "hits" | "entries" | "baseRate" | "model" | "plain" | "recallGain"> {
  const { walked, walk } = options;
  const eligible = walked.period.length;
  let [beforeModel, open, exits, hits] = [0, 0, 0, 0];
  for (let at = 0; at < eligible; at++) {
    const fate = walked.fate[at] as number;
    if (Number.isNaN(walk.risk[at])) beforeModel++;
    else if (fate === fates.open) open++;
    else if (fate === fates.exit) exits++;
    else if (fate === fates.hit) hits++;
  }
  const isHit = (at: number): number => (walked.fate[at] === fates.hit ? 1 : 0);
  const alarmed = (bit: number) => (at: number) => ((walk.alarm[at] as number) & bit) !== 0;
  const [byModel, byPlain] = [alarmed(alarmOf.model), alarmed(alarmOf.plain)];
  const gained = (at: number): number => isHit(at) * (Number(byModel(at)) - Number(byPlain(at)));
  const entries = entriesOf(options);
  return {
    evaluations: { eligible, measured: eligible - beforeModel - open - exits, beforeModel, open },
    exits,
    hits,
    entries: entries.length,
    baseRate: ratioOf(options, isHit, () => 1),
    model: recordOf(options, alarmOf.model, entries),
    plain: recordOf(options, alarmOf.plain, entries),
    recallGain: ratioOf(options, gained, isHit),
  };
}

/** Measured evaluations in ten groups of equal size by predicted risk, lowest first; fewer where there are fewer than ten. */
export function describeCalibration(options: WalkOfPolicy): readonly CalibrationGroup[] {
  const { walked, walk } = options;
  const riskAt = (at: number): number => walk.risk[at] as number;
  const measured: number[] = [];
  for (let at = 0; at < walked.period.length; at++) if (isMeasured(options, at)) measured.push(at);
  measured.sort((a, b) => riskAt(a) - riskAt(b) || a - b);
  const groups = Math.min(10, measured.length);
  const groupOf = new Int8Array(walked.period.length).fill(-1);
  for (const [place, at] of measured.entries()) groupOf[at] = Math.floor((place * groups) / measured.length);
  return Array.from({ length: groups }, (_, group) => {
    const own = measured.filter((at) => groupOf[at] === group);
    const isHit = (at: number): number => (walked.fate[at] === fates.hit ? 1 : 0);
    return {
      evaluations: own.length,
      hits: own.reduce((sum, at) => sum + isHit(at), 0),
      predicted: sumOf(Float64Array.from(own, riskAt)) / own.length,
      observed: ratioOf(
        options,
        (at) => (groupOf[at] === group ? isHit(at) : 0),
        (at) => (groupOf[at] === group ? 1 : 0),
      ),
    };
  });
}

function isMeasured({ walked, walk }: WalkOfPolicy, at: number): boolean {
  const fate = walked.fate[at] as number;
  return !Number.isNaN(walk.risk[at]) && (fate === fates.none || fate === fates.hit);
}

function recordOf(options: WalkOfPolicy, bit: number, entries: readonly Entry[]): AlarmRecord {
  const { walked, walk } = options;
  const alarmed = (at: number): number => (((walk.alarm[at] as number) & bit) === 0 ? 0 : 1);
  const isHit = (at: number): number => (walked.fate[at] === fates.hit ? 1 : 0);
  let [alarms, exits, hits] = [0, 0, 0];
  for (let at = 0; at < walked.period.length; at++) {
    if (alarmed(at) === 0) continue;
    if (walked.fate[at] === fates.exit) exits++;
    if (!isMeasured(options, at)) continue;
    alarms++;
    hits += isHit(at);
  }
  const leads = entries.map(({ leads: own }) => own[bit - 1] ?? 0).filter((lead) => lead > 0);
  return {
    alarms,
    exits,
    hits,
    precision: ratioOf(options, (at) => alarmed(at) * isHit(at), alarmed),
    recall: ratioOf(options, (at) => alarmed(at) * isHit(at), isHit),
    entriesAnnounced: leads.length,
    ...(leads.length === 0 ? {} : { lead: quartilesOf(leads) }),
  };
}

/** An entry into an adverse tier, with the lead of its earliest alarm of the model and of the plain rule; 0 without one. */
interface Entry {
  readonly leads: [number, number];
}

/** Evaluations that lead to the same first adverse period belong to one entry. */
function entriesOf(options: WalkOfPolicy): readonly Entry[] {
  const { walked, walk } = options;
  const entries: Entry[] = [];
  let [entity, period] = [-1, -1];
  for (let at = 0; at < walked.period.length; at++) {
    if (walked.fate[at] !== fates.hit || !isMeasured(options, at)) continue;
    const lead = walked.lead[at] as number;
    const begins = (walked.period[at] as number) + lead;
    if (walked.entity[at] !== entity || begins !== period) entries.push({ leads: [0, 0] });
    [entity, period] = [walked.entity[at] as number, begins];
    const leads = entries.at(-1)?.leads ?? [0, 0];
    const alarm = walk.alarm[at] as number;
    if ((alarm & alarmOf.model) !== 0) leads[0] = Math.max(leads[0], lead);
    if ((alarm & alarmOf.plain) !== 0) leads[1] = Math.max(leads[1], lead);
  }
  return entries;
}

/** Quartiles of whole numbers: the least value with at least that share at or below it. */
function quartilesOf(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
  return { lower: at(0.25), median: at(0.5), upper: at(0.75) };
}

/** A ratio of sums over measured evaluations; entities are resampled with their alarms as they were raised. */
function ratioOf(options: WalkOfPolicy, numeratorAt: (at: number) => number, denominatorAt: (at: number) => number): Estimated {
  const { walked, plan, policy } = options;
  const numerators: number[] = [];
  const denominators: number[] = [];
  let entity = -1;
  for (let at = 0; at < walked.period.length; at++) {
    if (!isMeasured(options, at)) continue;
    const denominator = denominatorAt(at);
    if (denominator === 0) continue;
    if (walked.entity[at] !== entity) {
      numerators.push(0);
      denominators.push(0);
      entity = walked.entity[at] as number;
    }
    numerators[numerators.length - 1] = (numerators.at(-1) as number) + numeratorAt(at);
    denominators[denominators.length - 1] = (denominators.at(-1) as number) + denominator;
  }
  const [numerator, denominator] = [Float64Array.from(numerators), Float64Array.from(denominators)];
  const whole = sumOf(denominator);
  if (whole === 0)
    return options.walk.model === undefined
      ? undetermined(`no model: fewer than ${casesMin} completed evaluations were hits, or fewer were not`, "a longer history")
      : undetermined("nothing to count: the denominator is 0", "evaluations that are complete");
  const interval: Estimated = plan.comparesPeers[policy]
    ? undetermined("the policy compares peers, and peers are not drawn anew", "a policy without peer benchmarks")
    : bootstrapRatio({ numerator, denominator, seed: plan.seed, replicates: plan.replicates, level: plan.level });
  return recorded(sumOf(numerator) / whole, numerators.length, interval);
}
