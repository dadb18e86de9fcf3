/** Ratios, variance reduction and decisions against statsmodels, SciPy and R. */
import { expect } from "chai";
import {
  type Alternative,
  type Coefficients,
  type Compared,
  type CupedMoments,
  type CupedRows,
  cuped,
  type Direction,
  differenceFinding,
  type Effect,
  equivalence,
  guardrail,
  nonInferiority,
  postStratified,
  type RatioRows,
  ratioDifference,
  type Scale,
  type Stratum,
  superiority,
  type Thresholds,
  welch,
  winsorised,
} from "../../simulations/statistics/index.ts";
import { endsOf, findingOf } from "./finding-parts.ts";
import { referenceCases as cases, near } from "./reference-numbers.ts";

interface Row {
  readonly alternative: Alternative;
  readonly level?: number;
  readonly nullValue?: number;
  readonly statistic: number;
  readonly df: number;
  readonly p: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

function agrees(effect: Compared, rows: readonly Row[], tolerance = 1e-12): void {
  for (const row of rows) {
    const { estimate, test } = findingOf(differenceFinding(effect, { level: 0.95, ...row }));
    near(test?.statistic, row.statistic, tolerance, 1);
    near(test?.degreesOfFreedom as number, row.df, tolerance);
    near(test?.pValue, row.p, tolerance * 10);
    for (const [index, end] of [row.lower, row.upper].entries()) {
      const actual = endsOf(estimate)[index] ?? null;
      if (end === null) expect(actual).to.equal(null);
      else near(actual ?? undefined, end, tolerance, (effect as Effect).standardError);
    }
  }
}

describe("ratios", () => {
  interface Ratio {
    readonly control: RatioRows;
    readonly treatment: RatioRows;
    readonly controlRatio: number;
    readonly treatmentRatio: number;
    readonly controlError: number;
    readonly treatmentError: number;
    readonly results: Row[];
  }

  it("the delta method, also clustered, agrees with statsmodels' sandwich of the weighted mean", () => {
    for (const row of cases<Ratio>("ratios/ratios")) {
      const effect = ratioDifference(row) as Effect;
      near(effect.control.value, row.controlRatio, 1e-12);
      near(effect.treatment.value, row.treatmentRatio, 1e-12);
      near(effect.control.standardError, row.controlError, 1e-11);
      near(effect.treatment.standardError, row.treatmentError, 1e-11);
      agrees(effect, row.results);
    }
  });

  it("CUPED of means and ratios agrees with statsmodels and NumPy, from rows and from moments", () => {
    interface Case {
      readonly name: string;
      readonly coefficients: Coefficients;
      readonly control: CupedRows;
      readonly treatment: CupedRows;
      readonly moments: readonly [CupedMoments, CupedMoments];
      readonly theta: number[];
      readonly controlValue: number;
      readonly treatmentValue: number;
      readonly results: Row[];
    }
    for (const row of cases<Case>("ratios/cuped")) {
      const options = { coefficients: row.coefficients, missing: "refuse" } as const;
      for (const arms of [
        { control: row.control, treatment: row.treatment },
        { control: row.moments[0], treatment: row.moments[1] },
      ]) {
        const effect = cuped(arms, options) as Effect;
        const fromMoments = "means" in arms.control;
        // Moments about an outcome of a million have lost digits before they come here.
        const tolerance = row.name === "far" ? 1e-7 : fromMoments ? 1e-10 : 1e-11;
        for (const [index, theta] of row.theta.entries())
          near((effect.details?.["theta"] as number[] | undefined)?.[index], theta, tolerance, 1e-2);
        near(effect.control.value, row.controlValue, tolerance);
        near(effect.treatment.value, row.treatmentValue, tolerance);
        agrees(effect, row.results, tolerance);
      }
    }
  });

  it("the regression with interaction agrees with R's lm and HC2 of sandwich", () => {
    for (const row of cases<{
      control: CupedRows;
      treatment: CupedRows;
      difference: number;
      standardError: number;
      controlValue: number;
      controlError: number;
    }>("ratios/lin")) {
      const effect = cuped(row, { coefficients: "per-arm", missing: "refuse" }) as Effect;
      near(effect.difference, row.difference, 1e-12);
      near(effect.standardError, row.standardError, 1e-12);
      near(effect.control.value, row.controlValue, 1e-12);
      near(effect.control.standardError, row.controlError, 1e-12);
    }
  });

  it("post-stratification agrees with its definition in NumPy", () => {
    for (const { strata, results } of cases<{ strata: Stratum[]; results: Row[] }>("ratios/post-stratified"))
      agrees(postStratified(strata), results);
  });

  it("winsorised and capped means agree with NumPy and SciPy, and report what was cut", () => {
    interface Case {
      readonly control: number[];
      readonly treatment: number[];
      readonly thresholds: Thresholds;
      readonly lowerThreshold: number | null;
      readonly upperThreshold: number | null;
      readonly lowered: number[];
      readonly raised: number[];
      readonly results: Row[];
    }
    for (const row of cases<Case>("ratios/winsorised")) {
      const effect = winsorised(row, row.thresholds) as Effect;
      for (const end of ["lowerThreshold", "upperThreshold"] as const) {
        const expected = row[end];
        if (expected === null) expect(effect.details?.[end]).to.equal(undefined);
        else near(effect.details?.[end] as number, expected, 1e-14);
      }
      const cut = effect.details?.["cut"] as unknown as { lowered: number; raised: number }[];
      expect(cut.map(({ lowered }) => lowered)).to.deep.equal(row.lowered);
      expect(cut.map(({ raised }) => raised)).to.deep.equal(row.raised);
      agrees(effect, row.results);
    }
  });
});

describe("decisions", () => {
  interface Margin {
    readonly scale: Scale;
    readonly margin: number;
    readonly tost: number;
    readonly aboveLower: number;
    readonly belowUpper: number;
    readonly superiorHigher: number;
    readonly superiorLower: number;
  }
  const table = cases<{ control: number[]; treatment: number[]; results: Margin[] }>("decisions/decisions");

  it("p-values against absolute and relative margins agree with statsmodels and SciPy", () => {
    for (const { control, treatment, results } of table) {
      const effect = welch({ control: { values: control }, treatment: { values: treatment } });
      for (const row of results) {
        const { scale, margin } = row;
        const p = (made: typeof superiority, direction: Direction) =>
          findingOf(made(effect, { scale, margin, direction, level: 0.95 })).test?.pValue;
        near(p(superiority, "higher-is-better"), row.superiorHigher, 1e-12);
        near(p(superiority, "lower-is-better"), row.superiorLower, 1e-12);
        near(p(nonInferiority, "higher-is-better"), row.aboveLower, 1e-12);
        near(p(nonInferiority, "lower-is-better"), row.belowUpper, 1e-12);
        const tost = findingOf(equivalence(effect, { scale, lowerMargin: -margin, upperMargin: margin, level: 0.95 }));
        near(tost.test?.pValue, row.tost, 1e-12);
        const guard = findingOf(guardrail(effect, { scale, margin, direction: "lower-is-better", level: 0.95 }));
        near(guard.details?.["pSafe"] as number, row.belowUpper, 1e-12);
        near(guard.details?.["pHarmed"] as number, row.superiorHigher, 1e-12);
      }
    }
  });
});

describe("CUPED without an answer", () => {
  const reasonOf = (arms: Parameters<typeof cuped>[0]): string => {
    const effect = cuped(arms, { coefficients: "within-arms", missing: "refuse" });
    return effect.kind === "undetermined" ? effect.reason : "";
  };

  it("says so where outcome or covariate is beyond the doubles, or moments have no denominator", () => {
    const rows = (outcome: number[], covariate: number[]): CupedRows => ({
      outcome: { numerators: outcome },
      covariates: [{ numerators: covariate }],
    });
    const [plain, huge] = [
      [1, 4, 2, 6],
      [1e300, -1e300, 2, 3],
    ] as const;
    const control = rows([...plain], [3, 1, 5, 2]);
    expect(reasonOf({ control, treatment: control })).to.equal("");
    for (const treatment of [rows([...huge], [...plain]), rows([...plain], [...huge])])
      expect(reasonOf({ control, treatment })).to.include("double precision");
    const moments = (below: number): CupedMoments => ({
      n: 20,
      means: [3, below, 2, 1],
      covariances: [0, 1, 2, 3].map((row) => [0, 1, 2, 3].map((column) => (row === column ? 2 : 0.5))),
      ratios: true,
    });
    expect(reasonOf({ control: moments(1), treatment: moments(2) })).to.equal("");
    for (const below of [0, -1]) expect(reasonOf({ control: moments(1), treatment: moments(below) })).to.include("denominator");
  });
});
