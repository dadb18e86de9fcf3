/** Worlds in which the proportions are studied. */
import type { RandomStream } from "../../../data/foundation/index.ts";
import type { Study } from "../studies/study.ts";

const sample = (probability: number, trials: number) => (random: RandomStream) => ({
  sample: { successes: random.binomial(trials, probability), trials },
});

export const proportionStudies: readonly Study[] = [
  {
    name: "wilson-proportion",
    statistic: "wilson-proportion",
    worlds: [
      { name: "share 0.3, 50 units", holds: true, truth: 0.3, draw: sample(0.3, 50) },
      { name: "share 0.05, 100 units", holds: true, truth: 0.05, draw: sample(0.05, 100) },
      { name: "rare: share 0.002, 500 units", holds: true, truth: 0.002, draw: sample(0.002, 500) },
    ],
  },
];
