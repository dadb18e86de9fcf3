/** Families of comparisons: closed forms of Dunnett's distribution, and what each row says of itself. */
import { expect } from "chai";
import {
  type Adjustment,
  adjustFamily,
  adjustPValues,
  backSolvedInterval,
  dunnett,
  dunnettQuantile,
  dunnettSurvival,
  type Finding,
  normalSurvival,
  student,
} from "../../simulations/statistics/index.ts";
import { findingOf } from "./finding-parts.ts";
import { near } from "./reference-numbers.ts";

type Row = Readonly<Record<string, number | string | boolean>>;

const rowsOf = ({ details }: Finding): readonly Row[] => details?.["comparisons"] as readonly Row[];

const adjustments: readonly Adjustment[] = [
  ...(["bonferroni", "sidak", "holm", "holm-sidak", "hochberg", "hochberg-sidak"] as const),
  ...(["benjamini-hochberg", "benjamini-yekutieli", "fixed-sequence"] as const),
];

describe("rows of a family", () => {
  const comparisons = [{ name: "price", estimate: 3, standardError: 1, degreesOfFreedom: 20 }, { pValue: 0.04 }, { pValue: 0.001 }];
  const pValues = [2 * student(20).survival(3), 0.04, 0.001];

  for (const adjustment of adjustments) {
    it(`${adjustment}: name, p-value, adjusted p-value, and a rejection where it is below alpha`, () => {
      const found = findingOf(adjustFamily({ comparisons, level: 0.95, alternative: "two-sided" }, adjustment));
      const rows = rowsOf(found);
      const adjusted = adjustPValues(pValues, adjustment);
      expect(rows.map(({ name }) => name)).to.deep.equal(["price", "comparison 2", "comparison 3"]);
      expect(rows.map(({ pValue }) => pValue)).to.deep.equal(pValues);
      expect(rows.map(({ adjustedPValue }) => adjustedPValue)).to.deep.equal(adjusted);
      expect(rows.map(({ rejected }) => rejected)).to.deep.equal(adjusted.map((p) => p < 1 - 0.95));
      expect(rows.map(({ estimate }) => estimate)).to.deep.equal([3, undefined, undefined]);
      expect(found.estimate.value).to.equal(rows.filter(({ rejected }) => rejected).length);
      expect(found.estimate.n).to.equal(3);
    });
  }

  it("adjust one p-value alone to itself, several upwards, and never above 1", () => {
    for (const adjustment of adjustments) {
      near(adjustPValues([0.3], adjustment)[0], 0.3, 1e-14);
      const adjusted = adjustPValues([0, 0.2, 0.9, 1], adjustment);
      expect(adjusted.every((p, index) => p >= ([0, 0.2, 0.9, 1][index] ?? 2) && p <= 1)).to.equal(true);
    }
  });

  it("refuse what is no p-value, and say what an empty family lacks", () => {
    for (const p of [-0.1, 1.5, Number.NaN]) expect(() => adjustPValues([0.5, p], "holm")).to.throw(`a p-value of ${p} in a family`);
    expect(adjustFamily({ comparisons: [], level: 0.95, alternative: "two-sided" }, "holm")).to.deep.equal({
      kind: "undetermined",
      reason: "a family without comparisons",
      wouldDetermine: "at least one comparison",
    });
    for (const adjustedPValue of [0, 1]) expect(backSolvedInterval({ adjustedPValue, lift: 1, level: 0.95 })).to.equal(undefined);
  });
});

describe("Dunnett's distribution in closed form", () => {
  it("of one treatment is Student's t, whatever the sizes of the two groups", () => {
    for (const loading of [0.01, 0.3, Math.SQRT1_2, 0.97, 0.9999]) {
      for (const degreesOfFreedom of [1, 5, 100, 1e15]) {
        const law = student(degreesOfFreedom);
        for (const t of [0.5, 2, 6]) {
          near(dunnettSurvival(t, { loadings: [loading], degreesOfFreedom, sides: 2 }), 2 * law.survival(t), 1e-8);
          near(dunnettSurvival(t, { loadings: [loading], degreesOfFreedom, sides: 1 }), law.survival(t), 1e-8);
          near(dunnettSurvival(-t, { loadings: [loading], degreesOfFreedom, sides: 1 }), law.cdf(t), 1e-8);
        }
      }
    }
  });

  it("of treatments far smaller than the control is that of independent ones", () => {
    for (const t of [0.3, 1, 2.5]) {
      const loadings = [1e-9, 1e-9, 1e-9];
      near(dunnettSurvival(t, { loadings, degreesOfFreedom: 2e9, sides: 1 }), 1 - (1 - normalSurvival(t)) ** 3, 1e-9);
      near(dunnettSurvival(t, { loadings, degreesOfFreedom: 2e9, sides: 2 }), 1 - (1 - 2 * normalSurvival(t)) ** 3, 1e-9);
    }
  });

  it("has quantiles that turn it round, also where one degree of freedom puts them in the hundreds", () => {
    for (const [probability, degreesOfFreedom] of [
      [0.001, 1],
      [0.05, 3],
      [0.9, 10],
    ] as const) {
      for (const sides of [1, 2] as const) {
        const family = { loadings: [0.6, 0.7], degreesOfFreedom, sides };
        near(dunnettSurvival(dunnettQuantile(probability, family), family), probability, 1e-9);
      }
    }
    near(dunnettQuantile(0.001, { loadings: [0.5], degreesOfFreedom: 1, sides: 2 }), 1 / Math.tan((Math.PI * 0.001) / 2), 1e-8);
    expect(dunnettSurvival(0, { loadings: [0.5], degreesOfFreedom: 4, sides: 2 })).to.equal(1);
  });
});

describe("Dunnett's test, row by row", () => {
  const control = { n: 12, mean: 10, variance: 4 };
  const treatments = [
    { n: 8, mean: 12, variance: 5 },
    { name: "loud", n: 20, mean: 9, variance: 3 },
  ];
  const pooled = (11 * 4 + 7 * 5 + 19 * 3) / 37;

  it("has one pooled variance, its standard errors, t statistics and simultaneous ends", () => {
    const found = findingOf(dunnett({ control, treatments, level: 0.95, alternative: "two-sided" }));
    expect(found.details?.["degreesOfFreedom"]).to.equal(37);
    near(found.details?.["pooledVariance"] as number, pooled, 1e-14);
    const critical = found.details?.["critical"] as number;
    const rows = rowsOf(found);
    expect(rows.map(({ name }) => name)).to.deep.equal(["treatment 1", "loud"]);
    for (const [index, { n, mean }] of treatments.entries()) {
      const row = rows[index] as Readonly<Record<string, number>>;
      const error = Math.sqrt(pooled / n + pooled / 12);
      near(row["estimate"], mean - 10, 1e-14);
      near(row["standardError"], error, 1e-14);
      near(row["t"], (mean - 10) / error, 1e-14);
      near(row["lower"], mean - 10 - critical * error, 1e-13);
      near(row["upper"], mean - 10 + critical * error, 1e-13);
    }
  });

  it("one-sided: less mirrors greater, each with its one end", () => {
    const turned = treatments.map((group) => ({ ...group, mean: 20 - group.mean }));
    const less = rowsOf(findingOf(dunnett({ control, treatments, level: 0.95, alternative: "less" })));
    const greater = rowsOf(findingOf(dunnett({ control, treatments: turned, level: 0.95, alternative: "greater" })));
    for (const [index, row] of less.entries()) {
      near(row["adjustedPValue"] as number, greater[index]?.["adjustedPValue"] as number, 1e-12);
      near(row["upper"] as number, -(greater[index]?.["lower"] as number), 1e-12);
      expect([row["lower"], greater[index]?.["upper"]]).to.deep.equal([undefined, undefined]);
    }
  });

  it("warns of few units, and of variances that differ between groups of different sizes", () => {
    const warnings = (...groups: readonly (readonly [number, number])[]) => {
      const [first, ...rest] = groups.map(([n, variance]) => ({ n, mean: 1, variance }));
      return findingOf(dunnett({ control: first ?? control, treatments: rest, level: 0.95, alternative: "two-sided" })).warnings;
    };
    expect(warnings([10, 4], [12, 9])).to.deep.equal([]);
    expect(warnings([10, 4], [10, 90])).to.deep.equal([]);
    expect(warnings([10, 4], [12, 9.1])).to.deep.equal([
      "The groups' variances differ more than twofold and their sizes differ: one variance for all gives the wrong level.",
    ]);
    expect(warnings([10, 4], [9, 4])).to.deep.equal([
      "Fewer than 10 units in a group: the level holds only if the values are near normal.",
    ]);
  });

  it("says what is missing: a treatment, a unit, a second unit, any spread", () => {
    const options = { level: 0.95, alternative: "two-sided" } as const;
    const one = { n: 1, mean: 3, variance: 0 };
    for (const [given, reason, wouldDetermine] of [
      [{ control, treatments: [] }, "no treatment to compare", "at least one treatment beside the control"],
      [{ control, treatments: [{ ...one, n: 0 }] }, "a group without units", "at least one unit in every group"],
      [{ control: one, treatments: [one] }, "one unit a group: no spread within groups can be measured", "two units in some group"],
      [{ control: { ...one, n: 5 }, treatments: [one] }, "no spread within any group", "groups whose values differ"],
    ] as const)
      expect(dunnett({ ...given, ...options })).to.deep.equal({ kind: "undetermined", reason, wouldDetermine });
    expect(dunnett({ control: { n: 5, mean: 1, variance: 1 }, treatments: [one], ...options }).kind).to.equal("finding");
  });
});
