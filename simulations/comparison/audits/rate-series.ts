/** The false-positive rate date by date: a series, never pooled, with the maturity of its labels. */
import { lastDayOf, type PeriodIndex, present } from "../../../data/foundation/index.ts";
import { tangoPaired, undetermined, wilson } from "../../statistics/index.ts";
import type { Collected } from "../collect.ts";
import { type ComparisonPlan, dayName, type ErrorPlan } from "../plan.ts";
import type { LabelArrivals, RateDate, RateSeries } from "./audits.ts";
import { seriesFields } from "./collect-arrivals.ts";
import { shareCompleteAt } from "./label-arrivals.ts";

/** Dates that a series lists: the latest. */
const datesMax = 60;

/** One series an error table of which some source is no appeal. */
export function describeSeries(
  plan: ComparisonPlan,
  collected: Collected,
  candidate: number,
  arrivals: readonly LabelArrivals[],
): readonly RateSeries[] {
  return plan.errors.flatMap((error, table) => {
    if (error.sources.every(({ role }) => role === "appeal")) return [];
    const dated = broadestOf(plan, collected, error);
    const dates = plan.evaluated.filter((period) => knownAbout(plan, collected, dated, period) > 0).slice(-datesMax);
    const matureDays = Math.max(...error.sources.map(({ horizonDays, lagDays }) => horizonDays + lagDays));
    const source = present(plan.schema.outcomes[dated], "an outcome source").name;
    const arrived = present(arrivals[dated], "a source's arrivals");
    return [
      {
        source: error.name,
        dated: source,
        matureDays,
        dates: dates.map((period) => rateDate({ plan, collected, candidate, table, period, matureDays, arrived })),
      },
    ];
  });
}

/** The table's source with the most labels about evaluations of the range, as a code of the schema; appeals never date a rate. */
function broadestOf(plan: ComparisonPlan, collected: Collected, error: ErrorPlan): number {
  const codes = error.sources.filter(({ role }) => role !== "appeal").map((source) => plan.schema.outcomes.indexOf(source));
  const totals = codes.map((code) => plan.evaluated.reduce((sum, period) => sum + knownAbout(plan, collected, code, period), 0));
  return codes[totals.indexOf(Math.max(...totals))] ?? 0;
}

function knownAbout(plan: ComparisonPlan, { arrivals }: Collected, code: number, period: PeriodIndex): number {
  const periods = plan.to - plan.from + 1;
  const known = (kind: number): number => arrivals.known[kind * periods + period - plan.from] as number;
  return known(2 * code) + known(2 * code + 1);
}

interface DateOptions {
  readonly plan: ComparisonPlan;
  readonly collected: Collected;
  readonly candidate: number;
  readonly table: number;
  readonly period: PeriodIndex;
  readonly matureDays: number;
  readonly arrived: LabelArrivals;
}

function rateDate({ plan, collected, candidate, table, period, matureDays, arrived }: DateOptions): RateDate {
  const { schema, level } = plan;
  const at = dayName(schema, period);
  const fields = seriesFields(plan);
  const series = present(collected.arrivals.series[table], "a series");
  const field = (position: number): number => series[(period - plan.from) * fields.count + position] as number;
  const fine = field(fields.fine);
  const held = heldAt(plan, collected, candidate, period);
  const [newly, released] = [field(fields.newlyFine(candidate)), field(fields.newlyFine(candidate) + 1)];
  const side = (policy: number, adverse: number) => {
    const adverseFine = field(fields.adverseFine(policy));
    const rate = fine === 0 ? noFine : wilson({ successes: adverseFine, trials: fine, level, assumptions });
    return { adverseFine, adverse, rate };
  };
  const baseline = side(0, held.baseline);
  const both = baseline.adverseFine - released;
  const paired = { both, onlySecond: newly, onlyFirst: released, neither: fine - both - newly - released };
  const share = shareCompleteAt(arrived, at);
  return {
    at,
    isMature: lastDayOf(schema.grain, period) + matureDays <= schema.knownAt,
    ...(share === undefined ? {} : { shareComplete: share }),
    inFrame: held.inFrame,
    fine,
    harmful: field(fields.harmful),
    baseline,
    candidate: side(candidate + 1, held.candidate),
    change: fine === 0 ? noFine : tangoPaired({ ...paired, level, assumptions }),
  };
}

const noFine = undetermined("no entity in the frame is labelled fine", "labels");
const assumptions = ["labelled entities only: assumes labels missing at random"];

/** Entities in the frame in one period, and those held adverse by each policy. */
function heldAt(plan: ComparisonPlan, collected: Collected, candidate: number, period: PeriodIndex) {
  const { rows, columns, adverse } = present(plan.pairs[candidate], "tier pairs");
  const { entities } = present(collected.range.pairs[candidate], "range columns");
  const held = { inFrame: 0, baseline: 0, candidate: 0 };
  for (let pair = 0; pair < rows * columns; pair++) {
    const count = entities[(period - plan.from) * rows * columns + pair] as number;
    const code = adverse[pair] as number;
    held.inFrame += count;
    if ((code & 2) !== 0) held.baseline += count;
    if ((code & 1) !== 0) held.candidate += count;
  }
  return held;
}
