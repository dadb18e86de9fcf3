/** GMV at stake: sales of the entities whose held consequences differ at the end of the range. */
import { firstDayOf, formatDay, present, requireExact } from "../../../data/foundation/index.ts";
import { sumOfIntegers } from "../../statistics/index.ts";
import type { Collected } from "../collect.ts";
import type { GmvAtStake } from "../comparison.ts";
import { moves, tierViews } from "../movement/tier-pairs.ts";
import { type ComparisonPlan, dayName } from "../plan.ts";
import { entityDrawOf, recordedTotals } from "../recorded.ts";

/** Undefined when the panel has no GMV measure. Lower, higher and other sum to at stake, to the minor unit; their intervals do not add. */
export function describeGmv(plan: ComparisonPlan, collected: Collected, candidate: number): GmvAtStake | undefined {
  if (plan.gmvColumn < 0) return undefined;
  const { move, atStake, columns } = present(plan.pairs[candidate], "tier pairs");
  const [before, after] = [present(collected.end.held[0], "held tiers"), present(collected.end.held[candidate + 1], "held tiers")];
  const rows: (readonly [number, number, number, number])[] = [];
  const byTier = new Map<string, { baseline: number; candidate: number }>();
  const names = [0, candidate + 1].map((policy) => tierViews(present(plan.policies[policy], "policy")).map(({ name }) => name));
  for (const name of names.flat()) byTier.set(name, { baseline: 0, candidate: 0 });
  let inFrame = 0;
  let total = 0;
  for (let entity = 0; entity < collected.entityCount; entity++) {
    const [row, column] = [before[entity] as number, after[entity] as number];
    if (row < 0) continue;
    const gmv = collected.end.gmv[entity] as number;
    inFrame++;
    total += gmv;
    present(byTier.get(names[0]?.[row] ?? ""), "tier").baseline += gmv;
    present(byTier.get(names[1]?.[column] ?? ""), "tier").candidate += gmv;
    const pair = row * columns + column;
    if (atStake[pair] !== 1) continue;
    const kind = move[pair];
    rows.push([gmv, kind === moves.down ? gmv : 0, kind === moves.up ? gmv : 0, kind === moves.up || kind === moves.down ? 0 : gmv]);
  }
  requireExact(total, () => `GMV of the window to ${dayName(plan.schema, plan.to)}`);
  const contributions = [0, 1, 2, 3].map((index) => Float64Array.from(rows, (row) => row[index] as number));
  const totals = recordedTotals(contributions, inFrame, entityDrawOf(plan, candidate));
  return {
    at: dayName(plan.schema, plan.to),
    currency: plan.schema.currency ?? "",
    windowFrom: formatDay(firstDayOf(plan.schema.grain, plan.gmvSpan.first)),
    total,
    atStake: present(totals[0], "at stake"),
    lower: present(totals[1], "lower"),
    higher: present(totals[2], "higher"),
    other: present(totals[3], "other"),
    entities: rows.length,
    ...(rows.length === 0 ? {} : { largest: largestOf(rows.map(([gmv]) => gmv)) }),
    windowRule: plan.gmvSpan.rule,
    byTier: [...byTier].map(([tier, sums]) => ({ tier, ...sums })),
  };
}

/** The largest amount, and the sum of the ten largest. Amounts are integers. */
function largestOf(amounts: readonly number[]): { readonly one: number; readonly ten: number } {
  const ten = amounts.toSorted((a, b) => b - a).slice(0, 10);
  return { one: ten[0] ?? 0, ten: sumOfIntegers(ten) };
}
