/** What proportions rest on, by closed forms: binomial masses, noncentral tails, agreement of two classifications, and where a warning begins. */
import { expect } from "chai";
import {
  agrestiCaffo,
  agrestiCoull,
  barnardExact,
  boschlooExact,
  clusteredAgreement,
  mcnemar,
  normalSurvival,
  scoreOddsRatio,
  scoreProportion,
  waldDifference,
  waldProportion,
} from "../../simulations/statistics/index.ts";
import { shareOf } from "../../simulations/statistics/numerics/incomplete-beta.ts";
import {
  binomialLowerTail,
  binomialUpperTail,
  deviance,
  logBinomialMass,
} from "../../simulations/statistics/proportions/binomial-tails.ts";
import {
  noncentralChiSquaredSurvival,
  noncentralityBound,
  noncentralityForPower,
} from "../../simulations/statistics/proportions/noncentrality.ts";
import { differenceOfShares, fewExpected, type Sample } from "../../simulations/statistics/proportions/two-samples.ts";
import { endsOf, findingOf } from "./finding-parts.ts";
import { near } from "./reference-numbers.ts";

const z = 1.959963984540054;
const claim = { alternative: "two-sided", level: 0.95 } as const;

describe("binomial masses and tails", () => {
  it("are those of whole numbers without rounding", () => {
    for (const [heads, tails] of [
      [3n, 7n],
      [7n, 3n],
      [1n, 999_999_999n],
    ] as const) {
      const n = 40;
      const whole = heads + tails;
      const [p, q] = [Number(heads) / Number(whole), Number(tails) / Number(whole)];
      const share = shareOf(p);
      const logs: number[] = [];
      let ways = 1n;
      for (let k = 0; k <= n; k++) {
        logs.push(Math.log(Number(ways * heads ** BigInt(k))) + (n - k) * Math.log(Number(tails)) - n * Math.log(Number(whole)));
        ways = (ways * BigInt(n - k)) / BigInt(k + 1);
      }
      const sum = (some: readonly number[]): number => some.reduce((total, log) => total + Math.exp(log), 0);
      for (const [k, log] of logs.entries()) {
        near(logBinomialMass(k, n, p, q), log, 1e-12, 1);
        near(binomialLowerTail(k, n, share), sum(logs.slice(0, k + 1)), 1e-11);
        near(binomialUpperTail(k, n, share), sum(logs.slice(k)), 1e-11);
      }
      expect([-1, n + 1].map((k) => logBinomialMass(k, n, p, q))).to.deep.equal([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
      expect([-1, n].map((k) => binomialLowerTail(k, n, share))).to.deep.equal([0, 1]);
      expect([0, n + 1].map((k) => binomialUpperTail(k, n, share))).to.deep.equal([1, 0]);
    }
    const never = Number.NEGATIVE_INFINITY;
    expect([0, 1, 5].map((k) => logBinomialMass(k, 5, 0, 1))).to.deep.equal([0, never, never]);
    expect([0, 1, 5].map((k) => logBinomialMass(k, 5, 1, 0))).to.deep.equal([never, never, 0]);
    near(logBinomialMass(0, 7, 1e-18, 1), -7e-18, 1e-12);
    near(logBinomialMass(7, 7, 1, 1e-18), -7e-18, 1e-12);
  });

  it("the deviance keeps its digits beside the mean", () => {
    expect([deviance(0, 3), deviance(5, 5)]).to.deep.equal([3, 0]);
    for (const e of [1e-4, -1e-4, 1e-7]) near(deviance(1e6 * (1 + e), 1e6), 1e6 * (e ** 2 / 2 - e ** 3 / 6 + e ** 4 / 12), 1e-8);
    for (const [x, mean] of [
      [13, 10],
      [10, 13],
      [0.1, 10],
      [1.21, 1],
    ] as const)
      near(deviance(x, mean), x * Math.log(x / mean) + mean - x, 1e-12);
  });
});

describe("tails of the noncentral chi-squared", () => {
  /** Nuttall (1975): with 3 degrees of freedom they are normal tails and densities. */
  const ofThree = (x: number, noncentrality: number): number => {
    const [a, b] = [Math.sqrt(noncentrality), Math.sqrt(x)];
    const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
    return normalSurvival(b - a) + normalSurvival(b + a) + (density(b - a) - density(b + a)) / a;
  };

  it("are summed, or by the saddlepoint far out, and the same at its middle", () => {
    for (const [x, noncentrality] of [
      [7, 4],
      [400, 300],
      [9900, 10_000],
      [10_100, 10_000],
      [11_000, 10_000],
      [10_003, 10_000],
      [1.0005e6, 1e6],
      [1.002e6, 1e6],
      [1e6 + 3, 1e6],
      [1e6 + 3 + 1e-4, 1e6],
    ] as const)
      near(noncentralChiSquaredSurvival(x, 3, noncentrality), ofThree(x, noncentrality), 1e-9);
    expect([noncentralChiSquaredSurvival(0, 3, 2), noncentralChiSquaredSurvival(-1, 3, 2)]).to.deep.equal([1, 1]);
    near(noncentralChiSquaredSurvival(5, 2, 0), Math.exp(-2.5), 1e-13);
    near(noncentralChiSquaredSurvival(9, 1, 4), normalSurvival(1) + normalSurvival(5), 1e-13);
  });

  it("give the power and the bound that are asked for", () => {
    for (const degreesOfFreedom of [1, 2, 3, 40]) {
      const critical = { 1: 3.841458820694124, 2: 5.991464547107979, 3: 7.814727903251179, 40: 55.75847927888702 }[degreesOfFreedom] ?? 0;
      for (const power of [0.1, 0.8, 0.999]) {
        const needed = noncentralityForPower({ degreesOfFreedom, level: 0.95, power });
        near(noncentralChiSquaredSurvival(critical, degreesOfFreedom, needed), power, 1e-9);
      }
      expect(noncentralityBound(0.999 * critical, degreesOfFreedom, 0.05)).to.equal(0);
      const bound = noncentralityBound(3 * critical, degreesOfFreedom, 0.05);
      near(noncentralChiSquaredSurvival(3 * critical, degreesOfFreedom, bound), 0.05, 1e-9);
    }
  });
});

describe("agreement of two classifications", () => {
  /** Units of a table as clusters of so many copies each: the products of their counts summed. */
  function agreementOf(table: readonly (readonly number[])[], copies: number, matched = [0, 1, 2]) {
    const rows = table.length;
    const side = 1 + rows + (table[0]?.length ?? 0);
    const moments = new Float64Array(side * side);
    for (const [row, counts] of table.entries()) {
      for (const [column, count] of counts.entries()) {
        const places = [...(matched[row] === column ? [0] : []), 1 + row, 1 + rows + column];
        for (const i of places) for (const j of places) moments[i * side + j] = (moments[i * side + j] ?? 0) + count * copies ** 2;
      }
    }
    const clusters = table.flat().reduce((sum, count) => sum + count, 0);
    const copied = table.map((row) => row.map((count) => count * copies));
    return clusteredAgreement({ table: copied, matched, moments, clusters, level: 0.95 });
  }

  it("has Fleiss, Cohen and Everitt's error of kappa, the binomial one of the share, and copies of a unit tell nothing more", () => {
    const table = [
      [44, 5, 1],
      [7, 20, 3],
      [9, 5, 6],
    ];
    const n = 100;
    const cells = table.map((row) => row.map((count) => count / n));
    const rows = cells.map((row) => row.reduce((sum, share) => sum + share, 0));
    const columns = [0, 1, 2].map((column) => cells.reduce((sum, row) => sum + (row[column] as number), 0));
    const seen = 0.7;
    const chance = rows.reduce((sum, share, i) => sum + share * (columns[i] as number), 0);
    let variance = -((seen * chance - 2 * chance + seen) ** 2);
    for (const [i, row] of cells.entries()) {
      for (const [j, share] of row.entries()) {
        if (i === j) variance += share * (1 - chance - ((columns[i] as number) + (rows[i] as number)) * (1 - seen)) ** 2;
        else variance += (1 - seen) ** 2 * share * ((columns[i] as number) + (rows[j] as number)) ** 2;
      }
    }
    const error = Math.sqrt(variance / (n - 1)) / (1 - chance) ** 2;
    // Student's 97.5 % quantile with 99 degrees of freedom (R).
    const t = 1.984216951581749;
    for (const copies of [1, 3]) {
      const { share, kappa } = agreementOf(table, copies);
      if (share.kind !== "estimate" || kappa.kind !== "estimate") throw new Error("no estimate");
      near(share.value, seen, 1e-13);
      near(share.standardError, Math.sqrt((seen * (1 - seen)) / (n - 1)), 1e-12);
      near(share.interval?.upper, seen + t * Math.sqrt((seen * (1 - seen)) / (n - 1)), 1e-9);
      near(kappa.value, (seen - chance) / (1 - chance), 1e-13);
      near(kappa.standardError, error, 1e-12);
      near(kappa.interval?.lower, (seen - chance) / (1 - chance) - t * error, 1e-9);
      expect([share.n, kappa.n]).to.deep.equal([n * copies, n * copies]);
    }
  });

  it("ends at what is possible, and says what it cannot say", () => {
    const opposed = agreementOf(
      [
        [0, 3],
        [3, 0],
      ],
      1,
      [0, 1],
    );
    expect([opposed.share.kind === "estimate" ? opposed.share.value : 1, endsOf(opposed.kappa)[0]]).to.deep.equal([0, -1]);
    const close = agreementOf(
      [
        [3, 0],
        [1, 3],
      ],
      1,
      [0, 1],
    );
    expect([endsOf(close.share)[1], endsOf(close.kappa)[1]]).to.deep.equal([1, 1]);
    const alike = agreementOf([[5, 0]], 1, [0]);
    expect(alike.kappa).to.include({ reason: "both put every unit into the same class, so that chance agrees too" });
    expect(alike.share.kind).to.equal("estimate");
    expect(agreementOf([[1, 0]], 1, [0]).share).to.include({ reason: "one cluster alone shows no error" });
    for (const part of Object.values(agreementOf([[0, 0]], 1, [0]))) expect(part).to.include({ reason: "no unit is classified by both" });
    const unmatched = agreementOf(
      [
        [4, 1],
        [2, 3],
      ],
      1,
      [0, -1],
    );
    near(unmatched.share.kind === "estimate" ? unmatched.share.value : 0, 0.4, 1e-15);
    near(unmatched.kappa.kind === "estimate" ? unmatched.kappa.value : 0, (0.4 - 0.5 * 0.6) / 0.7, 1e-14);
  });
});

describe("where warnings and limits of proportions begin", () => {
  it("one proportion: 5 expected under the null value, ends cut at 0 and 1, Agresti and Coull's middle", () => {
    const warned = (trials: number, nullValue: number) =>
      findingOf(scoreProportion({ successes: 1, trials, nullValue, ...claim })).warnings.length;
    expect([warned(10, 0.5), warned(9, 0.5), warned(20, 0.25), warned(20, 0.75), warned(19, 0.75)]).to.deep.equal([0, 1, 0, 0, 1]);
    for (const [successes, place, end] of [
      [1, 0, 0],
      [9, 1, 1],
    ] as const) {
      const own = { successes, trials: 10, ...claim };
      expect(endsOf(findingOf(waldProportion({ ...own, nullValue: 0.5 })).estimate)[place]).to.equal(end);
      expect(endsOf(findingOf(agrestiCoull({ ...own, level: 0.999 })).estimate)[place]).to.equal(end);
    }
    const { estimate, details } = findingOf(agrestiCoull({ successes: 12, trials: 40, ...claim }));
    const centre = (12 + z ** 2 / 2) / (40 + z ** 2);
    near(details?.["centre"] as number, centre, 1e-14);
    near(estimate.interval?.upper, centre + z * Math.sqrt((centre * (1 - centre)) / (40 + z ** 2)), 1e-13);
    for (const successes of [0, 7])
      expect(waldProportion({ successes, trials: 7, nullValue: 0.5, ...claim })).to.include({
        reason: `${successes} of 7: Wald's standard error is 0 there`,
      });
  });

  it("two proportions: 5 expected in the smaller arm, exact differences of huge counts, corrections that do not cross 0", () => {
    const few = (treatment: number) => fewExpected({ successes: 4, trials: 40 }, { successes: treatment, trials: 40 }).length;
    expect([few(6), few(5), few(70), few(36)]).to.deep.equal([0, 1, 1, 0]);
    expect(differenceOfShares({ successes: 1e15, trials: 3e15 }, { successes: 3e15, trials: 9e15 })).to.equal(0);
    near(differenceOfShares({ successes: 1e15, trials: 3e15 }, { successes: 3e15 + 1, trials: 9e15 }), 1 / 9e15, 1e-12);
    const arms = { control: { successes: 10, trials: 40 }, treatment: { successes: 11, trials: 40 } };
    const wald = (alternative: "two-sided" | "less" | "greater") =>
      findingOf(waldDifference({ ...arms, alternative, level: 0.95, nullDifference: 0, pooled: true, continuityCorrection: true }));
    const error = Math.sqrt((21 / 80) * (59 / 80) * (2 / 40));
    near(wald("two-sided").estimate.standardError, error, 1e-13);
    expect(wald("two-sided").test?.statistic).to.equal(0);
    for (const side of ["greater", "less"] as const) expect(wald(side).test?.statistic, "as R's prop.test, never past 0").to.equal(0);
    expect(wald("less").estimate.method).to.equal("Wald, pooled, continuity-corrected");
  });

  it("Barnard: its interval ends where p crosses the error; odds of a control without failure end at 0", () => {
    const arms = { control: { successes: 2, trials: 9 }, treatment: { successes: 7, trials: 11 } };
    const ask = (nullDifference: number) => findingOf(barnardExact({ ...arms, ...claim, nullDifference, ordering: "score" }));
    const [lower, upper] = endsOf(ask(0).estimate);
    for (const [end, outwards] of [
      [lower ?? 0, -1e-6],
      [upper ?? 0, 1e-6],
    ] as const) {
      expect(ask(end + outwards).test?.pValue, `outside of ${end}`).to.be.below(0.05);
      expect(ask(end - outwards).test?.pValue, `inside of ${end}`).to.be.at.least(0.05);
    }
    const all = { control: { successes: 9, trials: 9 }, treatment: { successes: 7, trials: 11 } };
    const { estimate } = findingOf(scoreOddsRatio({ ...all, ...claim, nullRatio: 1, variant: "plain" }));
    expect([estimate.value, endsOf(estimate)[0]]).to.deep.equal([0, 0]);
  });

  it("Agresti and Caffo: one success and one failure more in each arm, cut at -1 and 1", () => {
    const arms = { control: { successes: 30, trials: 160 }, treatment: { successes: 12, trials: 40 } };
    const { estimate, details, test } = findingOf(agrestiCaffo({ ...arms, ...claim, nullDifference: 0.02 }));
    const [c, t] = [31 / 162, 13 / 42];
    const error = Math.sqrt((c * (1 - c)) / 162 + (t * (1 - t)) / 42);
    near(details?.["centre"] as number, t - c, 1e-14);
    near(estimate.standardError, error, 1e-13);
    near(estimate.value, 0.3 - 0.1875, 1e-14);
    near(test?.statistic, (t - c - 0.02) / error, 1e-12);
    near(estimate.interval?.lower, t - c - z * error, 1e-12);
    const none = { successes: 0, trials: 2 };
    const all = { successes: 2, trials: 2 };
    expect(endsOf(findingOf(agrestiCaffo({ control: none, treatment: all, ...claim, nullDifference: 0 })).estimate)[1]).to.equal(1);
    expect(endsOf(findingOf(agrestiCaffo({ control: all, treatment: none, ...claim, nullDifference: 0 })).estimate)[0]).to.equal(-1);
  });
});

describe("samples that share no answer", () => {
  it("have the p of two coins thrown 2 n times, to the last digits of a far tail, either way round", () => {
    for (const n of [30, 60]) {
      const [none, all] = [0, n].map((successes) => ({ successes, trials: n })) as [Sample, Sample];
      const p = 2 ** (-2 * n);
      for (const [control, treatment, alternative] of [
        [none, all, "greater"],
        [all, none, "less"],
      ] as const) {
        const asked = { control, treatment, alternative, level: 0.95 };
        near(findingOf(barnardExact({ ...asked, nullDifference: 0, ordering: "score" })).test?.pValue, p, 1e-12);
        if (n === 30) near(findingOf(boschlooExact(asked)).test?.pValue, p, 1e-12);
      }
    }
  });

  it("as pairs have an interval up to 1, and no further", () => {
    const pairs = { both: 0, onlySecond: 20, onlyFirst: 0, neither: 0, nullDifference: 0 };
    expect(endsOf(findingOf(mcnemar({ ...pairs, ...claim })).estimate)[1]).to.equal(1);
    expect(endsOf(findingOf(mcnemar({ ...pairs, onlySecond: 0, onlyFirst: 20, ...claim })).estimate)[0]).to.equal(-1);
  });
});
