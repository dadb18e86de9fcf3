/** Two beta laws of any width beside each other, by closed forms. */
import { chanceAbove, expectedExcess } from "../../simulations/statistics/bayesian/beta-comparison.ts";
import { betaPosterior } from "../../simulations/statistics/bayesian/beta-posterior.ts";
import { near } from "./reference-numbers.ts";

describe("beta laws of any width", () => {
  it("against Beta(k, 1), whose distribution function is a power: chance and excess are moments of the other law", () => {
    for (const [a, b] of [
      [0.5, 0.5],
      [3, 4],
      [1, 40],
      [1e4, 3],
      [2, 1e9],
      [1e6, 1e8],
      [1e8, 1e8],
      [3e11, 5e14],
      [1e15, 7],
    ] as const)
      for (const k of [1, 2, 60]) {
        const moment = (power: number): number =>
          Array.from({ length: power }, (_, i) => (a + i) / (a + b + i)).reduce((product, part) => product * part, 1);
        const [law, mirror] = [betaPosterior(a, b), betaPosterior(b, a)];
        near(chanceAbove(law, betaPosterior(k, 1)), moment(k), 1e-12);
        near(chanceAbove(betaPosterior(1, k), mirror), moment(k), 1e-12);
        near(expectedExcess(law, betaPosterior(k, 1)), moment(k + 1) / (k + 1), 1e-12);
        near(expectedExcess(betaPosterior(1, k), mirror), moment(k + 1) / (k + 1), 1e-12);
      }
  });
});
