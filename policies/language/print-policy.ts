/** Policy -> canonical text. Reading the print gives the same policy, digest and all. One change is one changed line. */
import { weekdays } from "./check-movement.ts";
import { defaultTitle } from "./names.ts";
import type { Consequences, EvaluationCalendar, Metric, Movement, Parameter, Policy, Score, Step, Tier } from "./policy.ts";
import { printExpression } from "./print-expression.ts";
import { plainDigits, printConstant, printLiteral } from "./quantity.ts";
import { printWindow } from "./window.ts";

/** A line of text with its indentation, in steps of two spaces. */
type Lines = readonly string[];

/**
 * Writes a policy in canonical form: sections and keys in the order of the language, defaults left out, parents folded in.
 * No line is ever wrapped. `readPolicy` of the result gives a policy that is deeply equal to the one printed.
 */
export function printPolicy(policy: Omit<Policy, "digest">): string {
  const lines: string[] = [
    ...pair("programme", policy.programme),
    ...pair("version", policy.version),
    ...pair("title", policy.title),
    ...pair("entity", policy.entity),
    ...printRationale(policy.rationale),
    ...section(
      "parameters",
      policy.parameters.map((parameter) => [`${parameter.name}: ${flow(parameterKeys(parameter))}`]),
    ),
    ...section(
      "metrics",
      policy.metrics.map((metric) => block(metric.name, metricKeys(metric))),
    ),
    ...section(
      "scores",
      policy.scores.map((score) => block(score.name, scoreKeys(score))),
    ),
    ...section(
      "conditions",
      policy.conditions.map(({ name, expression }) => pair(name, printExpression(expression))),
    ),
    "",
    "tiers:",
    ...policy.tiers.flatMap((tier) => tierLines(tier)),
    ...(policy.otherwise === undefined ? [] : pair("otherwise", policy.otherwise)),
    ...section("movement", [movementLines(policy.movement)]),
  ];
  return `${lines.join("\n")}\n`;
}

/** A YAML scalar: plain where that is safe, else in double quotes. `inFlow`: between braces or brackets. */
export function printScalar(text: string, inFlow: boolean): string {
  const isPlain =
    /^[A-Za-z0-9(_-][^\n\r\t]*$/.test(text) &&
    !/^- |^-$|^---|: |:$| #|[ ]$/.test(text) &&
    !(inFlow && /[,[\]{}]|:[,[\]{}]/.test(text)) &&
    !(inFlow && text.startsWith("-"));
  return isPlain ? text : JSON.stringify(text);
}

function pair(key: string, text: string): Lines {
  return [`${key}: ${printScalar(text, false)}`];
}

function printRationale(text: string): Lines {
  const lines = text.split("\n");
  const isBlock = lines.length > 1 && lines.every((line) => /^$|^\S(?:.*\S)?$/.test(line)) && lines[0] !== "";
  return isBlock ? ["rationale: |-", ...lines.map((line) => (line === "" ? "" : `  ${line}`))] : pair("rationale", text);
}

/** A heading with its entries, indented; nothing when there are none. */
function section(heading: string, entries: readonly Lines[]): Lines {
  return entries.length === 0 ? [] : ["", `${heading}:`, ...indent(entries.flat())];
}

function block(name: string, keys: readonly (readonly [string, string])[]): Lines {
  return [`${name}:`, ...indent(keys.map(([key, text]) => `${key}: ${text}`))];
}

function indent(lines: Lines): Lines {
  return lines.map((line) => (line === "" ? line : `  ${line}`));
}

function flow(keys: readonly (readonly [string, string])[]): string {
  return keys.length === 0 ? "{}" : `{ ${keys.map(([key, text]) => `${key}: ${text}`).join(", ")} }`;
}

type Keys = readonly (readonly [string, string])[];

function titleKey(name: string, title: string, inFlow: boolean): Keys {
  return title === defaultTitle(name) ? [] : [["title", printScalar(title, inFlow)]];
}

function parameterKeys(parameter: Parameter): Keys {
  const print = (value: number): string => printLiteral({ ...parameter, value });
  const { range } = parameter;
  return [
    ["value", print(parameter.value)],
    ...(range === undefined ? [] : [["range", `${print(range.lower)} to ${print(range.upper)}`] as const]),
    ...titleKey(parameter.name, parameter.title, true),
  ];
}

function metricKeys(metric: Metric): Keys {
  const title = titleKey(metric.name, metric.title, false);
  switch (metric.kind) {
    case "share": {
      const shrink =
        metric.shrink === undefined
          ? []
          : [
              [
                "shrink",
                `towards ${printConstant(metric.shrink.prior)} with ${printConstant(metric.shrink.strength)} ${operand(metric.whole)}`,
              ] as const,
            ];
      return [
        ["share", printScalar(`${operand(metric.part)} of ${operand(metric.whole)}`, false)],
        ["over", printWindow(metric.over)],
        ...atLeastKey(metric),
        ...shrink,
        ...title,
      ];
    }
    case "mean":
      return [
        ["mean", printScalar(`${operand(metric.sum)} per ${operand(metric.count)}`, false)],
        ["over", printWindow(metric.over)],
        ...atLeastKey(metric),
        ...title,
      ];
    case "sum":
      return [["sum", printScalar(printExpression(metric.of), false)], ["over", printWindow(metric.over)], ...atLeastKey(metric), ...title];
    case "count":
      return [["count", metric.event], ["over", printWindow(metric.over)], ...title];
    case "last":
      return [["last", metric.measure], ...title];
    case "since":
      return [["since", metric.attribute], ...title];
    case "value":
      return [["value", printScalar(printExpression(metric.expression), false)], ...title];
  }
}

/** Sums of measures stand in parentheses beside 'of', 'per' and counts, so that they read as one thing. */
function operand(expression: Parameters<typeof printExpression>[0]): string {
  const text = printExpression(expression);
  return expression.kind === "reference" ? text : `(${text})`;
}

function atLeastKey(metric: Extract<Metric, { kind: "share" | "mean" | "sum" }>): Keys {
  return metric.atLeast === undefined ? [] : [["at_least", `${printConstant(metric.atLeast.count)} ${operand(metric.atLeast.of)}`]];
}

function scoreKeys(score: Score): Keys {
  const tail: Keys = [...(score.round === 6 ? [] : [["round", String(score.round)] as const]), ...titleKey(score.name, score.title, false)];
  if (score.kind === "curve") {
    const anchors = score.anchors.map(({ x, y }) => printScalar(`${printConstant(x)} -> ${printConstant(y)}`, true)).join(", ");
    return [["from", score.from.name], [score.shape === "linear" ? "curve" : "step", `[${anchors}]`], ...tail];
  }
  const { missing } = score;
  const weights = flow(score.parts.map(({ score: part, weight }) => [part, printConstant(weight)] as const));
  const rule: Keys =
    missing.kind === "propagate" ? [] : [["missing", missing.kind === "share-out" ? "share out" : printConstant(missing.value)]];
  return [["weighted", weights], ...rule, ...tail];
}

function tierLines(tier: Tier): Lines {
  const consequences = consequenceKeys(tier.consequences);
  const keys: Keys = [
    ...titleKey(tier.name, tier.title, false),
    ...(tier.when === undefined ? [] : [["when", printScalar(printExpression(tier.when), false)] as const]),
    ...(tier.adverse ? [["adverse", "true"] as const] : []),
    ...(consequences.length === 0 ? [] : [["consequences", flow(consequences)] as const]),
    ...(tier.holdDays === undefined ? [] : [["hold", printDays(tier.holdDays)] as const]),
    ...(tier.terminal ? [["terminal", "true"] as const] : []),
  ];
  return keys.length === 0 ? [`  - ${tier.name}: {}`] : [`  - ${tier.name}:`, ...keys.map(([key, text]) => `      ${key}: ${text}`)];
}

/** What a tier does, as the language writes it, in the language's order. */
export function consequenceKeys(consequences: Consequences): Keys {
  const { traffic, payoutDays, ordersPerDayMax, fee } = consequences;
  return [
    ...(traffic === undefined ? [] : [["traffic", `x ${plainDigits(traffic)}`] as const]),
    ...(payoutDays === undefined ? [] : [["payout", `after ${printDays(payoutDays)}`] as const]),
    ...(ordersPerDayMax === undefined ? [] : [["orders", `at most ${plainDigits(ordersPerDayMax)} a day`] as const]),
    ...(fee === undefined ? [] : [["fee", printLiteral({ value: fee, unit: "share" })] as const]),
  ];
}

/** `1 day`, `28 days`. */
export function printDays(days: number): string {
  return `${days} day${days === 1 ? "" : "s"}`;
}

function movementLines(movement: Movement): Lines {
  const { start, shield } = movement;
  return [
    `evaluate: ${printCalendar(movement.evaluate)}`,
    ...(start === undefined ? [] : [`start: ${start}`]),
    ...stepLines("promote", movement.promote),
    ...stepLines("demote", movement.demote),
    ...(shield === undefined
      ? []
      : [
          `shield: ${flow([
            ["for", printDays(shield.days)],
            ["since", shield.since],
          ])}`,
        ]),
  ];
}

function stepLines(key: string, step: Step): Lines {
  const keys: Keys = [
    ...(step.after === 1 ? [] : [["after", `${step.after} evaluations`] as const]),
    ...(step.by === undefined ? [] : [["by", `${step.by} tier${step.by === 1 ? "" : "s"}`] as const]),
  ];
  return keys.length === 0 ? [] : [`${key}: ${flow(keys)}`];
}

/** `every week`, `every Monday`, `day 20 of month`. */
export function printCalendar(calendar: EvaluationCalendar): string {
  switch (calendar.kind) {
    case "every":
      return `every ${calendar.unit}`;
    case "weekday":
      return `every ${weekdays[calendar.weekday] ?? ""}`;
    case "day-of-month":
      return `day ${calendar.dayOfMonth} of month`;
  }
}
