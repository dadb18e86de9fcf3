/** A measure as the policy reads it, row by row: also money in another currency. */

import { lastDayOf, present } from "../../data/foundation/index.ts";
import { conversionIn, findMeasure, type Measure, type PanelSchema, panelMeasure } from "../../data/panel/index.ts";
import type { HistoryRow } from "./entity-history.ts";
import { type Fraction, multiply } from "./exact-math.ts";
import { exactFraction } from "./fractions.ts";

/** The panel's measure behind a name. */
export function measureOf(name: string, schema: PanelSchema): Measure {
  return present(findMeasure(schema, panelMeasure(name)), `measure ${name}`).measure;
}

/**
 * The stored integer of a measure; undefined where a level is missing. In another currency: at the latest rate of a day up to the
 * period's last, to the nearest hundredth, ties away from zero.
 */
export function storedValue(name: string, row: HistoryRow, schema: PanelSchema): number | undefined {
  const stored = row.measures[panelMeasure(name)];
  const currency = conversionIn(name)?.currency;
  if (stored === undefined || currency === undefined || currency === schema.currency) return stored;
  const end = lastDayOf(schema.grain, row.period);
  const table = schema.rates?.find(({ to }) => to === currency);
  const latest = table?.dated.filter(({ day }) => day <= end).at(-1);
  const { rate } = present(latest, `a rate from ${schema.currency} to ${currency} for period ${row.period}`);
  const amount = multiply(exactFraction(rate), exactFraction(stored)) as Fraction;
  const whole = amount.n / amount.d;
  const rest = amount.n - whole * amount.d;
  const rounded = Number(rest * 2n < amount.d ? whole : whole + 1n);
  return amount.s < 0n ? 0 - rounded : rounded;
}
