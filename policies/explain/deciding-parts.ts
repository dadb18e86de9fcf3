/** The parts of a policy that decide about one evaluation, each with its value in words and with what it reads. */
import { present } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import type { Policy } from "../language/index.ts";
import { sayMetricValue } from "./account-metric.ts";
import type { Evaluation } from "./evaluate-once.ts";
import { evaluateExpression, type Value } from "./expression-nodes.ts";
import { saidUnit, sayDate, sayNumber } from "./say-number.ts";
import type { LedgerTrace, MetricTrace } from "./trace.ts";

/** One part. `reads`: paths of the parts that its value is computed from. */
export interface DecidingPart {
  readonly path: string;
  readonly title: string;
  readonly value: Value;
  /** The value, with what it comes from where that says more. */
  readonly said: string;
  readonly reads: readonly string[];
  /** A ledger's live entries in words. */
  readonly entries?: readonly string[];
}

/** Every parameter, metric, score, ledger, condition, tier and cap by path, in the order of the sections. */
export function decidingParts(policy: Policy, schema: PanelSchema, evaluation: Evaluation): ReadonlyMap<string, DecidingPart> {
  const { lookup, metrics, scores, ledgers } = evaluation;
  const { currency } = schema;
  const parts: DecidingPart[] = [];
  for (const parameter of policy.parameters) {
    const value = lookup("parameter", parameter.name);
    const said = typeof value === "number" ? sayNumber(value, saidUnit(parameter, schema), currency) : "not known";
    parts.push({ path: `parameters.${parameter.name}`, title: parameter.title, value, said, reads: readsOf(parameter, policy) });
  }
  for (const metric of policy.metrics) {
    const trace = present(
      metrics.find(({ name }) => name === metric.name),
      metric.name,
    );
    const said = `${sayMetricValue(trace, currency)}${originOf(trace, currency)}`;
    parts.push({
      path: `metrics.${metric.name}`,
      title: metric.title,
      value: trace.text ?? trace.value,
      said,
      reads: readsOf(metric, policy),
    });
  }
  for (const score of policy.scores) {
    const value = scores.find(({ name }) => name === score.name)?.value;
    parts.push({ path: `scores.${score.name}`, title: score.title, value, said: sayPlain(value), reads: readsOf(score, policy) });
  }
  for (const ledger of policy.ledgers) {
    const path = `ledgers.${ledger.name}`;
    const trace = present(
      ledgers.find(({ name }) => name === ledger.name),
      ledger.name,
    );
    const reads = readsOf(ledger, policy).filter((read) => read !== path);
    parts.push({
      path,
      title: ledger.title,
      value: trace.value,
      said: sayLedgerValue(trace, currency),
      reads,
      entries: sayEntries(trace, currency),
    });
  }
  for (const { name, title, expression } of policy.conditions) {
    const value = lookup("condition", name);
    parts.push({ path: `conditions.${name}`, title, value, said: sayPlain(value), reads: readsOf(expression, policy) });
  }
  for (const { name, title, when } of policy.tiers) {
    const value = when === undefined ? true : evaluateExpression(when, lookup);
    parts.push({ path: `tiers.${name}.when`, title: `What ${title} asks`, value, said: sayPlain(value), reads: readsOf(when, policy) });
  }
  for (const [index, { tier, when }] of policy.caps.entries()) {
    const same = policy.caps.slice(0, index).filter((cap) => cap.tier === tier).length;
    const value = evaluateExpression(when, lookup);
    const path = same === 0 ? `caps.${tier}` : `caps.${tier}.${same + 1}`;
    parts.push({ path, title: `The cap at ${tier}`, value, said: sayPlain(value), reads: readsOf(when, policy) });
  }
  return new Map(parts.map((part) => [part.path, part]));
}

const sections = {
  parameter: "parameters",
  metric: "metrics",
  score: "scores",
  ledger: "ledgers",
  condition: "conditions",
} as const;

/**
 * Paths that a node of a policy reads. References, sources of curves and peers all have the same shape, `to` and `name`, so one
 * search through the plain data finds them; windows, weighted parts and unbroken conditions go by name alone.
 */
function readsOf(node: unknown, policy: Policy): readonly string[] {
  const found = new Set<string>();
  const search = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    const { to, name, kind, score, condition } = part as Readonly<Record<string, unknown>>;
    if (typeof to === "string" && to in sections) found.add(`${sections[to as keyof typeof sections]}.${String(name)}`);
    if (kind === "named") search(policy.windows.find((window) => window.name === name));
    if (kind === "unbroken") found.add(`conditions.${String(condition)}`);
    if (typeof score === "string") found.add(`scores.${score}`);
    for (const child of Object.values(part)) search(child);
  };
  search(node);
  return [...found];
}

/** What was divided, and over which days. */
function originOf(
  { kind, numerator, numeratorUnit, denominator, denominatorUnit, window }: MetricTrace,
  currency: string | undefined,
): string {
  const parts: string[] = [];
  if (numerator !== undefined && denominator !== undefined) {
    const [top, bottom] = [
      sayNumber(numerator, numeratorUnit ?? "number", currency),
      sayNumber(denominator, denominatorUnit ?? "number", currency),
    ];
    parts.push(`${top} ${kind === "share" ? "of" : "over"} ${bottom}`);
  }
  if (window !== undefined) parts.push(`from ${sayDate(window.from)} to ${sayDate(window.to)}`);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function sayLedgerValue({ value, unit }: LedgerTrace, currency: string | undefined): string {
  return value === undefined ? "not known" : sayNumber(value, unit, currency);
}

function sayEntries({ entries, lines, unit }: LedgerTrace, currency: string | undefined): readonly string[] {
  return entries.map(({ line, amount, day, event }) => {
    const sign = lines.find((candidate) => candidate.line === line)?.sign ?? 1;
    const points = amount === undefined ? "points not known" : sayNumber(sign * amount, unit, currency);
    return `${points} of ${sayDate(day)}${event === undefined ? "" : ` (${event.id})`}`;
  });
}

function sayPlain(value: Value): string {
  if (value === undefined) return "not known";
  if (typeof value === "boolean") return value ? "true" : "not true";
  return typeof value === "number" ? sayNumber(value, "number") : value;
}
