/** Worlds in which distances between distributions are studied: whether chance alone is called a shift. */
import type { Study, World } from "../studies/study.ts";
import { type Draw, logNormal, many, multinomial, normal, poisson, together } from "../studies/worlds.ts";

type Arm = readonly [n: number, one: Draw<number>];

/** Few shuffles keep a p-value exact; they only cost a little power. */
const draws = () => 199;

const compared = (control: Arm, treatment: Arm, more: Readonly<Record<string, Draw<unknown>>> = {}): World["draw"] =>
  together({ compared: together({ control: many(...control), treatment: many(...treatment) }), draws, ...more });

const paired =
  (n: number): World["draw"] =>
  (random) => {
    const both = many(n, (own) => {
      const level = own.normal();
      return [level + 0.5 * own.normal(), level + 0.5 * own.normal()] as const;
    })(random);
    return {
      compared: { control: both.map(([first]) => first), treatment: both.map(([, second]) => second), design: "paired" },
      draws: 199,
    };
  };

const bins = (
  control: readonly [number, readonly number[]],
  treatment: readonly [number, readonly number[]],
  more: Readonly<Record<string, unknown>>,
): World["draw"] =>
  together({
    compared: together({ control: multinomial(...control), treatment: multinomial(...treatment) }),
    draws,
    ...Object.fromEntries(Object.entries(more).map(([key, value]) => [key, () => value])),
  });

const flat = [0.1, 0.25, 0.3, 0.25, 0.1];
const shifted = [0.05, 0.2, 0.3, 0.28, 0.17];
const rare = [0.6, 0.3, 0.09, 0.006, 0.002, 0.002];

function shares(statistic: string, variant: string, more: Readonly<Record<string, unknown>>, isExact: boolean): Study {
  const seeds = isExact ? 500 : 2000;
  return {
    name: `${statistic}, ${variant}`,
    statistic,
    worlds: [
      { name: "five bins, 300 a group", holds: true, isNull: true, draw: bins([300, flat], [300, flat], more), seeds },
      { name: "five bins, 300 a group, shifted", holds: true, isNull: false, draw: bins([300, flat], [300, shifted], more), seeds },
      { name: "rare bins, 500 a group", holds: isExact, isNull: true, draw: bins([500, rare], [500, rare], more), seeds },
      { name: "unequal: 20 against 1000", holds: isExact, isNull: true, draw: bins([20, flat], [1000, flat], more), seeds },
    ],
  };
}

export const distanceStudies: readonly Study[] = [
  {
    name: "kolmogorov-smirnov",
    statistic: "kolmogorov-smirnov",
    worlds: [
      {
        name: "log-normal, spread 2, 100 a group",
        holds: true,
        isNull: true,
        draw: compared([100, logNormal(2)], [100, logNormal(2)]),
        seeds: 500,
      },
      {
        name: "normal, 100 a group, shift 0.6",
        holds: true,
        isNull: false,
        draw: compared([100, normal()], [100, normal(0.6)]),
        seeds: 500,
      },
      { name: "normal, 8 a group (exact)", holds: true, isNull: true, draw: compared([8, normal()], [8, normal()]), seeds: 1000 },
      {
        name: "ties: Poisson of mean 1, 20 against 200",
        holds: true,
        isNull: true,
        draw: compared([20, poisson(1)], [200, poisson(1)]),
        seeds: 500,
      },
      {
        name: "asymptotic, ties: Poisson of mean 1, 20 against 200",
        holds: false,
        isNull: true,
        draw: compared([20, poisson(1)], [200, poisson(1)], { method: () => "asymptotic" }),
        seeds: 1000,
      },
      { name: "the same 40 entities", holds: true, isNull: true, draw: paired(40), seeds: 500 },
    ],
  },
  {
    name: "wasserstein-distance",
    statistic: "wasserstein-distance",
    worlds: [
      {
        name: "log-normal, spread 2, 50 a group",
        holds: true,
        isNull: true,
        draw: compared([50, logNormal(2)], [50, logNormal(2)]),
        seeds: 500,
      },
      { name: "normal, 50 a group, shift 0.7", holds: true, isNull: false, draw: compared([50, normal()], [50, normal(0.7)]), seeds: 500 },
      {
        name: "ties: Poisson of mean 1, 8 against 200",
        holds: true,
        isNull: true,
        draw: compared([8, poisson(1)], [200, poisson(1)]),
        seeds: 500,
      },
      { name: "the same 40 entities", holds: true, isNull: true, draw: paired(40), seeds: 500 },
    ],
  },
  shares("jensen-shannon", "permutation", {}, true),
  shares("jensen-shannon", "asymptotic", { null: "asymptotic" }, false),
  shares("population-stability", "permutation, half added", { zero: { kind: "add-half" } }, true),
  shares("population-stability", "asymptotic", { null: "asymptotic" }, false),
];
