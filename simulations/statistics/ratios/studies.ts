/** Worlds in which ratios and adjusted means are studied. */
import type { Study, World } from "../studies/study.ts";
import { type Draw, logNormal, logNormalMean, many, normal, pairMoments, poisson, together } from "../studies/worlds.ts";

interface Rows {
  readonly numerators: number[];
  readonly denominators: number[];
}

/** Users with sessions, of which a share that differs from user to user about `share` has an order. */
const users =
  (n: number, share: number, sessions: Draw<number>): Draw<Rows> =>
  (random) => {
    const denominators = many(n, sessions)(random);
    return { denominators, numerators: denominators.map((count) => random.binomial(count, 2 * share * random.uniform())) };
  };
const ordinary: Draw<number> = (random) => 1 + random.poisson(4);
const heavy: Draw<number> = (random) => Math.ceil(Math.exp(1.5 * random.normal()));

const ratios = (control: Draw<Rows>, treatment: Draw<Rows>): World["draw"] => together({ control, treatment });

/** Shops of 30 rows each, whose share is the shop's own. */
const shops =
  (clusters: number): Draw<Rows & { clusters: number[] }> =>
  (random) => {
    const shares = many(clusters, (own) => 0.4 * own.uniform())(random);
    const keys = Array.from({ length: clusters * 30 }, (_, i) => Math.floor(i / 30));
    const denominators = keys.map(() => 1 + random.poisson(2));
    return {
      denominators,
      numerators: denominators.map((count, i) => random.binomial(count, shares[keys[i] as number] as number)),
      clusters: keys,
    };
  };

/** An outcome that a covariate explains by half, with as many useless covariates as asked for. */
const explained =
  (
    n: number,
    {
      before,
      noise = normal(),
      useless = 0,
      effect = 0,
    }: { before: Draw<number>; noise?: Draw<number>; useless?: number; effect?: number },
  ): Draw<unknown> =>
  (random) => {
    const covariate = many(n, before)(random);
    return {
      outcome: { numerators: covariate.map((value) => value + effect + noise(random)) },
      covariates: [{ numerators: covariate }, ...many(useless, together({ numerators: many(n, normal()) }))(random)],
    };
  };
const cuped = (control: Draw<unknown>, treatment: Draw<unknown>, more: Readonly<Record<string, Draw<unknown>>> = {}): World["draw"] =>
  together({ control, treatment, ...more });

const momentsOfCuped =
  (n: number): Draw<unknown> =>
  (random) => {
    const covariate = many(n, normal(10, 2))(random);
    const outcome = covariate.map((value) => value + 2 * random.normal());
    const { a, b, covariance } = pairMoments(outcome, covariate);
    return {
      n,
      means: [a.mean, b.mean],
      covariances: [
        [a.variance, covariance],
        [covariance, b.variance],
      ],
    };
  };

const stratum = (name: string, weight: number, n: readonly [number, number], one: Draw<number>, shift = 0): Draw<unknown> =>
  together({
    name: () => name,
    weight: () => weight,
    control: together({ values: many(n[0], one) }),
    treatment: together({ values: many(n[1], (random) => one(random) + shift) }),
  });
const strata =
  (...parts: readonly Draw<unknown>[]): World["draw"] =>
  (random) => ({ strata: parts.map((part) => part(random)) });

const capped = (control: readonly [number, Draw<number>], treatment: readonly [number, Draw<number>]): World["draw"] =>
  together({ control: many(...control), treatment: many(...treatment) });

/** How many units clusters have, of so many in an arm. */
const sizes = {
  "of 50": () => 50,
  "of 10 to 200": (g: number, count: number) => Math.round(10 * Math.exp((3 * g) / (count - 1))),
  "one with half of the units": (g: number, count: number) => (g === 0 ? 50 * (count - 1) : 50),
} as const;

/** Sums of clusters of which a fifth of the variance is their own; half of that is known beforehand where there is a covariate. */
const clusterSumsOf =
  (
    count: number,
    size: (g: number, count: number) => number,
    { own = normal(), hasCovariate = false }: { own?: Draw<number>; hasCovariate?: boolean },
  ) =>
  (random: Parameters<Draw<number>>[0]) => {
    const denominators = Array.from({ length: count }, (_, g) => size(g, count));
    const before = many(count, normal())(random);
    const sum = (of: number, share: number): number => of * share + Math.sqrt(0.8 * of) * random.normal();
    const numerators = denominators.map((of, g) => {
      const known = hasCovariate ? Math.SQRT1_2 * (before[g] as number) + Math.SQRT1_2 * own(random) : own(random);
      return sum(of, Math.sqrt(0.2) * known);
    });
    const covariates = {
      covariates: [{ numerators: denominators.map((of, g) => sum(of, Math.sqrt(0.2) * (before[g] as number))), denominators }],
    };
    return { outcome: { numerators, denominators }, ...(hasCovariate ? covariates : {}) };
  };

const fewClusterWorlds: readonly World[] = [6, 10, 20, 40].flatMap((count) => {
  const skewed: Draw<number> = (random) => (Math.exp(random.normal()) - logNormalMean(1)) / 2.161;
  const kinds = [
    ...Object.entries(sizes).map(([name, size]) => ({ name, arm: clusterSumsOf(count, size, {}) })),
    { name: "of 10 to 200, a covariate", arm: clusterSumsOf(count, sizes["of 10 to 200"], { hasCovariate: true }) },
    { name: "of 10 to 200, log-normal", arm: clusterSumsOf(count, sizes["of 10 to 200"], { own: skewed }) },
  ];
  return kinds.map(({ name, arm }) => ({
    name: `${count} clusters an arm, ${name}`,
    holds: name === "of 50",
    isNull: true,
    truth: 0,
    draw: together({ control: arm, treatment: arm }),
  }));
});

export const ratioStudies: readonly Study[] = [
  { name: "ratio-of-cluster-sums", statistic: "ratio-of-cluster-sums", worlds: fewClusterWorlds },
  {
    name: "ratio-of-sums",
    statistic: "ratio-of-sums",
    worlds: [
      {
        name: "200 users a group",
        holds: true,
        isNull: true,
        truth: 0,
        draw: ratios(users(200, 0.1, ordinary), users(200, 0.1, ordinary)),
      },
      {
        name: "200 users a group, 0.10 against 0.14",
        holds: true,
        isNull: false,
        truth: 0.04,
        draw: ratios(users(200, 0.1, ordinary), users(200, 0.14, ordinary)),
      },
      { name: "8 users a group", holds: false, isNull: true, truth: 0, draw: ratios(users(8, 0.3, ordinary), users(8, 0.3, ordinary)) },
      {
        name: "20 against 1000 users, log-normal sessions, spread 1.5",
        holds: false,
        isNull: true,
        truth: 0,
        draw: ratios(users(20, 0.1, heavy), users(1000, 0.1, heavy)),
        seeds: 1000,
      },
      {
        name: "40 shops a group",
        holds: true,
        isNull: true,
        truth: 0,
        draw: together({ control: shops(40), treatment: shops(40) }),
        seeds: 500,
      },
      {
        name: "few clusters: 5 shops a group",
        holds: false,
        isNull: true,
        truth: 0,
        draw: together({ control: shops(5), treatment: shops(5) }),
        seeds: 1000,
      },
      {
        name: "rare: 2 orders in 1000 sessions, 200 users a group",
        holds: false,
        isNull: true,
        truth: 0,
        draw: ratios(users(200, 0.002, ordinary), users(200, 0.002, ordinary)),
      },
    ],
  },
  {
    name: "cuped",
    statistic: "cuped",
    worlds: [
      {
        name: "one covariate, 100 a group",
        holds: true,
        isNull: true,
        truth: 0,
        draw: cuped(explained(100, { before: normal() }), explained(100, { before: normal() })),
        seeds: 1000,
      },
      {
        name: "one covariate, 100 a group, effect 0.4",
        holds: true,
        isNull: false,
        truth: 0.4,
        draw: cuped(explained(100, { before: normal() }), explained(100, { before: normal(), effect: 0.4 })),
        seeds: 1000,
      },
      {
        name: "moments, 500 a group",
        holds: true,
        isNull: true,
        truth: 0,
        draw: cuped(momentsOfCuped(500), momentsOfCuped(500)),
        seeds: 500,
      },
      {
        name: "four covariates, 8 a group",
        holds: false,
        isNull: true,
        truth: 0,
        draw: cuped(explained(8, { before: normal(), useless: 3 }), explained(8, { before: normal(), useless: 3 })),
      },
      {
        name: "log-normal covariate and noise, spread 2, 20 against 200",
        holds: false,
        isNull: true,
        truth: 0,
        draw: cuped(
          explained(20, { before: logNormal(2), noise: logNormal(2) }),
          explained(200, { before: logNormal(2), noise: logNormal(2) }),
        ),
        seeds: 1000,
      },
    ],
  },
  {
    name: "cuped, per arm",
    statistic: "cuped",
    worlds: [
      {
        name: "one covariate, 100 a group",
        holds: true,
        isNull: true,
        truth: 0,
        draw: cuped(explained(100, { before: normal() }), explained(100, { before: normal() }), { coefficients: () => "per-arm" }),
        seeds: 1000,
      },
      {
        name: "four covariates, 8 a group",
        holds: false,
        isNull: true,
        truth: 0,
        draw: cuped(explained(8, { before: normal(), useless: 3 }), explained(8, { before: normal(), useless: 3 }), {
          coefficients: () => "per-arm",
        }),
      },
    ],
  },
  {
    name: "post-stratified-means",
    statistic: "post-stratified-means",
    worlds: [
      {
        name: "two strata, 70 and 30 a group",
        holds: true,
        isNull: true,
        truth: 0,
        draw: strata(stratum("small", 0.7, [70, 70], normal(10)), stratum("large", 0.3, [30, 30], normal(50, 8))),
      },
      {
        name: "two strata, 70 and 30 a group, effect 1",
        holds: true,
        isNull: false,
        truth: 1,
        draw: strata(stratum("small", 0.7, [70, 70], normal(10), 1), stratum("large", 0.3, [30, 30], normal(50, 8), 1)),
      },
      {
        name: "three strata of 3 a group",
        holds: true,
        isNull: true,
        truth: 0,
        draw: strata(...["a", "b", "c"].map((name) => stratum(name, 1, [3, 3], normal()))),
      },
      {
        name: "log-normal, spread 2, two strata of 20 against 200",
        holds: false,
        isNull: true,
        truth: 0,
        draw: strata(stratum("small", 0.5, [20, 200], logNormal(2)), stratum("large", 0.5, [20, 200], logNormal(2, 4))),
      },
    ],
  },
  {
    name: "winsorised-means",
    statistic: "winsorised-means",
    worlds: [
      {
        name: "log-normal, spread 1, 200 a group",
        holds: true,
        isNull: true,
        truth: 0,
        draw: capped([200, logNormal(1)], [200, logNormal(1)]),
      },
      {
        name: "log-normal, spread 2, 500 a group, twice as large",
        holds: true,
        isNull: false,
        draw: capped([500, logNormal(2)], [500, logNormal(2, 2)]),
        seeds: 1000,
      },
      {
        name: "log-normal, spread 2, 20 against 1000",
        holds: false,
        isNull: true,
        truth: 0,
        draw: capped([20, logNormal(2)], [1000, logNormal(2)]),
        seeds: 1000,
      },
      {
        name: "ties: Poisson of mean 0.1, 8 a group",
        holds: false,
        isNull: true,
        truth: 0,
        draw: capped([8, poisson(0.1)], [8, poisson(0.1)]),
      },
      {
        name: "log-normal, spread 2, 200 a group, the mean of all values asked about",
        holds: false,
        truth: logNormalMean(2),
        draw: capped([200, logNormal(2)], [200, logNormal(2, 2)]),
      },
    ],
  },
];
