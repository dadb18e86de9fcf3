/** What static analysis finds in ladders, and what it must leave alone there. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { packagePath, present, randomStream } from "../../data/foundation/index.ts";
import { keyOf } from "../../policies/language/analyse-possible.ts";
import { Trial } from "../../policies/language/analyse-trial.ts";
import { type Expression, type Metric, type PlainWindow, readPolicy, type Window } from "../../policies/language/index.ts";
import { binary, curve, days, known, named, namedWindow, number, policyOf, share, sum, tier, weighted } from "../compile/policy-parts.ts";
import { both, codes, count, found, ledger, onEvent, points, score, scored, text } from "./analysed.ts";
import { drawn, meritOf } from "./plain-reading.ts";

describe("static analysis: the ladder", () => {
  it("finds the scores between two tiers that fall off the ladder, with a number", () => {
    const policy = scored([tier("gold", score(">=", 85)), tier("standard", both(score(">=", 60), score("<", 80)))]);
    expect(found(policy)).to.deep.equal([
      "ladder-gap: overall = 80 falls to 'unrated', off the ladder, though 70 is in 'standard' and 85 in 'gold'",
    ]);
  });

  it("finds a gap of one number", () => {
    const policy = scored([tier("gold", score(">", 85)), tier("standard", score("<", 85))]);
    expect(found(policy)).to.have.length(1);
    expect(found(policy)[0]).to.match(/^ladder-gap: overall = 85 falls/);
  });

  it("finds a gap of half a point under several weighted scores", () => {
    const policy = policyOf({
      metrics: [share("late", "late", "orders", days(28), 10), share("cancelled", "cancelled", "orders", days(28), 10)],
      scores: [
        curve("dispatch", "late", [
          [0, 100],
          [0.04, 85],
          [0.1, 0],
        ]),
        curve("kept", "cancelled", [
          [0, 100],
          [0.05, 0],
        ]),
        weighted("overall", { dispatch: 60, kept: 40 }, "share-out", 1),
      ],
      tiers: [tier("gold", score(">=", 85)), tier("standard", both(score(">=", 60), score("<=", 84.5)))],
      otherwise: "unrated",
    });
    expect(found(policy)).to.have.length(1);
    expect(found(policy)[0]).to.match(/^ladder-gap: overall = 84\.[6-9] falls/);
  });

  it("says nothing of whole numbers between which there is nothing", () => {
    const strikes = named("metric:strikes");
    const tiers = [tier("clear", binary(strikes, "<=", 2)), tier("frozen", binary(strikes, ">=", 3), { adverse: true })];
    expect(found(policyOf({ metrics: [count("strikes")], tiers, otherwise: "unrated" }))).to.deep.equal([]);
    const orders = named("metric:orders");
    const volumes = [tier("large", binary(orders, ">=", 100)), tier("small", both(binary(orders, ">=", 10), binary(orders, "<=", 99)))];
    expect(found(policyOf({ metrics: [sum("orders", "orders", days(28))], tiers: volumes, otherwise: "unrated" }))).to.deep.equal([]);
  });

  it("says nothing of those who are off the ladder at its end", () => {
    const rated = both(binary(named("metric:orders"), ">=", 10), known("score:overall"));
    const policy = scored([tier("gold", both(rated, score(">=", 85))), tier("standard", both(rated, score(">=", 60)))]);
    expect(found({ ...policy, metrics: [...policy.metrics, sum("orders", "orders", days(28))] })).to.deep.equal([]);
  });

  it("says nothing of a gap that only contradictory facts would fall into", () => {
    const [short, long] = [named("metric:short"), named("metric:long")];
    const policy = policyOf({
      metrics: [sum("short", "orders", days(28)), sum("long", "orders", days(84))],
      // Only with more orders in 28 days than in the 84 around them would there be a gap.
      tiers: [tier("a", binary(short, "<=", 5)), tier("b", binary(long, ">=", 6))],
      otherwise: "unrated",
    });
    expect(found(policy)).to.deep.equal([]);
  });

  describe("knows of two metrics which values go together", () => {
    const events = (name: string, rest: object): Metric => ({ ...count(name), ...rest });
    const sums = (name: string, over: Window, of = "orders", unit: "count" | "money" = "count"): Metric => ({
      ...sum(name, of, over),
      unit,
    });
    const months = (unit: "month" | "quarter", length: number): Window => ({ kind: "calendar", unit, count: length });
    const periods = (length: number): Window => ({ kind: "periods", count: length });
    const [severe, mild] = [text("severity", "high"), text("severity", "low")];
    const lifetime: Window = { kind: "lifetime" };
    const chosen: Window = { kind: "named", name: "chosen" };

    // From 5 to 9 of the wide one the ladder rests on at most 9 of the narrow one: that is a gap only where the narrow one can be more.
    const rows: readonly (readonly [string, Metric, Metric, boolean])[] = [
      ["a shorter window of days", sums("wide", days(84)), sums("narrow", days(28)), false],
      ["the same window", sums("wide", days(28)), sums("narrow", days(28)), false],
      ["a longer window of days", sums("wide", days(28)), sums("narrow", days(84)), true],
      ["fewer periods", sums("wide", periods(12)), sums("narrow", periods(4)), false],
      ["more periods", sums("wide", periods(4)), sums("narrow", periods(12)), true],
      ["periods and days", sums("wide", periods(90)), sums("narrow", days(28)), true],
      ["days and periods", sums("wide", days(90)), sums("narrow", periods(2)), true],
      ["fewer months", sums("wide", months("month", 3)), sums("narrow", months("month", 1)), false],
      ["more months", sums("wide", months("month", 1)), sums("narrow", months("month", 3)), true],
      ["months and quarters", sums("wide", months("quarter", 3)), sums("narrow", months("month", 1)), true],
      ["a part of a lifetime", sums("wide", lifetime), sums("narrow", days(84)), false],
      ["a lifetime", sums("wide", days(84)), sums("narrow", lifetime), true],
      ["another measure", sums("wide", days(84)), sums("narrow", days(28), "visits"), true],
      ["money, which refunds can lower", sums("wide", days(84), "gmv", "money"), sums("narrow", days(28), "gmv", "money"), true],
      ["the same events in less time", events("wide", { over: days(90) }), events("narrow", { over: days(30) }), false],
      ["the same events in more time", events("wide", { over: days(30) }), events("narrow", { over: days(90) }), true],
      ["other events", events("wide", {}), events("narrow", { event: "warning" }), true],
      ["some of the events", events("wide", {}), events("narrow", { where: severe }), false],
      ["all of the events", events("wide", { where: severe }), events("narrow", {}), true],
      ["the same of the events", events("wide", { where: severe }), events("narrow", { where: severe }), false],
      ["others of the events", events("wide", { where: severe }), events("narrow", { where: mild }), true],
      ["events beside the most alike", events("wide", { alike: "type" }), events("narrow", {}), true],
      ["the most alike of the events", events("wide", {}), events("narrow", { alike: "type" }), false],
      ["different values of the events", events("wide", {}), events("narrow", { kind: "distinct", field: "buyer" }), false],
      ["events beside different values", events("wide", { kind: "distinct", field: "buyer" }), events("narrow", {}), true],
      ["events beside a sum", events("wide", {}), sums("narrow", days(28)), true],
      ["the same chosen window", sums("wide", chosen), sums("narrow", chosen), false],
    ];
    for (const [name, wide, narrow, isGap] of rows)
      it(name, () => {
        const policy = policyOf({
          metrics: [wide, narrow],
          windows: [
            namedWindow(
              "chosen",
              months("month", 3) as PlainWindow,
              { of: named("orders"), over: months("month", 3) as PlainWindow, operator: ">=", count: number(9) },
              lifetime,
            ),
          ],
          tiers: [
            tier("a", binary(named("metric:wide"), ">=", 10)),
            tier("b", binary(named("metric:wide"), "<=", 4)),
            tier("c", binary(named("metric:narrow"), "<=", 9)),
          ],
          otherwise: "unrated",
        });
        expect(codes(policy).includes("ladder-gap")).to.equal(isGap);
      });

    // A share that is there had its volume.
    const rate = (rest: object = {}): Metric => ({ ...share("rate", "late", "orders", days(28)), ...rest });
    const mean: Metric = {
      name: "rate",
      title: "Rate",
      unit: "number",
      kind: "mean",
      sum: named("late"),
      count: named("orders"),
      over: days(28),
    };
    const least = { count: number(30), of: named("orders") };
    const by = { ...least, count: { kind: "reference", to: "parameter", name: "least" } as const };
    const volumes: readonly (readonly [string, Metric, Metric, number, boolean])[] = [
      ["no orders and a share of them", sums("total", days(28)), rate(), 1, false],
      ["no orders and a mean of them", sums("total", days(28)), mean, 1, false],
      ["no orders of fewer days and a share of them", sums("total", days(14)), rate(), 1, true],
      ["no visits and a share of orders", sums("total", days(28), "visits"), rate(), 1, true],
      ["fewer orders than the share asks for", sums("total", days(28)), rate({ atLeast: least }), 30, false],
      ["as many orders as the share asks for", sums("total", days(28)), rate({ atLeast: least }), 31, true],
      ["fewer orders than the share asks for by a parameter", sums("total", days(28)), rate({ atLeast: by }), 25, false],
      ["as many as it asks for by a parameter", sums("total", days(28)), rate({ atLeast: by }), 26, true],
      ["fewer visits than the share asks for of orders", sums("total", days(28), "visits"), rate({ atLeast: least }), 30, true],
      ["none late and a late share", sums("total", days(28), "late"), rate(), 1, false],
      ["some late and a late share", sums("total", days(28), "late"), rate(), 2, true],
      [
        "none late and a share that leans",
        sums("total", days(28), "late"),
        rate({ shrink: { prior: number(0.06), strength: number(20) } }),
        1,
        true,
      ],
      ["none late and an upper bound", sums("total", days(28), "late"), rate({ wilson: { side: "upper", level: number(0.95) } }), 1, true],
    ];
    for (const [name, total, of, at, isGap] of volumes)
      it(name, () => {
        const policy = policyOf({
          parameters: [{ name: "least", title: "Least", unit: "number", value: 25 }],
          metrics: [total, of],
          tiers: [
            tier("a", binary(named("metric:total"), ">", at)),
            tier("b", binary(named("metric:total"), "<", at)),
            tier("c", binary(named("metric:rate"), "<=", 0.05)),
          ],
          otherwise: "unrated",
        });
        expect(codes(policy).includes("ladder-gap")).to.equal(isGap);
      });
  });

  it("finds a value that lands in a worse tier than what lies on both sides", () => {
    const policy = scored([
      tier("gold", score(">=", 85)),
      tier("standard", both(score(">=", 60), score("<", 80))),
      tier("rest", known("score:overall")),
    ]);
    expect(found(policy)).to.deep.equal([
      "ladder-inversion: overall = 80 lands in 'rest', though 70 lands in 'standard' and 85 in 'gold', which are better",
    ]);
  });

  it("finds a ladder in the wrong order, and an adverse tier above one that is not", () => {
    const policy = scored([
      tier("gold", score(">=", 85)),
      tier("watch", score("<", 60), { adverse: true }),
      tier("standard", score(">=", 45)),
    ]);
    expect(found(policy)).to.deep.equal([
      "ladder-inversion: overall = 60 lands in 'standard', though 52.5 lands in 'watch' and 85 in 'gold', which are better",
      "adverse-above: 'watch' is adverse, yet stands before 'standard', which is not: the ladder is listed best first",
    ]);
  });

  it("leaves a band that is best in the middle alone, for metrics", () => {
    const price = named("metric:price_index");
    const metric: Metric = { name: "price_index", title: "Price", unit: "number", kind: "last", measure: "price_index" };
    const tiers = [
      tier("fair", both(binary(price, ">=", 0.9), binary(price, "<=", 1.1))),
      tier("other", { kind: "known", operand: price }),
    ];
    expect(found(policyOf({ metrics: [metric], tiers, otherwise: "unrated" }))).to.deep.equal([]);
  });

  it("finds tiers that are shadowed, by one tier or by several together", () => {
    const late = named("metric:late");
    const one = scored([tier("gold", score(">=", 60)), tier("silver", both(score(">=", 80), binary(late, "<=", 0.05)))]);
    expect(found(one)).to.deep.equal([
      "never-merited: nobody can merit 'silver': whenever its condition is true, 'gold' before it takes the entity",
      "never-moves: nobody can ever be promoted: no tier better than 'gold' can be merited",
      "never-moves: nobody can ever be demoted: no tier worse than 'gold' can be merited",
    ]);
    const several = scored([tier("gold", score(">=", 80)), tier("low", score("<", 80)), tier("all", known("score:overall"))]);
    expect(found(several)[0]).to.equal(
      "never-merited: nobody can merit 'all': whenever its condition is true, 'gold' and 'low' before it together take the entity",
    );
  });

  it("does not call a tier shadowed that an unknown better one leaves open", () => {
    const policy = scored([tier("gold", score(">=", 80)), tier("low", score("<", 80)), tier("all", undefined)]);
    const { otherwise: _otherwise, ...total } = policy;
    expect(found(total)).to.deep.equal([]);
  });

  it("finds an unconditional last tier that nothing is left for", () => {
    const penalty = points("penalty");
    const policy = policyOf({
      ledgers: [ledger([onEvent()], { within: { lower: number(0), upper: number(60) } })],
      tiers: [
        tier("clear", binary(penalty, "<", 3)),
        tier("frozen", binary(penalty, ">=", 3), { adverse: true }),
        tier("rest", undefined, { adverse: true }),
      ],
    });
    expect(found(policy)).to.deep.equal(["never-merited: nobody can merit 'rest': 'clear' and 'frozen' before it together take everyone"]);
  });

  it("does not call a tier out of reach that a cap puts people into", () => {
    const policy = scored([tier("gold", score(">=", 60)), tier("frozen", score(">", 100), { adverse: true })], {
      metrics: [share("late", "late", "orders", days(28), 10), count("strikes")],
      caps: [{ tier: "frozen", when: binary(named("metric:strikes"), ">=", 6) }],
    });
    expect(codes(policy)).to.deep.equal(["threshold-out-of-reach"]);
  });

  it("reads parameters by text with the text that they are chosen by", () => {
    const limit: Expression = { kind: "reference", to: "parameter", name: "limit" };
    const policy = policyOf({
      parameters: [
        {
          name: "limit",
          title: "Limit",
          unit: "share",
          by: { to: "attribute", name: "market" },
          values: [
            { text: "MX", value: 0.02 },
            { text: "BR", value: 0.03 },
          ],
        },
      ],
      metrics: [share("claims", "claims", "orders", days(60))],
      tiers: [tier("green", binary(named("metric:claims"), "<=", limit)), tier("red", binary(named("metric:claims"), ">", limit))],
      otherwise: "unrated",
    });
    expect(found(policy)).to.deep.equal([]);
    const third = { ...policy, tiers: [...policy.tiers, tier("black", binary(named("metric:claims"), ">=", limit))] };
    expect(codes(third)).to.deep.equal(["never-merited"]);
  });
});

describe("static analysis: imagined entities", () => {
  for (const name of ["base", "whole", "rest", "plain"])
    it(`merit in ${name}.yaml what the plainest reading of the policy gives`, () => {
      const text = readFileSync(packagePath("test", "language", `${name}.yaml`), "utf8");
      const policy = present(readPolicy({ text, file: name, load: () => undefined }).policy, name);
      const stream = randomStream(1, name);
      const trial = new Trial(policy);
      const merited = new Set<number>();
      for (let entity = 0; entity < 1500; entity++) {
        const values = drawn(
          policy,
          Array.from({ length: 60 }, () => stream.below(1000)),
        );
        const number = (key: string): number => (typeof values.get(key) === "number" ? Number(values.get(key)) : Number.NaN);
        const word = (key: string): string | undefined => (typeof values.get(key) === "string" ? String(values.get(key)) : undefined);
        for (const metric of policy.metrics)
          if (metric.kind === "largest") trial.setText(keyOf("metric", metric.name), word(metric.name));
          else if (metric.kind !== "value") trial.setNumber(keyOf("metric", metric.name), number(metric.name));
        for (const ledger of policy.ledgers) trial.setNumber(keyOf("ledger", ledger.name), number(ledger.name));
        for (const attribute of ["region", "market"]) trial.setText(keyOf("attribute", attribute), word(attribute));
        trial.setNumber(keyOf("today", "today"), number("today"));
        const tier = meritOf(policy, values);
        merited.add(tier);
        expect(trial.capped(trial.own()) ?? policy.tiers.length, JSON.stringify([...values])).to.equal(tier);
        for (const { name: ledger } of policy.ledgers) expect(trial.reader("ledger", ledger)()).to.equal(values.get(ledger));
      }
      expect(merited.size, "tiers that were tried").to.be.above(2);
    });
});
