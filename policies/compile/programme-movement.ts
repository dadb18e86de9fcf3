/** Movement through the versions of a programme: each goes on from where the one before it left every entity. */
import { invariant, lastDayOf, type PeriodIndex, present } from "../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk, PanelSchema } from "../../data/panel/index.ts";
import { type Policy, tierAfter, tierNames, type VersionInForce, versionOn } from "../language/checked/index.ts";
import type { CompiledVersion } from "./compiled-version.ts";
import { type HeldColumns, heldColumns, type MovementState } from "./movement-kernel.ts";

/** What the kernels of one version gave for a chunk: shown from period `begin` on, computed to `end`. Tiers by the version's codes. */
export interface VersionRun {
  readonly version: CompiledVersion;
  readonly begin: PeriodIndex;
  readonly end: PeriodIndex;
  readonly frame: OutcomeFrame;
  readonly guarded: Uint8Array;
}

/** What all versions gave for a chunk, and how it was asked for. */
export interface ProgrammeRun {
  readonly versions: readonly VersionRun[];
  readonly to: PeriodIndex;
  readonly startTier: number | undefined;
}

/** The movement of a programme, made for one panel. */
export interface ProgrammeMovement {
  /** Fills held tiers, counters and shields of a frame that knows on which rows anything was evaluated. */
  readonly move: (chunk: PanelChunk, run: ProgrammeRun, frame: OutcomeFrame) => void;
  /** After how many rows the run's start tier stops mattering to an entity. */
  readonly rowsUntilForgotten: (chunk: PanelChunk, run: ProgrammeRun, frame: OutcomeFrame, entity: number) => number;
}

/** Tier codes of each version in the programme, and the versions that are evaluated at all. */
interface ProgrammeParts {
  readonly codes: readonly (readonly number[])[];
  readonly evaluated: readonly CompiledVersion[];
}

/** Makes the movement. Scratch is kept here. */
export function programmeMovement(
  versions: readonly VersionInForce[],
  schema: PanelSchema,
  { codes, evaluated }: ProgrammeParts,
): ProgrammeMovement {
  const keep = Math.max(...versions.flatMap(({ policy: { movement } }) => [movement.promote.after, movement.demote.after]));
  /** By version and by the one evaluated before it: what becomes of each tier. */
  const heirs = new Map(
    evaluated.map(({ position }, index) => [
      position,
      index === 0 ? [] : heirsOf(versions, present(evaluated[index - 1], "a version").position, position),
    ]),
  );
  const beforeFirst = Int8Array.from({ length: schema.lastPeriod - schema.firstPeriod + 1 }, (_, index) => {
    const position = versionOn(versions, lastDayOf(schema.grain, schema.firstPeriod + index) + 1);
    return present(codes[position]?.[tierBeforeFirst(present(versions[position], "a version").policy)], "a tier");
  });
  let own = heldColumns(64);
  let other = heldColumns(64);

  function moveEntity(
    chunk: PanelChunk,
    { versions: runs, to, startTier }: ProgrammeRun,
    frame: OutcomeFrame,
    entity: number,
    out: HeldColumns,
  ) {
    const entry = chunk.rowStart[entity] as number;
    const zero = entry - (chunk.firstPeriod[entity] as number);
    const stop = Math.min(chunk.rowStart[entity + 1] as number, zero + to + 1);
    let state: MovementState | undefined;
    for (const { version, begin: shownFrom, end: shownTo, frame: scored, guarded } of runs) {
      const begin = Math.max(entry, zero + shownFrom);
      const end = Math.min(stop, zero + shownTo + 1);
      if (begin >= end) continue;
      const { policy, position, movement } = version;
      const start = startTier === undefined ? undefined : startIn(versions, codes, position, startTier);
      const before = state === undefined ? {} : { before: carry(state, present(heirs.get(position), "heirs"), policy) };
      const rows = clear(end - begin, begin);
      state = movement.moveSpan(chunk, scored, entity, { to: shownTo, startTier: start, guarded, begin, keep, ...before }, rows);
      const shown = present(codes[position], "tiers");
      for (let row = begin; row < end; row++) {
        const at = row - out.origin;
        out.held[at] = shown[rows.held[row - begin] as number] as number;
        out.promoteCount[at] = rows.promoteCount[row - begin] as number;
        out.demoteCount[at] = rows.demoteCount[row - begin] as number;
        out.shielded[at] = rows.shielded[row - begin] as number;
      }
    }
    for (let row = entry; row < stop && frame.evaluated[row] !== 1; row++)
      out.held[row - out.origin] = startTier ?? (beforeFirst[row - zero - schema.firstPeriod] as number);
  }

  /** Scratch for so many rows from one on, with counters and shields 0. */
  function clear(rows: number, origin: number): HeldColumns {
    if (rows > own.held.length) own = heldColumns(2 * rows);
    const { held, promoteCount, demoteCount, shielded } = own;
    for (const column of [promoteCount, demoteCount, shielded]) column.fill(0, 0, rows);
    return { held, promoteCount, demoteCount, shielded, origin };
  }

  return {
    move(chunk, run, frame) {
      const { held, promoteCount, demoteCount, shielded } = frame;
      const out: HeldColumns = { origin: 0, held, promoteCount, demoteCount, shielded };
      for (let entity = 0; entity < chunk.entityCount; entity++) moveEntity(chunk, run, frame, entity, out);
    },
    rowsUntilForgotten(chunk, run, frame, entity) {
      const begin = chunk.rowStart[entity] as number;
      const stop = begin + run.to - (chunk.firstPeriod[entity] as number) + 1;
      const end = Math.max(begin, Math.min(chunk.rowStart[entity + 1] as number, stop));
      if (end - begin > other.held.length) other = heldColumns(2 * (end - begin));
      moveEntity(chunk, run, frame, entity, { ...other, origin: begin });
      let row = end - 1;
      while (row >= begin && other.held[row - begin] === frame.held[row]) row--;
      return row - begin + 1;
    },
  };
}

/** The state by the tiers of the next version. Of two holds that meet in one tier the later end counts; off the ladder nothing is held. */
function carry(state: MovementState, heirs: readonly number[], { tiers }: Policy): MovementState {
  const holdUntil = new Float64Array(tiers.length).fill(Number.NEGATIVE_INFINITY);
  for (const [tier, until] of state.holdUntil.entries()) {
    const heir = present(heirs[tier], "an heir");
    if (heir < tiers.length && until > (holdUntil[heir] as number)) holdUntil[heir] = until;
  }
  const heirOf = (tier: number): number => present(heirs[tier], "an heir");
  return { ...state, held: heirOf(state.held), past: state.past.map(heirOf), holdUntil };
}

/** The codes of what becomes of the tiers of one version by a later one, through every version between. */
function heirsOf(versions: readonly VersionInForce[], from: number, to: number): readonly number[] {
  const chain = versions.slice(from, to + 1).map(({ policy }) => policy);
  const [old, ...later] = chain;
  return tierNames(present(old, "a version")).map((name) => {
    let [heir, last] = [name, present(old, "a version")];
    for (const next of later) {
      const found = tierAfter(last, next, heir);
      invariant(found !== undefined, `tier ${heir} of ${last.version} is lost in ${next.version}`);
      [heir, last] = [found, next];
    }
    return tierNames(last).indexOf(heir);
  });
}

/** A start tier by the version's own codes: its own, or what becomes of one of an earlier version; undefined for one that comes later. */
function startIn(
  versions: readonly VersionInForce[],
  codes: readonly (readonly number[])[],
  position: number,
  startTier: number,
): number | undefined {
  for (let from = position; from >= 0; from--) {
    const code = codes[from]?.indexOf(startTier) ?? -1;
    if (code >= 0) return heirsOf(versions, from, position)[code];
  }
  return undefined;
}

function tierBeforeFirst({ movement, otherwise, tiers }: Policy): number {
  if (movement.start !== undefined) return [...tiers.map(({ name }) => name), otherwise].indexOf(movement.start);
  return otherwise === undefined ? tiers.length - 1 : tiers.length;
}
