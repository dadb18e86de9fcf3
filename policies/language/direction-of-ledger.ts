/** Whether one changed line of a ledger raises or lowers its balance, and what that does to merit. */
import { type Compared, influenceOf } from "./compared.ts";
import { conditionEffect, expressionEffect, numberIn } from "./direction-of-condition.ts";
import { boundsEffect, constantEffect } from "./direction-of-quantity.ts";
import type { Expression } from "./expression.ts";
import { joinPolarity, type Polarity, throughPolarity } from "./polarity.ts";
import type { Ledger, LedgerLine, Policy } from "./policy.ts";
import { printExpression } from "./print-expression.ts";
import { printDates } from "./read-calendar.ts";
import { partsOf } from "./walk-expression.ts";

/** The effect of another value of one key of a ledger, other than its lines. */
export function ledgerEffect(name: string, key: string, compared: Compared): Polarity {
  const { a, b } = compared;
  const [old, young] = [ledgerOf(a, name), ledgerOf(b, name)];
  if (old === undefined || young === undefined) return "mixed";
  const own = ledgerInfluence(old, young, compared);
  if (key === "start") return constantEffect(old.start, young.start, own, compared);
  if (key === "within") return boundsEffect(old.within, young.within, own, compared);
  if (key === "expire" && old.lasts.kind !== "until" && young.lasts.kind !== "until") {
    const longer = Math.sign(daysOf(young) - daysOf(old)) as Polarity;
    const entries = joinPolarity(signOfLines(a, old.lines), signOfLines(b, young.lines));
    return throughPolarity(own, throughPolarity(longer, entries));
  }
  if (key === "take back") {
    if ((old.takeBack === undefined) === (young.takeBack === undefined)) return "mixed";
    const of = (old.takeBack ?? young.takeBack)?.of;
    const taken = (ledger: Ledger): readonly LedgerLine[] => ledger.lines.filter((line) => line.kind === "event" && line.event === of);
    const entries = joinPolarity(signOfLines(a, taken(old)), signOfLines(b, taken(young)));
    return throughPolarity(own, throughPolarity(young.takeBack === undefined ? 1 : -1, entries));
  }
  return "mixed";
}

/** The effect of a line that is new, gone or other than it was: `from` and `to` are places in the two ledgers' lists. */
export function lineEffect(name: string, from: number | undefined, to: number | undefined, compared: Compared): Polarity {
  const { a, b } = compared;
  const [old, young] = [ledgerOf(a, name), ledgerOf(b, name)];
  if (old === undefined || young === undefined) return "mixed";
  const own = ledgerInfluence(old, young, compared);
  const [before, after] = [old.lines[from ?? -1], young.lines[to ?? -1]];
  if (before === undefined || after === undefined) {
    const sign = before === undefined ? (after === undefined ? "mixed" : lineSign(after, b)) : lineSign(before, a);
    return throughPolarity(own, throughPolarity(before === undefined ? 1 : -1, sign));
  }
  if (before.sign !== after.sign || sourceOf(before) !== sourceOf(after)) return "mixed";
  return joinPolarity(amountEffect(before, after, own, compared), makingEffect(before, after, own, compared));
}

function sourceOf(line: LedgerLine): string {
  if (line.kind === "event") return `event ${line.event}`;
  return line.kind === "date" ? printDates(line.each) : `${printExpression(line.count)} ${printExpression(line.of)}`;
}

function amountEffect(before: LedgerLine, after: LedgerLine, own: Polarity, compared: Compared): Polarity {
  const through = throughPolarity(own, before.sign);
  const amount =
    printExpression(before.amount) === printExpression(after.amount) ? 0 : expressionEffect(before.amount, after.amount, through, compared);
  const [old, young] = [before.atMost, after.atMost];
  if (old === undefined && young === undefined) return amount;
  if (old === undefined || young === undefined) return joinPolarity(amount, throughPolarity(through, young === undefined ? 1 : -1));
  return joinPolarity(amount, constantEffect(old, young, through, compared));
}

/** More entries where `where` and `when` are true more often. */
function makingEffect(before: LedgerLine, after: LedgerLine, own: Polarity, compared: Compared): Polarity {
  const entries = joinPolarity(lineSign(before, compared.a), lineSign(after, compared.b));
  const through = throughPolarity(own, entries);
  const where = [before, after].map((line) => (line.kind === "event" ? line.where : undefined));
  return [where, [before.when, after.when]]
    .filter(([old, young]) => textOf(old) !== textOf(young))
    .map(([old, young]) => conditionEffect(old, young, through, compared))
    .reduce(joinPolarity, 0);
}

function textOf(expression: Expression | undefined): string {
  return expression === undefined ? "" : printExpression(expression);
}

/** Which way an entry of the line pulls the balance; `mixed` when its amount is no fixed number that is at least 0. */
function lineSign(line: LedgerLine, policy: Policy): Polarity {
  const amount = numberIn(line.amount, policy);
  const atMost = line.atMost === undefined ? 0 : numberIn(line.atMost, policy);
  return amount !== undefined && amount >= 0 && atMost !== undefined && atMost >= 0 ? line.sign : "mixed";
}

function signOfLines(policy: Policy, lines: readonly LedgerLine[]): Polarity {
  return lines.map((line) => lineSign(line, policy)).reduce(joinPolarity, 0);
}

/** Unknown where lines read the balance that they make: one entry more may then prevent another. */
function ledgerInfluence(old: Ledger, young: Ledger, compared: Compared): Polarity {
  const readsItself = [old, young].some((ledger) =>
    ledger.lines.some((line) =>
      [line.when, line.amount, line.kind === "event" ? line.where : undefined].some(
        (expression) =>
          expression !== undefined &&
          [...partsOf(expression)].some((part) => part.kind === "reference" && part.to === "ledger" && part.name === ledger.name),
      ),
    ),
  );
  return readsItself ? "mixed" : influenceOf(old.name, compared);
}

function ledgerOf(policy: Policy, name: string): Ledger | undefined {
  return policy.ledgers.find((ledger) => ledger.name === name);
}

function daysOf({ lasts }: Ledger): number {
  return lasts.kind === "days" ? lasts.count : Number.MAX_VALUE;
}
