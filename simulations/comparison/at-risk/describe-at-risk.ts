/** Early warning as plain data: the walk's record, its calibration, and who is at risk at the end of the range. */
import { present } from "../../../data/foundation/index.ts";
import type { Panel } from "../../../data/panel/index.ts";
import { tierNames } from "../../../policies/language/checked/index.ts";
import { byChunk } from "../affected.ts";
import type { EndCollected } from "../collect-end.ts";
import { type ComparisonPlan, dayName } from "../plan.ts";
import type { AlarmDate, AtRisk, EntityAtRisk, PolicyAtRisk, RiskFactor } from "./at-risk.ts";
import { fates, featureCount, featureNames, type PolicyEvaluations, pathLength, type WalkedEvaluations } from "./collect-evaluations.ts";
import { describeCalibration, describeRecords } from "./records.ts";
import { alarmBudget, alarmOf, crossedFeatures, kinkShares, predict, type RiskModel, type Walk, walkForward } from "./walk-forward.ts";

/** How many entities are listed a policy. */
export const atRiskListed = 25;

/** What early warning is described from. */
export interface AtRiskCollected extends EndCollected {
  readonly atRisk: readonly PolicyEvaluations[];
}

/** One entry a policy, baseline first; `alarmsOf`: that policy's alone, with everybody who has an alarm. Reads the chunks of the listed entities once more, for their keys. */
export function describeAtRisk(plan: ComparisonPlan, collected: AtRiskCollected, panel: Panel, alarmsOf?: number): AtRisk {
  const { horizonPeriods, sample } = plan.atRisk;
  const entities = collected.atRisk[0]?.sampled ?? 0;
  const isAsked = (policy: number): boolean => alarmsOf === undefined || policy === alarmsOf;
  const found = collected.atRisk.flatMap((columns, policy) =>
    isAsked(policy) ? [describePolicy({ plan, collected, columns, policy, listsAlarms: alarmsOf !== undefined })] : [],
  );
  const keys = keysOf(
    panel,
    collected,
    found.flatMap(({ listed }) => listed.map(({ entity }) => entity)),
  );
  return {
    horizonPeriods,
    budget: alarmBudget,
    sample: { entities, share: sample.share },
    policies: found.map(({ described, listed }) => ({
      ...described,
      now: { ...described.now, listed: listed.map(({ entity, shown }) => ({ entity: present(keys.get(entity), "key"), ...shown })) },
    })),
  };
}

interface Listed {
  readonly entity: number;
  readonly shown: Omit<EntityAtRisk, "entity">;
}

interface Described {
  readonly plan: ComparisonPlan;
  readonly collected: AtRiskCollected;
  readonly columns: PolicyEvaluations;
  readonly policy: number;
  readonly listsAlarms: boolean;
}

function describePolicy(parts: Described): { readonly described: PolicyAtRisk; readonly listed: readonly Listed[] } {
  const { plan, columns, policy } = parts;
  const walked = joined(columns.walked);
  const walk = walkForward(walked, plan.atRisk.horizonPeriods);
  const line = plan.atRisk.lines[policy];
  const options = { walked, walk, plan, policy };
  const { listed, eligible, alarms, expected } = nowOf(parts, walk.model);
  return {
    described: {
      version: present(plan.policies[policy], "policy").version,
      ...(line === undefined ? {} : { line }),
      ...describeRecords(options),
      calibration: describeCalibration(options),
      dates: walk.dates.map((date) => describeDate(plan, walked, walk, date, line?.score ?? 0)),
      factors: walk.model === undefined ? [] : factorsOf(walk.model, line !== undefined),
      now: {
        at: dayName(plan.schema, plan.to),
        eligible,
        alarms,
        ...(expected === undefined ? {} : { expected }),
        listed: [],
      },
    },
    listed,
  };
}

/** The parts of the chunks as one: entity after entity. */
function joined(parts: readonly WalkedEvaluations[]): WalkedEvaluations {
  const count = parts.reduce((sum, { period }) => sum + period.length, 0);
  const whole: WalkedEvaluations = {
    entity: new Int32Array(count),
    period: new Int32Array(count),
    features: new Float32Array(count * featureCount),
    fate: new Uint8Array(count),
    lead: new Int32Array(count),
    tie: new Float32Array(count),
  };
  let at = 0;
  for (const part of parts) {
    whole.entity.set(part.entity, at);
    whole.period.set(part.period, at);
    whole.features.set(part.features, at * featureCount);
    whole.fate.set(part.fate, at);
    whole.lead.set(part.lead, at);
    whole.tie.set(part.tie, at);
    at += part.period.length;
  }
  return whole;
}

function describeDate(plan: ComparisonPlan, walked: WalkedEvaluations, walk: Walk, date: Walk["dates"][number], line: number): AlarmDate {
  const { start, end, alarms, riskFrom, marginTo } = date;
  const outcome = { hits: 0, exits: 0, hitsAlarmed: 0, hitsPlain: 0 };
  let isOpen = false;
  for (let place = start; place < end; place++) {
    const at = walk.order[place] as number;
    const [fate, alarm] = [walked.fate[at] as number, walk.alarm[at] as number];
    if (fate === fates.open) isOpen = true;
    if (fate === fates.exit) outcome.exits++;
    if (fate !== fates.hit) continue;
    outcome.hits++;
    if ((alarm & alarmOf.model) !== 0) outcome.hitsAlarmed++;
    if ((alarm & alarmOf.plain) !== 0) outcome.hitsPlain++;
  }
  return {
    date: dayName(plan.schema, date.period),
    eligible: end - start,
    alarms,
    ...(riskFrom === undefined ? {} : { riskFrom }),
    ...(marginTo === undefined || Number.isNaN(marginTo) ? {} : { scoreTo: shortest(marginTo + line) }),
    ...(isOpen ? {} : { outcome }),
  };
}

/** Single-precision scores as they were written. */
function shortest(value: number): number {
  return Number(value.toPrecision(6));
}

const factorWords: Readonly<Record<(typeof featureNames)[number], string>> = {
  margin: "score above the line of the adverse tiers",
  slope: "slope of the score over the last four evaluations",
  meritsAdverse: "already merits an adverse tier that movement rules hold back",
  demoteCount: "evaluations in a row that merited a worse tier",
  age: "periods since entry, logarithm",
  volume: "orders over the last 12 weeks, logarithm",
  recentlyAdverse: "held an adverse tier within the periods before",
  unrated: "holds no tier of the ladder",
  shielded: "a shield keeps an adverse tier away",
};

function factorsOf(model: RiskModel, hasLine: boolean): readonly RiskFactor[] {
  const weightOf = (column: number): number => model.coefficients[column + 1] as number;
  const named = featureNames.map((feature, column) => ({
    feature: feature === "margin" && !hasLine ? "score" : feature,
    words: feature === "margin" && !hasLine ? "headline score" : factorWords[feature],
    weight: weightOf(column),
  }));
  const kinks = kinkShares.map((share, index) => ({
    feature: `below ${share}`,
    words: `points by which it is below the lowest ${share * 100} % of past evaluations`,
    weight: weightOf(featureCount + 1 + index),
  }));
  const crossed = crossedFeatures.map((feature, index) => ({
    feature: `${feature} x below`,
    words: `${factorWords[feature]}, times points below the lowest ${(kinkShares.at(-1) ?? 0) * 100} %`,
    weight: weightOf(featureCount + 1 + kinkShares.length + index),
  }));
  return [...named, { feature: "noScore", words: "no score is known", weight: weightOf(featureCount) }, ...kinks, ...crossed];
}

/** Everybody in the frame at the end, by predicted risk; ties by entity order. */
function nowOf(
  { plan, collected, columns: { latest }, policy, listsAlarms }: Described,
  model: RiskModel | undefined,
): { readonly listed: readonly Listed[]; readonly eligible: number; readonly alarms: number; readonly expected?: number } {
  const entities: number[] = [];
  for (let entity = 0; entity < collected.entityCount; entity++) if (latest.eligible[entity] === 1) entities.push(entity);
  if (model === undefined || entities.length === 0) return { listed: [], eligible: entities.length, alarms: 0 };
  const risks = new Float64Array(collected.entityCount);
  for (const entity of entities) risks[entity] = predict(model, latest.features, entity * featureCount);
  const riskAt = (entity: number): number => risks[entity] as number;
  const alarms = Math.max(1, Math.floor(entities.length * alarmBudget));
  const expected = entities.reduce((sum, entity) => sum + riskAt(entity), 0);
  const names = tierNames(present(plan.policies[policy], "policy"));
  const highest = entities.sort((a, b) => riskAt(b) - riskAt(a) || a - b).slice(0, listsAlarms ? alarms : atRiskListed);
  const listed = highest.map((entity, rank): Listed => {
    const feature = (name: (typeof featureNames)[number]): number =>
      latest.features[entity * featureCount + featureNames.indexOf(name)] as number;
    const scores = Array.from(latest.path.subarray(entity * pathLength, (entity + 1) * pathLength))
      .filter((score) => !Number.isNaN(score))
      .map(shortest);
    const margin = feature("margin");
    return {
      entity,
      shown: {
        risk: riskAt(entity),
        hasAlarm: rank < alarms,
        tier: names[collected.end.held[policy]?.[entity] as number] ?? "",
        scores,
        ...(plan.atRisk.lines[policy] === undefined || Number.isNaN(margin) ? {} : { margin: shortest(margin) }),
        demoteCount: feature("demoteCount"),
        meritsAdverse: feature("meritsAdverse") === 1,
        isShielded: feature("shielded") === 1,
      },
    };
  });
  return { listed, eligible: entities.length, alarms, expected };
}

function keysOf(panel: Panel, collected: AtRiskCollected, entities: readonly number[]): ReadonlyMap<number, string> {
  const keys = new Map<number, string>();
  for (const [index, listed] of byChunk(collected, [...new Set(entities)])) {
    const chunk = panel.readChunk(index);
    for (const entity of listed) keys.set(entity, present(chunk.entities[entity - (collected.chunkStart[index] as number)], "entity"));
  }
  return keys;
}
