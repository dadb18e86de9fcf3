/** How a merited tier becomes the held one at one evaluation: the rules of movement in their order. */
import { type Day, invariant, present } from "../../data/foundation/index.ts";
import type { Policy, Tier } from "../language/index.ts";
import type { MovementState } from "./evaluation-point.ts";
import type { MovementReason } from "./trace.ts";

/** The state after an evaluation, and the rule that decided. */
export interface MovementStep {
  readonly state: MovementState & { readonly held: number };
  readonly reason: MovementReason;
  readonly shielded: boolean;
}

/** The state before anything was evaluated. */
export function initialState(held: number | undefined): MovementState {
  return { promoteCount: 0, demoteCount: 0, holdUntil: new Map(), past: [], ...(held === undefined ? {} : { held }) };
}

/** What movement takes from an evaluation on day `on`. `shieldFrom`: the shield attribute's day, when it is known. */
export interface MovementInput {
  readonly merited: number;
  readonly on: Day;
  readonly shieldFrom: Day | undefined;
  /** Whether the policy's protection runs. */
  readonly isProtected: boolean;
}

/** No move asks for more evaluations than this. */
const pastMax = 1000;

/** One evaluation; holds in `before` are already shortened. */
export function moveTier(policy: Policy, before: MovementState, input: MovementInput): MovementStep {
  const past = [...before.past, input.merited].slice(-pastMax);
  if (before.held !== undefined && policy.tiers[before.held]?.terminal === true) {
    return { state: { ...before, held: before.held, promoteCount: 0, demoteCount: 0, past }, reason: "terminal", shielded: false };
  }
  const counted = applyCounters(policy, before, past);
  const kept = applyHolds(policy, before, counted, input.on);
  const shielded = applyShield(policy, before, kept, input);
  const { held, promoteCount, demoteCount, reason } = applyProtection(policy, before, shielded, input);
  return {
    state: { held, promoteCount, demoteCount, past, holdUntil: startHold(policy, before, held, input.on) },
    reason,
    shielded: reason === "shield" || reason === "protect",
  };
}

/** Whether the policy's shield runs on a day. */
export function shieldRuns(policy: Policy, on: Day, shieldFrom: Day | undefined): boolean {
  const { shield } = policy.movement;
  return shield !== undefined && shieldFrom !== undefined && on - shieldFrom >= 0 && on - shieldFrom < shield.days;
}

interface Position {
  readonly held: number;
  readonly promoteCount: number;
  readonly demoteCount: number;
  readonly reason: MovementReason;
  /** The counters as they would stand had nothing moved. */
  readonly counted: { readonly promoteCount: number; readonly demoteCount: number };
}

/** Off the ladder at once, onto it at once; otherwise a streak of `after` evaluations on one side moves the tier. */
function applyCounters(policy: Policy, before: MovementState, past: readonly number[]): Position {
  const none = { promoteCount: 0, demoteCount: 0 };
  const unrated = policy.tiers.length;
  const merited = lastOf(past);
  const { held } = before;
  if (merited === unrated) return { held: unrated, ...none, reason: "unrated", counted: none };
  if (held === undefined || held === unrated) return { held: merited, ...none, reason: "first evaluation", counted: none };
  if (merited === held) return { held, ...none, reason: "same tier", counted: none };
  if (merited < held) {
    const counted = { promoteCount: before.promoteCount + 1, demoteCount: 0 };
    const { after, by = unrated } = policy.movement.promote;
    if (counted.promoteCount < after) return { held, ...counted, reason: "counting up", counted };
    const target = Math.max(...past.slice(-after), held - by);
    // Another version may have counted for better what is not better any more.
    if (target >= held) return { held, ...counted, reason: "counting up", counted };
    return { held: target, ...none, reason: "promoted", counted };
  }
  const counted = { promoteCount: 0, demoteCount: before.demoteCount + 1 };
  const { after, by = unrated } = policy.movement.demote;
  if (counted.demoteCount < after) return { held, ...counted, reason: "counting down", counted };
  const reached = Math.min(...past.slice(-after));
  const target = Math.min(reached, held + by);
  // A shield lowers the held tier without ending the streak, so the streak may hold tiers no worse than the held one.
  if (target <= held) return { held, ...counted, reason: "counting down", counted };
  return { held: target, ...none, reason: "demoted", counted };
}

/** No better than the worst tier whose hold still runs, and not off the ladder either. A streak whose move is turned away altogether goes on. */
function applyHolds(policy: Policy, before: MovementState, position: Position, on: Day): Position {
  const running = policy.tiers.map((_, code) => code).filter((code) => on < (before.holdUntil.get(code) ?? on));
  const worst = Math.max(...running);
  if (running.length === 0 || (position.held !== policy.tiers.length && position.held >= worst)) return position;
  const streakMoved = (position.reason === "promoted" || position.reason === "demoted") && worst !== before.held;
  const counters = streakMoved ? { promoteCount: 0, demoteCount: 0 } : position.counted;
  return { ...position, ...counters, held: worst, reason: "hold" };
}

/** While the shield runs an adverse tier is turned away; the demotion goes on being counted. */
function applyShield(policy: Policy, before: MovementState, position: Position, { merited, on, shieldFrom }: MovementInput): Position {
  if (!shieldRuns(policy, on, shieldFrom) || policy.tiers[merited]?.adverse !== true) return position;
  const lowest = policy.tiers.findLastIndex((tier: Tier) => !tier.adverse);
  if (lowest === -1) return position;
  return { ...position, held: lowest, promoteCount: 0, demoteCount: before.demoteCount + 1, reason: "shield" };
}

/** While protection runs nothing on the ladder worse than its tier is held; what merits worse goes on being counted. */
function applyProtection(policy: Policy, before: MovementState, position: Position, { merited, isProtected }: MovementInput): Position {
  const { protect } = policy.movement;
  if (protect === undefined || !isProtected) return position;
  const code = policy.tiers.findIndex(({ name }) => name === protect.tier);
  const floor = present(code === -1 ? undefined : code, `tier ${protect.tier}`);
  const isOnLadder = (tier: number): boolean => tier < policy.tiers.length;
  if (!isOnLadder(position.held) || position.held <= floor) return position;
  const isWorse = isOnLadder(merited) && merited > floor;
  return { ...position, held: floor, promoteCount: 0, demoteCount: isWorse ? before.demoteCount + 1 : 0, reason: "protect" };
}

/** Entering a tier with a hold starts it, unless one on that tier still runs. The first evaluation enters whatever is held. */
function startHold(policy: Policy, before: MovementState, held: number, on: Day): ReadonlyMap<number, Day> {
  const days = policy.tiers[held]?.holdDays;
  const enters = before.held !== held || before.past.length === 0;
  if (days === undefined || !enters || on < (before.holdUntil.get(held) ?? on)) return before.holdUntil;
  return new Map(before.holdUntil).set(held, on + days);
}

function lastOf(past: readonly number[]): number {
  const last = past[past.length - 1];
  invariant(last !== undefined, "no evaluation yet");
  return last;
}
