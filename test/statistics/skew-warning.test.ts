/** Warnings about data whose shape a statistic cannot stand. */
import { expect } from "chai";
import { findStatistic } from "../../simulations/statistics/table.ts";

const compute = (name: string, input: unknown): readonly string[] => {
  const statistic = findStatistic(name);
  const found = statistic?.compute(statistic.input.parse(input));
  return found?.kind === "finding" ? found.warnings : ["undetermined"];
};
/** Evenly spaced quantiles of a law with median 1 (log-normal-like), shifted. */
const even = (n: number, shift = 0, spread = 1): number[] => Array.from({ length: n }, (_, i) => shift + spread * ((i + 0.5) / n - 0.5));
const skewed = (n: number): number[] => Array.from({ length: n }, (_, i) => ((i + 0.5) / (n - i - 0.5)) ** 1.2);

describe("warnings about the shape of data", () => {
  for (const [name, input] of [
    ["welch-means", { control: { values: skewed(60) }, treatment: { values: even(60, 1) } }],
    ["pooled-means", { control: { values: skewed(60) }, treatment: { values: even(60, 1) } }],
    ["superiority", { control: { values: skewed(60) }, treatment: { values: even(60, 1) }, margin: 0.1 }],
    ["paired-means", { pairs: { control: even(60, 1), treatment: skewed(60) } }],
    ["post-stratified-means", { strata: [{ name: "a", control: { values: skewed(60) }, treatment: { values: even(60, 1) } }] }],
  ] as const) {
    it(`${name} tells that so few skewed values have no near normal mean`, () => {
      expect(compute(name, input).join(" ")).to.match(/60 values of the .*skewed.*355 skewness²/);
    });
  }

  it("symmetric values, and many values, are not warned about", () => {
    const calm = { control: { values: even(60, 2) }, treatment: { values: even(60, 2.1) } };
    expect(compute("welch-means", calm)).to.deep.equal([]);
    expect(compute("superiority", { ...calm, margin: 0.1 })).to.deep.equal([]);
  });

  it("Mann-Whitney tells of arms that differ in spread, the signed rank of differences that are not symmetric", () => {
    expect(compute("mann-whitney", { control: even(40), treatment: even(41, 0, 5) }).join(" ")).to.match(/twice as wide/);
    expect(compute("mann-whitney", { control: even(40), treatment: even(41, 0.1) })).to.deep.equal([]);
    expect(compute("wilcoxon-signed-rank", { control: even(41).fill(0), treatment: skewed(41) }).join(" ")).to.match(/not symmetric/);
  });

  it("Dunnett tells of unequal variances in unequal groups, and of tiny groups", () => {
    const group = (n: number, variance: number) => ({ n, mean: 1, variance });
    const warned = (control: object, treatment: object) => compute("dunnett", { control, treatments: [treatment] }).length;
    expect(warned(group(20, 9), group(200, 1))).to.equal(1);
    expect(warned(group(8, 1), group(8, 1.1))).to.equal(1);
    expect(warned(group(20, 1), group(20, 9))).to.equal(0);
  });

  it("a normal posterior tells of few units, and of a prior that the data contradict", () => {
    const group = (n: number, mean: number) => ({ n, mean, variance: 1 });
    const prior = { kind: "normal", mean: 0, standardDeviation: 0.1 };
    expect(compute("bayesian-means", { control: group(100, 1), treatment: group(100, 2), prior }).join(" ")).to.match(
      /prior and data disagree/,
    );
    expect(compute("bayesian-means", { control: group(8, 1), treatment: group(8, 1) }).join(" ")).to.match(/too short/);
    expect(compute("bayesian-means", { control: group(100, 1), treatment: group(100, 1.1), prior })).to.deep.equal([]);
  });
});
