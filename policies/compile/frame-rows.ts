/** Frames for the kernels to fill, and the rows that they may fill. */
import { InvariantBroken, type PeriodIndex } from "../../data/foundation/index.ts";
import type { EntityRows, OutcomeFrame, PanelSchema } from "../../data/panel/index.ts";
import type { RunOptions, TierTally } from "./compiled-policy.ts";

/**
 * A frame for the kernels to fill. Only a cut leaves rows that no kernel writes. In memory that is used again counters, shields and
 * evaluations are whatever they were: see `clearCounters`. `onlyDigested`: no column has room but those that a digest reads and those asked for.
 */
export function emptyFrame(
  { rowCount }: Pick<EntityRows, "rowCount">,
  columns: readonly string[],
  cut: boolean,
  { reuse, onlyDigested = false }: Pick<RunOptions, "reuse" | "onlyDigested"> = {},
): OutcomeFrame {
  const unread = onlyDigested ? 0 : rowCount;
  const numbers = (old?: Float64Array) => again(old, rowCount, Float64Array).fill(Number.NaN, 0, cut ? rowCount : 0);
  const codes = (old?: Int8Array) => again(old, unread, Int8Array).fill(-1, 0, cut ? unread : 0);
  return {
    rowCount,
    evaluated: again(reuse?.evaluated, unread, Uint8Array),
    score: numbers(reuse?.score),
    merited: codes(reuse?.merited),
    held: codes(reuse?.held),
    promoteCount: again(reuse?.promoteCount, unread, Int32Array),
    demoteCount: again(reuse?.demoteCount, unread, Int32Array),
    shielded: again(reuse?.shielded, unread, Uint8Array),
    states: again(reuse?.states, rowCount, Int32Array),
    columns: new Map(columns.map((name) => [name, numbers(reuse?.columns.get(name))])),
  };
}

/** Sets everything to 0 of which the plain kernels write only what is not 0. */
export function clearCounters({ evaluated, promoteCount, demoteCount, shielded }: OutcomeFrame): void {
  for (const column of [evaluated, promoteCount, demoteCount, shielded]) column.fill(0);
}

/**
 * Fills the states from the other columns: held and merited tier plus one in 7 bits each, evaluated and shielded in a bit, and above them the
 * streak, twice its length and one more when it goes up.
 */
export function packStates({ rowCount, states, held, merited, evaluated, shielded, promoteCount, demoteCount }: OutcomeFrame): void {
  for (let row = 0; row < rowCount; row++) {
    const promote = promoteCount[row] as number;
    const streak = promote > 0 ? 2 * promote + 1 : 2 * (demoteCount[row] as number);
    states[row] =
      ((held[row] as number) + 1) |
      (((merited[row] as number) + 1) << 7) |
      ((evaluated[row] as number) << 14) |
      ((shielded[row] as number) << 15) |
      (streak << 16);
  }
}

/** Fills a tally from the rows of a frame up to its cut. */
export function addUp(
  { entityCount, rowStart, firstPeriod: entered }: EntityRows,
  { held }: OutcomeFrame,
  { firstPeriod, to, tiers }: { readonly firstPeriod: PeriodIndex; readonly to: PeriodIndex; readonly tiers: number },
  { entities, values, sums }: TierTally,
): void {
  for (const cells of [entities, sums]) cells.fill(0);
  for (let entity = 0; entity < entityCount; entity++) {
    const begin = rowStart[entity] as number;
    const first = entered[entity] as number;
    const end = Math.min(rowStart[entity + 1] as number, begin + to - first + 1);
    let period = (first - firstPeriod) * tiers;
    for (let row = begin; row < end; row++, period += tiers) {
      const cell = period + (held[row] as number);
      entities[cell] = (entities[cell] as number) + 1;
      if (values !== undefined) sums[cell] = (sums[cell] as number) + (values[row] as number);
    }
  }
}

/** An array of so many rows, in the memory of an old one where it fits. */
function again<Numbers extends Float64Array | Int32Array | Int8Array | Uint8Array>(
  old: Numbers | undefined,
  rows: number,
  type: new (length: number | ArrayBufferLike, offset?: number, count?: number) => Numbers,
): Numbers {
  if (old === undefined || old.buffer.byteLength < rows * old.BYTES_PER_ELEMENT) return new type(rows);
  return new type(old.buffer, 0, rows);
}

/** The plan covers the schema's periods only. */
export function requireWithin(schema: PanelSchema, { entityCount, firstPeriod, rowStart, entities }: EntityRows): void {
  for (let entity = 0; entity < entityCount; entity++) {
    const first = firstPeriod[entity] as number;
    const rows = (rowStart[entity + 1] as number) - (rowStart[entity] as number);
    const isWithin = first >= schema.firstPeriod && first + rows - 1 <= schema.lastPeriod;
    if (!isWithin) throw new InvariantBroken(`rows of ${entities[entity]} lie outside the panel`);
  }
}
