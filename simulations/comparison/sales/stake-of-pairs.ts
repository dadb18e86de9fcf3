/** GMV at stake from sums alone: entities and their GMV by pair of held tiers, whoever added them up. */
import { firstDayOf, formatDay, type PeriodIndex, present, requireExact } from "../../../data/foundation/index.ts";
import type { PanelSchema } from "../../../data/panel/index.ts";
import type { Policy } from "../../../policies/language/checked/index.ts";
import type { GmvAtStake } from "../comparison.ts";
import { moves, tierPairs, tierViews } from "../movement/tier-pairs.ts";
import { dayName, gmvSpanTo } from "../plan.ts";

/** By pair, as `tierPairs` numbers them: entities at the end of the range, and their GMV over `gmvSpanTo` it. Integers. */
export interface PairSums {
  readonly entities: ArrayLike<number>;
  readonly gmv: ArrayLike<number>;
}

/** Whose pairs, of which panel, at which period. */
export interface PairsAt {
  readonly baseline: Policy;
  readonly candidate: Policy;
  readonly schema: PanelSchema;
  readonly to: PeriodIndex;
}

/** The amounts, without intervals. */
export interface Stake extends Pick<GmvAtStake, "at" | "currency" | "windowFrom" | "windowRule" | "total" | "entities" | "byTier"> {
  readonly inFrame: number;
  readonly atStake: number;
  readonly lower: number;
  readonly higher: number;
  readonly other: number;
}

/** Undefined when the panel has no GMV measure. Lower, higher and other sum to at stake. Errors: InputRefused `limit-exceeded` where the total is no exact integer any more. */
export function stakeOfPairs({ baseline, candidate, schema, to }: PairsAt, { entities, gmv }: PairSums): Stake | undefined {
  if (schema.gmvMeasure === undefined) return undefined;
  const { move, atStake, rows, columns } = tierPairs(baseline, candidate);
  const cells = Array.from({ length: rows * columns }, (_, cell) => cell);
  const sum = (values: ArrayLike<number>, holds: (cell: number) => boolean): number =>
    cells.reduce((total, cell) => (holds(cell) ? total + (values[cell] as number) : total), 0);
  const isStaked = (cell: number) => atStake[cell] === 1;
  const everywhere = () => true;
  const at = dayName(schema, to);
  const span = gmvSpanTo(schema.grain, to);
  const total = requireExact(sum(gmv, everywhere), () => `GMV of the window to ${at}`);
  const [before, after] = [baseline, candidate].map((policy) => tierViews(policy).map(({ name }) => name)) as [string[], string[]];
  const byTier = new Map([...before, ...after].map((name) => [name, { baseline: 0, candidate: 0 }]));
  for (const cell of cells) {
    const amount = gmv[cell] as number;
    present(byTier.get(present(before[Math.floor(cell / columns)], "a tier")), "a tier").baseline += amount;
    present(byTier.get(present(after[cell % columns], "a tier")), "a tier").candidate += amount;
  }
  const stakedBy = (kind: number) => sum(gmv, (cell) => isStaked(cell) && move[cell] === kind);
  const [staked, lower, higher] = [sum(gmv, isStaked), stakedBy(moves.down), stakedBy(moves.up)];
  return {
    at,
    currency: schema.currency ?? "",
    windowFrom: formatDay(firstDayOf(schema.grain, span.first)),
    windowRule: span.rule,
    total,
    inFrame: sum(entities, everywhere),
    entities: sum(entities, isStaked),
    atStake: staked,
    lower,
    higher,
    other: staked - lower - higher,
    byTier: [...byTier].map(([tier, sums]) => ({ tier, ...sums })),
  };
}
