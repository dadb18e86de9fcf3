/** Exact sums and moments: merge is whole to the last byte, in any order, for doubles of any size. */
import { expect } from "chai";
import fc from "fast-check";
import {
  comomentsOf,
  gaussLegendre,
  integrate,
  logGamma,
  logGammaRise,
  logOnePlusMinus,
  mergePowerSums,
  mergeProductSums,
  momentsOf,
  powerSums,
  productSums,
  smallestInteger,
  squaresBetween,
} from "../../simulations/statistics/index.ts";
import { near } from "./reference-numbers.ts";

const anything = fc.double({ noNaN: true, noDefaultInfinity: true });
const sized = fc.double({ min: -1e60, max: 1e60, noNaN: true });

describe("moments", () => {
  it("merge exactly, whatever the chunks and their order", () => {
    fc.assert(
      fc.property(fc.array(anything, { minLength: 1, maxLength: 40 }), fc.nat(40), fc.nat(40), (values, first, second) => {
        const [low, high] = [Math.min(first, second), Math.max(first, second)];
        const parts = [values.slice(0, low), values.slice(low, high), values.slice(high)].map((part) => powerSums(part, 4));
        const [a, b, c] = parts as [(typeof parts)[0], (typeof parts)[0], (typeof parts)[0]];
        const whole = momentsOf(powerSums(values, 4));
        expect(momentsOf(mergePowerSums(mergePowerSums(a, b), c))).to.deep.equal(whole);
        expect(momentsOf(mergePowerSums(c, mergePowerSums(b, a)))).to.deep.equal(whole);
        expect(momentsOf(powerSums([...values].reverse(), 4))).to.deep.equal(whole);
      }),
      { numRuns: 150 },
    );
  });

  it("are the exact rationals, rounded once", () => {
    expect(momentsOf(powerSums([1, 2, 3, 4, 10], 4))).to.deep.equal({ n: 5, mean: 4, m2: 50, m3: 180, m4: 1394 });
    expect(momentsOf(powerSums([1e300, 1e-300, -1e300]))?.mean).to.equal(1e-300 / 3);
    expect(momentsOf(powerSums([1e300, -1e300]))?.m2).to.equal(Number.POSITIVE_INFINITY);
    expect(momentsOf(powerSums([5e-324, 1.5e-323]))?.mean).to.equal(1e-323);
    expect(momentsOf(powerSums([1e15 + 1, 1e15 + 2, 1e15 + 3]))?.m2).to.equal(2);
    expect(momentsOf(powerSums([]))).to.equal(undefined);
    expect(momentsOf(powerSums([7, 7, 7], 4))).to.deep.equal({ n: 3, mean: 7, m2: 0, m3: 0, m4: 0 });
    expect(() => powerSums([Number.NaN])).to.throw("a sum with NaN");
  });

  it("shift by a power of two and scale by one without a change of the deviations", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 20 }), (values) => {
        const plain = momentsOf(powerSums(values, 4));
        const shifted = momentsOf(
          powerSums(
            values.map((value) => value + 2 ** 40),
            4,
          ),
        );
        const scaled = momentsOf(
          powerSums(
            values.map((value) => value * 2 ** 100),
            4,
          ),
        );
        expect([shifted?.m2, shifted?.m3, shifted?.m4]).to.deep.equal([plain?.m2, plain?.m3, plain?.m4]);
        expect(scaled?.m4).to.equal((plain?.m4 ?? 0) * 2 ** 400);
      }),
      { numRuns: 50 },
    );
  });

  it("of several columns merge exactly, and their diagonal is that of each", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(sized, sized, sized), { minLength: 1, maxLength: 20 }), fc.nat(20), (rows, cut) => {
        const columns = (part: typeof rows) => [0, 1, 2].map((column) => part.map((row) => row[column] as number));
        const whole = comomentsOf(productSums(columns(rows)));
        const merged = comomentsOf(mergeProductSums(productSums(columns(rows.slice(cut))), productSums(columns(rows.slice(0, cut)))));
        expect(merged).to.deep.equal(whole);
        for (const [index, column] of columns(rows).entries())
          expect(whole?.deviations[index]?.[index]).to.equal(momentsOf(powerSums(column))?.m2);
        expect(whole?.deviations[0]?.[2]).to.equal(whole?.deviations[2]?.[0]);
      }),
      { numRuns: 60 },
    );
    expect(
      comomentsOf(
        productSums([
          [1, 2, 3],
          [2, 4, 9],
        ]),
      ),
    ).to.deep.equal({
      n: 3,
      means: [2, 5],
      deviations: [
        [2, 7],
        [7, 26],
      ],
    });
    expect(comomentsOf(productSums([[], []]))).to.equal(undefined);
    expect(() => productSums([[1], [1, 2]])).to.throw("different lengths");
  });

  it("split squares between and within groups of any sizes exactly", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 1, maxLength: 7 }), { minLength: 2, maxLength: 6 }),
        (groups) => {
          const sums = groups.map((values) => powerSums(values));
          const whole = momentsOf(powerSums(groups.flat()))?.m2 ?? 0;
          const within = sums.reduce((sum, group) => sum + (momentsOf(group)?.m2 ?? 0), 0);
          expect(Math.abs(squaresBetween(sums) + within - whole)).to.be.at.most(1e-11 * whole);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("numerical tools", () => {
  it("integrate by Gauss's rule, exactly for polynomials", () => {
    for (const count of [1, 2, 7, 40]) {
      near(
        Array.from(gaussLegendre(count).weights).reduce((sum, weight) => sum + weight, 0),
        2,
        1e-14,
      );
      near(
        integrate((x) => 2 * count * x ** (2 * count - 1), { from: 0, to: 1 }, gaussLegendre(count)),
        1,
        1e-13,
      );
    }
    near(integrate(Math.exp, { from: -1, to: 2 }, gaussLegendre(40)), Math.exp(2) - Math.exp(-1), 1e-14);
  });

  it("have logarithms of the gamma function that lose nothing near its roots and for small rises", () => {
    near(logGamma(0.5), Math.log(Math.PI) / 2, 1e-15);
    near(logGamma(1 + 2 ** -30), -5.375739784311045e-10, 1e-13);
    near(logGamma(101), 363.73937555556347, 1e-15);
    near(logGamma(1e-300), 690.7755278982137, 1e-15);
    near(logGammaRise(1e-3, 1e-12), -1.0005755714318095e-9, 1e-14);
    near(logGammaRise(1e15, 1), Math.log(1e15), 1e-15);
    near(logOnePlusMinus(1e-9), -4.999999996666667e-19, 1e-15);
    near(logOnePlusMinus(3), Math.log(4) - 3, 1e-15);
  });

  it("find the smallest whole number, wherever the search begins", () => {
    for (const start of [1, 50, 77, 78, 1000]) expect(smallestInteger((n) => n >= 77, { from: 1, to: 1000, start })).to.equal(77);
    expect(smallestInteger(() => true, { from: 3, to: 9 })).to.equal(3);
    expect(smallestInteger(() => false, { from: 3, to: 9 })).to.equal(undefined);
    expect(smallestInteger((n) => n >= 9e15, { from: 0, to: 9e15 })).to.equal(9e15);
  });
});
