/** One-way analyses of variance, from values and from what sums them up, against R's oneway.test. */
import { expect } from "chai";
import { anovaOneWay, anovaWelch, sampleOf } from "../../simulations/statistics/index.ts";
import { findStatistic } from "../../simulations/statistics/table.ts";
import { findingOf, testOf } from "./finding-parts.ts";
import { near, referenceCases } from "./reference-numbers.ts";

interface Test {
  readonly statistic: number;
  readonly degrees: readonly [number, number];
  readonly p: number;
}

interface Case {
  readonly groups: readonly (readonly number[])[];
  readonly summaries: readonly { readonly n: number; readonly mean: number; readonly variance: number }[];
  readonly equal: Test;
  readonly welch: Test;
}

function ask(name: string, groups: unknown, level = 0.95) {
  const statistic = findStatistic(name);
  if (statistic === undefined) throw new Error(name);
  return statistic.compute(statistic.input.parse({ groups, level }));
}

describe("one-way analyses of variance", () => {
  it("agree with R's oneway.test, from values, from summaries and from both", () => {
    for (const row of referenceCases<Case>("means/anova")) {
      const mixed = row.groups.map((values, group) => (group % 2 === 0 ? values : row.summaries[group]));
      for (const [name, expected] of [
        ["anova-one-way", row.equal],
        ["anova-welch", row.welch],
      ] as const) {
        for (const groups of [row.groups, row.summaries, mixed]) {
          const test = testOf(ask(name, groups));
          near(test.statistic, expected.statistic, 1e-8);
          for (const side of [0, 1] as const) near([test.degreesOfFreedom].flat()[side], expected.degrees[side], 1e-9);
          near(test.pValue, expected.p, 1e-7, 1e-290);
        }
      }
    }
  });

  it("know no unit, of values and of summaries alike, also where squares would leave the doubles", () => {
    const [row] = referenceCases<Case>("means/anova");
    for (const power of [-410, 1, 410]) {
      const unit = 2 ** power;
      const values = row?.groups.map((group) => group.map((value) => value * unit)) ?? [];
      const summaries = row?.summaries.map(({ n, mean, variance }) => ({ n, mean: mean * unit, variance: variance * unit * unit })) ?? [];
      for (const [name, expected] of [
        ["anova-one-way", row?.equal],
        ["anova-welch", row?.welch],
      ] as const)
        for (const groups of [values, summaries]) near(testOf(ask(name, groups)).statistic, expected?.statistic ?? 0, 1e-8);
    }
  });

  it("means that are no doubles keep their digits beside an offset, and one small group is enough for a warning", () => {
    const groups = [
      [1, 2, 4],
      [3, 3, 7, 9, 2, 5, 1, 8, 7, 7, 2],
      [2, 8, 7, 1, 5, 9, 6],
    ];
    for (const name of ["anova-one-way", "anova-welch"]) {
      const far = groups.map((group) => group.map((value) => value + 2 ** 52));
      near(testOf(ask(name, far)).statistic, testOf(ask(name, groups)).statistic ?? 0, 1e-13);
    }
    const apart = (groups[1] ?? []).map((value) => value + 1);
    const large = [groups[1], apart];
    const warnings = [groups, [...large, [1, 2, 4]], large].map((each) => findingOf(ask("anova-welch", each)).warnings.length);
    expect(warnings).to.deep.equal([1, 1, 0]);
  });

  it("Welch's: two groups have the square of Welch's t, and an offset of 1e15 changes nothing", () => {
    const [control, treatment] = [
      [3, 5, 4, 8],
      [6, 9, 7, 7, 12, 10],
    ] as const;
    const found = testOf(ask("anova-welch", [control, treatment]));
    const welch = findStatistic("welch-means");
    const t = testOf(
      welch?.compute(welch.input.parse({ control: { values: [...control] }, treatment: { values: [...treatment] } })) ?? ask("", []),
    );
    near(found.statistic, (t.statistic ?? 0) ** 2, 1e-12);
    near([found.degreesOfFreedom].flat()[1], Number(t.degreesOfFreedom), 1e-12);
    near(found.pValue, t.pValue, 1e-12);
    const far = [control, treatment].map((values) => values.map((value) => value + 1e15));
    near(testOf(ask("anova-welch", far)).statistic, found.statistic ?? 0, 1e-12);
  });

  it("Welch's: the limit of the share is above 0 exactly when p is below 1 - level, and the share is F's", () => {
    const groups = [
      [1, 2, 4, 3.2],
      [3, 5, 6, 4.1, 5],
      [2, 2.2, 2.1],
    ].map((values) => sampleOf({ values }));
    const { test, estimate } = findingOf(anovaWelch({ groups, level: 0.95 }));
    const [between, within] = [test?.degreesOfFreedom].flat() as [number, number];
    near(estimate.value, 1 / (1 + within / (between * (test?.statistic ?? 0))), 1e-13);
    const p = test?.pValue ?? Number.NaN;
    for (const level of [0.5, 1 - p - 1e-6, 1 - p + 1e-6, 0.9999]) {
      const { set } = findingOf(anovaWelch({ groups, level })).estimate;
      expect(set?.kind === "at-least" && set.lower > 0, `level ${level}`).to.equal(p < 1 - level);
    }
  });

  it("summaries: a unit alone counts for the mean only, and a group of none is left out", () => {
    const one = { n: 1, mean: 7, variance: 0 };
    const rest = [
      [1, 2, 4],
      [3, 5, 6],
    ];
    const of = (groups: unknown) => testOf(ask("anova-one-way", groups));
    near(of([...rest, one]).statistic, of([...rest, [7]]).statistic ?? Number.NaN, 1e-13);
    near(of([...rest, { n: 0, mean: 9, variance: 0 }]).pValue, of(rest).pValue, 1e-13);
    expect(anovaOneWay({ groups: [one, one], level: 0.95 })).to.include({ kind: "undetermined" });
  });
});
