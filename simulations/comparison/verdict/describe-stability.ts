/** The same change elsewhere: who moved at other dates, and the error rates with the labels of other dates and days. */
import { formatDay, type PeriodIndex, present } from "../../../data/foundation/index.ts";
import type { Collected } from "../collect.ts";
import { coverageOf, estimateTable } from "../errors/errors.ts";
import { moves } from "../movement/tier-pairs.ts";
import { type ComparisonPlan, dayName } from "../plan.ts";
import { headlinesOf } from "./label-figures.ts";
import type { DateCounts, LabelReading, Stability } from "./stability.ts";

/** The change of one candidate at the other dates, and with the labels of other days. */
export function describeStability(
  plan: ComparisonPlan,
  collected: Pick<Collected, "stability"> & { readonly range: { readonly pairs: readonly { readonly entities: Float64Array }[] } },
  candidate: number,
): Stability {
  return {
    dates: plan.stability.dates.map((period) => dateCounts(plan, present(collected.range.pairs[candidate], "pair"), candidate, period)),
    labels: plan.stability.labels.map(({ along, error, knownAt }, index): LabelReading => {
      const columns = present(collected.stability[index], "label columns");
      const { tally, estimates } = estimateTable({ plan, columns, candidate, error });
      return {
        along,
        at: dayName(plan.schema, error.period),
        knownAt: formatDay(knownAt),
        coverage: coverageOf(tally),
        ...(estimates === undefined ? {} : { headlines: headlinesOf(estimates) }),
      };
    }),
  };
}

function dateCounts(
  plan: ComparisonPlan,
  { entities }: { readonly entities: Float64Array },
  candidate: number,
  period: PeriodIndex,
): DateCounts {
  const { rows, columns, move, adverse } = present(plan.pairs[candidate], "tier pairs");
  const ladder = present(plan.policies[candidate + 1], "candidate").tiers.length;
  const count = { inFrame: 0, movers: 0, up: 0, down: 0, newlyAdverse: 0, released: 0, bothAdverse: 0, unrated: 0 };
  for (let pair = 0; pair < rows * columns; pair++) {
    const found = entities[(period - plan.from) * rows * columns + pair] as number;
    count.inFrame += found;
    if (move[pair] !== moves.same) count.movers += found;
    if (move[pair] === moves.up) count.up += found;
    if (move[pair] === moves.down) count.down += found;
    if (adverse[pair] === 1) count.newlyAdverse += found;
    if (adverse[pair] === 2) count.released += found;
    if (adverse[pair] === 3) count.bothAdverse += found;
    if (pair % columns >= ladder) count.unrated += found;
  }
  return { at: dayName(plan.schema, period), ...count };
}
