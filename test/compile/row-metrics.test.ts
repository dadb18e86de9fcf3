/** Metrics of rows and states, bounds of shares, curves without ends, and parameters that depend on a text. One row a week. */
import { expect } from "chai";
import {
  type Expression,
  type Metric,
  type Parameter,
  type Policy,
  type Score,
  type Window,
  zOfLevel,
} from "../../policies/language/index.ts";
import { columnOn, type History, type PanelOptions, panelOf } from "./histories.ts";
import {
  binary,
  byRegion,
  curve,
  last,
  named,
  number,
  parameter,
  policyOf,
  share,
  sum,
  text,
  tier,
  value,
  weighted,
} from "./policy-parts.ts";

const periods = (count: number): Window => ({ kind: "periods", count });

function at(parts: Partial<Policy>, history: History, name = "m", options: PanelOptions = {}): (number | null)[] {
  return columnOn(policyOf({ tiers: [tier("all", undefined)], ...parts }), panelOf({ a: history }, options), name);
}

describe("percentiles", () => {
  const measures = { "hours/1": [30, 10, null, 20, 40, null] };
  const percentile = (part: number, over: Window, atLeastPeriods?: number): Metric => ({
    name: "m",
    title: "",
    unit: "hours",
    kind: "percentile",
    part: number(part),
    measure: "hours",
    over,
    ...(atLeastPeriods === undefined ? {} : { atLeastPeriods }),
  });
  const cases: readonly [string, Metric, readonly (number | null)[]][] = [
    ["the smallest value that half do not exceed", percentile(0.5, { kind: "lifetime" }), [3, 1, 1, 2, 2, 2]],
    ["all of them: the largest", percentile(1, { kind: "lifetime" }), [3, 3, 3, 3, 4, 4]],
    ["a part at a step exactly takes it", percentile(0.75, { kind: "lifetime" }), [3, 3, 3, 3, 3, 3]],
    ["a bit more takes the next", percentile(0.76, { kind: "lifetime" }), [3, 3, 3, 3, 4, 4]],
    ["of the window's rows; none is missing", percentile(0.5, periods(1)), [3, 1, null, 2, 4, null]],
    ["fewer rows with a value than asked: missing", percentile(0.5, periods(3), 2), [null, 1, 1, 1, 2, 2]],
  ];
  for (const [name, metric, expected] of cases) {
    it(name, () => expect(at({ metrics: [metric] }, { measures }, "m", { levels: ["hours/1"] })).to.deep.equal(expected));
  }
});

describe("the largest text", () => {
  const history = {
    measures: { orders: [5, 3, 3, 9, 0, 0], bad: [0, 3, 0, 0, 0, 0] },
    categories: ["toys", "books", "art", undefined, "toys", "books"],
  };
  const largest = (of: Expression, over: Window): Metric => ({
    name: "m",
    title: "",
    unit: "number",
    kind: "largest",
    of,
    by: "category",
    over,
  });
  // A dated attribute is carried: row 4 is art too. Codes: art 0, books 1, toys 2.
  const cases: readonly [string, Metric, readonly (number | null)[]][] = [
    ["by its sum over the window; a tie goes to the first in order", largest(named("orders"), periods(2)), [2, 2, 0, 0, 0, null]],
    ["of an operand", largest(binary("orders", "-", "bad"), { kind: "lifetime" }), [2, 2, 2, 0, 0, 0]],
    ["missing when no sum is above 0", largest(binary("orders", "*", 0), { kind: "lifetime" }), [null, null, null, null, null, null]],
  ];
  for (const [name, metric, expected] of cases) {
    it(name, () => expect(at({ metrics: [metric] }, history)).to.deep.equal(expected));
  }

  it("is compared as a text, and may be unknown", () => {
    const expressions: Readonly<Record<string, Expression>> = {
      is: binary(named("metric:m"), "=", text("toys")),
      not: binary(named("metric:m"), "!=", text("toys")),
      member: { kind: "member", operand: named("metric:m"), values: ["art", "books"] },
      known: { kind: "known", operand: named("metric:m") },
      same: binary(named("metric:m"), "=", named("attribute:category")),
    };
    const conditions = Object.entries(expressions).map(([name, expression]) => ({ name, title: name, expression }));
    const parts = { metrics: [largest(named("orders"), periods(2))], conditions };
    const columns = Object.fromEntries(Object.keys(expressions).map((name) => [name, at(parts, history, name)]));
    expect(columns).to.deep.equal({
      is: [1, 1, 0, 0, 0, null],
      not: [0, 0, 1, 1, 1, null],
      member: [0, 0, 1, 1, 1, null],
      known: [1, 1, 1, 1, 1, 0],
      same: [1, 0, 1, 1, 0, null],
    });
  });

  it("chooses a parameter", () => {
    const byCategory: Parameter = {
      name: "line",
      title: "",
      unit: "number",
      by: { to: "metric", name: "m" },
      values: [
        { text: "toys", value: 10 },
        { text: "art", value: 20 },
        { text: "books", value: 30 },
      ],
    };
    const metrics = [largest(named("orders"), periods(2)), value("n", binary("parameter:line", "+", 1))];
    expect(at({ metrics, parameters: [byCategory] }, history, "n")).to.deep.equal([11, 11, 21, 21, 21, null]);
  });
});

describe("unbroken runs", () => {
  it("count days from the first evaluation at which the condition was true; false and unknown end them", () => {
    const history = { measures: { x: [1, 1, 0, 1, null, 1, 1, 1] } };
    const conditions = [{ name: "fails", title: "", expression: binary("metric:x", ">=", 1) }];
    const metrics: readonly Metric[] = [last("x", "x"), { name: "m", title: "", unit: "days", kind: "unbroken", condition: "fails" }];
    expect(at({ metrics, conditions }, history, "m", { levels: ["x"] })).to.deep.equal([0, 7, 0, 0, 0, 0, 7, 14]);
    // The next entity's run is its own.
    const panel = panelOf({ a: { measures: { x: [1, 1] } }, b: { measures: { x: [1, 1] } } }, { levels: ["x"] });
    expect(columnOn(policyOf({ metrics, conditions, tiers: [tier("all", undefined)] }), panel, "m")).to.deep.equal([0, 7, 0, 7]);
  });
});

describe("Wilson bounds", () => {
  const history = { measures: { bad: [0, 1, 10, 3, 0, 11], all: [10, 10, 10, 30, 0, 10] } };
  const bound = (side: "lower" | "upper", atLeast?: number): Metric =>
    ({ ...share("m", "bad", "all", periods(1), atLeast), wilson: { side, level: number(0.95) } }) as Metric;

  it("are the ends of the score interval; exactly 0 and 1 at none and all; missing where there is no share", () => {
    // Published values for 95 %: 0 of 10: 0 to 0.2775; 1 of 10: 0.0179 to 0.4042; 10 of 10: 0.7225 to 1; 3 of 30: 0.0346 to 0.2562.
    const rounded = (side: "lower" | "upper") =>
      at({ metrics: [bound(side)] }, history).map((end) => (end === null ? null : Number(end.toFixed(4))));
    expect(rounded("lower")).to.deep.equal([0, 0.0179, 0.7225, 0.0346, null, null]);
    expect(rounded("upper")).to.deep.equal([0.2775, 0.4042, 1, 0.2562, null, null]);
    expect(at({ metrics: [bound("upper", 20)] }, history)).to.deep.equal([
      null,
      null,
      null,
      at({ metrics: [bound("upper")] }, history)[3],
      null,
      null,
    ]);
    const z = zOfLevel(0.95);
    const [p, n, zz] = [0.1, 10, z * z];
    const center = p + zz / (2 * n);
    const margin = z * Math.sqrt((p * (1 - p)) / n + zz / (4 * n * n));
    expect(at({ metrics: [bound("lower")] }, history)[1]).to.equal((center - margin) / (1 + zz / n));
  });
});

describe("values", () => {
  it("stay within their bounds", () => {
    const within = { lower: number(0), upper: number(10) };
    const metric = { ...value("m", binary("metric:x", "*", 3)), within } as Metric;
    const history = { measures: { x: [-1, 2, 4, null] } };
    expect(at({ metrics: [last("x", "x"), metric] }, history, "m", { levels: ["x"] })).to.deep.equal([0, 6, 10, null]);
  });

  it("as scores are cut to 0 to 100, then rounded", () => {
    const score: Score = { name: "m", title: "", round: 1, kind: "value", expression: binary("metric:x", "*", 12.34) };
    const history = { measures: { x: [-1, 2, 9, null] } };
    const parts = { metrics: [last("x", "x")], scores: [score, weighted("w", { m: 1 })] };
    expect(at(parts, history, "m", { levels: ["x"] })).to.deep.equal([0, 24.7, 100, null]);
    expect(at(parts, history, "w", { levels: ["x"] })).to.deep.equal([0, 24.7, 100, null]);
  });
});

describe("logistic curves", () => {
  it("go through their two anchors and never end", () => {
    const score = { ...curve("s", "x", [[4, 50], [8, 10]]), shape: "logistic" } as Score; // biome-ignore format: one line reads better
    const history = { measures: { x: [4, 8, 0, 6, null] } };
    // Halfway, at 6, the odds are the geometric middle: 1 and 1/9 give 1/3, so 25. At 0 they are 9: 90.
    expect(at({ metrics: [last("x", "x")], scores: [score] }, history, "s", { levels: ["x"] })).to.deep.equal([50, 10, 90, 25, null]);
  });
});

describe("parameters by text", () => {
  const measures = { late: [1], due: [10] };
  const histories = { br: { measures, attributes: { region: "BR" } }, mx: { measures, attributes: { region: "MX" } }, none: { measures } };
  const panel = panelOf(histories);
  const parameters = [
    byRegion("line", { MX: 0.2, BR: 0.4 }),
    byRegion("points", { BR: 80, MX: 60 }),
    byRegion("least", { BR: 11, MX: 10 }),
  ];
  const x = share("x", "late", "due", periods(1));
  const under = (parts: Partial<Policy>, name: string) =>
    columnOn(policyOf({ parameters, metrics: [x], tiers: [tier("all", undefined)], ...parts }), panel, name);
  const anchors = [
    { x: number(0), y: parameter("points") },
    { x: parameter("line"), y: number(0) },
  ];

  it("in expressions and comparisons", () => {
    const conditions = [{ name: "c", title: "", expression: binary("metric:x", "<", parameter("line")) }];
    expect(under({ conditions }, "c")).to.deep.equal([1, 1, null]);
  });

  it("in curves of every shape: missing with an anchor", () => {
    const shaped = (shape: "linear" | "step") =>
      [{ name: "s", title: "", round: 6, kind: "curve", from: { to: "metric", name: "x" }, shape, anchors }] as const;
    // BR: 80 at 0, 0 at 0.4; MX: 60 at 0, 0 at 0.2; x is 0.1.
    expect(under({ scores: shaped("linear") }, "s")).to.deep.equal([60, 30, null]);
    expect(under({ scores: shaped("step") }, "s")).to.deep.equal([80, 60, null]);
    const logistic: Score = {
      name: "s",
      title: "",
      round: 6,
      kind: "curve",
      from: { to: "metric", name: "x" },
      shape: "logistic",
      anchors: [
        { x: number(0.1), y: parameter("points") },
        { x: number(0.3), y: number(10) },
      ],
    };
    expect(under({ scores: [logistic] }, "s")).to.deep.equal([80, 60, null]);
  });

  it("as weights: missing with one, also where parts are shared out", () => {
    const plain = curve("a", "x", [[0.1, 50]]);
    const gone = curve("b", "n", [[0, 50]]);
    const other = curve("c", "x", [[0.1, 100]]);
    const missing = value("n", binary(1, "/", 0));
    const weigh = (kind: "propagate" | "share-out", parts: readonly string[]): Partial<Policy> => ({
      metrics: [x, missing],
      scores: [
        plain,
        gone,
        other,
        {
          name: "w",
          title: "",
          round: 6,
          kind: "weighted",
          missing: { kind },
          parts: parts.map((score, index) => ({ score, weight: index === 0 ? parameter("points") : number(20) })),
        },
      ],
    });
    // BR: (80 x 50 + 20 x 100) / 100 = 60; MX: (60 x 50 + 20 x 100) / 80 = 62.5.
    expect(under(weigh("propagate", ["a", "c"]), "w")).to.deep.equal([60, 62.5, null]);
    expect(under(weigh("share-out", ["b", "c"]), "w")).to.deep.equal([100, 100, null]);
  });

  it("as least volumes, priors, strengths and factors inside sums", () => {
    const atLeast = { ...x, atLeast: { of: named("due"), count: parameter("least") } } as Metric;
    expect(under({ metrics: [atLeast] }, "x")).to.deep.equal([null, 0.1, null]);
    const shrunk = { ...x, shrink: { prior: parameter("line"), strength: number(10) } } as Metric;
    expect(under({ metrics: [shrunk] }, "x")).to.deep.equal([(1 + 0.4 * 10) / 20, (1 + 0.2 * 10) / 20, null]);
    const scaled = sum("x", binary("due", "*", parameter("line")), periods(1));
    expect(under({ metrics: [scaled] }, "x")).to.deep.equal([4, 2, null]);
    const wilson = { ...x, wilson: { side: "upper", level: parameter("line") } } as Metric;
    expect(under({ metrics: [wilson] }, "x").map((end) => end !== null && end > 0.1)).to.deep.equal([true, true, false]);
  });
});
