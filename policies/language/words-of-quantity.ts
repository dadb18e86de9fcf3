/** What changed in a parameter, window, metric or score, as one sentence. */

import type { Compared, FactPair } from "./compared.ts";
import { numberIn } from "./direction-of-condition.ts";
import type { Constant } from "./expression.ts";
import type { Metric, NamedWindow, Policy, Score } from "./policy.ts";
import { printConstant } from "./quantity.ts";
import { printOperand, printWindow } from "./window.ts";
import { conditionClauses, countVerbs, withValues } from "./words-of-condition.ts";

/** A value of a parameter by a text. Undefined: the plain sentence says it. */
export function parameterWords({ old, young }: FactPair): string | undefined {
  const { segments = [], subject = "" } = young ?? old ?? {};
  const [, , key, text] = segments;
  if (key !== "in") return undefined;
  if (young === undefined) return `${subject}: no longer a value for ${text} (was ${old?.text}).`;
  return old === undefined ? `${subject}: now ${young.text} for ${text}.` : `${subject}: for ${text} ${young.text} instead of ${old.text}.`;
}

/** `The window 'lookback' is 3 months from 400 orders instead of 500.` */
export function windowWords(name: string, { a, b }: Compared): string | undefined {
  const [old, young] = [a, b].map((policy) => policy.windows.find((window) => window.name === name));
  if (old === undefined || young === undefined) return undefined;
  const [before, after] = [partsOf(old), partsOf(young)];
  const [was, is] = [old.when.operator, young.when.operator];
  const clauses = [
    ...(before.usual === after.usual ? [] : [`${after.usual} ${after.from} instead of ${before.usual}`]),
    ...(before.from === after.from
      ? []
      : [`${after.usual} ${after.from} ${after.of} instead of ${was === is ? printConstant(old.when.count) : before.from}`]),
    ...(before.chosen === after.chosen ? [] : [`chosen ${after.chosen} instead of ${before.chosen}`]),
    ...(before.otherwise === after.otherwise ? [] : [`else ${after.otherwise} instead of ${before.otherwise}`]),
  ];
  return `The window '${name}' is ${clauses.join(", and ")}.`;
}

const operatorWords = { ">=": "from", ">": "above", "<": "below", "<=": "up to", "=": "at", "!=": "at anything but" } as const;

function partsOf({ then, when, otherwise }: NamedWindow) {
  const of = printOperand(when.of);
  return {
    usual: printWindow(then),
    from: `${operatorWords[when.operator]} ${printConstant(when.count)}`,
    of,
    chosen: `by ${of} over ${printWindow(when.over)}`,
    otherwise: printWindow(otherwise),
  };
}

/** Least volumes and which events count; the rest is said plainly. */
export function metricWords({ old, young }: FactPair, { a, b }: Compared): string | undefined {
  const [, name, key] = (young ?? old)?.segments ?? [];
  const [before, after] = [a, b].map((policy) => policy.metrics.find((metric) => metric.name === name));
  const title = (after ?? before)?.title ?? "";
  if (key === "at_least" && old === undefined) return `'${title}' now asks for at least ${young?.text}.`;
  if (key === "at_least" && young === undefined) return `'${title}' no longer asks for at least ${old?.text}.`;
  if (key === "within") return withinWords(title, old?.text, young?.text);
  if (key === "wilson" && old !== undefined && young !== undefined)
    return `'${title}' takes the ${endText(young.text)} of its Wilson interval instead of the ${endText(old.text)}.`;
  if (key !== "where") return undefined;
  const [from, to] = [whereOf(before), whereOf(after)];
  if (from === undefined && to !== undefined) return `'${title}' now counts only events with ${withValues(to, b)}.`;
  if (to === undefined && from !== undefined) return `'${title}' now counts all events, not only those with ${withValues(from, a)}.`;
  return `'${title}' ${conditionClauses(from, to, countVerbs, { a, b })}.`;
}

/** `lower 95 %` -> `lower end at 95 %`. */
function endText(text: string): string {
  return text.replace(" ", " end at ");
}

/** Bounds that are new, gone or others. */
export function withinWords(title: string, old: string | undefined, young: string | undefined): string {
  if (young === undefined) return `'${title}' is no longer kept within ${old}.`;
  return old === undefined ? `'${title}' is now kept within ${young}.` : `'${title}' is kept within ${young} instead of ${old}.`;
}

function whereOf(metric: Metric | undefined) {
  return metric !== undefined && "where" in metric ? metric.where : undefined;
}

/** Curves by the anchors that moved, weights with their share of the whole, missing parts, decimals. */
export function scoreWords({ old, young }: FactPair, compared: Compared): string | undefined {
  const { a, b } = compared;
  const [, name, key, detail = ""] = (young ?? old)?.segments ?? [];
  const [before, after] = [a, b].map((policy) => policy.scores.find((score) => score.name === name));
  if (before === undefined || after === undefined) return undefined;
  const { title } = after;
  if (before.kind === "curve" && after.kind === "curve" && (key === "curve" || key === "step" || key === "logistic"))
    return `'${title}': ${curveClauses(before, after, compared)}.`;
  if (before.kind === "weighted" && after.kind === "weighted") {
    if (key === "weighted") return weightWords({ title, part: detail, before, after }, compared);
    if (key === "missing") {
      const [is, being] = [ruleWords(after.missing)[0], ruleWords(before.missing)[1]];
      return `With a part missing '${title}' ${is} instead of ${being}.`;
    }
  }
  if (key === "round") return `'${title}' is rounded to ${after.round} decimal${after.round === 1 ? "" : "s"} instead of ${before.round}.`;
  return undefined;
}

type Curve = Extract<Score, { kind: "curve" }>;
type Weighted = Extract<Score, { kind: "weighted" }>;

/** `at 2 % it gives 80 instead of 85, and it gives 0 at 10 % instead of at 8 %`. */
function curveClauses(before: Curve, after: Curve, { a, b }: Compared): string {
  const [old, young] = [anchorsOf(before, a), anchorsOf(after, b)];
  const xs = new Set(old.map(({ x }) => x).filter((x) => young.some((anchor) => anchor.x === x)));
  const atSame = young.flatMap(({ x, y }) => {
    const from = xs.has(x) ? old.find((anchor) => anchor.x === x)?.y : undefined;
    return from === undefined || from === y ? [] : [`at ${x} it gives ${y} instead of ${from}`];
  });
  const [lost, found] = [old.filter(({ x }) => !xs.has(x)), young.filter(({ x }) => !xs.has(x))];
  const shifted: string[] = [];
  const gone = lost.filter(({ x, y }) => {
    const at = found.findIndex((anchor) => anchor.y === y);
    if (at < 0) return true;
    shifted.push(`it gives ${y} at ${found[at]?.x} instead of at ${x}`);
    found.splice(at, 1);
    return false;
  });
  const clauses = [
    ...atSame,
    ...shifted,
    ...found.map(({ x, y }) => `at ${x} it now gives ${y}`),
    ...gone.map(({ x, y }) => `it no longer turns at ${x} (was ${y})`),
  ];
  return clauses.join(", and ");
}

function anchorsOf({ anchors }: Curve, policy: Policy): readonly { readonly x: string; readonly y: string }[] {
  return anchors.map(({ x, y }) => ({ x: withValues(x, policy), y: withValues(y, policy) }));
}

interface WeightChange {
  readonly title: string;
  readonly part: string;
  readonly before: Weighted;
  readonly after: Weighted;
}

function weightWords({ title, part, before, after }: WeightChange, { a, b }: Compared): string {
  const [old, young] = [weightIn(before, part, a), weightIn(after, part, b)];
  if (old === undefined)
    return `'${title}' now also weighs '${part}', with ${young?.text}${young?.share === undefined ? "" : ` (${young.share} of the whole)`}.`;
  if (young === undefined)
    return `'${title}' no longer weighs '${part}' (was ${old.text}${old.share === undefined ? "" : `, ${old.share} of the whole`}).`;
  // Weights of 100 in all are their own percentages.
  if (old.share === `${old.text} %` && young.share === `${young.text} %`)
    return `'${part}' weighs ${young.share} of '${title}' instead of ${old.share}.`;
  const shares = old.share === undefined || young.share === undefined ? "" : ` (${young.share} instead of ${old.share} of the whole)`;
  return `The weight of '${part}' in '${title}' is ${young.text} instead of ${old.text}${shares}.`;
}

function weightIn(score: Weighted, name: string, policy: Policy): { readonly text: string; readonly share?: string } | undefined {
  const numbers = score.parts.map(({ weight }) => numberIn(weight, policy));
  const at = score.parts.findIndex((part) => part.score === name);
  const [part, own] = [score.parts[at], numbers[at]];
  if (part === undefined) return undefined;
  const text = withValues(part.weight, policy);
  const whole = numbers.reduce<number | undefined>(
    (sum, number) => (sum === undefined || number === undefined ? undefined : sum + number),
    0,
  );
  return own === undefined || whole === undefined || whole === 0 ? { text } : { text, share: percent(own / whole) };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1).replace(/\.0$/, "")} %`;
}

/** What a score does with a missing part, as a verb and as its gerund. */
function ruleWords(missing: Weighted["missing"]): readonly [string, string] {
  switch (missing.kind) {
    case "propagate":
      return ["is missing too", "being missing too"];
    case "share-out":
      return ["shares its weight out", "sharing its weight out"];
    case "neutral": {
      const value: Constant = missing.value;
      return [`takes ${printConstant(value)} for it`, `taking ${printConstant(value)} for it`];
    }
  }
}
