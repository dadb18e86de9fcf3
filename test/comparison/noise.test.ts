/** Flips from noise alone: predicted from one world, counted between it and others of the same truth; laws; the draws behind them. */
import { expect } from "chai";
import { present, randomStream } from "../../data/foundation/index.ts";
import type { Panel } from "../../data/panel/index.ts";
import { type Policy, readLibraryPolicy } from "../../policies/language/index.ts";
import { cohortPrior } from "../../simulations/comparison/fairness/cohort-prior.ts";
import { drawBinomial } from "../../simulations/comparison/fairness/noise-worlds.ts";
import { compare } from "../../simulations/comparison/index.ts";
import { baseline, candidate, counted, modelWorld, numberIn, predicted } from "./parallel-worlds.ts";
import { letterPolicy, panelOf } from "./small-market.ts";

describe("flips from noise alone", () => {
  it("are predicted where the model holds", () => {
    const [first, second] = [1, 2].map((world) => modelWorld(250, world)) as [Panel, Panel];
    const noise = predicted(first);
    for (const [side, policy] of [
      ["baseline", baseline],
      ["candidate", candidate],
    ] as const) {
      const { share, entities } = present(counted(first, second, policy).at(-1), "all");
      const reach = 3 * Math.sqrt((share * (1 - share)) / entities);
      expect(numberIn(noise.all[side].asWritten.any), side).to.be.closeTo(share, reach);
    }
  });

  it("are the same for the same policy, and the same bytes whatever the chunks", () => {
    const panel = modelWorld(120, 1);
    const only = (of: Panel, chunks: readonly Policy[]) =>
      compare({ baseline, candidates: chunks, panel: of, seed: 5, replicates: 100 }).candidates[0]?.fairness?.noise;
    const same = only(panel, [baseline]);
    if (same?.kind !== "flips") throw new Error("no study");
    for (const band of [...same.bands, same.all]) {
      expect(band.candidate).to.deep.equal(band.baseline);
      if (band.change.kind === "estimate") expect(band.change.value).to.equal(0);
    }
    expect(JSON.stringify(only(modelWorld(120, 1, 7), [candidate]))).to.equal(JSON.stringify(only(panel, [candidate])));
  });

  it("of a candidate are the same whatever other candidates it is compared beside", () => {
    const panel = modelWorld(40, 1);
    const weights = present(readLibraryPolicy("seller-performance@1.1.0").policy, "1.1.0");
    const of = (candidates: readonly Policy[]) =>
      compare({ baseline, candidates, panel, seed: 5, replicates: 20 }).candidates[0]?.fairness?.noise;
    // The other one looks back over more than twice as many weeks.
    expect(of([weights, candidate])).to.deep.equal(of([weights]));
  });

  it("are not studied where no policy scores a share, and the report can say why", () => {
    const panel = panelOf({ sellers: { a: { baseline: "g", candidate: "s", orders: [5] } } });
    const { fairness } = present(
      compare({ baseline: letterPolicy("baseline"), candidates: [letterPolicy("candidate")], panel, seed: 1, replicates: 20 })
        .candidates[0],
      "candidate",
    );
    expect(fairness?.noise).to.include({ kind: "undetermined", reason: "no policy scores a share of counts" });
  });
});

describe("a cohort's law", () => {
  it("is found again from parts that were drawn under it, whatever the sizes", () => {
    const stream = randomStream(3, "cohort");
    const wholes = Array.from({ length: 4000 }, () => 1 + Math.floor(3 * Math.exp(1.6 * Math.abs(stream.normal()))));
    const parts = wholes.map((whole) => {
      const [a, b] = [stream.gamma(0.1 * 25), stream.gamma(0.9 * 25)];
      return stream.binomial(whole, a / (a + b));
    });
    const prior = present(cohortPrior(parts, wholes), "a law");
    expect(prior.mean).to.be.closeTo(0.1, 0.004);
    expect(prior.strength).to.be.closeTo(25, 4);
  });

  it("is none where all parts are nothing, and of little spread where entities are alike", () => {
    expect(cohortPrior([0, 0, 0], [5, 9, 4])).to.equal(undefined);
    expect(cohortPrior([3], [5])).to.equal(undefined);
    expect(present(cohortPrior([10, 20, 30], [100, 200, 300]), "a law")).to.deep.equal({ mean: 0.1, strength: 10_000 });
  });
});

describe("binomial draws of any size", () => {
  it("have the mean and the variance of the law", () => {
    for (const [n, p] of [
      [400, 0.4],
      [5000, 0.03],
      [100_000, 0.7],
    ] as const) {
      const stream = randomStream(9, "binomial", n);
      const draws = Array.from({ length: 20_000 }, () => drawBinomial(stream, n, p));
      const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
      const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / (draws.length - 1);
      expect(Math.abs(mean - n * p) / Math.sqrt((n * p * (1 - p)) / draws.length)).to.be.below(4);
      expect(variance / (n * p * (1 - p))).to.be.closeTo(1, 4 * Math.sqrt(2 / draws.length));
      expect(Math.min(...draws) >= 0 && Math.max(...draws) <= n).to.equal(true);
    }
  });
});
