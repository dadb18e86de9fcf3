/** Labels that are still to come: how late each source's labels are, and how many there will be about each date in the end. */
import { formatDay, lastDayOf, present } from "../../../data/foundation/index.ts";
import {
  type DelayDistribution,
  delayDistribution,
  delayQuantile,
  type Estimated,
  expectedInTheEnd,
  sumOfExpected,
  undetermined,
} from "../../statistics/index.ts";
import type { Collected } from "../collect.ts";
import { type ComparisonPlan, dayName } from "../plan.ts";
import type { ArrivalDate, LabelArrivals, LabelDelay } from "./audits.ts";
import { delayDays } from "./collect-arrivals.ts";

/** Labels below which fine and harmful ones share a distribution, and below which a source has none. */
const labelsMin = 20;
/** Dates that a comparison lists: the latest. */
const datesMax = 12;

const says = ["fine", "harmful"] as const;

/** One entry an outcome source. `dates`: how many are listed, the latest. */
export function describeArrivals(plan: ComparisonPlan, collected: Collected, dates = datesMax): readonly LabelArrivals[] {
  return plan.schema.outcomes.map(({ name, title }, code) => {
    const delays = delaysOf(plan, collected, code);
    return {
      source: name,
      title,
      knownAt: formatDay(plan.schema.knownAt),
      delays: delays.map(({ described }) => described),
      dates: datesOf({ plan, collected, code, delays, most: dates }),
    };
  });
}

/**
 * The share of a source's labels about a date that the pin shows, both kinds together; undefined when it is not determined. What labels say
 * weighs as among those expected in the end.
 */
export function shareCompleteAt(arrivals: LabelArrivals, at: string): number | undefined {
  return arrivals.dates.find((date) => date.at === at)?.shareComplete;
}

interface KnownDelays {
  readonly distribution: DelayDistribution | undefined;
  readonly described: LabelDelay;
}

/** Of fine and of harmful labels: their own distribution, that of both where they are few, none where both are. */
function delaysOf(plan: ComparisonPlan, { arrivals }: Collected, code: number): readonly [KnownDelays, KnownDelays] {
  const days = delayDays(plan);
  const row = (table: Float64Array, kind: number): Float64Array => table.subarray(kind * days, (kind + 1) * days);
  const own = [2 * code, 2 * code + 1].map((kind) =>
    delayDistribution({ delays: row(arrivals.delays, kind), windows: row(arrivals.windows, kind) }),
  ) as [DelayDistribution, DelayDistribution];
  const both = delayDistribution({
    delays: sum(row(arrivals.delays, 2 * code), row(arrivals.delays, 2 * code + 1)),
    windows: sum(row(arrivals.windows, 2 * code), row(arrivals.windows, 2 * code + 1)),
  });
  return own.map((distribution, kind): KnownDelays => {
    const isPooled = distribution.n < labelsMin;
    const chosen = isPooled ? both : distribution;
    const described = { says: present(says[kind], "what a label says"), labels: distribution.n, isPooled };
    if (chosen.n < labelsMin) return { distribution: undefined, described };
    return { distribution: chosen, described: { ...described, ...quantilesOf(chosen) } };
  }) as [KnownDelays, KnownDelays];
}

function quantilesOf(distribution: DelayDistribution) {
  const days = (share: number): number => present(delayQuantile(distribution, share), "a quantile");
  return { soonestDays: days(Number.MIN_VALUE), medianDays: days(0.5), ninetyDays: days(0.9), longestDays: days(1) };
}

function datesOf(parts: {
  readonly plan: ComparisonPlan;
  readonly collected: Collected;
  readonly code: number;
  readonly delays: readonly [KnownDelays, KnownDelays];
  readonly most: number;
}): readonly ArrivalDate[] {
  const { plan, collected, code, delays, most } = parts;
  const periods = plan.to - plan.from + 1;
  const dates: ArrivalDate[] = [];
  for (let period = plan.to; period >= plan.from && dates.length < most; period--) {
    const [fine, harmful] = [0, 1].map((kind) => collected.arrivals.known[(2 * code + kind) * periods + period - plan.from] as number) as [
      number,
      number,
    ];
    if (fine + harmful > 0) dates.push(dateOf(plan, { period, fine, harmful, delays }));
  }
  return dates.reverse();
}

function dateOf(
  plan: ComparisonPlan,
  date: { period: number; fine: number; harmful: number; delays: readonly [KnownDelays, KnownDelays] },
): ArrivalDate {
  const days = plan.schema.knownAt - lastDayOf(plan.schema.grain, date.period);
  const expected = (known: number, { distribution }: KnownDelays): Estimated =>
    distribution === undefined ? tooFew : expectedInTheEnd({ known, days, distribution, level: plan.level });
  const [fine, harmful] = [
    { known: date.fine, expected: expected(date.fine, date.delays[0]) },
    { known: date.harmful, expected: expected(date.harmful, date.delays[1]) },
  ];
  const both = { known: date.fine + date.harmful, expected: sumOfExpected(fine.expected, harmful.expected) };
  const complete = both.expected.kind === "estimate" ? { shareComplete: both.known / both.expected.value } : {};
  return { at: dayName(plan.schema, date.period), days, fine, harmful, both, ...complete };
}

const tooFew = undetermined(`fewer than ${labelsMin} labels of the source show how late they come`, "a longer history of labels");

function sum(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, index) => value + (b[index] as number));
}
