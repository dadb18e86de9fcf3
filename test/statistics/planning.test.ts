/** Planning against R, SciPy, statsmodels, quadrature and the published numbers of two platforms; and the laws that sizes, powers and effects keep. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { packagePath } from "../../data/foundation/index.ts";
import type { Found } from "../../simulations/statistics/index.ts";
import { platformDetectableEffect, platformMidPower, platformPower, powerCurve } from "../../simulations/statistics/index.ts";
import { findStatistic } from "../../simulations/statistics/table.ts";
import { publishedCases } from "./published-vectors.ts";
import { near, referenceCases } from "./reference-numbers.ts";

type Input = Readonly<Record<string, unknown>>;

function compute(name: string, input: Input): Found {
  const statistic = findStatistic(name);
  if (statistic === undefined) throw new Error(`no ${name}`);
  return statistic.compute(statistic.input.parse(input));
}

function estimateOf(name: string, input: Input): number {
  const found = compute(name, input);
  return found.kind === "finding" ? found.estimate.value : Number.NaN;
}

function detail(found: Found, name: string): unknown {
  return found.kind === "finding" ? found.details?.[name] : undefined;
}

interface PowerCase {
  readonly program: string;
  readonly plan: Input;
  readonly effect: number;
  readonly units: number;
  readonly power: number;
}

interface SizeCase {
  readonly program: string;
  readonly plan: Input;
  readonly effect: number;
  readonly power: number;
  readonly control?: number;
  readonly exactControl?: number;
}

describe("planning against references", () => {
  it("gives powers to 1e-9 of mpmath, and of SciPy to what SciPy has", () => {
    const cases = referenceCases<PowerCase>("planning/planning");
    expect(cases.length).to.be.greaterThan(150);
    for (const { program, plan, effect, units, power } of cases) {
      const actual = estimateOf("power", { ...plan, effect: { absolute: effect }, units });
      near(actual, power, program === "mpmath" ? 1e-11 : 1e-9, 1e-12);
    }
  });

  it("gives the sizes of R and statsmodels", () => {
    const file = JSON.parse(readFileSync(packagePath("test/statistics/references/planning/planning.json"), "utf8")) as {
      sizes: SizeCase[];
    };
    expect(file.sizes.length).to.equal(40);
    for (const { plan, effect, power, control, exactControl } of file.sizes) {
      const found = compute("sample-size", { ...plan, effect: { absolute: effect }, power });
      const units = Number(detail(found, "unitsControl"));
      if (control !== undefined) expect(units, JSON.stringify(plan)).to.equal(control);
      // statsmodels lets the other group be a fraction, we round it up: the control may be one unit smaller.
      else
        expect(units - (exactControl ?? 0), JSON.stringify(plan)).to.be.within(
          -1 - 1 / Math.min(1, Number(plan["treatmentPerControl"])),
          1,
        );
    }
  });
});

interface PlatformCase {
  readonly id: string;
  readonly kind: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: number | { readonly power: number; readonly mde: number };
}

interface PlatformMetric {
  readonly type: string;
  readonly mean: number;
  readonly standardDeviation: number;
  readonly conversionRate: number;
  readonly effectSize: number;
}

const meanAndVariance = ({ type, mean, standardDeviation, conversionRate }: PlatformMetric) =>
  type === "binomial"
    ? { mean: conversionRate, variance: conversionRate * (1 - conversionRate) }
    : { mean, variance: standardDeviation ** 2 };

describe("published numbers of platforms", () => {
  it("GrowthBook: powers, detectable effects and weeks to the five digits that are published", function () {
    const cases = publishedCases<PlatformCase>("growthbook_ts_power_srm_mtc");
    if (cases === undefined) this.skip();
    for (const { kind, input, expected } of cases) {
      const { n, users, nVariations, alpha, sequentialTuning, prior } = input as Record<string, number> & {
        prior?: { mean: number; variance: number } | null;
      };
      const design = {
        alpha: alpha ?? 0,
        variations: nVariations ?? 2,
        sequentialTuning: sequentialTuning || undefined,
        prior: prior ?? undefined,
      };
      if (kind === "power" || kind === "mde") {
        const metric = input["metric"] as PlatformMetric;
        const plan = { ...meanAndVariance(metric), ...design, users: n ?? 0 };
        const actual = kind === "power" ? platformPower(plan, metric.effectSize) : platformDetectableEffect(plan, 0.8);
        near(actual, expected as number, 1e-5, 1);
      }
      if (kind === "weeks" && typeof expected === "object") {
        const metric = input["params"] as PlatformMetric;
        const plan = { ...meanAndVariance(metric), ...design, users: users ?? 0 };
        near(platformPower(plan, metric.effectSize), expected.power, 1e-5, 1);
        near(platformDetectableEffect(plan, Number(input["mdeTargetPower"])), expected.mde, 1e-5, 1);
      }
      if (kind === "midExperimentPower") {
        const { sigmahat2Delta, pairwiseN, scalingFactor, mde, tuning } = input as Record<string, number>;
        const running = { variance: sigmahat2Delta ?? 0, pairUsers: pairwiseN ?? 0, furtherShare: scalingFactor ?? 0 };
        near(
          platformMidPower({ ...running, alpha: design.alpha, sequentialTuning: tuning, prior: design.prior }, mde ?? 0),
          expected as number,
          5e-5,
          1,
        );
      }
    }
  });

  it("tea-tasting: power, detectable effect and size by the noncentral t", function () {
    const cases = publishedCases<{ kind: string; input: Record<string, number>; expected: unknown }>("tea_tasting");
    if (cases === undefined) this.skip();
    for (const { kind, input, expected } of cases) {
      if (kind !== "power" && kind !== "mde" && kind !== "nobs") continue;
      const { mean = 0, variance = 0, ratio = 1, alpha = 0, nTotal = 0, power = 0, relEffect = 0, effect = 0, alternative } = input;
      const plan = {
        metric: { kind: "mean", mean, standardDeviation: Math.sqrt(variance) },
        level: 1 - alpha,
        alternative,
        treatmentPerControl: ratio,
      };
      if (kind === "power")
        near(estimateOf("power", { ...plan, effect: { relative: relEffect }, units: nTotal }), expected as number, 1e-11);
      if (kind === "mde")
        near(estimateOf("detectable-effect", { ...plan, units: nTotal, power }), (expected as { effect: number }).effect, 1e-11);
      if (kind === "nobs") expect(estimateOf("sample-size", { ...plan, effect: { absolute: effect }, power })).to.equal(expected);
    }
  });

  it("relative widths of the platform are asked one-sided as well, and what cannot be detected is undefined", () => {
    const plan = { mean: 1, variance: 4, users: 3000, variations: 2, alpha: 0.05 };
    expect(platformPower({ ...plan, oneSided: true }, 0.2)).to.be.greaterThan(platformPower(plan, 0.2));
    expect(platformDetectableEffect({ ...plan, variance: 4e6, users: 4 }, 0.8)).to.equal(undefined);
  });
});

describe("the laws of planning", () => {
  const rate = fc.double({ min: 0.02, max: 0.9, noNaN: true });
  const share = fc.double({ min: 0.05, max: 0.5, noNaN: true });
  const plans = fc.record({
    metric: fc.oneof(
      fc.record({ kind: fc.constant("mean"), standardDeviation: fc.double({ min: 0.5, max: 20, noNaN: true }) }),
      fc.record({ kind: fc.constant("proportion"), rate, test: fc.constantFrom("score", "wald") }),
      fc.record({ kind: fc.constant("paired"), standardDeviation: fc.double({ min: 0.5, max: 20, noNaN: true }) }),
      fc.record({ kind: fc.constant("paired-proportion"), discordant: fc.double({ min: 0.05, max: 0.9, noNaN: true }) }),
      fc.record({ kind: fc.constant("quantile"), share: rate, density: fc.double({ min: 0.01, max: 2, noNaN: true }) }),
    ),
    alternative: fc.constantFrom("two-sided", "greater"),
    level: fc.constantFrom(0.9, 0.95, 0.99),
    looks: fc.constantFrom({ kind: "once" }, { kind: "group-sequential", count: 3 }, { kind: "always-valid", tunedFor: 5000 }),
  });

  it("the size is the smallest that has the power: it has it, and one control unit less has not", () => {
    fc.assert(
      fc.property(plans, share, fc.constantFrom(0.6, 0.8, 0.95), (plan, part, power) => {
        const { rate = 0, discordant = 0 } = plan.metric as { rate?: number; discordant?: number };
        const effect = rate > 0 ? (1 - rate) * part * 0.5 : discordant > 0 ? discordant * part : part * 3;
        const found = compute("sample-size", { ...plan, effect: { absolute: effect }, power });
        const units = Number(detail(found, "units"));
        const groups = plan.metric.kind.startsWith("paired") ? 1 : 2;
        expect(estimateOf("power", { ...plan, effect: { absolute: effect }, units })).to.be.at.least(power - 1e-9);
        const less = units > 2 * groups ? estimateOf("power", { ...plan, effect: { absolute: effect }, units: units - groups }) : 0;
        expect(Number.isNaN(less) || less < power + 1e-9, `${less} with fewer`).to.equal(true);
      }),
      { numRuns: 40 },
    );
  });

  it("the detectable effect has just the power", () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: 60, max: 50_000 }), fc.constantFrom(0.5, 0.8, 0.9), (plan, units, power) => {
        const found = compute("detectable-effect", { ...plan, units, power });
        if (found.kind === "undetermined") return;
        near(estimateOf("power", { ...plan, units, effect: { absolute: found.estimate.value } }), power, 1e-7);
      }),
      { numRuns: 40 },
    );
  });

  it("power does not depend on the unit of measurement, and flips with the direction", () => {
    fc.assert(
      fc.property(fc.double({ min: -2, max: 2, noNaN: true }), fc.integer({ min: 3, max: 200 }), (effect, n) => {
        const plan = (scale: number) => ({ metric: { kind: "mean", standardDeviation: 3 * scale }, units: 2 * n });
        near(
          estimateOf("power", { ...plan(1), effect: { absolute: effect } }),
          estimateOf("power", { ...plan(1024), effect: { absolute: effect * 1024 } }),
          1e-12,
        );
        const [greater, less] = [
          estimateOf("power", { ...plan(1), alternative: "greater", effect: { absolute: effect } }),
          estimateOf("power", { ...plan(1), alternative: "less", effect: { absolute: -effect } }),
        ];
        near(greater, less, 1e-12);
      }),
      { numRuns: 50 },
    );
  });

  it("without effect power is alpha, for every test that is exact", () => {
    for (const units of [4, 10, 300])
      near(estimateOf("power", { metric: { kind: "mean", standardDeviation: 2 }, effect: { absolute: 0 }, units }), 0.05, 1e-11);
    const looks = { kind: "group-sequential", count: 4, spending: { kind: "pocock" } };
    near(estimateOf("power", { metric: { kind: "mean", standardDeviation: 2 }, effect: { absolute: 0 }, units: 300, looks }), 0.05, 1e-8);
    const dunnett = {
      metric: { kind: "mean", standardDeviation: 1 },
      effect: { absolute: 0 },
      units: 400,
      candidates: 3,
      correction: "dunnett",
    };
    expect(estimateOf("power", dunnett)).to.be.within(0.05 / 3, 0.05);
    expect(estimateOf("power", dunnett)).to.be.greaterThan(estimateOf("power", { ...dunnett, correction: "bonferroni" }));
  });

  it("CUPED, clusters, looks and candidates move sizes the way they must", () => {
    const plan = { metric: { kind: "mean", standardDeviation: 5 }, effect: { absolute: 0.5 } };
    const once = estimateOf("sample-size", plan);
    near(estimateOf("sample-size", { ...plan, covariateCorrelation: 0.6 }) / once, 0.64, 0.01);
    near(estimateOf("sample-size", { ...plan, clusters: { size: 10, intraclassCorrelation: 0.1 } }) / once, 1.9, 0.02);
    near(estimateOf("sample-size", { ...plan, looks: { kind: "group-sequential", count: 5 } }) / once, 1.028, 0.01);
    expect(estimateOf("sample-size", { ...plan, looks: { kind: "always-valid", tunedFor: once } })).to.be.greaterThan(once * 1.5);
    expect(estimateOf("sample-size", { ...plan, candidates: 3, correction: "bonferroni" })).to.be.greaterThan(once * 2);
    expect(
      estimateOf("sample-size", { ...plan, goal: { kind: "non-inferiority", margin: 0.5 }, alternative: "greater", level: 0.975 }),
    ).to.be.lessThan(once / 3.5);
  });

  it("a duration is the size over the traffic, with what each week can show", () => {
    const plan = { metric: { kind: "proportion", rate: 0.1 }, effect: { relative: 0.1 } };
    const found = compute("duration", { ...plan, unitsPerWeek: 5000 });
    expect(found.kind === "finding" ? found.estimate.value : 0).to.equal(Math.ceil(estimateOf("sample-size", plan) / 5000));
    const byWeek = detail(found, "byWeek") as readonly { power: number; week: number; detectableEffect: number }[];
    expect(byWeek.map(({ week }) => week)).to.deep.equal([1, 2, 3, 4, 5, 6]);
    for (const [index, point] of byWeek.entries()) if (index > 0) expect(point.power).to.be.greaterThan(byWeek[index - 1]?.power ?? 1);
    const long = compute("duration", { ...plan, unitsPerWeek: 100, weeksMax: 10 });
    expect(long.kind === "finding" ? long.warnings.join(" ") : "").to.contain("more than the 10");
  });

  it("the curve of a page is the power at its points", () => {
    const plan = {
      metric: { kind: "mean", standardDeviation: 1 },
      level: 0.95,
      alternative: "two-sided",
      goal: { kind: "difference" },
      treatmentPerControl: 1,
      candidates: 1,
      correction: "none",
      looks: { kind: "once" },
      covariateCorrelation: 0,
    } as const;
    const byUnits = powerCurve(plan, { over: "units", effect: 0.3 }, { from: 1, to: 401, points: 5 });
    expect(byUnits.map(({ x }) => x)).to.deep.equal([101, 201, 301, 401]);
    near(byUnits[3]?.power, estimateOf("power", { metric: plan.metric, effect: { absolute: 0.3 }, units: 400 }), 1e-12);
    const byEffect = powerCurve(
      plan,
      { over: "effect", sizes: { control: 50, treatment: 50, total: 100 } },
      { from: -0.5, to: 0.5, points: 3 },
    );
    near(byEffect[0]?.power, byEffect[2]?.power ?? 0, 1e-12);
    near(byEffect[1]?.power, 0.05, 1e-11);
  });

  it("an interval's size is the smallest whose half-width is small enough", () => {
    const plan = { metric: { kind: "mean", standardDeviation: 10 }, halfWidth: 0.7 };
    const found = compute("sample-size-for-width", plan);
    const width = (n: Found): number => Number(detail(n, "standardError")) * Number(detail(n, "criticalValue"));
    expect(width(found)).to.be.at.most(0.7);
    expect(width(found)).to.be.greaterThan(0.699);
  });
});

describe("planning refuses and leaves undetermined", () => {
  const mean = { kind: "mean", standardDeviation: 1 };

  it("says why there is no size, power or effect", () => {
    const rows: readonly (readonly [string, Input, string])[] = [
      ["sample-size", { metric: mean, effect: { absolute: 0 } }, "side of the null value"],
      ["sample-size", { metric: mean, effect: { absolute: 1 }, alternative: "less" }, "side of the null value"],
      ["sample-size", { metric: mean, effect: { absolute: 1 }, goal: { kind: "equivalence", margin: 0.5 } }, "within the margins"],
      ["sample-size", { metric: { kind: "proportion", rate: 0.1, test: "fisher" }, effect: { absolute: 0.0001 } }, "up to 500 units"],
      ["power", { metric: mean, effect: { absolute: 1 }, units: 2 }, "too few units"],
      ["power", { metric: { kind: "proportion", rate: 0.1, test: "fisher" }, effect: { absolute: 0.1 }, units: 5000 }, "up to 500"],
      ["power", { metric: { kind: "proportion", rate: 0.9 }, effect: { absolute: 0.2 }, units: 100 }, "leave its range"],
      ["duration", { metric: { kind: "proportion", rate: 0.9 }, effect: { absolute: 0.2 }, unitsPerWeek: 100 }, "leave its range"],
      ["duration", { metric: mean, effect: { absolute: 0 }, unitsPerWeek: 100 }, "side of the null value"],
      ["detectable-effect", { metric: { kind: "proportion", rate: 0.999 }, alternative: "greater", units: 20 }, "no possible effect"],
      ["detectable-effect", { metric: mean, goal: { kind: "equivalence", margin: 1 }, units: 100 }, "no smallest effect"],
      ["sample-size-for-width", { metric: mean, halfWidth: 1e-12 }, "that narrow"],
    ];
    for (const [name, input, words] of rows) {
      const found = compute(name, input);
      expect(found.kind === "undetermined" ? found.reason : found.kind, JSON.stringify(input)).to.contain(words);
    }
  });

  it("refuses plans that contradict themselves, in plain words", () => {
    const rows: readonly (readonly [Input, string])[] = [
      [{ metric: mean, goal: { kind: "equivalence", margin: 1 }, looks: { kind: "group-sequential", count: 3 } }, "at one look"],
      [{ metric: mean, goal: { kind: "equivalence", margin: 1 }, alternative: "less" }, "two sides"],
      [{ metric: mean, correction: "dunnett", candidates: 2, looks: { kind: "group-sequential", count: 3 } }, "use bonferroni"],
      [
        { metric: { kind: "proportion", rate: 0.1, test: "fisher" }, goal: { kind: "superiority", margin: 0.1 } },
        "Fisher's test is planned",
      ],
      [{ metric: { kind: "proportion", rate: 0.1, test: "fisher" }, covariateCorrelation: 0.5 }, "neither clusters nor covariates"],
      [{ metric: { kind: "ranks" }, covariateCorrelation: 0.5 }, "takes no covariate"],
      [{ metric: { kind: "paired", standardDeviation: 1 }, candidates: 2 }, "one candidate"],
      [{ metric: { kind: "paired-proportion", discordant: 0.4 }, clusters: { size: 2, intraclassCorrelation: 0.1 } }, "no clusters"],
      [{ metric: { kind: "paired-proportion", discordant: 0.4 }, covariateCorrelation: 0.5 }, "takes no covariate"],
      [{ metric: { kind: "paired-proportion", discordant: 0.4 }, goal: { kind: "non-inferiority", margin: 0.1 } }, "for a difference"],
      [{ metric: { kind: "quantile", share: 0.5, density: 1 }, covariateCorrelation: 0.5 }, "take no covariate"],
      [{ metric: mean, effect: { relative: 0.1 } }, "control value above 0"],
    ];
    for (const [plan, words] of rows) {
      const result = findStatistic("sample-size")?.input.safeParse({ effect: { absolute: 0.1 }, ...plan });
      expect(result?.error?.issues.map(({ message }) => message).join("; "), JSON.stringify(plan)).to.contain(words);
    }
  });

  it("detects no effect where so many answers differ that the rate before must change", () => {
    const metric = { kind: "paired-proportion", discordant: 0.3, rateBefore: 0.05 };
    const asked = findStatistic("detectable-effect")?.input.safeParse({ metric, units: 300 });
    expect(asked?.error?.issues.map(({ message }) => message).join("; ")).to.contain("can differ");
    const byWeek = detail(compute("duration", { metric, effect: { absolute: 0.21 }, unitsPerWeek: 10 }), "byWeek") as readonly object[];
    expect(byWeek.length).to.be.above(1);
    for (const week of byWeek) expect(week).to.not.have.property("detectableEffect");
  });

  it("warns where the normal distribution is coarse, clusters are few, or exact power is jagged", () => {
    const warnings = (input: Input): string => {
      const found = compute("sample-size", input);
      return found.kind === "finding" ? found.warnings.join(" ") : found.reason;
    };
    expect(warnings({ metric: { kind: "proportion", rate: 0.01 }, effect: { absolute: 0.3 } })).to.contain("use fisher");
    expect(warnings({ metric: { kind: "paired-proportion", discordant: 0.5 }, effect: { absolute: 0.4 } })).to.contain("25 pairs");
    expect(warnings({ metric: { kind: "quantile", share: 0.99, density: 0.02 }, effect: { absolute: 3 } })).to.contain(
      "beyond the quantile",
    );
    expect(warnings({ metric: mean, effect: { absolute: 1 }, clusters: { size: 20, intraclassCorrelation: 0.1 } })).to.contain(
      "20 clusters",
    );
    expect(warnings({ metric: { kind: "proportion", rate: 0.2, test: "fisher" }, effect: { absolute: 0.5 } })).to.contain("jagged");
    expect(warnings({ metric: mean, effect: { absolute: 0.5 }, looks: { kind: "always-valid", tunedFor: 200 } })).to.contain("last look");
  });
});
