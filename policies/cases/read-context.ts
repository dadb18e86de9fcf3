/** What the readers of the parts of a case file share. */
import { type Day, type DiagnosticCode, type Grain, nearestName, parseDay } from "../../data/foundation/index.ts";
import type { Unit } from "../../data/panel/index.ts";
import type { Policy } from "../language/index.ts";
import { type MapNode, type Problems, placeOf, type TextNode } from "../language/index.ts";
import type { WrittenNumber } from "./case-file.ts";
import type { PolicyReads } from "./policy-reads.ts";

/** The policy whose cases are read, and where faults are collected. */
export interface ReadContext {
  readonly policy: Policy;
  readonly reads: PolicyReads;
  readonly grain: Grain;
  /** Units of measures that are no counts. */
  readonly units: ReadonlyMap<string, Unit>;
  /** Of the amounts in histories, where the file names it. */
  readonly currency?: string;
  readonly problems: Problems;
}

/** Refuses an amount in another currency than it stands for. */
export function refuseCurrency(
  node: TextNode,
  { found, expected, what }: { readonly found: string | undefined; readonly expected: string | undefined; readonly what: string },
  problems: Problems,
): void {
  if (found === undefined || expected === undefined || found === expected) return;
  problems.add("currency-mismatch", placeOf(node), {
    message: `${what} is in ${expected}, and '${node.text.slice(0, 40)}' in ${found}`,
    found,
    expected,
    cure: `Write the amount in ${expected}.`,
  });
}

/** A day, or undefined with a problem. */
export function readDay(node: TextNode, problems: Problems, offset = 0, text = node.text): Day | undefined {
  const day = parseDay(text);
  if (day === undefined) {
    const isMonth = /^\d{4}-(?:0[1-9]|1[0-2])$/.test(text);
    problems.add("bad-form", placeOf(node, offset), {
      message: `'${text.slice(0, 40)}' is ${isMonth ? "a month, " : ""}not a day`,
      found: text.slice(0, 40),
      expected: isMonth ? `${text}-01` : "2024-02-29",
      cure: isMonth ? `Name a month by one of its days, such as ${text}-01.` : "Write a day of the calendar as year-month-day.",
    });
  }
  return day;
}

/** Refuses keys that are not known, each with the near name. */
export function refuseUnknownKeys(
  map: MapNode,
  known: readonly string[],
  problem: { readonly code: DiagnosticCode; readonly say: (key: string) => string; readonly problems: Problems },
): void {
  for (const { key } of map.entries) {
    if (known.includes(key.text)) continue;
    problem.problems.add(problem.code, placeOf(key), {
      message: problem.say(key.text.slice(0, 80)),
      found: key.text.slice(0, 80),
      expected: known.join(", "),
      near: nearestName(key.text, known),
    });
  }
}

/** Refuses a number that is written in another unit than what it stands for; one without a unit is in the right one. */
export function refuseOtherUnit(
  node: TextNode,
  { unit }: WrittenNumber,
  column: { readonly name: string; readonly unit: Unit; readonly cure: string },
  problems: Problems,
): void {
  if (unit === "number" || unit === column.unit) return;
  const words = (one: string) => (one === "count" || one === "money" ? one : one === "share" ? "a share" : one);
  problems.add("unit-mismatch", placeOf(node), {
    message: `'${column.name}' is ${column.unit === "count" ? "a count" : words(column.unit)}, and '${node.text.slice(0, 40)}' is ${words(unit)}`,
    found: unit,
    expected: column.unit,
    cure: column.cure,
  });
}
