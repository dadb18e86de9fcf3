/** Windows that depend on the history: chosen by name, or back to a volume. One row a week. */
import { expect } from "chai";
import type { NamedWindow, PlainWindow, Policy, Window } from "../../policies/language/index.ts";
import { columnOn, panelOf } from "./histories.ts";
import { binary, byRegion, named, namedWindow, number, parameter, policyOf, share, sum, tier } from "./policy-parts.ts";

const periods = (count: number) => ({ kind: "periods", count }) as const;
const measures = { orders: [4, 1, 6, 0, 2, 10], bad: [1, 1, 2, 0, 1, 5] };
const panel = panelOf({ a: { measures } });

function sumOf(over: Window, rest: Partial<Policy> = {}, measure = "bad"): (number | null)[] {
  return columnOn(policyOf({ metrics: [sum("m", measure, over)], tiers: [tier("all", undefined)], ...rest }), panel, "m");
}

describe("windows by volume", () => {
  const last = (count: number): Window => ({ kind: "volume", of: named("orders"), count: number(count) });

  it("take whole rows back, the row itself first, until there is enough", () => {
    // 5 orders: rows 1; 1-2; 3; 3-4; 3-5 (2, 0, 6); 6. Never reached in the first row: all of it.
    expect(sumOf(last(5), {}, "orders")).to.deep.equal([4, 5, 6, 6, 8, 10]);
    expect(sumOf(last(5))).to.deep.equal([1, 2, 2, 2, 3, 5]);
  });

  it("are the row alone for nothing, and the whole life for what never comes", () => {
    expect(sumOf(last(0))).to.deep.equal(measures.bad);
    expect(sumOf(last(1000))).to.deep.equal([1, 2, 4, 4, 5, 10]);
  });

  it("reach back over an operand, and serve every metric alike", () => {
    const over: Window = { kind: "volume", of: binary("orders", "-", "bad"), count: number(4) };
    // Good orders 3 0 4 0 1 5: rows 1; 1-2; 3; 3-4; 3-5; 6.
    const policy = policyOf({ metrics: [share("m", "bad", "orders", over, 5)], tiers: [tier("all", undefined)] });
    expect(columnOn(policy, panel, "m")).to.deep.equal([null, 2 / 5, 2 / 6, 2 / 6, 3 / 8, 5 / 10]);
  });

  it("are refused where sums would no longer be exact", () => {
    const big = panelOf({ big: { measures: { orders: [2 ** 52, 2 ** 52, 0], bad: [1, 1, 1] } } });
    const policy = policyOf({ metrics: [sum("m", "bad", last(5))], tiers: [tier("all", undefined)] });
    expect(() => columnOn(policy, big, "m")).to.throw(/the window sum of orders of seller big/);
  });

  it("by a count that depends on a text: the metric is missing while the text is", () => {
    const histories = { mx: { measures, attributes: { region: "MX" } }, none: { measures } };
    const over: Window = { kind: "volume", of: named("orders"), count: parameter("enough") };
    const policy = policyOf({
      parameters: [byRegion("enough", { MX: 5 })],
      metrics: [sum("m", "bad", over)],
      tiers: [tier("all", undefined)],
    });
    expect(columnOn(policy, panelOf(histories), "m")).to.deep.equal([1, 2, 2, 2, 3, 5, null, null, null, null, null, null]);
  });
});

describe("windows by name", () => {
  const choose = (then: PlainWindow, operator: ">=" | "=", count: NamedWindow["when"]["count"], otherwise: PlainWindow): NamedWindow => {
    return namedWindow("lookback", then, { of: named("orders"), over: periods(2), operator, count }, otherwise);
  };
  const over: Window = { kind: "named", name: "lookback" };

  it("are chosen anew at every evaluation", () => {
    // Orders over two rows: 4 5 7 6 2 12.
    const windows = [choose(periods(1), ">=", number(5), { kind: "lifetime" })];
    expect(sumOf(over, { windows })).to.deep.equal([1, 1, 2, 0, 5, 5]);
    expect(sumOf(over, { windows: [choose(periods(1), "=", number(7), periods(3))] })).to.deep.equal([1, 2, 2, 3, 3, 6]);
  });

  it("by a count that depends on a text: the metric is missing while the text is", () => {
    const histories = { mx: { measures, attributes: { region: "MX" } }, none: { measures } };
    const policy = policyOf({
      parameters: [byRegion("enough", { MX: 5 })],
      windows: [choose(periods(1), ">=", parameter("enough"), { kind: "lifetime" })],
      metrics: [sum("m", "bad", over)],
      tiers: [tier("all", undefined)],
    });
    expect(columnOn(policy, panelOf(histories), "m")).to.deep.equal([1, 1, 2, 0, 5, 5, null, null, null, null, null, null]);
  });
});
