/** What the early warning needs to know before the first row: the horizon, the line that adverse tiers begin below, who is drawn. */
import { type Grain, limits, type PeriodIndex } from "../../../data/foundation/index.ts";
import type { PanelSchema } from "../../../data/panel/index.ts";
import { evaluationPlan, NEVER } from "../../../policies/compile/index.ts";
import { type Policy, tierNames } from "../../../policies/language/checked/index.ts";
import { type EntitySample, entitySample } from "../entity-sample.ts";
import { scoreBounds } from "../score-bounds.ts";

/** The score below which a policy's first adverse tier begins. */
export interface AdverseLine {
  readonly tier: string;
  readonly score: number;
}

/** Everything about early warning that is fixed before the rows are read. */
export interface AtRiskPlan {
  /** A hit is held adverse within so many periods. */
  readonly horizonPeriods: number;
  /** Periods over which the volume feature is summed. */
  readonly volumePeriods: number;
  readonly sample: EntitySample;
  /** By policy; undefined where the conditions of the tiers do not compare the headline score with a fixed number. */
  readonly lines: readonly (AdverseLine | undefined)[];
  /** By policy, by tier code: 1 adverse. */
  readonly adverse: readonly Uint8Array[];
  /** By policy: tiers on the ladder; a code from there on is unrated. */
  readonly ladder: readonly number[];
}

const horizons: Readonly<Record<Grain, number>> = { day: 56, week: 8, month: 2 };
const volumes: Readonly<Record<Grain, number>> = { day: 84, week: 12, month: 3 };

/**
 * The horizon is 56 days, 8 weeks or 2 months; longer where a policy is evaluated less often, because within it no tier could change.
 * The draw keeps the evaluations of the range within the limit `atRiskEvaluations`.
 */
export function planAtRisk(options: {
  readonly policies: readonly Policy[];
  readonly schema: PanelSchema;
  readonly from: PeriodIndex;
  readonly to: PeriodIndex;
  readonly seed: number;
  readonly entities: number;
}): AtRiskPlan {
  const { policies, schema, from, to, seed, entities } = options;
  const evaluations = policies.map((policy) => evaluatedPeriods(policy, schema, from, to));
  const gaps = evaluations.flatMap((periods) => periods.slice(1).map((period, index) => period - (periods[index] as number)));
  const most = Math.max(1, ...evaluations.map(({ length }) => length));
  return {
    horizonPeriods: Math.max(horizons[schema.grain], ...gaps),
    volumePeriods: volumes[schema.grain],
    sample: entitySample({ seed, name: "at risk", entities, entitiesMax: Math.floor(limits.atRiskEvaluations.value / most) }),
    lines: policies.map(adverseLine),
    adverse: policies.map((policy) => Uint8Array.from(tierNames(policy), (_, code) => (policy.tiers[code]?.adverse === true ? 1 : 0))),
    ladder: policies.map(({ tiers }) => tiers.length),
  };
}

/**
 * The least score that the worst tier that is not adverse asks for: the headline score compared with a number or a parameter, joined
 * to the rest of the condition by `and`, directly or through a named condition. Undefined where there is no such comparison, or no adverse tier below.
 */
export function adverseLine(policy: Policy): AdverseLine | undefined {
  const lowest = policy.tiers.findLastIndex(({ adverse }) => !adverse);
  const below = policy.tiers[lowest + 1];
  const when = policy.tiers[lowest]?.when;
  if (below === undefined || when === undefined || policy.headlineScore === undefined) return undefined;
  const scores = scoreBounds(policy, when).map(({ value }) => value);
  return scores.length === 0 ? undefined : { tier: below.name, score: Math.max(...scores) };
}

function evaluatedPeriods(policy: Policy, schema: PanelSchema, from: PeriodIndex, to: PeriodIndex): readonly PeriodIndex[] {
  const days = evaluationPlan(schema, policy.movement.evaluate).evaluationDay;
  const periods: PeriodIndex[] = [];
  for (let period = from; period <= to; period++) if (days[period - schema.firstPeriod] !== NEVER) periods.push(period);
  return periods;
}
