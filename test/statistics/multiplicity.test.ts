/** Families of comparisons against R, statsmodels and quadrature. */
import { expect } from "chai";
import {
  type Adjustment,
  type Alternative,
  adjustFamily,
  adjustPValues,
  backSolvedInterval,
  dunnett,
  dunnettQuantile,
  dunnettSurvival,
  type FamilyComparison,
  type Finding,
  type Found,
} from "../../simulations/statistics/index.ts";
import { findStatistic } from "../../simulations/statistics/table.ts";
import { near, referenceCases } from "./reference-numbers.ts";

interface Row {
  readonly lower?: number;
  readonly upper?: number;
  readonly rejected: boolean;
  readonly adjustedPValue: number;
  readonly includesZero?: boolean;
}

function found(result: Found): Finding {
  expect(result.kind, JSON.stringify(result)).to.equal("finding");
  return result as Finding;
}

function rowsOf(result: Found): readonly Row[] {
  return found(result).details?.["comparisons"] as unknown as readonly Row[];
}

describe("adjusted p-values", () => {
  type Case = Readonly<Partial<Record<Adjustment, readonly number[]>>> & { readonly pValues: readonly number[] };

  it("agree with R's p.adjust and statsmodels' multipletests", () => {
    for (const row of [...referenceCases<Case>("multiplicity/adjusted"), ...referenceCases<Case>("multiplicity/sidak")]) {
      for (const [adjustment, expected] of Object.entries(row)) {
        if (adjustment === "pValues") continue;
        const adjusted = adjustPValues(row.pValues, adjustment as Adjustment);
        for (const [index, value] of adjusted.entries()) near(value, expected[index] ?? Number.NaN, 1e-12, 1e-300);
      }
    }
  });

  it("keep the order of the input, and of ties", () => {
    expect(adjustPValues([], "holm")).to.deep.equal([]);
    expect(adjustPValues([0.2, 0.01, 0.2], "fixed-sequence")).to.deep.equal([0.2, 0.2, 0.2]);
  });

  it("refuse two comparisons of one name, of which one alone could be found again; those without a name are told apart by their place", () => {
    const issuesOf = (statistic: string, input: unknown) =>
      JSON.stringify(findStatistic(statistic)?.input.safeParse(input).error?.issues ?? []);
    const group = (name?: string) => ({ n: 10, mean: 1, variance: 1, ...(name === undefined ? {} : { name }) });
    const family = (...names: readonly (string | undefined)[]) => ({
      control: group(),
      treatments: names.map(group),
      alternative: "two-sided",
      level: 0.95,
    });
    const tests = (...names: readonly string[]) => ({
      comparisons: names.map((name) => ({ name, pValue: 0.01 })),
      alternative: "two-sided",
      level: 0.95,
    });
    expect(issuesOf("dunnett", family("A", "B", "A"))).to.contain("each name once");
    expect(issuesOf("dunnett", family("A", undefined, undefined))).to.equal("[]");
    expect(issuesOf("holm", tests("A", "A"))).to.contain("each name once");
    expect(issuesOf("holm", tests("A", "B"))).to.not.contain("each name once");
  });

  it("refuse a missing p-value with the cure", () => {
    for (const missing of [Number.NaN, null, undefined, 1.2]) {
      const parsed = findStatistic("holm")?.input.safeParse({ comparisons: [{ pValue: 0.01 }, { pValue: missing }] });
      expect(parsed?.success).to.equal(false);
      expect(JSON.stringify(parsed?.error?.issues)).to.contain("cannot be left out");
    }
  });
});

describe("intervals that agree with the decisions", () => {
  interface Case {
    readonly comparisons: readonly FamilyComparison[];
    readonly alternative: Alternative;
    readonly bonferroni: readonly (readonly [number | null, number | null])[];
    readonly sidak: Case["bonferroni"];
    readonly holm: Case["bonferroni"];
    readonly "benjamini-hochberg": readonly (readonly [number | null, number | null] | null)[];
    readonly "benjamini-yekutieli": Case["benjamini-hochberg"];
  }
  const cases = referenceCases<Case>("multiplicity/intervals");

  it("are those of their definitions", () => {
    for (const row of cases) {
      for (const adjustment of ["bonferroni", "sidak", "holm", "benjamini-hochberg", "benjamini-yekutieli"] as const) {
        const rows = rowsOf(adjustFamily({ ...row, level: 0.95 }, adjustment));
        for (const [index, own] of rows.entries()) {
          const [lower, upper] = row[adjustment][index] ?? [null, null];
          for (const [actual, expected] of [
            [own.lower, lower],
            [own.upper, upper],
          ] as const) {
            if (expected === null) expect(actual).to.equal(undefined);
            else near(actual, expected, 1e-9, 1e-3);
          }
        }
      }
    }
  });

  it("exclude 0 exactly when rejected; ends at 0 under Holm and fixed sequence do not count 0 in", () => {
    for (const row of cases) {
      for (const adjustment of ["bonferroni", "sidak", "holm", "fixed-sequence"] as const) {
        for (const own of rowsOf(adjustFamily({ ...row, level: 0.95 }, adjustment))) {
          expect((own.lower ?? -1) >= 0 || (own.upper ?? 1) <= 0, JSON.stringify({ row, own, adjustment })).to.equal(own.rejected);
        }
      }
    }
  });

  it("fixed sequence: nothing is said behind the first that fails", () => {
    const comparisons = [2.5, 0.5, 9].map((estimate) => ({ estimate, standardError: 1 }));
    const rows = rowsOf(adjustFamily({ comparisons, alternative: "two-sided", level: 0.95 }, "fixed-sequence"));
    expect(rows.map(({ rejected }) => rejected)).to.deep.equal([true, false, false]);
    expect(rows[0]).to.deep.include({ lower: 0 });
    // At a third of the error: of three comparisons each could have been the first to fail.
    near(rows[1]?.upper, 0.5 + 2.3939797998185095, 1e-12);
    expect(rows[2]).to.not.have.any.keys("lower", "upper");
    const oneSided = rowsOf(adjustFamily({ comparisons, alternative: "greater", level: 0.95 }, "fixed-sequence"));
    near(oneSided[1]?.lower, 0.5 - 1.6448536269514722, 1e-12);
  });

  it("false-coverage intervals say where they include 0", () => {
    const comparisons = [
      { estimate: 5, standardError: 1 },
      { estimate: 2.3, standardError: 1 },
      { estimate: 2.3, standardError: 1 },
      { estimate: 0, standardError: 1 },
    ];
    const rows = rowsOf(adjustFamily({ comparisons, alternative: "two-sided", level: 0.95 }, "benjamini-hochberg"));
    expect(rows.map(({ includesZero }) => includesZero)).to.deep.equal([false, false, false, undefined]);
  });

  it("a platform's back-solved interval is reproduced, and none is made up at 0 and 1", () => {
    const interval = backSolvedInterval({ adjustedPValue: 0.049999999, lift: 0.1, level: 0.95 });
    near(interval?.lower, 0, 1, 1e-8);
    near(interval?.upper, 0.2, 1e-7);
    for (const adjustedPValue of [0, 1, Number.NaN])
      expect(backSolvedInterval({ adjustedPValue, lift: 0.1, level: 0.95 })).to.equal(undefined);
  });
});

describe("Dunnett", () => {
  interface Case {
    readonly loadings: readonly number[];
    readonly degreesOfFreedom?: number;
    readonly t: number;
    readonly sides?: 1 | 2;
    readonly survival: number;
  }

  it("agrees with quadrature, with Student's t for one treatment, and with R's mvtnorm (TVPACK)", () => {
    for (const { loadings, degreesOfFreedom = Number.POSITIVE_INFINITY, t, sides = 1, survival } of referenceCases<Case>(
      "multiplicity/dunnett",
    ))
      near(dunnettSurvival(t, { loadings, degreesOfFreedom, sides }), survival, 1e-10);
    for (const { loadings, degreesOfFreedom = Number.POSITIVE_INFINITY, t, survival } of referenceCases<Case>(
      "multiplicity/dunnett-mvtnorm",
    ))
      near(dunnettSurvival(t, { loadings, degreesOfFreedom, sides: 1 }), survival, 1e-10, 0.1);
  });

  it("has the critical values of Dunnett's tables, two-sided 5 %", () => {
    // Dunnett (1964), equal groups: treatments, degrees of freedom, d.
    for (const [treatments, degreesOfFreedom, critical] of [
      [2, 10, 2.57],
      [3, 10, 2.76],
      [5, 20, 2.73],
      [9, 30, 2.86],
      [2, 60, 2.27],
    ] as const) {
      const loadings = Array.from({ length: treatments }, () => Math.SQRT1_2);
      expect(dunnettQuantile(0.05, { loadings, degreesOfFreedom, sides: 2 })).to.be.closeTo(critical, 0.006);
    }
  });

  it("excludes 0 exactly when the adjusted p-value is below 1 - level", () => {
    for (const alternative of ["two-sided", "less", "greater"] as const) {
      const treatments = [9.1, 10.4, 11.3, 12.2, 8.2].map((mean, index) => ({ n: 12 + 3 * index, mean, variance: 4 + index }));
      for (const row of rowsOf(dunnett({ control: { n: 20, mean: 10, variance: 5 }, treatments, level: 0.9, alternative })))
        expect((row.lower ?? -1) > 0 || (row.upper ?? 1) < 0).to.equal(row.rejected);
    }
  });

  it("says what it cannot say", () => {
    const one = { n: 1, mean: 3, variance: 0 };
    const options = { level: 0.95, alternative: "two-sided" } as const;
    expect(dunnett({ control: one, treatments: [one], ...options }).kind).to.equal("undetermined");
    expect(dunnett({ control: { ...one, n: 5 }, treatments: [{ ...one, n: 5 }], ...options }).kind).to.equal("undetermined");
    expect(dunnett({ control: one, treatments: [], ...options }).kind).to.equal("undetermined");
    expect(dunnett({ control: { ...one, n: 0 }, treatments: [one], ...options }).kind).to.equal("undetermined");
  });
});
