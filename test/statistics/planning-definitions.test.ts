/** Every figure that planning gives beside its answer, by its definition, for a plan of every metric, goal and way to look. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import type { Found } from "../../simulations/statistics/index.ts";
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
    { metric: { kind: "ranks" } },
  ];
  const bases = new Map(Object.entries({ mean: 5, proportion: 0.3, ratio: 0.5, paired: 5 }));

  it("every figure of an answer is that of its definition", () => {
    for (const plan of everyPlan) {
      const told = JSON.stringify(plan);
      const effect = { absolute: 0.2 };
      const found = compute("power", { ...plan, effect, units: 240 });
      const figure = (name: string): number => Number(detail(found, name));
      const base = bases.get(plan.metric.kind);
      expect(detail(found, "relativeEffect"), told).to.equal(base === undefined ? undefined : 0.2 / base);
      const [candidates, perControl] = [Number(plan["candidates"] ?? 1), Number(plan["treatmentPerControl"] ?? 1)];
      const control = plan.metric.kind === "paired" ? 240 : 240 / (1 + candidates * perControl);
      expect(figure("unitsControl"), told).to.equal(control);
      expect(figure("units"), told).to.equal(240);
      if (plan.metric.kind !== "paired") expect(figure("unitsPerCandidate"), told).to.equal(control * perControl);
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
