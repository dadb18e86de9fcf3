/** Metrics, scores and conditions: exact at every bound, missing where something is missing. */
import { expect } from "chai";
import fastCheck from "fast-check";
import { randomStream } from "../../data/foundation/index.ts";
import { roundExactly } from "../../policies/compile/decimal.ts";
import { compilePolicy } from "../../policies/compile/index.ts";
import { makeKernel } from "../../policies/compile/kernel-writer.ts";
import type { Condition, Expression, Metric, Policy, Score } from "../../policies/language/index.ts";
import { columnOn, panelOf, runOn, tiersOn } from "./histories.ts";
import { binary, choice, curve, days, known, last, named, number, policyOf, share, sum, tier, value, weighted } from "./policy-parts.ts";

const week = days(7);

describe("metrics", () => {
  const measures = {
    late: [1, 0, 3, 5, 0],
    due: [3, 0, 19, 20, 20],
    "fee/2": [150, 25, 0, 10, 5],
    "gmv/money": [999, 100, 0, 1, 7],
    "rating/2": [450, null, 300, null, 1],
  };
  const panel = panelOf({ a: { measures, attributes: { opened_on: "2024-01-15" } } }, { levels: ["rating/2"] });
  const shrink = { prior: number(0.06), strength: number(20) };
  const cases: readonly [string, Metric, readonly (number | null)[]][] = [
    ["a share is one division; nothing over nothing is missing", share("m", "late", "due", week), [1 / 3, null, 3 / 19, 0.25, 0]],
    ["below the minimum volume a share is missing, at it not", share("m", "late", "due", week, 20), [null, null, null, 0.25, 0]],
    [
      "shrinking comes after both decisions",
      { ...share("m", "late", "due", week, 3), shrink } as Metric,
      [(1 + 0.06 * 20) / 23, null, (3 + 0.06 * 20) / 39, (5 + 0.06 * 20) / 40, (0 + 0.06 * 20) / 40],
    ],
    [
      "parts and wholes are expressions of sums",
      share("m", binary("due", "-", "late"), binary("due", "+", "late"), week),
      [0.5, null, 16 / 22, 0.6, 1],
    ],
    ["decimals are scaled as integers before the division", share("m", "fee", "due", week), [150 / 300, null, 0, 10 / 2000, 5 / 2000]],
    ["a literal keeps its decimals", share("m", binary(0.3, "*", "late"), "due", week), [3 / 30, null, 9 / 190, 15 / 200, 0]],
    [
      "a mean of money stays in minor units",
      { ...share("m", "gmv", "due", week), kind: "mean", sum: named("gmv"), count: named("due") } as Metric,
      [333, null, 0, 0.05, 0.35],
    ],
    ["a sum is one division by its decimals", sum("m", "fee", week), [1.5, 0.25, 0, 0.1, 0.05]],
    [
      "a sum below its minimum volume is missing",
      { ...sum("m", "fee", week), atLeast: { of: named("due"), count: number(19) } } as Metric,
      [null, null, 0, 0.1, 0.05],
    ],
    ["a level as it stands", last("m", "rating"), [4.5, null, 3, null, 0.01]],
    ["days since, once it has happened", { name: "m", title: "", unit: "days", kind: "since", from: "opened_on" }, [null, 0, 7, 14, 21]],
  ];
  for (const [name, metric, expected] of cases) {
    it(name, () => expect(columnOn(withParts([metric]), panel, "m")).to.deep.equal(expected));
  }
});

describe("expressions", () => {
  const x = [4, -2.5, 0, null, 2.5];
  const panel = panelOf({ a: { measures: { "x/1": x.map((v) => (v === null ? null : v * 10)) } } }, { levels: ["x/1"] });
  const metrics = [last("x", "x")];
  const call = (name: "min" | "max" | "clamp" | "floor" | "ceil" | "round" | "abs", ...rest: number[]): Expression => ({
    kind: "call",
    function: name,
    arguments: [named("metric:x"), ...rest.map(number)],
  });
  const cases: readonly [string, Expression, readonly (number | null)[]][] = [
    ["division by zero is missing", binary(1, "/", "metric:x"), [0.25, -0.4, null, null, 0.4]],
    ["missing spreads through arithmetic", binary("metric:x", "+", 1), [5, -1.5, 1, null, 3.5]],
    ["and through min", call("min", 1), [1, -2.5, 0, null, 1]],
    ["and through clamp", call("clamp", -1, 3), [3, -1, 0, null, 2.5]],
    ["round goes away from zero at ties", call("round"), [4, -3, 0, null, 3]],
    [
      "floor, ceil and abs",
      binary(binary(call("floor"), "*", 100), "+", binary(binary(call("ceil"), "*", 10), "+", call("abs"))),
      [444, -317.5, 0, null, 232.5],
    ],
    ["an if whose condition is unknown is missing", choice(binary("metric:x", ">", 0), number(1), number(2)), [1, 2, 2, null, 1]],
  ];
  for (const [name, expression, expected] of cases) {
    it(name, () => expect(columnOn(withParts([...metrics, value("m", expression)]), panel, "m").map((v) => v)).to.deep.equal(expected));
  }
});

describe("conditions", () => {
  // x runs over true, false, unknown for x > 0; y likewise.
  const signs = [1, -1, null];
  const pairs = signs.flatMap((a) => signs.map((b) => [a, b] as const));
  const panel = panelOf({ a: { measures: { x: pairs.map(([a]) => a), y: pairs.map(([, b]) => b) } } }, { levels: ["x", "y"] });
  const [p, q] = [binary("metric:x", ">", 0), binary("metric:y", ">", 0)];
  const not = (operand: Expression): Expression => ({ kind: "not", operand });
  const choose = choice(p, q, not(q));
  const cases: readonly [string, Expression, readonly (number | null)[]][] = [
    ["and", binary(p, "and", q), [1, 0, null, 0, 0, 0, null, 0, null]],
    ["or", binary(p, "or", q), [1, 1, 1, 1, 0, null, 1, null, null]],
    ["not", not(p), [0, 0, 0, 1, 1, 1, null, null, null]],
    ["is known", known("metric:x"), [1, 1, 1, 1, 1, 1, 0, 0, 0]],
    ["a vacuous criterion", binary(p, "or", not(known("metric:x"))), [1, 1, 1, 0, 0, 0, 1, 1, 1]],
    ["if", choose, [1, 0, null, 0, 1, null, null, null, null]],
    ["known of a condition", { kind: "known", operand: choose }, [1, 1, 0, 1, 1, 0, 0, 0, 0]],
    ["equal", binary("metric:x", "=", "metric:y"), [1, 0, null, 0, 1, null, null, null, null]],
    ["different", binary("metric:x", "!=", "metric:y"), [0, 1, null, 1, 0, null, null, null, null]],
    ["by name", binary("condition:p", "and", not({ kind: "reference", to: "condition", name: "p" })), [0, 0, 0, 0, 0, 0, null, null, null]],
  ];
  for (const [name, expression, expected] of cases) {
    it(`three-valued: ${name}`, () => {
      const conditions: Condition[] = [
        { name: "p", title: "", expression: p },
        { name: "c", title: "", expression },
      ];
      const policy = { ...withParts([last("x", "x"), last("y", "y")]), conditions };
      expect(columnOn(policy, panel, "c")).to.deep.equal(expected);
    });
  }

  it("compares texts by their dictionary, a missing one is unknown, an unheard-of one is no one's", () => {
    const texts = panelOf({
      a: { measures: { x: [0] }, attributes: { region: "north" } },
      b: { measures: { x: [0] }, attributes: { region: "south" } },
      c: { measures: { x: [0] } },
    });
    const region = named("attribute:region");
    const check = (expression: Expression, expected: readonly (number | null)[]) =>
      expect(columnOn({ ...withParts([]), conditions: [{ name: "c", title: "", expression }] }, texts, "c")).to.deep.equal(expected);
    check(binary(region, "=", { kind: "text", value: "north" }), [1, 0, null]);
    check(binary({ kind: "text", value: "north" }, "!=", region), [0, 1, null]);
    check(binary(region, "=", { kind: "text", value: "east" }), [0, 0, null]);
    check(binary(region, "=", region), [1, 1, null]);
    check({ kind: "member", operand: region, values: ["south", "east"] }, [0, 1, null]);
    check({ kind: "member", operand: region, values: ["east"] }, [0, 0, null]);
    check({ kind: "known", operand: region }, [1, 1, 0]);
  });

  it("merits the first tier whose condition is true; unknown never does", () => {
    const policy = policyOf({
      metrics: [last("x", "x"), last("y", "y")],
      tiers: [tier("both", binary(p, "and", q)), tier("any", binary(p, "or", q))],
      otherwise: "none",
    });
    expect(tiersOn(policy, runOn(policy, panel).merited)).to.deep.equal([
      "both",
      "any",
      "any",
      "any",
      "none",
      "none",
      "any",
      "none",
      "none",
    ]);
  });
});

describe("scores", () => {
  const levels = (x: readonly (number | null)[]) =>
    panelOf({ a: { measures: { "x/3": x.map((v) => (v === null ? null : Math.round(v * 1000))) } } }, { levels: ["x/3"] });
  const scored = (scores: readonly Score[], x: readonly (number | null)[], name = "s") =>
    columnOn({ ...withParts([last("x", "x")]), scores }, levels(x), name);
  const anchors = [
    [0, 100],
    [0.02, 85],
    [0.08, 0],
  ] as const;

  it("linear: straight between anchors, each anchor exact, flat outside, missing stays missing", () => {
    expect(scored([curve("s", "x", anchors)], [-1, 0, 0.01, 0.02, 0.05, 0.08, 9, null])).to.deep.equal([
      100,
      100,
      92.5,
      85,
      42.5,
      0,
      0,
      null,
    ]);
  });

  it("step: the last anchor at or below; below the first, the first", () => {
    expect(scored([curve("s", "x", anchors, "step")], [-1, 0, 0.019, 0.02, 0.079, 0.08, 9, null])).to.deep.equal([
      100,
      100,
      100,
      85,
      85,
      0,
      0,
      null,
    ]);
  });

  it("one anchor is flat", () => {
    expect(scored([curve("s", "x", [[0, 7]])], [-1, 0, 1, null])).to.deep.equal([7, 7, 7, null]);
  });

  it("what is downstream reads the rounded score", () => {
    const first: Score = {
      ...curve("first", "x", [
        [0, 0],
        [1, 1],
      ]),
      round: 1,
    };
    expect(
      scored(
        [
          first,
          curve("s", "score:first", [
            [0, 0],
            [1, 100],
          ]),
        ],
        [0.249, 0.25, 0.251, 0.349],
      ),
    ).to.deep.equal([20, 30, 30, 30]);
  });

  const parts = [
    curve("a", "x", [
      [0, 0],
      [10, 10],
    ]),
    {
      ...curve("b", "y", [
        [0, 0],
        [10, 10],
      ]),
    },
  ];
  const rules: readonly [string, "propagate" | "share-out" | number, readonly (number | null)[]][] = [
    ["any part missing makes it missing", "propagate", [2.6, null, null, null]],
    ["share out over the parts that are there", "share-out", [2.6, 2, 3, null]],
    ["a neutral value stands in", 5, [2.6, 3.8, 3.8, 5]],
  ];
  for (const [name, missing, expected] of rules) {
    it(`weighted: ${name}`, () => {
      const panel = panelOf({ a: { measures: { x: [2, 2, null, null], y: [3, null, 3, null] } } }, { levels: ["x", "y"] });
      const scores = [...parts, weighted("s", { a: 40, b: 60 }, missing)];
      expect(columnOn({ ...withParts([last("x", "x"), last("y", "y")]), scores }, panel, "s")).to.deep.equal(expected);
    });
  }

  it("rounds on the exact binary value, ties away from zero, as an exact rational says", () => {
    const exactly = (x: number, decimals: number) => {
      const panel = panelOf({ a: { measures: { one: [1] } } });
      const metrics = [sum("one", "one", week), value("m", binary("metric:one", "*", x))];
      // A hundred decimals leave the raw score as it is, so that only the weighted one is rounded.
      const raw: Score = {
        ...curve("raw", "m", [
          [-1e6, -1e6],
          [1e6, 1e6],
        ]),
        round: 100,
      };
      const scores = [raw, weighted("s", { raw: 1 }, "propagate", decimals)];
      const [rounded, before] = [
        columnOn({ ...withParts(metrics), scores }, panel, "s")[0],
        columnOn({ ...withParts(metrics), scores }, panel, "raw")[0],
      ];
      expect(rounded).to.equal(roundedRational(before ?? 0, decimals));
    };
    for (const x of [0.5, 1.5, -0.5, 2.5, 0.25, 1.005, 84.95, 84.949999999999, 0.1 + 0.2, 999999.4999999, 0]) exactly(x, 0);
    for (const x of [84.95, 59.95, 60.05, 0.05, 0.15, 0.25, 0.35, -0.25, 44.949999999999996]) exactly(x, 1);
    const halves = fastCheck.tuple(fastCheck.integer({ min: -2_000_000, max: 2_000_000 }), fastCheck.integer({ min: 0, max: 6 }));
    fastCheck.assert(
      fastCheck.property(halves, ([units, decimals]) => exactly((units + 0.5) / 10 ** decimals / 100, decimals)),
      { numRuns: 150, seed: 1 },
    );
  });

  it("rounds the doubles nearest to a half, and their neighbours, as an exact rational says", () => {
    const stream = randomStream(1, "halves");
    const bits = new DataView(new ArrayBuffer(8));
    const beside = (x: number, steps: number): number => {
      bits.setFloat64(0, x);
      bits.setBigInt64(0, bits.getBigInt64(0) + BigInt(steps));
      return bits.getFloat64(0);
    };
    for (let index = 0; index < 4000; index++) {
      const decimals = stream.below(16);
      const half = (stream.below(10 ** (1 + stream.below(9))) + 0.5) / 10 ** decimals;
      for (const steps of [-1, 0, 1]) {
        const x = beside(half, steps);
        expect(roundExactly(x, decimals), `${x} to ${decimals}`).to.equal(roundedRational(x, decimals));
        expect(roundExactly(-x, decimals)).to.equal(0 - roundedRational(x, decimals));
      }
    }
    expect(Object.is(roundExactly(-0.2, 0), 0)).to.equal(true);
    for (const large of [1e15, 123456789012345.67, 2 ** 53, 1e21, 1e22]) expect(roundExactly(large, 2)).to.equal(roundedRational(large, 2));
    expect(roundExactly(Number.NaN, 2)).to.deep.equal(Number.NaN);
  });
});

describe("the compiled text", () => {
  it("is refused where it holds anything that the generator never writes", () => {
    const panel = panelOf({ a: { measures: { one: [3] } } });
    expect(columnOn(withParts([sum("one", "one", week)]), panel, "one")).to.deep.equal([3]);
    for (const body of [
      "const a = 1;'",
      "`",
      '"',
      "\\",
      "const a = 1;\u00e9",
      "#",
      "$",
      "@",
      "~",
      "process",
      "const a = alert;",
      "input.constructor",
    ])
      expect(() => makeKernel(body), body).to.throw(/the generator never writes/);
    expect(makeKernel("const a = 1 + (2);")({})).to.equal(undefined);
  });

  it("runs on no rows outside the panel that it was made for", () => {
    const panel = panelOf({ a: { measures: { one: [1, 2, 3] } } });
    const policy = withParts([sum("one", "one", week)]);
    const { firstPeriod, lastPeriod } = panel.schema;
    for (const bounds of [{ firstPeriod: firstPeriod + 1 }, { lastPeriod: lastPeriod - 1 }])
      expect(() => compilePolicy(policy, { ...panel.schema, ...bounds }).run(panel.readChunk(0))).to.throw(
        "rows of a lie outside the panel",
      );
    expect(() => compilePolicy(policy, panel.schema).run(panel.readChunk(0))).not.to.throw();
  });

  it("holds no name of the policy, and refuses a name that tries to be code", () => {
    const evil = "x];process.exit(9);[";
    const panel = panelOf({ a: { measures: { [evil]: [1, 2] } } });
    const policy = policyOf({
      metrics: [sum(evil, evil, week)],
      tiers: [tier(evil, binary(named(`metric:${evil}`), ">", 1))],
      otherwise: "none",
    });
    expect(tiersOn(policy, runOn(policy, panel).held)).to.deep.equal(["none", evil]);
  });

  it("computes only what tiers, headline score and asked-for columns need", () => {
    const panel = panelOf({ a: { measures: { x: [1] } } }, { levels: ["x"] });
    const policy = withParts([last("x", "x"), value("unused", named("metric:absent"))]);
    expect(columnOn(policy, panel, "x")).to.deep.equal([1]);
    expect(() => columnOn(policy, panel, "unused")).to.throw(/metric absent is absent/);
  });
});

/** A policy whose one tier always holds, so that only the asked-for column is computed. */
function withParts(metrics: readonly Metric[]): Policy {
  return policyOf({ metrics, tiers: [tier("all", undefined)] });
}

/** The rounding rule by integers alone: the double as mantissa * 2^exponent, scaled, ties away from zero. */
function roundedRational(x: number, decimals: number): number {
  if (x === 0) return 0;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, Math.abs(x));
  const word = bits.getBigUint64(0);
  const exponent = Number(word >> 52n);
  const mantissa = (word & 0xfffffffffffffn) | (exponent === 0 ? 0n : 1n << 52n);
  const shift = (exponent === 0 ? 1 : exponent) - 1075;
  const numerator = mantissa * 10n ** BigInt(decimals) * (shift > 0 ? 1n << BigInt(shift) : 1n);
  const denominator = shift < 0 ? 1n << BigInt(-shift) : 1n;
  const units = (2n * numerator + denominator) / (2n * denominator);
  const digits = units.toString().padStart(decimals + 1, "0");
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return x < 0 && units !== 0n ? -Number(text) : Number(text);
}
