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
import { oneOf, readCap, readPrior, readShare, readSize } from "./read-values.ts";
import { readWindow } from "./read-window.ts";
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
  const prior = readPrior(fields.text("prior"), problems);
  const cap = readCap(fields.text("cap"), problems);
  const missing = oneOf(fields.text("missing"), ["zero", "leave out"] as const, problems) ?? "zero";
  const window = readWindow(fields.text("window"), problems);
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
  if (form.kind === "quantile" && covariates.length > 0) {
    const message = `${what} is a quantile: what a covariate explains of a mean, it does not explain of a quantile`;
    problems.add("bad-form", fields.place, { message, cure: "Remove 'covariate'." });
  } else if (covariates.some((covariate) => covariateColumns(covariate).length !== parts)) {
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
    ...(prior === undefined ? {} : { prior }),
    covariates,
    ...(forecast === undefined ? {} : { forecast }),
    ...(cap === undefined ? {} : { cap }),
    missing,
    ...(window === undefined ? {} : { window }),
  };
}

function readForm(fields: Fields, problems: Problems, what: string): MetricForm | undefined {
  const given = (["mean", "share", "ratio", "quantile"] as const).filter((kind) => fields.entry(kind) !== undefined);
  const [kind] = given;
  if (kind === undefined || given.length > 1) {
    problems.add(kind === undefined ? "missing-key" : "bad-form", fields.place, {
      message: kind === undefined ? `${what} says not what it is made of` : `${what} is ${given.join(" and ")} at once`,
      expected: "mean, share, ratio or quantile",
      cure: "Give one of 'mean: column', 'share: column', 'ratio: column of column', 'quantile: 90 % of column'.",
    });
    return undefined;
  }
  const node = fields.text(kind);
  if (node === undefined) return undefined;
  if (kind === "quantile") return readQuantile(node, problems);
  if (kind !== "ratio") return { kind, of: node.text };
  const parts = /^(.+?) (of|over) (.+)$/.exec(node.text);
  if (parts === null) {
    problems.add("bad-form", placeOf(node), {
      message: "a ratio is one column of another",
      found: node.text.slice(0, 80),
      expected: "late_orders of orders",
    });
    return undefined;
  }
  return { kind, of: (parts[1] ?? "").trim(), over: (parts[3] ?? "").trim(), ...(parts[2] === "over" ? { isNoPart: true } : {}) };
}

/** Beyond these shares no experiment of a size that is planned has order statistics to bound it. */
const [shareLeast, shareMost] = [0.001, 0.999];

function readQuantile(node: TextNode, problems: Problems): MetricForm | undefined {
  const form = "90 % of delivery_hours";
  const parts = /^(.+?) of (.+)$/.exec(node.text);
  if (parts === null) {
    problems.add("bad-form", placeOf(node), {
      message: "a quantile is a share of the units and a column",
      found: node.text.slice(0, 80),
      expected: form,
      cure: `Write it like '${form}'; the median is '50 % of delivery_hours'.`,
    });
    return undefined;
  }
  const share = readShare({ ...node, text: parts[1] ?? "" }, problems, "90 %");
  if (share === undefined) return undefined;
  if (share >= shareLeast && share <= shareMost) return { kind: "quantile", of: (parts[2] ?? "").trim(), share };
  problems.add("out-of-range", placeOf(node), {
    message: `a quantile lies between ${100 * shareLeast} % and ${100 * shareMost} % of the units`,
    found: node.text.slice(0, 80),
    expected: form,
    cure: "Choose a share that units lie on both sides of.",
  });
  return undefined;
}

function readCovariates(fields: Fields, problems: Problems): readonly string[] {
  const value = fields.entry("covariate")?.value;
  if (value === undefined) return [];
  const items = value.kind === "list" ? value.items : [value];
  return items.flatMap((item) => asText(item, problems, "a covariate")?.text ?? []);
}
