/** Roots, integrals and small matrices beside what they are for, and what they may cost. */
import { expect } from "chai";
import fc from "fast-check";
import { present } from "../../data/foundation/index.ts";
import { lineIntegral, peakOf } from "../../simulations/statistics/numerics/line-integral.ts";
import { cholesky, factorPositive } from "../../simulations/statistics/numerics/positive-definite.ts";
import { realRoots } from "../../simulations/statistics/numerics/real-roots.ts";
import { fallingRoot, justAbove, rootBetween, rootNear } from "../../simulations/statistics/numerics/root.ts";
import { eigenSymmetric } from "../../simulations/statistics/numerics/symmetric.ts";
import { integrateTanhSinh } from "../../simulations/statistics/numerics/tanh-sinh.ts";
import { integrateTrapezium } from "../../simulations/statistics/numerics/trapezium.ts";
import { near } from "./reference-numbers.ts";

/** The function, and how often it was asked. */
function counted(f: (x: number) => number): { readonly f: (x: number) => number; readonly times: () => number } {
  let times = 0;
  return {
    f: (x) => {
      times++;
      return f(x);
    },
    times: () => times,
  };
}

describe("roots", () => {
  it("lie between two neighbouring doubles, after few questions where the function is smooth", () => {
    for (const [g, from, to, root, most] of [
      [(x: number) => x * x * x - 2, 0, 5, Math.cbrt(2), 13],
      [(x: number) => Math.exp(x) - 1000, -10, 30, Math.log(1000), 17],
      [(x: number) => Math.cos(x) - x, 0, 1, 0.7390851332151607, 9],
      [(x: number) => 1 / x - 1e-3, 1, 1e6, 1000, 18],
      [(x: number) => Math.atan(x - 3), -1e9, 1e9, 3, 33],
      [(x: number) => (x < 2 ? -1 : 1), 0, 5, 2, 55],
      [(x: number) => (x - 1) ** 9, 0, 3, 1, 146],
      [(x: number) => 3 - x, 0, 10, 3, 3],
    ] as const) {
      for (const sign of [1, -1]) {
        const { f, times } = counted((x) => sign * g(x));
        near(rootBetween(f, from, to), root, most === 146 ? 1e-3 : 1e-15);
        expect(times(), String(g)).to.be.at.most(most);
      }
    }
    expect(rootBetween((x) => x - 2, 2, 5)).to.equal(2);
    expect(rootBetween((x) => x - 5, 2, 5)).to.equal(5);
    expect(() => rootBetween((x) => x, 1, 2)).to.throw("no sign change");
  });

  it("are found from any start, or said to lie beyond the doubles or the ends", () => {
    for (const start of [-1e6, 0, 2, 4.9, 1e6]) {
      near(
        rootNear((x) => x - 5, start, true),
        5,
        1e-15,
      );
      near(
        rootNear((x) => 5 - x, start, false),
        5,
        1e-15,
      );
    }
    expect(rootNear((x) => x - 5, 5, true)).to.equal(5);
    expect(rootNear(() => -1, 0, true)).to.equal(Number.POSITIVE_INFINITY);
    expect(rootNear(() => 1, 0, true)).to.equal(Number.NEGATIVE_INFINITY);
    expect([fallingRoot((x) => 3 - x, 4, 9), fallingRoot((x) => 3 - x, 0, 2), fallingRoot((x) => 3 - x, 0, 9)]).to.deep.equal([4, 2, 3]);
    for (const x of [0, 1, -1, 1e300, -1e-280])
      expect(justAbove(x))
        .to.be.greaterThan(x)
        .and.at.most(x + Math.abs(x) * 1e-15 + 1e-300);
  });

  it("of a polynomial are those that it was made from, and none where it has none", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom(1, -3),
        (roots, leading) => {
          let made: readonly number[] = [leading];
          for (const root of roots) {
            const own = made;
            made = [...own, 0].map((_, i) => (own[i - 1] ?? 0) - root * (own[i] ?? 0));
          }
          const found = realRoots([...made, 0]);
          expect(found.length).to.equal(roots.length);
          for (const [i, root] of [...roots].sort((a, b) => a - b).entries()) near(found[i], root, 1e-9, 1);
        },
      ),
    );
    expect(realRoots([1, 0, 1])).to.deep.equal([]);
    expect(realRoots([5])).to.deep.equal([]);
    expect(realRoots([1, 0, 0, 0, 1])).to.deep.equal([]);
    const cubic = realRoots([1, 1, 0, 1]);
    expect(cubic.length).to.equal(1);
    near(cubic[0], -0.6823278038280193, 1e-14);
    near(realRoots([1e-9, 1, 1e-9])[1], -1e-9, 1e-14);
  });
});

describe("integrals", () => {
  it("over an interval, singular at its ends or not", () => {
    for (const [g, from, to, value] of [
      [(x: number) => x ** -0.5, 0, 1, 2],
      [Math.log, 0, 2, 2 * Math.log(2) - 2],
      [Math.exp, 1, 3, Math.exp(3) - Math.exp(1)],
      [(x: number) => x ** 3 - x, -1, 2, 2.25],
    ] as const) {
      const { f, times } = counted(g);
      near(integrateTanhSinh(f, { from, to }), value, 1e-7);
      near(integrateTanhSinh(g, { from: from + 0.25, to: to - 0.25 }, 1e-14), simpson(g, from + 0.25, to - 0.25), 1e-9);
      expect(times()).to.be.at.most(105);
    }
    expect(integrateTanhSinh(Math.exp, { from: 2, to: 2 })).to.equal(0);
  });

  it("of peaks, wherever they stand", () => {
    for (const at of [0, 1.5, -3]) {
      const peak = (x: number): number => Math.exp(-((x - at) ** 2)) * (2 + Math.sin(x));
      const value = Math.sqrt(Math.PI) * (2 + Math.sin(at) * Math.exp(-0.25));
      const { f, times } = counted(peak);
      near(integrateTrapezium(f, { from: -12, to: 10 }), value, 1e-12);
      expect(times()).to.be.at.most(180);
      near(lineIntegral(peak, { at: at + 0.4, width: 0.7 }), value, 1e-14);
      const found = peakOf((x) => at - x, { from: -20, to: 9, width: 1e-3 });
      expect(found).to.be.closeTo(at, 1e-3);
    }
  });
});

/** Simpson's rule, on so many pieces that it is exact to 1e-9 for these functions. */
function simpson(f: (x: number) => number, from: number, to: number): number {
  const [pieces, step] = [20_000, (to - from) / 20_000];
  let sum = 0;
  for (let i = 0; i < pieces; i++) sum += (step / 6) * (f(from + i * step) + 4 * f(from + (i + 0.5) * step) + f(from + (i + 1) * step));
  return sum;
}

describe("small symmetric matrices", () => {
  const matrix = [
    [9, 2, -1, 0.5],
    [2, 6, 1.5, -2],
    [-1, 1.5, 400, 3],
    [0.5, -2, 3, 2],
  ];
  const times = (rows: readonly (readonly number[])[], x: readonly number[]): readonly number[] =>
    rows.map((row) => row.reduce((sum, value, i) => sum + value * (x[i] as number), 0));

  it("are solved, and their quadratic form is that of the solution", () => {
    const right = [3, -1, 20, 4];
    const { solve, quadraticForm } = present(factorPositive(matrix, 1e-12), "a factor");
    const x = solve(right);
    for (const [i, value] of times(matrix, x).entries()) near(value, right[i] as number, 1e-13);
    near(
      quadraticForm(right),
      right.reduce((sum, value, i) => sum + value * (x[i] as number), 0),
      1e-13,
    );
    const lower = present(cholesky(matrix, 1e-14), "a triangle");
    for (const [i, row] of matrix.entries())
      for (const [j, value] of row.entries()) near(times(lower, lower[j] as readonly number[])[i], value, 1e-13, 1e-9);
  });

  it("that are not positive definite have no factor", () => {
    const dependent = [
      [1, 2, 3],
      [2, 4, 6],
      [3, 6, 10],
    ];
    for (const own of [
      dependent,
      [[0]],
      [[-1]],
      [[Number.NaN]],
      [
        [1, 2],
        [2, 1],
      ],
    ])
      expect(factorPositive(own, 1e-12)).to.equal(undefined);
    expect(
      cholesky(
        [
          [1, 2],
          [2, 1],
        ],
        1e-14,
      ),
    ).to.equal(undefined);
  });

  it("are taken apart into directions that they stretch", () => {
    const { values, vectors } = eigenSymmetric(matrix);
    expect(values).to.deep.equal([...values].sort((a, b) => a - b));
    near(
      values.reduce((sum, value) => sum + value, 0),
      417,
      1e-14,
    );
    for (const [index, vector] of vectors.entries()) {
      for (const [i, value] of times(matrix, vector).entries()) near(value, (values[index] as number) * (vector[i] as number), 1e-12, 1e-9);
      for (const [other, second] of vectors.entries())
        near(
          vector.reduce((sum, value, i) => sum + value * (second[i] as number), 0),
          Number(index === other),
          1e-14,
          1,
        );
    }
  });
});
