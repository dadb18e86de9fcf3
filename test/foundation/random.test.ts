/** Random streams: reproducible, independent by name, and of the distribution that they claim. */
import { expect } from "chai";
import { type RandomStream, randomStream } from "../../data/foundation/index.ts";

const draws = 40_000;

describe("random streams", () => {
  it("give the same numbers for the same seed and name, others for another name", () => {
    const take = (stream: RandomStream) => Array.from({ length: 5 }, () => stream.uniform());
    expect(take(randomStream(7, "sellers", 1))).to.deep.equal(take(randomStream(7, "sellers", 1)));
    expect(take(randomStream(7, "sellers", 1))).to.not.deep.equal(take(randomStream(7, "sellers", 2)));
    expect(take(randomStream(7, "sellers", 1))).to.not.deep.equal(take(randomStream(8, "sellers", 1)));
  });

  // Checked once against the algorithm written again in Python.
  it("give these very numbers on every machine", () => {
    const stream = randomStream(42, "golden");
    expect([stream.below(1000), stream.below(1000), stream.below(1000)]).to.deep.equal([913, 255, 204]);
  });

  const cases: readonly { name: string; mean: number; variance: number; draw: (stream: RandomStream) => number }[] = [
    { name: "uniform", mean: 1 / 2, variance: 1 / 12, draw: (stream) => stream.uniform() },
    { name: "below 6", mean: 2.5, variance: 35 / 12, draw: (stream) => stream.below(6) },
    { name: "normal", mean: 0, variance: 1, draw: (stream) => stream.normal() },
    { name: "poisson 3", mean: 3, variance: 3, draw: (stream) => stream.poisson(3) },
    { name: "poisson 80", mean: 80, variance: 80, draw: (stream) => stream.poisson(80) },
    { name: "binomial 20, 0.1", mean: 2, variance: 1.8, draw: (stream) => stream.binomial(20, 0.1) },
    { name: "binomial 9, 0.8", mean: 7.2, variance: 1.44, draw: (stream) => stream.binomial(9, 0.8) },
    { name: "gamma 0.5", mean: 0.5, variance: 0.5, draw: (stream) => stream.gamma(0.5) },
    { name: "gamma 4", mean: 4, variance: 4, draw: (stream) => stream.gamma(4) },
  ];
  for (const { name, mean, variance, draw } of cases) {
    it(`${name} has its mean and variance`, () => {
      const stream = randomStream(1, name);
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < draws; i++) {
        const value = draw(stream) - mean;
        sum += value;
        squares += value * value;
      }
      expect(Math.abs(sum / draws)).to.be.below(5 * Math.sqrt(variance / draws));
      expect(squares / draws / variance).to.be.within(0.93, 1.07);
    });
  }

  it("answers the edges of the binomial and the Poisson", () => {
    const stream = randomStream(1, "edges");
    expect([stream.binomial(5, 0), stream.binomial(5, 1), stream.binomial(0, 0.5), stream.poisson(0)]).to.deep.equal([0, 5, 0, 0]);
  });
});
