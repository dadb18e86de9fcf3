/** Worlds in which regression with dependent rows, and randomisation inference, are studied. */
import type { RandomStream } from "../../../data/foundation/index.ts";
import type { Study } from "../studies/study.ts";

/** Two arms of whole clusters: each cluster has an effect of its own, of this standard deviation, beside its rows' errors of 1. */
const clustered =
  (control: number, treatment: number, spread: number, rows: (cluster: number) => number = () => 10) =>
  (random: RandomStream) => ({ control: arm(random, control, spread, rows, "c"), treatment: arm(random, treatment, spread, rows, "t") });

function arm(random: RandomStream, clusters: number, spread: number, rows: (cluster: number) => number, prefix: string) {
  const values: number[] = [];
  const ids: string[] = [];
  for (let cluster = 0; cluster < clusters; cluster++) {
    const own = spread * random.normal();
    for (let row = 0; row < rows(cluster); row++) {
      values.push(own + random.normal());
      ids.push(`${prefix}${cluster}`);
    }
  }
  return { values, clusters: ids };
}

/** y on a treatment of every second row; the error's spread grows with it where `isUneven`. */
const line =
  (n: number, isUneven: boolean, more: Readonly<Record<string, unknown>>, rowsACluster = 0) =>
  (random: RandomStream) => {
    const x = Array.from({ length: n }, (_, row) => ((rowsACluster === 0 ? row : Math.floor(row / rowsACluster)) % 2 === 0 ? 0 : 1));
    const shared = Array.from({ length: n }, () => random.normal());
    const outcome = x.map((value, row) => {
      const own = random.normal() * (isUneven && value === 1 ? 3 : 1);
      return rowsACluster === 0 ? own : own + (shared[Math.floor(row / rowsACluster)] as number);
    });
    const clusters = rowsACluster === 0 ? {} : { clusters: x.map((_, row) => `k${Math.floor(row / rowsACluster)}`) };
    return { outcome, regressors: { x }, coefficient: "x", ...clusters, ...more };
  };

const nothing = { isNull: true, truth: 0 } as const;

export const dependenceStudies: readonly Study[] = [
  {
    name: "ols-regression",
    statistic: "ols-regression",
    worlds: [
      { name: "60 rows, one variance", holds: true, ...nothing, draw: line(60, false, {}) },
      { name: "60 rows, three times the spread where treated", holds: true, ...nothing, draw: line(60, true, {}) },
      { name: "40 clusters of 5", holds: true, ...nothing, draw: line(200, false, {}, 5), seeds: 400 },
    ],
  },
  {
    name: "cluster-means",
    statistic: "cluster-means",
    worlds: [
      { name: "20 clusters of 10 an arm", holds: true, ...nothing, draw: clustered(20, 20, 0.5), seeds: 400 },
      { name: "5 clusters of 10 an arm", holds: true, ...nothing, draw: clustered(5, 5, 0.5), seeds: 1000 },
    ],
  },
  {
    name: "wild-cluster-bootstrap",
    statistic: "wild-cluster-bootstrap",
    worlds: [{ name: "10 clusters of 4", holds: true, ...nothing, draw: line(40, false, { draws: 299 }, 4), seeds: 60 }],
  },
  {
    name: "randomisation-inference",
    statistic: "randomisation-inference",
    worlds: [
      {
        name: "5 of 10 units, skewed values",
        holds: true,
        ...nothing,
        draw: (random) => ({
          values: Array.from({ length: 10 }, () => Math.exp(2 * random.normal())),
          treated: [0, 1, 0, 1, 0, 1, 0, 1, 0, 1],
        }),
        seeds: 200,
      },
    ],
  },
];
