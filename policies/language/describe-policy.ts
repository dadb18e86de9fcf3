/** Policy -> every line and every default in plain words: `policy explain`. */
import type { Constant, Expression } from "./expression.ts";
import type { AtLeast, EvaluationCalendar, Metric, Policy, Score, Step, Tier, Window } from "./policy.ts";
import { printExpression } from "./print-expression.ts";
import { consequenceKeys, printCalendar, printDays } from "./print-policy.ts";
import { printConstant, printLiteral } from "./quantity.ts";
import { printWindow } from "./window.ts";

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
    ["Metrics", policy.metrics.flatMap((metric) => describe.metric(metric))],
    ["Scores", policy.scores.flatMap((score) => describe.score(score))],
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

class Describer {
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
    const value = printLiteral(parameter);
    const { range, name, title } = parameter;
    const movable =
      range === undefined
        ? "It is fixed (default: no range)."
        : `It may be moved from ${printLiteral({ ...parameter, value: range.lower })} to ${printLiteral({ ...parameter, value: range.upper })}.`;
    return `${name} is ${value}: ${title}. ${movable}`;
  }

  metric(metric: Metric): readonly string[] {
    const first = `${metric.name} (${metric.title}, in ${unitWords[metric.unit]}): ${this.#metricMeaning(metric)}`;
    if (metric.kind !== "share" && metric.kind !== "mean" && metric.kind !== "sum") return [first];
    const least = this.#atLeast(metric.atLeast, metric.kind);
    if (metric.kind !== "share") return [first, `  ${least}`];
    const { shrink } = metric;
    const lean =
      shrink === undefined
        ? "Small volumes are taken as they are (default: no shrinking)."
        : `It leans towards ${this.constant(shrink.prior)} as if ${this.constant(shrink.strength)} more cases at that share had been seen.`;
    return [first, `  ${least}`, `  ${lean}`];
  }

  #metricMeaning(metric: Metric): string {
    switch (metric.kind) {
      case "share":
        return `${printExpression(metric.part)} as a share of ${printExpression(metric.whole)}, ${windowWords(metric.over)}. Missing when the whole is 0.`;
      case "mean":
        return `${printExpression(metric.sum)} per ${printExpression(metric.count)}, ${windowWords(metric.over)}. Missing when the count is 0.`;
      case "sum":
        return `the total of ${printExpression(metric.of)}, ${windowWords(metric.over)}.`;
      case "count":
        return `events of kind '${metric.event}', each from the day that it was known, ${windowWords(metric.over)}. None is 0.`;
      case "last":
        return `${metric.measure} as it last stood. Missing when the panel has none.`;
      case "since":
        return `whole days from ${metric.attribute} to the evaluation. Missing without that day, or before it.`;
      case "value":
        return `${this.expression(metric.expression)}. Missing when a part is missing, or after a division by 0.`;
    }
  }

  #atLeast(atLeast: AtLeast | undefined, kind: "share" | "mean" | "sum"): string {
    if (atLeast !== undefined)
      return `With fewer than ${this.constant(atLeast.count)} ${printExpression(atLeast.of)} in the window it is missing, not 0.`;
    return kind === "sum"
      ? "Without any rows in the window it is 0 (default: no least volume)."
      : "Any volume above 0 is enough (default: no least volume).";
  }

  score(score: Score): readonly string[] {
    const rounding = `Rounded to ${score.round} decimal${score.round === 1 ? "" : "s"}${score.round === 6 ? " (default)" : ""} before anything reads it.`;
    const headline = score.name === this.#policy.headlineScore ? " It is the headline score." : "";
    if (score.kind === "curve") {
      const anchors = score.anchors.map(({ x, y }) => `${this.constant(x)} gives ${this.constant(y)}`).join(", ");
      const between =
        score.shape === "linear" ? "straight lines between, flat outside" : "each holds up to the next; below the first, the first holds";
      return [
        `${score.name} (${score.title}): from ${score.from.name}: ${anchors}; ${between}. Missing when ${score.from.name} is.${headline}`,
        `  ${rounding}`,
      ];
    }
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
    return [...lines, rest, "A condition that is unknown does not hold."];
  }

  #tier(tier: Tier): readonly string[] {
    const when = tier.when === undefined ? "always (default: no condition)" : `when ${this.expression(tier.when)}`;
    const consequences = consequenceKeys(tier.consequences).map(([key, text]) => `${key} ${text}`);
    const hold = tier.holdDays === undefined ? "No least stay (default)." : `Once entered it is held for ${printDays(tier.holdDays)}.`;
    return [
      `${tier.name} (${tier.title}): ${when}.`,
      `  ${tier.adverse ? "Adverse: it restricts." : "Not adverse (default)."} ${consequences.length === 0 ? "No consequences (default)." : `Consequences: ${consequences.join("; ")}.`}`,
      `  ${hold} ${tier.terminal ? "Never left." : "It can be left (default)."}`,
    ];
  }

  movement(): readonly string[] {
    const { evaluate, start, promote, demote, shield } = this.#policy.movement;
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
    ];
  }

  /** A number, or a parameter with its value. */
  constant(constant: Constant): string {
    if (constant.kind === "number") return printConstant(constant);
    const parameter = this.#policy.parameters.find((candidate) => candidate.name === constant.name);
    return parameter === undefined ? constant.name : `${constant.name} (${printLiteral(parameter)})`;
  }
}

const unitWords = {
  number: "plain numbers",
  count: "counts",
  share: "%",
  money: "money",
  points: "points",
  days: "days",
  hours: "hours",
} as const;

/** `over the last 28 days`. */
function windowWords(window: Window): string {
  switch (window.kind) {
    case "days":
      return `over the whole periods inside the last ${printWindow(window)}`;
    case "periods":
      return `over the last ${printWindow(window)}`;
    case "calendar":
      return `over the last ${window.count === 1 ? `whole calendar ${window.unit}` : `${window.count} whole calendar ${window.unit}s`}`;
    case "lifetime":
      return "since the first period";
  }
}

function calendarWords(calendar: EvaluationCalendar): string {
  return calendar.kind === "day-of-month"
    ? `on day ${calendar.dayOfMonth} of each month (the last day where a month is shorter)`
    : printCalendar(calendar);
}

function stepWords(step: Step): string {
  const after = step.after === 1 ? "after 1 evaluation on that side (default)" : `after ${step.after} consecutive evaluations on that side`;
  const by = step.by === undefined ? "any number of tiers (default)" : `at most ${step.by} tier${step.by === 1 ? "" : "s"} at a time`;
  return `${after}, ${by}.`;
}
