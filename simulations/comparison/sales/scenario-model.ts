/** What a way of behaving makes of a market: sales and fees under both policies, from the sums of its groups. */
import type { Behaviour } from "./assumptions.ts";
import { place, sumsOfGroup, type Treatment } from "./market.ts";

/** What of the behaviour is switched on; the steps of a scenario switch them on one after the other. */
export interface Switches {
  readonly traffic: boolean;
  readonly totalTraffic: boolean;
  readonly displacement: boolean;
  readonly improvement: boolean;
}

export const allOn: Switches = { traffic: true, totalTraffic: true, displacement: true, improvement: true };

export type Side = "before" | "after";

/** Sales and platform revenue of a window under one policy, and what turns a seller's sales into those. */
export interface PolicySales {
  readonly sales: number;
  readonly revenue: number;
  /** By group: multiplies the sales that the policy's caps leave. */
  readonly own: ArrayLike<number>;
  /** By group: multiplies the sales that the baseline's caps leave, of the share that improves. */
  readonly kept: ArrayLike<number>;
  /** Displaced sales for each unit of a receiver's own. */
  readonly received: number;
}

/** A ratio of traffic to what was really in force stands once in the table of powers. */
interface SideTerms {
  readonly traffic: Float64Array;
  readonly ratio: Uint16Array;
  readonly fee: Float64Array;
  readonly receives: Uint8Array;
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
 *
 * A question costs a power for each ratio of traffic that there is, and some multiplications a group.
 */
export class ScenarioModel {
  readonly #isHeld: boolean;
  readonly #inForce: Float64Array;
  readonly #isNear: Uint8Array;
  readonly #ratios: readonly number[];
  readonly #sides: Readonly<Record<Side, SideTerms>>;
  readonly #powers: Float64Array;
  readonly #own: Float64Array;
  readonly #kept: Float64Array;

  constructor(treatments: readonly Treatment[], totalTraffic: "held" | "free") {
    this.#isHeld = totalTraffic === "held";
    this.#inForce = Float64Array.from(treatments, ({ trafficInForce }) => trafficInForce);
    this.#isNear = Uint8Array.from(treatments, ({ isNear }) => (isNear ? 1 : 0));
    const ratioOf = (treatment: Treatment, side: Side): number => treatment[side].traffic / treatment.trafficInForce;
    this.#ratios = [...new Set(treatments.flatMap((treatment) => [ratioOf(treatment, "before"), ratioOf(treatment, "after")]))];
    const side = (name: Side): SideTerms => ({
      traffic: Float64Array.from(treatments, (treatment) => treatment[name].traffic),
      ratio: Uint16Array.from(treatments, (treatment) => this.#ratios.indexOf(ratioOf(treatment, name))),
      fee: Float64Array.from(treatments, (treatment) => treatment[name].fee),
      receives: Uint8Array.from(treatments, (treatment) => (isReceiver(treatment, name) ? 1 : 0)),
    });
    this.#sides = { before: side("before"), after: side("after") };
    this.#powers = new Float64Array(this.#ratios.length);
    this.#own = new Float64Array(treatments.length);
    this.#kept = new Float64Array(treatments.length);
  }

  /** Candidate less baseline. `sums`: the groups' sums, `sumsOfGroup` each. */
  change(sums: Float64Array, behaviour: Behaviour, on: Switches): { readonly sales: number; readonly revenue: number } {
    const before = this.#policy(sums, behaviour, "before", on);
    const after = this.#policy(sums, behaviour, "after", on);
    return { sales: after.sales - before.sales, revenue: after.revenue - before.revenue };
  }

  /** One policy, with everything switched on, and its multipliers. */
  policy(sums: Float64Array, behaviour: Behaviour, side: Side): PolicySales {
    const { sales, revenue, received } = this.#policy(sums, behaviour, side, allOn);
    return { sales, revenue, received, own: this.#own.slice(), kept: this.#kept.slice() };
  }

  #policy(sums: Float64Array, behaviour: Behaviour, side: Side, on: Switches) {
    const improvement = side === "after" && on.improvement ? behaviour.improvement : 0;
    const scale = this.#isHeld && on.totalTraffic ? this.#scale(sums, side, improvement) : 1;
    this.#raise(scale, on.traffic ? behaviour.traffic_elasticity : 0);
    const [terms, baseline, spread] = [this.#sides[side], this.#sides.before, behaviour.day_spread];
    const [least, most] = side === "before" ? [place.beforeFewest, place.beforeMost] : [place.afterFewest, place.afterMost];
    let [sales, revenue, lost, receiving, receivingRevenue] = [0, 0, 0, 0, 0];
    for (let group = 0; group < this.#own.length; group++) {
      const at = group * sumsOfGroup;
      const gmv = sums[at] as number;
      const power = this.#powers[terms.ratio[group] as number] as number;
      const removed = between(sums[at + least] as number, sums[at + most] as number, spread);
      const improved = this.#isNear[group] === 1 ? improvement : 0;
      const own = (1 - improved) * power;
      let made = (gmv - removed) * own;
      let earned = made * (terms.fee[group] as number);
      lost += removed * own;
      if (!this.#isHeld) lost += Math.max(0, (gmv - removed) * (1 - improved - own));
      this.#own[group] = own;
      this.#kept[group] = 0;
      if (improved > 0) {
        const kept = improved * (this.#powers[baseline.ratio[group] as number] as number);
        const removedKept = between(sums[at + place.beforeFewest] as number, sums[at + place.beforeMost] as number, spread);
        const madeKept = (gmv - removedKept) * kept;
        made += madeKept;
        earned += madeKept * (baseline.fee[group] as number);
        lost += removedKept * kept;
        if (!this.#isHeld) lost += Math.max(0, (gmv - removedKept) * (improved - kept));
        this.#kept[group] = kept;
      }
      sales += made;
      revenue += earned;
      if (terms.receives[group] === 1) {
        receiving += made;
        receivingRevenue += earned;
      }
    }
    const displaced = on.displacement && receiving > 0 ? behaviour.displacement * lost : 0;
    const received = displaced > 0 ? displaced / receiving : 0;
    return { sales: sales + displaced, revenue: revenue + received * receivingRevenue, received };
  }

  /** The factor that keeps the traffic of all what it was. */
  #scale(sums: Float64Array, side: Side, improvement: number): number {
    const [traffic, baseline] = [this.#sides[side].traffic, this.#sides.before.traffic];
    let observed = 0;
    let multiplied = 0;
    for (let group = 0; group < this.#own.length; group++) {
      const gmv = sums[group * sumsOfGroup] as number;
      const improved = this.#isNear[group] === 1 ? improvement : 0;
      observed += gmv;
      multiplied +=
        (gmv / (this.#inForce[group] as number)) * ((1 - improved) * (traffic[group] as number) + improved * (baseline[group] as number));
    }
    return multiplied > 0 ? observed / multiplied : 1;
  }

  #raise(scale: number, elasticity: number): void {
    for (const [index, ratio] of this.#ratios.entries()) {
      const traffic = scale * ratio;
      this.#powers[index] = elasticity === 0 || traffic === 1 ? 1 : traffic <= 0 ? 0 : traffic ** elasticity;
    }
  }
}

/** What caps remove, the fewest plus `spread` of the way to the most. */
export function between(fewest: number, most: number, spread: number): number {
  return fewest + spread * (most - fewest);
}

/** Those whom the policy takes nothing from: no cap, and no less traffic than it really had. */
export function isReceiver(treatment: Treatment, side: Side): boolean {
  return !treatment[side].isCapped && treatment[side].traffic >= treatment.trafficInForce;
}
