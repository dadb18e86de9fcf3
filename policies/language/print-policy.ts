/** Policy -> canonical text. Reading the print gives the same policy, digest and all. One change is one changed line. */
import type { Ledger, Policy, Tier } from "./policy.ts";
import { printExpression } from "./print-expression.ts";
import {
  capKeys,
  type Keys,
  ledgerKeys,
  lineKeys,
  metricKeys,
  movementKeys,
  parameterKeys,
  scoreKeys,
  tierKeys,
  windowText,
} from "./print-keys.ts";
import { flow, keyLine } from "./print-yaml.ts";

/** Lines of text with their indentation, in steps of two spaces. */
type Lines = readonly string[];

/**
 * Writes a policy in canonical form: sections and keys in the order of the language, defaults left out, parents folded in.
 * No line is ever wrapped. `readPolicy` of the result gives a policy that is deeply equal to the one printed.
 */
export function printPolicy(policy: Omit<Policy, "digest">): string {
  const lines: string[] = [
    keyLine(["programme", policy.programme]),
    keyLine(["version", policy.version]),
    keyLine(["title", policy.title]),
    keyLine(["entity", policy.entity]),
    ...printRationale(policy.rationale),
    ...section(
      "parameters",
      policy.parameters.map((parameter) => [`${parameter.name}: ${flow(parameterKeys(parameter))}`]),
    ),
    ...section(
      "windows",
      policy.windows.map((window) => [keyLine([window.name, windowText(window)])]),
    ),
    ...section(
      "metrics",
      policy.metrics.map((metric) => block(metric.name, metricKeys(metric))),
    ),
    ...section(
      "scores",
      policy.scores.map((score) => block(score.name, scoreKeys(score))),
    ),
    ...section("ledgers", policy.ledgers.map(ledgerLines)),
    ...section(
      "conditions",
      policy.conditions.map(({ name, expression }) => [keyLine([name, printExpression(expression)])]),
    ),
    "",
    "tiers:",
    ...policy.tiers.flatMap(tierLines),
    ...(policy.otherwise === undefined ? [] : [keyLine(["otherwise", policy.otherwise])]),
    ...section(
      "caps",
      policy.caps.map((cap) => [`- ${flow(capKeys(cap))}`]),
    ),
    ...section("movement", [movementKeys(policy.movement).map((key) => keyLine(key))]),
  ];
  return `${lines.join("\n")}\n`;
}

/** The rationale: a block where it has several lines, else one line. */
export function printRationale(text: string): readonly string[] {
  const lines = text.split("\n");
  const isBlock = lines.length > 1 && lines.every((line) => /^$|^\S(?:.*\S)?$/.test(line)) && lines[0] !== "";
  return isBlock ? ["rationale: |-", ...lines.map((line) => (line === "" ? "" : `  ${line}`))] : [keyLine(["rationale", text])];
}

/** A heading with its entries, indented; nothing when there are none. */
function section(heading: string, entries: readonly Lines[]): Lines {
  return entries.length === 0 ? [] : ["", `${heading}:`, ...indent(entries.flat())];
}

function block(name: string, keys: Keys): Lines {
  return [`${name}:`, ...indent(keys.map((key) => keyLine(key)))];
}

function indent(lines: Lines): Lines {
  return lines.map((line) => (line === "" ? line : `  ${line}`));
}

function ledgerLines(ledger: Ledger): Lines {
  const { before, after } = ledgerKeys(ledger);
  return [
    `${ledger.name}:`,
    ...indent(before.map((key) => keyLine(key))),
    "  lines:",
    ...ledger.lines.map((line) => `    - ${flow(lineKeys(line))}`),
    ...indent(after.map((key) => keyLine(key))),
  ];
}

function tierLines(tier: Tier): Lines {
  const keys = tierKeys(tier);
  return keys.length === 0 ? [`  - ${tier.name}: {}`] : [`  - ${tier.name}:`, ...keys.map((key) => `      ${keyLine(key)}`)];
}
