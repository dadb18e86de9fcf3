/** Worlds in which resampling is studied. */
import type { Study, World } from "../studies/study.ts";
import { logNormal, logNormalMean, many, normal, studentThree, together } from "../studies/worlds.ts";

/** Enough for a study of coverage; an answer for use takes more. */
const replicates = 499;

const mean = (method: string, name: string, holds: boolean, more: Omit<World, "name" | "holds">): World => ({
  name,
  holds,
  seeds: 400,
  ...more,
  draw: (random) => ({ ...(more.draw(random) as object), statistic: "mean", method, replicates }),
});

const ordinary = together({ sample: together({ values: many(50, normal()) }) });
const heavy = together({ sample: together({ values: many(50, logNormal(2)) }) });

function means(method: string): Study {
  return {
    name: `bootstrap, ${method}`,
    statistic: "bootstrap",
    worlds: [
      mean(method, "mean of 50, normal", true, { truth: 0, isNull: true, draw: ordinary }),
      mean(method, "mean of 50, log-normal, spread 2", false, { truth: logNormalMean(2), draw: heavy }),
    ],
  };
}

export const resamplingStudies: readonly Study[] = [
  means("percentile"),
  means("bca"),
  means("studentised"),
  {
    name: "bootstrap-difference",
    statistic: "bootstrap-difference",
    worlds: [
      {
        name: "medians of 60 a group, Student t3",
        holds: true,
        truth: 0,
        isNull: true,
        seeds: 400,
        draw: together({
          control: together({ values: many(60, studentThree()) }),
          treatment: together({ values: many(60, studentThree()) }),
          statistic: () => "quantile",
          share: () => 0.5,
          replicates: () => replicates,
        }),
      },
    ],
  },
  {
    name: "bootstrap-ratio",
    statistic: "bootstrap-ratio",
    worlds: [
      {
        name: "200 units, a tenth of what they bring is late",
        holds: true,
        truth: 0.1,
        seeds: 400,
        draw: (random) => {
          const denominators = Array.from({ length: 200 }, () => 1 + random.poisson(9));
          return { numerators: denominators.map((orders) => random.binomial(orders, 0.1)), denominators, replicates };
        },
      },
    ],
  },
  {
    name: "permutation-test",
    statistic: "permutation-test",
    worlds: [
      {
        name: "7 against 6, log-normal, spread 2",
        holds: true,
        truth: 0,
        isNull: true,
        draw: together({ control: many(7, logNormal(2)), treatment: many(6, logNormal(2)) }),
        seeds: 400,
      },
      {
        name: "7 against 6, normal, effect 2 sd",
        holds: true,
        truth: 2,
        isNull: false,
        draw: together({ control: many(7, normal()), treatment: many(6, normal(2)) }),
        seeds: 400,
      },
    ],
  },
];
