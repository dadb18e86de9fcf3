/** A policy as a flat list of facts by path: what a diff compares. */
import type { Metric, Parameter, Policy, Score, Step, Tier } from "./policy.ts";
import { printExpression } from "./print-expression.ts";
import { consequenceKeys, printCalendar, printDays } from "./print-policy.ts";
import { printConstant, printLiteral } from "./quantity.ts";
import { printWindow } from "./window.ts";

/** One line of a policy. */
export interface Fact {
  /** The canonical text. */
  readonly text: string;
  /** In words, to start a sentence with. */
  readonly subject: string;
  /** What holds when the line is left out. */
  readonly unsaid?: string;
  readonly isLong?: true;
}

/** All facts by path, in the order of the language. */
export function factsOf(policy: Policy): ReadonlyMap<string, Fact> {
  const facts = new Map<string, Fact>();
  const add = (path: string, subject: string, text: string | undefined, more: Pick<Fact, "unsaid" | "isLong"> = {}): void => {
    if (text !== undefined) facts.set(path, { text, subject, ...more });
  };
  add("programme", "The programme", policy.programme);
  add("title", "The title", policy.title);
  add("entity", "What is scored", policy.entity);
  add("rationale", "The rationale", policy.rationale, { isLong: true });
  for (const parameter of policy.parameters) addParameter(parameter, add);
  for (const metric of policy.metrics) addMetric(metric, add);
  for (const score of policy.scores) addScore(score, add);
  for (const { name, expression } of policy.conditions) add(`conditions.${name}`, `The condition '${name}'`, printExpression(expression));
  add("tiers", "The order of the tiers", policy.tiers.map((tier) => tier.name).join(", "));
  for (const tier of policy.tiers) addTier(tier, add);
  add("otherwise", "The tier off the ladder", policy.otherwise);
  addMovement(policy, add);
  return facts;
}

type Add = (path: string, subject: string, text: string | undefined, more?: Pick<Fact, "unsaid" | "isLong">) => void;

function addParameter(parameter: Parameter, add: Add): void {
  const path = `parameters.${parameter.name}`;
  const print = (value: number): string => printLiteral({ ...parameter, value });
  add(`${path}.value`, parameter.title, print(parameter.value));
  add(
    `${path}.range`,
    `The range of '${parameter.name}'`,
    parameter.range === undefined ? undefined : `${print(parameter.range.lower)} to ${print(parameter.range.upper)}`,
    { unsaid: "fixed" },
  );
  add(`${path}.title`, `The title of '${parameter.name}'`, parameter.title);
}

function addMetric(metric: Metric, add: Add): void {
  const path = `metrics.${metric.name}`;
  const { title } = metric;
  switch (metric.kind) {
    case "share":
      add(`${path}.share`, title, `${printExpression(metric.part)} of ${printExpression(metric.whole)}`);
      break;
    case "mean":
      add(`${path}.mean`, title, `${printExpression(metric.sum)} per ${printExpression(metric.count)}`);
      break;
    case "sum":
      add(`${path}.sum`, title, `the total of ${printExpression(metric.of)}`);
      break;
    case "count":
      add(`${path}.count`, title, `the count of ${metric.event}`);
      break;
    case "last":
      add(`${path}.last`, title, `the last ${metric.measure}`);
      break;
    case "since":
      add(`${path}.since`, title, `days since ${metric.attribute}`);
      break;
    case "value":
      add(`${path}.value`, title, printExpression(metric.expression));
      break;
  }
  if ("over" in metric) add(`${path}.over`, `The window of '${title}'`, printWindow(metric.over));
  if ("atLeast" in metric && metric.atLeast !== undefined) {
    add(
      `${path}.at_least`,
      `The least volume of '${title}'`,
      `${printConstant(metric.atLeast.count)} ${printExpression(metric.atLeast.of)}`,
      { unsaid: "none" },
    );
  }
  if (metric.kind === "share" && metric.shrink !== undefined) {
    const { prior, strength } = metric.shrink;
    add(
      `${path}.shrink`,
      `The shrinking of '${title}'`,
      `towards ${printConstant(prior)} with ${printConstant(strength)} ${printExpression(metric.whole)}`,
      { unsaid: "none" },
    );
  }
  add(`${path}.title`, `The title of '${metric.name}'`, title);
}

function addScore(score: Score, add: Add): void {
  const path = `scores.${score.name}`;
  const { title } = score;
  if (score.kind === "curve") {
    add(`${path}.from`, `What '${title}' reads`, score.from.name);
    const anchors = score.anchors.map(({ x, y }) => `${printConstant(x)} -> ${printConstant(y)}`).join(", ");
    add(
      `${path}.${score.shape === "linear" ? "curve" : "step"}`,
      `The ${score.shape === "linear" ? "curve" : "steps"} of '${title}'`,
      `[${anchors}]`,
    );
  } else {
    for (const { score: part, weight } of score.parts)
      add(`${path}.weighted.${part}`, `The weight of '${part}' in '${title}'`, printConstant(weight));
    const { missing } = score;
    const rule = missing.kind === "propagate" ? undefined : missing.kind === "share-out" ? "share out" : printConstant(missing.value);
    add(`${path}.missing`, `What '${title}' does with a missing part`, rule, { unsaid: "to be missing itself" });
  }
  add(`${path}.round`, `The decimals of '${title}'`, String(score.round));
  add(`${path}.title`, `The title of '${score.name}'`, title);
}

function addTier(tier: Tier, add: Add): void {
  const path = `tiers.${tier.name}`;
  add(`${path}.title`, `The title of '${tier.name}'`, tier.title);
  add(`${path}.when`, `What ${tier.name} asks for`, tier.when === undefined ? "nothing" : printExpression(tier.when));
  add(`${path}.adverse`, `Whether ${tier.name} is adverse`, String(tier.adverse));
  for (const [key, text] of consequenceKeys(tier.consequences))
    add(`${path}.consequences.${key}`, `${consequenceNames[key] ?? key} in ${tier.name}`, text, { unsaid: "left as it is" });
  add(`${path}.hold`, `The least stay in ${tier.name}`, tier.holdDays === undefined ? undefined : printDays(tier.holdDays), {
    unsaid: "none",
  });
  add(`${path}.terminal`, `Whether ${tier.name} is for ever`, String(tier.terminal));
}

const consequenceNames: Readonly<Record<string, string>> = {
  traffic: "Traffic",
  payout: "Payout",
  orders: "The cap of orders",
  fee: "The fee",
};

function addMovement(policy: Policy, add: Add): void {
  const { evaluate, start, promote, demote, shield } = policy.movement;
  add("movement.evaluate", "The evaluation", printCalendar(evaluate));
  add("movement.start", "The tier before the first evaluation", start, { unsaid: "left open" });
  addStep("promote", "Promotion", promote, add);
  addStep("demote", "Demotion", demote, add);
  add("movement.shield", "The shield of newcomers", shield === undefined ? undefined : `${printDays(shield.days)} since ${shield.since}`, {
    unsaid: "none",
  });
}

function addStep(key: string, word: string, step: Step, add: Add): void {
  add(`movement.${key}.after`, word, `after ${step.after} evaluation${step.after === 1 ? "" : "s"}`);
  add(`movement.${key}.by`, `${word} at a time`, step.by === undefined ? undefined : `${step.by} tier${step.by === 1 ? "" : "s"}`, {
    unsaid: "any number of tiers",
  });
}
