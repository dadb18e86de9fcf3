/** Lists of entities are made from less than a comparison collects, and from nothing else. */
import { expect } from "chai";
import type { Panel } from "../../data/panel/index.ts";
import { addEvaluations, collectEvaluations, evaluationColumns } from "../../simulations/comparison/at-risk/collect-evaluations.ts";
import { stratify } from "../../simulations/comparison/audits/audit-strata.ts";
import { collectComparison } from "../../simulations/comparison/collect-comparison.ts";
import { collectEnd } from "../../simulations/comparison/collect-end.ts";
import { listAudits, planComparison } from "../../simulations/comparison/index.ts";
import { demoMarket, libraryPolicy } from "./demo-market.ts";

function optionsOf(panel: Panel) {
  const { firstPeriod, lastPeriod } = panel.schema;
  return {
    baseline: libraryPolicy("seller-performance@1.0.0"),
    candidates: [libraryPolicy("seller-performance@1.1.0"), libraryPolicy("seller-performance@2.0.0")],
    panel,
    from: firstPeriod + 10,
    to: lastPeriod - 3,
    seed: 1,
  };
}

describe("what lists of entities are made from", () => {
  let market: Awaited<ReturnType<typeof demoMarket>>;
  before(async () => {
    market = await demoMarket({ sellers: 400, weeks: 50 });
  });
  after(() => market.remove());

  it("is what a comparison has of the end of the range, of the policies that are asked for", () => {
    const options = optionsOf(market.panel);
    const { plan, collected } = collectComparison(options);
    const atRisk = evaluationColumns(plan.atRisk, market.panel.entityCount);
    const all = collectEnd(plan, market.panel, [0, 1, 2], (chunk, frames, first) => {
      addEvaluations(atRisk, collectEvaluations(plan.atRisk, plan, chunk, frames), first);
    });
    expect(all.chunkStart).to.deep.equal(collected.chunkStart);
    expect(all.end.held).to.deep.equal(collected.end.held);
    expect(all.end.orders).to.deep.equal(collected.end.orders);
    expect(atRisk).to.deep.equal(collected.atRisk);
    const two = collectEnd(plan, market.panel, [0, 2], () => undefined);
    expect(two.end.held.map(({ length }) => length)).to.deep.equal([400, 0, 400]);
    expect(two.end.held[2]).to.deep.equal(collected.end.held[2]);
  });

  it("has the labels that the strata of an audit count, for each candidate", () => {
    const options = optionsOf(market.panel);
    const { plan, collected } = collectComparison(options);
    expect(planComparison(options).errors[0]?.period, "labels of another day than the last").to.be.below(plan.to);
    for (const candidate of [0, 1]) {
      const counts = stratify(plan, collected, candidate).strata.filter(({ entities }) => entities > 0);
      expect(counts.some(({ labelled }) => labelled > 0)).to.equal(true);
      const goal = { halfWidth: 0.02, rateHalfWidth: 0.03, minimum: 2, prior: "labels", level: 0.95 } as const;
      const list = listAudits(options, { candidate, goal, holdout: { halfWidth: 0.1, shareMax: 0.1 }, seed: 1 });
      const planned = list?.plan.strata.map(({ group, size, entities, labelled, fine }) => ({ group, size, entities, labelled, fine }));
      expect(planned).to.deep.equal(counts);
    }
  });
});
