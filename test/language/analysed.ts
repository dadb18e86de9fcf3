/** Policies by hand for the tests of static analysis, and its findings in lines. */
import { analysePolicy } from "../../policies/language/analyse-policy.ts";
import type { Expression, Ledger, LedgerLine, Metric, Movement, Policy } from "../../policies/language/index.ts";
import { binary, curve, days, named, number, policyOf, share } from "../compile/policy-parts.ts";

/** Every week, at once. */
export const weekly: Movement = { evaluate: { kind: "every", unit: "week" }, promote: { after: 1 }, demote: { after: 1 } };

/** Findings as `code: message`. */
export function found(policy: Policy): readonly string[] {
  return analysePolicy(policy).map(({ code, message }) => `${code}: ${message}`);
}

/** Codes of findings. */
export function codes(policy: Policy): readonly string[] {
  return analysePolicy(policy).map(({ code }) => code);
}

/** A ladder over one score that falls with the late share. */
export function scored(tiers: Policy["tiers"], rest: Partial<Policy> = {}): Policy {
  return policyOf({
    metrics: [share("late", "late", "orders", days(28), 10)],
    scores: [
      curve("overall", "late", [
        [0, 100],
        [0.1, 0],
      ]),
    ],
    tiers,
    otherwise: "unrated",
    ...rest,
  });
}

/** A count of events. */
export function count(name: string, where?: Expression, event = "violation"): Metric {
  return { name, title: name, unit: "count", kind: "count", event, over: days(90), ...(where === undefined ? {} : { where }) };
}

/** A text field of an event compared. */
export function text(name: string, is: string): Expression {
  return { kind: "compare", operator: "=", left: { kind: "reference", to: "event", name }, right: { kind: "text", value: is } };
}

/** A ledger's balance. */
export function points(name: string): Expression {
  return { kind: "reference", to: "ledger", name };
}

/** A ledger called `penalty`. */
export function ledger(lines: readonly LedgerLine[], rest: Partial<Ledger> = {}): Ledger {
  return { name: "penalty", title: "Penalty", unit: "points", start: number(0), lines, lasts: { kind: "ever" }, ...rest };
}

/** A line of two points for every violation. */
export function onEvent(rest: Partial<Extract<LedgerLine, { kind: "event" }>> = {}): LedgerLine {
  return { kind: "event", event: "violation", amount: number(2), sign: 1, ...rest };
}

/** The overall score compared. */
export const score = (operator: string, line: number): Expression => binary(named("score:overall"), operator, line);
/** One and the other. */
export const both = (left: Expression, right: Expression): Expression => binary(left, "and", right);
