/** Policy -> every line and every default in plain words: `policy explain`. */

import { describeCap, describeLedger, describeProtection } from "./describe-ledger.ts";
import { describeMetric, type Sayer } from "./describe-metric.ts";
import type { Constant, Expression } from "./expression.ts";
import type { EvaluationCalendar, Policy, Score, Step, Tier } from "./policy.ts";
import { printExpression } from "./print-expression.ts";
import { consequenceKeys, printDays, windowText } from "./print-keys.ts";
import { printConstant, printLiteral } from "./quantity.ts";
import { datesInWords, printCalendar } from "./read-calendar.ts";

/**
 * The policy in sentences, one a line, sections under headings. What the file leaves unsaid is said here and marked
 * `(default)`.
 */
export function describePolicy(policy: Policy): string {
  const describe = new Describer(policy);
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [
      `${policy.title} (${policy.programme} ${policy.version})`,
      [`Scores each ${policy.entity}.`, ...policy.rationale.split("\n").filter((line) => line !== "")],
    ],
    ["Parameters", policy.parameters.map((parameter) => describe.parameter(parameter))],
    ["Windows", policy.windows.map((window) => `${window.name}: ${windowText(window)}. Chosen once at each evaluation.`)],
    ["Metrics", policy.metrics.flatMap((metric) => describeMetric(metric, describe))],
    ["Scores", policy.scores.flatMap((score) => describe.score(score))],
    ["Ledgers", policy.ledgers.flatMap((ledger) => describeLedger(ledger, describe))],
    [
      "Conditions",
      policy.conditions.map(
        ({ name, expression }) =>
          `${name}: ${describe.expression(expression)}. Unknown while what it reads is missing, unless the rest decides.`,
      ),
    ],
    ["Tiers, best first", describe.tiers()],
    ["Movement", describe.movement()],
  ];
  return `${sections
    .filter(([, lines]) => lines.length > 0)
    .map(([heading, lines]) => `${heading}\n${lines.map((line) => `  ${line}`).join("\n")}`)
    .join("\n\n")}\n`;
}

/** Each ledger with its sentences, for pages that lead with what matters. Defaults are left out. */
export function describeLedgers(policy: Policy): readonly { readonly title: string; readonly sentences: readonly string[] }[] {
  const describe = new Describer(policy);
  return policy.ledgers.map((ledger) => ({
    title: ledger.title,
    sentences: describeLedger(ledger, describe)
      .map((line, index) => (index === 0 ? `Starts with ${describe.constant(ledger.start)}.` : line.trim()))
      .filter((sentence) => !sentence.includes("(default)")),
  }));
}

class Describer implements Sayer {
  readonly #policy: Policy;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  /** As written, with the value of each parameter beside its name. */
  expression(expression: Expression): string {
    return printExpression(expression, (reference) =>
      reference.to === "parameter" ? this.constant({ kind: "reference", to: "parameter", name: reference.name }) : reference.name,
    );
  }

  parameter(parameter: Policy["parameters"][number]): string {
    const { name, title } = parameter;
    if (parameter.by !== undefined) {
      const values = parameter.values.map(({ text, value }) => `${printLiteral({ ...parameter, value })} for '${text}'`);
      return `${name} depends on ${parameter.by.name}: ${values.join(", ")}: ${title}. Missing while ${parameter.by.name} is. It is fixed.`;
    }
    const value = printLiteral(parameter);
    const { range } = parameter;
    const movable =
      range === undefined
        ? "It is fixed (default: no range)."
        : `It may be moved from ${printLiteral({ ...parameter, value: range.lower })} to ${printLiteral({ ...parameter, value: range.upper })}.`;
    return `${name} is ${value}: ${title}. ${movable}`;
  }

  score(score: Score): readonly string[] {
    const rounding = `Rounded to ${score.round} decimal${score.round === 1 ? "" : "s"}${score.round === 6 ? " (default)" : ""} before anything reads it.`;
    const headline = score.name === this.#policy.headlineScore ? " It is the headline score." : "";
    if (score.kind === "curve") {
      const anchors = score.anchors.map(({ x, y }) => `${this.constant(x)} gives ${this.constant(y)}`).join(", ");
      const between = {
        linear: "straight lines between, flat outside",
        step: "each holds up to the next; below the first, the first holds",
        logistic: "the S-shaped curve from 0 to 100 through both",
      }[score.shape];
      return [
        `${score.name} (${score.title}): from ${score.from.name}: ${anchors}; ${between}. Missing when ${score.from.name} is.${headline}`,
        `  ${rounding}`,
      ];
    }
    if (score.kind === "value")
      return [`${score.name} (${score.title}): ${this.expression(score.expression)}, cut to 0 to 100.${headline}`, `  ${rounding}`];
    const parts = score.parts.map(({ score: part, weight }) => `${part} with weight ${this.constant(weight)}`).join(", ");
    return [
      `${score.name} (${score.title}): the weighted mean of ${parts}.${headline}`,
      `  ${this.#missingRule(score.missing)}`,
      `  ${rounding}`,
    ];
  }

  #missingRule(missing: Extract<Score, { kind: "weighted" }>["missing"]): string {
    switch (missing.kind) {
      case "propagate":
        return "Missing when any part is missing (default).";
      case "share-out":
        return "The weight of a missing part is shared out among the others; missing when all are.";
      case "neutral":
        return `A missing part counts as ${this.constant(missing.value)}.`;
    }
  }

  tiers(): readonly string[] {
    const { tiers, otherwise } = this.#policy;
    const lines = tiers.flatMap((tier) => this.#tier(tier));
    const rest =
      otherwise === undefined
        ? "Everyone has a tier of the ladder: the last one takes who is left."
        : `${otherwise}: who merits none of these. Off the ladder: entered and left at once, without counting.`;
    const caps = this.#policy.caps.map((cap) => describeCap(cap, this));
    return [...lines, rest, ...caps, "A condition that is unknown does not hold."];
  }

  #tier(tier: Tier): readonly string[] {
    const when = tier.when === undefined ? "always (default: no condition)" : `when ${this.expression(tier.when)}`;
    const consequences = consequenceKeys(tier.consequences).map(([key, text]) => `${key} ${text}`);
    const shortened =
      tier.shorten === undefined ? "" : ` Each ${tier.shorten.event} takes ${printDays(tier.shorten.days)} off a stay that still runs.`;
    const replaced = tier.replaces === undefined ? "" : ` It takes the place of ${tier.replaces.join(" and ")} of earlier versions.`;
    const hold =
      tier.holdDays === undefined ? "No least stay (default)." : `Once entered it is held for ${printDays(tier.holdDays)}.${shortened}`;
    return [
      `${tier.name} (${tier.title}): ${when}.`,
      `  ${tier.adverse ? "Adverse: it restricts." : "Not adverse (default)."} ${consequences.length === 0 ? "No consequences (default)." : `Consequences: ${consequences.join("; ")}.`}`,
      `  ${hold} ${tier.terminal ? "Never left." : "It can be left (default)."}${replaced}`,
    ];
  }

  movement(): readonly string[] {
    const { evaluate, start, promote, demote, shield, protect } = this.#policy.movement;
    return [
      `Evaluated ${calendarWords(evaluate)} at 00:00, from the periods that ended before.`,
      start === undefined
        ? "At the first evaluation the merited tier is held at once (default: no start tier)."
        : `Before the first evaluation ${start} is held; the first evaluation moves from there.`,
      `Up: ${stepWords(promote)}`,
      `Down: ${stepWords(demote)}`,
      shield === undefined
        ? "No shield for newcomers (default)."
        : `For ${printDays(shield.days)} from ${shield.since} no adverse tier is held; the lowest other tier is held instead, and evaluations count on.`,
      protect === undefined ? "No event protects (default)." : describeProtection(protect, this),
    ];
  }

  /** A number, or a parameter with its value. */
  constant(constant: Constant): string {
    if (constant.kind === "number") return printConstant(constant);
    const parameter = this.#policy.parameters.find((candidate) => candidate.name === constant.name);
    if (parameter === undefined) return constant.name;
    return `${constant.name} (${parameter.by === undefined ? printLiteral(parameter) : `by ${parameter.by.name}`})`;
  }
}

function calendarWords(calendar: EvaluationCalendar): string {
  if (calendar.kind === "first-weekday") return `on ${datesInWords(calendar)}`;
  return calendar.kind === "day-of-month"
    ? `on day ${calendar.dayOfMonth} of each month (the last day where a month is shorter)`
    : printCalendar(calendar);
}

function stepWords(step: Step): string {
  const after = step.after === 1 ? "after 1 evaluation on that side (default)" : `after ${step.after} consecutive evaluations on that side`;
  const by = step.by === undefined ? "any number of tiers (default)" : `at most ${step.by} tier${step.by === 1 ? "" : "s"} at a time`;
  return `${after}, ${by}.`;
}
