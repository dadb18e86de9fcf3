/** How a demo seller lives: orders, dispatches, deliveries, cancellations and reviews, week by week. */
import type { RandomStream } from "../../foundation/index.ts";
import type { Character } from "./character.ts";
import { columnOf, type DemoKind, expectedOrders, type Life, logistic, type OldProgramme, oldTier, type TrueRates } from "./life.ts";
import type { Market } from "./market.ts";

/** Share of delivered orders that are reviewed. */
const reviewShare = 0.35;
const oldProgramme: OldProgramme = { bounds: [0.045, 0.14, 0.2], baseMin: 30 };
const tiers = ["gold", "standard", "watch", "restricted", "unrated"];
const [watch, restricted, unrated] = [2, 3, 4];

/** The demo's sellers. */
export const sellerKind: DemoKind = {
  entity: "seller",
  title: "Demo marketplace, sellers",
  key: "seller_id",
  idPrefix: "S",
  regionName: "region",
  regions: ["North", "Coast", "Centre", "South", "West", "Islands"],
  categoryName: "category",
  categories: ["home", "beauty", "electronics", "stationery", "fashion", "sports", "toys", "furniture", "garden"],
  measures: [
    { name: "orders", unit: "count", title: "Orders placed" },
    { name: "gmv", unit: "money", title: "Sales, without cancelled orders" },
    { name: "due_dispatches", unit: "count", title: "Dispatches whose limit fell in the week" },
    { name: "late_dispatches", unit: "count", title: "Due dispatches handed over late", partOf: "due_dispatches", reportedLate: true },
    { name: "seller_cancellations", unit: "count", title: "Orders cancelled by the seller", partOf: "orders" },
    { name: "deliveries", unit: "count", title: "Deliveries" },
    { name: "late_deliveries", unit: "count", title: "Deliveries after the estimate", partOf: "deliveries" },
    { name: "reviews", unit: "count", title: "Reviews" },
    { name: "rating_sum", unit: "count", title: "Sum of the stars" },
    { name: "low_reviews", unit: "count", title: "Reviews of one or two stars", partOf: "reviews" },
  ],
  tiers,
  badMeasures: ["late_dispatches", "seller_cancellations", "low_reviews"],
  baseMeasure: "orders",
  harmfulShare: 0.25,
  violationTypes: { late_dispatch: 0.35, inaccurate_content: 0.3, fake_reviews: 0.15, prohibited_product: 0.12, counterfeit: 0.08 },
  live,
};

interface Rates {
  readonly late: number;
  readonly cancelled: number;
  readonly low: number;
}

function live(character: Character, market: Market, stream: RandomStream, life: Life): TrueRates {
  const usual = usualRates(character, stream);
  const turned = turnedRates(usual, stream);
  const orders = columnOf(life, "orders");
  const gmv = columnOf(life, "gmv");
  const due = columnOf(life, "due_dispatches");
  const late = columnOf(life, "late_dispatches");
  const cancelled = columnOf(life, "seller_cancellations");
  const delivered = columnOf(life, "deliveries");
  const lateDelivered = columnOf(life, "late_deliveries");
  const reviews = columnOf(life, "reviews");
  const ratingSum = columnOf(life, "rating_sum");
  const low = columnOf(life, "low_reviews");
  const bad = new Float64Array(market.weeks);
  let tier = unrated;
  let drift = 0;
  let waiting = 0;
  let travelling = 0;
  for (let week = character.entersAt; week <= character.leavesAfter; week++) {
    const rates = week >= character.turnsBadAt ? turned : usual;
    const struck = market.strike[week] === 1 && character.region === market.strikeRegion;
    const strain = Math.max(0, (market.demand[week] as number) - 1.3);
    drift = 0.93 * drift + 0.06 * stream.normal();
    const felt = market.tiersAct ? tier : unrated;
    const care = Math.exp(-drift) * (felt === restricted ? 0.7 : 1);
    const reach = felt === restricted ? 0.6 : felt === watch ? 0.92 : 1;
    const placed = stream.poisson(expectedOrders(character, market, week) * reach * Math.exp(0.12 * stream.normal()));
    const dropped = stream.binomial(placed, Math.min(0.9, rates.cancelled * care));
    const net = placed - dropped;
    const dueNow = waiting + Math.round((net * 5) / 7);
    waiting = net - Math.round((net * 5) / 7);
    const handedLate = stream.binomial(dueNow, Math.min(0.95, rates.late * care * (1 + strain) + (struck ? 0.2 : 0)));
    const arrived = travelling + Math.round(dueNow * 0.6);
    travelling = dueNow - Math.round(dueNow * 0.6);
    const reviewed = stream.binomial(arrived, reviewShare);
    const unhappy = stream.binomial(reviewed, Math.min(0.95, rates.low * care + (struck ? 0.03 : 0)));
    orders[week] = placed;
    gmv[week] = net === 0 ? 0 : Math.round(100 * net * character.price * Math.exp((0.6 * stream.normal()) / Math.sqrt(net)));
    due[week] = dueNow;
    late[week] = handedLate;
    cancelled[week] = dropped;
    delivered[week] = arrived;
    lateDelivered[week] = stream.binomial(arrived, Math.min(0.95, 0.03 + 0.6 * rates.late + (struck ? 0.35 : 0)));
    reviews[week] = reviewed;
    low[week] = unhappy;
    ratingSum[week] = starsOf(stream, { unhappy, happy: reviewed - unhappy });
    bad[week] = handedLate + dropped;
    life.tier[week] = tier;
    if (market.endsMonth[week] === 1) tier = oldTier(oldProgramme, { bad, base: orders, from: character.entersAt, week });
  }
  return { usualShare: badShare(usual), turnedShare: badShare(turned) };
}

/** Medians 5.5 % late, 1.2 % cancelled, 12.5 % low reviews, much as in real marketplaces; all three lean on the seller's quality. */
function usualRates(character: Character, stream: RandomStream): Rates {
  const { quality } = character;
  return {
    late: logistic(-2.85 - 0.33 * quality + 0.15 * stream.normal()),
    cancelled: logistic(-4.4 - 0.27 * quality + 0.15 * stream.normal()),
    low: logistic(-1.95 - 0.28 * quality + 0.12 * stream.normal()),
  };
}

/** Six in ten who turn bad neglect their orders; the others ship well, but not what was promised. */
function turnedRates(usual: Rates, stream: RandomStream): Rates {
  const neglects = stream.uniform() < 0.6;
  const [a, b, c] = [stream.uniform(), stream.uniform(), stream.uniform()];
  if (neglects) return { late: 0.18 + 0.22 * a, cancelled: 0.05 + 0.08 * b, low: 0.25 + 0.25 * c };
  return { late: usual.late, cancelled: usual.cancelled + 0.01, low: 0.52 + 0.28 * c };
}

function badShare(rates: Rates): number {
  return rates.late + rates.cancelled + reviewShare * rates.low;
}

function starsOf(stream: RandomStream, reviews: { unhappy: number; happy: number }): number {
  const ones = stream.binomial(reviews.unhappy, 0.65);
  const threes = stream.binomial(reviews.happy, 0.09);
  const fours = stream.binomial(reviews.happy - threes, 0.24);
  return ones + 2 * (reviews.unhappy - ones) + 3 * threes + 4 * fours + 5 * (reviews.happy - threes - fours);
}
