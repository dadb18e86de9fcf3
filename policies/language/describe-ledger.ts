/** Ledgers, caps and protection in plain words, with every default. */
import { unreachable } from "../../data/foundation/index.ts";
import { type Sayer, unitWords } from "./describe-metric.ts";
import type { Cap, Ledger, LedgerLine, Movement } from "./policy.ts";
import { printExpression } from "./print-expression.ts";
import { printDays } from "./print-keys.ts";
import { datesInWords } from "./read-calendar.ts";

/** What a ledger starts with, what adds and deducts, how entries end, and its bounds. */
export function describeLedger(ledger: Ledger, say: Sayer): readonly string[] {
  const { takeBack, within } = ledger;
  return [
    `${ledger.name} (${ledger.title}, in ${unitWords[ledger.unit]}): starts with ${say.constant(ledger.start)}.`,
    ...ledger.lines.map((line) => `  ${lineWords(line, say)}`),
    takeBack === undefined
      ? "  Nothing takes entries back (default)."
      : `  Each ${takeBack.event} takes back the entries of the ${takeBack.of} that its field 'about' names, while they live.`,
    `  ${lifeWords(ledger)}`,
    within === undefined
      ? "  No bounds (default)."
      : `  Read as no less than ${say.constant(within.lower)} and no more than ${say.constant(within.upper)}; entries are kept unclipped.`,
  ];
}

function lineWords(line: LedgerLine, say: Sayer): string {
  const amount = printExpression(line.amount, ({ to, name }) => (to === "event" ? `the event's ${name}` : name));
  const act = `${line.sign === 1 ? "adds" : "deducts"} ${amount}`;
  const when = line.when === undefined ? "" : ` when ${say.expression(line.when)}`;
  const most = line.atMost === undefined ? "" : `; the line counts for ${say.constant(line.atMost)} at most`;
  return `${sourceWords(line, say)} ${act}${when}${most}.`;
}

function sourceWords(line: LedgerLine, say: Sayer): string {
  switch (line.kind) {
    case "date":
      return line.each.kind === "every" && line.each.unit === "day"
        ? "Each evaluation"
        : `Each evaluation on ${datesInWords(line.each).replace(/^each /, "a ")}`;
    case "volume":
      return `Each ${say.constant(line.count)} ${printExpression(line.of)}, counted on over the entity's life,`;
    case "event":
      return `Each ${line.event}${line.where === undefined ? "" : ` with ${say.expression(line.where)}`}, from the day that it was known,`;
    default:
      return unreachable(line);
  }
}

function lifeWords({ lasts }: Ledger): string {
  switch (lasts.kind) {
    case "ever":
      return "Entries never end (default).";
    case "days":
      return `An entry ends ${printDays(lasts.count)} after its day; the day that an event was known is its day.`;
    case "until":
      return `All entries end on ${datesInWords(lasts.calendar)}, before that day's evaluation adds new ones.`;
    default:
      return unreachable(lasts);
  }
}

/** A cap as a sentence. */
export function describeCap({ tier, when }: Cap, say: Sayer): string {
  return `Nobody is better than ${tier} when ${say.expression(when)}, whichever tier the conditions above gave.`;
}

/** Protection as a sentence. */
export function describeProtection({ event, tier, days, until }: NonNullable<Movement["protect"]>, say: Sayer): string {
  const ends = [
    ...(days === undefined ? [] : [`for ${printDays(days)}`]),
    ...(until === undefined ? [] : [`until ${say.constant(until.count)} ${printExpression(until.of)} in the periods that began after it`]),
  ];
  return `After a ${event} no tier worse than ${tier} is held, ${ends.join(", or ")}${ends.length > 1 ? ", whichever is first" : ""}; what is merited runs on beside it.`;
}
