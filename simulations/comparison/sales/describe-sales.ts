/** The layers of sales of one candidate, from the collected columns. */
import { firstDayOf, formatDay, present } from "../../../data/foundation/index.ts";
import { sumOfIntegers } from "../../statistics/index.ts";
import type { Collected } from "../collect.ts";
import { type ComparisonPlan, dayName } from "../plan.ts";
import { type Assumptions, assumptionsView } from "./assumptions.ts";
import { describeHarm } from "./harm.ts";
import { marketAt, place, sumsOfGroup } from "./market.ts";
import { describeMechanical } from "./mechanical.ts";
import type { SalesImpact } from "./sales-impact.ts";
import { describeScenarios } from "./scenarios.ts";

/** Undefined when the panel has no GMV measure. Without assumptions there are no scenarios and no break-even. */
export function describeSales(
  plan: ComparisonPlan,
  collected: Collected,
  candidate: number,
  assumptions: Assumptions | undefined,
): SalesImpact | undefined {
  if (plan.gmvColumn < 0) return undefined;
  const { schema } = plan;
  const [before, after] = [present(collected.end.held[0], "held"), present(collected.end.held[candidate + 1], "held")];
  const isNear = nearTheLine(plan, collected, candidate, assumptions?.nearPoints ?? 0);
  const market = marketAt({ plan, candidate, before, after, window: collected.sales.before, isNear });
  const harm = describeHarm({ plan, collected, candidate, assumptions });
  const isEmpty = market.treatments.length === 0;
  return {
    at: dayName(schema, plan.to),
    currency: schema.currency ?? "",
    windowFrom: formatDay(firstDayOf(schema.grain, plan.gmvSpan.first)),
    total: sumOfIntegers(market.sums.filter((_, index) => index % sumsOfGroup === place.gmv)),
    ...describeMechanical({ plan, collected, candidate }),
    scenarios: assumptions === undefined || isEmpty ? [] : describeScenarios({ plan, collected, candidate, market, assumptions }),
    ...(assumptions === undefined ? {} : { assumptions: assumptionsView(assumptions) }),
    ...(harm === undefined ? {} : { harm }),
  };
}

/**
 * Newly adverse under the candidate, with a score within so many points of the line: the worst score of those who merit a tier of its ladder
 * that is not adverse. Which way is worse, the means of both groups say. Nobody where one of the groups has no score.
 */
function nearTheLine(plan: ComparisonPlan, collected: Collected, candidate: number, points: number): (entity: number) => boolean {
  const { adverse, columns } = present(plan.pairs[candidate], "tier pairs");
  const policy = candidate + 1;
  const [before, after] = [present(collected.end.held[0], "held"), present(collected.end.held[policy], "held")];
  const [score, merited] = [present(collected.end.score[policy], "scores"), present(collected.end.merited[policy], "merited tiers")];
  const ladder = plan.policies[policy]?.tiers.length ?? 0;
  const good = { count: 0, sum: 0, least: Number.POSITIVE_INFINITY, greatest: Number.NEGATIVE_INFINITY };
  const bad = { count: 0, sum: 0 };
  for (let entity = 0; entity < collected.entityCount; entity++) {
    const [tier, value] = [merited[entity] as number, score[entity] as number];
    if (tier < 0 || tier >= ladder || Number.isNaN(value)) continue;
    const group = plan.adverse[policy]?.[tier] === 1 ? bad : good;
    group.count++;
    group.sum += value;
    if (group === bad) continue;
    good.least = Math.min(good.least, value);
    good.greatest = Math.max(good.greatest, value);
  }
  if (points === 0 || good.count === 0 || bad.count === 0) return () => false;
  const line = good.sum / good.count >= bad.sum / bad.count ? good.least : good.greatest;
  return (entity) => {
    const row = before[entity] as number;
    if (row < 0 || adverse[row * columns + (after[entity] as number)] !== 1) return false;
    return Math.abs((score[entity] as number) - line) <= points;
  };
}
