/** How many decimals numbers that stand together are given. */
import { expect } from "chai";
import { decimalsTogether } from "../../data/foundation/index.ts";

describe("decimals of numbers that are read together", () => {
  for (const [values, decimals] of [
    [[0], 0],
    [[-0.82, -1.33, -0.312], 2],
    [[52.7, 24.2, 81.1], 1],
    [[-1246, 312, 0], 0],
    [[-0.00496, -0.0114, 0.00147], 4],
    [[164, 0.233, 329], 1],
    [[164, 0.000_01, 329], 3],
  ] as const)
    it(`of ${values.join(", ")} are ${decimals}: three digits of the largest, and more only while one is printed as a zero that it is not`, () => {
      expect(decimalsTogether(values, 3)).to.equal(decimals);
    });
});
