/** Groups with counts of the newly adverse alone, and how often they are told from the rest. */
import { randomStream } from "../../data/foundation/index.ts";
import { compareWithRest } from "../../simulations/comparison/fairness/against-rest.ts";
import type { GroupTally } from "../../simulations/comparison/fairness/group-tally.ts";

/** Groups of which only the newly adverse are counted. */
export function tallies(successes: readonly number[], trials: readonly number[]): readonly GroupTally[] {
  const pairs = { baselineOnly: 0, candidateOnly: 0, both: 0 };
  const empty = { gmv: 0, movers: 0, up: 0, down: 0, gmvUp: 0, gmvDown: 0, fineAll: 0, harmfulAll: 0, unlabelled: 0 };
  return successes.map((count, index) => ({
    ...empty,
    value: `g${index}`,
    entities: trials[index] as number,
    rated: trials[index] as number,
    adverse: { ...pairs, candidateOnly: count },
    demoted: pairs,
    fine: pairs,
    harmful: pairs,
  }));
}

/** Twelve groups of 60 to 500; one of them may have a rate of 22 % in place of 8 %. */
export function drawnGroups(seed: number, world: number, planted: number | undefined): readonly GroupTally[] {
  const stream = randomStream(seed, "planted groups", world);
  const sizes = Array.from({ length: 12 }, (_, index) => 60 + 40 * index);
  return tallies(
    sizes.map((size, index) => stream.binomial(size, index === planted ? 0.22 : 0.08)),
    sizes,
  );
}

/** Which of the groups are beyond chance at 5 %. */
export function foundIn(groups: readonly GroupTally[], by: "benjaminiHochberg" | "holm"): readonly number[] {
  const comparisons = compareWithRest([groups], 0.95);
  return [...groups.keys()].filter((index) => (comparisons.of(0, index)["newly-adverse"]?.[by] ?? 1) < 0.05);
}
