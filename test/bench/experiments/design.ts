/** The design of the bench's experiment, and what its observations say in the terms that every contender shares. */
import { present } from "../../../data/foundation/index.ts";
import { type Analysis, type ExperimentDesign, type Observations, readDesign } from "../../../simulations/experiments/index.ts";
import { cuped, differenceFinding } from "../../../simulations/statistics/index.ts";
import { meanColumns, ratioColumns, shareColumn } from "./units-sql.ts";

/** What is said of a metric: difference, its interval at 95 %, p-value. */
export type Answers = Readonly<Record<string, readonly [effect: number, lower: number, upper: number, pValue: number]>>;

/** Eight means and a share with their covariates, and a ratio. */
export function benchDesign(): ExperimentDesign {
  const metric = (name: string, form: string, index: number): string =>
    `  ${name}: { ${form}, role: ${index === 0 ? "primary" : "secondary"}, better: up }`;
  const metrics = [
    ...meanColumns.map((name) => [name, `mean: ${name}, covariate: ${name}_before`]),
    [shareColumn, `share: ${shareColumn}, covariate: ${shareColumn}_before`],
    ["late", `ratio: ${ratioColumns.join(" of ")}`],
  ].map(([name = "", form = ""], index) => metric(name, form, index));
  const text = `experiment: bench
title: Bench
hypothesis: The candidate moves some numbers a little.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: { recorded: true }
columns: { unit: seller, arm: arm }
metrics:
${metrics.join("\n")}
plan: { level: 95 %, power: 80 %, looks: once }
`;
  const { design, diagnostics } = readDesign({ text, file: "bench.yaml" });
  return present(design, JSON.stringify(diagnostics));
}

/**
 * The answers by the coefficients that tea-tasting takes, from the same sufficient statistics: all units about their common mean. Our scorecard takes them within
 * the arms. Metrics without a covariate are those of the scorecard.
 */
export function answersOf(design: ExperimentDesign, observed: Observations, analysis: Analysis): Answers {
  const answers = design.metrics.map((metric, index) => {
    if (metric.covariates.length === 0) {
      const row = present(analysis.scorecard[index], metric.name);
      return [metric.name, answerOf(row.absolute, row.pValue)] as const;
    }
    const [control, treatment] = observed.arms.map(({ metrics }) => ({ ...present(metrics[index], metric.name), ratios: false }));
    const effect = cuped(
      { control: present(control, "the control"), treatment: present(treatment, "the candidate") },
      { coefficients: "all-units", missing: "refuse" },
    );
    const found = differenceFinding(effect, { level: design.level, alternative: "two-sided" });
    if (found.kind === "undetermined") throw new Error(`${metric.name}: ${found.reason}`);
    return [metric.name, answerOf(found.estimate, found.test?.pValue)] as const;
  });
  return Object.fromEntries(answers);
}

function answerOf(absolute: Analysis["scorecard"][number]["absolute"], pValue: number | undefined): Answers[string] {
  if (absolute.kind === "undetermined") throw new Error(absolute.reason);
  const { lower, upper } = present(absolute.interval, "an interval");
  return [absolute.value, lower, upper, present(pValue, "a p-value")];
}

/** Where two contenders differ by more than a thousand-millionth of a number; undefined where nowhere. */
export function differenceOf(ours: Answers, theirs: Answers): string | undefined {
  for (const [name, expected] of Object.entries(ours)) {
    for (const [place, value] of expected.entries()) {
      const found = theirs[name]?.[place] ?? Number.NaN;
      if (!(Math.abs(found - value) <= 1e-9 * Math.abs(value)))
        return `of '${name}' the ${["effect", "lower end", "upper end", "p-value"][place]} is ${found}, and by us ${value}`;
    }
  }
  return undefined;
}
