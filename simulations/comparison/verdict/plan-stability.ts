/** Where a verdict is read again: dates among the evaluations, and days by which labels were known. */
import { type Day, lastDayOf, limits, type PeriodIndex } from "../../../data/foundation/index.ts";
import type { OutcomeSource, PanelSchema } from "../../../data/panel/index.ts";
import type { LabelCounts } from "../errors/label-counts.ts";

/** What is needed of an error table's plan. */
export interface LabelTable {
  readonly sources: readonly OutcomeSource[];
  readonly period?: PeriodIndex;
}

/** One place where labels are looked up again. */
export interface LabelSpot<T> {
  readonly along: "date" | "maturity";
  readonly error: T & { readonly period: PeriodIndex };
  readonly knownAt: Day;
}

/** Where a verdict is read again. Movement needs no new pass: its table by period is collected anyway. */
export interface StabilityPlan<T> {
  readonly dates: readonly PeriodIndex[];
  readonly labels: readonly LabelSpot<T>[];
}

/** Days after maturity at which labels of an older date are read again; the pin itself comes after them. */
const daysAfterMaturity = [0, 28] as const;

/** An older date is one whose labels had at least so many days after maturity to come in. */
const olderDays = 56;

/** Quarter points among the evaluations, without the date of the tables themselves. */
export function planStability<T extends LabelTable>(options: {
  readonly schema: PanelSchema;
  readonly to: PeriodIndex;
  readonly evaluated: readonly PeriodIndex[];
  readonly errors: readonly T[];
  readonly labelCounts: LabelCounts;
}): StabilityPlan<T> {
  const { schema, to, evaluated, errors, labelCounts } = options;
  const dates = quarterPoints(evaluated).slice(0, -1);
  const [error] = errors;
  const main = error?.period;
  if (error === undefined || main === undefined) return { dates: dates.filter((date) => date !== to), labels: [] };
  const days = Math.max(...error.sources.map((source) => source.horizonDays + source.lagDays));
  const labelled = evaluated.filter((period) => period <= main && error.sources.some(({ name }) => labelCounts(name, period) > 0));
  const spot = (along: "date" | "maturity", period: PeriodIndex, knownAt: Day): LabelSpot<T> => ({
    along,
    error: { ...error, period },
    knownAt,
  });
  const matureOn = (period: PeriodIndex): Day => lastDayOf(schema.grain, period) + days;
  const older = labelled.findLast((period) => matureOn(period) + olderDays <= schema.knownAt);
  return {
    dates: dates.filter((date) => date !== to),
    labels: [
      ...quarterPoints(labelled)
        .filter((period) => period !== main)
        .map((period) => spot("date", period, schema.knownAt)),
      ...(older === undefined
        ? []
        : [...daysAfterMaturity.map((after) => spot("maturity", older, matureOn(older) + after)), spot("maturity", older, schema.knownAt)]),
    ],
  };
}

/**
 * The last of each quarter of a list, the last of all among them; fewer when the list is short.
 *
 * @example
 * quarterPoints([1, 2, 3, 4, 5, 6, 7, 8])
 * // => [2, 4, 6, 8]
 */
export function quarterPoints<T>(list: readonly T[]): readonly T[] {
  const count = limits.stabilityDates.value;
  const places = Array.from({ length: count }, (_, index) => Math.ceil(((index + 1) * list.length) / count) - 1);
  return [...new Set(places.filter((place) => place >= 0))].map((place) => list[place] as T);
}
