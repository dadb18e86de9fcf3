/** Who is there at the two ends of the range, and how they stand: a byte an entity and side. */
import { present } from "../../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk } from "../../../data/panel/index.ts";

/** What a byte says, bit by bit; 0: not in the frame. */
export const standing = { inFrame: 1, adverse: 2, evaluated: 4 } as const;

/** Everybody's standing at the two ends. */
export interface ChangeColumns {
  /** At the first period of the range, under the baseline. */
  readonly first: Uint8Array;
  /** By candidate: at the last period of the range. */
  readonly second: readonly Uint8Array[];
}

/** Empty columns: one byte an entity, and one a candidate. */
export function changeColumns({ adverse }: { readonly adverse: readonly Uint8Array[] }, entityCount: number): ChangeColumns {
  return { first: new Uint8Array(entityCount), second: adverse.slice(1).map(() => new Uint8Array(entityCount)) };
}

/** Writes one entity's standing. */
export function collectChange(
  plan: { readonly adverse: readonly Uint8Array[]; readonly from: number; readonly to: number },
  columns: ChangeColumns,
  chunk: PanelChunk,
  frames: readonly OutcomeFrame[],
  entity: number,
): void {
  const at = (policy: number, period: number): number => {
    const row = (chunk.rowStart[entity] as number) + period - (chunk.firstPeriod[entity] as number);
    if (row < (chunk.rowStart[entity] as number) || row >= (chunk.rowStart[entity + 1] as number)) return 0;
    const { held, merited } = present(frames[policy], "frame");
    const code = held[row] as number;
    if (code < 0) return 0;
    return (
      standing.inFrame |
      (plan.adverse[policy]?.[code] === 1 ? standing.adverse : 0) |
      ((merited[row] as number) >= 0 ? standing.evaluated : 0)
    );
  };
  columns.first[entity] = at(0, plan.from);
  for (const [candidate, second] of columns.second.entries()) second[entity] = at(candidate + 1, plan.to);
}
