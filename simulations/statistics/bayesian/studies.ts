/** Worlds in which Bayesian answers are studied as if they were confidence intervals: how often the credible interval holds one fixed truth. */
import type { Study, World } from "../studies/study.ts";
import { binomial, type Draw, logNormal, moments, normal, together } from "../studies/worlds.ts";

const tails = "means and variances show no tails";
const informed = () => ({ kind: "normal", mean: 0, standardDeviation: 0.2 });

/** Effects of so many segments about `mean`, with the spread between them and their standard errors. */
const segments =
  (
    count: number,
    { mean, spread, heavy = false }: { readonly mean: number; readonly spread: number; readonly heavy?: boolean },
    method: string,
  ): World["draw"] =>
  (random) => ({
    method,
    segments: Array.from({ length: count }, (_, i) => {
      const standardError = 0.5 + random.uniform();
      const between = heavy ? spread * (logNormal(1.5)(random) - Math.exp(1.125)) : spread * random.normal();
      return { name: `${i}`, estimate: mean + between + standardError * random.normal(), standardError };
    }),
  });

function pooling(method: string, seeds: number): Study {
  const world = (name: string, holds: boolean, count: number, of: { mean: number; spread: number; heavy?: boolean }): World => ({
    name,
    holds,
    truth: of.mean,
    draw: segments(count, of, method),
    ...(of.heavy === true ? { unseen: "so few segments show no shape of the spread between them" } : {}),
    seeds,
  });
  return {
    name: `partial-pooling, ${method}`,
    statistic: "partial-pooling",
    worlds: [
      world("12 segments, spread 1", true, 12, { mean: 1, spread: 1 }),
      world("12 segments, no spread", true, 12, { mean: 1, spread: 0 }),
      world("few: 4 segments, spread 1", false, 4, { mean: 1, spread: 1 }),
      world("8 segments, log-normal spread", false, 8, { mean: 1, spread: 1, heavy: true }),
    ],
  };
}

const means = (
  control: readonly [number, Draw<number>],
  treatment: readonly [number, Draw<number>],
  prior?: Draw<unknown>,
): World["draw"] => together({ control: moments(...control), treatment: moments(...treatment), ...(prior === undefined ? {} : { prior }) });

export const bayesianStudies: readonly Study[] = [
  {
    name: "bayesian-proportions",
    statistic: "bayesian-proportions",
    worlds: [
      {
        name: "0.1 against 0.13, 500 a group",
        holds: true,
        truth: 0.03,
        draw: together({ control: binomial(500, 0.1), treatment: binomial(500, 0.13) }),
        seeds: 50,
      },
      {
        name: "tiny: shares 0.4, 8 a group",
        holds: true,
        truth: 0,
        draw: together({ control: binomial(8, 0.4), treatment: binomial(8, 0.4) }),
        seeds: 50,
      },
      {
        name: "unequal and rare: shares 0.002, 20 against 1000",
        holds: true,
        truth: 0,
        draw: together({ control: binomial(20, 0.002), treatment: binomial(1000, 0.002) }),
        seeds: 50,
      },
      {
        name: "rare: shares 0.002, 0.002 against 0.012, a prior of 10 in 100",
        holds: false,
        truth: 0.01,
        draw: together({ control: binomial(500, 0.002), treatment: binomial(100, 0.012), prior: () => ({ a: 10, b: 90 }) }),
        unseen: "the prior is a belief, which the data of one experiment hardly refute",
        seeds: 50,
      },
    ],
  },
  {
    name: "bayesian-means",
    statistic: "bayesian-means",
    worlds: [
      { name: "flat prior, normal, 100 a group", holds: true, truth: 0.2, draw: means([100, normal()], [100, normal(0.2)]) },
      { name: "prior of sd 0.2, effect 0.2", holds: true, truth: 0.2, draw: means([100, normal()], [100, normal(0.2)], informed) },
      { name: "prior of sd 0.2, effect 1", holds: false, truth: 1, draw: means([100, normal()], [100, normal(1)], informed) },
      { name: "flat prior, normal, 8 a group", holds: false, truth: 0, draw: means([8, normal()], [8, normal()]) },
      {
        name: "flat prior, log-normal, spread 2, 200 against 2000",
        holds: false,
        truth: 0,
        draw: means([200, logNormal(2)], [2000, logNormal(2)]),
        unseen: tails,
        seeds: 1000,
      },
    ],
  },
  pooling("dersimonian-laird", 2000),
  pooling("reml", 1000),
  pooling("bayes", 300),
];
