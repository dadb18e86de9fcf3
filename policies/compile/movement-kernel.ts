/**
 * Movement: how the merited tier of each evaluation becomes the held one.
 *
 * In the order in which it is decided, with h held before, m merited:
 *   1. a terminal h stays for ever
 *   2. m off the ladder, or h off it or not yet there: held = m, counters 0
 *   3. otherwise a streak on one side of h counts up; after n it moves to what all n reached, at most `by` steps, and restarts
 *   4. a hold that still runs keeps the result from being better than its tier
 *   5. a shield that runs turns an adverse m away: held = the lowest tier that is not adverse, and the demote streak counts on
 */
import { invariant, type PeriodIndex, present } from "../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk, PanelSchema } from "../../data/panel/index.ts";
import { type Policy, tierNames } from "../language/index.ts";
import { type EvaluationPlan, NEVER } from "./evaluation-plan.ts";

/** Where movement writes, parallel to the rows from `origin` on. Counters and shields are 0 before, and only others are written. */
interface HeldColumns {
  readonly origin: number;
  readonly held: Int8Array;
  readonly promoteCount: Int32Array;
  readonly demoteCount: Int32Array;
  readonly shielded: Uint8Array;
}

/** The movement of one policy, made for one panel. */
export interface MovementKernel {
  /** Moves every entity of a chunk through its rows; the frame already holds what they merit. */
  readonly move: (chunk: PanelChunk, frame: OutcomeFrame, to: PeriodIndex, startTier: number | undefined) => void;
  /** After how many rows another start tier stops mattering to an entity. */
  readonly rowsUntilForgotten: (chunk: PanelChunk, frame: OutcomeFrame, entity: number, startTier: number, to: PeriodIndex) => number;
}

/** Makes the movement kernel. Scratch is kept here, one set a policy. */
export function movementKernel(policy: Policy, schema: PanelSchema, plan: EvaluationPlan): MovementKernel {
  const rules = movementRules(policy, schema);
  const { tierCount, terminal, adverse, holdDays, hasHold, lowestFair, promoteAfter, promoteBy, demoteAfter, demoteBy } = rules;
  const { shieldDays, shieldAttribute, shieldByEntity } = rules;
  const { evaluationDay } = plan;
  const holdUntil = new Float64Array(tierCount);
  let scratch = heldColumns(64);

  /** Runs one entity and returns the row at which `like` first agrees with it in everything that decides the future. */
  function moveEntity(
    chunk: PanelChunk,
    frame: OutcomeFrame,
    entity: number,
    end: number,
    startTier: number,
    out: HeldColumns,
    like?: OutcomeFrame,
  ): number {
    const begin = chunk.rowStart[entity] as number;
    const offset = (chunk.firstPeriod[entity] as number) - schema.firstPeriod - begin;
    const { merited } = frame;
    const { held, promoteCount, demoteCount, shielded, origin } = out;
    const shieldColumn = shieldAttribute < 0 ? undefined : chunk.attributes[shieldAttribute];
    if (hasHold) holdUntil.fill(Number.NEGATIVE_INFINITY);
    let first = true;
    let current = startTier;
    let promote = 0;
    let demote = 0;
    let turnedAway = 0;
    for (let row = begin; row < end; row++) {
      const day = evaluationDay[row + offset] as number;
      if (day !== NEVER) {
        const merit = merited[row] as number;
        const before = current;
        turnedAway = 0;
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
              result = Math.max(extremeOfLast(frame, row, promoteAfter, 1), before - promoteBy);
            }
          } else {
            promote = 0;
            demote++;
            if (demote >= demoteAfter) {
              result = Math.min(Math.max(extremeOfLast(frame, row, demoteAfter, -1), before), before + demoteBy);
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
    return end;
  }

  return {
    move(chunk, frame, to, startTier) {
      const start = startTier ?? rules.start;
      const { held, promoteCount, demoteCount, shielded } = frame;
      const out: HeldColumns = { origin: 0, held, promoteCount, demoteCount, shielded };
      for (let entity = 0; entity < chunk.entityCount; entity++) {
        moveEntity(chunk, frame, entity, rowEnd(chunk, entity, to), start, out);
      }
    },
    rowsUntilForgotten(chunk, frame, entity, startTier, to) {
      const begin = chunk.rowStart[entity] as number;
      const end = rowEnd(chunk, entity, to);
      if (end - begin > scratch.held.length) scratch = heldColumns(2 * (end - begin));
      const { held, promoteCount, demoteCount, shielded } = scratch;
      const out: HeldColumns = { origin: begin, held, promoteCount, demoteCount, shielded };
      let row = Math.min(end, moveEntity(chunk, frame, entity, end, startTier, out, hasHold ? undefined : frame)) - 1;
      while (row >= begin && held[row - begin] === frame.held[row]) row--;
      return row - begin + 1;
    },
  };
}

interface MovementRules {
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
  /** Held before the first evaluation, -1 when the first evaluation decides. */
  readonly start: number;
  /** Shown on rows before the first evaluation when there is no start. */
  readonly beforeFirst: number;
}

function movementRules(policy: Policy, schema: PanelSchema): MovementRules {
  const { tiers, movement, otherwise } = policy;
  const { promote, demote, shield } = movement;
  const tierCount = tiers.length;
  invariant(promote.after >= 1 && demote.after >= 1, "a move after less than one evaluation");
  const start = movement.start === undefined ? -1 : tierNames(policy).indexOf(movement.start);
  invariant(movement.start === undefined || start >= 0, `the start tier ${movement.start} does not exist`);
  const lowestFair = tiers.findLastIndex((tier) => !tier.adverse);
  const shieldAttribute = shield === undefined ? -1 : schema.attributes.findIndex((attribute) => attribute.name === shield.since);
  invariant(shield === undefined || shieldAttribute >= 0, `attribute ${shield?.since} is not in the panel`);
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
    start,
    beforeFirst: start >= 0 ? start : otherwise === undefined ? tierCount - 1 : tierCount,
  };
}

function heldColumns(rows: number): HeldColumns {
  return {
    origin: 0,
    held: new Int8Array(rows),
    promoteCount: new Int32Array(rows),
    demoteCount: new Int32Array(rows),
    shielded: new Uint8Array(rows),
  };
}

/** One past the last row of an entity that lies within the cut. */
function rowEnd(chunk: PanelChunk, entity: number, to: PeriodIndex): number {
  const begin = chunk.rowStart[entity] as number;
  return Math.min(chunk.rowStart[entity + 1] as number, begin + to - (chunk.firstPeriod[entity] as number) + 1);
}

/** The last (worst, sign 1) or first (best, sign -1) of the tiers merited at the last `count` evaluations, the row's own among them. */
function extremeOfLast(frame: OutcomeFrame, row: number, count: number, sign: 1 | -1): number {
  let extreme = frame.merited[row] as number;
  let left = count - 1;
  for (let back = row - 1; left > 0; back--) {
    if (frame.evaluated[back] !== 1) continue;
    const code = frame.merited[back] as number;
    if ((code - extreme) * sign > 0) extreme = code;
    left--;
  }
  return extreme;
}
