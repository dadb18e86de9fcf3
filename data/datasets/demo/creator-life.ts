/** How a demo creator lives: videos, live sessions, orders, refunds and complaints about what was shown, week by week. */
import type { RandomStream } from "../../foundation/index.ts";
import type { Character } from "./character.ts";
import { columnOf, type DemoKind, expectedOrders, type Life, logistic, type OldProgramme, oldTier, type TrueRates } from "./life.ts";
import type { Market } from "./market.ts";

const oldProgramme: OldProgramme = { bounds: [0.075, 0.15, 0.21], baseMin: 30 };
const tiers = ["partner", "established", "developing", "limited", "unrated"];
const [developing, limited, unrated] = [2, 3, 4];

/** The demo's creators. */
export const creatorKind: DemoKind = {
  entity: "creator",
  title: "Demo marketplace, creators",
  key: "creator_id",
  idPrefix: "C",
  regionName: "market",
  regions: ["US", "UK", "MX", "BR", "ID", "PH"],
  categoryName: "niche",
  categories: ["beauty", "fashion", "home", "food", "fitness", "technology", "toys", "pets", "books"],
  measures: [
    { name: "videos", unit: "count", title: "Videos posted" },
    { name: "live_sessions", unit: "count", title: "Live sessions held" },
    { name: "views", unit: "count", title: "Views" },
    { name: "orders", unit: "count", title: "Orders through the creator's content" },
    { name: "gmv", unit: "money", title: "Sales through the creator's content" },
    { name: "refunds", unit: "count", title: "Orders that were refunded", partOf: "orders", reportedLate: true },
    { name: "accuracy_complaints", unit: "count", title: "Orders with a complaint that the product is not as shown", partOf: "orders" },
  ],
  tiers,
  badMeasures: ["refunds", "accuracy_complaints"],
  baseMeasure: "orders",
  harmfulShare: 0.2,
  violationTypes: {
    inaccurate_content: 0.35,
    undisclosed_advertising: 0.27,
    abusive_conduct: 0.15,
    prohibited_product: 0.15,
    counterfeit: 0.08,
  },
  live,
};

interface Rates {
  readonly refunded: number;
  readonly complained: number;
}

function live(character: Character, market: Market, stream: RandomStream, life: Life): TrueRates {
  const usual = {
    refunded: logistic(-2.5 - 0.25 * character.quality + 0.15 * stream.normal()),
    complained: logistic(-3.6 - 0.35 * character.quality + 0.2 * stream.normal()),
  };
  const turned = { refunded: 0.18 + 0.17 * stream.uniform(), complained: 0.08 + 0.08 * stream.uniform() };
  const videosUsual = 0.4 + 1.1 * Math.exp(0.8 * stream.normal());
  const sessionsUsual = 0.4 * Math.exp(0.8 * stream.normal());
  const viewsEach = 60 * character.size * Math.exp(0.5 * stream.normal());
  const videos = columnOf(life, "videos");
  const sessions = columnOf(life, "live_sessions");
  const views = columnOf(life, "views");
  const orders = columnOf(life, "orders");
  const gmv = columnOf(life, "gmv");
  const refunds = columnOf(life, "refunds");
  const complaints = columnOf(life, "accuracy_complaints");
  const bad = new Float64Array(market.weeks);
  let tier = unrated;
  let drift = 0;
  for (let week = character.entersAt; week <= character.leavesAfter; week++) {
    const rates: Rates = week >= character.turnsBadAt ? turned : usual;
    drift = 0.93 * drift + 0.06 * stream.normal();
    const felt = market.tiersAct ? tier : unrated;
    const care = Math.exp(-drift) * (felt === limited ? 0.7 : 1);
    const reach = felt === limited ? 0.6 : felt === developing ? 0.92 : 1;
    const posted = stream.poisson(videosUsual);
    const held = stream.poisson(sessionsUsual);
    // A week without content still sells from older content.
    const effort = 0.4 + (0.6 * (posted + 2 * held)) / (videosUsual + 2 * sessionsUsual);
    const placed = stream.poisson(expectedOrders(character, market, week) * reach * effort * Math.exp(0.2 * stream.normal()));
    videos[week] = posted;
    sessions[week] = held;
    views[week] = stream.poisson(viewsEach * effort * Math.exp(0.4 * stream.normal()));
    orders[week] = placed;
    gmv[week] = placed === 0 ? 0 : Math.round(100 * placed * character.price * Math.exp((0.6 * stream.normal()) / Math.sqrt(placed)));
    refunds[week] = stream.binomial(placed, Math.min(0.9, rates.refunded * care));
    complaints[week] = stream.binomial(placed, Math.min(0.9, rates.complained * care));
    bad[week] = (refunds[week] as number) + (complaints[week] as number);
    life.tier[week] = tier;
    if (market.endsMonth[week] === 1) tier = oldTier(oldProgramme, { bad, base: orders, from: character.entersAt, week });
  }
  return { usualShare: usual.refunded + usual.complained, turnedShare: turned.refunded + turned.complained };
}
