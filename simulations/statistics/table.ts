/** Every statistic, in one table: the commands, routes, calculator and reference are made from it. */
import { anovaStatistics } from "./means/anova-entries.ts";
import { planningStatistics } from "./planning/entries.ts";
import { proportionStatistics } from "./proportions/entries.ts";
import { sequentialStatistics } from "./sequential/entries.ts";
import { families, type Statistic } from "./statistic.ts";

/** All statistics, by family in the order of `families`. */
export const statistics: readonly Statistic[] = [
  ...anovaStatistics,
  ...proportionStatistics,
  ...sequentialStatistics,
  ...planningStatistics,
];

/** The statistic of that name, if there is one. */
export function findStatistic(name: string): Statistic | undefined {
  return statistics.find((statistic) => statistic.name === name);
}

export { families, type Statistic };
