/** Sequences beside the definitions of their parts: mixtures as integrals, evidence as the least over all that a quantile may be. */
import { expect } from "chai";
import { spentError, tunedMixture } from "../../simulations/statistics/index.ts";
import { type BetaBinomialCounts, logBetaBinomialRatio } from "../../simulations/statistics/sequential/beta-binomial-ratio.ts";
import { normalMixture } from "../../simulations/statistics/sequential/mixtures.ts";
import { quantileComparison, quantileEvidence } from "../../simulations/statistics/sequential/quantile-sequence.ts";
import { near, referenceCases } from "./reference-numbers.ts";

/** Simpson's rule. */
function simpson(f: (x: number) => number, from: number, to: number): number {
  const pieces = 20_000;
  const step = (to - from) / pieces;
  let sum = 0;
  for (let i = 0; i < pieces; i++) sum += (step / 6) * (f(from + i * step) + 4 * f(from + (i + 0.5) * step) + f(from + (i + 1) * step));
  return sum;
}

describe("sequences by their definitions", () => {
  it("the normal mixture is the mean of exp(l s - l² v / 2) over a normal l, of either sign or above 0", () => {
    for (const [rho, sum, variance] of [
      [4, 3, 9],
      [4, -3, 9],
      [1, 0, 0],
      [25, 40, 100],
      [1, -90, 8],
      [2, -300, 4],
    ] as const) {
      const density = (l: number): number =>
        Math.sqrt(rho / (2 * Math.PI)) * Math.exp((-rho * l * l) / 2 + l * sum - (l * l * variance) / 2);
      const [peak, width] = [sum / (variance + rho), 12 / Math.sqrt(variance + rho)];
      const above = simpson(density, 0, peak > 0 ? peak + width : Math.min(width, 60 / Math.max(1, -sum)));
      near(normalMixture(rho, 1)(sum, variance), Math.log(2 * above), 1e-8, 1);
      if (Math.abs(sum) < 50) near(normalMixture(rho, 2)(sum, variance), Math.log(simpson(density, peak - width, peak + width)), 1e-9, 1);
    }
  });

  it("the beta-binomial mixture keeps its digits in counts up to the largest whole double, of rare and of no events", () => {
    const cases = referenceCases<BetaBinomialCounts & { readonly expected: number }>("sequential/counts");
    expect(cases.length).to.be.greaterThan(300);
    for (const { expected, ...counts } of cases) near(logBetaBinomialRatio(counts), expected, 1e-13, 1);
  });

  const [first, second] = [
    [1, 2, 2, 3, 4, 4, 4, 5, 7, 9, 9, 12],
    [3, 4, 5, 5, 6, 8, 8, 8, 10, 11, 13],
  ].map((values) => Float64Array.from(values)) as [Float64Array, Float64Array];

  it("evidence against a quantile's value is the least over the shares that may lie at or below it", () => {
    for (const quantile of [0.25, 0.7]) {
      const tuning = { quantile, tunedFor: 12, tunedAlpha: 0.05 };
      const { logValue } = tunedMixture(
        { kind: "beta-binomial", sides: 2, below: quantile, above: 1 - quantile },
        { variance: 12 * quantile * (1 - quantile), alpha: 0.05 },
      );
      const brute = (values: Float64Array, x: number): number => {
        const n = values.length;
        const [from, to] = [values.filter((value) => value < x).length, values.filter((value) => value <= x).length];
        const shares = Array.from({ length: 41 }, (_, i) => (from + ((to - from) * i) / 40) / n);
        return Math.min(...shares.map((share) => logValue((share - quantile) * n, quantile * (1 - quantile) * n)));
      };
      for (const values of [first, second]) {
        const { at } = quantileEvidence(values, tuning);
        for (let x = 0; x <= 14; x += 0.5) near(at(x), brute(values, x), 1e-3, 1);
      }
      for (const shift of [-6, 0, 0.5, 3]) {
        const candidates = Array.from({ length: 61 }, (_, i) => -8 + i / 2);
        const least = Math.min(...candidates.map((x) => brute(first, x) + brute(second, x + shift)));
        near(quantileComparison({ first, second }, tuning)(shift), Math.min(1, Math.exp(-least)), 1e-3);
      }
    }
  });

  it("spending begins at nothing, rises to all, and stays there", () => {
    const forms = [
      { kind: "obrien-fleming" },
      { kind: "pocock" },
      { kind: "power", rho: 2.5 },
      { kind: "hwang-shih-decani", gamma: -4 },
      { kind: "hwang-shih-decani", gamma: 1 },
      { kind: "hwang-shih-decani", gamma: 0 },
    ] as const;
    for (const form of forms) {
      const spent = [0, 0.1, 0.5, 0.9, 1 - 1e-12, 1, 1.5].map((share) => spentError(form, 0.025, share));
      expect(spent).to.deep.equal([...spent].sort((a, b) => a - b));
      expect([spent[0], spent[5], spent[6]]).to.deep.equal([0, 0.025, 0.025]);
      near(spent[4], 0.025, 1e-10);
    }
    near(spentError({ kind: "pocock" }, 0.04, 0.5), 0.04 * Math.log(1 + (Math.E - 1) / 2), 1e-14);
    for (const gamma of [0, 1e-300, 1e-12]) near(spentError({ kind: "hwang-shih-decani", gamma }, 0.04, 0.25), 0.01, 1e-11);
  });
});
