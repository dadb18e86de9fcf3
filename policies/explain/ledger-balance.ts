/** What a set of entries comes to. */
import { formatDay } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import type { Ledger, LineSource, Policy } from "../language/index.ts";
import { constantAt } from "./constant.ts";
import type { LedgerEntry } from "./evaluation-point.ts";
import type { Lookup } from "./expression-nodes.ts";
import { missingReasons } from "./metric-parts.ts";
import { sayLine } from "./say-ledger.ts";
import type { LedgerEntryTrace, LedgerTrace } from "./trace.ts";

/** A ledger's value or why it is missing, with what every line gives to it. */
export type LedgerBalance = Pick<LedgerTrace, "value" | "missing" | "start" | "lines" | "earlier" | "unclipped" | "within">;

/** The entries of a ledger, and of which lines they can be: its own in file order, then those that earlier versions had. */
export interface LedgerContent {
  readonly sources: readonly LineSource[];
  readonly earlier: readonly LineSource[];
  readonly entries: readonly LedgerEntry[];
}

/**
 * Start, plus what each line's live entries sum up to, no more than the line gives at most; then what lines of earlier versions left;
 * all kept within the bounds.
 */
export function traceBalance(
  ledger: Ledger,
  { sources, earlier, entries }: LedgerContent,
  lookup: Lookup,
  words: { readonly policy: Policy; readonly schema: PanelSchema },
): LedgerBalance {
  const start = constantAt(ledger.start, lookup);
  const sumOf = (source: LineSource | undefined) => {
    const amounts = entries.filter((entry) => entry.source.text === source?.text).map(({ amount }) => amount);
    return amounts.reduce<number | undefined>((total, amount) => add(total, amount), 0);
  };
  const lines = ledger.lines.map((line, index) => {
    const sum = sumOf(sources[index]);
    const said = { line: index + 1, words: sayLine(line, words.policy, words.schema), sign: line.sign };
    if (line.atMost === undefined) return { ...said, ...kept({ sum, counted: sum }) };
    const atMost = constantAt(line.atMost, lookup);
    const counted = sum === undefined || atMost === undefined ? undefined : Math.min(sum, atMost);
    return { ...said, ...kept({ sum, atMost, counted }) };
  });
  const left = earlier
    .filter(({ text }) => !sources.some((source) => source.text === text) && entries.some((entry) => entry.source.text === text))
    .map((source) => ({ sign: source.sign, ...kept({ counted: sumOf(source) }) }));
  const parts = { ...kept({ start }), lines, ...(left.length === 0 ? {} : { earlier: left }) };
  const unclipped = [...lines, ...left].reduce(
    (total, { sign, counted }) => add(total, counted === undefined ? undefined : sign * counted),
    start,
  );
  if (unclipped === undefined) {
    const isEntryMissing = entries.some(({ amount }) => amount === undefined);
    const constants = [ledger.start, ...ledger.lines.flatMap(({ atMost }) => atMost ?? [])];
    const isConstantMissing = constants.some((constant) => constantAt(constant, lookup) === undefined);
    const reason = isConstantMissing ? missingReasons.parameter : missingReasons.beyond;
    return { ...parts, missing: isEntryMissing ? "the points of an entry are not known" : reason };
  }
  if (ledger.within === undefined) return { ...parts, unclipped, value: unclipped };
  const lower = constantAt(ledger.within.lower, lookup);
  const upper = constantAt(ledger.within.upper, lookup);
  if (lower === undefined || upper === undefined) return { ...parts, unclipped, missing: missingReasons.parameter };
  return { ...parts, unclipped, within: { lower, upper }, value: Math.min(Math.max(unclipped, lower), upper) };
}

/** An entry as it is shown, by what the ledger's lines are made for. */
export function traceEntry({ source, day, expires, amount, event }: LedgerEntry, sources: readonly LineSource[]): LedgerEntryTrace {
  const line = sources.findIndex(({ text }) => text === source.text);
  return {
    ...(line < 0 ? { earlier: source.sign } : { line: line + 1 }),
    day: formatDay(day),
    ...kept({ expires: expires === undefined ? undefined : formatDay(expires), amount, event }),
  };
}

/** Missing when either is, and when the sum lies beyond the doubles. */
function add(a: number | undefined, b: number | undefined): number | undefined {
  const sum = a === undefined || b === undefined ? undefined : a + b;
  return Number.isFinite(sum) ? sum : undefined;
}

/** Only what is there. */
function kept<T extends Readonly<Record<string, unknown>>>(values: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
