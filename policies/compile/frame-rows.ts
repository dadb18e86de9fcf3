/** Frames for the kernels to fill, and the rows that they may fill. */
import { invariant } from "../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk, PanelSchema } from "../../data/panel/index.ts";

/** A frame for the kernels to fill. Only a cut leaves rows that no kernel writes. */
export function emptyFrame(chunk: PanelChunk, columns: readonly string[], cut: boolean): OutcomeFrame {
  const { rowCount } = chunk;
  const numbers = () => (cut ? new Float64Array(rowCount).fill(Number.NaN) : new Float64Array(rowCount));
  const codes = () => (cut ? new Int8Array(rowCount).fill(-1) : new Int8Array(rowCount));
  return {
    chunkIndex: chunk.index,
    rowCount,
    evaluated: new Uint8Array(rowCount),
    score: numbers(),
    merited: codes(),
    held: codes(),
    promoteCount: new Int32Array(rowCount),
    demoteCount: new Int32Array(rowCount),
    shielded: new Uint8Array(rowCount),
    columns: new Map(columns.map((name) => [name, numbers()])),
  };
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
