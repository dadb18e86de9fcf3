/** Where each warning that counts units begins: it stands at one unit less, and no longer at the number that is enough. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { findStatistic } from "../../simulations/statistics/table.ts";

/** Values without ties and without skew. */
const values = (n: number, shift = 0): readonly number[] => Array.from({ length: n }, (_, i) => 20 + shift + ((i * 37) % 101) / 9);
const keys = (n: number): readonly number[] => values(n).map((_, i) => i);
const arm = (n: number, mean = 10) => ({ n, mean, variance: 4 });
const panel = (treated: number, untreated: number) => ({
  periods: [1, 2, 3, 4],
  units: Array.from({ length: treated + untreated }, (_, unit) => ({
    outcomes: [0, 1, 2, 3].map((period) => 5 + ((unit * 7 + period * 3) % 11) / 4 + (unit < treated && period > 1 ? 1 : 0)),
    ...(unit < treated ? { firstTreated: 3 } : {}),
  })),
});

type Row = readonly [statistic: string, enough: number, words: string, change: (n: number) => object];

const rows: readonly Row[] = [
  ["welch-means", 10, "Fewer than 10 units in an arm", (n) => ({ control: arm(n), treatment: arm(30) })],
  ["welch-means", 10, "Fewer than 10 units in an arm", (n) => ({ control: arm(30), treatment: arm(n) })],
  ["pooled-means", 10, "Fewer than 10 units in an arm", (n) => ({ control: arm(n), treatment: arm(30) })],
  ["large-sample-z", 50, "ewer than 50", (n) => ({ control: arm(n), treatment: arm(90) })],
  [
    "paired-means",
    10,
    "Fewer than 10 pairs",
    (n) => ({ pairs: { control: values(n), treatment: values(n, 1).map((value, i) => value + (i % 3)) } }),
  ],
  [
    "quantile-difference",
    50,
    "Fewer than 50 independent units",
    (n) => ({ control: { values: values(n) }, treatment: { values: values(90) } }),
  ],
  [
    "quantile-difference",
    50,
    "Fewer than 50 independent clusters",
    (n) => ({ control: { values: values(n), clusters: keys(n) }, treatment: { values: values(90), clusters: keys(90) } }),
  ],
  ["brunner-munzel", 10, "Fewer than 10 units in an arm", (n) => ({ control: values(n), treatment: values(30) })],
  ["dunnett", 10, "Fewer than 10 units in a group", (n) => ({ control: arm(n), treatments: [arm(30), arm(40)] })],
  ["sample-ratio", 50, "fewer than 5 units", (n) => ({ observed: [6, n - 6], weights: [1, 9] })],
  ["post-stratified-means", 10, "fewer than 10 units in an arm", (n) => ({ strata: [{ name: "a", control: arm(n), treatment: arm(20) }] })],
  ["cuped", 40, "for each of 2 coefficients", (n) => ({ control: cupedArm(n), treatment: cupedArm(90) })],
  ["ratio-of-sums", 30, "clusters", (n) => ({ control: ratioArm(n), treatment: ratioArm(40) })],
  ["wilson-proportion", 50, "Fewer than 5 successes or failures", (n) => ({ sample: { successes: 4, trials: n }, nullValue: 0.1 })],
  ["wald-proportion", 15, "successes", (n) => ({ sample: { successes: n, trials: 100 } })],
  ["log-risk-ratio", 5, "5", (n) => ({ control: { successes: n, trials: 100 }, treatment: { successes: 20, trials: 100 } })],
  ["log-odds-ratio", 5, "below 5", (n) => ({ control: { successes: 100 - n, trials: 100 }, treatment: { successes: 20, trials: 100 } })],
  ["mcnemar", 25, "25", (n) => ({ both: 20, onlySecond: n - 9, onlyFirst: 9, neither: 10 })],
  [
    "independence",
    10,
    "5",
    (n) => ({
      table: [
        [n / 2, n / 2],
        [30, 30],
      ],
    }),
  ],
  ["jensen-shannon", 5, "A bin expects", (n) => ({ compared: { control: [n, n], treatment: [n, n] }, null: "asymptotic" })],
  [
    "switchback",
    4,
    "fewer than four blocks",
    (n) => ({ outcomes: values(24), blocksTreated: keys(12).map((i) => i < n), blockPeriods: 2, design: "complete" }),
  ],
  [
    "switchback",
    4,
    "fewer than four blocks",
    (n) => ({ outcomes: values(24), blocksTreated: keys(12).map((i) => i >= n), blockPeriods: 2, design: "complete" }),
  ],
  ["difference-in-differences", 10, "fewer than 10 on a side", (n) => ({ panel: panel(n, 14) })],
  ["difference-in-differences", 10, "fewer than 10 on a side", (n) => ({ panel: panel(14, n) })],
  ["group-time-effects", 10, "10", (n) => ({ panel: panel(n, 14) })],
  ["bootstrap", 20, "of so few", (n) => ({ sample: { values: values(n) }, replicates: 199 })],
  [
    "bootstrap-difference",
    20,
    "of so few",
    (n) => ({ control: { values: values(n) }, treatment: { values: values(30) }, replicates: 199 }),
  ],
  [
    "bootstrap-ratio",
    20,
    "of so few",
    (n) => ({ numerators: values(n), denominators: values(n, 5).map((value, i) => value + (i % 3)), replicates: 199 }),
  ],
  ["partial-pooling", 5, "fewer than five segments", (n) => ({ segments: segments(n), method: "reml" })],
  ["always-valid-means", 100, "units the sequence's level is only approximate", (n) => ({ control: arm(n - 40), treatment: arm(40, 11) })],
  [
    "audited-label-rate",
    10,
    "Fewer than 10 effective labels",
    (n) => ({
      audits: [
        { isFlagged: true, fine: n - 2, harmful: 1, probability: 1 },
        { isFlagged: false, fine: 2, harmful: 1, probability: 1 },
      ],
    }),
  ],
  // A ratio that is beyond every number has a test and a limit, which few expected counts make as doubtful as a finding's.
  ["score-risk-ratio", 10, "Fewer than 5 successes", noneInControl],
  ["score-odds-ratio", 10, "Fewer than 5 successes", noneInControl],
  ["superiority", 10, "Fewer than 10 units", (n) => ({ control: arm(n), treatment: arm(30) })],
];

function noneInControl(successes: number) {
  return { control: { successes: 0, trials: 30 }, treatment: { successes, trials: 30 } };
}

function cupedArm(n: number) {
  return {
    n,
    means: [10, 9],
    covariances: [
      [4, 2],
      [2, 5],
    ],
  };
}

function ratioArm(n: number) {
  return { numerators: values(n), denominators: values(n, 5).map((value, i) => value + (i % 3)), clusters: keys(n) };
}

function segments(n: number) {
  return values(n).map((estimate, i) => ({ name: `s${i}`, estimate, standardError: 1 }));
}

describe("warnings that count units", () => {
  for (const [place, [name, enough, words, change]] of rows.entries()) {
    it(`${place + 1}, ${name}: '${words}' below ${enough}, not at ${enough}`, () => {
      const { input, example, compute } = present(findStatistic(name), name);
      const warned = (n: number): boolean =>
        (compute(input.parse({ ...(example as object), ...change(n) })).warnings ?? []).some((warning) => warning.includes(words));
      const step = name === "independence" ? 2 : 1;
      expect([warned(enough - step), warned(enough)]).to.deep.equal([true, false]);
    });
  }
});
