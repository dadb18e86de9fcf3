/** Worlds in which panels and quasi-experiments are studied. */
import type { RandomStream } from "../../../data/foundation/index.ts";
import type { Study } from "../studies/study.ts";

interface PanelWorld {
  readonly units: number;
  /** By unit, in turn: the first treated period, or none. */
  readonly starts: readonly (number | undefined)[];
  readonly effect: (sinceStart: number) => number;
  readonly heavy?: boolean;
  /** What treated units gain each period, with or without treatment. */
  readonly trend?: number;
}

/** Units whose shocks last: a random walk and noise on top of levels and a common course. */
const panel = (world: PanelWorld) => (random: RandomStream) => {
  const { units, starts, effect, heavy, trend } = world;
  const periods = [1, 2, 3, 4, 5, 6];
  const shock = (): number => (heavy === true ? random.normal() / Math.sqrt(random.gamma(1.5) / 1.5) : random.normal());
  const rows = Array.from({ length: units }, (_, unit) => {
    const firstTreated = starts[unit % starts.length];
    let walk = 3 * random.normal();
    const outcomes = periods.map((period) => {
      walk += 0.5 * shock();
      const since = firstTreated === undefined ? -1 : period - firstTreated;
      return walk + 0.5 * period + (firstTreated === undefined ? 0 : (trend ?? 0) * period) + shock() + (since >= 0 ? effect(since) : 0);
    });
    return firstTreated === undefined ? { outcomes } : { outcomes, firstTreated };
  });
  return { panel: { periods, units: rows } };
};

interface ScoreWorld {
  readonly units: number;
  readonly jump: number;
  readonly curve: (distance: number) => number;
  readonly heavy?: boolean;
  /** Scores are recorded to this step. */
  readonly step?: number;
}

const discontinuity =
  ({ units, jump, curve, heavy, step }: ScoreWorld) =>
  (random: RandomStream) => {
    const exact = Array.from({ length: units }, () => 2 * random.uniform() - 1);
    const noise = (): number => 0.5 * (heavy === true ? Math.exp(random.normal()) - Math.exp(0.5) : random.normal());
    const outcomes = exact.map((score) => curve(score) + (score >= 0 ? jump : 0) + noise());
    const scores = step === undefined ? exact : exact.map((score) => Math.floor(score / step) * step);
    return { scores, outcomes, cutoff: 0 };
  };

const gentle = (x: number): number => 0.5 * x + 0.3 * x ** 2;
const steep = (x: number): number => 1.27 * x - 3 * x ** 2 + 7 * x ** 3 - 5 * x ** 4;

const scores =
  (units: number, movedShare: number) =>
  (random: RandomStream): unknown => ({
    scores: Array.from({ length: units }, () => {
      const score = random.normal();
      return score < 0 && score > -0.2 && random.uniform() < movedShare ? -score : score;
    }),
    cutoff: 0,
  });

/** A market by the hour with a daily course and shocks that last; what treatment does lasts `carry` into the next hour. */
const market =
  (blocks: number, effect: number, carry: number) =>
  (random: RandomStream): unknown => {
    const blocksTreated = Array.from({ length: blocks / 2 }, () => random.below(2) === 1).flatMap((first) => [first, !first]);
    let shock = 0;
    let push = 0;
    const outcomes = blocksTreated.flatMap((treated, block) =>
      Array.from({ length: 4 }, (_, hour) => {
        shock = 0.5 * shock + random.normal();
        push = (treated ? effect * (1 - carry) : 0) + carry * push;
        return 10 + 3 * Math.sin((block * 4 + hour) / 4) + shock + push;
      }),
    );
    return { outcomes, blocksTreated, blockPeriods: 4, washoutPeriods: 1, design: "pairs", draws: 199 };
  };

const country =
  (donors: number, effect: number) =>
  (random: RandomStream): unknown => {
    const periods = Array.from({ length: 30 }, (_, period) => period);
    let level = 0;
    const walk = periods.map(() => (level += random.normal()));
    const series = (gain: number): number[] => {
      const [slope, wave] = [random.uniform(), random.uniform()];
      return periods.map(
        (period) => slope * (walk[period] as number) + 2 * wave * Math.sin(period / 3) + 0.5 * random.normal() + (period >= 22 ? gain : 0),
      );
    };
    return {
      treated: series(effect),
      donors: Array.from({ length: donors }, (_, i) => ({ name: `donor ${i + 1}`, outcomes: series(0) })),
      periodsBefore: 22,
    };
  };

const staggered = [undefined, 3, 5];
const grows = (since: number): number => 1 + since;
const none = (): number => 0;

export const panelDesignStudies: readonly Study[] = [
  {
    name: "difference-in-differences",
    statistic: "difference-in-differences",
    worlds: [
      {
        name: "60 units, half treated from period 4",
        holds: true,
        truth: 2,
        draw: panel({ units: 60, starts: [undefined, 4], effect: () => 2 }),
      },
      {
        name: "60 units, no effect",
        holds: true,
        truth: 0,
        isNull: true,
        draw: panel({ units: 60, starts: [undefined, 4], effect: none }),
      },
      {
        name: "12 units, one of six treated",
        holds: false,
        truth: 0,
        isNull: true,
        draw: panel({ units: 12, starts: [4, undefined, undefined, undefined, undefined, undefined], effect: none }),
      },
      {
        name: "heavy tails (t, 3 degrees), 60 units",
        holds: true,
        truth: 0,
        isNull: true,
        draw: panel({ units: 60, starts: [undefined, 4], effect: none, heavy: true }),
      },
      {
        name: "staggered, effect grows; truth: mean over treated cells",
        holds: false,
        truth: 2.1666666666666665,
        draw: panel({ units: 60, starts: staggered, effect: grows }),
      },
    ],
  },
  {
    name: "group-time-effects",
    statistic: "group-time-effects",
    worlds: [
      { name: "60 units, staggered, effect grows", holds: true, truth: 2, draw: panel({ units: 60, starts: staggered, effect: grows }) },
      { name: "60 units, no effect", holds: true, truth: 0, isNull: true, draw: panel({ units: 60, starts: staggered, effect: none }) },
      { name: "15 units, no effect", holds: false, truth: 0, isNull: true, draw: panel({ units: 15, starts: staggered, effect: none }) },
      {
        name: "treated grow anyway, 0.5 a period",
        holds: false,
        truth: 0,
        isNull: true,
        draw: panel({ units: 60, starts: staggered, effect: none, trend: 0.5 }),
        unseen: "the estimate looks at no period before the last one; the placebos of the event study show it",
      },
    ],
  },
  {
    name: "event-study",
    statistic: "event-study",
    worlds: [
      { name: "60 units, staggered, effect grows", holds: true, truth: 2.5, draw: panel({ units: 60, starts: staggered, effect: grows }) },
      { name: "60 units, no effect", holds: true, truth: 0, isNull: true, draw: panel({ units: 60, starts: staggered, effect: none }) },
    ],
  },
  {
    name: "synthetic-control",
    statistic: "synthetic-control",
    worlds: [
      { name: "19 donors, no effect", holds: true, truth: 0, isNull: true, seeds: 1000, draw: country(19, 0) },
      { name: "19 donors, effect of 3", holds: true, truth: 3, isNull: false, seeds: 1000, draw: country(19, 3) },
    ],
  },
  {
    name: "regression-discontinuity",
    statistic: "regression-discontinuity",
    worlds: [
      {
        name: "500 units, gentle curve, no jump",
        holds: true,
        truth: 0,
        isNull: true,
        draw: discontinuity({ units: 500, jump: 0, curve: gentle }),
      },
      {
        name: "1000 units, steep curve, jump of 0.5",
        holds: true,
        truth: 0.5,
        isNull: false,
        draw: discontinuity({ units: 1000, jump: 0.5, curve: steep }),
      },
      {
        name: "log-normal noise, 500 units",
        holds: true,
        truth: 0,
        isNull: true,
        draw: discontinuity({ units: 500, jump: 0, curve: gentle, heavy: true }),
      },
      {
        name: "score rounded down to 0.005, 1000 units",
        holds: false,
        truth: 0,
        isNull: true,
        draw: discontinuity({ units: 1000, jump: 0, curve: gentle, step: 0.005 }),
      },
    ],
  },
  {
    name: "density-discontinuity",
    statistic: "density-discontinuity",
    worlds: [
      { name: "1000 normal scores", holds: true, truth: 0, isNull: true, seeds: 1000, draw: scores(1000, 0) },
      { name: "1000 scores, half of those just below move up", holds: true, isNull: false, seeds: 1000, draw: scores(1000, 0.5) },
    ],
  },
  {
    name: "switchback",
    statistic: "switchback",
    worlds: [
      { name: "20 blocks in pairs, no effect", holds: true, truth: 0, isNull: true, draw: market(20, 0, 0) },
      { name: "20 blocks in pairs, effect of 2", holds: true, truth: 2, isNull: false, draw: market(20, 2, 0) },
      {
        name: "20 blocks, effect of 2 that lasts beyond the wash-out",
        unseen: "one block lasts into the next in every assignment: only a longer wash-out shows it",
        holds: false,
        truth: 2,
        draw: market(20, 2, 0.7),
      },
    ],
  },
];
