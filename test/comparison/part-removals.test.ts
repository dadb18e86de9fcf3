/** Tiers without one part of the score: against policies that are written without it, and the laws of counts. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { type OutcomeFrame, type Panel, takeEntities } from "../../data/panel/index.ts";
import type { Policy, Score } from "../../policies/language/index.ts";
import { compare, type PartRemovals } from "../../simulations/comparison/index.ts";
import { withoutPart } from "../../simulations/comparison/influence/part-removals.ts";
import { replay } from "../../simulations/replay/index.ts";
import { demoMarket, libraryPolicy } from "./demo-market.ts";
import { letterPolicy, panelOf } from "./small-market.ts";

const [first, second] = ["1.0.0", "2.0.0"].map((version) => libraryPolicy(`seller-performance@${version}`)) as [Policy, Policy];
type Weighted = Extract<Score, { kind: "weighted" }>;

/** The policy with its weighted sums changed. */
function withSums(policy: Policy, change: (sum: Weighted) => Weighted): Policy {
  return {
    ...policy,
    digest: `${policy.digest}, changed`,
    scores: policy.scores.map((score) => (score.kind === "weighted" ? change(score) : score)),
  };
}

/** As an author would take the part out: the file without its line. */
function withoutLine(policy: Policy, part: string): Policy {
  return withSums(policy, (sum) => ({ ...sum, parts: sum.parts.filter(({ score }) => score !== part) }));
}

function heldUnder(policies: readonly Policy[], panel: Panel): readonly (readonly number[])[] {
  const held: number[][] = policies.map(() => []);
  const visit = (_: object, frames: readonly OutcomeFrame[]): void => {
    for (const [policy, frame] of frames.entries()) held[policy]?.push(...frame.held);
  };
  replay({ policies, panel, visit });
  return held;
}

function removalsOf(
  baseline: Policy,
  candidate: Policy,
  panel: Panel,
): { readonly baseline: PartRemovals; readonly candidate: PartRemovals } {
  const influence = present(
    compare({ baseline, candidates: [candidate], panel, seed: 1, replicates: 20 }).candidates[0]?.influence,
    "influence",
  );
  const { baseline: before, candidate: after } = present(influence.removals, "removals");
  if (before.kind === "undetermined") throw new Error(before.reason);
  if (after.kind === "undetermined") throw new Error(after.reason);
  return { baseline: before, candidate: after };
}

describe("tiers without one part of the score", () => {
  let panel: Panel;
  let remove: () => void;
  before(async () => {
    ({ panel, remove } = await demoMarket({ sellers: 120, weeks: 26 }));
  });
  after(() => remove());

  it("are those of the policy that is written without the part, where missing parts are shared out or nothing is said of them", () => {
    const silent = withSums(first, (sum) => ({ ...sum, missing: { kind: "propagate" } }));
    for (const policy of [first, silent]) {
      for (const part of ["dispatch", "delivery", "cancellation", "reviews"]) {
        const [taken, written] = heldUnder([withoutPart(policy, part), withoutLine(policy, part)], panel);
        expect(taken, part).to.deep.equal(written);
      }
    }
  });

  it("are those of the policy in which the stand-in is the part's value for everyone, where a number stands in", () => {
    const standIn = { kind: "number", value: 35, unit: "number" } as const;
    const neutral = withSums(first, (sum) => ({ ...sum, missing: { kind: "neutral", value: standIn } }));
    const constant: Score = { kind: "value", name: "constant", title: "Constant", round: 6, expression: standIn };
    const given = withSums({ ...neutral, scores: [constant, ...neutral.scores] }, (sum) => ({
      ...sum,
      parts: sum.parts.map((part) => (part.score === "reviews" ? { ...part, score: "constant" } : part)),
    }));
    const [taken, written, whole] = heldUnder([withoutPart(neutral, "reviews"), given, neutral], panel);
    expect(taken).to.deep.equal(written);
    expect(taken).not.to.deep.equal(whole);
  });

  it("count what a comparison with the policy without the part counts as movers, up, down, into and out of unrated", () => {
    const { parts, entities, examined } = removalsOf(first, second, panel).baseline;
    expect(parts.map(({ score }) => score)).to.have.members(["dispatch", "delivery", "cancellation", "reviews"]);
    expect(examined).to.equal(entities);
    for (const part of parts) {
      const without = withoutLine(first, part.score);
      const compared = present(
        compare({ baseline: first, candidates: [without], panel, seed: 1, replicates: 20, studies: false }).candidates[0],
        "candidate",
      );
      const { up, down, intoUnrated, outOfUnrated } = compared.movement;
      expect([part.up, part.down, part.intoUnrated, part.outOfUnrated], part.score).to.deep.equal([up, down, intoUnrated, outOfUnrated]);
      expect(part.flips).to.equal(part.up + part.down + part.intoUnrated + part.outOfUnrated);
      expect(part.rule).to.equal("share-out");
    }
    expect(parts.map(({ flips }) => flips)).to.deep.equal(parts.map(({ flips }) => flips).toSorted((a, b) => b - a));
    expect(parts[0]?.flips).to.be.above(0);
  });

  it("are nobody's where the part weighs nothing, or says what the others say", () => {
    const idle = withSums(first, (sum) => ({
      ...sum,
      parts: sum.parts.map((part) =>
        part.score === "delivery" ? { ...part, weight: { kind: "number", value: 0, unit: "number" } } : part,
      ),
    }));
    const twice = withSums(first, (sum) => ({
      ...sum,
      parts: sum.name === "overall" ? [...sum.parts, { score: "copy", weight: { kind: "number", value: 40, unit: "number" } }] : sum.parts,
    }));
    const reviews = present(
      first.scores.find(({ name }) => name === "reviews"),
      "reviews",
    );
    const copied: Policy = {
      ...twice,
      scores: [{ ...reviews, name: "copy" }, ...twice.scores].map((score) =>
        score.name === "overall" && score.kind === "weighted"
          ? { ...score, parts: score.parts.filter(({ score: name }) => name === "reviews" || name === "copy") }
          : score,
      ),
    };
    expect(removalsOf(first, idle, panel).candidate.parts.find(({ score }) => score === "delivery")).to.include({ flips: 0, declared: 0 });
    expect(removalsOf(first, copied, panel).candidate.parts.map(({ flips }) => flips)).to.deep.equal([0, 0]);
  });

  it("swap sides with the policies, and are the same whatever the chunks", () => {
    const there = removalsOf(first, second, panel);
    const back = removalsOf(second, first, panel);
    expect(back).to.deep.equal({ baseline: there.candidate, candidate: there.baseline });
    const chunk = panel.readChunk(0);
    const half = chunk.entityCount >> 1;
    const span = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, index) => from + index);
    const halves = [span(0, half), span(half, chunk.entityCount)];
    const split: Panel = {
      ...panel,
      chunkCount: 2,
      readChunk: (index) => ({ ...takeEntities(panel.schema, chunk, present(halves[index], "part")), index }),
    };
    expect(removalsOf(first, second, split)).to.deep.equal(there);
  });
});

describe("tiers without the only part", () => {
  it("are undetermined, and so are those of a policy without a score", () => {
    const panel = panelOf({ sellers: { a: { baseline: "gg", candidate: "gs" }, b: { baseline: "ss", candidate: "ss" } } });
    const { headlineScore: _, ...bare } = letterPolicy("candidate");
    const influence = compare({ baseline: letterPolicy("baseline"), candidates: [bare], panel, seed: 1, replicates: 20 }).candidates[0]
      ?.influence;
    expect(influence?.removals?.baseline).to.include({
      kind: "undetermined",
      reason: "Overall is made of one part, and without it there is no score",
    });
    expect(influence?.removals?.candidate).to.include({ kind: "undetermined", reason: "version 2.0.0 has no headline score" });
  });
});
