/** The `rates` of a file of cases. */
import { isCurrencyCode, type RateTable } from "../../data/panel/index.ts";
import { asMap, type Fields, fieldsOf, type Problems, placeOf, readPhrase } from "../language/index.ts";
import { readDay } from "./read-context.ts";
import { caseShapes } from "./shapes.ts";

interface Rate {
  readonly day: number;
  readonly to: string;
  readonly rate: number;
}

/** One table for each currency, each by day. Two rates of one day, and rates without a currency that they are from, are refused. */
export function readRates(file: Fields, currency: string | undefined, problems: Problems): readonly RateTable[] {
  const list = file.list("rates");
  if (list === undefined) return [];
  if (currency === undefined) {
    problems.add("missing-key", placeOf(list), {
      message: "rates are from the currency of the cases, which is not named",
      expected: "currency",
      cure: "Add 'currency: BRL': that of the amounts in the histories.",
    });
  }
  const rates: Rate[] = [];
  for (const item of list.items) {
    const map = asMap(item, problems, "a rate");
    const rate = map === undefined ? undefined : readRate(fieldsOf(map, caseShapes.rate, "a rate", problems), currency, problems);
    if (map === undefined || rate === undefined) continue;
    if (rates.some(({ to, day }) => to === rate.to && day === rate.day))
      problems.add("duplicate-name", placeOf(map), { message: `a rate to ${rate.to} of that day stands above`, found: rate.to });
    rates.push(rate);
  }
  return [...new Set(rates.map(({ to }) => to))].sort().map((to) => ({
    to,
    dated: rates
      .filter((rate) => rate.to === to)
      .map(({ day, rate }) => ({ day, rate }))
      .sort((a, b) => a.day - b.day),
  }));
}

function readRate(fields: Fields, currency: string | undefined, problems: Problems): Rate | undefined {
  const [date, to, number] = [fields.text("date"), fields.text("to"), fields.text("rate")];
  if (date === undefined || to === undefined || number === undefined) return undefined;
  const day = readDay(date, problems);
  const rate = readPhrase(number, problems, (cursor) => {
    const token = cursor.expectNumber("a rate", "0.2");
    if (Number(token.text) <= 0) cursor.fail("out-of-range", token, { message: "a rate is above 0", found: token.text });
    return Number(token.text);
  });
  if (!isCurrencyCode(to.text) || to.text === currency) {
    problems.add("bad-form", placeOf(to), {
      message: to.text === currency ? `the amounts are in ${currency} already` : `'${to.text.slice(0, 40)}' is not a currency`,
      found: to.text.slice(0, 40),
      expected: "the code of another currency, in capitals",
      cure: "Write the code of the other currency: 'to: USD'.",
    });
    return undefined;
  }
  return day === undefined || rate === undefined ? undefined : { day, to: to.text, rate };
}
