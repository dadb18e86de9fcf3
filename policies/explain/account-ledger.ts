/** Ledgers of a trace in plain sentences. */
import { sayDate, sayNumber } from "./say-number.ts";
import type { LedgerEntryTrace, LedgerTrace } from "./trace.ts";

/** What a ledger stands at, from which entries, and what this evaluation changed. */
export function sayLedger(ledger: LedgerTrace, currency: string | undefined): readonly string[] {
  const say = (value: number): string => sayNumber(value, ledger.unit, currency);
  const value = ledger.value === undefined ? `not known${ledger.missing === undefined ? "" : ` (${ledger.missing})`}` : say(ledger.value);
  const start = ledger.start === undefined ? "" : `; it starts at ${say(ledger.start)}`;
  const bounds =
    ledger.within === undefined || ledger.unclipped === undefined || ledger.unclipped === ledger.value
      ? ""
      : `; ${say(ledger.unclipped)} by itself, kept from ${say(ledger.within.lower)} to ${say(ledger.within.upper)}`;
  const sentences = ledger.lines.flatMap((line): string[] => {
    const own = ledger.entries.filter((entry) => entry.line === line.line);
    if (own.length === 0) return [];
    const sum = line.counted === undefined ? "not known" : `${line.sign === 1 ? "adds" : "deducts"} ${say(line.counted)}`;
    const most =
      line.sum !== undefined && line.atMost !== undefined && line.sum > line.atMost ? `, the most that counts, of ${say(line.sum)}` : "";
    return [`Line ${line.line} (${line.words}) ${sum}${most}: ${own.map((entry) => sayEntry(entry, say)).join(", ")}.`];
  });
  return [
    `${ledger.title}: ${value}${start}${bounds}.`,
    ...sentences,
    ...sayEarlier(ledger, say),
    ...changed(ledger.expired, "Expired", say),
    ...changed(ledger.takenBack, "Taken back", say),
  ];
}

/** What rules that no longer hold have left. */
function sayEarlier(ledger: LedgerTrace, say: (value: number) => string): readonly string[] {
  return ([1, -1] as const).flatMap((sign) => {
    const own = ledger.entries.filter((entry) => entry.earlier === sign);
    const left = (ledger.earlier ?? []).filter((line) => line.sign === sign);
    if (own.length === 0) return [];
    const isKnown = left.every(({ counted }) => counted !== undefined);
    const sum = left.reduce((total, { counted }) => total + (counted ?? 0), 0);
    const verb = isKnown ? `${sign === 1 ? "add" : "deduct"} ${say(sum)}` : "count for what is not known";
    return [`Rules that held earlier ${verb}: ${own.map((entry) => sayEntry(entry, say)).join(", ")}.`];
  });
}

/** When points leave: one sentence for every date, soonest first. */
export function sayExpiries(ledger: LedgerTrace, currency: string | undefined): readonly string[] {
  const signOf = (entry: LedgerEntryTrace): number => entry.earlier ?? ledger.lines.find(({ line }) => line === entry.line)?.sign ?? 1;
  return [1, -1].flatMap((sign) => {
    const own = ledger.entries.filter((entry) => signOf(entry) === sign);
    const dates = [...new Set(own.map(({ expires }) => expires ?? ""))].filter((date) => date !== "").sort();
    return dates.map((date) => {
      const leaving = own.filter(({ expires }) => expires === date);
      const total = leaving.reduce((sum, { amount }) => sum + (amount ?? 0), 0);
      const points = sayNumber(total, ledger.unit, currency);
      const verb = leaving.length === 1 && total === 1 ? "expires" : "expire";
      return `${sign === 1 ? `Your ${points}` : `The ${points} deducted`} of ${ledger.title} ${verb} on ${sayDate(date)}.`;
    });
  });
}

function changed(entries: readonly LedgerEntryTrace[], word: string, say: (value: number) => string): readonly string[] {
  return entries.length === 0 ? [] : [`${word} at this evaluation: ${entries.map((entry) => sayEntry(entry, say)).join(", ")}.`];
}

function sayEntry({ day, amount, event }: LedgerEntryTrace, say: (value: number) => string): string {
  const points = amount === undefined ? "points not known" : say(amount);
  return `${points} of ${sayDate(day)}${event === undefined ? "" : ` (${event.id})`}`;
}
