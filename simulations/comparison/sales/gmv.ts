/** GMV at stake: sales of the entities whose held consequences differ at the end of the range. */
import { present } from "../../../data/foundation/index.ts";
import { sumOfIntegers } from "../../statistics/index.ts";
import type { Collected } from "../collect.ts";
import type { GmvAtStake } from "../comparison.ts";
import { moves } from "../movement/tier-pairs.ts";
import type { ComparisonPlan } from "../plan.ts";
import { entityDrawOf, recordedTotals } from "../recorded.ts";
import { stakeOfPairs } from "./stake-of-pairs.ts";

/** Undefined when the panel has no GMV measure. Lower, higher and other sum to at stake, to the minor unit; their intervals do not add. */
export function describeGmv(plan: ComparisonPlan, collected: Collected, candidate: number): GmvAtStake | undefined {
  if (plan.gmvColumn < 0) return undefined;
  const { move, atStake, rows: tiers, columns } = present(plan.pairs[candidate], "tier pairs");
  const [before, after] = [present(collected.end.held[0], "held tiers"), present(collected.end.held[candidate + 1], "held tiers")];
  const sums = { entities: new Float64Array(tiers * columns), gmv: new Float64Array(tiers * columns) };
  const rows: (readonly [number, number, number, number])[] = [];
  for (let entity = 0; entity < collected.entityCount; entity++) {
    const [row, column] = [before[entity] as number, after[entity] as number];
    if (row < 0) continue;
    const gmv = collected.end.gmv[entity] as number;
    const pair = row * columns + column;
    sums.entities[pair] = (sums.entities[pair] as number) + 1;
    sums.gmv[pair] = (sums.gmv[pair] as number) + gmv;
    if (atStake[pair] !== 1) continue;
    const kind = move[pair];
    rows.push([gmv, kind === moves.down ? gmv : 0, kind === moves.up ? gmv : 0, kind === moves.up || kind === moves.down ? 0 : gmv]);
  }
  const [baseline, other] = [present(plan.policies[0], "policy"), present(plan.policies[candidate + 1], "policy")];
  const stake = stakeOfPairs({ baseline, candidate: other, schema: plan.schema, to: plan.to }, sums);
  if (stake === undefined) return undefined;
  const { inFrame, ...told } = stake;
  const contributions = [0, 1, 2, 3].map((index) => Float64Array.from(rows, (row) => row[index] as number));
  const totals = recordedTotals(contributions, inFrame, entityDrawOf(plan, candidate));
  return {
    ...told,
    atStake: present(totals[0], "at stake"),
    lower: present(totals[1], "lower"),
    higher: present(totals[2], "higher"),
    other: present(totals[3], "other"),
    ...(rows.length === 0 ? {} : { largest: largestOf(rows.map(([gmv]) => gmv)) }),
  };
}

/** The largest amount, and the sum of the ten largest. Amounts are integers. */
function largestOf(amounts: readonly number[]): { readonly one: number; readonly ten: number } {
  const ten = amounts.toSorted((a, b) => b - a).slice(0, 10);
  return { one: ten[0] ?? 0, ten: sumOfIntegers(ten) };
}
