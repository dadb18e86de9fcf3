/** Stuart-Maxwell and Bowker by their definitions: three classes in closed form, parts that add up, where exact begins, and every figure beside the test. */
import { expect } from "chai";
import { bowker, mcnemar, normalSurvival, stuartMaxwell } from "../../simulations/statistics/index.ts";
import { findingOf, testOf } from "./finding-parts.ts";
import { near } from "./reference-numbers.ts";

type Table = readonly (readonly number[])[];

const three = [
  [9, 30, 12],
  [14, 7, 21],
  [5, 16, 11],
];

/** A table without anybody who stayed, from its moves. */
function tableOf(size: number, moves: Readonly<Record<string, number>>): Table {
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, () => 0));
  for (const [move, count] of Object.entries(moves)) {
    const [from = 0, to = 0] = move.split(" ").map(Number);
    (rows[from] as number[])[to] = count;
  }
  return rows;
}

describe("square tables by their definitions", () => {
  it("Stuart-Maxwell of three classes is the closed form of Fleiss and Everitt (1971)", () => {
    const change = (name: number) => three.reduce((sum, row) => sum + (row[name] ?? 0), 0) - (three[name] ?? []).reduce((a, b) => a + b, 0);
    const mean = (a: number, b: number) => ((three[a]?.[b] ?? 0) + (three[b]?.[a] ?? 0)) / 2;
    const [first, second, third] = [mean(1, 2), mean(0, 2), mean(0, 1)];
    const expected =
      (first * change(0) ** 2 + second * change(1) ** 2 + third * change(2) ** 2) / (2 * (first * second + first * third + second * third));
    const test = testOf(stuartMaxwell({ table: three }));
    near(test.statistic, expected, 1e-13);
    expect(test.degreesOfFreedom).to.equal(2);
    // Two degrees of freedom: the tail is exponential.
    near(test.pValue, Math.exp(-expected / 2), 1e-12);
  });

  it("Bowker is the sum over pairs of classes, Stuart-Maxwell the sum over groups that exchange nobody", () => {
    const table = tableOf(4, { "0 1": 20, "1 0": 9, "2 3": 11, "3 2": 17 });
    const parts = (20 - 9) ** 2 / 29 + (11 - 17) ** 2 / 28;
    for (const compute of [bowker, stuartMaxwell]) {
      const test = testOf(compute({ table }));
      near(test.statistic, parts, 1e-13);
      expect([test.degreesOfFreedom, test.alternative, test.nullValue]).to.deep.equal([2, "two-sided", 0]);
      near(test.pValue, Math.exp(-parts / 2), 1e-12);
    }
  });

  it("groups of classes grow together over a later move: then one class is left out of all four", () => {
    const table = tableOf(4, { "0 3": 20, "3 0": 9, "1 2": 11, "2 1": 17, "2 3": 8, "3 2": 3 });
    const test = testOf(stuartMaxwell({ table }));
    expect(test.degreesOfFreedom).to.equal(3);
    // A tree of classes has as many moves as degrees: each can be undone alone, and the statistic is Bowker's.
    near(test.statistic, testOf(bowker({ table })).statistic ?? Number.NaN, 1e-12);
  });

  it("p is exact below 25 movers, and the chi-squared's from 25 on", () => {
    for (const [compute, name] of [
      [bowker, "Bowker"],
      [stuartMaxwell, "Stuart-Maxwell"],
    ] as const) {
      const few = testOf(compute({ table: tableOf(2, { "0 1": 17, "1 0": 7 }) }));
      expect(few.name).to.equal(`${name}, exact sign flips`);
      const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
      const tail = [17, 18, 19, 20, 21, 22, 23, 24].reduce((sum, k) => sum + choose(24, k), 0) / 2 ** 24;
      near(few.pValue, 2 * tail, 1e-12);
      const many = testOf(compute({ table: tableOf(2, { "0 1": 18, "1 0": 7 }) }));
      expect(many.name).to.equal(name);
      near(many.pValue, 2 * normalSurvival(11 / 5), 1e-12);
    }
  });

  it("every figure beside the test: movers, their share, what each class gained, and the net share", () => {
    for (const compute of [bowker, stuartMaxwell]) {
      const { estimate, details } = findingOf(compute({ table: three }));
      expect(details).to.deep.equal({ discordant: 98, discordantShare: 98 / 125, netChanges: [-23, 11, 12] });
      near(estimate.value, 23 / 125, 1e-15);
      expect([estimate.n, estimate.interval, estimate.set]).to.deep.equal([125, undefined, undefined]);
    }
  });

  it("say why there is no test", () => {
    for (const compute of [bowker, stuartMaxwell]) {
      expect(compute({ table: tableOf(3, {}) })).to.include({ reason: "no entity in the table" });
      expect(compute({ table: tableOf(3, { "1 1": 40 }) })).to.include({ reason: "no entity changed class: nothing to test" });
      expect(findingOf(compute({ table: tableOf(3, { "0 2": 1 }) })).test?.pValue).to.equal(1);
    }
    const pairs = { both: 3, neither: 4, onlySecond: 18, onlyFirst: 7, nullDifference: 0, alternative: "two-sided", level: 0.95 } as const;
    near(testOf(bowker({ table: tableOf(2, { "0 1": 18, "1 0": 7 }) })).pValue, testOf(mcnemar(pairs)).pValue, 1e-12);
  });
});
