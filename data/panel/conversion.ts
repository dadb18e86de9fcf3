/** Amounts read in another currency, by the rates that the dataset declares: measures made from measures. */
import { checkLimit, diagnose, InputRefused, lastDayOf, type PeriodIndex, present } from "../foundation/index.ts";
import { lazily } from "./lazily.ts";
import type { PanelChunk } from "./panel.ts";
import { findMeasure, type PanelSchema, type RateTable } from "./schema.ts";

/** A measure of money, and the currency that it is read in. */
export interface Conversion {
  readonly measure: string;
  readonly currency: string;
}

/** Whether a text has the form of a currency code. */
export function isCurrencyCode(text: string): boolean {
  return /^[A-Z]{3}$/.test(text);
}

/**
 * What a policy calls the converted measure. No measure of a dataset has a space in its name, so none is called so by itself.
 *
 * @example
 * conversionName({ measure: "gmv", currency: "USD" })
 * // => "gmv in USD"
 */
export function conversionName({ measure, currency }: Conversion): string {
  return `${measure} in ${currency}`;
}

/**
 * The conversion that a name stands for; undefined for a measure as the panel has it.
 *
 * @example
 * [conversionIn("gmv in USD"), conversionIn("gmv")]
 * // => [{ measure: "gmv", currency: "USD" }, undefined]
 */
export function conversionIn(name: string): Conversion | undefined {
  // Asked for every row that is read: most names hold none.
  if (!name.includes(" in ")) return undefined;
  const [measure = "", currency = ""] = name.split(" in ");
  return isCurrencyCode(currency) ? { measure, currency } : undefined;
}

/** The measure of the panel behind a name, converted or not. */
export function panelMeasure(name: string): string {
  return conversionIn(name)?.measure ?? name;
}

/** A panel's columns with converted measures behind its own, and what adds them to a chunk. */
export interface ConvertedPanel {
  readonly schema: PanelSchema;
  readonly convert: (chunk: PanelChunk) => PanelChunk;
}

/**
 * Adds a column for each of the names that is a conversion; the others are the panel's own. Without conversions schema and chunks are
 * those that were given. The policy that reads them must have passed `checkAgainstPanel`.
 *
 * Each row's amount is taken at the latest rate of a day up to the last day of its period, so nothing looks ahead, and rounded to the
 * nearest hundredth, ties away from zero, exactly; a missing level stays missing. An amount beyond 2^53 hundredths makes `convert` throw
 * InputRefused (`limit-exceeded`). Cost: one pass over the column for each conversion and chunk.
 */
export function convertedPanel(schema: PanelSchema, names: readonly string[]): ConvertedPanel {
  const conversions = [...new Set(names)].flatMap((name) => conversionIn(name) ?? []);
  if (conversions.length === 0) return { schema, convert: (chunk) => chunk };
  const columns = conversions.map((conversion) => {
    const found = present(findMeasure(schema, conversion.measure), `measure ${conversion.measure}`);
    const { partOf: _, ...measure } = found.measure;
    const title = `${measure.title} in ${conversion.currency}`;
    return { index: found.index, measure: { ...measure, name: conversionName(conversion), title }, rates: periodRates(schema, conversion) };
  });
  return {
    schema: { ...schema, measures: [...schema.measures, ...columns.map(({ measure }) => measure)] },
    convert: (chunk) => {
      const added = columns.map(({ index, rates, measure }) => {
        const amounts = present(chunk.measures[index], measure.name);
        return rates === undefined ? amounts : convertColumn(chunk, amounts, { schema, rates, name: measure.name });
      });
      const own = schema.measures.map((measure, index) => () => present(chunk.measures[index], measure.name));
      const measures = lazily([...own, ...added.map((column) => () => column)]);
      // A spread would ask for everything, and so read it all.
      return Object.defineProperties(
        {},
        { ...Object.getOwnPropertyDescriptors(chunk), measures: { value: measures, enumerable: true } },
      ) as PanelChunk;
    },
  };
}

/** A rate as a whole number of so many parts of one. */
interface WholeRate {
  readonly times: number;
  readonly parts: number;
  readonly exact: { readonly times: bigint; readonly parts: bigint };
}

/** The rate of each period from the panel's first on; undefined where amounts are in the currency already. */
function periodRates(schema: PanelSchema, { currency }: Conversion): readonly WholeRate[] | undefined {
  if (currency === schema.currency) return undefined;
  const { dated } = present(
    schema.rates?.find(({ to }) => to === currency),
    `rates from ${schema.currency} to ${currency}`,
  );
  const whole = dated.map(({ rate }) => wholeRate(rate));
  const rates: WholeRate[] = [];
  let next = 0;
  for (let period = schema.firstPeriod; period <= schema.lastPeriod; period++) {
    const day = lastDayOf(schema.grain, period);
    while (next < dated.length && (dated[next] as RateTable["dated"][number]).day <= day) next++;
    rates.push(present(whole[next - 1], `a rate from ${schema.currency} to ${currency} for period ${period}`));
  }
  return rates;
}

/** The decimal digits of a rate: 5.03 is 503 hundredths. */
function wholeRate(rate: number): WholeRate {
  const [mantissa = "", exponent = "0"] = String(rate).split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const power = Number(exponent) - fraction.length;
  const times = BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, power));
  const parts = 10n ** BigInt(Math.max(0, -power));
  return { times: Number(times), parts: Number(parts), exact: { times, parts } };
}

function convertColumn(
  chunk: PanelChunk,
  amounts: Float64Array,
  { schema, rates, name }: { readonly schema: PanelSchema; readonly rates: readonly WholeRate[]; readonly name: string },
): Float64Array {
  const converted = new Float64Array(amounts.length);
  for (let entity = 0; entity < chunk.entityCount; entity++) {
    const end = chunk.rowStart[entity + 1] as number;
    let period: PeriodIndex = (chunk.firstPeriod[entity] as number) - schema.firstPeriod;
    for (let row = chunk.rowStart[entity] as number; row < end; row++, period++) {
      const amount = amounts[row] as number;
      const value = amount === 0 || Number.isNaN(amount) ? amount : convertAmount(amount, rates[period] as WholeRate);
      if (Math.abs(value) > Number.MAX_SAFE_INTEGER) refuse(schema, chunk.entities[entity] ?? "", { name, value });
      converted[row] = value;
    }
  }
  return converted;
}

/** Up to here products are exact in doubles, with room for one more part. */
const productMax = 2 ** 52;

/** In doubles where they are exact, else in whole numbers of any size. */
function convertAmount(amount: number, { times, parts, exact }: WholeRate): number {
  const product = Math.abs(amount) * times;
  if (product > productMax || parts > productMax) return convertExactly(amount, exact);
  // The quotient is rounded, so that its floor may be one too large.
  let whole = Math.floor(product / parts);
  if (whole * parts > product) whole--;
  if ((product - whole * parts) * 2 >= parts) whole++;
  return amount < 0 ? 0 - whole : whole;
}

function convertExactly(amount: number, { times, parts }: WholeRate["exact"]): number {
  const product = BigInt(Math.abs(amount)) * times;
  const rounded = Number((2n * product + parts) / (2n * parts));
  return amount < 0 ? 0 - rounded : rounded;
}

function refuse(schema: PanelSchema, entity: string, { name, value }: { readonly name: string; readonly value: number }): never {
  const limit = present(checkLimit("measureAbsolute", Math.abs(value)), "a breach");
  throw new InputRefused([
    diagnose("limit-exceeded", { message: `'${name}' of ${schema.entity} ${entity}: ${limit.message}`, cure: limit.cure }),
  ]);
}
