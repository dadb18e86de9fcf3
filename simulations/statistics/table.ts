/** Every statistic, in one table: the commands, routes, calculator and reference are made from it. */
import { dependenceStatistics } from "./dependence/entries.ts";
import { proportionStatistics } from "./proportions/entries.ts";
import { families, type Statistic } from "./statistic.ts";

/** All statistics, by family in the order of `families`. */
export const statistics: readonly Statistic[] = [...proportionStatistics, ...dependenceStatistics];

/** The statistic of that name, if there is one. */
export function findStatistic(name: string): Statistic | undefined {
  return statistics.find((statistic) => statistic.name === name);
}

export { statisticsInMarkdown, studiesInMarkdown } from "./markdown.ts";
export { runStudy, studySeedsDefault } from "./studies/study.ts";
export { studies } from "./studies/table.ts";
export { families, type Statistic };
