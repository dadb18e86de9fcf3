/** Every statistic, in one table: the commands, routes, calculator and reference are made from it. */
import { bayesianStatistics } from "./bayesian/entries.ts";
import { decisionStatistics } from "./decisions/entries.ts";
import { dependenceStatistics } from "./dependence/entries.ts";
import { distanceStatistics } from "./distances/entries.ts";
import { anovaStatistics } from "./means/anova-entries.ts";
import { meanStatistics } from "./means/entries.ts";
import { multiplicityStatistics } from "./multiplicity/entries.ts";
import { panelDesignStatistics } from "./panel-designs/entries.ts";
import { partialLabelStatistics } from "./partial-labels/entries.ts";
import { planningStatistics } from "./planning/entries.ts";
import { proportionStatistics } from "./proportions/entries.ts";
import { ratioStatistics } from "./ratios/entries.ts";
import { resamplingStatistics } from "./resampling/entries.ts";
import { sampleRatioStatistics } from "./sample-ratio/entries.ts";
import { sequentialStatistics } from "./sequential/entries.ts";
import { families, type Statistic } from "./statistic.ts";

/** All statistics, by family in the order of `families`. */
export const statistics: readonly Statistic[] = [
  ...meanStatistics,
  ...anovaStatistics,
  ...proportionStatistics,
  ...ratioStatistics,
  ...dependenceStatistics,
  ...resamplingStatistics,
  ...decisionStatistics,
  ...sequentialStatistics,
  ...sampleRatioStatistics,
  ...multiplicityStatistics,
  ...bayesianStatistics,
  ...distanceStatistics,
  ...partialLabelStatistics,
  ...planningStatistics,
  ...panelDesignStatistics,
];

/** The statistic of that name, if there is one. */
export function findStatistic(name: string): Statistic | undefined {
  return statistics.find((statistic) => statistic.name === name);
}

export { statisticsInMarkdown, studiesInMarkdown } from "./markdown.ts";
export { runStudy, studySeedsDefault } from "./studies/study.ts";
export { studies } from "./studies/table.ts";
export { families, type Statistic };
