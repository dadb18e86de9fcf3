/** Inputs that break formulas: nobody, one or two units, no variation, none or all, counts of 1e15, values of 1e200, weights near 0. Every entry of the table gets them. */
import { expect } from "chai";
import { InputRefused } from "../../data/foundation/index.ts";
import type { Estimated, Found } from "../../simulations/statistics/index.ts";
import { anovaOneWay } from "../../simulations/statistics/means/anova.ts";
import { powerSums } from "../../simulations/statistics/numerics/index.ts";
import { findStatistic, type Statistic, statistics } from "../../simulations/statistics/table.ts";

/** Entries whose interval lies between observed values: where these are the same, it has no width, and that is right. */
const ofObservedValues = new Set(["quantile-interval", "always-valid-quantile", "always-valid-quantiles"]);

/** Every number of a value replaced. */
function withNumbers(value: unknown, change: (number: number) => number): unknown {
  if (typeof value === "number") return change(value);
  if (Array.isArray(value)) return value.map((part) => withNumbers(part, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withNumbers(part, change)]));
}

/** Every list of a value replaced, the inner ones first. */
function withLists(value: unknown, change: (list: readonly unknown[]) => readonly unknown[]): unknown {
  if (Array.isArray(value)) return change(value.map((part) => withLists(part, change)));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withLists(part, change)]));
}

/** Every list of numbers, and every sample that is given by its moments, replaced by values of such a size. */
function withSamples(value: unknown, size: number): unknown {
  if (Array.isArray(value))
    return value.every((part) => typeof part === "number")
      ? value.map((_, index) => size * ((index % 5) + 1))
      : value.map((part) => withSamples(part, size));
  if (typeof value !== "object" || value === null) return value;
  const { n: _n, mean, variance, ...rest } = value as Readonly<Record<string, unknown>>;
  if (mean !== undefined && variance !== undefined) return { ...rest, values: [size, 2 * size, 4 * size] };
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withSamples(part, size)]));
}

function variantsOf(example: unknown): Readonly<Record<string, unknown>> {
  return {
    "every number 0": withNumbers(example, () => 0),
    "every number 1": withNumbers(example, () => 1),
    "lists of none": withLists(example, () => []),
    "lists of one": withLists(example, (list) => list.slice(0, 1)),
    "lists of two": withLists(example, (list) => list.slice(0, 2)),
    "lists that do not vary": withLists(example, (list) => list.map(() => list[0])),
    "lists of zeros": withLists(example, (list) => list.map((part) => (typeof part === "number" ? 0 : part))),
    "values of 1e200": withSamples(example, 1e200),
    "values of 1e-200": withSamples(example, 1e-200),
    "counts of 1e15": withNumbers(example, (number) => (Number.isInteger(number) && number >= 10 ? number * 1e15 : number)),
  };
}

function faultsOf(statistic: Statistic, input: unknown): readonly string[] {
  const parsed = statistic.input.safeParse(input);
  if (!parsed.success) return [];
  try {
    return faultsIn(statistic.compute(parsed.data), ofObservedValues.has(statistic.name));
  } catch (fault) {
    // A limit that is exceeded is told as such.
    if (fault instanceof InputRefused) return [];
    return [`threw ${String(fault)}`];
  }
}

function faultsIn(found: Found, mayHaveNoWidth: boolean): readonly string[] {
  const faults: string[] = [];
  JSON.stringify(found, (key, value: unknown) => {
    if (typeof value === "number" && !Number.isFinite(value)) faults.push(`${key} is ${value}`);
    if (value === "") faults.push(`${key} says nothing`);
    if (typeof value === "string" && /NaN|Infinity|undefined/.test(value)) faults.push(`${key} says ${value}`);
    return value;
  });
  if (found.kind === "undetermined") return found.reason === "" || found.wouldDetermine === "" ? ["no reason"] : faults;
  const estimates: readonly (Estimated | undefined)[] = [found.estimate, found.relative, found.logRatio];
  for (const one of estimates) {
    if (one?.kind !== "estimate" || one.interval === undefined) continue;
    const { lower, upper } = one.interval;
    if (lower > upper || (lower === upper && !mayHaveNoWidth)) faults.push(`an interval from ${lower} to ${upper}`);
  }
  return faults;
}

describe("hostile inputs", () => {
  for (const statistic of statistics) {
    it(`${statistic.name} answers them with numbers, or with what would determine them`, () => {
      for (const [what, input] of Object.entries(variantsOf(statistic.example))) expect(faultsOf(statistic, input), what).to.deep.equal([]);
    });
  }

  const answerOf = (name: string, change: object): Found => {
    const statistic = findStatistic(name);
    if (statistic === undefined) throw new Error(name);
    return statistic.compute(statistic.input.parse({ ...(statistic.example as object), ...change }));
  };

  it("analysis of variance with a group 1e15 away is told at once, and as the noncentral F goes on", () => {
    const far = (distance: number) =>
      anovaOneWay({
        groups: [
          [1, 2, 4],
          [3, 5, 6],
          [distance, distance + 1, distance + 4],
        ].map((values) => powerSums(values)),
        level: 0.95,
      });
    const lowest = far(1e15);
    expect(lowest.kind === "finding" && lowest.estimate.set?.kind === "at-least" ? lowest.estimate.set.lower : Number.NaN).to.be.within(
      0.999,
      1,
    );
    // Either side of where the limit takes over: (1 - lower) x F is the same constant of the chi-squared.
    const constants = [70_000, 110_000].map((distance) => {
      const found = far(distance);
      if (found.kind !== "finding" || found.estimate.set?.kind !== "at-least") throw new Error("no limit");
      return (1 - found.estimate.set.lower) * (found.test?.statistic ?? Number.NaN);
    });
    expect(constants[1]).to.be.closeTo(constants[0] ?? Number.NaN, 1e-3 * (constants[0] ?? 0));
  });

  it("a placebo test whose donors have no gap has nothing to tell chance by", () => {
    const donors = Array.from({ length: 20 }, (_, index) => ({ name: `d${index}`, outcomes: [1, 1, 1, 1, 1] }));
    const found = answerOf("synthetic-control", { treated: [1, 2, 1, 9, 9], donors, periodsBefore: 3 });
    expect(found).to.include({ kind: "undetermined" }).and.to.have.property("reason").that.includes("no donor has a gap after treatment");
  });

  it("a ratio that is rounded away beside 1 has no logarithm, on any side", () => {
    for (const alternative of ["two-sided", "less", "greater"]) {
      const arms = { control: { n: 813, mean: 7.44e16, variance: 159 }, treatment: { n: 8, mean: 32, variance: 0 } };
      const found = answerOf("mean-lift", { ...arms, nullLift: -0.016, alternative });
      expect(found.kind === "finding" ? found.logRatio?.kind : found.kind, alternative).to.equal("undetermined");
    }
  });

  it("figures beyond the doubles have no bounds, and are not taken for sets without an end", () => {
    const vast = (values: readonly number[]) => values.map((value, index) => (index % 4 === 1 ? -1.7e308 : value * 1e300));
    const wave = Array.from({ length: 20 }, (_, index) => ((index * 37) % 20) + 1);
    const donors = wave.map((shift) => ({ name: `d${shift}`, outcomes: vast(wave.map((value) => (value * shift) % 19)) }));
    const tiny = Array.from({ length: 120 }, (_, i) => (i % 2 === 0 ? -1e-310 : 1e-310) * (1 + ((i * 37) % 101) / 50));
    const scores = Array.from({ length: 200 }, (_, i) => i - 100 + ((i * 7) % 10) / 30);
    const jump = scores.map((score, i) => (score > 0 ? 1.7e308 : -1.7e308) * (0.5 + ((i * 13) % 50) / 100));
    const changes = wave.map((value, i) => ({
      outcomes: [-8e306 * value, -1.7e308, (i < 10 ? 8e306 : -8e306) * value],
      ...(i < 10 ? { firstTreated: 3 } : {}),
    }));
    for (const [name, change] of [
      ["synthetic-control", { treated: vast(wave), donors, periodsBefore: 12 }],
      ["switchback", { outcomes: vast(wave), blocksTreated: wave.map((value) => value % 2 === 0), blockPeriods: 1, washoutPeriods: 0 }],
      ["density-discontinuity", { scores: tiny, cutoff: 0 }],
      ["regression-discontinuity", { scores, outcomes: jump, cutoff: 0 }],
      ["difference-in-differences", { panel: { periods: [1, 2, 3], units: changes } }],
    ] as const) {
      const found = answerOf(name, change);
      expect(found.kind === "undetermined" && found.reason, name).to.match(/double precision/);
    }
  });

  it("an interval that rounding closes, or a standard error that has lost its digits, is no interval", () => {
    const far = (mean: number) => ({ n: 2000, mean, variance: 24 });
    const values = [1, 2, 4, 3, 5, 2];
    const clusters = ["a", "a", "b", "b", "c", "c"];
    const apart = {
      control: { values: values.map((value) => value + 2 ** 50), clusters },
      treatment: { values, clusters: clusters.map((cluster) => `t${cluster}`) },
    };
    for (const [name, change] of [
      ["welch-means", { control: { values: [0, 0] }, treatment: { values: [0, 5e-324] } }],
      ["welch-means", { control: { values: [0, 3e-315] }, treatment: { values: [0, 7e-315, 4e-315] } }],
      ["always-valid-means", { control: far(2 ** 56), treatment: far(10) }],
      [
        "always-valid-looks",
        { looks: [0.9, 0.75].map((estimate, i) => ({ estimate, standardError: i === 0 ? 1e-300 : 0.17, n: 400 + i })) },
      ],
      ["bayesian-means", { control: far(1e17), treatment: far(10) }],
      ["cluster-means", { ...apart, level: 0.01 }],
    ] as const) {
      const found = answerOf(name, change);
      expect(found.kind === "undetermined" && found.reason, `${name} ${JSON.stringify(found)}`).to.match(/double/);
    }
  });

  it("weights, beliefs and probabilities below what doubles can weigh are refused in words", () => {
    for (const [name, change] of [
      ["sample-ratio", { weights: [5e-324, 1] }],
      ["sequential-sample-ratio", { concentration: 5e-324 }],
      ["group-sequential-design", { information: [5e-324, 1] }],
      ["always-valid-proportion", { nullValue: 5e-324 }],
    ] as const)
      expect(() => answerOf(name, change), name).to.throw(/at least|small|>=/i);
  });
});
