/** What each named thing of a policy reads: the basis of order, circles and use. */
import { unreachable } from "../../data/foundation/index.ts";
import type { Constant, Expression } from "./expression.ts";
import type { Ledger, Metric, Policy, Score, Window } from "./policy.ts";
import { expressionsOfMetric } from "./policy-expressions.ts";
import { namesRead } from "./walk-expression.ts";

/** The named parts of a policy. */
export type NamedParts = Pick<Policy, "parameters" | "windows" | "metrics" | "scores" | "ledgers" | "conditions">;

/**
 * By name, the names of parameters, windows, metrics, scores, ledgers and conditions that it reads directly. What a ledger's own lines
 * read of the ledger itself is not among them: that is its balance before the line.
 */
export function readsOf(parts: NamedParts): ReadonlyMap<string, readonly string[]> {
  const reads = new Map<string, readonly string[]>();
  for (const { name, by } of parts.parameters) reads.set(name, by?.to === "metric" ? [by.name] : []);
  for (const { name, when } of parts.windows) reads.set(name, [...constantNames(when.count), ...namesRead(when.of, "parameter")]);
  for (const metric of parts.metrics) {
    const operands = expressionsOfMetric(metric).flatMap((expression) => namesRead(expression, "parameter"));
    reads.set(metric.name, [...new Set([...readsOfMetric(metric), ...operands])]);
  }
  for (const score of parts.scores) reads.set(score.name, readsOfScore(score));
  for (const ledger of parts.ledgers) reads.set(ledger.name, readsOfLedger(ledger));
  for (const { name, expression } of parts.conditions) reads.set(name, computedNames(expression));
  return reads;
}

/** Names that a tier, a cap or another expression reads. */
export function computedNames(expression: Expression): readonly string[] {
  return namesRead(expression, "metric", "score", "ledger", "parameter", "condition");
}

/** Everything that the given names depend on, themselves among them. */
export function closureOf(names: Iterable<string>, reads: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>(names);
  for (const name of found) for (const read of reads.get(name) ?? []) found.add(read);
  return found;
}

/** Scores that a score reads. */
export function scoresRead(score: Score): readonly string[] {
  switch (score.kind) {
    case "weighted":
      return score.parts.map((part) => part.score);
    case "curve":
      return score.from.to === "score" ? [score.from.name] : [];
    case "value":
      return namesRead(score.expression, "score");
    default:
      return unreachable(score);
  }
}

function readsOfMetric(metric: Metric): readonly string[] {
  const window = "over" in metric ? namesOfWindow(metric.over) : [];
  switch (metric.kind) {
    case "share":
      return [...window, ...constantNames(metric.atLeast?.count, metric.shrink?.prior, metric.shrink?.strength, metric.wilson?.level)];
    case "mean":
    case "sum":
      return [...window, ...constantNames(metric.atLeast?.count)];
    case "count":
    case "distinct":
      return [...window, ...(metric.where === undefined ? [] : computedNames(metric.where))];
    case "percentile":
      return [...window, ...constantNames(metric.part)];
    case "largest":
      return window;
    case "last":
    case "since":
      return [];
    case "unbroken":
      return [metric.condition];
    case "rank":
    case "ratio":
      return [metric.of.name, ...(metric.among?.to === "metric" ? [metric.among.name] : [])];
    case "value":
      return [...computedNames(metric.expression), ...constantNames(metric.within?.lower, metric.within?.upper)];
    default:
      return unreachable(metric);
  }
}

function readsOfScore(score: Score): readonly string[] {
  switch (score.kind) {
    case "curve":
      return [score.from.name, ...constantNames(...score.anchors.flatMap(({ x, y }) => [x, y]))];
    case "weighted": {
      const stand = score.missing.kind === "neutral" ? [score.missing.value] : [];
      return [...score.parts.map((part) => part.score), ...constantNames(...score.parts.map((part) => part.weight), ...stand)];
    }
    case "value":
      return computedNames(score.expression);
    default:
      return unreachable(score);
  }
}

function readsOfLedger(ledger: Ledger): readonly string[] {
  const ofLines = ledger.lines.flatMap((line) => [
    ...(line.when === undefined ? [] : computedNames(line.when)),
    ...computedNames(line.amount),
    ...(line.kind === "event" && line.where !== undefined ? computedNames(line.where) : []),
    ...constantNames(line.atMost, line.kind === "volume" ? line.count : undefined),
  ]);
  const all = [...ofLines, ...constantNames(ledger.start, ledger.within?.lower, ledger.within?.upper)];
  return all.filter((name) => name !== ledger.name);
}

function namesOfWindow(window: Window): readonly string[] {
  if (window.kind === "named") return [window.name];
  return window.kind === "volume" ? constantNames(window.count) : [];
}

function constantNames(...constants: readonly (Constant | undefined)[]): readonly string[] {
  return constants.flatMap((constant) => (constant?.kind === "reference" ? [constant.name] : []));
}
