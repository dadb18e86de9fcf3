/** Paired counts and tables by their definitions: one answer for the other turns the sign, details are what they say, limits refuse by name. */
import { expect } from "chai";
import {
  barnardExact,
  boschlooExact,
  independence,
  mcnemar,
  mcnemarExact,
  newcombePaired,
  scoreDifference,
  scoreRatio,
} from "../../simulations/statistics/index.ts";
import { outcomesOf } from "../../simulations/statistics/sample-ratio/multinomial.ts";
import { findingOf } from "./finding-parts.ts";
import { near } from "./reference-numbers.ts";

const pairs = { both: 40, onlySecond: 25, onlyFirst: 10, neither: 35 };
const turned = { ...pairs, onlySecond: 10, onlyFirst: 25 };
const claim = { alternative: "two-sided", level: 0.95 } as const;

describe("paired proportions", () => {
  it("McNemar: the difference of the two shares, and its mirror where the answers change places", () => {
    const [found, mirror] = [pairs, turned].map((given) => findingOf(mcnemar({ ...given, ...claim, nullDifference: 0 })));
    near(found?.estimate.value, (25 - 10) / 110, 1e-15);
    near(mirror?.estimate.value, (10 - 25) / 110, 1e-15);
    near(mirror?.estimate.interval?.lower, -(found?.estimate.interval?.upper ?? Number.NaN), 1e-12);
    near(mirror?.estimate.interval?.upper, -(found?.estimate.interval?.lower ?? Number.NaN), 1e-12);
    near(found?.test?.statistic, 15 / Math.sqrt(35), 1e-12);
    near(mirror?.test?.statistic, -15 / Math.sqrt(35), 1e-12);
    expect(found?.details).to.deep.equal({ discordant: 35 });
  });

  it("McNemar warns below 25 discordant pairs, not at 25, and has no p-value without any", () => {
    const ask = (onlySecond: number, onlyFirst: number) =>
      findingOf(mcnemar({ both: 9, neither: 9, onlySecond, onlyFirst, ...claim, nullDifference: 0 }));
    expect(ask(15, 10).warnings).to.deep.equal([]);
    expect(ask(14, 10).warnings).to.deep.equal([
      "Fewer than 25 discordant pairs: the level is approximate. The exact test conditions on them.",
    ]);
    expect(ask(0, 0).test).to.equal(undefined);
    expect(ask(0, 0).warnings).to.deep.equal([
      "No pair is discordant: under no difference the statistic is 0 / 0, so that there is no p-value. The interval needs none.",
    ]);
  });

  it("exact: the share of the discordant pairs, with the odds ratio where it can be divided", () => {
    const found = findingOf(mcnemarExact({ ...pairs, ...claim, method: "central" }));
    near(found.estimate.value, 25 / 35, 1e-15);
    expect(found.details).to.include({ discordant: 35, oddsRatio: 2.5 });
    expect(findingOf(mcnemarExact({ ...pairs, onlyFirst: 0, ...claim, method: "mid-p" })).details).to.have.keys([
      "discordant",
      "oddsRatioLower",
    ]);
    // Fagerland, Lydersen and Laake (2013), the airway data: 1 and 7 discordant pairs.
    const airway = { both: 1, onlySecond: 1, onlyFirst: 7, neither: 12, ...claim };
    for (const [method, lower, upper] of [
      ["central", 0.003, 1.112],
      ["mid-p", 0.006, 0.924],
    ] as const) {
      const { details } = findingOf(mcnemarExact({ ...airway, method }));
      expect(details?.["oddsRatioLower"]).to.be.closeTo(lower, 0.0005);
      expect(details?.["oddsRatioUpper"]).to.be.closeTo(upper, 0.0005);
    }
  });

  it("counts of pairs are whole and not below 0", () => {
    for (const count of [-1, 1.5]) expect(() => newcombePaired({ ...pairs, both: count, level: 0.95 })).to.throw(`${count} pairs`);
  });
});

describe("what tables and arms say beside their test", () => {
  it("the least expected count", () => {
    const found = findingOf(
      independence({
        table: [
          [10, 20],
          [30, 10],
        ],
        statistic: "pearson",
        continuityCorrection: false,
        level: 0.95,
      }),
    );
    near(found.details?.["leastExpected"] as number, (30 * 30) / 70, 1e-12);
  });

  it("score tests warn of few expected units, and say where units or successes are missing", () => {
    const [five, four] = [5, 4].map((successes) => ({ control: { successes, trials: 20 }, treatment: { successes, trials: 20 } }));
    for (const [arms, count] of [
      [five, 0],
      [four, 1],
    ] as const) {
      if (arms === undefined) throw new Error("no arms");
      expect(findingOf(scoreRatio({ ...arms, ...claim, nullRatio: 1, variant: "koopman" })).warnings).to.have.length(count);
      expect(findingOf(scoreDifference({ ...arms, ...claim, nullDifference: 0, variant: "farrington-manning" })).warnings).to.have.length(
        count,
      );
    }
    const nobody = { control: { successes: 0, trials: 0 }, treatment: { successes: 1, trials: 2 } };
    for (const found of [
      scoreDifference({ ...nobody, ...claim, nullDifference: 0, variant: "farrington-manning" }),
      barnardExact({ ...nobody, ...claim, nullDifference: 0, ordering: "score" }),
    ])
      expect(found).to.deep.equal({
        kind: "undetermined",
        reason: "an arm without units",
        wouldDetermine: "at least one unit in each arm",
      });
    expect(scoreRatio({ ...nobody, ...claim, nullRatio: 1, variant: "koopman" }).kind).to.equal("undetermined");
  });

  it("more units than all tables can be visited of are refused by the limit's name", () => {
    const many = { control: { successes: 3, trials: 1e6 }, treatment: { successes: 1, trials: 1e6 } };
    expect(() => barnardExact({ ...many, ...claim, nullDifference: 0, ordering: "score" })).to.throw("unconditionalUnits");
    expect(() => boschlooExact({ ...many, alternative: "two-sided" })).to.throw("unconditionalUnits");
  });

  it("n units fall into arms in (n + arms - 1 over n) ways", () => {
    expect([outcomesOf(7, 1), outcomesOf(7, 2), outcomesOf(7, 3), outcomesOf(4, 4)]).to.deep.equal([1, 8, 36, 35]);
  });
});
