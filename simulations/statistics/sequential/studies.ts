/** Worlds in which sequential statistics are studied: whole paths of looks, judged over all of them. */
import type { RandomStream } from "../../../data/foundation/index.ts";
import type { Study, World } from "../studies/study.ts";
import { type Draw, logNormal, logNormalMean, many, momentsOf, normal, pairMoments, together } from "../studies/worlds.ts";

const grid = [50, 100, 200, 400, 800, 1600];
const early = [5, 10, 20, 50, 100];

interface Course {
  readonly looks: { estimate: number; standardError: number; n: number }[];
}

/** Estimates at looks of equal information, whose sum reaches `maximum`. */
const course =
  (shares: readonly number[], maximum: number, effect: number): Draw<Course> =>
  (random) => {
    let score = 0;
    let before = 0;
    const looks = shares.map((share) => {
      const information = share * maximum;
      score += effect * (information - before) + Math.sqrt(information - before) * random.normal();
      before = information;
      return { estimate: score / information, standardError: 1 / Math.sqrt(information), n: Math.round(1000 * share) };
    });
    return { looks };
  };

/** The same from values: the estimate is the difference of means, its error the sample's. */
const samples =
  (sizes: readonly number[], control: Draw<number>, treatment: Draw<number>): Draw<Course> =>
  (random) => {
    const most = sizes.at(-1) as number;
    const [c, t] = [many(most, control)(random), many(most, treatment)(random)];
    return {
      looks: sizes.map((n) => {
        const [a, b] = [momentsOf(c.slice(0, n)), momentsOf(t.slice(0, n))];
        return { estimate: b.mean - a.mean, standardError: Math.sqrt((a.variance + b.variance) / n), n: 2 * n };
      }),
    };
  };

const quarters = [0.25, 0.5, 0.75, 1];
const lastLookIsFinal = { final: true };

function groupSequential(
  statistic: string,
  kind: string,
  { everyLook, seeds }: { readonly everyLook: boolean; readonly seeds: number },
): Study {
  const world = (name: string, effect: number, maximumInformation: number, draw: Draw<Course>, holds = true, unseen?: string): World => ({
    name,
    holds,
    truth: effect,
    isNull: effect === 0,
    isPath: everyLook,
    seeds,
    ...(unseen === undefined ? {} : { unseen }),
    draw: (random) => {
      const { looks } = draw(random);
      const input = (upTo: number) => ({
        looks: looks.slice(0, upTo),
        maximumInformation,
        spending: { kind },
        ...(upTo === looks.length ? lastLookIsFinal : {}),
      });
      return everyLook ? looks.map((_, k) => input(k + 1)) : input(looks.length);
    },
  });
  return {
    name: `${statistic}, ${kind}`,
    statistic,
    worlds: [
      world("four looks", 0, 16, course(quarters, 16, 0)),
      world("four looks, effect of 2.8 final errors", 0.7, 16, course(quarters, 16, 0.7)),
      world("four looks, the first at 2 %", 0, 16, course([0.02, 0.3, 0.6, 1], 16, 0)),
      world(
        "log-normal values, spread 1, looks at 20, 60, 120 and 200 a group",
        0,
        200 / (2 * (logNormalMean(1) ** 4 - logNormalMean(1) ** 2)),
        samples([20, 60, 120, 200], logNormal(1), logNormal(1)),
        false,
        "estimates and standard errors show no tails",
      ),
    ],
  };
}

const tails = "means and variances show no tails";
const tuned = () => 1000;

/** Inputs at all looks, from the values of both groups. */
const meanPath =
  (sizes: readonly number[], control: Draw<number>, treatment: Draw<number>, unequal = 1): Draw<unknown[]> =>
  (random) => {
    const most = sizes.at(-1) as number;
    const [c, t] = [many(most, control)(random), many(most * unequal, treatment)(random)];
    return sizes.map((n) => ({ control: momentsOf(c.slice(0, n)), treatment: momentsOf(t.slice(0, n * unequal)), tunedFor: tuned() }));
  };

type TwoColumns = readonly (readonly [number, number])[];
const twoColumns =
  (
    sizes: readonly number[],
    one: (random: RandomStream, arm: 0 | 1) => readonly [number, number],
    read: (rows: TwoColumns) => unknown,
  ): Draw<unknown[]> =>
  (random) => {
    const most = sizes.at(-1) as number;
    const [c, t] = [many(most, (own) => one(own, 0))(random), many(most, (own) => one(own, 1))(random)];
    return sizes.map((n) => ({ control: read(c.slice(0, n)), treatment: read(t.slice(0, n)), tunedFor: tuned() }));
  };
const ratioArm = (rows: TwoColumns): unknown => {
  const { a, b, covariance } = pairMoments(...columns(rows));
  return {
    n: a.n,
    numeratorMean: a.mean,
    denominatorMean: b.mean,
    numeratorVariance: a.variance,
    denominatorVariance: b.variance,
    covariance,
  };
};
const cupedArm = (rows: TwoColumns): unknown => {
  const { a, b, covariance } = pairMoments(...columns(rows));
  return { ...a, covariateMean: b.mean, covariateVariance: b.variance, covariance };
};
const columns = (rows: TwoColumns): [number[], number[]] => [rows.map(([first]) => first), rows.map(([, second]) => second)];

const sessions =
  (share: number, gain: number) =>
  (random: RandomStream, arm: 0 | 1): readonly [number, number] => {
    const count = 1 + random.poisson(4);
    return [random.binomial(count, 2 * (share + arm * gain) * random.uniform()), count];
  };
const explained =
  (gain: number) =>
  (random: RandomStream, arm: 0 | 1): readonly [number, number] => {
    const before = random.normal();
    return [10 + before + arm * gain + random.normal(), 10 + before];
  };

const proportionPath =
  (sizes: readonly number[], share: number, nullValue: number): Draw<unknown[]> =>
  (random) => {
    let successes = 0;
    return sizes.map((trials, k) => {
      successes += random.binomial(trials - (sizes[k - 1] ?? 0), share);
      return { sample: { successes, trials }, tunedFor: tuned(), nullValue };
    });
  };

const followed =
  (draw: Draw<Course>, effect: string): World["draw"] =>
  (random) => ({ ...draw(random), effect, tunedFor: tuned() });

export const sequentialStudies: readonly Study[] = [
  groupSequential("group-sequential-look", "obrien-fleming", { everyLook: true, seeds: 60 }),
  groupSequential("group-sequential-look", "pocock", { everyLook: true, seeds: 60 }),
  groupSequential("group-sequential-result", "obrien-fleming", { everyLook: false, seeds: 400 }),
  groupSequential("group-sequential-result", "pocock", { everyLook: false, seeds: 400 }),
  {
    name: "always-valid-means",
    statistic: "always-valid-means",
    worlds: [
      {
        name: "normal, looks at 50 to 1600 a group",
        holds: true,
        isNull: true,
        truth: 0,
        isPath: true,
        draw: meanPath(grid, normal(), normal()),
        seeds: 1000,
      },
      {
        name: "normal, looks at 50 to 1600 a group, effect 0.2",
        holds: true,
        isNull: false,
        truth: 0.2,
        isPath: true,
        draw: meanPath(grid, normal(), normal(0.2)),
        seeds: 1000,
      },
      {
        name: "tiny: normal, looks at 5 to 100 a group",
        holds: false,
        isNull: true,
        truth: 0,
        isPath: true,
        draw: meanPath(early, normal(), normal()),
      },
      {
        name: "log-normal, spread 2, looks at 5 to 100, ten times as many treated",
        holds: false,
        isNull: true,
        truth: 0,
        isPath: true,
        unseen: tails,
        draw: meanPath(early, logNormal(2), logNormal(2), 10),
        seeds: 1000,
      },
    ],
  },
  {
    name: "always-valid-ratios",
    statistic: "always-valid-ratios",
    worlds: [
      {
        name: "users with sessions, looks at 50 to 1600 a group",
        holds: true,
        isNull: true,
        truth: 0,
        isPath: true,
        draw: twoColumns(grid, sessions(0.1, 0), ratioArm),
        seeds: 400,
      },
      {
        name: "users with sessions, 0.10 against 0.13",
        holds: true,
        isNull: false,
        truth: 0.03,
        isPath: true,
        draw: twoColumns(grid, sessions(0.1, 0.03), ratioArm),
        seeds: 400,
      },
      {
        name: "rare: 2 in 1000, looks at 5 to 100 a group",
        holds: false,
        isNull: true,
        truth: 0,
        isPath: true,
        draw: twoColumns(early, sessions(0.002, 0), ratioArm),
        seeds: 1000,
      },
    ],
  },
  {
    name: "always-valid-cuped",
    statistic: "always-valid-cuped",
    worlds: [
      {
        name: "half explained, looks at 50 to 1600 a group",
        holds: true,
        isNull: true,
        truth: 0,
        isPath: true,
        draw: twoColumns(grid, explained(0), cupedArm),
        seeds: 400,
      },
      {
        name: "half explained, effect 0.2",
        holds: true,
        isNull: false,
        truth: 0.2,
        isPath: true,
        draw: twoColumns(grid, explained(0.2), cupedArm),
        seeds: 400,
      },
      {
        name: "tiny: looks at 5 to 100 a group",
        holds: false,
        isNull: true,
        truth: 0,
        isPath: true,
        draw: twoColumns(early, explained(0), cupedArm),
      },
    ],
  },
  {
    name: "always-valid-looks",
    statistic: "always-valid-looks",
    worlds: [
      {
        name: "constant effect, looks at 50 to 1600 a group",
        holds: true,
        isNull: true,
        truth: 0,
        draw: followed(samples(grid, normal(), normal()), "constant"),
        seeds: 1000,
      },
      {
        name: "constant effect 0.2, looks at 50 to 1600 a group",
        holds: true,
        isNull: false,
        truth: 0.2,
        draw: followed(samples(grid, normal(), normal(0.2)), "constant"),
        seeds: 1000,
      },
      {
        name: "tiny: constant effect, looks at 5 to 40 a group",
        holds: false,
        isNull: true,
        truth: 0,
        draw: followed(samples([5, 10, 20, 40], normal(), normal()), "constant"),
      },
    ],
  },
  {
    name: "always-valid-proportion",
    statistic: "always-valid-proportion",
    worlds: [
      {
        name: "share 0.3, looks at 50 to 1600",
        holds: true,
        isNull: true,
        truth: 0.3,
        isPath: true,
        draw: proportionPath(grid, 0.3, 0.3),
        seeds: 1000,
      },
      {
        name: "share 0.36 against 0.3",
        holds: true,
        isNull: false,
        truth: 0.36,
        isPath: true,
        draw: proportionPath(grid, 0.36, 0.3),
        seeds: 1000,
      },
      {
        name: "rare: share 0.002, looks at 5 to 100",
        holds: true,
        isNull: true,
        truth: 0.002,
        isPath: true,
        draw: proportionPath(early, 0.002, 0.002),
        seeds: 1000,
      },
    ],
  },
  {
    name: "always-valid-quantile",
    statistic: "always-valid-quantile",
    worlds: [
      {
        name: "median, log-normal, spread 2, looks at 50 to 1600",
        holds: true,
        isNull: true,
        truth: 1,
        isPath: true,
        draw: quantilePath(grid, logNormal(2), 1),
        seeds: 200,
      },
      {
        name: "median, ties: Poisson of mean 2, looks at 5 to 100",
        holds: true,
        isNull: true,
        truth: 2,
        isPath: true,
        draw: quantilePath(early, (random) => random.poisson(2), 2),
        seeds: 400,
      },
    ],
  },
  {
    name: "always-valid-quantiles",
    statistic: "always-valid-quantiles",
    worlds: [
      {
        name: "median, log-normal, spread 2, looks at 20, 50 and 100 a group",
        holds: true,
        isNull: true,
        truth: 0,
        isPath: true,
        draw: quantilesPath(logNormal(2), logNormal(2)),
        seeds: 30,
      },
      {
        name: "median, normal, shift 1.5, looks at 20, 50 and 100 a group",
        holds: true,
        isNull: false,
        truth: 1.5,
        isPath: true,
        draw: quantilesPath(normal(), normal(1.5)),
        seeds: 30,
      },
    ],
  },
];

function quantilePath(sizes: readonly number[], one: Draw<number>, nullValue: number): Draw<unknown[]> {
  return (random) => {
    const values = many(sizes.at(-1) as number, one)(random);
    return sizes.map((n) => ({ values: values.slice(0, n), quantile: 0.5, tunedFor: tuned(), nullValue }));
  };
}

function quantilesPath(control: Draw<number>, treatment: Draw<number>): Draw<unknown[]> {
  return (random) => {
    const drawn = together({ control: many(100, control), treatment: many(100, treatment) })(random);
    return [20, 50, 100].map((n) => ({
      control: drawn.control.slice(0, n),
      treatment: drawn.treatment.slice(0, n),
      quantile: 0.5,
      tunedFor: 100,
    }));
  };
}
