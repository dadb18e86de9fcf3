/** Continuity corrections as R has them: prop.test of one, two and several samples, mcnemar.test. */
import { expect } from "chai";
import {
  type Alternative,
  type Found,
  independence,
  logRiskRatio,
  mcnemar,
  scoreDifference,
  scoreProportion,
  waldDifference,
} from "../../simulations/statistics/index.ts";
import { endsOf, findingOf, testOf } from "./finding-parts.ts";
import { near, referenceCases } from "./reference-numbers.ts";

interface Sample {
  readonly successes: number;
  readonly trials: number;
}

interface Correction {
  readonly continuityCorrection: boolean;
  /** R's chi-squared, the square of the score statistic. */
  readonly statistic: number;
  readonly pValue: number;
}

interface Stated extends Correction {
  readonly alternative: Alternative;
  readonly level: number;
  readonly lower: number;
  readonly upper: number;
}

type Case =
  | (Stated & { readonly kind: "one"; readonly sample: Sample; readonly nullValue: number })
  | (Stated & { readonly kind: "two"; readonly treatment: Sample; readonly control: Sample })
  | (Correction & { readonly kind: "many"; readonly successes: readonly number[]; readonly trials: readonly number[] })
  | (Correction & { readonly kind: "mcnemar" } & Record<"both" | "onlySecond" | "onlyFirst" | "neither", number>);

const cases = referenceCases<Case>("proportions/corrected");
const of = <Kind extends Case["kind"]>(kind: Kind) => cases.filter((row): row is Extract<Case, { kind: Kind }> => row.kind === kind);

/** One-sided statements of R end at what is possible; ours have no end there. */
function expectEnds(found: Found, { lower, upper }: Stated, [least, most]: readonly [number, number]): void {
  const [from, to] = endsOf(findingOf(found).estimate);
  near(from ?? least, lower, 1e-10, 1e-6);
  near(to ?? most, upper, 1e-10, 1e-6);
}

function expectTest(found: Found, { statistic, pValue }: Correction): void {
  near((testOf(found).statistic ?? Number.NaN) ** 2, statistic, 1e-9, 1e-9);
  near(testOf(found).pValue, pValue, 1e-9, 1e-280);
}

describe("continuity corrections", () => {
  it("prop.test of one sample: test and Wilson's interval", () => {
    expect(of("one").length).to.be.greaterThan(100);
    for (const { sample, ...row } of of("one")) {
      const found = scoreProportion({ ...sample, ...row });
      expectTest(found, row);
      expectEnds(found, row, [0, 1]);
    }
  });

  it("prop.test of two samples: the pooled test, and the interval of one variance each", () => {
    expect(of("two").length).to.be.greaterThan(100);
    for (const row of of("two")) {
      const options = { ...row, nullDifference: 0 };
      expectTest(waldDifference({ ...options, pooled: true }), row);
      if (!row.continuityCorrection) expectTest(scoreDifference({ ...options, variant: "farrington-manning" }), row);
      const found = waldDifference({ ...options, pooled: false });
      if (found.kind === "finding") expectEnds(found, row, [-1, 1]);
    }
  });

  it("prop.test of several samples: independence, corrected of two only", () => {
    expect(of("many").length).to.be.greaterThan(20);
    for (const { successes, trials, continuityCorrection, statistic, pValue } of of("many")) {
      const table = successes.map((count, at) => [count, (trials[at] ?? 0) - count]);
      const test = testOf(independence({ table, statistic: "pearson", continuityCorrection, level: 0.95 }));
      near(test.statistic, statistic, 1e-10, 1e-9);
      near(test.pValue, pValue, 1e-9, 1e-280);
    }
  });

  it("mcnemar.test", () => {
    expect(of("mcnemar").length).to.be.greaterThan(20);
    for (const row of of("mcnemar")) expectTest(mcnemar({ ...row, nullDifference: 0, alternative: "two-sided", level: 0.95 }), row);
  });

  it("one-sided at a level below 0.5: the bound lies past the estimate, where the corrected test is just on the verge", () => {
    const samples = { treatment: { successes: 30, trials: 50 }, control: { successes: 20, trials: 50 } };
    const pairs = { both: 20, onlySecond: 14, onlyFirst: 5, neither: 15 };
    const verges: readonly ((alternative: Alternative, nullValue: number) => Found)[] = [
      (alternative, nullValue) =>
        scoreProportion({ successes: 30, trials: 50, nullValue, alternative, level: 0.2, continuityCorrection: true }),
      (alternative, nullDifference) =>
        waldDifference({ ...samples, nullDifference, alternative, level: 0.2, pooled: false, continuityCorrection: true }),
      (alternative, nullRatio) =>
        logRiskRatio({ ...samples, nullRatio, variant: "katz", alternative, level: 0.2, continuityCorrection: true }),
      (alternative, nullDifference) => mcnemar({ ...pairs, nullDifference, alternative, level: 0.2, continuityCorrection: true }),
    ];
    for (const ask of verges)
      for (const [alternative, end, sign] of [
        ["greater", 0, 1],
        ["less", 1, -1],
      ] as const) {
        const { estimate } = findingOf(ask(alternative, 0.3));
        const bound = endsOf(estimate)[end] ?? Number.NaN;
        expect(sign * (bound - (estimate.kind === "estimate" ? estimate.value : Number.NaN))).to.be.above(0.01);
        near(testOf(ask(alternative, bound)).pValue, 0.8, 1e-9);
      }
  });

  it("Tango's corrected interval: one discordant pair more on either side, and none where the answers balance", () => {
    const ask = (onlySecond: number, onlyFirst: number, nullDifference: number, continuityCorrection: boolean) =>
      findingOf(
        mcnemar({
          both: 20,
          onlySecond,
          onlyFirst,
          neither: 15,
          nullDifference,
          continuityCorrection,
          alternative: "two-sided",
          level: 0.95,
        }),
      );
    const found = ask(12, 5, 0, true);
    expect([found.estimate.method, found.test?.name]).to.deep.equal([
      "Tango score, paired, continuity-corrected",
      "McNemar score, continuity-corrected",
    ]);
    // At each end the corrected test is just on the verge.
    for (const end of endsOf(found.estimate)) near(ask(12, 5, end ?? Number.NaN, true).test?.pValue, 0.05, 1e-9);
    expect(ask(6, 6, 0, true).estimate.interval).to.deep.equal(ask(6, 6, 0, false).estimate.interval);
    expect(ask(6, 6, 0, true).test?.pValue).to.equal(1);
  });
});
