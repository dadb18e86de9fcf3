/** The behavioural scenarios: none, low, central, high; each a point that sums from its steps, an interval, and what moves it. */
import { present } from "../../../data/foundation/index.ts";
import { contributorsMin, type Estimated, entityDraw, estimated, percentileBounds } from "../../statistics/index.ts";
import type { Collected } from "../collect.ts";
import { noDrawReason } from "../no-draw.ts";
import type { ComparisonPlan } from "../plan.ts";
import { bandName, sizeBandNames, sizeBandOf } from "../size-bands.ts";
import { type Assumptions, type Behaviour, type BehaviourTerm, behaviourTerms, meanOf, type Spread } from "./assumptions.ts";
import { contributionColumns, type Market, place } from "./market.ts";
import type { BandChange, SalesScenario, ScenarioName } from "./sales-impact.ts";
import { drawScenario, type MarketReplicates, marketReplicates, type ScenarioSpreads } from "./scenario-draws.ts";
import { allOn, between, isReceiver, type PolicySales, ScenarioModel, type Side, type Switches } from "./scenario-model.ts";

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
  let drawn: MarketReplicates | undefined;
  const replicates = (): MarketReplicates => {
    drawn ??= marketReplicates({ market, columns, seed: plan.seed, replicates: plan.replicates });
    return drawn;
  };
  return scenarioNames.map((name) => describeScenario(of, name, replicates));
}

const switchedOn: readonly { readonly step: SalesScenario["steps"][number]["step"]; readonly on: Switches }[] = [
  { step: "caps", on: { traffic: false, totalTraffic: false, displacement: false, improvement: false } },
  { step: "traffic", on: { traffic: true, totalTraffic: false, displacement: false, improvement: false } },
  { step: "total-traffic", on: { traffic: true, totalTraffic: true, displacement: false, improvement: false } },
  { step: "displacement", on: { traffic: true, totalTraffic: true, displacement: true, improvement: false } },
  { step: "improvement", on: allOn },
];

/** What reaches an entity by its own treatment only. */
const ownOnly: Switches = { traffic: true, totalTraffic: false, displacement: false, improvement: true };

function describeScenario(of: ScenariosOf, name: ScenarioName, replicates: () => MarketReplicates): SalesScenario {
  const { plan, market, assumptions } = of;
  const spreads = spreadsOf(assumptions, name);
  const means = meansOf(spreads);
  const model = new ScenarioModel(market.treatments, assumptions.totalTraffic);
  const changes = switchedOn.map(({ step, on }) => ({ step, value: toMinorUnits(model.change(market.sums, means, on).sales) }));
  const steps = changes.map(({ step, value }, index) => ({ step, value: plus(value - (changes[index - 1]?.value ?? 0)) }));
  const total = changes.at(-1)?.value ?? 0;
  const treatedDifferently = market.treatments.reduce(
    (sum, { before, after }, group) => sum + (sameTreatment(before, after) ? 0 : (market.members[group] as number)),
    0,
  );
  // Where no interval can be had the draws would say nothing.
  const noInterval =
    noDrawReason(plan, of.candidate) ??
    (treatedDifferently < contributorsMin
      ? `${treatedDifferently} ${treatedDifferently === 1 ? "entity is" : "entities are"} treated differently, fewer than ${contributorsMin}`
      : undefined);
  const drawn =
    noInterval !== undefined
      ? { values: [], own: [], variance: [] }
      : drawScenario({
          replicates: replicates(),
          spreads,
          seed: plan.seed,
          name,
          evaluate: (sums, behaviour) => model.change(sums, behaviour, allOn),
          numberOf: ({ sales }) => sales,
          also: (sums, behaviour) => model.change(sums, behaviour, ownOnly),
        });
  const own = model.change(market.sums, means, ownOnly);
  const statement = { plan, name, market, assumptions, noInterval };
  return {
    name,
    steps,
    change: statedChange({ ...statement, value: total, values: drawn.values.map(({ sales }) => sales) }),
    own: statedChange({ ...statement, value: toMinorUnits(own.sales), values: drawn.own.map(({ sales }) => sales) }),
    ...(plan.sales.states.fees
      ? {
          revenue: statedChange({
            ...statement,
            value: toMinorUnits(model.change(market.sums, means, allOn).revenue),
            values: drawn.values.map(({ revenue }) => revenue),
          }),
          ownRevenue: statedChange({
            ...statement,
            value: toMinorUnits(own.revenue),
            values: drawn.own.map(({ revenue }) => revenue),
          }),
        }
      : {}),
    variance: drawn.variance,
    ...describeBands(of, { model, means, total }),
  };
}

function statedChange(of: {
  readonly plan: ComparisonPlan;
  readonly name: ScenarioName;
  readonly market: Market;
  readonly assumptions: Assumptions;
  readonly noInterval: string | undefined;
  readonly value: number;
  readonly values: readonly number[];
}): Estimated {
  const { plan, name, market, assumptions, noInterval, value, values } = of;
  const entities = market.members.reduce((sum, members) => sum + members, 0);
  const assumed = name === "none" ? "nobody reacts" : `${assumptions.name}, ${name}: see the assumptions`;
  if (noInterval !== undefined) {
    const reasons = [assumed, `no interval: ${noInterval}`];
    return estimated({ value, method: "scenario at the means of its assumptions", n: entities, assumptions: reasons });
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

/** From this share of the larger of its two sales on, an entity wins or loses: who wins by one change loses by its opposite. */
const noticedShare = 0.01;

function describeBands(
  { plan, collected, candidate, market }: ScenariosOf,
  at: { readonly model: ScenarioModel; readonly means: Behaviour; readonly total: number },
): Pick<SalesScenario, "bands" | "winners" | "losers" | "gained" | "lost"> {
  const { model, means, total } = at;
  const [before, after] = [model.policy(market.sums, means, "before"), model.policy(market.sums, means, "after")];
  const columns = contributionColumns(collected.sales.before, candidate);
  const bands = sizeBandNames.map((band) => ({ band: bandName(band), entities: 0, gmv: 0, change: 0, winners: 0, losers: 0 }));
  let [winners, losers, lost] = [0, 0, 0];
  for (let entity = 0; entity < market.groupOf.length; entity++) {
    const group = market.groupOf[entity] as number;
    if (group < 0) continue;
    const treatment = present(market.treatments[group], "treatment");
    const own = columns.map((column) => column[entity] as number);
    const common = { treatment, own, group, spread: means.day_spread };
    const [was, is] = [salesOf({ ...common, made: before, side: "before" }), salesOf({ ...common, made: after, side: "after" })];
    const change = is - was;
    const isNoticed = Math.abs(change) >= Math.max(0.5, noticedShare * Math.max(was, is));
    const [wins, loses] = [isNoticed && change > 0 ? 1 : 0, isNoticed && change < 0 ? 1 : 0];
    winners += wins;
    losers += loses;
    lost += Math.min(change, 0);
    if (plan.ordersColumn < 0) continue;
    const band = present(bands[sizeBandOf(plan, collected.end.orders[entity] as number)], "size band");
    band.entities++;
    band.gmv += own[place.gmv] as number;
    band.change += change;
    band.winners += wins;
    band.losers += loses;
  }
  const inAll = toMinorUnits(lost);
  return { bands: plan.ordersColumn < 0 ? [] : summingTo(bands, total), winners, losers, gained: plus(total - inAll), lost: inAll };
}

/** One entity's sales under a policy, out of its own contributions to the market's sums (`place`), with what is displaced to it. */
export function salesOf(of: {
  readonly treatment: Market["treatments"][number];
  readonly own: readonly number[];
  readonly group: number;
  readonly made: PolicySales;
  readonly side: Side;
  readonly spread: number;
}): number {
  const { treatment, own, group, made, side, spread } = of;
  const left = (which: Side): number => {
    const [fewest, most] = which === "before" ? [place.beforeFewest, place.beforeMost] : [place.afterFewest, place.afterMost];
    return (own[place.gmv] as number) - between(own[fewest] ?? 0, own[most] ?? 0, spread);
  };
  const sales = left(side) * (made.own[group] as number) + left("before") * (made.kept[group] as number);
  return isReceiver(treatment, side) ? sales * (1 + made.received) : sales;
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
