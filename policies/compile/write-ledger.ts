/**
 * Ledgers as kernel code: one step at every evaluation.
 *
 * In this order: what has expired or is taken back goes; then event by event the lines of events; then the lines of dates and volumes.
 * A line's `when` and `amount` read this evaluation's values, and of the ledger itself the balance just then.
 */
import { unreachable } from "../../data/foundation/index.ts";
import { canLedgerOverflow, type Expression, type Ledger, type LedgerLine, type LineSource } from "../language/checked/index.ts";
import { isOnCalendar, nextOnCalendar } from "./evaluation-plan.ts";
import { NOT_EVER } from "./event-reads.ts";
import { LedgerEntries } from "./ledger-entries.ts";
import type { Names } from "./names.ts";
import { sumsOver } from "./write-chosen-window.ts";
import { constantCode, exactConstant } from "./write-constant.ts";
import { whereTrue } from "./write-event-metric.ts";
import { rescale, writeExact } from "./write-exact.ts";
import { writeNumber, writeTruth } from "./write-expression.ts";

/** Writes a ledger and returns the code of its balance: a name whose value is NaN when it is missing. */
export function writeLedger(names: Names, ledger: Ledger): string {
  const { writer, plan } = names;
  const earlier = names.handover?.earlier.get(ledger.name) ?? [];
  const kept = new LedgerEntries(ledger.lines.length + earlier.length, ledger.name);
  const entries = writer.helper(kept);
  if (names.handover === undefined) writer.entityStatements.push(`${entries}.reset();`);
  else {
    writer.entityStatements.push(`${entries}.open(entity);`);
    writer.closingStatements.push(`${entries}.close(entity);`);
  }
  if (ledger.takeBack !== undefined) writer.reads("eventFirst", "takenBack");
  const multiples = ledger.lines.map((line) => (line.kind === "volume" ? multiplesOf(names, line) : undefined));
  const unsure = multiples.flatMap((code) => (code?.mayBeMissing === true ? [`${code.code} !== ${code.code}`] : []));
  const total = balanceOf(names, ledger, entries, earlier);
  const balance = unsure.length === 0 ? total : `${unsure.join(" || ")} ? NaN : ${total}`;
  kept.takeBack = ledger.takeBack === undefined ? undefined : names.events.takeBack(ledger.takeBack);
  const step: Step = {
    names: { ...names, own: { name: ledger.name, balance: () => writer.keep(balance) } },
    ledger,
    entries,
    knownBy: writer.once("known by", () => writer.keep(`${writer.table(plan.lastDay)}[row + offset]`)),
    takenBack: kept.takeBack === undefined ? undefined : `y${kept.takeBack}`,
  };
  writer.write(`${entries}.expire(day, ${step.knownBy});`);
  writeEvents(step);
  for (const [index, line] of ledger.lines.entries()) {
    if (line.kind === "date") writeDate(step, line, index);
    const found = multiples[index];
    if (found !== undefined) writeVolume(step, line, index, found.code);
  }
  return writer.keep(balance);
}

interface Step {
  readonly names: Names;
  readonly ledger: Ledger;
  readonly entries: string;
  readonly knownBy: string;
  /** The days on which events are taken back. */
  readonly takenBack: string | undefined;
}

type Line<Kind extends LedgerLine["kind"]> = Extract<LedgerLine, { kind: Kind }>;

/** The start, what the lines hold, and what lines of earlier versions left, within bounds. Its constants stand outside, so that it can be read anywhere. */
function balanceOf(names: Names, ledger: Ledger, entries: string, earlier: readonly LineSource[]): string {
  const { start, lines, within } = ledger;
  const terms = lines.map(({ sign, atMost }, index) => {
    const sum = `${entries}.sums[${index}]`;
    const limited = atMost === undefined ? sum : `Math.min(${sum}, ${constantCode(names, atMost)})`;
    return `${sign === 1 ? "+" : "-"} ${limited}`;
  });
  const left = earlier.map(({ sign }, index) => `${sign === 1 ? "+" : "-"} ${entries}.sums[${lines.length + index}]`);
  const sum = [constantCode(names, start), ...terms, ...left].join(" ");
  const total = names.handover !== undefined || canLedgerOverflow(names.policy, ledger) ? names.writer.finite(sum) : sum;
  if (within === undefined) return total;
  return `Math.min(Math.max(${total}, ${constantCode(names, within.lower)}), ${constantCode(names, within.upper)})`;
}

/** Goes through the events that no earlier evaluation saw, each through all lines of its kind. */
function writeEvents(step: Step): void {
  const { names, ledger, takenBack, knownBy } = step;
  const { writer, events } = names;
  if (!ledger.lines.some(({ kind }) => kind === "event")) return;
  writer.reads("eventFirst");
  const event = writer.fresh();
  if (names.handover !== undefined) writer.reads("eventUnseen");
  writer.entityStatements.push(`let ${event} = ${names.handover === undefined ? "eventFirst" : "eventUnseen"}[entity];`);
  const body = writer.block(() => {
    for (const [index, line] of ledger.lines.entries()) {
      if (line.kind !== "event") continue;
      const isTakenBack = takenBack !== undefined && line.event === ledger.takeBack?.of;
      const expires = expiry(step, `eventKnownDay[${event}]`);
      const live = [`${expires} > day`, ...(isTakenBack ? [`${takenBack}[${event}] > ${knownBy}`] : [])].join(" && ");
      const entry = writer.block(() => {
        if (line.where !== undefined) writer.write(`if (${whereTrue(names, event, line.where)}) {`);
        writeEntry({ ...step, names: { ...names, event } }, line, index, (amount) => ({
          amount,
          expires,
          takenBack: isTakenBack ? `${takenBack}[${event}]` : String(NOT_EVER),
          event,
        }));
        if (line.where !== undefined) writer.write("}");
      });
      writer.write(`if (eventKind[${event}] === ${events.kind(line.event)} && ${live}) { ${entry} }`);
    }
  });
  writer.write(`for (; ${event} < eventStart[entity + 1] && eventKnownDay[${event}] <= ${knownBy}; ${event}++) { ${body} }`);
}

function writeDate(step: Step, line: Line<"date">, index: number): void {
  const { writer, plan } = step.names;
  const dates = writer.table(isOnCalendar(plan, line.each));
  const entry = writer.block(() => writeEntry(step, line, index, (amount) => ofToday(step, amount)));
  writer.write(`if (${dates}[row + offset] === 1) { ${entry} }`);
}

/** How often a volume has been reached in the entity's life. While it is missing, so is the ledger, and nothing is counted. */
function multiplesOf(names: Names, { of, count }: Line<"volume">): { readonly code: string; readonly mayBeMissing: boolean } {
  const { writer } = names;
  const [sum, step] = [writeExact(names, of, sumsOver(names, { kind: "lifetime" })), exactConstant(names, count)];
  const scale = Math.max(sum.scale, step.scale);
  // The quotient of two integers below 2^53 is never rounded up to a whole number that it does not reach.
  const [volume, unit] = [rescale(names, sum, scale), rescale(names, step, scale)];
  return {
    code: writer.keep(`${unit} <= 0 ? 0 : Math.max(0, Math.floor(${volume} / ${unit}))`),
    mayBeMissing: sum.mayBeMissing === true || step.mayBeMissing === true,
  };
}

/** One entry for all multiples that this evaluation finds. */
function writeVolume(step: Step, line: LedgerLine, index: number, multiples: string): void {
  const { names, entries } = step;
  const { writer } = names;
  const counted = `${entries}.counted[${index}]`;
  // A line that came with this version begins with what has been reached by then.
  if (names.handover !== undefined) writer.write(`if (${counted} !== ${counted}) ${counted} = ${multiples};`);
  const more = writer.keep(`${multiples} - ${counted}`);
  const entry = writer.block(() => writeEntry(step, line, index, (amount) => ofToday(step, `${amount} * ${more}`)));
  writer.write(`if (${more} > 0) { ${counted} = ${multiples}; ${entry} }`);
}

interface Entry {
  readonly amount: string;
  readonly expires: string;
  readonly takenBack: string;
  /** The event that it is made for. */
  readonly event?: string;
}

/** Makes an entry when the entity is as the line asks. */
function writeEntry({ names, entries }: Step, line: LedgerLine, index: number, make: (amount: string) => Entry): void {
  const { writer } = names;
  const add = writer.block(() => {
    const { amount, expires, takenBack, event } = make(writeNumber(names, line.amount));
    // Which event it was matters only to a later version, which may take back otherwise.
    const made = event === undefined || names.handover === undefined ? "" : `, ${event}`;
    writer.write(`${entries}.add(${index}, ${amount}, ${expires}, ${takenBack}${made});`);
  });
  writer.write(line.when === undefined ? add : `${conditional(names, line.when)} { ${add} }`);
}

function conditional(names: Names, when: Expression): string {
  return `if (${writeTruth(names, when).yes})`;
}

function ofToday(step: Step, amount: string): Entry {
  return { amount, expires: expiry(step, "day"), takenBack: String(NOT_EVER) };
}

/** The day on which an entry of a day ends. */
function expiry({ names, ledger: { lasts } }: Step, day: string): string {
  const { writer, plan } = names;
  switch (lasts.kind) {
    case "ever":
      return String(NOT_EVER);
    case "days":
      return `${day} + ${lasts.count}`;
    case "until":
      return writer.once(`next ${JSON.stringify(lasts.calendar)}`, () =>
        writer.keep(`${writer.table(nextOnCalendar(plan, lasts.calendar))}[row + offset]`),
      );
    default:
      return unreachable(lasts);
  }
}
