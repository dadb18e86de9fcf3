/** Who an entity of the demo is: what lasts over its life, and what is really so about it. */
import { type Day, type RandomStream, randomStream } from "../../foundation/index.ts";
import type { Market } from "./market.ts";

/** How an entity behaves. Only a bad actor or one that turns bad means harm; a careless one may still do it. */
export type Conduct = "honest" | "careless" | "bad_actor" | "turned_bad";

/** What lasts. Weeks count from the panel's first; `leavesAfter` is the last week with a row. */
export interface Character {
  readonly index: number;
  readonly region: number;
  readonly category: number;
  readonly conduct: Conduct;
  /** Standard normal; better is larger. */
  readonly quality: number;
  /** Usual weekly orders once settled. */
  readonly size: number;
  /** Share by which its own demand grows in a week. */
  readonly growth: number;
  readonly openedOn: Day;
  readonly entersAt: number;
  readonly leavesAfter: number;
  /** The week in which a bad actor's conduct begins (0 or entry for born ones); beyond the range for all others. */
  readonly turnsBadAt: number;
  /** Price level, major units. */
  readonly price: number;
}

const regionShares = [0.3, 0.24, 0.18, 0.1, 0.1, 0.08];
const categoryShares = [0.17, 0.15, 0.13, 0.12, 0.11, 0.1, 0.09, 0.07, 0.06];
const categoryPrices = [28, 22, 65, 18, 35, 30, 24, 80, 45];

/** Draws an entity. It depends on seed, kind and index alone, so it is the same however many there are. */
export function drawCharacter(market: Market, kind: string, index: number): { character: Character; stream: RandomStream } {
  const stream = randomStream(market.seed, kind, index);
  const region = pick(stream, regionShares);
  const category = pick(stream, categoryShares);
  const conduct = drawConduct(stream);
  const size = drawSize(stream);
  const quality = conduct === "careless" ? -1.6 + 0.4 * stream.normal() : stream.normal();
  const { entersAt, openedOn } = drawEntry(stream, market);
  const turnsBadAt = turningWeek(stream, market, { conduct, entersAt });
  const character = {
    index,
    region,
    category,
    conduct,
    quality,
    size,
    growth: 0.0005 + 0.004 * stream.normal(),
    openedOn,
    entersAt,
    leavesAfter: drawExit(stream, market, { entersAt, turnsBadAt, size }),
    turnsBadAt,
    price: (categoryPrices[category] ?? 30) * Math.exp(0.4 * stream.normal()),
  };
  return { character, stream };
}

/** A position in a list of shares that add up to 1, drawn by them. */
export function pick(stream: RandomStream, shares: readonly number[]): number {
  let left = stream.uniform();
  for (const [index, share] of shares.entries()) {
    left -= share;
    if (left < 0) return index;
  }
  return shares.length - 1;
}

function drawConduct(stream: RandomStream): Conduct {
  const u = stream.uniform();
  if (u < 0.02) return "bad_actor";
  if (u < 0.05) return "turned_bad";
  return u < 0.085 ? "careless" : "honest";
}

/** Log-normal with median 9 orders a week; one in fifty is lifted by a Pareto factor (index 1.7), which makes the tail heavy. */
function drawSize(stream: RandomStream): number {
  const usual = 9 * Math.exp(1.35 * stream.normal());
  const lifted = stream.uniform() < 0.02 ? (1 - stream.uniform()) ** (-1 / 1.7) : 1;
  return Math.min(usual * lifted, 20_000);
}

/** Three in four were there before the first week, for 500 days on average; the others arrive evenly over the range. */
function drawEntry(stream: RandomStream, market: Market): { entersAt: number; openedOn: Day } {
  const firstDay = (market.weekEnd[0] ?? 0) - 6;
  const isOld = stream.uniform() < 0.75;
  const week = isOld ? 0 : stream.below(market.weeks);
  const dayInWeek = stream.below(7);
  const daysBefore = Math.floor(-500 * Math.log(1 - stream.uniform())) + 1;
  if (isOld) return { entersAt: 0, openedOn: firstDay - daysBefore };
  return { entersAt: week, openedOn: firstDay + 7 * week + dayInWeek };
}

function turningWeek(stream: RandomStream, market: Market, who: { conduct: Conduct; entersAt: number }): number {
  const turn = who.entersAt + 4 + stream.below(market.weeks);
  if (who.conduct === "bad_actor") return who.entersAt;
  return who.conduct === "turned_bad" ? Math.min(turn, market.weeks) : market.weeks;
}

/** Leaving is a constant weekly hazard before and after turning bad; small entities leave more often. */
function drawExit(stream: RandomStream, market: Market, who: { entersAt: number; turnsBadAt: number; size: number }): number {
  const usualHazard = who.size < 3 ? 0.004 : 0.0015;
  const usual = who.entersAt + Math.floor(-Math.log(1 - stream.uniform()) / usualHazard);
  const afterTurning = Math.max(who.entersAt, who.turnsBadAt) + 8 + Math.floor(-Math.log(1 - stream.uniform()) / 0.012);
  return Math.min(usual, afterTurning, market.weeks - 1);
}
