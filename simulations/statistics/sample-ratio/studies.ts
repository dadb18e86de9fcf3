/** Worlds in which sample ratios are studied: the error is a false alarm about a sound assignment. */
import type { Study, World } from "../studies/study.ts";
import { type Draw, multinomial } from "../studies/worlds.ts";

const assigned = (n: number, weights: readonly number[], actual = weights): World["draw"] => {
  const draw = multinomial(n, sharesOf(actual));
  return (random) => ({ observed: draw(random), weights });
};

/** New units of so many looks. */
const looks = (count: number, each: number, weights: readonly number[], actual = weights, concentration?: number): World["draw"] => {
  const draw: Draw<number[]> = multinomial(each, sharesOf(actual));
  return (random) => ({
    looks: Array.from({ length: count }, () => draw(random)),
    weights,
    ...(concentration === undefined ? {} : { concentration }),
  });
};

function sharesOf(weights: readonly number[]): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

export const sampleRatioStudies: readonly Study[] = [
  {
    name: "sample-ratio",
    statistic: "sample-ratio",
    worlds: [
      { name: "1000 units, half each", holds: true, isNull: true, truth: 0.5, draw: assigned(1000, [1, 1]) },
      { name: "1000 units, 45 % against half", holds: true, isNull: false, truth: 0.45, draw: assigned(1000, [1, 1], [55, 45]) },
      { name: "unequal: 1 to 50, 1020 units", holds: true, isNull: true, truth: 50 / 51, draw: assigned(1020, [1, 50]) },
      { name: "rare arm: 2 in 1000 of 500 units, three arms", holds: false, isNull: true, draw: assigned(500, [499, 499, 2]) },
      { name: "tiny: 9 units, three arms", holds: false, isNull: true, draw: assigned(9, [1, 1, 1]) },
    ],
  },
  {
    name: "sample-ratio-exact",
    statistic: "sample-ratio-exact",
    worlds: [
      { name: "60 units, half each", holds: true, isNull: true, truth: 0.5, draw: assigned(60, [1, 1]) },
      { name: "60 units, 30 % against half", holds: true, isNull: false, truth: 0.3, draw: assigned(60, [1, 1], [7, 3]) },
      { name: "rare arm: 2 in 1000 of 500 units", holds: true, isNull: true, truth: 0.002, draw: assigned(500, [998, 2]) },
      { name: "tiny: 9 units, three arms", holds: true, isNull: true, draw: assigned(9, [1, 1, 1]) },
    ],
  },
  {
    name: "sequential-sample-ratio",
    statistic: "sequential-sample-ratio",
    worlds: [
      { name: "50 looks of 100 units, half each", holds: true, isNull: true, truth: 0.5, draw: looks(50, 100, [1, 1]), seeds: 500 },
      {
        name: "50 looks of 100 units, 47 % against half",
        holds: true,
        isNull: false,
        truth: 0.47,
        draw: looks(50, 100, [1, 1], [53, 47]),
        seeds: 500,
      },
      {
        name: "unequal: 1 to 50, 50 looks of 20 units",
        holds: true,
        isNull: true,
        truth: 50 / 51,
        draw: looks(50, 20, [1, 50], [1, 50], 100),
        seeds: 500,
      },
      { name: "tiny: three arms, 20 looks of 2 units", holds: true, isNull: true, draw: looks(20, 2, [1, 1, 1], [1, 1, 1], 3), seeds: 500 },
    ],
  },
];
