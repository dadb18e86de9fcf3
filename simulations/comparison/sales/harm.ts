/** Harm reached earlier, beside the sales that it costs: what a prevented bad order must be worth. */
import { formatDay, lastDayOf, present } from "../../../data/foundation/index.ts";
import { labels } from "../../../data/panel/index.ts";
import { type Estimated, estimated, undetermined } from "../../statistics/index.ts";
import type { Collected } from "../collect.ts";
import { type ComparisonPlan, dayName } from "../plan.ts";
import { entityDrawOf, recordedTotals } from "../recorded.ts";
import type { Assumptions } from "./assumptions.ts";
import type { WindowColumns } from "./collect-sales.ts";
import { contributionColumns, type Market, marketAt, place } from "./market.ts";
import type { BreakEven, HarmGroup, HarmPrevented } from "./sales-impact.ts";
import { allOn, ScenarioModel } from "./scenario-model.ts";
import { meansOf, salesOf, scenarioNames, spreadsOf } from "./scenarios.ts";

interface HarmOf {
  readonly plan: ComparisonPlan;
  readonly collected: Collected;
  readonly candidate: number;
  readonly assumptions: Assumptions | undefined;
}

/** At the date of the labels of all sources, by precedence. Undefined when no evaluation of the range is mature, or nobody has a label. */
export function describeHarm({ plan, collected, candidate, assumptions }: HarmOf): HarmPrevented | undefined {
  const [error, table] = [plan.errors[0], collected.labels[0]];
  const [window, earlier, after] = [collected.sales.after[0], collected.sales.earlier[0], plan.sales.after];
  if (error?.period === undefined || table === undefined || window === undefined || earlier === undefined || after === undefined)
    return undefined;
  const { label } = table;
  if (!label.some((one) => one === labels.fine || one === labels.harmful)) return undefined;
  const [before, now] = [present(table.held[0], "held"), present(table.held[candidate + 1], "held")];
  const { adverse, columns } = present(plan.pairs[candidate], "tier pairs");
  const [orders, gmv] = [present(earlier.orders[candidate], "orders"), present(earlier.gmv[candidate], "GMV")];
  const groups = { newly: emptyGroup(), released: emptyGroup() };
  const signed = { orders: [] as number[], gmv: [] as number[] };
  let inFrame = 0;
  for (let entity = 0; entity < label.length; entity++) {
    if ((before[entity] as number) < 0) continue;
    inFrame++;
    const side = adverse[(before[entity] as number) * columns + (now[entity] as number)];
    if (side !== 1 && side !== 2) continue;
    const group = side === 1 ? groups.newly : groups.released;
    const sign = side === 1 ? 1 : -1;
    group.entities++;
    if (label[entity] === labels.fine) group.fine++;
    else if (label[entity] !== labels.harmful) group.unlabelled++;
    else {
      group.harmful++;
      group.orders += orders[entity] as number;
      group.gmv += gmv[entity] as number;
      group.leads.push((earlier.until[side === 1 ? 0 : candidate + 1]?.[entity] as number) || Number.POSITIVE_INFINITY);
      signed.orders.push(sign * (orders[entity] as number));
      signed.gmv.push(sign * (gmv[entity] as number));
    }
  }
  const scale = 10 ** (plan.schema.measures[plan.ordersColumn]?.decimals ?? 0);
  const [netOrders, netGmv] = recordedTotals(
    [Float64Array.from(signed.orders), Float64Array.from(signed.gmv)],
    inFrame,
    entityDrawOf(plan, candidate),
  );
  const isHarmful = (entity: number): boolean => label[entity] === labels.harmful;
  const market = marketAt({ plan, candidate, before, after: now, window, isNear: () => false });
  return {
    at: dayName(plan.schema, error.period),
    windowTo: formatDay(lastDayOf(plan.schema.grain, Math.max(error.period, after.last))),
    source: error.name,
    newlyAdverse: groupOf(groups.newly, scale),
    released: groupOf(groups.released, scale),
    orders: inMajor(present(netOrders, "orders"), scale),
    gmv: present(netGmv, "GMV"),
    breakEven:
      assumptions === undefined || plan.ordersColumn < 0
        ? []
        : scenarioNames.map((scenario) => breakEven({ scenario, assumptions, market, window, candidate, isHarmful, scale })),
  };
}

interface Counting {
  entities: number;
  harmful: number;
  fine: number;
  unlabelled: number;
  orders: number;
  gmv: number;
  readonly leads: number[];
}

function emptyGroup(): Counting {
  return { entities: 0, harmful: 0, fine: 0, unlabelled: 0, orders: 0, gmv: 0, leads: [] };
}

function groupOf({ leads, orders, ...counts }: Counting, scale: number): HarmGroup {
  const sorted = leads.toSorted((a, b) => a - b);
  // The lower median: a lead that somebody really has.
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.POSITIVE_INFINITY;
  const never = sorted.filter((lead) => !Number.isFinite(lead)).length;
  return {
    ...counts,
    orders: orders / scale,
    lead: { ...(Number.isFinite(median) ? { median } : {}), restrictedLater: sorted.length - never, never },
  };
}

function inMajor(found: Estimated, scale: number): Estimated {
  if (scale === 1 || found.kind === "undetermined") return found;
  const { value, interval, standardError, ...rest } = found;
  return {
    ...rest,
    value: value / scale,
    ...(standardError === undefined ? {} : { standardError: standardError / scale }),
    ...(interval === undefined ? {} : { interval: { ...interval, lower: interval.lower / scale, upper: interval.upper / scale } }),
  };
}

/** Over fewer than this many prevented orders nothing is divided. */
const preventedMin = 1;

/**
 * Sales lost over the window after the date, all sellers together, over the orders of harmful ones that the same scenario prevents in it: those that
 * caps turn away and those that less traffic loses, less what is displaced to harmful ones. Orders go with sales. Those near the line are not taken to improve here: the date is another than that of the sales figures.
 */
function breakEven(of: {
  readonly scenario: BreakEven["scenario"];
  readonly assumptions: Assumptions;
  readonly market: Market;
  readonly window: WindowColumns;
  readonly candidate: number;
  readonly isHarmful: (entity: number) => boolean;
  readonly scale: number;
}): BreakEven {
  const { scenario, assumptions, market, window, candidate, isHarmful, scale } = of;
  const means = meansOf(spreadsOf(assumptions, scenario));
  const model = new ScenarioModel(market.treatments, assumptions.totalTraffic);
  const change = Math.round(model.change(market.sums, means, allOn).sales);
  const [before, after] = [model.policy(market.sums, means, "before"), model.policy(market.sums, means, "after")];
  const columns = contributionColumns(window, candidate);
  let prevented = 0;
  let harmful = 0;
  for (let entity = 0; entity < market.groupOf.length; entity++) {
    const group = market.groupOf[entity] as number;
    if (group < 0 || !isHarmful(entity)) continue;
    harmful++;
    // Orders without sales lose what a unit of sales without a cap would.
    const own = (window.gmv[entity] as number) > 0 ? columns.map((column) => column[entity] as number) : [1];
    const common = { treatment: present(market.treatments[group], "treatment"), own, group, spread: means.day_spread };
    const less = salesOf({ ...common, made: before, side: "before" }) - salesOf({ ...common, made: after, side: "after" });
    prevented += ((window.orders[entity] as number) / scale) * (less / (own[place.gmv] as number));
  }
  const found = { scenario, change: change === 0 ? 0 : change, ordersPrevented: prevented === 0 ? 0 : prevented };
  if (!(prevented >= preventedMin)) {
    const few = prevented > 0 ? "less than one bad order is prevented" : "no bad order is prevented";
    const reason = prevented < 0 ? "the candidate lets more bad orders through than it prevents" : few;
    return { ...found, value: undetermined(reason, "a scenario in which bad orders are prevented") };
  }
  if (!(change < 0))
    return { ...found, value: undetermined("no sales are lost: it is better at any value", "a scenario in which sales are lost") };
  return {
    ...found,
    value: estimated({
      value: -change / prevented,
      method: "sales lost over bad orders prevented, at the means of the assumptions",
      n: harmful,
      assumptions: ["only orders of sellers labelled harmful count; those of the unlabelled are left out"],
    }),
  };
}
