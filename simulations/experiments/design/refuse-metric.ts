/** Metrics that read well and mean nothing: an outcome that is adjusted for itself, a ratio of a column to itself, a margin that nothing can cross. */
import { type Fields, type Problems, placeOf } from "../../../policies/language/index.ts";
import { covariateColumns, type ExperimentMetric, type MetricForm, type Size } from "./experiment-design.ts";

/** What was read of a metric. */
export interface MetricParts {
  readonly form: MetricForm;
  readonly better: ExperimentMetric["better"];
  readonly margin: Size | undefined;
  readonly covariates: readonly string[];
}

/** Adds a problem for each, at its place; `what`: the metric in a sentence. */
export function refuseMetric({ form, better, margin, covariates }: MetricParts, fields: Fields, problems: Problems, what: string): void {
  const at = (key: string) => {
    const value = fields.entry(key)?.value;
    return value === undefined ? fields.place : placeOf(value);
  };
  if (form.kind === "ratio" && form.of === form.over)
    problems.add("bad-form", at("ratio"), {
      message: `${what} is the ratio of '${form.of}' to itself, which is 1 for everybody`,
      found: `${form.of} of ${form.over}`,
      cure: "Name two columns.",
    });
  const outcome = form.kind === "ratio" ? [form.of, form.over] : [form.of];
  const itself = covariates.find((covariate) => covariateColumns(covariate).includes(outcome[0] ?? ""));
  if (itself !== undefined)
    problems.add("bad-form", at("covariate"), {
      message: `${what} is adjusted for its own outcome '${outcome[0] ?? ""}', which would take the effect out with the noise`,
      found: itself,
      expected: "a column from before the experiment",
      cure: "Name the same measure before the experiment, or leave 'covariate' out.",
    });
  const twice = covariates.find((covariate, index) => covariates.indexOf(covariate) < index);
  if (twice !== undefined)
    problems.add("duplicate-key", at("covariate"), { message: `${what} has the covariate '${twice}' twice`, cure: "Keep one of the two." });
  if (margin?.scale === "relative" && margin.value >= 1 && better === "up")
    problems.add("out-of-range", at("margin"), {
      message: `${what} could lose everything and still be within its margin of ${Number((100 * margin.value).toPrecision(6))} % of the control`,
      cure: "Write the harm that must be ruled out, below 100 % of control.",
    });
}
