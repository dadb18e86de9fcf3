/** The demo's sellers as a panel in memory, in a world where tiers act and in one where they do not. */
import { drawCharacter } from "../../data/datasets/demo/character.ts";
import { columnOf, type Life, makeLife } from "../../data/datasets/demo/life.ts";
import { makeMarket } from "../../data/datasets/demo/market.ts";
import { sellerKind } from "../../data/datasets/demo/seller-life.ts";
import { present } from "../../data/foundation/index.ts";
import { type Panel, type PanelSchema, type PlainRow, panelFromRows } from "../../data/panel/index.ts";
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

/** Sellers as the demo makes them; their tiers are the old programme's, decided by luck and conduct. */
export function sellersPanel({ seed, sellers, weeks, tiersAct, buyersMind = 0 }: SellersWorld): Panel {
  const market = makeMarket({ seed, weeks, tiersAct });
  const life = makeLife(sellerKind, weeks);
  const columns = sellerKind.measures.map(({ name }) => [name, columnOf(life, name)] as const);
  const rows: PlainRow[] = [];
  for (let index = 0; index < sellers; index++) {
    const { character, stream } = drawCharacter(market, sellerKind.entity, index);
    sellerKind.live(character, market, stream, life);
    for (let week = character.entersAt; week <= character.leavesAfter; week++) {
      rows.push({
        entity: `S${String(index).padStart(6, "0")}`,
        period: market.firstPeriod + week,
        measures: measuresAt(columns, week, buyersMind === 0 ? 1 : Math.exp(-buyersMind * badShare(life, character.entersAt, week))),
        attributes: { opened_on: character.openedOn },
        assignedTier: present(sellerKind.tiers[life.tier[week] as number], "a tier"),
      });
    }
  }
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
  return panelFromRows({ schema, rows });
}

function measuresAt(
  columns: readonly (readonly [name: string, values: ArrayLike<number>])[],
  week: number,
  sales: number,
): PlainRow["measures"] {
  const measures: Record<string, number> = {};
  for (const [name, values] of columns)
    measures[name] = name === "gmv" ? Math.round((values[week] as number) * sales) : (values[week] as number);
  return measures;
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
