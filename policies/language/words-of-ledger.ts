/** What changed in a ledger, as one sentence. */
import type { Compared, FactPair } from "./compared.ts";
import type { LedgerLine, Policy } from "./policy.ts";
import { printExpression } from "./print-expression.ts";
import { printDays } from "./print-keys.ts";
import { printConstant } from "./quantity.ts";
import { printDates } from "./read-calendar.ts";
import { printOperand } from "./window.ts";
import { askVerbs, conditionClauses, withValues } from "./words-of-condition.ts";
import { withinWords } from "./words-of-quantity.ts";

/** A line of a ledger, how long entries live, or what takes them back. Undefined: the plain sentence says it. */
export function ledgerWords({ old, young }: FactPair, compared: Compared): string | undefined {
  const { a, b } = compared;
  const [, name, key = ""] = (young ?? old)?.segments ?? [];
  const [before, after] = [a, b].map((policy) => policy.ledgers.find((ledger) => ledger.name === name));
  const title = (after ?? before)?.title ?? "";
  switch (key) {
    case "start":
      return `'${title}' starts with ${young?.text} instead of ${old?.text}.`;
    case "expire": {
      const [from, to] = [before, after].map((ledger) => (ledger?.lasts.kind === "days" ? printDays(ledger.lasts.count) : ""));
      if (young === undefined) return `Entries of '${title}' no longer end after ${from}.`;
      return `Entries of '${title}' ${old === undefined ? `now end after ${to}` : `live ${to} instead of ${from}`}.`;
    }
    case "reset":
      if (young === undefined) return `Entries of '${title}' no longer end on ${dates(old?.text)}.`;
      return `Entries of '${title}' ${old === undefined ? `now end on ${dates(young.text)}` : `end on ${dates(young.text)} instead of ${dates(old.text)}`}.`;
    case "take back": {
      const [from, to] = [before?.takeBack, after?.takeBack];
      if (to === undefined) return `In '${title}', ${from?.event} no longer takes back entries of ${from?.of}.`;
      const was = from === undefined ? "" : ` instead of ${from.event} those of ${from.of}`;
      return `In '${title}', ${to.event} ${from === undefined ? "now " : ""}takes back entries of ${to.of}${was}.`;
    }
    case "within":
      return withinWords(title, old?.text, young?.text);
    case "lines":
      return lineWords({ title, from: before?.lines[old?.at ?? -1], to: after?.lines[young?.at ?? -1] }, compared);
    default:
      return undefined;
  }
}

/** `first Monday of quarter` -> `the first Monday of a quarter`. */
function dates(text = ""): string {
  if (text.includes(" of ")) return `${text.startsWith("first") ? "the " : ""}${text.replace(" of ", " of a ")}`;
  return text.endsWith("day") && text !== "day" ? `each ${text}` : `the first day of each ${text}`;
}

interface LineChange {
  readonly title: string;
  readonly from: LedgerLine | undefined;
  readonly to: LedgerLine | undefined;
}

function lineWords({ title, from, to }: LineChange, { a, b }: Compared): string | undefined {
  if (from === undefined) return to === undefined ? undefined : `New in '${title}': ${wholeLine(to, b)}.`;
  if (to === undefined) return `Gone from '${title}': ${wholeLine(from, a)}.`;
  const policies = { a, b };
  const where = [from, to].map((line) => (line.kind === "event" ? line.where : undefined));
  const clauses = [
    ...(sourceOf(from) === sourceOf(to) ? [] : [`becomes ${sourceOf(to)}`]),
    ...[where, [from.when, to.when]]
      .filter(([old, young]) => textOf(old) !== textOf(young))
      .map(([old, young]) => conditionClauses(old, young, askVerbs, policies)),
    ...amountClauses(from, to, policies),
  ];
  const isSame = textOf(where[0]) === textOf(where[1]) && textOf(from.when) === textOf(to.when);
  return `In '${title}', ${isSame ? makingOf(from, a) : sourceOf(from)} ${clauses.join(", and ")}.`;
}

function textOf(expression: LedgerLine["when"]): string {
  return expression === undefined ? "" : printExpression(expression);
}

function amountClauses(from: LedgerLine, to: LedgerLine, { a, b }: { readonly a: Policy; readonly b: Policy }): readonly string[] {
  const [old, young] = [withValues(from.amount, a, "event."), withValues(to.amount, b, "event.")];
  const verb = (line: LedgerLine): string => (line.sign === 1 ? "adds" : "deducts");
  const amount =
    from.sign === to.sign
      ? old === young
        ? []
        : [`${verb(to)} ${young} instead of ${old}`]
      : [`${verb(to)} ${young} where it ${verb(from)} ${old}`];
  const [before, after] = [from.atMost, to.atMost].map((most) => (most === undefined ? undefined : printConstant(most)));
  if (before === after) return amount;
  if (after === undefined) return [...amount, `counts without a limit instead of for at most ${before}`];
  return [...amount, before === undefined ? `now counts for at most ${after}` : `counts for at most ${after} instead of ${before}`];
}

function wholeLine(line: LedgerLine, policy: Policy): string {
  const most = line.atMost === undefined ? "" : `, for at most ${printConstant(line.atMost)}`;
  return `${makingOf(line, policy)} ${line.sign === 1 ? "adds" : "deducts"} ${withValues(line.amount, policy, "event.")}${most}`;
}

/** `violation with severity = high when penalty < 40 points`. */
function makingOf(line: LedgerLine, policy: Policy): string {
  const where = line.kind === "event" && line.where !== undefined ? ` with ${withValues(line.where, policy)}` : "";
  return `${sourceOf(line)}${where}${line.when === undefined ? "" : ` when ${withValues(line.when, policy)}`}`;
}

function sourceOf(line: LedgerLine): string {
  if (line.kind === "event") return line.event;
  return `each ${line.kind === "date" ? printDates(line.each) : `${printConstant(line.count)} ${printOperand(line.of)}`}`;
}
