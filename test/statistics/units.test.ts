/** What a change of units does to every statistic that is made from outcomes: it shifts and scales estimates, and leaves p-values alone. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import type { Finding } from "../../simulations/statistics/index.ts";
import { findStatistic } from "../../simulations/statistics/table.ts";
import { findingOf } from "./finding-parts.ts";
import { near } from "./reference-numbers.ts";

type Change = (value: number) => number;

/** Where the outcomes stand in an input, and what an estimate does when all of them move by a constant: stays, or moves along. */
const outcomes: readonly (readonly [statistic: string, fields: string, moves?: "moves"])[] = [
  ["yuen-trimmed-means", "control treatment"],
  ["quantile-interval", "values", "moves"],
  ["quantile-difference", "control.values treatment.values"],
  ["mann-whitney", "control treatment"],
  ["brunner-munzel", "control treatment"],
  ["wilcoxon-signed-rank", "control treatment"],
  ["anova-one-way", "groups"],
  ["anova-welch", "groups"],
  ["winsorised-means", "control treatment"],
  ["ols-regression", "outcome"],
  ["cluster-means", "control.values treatment.values"],
  ["wild-cluster-bootstrap", "outcome"],
  ["randomisation-inference", "values"],
  ["bootstrap", "sample.values", "moves"],
  ["bootstrap-difference", "control.values treatment.values"],
  ["permutation-test", "control treatment"],
  ["always-valid-quantile", "values", "moves"],
  ["always-valid-quantiles", "control treatment"],
  ["kolmogorov-smirnov", "compared.control compared.treatment"],
  ["wasserstein-distance", "compared.bins"],
  ["difference-in-differences", "panel.units.outcomes"],
  ["group-time-effects", "panel.units.outcomes"],
  ["event-study", "panel.units.outcomes"],
  ["synthetic-control", "treated donors.outcomes"],
  ["regression-discontinuity", "outcomes"],
  ["switchback", "outcomes"],
];

/** Estimates without a unit: shares, probabilities. */
const unitless = new Set(["anova-one-way", "anova-welch", "brunner-munzel", "kolmogorov-smirnov"]);
const fewDraws: Readonly<Record<string, number>> = { draws: 199, replicates: 199 };

/** The numbers under the fields changed, the rest as it was. */
function changed(value: unknown, fields: readonly string[], change: Change): unknown {
  if (typeof value === "number") return fields.includes("") ? change(value) : value;
  if (Array.isArray(value)) return value.map((part) => changed(part, fields, change));
  if (typeof value !== "object" || value === null) return value;
  const under = (name: string): readonly string[] =>
    fields.flatMap((field) => {
      const [first, ...rest] = field.split(".");
      return first === name ? [rest.join(".")] : [];
    });
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, changed(part, under(name), change)]));
}

function answer(name: string, fields: string, change: Change): Finding {
  const { input, example, compute } = present(findStatistic(name), name);
  const asked = changed(example, fields.split(" "), change) as object;
  const few = Object.entries(fewDraws).map(([draws, count]) => ({ ...asked, [draws]: count }));
  const read = present(
    [...few, asked].map((own) => input.safeParse(own)).find(({ success }) => success),
    `${name} reads its example`,
  );
  return findingOf(compute(read.data));
}

function numbersOf({ estimate }: Finding): readonly number[] {
  return [estimate.value, estimate.interval?.lower, estimate.interval?.upper].filter((number) => number !== undefined);
}

describe("units of measurement", () => {
  for (const [name, fields, moves] of outcomes) {
    // Whole numbers, so that nothing is rounded when a constant is added.
    const whole: Change = (value) => Math.round(1000 * value);
    const own = (): Finding => answer(name, fields, whole);

    it(`${name}: half of everything is half of the estimate, and as likely`, () => {
      for (const power of [-1, 200, -200]) {
        const [plain, scaled] = [own(), answer(name, fields, (value) => whole(value) * 2 ** power)];
        const unit = unitless.has(name) ? 1 : 2 ** power;
        for (const [index, number] of numbersOf(plain).entries()) near(numbersOf(scaled)[index], number * unit, 1e-11, 1e-6 * unit);
        if (plain.test?.nullValue !== 0) continue;
        near(scaled.test?.pValue, plain.test.pValue, 1e-11);
        if (plain.test.degreesOfFreedom !== undefined && plain.test.statistic !== undefined)
          near(scaled.test?.statistic, plain.test.statistic, 1e-11, 1e-9);
      }
    });

    it(`${name}: a constant added to everything ${moves === undefined ? "changes nothing" : "moves the estimate along"}`, () => {
      const constant = 2 ** 24;
      const [plain, moved] = [own(), answer(name, fields, (value) => whole(value) + constant)];
      for (const [index, number] of numbersOf(plain).entries())
        near(numbersOf(moved)[index], number + (moves === undefined ? 0 : constant), 1e-11, 1e-3);
      if (moves === undefined) near(moved.test?.pValue ?? 0, plain.test?.pValue ?? 0, 1e-9, 1e-12);
    });
  }

  it("a statistic is the distance from the null value in standard errors, where it is one", () => {
    const inErrors = `welch-means pooled-means large-sample-z known-variance-z paired-means yuen-trimmed-means quantile-difference
      ratio-of-sums ratio-of-cluster-sums cuped post-stratified-means winsorised-means ols-regression cluster-means wild-cluster-bootstrap
      randomisation-inference difference-in-differences group-time-effects event-study regression-discontinuity density-discontinuity`;
    for (const name of inErrors.split(/\s+/)) {
      const { input, example, compute } = present(findStatistic(name), name);
      for (const nullValue of [0, 0.25]) {
        const { estimate, test } = findingOf(compute(input.parse({ ...(example as object), nullValue })));
        const error = present(estimate.standardError, `${name}: a standard error`);
        expect(test?.statistic, `${name} against ${nullValue}`).to.be.closeTo((estimate.value - nullValue) / error, 1e-9);
        expect(test?.nullValue, name).to.equal(nullValue);
      }
    }
  });
});
