/** A policy at a glance: its ladder, what the headline score is made of, and how tiers move. */
import {
  type Constant,
  constantValues,
  describeLedgers,
  type Expression,
  type Policy,
  printCalendar,
  printConstant,
  printExpression,
  type Score,
  type Tier,
} from "../../policies/language/index.ts";
import { tierColours } from "../charts/index.ts";
import { capitalise, countInWords, countOf, formatNumber, formatShare } from "../formats/index.ts";

/** What the page of a version leads with. Tiers best first; `weights` from the headline score down, each part below its whole. */
export interface PolicyGlance {
  readonly ladder: readonly {
    readonly title: string;
    readonly colour: string;
    readonly when: string;
    readonly consequences: string;
    readonly remarks: string;
  }[];
  /** Named conditions that tiers ask for. */
  readonly conditions: readonly { readonly title: string; readonly words: string }[];
  readonly headline: string;
  readonly weights: readonly {
    readonly title: string;
    readonly depth: number;
    /** Of its whole, 0 to 1. */
    readonly share: number;
    /** Of the headline score, 0 to 1, when nothing is missing. */
    readonly ofHeadline: number;
    readonly reads: string;
  }[];
  readonly movement: readonly string[];
  /** What adds and deducts points, how they end, and their bounds: one sentence each. */
  readonly ledgers: readonly { readonly title: string; readonly sentences: readonly string[] }[];
}

/** Reads off a checked policy what decides most. */
export function policyGlance(policy: Policy): PolicyGlance {
  const headline = policy.scores.find((score) => score.name === policy.headlineScore);
  return {
    ladder: ladderOf(policy),
    conditions: policy.conditions.map(({ title, expression }) => ({ title, words: expressionWords(policy, expression) })),
    headline: headline?.title ?? "",
    weights: headline === undefined ? [] : weightsOf(policy, headline, 1, 0),
    movement: movementOf(policy),
    ledgers: describeLedgers(policy),
  };
}

function ladderOf(policy: Policy): PolicyGlance["ladder"] {
  const views = [
    ...policy.tiers.map(({ name, adverse }) => ({ name, adverse, unrated: false })),
    ...(policy.otherwise === undefined ? [] : [{ name: policy.otherwise, adverse: false, unrated: true }]),
  ];
  const colours = tierColours(views);
  const colourOf = (name: string) => colours.get(name) ?? "unrated";
  const rungs = policy.tiers.map((tier) => ({
    title: tier.title,
    colour: colourOf(tier.name),
    when: tier.when === undefined ? "everyone else" : expressionWords(policy, tier.when),
    consequences: consequencesOf(tier),
    remarks: remarksOf(tier),
  }));
  if (policy.otherwise === undefined) return rungs;
  const rest = {
    title: capitalise(policy.otherwise.replaceAll("_", " ")),
    colour: colourOf(policy.otherwise),
    when: "none of these holds",
    consequences: "none",
    remarks: "off the ladder",
  };
  return [...rungs, rest];
}

function consequencesOf({ consequences: { traffic, payoutDays, ordersPerDayMax, fee } }: Tier): string {
  const parts = [
    ...(traffic === undefined ? [] : [`traffic × ${plain(traffic)}`]),
    ...(payoutDays === undefined ? [] : [`payout after ${countOf(payoutDays, "day")}`]),
    ...(ordersPerDayMax === undefined ? [] : [`at most ${countOf(ordersPerDayMax, "order")} a day`]),
    ...(fee === undefined ? [] : [`fee ${plain(fee * 100)}\u00a0%`]),
  ];
  return parts.length === 0 ? "none" : parts.join("; ");
}

function remarksOf(tier: Tier): string {
  return [
    ...(tier.adverse ? ["adverse"] : []),
    ...(tier.holdDays === undefined ? [] : [`held for at least ${countOf(tier.holdDays, "day")}`]),
    ...(tier.shorten === undefined
      ? []
      : [`${countOf(tier.shorten.days, "day")} less for each ${tier.shorten.event.replaceAll("_", " ")}`]),
    ...(tier.terminal ? ["never left"] : []),
  ].join("; ");
}

/** As the language prints it, with titles for names and words for signs; a parameter is its value. */
function expressionWords(policy: Policy, expression: Expression): string {
  const printed = printExpression(expression, ({ to, name }) => {
    const parameter = policy.parameters.find((candidate) => candidate.name === name);
    if (to === "parameter" && parameter !== undefined) {
      if (parameter.by !== undefined) return `${parameter.title} by ${parameter.by.name.replaceAll("_", " ")}`;
      const { value, unit, currency } = parameter;
      return printExpression({ kind: "number", value, unit, ...(currency === undefined ? {} : { currency }) });
    }
    if (to === "today") return "the evaluation date";
    const named = [...policy.metrics, ...policy.scores, ...policy.ledgers, ...policy.conditions];
    const isDefined = to === "metric" || to === "score" || to === "ledger" || to === "condition";
    return (isDefined ? named.find((candidate) => candidate.name === name)?.title : undefined) ?? name;
  });
  return signs.reduce((text, [sign, words]) => text.replaceAll(` ${sign} `, ` ${words} `), printed);
}

const signs = [
  [">=", "is at least"],
  ["<=", "is at most"],
  ["!=", "is not"],
  [">", "is above"],
  ["<", "is below"],
  ["=", "is"],
] as const;

/** Parts of a weighted score, each followed by its own parts. A score that several wholes share stands under each. */
function weightsOf(policy: Policy, score: Score, ofHeadline: number, depth: number): PolicyGlance["weights"] {
  if (score.kind !== "weighted") return [];
  const weights = score.parts.map(({ weight }) => firstValue(policy, weight));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return score.parts.flatMap((part, index) => {
    const share = all === 0 ? 0 : (weights[index] ?? 0) / all;
    const own = policy.scores.find((candidate) => candidate.name === part.score);
    if (own === undefined) return [];
    const row = { title: own.title, depth, share, ofHeadline: ofHeadline * share, reads: readsOf(policy, own) };
    return [row, ...weightsOf(policy, own, ofHeadline * share, depth + 1)];
  });
}

/** A parameter by a text stands with the number for its first text; the weights that follow are then an example. */
function firstValue(policy: Policy, constant: Constant): number {
  return constantValues(policy, constant)[0] ?? 0;
}

function readsOf(policy: Policy, score: Score): string {
  if (score.kind === "weighted") return "";
  if (score.kind === "value") return expressionWords(policy, score.expression);
  const { to, name } = score.from;
  const source = (to === "metric" ? policy.metrics : policy.scores).find((candidate) => candidate.name === name);
  return source?.title ?? name;
}

function movementOf({ movement, caps }: Policy): readonly string[] {
  const { evaluate, promote, demote, shield, start, protect } = movement;
  const step = ({ after, by }: typeof promote) =>
    `${after === 1 ? "at once" : `after ${countInWords(after)} evaluations in a row`}, ${by === undefined ? "any number of tiers" : `at most ${by === 1 ? "one tier" : `${countInWords(by)} tiers`} at a time`}`;
  return [
    `Evaluated ${calendarWords(evaluate)}.`,
    ...caps.map(({ tier, when }) => `Nobody is better than ${tier} while ${printExpression(when)}.`),
    `Up: ${step(promote)}.`,
    `Down: ${step(demote)}.`,
    ...(start === undefined ? [] : [`Before the first evaluation: ${start}.`]),
    ...(shield === undefined
      ? []
      : [`No adverse tier for ${countOf(shield.days, "day")} from ‘${shield.since.replaceAll("_", " ")}’: the lowest other tier is held.`]),
    ...(protect === undefined
      ? []
      : [`After each ‘${protect.event.replaceAll("_", " ")}’ no tier below ${protect.tier} ${protectionEnd(protect)}.`]),
  ];
}

function protectionEnd({ days, until }: NonNullable<Policy["movement"]["protect"]>): string {
  return [
    ...(days === undefined ? [] : [`for ${countOf(days, "day")}`]),
    ...(until === undefined ? [] : [`until ${printConstant(until.count)} ${printExpression(until.of)}`]),
  ].join(", or ");
}

function calendarWords(evaluate: Policy["movement"]["evaluate"]): string {
  if (evaluate.kind === "day-of-month") return `on day ${evaluate.dayOfMonth} of each month`;
  return evaluate.kind === "first-weekday" ? `on the ${printCalendar(evaluate)}` : printCalendar(evaluate);
}

/** As few decimals as say it. */
function plain(value: number): string {
  return formatNumber(value, 6).replace(/\.?0+$/, "");
}

/** A share for the ladder of weights: whole per cents unless it has a half. */
export function weightWords(share: number): string {
  return formatShare(share, Number.isInteger(Math.round(share * 1e6) / 1e4) ? 0 : 1);
}
