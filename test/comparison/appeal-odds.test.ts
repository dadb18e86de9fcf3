/** The false share of the adverse tier from appeals alone, by how much more often the fine appeal. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { packagePath, present, randomStream } from "../../data/foundation/index.ts";
import { compare } from "../../simulations/comparison/index.ts";
import { selectedShare } from "../../simulations/statistics/index.ts";
import { label, letterPolicy, panelOf, source } from "./small-market.ts";

const appeal = source("appeal", { kind: "state", role: "appeal", horizonDays: 0, lagDays: 0 });

/** Sellers of one period: tiers under both, and F overturned, H upheld, P pending, - no appeal. */
function appealsOf(names: readonly string[], swapped = false) {
  const policies = [letterPolicy("baseline"), letterPolicy("candidate")] as const;
  const [first, second] = swapped ? [policies[1], policies[0]] : policies;
  const panel = panelOf({
    sellers: Object.fromEntries(names.map((name, i) => [`${name}-${i}`, { baseline: name.charAt(0), candidate: name.charAt(1) }])),
    outcomes: names.flatMap((name, i) => {
      const code = { F: 0, H: 1, P: -1 }[name.charAt(2)];
      return code === undefined ? [] : [label(`${name}-${i}`, "appeal", 0, code as 0 | 1 | -1)];
    }),
    sources: [appeal],
  });
  const { candidates } = compare({ baseline: first, candidates: [second], panel, seed: 1, replicates: 50 });
  return present(candidates[0]?.audits?.appeals, "appeals");
}

describe("a share under selection at known odds", () => {
  const path = packagePath("test/comparison/references/selected-share.json");
  const { cases } = JSON.parse(readFileSync(path, "utf8")) as {
    cases: { population: number; successes: number; failures: number; odds: number; from: number; to: number; count: number }[];
  };

  it("is what dhyper gives in R, ends of the interval to the unit", () => {
    for (const { from, to, count, ...options } of cases) {
      const found = selectedShare({ ...options, level: 0.95 });
      if (found.kind === "undetermined") throw new Error(found.reason);
      expect(found.value * options.population).to.be.closeTo(count, 1e-9);
      const ends = [present(found.interval, "interval").lower, present(found.interval, "interval").upper];
      expect(ends.map((end) => Math.round(end * options.population * 1e6) / 1e6)).to.deep.equal([from, to]);
    }
  });

  it("lies in its interval, falls as the odds rise, and is exact when everyone is seen", () => {
    const drawn = fc.record({
      unseen: fc.integer({ min: 0, max: 60 }),
      successes: fc.integer({ min: 0, max: 30 }),
      failures: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(drawn, ({ unseen, successes, failures }) => {
        if (successes + failures === 0) return;
        let before = Number.POSITIVE_INFINITY;
        for (const odds of [1, 2, 5, 10]) {
          const found = selectedShare({ population: unseen + successes + failures, successes, failures, odds, level: 0.9 });
          if (found.kind === "undetermined") throw new Error(found.reason);
          const { lower, upper } = present(found.interval, "interval");
          expect(lower <= found.value && found.value <= upper && found.value <= before).to.equal(true);
          if (unseen === 0) expect(upper - lower).to.be.closeTo(0, 1e-12);
          before = found.value;
        }
      }),
      { numRuns: 200 },
    );
  });

  it("covers at least 95 % when the odds are what they are said to be, and not when they are not", () => {
    const [population, fine, chance] = [150, 90, 0.2];
    const odds = 4;
    const fineChance = (odds * chance) / (1 - chance + odds * chance);
    const stream = randomStream(5, "appeals");
    let [right, wrong] = [0, 0];
    for (let world = 0; world < 2000; world++) {
      const seen = { successes: stream.binomial(fine, fineChance), failures: stream.binomial(population - fine, chance) };
      for (const [index, assumed] of [odds, 1].entries()) {
        const found = selectedShare({ population, ...seen, odds: assumed, level: 0.95 });
        const ends = found.kind === "estimate" ? found.interval : undefined;
        const isCovered = ends !== undefined && ends.lower <= fine / population && fine / population <= ends.upper;
        if (isCovered && index === 0) right++;
        if (isCovered && index === 1) wrong++;
      }
    }
    // Monte Carlo error of 95 % over 2,000 worlds: 0.5 points.
    expect(right / 2000).to.be.within(0.945, 0.99);
    expect(wrong / 2000).to.be.below(0.3);
  });
});

describe("appeals by odds in a comparison", () => {
  const names = ["wwF", "wwF", "wwH", "wwP", "ww-", "sw-", "swF", "wsH", "ss-"];

  it("counts each policy's own adverse tier, and starts at the overturn share", () => {
    const { baseline, candidate } = appealsOf(names);
    expect(baseline).to.include({ adverse: 6, overturned: 2, upheld: 2, pending: 1 });
    expect(candidate).to.include({ adverse: 7, overturned: 3, upheld: 1, pending: 1 });
    expect(candidate.curve[0]).to.have.nested.property("falseShare.value", 3 / 4);
    // Odds 10: 3 (7 - 1 + 10) / (3 + 10) fine of 7.
    expect(candidate.curve.at(-1)).to.have.nested.property("falseShare.value", (3 * 16) / 13 / 7);
    expect(candidate.bounds.lower).to.include({ value: 3 / 7 });
  });

  it("swaps with the policies, and is the same twice under the null reform", () => {
    const [straight, swapped] = [appealsOf(names), appealsOf(names, true)];
    expect(swapped.baseline.curve).to.deep.equal(straight.candidate.curve);
    const same = appealsOf(["wwF", "wwH", "ww-", "ss-"]);
    expect(same.baseline.curve).to.deep.equal(same.candidate.curve);
  });

  it("has no estimate without a decided appeal", () => {
    const { candidate } = appealsOf(["wwP", "ww-", "ss-"]);
    expect(candidate.curve.every(({ falseShare }) => falseShare.kind === "undetermined")).to.equal(true);
    expect(candidate.bounds.upper).to.include({ value: 1 });
  });
});
