/**
 * Movement: how the merited tier of each evaluation becomes the held one.
 *
 * In the order in which it is decided, with h held before, m merited:
 *   1. a terminal h stays for ever; events that shorten a hold do so
 *   2. m off the ladder, or h off it or not yet there: held = m, counters 0
 *   3. otherwise a streak on one side of h counts up; after n it moves to what all n reached, at most `by` steps, and restarts
 *   4. a hold that still runs keeps the result from being better than its tier
 *   5. a shield that runs turns an adverse m away: held = the lowest tier that is not adverse, and the demote streak counts on
 *   6. a protection that is active keeps the result from being worse than its tier, and the demote streak counts what is worse than that
 */
import { type Day, invariant, type PeriodIndex, present } from "../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk, PanelSchema } from "../../data/panel/index.ts";
import { type Policy, tierNames } from "../language/checked/index.ts";
import { type EvaluationPlan, NEVER } from "./evaluation-plan.ts";

/** Where movement writes, parallel to the rows from `origin` on. Counters and shields are 0 before, and only others are written. */
export interface HeldColumns {
  readonly origin: number;
  readonly held: Int8Array;
  readonly promoteCount: Int32Array;
  readonly demoteCount: Int32Array;
  readonly shielded: Uint8Array;
}

/** How far to move, from where, and on which rows the policy protects (read only when it does). */
export interface MovementRun {
  readonly to: PeriodIndex;
  readonly startTier: number | undefined;
  readonly guarded: Uint8Array;
}

/** What movement leaves of one entity at the end of a version in force. Tiers by the version's codes. */
export interface MovementState {
  readonly held: number;
  readonly promote: number;
  readonly demote: number;
  /** By tier code: the first day that is free of the tier's hold. */
  readonly holdUntil: Float64Array;
  /** Merited tiers of the last evaluations, as many as any version may ask for, oldest first. */
  readonly past: readonly number[];
  /** The last day that an evaluation has seen. */
  readonly seenTo: Day;
}

/** Some rows of an entity, and what it comes with; without a state nothing was evaluated before. */
export interface MovementSpan {
  readonly begin: number;
  readonly before?: MovementState;
}

/** The movement of one policy, made for one panel. */
export interface MovementKernel {
  /**
   * Moves one entity through its rows from `span.begin` on, writing to `out`, whose counters and shields must be 0. Gives its state
   * afterwards with the last `keep` merited tiers; undefined when nothing was evaluated yet.
   */
  readonly moveSpan: (
    chunk: PanelChunk,
    frame: OutcomeFrame,
    entity: number,
    run: MovementRun & MovementSpan & { readonly keep: number },
    out: HeldColumns,
  ) => MovementState | undefined;
  /** The tier shown before the first evaluation. */
  readonly beforeFirst: number;
  /** Moves every entity of a chunk through its rows; the frame already holds what they merit. */
  readonly move: (chunk: PanelChunk, frame: OutcomeFrame, run: MovementRun) => void;
  /** After how many rows another start tier stops mattering to an entity. */
  readonly rowsUntilForgotten: (chunk: PanelChunk, frame: OutcomeFrame, entity: number, run: MovementRun) => number;
}

/** Makes the movement kernel. Scratch is kept here, one set a policy. `carriesHolds`: an earlier version may leave holds that run. */
export function movementKernel(
  policy: Policy,
  schema: PanelSchema,
  plan: EvaluationPlan,
  { carriesHolds = false }: { readonly carriesHolds?: boolean } = {},
): MovementKernel {
  const rules = movementRules(policy, schema);
  const { tierCount, terminal, adverse, holdDays, lowestFair, promoteAfter, promoteBy, demoteAfter, demoteBy } = rules;
  const { shieldDays, shieldAttribute, shieldByEntity, shortened, protectTier } = rules;
  const { evaluationDay, firstDay, lastDay } = plan;
  const hasHold = rules.hasHold || carriesHolds;
  const holdUntil = new Float64Array(tierCount).fill(Number.NEGATIVE_INFINITY);
  let scratch = heldColumns(64);
  /** What the last entity was left with, for whoever goes on from it. */
  const left = { first: true, held: 0, promote: 0, demote: 0 };

  /** Runs one entity and returns the row at which `like` first agrees with it in everything that decides the future. */
  function moveEntity(
    chunk: PanelChunk,
    frame: OutcomeFrame,
    entity: number,
    run: MovementRun,
    out: HeldColumns,
    like?: OutcomeFrame,
    span?: MovementSpan,
  ): number {
    const entry = chunk.rowStart[entity] as number;
    const begin = span?.begin ?? entry;
    const carried = span?.before;
    const past = carried?.past ?? nothing;
    const end = rowEnd(chunk, entity, run.to);
    const offset = (chunk.firstPeriod[entity] as number) - schema.firstPeriod - entry;
    const { merited } = frame;
    const { held, promoteCount, demoteCount, shielded, origin } = out;
    const shieldColumn = shieldAttribute < 0 ? undefined : chunk.attributes[shieldAttribute];
    if (hasHold) holdUntil.fill(Number.NEGATIVE_INFINITY);
    if (carried !== undefined) holdUntil.set(carried.holdUntil);
    let first = carried === undefined;
    let current = carried?.held ?? run.startTier ?? rules.start;
    const seenTo = carried?.seenTo ?? Number.NEGATIVE_INFINITY;
    let unseen =
      shortened.length === 0 || begin >= end ? 0 : firstKnown(chunk, entity, Math.max(firstDay[entry + offset] as number, seenTo + 1));
    let promote = carried?.promote ?? 0;
    let demote = carried?.demote ?? 0;
    let turnedAway = 0;
    for (let row = begin; row < end; row++) {
      const day = evaluationDay[row + offset] as number;
      if (day !== NEVER) {
        const merit = merited[row] as number;
        const before = current;
        turnedAway = 0;
        if (shortened.length > 0) unseen = shortenHolds(chunk, entity, unseen, lastDay[row + offset] as number);
        if (before >= 0 && terminal[before] === 1) {
          promote = 0;
          demote = 0;
        } else {
          const streak = demote;
          let result = before;
          if (merit === before) {
            promote = 0;
            demote = 0;
          } else if (merit === tierCount || before === tierCount || before < 0) {
            promote = 0;
            demote = 0;
            result = merit;
          } else if (merit < before) {
            demote = 0;
            promote++;
            if (promote >= promoteAfter) {
              const target = Math.max(extremeOfLast(frame, row, promoteAfter, 1, begin, past), before - promoteBy);
              // Another version may have counted for better what is not better any more.
              result = Math.min(target, before);
            }
          } else {
            promote = 0;
            demote++;
            if (demote >= demoteAfter) {
              result = Math.min(Math.max(extremeOfLast(frame, row, demoteAfter, -1, begin, past), before), before + demoteBy);
            }
          }
          if (hasHold) {
            for (let tier = tierCount - 1; tier > -1 && (result < tier || result === tierCount); tier--) {
              if (day < (holdUntil[tier] as number)) result = tier;
            }
          }
          // A streak that made a move restarts; one whose move a hold stopped runs on.
          if (promote >= promoteAfter && result !== before) promote = 0;
          if (demote >= demoteAfter && result !== before) demote = 0;
          if (shieldColumn !== undefined && merit < tierCount && adverse[merit] === 1) {
            const age = day - (shieldColumn[shieldByEntity ? entity : row] as number);
            if (age >= 0 && age < shieldDays) {
              result = lowestFair;
              promote = 0;
              demote = streak + 1;
              turnedAway = 1;
            }
          }
          if (protectTier >= 0 && run.guarded[row] === 1 && result > protectTier && result < tierCount) {
            result = protectTier;
            promote = 0;
            demote = merit > protectTier && merit < tierCount ? streak + 1 : 0;
            turnedAway = 1;
          }
          if (hasHold && result < tierCount && (first || result !== before)) {
            const days = holdDays[result] as number;
            if (days > 0 && !(day < (holdUntil[result] as number))) holdUntil[result] = day + days;
          }
          current = result;
        }
        first = false;
      }
      const at = row - origin;
      held[at] = current < 0 ? rules.beforeFirst : current;
      if (promote !== 0) promoteCount[at] = promote;
      if (demote !== 0) demoteCount[at] = demote;
      if (turnedAway !== 0) shielded[at] = turnedAway;
      if (like !== undefined && !first && like.held[row] === current) {
        if (like.promoteCount[row] === promote && like.demoteCount[row] === demote) return row;
      }
    }
    if (span !== undefined) Object.assign(left, { first, held: current, promote, demote });
    return end;
  }

  /** Takes days off the holds that run, for each event from `unseen` on that is known by then; the first that is not. */
  function shortenHolds({ events }: PanelChunk, entity: number, unseen: number, knownBy: number): number {
    const end = events.start[entity + 1] as number;
    let event = unseen;
    for (; event < end && (events.knownDay[event] as number) <= knownBy; event++) {
      for (const { kind, tier, days } of shortened) {
        const until = holdUntil[tier] as number;
        if (events.kind[event] === kind && (events.knownDay[event] as number) < until) holdUntil[tier] = until - days;
      }
    }
    return event;
  }

  return {
    beforeFirst: rules.beforeFirst,
    moveSpan(chunk, frame, entity, { keep, ...run }, out) {
      const end = moveEntity(chunk, frame, entity, run, out, undefined, run);
      if (left.first) return undefined;
      const { held, promote, demote } = left;
      const merits = [...(run.before?.past ?? nothing)];
      let seenTo = run.before?.seenTo ?? Number.NEGATIVE_INFINITY;
      const offset = (chunk.firstPeriod[entity] as number) - schema.firstPeriod - (chunk.rowStart[entity] as number);
      for (let row = run.begin; row < end; row++) {
        if (frame.evaluated[row] !== 1) continue;
        merits.push(frame.merited[row] as number);
        seenTo = lastDay[row + offset] as number;
      }
      return { held, promote, demote, holdUntil: holdUntil.slice(), past: merits.slice(-keep), seenTo };
    },
    move(chunk, frame, run) {
      const { held, promoteCount, demoteCount, shielded } = frame;
      const out: HeldColumns = { origin: 0, held, promoteCount, demoteCount, shielded };
      for (let entity = 0; entity < chunk.entityCount; entity++) moveEntity(chunk, frame, entity, run, out);
    },
    rowsUntilForgotten(chunk, frame, entity, run) {
      const begin = chunk.rowStart[entity] as number;
      const end = rowEnd(chunk, entity, run.to);
      if (end - begin > scratch.held.length) scratch = heldColumns(2 * (end - begin));
      const { held, promoteCount, demoteCount, shielded } = scratch;
      const out: HeldColumns = { origin: begin, held, promoteCount, demoteCount, shielded };
      // Holds, shortened or not, are state that the frame does not show; a protection is the same from every start.
      let row = Math.min(end, moveEntity(chunk, frame, entity, run, out, hasHold ? undefined : frame)) - 1;
      while (row >= begin && held[row - begin] === frame.held[row]) row--;
      return row - begin + 1;
    },
  };
}

/** What movement needs to know of a policy, by tier code where it is by tier. */
export interface MovementRules {
  readonly tierCount: number;
  readonly terminal: Uint8Array;
  readonly adverse: Uint8Array;
  readonly holdDays: Int32Array;
  readonly hasHold: boolean;
  /** The worst tier that is not adverse, -1 when all are. */
  readonly lowestFair: number;
  readonly promoteAfter: number;
  readonly promoteBy: number;
  readonly demoteAfter: number;
  readonly demoteBy: number;
  readonly shieldDays: number;
  /** Position of the day attribute, -1 without a shield. */
  readonly shieldAttribute: number;
  readonly shieldByEntity: boolean;
  readonly shortened: readonly { readonly tier: number; readonly kind: number; readonly days: number }[];
  /** No worse tier is held while the policy protects, -1 when it never does. */
  readonly protectTier: number;
  /** Held before the first evaluation, -1 when the first evaluation decides. */
  readonly start: number;
  /** Shown on rows before the first evaluation when there is no start. */
  readonly beforeFirst: number;
}

/** Reads the rules from a policy. */
export function movementRules(policy: Policy, schema: PanelSchema): MovementRules {
  const { tiers, movement, otherwise } = policy;
  const { promote, demote, shield, protect } = movement;
  const tierCount = tiers.length;
  invariant(promote.after >= 1 && demote.after >= 1, "a move after less than one evaluation");
  const start = movement.start === undefined ? -1 : tierNames(policy).indexOf(movement.start);
  invariant(movement.start === undefined || start >= 0, `the start tier ${movement.start} does not exist`);
  const lowestFair = tiers.findLastIndex((tier) => !tier.adverse);
  const shieldAttribute = shield === undefined ? -1 : schema.attributes.findIndex((attribute) => attribute.name === shield.since);
  invariant(shield === undefined || shieldAttribute >= 0, `attribute ${shield?.since} is not in the panel`);
  const kindOf = (event: string) => {
    const kind = schema.events.findIndex(({ name }) => name === event);
    invariant(kind >= 0, `event ${event} is not in the panel`);
    return kind;
  };
  const protectTier = protect === undefined ? -1 : tiers.findIndex((tier) => tier.name === protect.tier);
  invariant(protect === undefined || protectTier >= 0, `the protected tier ${protect?.tier} does not exist`);
  return {
    tierCount,
    terminal: Uint8Array.from([...tiers.map((tier) => (tier.terminal ? 1 : 0)), 0]),
    adverse: Uint8Array.from(tiers, (tier) => (tier.adverse ? 1 : 0)),
    holdDays: Int32Array.from(tiers, (tier) => tier.holdDays ?? 0),
    hasHold: tiers.some((tier) => (tier.holdDays ?? 0) > 0),
    lowestFair,
    promoteAfter: promote.after,
    promoteBy: promote.by ?? tierCount,
    demoteAfter: demote.after,
    demoteBy: demote.by ?? tierCount,
    shieldDays: shield?.days ?? 0,
    shieldAttribute: lowestFair < 0 ? -1 : shieldAttribute,
    shieldByEntity: shieldAttribute >= 0 && present(schema.attributes[shieldAttribute], "shield attribute").scope === "entity",
    shortened: tiers.flatMap(({ shorten }, tier) =>
      shorten === undefined ? [] : [{ tier, kind: kindOf(shorten.event), days: shorten.days }],
    ),
    protectTier,
    start,
    beforeFirst: start >= 0 ? start : otherwise === undefined ? tierCount - 1 : tierCount,
  };
}

/** The best and the worst tier that can be left again. */
export function startTiersOf({ tiers }: Policy): readonly number[] {
  const ends = [tiers.findIndex((tier) => !tier.terminal), tiers.findLastIndex((tier) => !tier.terminal)];
  return [...new Set(ends)].filter((code) => code >= 0);
}

/** Columns of so many rows. */
export function heldColumns(rows: number): HeldColumns {
  return {
    origin: 0,
    held: new Int8Array(rows),
    promoteCount: new Int32Array(rows),
    demoteCount: new Int32Array(rows),
    shielded: new Uint8Array(rows),
  };
}

/** The first event of an entity that is known on a day or later. */
function firstKnown({ events }: PanelChunk, entity: number, day: number): number {
  const end = events.start[entity + 1] as number;
  let event = events.start[entity] as number;
  while (event < end && (events.knownDay[event] as number) < day) event++;
  return event;
}

/** One past the last row of an entity that lies within the cut. */
function rowEnd(chunk: PanelChunk, entity: number, to: PeriodIndex): number {
  const begin = chunk.rowStart[entity] as number;
  const cut = Math.max(begin, begin + to - (chunk.firstPeriod[entity] as number) + 1);
  return Math.min(chunk.rowStart[entity + 1] as number, cut);
}

const nothing: readonly number[] = [];

/**
 * The last (worst, sign 1) or first (best, sign -1) of the tiers merited at the last `count` evaluations, the row's own among them:
 * those on rows from `begin` on, then those of the past.
 */
function extremeOfLast(frame: OutcomeFrame, row: number, count: number, sign: 1 | -1, begin: number, past: readonly number[]): number {
  let extreme = frame.merited[row] as number;
  let left = count - 1;
  for (let back = row - 1; left > 0 && back >= begin; back--) {
    if (frame.evaluated[back] !== 1) continue;
    const code = frame.merited[back] as number;
    if ((code - extreme) * sign > 0) extreme = code;
    left--;
  }
  for (let back = past.length - 1; left > 0 && back >= 0; back--, left--) {
    const code = past[back] as number;
    if ((code - extreme) * sign > 0) extreme = code;
  }
  return extreme;
}
