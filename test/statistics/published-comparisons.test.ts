/** Proportions, sample ratios and families of comparisons against the published vectors beside the package. */
import { expect } from "chai";
import {
  type Adjustment,
  type Alternative,
  adjustPValues,
  backSolvedInterval,
  barnardExact,
  boschlooExact,
  type Finding,
  type Found,
  fisherExact,
  independence,
  logRiskRatio,
  looksOf,
  sampleRatio,
  sampleRatioExact,
  sequentialSampleRatio,
  undetermined,
  waldDifference,
} from "../../simulations/statistics/index.ts";
import { publishedCases } from "./published-vectors.ts";
import { near } from "./reference-numbers.ts";

interface Published<Input, Expected> {
  readonly id: string;
  readonly kind: string;
  readonly input: Input;
  readonly expected: Expected;
}

function casesOf<Input, Expected>(file: string, kind: string): readonly Published<Input, Expected>[] {
  return (publishedCases<Published<Input, Expected>>(file) ?? []).filter((row) => row.kind === kind);
}

function found(result: Found): Finding {
  expect(result.kind, JSON.stringify(result)).to.equal("finding");
  return result as Finding;
}

const growthbook = "growthbook_ts_power_srm_mtc";

describe("published vectors of comparisons", () => {
  it("sample ratio (GrowthBook): its p = 1 where nothing can be tested is Undetermined here", () => {
    for (const { input, expected } of casesOf<{ observed: number[]; weights: number[] }, number>(growthbook, "srm")) {
      const weights = input.observed.map((_, arm) => input.weights[arm] ?? 0);
      const result = sampleRatio({ observed: input.observed, weights, continuityCorrection: false, level: 0.95 });
      if (result.kind === "undetermined") expect(expected).to.equal(1);
      else expect(result.test?.pValue).to.be.closeTo(expected, 1e-9);
    }
  });

  it("Holm, Benjamini-Hochberg and back-solved intervals (GrowthBook)", () => {
    for (const [kind, adjustment] of [
      ["holm", "holm"],
      ["bh", "benjamini-hochberg"],
    ] as const) {
      for (const { input, expected } of casesOf<{ p: number[] }, { sorted: number[]; index: number[] }>(growthbook, kind)) {
        const adjusted = adjustPValues(input.p, adjustment);
        for (const [place, index] of expected.index.entries())
          expect(adjusted[index]).to.be.closeTo(expected.sorted[place] ?? Number.NaN, 1e-8);
      }
    }
    for (const { input, expected } of casesOf<{ adjustedP: number; lift: number; alpha: number }, [number, number]>(
      growthbook,
      "adjustedCI",
    )) {
      const interval = backSolvedInterval({ adjustedPValue: input.adjustedP, lift: input.lift, level: 1 - input.alpha });
      expect(interval?.lower).to.be.closeTo(expected[0], 1e-8);
      expect(interval?.upper).to.be.closeTo(expected[1], 1e-8);
    }
  });

  it("multiplicity (tea-tasting)", () => {
    const adjustments: readonly (readonly [string, Adjustment])[] = [
      ["BH", "benjamini-hochberg"],
      ["BY", "benjamini-yekutieli"],
      ["hochberg-sidak", "hochberg-sidak"],
      ["holm-sidak", "holm-sidak"],
      ["hochberg", "hochberg"],
      ["holm", "holm"],
    ];
    for (const { input, expected } of casesOf<{ p: number[]; method: string }, number[]>("tea_tasting", "multiplicity")) {
      const adjustment = adjustments.find(([name]) => input.method === name || input.method.startsWith(`${name} `))?.[1] ?? "holm";
      for (const [index, value] of adjustPValues(input.p, adjustment).entries()) near(value, expected[index] ?? Number.NaN, 1e-12);
    }
  });

  it("sample ratio (tea-tasting)", () => {
    interface Input {
      readonly control: number;
      readonly treatment: number;
      readonly ratio: number;
      readonly method: string;
      readonly correction?: boolean;
    }
    for (const { input, expected } of casesOf<Input, number>("tea_tasting", "sampleRatio")) {
      const options = { observed: [input.control, input.treatment], weights: [1, input.ratio], level: 0.95 };
      const result =
        input.method === "binom" ? sampleRatioExact(options) : sampleRatio({ ...options, continuityCorrection: input.correction === true });
      near(found(result).test?.pValue, expected, 1e-10);
    }
  });

  it("proportions (tea-tasting)", () => {
    interface Arm {
      readonly x: number;
      readonly n: number;
    }
    interface Input {
      readonly control: Arm;
      readonly treatment: Arm;
      readonly method: string;
      readonly alternative?: Alternative;
      readonly pooled?: boolean;
      readonly correction?: boolean;
    }
    for (const { input, expected } of casesOf<Input, Partial<Record<"p" | "effect" | "rel" | "lo" | "up" | "rlo" | "rup", number>>>(
      "tea_tasting",
      "proportion",
    )) {
      const sample = ({ x, n }: Arm): { successes: number; trials: number } => ({ successes: x, trials: n });
      const { alternative = "two-sided", pooled = true, correction: continuityCorrection = true } = input;
      const options = {
        control: sample(input.control),
        treatment: sample(input.treatment),
        alternative,
        level: 0.95,
        nullDifference: 0,
        nullRatio: 1,
      };
      const table = [options.control, options.treatment].map(({ successes, trials }) => [successes, trials - successes]);
      const wald = { ...options, pooled, continuityCorrection };
      const compute: Readonly<Record<string, () => Found>> = {
        barnard: () => barnardExact({ ...options, ordering: input.pooled === true ? "score" : "unpooled" }),
        boschloo: () => boschlooExact(options),
        fisher: () => fisherExact({ ...options, method: "minimum-likelihood" }),
        "log-likelihood": () => independence({ table, statistic: "likelihood-ratio", continuityCorrection, level: 0.95 }),
        pearson: () => independence({ table, statistic: "pearson", continuityCorrection, level: 0.95 }),
        norm: () => waldDifference(wald),
      };
      const result = found(compute[input.method]?.() ?? undetermined(input.method, ""));
      // SciPy searches the nuisance coarsely: what it finds is at most the supremum.
      if (expected.p !== undefined)
        near(result.test?.pValue, expected.p, input.method === "barnard" || input.method === "boschloo" ? 1e-6 : 1e-10);
      if (expected.effect !== undefined) near(result.estimate.value, expected.effect, 1e-12);
      const { interval, set } = result.estimate;
      if (expected.lo !== undefined) near(interval?.lower, expected.lo, 1e-10);
      if (expected.up !== undefined) near(interval?.upper ?? (set?.kind === "at-most" ? set.upper : undefined), expected.up, 1e-10);
      if (expected.rup === undefined) continue;
      const ratio = found(logRiskRatio({ ...wald, variant: "katz" })).estimate;
      near((ratio.interval?.upper ?? (ratio.set?.kind === "at-most" ? ratio.set.upper : Number.NaN)) - 1, expected.rup, 1e-10);
      if (expected.rlo !== undefined) near((ratio.interval?.lower ?? Number.NaN) - 1, expected.rlo, 1e-10, 1);
    }
  });

  it("sequential sample ratio (Optimizely's ssrm)", () => {
    interface Input {
      readonly counts?: number[][];
      readonly nullProbabilities: number[];
      readonly dirichletAlpha?: number[];
      readonly dirichletConcentration?: number;
    }
    interface Row
      extends Published<Input, { logM1?: number; logM0?: number; posterior?: number[]; pValue?: number; bayesFactor?: number }> {
      readonly derived?: { readonly bayesFactor: number; readonly sequentialPValue: number };
    }
    for (const { input, expected, derived } of publishedCases<Row>("ssrm_sequential_srm") ?? []) {
      if (input.counts === undefined) {
        // NumPy's multinomial draws of seed 0, in order: the arm of each unit.
        const looks = [2, 2, 2, 2, 0, 2, 2, 0, 1, 2].map((drawn) => [0, 1, 2].map((arm) => Number(arm === drawn)));
        const last = looksOf({ looks, weights: input.nullProbabilities, concentration: input.dirichletConcentration }).at(-1);
        near(Math.exp(last?.logBayesFactor ?? Number.NaN), expected.bayesFactor ?? Number.NaN, 1e-9);
        near(last?.pValue, expected.pValue ?? Number.NaN, 1e-9);
        continue;
      }
      const options = { looks: input.counts, weights: input.nullProbabilities, prior: input.dirichletAlpha };
      const last = looksOf(options).at(-1);
      near(last?.logMixture, expected.logM1 ?? Number.NaN, 1e-12);
      near(last?.logPlanned, expected.logM0 ?? Number.NaN, 1e-12);
      expect(last?.posterior).to.deep.equal(expected.posterior);
      near(Math.exp(last?.logBayesFactor ?? Number.NaN), derived?.bayesFactor ?? Number.NaN, 1e-12);
      near(found(sequentialSampleRatio({ ...options, level: 0.95 })).test?.pValue, derived?.sequentialPValue ?? Number.NaN, 1e-12);
    }
  });
});
