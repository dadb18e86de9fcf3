/** What would restore a tier: the nearest single metric, true as said. */
import { expect } from "chai";
import { lastDayOf, present } from "../../data/foundation/index.ts";
import { type PanelSchema, panelFromRows } from "../../data/panel/index.ts";
import { entityHistory, explainEntity, nearestRestore, type Restore, sayRestore } from "../../policies/explain/index.ts";
import { type Policy, readPolicy } from "../../policies/language/index.ts";

const first = 2800;

const schema: PanelSchema = {
  entity: "seller",
  grain: "week",
  firstPeriod: first,
  lastPeriod: first,
  measures: ["orders", "late", "returned"].map((name) => ({ name, kind: "flow", unit: "count", decimals: 0, title: name })),
  attributes: [],
  events: [],
  outcomes: [],
  assignedTiers: [],
  knownAt: 19_700,
};

function policyWith(tiers: string): Policy {
  const text = `programme: shop
version: 1.0.0
title: Shop
entity: seller
rationale: Two promises.
metrics:
  late_rate: { share: late of orders, over: 7 days }
  return_rate: { share: returned of orders, over: 7 days }
  parcels: { sum: late, over: 7 days }
scores:
  speed: { from: late_rate, curve: [0 % -> 100, 20 % -> 0] }
  goods: { from: return_rate, curve: [0 % -> 100, 50 % -> 0] }
  overall: { weighted: { speed: 50, goods: 50 }, round: 1 }
tiers:
${tiers}
otherwise: unrated
movement: { evaluate: every week, promote: { after: 2 evaluations }, demote: { after: 1 evaluation } }
`;
  const { policy, diagnostics } = readPolicy({ text, file: "shop.yaml", load: () => undefined });
  return present(policy, JSON.stringify(diagnostics));
}

const byScore = policyWith("  - good: { when: overall >= 80 }\n  - poor: { when: overall is known, adverse: true }");

function restoreOf(policy: Policy, late: number, returned: number, tier = "good"): Restore | undefined {
  const rows = [{ entity: "a", period: first, measures: { orders: 1000, late, returned } }];
  const panel = panelFromRows({ schema, rows });
  return nearestRestore(policy, panel.schema, entityHistory(panel.schema, panel.readChunk(0), 0), first, tier);
}

describe("the nearest change that restores a tier", () => {
  it("is the metric that needs the smaller part of its curve, at the value that suffices", () => {
    // Speed 50, goods 90: 70. Goods alone cannot reach it; speed must reach 70 less a rounding of 0.05: 2 x 79.95 - 90 = 69.9, which is 6.02 % late.
    const restore = restoreOf(byScore, 100, 50);
    expect(restore).to.deep.include({ kind: "metric", metric: "late_rate", now: 0.1 });
    expect(restore?.kind === "metric" && restore.words.replaceAll("\u00a0", " ")).to.equal("Late rate at most 6.02 %, not 10.00 %");
  });

  it("is the other metric where the first cannot do it, however good", () => {
    // Speed 80, goods 40: 60. At best speed gives 70, so goods must reach 79.9: 10.05 % returned.
    const restore = restoreOf(byScore, 40, 300);
    expect(restore).to.deep.include({ kind: "metric", metric: "return_rate", value: 0.1005 });
  });

  it("is true as said: at the printed value the tier is merited, a step before it is not", () => {
    for (const [late, returned] of [
      [100, 50],
      [50, 200],
      [70, 130],
    ] as const) {
      const restore = restoreOf(byScore, late, returned);
      if (restore?.kind !== "metric") throw new Error("a metric restores it");
      const at = (value: number) => {
        const rates = { late_rate: late / 1000, return_rate: returned / 1000, [restore.metric]: value };
        const scaled = { orders: 10_000, late: Math.round(rates.late_rate * 10_000), returned: Math.round(rates.return_rate * 10_000) };
        const panel = panelFromRows({ schema, rows: [{ entity: "a", period: first, measures: scaled }] });
        const history = entityHistory(panel.schema, panel.readChunk(0), 0);
        return explainEntity(byScore, panel.schema, history, lastDayOf("week", first)).evaluation?.merited;
      };
      expect([at(restore.value), at(restore.value + 1e-4)]).to.deep.equal(["good", "poor"]);
    }
  });

  it("is found however far the policy's own number is, and is nothing for a tier that is never left", () => {
    const many = policyWith("  - good: { when: parcels >= 500 }\n  - poor: { when: parcels is known }");
    expect(restoreOf(many, 3, 0)).to.deep.include({ kind: "metric", metric: "parcels", now: 3, value: 500 });
    const final = policyWith("  - good: { when: late_rate <= 5 % }\n  - closed: { when: late_rate is known, terminal: true }");
    const restore = present(restoreOf(final, 100, 0), "an answer");
    expect([restore, sayRestore(restore, "good")]).to.deep.equal([{ kind: "final" }, "nothing brings good: what is held is final"]);
  });

  it("is no one metric where two stand in the way, and waiting where the numbers suffice", () => {
    const both = policyWith(
      "  - good: { when: late_rate <= 5 % and return_rate <= 5 % }\n  - poor: { when: late_rate is known, adverse: true }",
    );
    expect(restoreOf(both, 100, 100)).to.deep.equal({ kind: "none" });
    expect(restoreOf(both, 100, 50)).to.deep.include({ metric: "late_rate", value: 0.05 });
    expect(restoreOf(both, 50, 50)).to.deep.equal({ kind: "waits" });
    expect(restoreOf(both, 50, 50, "unrated")).to.equal(undefined);
  });
});
