/** The behavioural scenarios: none, low, central, high; each a point that sums from its steps, an interval, and what moves it. */
import { present } from "../../../data/foundation/index.ts";
import { contributorsMin, type Estimated, entityDraw, estimated, percentileBounds } from "../../statistics/index.ts";
import type { Collected } from "../collect.ts";
import type { ComparisonPlan } from "../plan.ts";
import { bandName, sizeBands } from "../segments.ts";
import { type Assumptions, type Behaviour, type BehaviourTerm, behaviourTerms, meanOf, type Spread } from "./assumptions.ts";
import { contributionColumns, type GroupSums, type Market } from "./market.ts";
import type { BandChange, SalesScenario, ScenarioName } from "./sales-impact.ts";
import { drawScenario, type MarketReplicates, marketReplicates, type ScenarioSpreads } from "./scenario-draws.ts";
import { allOn, isReceiver, type PolicySales, policySales, removedOf, type ScenarioMarket, type Switches } from "./scenario-model.ts";

export const scenarioNames = ["none", "low", "central", "high"] as const satisfies readonly ScenarioName[];

const nobodyReacts: Spread = { kind: "fixed", value: 0 };

/** The spreads of a scenario. `none`: nobody reacts; how orders lie over the days is not behaviour, and stays as in `central`. */
export function spreadsOf({ terms }: Assumptions, name: ScenarioName): ScenarioSpreads {
  const of = (term: BehaviourTerm): Spread =>
    name !== "none" ? terms[term][name] : term === "day_spread" ? terms[term].central : nobodyReacts;
  return Object.fromEntries(behaviourTerms.map((term) => [term, of(term)])) as ScenarioSpreads;
}

/** The behaviour at the means of the spreads. */
export function meansOf(spreads: ScenarioSpreads): Behaviour {
  return Object.fromEntries(behaviourTerms.map((term) => [term, meanOf(term, spreads[term])])) as Behaviour;
}

interface ScenariosOf {
  readonly plan: ComparisonPlan;
  readonly collected: Collected;
  readonly candidate: number;
  readonly market: Market;
  readonly assumptions: Assumptions;
}

/** All four, none first. The replicates of sellers are shared by them. */
export function describeScenarios(of: ScenariosOf): readonly SalesScenario[] {
  const { plan, collected, candidate, market } = of;
  const columns = contributionColumns(collected.sales.before, candidate);
  const replicates = marketReplicates({ market, columns, seed: plan.seed, replicates: plan.replicates });
  return scenarioNames.map((name) => describeScenario(of, name, replicates));
}

const switchedOn: readonly { readonly step: SalesScenario["steps"][number]["step"]; readonly on: Switches }[] = [
  { step: "caps", on: { traffic: false, totalTraffic: false, displacement: false, improvement: false } },
  { step: "traffic", on: { traffic: true, totalTraffic: false, displacement: false, improvement: false } },
  { step: "total-traffic", on: { traffic: true, totalTraffic: true, displacement: false, improvement: false } },
  { step: "displacement", on: { traffic: true, totalTraffic: true, displacement: true, improvement: false } },
  { step: "improvement", on: allOn },
];

function describeScenario(of: ScenariosOf, name: ScenarioName, replicates: MarketReplicates): SalesScenario {
  const { plan, market, assumptions } = of;
  const spreads = spreadsOf(assumptions, name);
  const means = meansOf(spreads);
  const scenario = { treatments: market.treatments, sums: market.sums, totalTraffic: assumptions.totalTraffic };
  const changes = switchedOn.map(({ step, on }) => ({ step, value: toMinorUnits(changeOf(scenario, means, on).sales) }));
  const steps = changes.map(({ step, value }, index) => ({ step, value: plus(value - (changes[index - 1]?.value ?? 0)) }));
  const total = changes.at(-1)?.value ?? 0;
  const drawn = drawScenario({
    replicates,
    spreads,
    seed: plan.seed,
    name,
    evaluate: (sums, behaviour) => changeOf({ ...scenario, sums }, behaviour, allOn),
    numberOf: ({ sales }) => sales,
  });
  const statement = { plan, name, market, assumptions };
  return {
    name,
    steps,
    change: statedChange({ ...statement, value: total, values: drawn.values.map(({ sales }) => sales) }),
    ...(plan.sales.states.fees
      ? {
          revenue: statedChange({
            ...statement,
            value: toMinorUnits(changeOf(scenario, means, allOn).revenue),
            values: drawn.values.map(({ revenue }) => revenue),
          }),
        }
      : {}),
    variance: drawn.variance,
    ...describeBands(of, { scenario, means, total }),
  };
}

/** Candidate less baseline. */
export function changeOf(market: ScenarioMarket, behaviour: Behaviour, on: Switches): { readonly sales: number; readonly revenue: number } {
  const [before, after] = [policySales(market, behaviour, "before", on), policySales(market, behaviour, "after", on)];
  return { sales: after.sales - before.sales, revenue: after.revenue - before.revenue };
}

function statedChange(of: {
  readonly plan: ComparisonPlan;
  readonly name: ScenarioName;
  readonly market: Market;
  readonly assumptions: Assumptions;
  readonly value: number;
  readonly values: readonly number[];
}): Estimated {
  const { plan, name, market, assumptions, value, values } = of;
  const entities = market.members.reduce((sum, members) => sum + members, 0);
  const differing = market.treatments.reduce(
    (sum, { before, after }, group) => sum + (sameTreatment(before, after) ? 0 : (market.members[group] as number)),
    0,
  );
  const assumed = name === "none" ? "nobody reacts" : `${assumptions.name}, ${name}: see the assumptions`;
  if (differing < contributorsMin) {
    const reason = `no interval: ${differing} entities are treated differently, fewer than ${contributorsMin}`;
    return estimated({ value, method: "scenario at the means of its assumptions", n: entities, assumptions: [assumed, reason] });
  }
  const bounds = percentileBounds(Float64Array.from(values), plan.level);
  return estimated({
    value,
    ...(bounds === undefined ? {} : { lower: bounds.lower, upper: bounds.upper, level: plan.level }),
    method: "entity-cluster bootstrap x draws of the assumptions, percentile",
    n: entities,
    assumptions: [assumed, entityDraw, percentileCoverage],
  });
}

/** What simulation gives for the part of the interval that comes from sellers. */
const percentileCoverage =
  "where sellers' heavy-tailed sales make up the spread, a nominal 95 % percentile interval covers about 70 % in simulation; the values of the assumptions are judged, not sampled";

function sameTreatment(a: Market["treatments"][number]["before"], b: Market["treatments"][number]["before"]): boolean {
  return a.traffic === b.traffic && a.isCapped === b.isCapped && a.fee === b.fee;
}

/** From this share of its sales on, an entity wins or loses. */
const noticedShare = 0.01;

function describeBands(
  { plan, collected, candidate, market }: ScenariosOf,
  at: { readonly scenario: ScenarioMarket; readonly means: Behaviour; readonly total: number },
): Pick<SalesScenario, "bands" | "winners" | "losers"> {
  const { scenario, means, total } = at;
  const [before, after] = [policySales(scenario, means, "before", allOn), policySales(scenario, means, "after", allOn)];
  const columns = contributionColumns(collected.sales.before, candidate);
  const scale = 10 ** (plan.schema.measures[plan.ordersColumn]?.decimals ?? 0);
  const bands = sizeBands.map((from, index) => ({
    band: bandName(from, sizeBands[index + 1]),
    entities: 0,
    gmv: 0,
    change: 0,
    winners: 0,
    losers: 0,
  }));
  let [winners, losers] = [0, 0];
  for (let entity = 0; entity < market.groupOf.length; entity++) {
    const group = market.groupOf[entity] as number;
    if (group < 0) continue;
    const treatment = present(market.treatments[group], "treatment");
    const own = ownSums(columns, entity);
    const [was, is] = [salesOf(treatment, own, group, before, "before", means), salesOf(treatment, own, group, after, "after", means)];
    const change = is - was;
    const isNoticed = Math.abs(change) >= Math.max(0.5, noticedShare * was);
    const [wins, loses] = [isNoticed && change > 0 ? 1 : 0, isNoticed && change < 0 ? 1 : 0];
    winners += wins;
    losers += loses;
    if (plan.ordersColumn < 0) continue;
    const place = sizeBands.findLastIndex((from, index) => index === 0 || (collected.end.orders[entity] as number) >= from * scale);
    const band = present(bands[place], "size band");
    band.entities++;
    band.gmv += own.gmv;
    band.change += change;
    band.winners += wins;
    band.losers += loses;
  }
  return { bands: plan.ordersColumn < 0 ? [] : summingTo(bands, total), winners, losers };
}

function ownSums(columns: readonly Float64Array[], entity: number): GroupSums {
  return {
    gmv: columns[0]?.[entity] as number,
    beforeFewest: columns[1]?.[entity] ?? 0,
    beforeMost: columns[2]?.[entity] ?? 0,
    afterFewest: columns[3]?.[entity] ?? 0,
    afterMost: columns[4]?.[entity] ?? 0,
  };
}

function salesOf(
  treatment: Market["treatments"][number],
  own: GroupSums,
  group: number,
  { factors }: PolicySales,
  side: "before" | "after",
  means: Behaviour,
): number {
  const made =
    (own.gmv - removedOf(own, side, means.day_spread)) * (factors.own[group] as number) +
    (own.gmv - removedOf(own, "before", means.day_spread)) * (factors.kept[group] as number);
  return isReceiver(treatment, side) ? made * (1 + factors.received) : made;
}

/** Whole minor units that sum to the total: each band ends where the running sum, rounded, ends. */
function summingTo(bands: readonly BandChange[], total: number): readonly BandChange[] {
  let running = 0;
  let given = 0;
  return bands.map((band, index) => {
    running += band.change;
    const end = index === bands.length - 1 ? total : toMinorUnits(running);
    const change = plus(end - given);
    given = end;
    return { ...band, change };
  });
}

/** To the nearest whole unit, halves away from 0, so that a swap only flips the sign. */
function toMinorUnits(value: number): number {
  return plus(value < 0 ? -Math.round(-value) : Math.round(value));
}

function plus(value: number): number {
  return value === 0 ? 0 : value;
}
