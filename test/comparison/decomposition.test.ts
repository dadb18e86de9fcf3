/** Why the share of adverse entities changed: worked by hand, and laws. */
import { expect } from "chai";
import fc from "fast-check";
import { collectComparison } from "../../simulations/comparison/collect-comparison.ts";
import { standing } from "../../simulations/comparison/decomposition/collect-change.ts";
import { drawStrata } from "../../simulations/comparison/decomposition/draw-strata.ts";
import { shapleyShares } from "../../simulations/comparison/decomposition/shapley.ts";
import { type ChangeExplained, compare } from "../../simulations/comparison/index.ts";
import { describeReport, reportCsv } from "../../views/index.ts";
import { sampleReportContext } from "../views/sample-comparison.ts";
import { firstPeriod, letterPolicy, panelOf, type SmallMarket, wandering } from "./small-market.ts";

function comparisonOf(market: SmallMarket, candidate: "baseline" | "candidate" = "candidate", from?: number) {
  return compare({
    baseline: letterPolicy("baseline"),
    candidates: [letterPolicy(candidate)],
    panel: panelOf(market),
    seed: 3,
    replicates: 40,
    ...(from === undefined ? {} : { from: firstPeriod + from }),
  });
}

function explained(...given: Parameters<typeof comparisonOf>): ChangeExplained {
  const change = comparisonOf(...given).candidates[0]?.changeExplained;
  if (change === undefined) throw new Error("nothing explained");
  return change;
}

function sharesOf({ factors }: ChangeExplained): readonly (number | undefined)[] {
  return factors.map(({ share }) => (share.kind === "estimate" ? share.value : undefined));
}

describe("Shapley's shares", () => {
  const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 16, maxLength: 16 });

  it("are the mean contributions over all orders", () => {
    const orders = (rest: readonly number[]): readonly (readonly number[])[] =>
      rest.length === 0 ? [[]] : rest.flatMap((one) => orders(rest.filter((other) => other !== one)).map((order) => [one, ...order]));
    fc.assert(
      fc.property(values, (given) => {
        const sums = [0, 0, 0, 0];
        for (const order of orders([0, 1, 2, 3])) {
          let coalition = 0;
          for (const factor of order) {
            const next = coalition | (1 << factor);
            sums[factor] = (sums[factor] as number) + (given[next] as number) - (given[coalition] as number);
            coalition = next;
          }
        }
        expect(shapleyShares(given, 4)).to.deep.equal({ shares: sums, factorial: 24 });
      }),
    );
  });

  it("sum to the whole, give a factor that changes nothing no share, and flip when the change is turned round", () => {
    fc.assert(
      fc.property(values, (given) => {
        const { shares, factorial } = shapleyShares(given, 4);
        expect(shares.reduce((sum, share) => sum + share, 0)).to.equal(factorial * ((given[15] as number) - (given[0] as number)));
        const blind = given.map((_, coalition) => given[coalition & ~4] as number);
        expect(shapleyShares(blind, 4).shares[2]).to.equal(0);
        const turned = given.map((_, coalition) => given[15 ^ coalition] as number);
        expect(shapleyShares(turned, 4).shares.map((share) => 0 - share)).to.deep.equal(shares.map((share) => share + 0));
      }),
    );
  });
});

describe("the draw of those who are explained", () => {
  const strata = fc.array(fc.record({ size: fc.nat(400), isChanged: fc.boolean() }), { minLength: 1, maxLength: 4 });

  it("stands for everybody, takes everybody where it can, and keeps near its limit where it cannot", () => {
    fc.assert(
      fc.property(strata, fc.integer({ min: 40, max: 200 }), (sizes, most) => {
        let next = 0;
        const drawn = sizes.map(({ size, isChanged }) => ({ entities: Array.from({ length: size }, () => next++), isChanged }));
        const found = drawStrata(drawn, most, 7);
        for (const { entities } of drawn) {
          const own = found.filter(({ entity }) => entities.includes(entity));
          expect(own.reduce((sum, { weight }) => sum + weight, 0)).to.be.closeTo(entities.length, 1e-9);
        }
        expect(new Set(found.map(({ entity }) => entity)).size).to.equal(found.length);
        if (next <= most) expect(found.length).to.equal(next);
        else expect(found.length).to.be.at.most(most + 20);
      }),
      { numRuns: 40 },
    );
  });
});

describe("who may come out otherwise under a mixture", () => {
  it("is open where one of the rules finds otherwise than is held, divided where the rules part", () => {
    const market: SmallMarket = {
      sellers: {
        settled: { baseline: "ss", candidate: "ss" },
        moved: { baseline: "sw", candidate: "sw" },
        parted: { baseline: "ss", candidate: "ws" },
        now: { baseline: "ss", candidate: "sw" },
      },
      periods: 2,
    };
    const { collected } = collectComparison({
      baseline: letterPolicy("baseline"),
      candidates: [letterPolicy("candidate")],
      panel: panelOf(market),
      from: firstPeriod,
      to: firstPeriod + 1,
      seed: 1,
    });
    const { inFrame, adverse, evaluated, open, divided } = standing;
    const there = inFrame | evaluated;
    // In the order of their names: moved, now, parted, settled.
    expect([...(collected.change.second[0] ?? [])]).to.deep.equal([
      there | adverse | open,
      there | adverse | open | divided,
      there | open | divided,
      there,
    ]);
    expect([...collected.change.first]).to.deep.equal([there, there, there, there]);
  });
});

describe("the change between two dates", () => {
  it("is parted by hand: rule and own metrics halve what either alone would bring, and entrants and leavers stand apart", () => {
    const change = explained({
      sellers: {
        // Adverse as soon as either the rule or the metrics change: half each.
        a: { baseline: "sw", candidate: "ww" },
        // Adverse only with both changed: half each.
        b: { baseline: "ss", candidate: "sw" },
        // Its own metrics alone.
        c: { baseline: "sw", candidate: "sw" },
        d: { baseline: "ss", candidate: "ss" },
        leaver: { baseline: "w", candidate: "s" },
        entrant: { baseline: "s", candidate: "s", first: 1 },
      },
      periods: 2,
    });
    expect(change.from).to.deep.include({ version: "1.0.0", entities: 5, adverse: 1 });
    expect(change.to).to.deep.include({ version: "2.0.0", entities: 5, adverse: 3 });
    expect(change.both).to.deep.equal({ entities: 4, adverseBefore: 0, adverseAfter: 3, change: 0.75 });
    expect(sharesOf(change)).to.deep.equal([0.25, 0.5, 0, 0]);
    // 3 of 5 with the entrant, 3 of 4 without; 1 of 5 with the leaver, none of 4 without.
    expect(change.entrants).to.deep.include({ entities: 1, adverse: 0 });
    expect(change.entrants.change).to.be.closeTo(-0.15, 1e-12);
    expect(change.leavers).to.deep.equal({ entities: 1, adverse: 1, change: -0.2 });
    expect(change.change).to.be.closeTo(0.4, 1e-12);
  });

  const path = fc.string({ unit: fc.constantFrom("g", "s", "w", "u"), minLength: 1, maxLength: 5 });
  const market = fc.array(fc.tuple(fc.nat(2), path, path), { minLength: 1, maxLength: 8 }).map((paths): SmallMarket => {
    const sellers = paths.map(([first, baseline, other], index) => {
      const candidate = baseline.replace(/./g, (letter, at: number) => other[at] ?? letter);
      return [`s${index}`, { baseline, candidate, first }] as const;
    });
    return { sellers: Object.fromEntries(sellers), periods: 7 };
  });

  it("sums: factors to those who stay, they with entrants and leavers to the whole", () => {
    fc.assert(
      fc.property(market, fc.nat(3), (small, from) => {
        const change = explained(small, "candidate", from);
        const { entrants, leavers, both } = change;
        expect(entrants.change + leavers.change + both.change).to.be.closeTo(change.change, 1e-12);
        expect(sharesOf(change).reduce<number>((sum, share) => sum + (share ?? 0), 0)).to.be.closeTo(both.change, 1e-12);
        expect(change.to.adverse - change.from.adverse).to.equal(
          entrants.adverse - leavers.adverse + both.adverseAfter - both.adverseBefore,
        );
        const { score, factors } = change;
        const scores = factors.reduce((sum, factor) => sum + (factor.score?.kind === "estimate" ? factor.score.value : 0), 0);
        if (score !== undefined) expect(scores).to.be.closeTo(score.after - score.before, 1e-9);
      }),
      { numRuns: 25 },
    );
  });

  it("is none of the rule's under one policy, and none at all on one date", () => {
    fc.assert(
      fc.property(market, (small) => {
        expect(sharesOf(explained(small, "baseline"))[0] ?? 0).to.equal(0);
        const still = explained(small, "baseline", 6);
        expect([still.change, still.entrants.change, still.leavers.change, ...sharesOf(still)].every((part) => part === 0)).to.equal(true);
      }),
      { numRuns: 20 },
    );
  });

  it("sums exactly also where a draw is explained", () => {
    const change = explained(wandering(2400, 8));
    expect(change.explained).to.be.lessThan(change.both.entities);
    expect(sharesOf(change).reduce<number>((sum, share) => sum + (share ?? 0), 0)).to.be.closeTo(change.both.change, 1e-12);
    for (const { share } of change.factors) {
      if (share.kind === "undetermined" || share.interval === undefined) continue;
      expect([share.interval.lower <= share.value, share.value <= share.interval.upper]).to.deep.equal([true, true]);
    }
  });

  it("says why nobody is explained", () => {
    const change = explained({
      sellers: { a: { baseline: "s", candidate: "s" }, b: { baseline: "w", candidate: "w", first: 1 } },
      periods: 2,
    });
    expect(change).to.deep.include({ explained: 0, factors: [], reason: "nobody is evaluated at both dates" });
  });
});

describe("the change in the report", () => {
  const comparison = comparisonOf(wandering(60, 12));

  it("stands with every part, and the parts sum as printed", () => {
    const blocks = describeReport(comparison, sampleReportContext()).sections.flatMap((section) => section.blocks);
    const figure = blocks.flatMap((block) => (block.kind === "figure" ? [block.figure] : [])).find(({ id }) => id === "change-explained");
    const chart = figure?.chart.kind === "interval-rows" ? figure.chart : undefined;
    const printed = (chart?.rows ?? []).map(({ estimateText }) =>
      Number(
        estimateText
          .replace("−", "-")
          .replace("+", "")
          .replace(/\u00a0pp$/, ""),
      ),
    );
    const total = printed.at(-1) ?? Number.NaN;
    expect(printed.slice(0, -1).reduce((sum, part) => sum + part, 0)).to.be.closeTo(total, 1e-9);
    expect(chart?.rows.map(({ label }) => label)).to.include.members(["The rule", "Own metrics", "Carried state", "Change in all"]);
  });

  it("stands in the long table", () => {
    const lines = reportCsv(comparison)
      .split("\r\n")
      .filter((line) => line.startsWith("change,"));
    expect(lines.map((line) => line.split(",")[1])).to.include.members(["whole", "rule", "own", "peers", "state", "entrants", "leavers"]);
  });
});
