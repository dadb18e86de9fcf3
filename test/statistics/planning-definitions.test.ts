/** Every figure that planning gives beside its answer, by its definition, for a plan of every metric, goal and way to look. */
import { expect } from "chai";
import { present, randomStream } from "../../data/foundation/index.ts";
import { binomial } from "../../simulations/statistics/distributions/index.ts";
import type { Found } from "../../simulations/statistics/index.ts";
import { restrictedVariances } from "../../simulations/statistics/planning/metric.ts";
import { groupSequentialBoundaries } from "../../simulations/statistics/sequential/index.ts";
import { findStatistic } from "../../simulations/statistics/table.ts";
import { findingOf } from "./finding-parts.ts";
import { near } from "./reference-numbers.ts";

type Input = Readonly<Record<string, unknown>>;

function compute(name: string, input: Input): Found {
  const statistic = present(findStatistic(name), name);
  return statistic.compute(statistic.input.parse(input));
}

function estimateOf(name: string, input: Input): number {
  return findingOf(compute(name, input)).estimate.value;
}

function detail(found: Found, name: string): unknown {
  return findingOf(found).details?.[name];
}

describe("figures beside a plan", () => {
  /** One plan of every metric, goal and way to look; `base` is the control's value, `groups` how the total is shared. */
  const everyPlan: readonly (Input & { readonly metric: { readonly kind: string; readonly [name: string]: unknown } })[] = [
    { metric: { kind: "mean", mean: 5, standardDeviation: 3 } },
    { metric: { kind: "mean", mean: 5, standardDeviation: 3, pooled: true }, goal: { kind: "superiority", margin: 0.1 } },
    { metric: { kind: "mean", mean: 5, standardDeviation: 3 }, goal: { kind: "non-inferiority", margin: 0.1 }, alternative: "greater" },
    { metric: { kind: "mean", mean: 5, standardDeviation: 3 }, looks: { kind: "group-sequential", count: 2 } },
    { metric: { kind: "mean", mean: 5, standardDeviation: 3 }, looks: { kind: "always-valid", tunedFor: 500 } },
    { metric: { kind: "mean", mean: 5, standardDeviation: 3 }, candidates: 3, correction: "dunnett", treatmentPerControl: 0.5 },
    { metric: { kind: "mean", mean: 5, standardDeviation: 3 }, candidates: 2, correction: "bonferroni", covariateCorrelation: 0.6 },
    { metric: { kind: "mean", mean: 5, standardDeviation: 3 }, clusters: { size: 4, sizeVariation: 0.5, intraclassCorrelation: 0.1 } },
    { metric: { kind: "proportion", rate: 0.3 } },
    { metric: { kind: "proportion", rate: 0.3, test: "wald" }, alternative: "greater" },
    { metric: { kind: "proportion", rate: 0.3, test: "fisher" } },
    {
      metric: { kind: "ratio", numeratorMean: 2, denominatorMean: 4, numeratorDeviation: 1, denominatorDeviation: 2, correlation: 0.4 },
    },
    { metric: { kind: "paired", mean: 5, standardDeviation: 3 } },
    { metric: { kind: "paired-proportion", rateBefore: 0.3, discordant: 0.3 } },
    { metric: { kind: "quantile", share: 0.5, value: 5, density: 0.2 } },
    { metric: { kind: "ranks" } },
  ];
  const bases = new Map(Object.entries({ mean: 5, proportion: 0.3, ratio: 0.5, paired: 5, "paired-proportion": 0.3, quantile: 5 }));

  it("every figure of an answer is that of its definition", () => {
    for (const plan of everyPlan) {
      const told = JSON.stringify(plan);
      const effect = { absolute: 0.2 };
      const found = compute("power", { ...plan, effect, units: 240 });
      const figure = (name: string): number => Number(detail(found, name));
      const base = bases.get(plan.metric.kind);
      expect(detail(found, "relativeEffect"), told).to.equal(base === undefined ? undefined : 0.2 / base);
      const [candidates, perControl] = [Number(plan["candidates"] ?? 1), Number(plan["treatmentPerControl"] ?? 1)];
      const isPaired = plan.metric.kind.startsWith("paired");
      const control = isPaired ? 240 : 240 / (1 + candidates * perControl);
      expect(figure("unitsControl"), told).to.equal(control);
      expect(figure("units"), told).to.equal(240);
      if (!isPaired) expect(figure("unitsPerCandidate"), told).to.equal(control * perControl);
      expect(detail(found, "varianceLeft"), told).to.equal("covariateCorrelation" in plan ? 1 - 0.6 ** 2 : undefined);
      expect(detail(found, "designEffect"), told).to.equal("clusters" in plan ? 1 + (1.25 * 4 - 1) * 0.1 : undefined);
      const curve = detail(found, "powerCurve") as readonly { units: number; power: number }[];
      expect([curve[0]?.units, curve.at(-1)?.units], told).to.deep.equal([60, 480]);
      expect(detail(found, "curveAt"), told).to.deep.equal([240, findingOf(found).estimate.value]);
      if (plan.metric.kind !== "mean" || figure("criticalValue") === 0 || "looks" in plan) continue;
      // Welch's, pooled or the clusters' standard error, by hand.
      const variance =
        9 * (1 / control + 1 / (control * perControl)) * ("clusters" in plan ? 1.4 : 1) * ("covariateCorrelation" in plan ? 0.64 : 1);
      near(figure("standardError"), Math.sqrt(variance), 1e-12);
    }
  });

  it("week by week a duration shows the power and the detectable effect of the units until then", () => {
    for (const plan of [everyPlan[0], everyPlan[4], everyPlan[8]] as readonly Input[]) {
      const found = compute("duration", { ...plan, effect: { absolute: 0.4 }, unitsPerWeek: 90, weeksMax: 4 });
      const weeks = findingOf(found).estimate.value;
      expect(detail(found, "withinLimit")).to.equal(weeks <= 4);
      expect(weeks).to.equal(Math.ceil(estimateOf("sample-size", { ...plan, effect: { absolute: 0.4 } }) / 90));
      const byWeek = detail(found, "byWeek") as readonly { week: number; units: number; power: number; detectableEffect?: number }[];
      expect(byWeek.at(-1)?.week).to.equal(Math.min(4, weeks));
      for (const { week, units, power, detectableEffect = 0 } of byWeek) {
        expect(units).to.be.within(90 * week - 8, 90 * week);
        near(power, estimateOf("power", { ...plan, effect: { absolute: 0.4 }, units }), 1e-12);
        near(estimateOf("power", { ...plan, effect: { absolute: detectableEffect }, units }), 0.8, 1e-7);
      }
    }
  });

  it("the curve of a detectable effect goes from half of it to half more, through its power", () => {
    for (const plan of everyPlan.filter(({ goal, correction, looks, metric }) =>
      [goal, correction, looks, metric["test"]].every((own) => own === undefined),
    )) {
      const found = compute("detectable-effect", { ...plan, units: 240, power: 0.7 });
      const value = findingOf(found).estimate.value;
      const curve = detail(found, "powerCurve") as readonly { effect: number; power: number }[];
      near(curve[0]?.effect ?? 0, value / 2, 1e-12);
      near(curve.at(-1)?.effect ?? 0, plan.metric.kind === "ranks" ? Math.min(curve.at(-1)?.effect ?? 0, 0.5) : 1.5 * value, 1e-12);
      expect(detail(found, "curveAt")).to.deep.equal([value, 0.7]);
      near(curve[0]?.power ?? 0, estimateOf("power", { ...plan, units: 240, effect: { absolute: curve[0]?.effect ?? 0 } }), 1e-12);
      // What is detected downwards is the mirror of what is detected upwards, where the metric has one.
      if (plan.metric.kind === "mean" && plan["alternative"] === undefined)
        near(
          estimateOf("detectable-effect", { ...plan, units: 240, power: 0.7, alternative: "less" }),
          -estimateOf("detectable-effect", { ...plan, units: 240, power: 0.7, alternative: "greater" }),
          1e-10,
        );
    }
  });

  it("the power of McNemar's test is that of every table that may come, as near as the normal distribution is", () => {
    for (const [pairs, discordant, effect] of [
      [150, 0.3, 0.1],
      [300, 0.2, -0.06],
      [80, 0.6, 0.25],
    ] as const) {
      let power = 0;
      for (let answers = 1; answers <= pairs; answers++) {
        const of = binomial(answers, (discordant + effect) / (2 * discordant));
        for (let gained = 0; gained <= answers; gained++) {
          const lost = answers - gained;
          if ((gained - lost) ** 2 / answers >= 1.959963984540054 ** 2)
            power += binomial(pairs, discordant).mass(answers) * of.mass(gained);
        }
      }
      const planned = estimateOf("power", {
        metric: { kind: "paired-proportion", discordant },
        units: pairs,
        effect: { absolute: effect },
      });
      near(planned, power, 0.015);
    }
    const sizeOf = (discordant: number, effect: number) =>
      estimateOf("sample-size", { metric: { kind: "paired-proportion", discordant }, effect: { absolute: effect }, power: 0.8 });
    // By hand: ((1.959964 √0.3 + 0.841621 √(0.3 − 0.01)) / 0.1)² = 233.1 pairs.
    expect(sizeOf(0.3, 0.1)).to.equal(234);
    for (const [metric, effect] of [
      [{ kind: "paired-proportion", discordant: 0.3 }, 0.3],
      [{ kind: "paired-proportion", discordant: 0.3, rateBefore: 0.1 }, 0.05],
      [{ kind: "paired-proportion", discordant: 0.3, rateBefore: 0.95 }, 0.1],
    ] as const)
      expect(compute("power", { metric, units: 300, effect: { absolute: effect } }).kind).to.equal("undetermined");
  });

  it("several looks divide by what their test divides by: one look is the plan that looks once, and more need more units", () => {
    for (const metric of [
      { kind: "proportion", rate: 0.1 },
      { kind: "proportion", rate: 0.1, test: "wald" },
      { kind: "paired-proportion", discordant: 0.3 },
      { kind: "quantile", share: 0.9, density: 0.4 },
      { kind: "ranks" },
    ]) {
      const of = (name: string, count: number, more: Input) =>
        estimateOf(name, { metric, ...(count === 0 ? {} : { looks: { kind: "group-sequential", count } }), ...more });
      const effect = { absolute: 0.15 };
      near(of("power", 1, { effect, units: 150 }), of("power", 0, { effect, units: 150 }), 1e-10);
      near(of("detectable-effect", 1, { units: 150 }), of("detectable-effect", 0, { units: 150 }), 1e-7);
      expect(of("sample-size", 1, { effect }), metric.kind).to.equal(of("sample-size", 0, { effect }));
      expect(of("sample-size", 4, { effect }), metric.kind).to.be.above(of("sample-size", 0, { effect }));
    }
  });

  it("the planned power of shares at several looks is that of the score test of drawn experiments", () => {
    const stream = randomStream(5, "planned-shares");
    const [each, rates, looks, rounds] = [100, [0.05, 0.18], 4, 4_000] as const;
    const plan = { metric: { kind: "proportion", rate: rates[0] }, looks: { kind: "group-sequential", count: looks } };
    const planned = estimateOf("power", { ...plan, units: 2 * each, effect: { absolute: rates[1] - rates[0] } });
    const information = [1, 2, 3, 4];
    const { upper } = groupSequentialBoundaries({ information, alpha: 0.05, sides: 2, form: { kind: "obrien-fleming" } });
    let shown = 0;
    for (let round = 0; round < rounds; round++) {
      const counts = [0, 0];
      for (let look = 1; look <= looks; look++) {
        for (const arm of [0, 1] as const) counts[arm] = (counts[arm] as number) + stream.binomial(each / looks, rates[arm]);
        const n = (each * look) / looks;
        const [control, treatment] = counts as [number, number];
        const pooled = (control + treatment) / (2 * n);
        const score = (treatment - control) / n / Math.sqrt((2 * pooled * (1 - pooled)) / n);
        if (Math.abs(score) < (upper[look - 1] as number)) continue;
        shown++;
        break;
      }
    }
    near(shown / rounds, planned, 3 * Math.sqrt((planned * (1 - planned)) / rounds) + 0.015);
  });

  it("the planned power of a median is what its test has on values of that density", () => {
    const stream = randomStream(12, "planned-median");
    const [units, effect, rounds] = [300, 0.28, 300];
    const planned = estimateOf("power", {
      metric: { kind: "quantile", share: 0.5, density: 1 / Math.sqrt(2 * Math.PI) },
      units: 2 * units,
      effect: { absolute: effect },
    });
    let shown = 0;
    for (let round = 0; round < rounds; round++) {
      const [control, treatment] = [0, effect].map((shift) => ({ values: Array.from({ length: units }, () => stream.normal() + shift) }));
      if ((findingOf(compute("quantile-difference", { control, treatment, share: 0.5 })).test?.pValue ?? 1) < 0.05) shown++;
    }
    near(shown / rounds, planned, 3 * Math.sqrt((planned * (1 - planned)) / rounds) + 0.02);
  });

  it("variances under a margin are those of the rates that fit best among those that differ so", () => {
    const sizes = { control: 300, treatment: 200 };
    for (const [control, treatment, nullValue] of [
      [0.2, 0.3, 0.05],
      [0.2, 0.3, -0.1],
      [0.02, 0.03, 0.02],
      [0.45, 0.2, -0.3],
    ] as const) {
      const found = restrictedVariances({ control, treatment }, sizes, nullValue);
      const fitted = (1 - Math.sqrt(1 - 4 * found.control)) / 2;
      near(found.treatment, (fitted + nullValue) * (1 - fitted - nullValue), 1e-9);
      const likelihood = (rate: number): number => {
        const [other, part] = [rate + nullValue, (share: number, of: number) => share * Math.log(of) + (1 - share) * Math.log(1 - of)];
        return sizes.control * part(control, rate) + sizes.treatment * part(treatment, other);
      };
      for (const step of [-1e-4, 1e-4]) expect(likelihood(fitted + step)).to.be.below(likelihood(fitted));
    }
    const pooled = (300 * 0.2 + 200 * 0.3) / 500;
    near(restrictedVariances({ control: 0.2, treatment: 0.3 }, sizes, 0).treatment, pooled * (1 - pooled), 1e-13);
  });

  it("no size shows an effect on the side that the test does not look at, or within the margin", () => {
    const metric = { kind: "mean", mean: 5, standardDeviation: 3 };
    const kindOf = (plan: Input, absolute: number) => compute("sample-size", { metric, ...plan, effect: { absolute } }).kind;
    const superior = { goal: { kind: "superiority", margin: 0.5 } };
    const inferior = { goal: { kind: "non-inferiority", margin: 0.5 } };
    for (const [plan, shown, not] of [
      [{ alternative: "greater" }, 0.4, -0.4],
      [{ alternative: "less" }, -0.4, 0.4],
      [superior, 0.9, 0.1],
      [inferior, -0.1, -0.9],
      [{ goal: { kind: "equivalence", margin: 0.5 } }, 0.1, 0.6],
    ] as const)
      expect([kindOf(plan, shown), kindOf(plan, not)], JSON.stringify(plan)).to.deep.equal(["finding", "undetermined"]);
    expect(kindOf({}, -0.4)).to.equal("finding");
  });

  it("a margin in one direction is tested upwards, whatever is said of the sides", () => {
    for (const goal of [
      { kind: "superiority", margin: 0.1 },
      { kind: "non-inferiority", margin: 0.1 },
    ]) {
      const plan = { metric: { kind: "mean", standardDeviation: 3 }, goal, effect: { absolute: 0.9 } };
      expect(estimateOf("sample-size", plan)).to.equal(estimateOf("sample-size", { ...plan, alternative: "greater" }));
    }
  });

  it("what few units can detect by ranks stays below certainty, and too few detect nothing", () => {
    const detectable = (units: number) => compute("detectable-effect", { metric: { kind: "ranks" }, units, power: 0.8 });
    expect(detectable(4).kind).to.equal("undetermined");
    for (const units of [16, 24, 40]) expect(findingOf(detectable(units)).estimate.value).to.be.within(0.1, 0.5);
  });

  it("the curve of several candidates shares its units as the plan does", () => {
    const plan = {
      metric: everyPlan[0]?.metric,
      candidates: 3,
      correction: "bonferroni",
      treatmentPerControl: 0.5,
      effect: { absolute: 1 },
    };
    const curve = detail(compute("power", { ...plan, units: 240 }), "powerCurve") as readonly { units: number; power: number }[];
    near(curve[0]?.power ?? 0, estimateOf("power", { ...plan, units: curve[0]?.units }), 1e-12);
  });

  it("Dunnett's correction of a pooled metric pools all groups, as the test does; the critical value is mvtnorm's", () => {
    const plan = {
      metric: { kind: "mean", standardDeviation: 1, pooled: true },
      effect: { absolute: 1 },
      candidates: 3,
      correction: "dunnett",
      units: 40,
    };
    const found = compute("power", plan);
    expect(detail(found, "degreesOfFreedom")).to.equal(36);
    near(detail(found, "criticalValue") as number, 2.4521271, 1e-6);
    // R: pt(c, 36, ncp, lower.tail = FALSE) + pt(-c, 36, ncp), ncp = 1 / sqrt(0.2).
    near(findingOf(found).estimate.value, 0.424301940759, 1e-9);
    // R: P(max T <= c) = 0.95 by its definition, two nested integrals over the control's mean and the pooled deviation; then pt as above, one-sided.
    const upwards = compute("power", { ...plan, alternative: "greater" });
    near(detail(upwards, "criticalValue") as number, 2.13266473695, 1e-10);
    near(findingOf(upwards).estimate.value, 0.545738966836, 1e-10);
  });

  it("shares a total out by the allocation in whole units, never more than it", () => {
    const plan = { metric: { kind: "mean", standardDeviation: 1 }, effect: { absolute: 1 } };
    const sizesOf = (allocation: Input, units: number) => {
      const found = compute("power", { ...plan, ...allocation, units });
      return ["unitsControl", "unitsPerCandidate", "units"].map((name) => detail(found, name));
    };
    expect(sizesOf({ treatmentPerControl: 0.5 }, 30)).to.deep.equal([20, 10, 30]);
    expect(sizesOf({ treatmentPerControl: 3 }, 43)).to.deep.equal([10, 30, 40]);
    // 21 of control would need 11 a candidate, 43 in all.
    expect(sizesOf({ treatmentPerControl: 0.5, candidates: 2 }, 42)).to.deep.equal([20, 10, 40]);
  });

  it("says that a size is out of reach, not that the effect lies on the wrong side", () => {
    const plan = { metric: { kind: "mean", standardDeviation: 1 }, effect: { absolute: 1e-9 } };
    expect(compute("sample-size", plan)).to.include({ reason: "more than 1e+13 units of control would be needed" });
    expect(compute("sample-size", { ...plan, effect: { absolute: 0 } })).to.include({
      reason: "the effect is not on the side of the null value that is to be shown",
    });
  });

  it("warns below ten expected units and below twenty clusters, and not at them", () => {
    const warned = (plan: Input) => findingOf(compute("power", plan)).warnings.length;
    const rare = { metric: { kind: "proportion", rate: 0.0625 }, effect: { absolute: 0.25 } };
    const common = { metric: { kind: "proportion", rate: 0.5 }, effect: { absolute: 0.4375 } };
    for (const plan of [rare, common]) expect([warned({ ...plan, units: 318 }), warned({ ...plan, units: 320 })]).to.deep.equal([1, 0]);
    const clustered = {
      metric: { kind: "mean", standardDeviation: 3 },
      effect: { absolute: 1 },
      clusters: { size: 5, intraclassCorrelation: 0.1 },
    };
    expect([warned({ ...clustered, units: 198 }), warned({ ...clustered, units: 200 })]).to.deep.equal([1, 0]);
    expect([
      warned({ ...clustered, treatmentPerControl: 2, units: 297 }),
      warned({ ...clustered, treatmentPerControl: 2, units: 300 }),
    ]).to.deep.equal([1, 0]);
  });
});
