/** Where the balance of a ledger can lie, from its lines and bounds. */
import { arithmetic, between, callRange, type Range, type RangeReader } from "./analyse-range.ts";
import type { Ledger, LedgerLine } from "./policy.ts";

/** The range of a ledger's balance. */
export function ledgerRange(ledger: Ledger, reader: RangeReader): Range {
  const lines = ledger.lines.map((line) => lineRange(line, reader));
  const total = lines.reduce(
    (sum, line, index) => arithmetic(ledger.lines[index]?.sign === -1 ? "-" : "+", sum, line),
    reader.number(ledger.start),
  );
  if (ledger.within === undefined) return total;
  return callRange("clamp", [total, reader.number(ledger.within.lower), reader.number(ledger.within.upper)]);
}

/**
 * What the live entries of a line can sum up to, before the sign of the line. A count or bound that is missing makes the balance missing,
 * entries or none.
 */
export function lineRange(line: LedgerLine, reader: RangeReader): Range {
  const countMissing = line.kind === "volume" && reader.number(line.count).missing;
  const entries = canMakeEntries(line, reader) ? entriesRange(reader.number(line.amount)) : between(0, 0);
  const sum = { ...entries, missing: entries.missing || countMissing };
  return line.atMost === undefined ? sum : callRange("min", [sum, reader.number(line.atMost)]);
}

/** Any number of entries of such amounts, none among them. */
function entriesRange(amount: Range): Range {
  if (!amount.known) return between(0, 0, true);
  const [lower, upper] = [amount.lower < 0 ? Number.NEGATIVE_INFINITY : 0, amount.upper > 0 ? Number.POSITIVE_INFINITY : 0];
  return between(lower, upper, amount.missing);
}

/** Whether the conditions of a line can be true at all, each by itself. */
export function canMakeEntries(line: LedgerLine, reader: RangeReader): boolean {
  if (line.when !== undefined && !reader.condition(line.when).yes) return false;
  return line.kind !== "event" || line.where === undefined || reader.condition(line.where).yes;
}
