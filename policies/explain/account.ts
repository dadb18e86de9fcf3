/** A trace as a plain-text account, fit to send to the entity that it is about. */
import type { ValueUnit } from "../language/index.ts";
import { sayDate, sayNumber } from "./say-number.ts";
import type { ClaimTrace, EvaluationTrace, MetricTrace, MovementReason, ScoreTrace, TierTrace, Trace } from "./trace.ts";

/**
 * The account: which tier and why, what was measured over which days, how the scores came about, what each better tier asks
 * for, and what carries over to the next evaluation. Plain text, lines separated by newlines, no line wrapped.
 */
export function accountOf(trace: Trace): string {
  const heading = `${trace.title}, version ${trace.version}: ${plainEntity(trace.entity)} on ${sayDate(trace.day)}`;
  const { evaluation } = trace;
  if (trace.status === "not in frame") return lines(heading, "", "There is no record of activity for this day, so there is no tier.");
  if (evaluation === undefined) {
    return lines(heading, "", `No evaluation has taken place yet. Until the first one the tier is ${trace.held ?? "not set"}.`);
  }
  return lines(
    heading,
    "",
    answer(evaluation, trace),
    "",
    "What was measured",
    ...evaluation.metrics.map((metric) => `- ${sayMetric(metric, trace.currency)}`),
    ...section(
      "How it was scored",
      evaluation.scores.map((score) => `- ${sayScore(score, evaluation.metrics, trace.currency)}`),
    ),
    "",
    "How the tier follows",
    ...evaluation.tiers.filter((tier) => tier.tried).flatMap((tier) => sayTier(tier)),
    ...(evaluation.tiers.some((tier) => tier.value === true) ? [] : [`- No tier's condition holds, which means ${evaluation.merited}.`]),
    "",
    "What carries over to the next evaluation",
    ...sayState(evaluation, trace).map((sentence) => `- ${sentence}`),
  );
}

function answer(evaluation: EvaluationTrace, trace: Trace): string {
  const { on, held, merited, score } = evaluation;
  const scored = score === undefined ? "" : ` The score was ${sayNumber(score, "number")}.`;
  const when = `At the evaluation of ${sayDate(on)}, which looked at everything up to ${sayDate(evaluation.period)},`;
  const numbers =
    held === merited
      ? `${when} the numbers merited ${merited}, and ${merited} is held.`
      : `${when} the numbers merited ${merited}; ${held} is held.`;
  return `${numbers}${scored} ${reasonWords[evaluation.reason](evaluation, trace)}`;
}

const reasonWords: Readonly<Record<MovementReason, (evaluation: EvaluationTrace, trace: Trace) => string>> = {
  terminal: ({ held }) => `${held} is final: it is never left.`,
  unrated: ({ held }) => `${held} means that there is too little to judge by; it begins and ends at once, without counting.`,
  "first evaluation": () => "Nothing rated came before this evaluation, so what it merits is held at once.",
  "same tier": () => "That is the tier held before, so nothing changes and no count runs.",
  "counting up": ({ after, held }, { movement }) =>
    `A better tier than ${held} was merited ${times(after.promoteCount)} in a row; it takes ${movement.promoteAfter} in a row to move up.`,
  "counting down": ({ after, held }, { movement }) =>
    `A worse tier than ${held} was merited ${times(after.demoteCount)} in a row; it takes ${movement.demoteAfter} in a row to move down.`,
  promoted: ({ before, held }, { movement }) =>
    `Moved up from ${before.held ?? "none"} to ${held}, after ${evaluations(movement.promoteAfter)} in a row that merited better${stepWords(movement.promoteBy)}.`,
  demoted: ({ before, held }, { movement }) =>
    `Moved down from ${before.held ?? "none"} to ${held}, after ${evaluations(movement.demoteAfter)} in a row that merited worse${stepWords(movement.demoteBy)}.`,
  hold: ({ held, after }) => `${held} lasts a set time once it is entered: until ${untilOf(after.holds, held)}.`,
  shield: ({ held, shield }) =>
    `New entities are shielded${shield === undefined ? "" : ` until ${sayDate(shield.until)}`}: a restricting tier is turned away, and ${held} is held instead.`,
};

function sayMetric(metric: MetricTrace, currency: string | undefined): string {
  const why = metric.atLeast?.met === false || metric.missing === undefined ? "" : ` (${metric.missing})`;
  const value = metric.value === undefined ? `not known${why}` : sayNumber(metric.value, metric.unit, currency);
  return `${metric.title}: ${value}${details(metric, currency)}.`;
}

function details(metric: MetricTrace, currency: string | undefined): string {
  const parts: string[] = [];
  if (metric.numerator !== undefined && metric.denominator !== undefined) {
    const [top, bottom] = [metric.numeratorUnit ?? "number", metric.denominatorUnit ?? "number"];
    const operands = [sayNumber(metric.numerator, top, currency), sayNumber(metric.denominator, bottom, currency)];
    parts.push(operands.join(metric.kind === "share" ? " of " : " over "));
  }
  if (metric.shrink !== undefined) {
    const { prior, strength, raw } = metric.shrink;
    const [own, drawn] = [sayNumber(raw, metric.unit, currency), sayNumber(prior, metric.unit, currency)];
    parts.push(`${own} by itself, drawn towards ${drawn} as if ${sayPlain(strength)} more had been seen`);
  }
  if (metric.atLeast !== undefined) {
    const { sum, count, unit, met } = metric.atLeast;
    const [needed, found] = [sayNumber(count, unit, currency), sayNumber(sum, unit, currency)];
    parts.push(`at least ${needed} are needed and there were ${found}${met ? "" : ": too few to judge"}`);
  }
  if (metric.words !== undefined) parts.push(metric.words);
  if (metric.window !== undefined) parts.push(sayWindow(metric));
  return parts.length === 0 ? "" : `; ${parts.join("; ")}`;
}

function sayWindow({ kind, window, events }: MetricTrace): string {
  if (window === undefined) return "";
  if (kind === "last") return `as it stood on ${sayDate(window.to)}`;
  if (kind === "since") return `from ${sayDate(window.from)} to ${sayDate(window.to)}`;
  const known = (events ?? []).map((event) => sayDate(event.knownOn));
  return `from ${sayDate(window.from)} to ${sayDate(window.to)}${known.length === 0 ? "" : `, known on ${known.join(", ")}`}`;
}

function sayScore(score: ScoreTrace, metrics: readonly MetricTrace[], currency: string | undefined): string {
  const value = score.value === undefined ? "not known" : sayNumber(score.value, "number");
  if (score.kind === "curve") {
    const metric = score.from.to === "metric" ? metrics.find((candidate) => candidate.name === score.from.name) : undefined;
    return `${score.title}: ${value}${sayCurve(score, metric?.title ?? score.from.name, metric?.unit ?? "number", currency)}.`;
  }
  const weights = score.parts.map((part) => part.weight);
  const total = weights.reduce((a, b) => a + b, 0);
  const parts = score.parts.map((part) => {
    const share = total === 0 ? "" : ` (weight ${sayNumber(part.weight / total, "share")})`;
    if (part.used === undefined) return `${part.title} left out, not known${share}`;
    return `${part.title} ${sayNumber(part.used, "number")}${part.value === undefined ? " standing in, not known" : ""}${share}`;
  });
  return `${score.title}: ${value}, from ${parts.join(", ")}.`;
}

function sayCurve(score: Extract<ScoreTrace, { kind: "curve" }>, title: string, unit: ValueUnit, currency: string | undefined): string {
  if (score.input === undefined || score.segment === undefined) return "";
  const say = (x: number): string => sayNumber(x, unit, currency);
  const from = `, because ${title} is ${say(score.input)}`;
  const { segment } = score;
  switch (segment.kind) {
    case "below":
      return `${from} (below ${say(segment.x)} always ${sayPlain(segment.y)})`;
    case "above":
      return `${from} (from ${say(segment.x)} on always ${sayPlain(segment.y)})`;
    case "step":
      return `${from} (from ${say(segment.x)} on ${sayPlain(segment.y)})`;
    case "between":
      return `${from} (${say(segment.x0)} gives ${sayPlain(segment.y0)}, ${say(segment.x1)} gives ${sayPlain(segment.y1)})`;
  }
}

function sayTier(tier: TierTrace): readonly string[] {
  if (tier.words === undefined) return [`- ${tier.title}: for everyone else.`];
  const outcome = tier.value === undefined ? "cannot be decided, so it does not apply" : tier.value ? "holds" : "does not hold";
  const claims = tier.claims.length > 1 || tier.claims[0]?.words !== tier.words ? tier.claims : [];
  return [`- ${tier.title} asks: ${tier.words}. This ${outcome}.`, ...claims.map((claim) => `    ${sayClaim(claim)}`)];
}

function sayClaim(claim: ClaimTrace): string {
  return `${claim.words}: ${claim.value === undefined ? "unknown" : claim.value ? "yes" : "no"}`;
}

function sayState({ after, held, shield }: EvaluationTrace, { movement }: Trace): readonly string[] {
  const sentences: string[] = [];
  const { promoteCount, demoteCount, holds } = after;
  if (promoteCount > 0)
    sentences.push(`${evaluations(promoteCount)} in a row merited better than ${held}; ${movement.promoteAfter} are needed.`);
  if (demoteCount > 0)
    sentences.push(`${evaluations(demoteCount)} in a row merited worse than ${held}; ${movement.demoteAfter} are needed.`);
  for (const hold of holds) sentences.push(`${hold.tier} is held at least until ${sayDate(hold.until)}.`);
  if (shield !== undefined) sentences.push(`The shield for new entities ends on ${sayDate(shield.until)}.`);
  return sentences.length === 0 ? [`The tier ${held}; no count and no hold runs.`] : sentences;
}

function section(title: string, entries: readonly string[]): readonly string[] {
  return entries.length === 0 ? [] : ["", title, ...entries];
}

/** The parts of a composite key side by side. */
function plainEntity(entity: string): string {
  return entity.split("\u001f").join(" / ");
}

function untilOf(holds: readonly { readonly tier: string; readonly until: string }[], tier: string): string {
  const hold = holds.find((candidate) => candidate.tier === tier);
  return hold === undefined ? "its end" : sayDate(hold.until);
}

function evaluations(count: number): string {
  return count === 1 ? "1 evaluation" : `${count} evaluations`;
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

function stepWords(by: number | undefined): string {
  if (by === undefined) return "";
  return by === 1 ? ", one tier at a time" : `, at most ${by} tiers at a time`;
}

function sayPlain(value: number): string {
  return sayNumber(value, "number");
}

function lines(...text: readonly string[]): string {
  return text.join("\n");
}
