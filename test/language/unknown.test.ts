/** Which conditions can be unknown at all: only then is a case asked to show one so. */
import { expect } from "chai";
import { conditionsThatCanBeUnknown, readPolicy } from "../../policies/language/index.ts";

const rows = [
  { condition: "late_rate <= 5 %", unknown: true },
  { condition: "late_rate <= 5 % or not late_rate is known", unknown: false },
  { condition: "late_rate is known", unknown: false },
  { condition: "late_rate <= 5 % and low_rate <= 5 % or not (late_rate is known and low_rate is known)", unknown: false },
  { condition: "late_rate <= 5 % or not low_rate is known", unknown: true },
  { condition: "orders_28 >= 10 and strikes < 3", unknown: false },
  { condition: "orders_28 / 12 >= 10", unknown: false },
  { condition: "orders_28 / strikes >= 10", unknown: true },
  { condition: "region = north", unknown: true },
  { condition: "region = north or not region is known", unknown: false },
  { condition: "prompt >= 50", unknown: true },
  { condition: "by_region >= 50", unknown: true },
  { condition: "steady >= 50", unknown: false },
  { condition: "fixed < 3 points", unknown: false },
  { condition: "own_balance < 3 points", unknown: false },
  { condition: "by_event < 3 points", unknown: true },
  { condition: "by_event < 3 points or not by_event is known", unknown: false },
  { condition: "by_metric < 3 points", unknown: true },
  { condition: "by_ledger < 3 points", unknown: true },
  { condition: "line_by_region < 3 points", unknown: true },
  { condition: "other", unknown: true },
  { condition: "not other", unknown: true },
  { condition: "failing_for > 30 days", unknown: false },
] as const;

describe("conditions that can be unknown", () => {
  for (const { condition, unknown } of rows) {
    it(`${condition}: ${unknown ? "can be" : "never"}`, () => {
      const { policy, diagnostics } = readPolicy({ text: policyWith(condition), file: "policy.yaml", load: () => undefined });
      if (policy === undefined) throw new RangeError(diagnostics.map(({ message }) => message).join("\n"));
      expect(conditionsThatCanBeUnknown(policy).has("asked")).to.equal(unknown);
    });
  }
});

function policyWith(condition: string): string {
  return `programme: shop-health
version: 1.0.0
title: Shop health
entity: seller
rationale: One condition of every kind, for the test beside this.
parameters:
  most: { by: region, in: { north: 20 points, south: 40 points } }
metrics:
  late_rate: { share: late of due, over: 28 days }
  low_rate: { share: low of reviews, over: 28 days }
  orders_28: { sum: orders, over: 28 days }
  strikes: { count: violation, over: 28 days }
  failing_for: { unbroken: other }
scores:
  prompt: { from: late_rate, curve: [0 % -> 100, 8 % -> 0] }
  by_region: { value: 80 if region = north else 60 }
  steady: { from: orders_28, curve: [0 -> 0, 100 -> 100] }
ledgers:
  fixed: { start: 0 points, lines: [{ when event: violation, where: severity = high, when: late_rate > 5 %, add: 2 points }] }
  own_balance: { start: 0 points, lines: [{ each: Monday, add: 2 points - 0.1 * own_balance }] }
  by_event: { start: 0 points, lines: [{ when event: violation, add: event.points }] }
  by_metric: { start: 0 points, lines: [{ each: Monday, add: 5 points * late_rate }] }
  by_ledger: { start: 0 points, lines: [{ each: Monday, add: 0.5 * by_event }] }
  line_by_region: { start: 0 points, lines: [{ each: Monday, add: 1 point, at most: most }] }
conditions:
  other: late_rate > 10 %
  asked:
    ${condition}
tiers:
  - good: { when: asked }
  - rest: {}
movement:
  evaluate: every Monday
`;
}
