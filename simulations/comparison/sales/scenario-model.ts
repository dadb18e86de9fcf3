/** What a way of behaving makes of a market: sales and fees under both policies, from the sums of its groups. */
import type { Behaviour } from "./assumptions.ts";
import type { GroupSums, Treatment } from "./market.ts";

/** The groups, and what is assumed of total traffic. */
export interface ScenarioMarket {
  readonly treatments: readonly Treatment[];
  readonly sums: readonly GroupSums[];
  readonly totalTraffic: "held" | "free";
}

/** What of the behaviour is switched on; the steps of a scenario switch them on one after the other. */
export interface Switches {
  readonly traffic: boolean;
  readonly totalTraffic: boolean;
  readonly displacement: boolean;
  readonly improvement: boolean;
}

export const allOn: Switches = { traffic: true, totalTraffic: true, displacement: true, improvement: true };

/** Multipliers that turn a seller's sales into those under a policy: group by group, and for all who receive what others lost. */
export interface Factors {
  /** By group: of sales that the policy's caps leave. `kept`: of the share that improves, which the baseline's caps leave. */
  readonly own: Float64Array;
  readonly kept: Float64Array;
  /** Displaced sales for each unit of a receiver's own. */
  readonly received: number;
}

/** Sales and platform revenue of a window under one policy. */
export interface PolicySales {
  readonly sales: number;
  readonly revenue: number;
  readonly factors: Factors;
}

/**
 * Observed sales G of a group came in under the traffic r that was really in force. Under a policy with traffic t they are
 *
 *   (G - caps) x (lambda t / r) ^ elasticity
 *
 * `caps`: what its caps remove of the observed, the fewest plus `day_spread` of the way to the most. `lambda`: 1 when total traffic is free; held,
 * it makes the traffic of all, G / r each before any multiplier, what was observed. Displaced: that share of what caps turn away, and, when
 * total traffic is free, of what less traffic loses, goes to those whom the policy takes nothing from, in proportion to their sales, at their
 * average fee; held traffic has moved already. Improvement: that share of the newly adverse near the line is treated by the candidate as by the baseline.
 * Caps are taken of the observed orders: at a tier that has less traffic too, both together overstate the loss.
 */
export function policySales(market: ScenarioMarket, behaviour: Behaviour, side: "before" | "after", on: Switches): PolicySales {
  const { treatments, sums } = market;
  const elasticity = on.traffic ? behaviour.traffic_elasticity : 0;
  const improvement = side === "after" && on.improvement ? behaviour.improvement : 0;
  const isFree = market.totalTraffic === "free" || !on.totalTraffic;
  const lambda = isFree ? 1 : scaleOf(market, side, improvement);
  const own = new Float64Array(treatments.length);
  const kept = new Float64Array(treatments.length);
  let sales = 0;
  let revenue = 0;
  let lost = 0;
  let receiving = 0;
  let receivingRevenue = 0;
  for (const [group, treatment] of treatments.entries()) {
    const sum = sums[group] as GroupSums;
    const improved = treatment.isNear ? improvement : 0;
    const terms = treatment[side];
    const power = response(lambda * terms.traffic, treatment.trafficInForce, elasticity);
    const powerKept = improved > 0 ? response(lambda * treatment.before.traffic, treatment.trafficInForce, elasticity) : 0;
    const removed = removedOf(sum, side, behaviour.day_spread);
    const removedKept = improved > 0 ? removedOf(sum, "before", behaviour.day_spread) : 0;
    own[group] = (1 - improved) * power;
    kept[group] = improved * powerKept;
    const made = (1 - improved) * (sum.gmv - removed) * power + improved * (sum.gmv - removedKept) * powerKept;
    const earned =
      (1 - improved) * (sum.gmv - removed) * power * terms.fee + improved * (sum.gmv - removedKept) * powerKept * treatment.before.fee;
    sales += made;
    revenue += earned;
    lost += (1 - improved) * removed * power + improved * removedKept * powerKept;
    if (market.totalTraffic === "free")
      lost += Math.max(0, (1 - improved) * (sum.gmv - removed) * (1 - power) + improved * (sum.gmv - removedKept) * (1 - powerKept));
    if (isReceiver(treatment, side)) {
      receiving += made;
      receivingRevenue += earned;
    }
  }
  const displaced = on.displacement && receiving > 0 ? behaviour.displacement * lost : 0;
  const received = displaced > 0 ? displaced / receiving : 0;
  return { sales: sales + displaced, revenue: revenue + received * receivingRevenue, factors: { own, kept, received } };
}

/** Those whom the policy takes nothing from: no cap, and no less traffic than it really had. */
export function isReceiver(treatment: Treatment, side: "before" | "after"): boolean {
  return !treatment[side].isCapped && treatment[side].traffic >= treatment.trafficInForce;
}

/** What caps remove, the fewest plus `spread` of the way to the most. */
export function removedOf(sums: GroupSums, side: "before" | "after", spread: number): number {
  const [fewest, most] = side === "before" ? [sums.beforeFewest, sums.beforeMost] : [sums.afterFewest, sums.afterMost];
  return fewest + spread * (most - fewest);
}

/** The factor that keeps the traffic of all what it was. */
function scaleOf({ treatments, sums }: ScenarioMarket, side: "before" | "after", improvement: number): number {
  let observed = 0;
  let multiplied = 0;
  for (const [group, treatment] of treatments.entries()) {
    const { gmv } = sums[group] as GroupSums;
    const improved = treatment.isNear ? improvement : 0;
    const traffic = (1 - improved) * treatment[side].traffic + improved * treatment.before.traffic;
    observed += gmv;
    multiplied += (gmv / treatment.trafficInForce) * traffic;
  }
  return multiplied > 0 ? observed / multiplied : 1;
}

function response(traffic: number, inForce: number, elasticity: number): number {
  if (elasticity === 0 || traffic === inForce) return 1;
  return traffic <= 0 ? 0 : (traffic / inForce) ** elasticity;
}
