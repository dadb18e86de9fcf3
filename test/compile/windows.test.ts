/** Windows: which rows and events a metric sees, on every grain. */
import { expect } from "chai";
import { formatDay } from "../../data/foundation/index.ts";
import { evaluationPlan, NEVER } from "../../policies/compile/index.ts";
import type { EvaluationCalendar, Metric, Policy, Window } from "../../policies/language/index.ts";
import { columnOn, panelOf, runOn } from "./histories.ts";
import { binary, days, policyOf, sum, tier } from "./policy-parts.ts";

describe("evaluation dates", () => {
  const cases: readonly [string, "day" | "week" | "month", EvaluationCalendar, readonly string[]][] = [
    [
      "every week on weeks: the Monday after each",
      "week",
      { kind: "every", unit: "week" },
      ["2024-01-08", "2024-01-15", "2024-01-22", "2024-01-29"],
    ],
    [
      "the 1st on weeks, recorded on the last week that ended before it",
      "week",
      { kind: "every", unit: "month" },
      ["-", "-", "-", "2024-02-01"],
    ],
    ["a weekday on weeks", "week", { kind: "weekday", weekday: 6 }, ["2024-01-14", "2024-01-21", "2024-01-28", "2024-02-04"]],
    ["every day on days", "day", { kind: "every", unit: "day" }, ["2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"]],
    ["every month on months", "month", { kind: "every", unit: "month" }, ["2024-02-01", "2024-03-01", "2024-04-01", "2024-05-01"]],
    ["every quarter on months", "month", { kind: "every", unit: "quarter" }, ["-", "-", "2024-04-01", "-"]],
    [
      "day 31, clipped to the month's last",
      "month",
      { kind: "day-of-month", dayOfMonth: 31 },
      ["2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"],
    ],
  ];
  for (const [name, grain, calendar, expected] of cases) {
    it(name, () => {
      const { schema } = panelOf({ a: { measures: { orders: [1, 1, 1, 1] } } }, { grain });
      const dates = [...evaluationPlan(schema, calendar).evaluationDay].map((day) => (day === NEVER ? "-" : formatDay(day)));
      expect(dates).to.deep.equal(expected);
    });
  }

  it("carries score, tiers and columns over rows without evaluation", () => {
    const panel = panelOf({ a: { measures: { orders: [1, 2, 4, 8, 16, 32, 64, 128, 256] } } });
    const policy = { ...summing({ kind: "lifetime" }), movement: monthly };
    expect(columnOn(policy, panel, "sum")).to.deep.equal([null, null, null, 15, 15, 15, 15, 255, 255]);
    expect([...runOn(policy, panel).evaluated]).to.deep.equal([0, 0, 0, 1, 0, 0, 0, 1, 0]);
  });
});

describe("windows", () => {
  const doubling = [1, 2, 4, 8, 16, 32];
  const cases: readonly [string, "day" | "week" | "month", Window, EvaluationCalendar["kind"] | "month", readonly (number | null)[]][] = [
    ["28 days on weeks are four", "week", days(28), "every", [1, 3, 7, 15, 30, 60]],
    ["30 days on weeks are four whole ones", "week", days(30), "every", [1, 3, 7, 15, 30, 60]],
    ["3 days on days", "day", days(3), "every", [1, 3, 7, 14, 28, 56]],
    ["two periods", "month", { kind: "periods", count: 2 }, "month", [1, 3, 6, 12, 24, 48]],
    ["61 days on months: as many as fit whole", "month", days(61), "month", [1, 3, 6, 12, 24, 48]],
    ["59 days on months: February and one of 31, else one", "month", days(59), "month", [1, 2, 4, 8, 16, 32]],
    ["lifetime", "week", { kind: "lifetime" }, "every", [1, 3, 7, 15, 31, 63]],
    ["two calendar months on months", "month", { kind: "calendar", unit: "month", count: 2 }, "month", [1, 3, 6, 12, 24, 48]],
    ["the last whole quarter on months", "month", { kind: "calendar", unit: "quarter", count: 1 }, "month", [0, 0, 7, 7, 7, 56]],
    ["the last whole year is not here yet", "month", { kind: "calendar", unit: "year", count: 1 }, "month", [0, 0, 0, 0, 0, 0]],
  ];
  for (const [name, grain, window, evaluate, expected] of cases) {
    it(name, () => {
      const unit = evaluate === "month" ? "month" : grain;
      const movement: Policy["movement"] = { evaluate: { kind: "every", unit }, promote: { after: 1 }, demote: { after: 1 } };
      const panel = panelOf({ a: { measures: { orders: doubling } } }, { grain });
      expect(columnOn({ ...summing(window), movement }, panel, "sum")).to.deep.equal(expected);
    });
  }

  it("a calendar month on days is whole, and 31 days are not it", () => {
    const ones = { a: { measures: { orders: Array(60).fill(1) }, starting: "2024-01-15" } };
    const policy = (window: Window) => ({ ...summing(window), movement: monthly });
    const at = (window: Window) => columnOn(policy(window), panelOf(ones, { grain: "day" }), "sum");
    const january = at({ kind: "calendar", unit: "month", count: 1 });
    expect([january[15], january[16], january[17], january[44], january[45], january[59]]).to.deep.equal([null, 17, 17, 17, 29, 29]);
    expect(at(days(31))[45]).to.equal(31);
  });

  it("a window reaches over an empty period and stops at the entity's first", () => {
    const panel = panelOf({
      a: { measures: { orders: [5, 0, 0, 0, 7, 0] } },
      b: { measures: { orders: [3, 4] }, starting: "2024-01-22" },
    });
    expect(columnOn(summing(days(21)), panel, "sum")).to.deep.equal([5, 5, 5, 0, 7, 7, 3, 7]);
  });

  it("sees nothing of the periods after the row, whatever is cut off", () => {
    const measures = { orders: [9, 1, 8, 2, 7, 3] };
    const whole = panelOf({ a: { measures } });
    for (let length = 1; length <= 6; length++) {
      const cut = panelOf({ a: { measures: { orders: measures.orders.slice(0, length) } } });
      expect(columnOn(summing(days(14)), whole, "sum").slice(0, length)).to.deep.equal(columnOn(summing(days(14)), cut, "sum"));
    }
  });

  it("refuses a window sum that would no longer be exact, and names whose it is", () => {
    const large = 2 ** 52;
    const panel = panelOf({ big: { measures: { orders: [large, large, 0, 0, 0, large] } } });
    expect(() => columnOn(summing(days(14)), panel, "sum")).to.throw(/the window sum of orders of seller big: 9007199254740992/);
    expect(columnOn(summing(days(7)), panel, "sum")).to.deep.equal([large, large, 0, 0, 0, large]);
  });
});

describe("operands of metrics", () => {
  it("are refused where they would no longer be exact", () => {
    const panel = panelOf({ big: { measures: { orders: [2 ** 27, 2 ** 26], "fee/2": [2 ** 50, 1] } } });
    const product = { ...summing(days(7)), metrics: [sum("sum", binary("orders", "*", "orders"), days(7))] };
    expect(() => columnOn(product, panel, "sum")).to.throw(/an operand of a metric of seller big: 18014398509481984/);
    const scaled = { ...summing(days(7)), metrics: [sum("sum", binary("fee", "+", 0.00001), days(7))] };
    expect(() => columnOn(scaled, panel, "sum")).to.throw(/an operand of a metric of seller big/);
    const plain = { ...summing(days(7)), metrics: [sum("sum", binary("orders", "+", "orders"), days(7))] };
    expect(columnOn(plain, panel, "sum")).to.deep.equal([2 ** 28, 2 ** 27]);
  });
});

describe("counted events", () => {
  const events = [
    { kind: "violation", day: "2023-12-30", known: "2023-12-30" },
    { kind: "violation", day: "2024-01-02", known: "2024-01-02" },
    { kind: "violation", day: "2024-01-02", known: "2024-01-16" },
    { kind: "warning", day: "2024-01-03", known: "2024-01-03" },
    { kind: "violation", day: "2024-01-20", known: "2024-01-21" },
    { kind: "violation", day: "2024-01-22", known: "2024-02-28" },
  ];
  const cases: readonly [string, Window, readonly number[]][] = [
    ["lifetime: from the entity's first period, each from the day that it was known", { kind: "lifetime" }, [1, 1, 3, 3, 3]],
    ["14 days, also from before the first period", days(14), [2, 1, 2, 2, 0]],
    ["12 days, which cut into a week", days(12), [2, 0, 2, 1, 0]],
    ["two periods", { kind: "periods", count: 2 }, [2, 1, 2, 2, 0]],
  ];
  for (const [name, over, expected] of cases) {
    it(name, () => {
      const metric: Metric = { name: "violations", title: "", unit: "count", kind: "count", event: "violation", over };
      const panel = panelOf({
        a: { measures: { orders: [1] } },
        b: { measures: { orders: [0, 0, 0, 0, 0] }, events },
        c: { measures: { orders: [1] }, events: events.slice(1, 2) },
      });
      const policy = policyOf({ metrics: [metric], tiers: [tier("all", undefined)] });
      expect(columnOn(policy, panel, "violations")).to.deep.equal([0, ...expected, 1]);
    });
  }
});

const monthly: Policy["movement"] = { evaluate: { kind: "every", unit: "month" }, promote: { after: 1 }, demote: { after: 1 } };

function summing(over: Window): Policy {
  return policyOf({ metrics: [sum("sum", "orders", over)], tiers: [tier("all", undefined)] });
}
