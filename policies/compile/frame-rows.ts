/** Frames for the kernels to fill, and the rows that they may fill. */
import { invariant } from "../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk, PanelSchema } from "../../data/panel/index.ts";

/**
 * A frame for the kernels to fill. Only a cut leaves rows that no kernel writes. In memory that is used again counters, shields and
 * evaluations are whatever they were: see `clearCounters`.
 */
export function emptyFrame(chunk: PanelChunk, columns: readonly string[], cut: boolean, reuse?: OutcomeFrame): OutcomeFrame {
  const { rowCount } = chunk;
  const numbers = (old?: Float64Array) => again(old, rowCount, Float64Array).fill(Number.NaN, 0, cut ? rowCount : 0);
  const codes = (old?: Int8Array) => again(old, rowCount, Int8Array).fill(-1, 0, cut ? rowCount : 0);
  return {
    chunkIndex: chunk.index,
    rowCount,
    evaluated: again(reuse?.evaluated, rowCount, Uint8Array),
    score: numbers(reuse?.score),
    merited: codes(reuse?.merited),
    held: codes(reuse?.held),
    promoteCount: again(reuse?.promoteCount, rowCount, Int32Array),
    demoteCount: again(reuse?.demoteCount, rowCount, Int32Array),
    shielded: again(reuse?.shielded, rowCount, Uint8Array),
    columns: new Map(columns.map((name) => [name, numbers(reuse?.columns.get(name))])),
  };
}

/** Sets everything to 0 of which the plain kernels write only what is not 0. */
export function clearCounters({ evaluated, promoteCount, demoteCount, shielded }: OutcomeFrame): void {
  for (const column of [evaluated, promoteCount, demoteCount, shielded]) column.fill(0);
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
export function requireWithin(schema: PanelSchema, chunk: PanelChunk): void {
  for (let entity = 0; entity < chunk.entityCount; entity++) {
    const first = chunk.firstPeriod[entity] as number;
    const rows = (chunk.rowStart[entity + 1] as number) - (chunk.rowStart[entity] as number);
    invariant(
      first >= schema.firstPeriod && first + rows - 1 <= schema.lastPeriod,
      `rows of ${chunk.entities[entity]} lie outside the panel`,
    );
  }
}
