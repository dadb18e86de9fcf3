/** Doubled precision, exact sums and the beta factor against digits that are known and integers without bound. */
import { expect } from "chai";
import { exact, exactProduct, exactSum, expOfMinus, logOfQuotient } from "../../simulations/statistics/numerics/double-double.ts";
import {
  addDigits,
  digits,
  digitsOf,
  exactZero,
  integerOf,
  mergeExact,
  roundedQuotient,
} from "../../simulations/statistics/numerics/exact-sum.ts";
import { betaFactor, incompleteBeta, logBetaFactor, shareOf } from "../../simulations/statistics/numerics/incomplete-beta.ts";
import { near } from "./reference-numbers.ts";

describe("doubled precision", () => {
  it("has the logarithms of quotients to 32 digits (Python's decimal, 50 digits: the double and what it lacks)", () => {
    for (const [a, b, high, low] of [
      [3, 1, 1.0986122886681098, -9.07129723500153e-17],
      [5, 3, 0.5108256237659907, -3.8530815664156986e-17],
      [10, 7, 0.3566749439387324, -1.2755728260984883e-17],
      [7, 9, -0.25131442828090605, -2.2893949377209462e-17],
      [1, 1_000_003, -13.815513557959774, -4.636218047193209e-16],
    ] as const) {
      const log = logOfQuotient(exact(a), exact(b));
      expect(log.high).to.equal(high);
      near(log.low, low, 1e-12);
      near(logOfQuotient(exact(b), exact(a)).low, -low, 1e-12);
    }
    expect(logOfQuotient(exact(6), exact(2), exact(3))).to.deep.equal({ high: 0, low: 0 });
  });

  it("loses nothing of sums and products", () => {
    expect(exactSum(1, 1e-20)).to.deep.equal({ high: 1, low: 1e-20 });
    expect(exactSum(1e-20, 1)).to.deep.equal({ high: 1, low: 1e-20 });
    const [a, b] = [2 ** 53 - 1, 2 ** 53 - 3];
    const { high, low } = exactProduct(a, b);
    expect(BigInt(high) + BigInt(low)).to.equal(BigInt(a) * BigInt(b));
    near(expOfMinus({ high: 1, low: 1e-17 }), Math.exp(-1), 1e-15);
    expect(Object.is(expOfMinus({ high: 800, low: 2 }), 0)).to.equal(true);
  });
});

describe("exact sums", () => {
  const sumOf = (values: readonly number[]) => {
    const sum = exactZero(1);
    for (const value of values) {
      const parts = digits();
      const sign = digitsOf(value, parts);
      addDigits(sum, parts, sign);
    }
    return sum;
  };

  it("merge to one form of their digits, whatever was carried and borrowed on the way", () => {
    const values = [2 ** 60 + 2 ** 20, -(2 ** 59), 16_777_215, 1, -3e-300, 2 ** 24 * 7];
    const [first, second] = [sumOf(values.slice(0, 3)), sumOf(values.slice(3))];
    const merged = mergeExact(first, second);
    expect(mergeExact(second, first).limbs).to.deep.equal(merged.limbs);
    expect(mergeExact(sumOf(values), sumOf([])).limbs).to.deep.equal(merged.limbs);
    expect(merged.limbs.slice(0, -1).every((limb) => limb >= 0 && limb < 2 ** 24)).to.equal(true);
    expect(integerOf(merged)).to.equal(integerOf(sumOf([...values].reverse())));
    expect(() => mergeExact(exactZero(1), exactZero(2))).to.throw("sums of different powers");
  });

  it("are rounded once: a tie to the even neighbour, and the least beyond a tie upwards", () => {
    const tie = 2n ** 53n + 1n;
    for (const sign of [1, -1]) {
      const rounded = (numerator: bigint, denominator: bigint) => roundedQuotient(BigInt(sign) * numerator, denominator, 0) / sign;
      expect(rounded(tie, 1n)).to.equal(2 ** 53);
      expect(rounded(3n * tie, 3n)).to.equal(2 ** 53);
      expect(rounded(3n * tie + 1n, 3n)).to.equal(2 ** 53 + 2);
      expect(rounded(3n * tie - 1n, 3n)).to.equal(2 ** 53);
      expect(rounded(10n ** 400n, 10n ** 400n)).to.equal(1);
    }
    expect(roundedQuotient(0n, 3n, 5)).to.equal(0);
    expect(roundedQuotient(1n, 1n, -1074)).to.equal(5e-324);
    expect(roundedQuotient(1n, 1n, 1024)).to.equal(Number.POSITIVE_INFINITY);
  });
});

describe("the factor of the beta distribution", () => {
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));

  it("is x^a (1 - x)^b / B(a, b) for whole shapes, and so is its logarithm, on both sides of the mean and far from it", () => {
    for (const [a, b] of [
      [1, 1],
      [2, 1],
      [3, 5],
      [1, 40],
      [40, 1],
      [20, 30],
    ] as const) {
      const constant = factorial(a + b - 1) / factorial(a - 1) / factorial(b - 1);
      for (const x of [0.001, 0.2, 0.5, 0.77, 0.99]) {
        const log = a * Math.log(x) + b * Math.log1p(-x) + Math.log(constant);
        near(logBetaFactor({ a, b }, shareOf(x)), log, 1e-12, 1);
        near(Math.log(betaFactor({ a, b }, shareOf(x))), log, 1e-12, 1);
      }
    }
  });

  it("gives all of the probability at either end", () => {
    expect(incompleteBeta({ a: 2, b: 3 }, shareOf(0))).to.deep.equal({ lower: 0, upper: 1, factor: 0 });
    expect(incompleteBeta({ a: 2, b: 3 }, shareOf(1))).to.deep.equal({ lower: 1, upper: 0, factor: 0 });
    for (const x of [0, 1]) expect(betaFactor({ a: 2, b: 3 }, shareOf(x))).to.equal(0);
  });

  it("of a shape below 1 near its end: both tails are those of x^a", () => {
    for (const a of [0.01, 0.5, 0.9]) {
      for (const x of [1e-30, 1e-3, 0.04]) {
        const { lower, upper, factor } = incompleteBeta({ a, b: 1 }, shareOf(x));
        near(lower, x ** a, 1e-13);
        near(upper, -Math.expm1(a * Math.log(x)), 1e-12);
        near(factor, a * x ** a * (1 - x), 1e-12);
      }
    }
  });
});
