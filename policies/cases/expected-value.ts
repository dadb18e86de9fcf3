/** What was found against what is expected, both in words when they differ. */
import { formatDay } from "../../data/foundation/index.ts";
import type { EvaluationTrace } from "../explain/index.ts";
import { type Policy, printLiteral, type ValueUnit } from "../language/index.ts";
import type { CaseRow, Value } from "./both-engines.ts";
import { type Expected, type ExpectedValue, isStateKey, type StateKey } from "./case-file.ts";
import { isWritten } from "./written-number.ts";

/** The two sides of a difference, as they would be written in the file. */
export interface Difference {
  readonly expected: string;
  readonly found: string;
}

/** Undefined when the row is as expected. */
export function differenceOf(
  claim: ExpectedValue,
  row: CaseRow,
  trace: EvaluationTrace | undefined,
  policy: Policy,
  schema: { readonly currency?: string | undefined },
): Difference | undefined {
  const found = isStateKey(claim.name) ? stateOf(claim.name, row, trace) : row.values.get(claim.name);
  if (isMet(claim.value, found)) return undefined;
  const isCondition = policy.conditions.some(({ name }) => name === claim.name);
  const said = sayValue(found, {
    unit: unitOf(policy, claim, found),
    currency: currencyOf(policy, claim.name) ?? schema.currency,
    absent: isCondition ? "unknown" : "missing",
  });
  return { expected: claim.words, found: said === claim.words ? `${said} only when rounded (exactly ${String(found)})` : said };
}

function stateOf(key: StateKey, row: CaseRow, trace: EvaluationTrace | undefined): Value {
  switch (key) {
    case "tier":
      return row.tier;
    case "merited":
      return row.merited;
    case "reason":
      return trace?.reason;
    case "promote_count":
      return row.promoteCount;
    case "demote_count":
      return row.demoteCount;
    case "shielded":
      return row.shielded;
  }
}

function isMet(expected: Expected, found: Value): boolean {
  switch (expected.kind) {
    case "number":
      return typeof found === "number" && isWritten(found, expected.number);
    case "text":
      return found === expected.text;
    case "truth":
      return found === expected.isTrue;
    case "count":
      return found === expected.count;
    case "missing":
    case "unknown":
      return found === undefined;
  }
}

/** Where the policy tells it. */
function currencyOf(policy: Policy, name: string): string | undefined {
  return [...policy.metrics, ...policy.ledgers].find((candidate) => candidate.name === name)?.currency;
}

/** The policy's unit; the written one where the policy leaves it open. */
function unitOf(policy: Policy, { name, value }: ExpectedValue, found: Value): ValueUnit {
  const own = [...policy.metrics, ...policy.ledgers].find((candidate) => candidate.name === name)?.unit ?? "number";
  if (typeof found !== "number" || value.kind !== "number" || (own !== "number" && own !== "count")) return own;
  return value.number.unit === "number" ? own : value.number.unit;
}

/** At most six decimals of what is written. */
function sayValue(
  value: Value,
  { unit, currency, absent }: { readonly unit: ValueUnit; readonly currency: string | undefined; readonly absent: string },
): string {
  if (value === undefined) return absent;
  if (typeof value !== "number") return String(value);
  if (unit === "date") return formatDay(value);
  const decimals = unit === "share" ? 8 : unit === "money" ? 0 : 6;
  const rounded = Number(value.toFixed(decimals));
  return printLiteral({ value: rounded, unit, ...(currency === undefined ? {} : { currency }) });
}
