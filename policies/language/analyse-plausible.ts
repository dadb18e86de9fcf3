/** Whether imagined facts could be true together: a part is not more than its whole, a longer window holds no less than a shorter one. */
import { keyOf, type PolicyBody } from "./analyse-possible.ts";
import type { Trial } from "./analyse-trial.ts";
import type { AtLeast, Metric, Window } from "./policy.ts";
import { printExpression } from "./print-expression.ts";

/** False when the facts of the trial contradict each other. */
export type Plausible = (trial: Trial) => boolean;

type Share = Extract<Metric, { kind: "share" | "mean" }>;
type Sum = Extract<Metric, { kind: "sum" }>;
type Events = Extract<Metric, { kind: "count" | "distinct" }>;

/** What metrics of a policy say about each other, for those of these keys. Only what surely holds for counts that are not negative. */
export function plausibilityRules(policy: PolicyBody, keys: ReadonlySet<string>): readonly Plausible[] {
  const metrics = policy.metrics.filter((metric) => keys.has(keyOf("metric", metric.name)));
  return metrics.flatMap((one) => metrics.flatMap((other) => (one === other ? [] : ruleOf(one, other, policy))));
}

function ruleOf(one: Metric, other: Metric, policy: PolicyBody): readonly Plausible[] {
  if (one.kind === "sum" && other.kind === "sum")
    return covers(one.over, other.over) && sameThing(one, other) ? [atLeastAsMuch(one, other)] : [];
  if (isEvents(one) && isEvents(other)) return countsAllOf(one, other) ? [atLeastAsMuch(one, other)] : [];
  if (one.kind === "sum" && (other.kind === "share" || other.kind === "mean")) return volumeRules(one, other, policy);
  return [];
}

function sameThing(one: Sum, other: Sum): boolean {
  return one.unit !== "money" && printExpression(one.of) === printExpression(other.of);
}

function isEvents(metric: Metric): metric is Events {
  return metric.kind === "count" || metric.kind === "distinct";
}

/** Whether `wide` counts every event that `narrow` counts, or more. */
function countsAllOf(wide: Events, narrow: Events): boolean {
  if (wide.kind !== "count" || wide.alike !== undefined || wide.event !== narrow.event || !covers(wide.over, narrow.over)) return false;
  return wide.where === undefined || (narrow.where !== undefined && printExpression(wide.where) === printExpression(narrow.where));
}

/** The first is at least the second. */
function atLeastAsMuch(one: Metric, other: Metric): Plausible {
  const [wide, narrow] = [keyOf("metric", one.name), keyOf("metric", other.name)];
  return (trial) => !(trial.factNumber(wide) < trial.factNumber(narrow));
}

/** A share that is there had its volume, and agrees with the sums that it is made from. */
function volumeRules(sum: Sum, rate: Share, policy: PolicyBody): readonly Plausible[] {
  if (!covers(sum.over, rate.over)) return [];
  const [total, share] = [keyOf("metric", sum.name), keyOf("metric", rate.name)];
  const whole = rate.kind === "share" ? rate.whole : rate.count;
  const rules: Plausible[] = [];
  const of = printExpression(sum.of);
  if (of === printExpression(whole)) rules.push((trial) => !(trial.factNumber(total) <= 0));
  const least = rate.atLeast === undefined ? undefined : leastOf(rate.atLeast, policy);
  if (rate.atLeast !== undefined && least !== undefined && of === printExpression(rate.atLeast.of))
    rules.push((trial) => !(trial.factNumber(total) < least));
  const isPlain = rate.kind === "share" && rate.shrink === undefined && rate.wilson === undefined;
  if (isPlain && of === printExpression(rate.part)) rules.push((trial) => !(trial.factNumber(total) <= 0 && trial.factNumber(share) > 0));
  return rules;
}

function leastOf(atLeast: AtLeast, policy: PolicyBody): number | undefined {
  const { count } = atLeast;
  if (count.kind === "number") return count.value;
  const parameter = policy.parameters.find((candidate) => candidate.name === count.name);
  return parameter?.by === undefined ? parameter?.value : undefined;
}

/** Whether the first window surely holds every period of the second. */
function covers(wide: Window, narrow: Window): boolean {
  if (wide.kind === "lifetime") return true;
  if (wide.kind === "days" && narrow.kind === "days") return wide.count >= narrow.count;
  if (wide.kind === "periods" && narrow.kind === "periods") return wide.count >= narrow.count;
  if (wide.kind === "calendar" && narrow.kind === "calendar") return wide.unit === narrow.unit && wide.count >= narrow.count;
  return JSON.stringify(wide) === JSON.stringify(narrow);
}
