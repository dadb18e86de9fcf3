/** A market in which units take sales from each other, written down directly; and what everybody sells under a way of dealing. */
import { randomStream } from "../../data/foundation/index.ts";
import type { Market } from "../../simulations/experiments/interference/market.ts";

const regions = ["north", "south"];
const categories = ["toys", "books"];
const periods = 8;

/** Units in two regions and two categories, at least two in each; the candidate takes sales from three in ten and gives some to one in ten. */
export function leakyMarket(units: number, seed: number): Market {
  const random = randomStream(seed, "leaky market");
  const groups = regions.flatMap((region) => categories.map((category) => [region, category]));
  const group = Int32Array.from({ length: units }, (_, unit) => unit % groups.length);
  const earlier = Float64Array.from({ length: units }, () => Math.exp(3 + 0.7 * random.normal()));
  const sales = earlier.map((value) => value * Math.exp(0.3 * random.normal()));
  const change = sales.map((value) => {
    const place = random.uniform();
    return place < 0.3 ? -0.5 * value : place > 0.9 ? 0.2 * value : 0;
  });
  const byPeriod = (column: Float64Array): Float64Array => {
    const sums = new Float64Array(groups.length * periods);
    for (const [unit, at] of group.entries())
      for (let period = 0; period < periods; period++)
        sums[at * periods + period] = (sums[at * periods + period] as number) + (column[unit] as number) / periods;
    return sums;
  };
  return {
    entities: Array.from({ length: units }, (_, unit) => `s${unit}`),
    periods,
    sales,
    earlier,
    orders: sales.map((value) => Math.ceil(value / 5)),
    change,
    group,
    groups,
    groupBy: ["region", "category"],
    groupSales: byPeriod(sales),
    groupChange: byPeriod(change),
    differing: new Set(["traffic"]),
  };
}

/** What each unit sells: its own change where it is treated, less what comes from others of its group that are, in proportion to sales. By definition, pair by pair. */
export function outcomesOf({ sales, change, group }: Market, displacement: number, isTreated: (unit: number) => boolean): Float64Array {
  const made = sales.map((value, unit) => value + (isTreated(unit) ? (change[unit] as number) : 0));
  for (const [giver, moved] of change.entries()) {
    if (moved === 0 || !isTreated(giver)) continue;
    const others = [...group.keys()].filter((unit) => unit !== giver && group[unit] === group[giver]);
    const rest = others.reduce((sum, unit) => sum + (sales[unit] as number), 0);
    if (rest === 0) continue;
    for (const unit of others) made[unit] = (made[unit] as number) - (displacement * moved * (sales[unit] as number)) / rest;
  }
  return made;
}
