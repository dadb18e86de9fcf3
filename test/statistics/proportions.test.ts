/** Proportions and tables of counts against R, SciPy, statsmodels and mpmath. */
import { expect } from "chai";
import {
  type Alternative,
  agrestiCaffo,
  agrestiCoull,
  barnardExact,
  boschlooExact,
  bowker,
  exactProportion,
  type Finding,
  type Found,
  fisherExact,
  independence,
  jeffreysProportion,
  logOddsRatio,
  logRiskRatio,
  mcnemar,
  mcnemarExact,
  newcombeDifference,
  pairedRatio,
  scoreDifference,
  scoreOddsRatio,
  scoreProportion,
  scoreRatio,
  stuartMaxwell,
  waldDifference,
  waldProportion,
} from "../../simulations/statistics/index.ts";
import { endsOf } from "./finding-parts.ts";
import { near, referenceCases } from "./reference-numbers.ts";

type Pair = readonly [number, number];
interface Sample {
  readonly successes: number;
  readonly trials: number;
}
interface Arms {
  readonly control: Sample;
  readonly treatment: Sample;
  readonly level: number;
}

const two = { alternative: "two-sided" } as const;

function found(result: Found): Finding {
  expect(result.kind, JSON.stringify(result)).to.equal("finding");
  return result as Finding;
}

function endsNear(result: Found, expected: Pair, tolerance: number, floor = 0): void {
  const { estimate } = found(result);
  near(estimate.interval?.lower, expected[0], tolerance, floor);
  near(estimate.interval?.upper, expected[1], tolerance, floor);
}

function pNear(result: Found, expected: number, tolerance: number): void {
  near(found(result).test?.pValue, expected, tolerance);
}

describe("one proportion", () => {
  interface Case extends Sample {
    readonly level: number;
    readonly nullValue: number;
    readonly wald: Pair;
    readonly wilson: Pair;
    readonly agrestiCoull: Pair;
    readonly jeffreys: Pair;
    readonly "two-sided": Pair;
    readonly less: Pair;
    readonly greater: Pair;
  }

  it("intervals and score tests agree with statsmodels", () => {
    for (const row of referenceCases<Case>("proportions/one-proportion")) {
      const options = { ...row, ...two };
      // statsmodels leaves the last bits of an end that is exactly 0 or 1.
      endsNear(scoreProportion(options), row.wilson, 1e-10, 1e-6);
      endsNear(agrestiCoull(options), row.agrestiCoull, 1e-10, 1e-6);
      endsNear(jeffreysProportion(options), row.jeffreys, 1e-9, 1e-6);
      if (row.successes === 0 || row.successes === row.trials) expect(waldProportion(options).kind).to.equal("undetermined");
      else endsNear(waldProportion(options), row.wald, 1e-10, 1e-6);
      for (const alternative of ["two-sided", "less", "greater"] as const) {
        const { test } = found(scoreProportion({ ...row, alternative }));
        near(test?.statistic, row[alternative][0], 1e-9, 1e-3);
        near(test?.pValue, row[alternative][1], 1e-9, 1e-280);
      }
    }
  });

  it("the exact binomial test and Clopper-Pearson agree with R's binom.test", () => {
    interface ExactCase extends Sample {
      readonly nullValue: number;
      readonly level: number;
      readonly alternative: Alternative;
      readonly pValue: number;
      readonly lower: number;
      readonly upper: number;
    }
    for (const row of referenceCases<ExactCase>("proportions/exact-binomial")) {
      const exact = found(exactProportion({ ...row, method: "minimum-likelihood" }));
      const own = exact.details?.["gapPValue"] ?? exact.test?.pValue;
      near(own as number, row.pValue, 1e-10, 1e-300);
      const { estimate } = found(exactProportion({ ...row, method: "central" }));
      const set = estimate.set;
      const lower = set?.kind === "at-least" ? set.lower : (estimate.interval?.lower ?? 0);
      const upper = set?.kind === "at-most" ? set.upper : (estimate.interval?.upper ?? 1);
      near(lower, row.lower, 1e-10);
      near(upper, row.upper, 1e-10);
    }
  });
});

describe("exact tests whose interval agrees with the p-value", () => {
  it("span what a walk over all parameters does not reject", () => {
    interface Case extends Sample, Arms {
      readonly kind: "binomial" | "fisher";
      readonly method: "minimum-likelihood" | "blaker" | "central";
      readonly interval: Pair;
      readonly nullValue: number;
      readonly pValue: number;
      readonly estimate: number;
    }
    for (const row of referenceCases<Case>("proportions/exact-hull")) {
      const result = found(row.kind === "binomial" ? exactProportion({ ...row, ...two }) : fisherExact({ ...row, ...two, nullRatio: 1 }));
      endsNear(result, row.interval, 1e-9);
      near((result.details?.["gapPValue"] as number | undefined) ?? result.test?.pValue, row.pValue, 1e-10);
      if (row.kind === "fisher") near(result.estimate.value, row.estimate, 1e-10);
    }
  });

  it("Fisher's p-values and central intervals agree with R's fisher.test, also where the odds ratio is infinite", () => {
    interface Case extends Arms {
      readonly nullRatio: number;
      readonly alternative: Alternative;
      readonly pValue: number;
      readonly estimate?: number;
      readonly lower: number;
      readonly upper?: number;
    }
    // R's roots in the odds ratio, or in its inverse, are good to 1e-4.
    const near4 = (odds: number, expected: number) => expect(odds / (1 + odds)).to.be.closeTo(expected / (1 + expected), 2e-4);
    for (const row of referenceCases<Case>("proportions/fisher-exact")) {
      const likely = fisherExact({ ...row, level: 0.95, method: "minimum-likelihood" });
      const gap = likely.kind === "finding" ? (likely.details?.["gapPValue"] as number | undefined) : undefined;
      near(gap ?? likely.test?.pValue, row.pValue, 1e-9);
      const central = fisherExact({ ...row, level: 0.95, method: "central" });
      expect(central.kind).to.equal(row.estimate === undefined ? "undetermined" : "finding");
      const [lower, upper] = endsOf(central.kind === "finding" ? central.estimate : central);
      near4(lower ?? 0, row.lower);
      expect(upper === null, JSON.stringify(row)).to.equal(row.upper === undefined);
      if (row.upper !== undefined) near4(upper ?? Number.NaN, row.upper);
      if (central.kind === "finding" && row.estimate !== undefined) near4(central.estimate.value, row.estimate);
    }
  });

  it("Barnard and Boschloo find the supremum; SciPy's search finds no more", () => {
    interface Case extends Arms {
      readonly alternative: Alternative;
      readonly score: number;
      readonly unpooled: number;
      readonly boschloo: number;
      readonly scipyBarnard: number;
      readonly scipyBoschloo: number;
    }
    for (const row of referenceCases<Case>("proportions/unconditional-exact")) {
      const options = { ...row, level: 0.95, nullDifference: 0 };
      const unpooled = barnardExact({ ...options, ordering: "unpooled" });
      pNear(unpooled, row.unpooled, 1e-9);
      const boschloo = boschlooExact(options);
      pNear(boschloo, row.boschloo, 1e-9);
      expect(found(boschloo).test?.pValue).to.be.greaterThan(row.scipyBoschloo * (1 - 1e-9));
      if (row.control.trials + row.treatment.trials > 30) continue;
      const result = found(barnardExact({ ...options, ordering: "score" }));
      const own = (result.details?.["gapPValue"] as number | undefined) ?? result.test?.pValue ?? 0;
      near(own, row.score, 1e-9);
      expect(own).to.be.greaterThan(row.scipyBarnard * (1 - 1e-9));
    }
  });
});

describe("two proportions", () => {
  interface Case extends Arms {
    readonly [method: string]: unknown;
  }

  it("the score difference agrees with the closed form in 60 digits", () => {
    interface Score {
      readonly interval: Pair;
      readonly nullDifference: number;
      readonly statistic?: number;
      readonly pValue?: number;
    }
    for (const row of referenceCases<Case>("proportions/score-difference")) {
      for (const variant of ["miettinen-nurminen", "farrington-manning"] as const) {
        const { interval, nullDifference, statistic, pValue } = row[variant] as Score;
        const result = found(scoreDifference({ ...row, ...two, variant, nullDifference }));
        endsNear(result, interval, 1e-9, 1e-7);
        if (statistic === undefined) expect(result.test).to.equal(undefined);
        else {
          near(result.test?.statistic, statistic, 1e-9, 1e-4);
          near(result.test?.pValue, pValue ?? Number.NaN, 1e-9, 1e-300);
        }
      }
    }
  });

  it("differences, ratios and odds ratios agree with statsmodels and, by score, with 60 digits", () => {
    for (const row of referenceCases<Case>("proportions/two-proportions")) {
      const options = { ...row, ...two, nullDifference: 0, nullRatio: 1 };
      const plain = { pooled: false, continuityCorrection: false };
      const checks: Readonly<Record<string, () => Found>> = {
        newcombe: () => newcombeDifference(options),
        "agresti-caffo": () => agrestiCaffo(options),
        wald: () => waldDifference({ ...options, ...plain }),
        katz: () => logRiskRatio({ ...options, variant: "katz" }),
        walter: () => logRiskRatio({ ...options, variant: "walter" }),
        woolf: () => logOddsRatio({ ...options, variant: "woolf" }),
        gart: () => logOddsRatio({ ...options, variant: "gart" }),
        koopman: () => scoreRatio({ ...options, variant: "koopman" }),
        "miettinen-nurminen-ratio": () => scoreRatio({ ...options, variant: "miettinen-nurminen" }),
        "plain-odds": () => scoreOddsRatio({ ...options, variant: "plain" }),
        "miettinen-nurminen-odds": () => scoreOddsRatio({ ...options, variant: "miettinen-nurminen" }),
      };
      for (const [name, compute] of Object.entries(checks)) {
        const expected = row[name] as Pair | undefined;
        if (expected === undefined) continue;
        const [lower, upper] =
          name === "wald" || name === "agresti-caffo" ? [Math.max(-1, expected[0]), Math.min(1, expected[1])] : expected;
        endsNear(compute(), [lower, upper], 1e-9, 1e-7);
      }
      const ratioAt = row["ratioStatisticAt1.2"] as number | undefined;
      if (ratioAt !== undefined)
        near(found(scoreRatio({ ...options, nullRatio: 1.2, variant: "koopman" })).test?.statistic, ratioAt, 1e-9, 1e-3);
      const oddsAt = row["oddsStatisticAt1.2"] as number | undefined;
      if (oddsAt !== undefined)
        near(found(scoreOddsRatio({ ...options, nullRatio: 1.2, variant: "plain" })).test?.statistic, oddsAt, 1e-9, 1e-3);
    }
  });

  it("Newcombe's own example: 56 of 70 against 48 of 80", () => {
    const options = {
      control: { successes: 48, trials: 80 },
      treatment: { successes: 56, trials: 70 },
      ...two,
      level: 0.95,
      nullDifference: 0,
    };
    const rounded = (result: Found): readonly (string | undefined)[] => [
      found(result).estimate.interval?.lower.toFixed(4),
      found(result).estimate.interval?.upper.toFixed(4),
    ];
    expect(rounded(newcombeDifference(options))).to.deep.equal(["0.0524", "0.3339"]);
    expect(rounded(scoreDifference({ ...options, variant: "farrington-manning" }))).to.deep.equal(["0.0533", "0.3377"]);
    expect(rounded(scoreDifference({ ...options, variant: "miettinen-nurminen" }))).to.deep.equal(["0.0528", "0.3382"]);
  });
});

describe("tables of counts", () => {
  interface Case {
    readonly kind: "independence" | "mcnemar" | "square" | "flips";
    readonly table: readonly (readonly number[])[];
    readonly [name: string]: unknown;
  }
  const cases = referenceCases<Case>("proportions/tables");

  it("chi-squared and likelihood ratio agree with SciPy, the bound of V with its noncentral chi-squared", () => {
    for (const row of cases.filter(({ kind }) => kind === "independence")) {
      for (const statistic of ["pearson", "likelihood-ratio"] as const) {
        const expected = row[statistic] as { readonly statistic: number; readonly pValue: number; readonly lower: number | null };
        const continuityCorrection = row["continuityCorrection"] === true;
        const { estimate, test } = found(independence({ table: row.table, statistic, continuityCorrection, level: 0.95 }));
        near(test?.statistic, expected.statistic, 1e-10, 1e-3);
        near(test?.pValue, expected.pValue, 1e-9, 1e-290);
        if (expected.lower !== null) near(estimate.set?.kind === "at-least" ? estimate.set.lower : undefined, expected.lower, 1e-8, 1e-3);
      }
    }
  });

  it("McNemar's tests agree with statsmodels", () => {
    for (const row of cases.filter(({ kind }) => kind === "mcnemar")) {
      const pairs = { both: row["both"], onlySecond: row["onlySecond"], onlyFirst: row["onlyFirst"], neither: row["neither"] } as Record<
        "both" | "onlySecond" | "onlyFirst" | "neither",
        number
      >;
      const options = { ...pairs, ...two, level: 0.95 };
      pNear(mcnemar({ ...options, nullDifference: 0 }), row["asymptotic"] as number, 1e-10);
      pNear(mcnemarExact({ ...options, method: "central" }), row["exact"] as number, 1e-10);
      pNear(mcnemarExact({ ...options, method: "mid-p" }), row["midP"] as number, 1e-10);
      const { both, onlySecond: secondOnly, onlyFirst: firstOnly, neither } = pairs;
      const ratio = pairedRatio({ both, firstOnly, secondOnly, trials: both + firstOnly + secondOnly + neither, level: 0.95 });
      const [lower, upper] = row["ratio"] as Pair;
      near(ratio.kind === "estimate" ? ratio.interval?.lower : undefined, lower, 1e-10);
      near(ratio.kind === "estimate" ? ratio.interval?.upper : undefined, upper, 1e-10);
    }
  });

  it("Stuart-Maxwell and Bowker agree with statsmodels, below 25 movers with a visit of all sign flips", () => {
    for (const row of cases.filter(({ kind }) => kind === "square")) {
      for (const [name, compute] of [
        ["stuartMaxwell", stuartMaxwell],
        ["bowker", bowker],
      ] as const) {
        const [statistic, degrees, pValue] = row[name] as readonly [number, number, number];
        const { test } = found(compute({ table: row.table }));
        near(test?.statistic, statistic, 1e-9);
        expect(test?.degreesOfFreedom).to.equal(degrees);
        // statsmodels takes 1 - cdf, which has 16 decimals.
        near(test?.pValue, pValue, 1e-9, 1e-5);
      }
    }
    for (const row of cases.filter(({ kind }) => kind === "flips")) {
      pNear(stuartMaxwell({ table: row.table }), row["stuartMaxwell"] as number, 1e-10);
      pNear(bowker({ table: row.table }), row["bowker"] as number, 1e-10);
    }
  });

  it("drop classes without discordance, and say what they cannot say", () => {
    const table = [
      [5, 30, 0, 0],
      [10, 5, 0, 0],
      [0, 0, 9, 0],
      [0, 0, 0, 0],
    ];
    const { test } = found(stuartMaxwell({ table }));
    near(test?.statistic, 10, 1e-15);
    expect(test?.degreesOfFreedom).to.equal(1);
    expect(found(bowker({ table })).test).to.deep.include({ statistic: 10, degreesOfFreedom: 1 });
    const still = [
      [5, 0],
      [0, 3],
    ];
    for (const compute of [stuartMaxwell, bowker]) {
      expect(compute({ table: still }).kind).to.equal("undetermined");
      expect(
        compute({
          table: [
            [0, 0],
            [0, 0],
          ],
        }).kind,
      ).to.equal("undetermined");
    }
  });
});
