/** Laws of the statistics for dependent observations, and inputs that determine nothing. */
import { expect } from "chai";
import fc from "fast-check";
import {
  clusterMeans,
  type Finding,
  type Found,
  groupRows,
  randomisationInference,
  regression,
  wildClusterBootstrap,
} from "../../simulations/statistics/index.ts";
import { leastSquares } from "../../simulations/statistics/numerics/linear.ts";
import { cholesky, factorPositive } from "../../simulations/statistics/numerics/positive-definite.ts";
import { eigenSymmetric } from "../../simulations/statistics/numerics/symmetric.ts";
import { findStatistic } from "../../simulations/statistics/table.ts";
import { near } from "./reference-numbers.ts";

function found(result: Found): Finding {
  if (result.kind === "undetermined") throw new Error(result.reason);
  return result;
}

/** Whether the null value lies outside what the estimate leaves possible. */
function isExcluded({ estimate: { interval, set } }: Finding, value: number): boolean {
  if (interval !== undefined) return value < interval.lower || value > interval.upper;
  if (set?.kind === "at-least") return value < set.lower;
  return set?.kind === "at-most" && value > set.upper;
}

const alternatives = ["two-sided", "less", "greater"] as const;
const values = fc.double({ min: -50, max: 50, noNaN: true }).map((x) => Math.round(x * 100) / 100);
const rows = fc.record({
  outcome: fc.array(values, { minLength: 15, maxLength: 15 }),
  x: fc.array(values, { minLength: 15, maxLength: 15 }),
  alternative: fc.constantFrom(...alternatives),
  level: fc.constantFrom(0.5, 0.8, 0.9, 0.95),
  nullValue: fc.double({ min: -3, max: 3, noNaN: true }),
});
const clusters = [1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 6];

function design(x: readonly number[]) {
  return [
    { name: "1", values: x.map(() => 1) },
    { name: "x", values: x },
  ];
}

const drawn = { weights: "rademacher", draws: 99, seed: 3 } as const;
type Asked = { readonly level: number; readonly alternative: (typeof alternatives)[number]; readonly nullValue: number };

/** Every statistic of the family on one random input. */
const statistics: Readonly<Record<string, (outcome: readonly number[], x: readonly number[], asked: Asked) => Found>> = {
  "HC2 regression": (outcome, x, asked) => regression({ outcome, columns: design(x), coefficient: "x", ...asked }),
  "HC3 regression with Satterthwaite": (outcome, x, asked) =>
    regression({ outcome, columns: design(x), coefficient: "x", estimator: "HC3", degrees: "satterthwaite", ...asked }),
  "CR2 regression": (outcome, x, asked) => regression({ outcome, columns: design(x), coefficient: "x", clusters, ...asked }),
  "wild bootstrap, symmetric": (outcome, x, asked) =>
    wildClusterBootstrap({ outcome, columns: design(x), coefficient: "x", clusters, ...drawn, twoSided: "symmetric", ...asked }),
  "wild bootstrap, Webb, equal tails": (outcome, x, asked) =>
    wildClusterBootstrap({
      outcome,
      columns: design(x),
      coefficient: "x",
      clusters,
      ...drawn,
      weights: "webb",
      twoSided: "equal-tail",
      ...asked,
    }),
  "randomisation, difference": (outcome, _, asked) => randomised(outcome, "difference", asked),
  "randomisation, studentised": (outcome, _, asked) => randomised(outcome, "studentised", asked),
};

function randomised(outcome: readonly number[], statistic: "difference" | "studentised", asked: Asked): Found {
  const units = outcome.slice(0, 9).map((value, i) => ({ value, treated: i % 2 === 0 }));
  return randomisationInference({ units, statistic, draws: 99, seed: 3, twoSided: "symmetric", ...asked });
}

describe("laws of statistics for dependent observations", () => {
  for (const [name, statistic] of Object.entries(statistics)) {
    it(`${name}: the interval excludes the null value exactly when p < 1 - level`, () => {
      fc.assert(
        fc.property(rows, ({ outcome, x, ...asked }) => {
          const result = statistic(outcome, x, asked);
          if (result.kind === "finding") expect(isExcluded(result, asked.nullValue)).to.equal((result.test?.pValue ?? 1) < 1 - asked.level);
        }),
        { numRuns: 25, seed: 6 },
      );
    });

    it(`${name}: does not mind the unit or the origin of the outcome`, () => {
      fc.assert(
        fc.property(rows, fc.constantFrom(1e-150, 1024, 1e200), ({ outcome, x, ...asked }, unit) => {
          const result = statistic(outcome, x, asked);
          const power = 2 ** Math.round(Math.log2(unit));
          const scaled = statistic(
            outcome.map((y) => y * power),
            x,
            { ...asked, nullValue: asked.nullValue * power },
          );
          const shifted = statistic(
            outcome.map((y) => y + 64),
            x,
            asked,
          );
          expect(scaled.kind).to.equal(result.kind);
          if (result.kind === "undetermined" || scaled.kind === "undetermined" || shifted.kind === "undetermined") return;
          near(scaled.estimate.value, result.estimate.value * power, 1e-12, power);
          near(scaled.test?.pValue, result.test?.pValue ?? Number.NaN, 1e-9);
          near(shifted.estimate.value, result.estimate.value, 1e-11, 1);
          near(shifted.test?.pValue, result.test?.pValue ?? Number.NaN, 1e-8);
        }),
        { numRuns: 10, seed: 6 },
      );
    });

    it(`${name}: a higher level contains a lower one`, () => {
      fc.assert(
        fc.property(rows, ({ outcome, x, nullValue }) => {
          const at = (level: number): Found => statistic(outcome, x, { level, nullValue, alternative: "two-sided" });
          const [narrow, wide] = [at(0.6), at(0.9)];
          if (narrow.kind === "undetermined" || wide.kind === "undetermined" || wide.estimate.interval === undefined) return;
          expect(wide.estimate.interval.lower).to.be.at.most(narrow.estimate.interval?.lower ?? Number.NaN);
          expect(wide.estimate.interval.upper).to.be.at.least(narrow.estimate.interval?.upper ?? Number.NaN);
        }),
        { numRuns: 10, seed: 6 },
      );
    });
  }

  it("outcomes of the other sign give the mirrored answer", () => {
    fc.assert(
      fc.property(rows, ({ outcome, x, ...asked }) => {
        const other = { ...asked, nullValue: -asked.nullValue, alternative: mirror(asked.alternative) };
        for (const statistic of Object.values(statistics)) {
          const [first, second] = [
            statistic(outcome, x, asked),
            statistic(
              outcome.map((y) => -y),
              x,
              other,
            ),
          ];
          expect(second.kind).to.equal(first.kind);
          if (first.kind === "undetermined" || second.kind === "undetermined") continue;
          expect(second.estimate.value).to.equal(0 - first.estimate.value);
          near(second.test?.pValue, first.test?.pValue ?? Number.NaN, 1e-12);
        }
      }),
      { numRuns: 10, seed: 6 },
    );
  });

  it("swapping the arms changes the sign of a difference of clusters", () => {
    const control = { values: [1, 2, 4, 3, 6], clusters: ["a", "a", "b", "b", "c"] };
    const treatment = { values: [3, 5, 6, 9, 8], clusters: ["d", "d", "e", "e", "e"] };
    const asked = { level: 0.9, alternative: "two-sided", nullValue: 0 } as const;
    const [one, other] = [
      found(clusterMeans({ control, treatment }, asked)),
      found(clusterMeans({ control: treatment, treatment: control }, asked)),
    ];
    near(one.estimate.value, -other.estimate.value, 1e-14);
    near(one.test?.pValue, other.test?.pValue ?? Number.NaN, 1e-12);
    near(one.estimate.value, 6.2 - 3.2, 1e-14);
  });

  it("randomisation and bootstrap are the same bytes for the same seed, and others for another", () => {
    const units = Array.from({ length: 40 }, (_, i) => ({ value: ((i * 37) % 23) + (i % 2), treated: i % 2 === 0 }));
    const at = (seed: number): string =>
      JSON.stringify(
        randomisationInference({
          units,
          statistic: "studentised",
          twoSided: "symmetric",
          draws: 999,
          seed,
          level: 0.9,
          alternative: "two-sided",
          nullValue: 0,
        }),
      );
    expect(at(1)).to.equal(at(1));
    expect(at(1)).to.not.equal(at(2));
    expect(at(1)).to.contain('"exact":false');
  });
});

function mirror(alternative: (typeof alternatives)[number]): (typeof alternatives)[number] {
  if (alternative === "two-sided") return alternative;
  return alternative === "less" ? "greater" : "less";
}

describe("what dependent observations do not determine", () => {
  const asked = { level: 0.95, alternative: "two-sided", nullValue: 0 } as const;
  const x = [1, 2, 3, 4, 5, 6];
  const outcome = [1, 3, 2, 5, 4, 8];

  function reasonOf(result: Found): string {
    return result.kind === "undetermined" ? result.reason : `determined: ${result.estimate.value}`;
  }

  it("names the column that others determine", () => {
    const columns = [...design(x), { name: "twice", values: x.map((value) => 2 * value + 1) }];
    expect(reasonOf(regression({ outcome, columns, coefficient: "x", ...asked }))).to.contain("'twice'");
    expect(leastSquares([{ name: "none", values: x.map(() => 0) }], outcome)).to.deep.equal({ kind: "dependent-column", name: "none" });
  });

  it("asks for rows, residuals, clusters and known columns", () => {
    const line = { columns: design(x), coefficient: "x", ...asked };
    expect(reasonOf(regression({ ...line, columns: design([1, 2]), outcome: [1, 2] }))).to.contain("2 rows for 2 coefficients");
    expect(reasonOf(regression({ ...line, outcome: x.map((value) => 0.1 * value + 0.3) }))).to.contain("without residual");
    expect(reasonOf(regression({ ...line, outcome, clusters: x.map(() => "all") }))).to.contain("only one cluster");
    expect(reasonOf(regression({ ...line, outcome, estimator: "CR2" }))).to.contain("belong together");
    expect(reasonOf(regression({ ...line, outcome, coefficient: "y" }))).to.contain("no column 'y'");
    const wild = { ...line, outcome, clusters: x.map(() => "all"), ...drawn, twoSided: "symmetric" } as const;
    expect(reasonOf(wildClusterBootstrap(wild))).to.contain("only one cluster");
    expect(reasonOf(wildClusterBootstrap({ ...wild, coefficient: "y" }))).to.contain("no column 'y'");
  });

  it("gives no variance of a coefficient that rests on one row or one cluster", () => {
    const one = [0, 0, 0, 0, 0, 1];
    const columns = design(one);
    for (const estimator of ["HC2", "HC3"] as const)
      expect(reasonOf(regression({ outcome, columns, coefficient: "x", estimator, ...asked }))).to.contain("row 6 alone");
    const treated = ["a", "a", "b", "b", "c", "c"];
    expect(
      reasonOf(regression({ outcome, columns: design([0, 0, 0, 0, 1, 1]), coefficient: "x", clusters: treated, ...asked })),
    ).to.contain("cluster 'c' alone");
  });

  it("needs two clusters in each arm", () => {
    const arm = (values: number[], names: string[]) => ({ values, clusters: names });
    const result = clusterMeans({ control: arm([1, 2], ["a", "b"]), treatment: arm([3, 4], ["c", "c"]) }, asked);
    expect(reasonOf(result)).to.contain("1 cluster in the treatment");
  });

  it("needs both arms in every stratum, and values that vary", () => {
    const randomise = (
      units: Parameters<typeof randomisationInference>[0]["units"],
      statistic: "difference" | "studentised" = "difference",
    ): string => reasonOf(randomisationInference({ units, statistic, twoSided: "symmetric", draws: 99, seed: 1, ...asked }));
    expect(randomise([])).to.equal("no units");
    expect(randomise([{ value: 1, treated: true, stratum: "s" }])).to.contain("stratum 's' has 1 treated and 0 control units");
    const pair = [1, 2, 3].map((value) => ({ value, treated: value > 1 }));
    expect(randomise(pair, "studentised")).to.contain("2 of each are needed");
    expect(randomise([0.1, 0.1, 0.1, 0.1].map((value, i) => ({ value, treated: i > 1 })))).to.contain("every assignment says the same");
  });

  it("arms of one value each have the p-value of the assignments that keep or swap them", () => {
    const units = [0, 0, 0, 0, 1, 1, 1, 1].map((value) => ({ value, treated: value === 1 }));
    for (const statistic of ["difference", "studentised"] as const) {
      const of = (more: Partial<Parameters<typeof randomisationInference>[0]>) =>
        found(randomisationInference({ units, statistic, twoSided: "symmetric", draws: 99, seed: 1, ...asked, ...more }));
      const { estimate, test } = of({});
      expect([estimate.value, estimate.interval, test?.pValue]).to.deep.equal([1, { lower: 1, upper: 1, level: 0.95 }, 2 / 70]);
      expect(of({ level: 0.99 }).estimate.set).to.deep.equal({ kind: "everything", level: 0.99 });
      expect(of({ twoSided: "equal-tail" }).test?.pValue).to.equal(2 / 70);
      expect(of({ alternative: "greater" }).test?.pValue).to.equal(1 / 70);
      expect(of({ alternative: "less" }).test?.pValue).to.equal(1);
      expect(of({ alternative: "less", nullValue: 2 }).test?.pValue).to.equal(1 / 70);
    }
  });

  it("says so when five clusters cannot reject at the level", () => {
    const few = {
      outcome: [1, 5, 2, 8, 3, 7, 4, 9, 1, 6],
      columns: design([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]),
      coefficient: "x",
      clusters: [1, 1, 2, 2, 3, 3, 4, 4, 5, 5],
    };
    const result = found(wildClusterBootstrap({ ...few, ...drawn, twoSided: "symmetric", ...asked }));
    expect(result.estimate.set?.kind).to.equal("everything");
    expect(result.test?.pValue).to.equal(2 / 32);
    expect(result.warnings.join(" ")).to.contain("cannot be below 0.0625").and.to.contain("cannot reject any value");
  });

  it("warns of few and of very unequal clusters", () => {
    const sizes = [40, 40, 1, 1, 1, 1, 1, 1, 1, 1];
    const ids = sizes.flatMap((size, g) => Array.from({ length: size }, () => g));
    const y = ids.map((g, i) => ((i * 7919) % 101) / 10 + g);
    const result = found(regression({ outcome: y, columns: design(ids.map((g) => g % 2)), coefficient: "x", clusters: ids, ...asked }));
    expect(result.warnings.join(" ")).to.contain("Few clusters").and.to.contain("Very unequal clusters");
    const stata = found(
      regression({
        outcome: y,
        columns: design(ids.map((g) => g % 2)),
        coefficient: "x",
        clusters: ids,
        estimator: "CR1S",
        degrees: "clusters",
        ...asked,
      }),
    );
    expect(stata.warnings.join(" ")).to.contain("too small on average");
    const apart = found(
      regression({ outcome: y, columns: design(ids.map((g) => g % 2)), coefficient: "x", clusters: ids, estimator: "HC2", ...asked }),
    );
    expect(apart.warnings.join(" ")).to.contain("taken as independent");
  });

  it("refuses rows of other lengths, unknown columns and clusters in two arms, with the field", () => {
    const problems = (name: string, input: unknown): readonly string[] =>
      findStatistic(name)
        ?.input.safeParse(input)
        .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
    const line = { outcome: [1, 2, 4], regressors: { x: [1, 2] }, coefficient: "z", clusters: ["a"] };
    expect(problems("ols-regression", line)).to.deep.equal([
      "regressors.x: 2 values for 3 outcomes",
      "clusters: 1 clusters for 3 outcomes",
      "coefficient: no column 'z'; there is '(intercept)', 'x'",
    ]);
    const arms = { control: { values: [1, 2], clusters: ["a", "b"] }, treatment: { values: [1, 2], clusters: ["b", "c"] } };
    expect(problems("cluster-means", arms).join()).to.contain("the cluster 'b' is in both arms");
    const units = { values: [1, 2, 3], treated: [0, 1, 1], clusters: ["a", "a", "b"], strata: ["s"] };
    expect(problems("randomisation-inference", units).join())
      .to.contain("strata: 1 entries for 3 values")
      .and.to.contain("different arms or strata");
  });
});

describe("small matrices", () => {
  it("are put together again from eigenvalues and from the Cholesky factor", () => {
    const part = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(part, { minLength: 25, maxLength: 25 }), (k, parts) => {
        const root = Array.from({ length: k }, (_, i) => parts.slice(5 * i, 5 * i + k));
        const matrix = root.map((a, i) => root.map((b, j) => a.reduce((sum, value, m) => sum + value * (b[m] as number), i === j ? 1 : 0)));
        const { values: roots, vectors } = eigenSymmetric(matrix);
        const lower = cholesky(matrix, 1e-14) ?? [];
        for (const [i, row] of matrix.entries()) {
          for (const [j, entry] of row.entries()) {
            near(
              roots.reduce((sum, value, m) => sum + value * (vectors[m]?.[i] as number) * (vectors[m]?.[j] as number), 0),
              entry,
              1e-13,
              50,
            );
            near(
              (lower[i] ?? []).reduce((sum, value, m) => sum + value * (lower[j]?.[m] as number), 0),
              entry,
              1e-13,
              50,
            );
          }
        }
      }),
      { numRuns: 50, seed: 6 },
    );
    expect(
      factorPositive(
        [
          [1, 2],
          [2, 1],
        ],
        1e-12,
      ),
    ).to.equal(undefined);
    expect(groupRows([]).ids).to.deep.equal([]);
  });
});
