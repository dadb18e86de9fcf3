/** The demo's sellers as a panel in memory, in a world where tiers act and in one where they do not. */
import { drawCharacter } from "../../data/datasets/demo/character.ts";
import { columnOf, type Life, makeLife } from "../../data/datasets/demo/life.ts";
import { makeMarket } from "../../data/datasets/demo/market.ts";
import { sellerKind } from "../../data/datasets/demo/seller-life.ts";
import { digestOfValue, present } from "../../data/foundation/index.ts";
import { draftChunk, eventColumns, finishChunk, outcomeColumns, type Panel, type PanelSchema } from "../../data/panel/index.ts";
import type { Policy } from "../../policies/language/index.ts";
import { describeElasticities } from "../../simulations/comparison/elasticity/describe-elasticities.ts";
import { Collector, type MeasuredElasticities, planComparison } from "../../simulations/comparison/index.ts";
import { replay } from "../../simulations/replay/index.ts";

/** A world of sellers. */
export interface SellersWorld {
  readonly seed: number;
  readonly sellers: number;
  readonly weeks: number;
  readonly tiersAct: boolean;
  /** Buyers stay away after bad service: sales fall by so many log points for a bad share of 1 over the last 8 weeks. 0 by default. */
  readonly buyersMind?: number;
}

/** Sellers as the demo makes them, in one chunk; their tiers are the old programme's, decided by luck and conduct. */
export function sellersPanel(world: SellersWorld): Panel {
  const { seed, sellers, weeks, tiersAct, buyersMind = 0 } = world;
  const market = makeMarket({ seed, weeks, tiersAct });
  const life = makeLife(sellerKind, weeks);
  const drawn = Array.from({ length: sellers }, (_, index) => drawCharacter(market, sellerKind.entity, index));
  const schema: PanelSchema = {
    entity: "seller",
    grain: "week",
    firstPeriod: market.firstPeriod,
    lastPeriod: market.firstPeriod + weeks - 1,
    currency: "USD",
    gmvMeasure: "gmv",
    ordersMeasure: "orders",
    measures: sellerKind.measures.map(({ name, unit, title }) => ({ name, kind: "flow", unit, decimals: unit === "money" ? 2 : 0, title })),
    attributes: [{ name: "opened_on", scope: "entity", type: "day", title: "Opened on" }],
    events: [],
    outcomes: [],
    assignedTiers: sellerKind.tiers,
    knownAt: market.knownAt,
  };
  const draft = draftChunk(schema, {
    entities: drawn.map((_, index) => `S${String(index).padStart(6, "0")}`),
    firstPeriod: drawn.map(({ character }) => market.firstPeriod + character.entersAt),
    lastPeriod: drawn.map(({ character }) => market.firstPeriod + character.leavesAfter),
  });
  const columns = schema.measures.map(({ name }, at) => ({ name, from: columnOf(life, name), to: draft.measures[at] as Float64Array }));
  for (const [index, { character, stream }] of drawn.entries()) {
    sellerKind.live(character, market, stream, life);
    (draft.attributes[0] as Float64Array)[index] = character.openedOn;
    let row = draft.rowStart[index] as number;
    for (let week = character.entersAt; week <= character.leavesAfter; week++, row++) {
      const sales = buyersMind === 0 ? 1 : Math.exp(-buyersMind * badShare(life, character.entersAt, week));
      for (const { name, from, to } of columns)
        to[row] = name === "gmv" ? Math.round((from[week] as number) * sales) : (from[week] as number);
      draft.reported[row] = 1;
      draft.assignedTier[row] = life.tier[week] as number;
    }
  }
  const chunk = finishChunk(0, draft, eventColumns(schema, draft.entities, []), outcomeColumns(schema, draft.entities, []));
  return {
    digest: digestOfValue({ ...world }),
    schema,
    chunkCount: 1,
    entityCount: sellers,
    rowCount: chunk.rowCount,
    readChunk: () => chunk,
  };
}

/** Bad over placed orders in the 8 weeks before a week. */
function badShare(life: Life, from: number, week: number): number {
  let [bad, placed] = [0, 0];
  for (let back = Math.max(from, week - 8); back < week; back++) {
    bad += (columnOf(life, "late_dispatches")[back] as number) + (columnOf(life, "seller_cancellations")[back] as number);
    placed += columnOf(life, "orders")[back] as number;
  }
  return placed === 0 ? 0 : bad / placed;
}

/** What past tier changes did, as a comparison of the policy with itself measures it. */
export function elasticitiesOf(policy: Policy, panel: Panel, range: { from?: number; to?: number } = {}): MeasuredElasticities {
  const plan = planComparison({ baseline: policy, candidates: [policy], panel, seed: 1, replicates: 1, ...range });
  const collector = new Collector(plan, panel.entityCount);
  replay({ policies: plan.policies, panel, from: plan.from, to: plan.to, visit: (chunk, frames) => collector.visit(chunk, frames) });
  return present(describeElasticities(plan, collector.finish(), panel), "elasticities");
}
