/** Metrics of events: which ones count, how many agree, how many differ, and how long ago the latest was. Evaluations are Mondays. */
import { expect } from "chai";
import type { Expression, Metric, Window } from "../../policies/language/index.ts";
import { columnOn, panelOf, type TestEvent } from "./histories.ts";
import { binary, byRegion, choice, days, named, namedWindow, number, parameter, policyOf, text, tier, value } from "./policy-parts.ts";

const violation = (known: string, severity = "", topic = "", points?: number): TestEvent => ({
  kind: "violation",
  known,
  fields: { severity, topic },
  ...(points === undefined ? {} : { points }),
});

const events = [
  violation("2023-12-31", "high", "fakes", 9),
  violation("2024-01-01", "high", "fakes", 1),
  violation("2024-01-03", "low", "fakes", 2),
  violation("2024-01-10", "high", "spam", 3),
  { kind: "warning", known: "2024-01-11" },
  violation("2024-01-16", "", "spam"),
  violation("2024-01-17", "high", "", 4),
  violation("2024-01-23", "low", "spam", 5),
];
const severity = named("event:severity");
const isHigh = binary(severity, "=", text("high"));
const member = (...values: string[]): Expression => ({ kind: "member", operand: severity, values });

function at(metric: Metric, extra: Partial<Parameters<typeof policyOf>[0]> = {}): (number | null)[] {
  const panel = panelOf({
    a: { measures: { orders: [1] } },
    b: { measures: { orders: [2, 3, 1, 4, 1] }, events, attributes: { region: "MX" } },
    c: { measures: { orders: [1] } },
  });
  const policy = policyOf({ metrics: [metric], tiers: [tier("all", undefined)], ...extra });
  return columnOn(policy, panel, metric.name).slice(1, -1);
}

function count(where: Expression | undefined, over: Window, alike?: string): Metric {
  const more = { ...(where === undefined ? {} : { where }), ...(alike === undefined ? {} : { alike }) };
  return { name: "m", title: "", unit: "count", kind: "count", event: "violation", over, ...more };
}

describe("counts of events", () => {
  const life: Window = { kind: "lifetime" };
  const cases: readonly [string, Expression | undefined, Window, readonly number[]][] = [
    ["where a text is equal", isHigh, life, [1, 2, 3, 3, 3]],
    ["where it differs: an event without one is unknown, and does not count", binary(severity, "!=", text("high")), life, [1, 1, 1, 2, 2]],
    ["where it is among some", member("high", "nowhere"), life, [1, 2, 3, 3, 3]],
    ["where nothing ever is so", member("nowhere"), life, [0, 0, 0, 0, 0]],
    ["where a text is there", { kind: "known", operand: severity }, life, [2, 3, 4, 5, 5]],
    ["where two texts agree", binary(severity, "=", named("event:topic")), life, [0, 0, 0, 0, 0]],
    ["by points; none is unknown", binary(named("event:points"), ">=", number(2)), life, [1, 2, 3, 4, 4]],
    [
      "by number, which counts those from before the first period too",
      binary(named("event:number"), "<=", number(2)),
      life,
      [1, 1, 1, 1, 1],
    ],
    ["within days, as they were known, also before the first period", isHigh, days(14), [2, 2, 2, 1, 0]],
    ["back to a volume of orders: weeks 1, 2, 2 to 3, 4, 4 to 5", undefined, volume(3), [2, 1, 3, 1, 1]],
    ["back to a volume, where", isHigh, volume(3), [1, 1, 2, 0, 0]],
    ["back to a volume that is never reached: all of it", undefined, volume(1000), [2, 3, 5, 6, 6]],
    ["back to no volume: the row alone", undefined, volume(0), [2, 1, 2, 1, 0]],
  ];
  for (const [name, where, over, expected] of cases) {
    it(name, () => expect(at(count(where, over))).to.deep.equal(expected));
  }

  it("in a window that is chosen by name", () => {
    const when = { of: named("orders"), over: { kind: "periods", count: 1 }, operator: ">=", count: number(3) } as const;
    const windows = [namedWindow("lookback", { kind: "periods", count: 1 }, when, life)];
    // Weeks 2 and 4 have 3 orders or more: their own events only.
    expect(at(count(undefined, { kind: "named", name: "lookback" }), { windows })).to.deep.equal([2, 1, 5, 1, 6]);
    expect(at(count(isHigh, { kind: "named", name: "lookback" }), { windows })).to.deep.equal([1, 1, 3, 0, 3]);
  });

  it("by a parameter that depends on a text of the entity", () => {
    const where = binary(named("event:points"), ">=", parameter("severe"));
    expect(at(count(where, life), { parameters: [byRegion("severe", { MX: 3, BR: 1 })] })).to.deep.equal([0, 1, 2, 3, 3]);
  });

  it("that agree in a field: the most; an event without one agrees with nothing", () => {
    expect(at(count(undefined, life, "topic"))).to.deep.equal([2, 2, 2, 3, 3]);
    expect(at(count(isHigh, life, "topic"))).to.deep.equal([1, 1, 1, 1, 1]);
    expect(at(count(undefined, days(7), "severity"))).to.deep.equal([1, 1, 1, 1, 0]);
  });

  it("that differ in a field", () => {
    const distinct = (where?: Expression): Metric => ({
      name: "m",
      title: "",
      unit: "count",
      kind: "distinct",
      event: "violation",
      field: "topic",
      over: life,
      ...(where === undefined ? {} : { where }),
    });
    expect(at(distinct())).to.deep.equal([1, 2, 2, 2, 2]);
    expect(at(distinct(binary(severity, "=", text("low"))))).to.deep.equal([1, 1, 1, 2, 2]);
  });
});

describe("days since an event", () => {
  it("run from the day that the latest was known; missing before", () => {
    const since = (from: string): Metric => ({ name: "m", title: "", unit: "days", kind: "since", from });
    // Known 3, 10, 17, 23 January; evaluated 8, 15, 22, 29 January, 5 February.
    expect(at(since("violation"))).to.deep.equal([5, 5, 5, 6, 13]);
    expect(at(since("warning"))).to.deep.equal([null, 4, 11, 18, 25]);
    expect(at(since("appeal_granted"))).to.deep.equal([null, null, null, null, null]);
  });
});

describe("the evaluation's date", () => {
  it("is compared with dates, and counts as a number", () => {
    const old = binary(named("today"), "<", { kind: "number", value: 19_737, unit: "date" });
    // Day 19737 is 2024-01-15.
    const metric = value("m", choice(old, number(1), number(0)));
    expect(at(metric)).to.deep.equal([1, 0, 0, 0, 0]);
  });
});

function volume(orders: number): Window {
  return { kind: "volume", of: named("orders"), count: number(orders) };
}
