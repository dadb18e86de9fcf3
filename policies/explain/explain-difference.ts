/** Which part of two versions made the difference for one entity on one day. */
import { type Day, formatDay, periodOf } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import { type PeerValues, type Policy, versionsOf } from "../language/index.ts";
import { sayReason } from "./account-reason.ts";
import { compareParts } from "./compare-parts.ts";
import { decidingParts } from "./deciding-parts.ts";
import type { DifferencePart, OfBoth, PolicyDifference } from "./difference.ts";
import type { EntityHistory } from "./entity-history.ts";
import { tierBeforeFirst, type WalkedRow, walkEvaluations } from "./evaluate-entity.ts";
import { traceOfWalk } from "./explain-entity.ts";
import { sayDate } from "./say-number.ts";
import type { Trace } from "./trace.ts";

/**
 * Compares the latest evaluations up to a day under two versions, value by value: what differs although everything that it reads
 * is equal is a cause, the rest follows from it. `peers`: what ranks and ratios of each version compare with, required where one
 * has any; `walked`: as for `evaluateEntity`. Cost: the entity's history evaluated once under each.
 */
export function explainDifference(
  a: Policy,
  b: Policy,
  schema: PanelSchema,
  history: EntityHistory,
  day: Day,
  peers: { readonly a?: PeerValues; readonly b?: PeerValues } = {},
  walked: { readonly a?: readonly WalkedRow[] | undefined; readonly b?: readonly WalkedRow[] | undefined } = {},
): PolicyDifference {
  const names = versionNames(a, b);
  const [old, young] = [
    stand(a, schema, history, day, { peers: peers.a, walked: walked.a }),
    stand(b, schema, history, day, { peers: peers.b, walked: walked.b }),
  ];
  const parts = [
    ...(old.parts === undefined || young.parts === undefined ? [] : compareParts({ a: old.parts, b: young.parts }, names)),
    ...compareMovement({ a: old, b: young }, names),
  ];
  const traces = { a: old.trace, b: young.trace };
  return {
    tiers: { a: traces.a.held, b: traces.b.held },
    merited: { a: traces.a.evaluation?.merited, b: traces.b.evaluation?.merited },
    parts,
    text: summarise(traces, parts, names),
  };
}

interface Standing {
  readonly policy: Policy;
  readonly trace: Trace;
  readonly walk: readonly WalkedRow[];
  readonly parts: ReturnType<typeof decidingParts> | undefined;
}

function stand(
  policy: Policy,
  schema: PanelSchema,
  history: EntityHistory,
  day: Day,
  { peers, walked }: { readonly peers: PeerValues | undefined; readonly walked: readonly WalkedRow[] | undefined },
): Standing {
  const given = peers === undefined ? {} : { peers };
  const walk = walkEvaluations(policy, schema, history, { to: periodOf(schema.grain, day), walked, ...given });
  const trace = traceOfWalk(versionsOf(policy), schema, history, day, walk);
  const latest = trace.status === "evaluated" ? walk.at(-1)?.latest : undefined;
  return { policy, trace, walk, parts: latest === undefined ? undefined : decidingParts(policy, schema, latest) };
}

/** Merited the same and held otherwise is movement's own doing; else it follows from what is merited. */
function compareMovement({ a, b }: OfBoth<Standing>, names: OfBoth<string>): readonly DifferencePart[] {
  const [old, young] = [a.trace.evaluation, b.trace.evaluation];
  if (old === undefined || young === undefined) return [];
  const parts: DifferencePart[] = [];
  if (old.on !== young.on) {
    const words = `The latest evaluation is that of ${sayDate(old.on)} under ${names.a} and of ${sayDate(young.on)} under ${names.b}.`;
    parts.push({ path: "movement.evaluate", words, effect: "cause" });
  }
  if (old.held === young.held) return parts;
  const reasons = [
    `Under ${names.a} ${old.held} is held: ${sayReason(old, a.trace)}`,
    `Under ${names.b} ${young.held} is held: ${sayReason(young, b.trace)}`,
  ];
  const since = partedSince({ a, b });
  const earlier =
    since === undefined || since === old.on ? [] : [`They have held different tiers since the evaluation of ${sayDate(since)}.`];
  const effect = old.merited === young.merited ? "cause" : "consequence";
  return [...parts, { path: "movement", words: [...reasons, ...earlier].join(" "), effect }];
}

/** The evaluation from which on the held tiers have differed without a break. */
function partedSince({ a, b }: OfBoth<Standing>): string | undefined {
  const heldAt = ({ policy, walk }: Standing, index: number): string | undefined => {
    const code = walk[index]?.state.held ?? tierBeforeFirst(policy);
    return policy.tiers[code]?.name ?? policy.otherwise;
  };
  const lastEqual = a.walk.findLastIndex((_, index) => heldAt(a, index) === heldAt(b, index));
  const first = a.walk[lastEqual + 1]?.evaluation ?? b.walk[lastEqual + 1]?.evaluation;
  return first === undefined ? undefined : formatDay(first.on);
}

function summarise({ a, b }: OfBoth<Trace>, parts: readonly DifferencePart[], names: OfBoth<string>): string {
  if (a.status === "not in frame") return `There is no record of activity on ${sayDate(a.day)}. So neither version gives a tier.`;
  const held =
    a.held === b.held
      ? `${a.held ?? "No tier"} is held under both.`
      : `Under ${names.a} ${a.held ?? "no tier"} is held, under ${names.b} ${b.held ?? "no tier"}.`;
  const [old, young] = [a.evaluation, b.evaluation];
  if (old === undefined || young === undefined) {
    const late = [old === undefined ? names.a : "", young === undefined ? names.b : ""].filter((name) => name !== "");
    return `${held} No evaluation has taken place yet under ${late.join(" and ")}.`;
  }
  const merited =
    old.merited === young.merited
      ? `The numbers merit ${old.merited} under both.`
      : `The numbers merit ${old.merited} under ${names.a} and ${young.merited} under ${names.b}.`;
  const causes = parts.filter(({ effect, path }) => effect === "cause" && path !== "movement").map(({ words }) => words);
  const movement = parts.filter(({ effect, path }) => effect === "cause" && path === "movement").map(({ words }) => words);
  if (causes.length + movement.length === 0) return `${held} ${merited} Nothing that decides differs.`;
  const shown = causes.slice(0, movement.length === 0 ? 3 : 1);
  const left = causes.length - shown.length;
  const rest =
    left > 0 ? [`${left} more ${left === 1 ? "thing differs" : "things differ"} by ${left === 1 ? "itself" : "themselves"}.`] : [];
  return [held, merited, ...shown, ...(movement.length === 0 ? rest : movement)].join(" ");
}

/** How the versions are called: by number, with the programme where that differs, else as first and second. */
function versionNames(a: Policy, b: Policy): OfBoth<string> {
  if (a.programme !== b.programme) return { a: `${a.programme} ${a.version}`, b: `${b.programme} ${b.version}` };
  return a.version === b.version ? { a: "the first", b: "the second" } : { a: a.version, b: b.version };
}
