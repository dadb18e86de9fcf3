/** A letter to the entity itself: its tier, what led to it, what would bring a better one, and when it is looked at next. */
import { formatDay, lastDayOf, type PeriodIndex, parseDay, present, unreachable } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import { type PeerValues, type Policy, versionsOf } from "../language/index.ts";
import { nextTier, sayBounds, sayState } from "./account.ts";
import { sayLedger } from "./account-ledger.ts";
import { sayMetric, sayMetricValue } from "./account-metric.ts";
import { sayReason } from "./account-reason.ts";
import { sayScore } from "./account-score.ts";
import type { EntityHistory } from "./entity-history.ts";
import { type WalkedRow, walkEvaluations } from "./evaluate-entity.ts";
import { dateAfter } from "./evaluation-dates.ts";
import { traceOfWalk } from "./explain-entity.ts";
import { nearestRestore, type Restore } from "./nearest-restore.ts";
import { sayCalendar, sayEventKind } from "./say-ledger.ts";
import { sayDate, sayDay } from "./say-number.ts";
import type { EvaluationTrace, TierTrace, Trace } from "./trace.ts";

/** One part of a letter, in the order in which it is read. */
export interface LetterPart {
  readonly heading: string;
  readonly sentences: readonly string[];
  /** A list below the sentences; may be empty. */
  readonly items: readonly string[];
}

/** A letter. Nothing in it is about anyone else, and no number in it is another than those of the evaluation. */
export interface Letter {
  /** To whom: the key as people read it is the caller's. */
  readonly title: string;
  readonly version: string;
  readonly parts: readonly LetterPart[];
}

/** Whose letter. `isInForce` false: the version is a proposal, and the letter says that it is not in force. */
interface LetterOptions {
  readonly to: PeriodIndex;
  readonly isInForce: boolean;
  readonly peers?: PeerValues;
}

/** The letter about the latest evaluation up to a period; undefined where there was none. */
export function letterOf(policy: Policy, schema: PanelSchema, history: EntityHistory, options: LetterOptions): Letter | undefined {
  const { to, isInForce, peers } = options;
  const walked = walkEvaluations(policy, schema, history, { to, ...(peers === undefined ? {} : { peers }) });
  const day = lastDayOf(schema.grain, Math.min(to, history.rows.at(-1)?.period ?? to));
  const trace = traceOfWalk(versionsOf(policy), schema, history, day, walked);
  const { evaluation } = trace;
  if (evaluation === undefined) return undefined;
  const next = nextTier(evaluation.tiers, evaluation.held);
  const isFinal = policy.tiers.some(({ name, terminal }) => name === evaluation.held && terminal);
  const restoreOf = ({ name }: TierTrace): Restore | undefined =>
    isFinal ? { kind: "final" } : nearestRestore(policy, schema, history, to, name, walked);
  const parts: readonly LetterPart[] = [
    {
      heading: `Your tier: ${evaluation.held}`,
      sentences: [
        ...(isInForce ? [] : [`Version ${policy.version} is a proposal and is not in force. This is what it would have said.`]),
        standing(evaluation),
        sinceWords(walked),
        sayReason(evaluation, trace),
      ],
      items: [],
    },
    { heading: "The numbers behind it", sentences: [], items: numbersOf(evaluation, trace) },
    {
      heading: "What each tier asked for",
      sentences: [],
      items: [...evaluation.tiers.filter(({ tried }) => tried).map(sayAsked), ...sayBounds(evaluation)],
    },
    ...(next === undefined ? [] : [restoring(next, evaluation, trace, restoreOf(next))]),
    {
      heading: "When you are looked at next",
      sentences: [nextWords(policy, evaluation)],
      items: sayState(evaluation, trace),
    },
    ...appealPart(policy, schema),
  ];
  return { title: policy.title, version: policy.version, parts };
}

/** The letter as Markdown. Whatever would be markup in it is escaped. */
export function letterMarkdown(letter: Letter, entity: string): string {
  const lines = [`# ${plain(`${letter.title}, version ${letter.version}`)}`, "", `To: ${plain(entity)}`];
  for (const { heading, sentences, items } of letter.parts) {
    lines.push("", `## ${plain(heading)}`);
    if (sentences.length > 0) lines.push("", sentences.map(plain).join(" "));
    if (items.length > 0) lines.push("", ...items.map((item) => `- ${plain(item)}`));
  }
  return `${lines.join("\n")}\n`;
}

/** Text that Markdown shows as it is. */
function plain(text: string): string {
  return text
    .replace(/\s*[\n\r]+\s*/g, " ")
    .replace(/[\\`*_[\]<>&#|~]/g, (sign) => (sign === "&" ? "&amp;" : sign === "<" ? "&lt;" : sign === ">" ? "&gt;" : `\\${sign}`));
}

function standing({ on, period, held, merited }: EvaluationTrace): string {
  const when = `At the evaluation of ${sayDate(on)}, which looked at everything up to ${sayDate(period)},`;
  return held === merited
    ? `${when} your numbers merited ${merited}, and you hold ${held}.`
    : `${when} your numbers merited ${merited}; you hold ${held}.`;
}

/** From which evaluation on the tier has been held without a break. */
function sinceWords(walked: readonly WalkedRow[]): string {
  const evaluated = walked.flatMap(({ evaluation }) => evaluation ?? []);
  const held = evaluated.at(-1)?.step.state.held;
  const before = evaluated.findLastIndex(({ step }) => step.state.held !== held);
  const first = present(evaluated[before + 1], "an evaluation");
  return before === -1
    ? `You have held it at every evaluation on record, the first of which was that of ${sayDay(first.on)}.`
    : `You have held it since the evaluation of ${sayDay(first.on)}.`;
}

/** Each metric with its window, then scores and points. What compares with others is said by its own result alone. */
function numbersOf({ metrics, scores, ledgers }: EvaluationTrace, { currency }: Trace): readonly string[] {
  return [
    ...metrics.map((metric) =>
      metric.peers === undefined
        ? sayMetric(metric, currency)
        : `${metric.title}: ${sayMetricValue(metric, currency)}, compared with others like you.`,
    ),
    ...scores.map((score) => sayScore(score, metrics, currency)),
    ...ledgers.map((ledger) => sayLedger(ledger, currency).join(" ")),
  ];
}

function sayAsked({ title, words, value, unmet }: TierTrace): string {
  if (words === undefined) return `${title}: for everyone else.`;
  if (value === true) return `${title}: ${words}. This held.`;
  const missing = unmet.length === 0 ? "" : ` What was missing: ${unmet.join("; ")}.`;
  return `${title}: ${words}. ${value === undefined ? "This could not be decided." : "This did not hold."}${missing}`;
}

function restoring({ title }: TierTrace, { tiers, held }: EvaluationTrace, { movement }: Trace, restore: Restore | undefined): LetterPart {
  const { promoteAfter } = movement;
  // From off the ladder the first tier is held at once.
  const isAtOnce = promoteAfter === 1 || tiers.every(({ name }) => name !== held);
  const inRow = isAtOnce
    ? "It is enough that one evaluation finds it so."
    : `It takes ${promoteAfter} evaluations in a row that find it so.`;
  const caution =
    "This is what the rules say about this evaluation. It is not a promise: each evaluation looks at the numbers of its own day.";
  const words = restoreWords(title, restore);
  return { heading: `What would bring ${title}`, sentences: restore?.kind === "final" ? [words] : [words, inRow, caution], items: [] };
}

function restoreWords(title: string, restore: Restore | undefined): string {
  switch (restore?.kind) {
    case undefined:
      return "It depends on how you compare with others, so no single number of yours can be named.";
    case "waits":
      return `Your numbers merit ${title} or better already; only time keeps it from you.`;
    case "metric":
      return `The nearest single change: ${restore.words}, with everything else as it was at this evaluation.`;
    case "none":
      return "No change of one of these numbers alone was found that would bring it: it may take several together, points that expire, or numbers that are not known yet.";
    case "final":
      return "Nothing: the tier that you hold is final, and no evaluation ends it.";
    default:
      return unreachable(restore);
  }
}

function nextWords({ movement }: Policy, { on }: EvaluationTrace): string {
  const next = dateAfter(movement.evaluate, present(parseDay(on), "a day"));
  return `You are evaluated ${sayCalendar(movement.evaluate)}. The next evaluation after this one is that of ${sayDate(formatDay(next))}; it looks at what ended before it.`;
}

/** What the policy itself says of appeals; nothing where it knows none. */
function appealPart(policy: Policy, schema: PanelSchema): readonly LetterPart[] {
  const taken = policy.ledgers.flatMap(({ title, takeBack }) =>
    takeBack === undefined || !/appeal/i.test(takeBack.event)
      ? []
      : [`${sayEventKind(takeBack.event, schema)}: it takes back what ${sayEventKind(takeBack.of, schema)} brought to ${title}.`],
  );
  const { protect } = policy.movement;
  const kept =
    protect === undefined || !/appeal/i.test(protect.event)
      ? []
      : [`${sayEventKind(protect.event, schema)}: while it counts, nothing worse than ${protect.tier} is shown.`];
  const items = [...taken, ...kept];
  if (items.length === 0) return [];
  return [
    {
      heading: "If you think that this is wrong",
      sentences: ["You may appeal. The policy takes account of an appeal in this way:"],
      items,
    },
  ];
}
