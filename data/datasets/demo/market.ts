/** What every entity of the demo marketplace shares: the calendar, the seasons, the growth, and one shock that is nobody's fault. */
import { civilOf, type Day, lastDayOf, type PeriodIndex, parseDay, periodOf, present, randomStream } from "../../foundation/index.ts";

/** The demo always ends with this week, so that the same seed gives the same marketplace on any day. */
const lastWeekEnd = "2025-09-28";

/** The common part of the demo marketplace. Arrays are by week, 0 the first. */
export interface Market {
  readonly seed: number;
  readonly weeks: number;
  /** The period of week 0. */
  readonly firstPeriod: PeriodIndex;
  /** The last day of each week. */
  readonly weekEnd: Int32Array;
  /** 1 for the last week that ends in its month. */
  readonly endsMonth: Uint8Array;
  /** Demand, 1 on a usual week at the start. */
  readonly demand: Float64Array;
  /** 1 while carriers strike in `strikeRegion`. */
  readonly strike: Uint8Array;
  readonly strikeRegion: number;
  /** The last day whose knowledge the files hold. */
  readonly knownAt: Day;
  /** Whether a tier changes what those in it sell and how careful they are; it does, but in worlds made to find effects that are none. */
  readonly tiersAct: boolean;
}

/** Weeks of the strike; it starts after 60 % of the range. */
const strikeWeeks = 3;

/** Makes the common part. Same seed and weeks, same market. `tiersAct` is true by default. */
export function makeMarket(options: { seed: number; weeks: number; tiersAct?: boolean }): Market {
  const { seed, weeks } = options;
  const knownAt = present(parseDay(lastWeekEnd), "the day of the last week");
  const firstPeriod = periodOf("week", knownAt) - weeks + 1;
  const weekEnd = Int32Array.from({ length: weeks }, (_, week) => lastDayOf("week", firstPeriod + week));
  const noise = randomStream(seed, "market");
  const strikeFrom = Math.floor(weeks * 0.6);
  return {
    seed,
    weeks,
    firstPeriod,
    weekEnd,
    endsMonth: Uint8Array.from(weekEnd, (day) => (civilOf(day).month === civilOf(day + 7).month ? 0 : 1)),
    demand: Float64Array.from(weekEnd, (day, week) => season(day) * 1.0025 ** week * Math.exp(0.03 * noise.normal())),
    strike: Uint8Array.from(weekEnd, (_, week) => (week >= strikeFrom && week < strikeFrom + strikeWeeks ? 1 : 0)),
    strikeRegion: noise.below(2) + 3,
    knownAt,
    tiersAct: options.tiersAct ?? true,
  };
}

/** Demand of the season: a peak from mid November to Christmas, a dip after it, a smaller dip in summer. */
function season(day: Day): number {
  const { year } = civilOf(day);
  const dayOfYear = day - present(parseDay(`${year}-01-01`), "New Year's Day");
  const bump = (centre: number, width: number, height: number): number => height * Math.exp(-(((dayOfYear - centre) / width) ** 2));
  return 1 + bump(335, 18, 0.7) - bump(15, 15, 0.2) - bump(205, 30, 0.1);
}
