/** Jumps at a cut-off against rdrobust and rddensity. */
import { expect } from "chai";
import { densityDiscontinuity, type Finding, type Found, regressionDiscontinuity } from "../../simulations/statistics/index.ts";
import { discontinuityExample } from "../../simulations/statistics/panel-designs/examples.ts";
import { near, referenceCases } from "./reference-numbers.ts";

const asked = { level: 0.95, alternative: "two-sided", nullValue: 0 } as const;
type Pair = readonly [number, number];

function found(result: Found): Finding {
  if (result.kind === "undetermined") throw new Error(`undetermined: ${result.reason}`);
  return result;
}

/** The largest distance that the panel's outcomes have: rounding is relative to it. */
function size(values: readonly number[]): number {
  return Math.max(...values.map((value) => Math.abs(value - (values[0] as number))));
}

describe("regression discontinuity", () => {
  interface Case {
    readonly scores: number[];
    readonly outcomes: number[];
    readonly received?: number[];
    readonly cutoff: number;
    readonly given?: { readonly estimation: number; readonly bias: number };
    readonly h: number;
    readonly b: number;
    readonly conventional: number;
    readonly conventionalError: number;
    readonly corrected: number;
    readonly robustError: number;
    readonly p: number;
    readonly interval: Pair;
    readonly firstStage?: number;
    readonly firstStageError?: number;
  }
  const cases = referenceCases<Case>("panel-designs/regression-discontinuity");

  it("agrees with rdrobust to 1e-9: bandwidths, estimates, errors, p; and gives none where a side has under 20 scores", () => {
    let compared = 0;
    for (const row of cases) {
      const result = regressionDiscontinuity({ ...row, bandwidths: row.given, ...asked });
      const inside = [true, false].map(
        (below) => new Set(row.scores.filter((score) => score < row.cutoff === below && Math.abs(score - row.cutoff) < row.h)).size,
      );
      if (Math.min(...inside) < 20) {
        expect(result.kind).to.equal("undetermined");
        continue;
      }
      const { estimate, details, test } = found(result);
      const floor = 1e-2 * size(row.outcomes);
      near(details?.["bandwidth"] as number, row.h, 1e-9);
      near(details?.["biasBandwidth"] as number, row.b, 1e-9);
      near(details?.["conventional"] as number, row.conventional, 1e-9, floor);
      near(details?.["conventionalStandardError"] as number, row.conventionalError, 1e-9);
      near(estimate.value, row.corrected, 1e-9, floor);
      near(estimate.standardError, row.robustError, 1e-9);
      near(estimate.interval?.lower, row.interval[0], 1e-9, floor);
      near(estimate.interval?.upper, row.interval[1], 1e-9, floor);
      near(test?.pValue, row.p, 1e-8);
      if (row.firstStage !== undefined && row.firstStageError !== undefined) {
        near(details?.["firstStage"] as number, row.firstStage, 1e-9);
        near(details?.["firstStageStandardError"] as number, row.firstStageError, 1e-9);
      }
      compared++;
    }
    expect(compared).to.be.greaterThan(15);
  });

  it("moves the cut-off half a rounding step down", () => {
    const { scores, outcomes } = discontinuityExample();
    const rounded = scores.map(Math.round);
    const moved = regressionDiscontinuity({
      scores: rounded,
      outcomes,
      cutoff: 70,
      roundingStep: 1,
      ...asked,
      bandwidths: { estimation: 25, bias: 28 },
    });
    const stated = regressionDiscontinuity({ scores: rounded, outcomes, cutoff: 69.5, ...asked, bandwidths: { estimation: 25, bias: 28 } });
    expect(moved).to.deep.equal(stated);
    expect(found(moved).details?.["cutoff"]).to.equal(69.5);
  });

  it("does not mind the order of units, nor units and origins of score and outcome", () => {
    const { scores, outcomes, cutoff } = discontinuityExample();
    const plain = found(regressionDiscontinuity({ scores, outcomes, cutoff, ...asked }));
    const other = found(
      regressionDiscontinuity({
        scores: scores.map((score) => 1e200 * score).reverse(),
        outcomes: outcomes.map((outcome) => 7 - 1e-150 * outcome * 1e150).reverse(),
        cutoff: cutoff * 1e200,
        ...asked,
      }),
    );
    near(other.estimate.value, -plain.estimate.value, 1e-9);
    near(other.estimate.standardError, plain.estimate.standardError ?? 0, 1e-9);
    near(other.test?.pValue, plain.test?.pValue ?? 0, 1e-7);
  });

  it("is undetermined without variation, without enough scores and without a jump of treatment", () => {
    const { scores, outcomes, cutoff } = discontinuityExample();
    const kinds = [
      regressionDiscontinuity({ scores, outcomes: scores.map(() => 3), cutoff, ...asked }),
      regressionDiscontinuity({ scores: scores.map((score) => Math.round(score / 5) * 5), outcomes, cutoff, ...asked }),
      regressionDiscontinuity({ scores, outcomes, cutoff: 1000, ...asked }),
      regressionDiscontinuity({ scores, outcomes, cutoff, received: scores.map(() => 1), ...asked }),
      regressionDiscontinuity({ scores: [1], outcomes: [1], cutoff, ...asked }),
    ].map(({ kind }) => kind);
    expect(new Set(kinds)).to.deep.equal(new Set(["undetermined"]));
  });

  it("warns of a weak first stage", () => {
    const { scores, outcomes, cutoff } = discontinuityExample();
    const received = scores.map((score, i) => ((i * 7919) % 10 < (score >= cutoff ? 6 : 5) ? 1 : 0));
    expect(found(regressionDiscontinuity({ scores, outcomes, cutoff, received, ...asked })).warnings.join()).to.match(/hardly jumps/);
  });
});

describe("density at a cut-off", () => {
  interface Case {
    readonly scores: number[];
    readonly cutoff: number;
    readonly given?: { readonly below: number; readonly above: number };
    readonly h: Pair;
    readonly below: number;
    readonly above: number;
    readonly error: number;
    readonly t: number;
    readonly p: number;
  }

  it("agrees with rddensity to 1e-8", () => {
    for (const row of referenceCases<Case>("panel-designs/density-discontinuity")) {
      const { estimate, details, test } = found(densityDiscontinuity({ ...row, bandwidths: row.given, ...asked }));
      near(details?.["bandwidthBelow"] as number, row.h[0], 1e-8);
      near(details?.["bandwidthAbove"] as number, row.h[1], 1e-8);
      near(details?.["densityBelow"] as number, row.below, 1e-8);
      near(details?.["densityAbove"] as number, row.above, 1e-8);
      near(estimate.standardError, row.error, 1e-8);
      near(test?.statistic, row.t, 1e-8, 0.1);
      near(test?.pValue, row.p, 1e-8, 1e-3);
    }
  });

  it("turns its sign when the score is turned round, and is undetermined on few scores", () => {
    const { scores: tied, cutoff } = discontinuityExample();
    // Ties count from below: only scores without them are mirrored exactly.
    const scores = tied.map((score, i) => score + i * 1e-6);
    const plain = found(densityDiscontinuity({ scores, cutoff: cutoff + 0.001, ...asked }));
    const turned = found(densityDiscontinuity({ scores: scores.map((score) => -score), cutoff: -cutoff - 0.001, ...asked }));
    near(turned.estimate.value, -plain.estimate.value, 1e-9, 1e-3);
    expect(densityDiscontinuity({ scores: [1, 2, 3], cutoff: 2, ...asked }).kind).to.equal("undetermined");
  });
});
