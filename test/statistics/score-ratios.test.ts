/** Ratios by scores where one end only exists, where all succeed, and of pairs: against a likelihood maximised in 60 digits. */
import { expect } from "chai";
import fc from "fast-check";
import {
  bonettPriceRatio,
  type Found,
  mcnemar,
  type PairTable,
  scoreDifference,
  scoreOddsRatio,
  scorePairedRatio,
  scoreRatio,
} from "../../simulations/statistics/index.ts";
import { endsOf, findingOf } from "./finding-parts.ts";
import { near, referenceCases } from "./reference-numbers.ts";

interface Sample {
  readonly successes: number;
  readonly trials: number;
}

interface Ends {
  readonly lower: number;
  readonly upper?: number;
  readonly statistic: number;
}

interface Compared {
  readonly control: Sample;
  readonly treatment: Sample;
  readonly level: number;
  readonly nullRatio: number;
}

type Case =
  | (Compared & { readonly kind: "risk"; readonly koopman: Ends; readonly "miettinen-nurminen": Ends })
  | (Compared & { readonly kind: "odds"; readonly plain: Ends; readonly "miettinen-nurminen": Ends })
  | (PairTable &
      Ends & {
        readonly kind: "paired";
        readonly level: number;
        readonly nullRatio: number;
        readonly statisticAtOne?: number;
        readonly hybrid: readonly number[];
      });

const cases = referenceCases<Case>("proportions/score-ratios");
const of = <Kind extends Case["kind"]>(kind: Kind) => cases.filter((row): row is Extract<Case, { kind: Kind }> => row.kind === kind);
const two = { alternative: "two-sided" } as const;

/** Both ends of an interval, or the lower end of what is left of a ratio that is beyond every number. */
function expectEnds(found: Found, { lower, upper }: Omit<Ends, "statistic">): void {
  if (upper !== undefined) {
    const [from, to] = endsOf(findingOf(found).estimate);
    near(from ?? Number.NaN, lower, 1e-9, 1e-12);
    near(to ?? Number.NaN, upper, 1e-9);
    return;
  }
  if (found.kind !== "undetermined" || found.set?.kind !== "at-least") throw new Error(JSON.stringify(found));
  near(found.set.lower, lower, 1e-9);
}

describe("score ratios", () => {
  it("of two samples: what is left where the control has nothing, and where all succeed", () => {
    for (const row of of("risk"))
      for (const variant of ["koopman", "miettinen-nurminen"] as const) {
        const found = scoreRatio({ ...row, ...two, variant });
        expectEnds(found, row[variant]);
        near(found.test?.statistic, row[variant].statistic, 1e-9);
      }
    for (const row of of("odds"))
      for (const variant of ["plain", "miettinen-nurminen"] as const) {
        const found = scoreOddsRatio({ ...row, ...two, variant });
        expectEnds(found, row[variant]);
        near(found.test?.statistic, row[variant].statistic, 1e-9);
      }
  });

  it("of two samples: the published ends, upside down", () => {
    const ask = (control: Sample, treatment: Sample, variant: "plain" | "miettinen-nurminen") =>
      scoreOddsRatio({ control, treatment, ...two, level: 0.95, nullRatio: 1, variant });
    const lowerOf = (found: Found): number =>
      found.kind === "undetermined" && found.set?.kind === "at-least" ? found.set.lower : Number.NaN;
    // Fagerland and Newcombe (2013): 29 of 55 against 11 of 11, 0 to 0.417; Fagerland, Lydersen and Laake (2017): 0 of 16 against 15 of 72, 0 to 0.9532.
    const whole = ask({ successes: 29, trials: 55 }, { successes: 11, trials: 11 }, "miettinen-nurminen");
    expect(1 / lowerOf(whole)).to.be.closeTo(0.417, 0.0005);
    const none = ask({ successes: 0, trials: 16 }, { successes: 15, trials: 72 }, "plain");
    expect(1 / lowerOf(none)).to.be.closeTo(0.9532, 0.00005);
  });

  it("of two samples: the test that stands beside is that of the difference, and the relative difference has the same end", () => {
    const arms = { control: { successes: 0, trials: 29 }, treatment: { successes: 5, trials: 56 } };
    const ratio = scoreRatio({ ...arms, ...two, level: 0.9, nullRatio: 1, variant: "koopman" });
    const difference = findingOf(scoreDifference({ ...arms, ...two, level: 0.9, nullDifference: 0, variant: "farrington-manning" }));
    near(ratio.test?.pValue, difference.test?.pValue ?? Number.NaN, 1e-12);
    if (ratio.kind !== "undetermined" || ratio.set?.kind !== "at-least") throw new Error("no set");
    expect([ratio.reason, ratio.set.level]).to.deep.equal(["no success in the control: the ratio is beyond every number", 0.9]);
    const { relative, logRatio } = difference;
    if (relative?.kind !== "undetermined" || relative.set?.kind !== "at-least") throw new Error("no relative set");
    if (logRatio?.kind !== "undetermined" || logRatio.set?.kind !== "at-least") throw new Error("no logarithm's set");
    near(relative.set.lower, ratio.set.lower - 1, 1e-12);
    near(logRatio.set.lower, Math.log(ratio.set.lower), 1e-12);
  });

  it("one-sided, a ratio beyond every number has its lower end or nothing ruled out; 0 / 0 has everything, and no test", () => {
    const none = { successes: 0, trials: 20 };
    const some = { successes: 4, trials: 20 };
    const shared = { level: 0.9, nullRatio: 1 };
    const asks: Readonly<Record<string, (control: Sample, treatment: Sample, alternative: "less" | "greater" | "two-sided") => Found>> = {
      risk: (control, treatment, alternative) => scoreRatio({ control, treatment, alternative, ...shared, variant: "koopman" }),
      odds: (control, treatment, alternative) => scoreOddsRatio({ control, treatment, alternative, ...shared, variant: "plain" }),
      paired: (control, treatment, alternative) =>
        scorePairedRatio({ both: 0, onlySecond: treatment.successes, onlyFirst: control.successes, neither: 16, alternative, ...shared }),
    };
    for (const [name, ask] of Object.entries(asks)) {
      const kinds = (["less", "greater", "two-sided"] as const).map((side) => {
        const found = ask(none, some, side);
        return found.kind === "undetermined" ? found.set?.kind : found.kind;
      });
      expect(kinds, name).to.deep.equal(["everything", "at-least", "at-least"]);
      const nothing = ask(none, none, "two-sided");
      if (nothing.kind !== "undetermined") throw new Error(name);
      expect([nothing.set, nothing.test], name).to.deep.equal([{ kind: "everything", level: 0.9 }, undefined]);
    }
  });
});

describe("ratios of paired proportions", () => {
  it("by scores and by Bonett and Price: a maximum in 60 digits, also where counts are 0", () => {
    expect(of("paired").length).to.be.greaterThan(25);
    for (const row of of("paired")) {
      const found = scorePairedRatio({ ...row, ...two });
      expectEnds(found, row);
      near(found.test?.statistic, row.statistic, 1e-9);
      const atOne = scorePairedRatio({ ...row, ...two, nullRatio: 1 }).test;
      if (row.statisticAtOne === undefined) expect(atOne).to.equal(undefined);
      else near(atOne?.statistic, row.statisticAtOne, 1e-12);
      const [lower, upper] = row.hybrid;
      const hybrid = bonettPriceRatio(row);
      expectEnds(hybrid.kind === "estimate" ? { kind: "finding", estimate: hybrid, warnings: [] } : hybrid, {
        lower: lower ?? Number.NaN,
        ...(upper === undefined ? {} : { upper }),
      });
    }
  });

  it("interval and p-value agree, turning the answers inverts, and at a ratio of 1 the test is McNemar's", () => {
    const count = fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 1e14 }));
    const given = fc.record({
      both: count,
      onlySecond: count,
      onlyFirst: count,
      neither: count,
      nullRatio: fc.constantFrom(1, 0.8, 1.25, 3),
      alternative: fc.constantFrom("two-sided" as const, "less" as const, "greater" as const),
      level: fc.constantFrom(0.5, 0.8, 0.95, 0.999),
    });
    fc.assert(
      fc.property(given, (options) => {
        const found = scorePairedRatio(options);
        const { test } = found;
        if (options.nullRatio === 1 && found.kind === "finding")
          near(test?.pValue ?? 1, findingOf(mcnemar({ ...options, nullDifference: 0 })).test?.pValue ?? 1, 1e-9);
        if (found.kind === "undetermined" || test === undefined) return;
        const [lower, upper] = endsOf(found.estimate);
        if (Math.abs(test.pValue / (1 - options.level) - 1) > 1e-6) {
          const excluded = test.nullValue < (lower ?? 0) || test.nullValue > (upper ?? Number.POSITIVE_INFINITY);
          expect(excluded, JSON.stringify(found)).to.equal(test.pValue < 1 - options.level);
        }
        const other = scorePairedRatio({
          ...options,
          onlySecond: options.onlyFirst,
          onlyFirst: options.onlySecond,
          nullRatio: 1 / options.nullRatio,
          alternative: ({ "two-sided": "two-sided", less: "greater", greater: "less" } as const)[options.alternative],
        });
        if (other.kind === "undetermined") return;
        near(other.test?.pValue, test.pValue, 1e-9, 1e-280);
        const [from] = endsOf(other.estimate);
        if (from !== null && from > 0 && upper !== null) near(from * upper, 1, 1e-9);
      }),
      { numRuns: 200 },
    );
  });
});
