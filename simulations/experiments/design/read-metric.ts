/** One metric of a design file. */
import {
  asMap,
  asText,
  type DocumentNode,
  type Fields,
  fieldsOf,
  type Problems,
  placeOf,
  type TextNode,
} from "../../../policies/language/index.ts";
import { designShapes } from "./design-shapes.ts";
import { covariateColumns, type ExperimentMetric, type MetricForm } from "./experiment-design.ts";
import { oneOf, readCap, readSize } from "./read-values.ts";
import { refuseMetric } from "./refuse-metric.ts";

/** Reads the metric under a name; undefined after a fault. */
export function readMetric(key: TextNode, value: DocumentNode, problems: Problems): ExperimentMetric | undefined {
  const what = `the metric '${key.text}'`;
  const map = asMap(value, problems, what);
  if (map === undefined) return undefined;
  const before = problems.count;
  const fields = fieldsOf(map, designShapes.metric, what, problems);
  const form = readForm(fields, problems, what);
  const role = oneOf(fields.text("role"), ["primary", "guardrail", "secondary"] as const, problems);
  const better = oneOf(fields.text("better"), ["up", "down"] as const, problems);
  const margin = readSize(fields.text("margin"), problems);
  const effect = readSize(fields.text("effect"), problems);
  const cap = readCap(fields.text("cap"), problems);
  const missing = oneOf(fields.text("missing"), ["zero", "leave out"] as const, problems) ?? "zero";
  const forecast = oneOf(fields.text("forecast"), ["gmv", "orders", "platform fees"] as const, problems);
  const covariates = readCovariates(fields, problems);
  if (problems.count > before || form === undefined || role === undefined || better === undefined) return undefined;
  if (role === "guardrail" && margin === undefined) {
    problems.add("missing-key", placeOf(map), {
      message: `${what} is a guardrail without a margin: which harm must be ruled out?`,
      cure: "Add 'margin: 2 % of control' or the like.",
    });
  }
  if (cap !== undefined && form.kind !== "mean") {
    problems.add("bad-form", fields.place, { message: `${what} is a ${form.kind}: only means are capped`, cure: "Remove 'cap'." });
  }
  if (forecast !== undefined && form.kind !== "mean") {
    const message = `${what} is a ${form.kind}: a comparison forecasts sums, which means are of`;
    problems.add("bad-form", fields.place, { message, cure: "Remove 'forecast'." });
  }
  const parts = form.kind === "ratio" ? 2 : 1;
  if (covariates.some((covariate) => covariateColumns(covariate).length !== parts)) {
    problems.add("bad-form", fields.place, {
      message: `${what} is a ${form.kind}: its covariate is ${parts === 2 ? "one, too" : "one column"}`,
      cure: parts === 2 ? "Write 'covariate: late_before of orders_before'." : "Write 'covariate: orders_before'.",
    });
  }
  refuseMetric({ form, better, margin, covariates }, fields, problems, what);
  if (problems.count > before) return undefined;
  const title = fields.text("title")?.text ?? key.text.replaceAll("_", " ");
  return {
    name: key.text,
    title,
    form,
    role,
    better,
    ...(margin === undefined ? {} : { margin }),
    ...(effect === undefined ? {} : { effect }),
    covariates,
    ...(forecast === undefined ? {} : { forecast }),
    ...(cap === undefined ? {} : { cap }),
    missing,
  };
}

function readForm(fields: Fields, problems: Problems, what: string): MetricForm | undefined {
  const given = (["mean", "share", "ratio"] as const).filter((kind) => fields.entry(kind) !== undefined);
  const [kind] = given;
  if (kind === undefined || given.length > 1) {
    problems.add(kind === undefined ? "missing-key" : "bad-form", fields.place, {
      message: kind === undefined ? `${what} says not what it is made of` : `${what} is ${given.join(" and ")} at once`,
      expected: "mean, share or ratio",
      cure: "Give one of 'mean: column', 'share: column', 'ratio: column of column'.",
    });
    return undefined;
  }
  const node = fields.text(kind);
  if (node === undefined) return undefined;
  if (kind !== "ratio") return { kind, of: node.text };
  const parts = /^(.+?) (?:of|over) (.+)$/.exec(node.text);
  if (parts === null) {
    problems.add("bad-form", placeOf(node), {
      message: "a ratio is one column of another",
      found: node.text.slice(0, 80),
      expected: "late_orders of orders",
    });
    return undefined;
  }
  return { kind, of: (parts[1] ?? "").trim(), over: (parts[2] ?? "").trim() };
}

function readCovariates(fields: Fields, problems: Problems): readonly string[] {
  const value = fields.entry("covariate")?.value;
  if (value === undefined) return [];
  const items = value.kind === "list" ? value.items : [value];
  return items.flatMap((item) => asText(item, problems, "a covariate")?.text ?? []);
}
