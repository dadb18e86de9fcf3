/** Families of counts against sums over all of their outcomes, and the ends of exact intervals in closed form. */
import { expect } from "chai";
import { independence } from "../../simulations/statistics/proportions/contingency-table.ts";
import {
  binomialFamily,
  type DiscreteFamily,
  hypergeometricFamily,
  logOddsOf,
  mirrored,
  shareOf,
} from "../../simulations/statistics/proportions/discrete-family.ts";
import { exactTest } from "../../simulations/statistics/proportions/exact-test.ts";
import { fisherExact } from "../../simulations/statistics/proportions/fisher-exact.ts";
import { findingOf } from "./finding-parts.ts";
import { near } from "./reference-numbers.ts";

const naturals = [-3, -0.4, 0, 1.7];

/** Ways to choose k of n. */
function ways(n: number, k: number): number {
  let product = 1;
  for (let i = 0; i < k; i++) product = (product * (n - i)) / (i + 1);
  return Math.round(product);
}

/** Tails of a family whose masses are proportional to the given ones, by adding up. */
function expectTails(family: DiscreteFamily, masses: ReadonlyMap<number, number>, natural: number): void {
  const whole = [...masses.values()].reduce((sum, mass) => sum + mass, 0);
  const sumWhere = (isIn: (k: number) => boolean) => [...masses].reduce((sum, [k, mass]) => sum + (isIn(k) ? mass : 0), 0) / whole;
  const outcomes = [...masses.keys()];
  expect([family.least + 0, family.most + 0]).to.deep.equal([Math.min(...outcomes), Math.max(...outcomes)]);
  for (let k = family.least - 2; k <= family.most + 2; k++) {
    near(
      family.lowerTail(k, natural),
      sumWhere((j) => j <= k),
      1e-11,
      1e-12,
    );
    near(
      family.upperTail(k, natural),
      sumWhere((j) => j >= k),
      1e-11,
      1e-12,
    );
  }
}

describe("families of counts", () => {
  const tables = [
    [1, 1, 1],
    [3, 4, 2],
    [3, 4, 5],
    [5, 2, 6],
    [6, 6, 6],
    [4, 9, 0],
    [2, 3, 5],
  ] as const;

  it("hypergeometric: tails and mean are sums over all tables with the same margins, at any odds ratio", () => {
    for (const [first, second, successes] of tables) {
      const family = hypergeometricFamily(first, second, successes);
      for (const natural of naturals) {
        const masses = new Map<number, number>();
        for (let k = Math.max(0, successes - second); k <= Math.min(first, successes); k++)
          masses.set(k, ways(first, k) * ways(second, successes - k) * Math.exp(k * natural));
        expectTails(family, masses, natural);
        expectTails(mirrored(family), new Map([...masses].map(([k, mass]) => [0 - k, mass])), -natural);
        const whole = [...masses.values()].reduce((sum, mass) => sum + mass, 0);
        const mean = [...masses].reduce((sum, [k, mass]) => sum + k * mass, 0) / whole;
        for (const x of [family.least, family.most, 1]) near(family.excess(x, natural), mean - x, 1e-12, 1);
      }
    }
  });

  it("hypergeometric: one table alone has all of the probability", () => {
    const family = hypergeometricFamily(4, 9, 0);
    expect([family.least, family.most, family.lowerTail(0, 1), family.upperTail(0, 1), family.upperTail(1, 1)]).to.deep.equal([
      0, 0, 1, 1, 0,
    ]);
  });

  it("binomial: tails are sums over all counts, at the null share and at any other", () => {
    for (const trials of [1, 2, 7]) {
      const family = binomialFamily({ trials, near: 1, nullShare: 0.3 });
      for (const natural of [...naturals, logOddsOf(0.3)]) {
        const share = shareOf(natural);
        const counts = Array.from({ length: trials + 1 }, (_, k) => k);
        const masses = new Map(counts.map((k) => [k, ways(trials, k) * share ** k * (1 - share) ** (trials - k)]));
        expectTails(family, masses, natural);
        expectTails(mirrored(family), new Map([...masses].map(([k, mass]) => [0 - k, mass])), -natural);
      }
    }
  });

  it("log odds and shares turn into one another, and end at 0 and 1", () => {
    for (const share of [1e-300, 0.1, 0.5, 0.999]) near(shareOf(logOddsOf(share)), share, 1e-13);
    expect(shareOf(Number.POSITIVE_INFINITY)).to.equal(1);
    expect(shareOf(Number.NEGATIVE_INFINITY)).to.equal(0);
    expect(shareOf(800)).to.equal(1);
  });
});

describe("ends of exact intervals", () => {
  const nullNatural = logOddsOf(0.5);
  const trials = 5;
  const ask = (x: number, options: { method: "central" | "mid-p"; alternative: "less" | "greater" | "two-sided"; level: number }) =>
    exactTest(binomialFamily({ trials, near: x, nullShare: 0.5 }), x, { ...options, nullNatural });

  it("of all and of no successes are roots of alpha, and open where nothing bounds them", () => {
    const none = ask(0, { method: "central", alternative: "two-sided", level: 0.9 });
    expect(none.lower).to.equal(Number.NEGATIVE_INFINITY);
    near(shareOf(none.upper), 1 - 0.05 ** (1 / trials), 1e-12);
    const all = ask(trials, { method: "central", alternative: "greater", level: 0.9 });
    expect(all.upper).to.equal(Number.POSITIVE_INFINITY);
    near(shareOf(all.lower), 0.1 ** (1 / trials), 1e-12);
  });

  it("one-sided are open on the other side", () => {
    for (const method of ["central", "mid-p"] as const) {
      expect(ask(3, { method, alternative: "greater", level: 0.9 }).upper).to.equal(Number.POSITIVE_INFINITY);
      expect(ask(3, { method, alternative: "less", level: 0.9 }).lower).to.equal(Number.NEGATIVE_INFINITY);
    }
    const [control, treatment] = [
      { successes: 0, trials: 5 },
      { successes: 0, trials: 4 },
    ];
    const fisher = { control, treatment, nullRatio: 1, method: "central", alternative: "two-sided", level: 0.9 } as const;
    expect(fisherExact(fisher)).to.deep.equal({
      kind: "undetermined",
      reason: "the margins allow this table only: it says nothing of an odds ratio",
      wouldDetermine: "successes and failures, and units in both arms",
    });
  });

  it("count half of the outcome itself with mid-p, which bounds even all successes where more than half may err", () => {
    const half = ask(0, { method: "mid-p", alternative: "less", level: 0.9 });
    // (1 - p)^n / 2 = alpha
    near(shareOf(half.upper), 1 - 0.2 ** (1 / trials), 1e-12);
    expect(ask(trials, { method: "mid-p", alternative: "less", level: 0.5 }).upper).to.equal(Number.POSITIVE_INFINITY);
    // 1 - p^n / 2 = 0.6
    near(shareOf(ask(trials, { method: "mid-p", alternative: "less", level: 0.4 }).upper), 0.8 ** (1 / trials), 1e-12);
  });

  it("p-values of the two sides share the outcome: whole without mid-p, half each with it", () => {
    for (let x = 0; x <= trials; x++) {
      const [less, greater] = (["less", "greater"] as const).map(
        (alternative) => ask(x, { method: "central", alternative, level: 0.9 }).pValue,
      );
      const [lessMid, greaterMid] = (["less", "greater"] as const).map(
        (alternative) => ask(x, { method: "mid-p", alternative, level: 0.9 }).pValue,
      );
      near((less ?? 0) + (greater ?? 0), 1 + ways(trials, x) / 2 ** trials, 1e-12);
      near((lessMid ?? 0) + (greaterMid ?? 0), 1, 1e-12);
      near(less, (lessMid ?? 0) + ways(trials, x) / 2 ** (trials + 1), 1e-12);
    }
  });
});

describe("exact tests by likelihood whose values that are not rejected have a gap", () => {
  const trials = 12;
  const masses = (share: number) =>
    Array.from({ length: trials + 1 }, (_, k) => ways(trials, k) * share ** k * (1 - share) ** (trials - k));
  const sum = (some: readonly number[]) => some.reduce((total, mass) => total + mass, 0);

  it("have the p of the null value in the gap beside the largest one beyond it, which the interval spans to", () => {
    for (const x of [1, 11]) {
      const nullShare = x === 1 ? 0.28 : 0.72;
      const found = exactTest(binomialFamily({ trials, near: x, nullShare }), x, {
        method: "minimum-likelihood",
        alternative: "two-sided",
        level: 0.8,
        nullNatural: logOddsOf(nullShare),
      });
      const own = masses(nullShare);
      near(found.gapPValue, sum(own.filter((mass) => mass <= (own[x] as number) * (1 + 1e-9))), 1e-12);
      // It is largest where some k becomes as probable as 1: there (share / rest)^(k - 1) = 12 / (12 over k).
      const edges = Array.from({ length: trials - 2 }, (_, i) => {
        const k = i + 3;
        const odds = (trials / ways(trials, k)) ** (1 / (k - 1));
        return { k, share: odds / (1 + odds) };
      });
      const beyond = edges
        .filter(({ share }) => share > 0.28)
        .map(({ k, share }) => sum(masses(share).slice(0, 2)) + sum(masses(share).slice(k)));
      near(found.pValue, Math.max(...beyond), 1e-5);
      expect(found.pValue).to.be.above(0.2);
      expect(found.gapPValue).to.be.below(0.2);
      expect(found.lower < logOddsOf(nullShare) && logOddsOf(nullShare) < found.upper).to.equal(true);
    }
  });
});

describe("tables with rows and columns that nobody is in", () => {
  it("are judged as if these were not there", () => {
    const options = { statistic: "pearson", continuityCorrection: true, level: 0.95 } as const;
    const plain = findingOf(
      independence({
        table: [
          [10, 20],
          [20, 10],
        ],
        ...options,
      }),
    );
    const padded = findingOf(
      independence({
        table: [
          [10, 0, 20],
          [0, 0, 0],
          [20, 0, 10],
        ],
        ...options,
      }),
    );
    expect(padded.test).to.deep.equal(plain.test);
    expect(padded.estimate).to.deep.equal(plain.estimate);
  });
});
