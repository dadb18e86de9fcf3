/** How often a studentised interval of a heavy-tailed total really covers: printed beside every such interval. */
import { sampleStandardDeviation } from "simple-statistics";

/** Spread of the logarithms of the contributions: the columns of the table. */
export const coverageSpreads = [0.5, 1, 1.5, 2, 2.5] as const;

/** Contributing entities: the rows of the table. */
export const coverageContributors = [20, 50, 100, 200, 500] as const;

/**
 * Coverage achieved at a nominal 95 %, in percent, by `bootstrapTotals` over 20 times as many entities as contribute, contributions
 * log-normal: 400 seeds a cell, 499 replicates; Monte Carlo error at most 2.5 points. `test/slow/heavy-tail-coverage.test.ts` recomputes it.
 */
export const coverageTable: readonly (readonly number[])[] = [
  [96, 94, 90, 84, 76],
  [94, 93, 91, 84, 75],
  [97, 96, 91, 85, 79],
  [94, 94, 94, 87, 80],
  [94, 96, 93, 89, 85],
];

/**
 * The achieved coverage for contributions of this number and spread, in words. The cell is the nearest with no more contributors
 * and no less spread, so that it errs on the cautious side. Contributions are positive, at least two.
 */
export function coverageSentence(contributions: Float64Array): string {
  const spread = sampleStandardDeviation(Array.from(contributions, (value) => Math.log(Math.abs(value))));
  const row = Math.max(
    0,
    coverageContributors.findLastIndex((count) => count <= contributions.length),
  );
  const column = coverageSpreads.findIndex((sigma) => spread <= sigma);
  const cell = coverageTable[row]?.[column < 0 ? coverageSpreads.length - 1 : column] ?? 0;
  const bound = column < 0 || contributions.length < coverageContributors[0] ? "less than " : "about ";
  return `at a nominal 95 % such intervals cover ${bound}${cell} % in simulation (log-normal contributions, spread ${spread.toFixed(1)}, ${contributions.length} entities)`;
}
