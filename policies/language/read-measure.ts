/** Names of measures, and the currency that money among them is read in. */
import { conversionName, isCurrencyCode } from "../../data/panel/index.ts";
import type { Cursor } from "./phrase.ts";

/** `response_rate`, `balance in USD`: the name of a measure. */
export function readMeasure(cursor: Cursor, form: string): string {
  return readCurrency(cursor, cursor.expectName("the name of a measure", form).text);
}

/** Behind the name of a measure, `in USD`; gives what the measure is called then. */
export function readCurrency(cursor: Cursor, measure: string): string {
  if (cursor.acceptWord("in") === undefined) return measure;
  const token = cursor.peek();
  if (token.kind !== "word" || !isCurrencyCode(token.text)) {
    cursor.fail("bad-form", token, {
      message: token.kind === "end" ? "'in' needs its currency" : `'${token.text}' is not a currency`,
      found: token.text,
      expected: `${measure} in USD`,
      cure: `Write the code of the currency, in capitals: '${measure} in USD'.`,
    });
  }
  cursor.next();
  return conversionName({ measure, currency: token.text });
}
