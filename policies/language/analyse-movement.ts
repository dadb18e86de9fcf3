/** Parts of movement and of ledgers that can never make a difference, and ledger entries that nobody lives to see. */

import { lineRange } from "./analyse-ledger-range.ts";
import type { PolicyBody } from "./analyse-possible.ts";
import type { Prover } from "./analyse-proof.ts";
import { placeOfPart } from "./places.ts";
import type { EvaluationCalendar, Ledger, LedgerLine, Step } from "./policy.ts";
import type { Problems } from "./problems.ts";

/** Adds a finding of a part. */
type Report = (code: "no-effect" | "never-moves", part: object, message: string, cure?: string) => void;

/**
 * `no-effect`: holds, shields, protections, caps and steps that cannot change what anybody holds. `never-moves`: nobody can ever be promoted,
 * or demoted. `merited`: positions of tiers that can be merited; all that is claimed holds for every such entity and any history.
 */
export function analyseMovement(prover: Prover, merited: ReadonlySet<number>, problems: Problems): void {
  const { policy } = prover.possibilities;
  const report: Report = (code, part, message, cure) =>
    problems.add(code, placeOfPart(part) ?? placeOfPart(policy.movement), { message, ...(cure === undefined ? {} : { cure }) });
  checkHolds(policy, report);
  checkShelter(policy, report);
  checkCaps(policy, report);
  checkSteps(policy, merited, report);
}

function checkHolds({ tiers, movement, otherwise }: PolicyBody, report: Report): void {
  const { least } = daysBetween(movement.evaluate);
  for (const [index, tier] of tiers.entries()) {
    if (tier.holdDays === undefined) continue;
    const days = sayDays(tier.holdDays);
    if (tier.terminal) report("no-effect", tier, `'${tier.name}' is terminal: its hold of ${days} never ends anything`);
    else if (index === 0 && otherwise === undefined)
      report("no-effect", tier, `'${tier.name}' is the best tier: its hold of ${days} keeps nobody from a better one`);
    else if (tier.holdDays <= least)
      report(
        "no-effect",
        tier,
        `the hold of ${days} on '${tier.name}' is over before the next evaluation, ${sayDays(least)} or more later`,
        "Make the hold longer than the time between two evaluations, or remove it.",
      );
  }
}

function checkShelter({ tiers, movement }: PolicyBody, report: Report): void {
  const { shield, protect } = movement;
  if (shield !== undefined && tiers.every((tier) => !tier.adverse))
    report("no-effect", shield, "the shield shelters nobody: no tier is adverse");
  if (protect !== undefined && protect.tier === tiers.at(-1)?.name)
    report("no-effect", protect, `the protection keeps nobody above '${protect.tier}': it is the worst tier`);
}

function checkCaps({ tiers, caps, otherwise }: PolicyBody, report: Report): void {
  if (otherwise !== undefined) return;
  for (const cap of caps)
    if (cap.tier === tiers[0]?.name) report("no-effect", cap, `the cap at '${cap.tier}' lowers nobody: it is the best tier`);
}

function checkSteps(policy: PolicyBody, merited: ReadonlySet<number>, report: Report): void {
  const { tiers, movement } = policy;
  const { promote, demote, start } = movement;
  const position = (name: string | undefined): number => tiers.findIndex((tier) => tier.name === name);
  const startTier = tiers[position(start)];
  if (startTier?.terminal === true)
    report(
      "never-moves",
      movement,
      `everyone starts in '${startTier.name}', which is terminal, and nobody ever leaves it`,
      "Start in a tier that can be left.",
    );
  for (const [name, step] of [
    ["promote", promote],
    ["demote", demote],
  ] as const) {
    if (step.by !== undefined && tiers.length > 1 && step.by > tiers.length - 1)
      report("no-effect", movement, `'${name}' by ${step.by} tiers allows every move: the ladder has ${tiers.length} tiers`);
  }
  const refuge = movement.shield === undefined ? -1 : tiers.findLastIndex((tier) => !tier.adverse);
  const targets = [...merited, refuge, position(movement.protect?.tier)].filter((index) => index >= 0);
  if (targets.length === 0) return;
  const held = new Set([...targets, position(start)].filter((index) => index >= 0));
  if (promote.by !== undefined || demote.by !== undefined)
    for (let index = Math.min(...held); index < Math.max(...held); index++) held.add(index);
  const isFree = (index: number): boolean => tiers[index]?.terminal === false;
  const better = Math.min(...targets);
  const worse = Math.max(...targets);
  checkDirection("promote", promote, {
    tiers: tiers.length,
    canMove: [...held].some((index) => index > better),
    canLeave: [...held].some((index) => index > better && isFree(index)),
  });
  checkDirection("demote", demote, {
    tiers: tiers.length,
    canMove: [...held].some((index) => index < worse),
    canLeave: [...held].some((index) => index < worse && isFree(index)),
  });

  function checkDirection(
    name: "promote" | "demote",
    step: Step,
    can: { readonly tiers: number; readonly canMove: boolean; readonly canLeave: boolean },
  ): void {
    const isAsked = step.after > 1 || step.by !== undefined;
    if (can.canLeave || (!isAsked && (can.canMove || can.tiers < 2))) return;
    const target = name === "promote" ? "better" : "worse";
    const why = can.canMove
      ? `every tier that has a ${target} one is terminal`
      : can.tiers < 2
        ? "the ladder has one tier"
        : `no tier ${target} than '${tiers[name === "promote" ? better : worse]?.name}' can be merited`;
    report("never-moves", movement, `nobody can ever be ${name}d: ${why}`, `Remove '${name}', or give the ladder a tier to move to.`);
  }
}

/**
 * `no-effect`: a ledger that never leaves its start, a line that never adds. `entry-unseen`: an entry that can expire before the first
 * evaluation after its event.
 */
export function analyseLedgers(prover: Prover, problems: Problems): void {
  const { policy } = prover.possibilities;
  const { most } = daysBetween(policy.movement.evaluate);
  for (const ledger of policy.ledgers) {
    const dead = ledger.lines.filter((line) => isDead(line, prover));
    if (dead.length === ledger.lines.length) {
      problems.add("no-effect", placeOfPart(ledger), {
        message: `nothing can ever be added to or deducted from ledger '${ledger.name}'`,
        cure: "Mend the conditions and amounts of its lines, or remove it.",
      });
    } else checkBalance(ledger, prover, problems);
    if (ledger.lasts.kind !== "days" || ledger.lasts.count > most) continue;
    const event = ledger.lines.find((line) => line.kind === "event" && !dead.includes(line));
    if (event?.kind !== "event") continue;
    problems.add("entry-unseen", placeOfPart(ledger), {
      message: `entries of '${ledger.name}' last ${sayDays(ledger.lasts.count)}, but up to ${sayDays(most)} lie between evaluations: an entry of '${event.event}' can expire before any evaluation sees it`,
      found: sayDays(ledger.lasts.count),
      expected: `more than ${sayDays(most)}`,
    });
  }
}

/** Whether a line never changes the balance: proven. */
function isDead(line: LedgerLine, prover: Prover): boolean {
  const sum = lineRange(line, prover.possibilities);
  if (sum.lower === 0 && sum.upper === 0 && !sum.missing) return true;
  if (line.when !== undefined && prover.neverTrue(line.when)) return true;
  return line.kind === "event" && line.where !== undefined && prover.neverTrue(line.where);
}

function checkBalance(ledger: Ledger, { possibilities }: Prover, problems: Problems): void {
  const balance = possibilities.named("ledger", ledger.name);
  if (balance.kind !== "number" || balance.missing || !balance.known || balance.lower !== balance.upper) return;
  problems.add("no-effect", placeOfPart(ledger), {
    message: `the balance of ledger '${ledger.name}' is always ${balance.lower}: its lines only push it against its bounds`,
    cure: "Widen its bounds, or change its start.",
  });
}

/** The fewest and the most days from one evaluation to the next. */
export function daysBetween(calendar: EvaluationCalendar): { readonly least: number; readonly most: number } {
  switch (calendar.kind) {
    case "every":
      return { day: { least: 1, most: 1 }, week: { least: 7, most: 7 }, month: { least: 28, most: 31 }, quarter: { least: 90, most: 92 } }[
        calendar.unit
      ];
    case "weekday":
      return { least: 7, most: 7 };
    case "day-of-month":
      return { least: 28, most: 31 };
    case "first-weekday":
      // Whole weeks near the length of the month or quarter.
      return calendar.unit === "month" ? { least: 28, most: 35 } : { least: 84, most: 98 };
  }
}

/** `1 day`, `28 days`. */
export function sayDays(days: number): string {
  return `${days} day${days === 1 ? "" : "s"}`;
}
