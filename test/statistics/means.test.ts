/** Means, quantiles and ranks against R, SciPy, statsmodels and mpmath. */
import { expect } from "chai";
import {
  type Alternative,
  brunnerMunzel,
  type Compared,
  differenceFinding,
  type Effect,
  knownVarianceZ,
  largeSampleZ,
  liftFinding,
  mannWhitney,
  paired,
  pooled,
  quantileDifference,
  quantileInterval,
  sampleOf,
  signedRank,
  welch,
  yuen,
} from "../../simulations/statistics/index.ts";
import { endsOf, findingOf, testOf } from "./finding-parts.ts";
import { referenceCases as cases, near } from "./reference-numbers.ts";

interface Arms {
  readonly name: string;
  readonly control: number[];
  readonly treatment: number[];
}

interface Row {
  readonly alternative: Alternative;
  readonly level: number;
  readonly nullValue: number;
  readonly statistic: number;
  readonly df?: number;
  readonly p: number;
  readonly lower?: number | null;
  readonly upper?: number | null;
}

/** The test and both ends; ends are compared on the scale of the standard error, because a difference may cancel. */
function agrees(effect: Compared, row: Row, tolerance = 1e-12): void {
  const found = findingOf(differenceFinding(effect, row));
  near(found.test?.statistic, row.statistic, tolerance, 1);
  if (row.df !== undefined) near(found.test?.degreesOfFreedom as number, row.df, tolerance);
  near(found.test?.pValue, row.p, tolerance * 10);
  const scale = (effect as Effect).standardError;
  const [lower, upper] = endsOf(found.estimate);
  endNear(lower, row.lower, tolerance, scale);
  endNear(upper, row.upper, tolerance, scale);
}

function endNear(actual: number | null, expected: number | null | undefined, tolerance: number, scale: number): void {
  if (expected === null || expected === undefined) expect(actual).to.equal(null);
  else near(actual ?? undefined, expected, tolerance, scale);
}

describe("two means", () => {
  for (const { name, control, treatment, results } of cases<Arms & { results: (Row & { pooled: boolean; standardError: number })[] }>(
    "means/two-means",
  )) {
    it(`Welch and pooled t agree with R's t.test: ${name}`, () => {
      for (const row of results) {
        const arms = { control: { values: control }, treatment: { values: treatment } };
        const effect = (row.pooled ? pooled : welch)(arms);
        near((effect as Effect).standardError, row.standardError, 1e-12);
        // R rounds means near 1e9 to 1e-7; the same offset is compared with 50 digits below.
        agrees(effect, row, name === "far" ? 2e-7 : 1e-12);
      }
    });
  }

  it("Welch agrees with 50 digits on extreme sizes, far tails and large offsets", () => {
    for (const row of cases<Arms & Row & { difference: number; standardError: number }>("means/two-means-high-precision")) {
      const effect = welch({ control: { values: row.control }, treatment: { values: row.treatment } }) as Effect;
      near(effect.difference, row.difference, 1e-13);
      near(effect.standardError, row.standardError, 1e-13);
      near(effect.degreesOfFreedom, row.df as number, 1e-13);
      const found = findingOf(differenceFinding(effect, { level: 0.95, alternative: "two-sided" }));
      near(found.test?.pValue, row.p, 1e-12);
      near(endsOf(found.estimate)[0] ?? undefined, row.lower as number, 1e-11);
      near(endsOf(found.estimate)[1] ?? undefined, row.upper as number, 1e-11);
    }
  });

  it("the z test of large samples agrees with statsmodels", () => {
    for (const { name, control, treatment, results } of cases<Arms & { results: Row[] }>("means/z")) {
      // statsmodels rounds means near 1e8 to 1e-8.
      const tolerance = name === "far" ? 1e-7 : 1e-12;
      for (const row of results) {
        agrees(largeSampleZ({ control: { values: control }, treatment: { values: treatment } }), row, tolerance);
        const known = (values: number[]) => {
          const { n, mean, standardDeviation } = sampleOf({ values });
          return { n, mean, variance: standardDeviation ** 2 };
        };
        agrees(knownVarianceZ({ control: known(control), treatment: known(treatment) }), row, tolerance);
      }
    }
  });

  it("paired t agrees with R, from values and from moments", () => {
    for (const { control, treatment, results } of cases<Arms & { results: Row[] }>("means/paired")) {
      for (const row of results) agrees(paired({ control, treatment }), row);
    }
  });

  it("Yuen's trimmed means agree with SciPy", () => {
    for (const { control, treatment, results } of cases<Arms & { results: (Row & { trim: number })[] }>("means/yuen")) {
      for (const row of results) agrees(yuen({ control, treatment }, row.trim), { ...row, level: 0.95, nullValue: 0 });
    }
  });
});

describe("the relative lift", () => {
  interface Case {
    readonly input: {
      readonly meanC: number;
      readonly varC: number;
      readonly nC: number;
      readonly meanT: number;
      readonly varT: number;
      readonly nT: number;
    };
    readonly alternative: Alternative;
    readonly level: number;
    readonly ends: number[];
    readonly rejectsFarBelow: boolean;
    readonly rejectsFarAbove: boolean;
    readonly tests?: { nullLift: number; statistic: number; p: number }[];
  }

  it("Fieller's sets are those of the inverted test, found by root finding in 60 digits", () => {
    const kinds = new Set<string>();
    for (const { input, alternative, level, ends, rejectsFarBelow, rejectsFarAbove, tests } of cases<Case>("means/fieller")) {
      const effect = welch({
        control: { n: input.nC, mean: input.meanC, variance: input.varC },
        treatment: { n: input.nT, mean: input.meanT, variance: input.varT },
      });
      const { estimate, warnings } = findingOf(liftFinding(effect, { level, alternative, nullLift: 0 }));
      const kind = estimate.set?.kind ?? "interval";
      kinds.add(kind);
      const expected =
        ends.length === 0
          ? "everything"
          : rejectsFarBelow && rejectsFarAbove
            ? "interval"
            : ends.length === 2
              ? "two-pieces"
              : rejectsFarBelow
                ? "at-least"
                : "at-most";
      expect(kind, JSON.stringify(input)).to.equal(expected);
      const actual =
        estimate.set?.kind === "two-pieces" ? [estimate.set.below, estimate.set.above] : endsOf(estimate).filter((end) => end !== null);
      for (const [index, end] of ends.entries()) near(actual[index] ?? undefined, end, 1e-11, 1e-7);
      expect(warnings.some((text) => text.includes("do not bound"))).to.equal(kind === "two-pieces" || kind === "everything");
      for (const { nullLift, statistic, p } of tests ?? []) {
        const test = testOf(liftFinding(effect, { level, alternative, nullLift }));
        near(test.statistic, statistic, 1e-11, 1e-3);
        near(test.pValue, p, 1e-11);
      }
    }
    expect([...kinds].sort()).to.deep.equal(["at-least", "at-most", "everything", "interval", "two-pieces"]);
  });
});

/** R writes -0 for a rounded -0.0004. */
function plainZero(end: number | null | undefined): number | null {
  return end === null || end === undefined ? null : end + 0;
}

describe("quantiles", () => {
  interface Interval {
    readonly level: number;
    readonly lowerRank: number;
    readonly upperRank: number;
    readonly lower?: number | null;
    readonly upper?: number | null;
    readonly coverage: number;
    readonly nullValue: number;
    readonly p: number;
  }

  it("type 7 quantiles, order-statistic intervals and sign tests agree with R", () => {
    for (const { values, share, quantile, results } of cases<{ values: number[]; share: number; quantile: number; results: Interval[] }>(
      "means/quantiles",
    )) {
      for (const row of results) {
        const { estimate, test, details } = findingOf(
          quantileInterval({ values, share, level: row.level, alternative: "two-sided", nullValue: row.nullValue }),
        );
        near(estimate.value, quantile, 1e-14, 1e-300);
        expect([details?.["lowerRank"], details?.["upperRank"]]).to.deep.equal([plainZero(row.lowerRank), row.upperRank]);
        expect(endsOf(estimate)).to.deep.equal([row.lower, row.upper].map(plainZero));
        near(details?.["coverageAtLeast"] as number, row.coverage, 1e-11);
        near(test?.pValue, row.p, 1e-11);
      }
    }
  });

  it("differences of quantiles, also clustered, agree with the definition in NumPy", () => {
    interface Case {
      readonly share: number;
      readonly control: { values: number[]; clusters?: number[] };
      readonly treatment: { values: number[]; clusters?: number[] };
      readonly controlQuantile: number;
      readonly treatmentQuantile: number;
      readonly controlError: number;
      readonly treatmentError: number;
      readonly p: number;
      readonly lower: number;
      readonly upper: number;
    }
    for (const row of cases<Case>("means/quantile-difference")) {
      const effect = quantileDifference(row, row.share) as Effect;
      near(effect.control.value, row.controlQuantile, 1e-13);
      near(effect.treatment.value, row.treatmentQuantile, 1e-13);
      near(effect.control.standardError, row.controlError, 1e-12);
      near(effect.treatment.standardError, row.treatmentError, 1e-12);
      const { estimate, test } = findingOf(differenceFinding(effect, { level: 0.95, alternative: "two-sided" }));
      near(test?.pValue, row.p, 1e-11);
      near(endsOf(estimate)[0] ?? undefined, row.lower, 1e-11, effect.standardError);
      near(endsOf(estimate)[1] ?? undefined, row.upper, 1e-11, effect.standardError);
    }
  });
});

describe("ranks", () => {
  interface Rank extends Row {
    readonly method: "exact" | "normal";
    readonly correct: boolean;
    readonly estimate?: number | null;
  }

  it("Mann-Whitney agrees with R's wilcox.test, with its exact shifts and intervals", () => {
    for (const { name, control, treatment, results } of cases<Arms & { results: (Rank & { u: number })[] }>("means/mann-whitney")) {
      for (const row of results) {
        const options = { ...row, nullValue: 0, continuityCorrection: row.correct };
        const found = findingOf(mannWhitney({ control, treatment }, options));
        expect(found.details?.["u"]).to.equal(row.u);
        near(found.test?.pValue, row.p, 1e-11, 1e-300);
        if (row.estimate === undefined || row.estimate === null) continue;
        const scale = Math.abs(row.estimate);
        near(found.estimate.value, row.estimate, 1e-12, scale);
        const [lower, upper] = endsOf(found.estimate);
        // R closes the interval at the extreme pair where no end is ruled out.
        if (name !== "tiny" && lower !== null) near(lower, row.lower as number, 1e-12, scale);
        if (name !== "tiny" && upper !== null) near(upper, row.upper as number, 1e-12, scale);
      }
    }
  });

  it("with ties the exact p-values are those of exactRankTests", () => {
    for (const { control, treatment, less, greater } of cases<Arms & { less: number; greater: number }>("means/mann-whitney-ties")) {
      const p = (alternative: Alternative) =>
        testOf(mannWhitney({ control, treatment }, { alternative, level: 0.95, nullValue: 0, method: "exact", continuityCorrection: true }))
          .pValue;
      near(p("less"), less, 1e-12);
      near(p("greater"), greater, 1e-12);
    }
  });

  it("the signed-rank test agrees with R, with its exact centres and intervals", () => {
    for (const { name, control, treatment, results } of cases<Arms & { results: (Rank & { v: number })[] }>("means/signed-rank")) {
      for (const row of results) {
        const found = findingOf(signedRank({ control, treatment }, { ...row, continuityCorrection: row.correct }));
        expect(found.details?.["v"]).to.equal(row.v);
        near(found.test?.pValue, row.p, 1e-11);
        if (row.estimate === undefined || row.estimate === null) continue;
        near(found.estimate.value, row.estimate, 1e-9, 1);
        const [lower, upper] = endsOf(found.estimate);
        if (name !== "two" && lower !== null) near(lower, row.lower as number, 1e-9, 1);
        if (name !== "two" && upper !== null) near(upper, row.upper as number, 1e-9, 1);
      }
    }
  });

  it("Brunner-Munzel agrees with SciPy", () => {
    for (const { control, treatment, superiority, results } of cases<Arms & { superiority: number; results: Row[] }>(
      "means/brunner-munzel",
    )) {
      for (const row of results) {
        const found = findingOf(brunnerMunzel({ control, treatment }, { level: 0.95, alternative: row.alternative, nullValue: 0.5 }));
        near(found.estimate.value, superiority, 1e-13);
        near(found.test?.statistic, row.statistic, 1e-11, 1e-3);
        near(found.test?.pValue, row.p, 1e-12);
      }
    }
  });
});
