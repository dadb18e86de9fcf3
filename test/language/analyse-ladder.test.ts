/** What static analysis finds in ladders, and what it must leave alone there. */
import { expect } from "chai";
import type { Expression, Metric } from "../../policies/language/index.ts";
import { binary, curve, days, known, named, number, policyOf, share, sum, tier, weighted } from "../compile/policy-parts.ts";
import { both, codes, count, found, ledger, onEvent, points, score, scored } from "./analysed.ts";

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
