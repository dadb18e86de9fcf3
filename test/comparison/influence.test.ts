/** What drives it: weights against SQL's covariances, and causes of flips against their laws. */
import { expect } from "chai";
import fc from "fast-check";
import { openDuckDb } from "../../data/engines/index.ts";
import { present } from "../../data/foundation/index.ts";
import { type Panel, takeEntities } from "../../data/panel/index.ts";
import type { Policy } from "../../policies/language/index.ts";
import { compare, type FlipCauses, type Influence, type ScoreWeights } from "../../simulations/comparison/index.ts";
import { changedParts, mixedPolicy } from "../../simulations/comparison/influence/changed-parts.ts";
import { covarianceShares } from "../../simulations/comparison/influence/score-weights.ts";
import { replay } from "../../simulations/replay/index.ts";
import { demoMarket, libraryPolicy } from "./demo-market.ts";
import { letterPolicy, panelOf } from "./small-market.ts";

const [first, middle, second] = ["1.0.0", "1.1.0", "2.0.0"].map((version) => libraryPolicy(`seller-performance@${version}`)) as [
  Policy,
  Policy,
  Policy,
];

function influenceOf(baseline: Policy, candidate: Policy, panel: Panel): Influence {
  return present(compare({ baseline, candidates: [candidate], panel, seed: 1, replicates: 20 }).candidates[0]?.influence, "influence");
}

function causesOf({ flips }: Influence): FlipCauses {
  if (flips.kind === "undetermined") throw new Error(flips.reason);
  return flips;
}

function weightsOf(weights: Influence["baseline"]): ScoreWeights {
  if (weights.kind === "undetermined") throw new Error(weights.reason);
  return weights;
}

describe("covariance shares", () => {
  it("are worked by hand for two parts", () => {
    expect(
      covarianceShares(
        [
          [0, 2],
          [0, 3],
        ].map((part) => Float64Array.from(part)),
      ),
    ).to.deep.equal([0.4, 0.6]);
  });

  it("sum to 1, and a part that does not vary has none", () => {
    const parts = fc.array(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(parts, (columns) => {
        const shares = covarianceShares([...columns, [7, 7, 7, 7, 7]].map((part) => Float64Array.from(part)));
        if ("kind" in shares) return;
        expect(shares.reduce((sum, share) => sum + share, 0)).to.be.closeTo(1, 1e-9);
        expect(shares.at(-1)).to.be.closeTo(0, 1e-12);
      }),
    );
  });

  it("are undetermined where the score is the same for all", () => {
    const shares = covarianceShares(
      [
        [1, 2],
        [2, 1],
      ].map((part) => Float64Array.from(part)),
    );
    expect(shares).to.include({ kind: "undetermined" });
  });
});

describe("influence on a marketplace", () => {
  let panel: Panel;
  let remove: () => void;
  before(async () => {
    ({ panel, remove } = await demoMarket({ sellers: 300, weeks: 40 }));
  });
  after(() => remove());

  it("weighs each part as SQL's covariances do, missing parts shared out", async () => {
    const names = ["dispatch", "delivery", "cancellation", "reviews"];
    const rows: string[] = [];
    replay({
      policies: [first],
      panel,
      columns: names,
      visit: (chunk, [frame]) => {
        for (let entity = 0; entity < chunk.entityCount; entity++) {
          const row = (chunk.rowStart[entity + 1] as number) - 1;
          const values = names.map((name) => frame?.columns.get(name)?.[row] as number);
          const isLast = (chunk.firstPeriod[entity] as number) + row - (chunk.rowStart[entity] as number) === panel.schema.lastPeriod;
          const isRated = (frame?.held[row] as number) < first.tiers.length;
          if (isLast && isRated && !Number.isNaN(frame?.score[row]))
            rows.push(`(${values.map((value) => (Number.isNaN(value) ? "NULL" : value)).join(", ")})`);
        }
      },
    });
    const db = await openDuckDb();
    const [shares] = await db.rows(
      `WITH raw(a, b, c, r) AS (VALUES ${rows.join(", ")}),
        inner_weights AS (SELECT *, CASE WHEN a IS NULL THEN 0 ELSE 40 END + CASE WHEN b IS NULL THEN 0 ELSE 30 END + CASE WHEN c IS NULL THEN 0 ELSE 30 END AS w FROM raw),
        outer_weights AS (SELECT *, CASE WHEN w = 0 THEN 0 ELSE 60 END AS wf, CASE WHEN r IS NULL THEN 0 ELSE 40 END AS wr FROM inner_weights),
        parts AS (SELECT coalesce(wf / (wf + wr) * 40 / w * a, 0) AS a, coalesce(wf / (wf + wr) * 30 / w * b, 0) AS b,
          coalesce(wf / (wf + wr) * 30 / w * c, 0) AS c, coalesce(wr / (wf + wr) * r, 0) AS r FROM outer_weights)
      SELECT covar_pop(a, a + b + c + r) / var_pop(a + b + c + r), covar_pop(b, a + b + c + r) / var_pop(a + b + c + r),
        covar_pop(c, a + b + c + r) / var_pop(a + b + c + r), covar_pop(r, a + b + c + r) / var_pop(a + b + c + r), count(*) FROM parts`,
    );
    const [counted] = await db.rows(
      `WITH raw(a, b, c, r) AS (VALUES ${rows.join(", ")}) SELECT count(a), count(b), count(c), count(r) FROM raw`,
    );
    db.close();
    const weights = weightsOf(influenceOf(first, second, panel).baseline);
    expect(weights.scored).to.equal(Number(shares?.[4]));
    expect(weights.parts.map(({ known }) => known)).to.deep.equal(counted?.map(Number));
    for (const [index, part] of weights.parts.entries()) {
      expect(part.score).to.equal(names[index]);
      expect(part.effective.kind === "estimate" ? part.effective.value : Number.NaN).to.be.closeTo(Number(shares?.[index]), 1e-9);
    }
    expect(weights.parts.map(({ declared }) => declared.toFixed(2))).to.deep.equal(["0.24", "0.18", "0.18", "0.40"]);
  });

  it("takes a candidate with every part as in the baseline for the baseline, and with none for itself", () => {
    const paths = new Set(changedParts(first, second).map(({ path }) => path));
    const policies = [first, second, mixedPolicy(first, second, paths), mixedPolicy(first, second, new Set())];
    replay({
      policies,
      panel,
      visit: (_, frames) => {
        expect(frames[2]?.held).to.deep.equal(frames[0]?.held);
        expect(frames[3]?.held).to.deep.equal(frames[1]?.held);
      },
    });
  });

  it("names a change of weights as the one cause", () => {
    const { causes, examined, several, together } = causesOf(influenceOf(first, middle, panel));
    expect(causes).to.deep.equal([
      { path: "scores.overall", title: "Weights of overall", undone: examined, onlyThis: examined, enough: examined },
    ]);
    expect([several, together]).to.deep.equal([0, 0]);
    expect(examined).to.be.above(0);
  });

  it("adds up to the movers, and swapping the policies swaps what undoes and what is enough", () => {
    const [there, back] = [causesOf(influenceOf(first, second, panel)), causesOf(influenceOf(second, first, panel))];
    expect(there.examined).to.equal(there.movers);
    expect(there.causes.reduce((sum, { onlyThis }) => sum + onlyThis, there.several + there.together)).to.equal(there.movers);
    const counts = (causes: FlipCauses["causes"], swapped: boolean) =>
      Object.fromEntries(causes.map(({ path, undone, enough }) => [path, swapped ? [enough, undone] : [undone, enough]]));
    expect(counts(back.causes, true)).to.deep.equal(counts(there.causes, false));
    expect(there.causes.map(({ path }) => path)).to.include.members([
      "metrics.low_review_rate",
      "tiers.gold",
      "scores.overall",
      "movement.demote",
    ]);
  });

  it("is the same whatever the chunks", () => {
    const chunk = panel.readChunk(0);
    const half = chunk.entityCount >> 1;
    const span = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, index) => from + index);
    const parts = [span(0, half), span(half, chunk.entityCount)];
    const split: Panel = {
      ...panel,
      chunkCount: 2,
      readChunk: (index) => ({ ...takeEntities(panel.schema, chunk, present(parts[index], "part")), index }),
    };
    const whole: Panel = { ...panel, readChunk: () => takeEntities(panel.schema, chunk, span(0, chunk.entityCount)) };
    expect(influenceOf(first, second, split)).to.deep.equal(influenceOf(first, second, whole));
  });

  it("finds no cause where a policy is compared with itself", () => {
    const { movers, causes, several, together } = causesOf(influenceOf(first, first, panel));
    expect([movers, causes, several, together]).to.deep.equal([0, [], 0, 0]);
  });
});

describe("influence on a market by hand", () => {
  const market = { sellers: { a: { baseline: "gg", candidate: "gs" }, b: { baseline: "ss", candidate: "ss" } } };

  it("gives the whole score to the one metric that it comes from", () => {
    const { baseline, candidate, flips } = influenceOf(letterPolicy("baseline"), letterPolicy("candidate"), panelOf(market));
    expect(weightsOf(baseline).parts).to.have.length(1);
    expect(weightsOf(baseline).parts[0]).to.deep.include({ score: "overall", declared: 1 });
    expect(candidate).to.include({ kind: "undetermined", reason: "the score is the same for all of 2 entities with one" });
    expect(flips).to.deep.include({ movers: 1, several: 0, together: 0 });
    expect(flips.kind === "causes" && flips.causes).to.deep.equal([
      { path: "metrics.mark", title: "Mark", undone: 1, onlyThis: 1, enough: 1 },
    ]);
  });

  it("does not try changes apart where a metric is counted in another unit", () => {
    const base = letterPolicy("candidate");
    const candidate: Policy = { ...base, metrics: base.metrics.map((metric) => ({ ...metric, unit: "count" })) };
    expect(influenceOf(letterPolicy("baseline"), candidate, panelOf(market)).flips)
      .to.have.property("reason")
      .that.includes("'mark' is in another unit");
  });

  it("says that there is no headline score to take apart", () => {
    const { headlineScore: _, ...bare } = letterPolicy("candidate");
    expect(influenceOf(letterPolicy("baseline"), bare, panelOf(market)).candidate).to.include({
      reason: "version 2.0.0 has no headline score",
    });
  });
});
