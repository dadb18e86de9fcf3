/** Dependent observations by their definitions: closed forms of degrees of freedom, rows that fit themselves, draws of a bootstrap, gaps of a test. */
import { expect } from "chai";
import { clusterMeans, type Found, randomisationInference, regression, wildClusterBootstrap } from "../../simulations/statistics/index.ts";
import { findingOf } from "./finding-parts.ts";
import { near } from "./reference-numbers.ts";

const asked = { level: 0.95, alternative: "two-sided", nullValue: 0 } as const;
const drawn = { weights: "rademacher", twoSided: "symmetric", draws: 199, seed: 3 } as const;

function columnsOf(regressors: Readonly<Record<string, readonly number[]>>) {
  const [first = []] = Object.values(regressors);
  return [{ name: "1", values: first.map(() => 1) }, ...Object.entries(regressors).map(([name, values]) => ({ name, values }))];
}

function reasonOf(found: Found): string {
  return found.kind === "undetermined" ? found.reason : "a finding";
}

describe("regression by its definitions", () => {
  it("Satterthwaite's degrees of freedom of two arms are Bell and McCaffrey's, of few rows and of more than are taken pair by pair", () => {
    for (const [treated, control] of [
      [4, 9],
      [1000, 2001],
    ] as const) {
      const x = Array.from({ length: treated + control }, (_, i) => Number(i < treated));
      const outcome = x.map((one, i) => one + ((i * 7919) % 101) / 10);
      const { test } = findingOf(
        regression({ outcome, columns: columnsOf({ x }), coefficient: "x", estimator: "HC2", degrees: "satterthwaite", ...asked }),
      );
      const [a, b] = [1 / treated, 1 / control];
      near(test?.degreesOfFreedom as number, (a + b) ** 2 / (a ** 2 / (treated - 1) + b ** 2 / (control - 1)), 1e-9);
    }
  });

  it("a row that a dummy fits by itself, and on which a coefficient does not rest, might as well be left out", () => {
    const [x, outcome] = [
      [0, 1, 0, 1, 2, 5],
      [1, 3, 2, 5, 4, 80],
    ];
    const own = { only: [0, 0, 0, 0, 0, 1] };
    for (const estimator of ["HC2", "HC3"] as const) {
      const question = { coefficient: "x", estimator, ...asked };
      const whole = findingOf(regression({ outcome, columns: columnsOf({ x, ...own }), ...question }));
      const less = findingOf(regression({ outcome: outcome.slice(0, 5), columns: columnsOf({ x: x.slice(0, 5) }), ...question }));
      near(whole.estimate.value, less.estimate.value, 1e-12);
      near(whole.estimate.standardError, less.estimate.standardError ?? 0, 1e-12);
    }
  });

  it("a coefficient that there is not is answered with those that there are", () => {
    const [x, outcome] = [
      [0, 1, 0, 1, 2, 5],
      [1, 3, 2, 5, 4, 8],
    ];
    const own = { outcome, columns: columnsOf({ x }), coefficient: "y", clusters: [1, 1, 2, 2, 3, 3], ...asked };
    const expected = { kind: "undetermined", reason: "there is no column 'y'", wouldDetermine: "one of '1', 'x'" };
    expect(regression(own)).to.deep.equal(expected);
    expect(wildClusterBootstrap({ ...own, ...drawn })).to.deep.equal(expected);
  });

  it("an error that vanishes among the doubles is out of range", () => {
    const x = [0, 1, 0, 1, 2, 5].map((value) => value * 2 ** 600);
    const outcome = [1, 3, 2, 5, 4, 8].map((value) => value * 2 ** -600);
    expect(reasonOf(regression({ outcome, columns: columnsOf({ x }), coefficient: "x", ...asked }))).to.equal(
      "a number leaves the range of doubles",
    );
  });

  it("an arm without a cluster, and with one, are counted in words", () => {
    const two = { values: [1, 2, 4], clusters: ["a", "b", "b"] };
    for (const [control, words] of [
      [{ values: [], clusters: [] }, "0 clusters in the control"],
      [{ values: [1, 2], clusters: ["c", "c"] }, "1 cluster in the control"],
    ] as const)
      expect(reasonOf(clusterMeans({ control, treatment: two }, asked))).to.equal(`${words}: nothing says how much its clusters differ`);
  });
});

describe("the wild cluster bootstrap by its definitions", () => {
  const outcome = [1, 9, 2, 8, 3, 7, 1, 9, 2, 8, 1, 7];
  const x = outcome.map((_, i) => i % 2);
  const few = (count: number) => ({
    outcome: outcome.slice(0, 2 * count),
    columns: columnsOf({ x: x.slice(0, 2 * count) }),
    coefficient: "x",
    clusters: x.slice(0, 2 * count).map((_, i) => Math.floor(i / 2)),
  });

  it("has the standard error CR1", () => {
    for (const scale of [1, 1024]) {
      const own = { ...few(6), outcome: outcome.map((value) => value * scale) };
      const wild = findingOf(wildClusterBootstrap({ ...own, ...drawn, ...asked }));
      const { estimate } = findingOf(regression({ ...own, estimator: "CR1", ...asked }));
      near(wild.estimate.standardError, estimate.standardError ?? 0, 1e-12);
    }
  });

  it("five clusters can be told from nothing by Webb's weights, which are six, not by signs", () => {
    const signs = findingOf(wildClusterBootstrap({ ...few(5), ...drawn, ...asked }));
    const webb = findingOf(wildClusterBootstrap({ ...few(5), ...drawn, weights: "webb", draws: 999, ...asked }));
    expect(signs.test?.pValue).to.equal(2 / 32);
    expect(webb.test?.pValue).to.be.below(0.04);
    expect(webb.details).to.include({ draws: 1000, exact: false });
  });

  it("takes every sign up to 12 clusters, and of two does not say that one carries more than half", () => {
    const many = (count: number) => {
      const clusters = Array.from({ length: 2 * count }, (_, i) => Math.floor(i / 2));
      const own = clusters.map((g, i) => (i % 2) * (g % 3) + ((i * 37) % 23) / 5);
      return findingOf(
        wildClusterBootstrap({
          outcome: own,
          columns: columnsOf({ x: clusters.map((_, i) => i % 2) }),
          coefficient: "x",
          clusters,
          ...drawn,
          draws: 19,
          ...asked,
        }),
      );
    };
    expect(many(12).details).to.include({ exact: true, draws: 4096 });
    expect(many(13).details).to.include({ exact: false, draws: 20 });
    const two = { outcome: [1, 5, 2, 9, 4, 6, 8], x: [0, 1, 0, 1, 1, 0, 0], clusters: [1, 1, 1, 1, 1, 2, 2] };
    const uneven = findingOf(wildClusterBootstrap({ ...two, columns: columnsOf({ x: two.x }), coefficient: "x", ...drawn, ...asked }));
    expect(uneven.warnings.filter((warning) => warning.includes("more than half"))).to.deep.equal([]);
  });

  it("gives a null value in a gap the largest p beyond it, says so, and mirrored alike", () => {
    const y = [0.48, -1.71, 0.9, -1.63, 1.61, -0.32, -1.75, 2.43, -1.29, -1.65, 0.38, -1.98, -0.24, 0.29, 0.58, 2.23];
    const columns = columnsOf({
      x: [0.5, 0.1, 0.4, -0.9, 1, 0.1, -1.1, 0.3, -0.3, -0.9, -0.3, -2.1, -0.1, 0.7, 0.1, 2.1],
      y: [2.5, -1.1, -1.6, 0.3, -0.7, -1.4, 0.4, 1.1, -2, -0.3, -0.3, 0, -0.4, 0.7, -1.2, 0.9],
      z: [0.3, -0.6, -0.9, 0.4, -0.1, 0.1, 0, 3.3, 0.4, 0.6, 0.5, -1, -0.7, -1.1, -0.3, -0.8],
      treated: [1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0],
    });
    const clusters = [0, 0, 0, 1, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5, 5, 5];
    const at = (nullValue: number, sign: 1 | -1) => {
      const outcome = y.map((value) => sign * value);
      const alternative = sign === 1 ? "less" : "greater";
      const own = {
        outcome,
        columns,
        coefficient: "treated",
        clusters,
        ...drawn,
        level: 0.8,
        alternative,
        nullValue: sign * nullValue,
      } as const;
      const { test, details, warnings } = findingOf(wildClusterBootstrap(own));
      const gap = details?.["gapPValue"];
      expect(warnings.some((warning) => warning.includes("lies between values that are not"))).to.equal(gap !== undefined);
      return { p: test?.pValue ?? 0, own: typeof gap === "number" ? gap : (test?.pValue ?? 0), inGap: gap !== undefined };
    };
    const places = Array.from({ length: 121 }, (_, i) => -1 + i / 100);
    const found = places.map((place) => at(place, 1));
    expect(found.some(({ inGap }) => inGap)).to.equal(true);
    for (const [i, { p, inGap }] of found.entries()) {
      if (inGap) expect(p).to.equal(Math.max(...found.slice(i).map(({ own }) => own)));
      if (inGap || i % 20 === 0) expect(at(places[i] as number, -1)).to.deep.equal(found[i]);
    }
  });
});

describe("randomisation inference by its definitions", () => {
  it("keeps the digits of small differences beside a large mean", () => {
    const small = [3, 1, 4, 1, 5, 9, 2, 6];
    const question = { statistic: "studentised", twoSided: "symmetric", draws: 99, seed: 1, ...asked } as const;
    const of = (constant: number) =>
      findingOf(
        randomisationInference({ units: small.map((value, i) => ({ value: value + constant, treated: i % 2 === 0 })), ...question }),
      );
    const [plain, far] = [of(0), of(2 ** 52)];
    expect([far.estimate.value, far.test?.pValue]).to.deep.equal([plain.estimate.value, plain.test?.pValue]);
    near(far.estimate.standardError, plain.estimate.standardError ?? 0, 1e-12);
  });

  it("speaks of clusters as soon as some units were assigned together", () => {
    const units = [
      { value: 1, treated: true, cluster: "a" },
      { value: 2, treated: true, cluster: "a" },
      { value: 3, treated: true },
    ];
    const question = { statistic: "difference", twoSided: "symmetric", draws: 99, seed: 1, ...asked } as const;
    expect(reasonOf(randomisationInference({ units, ...question }))).to.contain("2 treated and 0 control clusters: 1 of each");
    const apart = units.map(({ value, treated }) => ({ value, treated }));
    expect(reasonOf(randomisationInference({ units: apart, ...question }))).to.contain("3 treated and 0 control units: 1 of each");
  });
});
