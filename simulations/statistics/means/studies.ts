/** Worlds in which means, quantiles and ranks are studied. */
import type { Study, World } from "../studies/study.ts";
import { type Draw, logNormal, logNormalMean, many, normal, poisson, studentThree, together } from "../studies/worlds.ts";

const samples = (control: readonly [number, Draw<number>], treatment: readonly [number, Draw<number>]): World["draw"] =>
  together({ control: together({ values: many(...control) }), treatment: together({ values: many(...treatment) }) });
const arms = (control: readonly [number, Draw<number>], treatment: readonly [number, Draw<number>]): World["draw"] =>
  together({ control: many(...control), treatment: many(...treatment) });

/** What every comparison of two means is shown; `holds` by world. */
function meanWorlds(holds: { readonly tiny: boolean; readonly unequal: boolean }): readonly World[] {
  return [
    { name: "normal, 100 a group", holds: true, isNull: true, truth: 0, draw: samples([100, normal()], [100, normal()]) },
    {
      name: "normal, 100 a group, effect 0.4 sd",
      holds: true,
      isNull: false,
      truth: 0.4,
      draw: samples([100, normal()], [100, normal(0.4)]),
    },
    { name: "normal, 8 a group", holds: holds.tiny, isNull: true, truth: 0, draw: samples([8, normal()], [8, normal()]) },
    {
      name: "normal, 20 of sd 3 against 1000 of sd 1",
      holds: holds.unequal,
      isNull: true,
      truth: 0,
      draw: samples([20, normal(0, 3)], [1000, normal()]),
    },
    { name: "Student t3, 20 a group", holds: false, isNull: true, truth: 0, draw: samples([20, studentThree()], [20, studentThree()]) },
    {
      name: "log-normal, spread 2, 200 a group, twice as large",
      holds: false,
      isNull: false,
      truth: logNormalMean(2),
      draw: samples([200, logNormal(2)], [200, logNormal(2, 2)]),
    },
    {
      name: "log-normal, spread 2, 20 against 1000",
      holds: false,
      isNull: true,
      truth: 0,
      draw: samples([20, logNormal(2)], [1000, logNormal(2)]),
    },
  ];
}

const pair =
  (effect: number, error: Draw<number>): Draw<readonly [number, number]> =>
  (random) => {
    const before = 10 + 2 * random.normal();
    return [before, before + effect + error(random)];
  };
const pairs =
  (n: number, one: Draw<readonly [number, number]>): Draw<{ control: number[]; treatment: number[] }> =>
  (random) => {
    const drawn = many(n, one)(random);
    return { control: drawn.map(([control]) => control), treatment: drawn.map(([, treatment]) => treatment) };
  };
const skewed: Draw<number> = (random) => logNormal(2)(random) - logNormalMean(2);

/** Values of so many clusters of 20, whose members share half of their variance. */
const clustered =
  (clusters: number): Draw<{ values: number[]; clusters: number[] }> =>
  (random) => {
    const members = Array.from({ length: clusters * 20 }, (_, i) => Math.floor(i / 20));
    const shared = many(clusters, normal())(random);
    return { values: members.map((cluster) => (shared[cluster] as number) + random.normal()), clusters: members };
  };

export const meanStudies: readonly Study[] = [
  { name: "welch-means", statistic: "welch-means", worlds: meanWorlds({ tiny: true, unequal: true }) },
  {
    name: "mean-lift",
    statistic: "mean-lift",
    worlds: [
      {
        name: "normal, mean 10, sd 4, 100 a group",
        holds: true,
        isNull: true,
        truth: 0,
        draw: samples([100, normal(10, 4)], [100, normal(10, 4)]),
      },
      {
        name: "normal, mean 1, sd 4, 50 a group: control near 0",
        holds: true,
        truth: 0.5,
        draw: samples([50, normal(1, 4)], [50, normal(1.5, 4)]),
      },
      {
        name: "log-normal, spread 2, 200 a group, 50 % more",
        holds: false,
        truth: 0.5,
        draw: samples([200, logNormal(2)], [200, logNormal(2, 1.5)]),
      },
      {
        name: "log-normal, spread 2, 20 against 1000",
        holds: false,
        isNull: true,
        truth: 0,
        draw: samples([20, logNormal(2)], [1000, logNormal(2)]),
      },
    ],
  },
  { name: "pooled-means", statistic: "pooled-means", worlds: meanWorlds({ tiny: true, unequal: false }) },
  { name: "large-sample-z", statistic: "large-sample-z", worlds: meanWorlds({ tiny: false, unequal: false }) },
  {
    name: "known-variance-z",
    statistic: "known-variance-z",
    worlds: [
      { name: "normal, 8 a group", holds: true, isNull: true, truth: 0, draw: known(8, normal(), 1) },
      { name: "Student t3, 8 a group", holds: false, isNull: true, truth: 0, draw: known(8, studentThree(), 3) },
      {
        name: "log-normal, spread 1, 20 a group",
        holds: false,
        isNull: true,
        truth: 0,
        draw: known(20, logNormal(1), logNormalMean(1) ** 4 - logNormalMean(1) ** 2),
      },
    ],
  },
  {
    name: "paired-means",
    statistic: "paired-means",
    worlds: [
      { name: "normal, 50 pairs", holds: true, isNull: true, truth: 0, draw: together({ pairs: pairs(50, pair(0, normal())) }) },
      {
        name: "normal, 50 pairs, effect 0.4 sd",
        holds: true,
        isNull: false,
        truth: 0.4,
        draw: together({ pairs: pairs(50, pair(0.4, normal())) }),
      },
      { name: "normal, 8 pairs", holds: true, isNull: true, truth: 0, draw: together({ pairs: pairs(8, pair(0, normal())) }) },
      {
        name: "log-normal differences, spread 2, 50 pairs",
        holds: false,
        isNull: true,
        truth: 0,
        draw: together({ pairs: pairs(50, pair(0, skewed)) }),
      },
      {
        name: "log-normal differences, spread 2, 8 pairs",
        holds: false,
        isNull: true,
        truth: 0,
        draw: together({ pairs: pairs(8, pair(0, skewed)) }),
      },
    ],
  },
  {
    name: "yuen-trimmed-means",
    statistic: "yuen-trimmed-means",
    worlds: [
      { name: "normal, 50 a group", holds: true, isNull: true, truth: 0, draw: arms([50, normal()], [50, normal()]) },
      {
        name: "Student t3, 50 a group, effect 0.7",
        holds: true,
        isNull: false,
        truth: 0.7,
        draw: arms([50, studentThree()], [50, studentThree(0.7)]),
      },
      { name: "normal, 8 a group", holds: true, isNull: true, truth: 0, draw: arms([8, normal()], [8, normal()]) },
      {
        name: "log-normal, spread 2, 20 against 1000",
        holds: false,
        isNull: true,
        truth: 0,
        draw: arms([20, logNormal(2)], [1000, logNormal(2)]),
      },
    ],
  },
  {
    name: "quantile-interval",
    statistic: "quantile-interval",
    worlds: [
      {
        name: "median, log-normal, spread 2, 50 values",
        holds: true,
        isNull: true,
        truth: 1,
        draw: together({ values: many(50, logNormal(2)), nullValue: () => 1 }),
      },
      { name: "median, normal, 8 values", holds: true, truth: 0, draw: together({ values: many(8, normal()) }) },
      {
        name: "95th percentile, normal, 200 values",
        holds: true,
        truth: 1.6448536269514722,
        draw: together({ values: many(200, normal()), share: () => 0.95 }),
      },
      { name: "median, ties: Poisson of mean 2, 50 values", holds: true, truth: 2, draw: together({ values: many(50, poisson(2)) }) },
    ],
  },
  {
    name: "quantile-difference",
    statistic: "quantile-difference",
    worlds: [
      { name: "median, normal, 200 a group", holds: true, isNull: true, truth: 0, draw: quantiles([200, normal()], [200, normal()], 0.5) },
      {
        name: "95th percentile, log-normal, spread 1, 500 a group",
        holds: true,
        isNull: true,
        truth: 0,
        draw: quantiles([500, logNormal(1)], [500, logNormal(1)], 0.95),
      },
      { name: "median, 20 against 1000", holds: false, isNull: true, truth: 0, draw: quantiles([20, normal()], [1000, normal()], 0.5) },
      {
        name: "median, ties: Poisson of mean 2, 200 a group",
        holds: false,
        isNull: true,
        truth: 0,
        draw: quantiles([200, poisson(2)], [200, poisson(2)], 0.5),
      },
      {
        name: "median, 60 clusters of 20 a group",
        holds: true,
        isNull: true,
        truth: 0,
        draw: together({ control: clustered(60), treatment: clustered(60) }),
        seeds: 1000,
      },
      {
        name: "median, 8 clusters of 20 a group",
        holds: false,
        isNull: true,
        truth: 0,
        draw: together({ control: clustered(8), treatment: clustered(8) }),
        seeds: 1000,
      },
    ],
  },
  {
    name: "mann-whitney",
    statistic: "mann-whitney",
    worlds: [
      {
        name: "normal, 50 a group, shift 0.6",
        holds: true,
        isNull: false,
        truth: 0.6,
        draw: arms([50, normal()], [50, normal(0.6)]),
        seeds: 1000,
      },
      {
        name: "log-normal, spread 2, 8 a group (exact)",
        holds: true,
        isNull: true,
        truth: 0,
        draw: arms([8, logNormal(2)], [8, logNormal(2)]),
      },
      {
        name: "ties: Poisson of mean 1, 50 a group",
        holds: true,
        isNull: true,
        truth: 0,
        draw: arms([50, poisson(1)], [50, poisson(1)]),
        seeds: 1000,
      },
      {
        name: "normal, 20 of sd 4 against 300 of sd 1",
        holds: false,
        isNull: true,
        truth: 0,
        draw: arms([20, normal(0, 4)], [300, normal()]),
        seeds: 1000,
      },
    ],
  },
  {
    name: "brunner-munzel",
    statistic: "brunner-munzel",
    worlds: [
      { name: "normal, 50 a group", holds: true, isNull: true, truth: 0.5, draw: arms([50, normal()], [50, normal()]) },
      {
        name: "normal, 20 of sd 4 against 300 of sd 1",
        holds: true,
        isNull: true,
        truth: 0.5,
        draw: arms([20, normal(0, 4)], [300, normal()]),
      },
      {
        name: "ties: Poisson of mean 1, 50 a group",
        holds: true,
        isNull: true,
        truth: 0.5,
        draw: arms([50, poisson(1)], [50, poisson(1)]),
      },
      { name: "normal, 8 a group", holds: false, isNull: true, truth: 0.5, draw: arms([8, normal()], [8, normal()]) },
    ],
  },
  {
    name: "wilcoxon-signed-rank",
    statistic: "wilcoxon-signed-rank",
    worlds: [
      { name: "Student t3, 40 pairs, effect 0.6", holds: true, isNull: false, truth: 0.6, draw: pairs(40, pair(0.6, studentThree())) },
      { name: "normal, 8 pairs (exact)", holds: true, isNull: true, truth: 0, draw: pairs(8, pair(0, normal())) },
      {
        name: "ties: differences of Poisson counts, 60 pairs",
        holds: true,
        isNull: true,
        truth: 0,
        draw: pairs(60, (random) => [random.poisson(1), random.poisson(1)]),
      },
      {
        name: "log-normal differences about their median, spread 2, 60 pairs",
        holds: false,
        isNull: true,
        truth: 0,
        draw: pairs(
          60,
          pair(0, (random) => logNormal(2)(random) - 1),
        ),
      },
    ],
  },
  {
    name: "anova-one-way",
    statistic: "anova-one-way",
    worlds: [
      {
        name: "four groups of 25, normal, one mean",
        holds: true,
        isNull: true,
        draw: groups([25, normal()], [25, normal()], [25, normal()], [25, normal()]),
      },
      {
        name: "four groups of 25, normal, one mean 0.7 sd higher",
        holds: true,
        isNull: false,
        draw: groups([25, normal()], [25, normal()], [25, normal()], [25, normal(0.7)]),
      },
      {
        name: "groups of 5, 5 and 5, normal, one mean",
        holds: true,
        isNull: true,
        draw: groups([5, normal()], [5, normal()], [5, normal()]),
      },
    ],
  },
  {
    name: "anova-welch",
    statistic: "anova-welch",
    worlds: [
      {
        name: "groups of 10, 25 and 60, normal, spreads 4, 2 and 1, one mean",
        holds: true,
        seeds: 1000,
        isNull: true,
        draw: groups([10, normal(0, 4)], [25, normal(0, 2)], [60, normal()]),
      },
      {
        name: "the same, one mean 1 higher",
        holds: true,
        seeds: 1000,
        isNull: false,
        draw: groups([10, normal(0, 4)], [25, normal(0, 2)], [60, normal(1)]),
      },
    ],
  },
];

function groups(...drawn: readonly (readonly [number, Draw<number>])[]): World["draw"] {
  return (random) => ({ groups: drawn.map((one) => many(...one)(random)) });
}

function known(n: number, one: Draw<number>, variance: number): World["draw"] {
  const arm: Draw<unknown> = (random) => ({ n, mean: many(n, one)(random).reduce((sum, value) => sum + value, 0) / n, variance });
  return together({ control: arm, treatment: arm });
}

function quantiles(control: readonly [number, Draw<number>], treatment: readonly [number, Draw<number>], share: number): World["draw"] {
  return together({
    control: together({ values: many(...control) }),
    treatment: together({ values: many(...treatment) }),
    share: () => share,
  });
}
