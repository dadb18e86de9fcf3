/** Which rule of movement decided, in plain sentences. */
import { sayDate, sayNumber } from "./say-number.ts";
import type { EvaluationTrace, MovementReason, ProtectionTrace, Trace } from "./trace.ts";

/** One sentence: why the held tier is held. */
export function sayReason(evaluation: EvaluationTrace, trace: Trace): string {
  return reasonWords[evaluation.reason](evaluation, trace);
}

/** When a protection ends: by time or count, whichever is first. Begins with a space; empty when it cannot be told. */
export function sayProtectionEnd({ until, volume }: ProtectionTrace, currency: string | undefined): string {
  const ends: string[] = [];
  if (until !== undefined) ends.push(`until ${sayDate(until)}`);
  if (volume !== undefined) {
    ends.push(
      `until ${volume.words} since then reaches ${sayNumber(volume.count, volume.unit, currency)} (now ${sayNumber(volume.sum, volume.unit, currency)})`,
    );
  }
  return ends.length === 0 ? "" : ` ${ends.join(" or ")}${ends.length > 1 ? ", whichever is first" : ""}`;
}

/** How many evaluations. */
export function sayEvaluations(count: number): string {
  return count === 1 ? "1 evaluation" : `${count} evaluations`;
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
    `Moved up from ${before.held ?? "none"} to ${held}, after ${sayEvaluations(movement.promoteAfter)} in a row that merited better${stepWords(movement.promoteBy)}.`,
  demoted: ({ before, held }, { movement }) =>
    `Moved down from ${before.held ?? "none"} to ${held}, after ${sayEvaluations(movement.demoteAfter)} in a row that merited worse${stepWords(movement.demoteBy)}.`,
  hold: ({ held, after }) => `${held} lasts a set time once it is entered: until ${untilOf(after.holds, held)}.`,
  protect: ({ held, protection }, { currency }) =>
    `${protection === undefined ? "Protection" : `${protection.event} of ${sayDate(protection.knownOn)}`} protects: nothing worse than ${held} is shown${protection === undefined ? "" : sayProtectionEnd(protection, currency)}.`,
  shield: ({ held, shield }) =>
    `New entities are shielded${shield === undefined ? "" : ` until ${sayDate(shield.until)}`}: a restricting tier is turned away, and ${held} is held instead.`,
};

function untilOf(holds: readonly { readonly tier: string; readonly until: string }[], tier: string): string {
  const hold = holds.find((candidate) => candidate.tier === tier);
  return hold === undefined ? "its end" : sayDate(hold.until);
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

function stepWords(by: number | undefined): string {
  if (by === undefined) return "";
  return by === 1 ? ", one tier at a time" : `, at most ${by} tiers at a time`;
}
