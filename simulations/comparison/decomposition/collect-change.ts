/** Who is there at the two ends of the range, and how they stand: a byte an entity and side. */
import { present } from "../../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk } from "../../../data/panel/index.ts";

/**
 * What a byte says, bit by bit; 0: not in the frame. Open: it is adverse and does not merit to be by what one of the policies finds at one of the dates, or the reverse.
 * Divided: the two policies part over that at one of the dates (said of the second). Who is neither hardly comes out otherwise under any mixture.
 */
export const standing = { inFrame: 1, adverse: 2, evaluated: 4, open: 8, divided: 16 } as const;

/** Everybody's standing at the two ends. */
export interface ChangeColumns {
  /** At the first date of the change, under the baseline. */
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
  plan: { readonly adverse: readonly Uint8Array[]; readonly changeFrom: number; readonly to: number },
  columns: ChangeColumns,
  chunk: PanelChunk,
  frames: readonly OutcomeFrame[],
  entity: number,
): void {
  const { changeFrom, to } = plan;
  const rowAt = (period: number): number => {
    const row = (chunk.rowStart[entity] as number) + period - (chunk.firstPeriod[entity] as number);
    return row < (chunk.rowStart[entity] as number) || row >= (chunk.rowStart[entity + 1] as number) ? -1 : row;
  };
  const isAdverse = (policy: number, code: number): boolean => plan.adverse[policy]?.[code] === 1;
  const meritsAdverse = (policy: number, period: number): boolean =>
    isAdverse(policy, present(frames[policy], "frame").merited[rowAt(period)] ?? -1);
  const at = (policy: number, period: number, merits: readonly boolean[]): number => {
    const { held, merited } = present(frames[policy], "frame");
    const row = rowAt(period);
    const code = held[row] ?? -1;
    if (code < 0) return 0;
    const adverse = isAdverse(policy, code);
    return (
      standing.inFrame |
      (adverse ? standing.adverse : 0) |
      ((merited[row] as number) >= 0 ? standing.evaluated : 0) |
      (merits.every((merit) => merit === adverse) ? 0 : standing.open)
    );
  };
  columns.first[entity] = at(0, changeFrom, [meritsAdverse(0, changeFrom)]);
  for (const [candidate, second] of columns.second.entries()) {
    const policy = candidate + 1;
    const [then, now] = [meritsAdverse(policy, changeFrom), meritsAdverse(policy, to)];
    const isDivided = then !== meritsAdverse(0, changeFrom) || now !== meritsAdverse(0, to);
    const found = at(policy, to, [then, now, meritsAdverse(0, to)]);
    second[entity] = found === 0 || !isDivided ? found : found | standing.divided;
  }
}
