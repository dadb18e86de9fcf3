/** Measures that a policy reads in another currency, against the rates that the panel declares. */
import { type DiagnosticCode, type DiagnosticDetails, formatDay, lastDayOf } from "../../data/foundation/index.ts";
import { conversionIn, findMeasure, type PanelSchema } from "../../data/panel/index.ts";
import type { Policy } from "./policy.ts";
import { expressionsOf } from "./policy-expressions.ts";
import { partsOf } from "./walk-expression.ts";

/**
 * Refuses what cannot be converted, where it is read: a measure that is no money (`unit-mismatch`), a pair without rates (`no-rates`), rates
 * that begin after the end of the panel's first period (`rates-begin-late`), so that no amount is missing for want of a rate. Amounts that
 * are in the currency already need no rates. Measures that the panel lacks are left to their own check.
 */
export function checkConversions(
  policy: Policy,
  schema: PanelSchema,
  add: (code: DiagnosticCode, part: object, details: Omit<DiagnosticDetails, "place">) => void,
): void {
  for (const { name, part } of measuresIn(policy)) {
    const conversion = conversionIn(name);
    const found = conversion === undefined ? undefined : findMeasure(schema, conversion.measure);
    if (conversion === undefined || found === undefined) continue;
    const { measure, currency } = conversion;
    const { unit } = found.measure;
    if (unit !== "money") {
      const cure = `Leave 'in ${currency}' out.`;
      add("unit-mismatch", part, {
        message: `'${measure}' counts in ${unit}, which no currency is of`,
        found: unit,
        expected: "money",
        cure,
      });
      continue;
    }
    if (currency === schema.currency) continue;
    const { rates = [], grain, firstPeriod } = schema;
    const from = schema.currency ?? "";
    const first = rates.find(({ to }) => to === currency)?.dated[0];
    if (first === undefined) {
      const others = rates.length === 0 ? "none at all" : `only to ${rates.map(({ to }) => to).join(", ")}`;
      add("no-rates", part, {
        message: `'${measure}' is in ${from}, and the panel has no rates from ${from} to ${currency}: it has ${others}`,
        found: currency,
        expected: [from, ...rates.map(({ to }) => to)].join(", "),
      });
      continue;
    }
    const end = lastDayOf(grain, firstPeriod);
    if (first.day > end)
      add("rates-begin-late", part, {
        message: `the rates from ${from} to ${currency} begin on ${formatDay(first.day)}, and the panel's first ${grain} ends on ${formatDay(end)}`,
        found: formatDay(first.day),
        expected: `${formatDay(end)} or an earlier day`,
      });
  }
}

/** Every measure where it is read, with the part that knows its place. */
function measuresIn(policy: Policy): readonly { readonly name: string; readonly part: object }[] {
  const levels = policy.metrics.flatMap((metric) =>
    metric.kind === "last" || metric.kind === "percentile" ? [{ name: metric.measure, part: metric }] : [],
  );
  const operands = expressionsOf(policy).flatMap((expression) =>
    [...partsOf(expression)].flatMap((part) => (part.kind === "reference" && part.to === "measure" ? [{ name: part.name, part }] : [])),
  );
  return [...levels, ...operands];
}
