/** The explained change in the long table: the whole, its parts, and the parts of the mean score. */
import type { CandidateComparison } from "../../simulations/comparison/index.ts";
import { type CsvRow, estimateOf } from "./csv-row.ts";

/** Shares are of 1; the parts sum to `whole`. */
export function changeRows({ changeExplained: change }: CandidateComparison): readonly CsvRow[] {
  if (change === undefined) return [];
  const key = { section: "change", date: change.to.at };
  const since = `From ${change.from.version} at ${change.from.at} to ${change.to.version} at ${change.to.at}.`;
  const exact = (figure: string, value: number, n: number, definition: string): CsvRow => ({
    ...key,
    figure,
    value,
    n,
    method: "count",
    definition: `${definition} ${since}`,
  });
  return [
    exact("whole", change.change, change.to.entities, "Change of the share of adverse entities."),
    exact("both", change.both.change, change.both.entities, "The same among those evaluated at both dates: the sum of the factors."),
    ...change.factors.map(
      ({ factor, share }): CsvRow => ({
        ...key,
        figure: factor,
        ...estimateOf(share),
        definition: `Shapley share of the change of those evaluated at both dates. ${since}`,
      }),
    ),
    exact(
      "entrants",
      change.entrants.change,
      change.entrants.entities,
      "Share with those not evaluated at the first date less share without them.",
    ),
    exact(
      "leavers",
      change.leavers.change,
      change.leavers.entities,
      "Share without those not evaluated at the second date less share with them.",
    ),
    ...change.factors.flatMap(({ factor, score }): readonly CsvRow[] =>
      score === undefined
        ? []
        : [
            {
              ...key,
              figure: `mean score, ${factor}`,
              ...estimateOf(score),
              definition: `Shapley share of the change of the mean score. ${since}`,
            },
          ],
    ),
  ];
}
