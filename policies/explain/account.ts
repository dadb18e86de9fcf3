/** A trace as a plain-text account, fit to send to the entity that it is about. */
import { sayExpiries, sayLedger } from "./account-ledger.ts";
import { sayMetric } from "./account-metric.ts";
import { sayEvaluations, sayProtectionEnd, sayReason } from "./account-reason.ts";
import { sayScore } from "./account-score.ts";
import { sayDate, sayNumber } from "./say-number.ts";
import type { ClaimTrace, EvaluationTrace, HoldTrace, TierTrace, Trace } from "./trace.ts";

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
    ...section(
      "How the points stand",
      evaluation.ledgers.flatMap((ledger) => {
        const [first = "", ...rest] = sayLedger(ledger, trace.currency);
        return [`- ${first}`, ...rest.map((sentence) => `    ${sentence}`)];
      }),
    ),
    "",
    "How the tier follows",
    ...evaluation.tiers.filter((tier) => tier.tried).flatMap((tier) => sayTier(tier)),
    ...sayBounds(evaluation).map((sentence) => `- ${sentence}`),
    ...section("What the next better tier asks that is not met", nextBetter(evaluation)),
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
  return `${numbers}${scored} ${sayReason(evaluation, trace)}`;
}

function sayTier(tier: TierTrace): readonly string[] {
  if (tier.words === undefined) return [`- ${tier.title}: for everyone else.`];
  const outcome = tier.value === undefined ? "cannot be decided, so it does not apply" : tier.value ? "holds" : "does not hold";
  const claims = tier.claims.length > 1 || tier.claims[0]?.words !== tier.words ? tier.claims : [];
  return [`- ${tier.title} asks: ${tier.words}. This ${outcome}.`, ...claims.map((claim) => `    ${sayClaim(claim)}`)];
}

function sayClaim(claim: ClaimTrace): string {
  const answer = claim.value === undefined ? "unknown" : claim.value ? "yes" : "no";
  return `${claim.words}: ${answer}${claim.isDenied === true ? ", where no is asked for" : ""}`;
}

/** What bounds the merited tier besides the tiers' own conditions: that none of them holds, and each cap that applies. */
export function sayBounds({ tiers, caps, uncapped }: EvaluationTrace): readonly string[] {
  return [
    ...(tiers.some(({ value }) => value === true) ? [] : [`No tier's condition holds, which means ${uncapped}.`]),
    ...caps
      .filter(({ value }) => value === true)
      .map(({ tier, words, decides }) => `${words}, so at most ${tier}.${decides ? "" : " That changes nothing here."}`),
  ];
}

/** The tier above the one held, of a ladder with the best first; off the ladder the lowest of it. Undefined for the best. */
export function nextTier<Tier extends { readonly name: string }>(tiers: readonly Tier[], held: string): Tier | undefined {
  const code = tiers.findIndex(({ name }) => name === held);
  return code === -1 ? tiers.at(-1) : tiers[code - 1];
}

/** What stands between the held tier and the one above it: its condition, a cap, or only time. */
function nextBetter({ tiers, caps, held, merited }: EvaluationTrace): readonly string[] {
  const codeOf = (name: string): number => tiers.findIndex((tier) => tier.name === name);
  const [heldCode, meritedCode] = [codeOf(held), codeOf(merited)];
  const next = nextTier(tiers, held);
  if (next === undefined) return [];
  if (meritedCode !== -1 && heldCode !== -1 && meritedCode < heldCode) return ["- Nothing more: the numbers merit a better tier already."];
  const inTheWay = caps.filter((cap) => cap.value === true && codeOf(cap.tier) > codeOf(next.name));
  const asked = [...next.unmet, ...inTheWay.flatMap((cap) => cap.lifted)];
  return [...new Set(asked)].map((words) => `- ${next.title}: ${words}.`);
}

/** What carries over from an evaluation to the next, a sentence each. */
export function sayState(evaluation: EvaluationTrace, { movement, currency }: Trace): readonly string[] {
  const { after, held, shield, protection, shortened, ledgers } = evaluation;
  const sentences: string[] = [];
  const { promoteCount, demoteCount, holds } = after;
  if (promoteCount > 0) sentences.push(sayStreak(promoteCount, movement.promoteAfter, { side: "better", way: "up", held }));
  if (demoteCount > 0) sentences.push(sayStreak(demoteCount, movement.demoteAfter, { side: "worse", way: "down", held }));
  for (const { tier, event, knownOn, from, until } of shortened) {
    sentences.push(`${event} of ${sayDate(knownOn)} moved the end of ${tier} from ${sayDate(from)} to ${sayDate(until)}.`);
  }
  for (const hold of holds) sentences.push(sayHold(hold, held));
  if (shield !== undefined) sentences.push(`The shield for new entities ends on ${sayDate(shield.until)}.`);
  if (protection !== undefined) sentences.push(`Nothing worse than ${protection.tier} is shown${sayProtectionEnd(protection, currency)}.`);
  sentences.push(...ledgers.flatMap((ledger) => sayExpiries(ledger, currency)));
  return sentences.length === 0 ? [`The tier ${held}; no count and no hold runs.`] : sentences;
}

function sayStreak(count: number, needed: number, { side, way, held }: { side: string; way: string; held: string }): string {
  const left = needed - count;
  const rest =
    left > 0
      ? `: ${left} more ${left === 1 ? "evaluation" : "evaluations"} like it to move ${way}`
      : `, so the tier moves ${way} once nothing keeps it`;
  return `${sayEvaluations(count)} in a row merited ${side} than ${held}; ${needed === 1 ? "1 is" : `${needed} are`} needed${rest}.`;
}

function sayHold({ tier, adverse, until }: HoldTrace, held: string): string {
  if (tier !== held) return `The hold of ${tier} runs until ${sayDate(until)}.`;
  return adverse
    ? `Restricted until ${sayDate(until)}: ${tier} is held at least until then.`
    : `${tier} is held at least until ${sayDate(until)}.`;
}

function section(title: string, entries: readonly string[]): readonly string[] {
  return entries.length === 0 ? [] : ["", title, ...entries];
}

/** The parts of a composite key side by side. */
function plainEntity(entity: string): string {
  return entity.split("\u001f").join(" / ");
}

function lines(...text: readonly string[]): string {
  return text.join("\n");
}
